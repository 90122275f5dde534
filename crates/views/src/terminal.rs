//! The report as text: moving lines on a terminal, plain lines in a log.

pub mod standing;

use std::time::Instant;

use stackctl_engine::{Event, Plan};

use crate::{activity::Activity, lines::Lines, live::Live, style::Style};

pub use crate::live::FRAME;

/// The state of stderr while work is followed. The caller writes every returned text to stderr.
#[derive(Debug)]
pub struct Terminal {
    /// Whether lines on stderr can be drawn over.
    moves: bool,
    live: Option<Live>,
    lines: Lines,
}

impl Terminal {
    /// A terminal on which nothing is followed.
    pub fn new(moves: bool) -> Terminal {
        Terminal { moves, live: None, lines: Lines::default() }
    }

    /// Begins to follow work.
    pub fn begin(&mut self, plan: Option<&Plan>) {
        self.live = self.moves.then(|| Live::new(plan));
        self.lines = Lines::default();
    }

    /// The text of an event that `activity` has taken.
    pub fn event(&mut self, event: &Event, activity: &Activity, style: Style) -> String {
        let line = match &mut self.live {
            Some(live) => live.line(event, activity, style).map(|line| line + "\n"),
            None => self.lines.of(event),
        };
        line.map(|line| self.above(&line, style)).unwrap_or_default()
    }

    /// The text of a moment: standing and moving lines, or the waits that have become long.
    pub fn tick(&mut self, activity: &Activity, doing: &str, standing: &[String], style: Style) -> String {
        match &mut self.live {
            Some(live) => live.draw(activity, doing, standing, style, Instant::now()),
            None => self.lines.long_waits(activity, Instant::now()),
        }
    }

    /// Whether lines move now.
    pub fn is_moving(&self) -> bool {
        self.live.is_some()
    }

    /// Puts a text above the moving lines.
    pub fn above(&self, text: &str, style: Style) -> String {
        match &self.live {
            Some(live) => live.above(text, style),
            None => text.to_owned(),
        }
    }

    /// Removes the moving lines until the next tick.
    pub fn clear(&mut self, style: Style) -> String {
        self.live.as_mut().map(|live| live.clear(style)).unwrap_or_default()
    }

    /// Ends following, and removes the moving lines.
    pub fn finish(&mut self, style: Style) -> String {
        self.live.take().map(|mut live| live.clear(style)).unwrap_or_default()
    }
}
