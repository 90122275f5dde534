//! The YAML parser's errors, in words that help.

use saphyr_parser::ScanError;

use crate::{
    problem::{Problem, Span, quoted},
    source::Source,
};

/// The parser's text, its meaning, and a way out. The first row that matches is used.
const MEANINGS: [(&str, &str, &str); 22] = [
    ("tabs disallowed", "no tab can stand here", "use spaces"),
    ("tab cannot be used", "no tab can stand here", "use spaces"),
    ("found a tab", "no tab can stand here", "use spaces"),
    ("start with a tab", "no tab can stand here", "use spaces"),
    ("byte order mark", "a byte order mark inside the file", "take the invisible character away"),
    ("unexpected character", "nothing can begin with this character", "put the text in quotes"),
    (
        "mapping values are not allowed",
        "no `:` can stand here",
        "does the line above lack a `:`? keys of a map begin in the same column; text with `: ` in it goes in quotes",
    ),
    (
        "illegal placement of ':'",
        "no `:` can stand here",
        "look for a `[`, `{` or quote above that is never closed",
    ),
    (
        "block mapping, did not find expected key",
        "this fits no map above it",
        "begin the keys of a map in the same column",
    ),
    (
        "did not find expected '-'",
        "this fits no list above it",
        "begin the items of a list in the same column, each with `-`",
    ),
    (
        "block sequence entries are not allowed",
        "no list can begin here",
        "begin the list on the next line, indented",
    ),
    (
        "flow mapping, did not find",
        "a `,` or `}` is wanted here",
        "close the map; put text with `{` or `}` in it in quotes",
    ),
    (
        "flow sequence, expected",
        "a `,` or `]` is wanted here",
        "close the list; put text with `[` or `]` in it in quotes",
    ),
    ("misplaced bracket", "this bracket closes nothing", "take it away, or put the text in quotes"),
    ("quoted scalar, found unexpected end", "this quote is never closed", "close it on the same line"),
    ("quoted scalar, found unexpected document", "a quote above is never closed", "close it on its own line"),
    ("indentation in quoted scalar", "this quote is never closed", "close it on the same line"),
    (
        "after double-quoted scalar",
        "nothing can follow the closing quote",
        "put all of the text inside the quotes",
    ),
    (
        "unknown escape character",
        "a `\\` that YAML does not know",
        "write `\\\\` for a `\\`, or use single quotes",
    ),
    ("simple key expect", "a `:` is wanted after this", "write `key: value`"),
    (
        "flow construct",
        "this is not indented enough to be inside the brackets above",
        "close the bracket, or indent this",
    ),
    ("document start", "no document begins here", "take away what begins with `%`, or put it in quotes"),
];

/// The parser's error as a problem.
pub fn syntax_error(error: &ScanError, source: &Source<'_>) -> Problem {
    let (line, column) = (error.marker().line(), error.marker().col() + 1);
    let span = source.character(line, column);
    let text = source.line(span.line);
    let problem = |title: &str, label: &str, help: &str| Problem::new(span, title, label).help(help);
    if let Some(before) = text.chars().take_while(|it| it.is_whitespace()).position(|it| it == '\t') {
        let span = Span { line: span.line, column: before + 1, width: 1 };
        return Problem {
            span,
            ..problem("this is not YAML", "a tab in the indentation", "indent with spaces")
        };
    }
    let info = error.info();
    if info.contains("mapping values are not allowed")
        && let Some(problem) = value_goes_on(span, source)
    {
        return problem;
    }
    let character = text.chars().nth(span.column - 1);
    if info.contains("unknown anchor") {
        let help = "write the value out; put text that begins with `*` in quotes";
        let alias =
            text.chars().skip(span.column - 1).take_while(|it| !it.is_whitespace() && !",]}".contains(*it));
        let span = Span { width: alias.count(), ..span };
        return Problem {
            span,
            ..problem("aliases are not read here", "what begins with `*` is an alias", help)
        };
    }
    if info.contains("anchor or alias") && character == Some('*') {
        let in_list = text.chars().take(span.column - 1).filter(|it| !it.is_whitespace()).last() == Some('[');
        let help = if in_list { "write `\"*\"` for any page, without the brackets" } else { "write `\"*\"`" };
        return problem("this is not YAML", "a `*` is an alias unless it is in quotes", help);
    }
    if info.contains("anchor or alias") {
        return problem(
            "this is not YAML",
            "a `&` is an anchor unless it is in quotes",
            "put the text in quotes",
        );
    }
    if info.contains("recursion limit") {
        return problem(
            "nested too deeply",
            "no stack is nested like this",
            "look for brackets that are never closed",
        );
    }
    match MEANINGS.iter().find(|(says, ..)| info.contains(says)) {
        Some((_, label, help)) => problem("this is not YAML", label, help),
        None => problem("this is not YAML", info, "look at this line and the one above it"),
    }
}

/// A `key: value` below a line that YAML continues: that line lacks its `: `, or this one is indented too much.
fn value_goes_on(span: Span, source: &Source<'_>) -> Option<Problem> {
    let is_text = |it: &&usize| {
        let line = source.line(**it).trim();
        !line.is_empty() && !line.starts_with('#')
    };
    let above = (1..span.line).collect::<Vec<_>>().iter().rev().find(is_text).copied()?;
    let indentation = |line: usize| source.line(line).chars().take_while(|it| *it == ' ').count();
    let text = source.line(above).trim();
    let begin = indentation(above) + 1;
    let has_value = text.split_once(": ").is_some_and(|(_, value)| !value.trim().is_empty());
    if has_value && indentation(span.line) > indentation(above) {
        let place = source.to_end_of_line(span.line, indentation(span.line) + 1);
        let label = format!("it is indented below line {above}, which has its value already");
        let help = "begin it in the column of the line above";
        return Some(Problem::new(place, "wrong indentation", label).help(help));
    }
    if has_value || text.ends_with(':') {
        return None;
    }
    let place = source.to_end_of_line(above, begin);
    let key: String =
        text.chars().take_while(|it| it.is_alphanumeric() || *it == '_' || *it == '-').collect();
    let value = text[key.len()..].trim_start_matches([':', '=', ' ']).trim();
    let help = match key.is_empty() || value.is_empty() {
        true => "write `key: value`".to_owned(),
        false => format!("write {}", quoted(&format!("{key}: {value}"))),
    };
    Some(Problem::new(place, "not a key and a value", "there is no `: ` in it").help(help))
}
