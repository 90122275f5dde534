//! Objects by the presigned URLs of a role's session, which pages use, and how S3 refuses what these do not allow.

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    functions::{create_role, encoded, iam},
    running::Running,
    sign::Signer,
};

const PAGE: &str = "origin: http://localhost:5173";
const TRUST_ROOT: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::000000000000:root"}, "Action": "sts:AssumeRole"}]}"#;
const ALL_OBJECTS: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Action": "s3:*", "Resource": ["arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*"]}]}"#;

/// A session of a role that may do everything with one bucket.
async fn session(cloud: &Running) -> Signer {
    cloud.create_bucket("uploads").await;
    create_role(cloud, "uploader", TRUST_ROOT).await;
    let policy = format!(
        "Action=PutRolePolicy&RoleName=uploader&PolicyName=all&PolicyDocument={}",
        encoded(ALL_OBJECTS)
    );
    assert_eq!(iam(cloud, &policy).await.status, 200);
    let form = "POST /\ncontent-type: application/x-www-form-urlencoded";
    let assume = "Action=AssumeRole&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fuploader&RoleSessionName=me&Version=2011-06-15";
    let answer = cloud.signed("sts", form, assume).await;
    let element = |name: &str| {
        let rest = answer.text.split_once(&format!("<{name}>")).map_or("", |(_, it)| it);
        rest.split('<').next().unwrap_or_default().to_owned()
    };
    let (access_key, token) = (element("AccessKeyId"), Some(element("SessionToken")));
    Signer { access_key, secret: element("SecretAccessKey"), token, ..cloud.root("s3", "eu-west-1") }
}

#[tokio::test]
async fn a_page_uses_a_roles_presigned_urls() {
    let cloud = Running::new().await;
    let session = session(&cloud).await;
    let url = &cloud.cloud.url;
    let send = async |request: &str, header: &str, body: &'static str| {
        let request = format!("{}\n{header}", session.presigned(url, request, 60));
        cloud.send(&request, body).await
    };
    assert_eq!(send("PUT /uploads/a/key", PAGE, "hello").await.status, 200);
    let read = send("GET /uploads/a/key", PAGE, "").await;
    assert_eq!((read.status.as_u16(), read.text.as_str()), (200, "hello"));
    let image = "sec-fetch-site: cross-site\nsec-fetch-dest: image";
    assert_eq!(send("GET /uploads/a/key", image, "").await.status, 200);
    assert_eq!(send("GET /uploads?list-type=2", PAGE, "").await.status, 200);
    // The same role's signature in a header is a program's, and no page's.
    let signed = session.header(url, "GET /uploads/a/key", b"");
    assert_eq!(cloud.send(&signed, "").await.status, 200);
    assert_eq!(cloud.send(&format!("{signed}\n{PAGE}"), "").await.status, 403);
    // What pages have no use for.
    for request in ["PUT /uploads?cors", "GET /uploads?policy", "PUT /uploads/a/key?acl", "DELETE /uploads"] {
        assert_eq!(send(request, PAGE, "").await.status, 403, "{request}");
    }
    // A URL is good for what it was signed for.
    let put = session.presigned(url, "PUT /uploads/a/key", 60);
    let other = put.replace("a/key", "b/key");
    assert_eq!(cloud.send(&format!("{other}\n{PAGE}"), "hello").await.status, 403);
}

