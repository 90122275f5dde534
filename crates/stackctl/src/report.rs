//! All that stackctl says: plans and results on stdout, progress and errors on stderr; in a terminal, in a log, or as
//! JSON lines.

pub mod activity;
pub mod exposures;
pub mod outcome;
#[cfg(test)]
pub mod samples;
mod streams;
mod trace;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use stackctl_aws::{client::recorder::Recorder, outputs::Outputs, people::Person, verify::Check};
use stackctl_engine::{Event, Plan, apply::Run};
use stackctl_stackfile::Problem;

use self::{
    activity::Activity,
    outcome::{Outcome, tally},
    streams::Streams,
    trace::Trace,
};
use crate::{
    error::Error,
    exit,
    json::line::Line,
    options::Global,
    terminal::{
        checks::{self, Score},
        errors,
        lines::Lines,
        live::Live,
        plan::{self, Place},
        problem,
        style::{Ink, seconds, visible},
        users::{self, Welcome},
    },
};

pub use crate::terminal::live::FRAME;

/// All that stackctl says.
pub struct Report {
    streams: Streams,
    form: Form,
    view: Option<View>,
    trace: Option<Trace>,
}

/// In which form a run is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Moving, on a terminal.
    Live,
    /// Lines.
    Plain,
    /// JSON lines on stdout.
    Json,
}

/// What is followed at the moment.
struct View {
    doing_what: &'static str,
    since: Instant,
    activity: Activity,
    live: Option<Live>,
    lines: Lines,
}

impl Report {
    /// A report in the form that the arguments, the environment and the terminal ask for.
    pub fn new(global: &Global) -> Report {
        let streams = Streams::new(global);
        let form = match (global.json, streams.moves()) {
            (true, _) => Form::Json,
            (false, true) => Form::Live,
            (false, false) => Form::Plain,
        };
        let trace = global.trace.as_deref().map(Trace::begin);
        Report { streams, form, view: None, trace }
    }

    /// Where requests are recorded, when a timeline is wanted.
    pub fn recorder(&self) -> Option<Recorder> {
        self.trace.as_ref().map(Trace::recorder)
    }

    /// Whether everything is told as JSON lines.
    pub fn is_json(&self) -> bool {
        self.form == Form::Json
    }

    /// Whether somebody may still read stdout.
    pub fn is_read(&self) -> bool {
        self.streams.is_open()
    }

    /// Says something that was asked for.
    pub fn say(&mut self, text: &str) {
        self.streams.out(text);
    }

    /// Says a JSON line.
    pub fn json(&mut self, line: &Line<'_>) {
        self.streams.out(&line.text());
    }

    /// Says something on the way.
    pub fn progress(&mut self, text: &str) {
        match self.form {
            Form::Json => self.json(&Line::Progress { text }),
            Form::Live | Form::Plain => self.aside(&format!("{}\n", visible(text))),
        }
    }

    /// Shows what is wrong with the file.
    pub fn problems(&mut self, problems: &[Problem], file: &Path) {
        let file = file.display().to_string();
        for problem in problems {
            match self.form {
                Form::Json => self.json(&Line::problem(problem, &file)),
                Form::Live | Form::Plain => {
                    let text = problem::text(problem, &file, self.streams.err);
                    self.streams.err(&text);
                }
            }
        }
    }

    /// Shows a plan.
    pub fn plan(&mut self, place: &Place, plan: &Plan) {
        match self.form {
            Form::Json => self.json(&Line::plan(place, plan)),
            Form::Live | Form::Plain => {
                let text = plan::text(place, plan, self.streams.out);
                self.say(&text);
            }
        }
    }

    /// Says that there is nothing to do; as JSON the plan says it.
    pub fn nothing_to_do(&mut self, what: &str) {
        match self.form {
            Form::Json => {}
            Form::Live | Form::Plain => self.say(&format!("\n{what}\n")),
        }
    }

    /// Shows an IAM policy.
    pub fn policy(&mut self, what: &str, document: &serde_json::Value) {
        match self.form {
            Form::Json => self.json(&Line::Policy { what, document }),
            Form::Live | Form::Plain => self.say(&format!("{document:#}\n")),
        }
    }

