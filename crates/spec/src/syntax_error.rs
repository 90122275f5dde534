//! What the YAML parser could not read, in words that help.

use saphyr_parser::ScanError;

use crate::{
    problem::{Problem, Span},
    source::Source,
};

/// The parser's error as a problem.
pub(crate) fn syntax_error(error: &ScanError, source: &Source<'_>) -> Problem {
    let (line, column) = (error.marker().line(), error.marker().col() + 1);
    let span = source.character(line, column);
    let text = source.line(span.line);
    let character = text.chars().nth(span.column - 1);
    let indentation = text.chars().take_while(|it| it.is_whitespace());
    let problem = |label: &str, help: &str| {
        Problem::new(span, "this is not YAML", label).help((!help.is_empty()).then(|| help.to_owned()))
    };
    if let Some(before) = indentation.clone().position(|it| it == '\t') {
        let span = Span { line: span.line, column: before + 1, width: 1 };
        return Problem::new(span, "this is not YAML", "a tab in the indentation")
            .help("indent with spaces".to_owned());
    }
    match error.info() {
        info if info.contains("anchor or alias") && character == Some('*') => {
            problem("YAML takes a bare `*` for an alias", "put it in quotes: `\"*\"`")
        }
        info if info.contains("anchor or alias") => {
            problem("YAML takes a bare `&` for an anchor", "put it in quotes")
        }
        info if info.contains("unknown anchor") => {
            Problem::new(span, "aliases are not read here", "YAML takes what begins with `*` for an alias")
                .help("write the value out; text that begins with `*` goes in quotes".to_owned())
        }
        info => problem(info, ""),
    }
}
