//! A function can do what its grants allow, tried with its own role, and nothing else.

use std::{collections::BTreeSet, time::Duration};

use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_sdk_s3::{
    config::Credentials,
    presigning::PresigningConfig,
    types::{CompletedMultipartUpload, CompletedPart, Delete, ObjectIdentifier, Tagging},
};
use libtest_mimic::Trial;
use stackctl_aws_client::clients::Clients;

use crate::harness::{
    cloud::{Cloud, console, wait_for},
    trial::trial,
};

const STACK: &str = r#"
stack: NAME
region: eu-west-1
buckets:
  mine: { on_destroy: empty }
  other: { on_destroy: empty }
functions:
  put: { package: presign, profile: lambda, buckets: { mine: [put] } }
  get: { package: presign, profile: lambda, buckets: { mine: [get] } }
  list: { package: presign, profile: lambda, buckets: { mine: [list] } }
  delete: { package: presign, profile: lambda, buckets: { mine: [delete] } }
  multipart: { package: presign, profile: lambda, buckets: { mine: [multipart] } }
  none: { package: presign, profile: lambda }
"#;

/// The same grants on what begins with a prefix.
const BELOW_A_PREFIX: &str = r#"
stack: NAME
region: eu-west-1
buckets:
  mine: { on_destroy: empty }
functions:
  put: { package: presign, profile: lambda, buckets: { mine: { prefix: uploads/, allow: [put] } } }
  get: { package: presign, profile: lambda, buckets: { mine: { prefix: uploads/, allow: [get] } } }
  list: { package: presign, profile: lambda, buckets: { mine: { prefix: uploads/, allow: [list] } } }
  delete: { package: presign, profile: lambda, buckets: { mine: { prefix: uploads/, allow: [delete] } } }
  multipart: { package: presign, profile: lambda, buckets: { mine: { prefix: uploads/, allow: [multipart] } } }
"#;

/// The requests, and the grants that allow each.
const TRIES: &[(&str, &[&str])] = &[
    ("PutObject", &["put", "multipart"]),
    ("GetObject", &["get"]),
    ("HeadObject", &["get"]),
    ("ListObjectsV2", &["list"]),
    ("ListFolder", &["list"]),
    ("HeadBucket", &["list"]),
    ("DeleteObject", &["delete"]),
    ("DeleteObjects", &["delete"]),
    ("CreateMultipartUpload", &["put", "multipart"]),
    ("UploadPart", &["put", "multipart"]),
    ("CompleteMultipartUpload", &["put", "multipart"]),
    ("ListParts", &["multipart"]),
    ("AbortMultipartUpload", &["multipart"]),
    ("CopyObject", &[]),
    ("DeleteVersion", &[]),
    ("GetObjectAcl", &[]),
    ("GetObjectTagging", &[]),
    ("PutObjectTagging", &[]),
    ("ListMultipartUploads", &[]),
    ("ListObjectVersions", &[]),
    ("GetBucketCors", &[]),
    ("DeleteBucketCors", &[]),
    ("GetBucketPolicy", &[]),
    ("DeleteBucketPolicy", &[]),
    ("DeletePublicAccessBlock", &[]),
    ("DeleteBucket", &[]),
    ("CreateBucket", &[]),
    ("ListBuckets", &[]),
];

pub fn trials(cloud: &'static Cloud) -> Vec<Trial> {
    vec![
        trial("grants::allow_what_they_say_and_nothing_else", move || nothing_else(cloud)),
        trial("grants::with_a_prefix_allow_nothing_beside_it", move || nothing_beside(cloud)),
    ]
}

/// The key of the object that is tried.
const KEY: &str = "uploads/x";

/// What tells of the whole bucket, and so is allowed by no grant with a prefix.
const OF_THE_WHOLE_BUCKET: &[&str] = &["ListObjectsV2", "HeadBucket"];

/// The requests on an unfinished upload.
const OF_AN_UPLOAD: &[&str] =
    &["UploadPart", "CompleteMultipartUpload", "ListParts", "AbortMultipartUpload", "ListMultipartUploads"];

fn nothing_beside(cloud: &Cloud) {
    let copy = cloud.working_copy("prefixes", BELOW_A_PREFIX);
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let bucket = copy.outputs()["bucket"].as_str().unwrap().to_owned();
    for grant in ["put", "get", "list", "delete", "multipart"] {
        let credentials = wait_for(of_role(&aws, &format!("{}-{grant}-eu-west-1", aws.stack)));
        let allowed = |key: &str| -> BTreeSet<&str> {
            let tries = TRIES.iter().map(|(name, _)| *name);
            tries.filter(|name| wait_for(is_allowed(&credentials, &aws, &bucket, key, name))).collect()
        };
        let says = TRIES.iter().filter(|(_, by)| by.contains(&grant)).map(|(name, _)| *name);
        let says: BTreeSet<&str> = says.filter(|name| !OF_THE_WHOLE_BUCKET.contains(name)).collect();
        assert_eq!(allowed(KEY), says, "{grant}");
        for key in ["private/x", "uploads-2/x", "x/uploads/x"] {
            assert_eq!(allowed(key), BTreeSet::new(), "{grant}, {key}");
        }
    }
    let credentials = wait_for(of_role(&aws, &format!("{}-put-eu-west-1", aws.stack)));
    for (key, expected) in [(KEY, 200), ("private/x", 403), ("uploads-2/x", 403)] {
        assert_eq!(wait_for(put_by_url(&credentials, &aws, &bucket, key)), expected, "a URL for {key}");
    }
    copy.succeed(&["destroy", "--yes"]);
}