/// With such a URL and this header, the holder could copy another user's object (A3).
#[tokio::test]
async fn headers_that_were_not_signed_are_refused() {
    let cloud = Running::new().await;
    let session = session(&cloud).await;
    assert_eq!(cloud.signed("s3", "PUT /uploads/theirs", "secret").await.status, 200);
    let put = session.presigned(&cloud.cloud.url, "PUT /uploads/mine", 60);
    for (header, named) in [
        ("x-amz-copy-source: /uploads/theirs", "x-amz-copy-source"),
        ("x-amz-acl: public-read", "x-amz-acl"),
        ("x-amz-meta-a: 1\nx-amz-tagging: a=b", "x-amz-meta-a, x-amz-tagging"),
    ] {
        let answer = cloud.send(&format!("{put}\n{header}"), "").await;
        assert_eq!(answer.status, 403, "{header}: {answer:?}");
        for part in [
            "<Code>AccessDenied</Code>",
            "There were headers present in the request which were not signed",
            &format!("<HeadersNotSigned>{named}</HeadersNotSigned>"),
        ] {
            assert!(answer.text.contains(part), "{header}: {answer:?}");
        }
        let answer = cloud.send(&format!("{put}\n{header}\n{PAGE}"), "").await;
        assert_eq!(answer.status, 403, "{header}: {answer:?}");
    }
    assert_eq!(cloud.signed("s3", "HEAD /uploads/mine", "").await.status, 404);
    let signed = session.presigned(&cloud.cloud.url, "PUT /uploads/mine\nx-amz-meta-a: 1", 60);
    assert_eq!(cloud.send(&signed, "mine").await.status, 200);
}

#[tokio::test]
async fn an_object_comes_with_its_length() {
    let cloud = Running::new().await;
    let session = session(&cloud).await;
    let put = session.presigned(&cloud.cloud.url, "PUT /uploads/key", 60);
    let host = cloud.cloud.url.trim_start_matches("http://");
    let raw = async |rest: &str| {
        let mut stream = TcpStream::connect(host).await.unwrap();
        let text = format!("{put} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{rest}");
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let chunked = raw("transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n").await;
    assert!(
        chunked.starts_with("HTTP/1.1 501 ") && chunked.contains("<Code>NotImplemented</Code>"),
        "{chunked}"
    );
    let nothing = raw("\r\n").await;
    assert!(
        nothing.starts_with("HTTP/1.1 411 ") && nothing.contains("<Code>MissingContentLength</Code>"),
        "{nothing}"
    );
    assert_eq!(cloud.signed("s3", "HEAD /uploads/key", "").await.status, 404);
    let with_length = raw("content-length: 5\r\n\r\nhello").await;
    assert!(with_length.starts_with("HTTP/1.1 200 "), "{with_length}");
}

#[tokio::test]
async fn the_location_of_a_multipart_upload() {
    let cloud = Running::new().await;
    let session = session(&cloud).await;
    let key = "/uploads/a%20b/%C3%BC%26%3Cc%3E";
    let part = |text: &str, name: &str| {
        let rest = text.split_once(&format!("<{name}>")).map_or("", |(_, it)| it);
        rest.split('<').next().unwrap_or_default().to_owned()
    };
    let send = async |request: &str, body: &str| {
        let request = format!("{}\n{PAGE}", session.presigned(&cloud.cloud.url, request, 60));
        cloud.send(&request, body.to_owned()).await
    };
    let upload = part(&send(&format!("POST {key}?uploads"), "").await.text, "UploadId");
    let put = send(&format!("PUT {key}?partNumber=1&uploadId={upload}"), "hello").await;
    let etag = put.header("etag").to_owned();
    let done = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
    );
    let answer = send(&format!("POST {key}?uploadId={upload}"), &done).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let location = part(&answer.text, "Location");
    assert_eq!(location, format!("{}{key}", cloud.cloud.url));
    let read =
        cloud.signed("s3", &format!("GET {}", location.trim_start_matches(&cloud.cloud.url)), "").await;
    assert_eq!(read.text, "hello");
}

