//! The file as lines, to tell places in it.

use crate::problem::{Problem, Span};

/// The lines of a file.
pub struct Source<'a> {
    lines: Vec<&'a str>,
}

impl<'a> Source<'a> {
    /// The lines of a text.
    pub fn new(text: &'a str) -> Source<'a> {
        let mut lines = Vec::new();
        let mut rest = text;
        // A lone CR ends a line too (YAML 1.2, 5.4).
        while let Some(at) = rest.find(['\n', '\r']) {
            lines.push(&rest[..at]);
            let end = if rest[at..].starts_with("\r\n") { at + 2 } else { at + 1 };
            rest = &rest[end..];
        }
        lines.push(rest);
        Source { lines }
    }

    /// A line by its number; the first is 1.
    pub fn line(&self, number: usize) -> &'a str {
        number.checked_sub(1).and_then(|at| self.lines.get(at)).copied().unwrap_or_default()
    }

    /// The characters of a line, from a column to where its text ends.
    pub fn to_end_of_line(&self, line: usize, column: usize) -> Span {
        let end = self.line(line).trim_end().chars().count();
        Span { line, column, width: (end + 1).saturating_sub(column) }
    }

    /// One character; after the end of the file, the place after its last text. The parser may name a column after the
    /// end of a line, where it counts an invisible character twice: that is the place after the line's text.
    pub fn character(&self, line: usize, column: usize) -> Span {
        let count = self.line(line).chars().count();
        let (there, column) = (column <= count, column.min(count + 1));
        if there
            || !self.line(line).trim().is_empty()
            || (line..=self.lines.len()).any(|it| !self.line(it).trim().is_empty())
        {
            return Span { line, column, width: usize::from(there) };
        }
        let last = (1..=self.lines.len().min(line)).rev().find(|it| !self.line(*it).trim().is_empty());
        let line = last.unwrap_or(1);
        Span { line, column: self.line(line).trim_end().chars().count() + 1, width: 0 }
    }

    /// A character that is not seen, outside comments: it is taken for a space, or for nothing.
    pub fn invisible(&self) -> Option<Problem> {
        self.lines.iter().enumerate().find_map(|(at, line)| {
            let line = line.split(" #").next().unwrap_or_default();
            let seen = if line.trim_start().starts_with('#') { "" } else { line };
            let (before, (character, name, help)) =
                seen.chars().enumerate().find_map(|(before, it)| Some((before, invisible(it)?)))?;
            let span = Span { line: at + 1, column: before + 1, width: 1 };
            let label = format!("{name}, U+{:04X}, is not seen", u32::from(character));
            Some(Problem::new(span, "an invisible character", label).help(help))
        })
    }

    /// A character that no YAML file may hold.
    pub fn forbidden(&self) -> Option<Problem> {
        let forbidden = |it: char| it.is_control() && it != '\t' && it != '\u{85}';
        self.lines.iter().enumerate().find_map(|(at, line)| {
            let (before, character) = line.chars().enumerate().find(|(_, it)| forbidden(*it))?;
            let span = Span { line: at + 1, column: before + 1, width: 1 };
            let label = format!("the control character U+{:04X}", u32::from(character));
            Some(Problem::new(span, "this is not YAML", label).help("take it away"))
        })
    }
}

/// A character that is not seen, its name, and what to do about it.
fn invisible(character: char) -> Option<(char, &'static str, &'static str)> {
    const SPACE: &str =
        "write an ordinary space in its place; it often comes with text that is copied from a page";
    const NOTHING: &str = "delete it; it often comes with text that is copied from a page";
    let (name, help) = match character {
        '\u{a0}' | '\u{202f}' => ("a no-break space", SPACE),
        '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => ("a space of another width", SPACE),
        '\u{200b}'..='\u{200d}' | '\u{2060}' => ("a character of no width", NOTHING),
        '\u{ad}' => ("a soft hyphen", NOTHING),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            ("a character that changes the direction of text", NOTHING)
        }
        _ => return None,
    };
    Some((character, name, help))
}
