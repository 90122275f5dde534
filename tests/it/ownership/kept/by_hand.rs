//! A stack that a person made with a script of boto3: adopted, changed, released, and the same in all other respects.

use expect_test::expect;
use serde_json::{Value, json};

use super::{
    differences::differences,
    row::{EVERYTHING, python},
};
use crate::harness::{inventory, strict::Strict};

const BY_HAND: &str = include_str!("by_hand.py");

const STACK: &str = "
stack: NAME
region: eu-west-1
buckets:
  photos:
    name: NAME-legacy-photos
    versioning: true
    cors: { origins: [https://photos.example] }
user_pools:
  people:
    name: NAME-legacy-people
    sign_in_with: []
    deletion_protection: false
    groups: [editors]
    clients: { web: { name: website } }
functions:
  hello: { package: tiny, profile: lambda }
apis:
  main:
    name: NAME-legacy-api
    stage: live
    authorizer: none
    routes: { GET /hello: hello }
";

/// The addresses, and the names that `by_hand.py` gives; parts after their resources.
const ADOPTED: [(&str, &str); 5] = [
    ("bucket.photos", "NAME-legacy-photos"),
    ("user_pool.people", "NAME-legacy-people"),
    ("user_pool_client.people/web", "website"),
    ("user_pool_group.people/editors", "editors"),
    ("rest_api.main", "NAME-legacy-api"),
];

pub fn stays() {
    let (cloud, copy) = Strict::with_stack("by-hand", STACK);
    // The order of a list would be a difference.
    cloud.set(json!({ "time_scale": 0, "new_bucket_misses": 0, "rules": { "list_order": false } }));
    let name = copy.stack().name.to_string();
    python(&copy, &cloud, BY_HAND, &[]);
    let of = |kind: &str, part: &str| format!("{kind}={name}-legacy-{part}");
    let kinds = [
        of("bucket", "photos"),
        of("user_pool", "people"),
        "user_pool_client".to_owned(),
        of("rest_api", "api"),
    ];
    let everything = || -> Value {
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        serde_json::from_str(&python(&copy, &cloud, EVERYTHING, &kinds)).expect("JSON")
    };
    let made = everything();

    for (address, what) in ADOPTED {
        copy.succeed(&["adopt", address, &what.replace("NAME", &name), "--yes"]);
    }
    let adopted = everything();
    expect![[r#"
        .bucket.get_bucket_tagging.TagSet: in another order
        .bucket.get_bucket_tagging.TagSet: + {"Key":"stackctl:address","Value":"bucket.photos"}
        .bucket.get_bucket_tagging.TagSet: + {"Key":"stackctl:adopted","Value":"true"}
        .bucket.get_bucket_tagging.TagSet: + {"Key":"stackctl:stack","Value":"STACK"}
        .rest_api.get_rest_api.tags.stackctl:address: + "rest_api.main"
        .rest_api.get_rest_api.tags.stackctl:adopted: + "true"
        .rest_api.get_rest_api.tags.stackctl:stack: + "STACK"
        .user_pool.describe_user_pool.UserPool.UserPoolTags.stackctl:address: + "user_pool.people"
        .user_pool.describe_user_pool.UserPool.UserPoolTags.stackctl:adopted: + "true"
        .user_pool.describe_user_pool.UserPool.UserPoolTags.stackctl:groups: + "true"
        .user_pool.describe_user_pool.UserPool.UserPoolTags.stackctl:stack: + "STACK"
    "#]]
    .assert_eq(&differences(&made, &adopted).concat());

    copy.apply();
    let applied = everything();
    expect![[r#"
        .bucket.get_bucket_cors: "NoSuchCORSConfiguration" → {"CORSRules":[{"AllowedHeaders":["*"],"AllowedMethods":["PUT"],"AllowedOrigins":["https://photos.example"],"ExposeHeaders":["ETag"],"ID":"stackctl","MaxAgeSeconds":300}]}
        .bucket.get_bucket_lifecycle_configuration.Rules: + {"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7},"Filter":{},"ID":"stackctl-abort-unfinis…
        .bucket.get_bucket_policy: "NoSuchBucketPolicy" → {"Policy":{"Statement":[{"Action":["s3:*"],"Condition":{"Bool":{"aws:SecureTransport":["false"]}},"Effect":"Deny","Principal":{"AWS":["*"]},"Resource":["arn:aws:s3:::STACK-legacy-photos","arn:aws:s3:::STACK-legacy-photos/*"]}],"Version":"2012-10-17"}}
        .rest_api.get_resources.items: + {"id":"…","parentId":"…","path":"/hello","pathPart":"hello","resourceMethods":{"GET":{"apiKeyRequire…
        .rest_api.get_rest_api.version: + "1"
        .rest_api.get_stages.item: + {"cacheClusterEnabled":false,"cacheClusterStatus":"NOT_AVAILABLE","createdDate":"…","deploymentId":"…
        .user_pool_client.website.UserPoolClient.PreventUserExistenceErrors: "LEGACY" → "ENABLED"
        .user_pool_client.website.UserPoolClient.AccessTokenValidity: + 3600
        .user_pool_client.website.UserPoolClient.IdTokenValidity: + 3600
        .user_pool_client.website.UserPoolClient.TokenValidityUnits: + {"AccessToken":"seconds","IdToken":"seconds"}
    "#]].assert_eq(&differences(&adopted, &applied).concat());
    assert_eq!(copy.plan(), Vec::<String>::new());
    copy.apply();
    assert_eq!(differences(&applied, &everything()), Vec::<String>::new());

    let edits = [
        ("https://photos.example", "https://other.example"),
        ("sign_in_with: []", "sign_in_with: []\n    password: { minimum_length: 12 }"),
        ("name: website }", "name: website, access_token: 5m }"),
        ("GET /hello: hello", "GET /hello: hello, POST /hello: hello"),
    ];
    let text = edits.into_iter().fold(copy.text(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    copy.write(&text);
    copy.apply();
    let changed = everything();
    expect![[r#"
        .bucket.get_bucket_cors.CORSRules["stackctl"].AllowedOrigins: - "https://photos.example"
        .bucket.get_bucket_cors.CORSRules["stackctl"].AllowedOrigins: + "https://other.example"
        .rest_api.get_resources.items["/hello"].resourceMethods.POST: + {"apiKeyRequired":false,"authorizationType":"NONE","httpMethod":"POST","methodIntegration":{"cacheKe…
        .rest_api.get_stages.item["live"].deploymentId: another value
        .rest_api.get_stages.item["live"].variables.STACKCTL_DEPLOYED: another value
        .user_pool.describe_user_pool.UserPool.Policies.PasswordPolicy.MinimumLength: 8 → 12
        .user_pool_client.website.UserPoolClient.AccessTokenValidity: 3600 → 300
    "#]].assert_eq(&differences(&applied, &changed).concat());
    assert_eq!(copy.plan(), Vec::<String>::new());

    for address in ["rest_api.main", "user_pool.people", "bucket.photos"] {
        copy.succeed(&["release", address, "--yes"]);
    }
    // Only the changes of the file are left; stackctl's tags are removed.
    let released = everything();
    expect![[r#"
        .bucket.get_bucket_cors: "NoSuchCORSConfiguration" → {"CORSRules":[{"AllowedHeaders":["*"],"AllowedMethods":["PUT"],"AllowedOrigins":["https://other.example"],"ExposeHeaders":["ETag"],"ID":"stackctl","MaxAgeSeconds":300}]}
        .bucket.get_bucket_lifecycle_configuration.Rules: + {"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7},"Filter":{},"ID":"stackctl-abort-unfinis…
        .bucket.get_bucket_policy: "NoSuchBucketPolicy" → {"Policy":{"Statement":[{"Action":["s3:*"],"Condition":{"Bool":{"aws:SecureTransport":["false"]}},"Effect":"Deny","Principal":{"AWS":["*"]},"Resource":["arn:aws:s3:::STACK-legacy-photos","arn:aws:s3:::STACK-legacy-photos/*"]}],"Version":"2012-10-17"}}
        .bucket.get_bucket_tagging.TagSet: in another order
        .rest_api.get_resources.items: + {"id":"…","parentId":"…","path":"/hello","pathPart":"hello","resourceMethods":{"GET":{"apiKeyRequire…
        .rest_api.get_rest_api.version: + "1"
        .rest_api.get_stages.item: + {"cacheClusterEnabled":false,"cacheClusterStatus":"NOT_AVAILABLE","createdDate":"…","deploymentId":"…
        .user_pool.describe_user_pool.UserPool.Policies.PasswordPolicy.MinimumLength: 8 → 12
        .user_pool_client.website.UserPoolClient.PreventUserExistenceErrors: "LEGACY" → "ENABLED"
        .user_pool_client.website.UserPoolClient.AccessTokenValidity: + 300
        .user_pool_client.website.UserPoolClient.IdTokenValidity: + 3600
        .user_pool_client.website.UserPoolClient.TokenValidityUnits: + {"AccessToken":"seconds","IdToken":"seconds"}
    "#]].assert_eq(&differences(&made, &released).concat());

    // A destroy deletes the rest of the stack alone.
    copy.write(&format!("stack: {name}\nregion: eu-west-1\n"));
    copy.succeed(&["destroy", "--yes"]);
    assert_eq!(differences(&released, &everything()), Vec::<String>::new());
    let mut left = inventory::left(&copy, &cloud.url);
    left.sort();
    assert_eq!(left, ["api", "people", "photos"].map(|it| format!("{name}-legacy-{it}")));
}
