//! The events of functions' logs as text.

use std::fmt::Write;

use jiff::Zoned;
use stackctl_logs::{Level, Report, entry::Entry, line::LogLine, since};

use stackctl_views::style::{Ink, Style, visible};

/// How events are shown.
#[derive(Debug, Clone, Copy)]
pub struct LogView {
    /// Only the messages, as they are.
    pub raw: bool,
    /// Whether there are several functions, so that each line has the function's name.
    pub several: bool,
}

/// The lines of an event; empty for what the report of the invocation says too.
pub fn text(line: &LogLine, view: LogView, now: &Zoned, style: Style) -> String {
    let LogLine { function, request, entry, event } = line;
    if view.raw {
        let message = event.message.trim_end_matches('\n');
        // A terminal obeys control characters; a file or another program gets the message unchanged.
        return if style.width.is_some() { visible(message) + "\n" } else { format!("{message}\n") };
    }
    let body = match entry {
        Entry::Folded => return String::new(),
        Entry::Report(report) => report_text(report, style),
        Entry::Fields { level, message, fields } => fields_text(*level, message, fields, style),
        Entry::Text { level, text } => painted(*level, &visible(text).replace('\n', "\n    "), style),
    };
    let mut head = since::local(event.time, now);
    if view.several {
        let _ = write!(head, " {function}");
    }
    if let Some(request) = request.as_deref().filter(|_| style.verbose && !matches!(entry, Entry::Report(_)))
    {
        let _ = write!(head, " {}", short(request));
    }
    format!("{} {body}\n", style.paint(Ink::Faint, &head))
}

/// As in `43 ms, 12 of 128 MB, cold start 120 ms (8f1a2b3c)`.
fn report_text(report: &Report, style: Style) -> String {
    let Report { request, milliseconds, megabytes, memory, cold_start, failure } = report;
    let mut parts = Vec::new();
    if let Some(milliseconds) = milliseconds {
        parts.push(format!("{milliseconds:.0} ms"));
    }
    match (megabytes, memory) {
        (Some(used), Some(memory)) => parts.push(format!("{used} of {memory} MB")),
        (Some(used), None) => parts.push(format!("{used} MB")),
        (None, _) => {}
    }
    if let Some(cold_start) = cold_start {
        parts.push(format!("cold start {cold_start:.0} ms"));
    }
    let figures = format!("{} ({})", parts.join(", "), short(request));
    match failure {
        Some(failure) => format!(
            "{} {}",
            style.paint(Ink::Bad, &format!("failed: {}", visible(failure))),
            style.paint(Ink::Faint, &figures)
        ),
        None => style.paint(Ink::Faint, &figures),
    }
}

fn fields_text(level: Option<Level>, message: &str, fields: &[(String, String)], style: Style) -> String {
    let mut parts = Vec::new();
    if let Some(level) = level {
        parts.push(painted(Some(level), level.as_str(), style));
    }
    if !message.is_empty() {
        parts.push(visible(message).replace('\n', "\n    "));
    }
    let fields: Vec<String> = fields
        .iter()
        .map(|(key, value)| visible(&format!("{key}={value}")).replace('\n', "\n    "))
        .collect();
    // Fields are the message of a line that has none.
    let ink = if message.is_empty() { None } else { Some(Ink::Faint) };
    let fields = fields.join(" ");
    if !fields.is_empty() {
        parts.push(ink.map_or_else(|| fields.clone(), |ink| style.paint(ink, &fields)));
    }
    parts.join(" ")
}

fn painted(level: Option<Level>, text: &str, style: Style) -> String {
    match level {
        Some(Level::Error) => style.paint(Ink::Bad, text),
        Some(Level::Warn) => style.paint(Ink::Change, text),
        Some(Level::Info) | None => text.to_owned(),
        Some(Level::Debug | Level::Trace) => style.paint(Ink::Faint, text),
    }
}

