//! One JSON line for each request, without its content.

use std::{fs::File, io::Write, sync::Mutex, time::Duration};

use hyper::{Method, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::request::operation::Operation;

/// The request log of a running local cloud.
pub struct RequestLog(Mutex<File>);

/// One line of it.
pub(crate) struct Entry<'a> {
    pub operation: &'a Operation,
    pub method: &'a Method,
    /// Without its query, which may hold a signature.
    pub path: &'a str,
    /// `None` when there was no answer.
    pub status: Option<StatusCode>,
    pub took: Duration,
    /// The IAM actions that the emulator checked, separated by spaces.
    pub checked: Option<&'a str>,
    /// The number of the connection; the first after a start is 1.
    pub connection: u64,
    /// The application's name in the user agent, if it has one (`AWS_SDK_UA_APP_ID`).
    pub app: Option<&'a str>,
    /// Members that a layer adds.
    pub notes: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    service: &'a str,
    operation: Option<&'a str>,
    status: u16,
    milliseconds: f64,
    method: &'a str,
    path: &'a str,
    write: bool,
    connection: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    checked: Vec<&'a str>,
    #[serde(flatten)]
    notes: &'a Map<String, Value>,
}

impl RequestLog {
    /// Adds its lines to an open file.
    pub fn new(file: File) -> RequestLog {
        RequestLog(Mutex::new(file))
    }

    /// Adds a line. A full disk is no reason to refuse the request.
    pub(crate) fn add(&self, entry: &Entry<'_>) {
        let mut line = line(entry, OffsetDateTime::now_utc());
        line.push('\n');
        let _ = self.0.lock().expect("no code panics while holding it").write_all(line.as_bytes());
    }
}

fn line(entry: &Entry<'_>, now: OffsetDateTime) -> String {
    let Entry { operation, method, path, status, took, checked, connection, app, notes } = entry;
    let line = Line {
        time: now
            .replace_nanosecond(now.millisecond() as u32 * 1_000_000)
            .unwrap_or(now)
            .format(&Rfc3339)
            .unwrap_or_default(),
        service: &operation.service,
        operation: operation.name.as_deref(),
        status: status.map_or(0, |it| it.as_u16()),
        milliseconds: (took.as_secs_f64() * 10_000.0).round() / 10.0,
        method: method.as_str(),
        path,
        write: operation.write,
        connection: *connection,
        app: *app,
        checked: checked.map(|it| it.split(' ').collect()).unwrap_or_default(),
        notes,
    };
    serde_json::to_string(&line).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_line() {
        let operation = Operation { service: "s3".into(), name: Some("PutBucketCors".into()), write: true };
        let entry = Entry {
            operation: &operation,
            method: &Method::PUT,
            path: "/uploads",
            status: Some(StatusCode::OK),
            took: Duration::from_micros(12_345),
            checked: Some("s3:PutBucketCORS"),
            connection: 7,
            app: None,
            notes: &Map::new(),
        };
        let now = OffsetDateTime::from_unix_timestamp_nanos(1_767_225_600_123_456_789).unwrap();
        expect![[r#"{"time":"2026-01-01T00:00:00.123Z","service":"s3","operation":"PutBucketCors","status":200,"milliseconds":12.3,"method":"PUT","path":"/uploads","write":true,"connection":7,"checked":["s3:PutBucketCORS"]}"#]]
            .assert_eq(&line(&entry, now));
    }
}
