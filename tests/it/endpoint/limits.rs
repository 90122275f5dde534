//! The limits of the presign endpoint against the local cloud's S3: each route is used to store more than MAX_BYTES, and
//! to replace a stored file.

use libtest_mimic::Trial;
use serde_json::{Value, json};
use ureq::http::Method;

use crate::{
    endpoint::flow::{Answer, first_sign_in, send, text},
    harness::{
        cloud::{Cloud, console, wait_for},
        program::WorkingCopy,
        trial::trial,
    },
};

const MB: usize = 1 << 20;
/// In the stack: one part of 5 MiB and one of 1 MiB.
const MOST: usize = 6 * MB;
const STACK: &str = include_str!("../../../web/stack.yaml");

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    let trial = |name: &str, test: fn(&Limited)| {
        trial(format!("limits::{name}"), move || test(&Limited::begin(cloud)))
    };
    vec![
        trial("no_route_takes_more", no_route_takes_more),
        trial("parts_have_the_size_in_sum", parts_have_the_size_in_sum),
        trial("nothing_is_written_over", nothing_is_written_over),
        trial("types_are_what_was_signed", types_are_what_was_signed),
    ]
}

/// A stack with a limit, and the token of a user.
struct Limited {
    copy: WorkingCopy,
    cloud: &'static Cloud,
    outputs: Value,
    token: String,
}

impl Limited {
    fn begin(cloud: &'static Cloud) -> Limited {
        let environment = "URL_EXPIRES: 1m\n      MAX_BYTES: 6MB";
        let stack =
            STACK.replace("stack: upload-page", "stack: NAME").replace("URL_EXPIRES: 10s", environment);
        assert!(stack.contains(environment));
        let copy = cloud.working_copy("limits", &stack);
        copy.apply();
        let outputs = copy.outputs();
        let token = first_sign_in(&copy, cloud, &outputs).id;
        Limited { copy, cloud, outputs, token }
    }

    fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("{}{path}", text(&self.outputs, "endpoint"));
        let headers = [("Authorization", self.token.as_str()), ("Content-Type", "application/json")];
        let body = body.map(Value::to_string).unwrap_or_default();
        let answer = send(method, &url, &headers, body.as_bytes());
        (answer.status, serde_json::from_str(&answer.text()).unwrap())
    }

    fn post(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask(Method::POST, path, Some(&body));
        assert_eq!(status, 200, "{path} {body}: {answer}");
        answer
    }

    fn refused(&self, path: &str, body: Value) -> String {
        let (_, answer) = self.ask(Method::POST, path, Some(&body));
        answer["error"]["code"].as_str().unwrap_or_else(|| panic!("{path} {body}: {answer}")).to_owned()
    }

    /// `GET /` for a size.
    fn url(&self, size: usize) -> String {
        let (status, answer) = self.ask(Method::GET, &format!("?size={size}"), None);
        assert_eq!(status, 200, "{answer}");
        answer.as_str().unwrap().to_owned()
    }

    /// `/sign` for what belongs to an upload in parts.
    fn of_upload(&self, method: &str, key: &str, upload: &str, more: Value) -> Value {
        let mut body = json!({ "method": method, "key": key, "uploadId": upload });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("/sign", body)
    }

    /// Begins an upload in parts: its key and its id.
    fn create(&self) -> (String, String) {
        let told = self.post("/sign", json!({ "method": "POST", "key": "a.bin", "size": 1 }));
        (told["key"].as_str().unwrap().to_owned(), begin_upload(&told))
    }

    /// Sends a part, and answers with how it is named at the end.
    fn part(&self, key: &str, upload: &str, number: usize, size: usize) -> String {
        let told = self.of_upload("PUT", key, upload, json!({ "partNumber": number, "size": size }));
        let sent = put(&told, &vec![b'x'; size]);
        assert_eq!(sent.status, 200, "{}", sent.text());
        let tag = sent.header("etag").unwrap();
        format!("<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>")
    }

    /// Ends an upload in parts; a header that is changed to nothing is left out.
    fn complete(
        &self,
        key: &str,
        upload: &str,
        parts: &[String],
        size: usize,
        changed: &[(&str, &str)],
    ) -> Answer {
        let told = self.of_upload("POST", key, upload, json!({ "size": size }));
        let mut headers = headers(&told);
        for (name, value) in changed {
            headers.retain(|(other, _)| other != name);
            headers.extend((!value.is_empty()).then_some((*name, *value)));
        }
        let body = format!("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", parts.concat());
        send(Method::POST, text(&told, "url"), &headers, body.as_bytes())
    }

    /// The sizes of what is in the bucket.
    fn stored(&self) -> Vec<usize> {
        let aws = console(&self.copy, &self.cloud.url);
        let all = wait_for(aws.s3.list_objects_v2().bucket(text(&self.outputs, "bucket")).send()).unwrap();
        all.contents().iter().map(|it| usize::try_from(it.size().unwrap()).unwrap()).collect()
    }
}

fn headers(told: &Value) -> Vec<(&str, &str)> {
    let all = told["headers"].as_object().into_iter().flatten();
    all.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect()
}

