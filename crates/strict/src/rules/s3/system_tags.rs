//! The tags of AWS's own on a bucket, which no caller adds, changes or removes (S3-26).

use std::collections::BTreeMap;

use hyper::Method;
use stackctl_gateway::{Call, CloudRequest, Refusal, elements};

use crate::visit::Visit;

/// Refuses a request that replaces the tags of a bucket with others of AWS's own.
pub(crate) async fn check(
    visit: &Visit<'_>,
    request: &mut CloudRequest,
    bucket: &str,
) -> Result<(), Refusal> {
    let call = Call {
        service: "s3",
        region: visit.region(request),
        method: Method::GET,
        path: format!("/{bucket}?tagging"),
        body: None,
    };
    // Of a bucket without tags it is an error, which has no tags either.
    let (_, live) = visit.backend.upstream.call_text(&call).await?;
    let (live, sent) = (of_aws(&live), of_aws(&request.read_text().await));
    if live.keys().any(|key| !sent.contains_key(key)) {
        return Err(invalid("System tags cannot be removed by requester"));
    }
    if live != sent {
        return Err(invalid("System tags cannot be added/updated by requester"));
    }
    Ok(())
}

/// The tags of AWS's own in a body.
fn of_aws(xml: &str) -> BTreeMap<String, String> {
    let text = |tag: &str, name: &str| elements(tag, name).next().unwrap_or_default().to_owned();
    let tags = elements(xml, "Tag").map(|tag| (text(tag, "Key"), text(tag, "Value")));
    tags.filter(|(key, _)| key.starts_with("aws:")).collect()
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, "InvalidTag", text)
}
