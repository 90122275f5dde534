//! Events of a log group, and the requests and pages in which they are read.

/// An event of a log group. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// The id, which no other event of the log group has.
    pub id: String,
    /// The log stream; each instance of a function has its own.
    pub stream: String,
    /// When the function logged it.
    pub time: i64,
    /// When CloudWatch Logs received it, by AWS's clock.
    pub received: i64,
    /// The text, unchanged.
    pub message: String,
}

/// A request for a page of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Older events are left out.
    pub since: i64,
    /// The token of the page before.
    pub token: Option<String>,
}

/// A page of events. It may be empty although others follow (LOG-08).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The events.
    pub events: Vec<LogEvent>,
    /// The token of the next page; none: there are no more events now.
    pub next: Option<String>,
}