    /// Says that somebody was added to a user pool; the only place where their password is shown.
    pub fn welcome(&mut self, welcome: &Welcome) {
        match self.form {
            Form::Json => self.json(&Line::welcome(welcome)),
            Form::Live | Form::Plain => {
                let text = welcome.text(self.streams.out);
                self.say(&text);
            }
        }
    }

    /// Shows the people of a user pool.
    pub fn people(&mut self, pool: &str, people: &[Person], addresses: bool) {
        match self.form {
            Form::Json => self.json(&Line::users(pool, people)),
            Form::Live | Form::Plain if people.is_empty() => {
                self.say(&format!(
                    "nobody is in the user pool {pool}; add people with `stackctl user add`\n"
                ));
            }
            Form::Live | Form::Plain => {
                let text = users::table(people, addresses, self.streams.out);
                self.say(&text);
            }
        }
    }

    /// Says that somebody was removed from a user pool.
    pub fn removed(&mut self, pool: &str, name: &str) {
        match self.form {
            Form::Json => self.json(&Line::UserRemoved { pool, name }),
            Form::Live | Form::Plain => {
                self.say(&format!("Removed {} from the user pool {pool}.\n", visible(name)));
            }
        }
    }

    /// Tells what came of a check, and counts it.
    pub fn check(&mut self, check: &Check, score: &mut Score) {
        score.count(&check.verdict);
        if self.form == Form::Json {
            return self.json(&Line::check(check));
        }
        let text = checks::text(check, self.streams.out);
        if let Some(View { activity, live, .. }) = &mut self.view {
            // What it waited for is over.
            activity.running.clear();
            if let Some(live) = live {
                let clear = live.clear(self.streams.err);
                self.streams.err(&clear);
            }
        }
        self.say(&text);
    }

    /// Says that all checks passed.
    pub fn verified(&mut self, score: Score, took: Duration) {
        match self.form {
            // Each was told when it was made.
            Form::Json => {}
            Form::Live | Form::Plain => {
                self.say(&format!("\nVerified in {}: {}.\n", seconds(took), score.words()));
            }
        }
    }

    /// Shows what there is of the local cloud.
    pub fn local(&mut self, text: &str, data: &serde_json::Value) {
        match self.form {
            Form::Json => self.json(&Line::Local(data)),
            Form::Live | Form::Plain => self.say(text),
        }
    }

    /// Begins to follow something.
    pub fn begin(&mut self, doing_what: &'static str, plan: Option<&Plan>) {
        let live = (self.form == Form::Live).then(|| Live::new(plan));
        let (since, activity, lines) = (Instant::now(), Activity::default(), Lines::default());
        self.view = Some(View { doing_what, since, activity, live, lines });
    }

    /// Tells an event of what is followed.
    pub fn event(&mut self, event: &Event) {
        let style = self.streams.err;
        if let Some(trace) = &mut self.trace {
            trace.event(event);
        }
        let Some(view) = &mut self.view else { return };
        if !view.activity.take(event, Instant::now()) {
            return;
        }
        let line = match (self.form, &mut view.live) {
            (Form::Json, _) => return self.json(&Line::event(event)),
            (Form::Live, Some(live)) => live.line(event, &view.activity, style).map(|line| line + "\n"),
            (Form::Live, None) | (Form::Plain, _) => view.lines.of(event),
        };
        if let Some(line) = line {
            self.aside(&line);
        }
        if self.form == Form::Live {
            self.tick();
        }
    }

    /// Shows how time passes.
    pub fn tick(&mut self) {
        let style = self.streams.err_now();
        let Some(View { doing_what, since: _, activity, live, lines }) = &mut self.view else { return };
        let text = match (self.form, live) {
            (Form::Live, Some(live)) => live.draw(activity, doing_what, style, Instant::now()),
            (Form::Live, None) | (Form::Plain, _) => lines.long_waits(activity, Instant::now()),
            (Form::Json, _) => return,
        };
        self.streams.err(&text);
    }

