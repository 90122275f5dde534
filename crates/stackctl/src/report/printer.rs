//! Prints in one of the two forms: progress, errors and the end of a command.

use std::{path::Path, time::Instant};

use stackctl_aws_client::recorder::Recorder;
use stackctl_results::{json::line::Line, trace::Trace};
use stackctl_stackfile::Problem;
use stackctl_views::{
    activity::Activity,
    causes, errors,
    style::{Ink, Style, visible},
    terminal::{Terminal, standing::Standing},
};

use super::streams::Streams;
use crate::{error::Error, exit, options::Global};

/// Everything that stackctl prints.
pub struct Report {
    pub(super) streams: Streams,
    pub(super) view: View,
    pub(super) followed: Option<Followed>,
    pub(super) standing: Option<Standing>,
    pub(super) trace: Option<Trace>,
}

/// The form of the report.
pub(super) enum View {
    /// Text.
    Terminal(Terminal),
    /// JSON lines on stdout.
    Json,
}

/// Work that is followed now.
pub(super) struct Followed {
    /// The work in words, as in `looking`.
    pub(super) doing: &'static str,
    pub(super) since: Instant,
    pub(super) activity: Activity,
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

    /// Says what stands below the errors, which stay.
    pub fn state(&mut self, status: &str) {
        if let Some(standing) = &mut self.standing {
            standing.state(status);
        }
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

    /// Removes the moving lines until the next tick, so that stdout can have a line there.
    pub(super) fn clear(&mut self) {
        if let View::Terminal(terminal) = &mut self.view {
            let clear = terminal.clear(self.streams.err);
            self.streams.err(&clear);
        }
    }

    /// Prints a result on stdout, as a JSON line or as text.
    pub(super) fn show<'a>(&mut self, line: impl FnOnce() -> Line<'a>, text: impl FnOnce(Style) -> String) {
        match self.view {
            View::Json => self.json(&line()),
            View::Terminal(_) => self.say(&text(self.streams.out)),
        }
    }

    pub(super) fn json(&mut self, line: &Line<'_>) {
        self.streams.out(&line.text());
    }

    /// Prints on stderr, above the moving lines.
    pub(super) fn aside(&mut self, text: &str) {
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
