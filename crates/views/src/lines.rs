//! A run as plain lines, for logs: one for each finished step and each long wait.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use stackctl_engine::{Address, Event};

use crate::{
    activity::Activity,
    style::{seconds, visible},
};

/// A shorter wait has no line.
const LONG: Duration = Duration::from_secs(2);

/// A run as plain lines.
#[derive(Debug, Default)]
pub struct Lines {
    /// The waits that were reported.
    told: BTreeSet<(Address, String)>,
}

impl Lines {
    /// The line of an event; none for the begin of a step or a wait.
    pub fn of(&self, event: &Event) -> Option<String> {
        match event {
            Event::Done { address, step, took } => {
                Some(format!("{address}: {} ({})\n", visible(step.action), seconds(*took)))
            }
            Event::Failed(failure) => {
                Some(format!("{}: {} failed\n", failure.address, visible(failure.step.action)))
            }
            Event::Skipped { address, because } => {
                Some(format!("{address}: {}\n", why_skipped(because.as_ref())))
            }
            Event::Began { .. } | Event::Waiting { .. } => None,
        }
    }

    /// The lines of waits that have become long.
    pub fn long_waits(&mut self, activity: &Activity, now: Instant) -> String {
        let mut lines = String::new();
        for (address, doing) in &activity.running {
            let Some((for_what, since)) = &doing.wait else { continue };
            // A wait for another user's run is reported at once, with that user's name.
            let worth_it = address.kind == "lock" || now.saturating_duration_since(*since) >= LONG;
            if worth_it && self.told.insert((address.clone(), for_what.clone())) {
                lines.push_str(&format!("{address}: waiting for {}\n", visible(for_what)));
            }
        }
        lines
    }
}

/// The reason why a resource was skipped.
pub fn why_skipped(because: Option<&Address>) -> String {
    match because {
        Some(other) => format!("skipped, because it needs {other}"),
        None => "skipped".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::samples;

    fn check(events: Vec<Event>, expected: Expect) {
        let (mut lines, mut activity, start) = (Lines::default(), Activity::default(), Instant::now());
        let mut text = String::new();
        for event in events {
            activity.take(&event, start);
            text += &lines.of(&event).unwrap_or_default();
            text += &lines.long_waits(&activity, start + Duration::from_secs(1));
            for _ in 0..2 {
                text += &lines.long_waits(&activity, start + Duration::from_secs(3));
            }
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn a_run() {
        check(
            samples::run(),
            expect![[r#"
                bucket.uploads: create (0.12 s)
                bucket.uploads: set CORS (0.03 s)
                function.presign: waiting for the role to become usable by Lambda
                function.presign: create failed
                rest_api.uploads: skipped, because it needs function.presign
                user_pool.users: skipped
            "#]],
        );
    }
}