/// A form that the root key signed works for programs: its policy's signature is verified.
#[tokio::test]
async fn forms() {
    let cloud = Running::new().await;
    let session = session(&cloud).await;
    let root = cloud.root("s3", "eu-west-1");
    let post = async |fields: &[(&str, String)], header: &str| {
        let parts: String = fields
            .iter()
            .map(|(name, value)| {
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            })
            .collect();
        let body = format!(
            "{parts}--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nhello\r\n--x--\r\n"
        );
        let request = format!("POST /uploads\ncontent-type: multipart/form-data; boundary=x\n{header}");
        cloud.send(&request, body).await
    };
    let good = |signer: &Signer| form_fields(signer, &signer.secret);
    assert_eq!(post(&good(&session), PAGE).await.status, 204);
    assert_eq!(post(&good(&session), "x-other: 1").await.status, 204);
    let by_root = post(&good(&root), "x-other: 1").await;
    assert_eq!(by_root.status, 204, "{by_root:?}");
    assert!(by_root.header("location").starts_with(&format!("{}/uploads/", cloud.cloud.url)), "{by_root:?}");
    cloud.signed("s3", "DELETE /uploads/form", "").await;

    let test = Signer { access_key: "test".to_owned(), secret: "test".to_owned(), ..root.clone() };
    let digits = Signer { access_key: "000000000000".to_owned(), ..test.clone() };
    let policy = form_fields(&root, "").remove(1).1;
    let version_2 = |key: &str| {
        let signature = ("signature", "x".to_owned());
        vec![
            ("key", "form".to_owned()),
            ("policy", policy.clone()),
            ("AWSAccessKeyId", key.to_owned()),
            signature,
        ]
    };
    for header in ["x-other: 1", PAGE] {
        for (name, fields) in [
            ("nothing", vec![("key", "form".to_owned())]),
            ("a wrong secret of the root's", form_fields(&root, "wrong")),
            ("a wrong secret of a session's", form_fields(&session, "wrong")),
            ("test", good(&test)),
            ("digits", good(&digits)),
            ("SigV2 of test", version_2("test")),
            ("SigV2 of the root", version_2(&root.access_key)),
            ("SigV2 of digits", version_2("000000000000")),
        ] {
            let answer = post(&fields, header).await;
            assert!(answer.status.is_client_error(), "{name} {header}: {answer:?}");
        }
    }
    let from_a_page = post(&good(&root), PAGE).await;
    assert_eq!(from_a_page.status, 403, "{from_a_page:?}");
    assert_eq!(cloud.signed("s3", "HEAD /uploads/form", "").await.status, 404);
}

/// The fields of a form for the key `form`, signed with a secret.
fn form_fields(signer: &Signer, secret: &str) -> Vec<(&'static str, String)> {
    use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
    let day = "20260101";
    let credential = format!("{}/{day}/eu-west-1/s3/aws4_request", signer.access_key);
    let mut conditions = vec![
        serde_json::json!({ "bucket": "uploads" }),
        serde_json::json!({ "key": "form" }),
        serde_json::json!({ "x-amz-algorithm": "AWS4-HMAC-SHA256" }),
        serde_json::json!({ "x-amz-credential": credential }),
        serde_json::json!({ "x-amz-date": format!("{day}T000000Z") }),
    ];
    conditions.extend(signer.token.iter().map(|it| serde_json::json!({ "x-amz-security-token": it })));
    let policy: Value = serde_json::json!({ "expiration": "2999-01-01T00:00:00Z", "conditions": conditions });
    let policy = base64(policy.to_string().as_bytes());
    // 1 January 2026.
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_767_225_600);
    let signature =
        calculate_signature(generate_signing_key(secret, time, "eu-west-1", "s3"), policy.as_bytes());
    let mut fields = vec![
        ("key", "form".to_owned()),
        ("policy", policy),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
        ("x-amz-credential", credential),
        ("x-amz-date", format!("{day}T000000Z")),
        ("x-amz-signature", signature),
    ];
    fields.extend(signer.token.iter().map(|it| ("x-amz-security-token", it.clone())));
    fields
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let three = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
        let number = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for at in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= chunk.len() { digit as char } else { '=' });
        }
    }
    text
}
