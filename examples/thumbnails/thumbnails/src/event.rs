//! The records of an event of S3.

use std::cmp::Ordering;

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub bucket: String,
    pub key: String,
    /// Whether the object was created; otherwise it was deleted.
    pub is_created: bool,
    pub sequencer: String,
}

/// The records; a body without `Records` is another service's, and has none.
pub fn records(event: &Value) -> Vec<Record> {
    let records = event["Records"].as_array().into_iter().flatten();
    records.filter_map(record).collect()
}

fn record(record: &Value) -> Option<Record> {
    let object = &record["s3"]["object"];
    // Form-encoded: `a letter.jpg` arrives as `a+letter.jpg`.
    let key = object["key"].as_str()?.replace('+', " ");
    Some(Record {
        bucket: record["s3"]["bucket"]["name"].as_str()?.to_owned(),
        key: percent_decode_str(&key).decode_utf8().ok()?.into_owned(),
        is_created: record["eventName"].as_str()?.starts_with("ObjectCreated:"),
        sequencer: object["sequencer"].as_str().unwrap_or_default().to_owned(),
    })
}

/// The order of two events of one key: their sequencers as text, padded with zeros to one length.
pub fn order(one: &str, other: &str) -> Ordering {
    let length = one.len().max(other.len());
    format!("{one:0<length$}").cmp(&format!("{other:0<length$}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_decoded() {
        let event = json!({ "Records": [{
            "eventName": "ObjectCreated:Put",
            "s3": { "bucket": { "name": "b" }, "object": { "key": "uploads/a+letter%2B.jpg", "sequencer": "1A" } },
        }] });
        let expected = Record {
            bucket: "b".to_owned(),
            key: "uploads/a letter+.jpg".to_owned(),
            is_created: true,
            sequencer: "1A".to_owned(),
        };
        assert_eq!(records(&event), [expected]);
        assert_eq!(records(&json!({ "Event": "s3:TestEvent" })), []);
    }

    #[test]
    fn sequencers() {
        assert_eq!(order("0A", "0A00"), Ordering::Equal);
        assert_eq!(order("0A1", "0A"), Ordering::Greater);
        assert_eq!(order("", "0A"), Ordering::Less);
    }
}
