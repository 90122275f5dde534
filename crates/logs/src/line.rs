//! The lines that are shown: events with their function, filtered.

use crate::{
    entry::Entry,
    event::LogEvent,
    requests::{Requests, is_of},
};

/// An event of a function's log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// The logical name of the function.
    pub function: String,
    /// The request id of the invocation, where its beginning was seen.
    pub request: Option<String>,
    /// What the message says.
    pub entry: Entry,
    /// The event.
    pub event: LogEvent,
}

/// Which events are shown.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only errors.
    pub errors: bool,
    /// Only events of the request with this id, or of those whose ids begin so.
    pub request: Option<String>,
}

/// Reads events into lines.
#[derive(Debug)]
pub struct Reader {
    functions: Vec<String>,
    filter: Filter,
    requests: Requests,
}

impl Reader {
    /// A reader of the log groups of functions, which are numbered in their order.
    pub fn new(functions: Vec<String>, filter: Filter) -> Reader {
        Reader { functions, filter, requests: Requests::default() }
    }

    /// The line of an event of a log group; none: the filter leaves it out.
    pub fn read(&mut self, group: usize, event: LogEvent) -> Option<LogLine> {
        let Filter { errors, request: wanted } = &self.filter;
        let request = self.requests.of(group, &event);
        if wanted.as_ref().is_some_and(|wanted| !is_of(wanted, request.as_deref(), &event)) {
            return None;
        }
        let entry = Entry::read(&event.message);
        if *errors && !entry.is_error() {
            return None;
        }
        let function = self.functions.get(group).cloned().unwrap_or_default();
        Some(LogLine { function, request, entry, event })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters() {
        let messages = [
            "START RequestId: r1 Version: 1",
            "all is well",
            "ERROR it failed",
            "END RequestId: r1",
            "REPORT RequestId: r1\tDuration: 3 ms",
            "START RequestId: r2 Version: 1",
            r#"{"requestId":"api-7","error":"TooLarge","status":413}"#,
        ];
        let shown = |filter: &Filter| {
            let mut reader = Reader::new(vec!["f".to_owned()], filter.clone());
            let events = messages.iter().enumerate().map(|(at, message)| LogEvent {
                id: at.to_string(),
                stream: "s".to_owned(),
                time: 0,
                received: 0,
                message: (*message).to_owned(),
            });
            let lines: Vec<_> = events.filter_map(|it| reader.read(0, it)).map(|it| it.event.id).collect();
            lines.join(" ")
        };
        let request = |id: &str| Some(id.to_owned());
        assert_eq!(shown(&Filter::default()), "0 1 2 3 4 5 6");
        assert_eq!(shown(&Filter { errors: true, request: None }), "2 6");
        assert_eq!(shown(&Filter { errors: false, request: request("r1") }), "0 1 2 3 4");
        assert_eq!(shown(&Filter { errors: false, request: request("api-7") }), "6");
        assert_eq!(shown(&Filter { errors: true, request: request("r1") }), "2");
    }
}
