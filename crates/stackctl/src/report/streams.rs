//! stdout and stderr: whether they are terminals, and writing to them, also after their reader has closed them.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

use stackctl_views::style::Style;

use crate::options::{Color, Global};

/// stdout and stderr.
pub struct Streams {
    /// The style of text on stdout.
    pub out: Style,
    /// The style of text on stderr.
    pub err: Style,
    err_moves: bool,
    failure: Option<io::Error>,
}

impl Streams {
    /// The streams of this process.
    pub fn new(global: &Global) -> Streams {
        let set = |name: &str| env::var_os(name).is_some_and(|it| !it.is_empty());
        let dumb = env::var_os("TERM").is_none_or(|it| it == "dumb");
        let style = |is_terminal: bool| Style {
            colour: match global.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto if set("NO_COLOR") => false,
                Color::Auto => (is_terminal && !dumb) || set("CLICOLOR_FORCE"),
            },
            width: is_terminal.then(columns).flatten(),
            verbose: global.verbose,
        };
        let err_is_terminal = io::stderr().is_terminal();
        let (out, err) = (style(io::stdout().is_terminal()), style(err_is_terminal));
        // Lines are drawn over only in a terminal of known width.
        Streams { out, err, err_moves: err.width.is_some() && !dumb, failure: None }
    }

    /// The style of text on stderr now; the width of a terminal may have changed.
    pub fn err_now(&mut self) -> Style {
        if self.err.width.is_some() {
            self.err.width = columns().or(self.err.width);
        }
        self.err
    }

    /// The rows of the terminal, if stderr or stdout is one.
    pub fn rows(&self) -> Option<usize> {
        size().map(|(_, rows)| rows)
    }

    /// Whether lines on stderr can be drawn over.
    pub fn moves(&self) -> bool {
        self.err_moves
    }

    /// Writes to stdout. The command continues when its reader has closed stdout.
    pub fn out(&mut self, text: &str) {
        if self.failure.is_some() {
            return;
        }
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            self.failure = Some(error);
        }
    }

    /// Whether all writes to stdout succeeded so far.
    pub fn is_open(&self) -> bool {
        self.failure.is_none()
    }

    /// Writes to stderr. A failure can't be reported.
    pub fn err(&mut self, text: &str) {
        let mut err = io::stderr().lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// The error of a write to stdout, unless the reader has closed it.
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failure.take().filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }
}

fn columns() -> Option<usize> {
    size().map(|(columns, _)| columns).filter(|columns| *columns >= 20)
}

/// The columns and rows of the terminal.
fn size() -> Option<(usize, usize)> {
    let size = terminal_size::terminal_size_of(io::stderr());
    let (columns, rows) = size.or_else(|| terminal_size::terminal_size_of(io::stdout()))?;
    Some((usize::from(columns.0), usize::from(rows.0)))
}
