//! Lines that Lambda itself writes around an invocation: `START`, `END`, `REPORT` and the like, as text or as JSON.

use serde_json::Value;

/// A line of Lambda's own.
#[derive(Debug, Clone, PartialEq)]
pub enum Platform {
    /// An invocation begins.
    Start {
        /// The invocation's request id.
        request: String,
    },
    /// An invocation ended.
    End {
        /// The invocation's request id.
        request: String,
    },
    /// The figures of an invocation that ended.
    Report(Report),
    /// An instance of the function starts, or says how its start went.
    Instance,
}

/// The figures of an invocation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The invocation's request id.
    pub request: String,
    /// The duration in milliseconds.
    pub milliseconds: Option<f64>,
    /// The most memory that was used, in MB.
    pub megabytes: Option<u64>,
    /// The memory that the function has, in MB.
    pub memory: Option<u64>,
    /// The duration of the cold start in milliseconds; none: the instance had started before.
    pub cold_start: Option<f64>,
    /// How the invocation ended, as in `timeout`; none: it succeeded.
    pub failure: Option<String>,
}

impl Platform {
    /// Reads a message; none: the function wrote it.
    pub fn read(message: &str) -> Option<Platform> {
        let message = message.trim_end();
        if let Some(rest) = message.strip_prefix("START RequestId: ") {
            return Some(Platform::Start { request: word(rest)? });
        }
        if let Some(rest) = message.strip_prefix("END RequestId: ") {
            return Some(Platform::End { request: word(rest)? });
        }
        if let Some(rest) = message.strip_prefix("REPORT RequestId: ") {
            return Some(Platform::Report(report(rest)?));
        }
        if message.starts_with("INIT_START Runtime Version: ") || message.starts_with("INIT_REPORT Init ") {
            return Some(Platform::Instance);
        }
        if message.starts_with('{') && message.contains("\"platform.") {
            return from_json(&serde_json::from_str(message).ok()?);
        }
        None
    }
}

fn word(text: &str) -> Option<String> {
    text.split_whitespace().next().map(str::to_owned)
}

/// The fields of a `REPORT` line are separated by tabs.
fn report(text: &str) -> Option<Report> {
    let mut report = Report { request: word(text)?, ..Report::default() };
    for field in text.split(['\t', '\n']) {
        let Some((name, value)) = field.trim().split_once(": ") else { continue };
        let number = || value.split(' ').next().unwrap_or_default();
        match name {
            "Duration" => report.milliseconds = number().parse().ok(),
            "Memory Size" => report.memory = number().parse().ok(),
            "Max Memory Used" => report.megabytes = number().parse().ok(),
            "Init Duration" | "Restore Duration" => report.cold_start = number().parse().ok(),
            "Status" if value != "success" => report.failure = Some(value.to_owned()),
            _ => {}
        }
    }
    Some(report)
}

/// Lambda's lines where the function's log format is JSON.
fn from_json(line: &Value) -> Option<Platform> {
    let record = line.get("record")?;
    let request = || record.get("requestId").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(match line.get("type")?.as_str()? {
        "platform.start" => Platform::Start { request: request() },
        "platform.runtimeDone" => Platform::End { request: request() },
        "platform.report" => {
            let metric = |name: &str| record.get("metrics")?.get(name);
            let status = record.get("status").and_then(Value::as_str);
            Platform::Report(Report {
                request: request(),
                milliseconds: metric("durationMs").and_then(Value::as_f64),
                megabytes: metric("maxMemoryUsedMB").and_then(Value::as_u64),
                memory: metric("memorySizeMB").and_then(Value::as_u64),
                cold_start: metric("initDurationMs").and_then(Value::as_f64),
                failure: status.filter(|it| *it != "success").map(str::to_owned),
            })
        }
        other if other.starts_with("platform.") => Platform::Instance,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports() {
        let read = |message: &str| match Platform::read(message) {
            Some(Platform::Report(report)) => report,
            other => panic!("{message}: {other:?}"),
        };
        let whole = Report {
            request: "8f1".to_owned(),
            milliseconds: Some(43.21),
            megabytes: Some(12),
            memory: Some(128),
            cold_start: Some(120.5),
            failure: None,
        };
        let text = "REPORT RequestId: 8f1\tDuration: 43.21 ms\tBilled Duration: 44 ms\tMemory Size: 128 MB\t\
                    Max Memory Used: 12 MB\tInit Duration: 120.50 ms\t\n";
        assert_eq!(read(text), whole);
        let json = r#"{"time":"2026-11-30T02:00:00.000Z","type":"platform.report","record":{"requestId":"8f1",
            "metrics":{"durationMs":43.21,"billedDurationMs":44,"memorySizeMB":128,"maxMemoryUsedMB":12,
            "initDurationMs":120.5},"status":"success"}}"#;
        assert_eq!(read(json), whole);
        let failed = "REPORT RequestId: 8f1\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\t\
                      Max Memory Used: 12 MB\tStatus: timeout";
        let expected = Report {
            milliseconds: Some(3000.0),
            cold_start: None,
            failure: Some("timeout".to_owned()),
            ..whole.clone()
        };
        assert_eq!(read(failed), expected);
        let nothing = Report { request: "8f1".to_owned(), ..Report::default() };
        assert_eq!(read("REPORT RequestId: 8f1\tDuration: soon"), nothing);
    }

    #[test]
    fn other_lines() {
        let start = Platform::Start { request: "8f1".to_owned() };
        assert_eq!(Platform::read("START RequestId: 8f1 Version: $LATEST\n"), Some(start));
        assert_eq!(Platform::read("END RequestId: 8f1"), Some(Platform::End { request: "8f1".to_owned() }));
        assert_eq!(
            Platform::read("INIT_START Runtime Version: provided:al2023.v1"),
            Some(Platform::Instance)
        );
        for message in
            ["START", "START RequestId: ", "STARTED", "{\"type\":\"platform.", "{\"a\":\"platform.x\"}", ""]
        {
            assert_eq!(Platform::read(message), None, "{message}");
        }
    }
}