/// Signs a URL as the function does, sends a file there, and returns the status.
async fn put_by_url(credentials: &Credentials, aws: &Clients, bucket: &str, key: &str) -> u16 {
    let role = aws.s3.config().to_builder().credentials_provider(credentials.clone()).build();
    let s3 = aws_sdk_s3::Client::from_conf(role);
    let soon = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let signed = s3.put_object().bucket(bucket).key(key).presigned(soon).await.unwrap();
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    agent.put(signed.uri()).send(&b"x"[..]).unwrap().status().as_u16()
}

fn nothing_else(cloud: &Cloud) {
    let copy = cloud.working_copy("grants", STACK);
    copy.apply();
    let aws = console(&copy, &cloud.url);
    let buckets = copy.outputs()["buckets"].clone();
    let bucket = |name: &str| buckets[name].as_str().unwrap().to_owned();
    let (mine, other) = (bucket("mine"), bucket("other"));
    for grant in ["put", "get", "list", "delete", "multipart", "none"] {
        let credentials = wait_for(of_role(&aws, &format!("{}-{grant}-eu-west-1", aws.stack)));
        let allowed = |bucket: &str| -> BTreeSet<&str> {
            let tries = TRIES.iter().map(|(name, _)| *name);
            tries.filter(|name| wait_for(is_allowed(&credentials, &aws, bucket, KEY, name))).collect()
        };
        let says = TRIES.iter().filter(|(_, by)| by.contains(&grant)).map(|(name, _)| *name);
        assert_eq!(allowed(&mine), says.collect(), "{grant}");
        assert_eq!(allowed(&other), BTreeSet::new(), "{grant}, another bucket");
        wait_for(nothing_but_its_log(&credentials, &aws, grant));
    }
    copy.succeed(&["destroy", "--yes"]);
}

/// Credentials of a function's role; the test lets the role trust another principal for that.
async fn of_role(aws: &Clients, role: &str) -> Credentials {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sts:AssumeRole"}]}"#;
    aws.iam.update_assume_role_policy().role_name(role).policy_document(trust).send().await.unwrap();
    let found = aws.iam.get_role().role_name(role).send().await.unwrap().role.unwrap();
    let assumed = aws.sts.assume_role().role_arn(found.arn).role_session_name("test").send().await.unwrap();
    let given = assumed.credentials.unwrap();
    Credentials::new(given.access_key_id, given.secret_access_key, Some(given.session_token), None, "role")
}

