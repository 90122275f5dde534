//! What a line of a function's log says.

use crate::{
    ansi::without_sequences,
    json::JsonLine,
    level::Level,
    platform::{Platform, Report},
};

/// A line of a log, read.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// Lambda's line about the begin or the end of an invocation, or about an instance. Its report says the same.
    Folded,
    /// The figures of an invocation.
    Report(Report),
    /// A line that is a JSON object.
    Fields {
        /// The level.
        level: Option<Level>,
        /// The message; may be empty.
        message: String,
        /// The other fields.
        fields: Vec<(String, String)>,
    },
    /// Any other line.
    Text {
        /// The level.
        level: Option<Level>,
        /// The text, which may have several lines.
        text: String,
    },
}

impl Entry {
    /// Reads a message. Colours and other control sequences are removed from it; other control characters stay.
    pub fn read(message: &str) -> Entry {
        match Platform::read(message) {
            Some(Platform::Start { .. } | Platform::End { .. } | Platform::Instance) => return Entry::Folded,
            Some(Platform::Report(report)) => return Entry::Report(report),
            None => {}
        }
        if let Some(JsonLine { level, message, fields }) = JsonLine::read(message) {
            let fields = fields.into_iter().map(|(key, value)| (plain(&key), plain(&value))).collect();
            return Entry::Fields { level, message: plain(&message), fields };
        }
        let text = plain(message);
        Entry::Text { level: Level::in_text(&text), text }
    }

    /// The level.
    pub fn level(&self) -> Option<Level> {
        match self {
            Entry::Folded => None,
            Entry::Report(report) => report.failure.is_some().then_some(Level::Error),
            Entry::Fields { level, .. } | Entry::Text { level, .. } => *level,
        }
    }

    /// The figures of the invocation, where the line has them.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Entry::Report(report) => Some(report),
            Entry::Folded | Entry::Fields { .. } | Entry::Text { .. } => None,
        }
    }

    /// Whether it is an error, or a request that was refused or failed.
    pub fn is_error(&self) -> bool {
        match self {
            Entry::Folded | Entry::Report(_) | Entry::Text { .. } => self.level() == Some(Level::Error),
            Entry::Fields { level, fields, .. } => {
                let names_an_error = fields.iter().any(|(key, _)| key == "error");
                *level == Some(Level::Error) || (*level == Some(Level::Warn) && names_an_error)
            }
        }
    }
}

fn plain(text: &str) -> String {
    without_sequences(text.trim_end_matches(['\n', '\r'])).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors() {
        for (message, is_error) in [
            ("START RequestId: 8f1 Version: $LATEST", false),
            ("REPORT RequestId: 8f1\tDuration: 3 ms", false),
            ("REPORT RequestId: 8f1\tDuration: 3 ms\tStatus: timeout", true),
            ("\u{1b}[31mERROR\u{1b}[0m it failed", true),
            (r#"{"level":"error","msg":"x"}"#, true),
            (r#"{"level":"warn","msg":"x"}"#, false),
            (r#"{"route":"GET /","error":"TooLarge","status":413}"#, true),
            ("all is well", false),
        ] {
            assert_eq!(Entry::read(message).is_error(), is_error, "{message}");
        }
    }

    #[test]
    fn the_text_has_no_colours_and_its_lines_stay() {
        let text = "one\n  two".to_owned();
        assert_eq!(Entry::read("\u{1b}[32mone\u{1b}[0m\r\n  two\r\n"), Entry::Text { level: None, text });
    }

    #[test]
    fn any_text_can_be_read() {
        for message in ["{", "{\"a\":", "\u{1b}[", "REPORT RequestId: ", "\0", "\u{9b}31m", "{\"level\":99}"]
        {
            let _ = Entry::read(message);
        }
    }
}
