//! The report: everything that stackctl prints. Plans and results go to stdout, progress and errors to stderr; as text,
//! or with `--json` as JSON lines on stdout.

pub mod score;
mod standing;
mod streams;

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use jiff::Zoned;
use stackctl_aws_client::recorder::Recorder;
use stackctl_aws_data::outputs::Outputs;
use stackctl_cognito::people::{Person, profile::Profile};
use stackctl_doctor::Finding;
use stackctl_engine::{Event, Plan, Run};
use stackctl_graph::Picture;
use stackctl_init::Settings;
use stackctl_localcloud::Message;
use stackctl_logs::line::LogLine;
use stackctl_results::{
    added_user::AddedUser,
    exported::Exported,
    json::line::Line,
    marking::{Adopted, Released},
    outputs_file::OutputsFile,
    status::Status,
    text::{
        checks, exported, findings, initialized,
        logs::{self, LogView},
        marking, messages, secret,
        status::text as status_text,
        users, written,
    },
    trace::Trace,
};
use stackctl_stackfile::{Problem, units::Seconds};
use stackctl_verify::verification::Check;
use stackctl_views::{
    activity::Activity,
    causes, errors,
    outcome::{Outcome, tally},
    plan,
    run::incomplete,
    style::{Ink, Style, seconds, visible},
    target::Target,
    terminal::Terminal,
};

use self::{score::Score, standing::Standing, streams::Streams};
use crate::{error::Error, exit, options::Global};

/// Everything that stackctl prints.
pub struct Report {
    streams: Streams,
    view: View,
    followed: Option<Followed>,
    standing: Option<Standing>,
    trace: Option<Trace>,
}

/// The form of the report.
enum View {
    /// Text.
    Terminal(Terminal),
    /// JSON lines on stdout.
    Json,
}

/// Work that is followed now.
struct Followed {
    /// The work in words, as in `looking`.
    doing: &'static str,
    since: Instant,
    activity: Activity,
}

impl Report {
    /// A report in the form that the arguments, the environment and the terminal ask for.
    pub fn new(global: &Global) -> Report {
        let streams = Streams::new(global);
        let view = if global.json { View::Json } else { View::Terminal(Terminal::new(streams.moves())) };
        let trace = global.trace.as_deref().map(Trace::begin);
        Report { streams, view, followed: None, standing: None, trace }
    }

    /// The recorder of requests, with `--trace`.
    pub fn recorder(&self) -> Option<Recorder> {
        self.trace.as_ref().map(Trace::recorder)
    }

    /// Whether the report is JSON lines.
    pub fn is_json(&self) -> bool {
        matches!(self.view, View::Json)
    }

    /// Whether stdout is still open.
    pub fn is_read(&self) -> bool {
        self.streams.is_open()
    }

    /// Prints a result unchanged.
    pub fn say(&mut self, text: &str) {
        self.streams.out(text);
    }

    /// Prints a line of progress.
    pub fn progress(&mut self, text: &str) {
        match self.view {
            View::Json => self.json(&Line::Progress { text }),
            View::Terminal(_) => self.aside(&format!("{}\n", visible(text))),
        }
    }

    /// Shows the problems of the file.
    pub fn problems(&mut self, problems: &[Problem], file: &Path) {
        let file = file.display().to_string();
        for problem in problems {
            match self.view {
                View::Json => self.json(&Line::problem(problem, &file)),
                View::Terminal(_) => {
                    let text = problem.render(&file, self.streams.err.colour && self.standing.is_none());
                    self.complain(&format!("{text}\n\n"));
                }
            }
        }
    }

    /// From now on errors stand below all else, where lines can be drawn over, until they are withdrawn.
    pub fn let_errors_stand(&mut self) {
        self.standing = (self.streams.moves() && !self.is_json()).then(Standing::default);
    }

    /// Withdraws the errors that stand, and says what stands below them.
    pub fn stand(&mut self, status: &str) {
        if let Some(standing) = &mut self.standing {
            *standing = Standing::of(status);
        }
    }

    /// Shows a plan.
    pub fn plan(&mut self, target: &Target, plan: &Plan) {
        match self.view {
            View::Json => self.json(&Line::plan(target, plan)),
            View::Terminal(_) => self.say(&plan::text(target, plan, self.streams.out)),
        }
    }

    /// Shows a plan as Markdown.
    pub fn markdown_plan(&mut self, target: &Target, env: Option<&str>, plan: &Plan) {
        self.say(&plan::markdown::text(target, env, plan));
    }

