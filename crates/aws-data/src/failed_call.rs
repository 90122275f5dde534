//! The record of an event that Lambda gave up, as Lambda writes it into a bucket (LAM-77).

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// An event that Lambda gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCall {
    /// The name of the function.
    pub function: String,
    /// The keys of the objects that the event is about.
    pub objects: Vec<String>,
    /// The error of the function, or why Lambda did not call it.
    pub error: String,
}

impl FailedCall {
    /// Reads a record. What is missing is empty: Lambda may write other forms.
    pub fn parse(text: &str) -> FailedCall {
        let record: Value = serde_json::from_str(text).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        // `arn:aws:lambda:REGION:ACCOUNT:function:NAME:$LATEST`
        let arn = text(&record["requestContext"]["functionArn"]);
        let records = record["requestPayload"]["Records"].as_array();
        let keys = records.into_iter().flatten().filter_map(|it| it["s3"]["object"]["key"].as_str());
        let answer = &record["responsePayload"];
        let said = [&answer["errorMessage"], &answer["errorType"]].map(text);
        let condition = text(&record["requestContext"]["condition"]);
        let error = said.into_iter().chain([condition]).find(|it| !it.is_empty());
        FailedCall {
            function: arn.split(':').nth(6).unwrap_or_default().to_owned(),
            objects: keys.map(decoded).collect(),
            error: error.unwrap_or_else(|| "no reason given".to_owned()),
        }
    }
}

/// A key of an event, which is form-encoded (S3-95).
fn decoded(key: &str) -> String {
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(answer: Value, expected: &str) {
        let record = json!({
            "version": "1.0",
            "timestamp": "2026-11-30T14:30:00.000Z",
            "requestContext": {
                "requestId": "1", "condition": "RetriesExhausted", "approximateInvokeCount": 3,
                "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:photos-index:$LATEST",
            },
            "requestPayload": { "Records": [
                { "s3": { "object": { "key": "uploads/a+letter%2B.txt" } } },
                { "s3": { "object": { "key": "uploads/b.txt" } } },
            ] },
            "responsePayload": answer,
        });
        let it = FailedCall::parse(&record.to_string());
        assert_eq!(it.function, "photos-index");
        assert_eq!(it.objects, ["uploads/a letter+.txt", "uploads/b.txt"]);
        assert_eq!(it.error, expected);
    }

    #[test]
    fn records() {
        check(json!({ "errorMessage": "no such file", "errorType": "Error" }), "no such file");
        check(json!({ "errorMessage": "", "errorType": "Runtime.ExitError" }), "Runtime.ExitError");
        check(Value::Null, "RetriesExhausted");
    }

    #[test]
    fn other_texts() {
        for text in ["", "no record", "[1]", "{\"requestPayload\": {\"Records\": 1}}"] {
            let nothing = ["", "no reason given"].map(str::to_owned);
            let [function, error] = nothing;
            assert_eq!(FailedCall::parse(text), FailedCall { function, objects: Vec::new(), error });
        }
    }
}