fn put(told: &Value, body: &[u8]) -> Answer {
    send(Method::PUT, text(told, "url"), &headers(told), body)
}

/// Sends the request that begins an upload in parts.
fn begin_upload(told: &Value) -> String {
    let began = send(Method::POST, text(told, "url"), &headers(told), b"");
    assert_eq!(began.status, 200, "{}", began.text());
    let xml = began.text();
    xml.split_once("<UploadId>").unwrap().1.split_once('<').unwrap().0.to_owned()
}

/// Sends a form as a browser does.
fn submit(told: &Value, file_name: &str, file: &[u8]) -> Answer {
    const BOUNDARY: &str = "----limits";
    let mut body = Vec::new();
    for (name, value) in told["fields"].as_object().unwrap() {
        let value = value.as_str().unwrap();
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n"
    );
    body.extend(format!("{head}Content-Type: application/octet-stream\r\n\r\n").bytes());
    body.extend(file);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    send(Method::POST, text(told, "url"), &[("Content-Type", &kind)], &body)
}

#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    let xml = answer.text();
    assert_eq!(
        (answer.status, xml.contains(&format!("<Code>{code}</Code>"))),
        (status, true),
        "{code}: {xml}"
    );
}

/// On each route the endpoint refuses more than the limit, and S3 more than was signed.
fn no_route_takes_more(it: &Limited) {
    let too_large = vec![b'x'; MOST + 1];
    let file = |size: usize| json!({ "filename": "a.bin", "contentType": "a/b", "size": size });
    let with = |mut body: Value, name: &str, value: &str| {
        body[name] = value.into();
        body
    };
    let key = "uploads/me/1/a";

    let (status, answer) = it.ask(Method::GET, "", None);
    assert_eq!((status, &answer["error"]["field"]), (400, &json!("size")), "{answer}");
    let (status, answer) = it.ask(Method::GET, &format!("?size={}", MOST + 1), None);
    assert_eq!((status, &answer["error"]["code"]), (413, &json!("TooLarge")), "{answer}");
    for (path, body) in [
        ("/uploads", file(MOST + 1)),
        ("/uploads", with(file(MOST + 1), "mode", "post")),
        ("/sign", json!({ "method": "PUT", "key": "a", "size": MOST + 1 })),
        ("/sign", json!({ "method": "PUT", "key": "a", "size": MOST + 1, "mode": "post" })),
        ("/sign", json!({ "method": "POST", "key": "a", "size": MOST + 1 })),
    ] {
        assert_eq!(it.refused(path, body), "TooLarge");
    }
    for body in [
        json!({ "method": "PUT", "key": "a" }),
        json!({ "method": "POST", "key": "a" }),
        json!({ "method": "PUT", "key": key, "uploadId": "u", "partNumber": 1 }),
        json!({ "method": "POST", "key": key, "uploadId": "u" }),
    ] {
        assert!(["InvalidRequest", "NotYours"].contains(&it.refused("/sign", body).as_str()));
    }

    let told = json!({ "url": it.url(MOST) });
    assert_refused(&put(&told, &too_large), 403, "SignatureDoesNotMatch");
    assert_refused(&put(&it.post("/uploads", file(MOST)), &too_large), 403, "SignatureDoesNotMatch");
    let told = it.post("/sign", json!({ "method": "PUT", "key": "a", "size": 5 }));
    assert_refused(&put(&told, b"123456"), 403, "SignatureDoesNotMatch");
    assert_refused(&put(&told, b"1234"), 403, "SignatureDoesNotMatch");
    let told = it.post("/uploads", with(file(5), "mode", "post"));
    assert_refused(&submit(&told, "a.bin", b"123456"), 400, "EntityTooLarge");
    assert_refused(&submit(&told, "a.bin", b"1234"), 400, "EntityTooSmall");
    let told = it.post("/sign", json!({ "method": "PUT", "key": "a", "mode": "post" }));
    assert_refused(&submit(&told, "a.bin", &too_large), 400, "EntityTooLarge");
    let (key, upload) = it.create();
    let told = it.of_upload("PUT", &key, &upload, json!({ "partNumber": 1, "size": 5 }));
    assert_refused(&put(&told, b"123456"), 403, "SignatureDoesNotMatch");
    let part = json!({ "method": "PUT", "key": key, "uploadId": upload, "partNumber": 2, "size": MB + 1 });
    assert_eq!(it.refused("/sign", part), "TooLarge");
    assert_eq!(it.stored(), Vec::<usize>::new(), "nothing of it is there");

    // The largest that is allowed, by each.
    let most = vec![b'x'; MOST];
    assert_eq!(put(&json!({ "url": it.url(MOST) }), &most).status, 200);
    assert_eq!(put(&it.post("/uploads", file(MOST)), &most).status, 200);
    assert_eq!(
        put(&it.post("/sign", json!({ "method": "PUT", "key": "a", "size": MOST })), &most).status,
        200
    );
    let told = it.post("/uploads", with(file(MOST), "mode", "post"));
    assert_eq!(submit(&told, "a.bin", &most).status, 204);
    let told = it.post("/sign", json!({ "method": "PUT", "key": "${filename}", "mode": "post" }));
    assert_eq!(submit(&told, "${filename}", &most).status, 204);
    assert_eq!(it.stored(), [MOST; 5]);
}

