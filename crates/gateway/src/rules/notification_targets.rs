//! S3 refuses notifications for a function that does not let S3 invoke it (S3-91), and two entries that one object may
//! match (S3-93). The emulator accepts both.

use hyper::{Response, StatusCode};
use serde_json::Value;

use crate::{
    refusal::Refusal,
    request::{
        body::Body,
        request::CloudRequest,
        url::{bucket, scope},
        xml::elements,
    },
    upstream::{Upstream, UpstreamError},
};

/// The elements that the entries of a configuration are written as.
const ENTRIES: [&str; 4] =
    ["CloudFunctionConfiguration", "LambdaFunctionConfiguration", "QueueConfiguration", "TopicConfiguration"];

/// Refuses a configuration that S3 refuses. The emulator checks the caller's rights afterwards.
pub(crate) async fn before(
    request: &mut CloudRequest,
    upstream: &Upstream,
) -> Result<Option<Response<Body>>, UpstreamError> {
    if !request.operation.is("s3", "PutBucketNotificationConfiguration") {
        return Ok(None);
    }
    let text = request.read_text().await;
    let refused = |message: String| Some(Refusal::new(400, "InvalidArgument", message).response("s3"));
    let entries: Vec<Entry<'_>> =
        ENTRIES.iter().flat_map(|name| elements(&text, name)).map(Entry::read).collect();
    if overlap(&entries) {
        let message = "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the \
                       prefixes are overlapping for the same event type.";
        return Ok(refused(message.to_owned()));
    }
    if request.headers.get("x-amz-skip-destination-validation").is_some_and(|it| it == "true") {
        return Ok(None);
    }
    let bucket = bucket(&request.uri, &request.headers);
    let region = scope(&request.uri, &request.headers).map_or("us-east-1", |it| it.region).to_owned();
    for arn in entries.iter().filter_map(|it| it.function) {
        let Some(name) = arn.split(':').nth(6) else { continue };
        let path = format!("/2015-03-31/functions/{name}/policy");
        let (status, bytes) = upstream.get("lambda", &region, &path).await?;
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let policy = answer["Policy"].as_str().filter(|_| status == StatusCode::OK);
        if !policy.is_some_and(|policy| lets_in(policy, bucket, arn)) {
            let what = "Unable to validate the following destination configurations";
            return Ok(refused(format!("{what}: Not authorized to invoke function [{arn}]")));
        }
    }
    Ok(None)
}

/// An entry of the configuration.
struct Entry<'a> {
    function: Option<&'a str>,
    events: Vec<&'a str>,
    prefix: &'a str,
    suffix: &'a str,
}

impl<'a> Entry<'a> {
    fn read(xml: &'a str) -> Entry<'a> {
        let filter = |name: &str| {
            let is_it = |rule: &&str| elements(rule, "Name").any(|it| it.eq_ignore_ascii_case(name));
            let value = elements(xml, "FilterRule").find(is_it).and_then(|it| elements(it, "Value").next());
            value.unwrap_or_default()
        };
        let function = ["CloudFunction", "LambdaFunctionArn"];
        Entry {
            function: function.iter().find_map(|name| elements(xml, name).next()),
            events: elements(xml, "Event").collect(),
            prefix: filter("prefix"),
            suffix: filter("suffix"),
        }
    }

    /// Whether one event of one object may match both.
    fn meets(&self, other: &Entry<'_>) -> bool {
        let same = |one: &str, other: &str| {
            let covers = |all: &str, one: &str| all.strip_suffix('*').is_some_and(|it| one.starts_with(it));
            one == other || covers(one, other) || covers(other, one)
        };
        self.events.iter().any(|one| other.events.iter().any(|other| same(one, other)))
            && (self.prefix.starts_with(other.prefix) || other.prefix.starts_with(self.prefix))
            && (self.suffix.ends_with(other.suffix) || other.suffix.ends_with(self.suffix))
    }
}

fn overlap(entries: &[Entry<'_>]) -> bool {
    entries.iter().enumerate().any(|(at, one)| entries[at + 1..].iter().any(|other| one.meets(other)))
}

/// Whether a function's policy lets S3 invoke it for a bucket of the function's own account.
fn lets_in(policy: &str, bucket: &str, function: &str) -> bool {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    let source = format!(":s3:::{bucket}");
    let account = function.split(':').nth(4).unwrap_or_default();
    let is_met = |(key, value): (&String, &Value)| match key.to_ascii_lowercase().as_str() {
        "aws:sourcearn" => value.as_str().is_some_and(|it| it.ends_with(&source)),
        "aws:sourceaccount" => value == account,
        _ => false,
    };
    policy["Statement"].as_array().into_iter().flatten().any(|statement| {
        let conditions = statement["Condition"].as_object().into_iter().flatten();
        statement["Effect"] == "Allow"
            && statement["Principal"]["Service"] == "s3.amazonaws.com"
            && conditions.flat_map(|(_, keys)| keys.as_object()).flatten().all(is_met)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// An entry in the form of the SDKs: event, prefix, suffix.
    fn entry((event, prefix, suffix): (&str, &str, &str)) -> String {
        let rule =
            |name, value| format!("<FilterRule><Name>{name}</Name><Value>{value}</Value></FilterRule>");
        format!(
            "<Id>i</Id><CloudFunction>arn:f</CloudFunction><Event>{event}</Event><Filter><S3Key>{}{}</S3Key></Filter>",
            rule("Prefix", prefix),
            rule("suffix", suffix)
        )
    }

    fn meet(one: (&str, &str, &str), other: (&str, &str, &str)) -> bool {
        let (one, other) = (entry(one), entry(other));
        let entries = [Entry::read(&one), Entry::read(&other)];
        assert_eq!(entries[0].function, Some("arn:f"));
        overlap(&entries)
    }

    #[test]
    fn entries_that_one_object_may_match() {
        const ALL: &str = "s3:ObjectCreated:*";
        assert!(meet((ALL, "", ""), (ALL, "", "")));
        assert!(meet((ALL, "a/", ""), ("s3:ObjectCreated:Put", "a/b/", ".jpg")));
        assert!(meet((ALL, "a/", ".b.jpg"), (ALL, "", ".jpg")));
        assert!(!meet((ALL, "a/", ""), (ALL, "b/", "")));
        assert!(!meet((ALL, "a/", ".jpg"), (ALL, "a/b/", ".png")));
        assert!(!meet((ALL, "", ""), ("s3:ObjectRemoved:*", "", "")));
    }

    #[test]
    fn policies_that_let_s3_in() {
        let check = |conditions: Value| {
            let policy = json!({ "Statement": [{
                "Effect": "Allow", "Principal": { "Service": "s3.amazonaws.com" }, "Condition": conditions,
            }] });
            lets_in(&policy.to_string(), "uploads", "arn:aws:lambda:eu-west-1:1:function:f")
        };
        let source = json!({ "AWS:SourceArn": "arn:aws:s3:::uploads" });
        assert!(check(json!({ "ArnLike": source })));
        assert!(check(json!({ "ArnLike": source, "StringEquals": { "AWS:SourceAccount": "1" } })));
        assert!(check(Value::Null));
        assert!(!check(json!({ "ArnLike": source, "StringEquals": { "AWS:SourceAccount": "2" } })));
        assert!(!check(json!({ "ArnLike": { "AWS:SourceArn": "arn:aws:s3:::other-uploads-2" } })));
        assert!(!lets_in("{}", "uploads", "arn:aws:lambda:eu-west-1:1:function:f"));
        assert!(!lets_in("no policy", "uploads", ""));
    }
}
