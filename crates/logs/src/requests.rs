//! The invocation that each event belongs to: an instance of a function handles one at a time, and has its own stream.

use std::collections::BTreeMap;

use crate::{event::LogEvent, platform::Platform};

/// The most streams that are remembered.
const MOST_STREAMS: usize = 10_000;

/// The invocations under way, by group and stream.
#[derive(Debug, Default)]
pub struct Requests(BTreeMap<(usize, String), String>);

impl Requests {
    /// The request id of the invocation that an event of a group belongs to; none where the beginning of the invocation
    /// was not seen. Takes the events in their order.
    pub fn of(&mut self, group: usize, event: &LogEvent) -> Option<String> {
        let key = || (group, event.stream.clone());
        match Platform::read(&event.message) {
            Some(Platform::Start { request }) => {
                if self.0.len() >= MOST_STREAMS {
                    self.0.clear();
                }
                self.0.insert(key(), request.clone());
                Some(request)
            }
            Some(Platform::End { request }) => {
                self.0.remove(&key());
                Some(request)
            }
            Some(Platform::Report(report)) => Some(report.request),
            Some(Platform::Instance) | None => self.0.get(&key()).cloned(),
        }
    }
}

/// Whether an event belongs to the request that `wanted` names: by the beginning of the invocation's id, or because the
/// text contains it, as the id of API Gateway.
pub fn is_of(wanted: &str, request: Option<&str>, event: &LogEvent) -> bool {
    request.is_some_and(|it| it.starts_with(wanted)) || event.message.contains(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_belong_to_the_invocation_of_their_stream() {
        let mut requests = Requests::default();
        let mut of = |stream: &str, message: &str| {
            let (id, stream) = (String::new(), stream.to_owned());
            let event = LogEvent { id, stream, time: 0, received: 0, message: message.to_owned() };
            requests.of(0, &event)
        };
        assert_eq!(of("a", "before"), None);
        assert_eq!(of("a", "START RequestId: r1 Version: 1").as_deref(), Some("r1"));
        assert_eq!(of("b", "START RequestId: r2 Version: 1").as_deref(), Some("r2"));
        assert_eq!(of("a", "one").as_deref(), Some("r1"));
        assert_eq!(of("b", "two").as_deref(), Some("r2"));
        assert_eq!(of("a", "END RequestId: r1").as_deref(), Some("r1"));
        assert_eq!(of("a", "REPORT RequestId: r1\tDuration: 1 ms").as_deref(), Some("r1"));
        assert_eq!(of("a", "after"), None);
    }
}