/// An upload in parts ends with its whole size signed.
fn parts_have_the_size_in_sum(it: &Limited) {
    let (key, upload) = it.create();
    let parts = [it.part(&key, &upload, 1, MOST), it.part(&key, &upload, 2, MB)];
    assert_eq!(
        it.refused("/sign", json!({ "method": "POST", "key": key, "uploadId": upload, "size": MOST + MB })),
        "TooLarge"
    );
    let name = "x-amz-mp-object-size";
    let sum = (MOST + MB).to_string();
    assert_refused(&it.complete(&key, &upload, &parts, MOST, &[]), 400, "InvalidRequest");
    assert_refused(&it.complete(&key, &upload, &parts, MOST, &[(name, "")]), 403, "SignatureDoesNotMatch");
    assert_refused(&it.complete(&key, &upload, &parts, MOST, &[(name, &sum)]), 403, "SignatureDoesNotMatch");
    assert_eq!(it.stored(), Vec::<usize>::new(), "nothing of it is there");
    let told = it.of_upload("DELETE", &key, &upload, json!({}));
    assert_eq!(send(Method::DELETE, text(&told, "url"), &[], b"").status, 204);
    assert_refused(&it.complete(&key, &upload, &parts, MOST, &[]), 404, "NoSuchUpload");

    let (key, upload) = it.create();
    let small = [it.part(&key, &upload, 1, 5 * MB - 1), it.part(&key, &upload, 2, 1)];
    assert_refused(&it.complete(&key, &upload, &small, 5 * MB, &[]), 400, "EntityTooSmall");
    let good = [it.part(&key, &upload, 1, 5 * MB), it.part(&key, &upload, 2, MB)];
    let turned = [good[1].clone(), good[0].clone()];
    assert_refused(&it.complete(&key, &upload, &turned, MOST, &[]), 400, "InvalidPartOrder");
    let done = it.complete(&key, &upload, &good, MOST, &[]);
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(it.stored(), [MOST]);
}

/// A URL takes one file, also when it is used twice at once.
fn nothing_is_written_over(it: &Limited) {
    let file = json!({ "filename": "a.bin", "contentType": "a/b", "size": 5 });
    for told in [
        json!({ "url": it.url(5) }),
        it.post("/uploads", file),
        it.post("/sign", json!({ "method": "PUT", "key": "a", "size": 5 })),
    ] {
        assert_eq!(put(&told, b"first").status, 200);
        assert_refused(&put(&told, b"other"), 412, "PreconditionFailed");
        let mut without = told.clone();
        without["url"] = text(&told, "url").replace("If-None-Match=%2A&", "").into();
        assert_ne!(without, told);
        assert_refused(&put(&without, b"other"), 403, "SignatureDoesNotMatch");
        let mut other = told.clone();
        other["url"] = text(&told, "url").replace("If-None-Match=%2A&", "If-None-Match=%22x%22&").into();
        assert_refused(&put(&other, b"other"), 501, "NotImplemented");
    }
    assert_eq!(it.stored(), [5; 3]);

    // One URL begins two uploads of one key.
    let told = it.post("/sign", json!({ "method": "POST", "key": "a.bin", "size": 1 }));
    let key = text(&told, "key");
    let uploads = [begin_upload(&told), begin_upload(&told)];
    let ended = uploads.map(|upload| {
        let parts = [it.part(key, &upload, 1, 7)];
        let unconditional = it.complete(key, &upload, &parts, 7, &[("if-none-match", "")]);
        assert_refused(&unconditional, 403, "SignatureDoesNotMatch");
        it.complete(key, &upload, &parts, 7, &[])
    });
    assert_eq!(ended[0].status, 200, "{}", ended[0].text());
    assert_refused(&ended[1], 412, "PreconditionFailed");
}

/// The uploader's file name is signed in one form; a download has a harmless type.
fn types_are_what_was_signed(it: &Limited) {
    let page = b"<script>alert(1)</script>";
    let file = |kind: &str| json!({ "filename": "a\u{202e}.html", "contentType": kind, "size": page.len() });
    for kind in ["image/png;,text/html", "image/png; charset=x, text/html"] {
        assert_eq!(it.refused("/uploads", file(kind)), "InvalidRequest");
    }
    let told = it.post("/uploads", file("Text/HTML; charset=UTF-8"));
    assert_eq!(told["headers"]["content-type"], "text/html;charset=UTF-8");
    assert!(text(&told, "key").ends_with("/a.html"), "{told}");
    assert_eq!(put(&told, page).status, 200);
    let (status, download) = it.ask(Method::GET, &format!("/{}", text(&told, "key")), None);
    assert_eq!(status, 200, "{download}");
    let answer = send(Method::GET, text(&download, "url"), &[], b"");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/octet-stream")));
    let disposition = answer.header("content-disposition").unwrap();
    assert_eq!(disposition, "attachment; filename=\"a.html\"; filename*=UTF-8''a.html");
}
