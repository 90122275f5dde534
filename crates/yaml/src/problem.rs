//! A problem of the file, shown at its place.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, renderer::DecorStyle};

/// The most columns of a line that are shown: those of a small terminal.
const SHOWN: usize = 80;

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

impl Problem {
    /// A problem without advice.
    pub fn new(span: Span, title: impl Into<String>, label: impl Into<String>) -> Problem {
        Problem { title: title.into(), span, line: String::new(), label: label.into(), help: None }
    }

    /// The same with a way out.
    pub fn help(self, help: impl Into<String>) -> Problem {
        Problem { help: Some(help.into()), ..self }
    }

    /// The problem as text of several lines, without a line break at its end and without control characters.
    pub fn render(&self, file: &str, colour: bool) -> String {
        let Problem { title, span: Span { line: number, column, width }, line, label, help } = self;
        let (title, line, label) = (cleaned(title), cleaned(line), cleaned(label));
        let at = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        let first = column.saturating_sub(1);
        // The label stands beside what is underlined.
        let most = SHOWN.saturating_sub(label.chars().count() + 8).max(8);
        let place = AnnotationKind::Primary.span(at(first)..at(first + width.min(&most))).label(&label);
        let snippet = Snippet::source(&line).line_start(*number).path(file).annotation(place);
        let help = help.as_deref().map(|it| Level::HELP.message(cleaned(it)));
        let report = Level::ERROR.primary_title(&title).element(snippet).elements(help);
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.decor_style(DecorStyle::Unicode).term_width(SHOWN).render(&[report])
    }
}

/// The text without characters that steer a terminal; as many characters as before.
fn cleaned(text: &str) -> String {
    let clean = |it: char| match it {
        '\t' => ' ',
        // Characters that change the direction of the text.
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        it if it.is_control() => '\u{fffd}',
        it => it,
    };
    text.chars().map(clean).collect()
}

/// A piece of the file inside a message: in backticks, and not longer than a message can bear.
pub fn quoted(text: &str) -> String {
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
        expected.assert_eq(&problem.help("did you mean `upload`?").render("stack.yaml", false));
    }

    #[test]
    fn underlined_with_a_way_out() {
        check(
            "      GET /: uplaod",
            (14, 6),
            expect![[r#"
                error: unknown function
                   ╭▸ stack.yaml:14:14
                   │
                14 │       GET /: uplaod
                   │              ━━━━━━ no function has this name
                   │
                   ╰ help: did you mean `upload`?"#]],
        );
    }

    #[test]
    fn a_long_line_is_cut() {
        check(
            &format!("{}here{}", "x".repeat(1000), "y".repeat(1000)),
            (1001, 4),
            expect![[r#"
                error: unknown function
                   ╭▸ stack.yaml:14:1001
                   │
                14 │ …xxxxxxxxxxxxxxxxxxxxxhereyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
                   │                       ━━━━ no function has this name
                   │
                   ╰ help: did you mean `upload`?"#]],
        );
    }

    #[test]
    fn wide_characters_and_tabs() {
        check(
            "日本: \t日本",
            (6, 2),
            expect![[r#"
                error: unknown function
                   ╭▸ stack.yaml:14:6
                   │
                14 │ 日本:  日本
                   │        ━━━━ no function has this name
                   │
                   ╰ help: did you mean `upload`?"#]],
        );
    }

    #[test]
    fn nothing_reaches_the_terminal() {
        check(
            "a: \u{1b}[2Jx\u{202e}",
            (4, 5),
            expect![[r#"
                error: unknown function
                   ╭▸ stack.yaml:14:4
                   │
                14 │ a: �[2Jx�
                   │    ━━━━━ no function has this name
                   │
                   ╰ help: did you mean `upload`?"#]],
        );
    }

    #[test]
    fn a_place_at_the_end() {
        check(
            "a:",
            (3, 0),
            expect![[r#"
                error: unknown function
                   ╭▸ stack.yaml:14:3
                   │
                14 │ a:
                   │   ━ no function has this name
                   │
                   ╰ help: did you mean `upload`?"#]],
        );
    }
}