    /// Says that there is nothing to do; as JSON, the plan says it.
    pub fn nothing_to_do(&mut self, what: &str) {
        match self.view {
            View::Json => {}
            View::Terminal(_) => self.say(&format!("\n{what}\n")),
        }
    }

    /// Shows an IAM policy.
    pub fn policy(&mut self, what: &str, document: &serde_json::Value) {
        match self.view {
            View::Json => self.json(&Line::Policy { what, document }),
            View::Terminal(_) => self.say(&format!("{document:#}\n")),
        }
    }

    /// Shows a user who was added. No other report shows a password.
    pub fn added_user(&mut self, user: &AddedUser) {
        match self.view {
            View::Json => self.json(&Line::added_user(user)),
            View::Terminal(_) => self.say(&users::added(user, self.streams.out)),
        }
    }

    /// Shows the users of a user pool.
    pub fn users(&mut self, pool: &str, people: &[Person], addresses: bool) {
        match self.view {
            View::Json => self.json(&Line::users(pool, people)),
            View::Terminal(_) => self.say(&users::list(pool, people, addresses, self.streams.out)),
        }
    }

    /// Shows a user of a user pool.
    pub fn user(&mut self, pool: &str, profile: &Profile) {
        match self.view {
            View::Json => self.json(&Line::user_details(pool, profile)),
            View::Terminal(_) => self.say(&users::one(profile, self.streams.out)),
        }
    }

    /// Says that a user was changed, which `text` tells.
    pub fn changed_user(&mut self, pool: &str, name: &str, change: &'static str, text: &str) {
        match self.view {
            View::Json => self.json(&Line::UserChanged { pool, name, change }),
            View::Terminal(_) => self.say(text),
        }
    }

    /// Says that a user was removed from a user pool.
    pub fn removed_user(&mut self, pool: &str, name: &str) {
        match self.view {
            View::Json => self.json(&Line::UserRemoved { pool, name }),
            View::Terminal(_) => {
                self.say(&format!("Removed {} from user pool `{pool}`.\n", visible(name)));
            }
        }
    }

    /// Shows the people of each group of a user pool.
    pub fn groups(&mut self, pool: &str, groups: &BTreeMap<&str, Vec<String>>) {
        match self.view {
            View::Json => self.json(&Line::Groups { pool, groups }),
            View::Terminal(_) => self.say(&users::groups(pool, groups, self.streams.out)),
        }
    }

    /// Says that a user was added to a group.
    pub fn joined_group(&mut self, pool: &str, group: &str, name: &str) {
        match self.view {
            View::Json => self.json(&Line::GroupJoined { pool, group, name }),
            View::Terminal(_) => self.say(&format!(
                "Added {} to group `{group}` of user pool `{pool}`. It counts from the next sign-in on.\n",
                visible(name)
            )),
        }
    }

    /// Says that a user was removed from a group, and how long a token may still name it.
    pub fn left_group(&mut self, pool: &str, group: &str, name: &str, token: Option<Seconds>) {
        match self.view {
            View::Json => self.json(&Line::GroupLeft { pool, group, name }),
            View::Terminal(_) => {
                let still = token.map(|it| format!(" A page that is signed in may use it for {it} more."));
                let (name, group, still) = (visible(name), visible(group), still.unwrap_or_default());
                self.say(&format!("Removed {name} from group `{group}` of user pool `{pool}`.{still}\n"));
            }
        }
    }

    /// Shows the secret of a webhook. No other report does.
    pub fn secret(&mut self, address: &str, secret: &str, rotating: bool) {
        match self.view {
            View::Json => self.json(&Line::Secret { address, secret, rotating }),
            View::Terminal(_) => self.say(&format!("{secret}\n")),
        }
    }

    /// Says that the rotation of a secret began or is finished. `options` are those that chose the stack.
    pub fn rotated(&mut self, address: &str, bucket: &str, options: &str, finished: bool) {
        match self.view {
            View::Json => self.json(&Line::SecretRotated { address, finished }),
            View::Terminal(_) if finished => self.say(&secret::finished(address)),
            View::Terminal(_) => self.say(&secret::rotated(address, bucket, options)),
        }
    }

    /// Shows what the next apply would change of a resource that is being adopted.
    pub fn forecast(&mut self, target: &Target, changes: &Plan) {
        match self.view {
            View::Json => self.json(&Line::forecast(changes)),
            View::Terminal(_) => self.say(&marking::forecast(target, changes, self.streams.out)),
        }
    }

