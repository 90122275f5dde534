//! Shows work that is followed, such as the steps of a plan.

use std::time::{Duration, Instant};

use stackctl_engine::{Event, Plan, Run};
use stackctl_results::json::line::Line;
use stackctl_views::{
    activity::Activity,
    outcome::{Outcome, tally},
    run::incomplete,
    style::seconds,
};

use super::printer::{Followed, Report, View};

impl Report {
    /// Begins to follow work.
    pub fn begin(&mut self, doing: &'static str, plan: Option<&Plan>) {
        match &mut self.view {
            View::Json => {}
            View::Terminal(terminal) => {
                terminal.begin(plan);
                // The steps stand apart from the plan.
                if plan.is_some() && terminal.is_moving() {
                    self.streams.err("\n");
                }
            }
        }
        self.followed = Some(Followed { doing, since: Instant::now(), activity: Activity::default() });
    }

    /// Shows an event of the work that is followed.
    pub fn event(&mut self, event: &Event) {
        if let Some(trace) = &mut self.trace {
            trace.event(event);
        }
        let Some(Followed { activity, .. }) = &mut self.followed else { return };
        if !activity.take(event, Instant::now()) {
            return;
        }
        match &mut self.view {
            View::Json => self.json(&Line::event(event)),
            View::Terminal(terminal) => {
                let text = terminal.event(event, activity, self.streams.err_now());
                self.streams.err(&text);
                if terminal.is_moving() {
                    self.tick();
                }
            }
        }
    }

    /// Shows how long the work that is followed takes.
    pub fn tick(&mut self) {
        let Some(Followed { doing, since: _, activity }) = &self.followed else { return };
        match &mut self.view {
            View::Json => {}
            View::Terminal(terminal) => {
                let standing = self.standing.as_ref().map(|it| it.lines(self.streams.rows()));
                let standing = standing.unwrap_or_default();
                let text = terminal.tick(activity, doing, &standing, self.streams.err_now());
                self.streams.err(&text);
            }
        }
    }

    /// Says that the steps under way are finished and no step is begun.
    pub fn stopping(&mut self) {
        match self.view {
            View::Json => self.json(&Line::Stopping),
            View::Terminal(_) => {
                self.aside("finishing the steps under way; press Ctrl-C again to stop at once\n")
            }
        }
    }

    /// Shows the end of a run; as JSON, the lines of the events say it.
    pub fn ran(&mut self, run: &Run, activity: &Activity, plan: &Plan, took: Duration) {
        match self.view {
            View::Json => {}
            View::Terminal(_) if run.is_complete() => {
                self.say(&format!("\nDone in {}: {}.\n", seconds(took), tally(plan, Outcome::past)));
            }
            View::Terminal(_) => {
                let text = incomplete(run, &activity.skipped, self.streams.err);
                self.streams.err(&text);
            }
        }
    }
}
