//! Reads a line that is a JSON object, as the loggers of Rust, Node.js, Python and Java write it.

use serde_json::{Map, Value};

use crate::level::Level;

const LEVELS: [&str; 6] = ["level", "severity", "levelname", "log.level", "lvl", "@l"];
const MESSAGES: [&str; 4] = ["message", "msg", "@m", "errorMessage"];
const TIMES: [&str; 5] = ["timestamp", "time", "@timestamp", "ts", "@t"];
const ERRORS: [&str; 6] = ["error", "err", "errorMessage", "errorType", "exception", "stack_trace"];

/// A line that is a JSON object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonLine {
    /// The level; where the line has none, the level that follows from an error in it.
    pub level: Option<Level>,
    /// The message.
    pub message: String,
    /// The other fields, as `key` and value. The time is left out.
    pub fields: Vec<(String, String)>,
}

impl JsonLine {
    /// Reads a message; none: it is not a JSON object.
    pub fn read(message: &str) -> Option<JsonLine> {
        let message = message.trim();
        if !message.starts_with('{') {
            return None;
        }
        let Value::Object(mut line) = serde_json::from_str(message).ok()? else { return None };
        // tracing keeps the message and the other values below `fields`.
        if let Some(Value::Object(inner)) = line.get("fields")
            && LEVELS.iter().any(|it| line.contains_key(*it))
        {
            let inner = inner.clone();
            line.remove("fields");
            for (key, value) in inner {
                line.entry(key).or_insert(value);
            }
        }
        let level = take(&mut line, &LEVELS, level).or_else(|| of_error(&line));
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let message = take(&mut line, &MESSAGES, text).unwrap_or_default();
        take(&mut line, &TIMES, |value| is_time(value).then_some(()));
        let fields = line.into_iter().map(|(key, value)| (key, shown(value))).collect();
        Some(JsonLine { level, message, fields })
    }
}

/// Takes the first of the fields that `read` can read.
fn take<T>(line: &mut Map<String, Value>, names: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    let (name, value) = names.iter().find_map(|name| Some((name, read(line.get(*name)?)?)))?;
    line.remove(*name);
    Some(value)
}

fn level(value: &Value) -> Option<Level> {
    match value {
        Value::String(name) => Level::named(name),
        Value::Number(number) => Level::numbered(number.as_i64()?),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The level of a line without one that names an error. A status of 4xx means that the caller's request was refused.
fn of_error(line: &Map<String, Value>) -> Option<Level> {
    let is_set = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
    };
    let names_an_error = ERRORS.iter().any(|name| line.get(*name).is_some_and(is_set));
    let status = ["status", "statusCode"].iter().find_map(|name| line.get(*name)?.as_u64());
    match status {
        Some(400..500) => Some(Level::Warn),
        Some(500..600) => Some(Level::Error),
        Some(_) | None if names_an_error => Some(Level::Error),
        Some(_) | None => None,
    }
}

fn is_time(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() >= 10 && text.bytes().take(4).all(|it| it.is_ascii_digit()),
        Value::Number(number) => number.as_f64().is_some_and(|it| it > 1e9),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// A value as text; a text without spaces needs no quotes.
fn shown(value: Value) -> String {
    match value {
        Value::String(text)
            if !text.is_empty() && !text.contains(|it: char| it.is_whitespace() || it == '"') =>
        {
            text
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(message: &str, expected: Expect) {
        let said = JsonLine::read(message).map(|JsonLine { level, message, fields }| {
            let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("{} {message:?} {}", level.map_or("-", Level::as_str), fields.join(" "))
        });
        expected.assert_eq(&said.unwrap_or_default());
    }

    #[test]
    fn as_loggers_write_them() {
        check(
            r#"{"timestamp":"2026-11-30T02:00:00Z","level":"WARN","fields":{"message":"slow","ms":12},"target":"app"}"#,
            expect![[r#"WARN "slow" ms=12 target=app"#]],
        );
        check(
            r#"{"level":50,"time":1764468000000,"msg":"it failed","err":{"code":"E1"}}"#,
            expect![[r#"ERROR "it failed" err={"code":"E1"}"#]],
        );
        check(
            r#"{"timestamp":"2026-11-30T02:00:00Z","level":"ERROR","requestId":"8f1","message":{"a":1}}"#,
            expect![[r#"ERROR "" message={"a":1} requestId=8f1"#]],
        );
        check(
            r#"{"requestId":"x","route":"GET /","status":200,"microseconds":91}"#,
            expect![[r#"- "" microseconds=91 requestId=x route="GET /" status=200"#]],
        );
        check(
            r#"{"route":"GET /","error":"TooLarge","status":413}"#,
            expect![[r#"WARN "" error=TooLarge route="GET /" status=413"#]],
        );
        check(
            r#"{"error":"Misconfigured","message":"no bucket","status":500}"#,
            expect![[r#"ERROR "no bucket" error=Misconfigured status=500"#]],
        );
        check(r#"{"error":null,"time":"soon"}"#, expect![[r#"- "" error=null time=soon"#]]);
        check(r#"{"level":"INFO"} and more"#, expect![""]);
        check("[1]", expect![""]);
        check("{}", expect![[r#"- "" "#]]);
    }
}