    /// Shows the tags that an adoption adds; as JSON, its end says it.
    pub fn new_tags(&mut self, address: &str, name: &str, tags: &BTreeMap<String, String>) {
        match self.view {
            View::Json => {}
            View::Terminal(_) => self.say(&marking::new_tags(address, name, tags, self.streams.out)),
        }
    }

    /// Says that a resource is the stack's.
    pub fn adopted(&mut self, it: &Adopted<'_>) {
        match self.view {
            View::Json => self.json(&Line::adopted(it)),
            View::Terminal(_) => self.say(&marking::adopted(it)),
        }
    }

    /// Shows the tags that a release removes; as JSON, its end says it.
    pub fn old_tags(&mut self, it: &Released<'_>) {
        match self.view {
            View::Json => {}
            View::Terminal(_) => self.say(&marking::old_tags(it, self.streams.out)),
        }
    }

    /// Says that a resource was released.
    pub fn released(&mut self, it: &Released<'_>) {
        match self.view {
            View::Json => self.json(&Line::released(it)),
            View::Terminal(_) => self.say(&marking::released(it)),
        }
    }

    /// Shows the result of a check.
    pub fn check(&mut self, check: &Check) {
        match self.view {
            View::Json => self.json(&Line::check(check)),
            View::Terminal(_) => {
                self.clear();
                if let Some(Followed { activity, .. }) = &mut self.followed {
                    // The check's waits are over.
                    activity.running.clear();
                }
                self.say(&checks::text(check, self.streams.out));
            }
        }
    }

    /// Says that all checks passed; as JSON, the line of each check says it.
    pub fn verified(&mut self, score: Score, took: Duration) {
        match self.view {
            View::Json => {}
            View::Terminal(_) => {
                self.say(&format!("\nVerified in {}: {}.\n", seconds(took), score.words()));
            }
        }
    }

    /// Shows the findings of `stackctl doctor`.
    pub fn findings(&mut self, findings: &[Finding]) {
        match self.view {
            View::Json => {
                for finding in findings {
                    self.json(&Line::finding(finding));
                }
            }
            View::Terminal(_) => self.say(&findings::text(findings, self.streams.out)),
        }
    }

    /// Shows the state of a stack.
    pub fn status(&mut self, status: &Status) {
        match self.view {
            View::Json => self.json(&Line::status(status)),
            View::Terminal(_) => self.say(&status_text(status, self.streams.out)),
        }
    }

    /// Shows the version, which `text` tells.
    pub fn version(&mut self, text: &str) {
        match self.view {
            View::Json => self.json(&Line::version()),
            View::Terminal(_) => self.say(text),
        }
    }

    /// Shows the graph of a stack, which `text` draws.
    pub fn graph(&mut self, picture: &Picture, text: &str) {
        match self.view {
            View::Json => self.json(&Line::graph(picture)),
            View::Terminal(_) => self.say(text),
        }
    }

    /// Shows the files of an export.
    pub fn exported(&mut self, it: &Exported) {
        match self.view {
            View::Json => self.json(&Line::exported(it)),
            View::Terminal(_) => self.say(&exported::text(it, self.streams.out)),
        }
    }

    /// Shows an event of a function's log.
    pub fn log(&mut self, line: &LogLine, view: LogView, now: &Zoned) {
        match self.view {
            View::Json => self.json(&Line::log(line)),
            View::Terminal(_) => {
                self.clear();
                self.say(&logs::text(line, view, now, self.streams.out));
            }
        }
    }

    /// Shows a mail of a user pool of the local cloud.
    pub fn message(&mut self, message: &Message, now: &Zoned) {
        match self.view {
            View::Json => self.json(&Line::message(message)),
            View::Terminal(_) => self.say(&messages::text(message, now, self.streams.out)),
        }
    }

    /// Shows data of the local cloud, which stands in `text` too.
    pub fn local(&mut self, text: &str, data: &serde_json::Value) {
        match self.view {
            View::Json => self.json(&Line::Local(data)),
            View::Terminal(_) => self.say(text),
        }
    }

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