/// The beginning of a request id, which tells one request from another.
fn short(request: &str) -> String {
    visible(&request.chars().take(8).collect::<String>())
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use jiff::{Timestamp, tz::TimeZone};
    use stackctl_logs::event::LogEvent;

    use super::*;

    fn line(message: &str) -> LogLine {
        let time = 1_796_004_000_123;
        LogLine {
            function: "presign".to_owned(),
            request: Some("8f1a2b3c-0000".to_owned()),
            entry: Entry::read(message),
            event: LogEvent {
                id: "1".to_owned(),
                stream: "s".to_owned(),
                time,
                received: time,
                message: message.to_owned(),
            },
        }
    }

    fn check(view: LogView, style: Style, expected: Expect) {
        let now = Timestamp::from_millisecond(1_796_004_005_000).unwrap().to_zoned(TimeZone::UTC);
        let messages = [
            "START RequestId: 8f1a2b3c-0000 Version: $LATEST\n",
            r#"{"requestId":"api-7","route":"GET /","status":200,"microseconds":91}"#,
            r#"{"route":"GET /","error":"TooLarge","status":413}"#,
            r#"{"level":"error","message":"it failed\nbadly","code":"E1"}"#,
            "\u{1b}[31mWARN\u{1b}[0m careful \u{9b}2J\u{202e}\n",
            "one\n  two",
            "END RequestId: 8f1a2b3c-0000\n",
            "REPORT RequestId: 8f1a2b3c-0000\tDuration: 43.21 ms\tBilled Duration: 44 ms\tMemory Size: 128 MB\t\
             Max Memory Used: 12 MB\tInit Duration: 120.50 ms",
            "REPORT RequestId: 8f1a2b3c-0000\tDuration: 3000.00 ms\tStatus: timeout",
        ];
        let text: String = messages.iter().map(|it| text(&line(it), view, &now, style)).collect();
        expected.assert_eq(&text.replace('\u{1b}', "ESC"));
    }

    #[test]
    fn lines_of_one_function() {
        check(
            LogView { raw: false, several: false },
            Style::default(),
            expect![[r#"
            02:00:00.123 microseconds=91 requestId=api-7 route="GET /" status=200
            02:00:00.123 WARN error=TooLarge route="GET /" status=413
            02:00:00.123 ERROR it failed
                badly code=E1
            02:00:00.123 WARN careful \u{9b}2J\u{202e}
            02:00:00.123 one
                  two
            02:00:00.123 43 ms, 12 of 128 MB, cold start 120 ms (8f1a2b3c)
            02:00:00.123 failed: timeout 3000 ms (8f1a2b3c)
        "#]],
        );
    }

    #[test]
    fn lines_of_several_functions() {
        let style = Style { verbose: true, colour: true, ..Style::default() };
        check(
            LogView { raw: false, several: true },
            style,
            expect![[r#"
            ESC[2m02:00:00.123 presign 8f1a2b3cESC[0m microseconds=91 requestId=api-7 route="GET /" status=200
            ESC[2m02:00:00.123 presign 8f1a2b3cESC[0m ESC[33mWARNESC[0m error=TooLarge route="GET /" status=413
            ESC[2m02:00:00.123 presign 8f1a2b3cESC[0m ESC[1mESC[31mERRORESC[0m it failed
                badly ESC[2mcode=E1ESC[0m
            ESC[2m02:00:00.123 presign 8f1a2b3cESC[0m ESC[33mWARN careful \u{9b}2J\u{202e}ESC[0m
            ESC[2m02:00:00.123 presign 8f1a2b3cESC[0m one
                  two
            ESC[2m02:00:00.123 presignESC[0m ESC[2m43 ms, 12 of 128 MB, cold start 120 ms (8f1a2b3c)ESC[0m
            ESC[2m02:00:00.123 presignESC[0m ESC[1mESC[31mfailed: timeoutESC[0m ESC[2m3000 ms (8f1a2b3c)ESC[0m
        "#]],
        );
    }

    #[test]
    fn raw_messages() {
        check(
            LogView { raw: true, several: true },
            Style { width: Some(80), ..Style::default() },
            expect![[r#"
            START RequestId: 8f1a2b3c-0000 Version: $LATEST
            {"requestId":"api-7","route":"GET /","status":200,"microseconds":91}
            {"route":"GET /","error":"TooLarge","status":413}
            {"level":"error","message":"it failed\nbadly","code":"E1"}
            \u{1b}[31mWARN\u{1b}[0m careful \u{9b}2J\u{202e}
            one
              two
            END RequestId: 8f1a2b3c-0000
            REPORT RequestId: 8f1a2b3c-0000    Duration: 43.21 ms    Billed Duration: 44 ms    Memory Size: 128 MB    Max Memory Used: 12 MB    Init Duration: 120.50 ms
            REPORT RequestId: 8f1a2b3c-0000    Duration: 3000.00 ms    Status: timeout
        "#]],
        );
        let message = "a\u{1b}[31m\u{9b}\u{202e}\tb";
        let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        let piped = text(&line(message), LogView { raw: true, several: true }, &now, Style::default());
        assert_eq!(piped, format!("{message}\n"), "no terminal obeys it");
    }
}
