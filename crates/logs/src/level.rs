//! The level of a line.

/// The level of a line, the least important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `TRACE`
    Trace,
    /// `DEBUG`
    Debug,
    /// `INFO`
    Info,
    /// `WARN`
    Warn,
    /// `ERROR`, `FATAL`, `CRITICAL` and the like.
    Error,
}

impl Level {
    /// The name in capitals.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Trace => "TRACE",
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
        }
    }

    /// The level with a name, in capitals or not.
    pub fn named(name: &str) -> Option<Level> {
        Some(match name.to_ascii_uppercase().as_str() {
            "TRACE" | "SILLY" => Level::Trace,
            "DEBUG" | "VERBOSE" => Level::Debug,
            "INFO" | "NOTICE" | "INFORMATION" => Level::Info,
            "WARN" | "WARNING" => Level::Warn,
            "ERROR" | "ERR" | "FATAL" | "CRITICAL" | "ALERT" | "EMERGENCY" | "PANIC" | "SEVERE" => {
                Level::Error
            }
            _ => return None,
        })
    }

    /// The level with a number, as Bunyan and Pino have them: 30 is INFO.
    pub fn numbered(number: i64) -> Option<Level> {
        Some(match number {
            10..20 => Level::Trace,
            20..30 => Level::Debug,
            30..40 => Level::Info,
            40..50 => Level::Warn,
            50..=60 => Level::Error,
            _ => return None,
        })
    }

    /// The level that a line of text has: a name in capitals among its first words, or the words of Lambda and of a
    /// panic.
    pub fn in_text(text: &str) -> Option<Level> {
        const WORDS: usize = 6;
        let first = text.lines().next().unwrap_or_default();
        let is_failure = first.contains("Task timed out after")
            || first.contains("Error: Runtime exited")
            || first.contains("' panicked at ")
            || first.starts_with("Traceback (most recent call last)");
        if is_failure {
            return Some(Level::Error);
        }
        let words = first.split_whitespace().take(WORDS).map(|it| it.trim_matches(['[', ']', ':', '|']));
        words.filter(|it| !it.is_empty() && !it.contains(char::is_lowercase)).find_map(Level::named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_text() {
        for (text, level) in [
            ("2026-11-30T02:00:00.000Z\t8f1\tERROR\tInvoke Error", Some(Level::Error)),
            ("[WARNING]\t2026-11-30T02:00:00.000Z\t8f1\tcareful", Some(Level::Warn)),
            ("2026-11-30T02:00:00.000000Z  INFO presign: done", Some(Level::Info)),
            ("an ERROR: x", Some(Level::Error)),
            ("Error: no level in capitals", None),
            ("one two three four five six ERROR", None),
            ("thread 'main' panicked at src/main.rs:3:5:", Some(Level::Error)),
            ("2026-11-30T02:00:00.000Z 8f1 Task timed out after 3.00 seconds", Some(Level::Error)),
            ("RequestId: 8f1 Error: Runtime exited with error: exit status 101", Some(Level::Error)),
            ("", None),
        ] {
            assert_eq!(Level::in_text(text), level, "{text}");
        }
    }
}
