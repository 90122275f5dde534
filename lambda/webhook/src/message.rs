//! The messages that the receiver gets, one for each record of an event of S3.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// One message. The same event of S3 gives the same message, whenever it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The id, the same in each attempt; without dots, as the scheme wants.
    pub id: String,
    /// The body, JSON.
    pub body: String,
}

/// The messages of an event: created and deleted objects. What is no event of S3 has none, such as `s3:TestEvent`.
/// `folders` are the users' folders, such as `uploads/{sub}/`.
pub fn messages(event: &Value, folders: &[String]) -> Vec<Message> {
    let records = event["Records"].as_array().into_iter().flatten();
    records.filter_map(|record| message(record, folders)).collect()
}

fn message(record: &Value, folders: &[String]) -> Option<Message> {
    let kind = kind(record["eventName"].as_str()?)?;
    let (bucket, object) = (record["s3"]["bucket"]["name"].as_str()?, &record["s3"]["object"]);
    let key = decoded(object["key"].as_str()?);
    let text = |name: &str| object[name].as_str().filter(|it| !it.is_empty());
    let (version, sequencer) = (text("versionId"), text("sequencer"));
    let id = id(&[kind, bucket, &key, version.unwrap_or_default(), sequencer.unwrap_or_default()]);
    let body = json!({
        "id": id,
        "type": kind,
        "timestamp": record["eventTime"].as_str(),
        "data": {
            "bucket": bucket,
            "region": record["awsRegion"].as_str(),
            "key": key,
            "name": key.rsplit('/').next(),
            "sub": folders.iter().find_map(|folder| owner(&key, folder)),
            // A record of a deletion has no size and no ETag.
            "size": object["size"].as_u64().filter(|_| kind == CREATED),
            "etag": text("eTag").filter(|_| kind == CREATED),
            "version_id": version,
            "sequencer": sequencer,
        },
    });
    Some(Message { id, body: body.to_string() })
}

const CREATED: &str = "file.created";
const DELETED: &str = "file.deleted";

/// The type of a message for a name of S3's, such as `ObjectCreated:Put`.
fn kind(event_name: &str) -> Option<&'static str> {
    let name = event_name.strip_prefix("s3:").unwrap_or(event_name);
    match name.split(':').next()? {
        "ObjectCreated" => Some(CREATED),
        "ObjectRemoved" | "LifecycleExpiration" => Some(DELETED),
        _ => None,
    }
}

/// The decoded key: events have it form-encoded.
fn decoded(key: &str) -> String {
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The user whose folder a key is in: the part of the key at the place of `{sub}`. `{group}` stands for any part.
fn owner<'a>(key: &'a str, folder: &str) -> Option<&'a str> {
    let mut parts = key.split('/');
    let mut sub = None;
    for expected in folder.trim_end_matches('/').split('/') {
        let part = parts.next().filter(|it| !it.is_empty())?;
        match expected {
            "{sub}" => sub = Some(part),
            "{group}" => {}
            _ if part == expected => {}
            _ => return None,
        }
    }
    // The folder itself is no object of the user.
    parts.next().and(sub)
}

fn id(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\0"));
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("evt_{hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, object: &Value) -> Value {
        json!({ "Records": [{
            "eventVersion": "2.1",
            "awsRegion": "eu-west-1",
            "eventTime": "2026-11-30T14:30:00.123Z",
            "eventName": name,
            "s3": { "bucket": { "name": "app-uploads-1-eu-west-1" }, "object": object },
        }] })
    }

    fn only(event: &Value) -> (String, Value) {
        let all = messages(event, &["uploads/{sub}/".to_owned()]);
        assert_eq!(all.len(), 1, "{event}");
        (all[0].id.clone(), serde_json::from_str(&all[0].body).unwrap())
    }

    #[test]
    fn of_an_upload() {
        let object = json!({
            "key": "uploads/8d7f/c0/a%40b+%C3%A4.png",
            "size": 12,
            "eTag": "abc",
            "sequencer": "0055AED6DCD90281E5",
        });
        let (id, body) = only(&event("ObjectCreated:Put", &object));
        assert_eq!(id, body["id"]);
        assert_eq!(
            body,
            json!({
                "id": id,
                "type": "file.created",
                "timestamp": "2026-11-30T14:30:00.123Z",
                "data": {
                    "bucket": "app-uploads-1-eu-west-1",
                    "region": "eu-west-1",
                    "key": "uploads/8d7f/c0/a@b ä.png",
                    "name": "a@b ä.png",
                    "sub": "8d7f",
                    "size": 12,
                    "etag": "abc",
                    "version_id": null,
                    "sequencer": "0055AED6DCD90281E5",
                },
            })
        );
    }

    /// The event of S3 decides, not the time at which it arrives.
    #[test]
    fn ids() {
        let object = |sequencer: &str| json!({ "key": "a", "size": 1, "eTag": "e", "sequencer": sequencer });
        let id = |name: &str, sequencer: &str| only(&event(name, &object(sequencer))).0;
        assert_eq!(id("ObjectCreated:Put", "1"), id("ObjectCreated:Put", "1"));
        assert_ne!(id("ObjectCreated:Put", "1"), id("ObjectCreated:Put", "2"));
        assert_ne!(id("ObjectCreated:Put", "1"), id("ObjectRemoved:Delete", "1"));
        let id = id("ObjectCreated:Post", "1");
        assert!(id.len() == 36 && !id.contains('.'), "{id}");
    }

    #[test]
    fn of_a_deletion() {
        let object = json!({ "key": "uploads/8d7f/x", "size": 0, "eTag": "d41d8", "versionId": "v1" });
        for name in ["ObjectRemoved:DeleteMarkerCreated", "LifecycleExpiration:Delete"] {
            let (_, body) = only(&event(name, &object));
            let data = &body["data"];
            assert_eq!((&body["type"], &data["version_id"]), (&json!("file.deleted"), &json!("v1")));
            assert!(data["size"].is_null() && data["etag"].is_null(), "{body}");
        }
    }

    #[test]
    fn users() {
        for (key, folder, expected) in [
            ("uploads/8d7f/x", "uploads/{sub}/", Some("8d7f")),
            ("uploads/8d7f/a/b", "uploads/{sub}/", Some("8d7f")),
            ("teams/a/8d7f/x", "teams/{group}/{sub}/", Some("8d7f")),
            ("8d7f/in/x", "{sub}/in/", Some("8d7f")),
            ("8d7f/out/x", "{sub}/in/", None),
            ("uploads/8d7f", "uploads/{sub}/", None),
            ("uploads//x", "uploads/{sub}/", None),
            ("shared/8d7f/x", "uploads/{sub}/", None),
            ("shared/8d7f/x", "shared/{group}/", None),
            ("x", "uploads/{sub}/", None),
        ] {
            assert_eq!(owner(key, folder), expected, "{key}");
        }
    }

    #[test]
    fn of_anything_else() {
        for event in [
            json!(null),
            json!("text"),
            json!({ "Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b" }),
            json!({ "Records": {} }),
            json!({ "Records": [null, 1, {}, { "eventName": "ObjectCreated:Put" }] }),
            event("ObjectRestore:Post", &json!({ "key": "a" })),
            event("ObjectCreated:Put", &json!({ "key": 1 })),
        ] {
            assert_eq!(messages(&event, &[]), [], "{event}");
        }
    }
}