    /// Ends following, and returns the activity so far.
    pub fn finish(&mut self) -> Activity {
        let Some(Followed { doing, since, activity }) = self.followed.take() else {
            return Activity::default();
        };
        if let Some(trace) = &mut self.trace {
            trace.phase(doing, since);
        }
        match &mut self.view {
            View::Json => {}
            View::Terminal(terminal) => {
                let text = terminal.finish(self.streams.err_now());
                self.streams.err(&text);
            }
        }
        activity
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

    /// Shows the outputs.
    pub fn outputs(&mut self, outputs: &Outputs) {
        match self.view {
            View::Json => self.json(&Line::Outputs(outputs)),
            View::Terminal(_) => {
                let table = stackctl_formats::table(outputs);
                if !table.is_empty() {
                    self.say(&format!("\n{table}"));
                }
            }
        }
    }

    /// Shows the files of a project that was initialized, and the next commands.
    pub fn initialized(&mut self, settings: &Settings, plan: &stackctl_init::Plan) {
        match self.view {
            View::Json => self.json(&Line::initialized(settings, plan)),
            View::Terminal(_) => self.say(&initialized::text(settings, plan, self.streams.out)),
        }
    }

    /// Shows what was written to a file of outputs, or how it differs.
    pub fn outputs_file(&mut self, file: &OutputsFile<'_>) {
        match self.view {
            View::Json => self.json(&Line::outputs_file(file)),
            View::Terminal(_) => self.say(&written::text(file, self.streams.out)),
        }
    }

    /// Shows commands that come next, to a person at a terminal.
    pub fn next_steps(&mut self, commands: &[String]) {
        if matches!(self.view, View::Json) || self.streams.out.width.is_none() || commands.is_empty() {
            return;
        }
        let commands: String = commands.iter().map(|it| format!("  {}\n", visible(it))).collect();
        let head = self.streams.out.paint(Ink::Strong, "Next:");
        self.say(&format!("\n{head}\n{commands}"));
    }

    /// Prints a question on stderr.
    pub fn ask(&mut self, question: &str) {
        let question = self.streams.err.paint(Ink::Strong, question);
        self.streams.err(&format!("\n{question} "));
    }

    /// Ends a line on stderr that the user has not ended.
    pub fn end_line(&mut self) {
        self.streams.err("\n");
    }

    /// Shows why the command failed.
    pub fn error(&mut self, error: &Error) {
        self.finish();
        match self.view {
            View::Json => {
                for failure in error.failures() {
                    self.json(&Line::failure(failure));
                }
                self.json(&Line::error(error, error.hint()));
            }
            View::Terminal(_) if error.is_users_choice() => self.complain(&format!("{error}\n")),
            View::Terminal(_) => self.error_text(error),
        }
    }

    fn error_text(&mut self, error: &Error) {
        let style = Style { colour: self.streams.err.colour && self.standing.is_none(), ..self.streams.err };
        let mut text = String::new();
        for failure in errors::failures(error.failures(), style) {
            text += &failure;
            text.push('\n');
        }
        text += &errors::text(&error.to_string(), &causes(error), error.hint().as_deref(), style);
        self.complain(&text);
    }

    /// Prints the text of an error on stderr, or lets it stand there.
    fn complain(&mut self, text: &str) {
        match &mut self.standing {
            Some(standing) => standing.complain(text),
            None => self.streams.err(text),
        }
    }

    /// Ends the report, and returns the exit code.
    pub fn end(mut self, mut code: u8) -> u8 {
        self.finish();
        self.standing = None;
        if let Some(Err((path, source))) = self.trace.take().map(Trace::write) {
            let error = Error::Io { doing: format!("write {}", path.display()), source };
            self.error(&error);
            code = code.max(error.code());
        }
        match self.view {
            View::Json => self.json(&Line::End { result: exit::word(code), exit: code }),
            View::Terminal(_) => {}
        }
        match self.streams.failure() {
            Some(source) if code == exit::DONE => {
                let error = Error::Io { doing: "write to stdout".to_owned(), source };
                self.error_text(&error);
                error.code()
            }
            Some(_) | None => code,
        }
    }

    /// Removes the moving lines until the next tick, so that stdout can have a line there.
    fn clear(&mut self) {
        if let View::Terminal(terminal) = &mut self.view {
            let clear = terminal.clear(self.streams.err);
            self.streams.err(&clear);
        }
    }

    fn json(&mut self, line: &Line<'_>) {
        self.streams.out(&line.text());
    }

    /// Prints on stderr, above the moving lines.
    fn aside(&mut self, text: &str) {
        let style = self.streams.err_now();
        match &self.view {
            View::Json => self.streams.err(text),
            View::Terminal(terminal) => {
                let text = terminal.above(text, style);
                self.streams.err(&text);
            }
        }
    }
}