/// Tries it on a bucket that has an object and, for what concerns one, an unfinished upload.
async fn is_allowed(credentials: &Credentials, aws: &Clients, bucket: &str, key: &str, name: &str) -> bool {
    let role = aws.s3.config().to_builder().credentials_provider(credentials.clone()).build();
    let s3 = aws_sdk_s3::Client::from_conf(role);
    aws.s3.put_object().bucket(bucket).key(key).send().await.unwrap();
    let (mut upload, mut part) = (String::new(), String::new());
    if OF_AN_UPLOAD.contains(&name) {
        let begun = aws.s3.create_multipart_upload().bucket(bucket).key(key).send().await.unwrap();
        upload = begun.upload_id.unwrap();
        let sent = aws.s3.upload_part().bucket(bucket).key(key).upload_id(&upload).part_number(1);
        part = sent.send().await.unwrap().e_tag.unwrap();
    }
    macro_rules! is_let_through {
        ($request:expr) => {
            match $request.send().await {
                Ok(_) => true,
                Err(error) => {
                    let status = error.raw_response().map(|it| it.status().as_u16());
                    assert!(status.is_some(), "{name}: {error:?}");
                    status != Some(403)
                }
            }
        };
    }
    let is_allowed = match name {
        "PutObject" => is_let_through!(s3.put_object().bucket(bucket).key(key)),
        "GetObject" => is_let_through!(s3.get_object().bucket(bucket).key(key)),
        "HeadObject" => is_let_through!(s3.head_object().bucket(bucket).key(key)),
        "ListObjectsV2" => is_let_through!(s3.list_objects_v2().bucket(bucket)),
        "ListFolder" => {
            let (folder, _) = key.rsplit_once('/').unwrap();
            is_let_through!(s3.list_objects_v2().bucket(bucket).prefix(format!("{folder}/")))
        }
        "HeadBucket" => is_let_through!(s3.head_bucket().bucket(bucket)),
        "DeleteObject" => is_let_through!(s3.delete_object().bucket(bucket).key(key)),
        "DeleteVersion" => is_let_through!(s3.delete_object().bucket(bucket).key(key).version_id("null")),
        "DeleteObjects" => {
            let object = ObjectIdentifier::builder().key(key).build().unwrap();
            is_let_through!(
                s3.delete_objects().bucket(bucket).delete(Delete::builder().objects(object).build().unwrap())
            )
        }
        "CreateMultipartUpload" => is_let_through!(s3.create_multipart_upload().bucket(bucket).key(key)),
        "UploadPart" => {
            is_let_through!(s3.upload_part().bucket(bucket).key(key).upload_id(&upload).part_number(2))
        }
        "CompleteMultipartUpload" => {
            let part = CompletedPart::builder().part_number(1).e_tag(part).build();
            let parts = CompletedMultipartUpload::builder().parts(part).build();
            let complete = s3.complete_multipart_upload().bucket(bucket).key(key).upload_id(&upload);
            is_let_through!(complete.multipart_upload(parts))
        }
        "ListParts" => is_let_through!(s3.list_parts().bucket(bucket).key(key).upload_id(&upload)),
        "AbortMultipartUpload" => {
            is_let_through!(s3.abort_multipart_upload().bucket(bucket).key(key).upload_id(&upload))
        }
        "CopyObject" => {
            is_let_through!(s3.copy_object().bucket(bucket).key("y").copy_source(format!("{bucket}/{key}")))
        }
        "GetObjectAcl" => is_let_through!(s3.get_object_acl().bucket(bucket).key(key)),
        "GetObjectTagging" => is_let_through!(s3.get_object_tagging().bucket(bucket).key(key)),
        "PutObjectTagging" => {
            let tagging = Tagging::builder().set_tag_set(Some(Vec::new())).build().unwrap();
            is_let_through!(s3.put_object_tagging().bucket(bucket).key(key).tagging(tagging))
        }
        "ListMultipartUploads" => is_let_through!(s3.list_multipart_uploads().bucket(bucket)),
        "ListObjectVersions" => is_let_through!(s3.list_object_versions().bucket(bucket)),
        "GetBucketCors" => is_let_through!(s3.get_bucket_cors().bucket(bucket)),
        "DeleteBucketCors" => is_let_through!(s3.delete_bucket_cors().bucket(bucket)),
        "GetBucketPolicy" => is_let_through!(s3.get_bucket_policy().bucket(bucket)),
        "DeleteBucketPolicy" => is_let_through!(s3.delete_bucket_policy().bucket(bucket)),
        "DeletePublicAccessBlock" => is_let_through!(s3.delete_public_access_block().bucket(bucket)),
        "DeleteBucket" => is_let_through!(s3.delete_bucket().bucket(bucket)),
        "CreateBucket" => is_let_through!(s3.create_bucket().bucket(format!("{bucket}-2"))),
        "ListBuckets" => is_let_through!(s3.list_buckets()),
        other => panic!("{other} is not tried"),
    };
    if OF_AN_UPLOAD.contains(&name) {
        // Gone already where it was completed or aborted.
        let _ = aws.s3.abort_multipart_upload().bucket(bucket).key(key).upload_id(&upload).send().await;
    }
    is_allowed
}

/// It writes its own log, and has nothing of any other service.
async fn nothing_but_its_log(credentials: &Credentials, aws: &Clients, function: &str) {
    macro_rules! as_role {
        ($client:expr, $sdk:ident) => {
            $sdk::Client::from_conf(
                $client.config().to_builder().credentials_provider(credentials.clone()).build(),
            )
        };
    }
    let logs = as_role!(aws.logs, aws_sdk_cloudwatchlogs);
    let group = |function: &str| format!("/aws/lambda/{}-{function}", aws.stack);
    let (own, another) = (group(function), group(if function == "put" { "get" } else { "put" }));
    let stream = |group: &str| logs.create_log_stream().log_group_name(group).log_stream_name("s");
    let event = InputLogEvent::builder().timestamp(0).message("x").build().unwrap();
    let write = |group: &str| {
        let put = logs.put_log_events().log_group_name(group).log_stream_name("s");
        put.log_events(event.clone())
    };
    stream(&own).send().await.unwrap();
    write(&own).send().await.unwrap();
    macro_rules! refused {
        ($($request:expr),* $(,)?) => {$(
            let error = $request.send().await.expect_err(stringify!($request));
            assert!(format!("{error:?}").contains("AccessDenied"), "{}: {error:?}", stringify!($request));
        )*};
    }
    refused!(
        stream(&another),
        write(&another),
        logs.create_log_group().log_group_name("/aws/lambda/new"),
        logs.delete_log_group().log_group_name(&own),
        logs.describe_log_groups(),
        logs.get_log_events().log_group_name(&own).log_stream_name("s"),
        as_role!(aws.iam, aws_sdk_iam).list_roles(),
        as_role!(aws.lambda, aws_sdk_lambda).list_functions(),
        as_role!(aws.cognito, aws_sdk_cognitoidentityprovider).list_user_pools().max_results(1),
        as_role!(aws.apigateway, aws_sdk_apigateway).get_rest_apis(),
    );
}