    /// Says that what has begun is finished and nothing new is begun.
    pub fn stopping(&mut self) {
        match self.form {
            Form::Json => self.json(&Line::Stopping),
            Form::Live | Form::Plain => {
                self.aside("finishing what has begun; press Ctrl-C again to leave it\n")
            }
        }
    }

    /// Ends following, and returns what was seen.
    pub fn finish(&mut self) -> Activity {
        let Some(view) = self.view.take() else { return Activity::default() };
        if let Some(trace) = &mut self.trace {
            trace.phase(view.doing_what, view.since);
        }
        if let Some(mut live) = view.live {
            let text = live.clear(self.streams.err_now());
            self.streams.err(&text);
        }
        view.activity
    }

    /// Says what became of a run.
    pub fn ran(&mut self, run: &Run, activity: &Activity, plan: &Plan, took: Duration) {
        let style = self.streams.err;
        match self.form {
            // Each was told when it happened.
            Form::Json => {}
            Form::Live | Form::Plain if run.is_complete() => {
                self.say(&format!("\nDone in {}: {}.\n", seconds(took), tally(plan, Outcome::past)));
            }
            Form::Live | Form::Plain => {
                let mut text = String::new();
                for failure in errors::failures(&run.failures, style) {
                    text += &format!("\n{failure}");
                }
                if !run.skipped.is_empty() {
                    text += "\nnot begun:\n";
                }
                for address in &run.skipped {
                    let because = activity.skipped.iter().find(|(it, _)| it == address);
                    let because = because.and_then(|(_, because)| because.as_ref());
                    let because = because.map(|it| format!(" (needs {it})")).unwrap_or_default();
                    text += &format!("  {address}{because}\n");
                }
                text.push('\n');
                self.streams.err(&text);
            }
        }
    }

    /// Shows the outputs.
    pub fn outputs(&mut self, outputs: &Outputs) {
        match self.form {
            Form::Json => self.json(&Line::Outputs(outputs)),
            Form::Live | Form::Plain => {
                let table = crate::formats::table(outputs);
                if !table.is_empty() {
                    self.say(&format!("\n{table}"));
                }
            }
        }
    }

    /// Asks on stderr; the answer is read elsewhere.
    pub fn ask(&mut self, question: &str) {
        let question = self.streams.err.paint(Ink::Strong, question);
        self.streams.err(&format!("\n{question} "));
    }

    /// Says why the command did not do what it was asked.
    pub fn error(&mut self, error: &Error) {
        self.finish();
        let causes = crate::error::causes(error);
        let hint = error.hint();
        if self.form == Form::Json {
            for failure in error.failures() {
                self.json(&Line::failure(failure));
            }
            let (address, step, error) = (None, None, error.to_string());
            return self.json(&Line::Failed { address, step, error, causes, hint });
        }
        let style = self.streams.err;
        let mut text = String::new();
        for failure in errors::failures(error.failures(), style) {
            text += &failure;
            text.push('\n');
        }
        text += &errors::text(&error.to_string(), &causes, hint.as_deref(), style);
        self.streams.err(&text);
    }

    /// Says that it is over, and returns the exit code.
    pub fn end(mut self, mut code: u8) -> u8 {
        self.finish();
        if let Some(Err((path, source))) = self.trace.take().map(Trace::write) {
            let error = Error::Io { doing: format!("write {}", path.display()), source };
            self.error(&error);
            code = code.max(error.code());
        }
        if self.form == Form::Json {
            let result = match code {
                exit::DONE => "done",
                exit::DIFFERENCES => "differences",
                exit::USAGE => "usage",
                _ => "failed",
            };
            self.json(&Line::End { result, exit: code });
        }
        match self.streams.failure() {
            Some(source) if code == exit::DONE => {
                let error = Error::Io { doing: "write to stdout".to_owned(), source };
                self.form = Form::Plain;
                self.error(&error);
                error.code()
            }
            Some(_) | None => code,
        }
    }

    /// Says something on stderr, above what moves there.
    fn aside(&mut self, text: &str) {
        let style = self.streams.err_now();
        match &self.view {
            Some(View { live: Some(live), .. }) => {
                let text = live.above(text, style);
                self.streams.err(&text);
            }
            Some(View { live: None, .. }) | None => self.streams.err(text),
        }
    }
}
