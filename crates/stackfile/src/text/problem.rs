//! A problem of the file, shown at its place.

use std::fmt;

use unicode_width::UnicodeWidthChar;

/// How much of a long line is shown, in characters.
const SHOWN: usize = 120;

/// How much of a long line is shown before the place itself.
const SHOWN_BEFORE: usize = 60;

/// A place in the file: characters of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The line; the first is 1.
    pub line: usize,
    /// The first character; the line's first is 1.
    pub column: usize,
    /// How many characters; 0 is a place between two.
    pub width: usize,
}

/// Something wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A title of a few words.
    pub title: String,
    /// Where.
    pub span: Span,
    /// The whole line, as it stands in the file.
    pub line: String,
    /// The reason, for the underlined text.
    pub label: String,
    /// A way out.
    pub help: Option<String>,
}

/// The part of a line that is worth showing, safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The text, without tabs and control characters.
    pub text: String,
    /// Columns of the terminal before the underlined part.
    pub before: usize,
    /// Columns of the terminal that are underlined; at least one.
    pub underlined: usize,
}

impl Problem {
    pub(crate) fn new(span: Span, title: impl Into<String>, label: impl Into<String>) -> Problem {
        Problem { title: title.into(), span, line: String::new(), label: label.into(), help: None }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Problem {
        Problem { help: Some(help.into()), ..self }
    }

    /// The problem as text of several lines, without colours and without a line break at its end.
    pub fn render(&self, file: &str) -> String {
        let Problem { title, span, line: _, label, help } = self;
        let Excerpt { text, before, underlined } = self.excerpt();
        let text = if text.trim().is_empty() { String::new() } else { format!(" {}", text.trim_end()) };
        let mut shown = format!(
            "error: {}\n  --> {file}:{}:{}\n{:>5} │{}\n      │ {}{} {}",
            Clean(title),
            span.line,
            span.column,
            span.line,
            text,
            " ".repeat(before),
            "^".repeat(underlined),
            Clean(label),
        );
        if let Some(help) = help {
            shown.push_str(&format!("\nhelp: {}", Clean(help)));
        }
        shown
    }

    /// The part of the line to show, and the columns to underline.
    pub fn excerpt(&self) -> Excerpt {
        let skipped = self.span.column.saturating_sub(1);
        let first = skipped.saturating_sub(SHOWN_BEFORE);
        let mut excerpt = Excerpt { text: String::new(), before: 0, underlined: 0 };
        if first > 0 {
            excerpt.text.push('…');
            excerpt.before = 1;
        }
        let mut rest = self.line.chars().enumerate().skip(first);
        for (at, character) in rest.by_ref().take(SHOWN) {
            let character = cleaned(character);
            let columns = character.width().unwrap_or(1);
            if at < skipped {
                excerpt.before += columns;
            } else if at < skipped + self.span.width {
                excerpt.underlined += columns;
            }
            excerpt.text.push(character);
        }
        if rest.next().is_some() {
            excerpt.text.push('…');
        }
        excerpt.underlined = excerpt.underlined.max(1);
        excerpt
    }
}

/// Text that can't steer a terminal.
struct Clean<'a>(&'a str);

impl fmt::Display for Clean<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|it| fmt::Write::write_char(out, cleaned(it)))
    }
}

fn cleaned(character: char) -> char {
    match character {
        '\t' => ' ',
        // Marks that turn the direction of the text around.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
        it if it.is_control() => '\u{fffd}',
        it => it,
    }
}

/// A piece of the file inside a message: in backticks, and not longer than a message can bear.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 100;
    if text.chars().count() > MOST {
        format!("`{}…`", text.chars().take(MOST).collect::<String>())
    } else {
        format!("`{text}`")
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(line: &str, (column, width): (usize, usize), expected: Expect) {
        let span = Span { line: 14, column, width };
        let problem = Problem {
            line: line.to_owned(),
            ..Problem::new(span, "unknown function", "no function has this name")
        };
        expected.assert_eq(&problem.help("did you mean `upload`?").render("stack.yaml"));
    }

    #[test]
    fn underlined_with_a_way_out() {
        check(
            "      GET /: uplaod",
            (14, 6),
            expect![[r#"
            error: unknown function
              --> stack.yaml:14:14
               14 │       GET /: uplaod
                  │              ^^^^^^ no function has this name
            help: did you mean `upload`?"#]],
        );
    }

    #[test]
    fn a_long_line_is_cut() {
        check(
            &format!("{}here{}", "x".repeat(1000), "y".repeat(1000)),
            (1001, 4),
            expect![[r#"
            error: unknown function
              --> stack.yaml:14:1001
               14 │ …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxhereyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
                  │                                                              ^^^^ no function has this name
            help: did you mean `upload`?"#]],
        );
    }

    #[test]
    fn wide_characters_and_tabs() {
        check(
            "日本: \t日本",
            (6, 2),
            expect![[r#"
            error: unknown function
              --> stack.yaml:14:6
               14 │ 日本:  日本
                  │        ^^^^ no function has this name
            help: did you mean `upload`?"#]],
        );
    }

    #[test]
    fn nothing_reaches_the_terminal() {
        check(
            "a: \u{1b}[2Jx\u{202e}",
            (4, 5),
            expect![[r#"
            error: unknown function
              --> stack.yaml:14:4
               14 │ a: �[2Jx�
                  │    ^^^^^ no function has this name
            help: did you mean `upload`?"#]],
        );
    }

    #[test]
    fn a_place_at_the_end() {
        check(
            "a:",
            (3, 0),
            expect![[r#"
            error: unknown function
              --> stack.yaml:14:3
               14 │ a:
                  │   ^ no function has this name
            help: did you mean `upload`?"#]],
        );
    }
}
