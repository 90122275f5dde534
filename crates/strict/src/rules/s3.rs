//! S3: buckets that are created, deleted and changed.

mod notifications;
mod system_tags;

use hyper::{Method, Response};
use stackctl_gateway::{Body, Call, CloudRequest, Refusal, elements};

use crate::{
    edit,
    harness::settings::Rule,
    rules::{lifecycle, other_region},
    visit::Visit,
};

pub(crate) async fn answer(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let response = by_operation(visit, request).await?;
    other_region::show(visit, request, response)
}

async fn by_operation(visit: &Visit<'_>, request: &mut CloudRequest) -> Result<Response<Body>, Refusal> {
    let name = request.operation.name.clone().unwrap_or_default();
    let bucket = bucket(request);
    match name.as_ref() {
        "CreateBucket" => create(visit, request, &bucket).await,
        "DeleteBucket" => {
            let response = alone(visit, request, &bucket).await?;
            if response.status().is_success() {
                visit.memory.buckets.deleted(&bucket, visit.deadline(|it| it.bucket_reuse));
            }
            Ok(response)
        }
        "ListBuckets" if !visit.has(Rule::ListedRegions) => {
            Ok(edit::text(visit.pass(request).await, |xml| Some(without_regions(xml))).await)
        }
        _ if !is_configuration(&name) => Ok(visit.pass(request).await),
        _ => {
            // S3-06
            if visit.has(Rule::NewBuckets) && visit.memory.buckets.misses(&bucket) {
                return Err(Refusal::new(404, "NoSuchBucket", "The specified bucket does not exist"));
            }
            if name == "PutBucketCors" {
                check_cors(visit, &request.read_text().await)?;
            }
            if name == "PutBucketLifecycleConfiguration" && visit.has(Rule::BucketChecks) {
                lifecycle::check(&request.read_text().await)?;
            }
            if ["PutBucketTagging", "DeleteBucketTagging"].contains(&name.as_ref())
                && visit.has(Rule::SystemTags)
            {
                system_tags::check(visit, request, &bucket).await?;
            }
            if name == "PutBucketNotificationConfiguration" {
                notifications::check(visit, request).await?;
            }
            if request.operation.write {
                return alone(visit, request, &bucket).await;
            }
            let response = visit.pass(request).await;
            if name == "GetBucketNotificationConfiguration" && visit.has(Rule::Defaults) {
                return Ok(edit::text(response, notifications::show).await);
            }
            if name == "GetBucketEncryption" && visit.has(Rule::Defaults) {
                return Ok(edit::text(response, show_encryption).await);
            }
            Ok(response)
        }
    }
}

async fn create(
    visit: &Visit<'_>,
    request: &mut CloudRequest,
    bucket: &str,
) -> Result<Response<Body>, Refusal> {
    let region = visit.region(request);
    // S3-04, S3-05
    if visit.has(Rule::BucketWrites) && visit.memory.buckets.is_cooling(bucket, &visit.memory.clock) {
        return Err(aborted());
    }
    let call = Call {
        service: "s3",
        region: region.clone(),
        method: Method::HEAD,
        path: format!("/{bucket}"),
        body: None,
    };
    let there = visit.backend.upstream.call(&call).await?.0.is_success();
    // S3-03: with tags it is refused in us-east-1 too, which otherwise answers 200.
    if there && region == "us-east-1" && visit.has(Rule::BucketRegions) {
        if request.read_text().await.contains("<Tag>") {
            let text = "Your previous request to create the named bucket succeeded and you already own it.";
            return Err(Refusal::new(409, "BucketAlreadyOwnedByYou", text));
        }
        return Ok(visit.pass(request).await);
    }
    let response = alone(visit, request, bucket).await?;
    if response.status().is_success() && !there {
        visit.memory.buckets.made(bucket, visit.settings.new_bucket_misses);
    }
    Ok(response)
}

async fn alone(
    visit: &Visit<'_>,
    request: &mut CloudRequest,
    bucket: &str,
) -> Result<Response<Body>, Refusal> {
    visit.pass_alone(request, Rule::BucketWrites, format!("bucket {bucket}"), aborted).await
}

/// S3-04.
fn aborted() -> Refusal {
    let text = "A conflicting conditional operation is currently in progress against this resource. Please try again.";
    Refusal::new(409, "OperationAborted", text)
}

/// S3-20.
fn check_cors(visit: &Visit<'_>, body: &str) -> Result<(), Refusal> {
    let mut methods = elements(body, "AllowedMethod");
    let wrong = methods.find(|it| !["GET", "PUT", "POST", "DELETE", "HEAD"].contains(it));
    match wrong.filter(|_| visit.has(Rule::BucketChecks)) {
        Some(wrong) => {
            let text = format!("Found unsupported HTTP method in CORS config. Unsupported method is {wrong}");
            Err(Refusal::new(400, "InvalidRequest", text))
        }
        None => Ok(()),
    }
}

/// S3-19.
fn without_regions(xml: &str) -> String {
    let mut parts = xml.split("<BucketRegion>");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, it| all + it.split_once("</BucketRegion>").map_or(it, |(_, rest)| rest))
}

/// S3-10.
fn show_encryption(xml: &str) -> Option<String> {
    let mut shown = xml.to_owned();
    let mut add = |element: &str, text: &str| {
        if !shown.contains(element) {
            shown = shown.replace("</Rule>", &format!("{text}</Rule>"));
        }
    };
    add("<BucketKeyEnabled>", "<BucketKeyEnabled>false</BucketKeyEnabled>");
    add(
        "<BlockedEncryptionTypes>",
        "<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes>",
    );
    (shown != xml).then_some(shown)
}

/// Whether an operation concerns the configuration of a bucket.
fn is_configuration(operation: &str) -> bool {
    let noun = ["Get", "Put", "Delete"].iter().find_map(|it| operation.strip_prefix(it));
    noun.is_some_and(|it| it != "Bucket" && (it.starts_with("Bucket") || it == "PublicAccessBlock"))
}

/// The bucket that a request is for.
pub(crate) fn bucket(request: &CloudRequest) -> String {
    stackctl_gateway::bucket(&request.uri, &request.headers).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_bucket_is_set_to() {
        for name in ["PutBucketCors", "GetPublicAccessBlock", "DeleteBucketPolicy", "GetBucketTagging"] {
            assert!(is_configuration(name), "{name}");
        }
        for name in ["CreateBucket", "DeleteBucket", "HeadBucket", "ListBuckets", "GetObject", "PutObjectAcl"]
        {
            assert!(!is_configuration(name), "{name}");
        }
    }
}
