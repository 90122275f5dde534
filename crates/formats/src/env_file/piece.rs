//! The pieces of an env file, which together are its text.

use std::ops::Range;

/// One line with its line break, or the lines of one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// The first line of a block.
    Begin(&'a str),
    /// The last line of a block.
    End(&'a str),
    /// A variable.
    Variable {
        /// Its lines.
        text: &'a str,
        /// Its name.
        name: &'a str,
        /// The bytes of `text` that are the value, with its quotes.
        value: Range<usize>,
    },
    /// A comment, an empty line, or a name without a value.
    Other(&'a str),
}

impl<'a> Piece<'a> {
    /// The lines.
    pub fn text(&self) -> &'a str {
        match self {
            Piece::Begin(text) | Piece::End(text) | Piece::Other(text) | Piece::Variable { text, .. } => text,
        }
    }

    /// The name of a variable.
    pub fn name(&self) -> Option<&'a str> {
        match self {
            Piece::Variable { name, .. } => Some(name),
            Piece::Begin(_) | Piece::End(_) | Piece::Other(_) => None,
        }
    }

    /// The value of a variable, without quotes and escapes.
    pub fn value(&self) -> Option<String> {
        let Piece::Variable { text, value, .. } = self else { return None };
        Some(unquoted(&text[value.clone()]))
    }
}

/// A line that is not a line of an env file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotEnv {
    /// Neither a variable nor a comment.
    #[error("line {0} is not NAME=value")]
    NoVariable(usize),
    /// A value whose quote is not closed.
    #[error("line {0} has a quote that does not end")]
    OpenQuote(usize),
}

/// The pieces of a text.
///
/// # Errors
/// The first line that is not a line of an env file.
pub fn pieces<'a>(text: &'a str, begin: &str, end: &str) -> Result<Vec<Piece<'a>>, NotEnv> {
    let (mut all, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let line = &text[at..][..line_end(&text[at..])];
        let content = line.strip_prefix('\u{feff}').filter(|_| at == 0).unwrap_or(line).trim();
        let piece = if is_mark(content, begin) {
            Piece::Begin(line)
        } else if is_mark(content, end) {
            Piece::End(line)
        } else if content.is_empty() || content.starts_with('#') {
            Piece::Other(line)
        } else {
            let number = text[..at].matches('\n').count() + 1;
            variable(&text[at..], line.len(), number)?
        };
        at += piece.text().len();
        all.push(piece);
    }
    Ok(all)
}

/// Whether a line is this mark, perhaps with a remark behind it.
fn is_mark(line: &str, mark: &str) -> bool {
    line.strip_prefix(mark).is_some_and(|it| it.is_empty() || it.starts_with(char::is_whitespace))
}

/// The length of the first line, with its line break.
fn line_end(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

/// The variable, or the name alone, at the beginning of the text, whose first line has `line` bytes and this number.
fn variable(text: &str, line: usize, number: usize) -> Result<Piece<'_>, NotEnv> {
    let content = text[..line].trim_start_matches(['\u{feff}', ' ', '\t']);
    let after_export = content.strip_prefix("export").filter(|it| it.starts_with([' ', '\t']));
    let content = after_export.map_or(content, |it| it.trim_start_matches([' ', '\t']));
    let is_name = |char: char| char.is_ascii_alphanumeric() || "_-.".contains(char);
    let (name, rest) = content.split_at(content.find(|it| !is_name(it)).unwrap_or(content.len()));
    let rest = rest.trim_start_matches([' ', '\t']);
    if !name.is_empty() && is_end(rest) {
        return Ok(Piece::Other(&text[..line]));
    }
    let value = rest.strip_prefix('=').filter(|_| !name.is_empty()).ok_or(NotEnv::NoVariable(number))?;
    let value = value.trim_start_matches([' ', '\t']);
    let from = line - value.len();
    let length = match value.chars().next().filter(|it| ['"', '\'', '`'].contains(it)) {
        Some(quote) => match quoted_length(value, quote) {
            Some(length) => length,
            // As in "$HOME/bin":$PATH.
            None if unescaped(&value[1..], quote).is_some() => plain_length(value),
            None => {
                let end = unescaped(&text[from + 1..], quote).map(|at| 1 + at + 1);
                end.filter(|end| ends_line(&text[from + end..])).ok_or(NotEnv::OpenQuote(number))?
            }
        },
        None => plain_length(value),
    };
    let to = from + length;
    let end = to + line_end(&text[to..]);
    Ok(Piece::Variable { text: &text[..end], name, value: from..to })
}

/// The length of a value in quotes that ends in this line with nothing but a comment behind it.
fn quoted_length(line: &str, quote: char) -> Option<usize> {
    let ends = line.match_indices(quote).skip(1).map(|(at, _)| at + 1).filter(|end| ends_line(&line[*end..]));
    // A quote behind a backslash ends the value when no other does: some read it so, as shells do.
    let mut escaped = None;
    for end in ends {
        if is_escaped(&line[..end - 1]) {
            escaped = escaped.or(Some(end));
        } else {
            return Some(end);
        }
    }
    escaped
}

/// The place of the first quote without a backslash before it.
fn unescaped(text: &str, quote: char) -> Option<usize> {
    text.match_indices(quote).map(|(at, _)| at).find(|at| !is_escaped(&text[..*at]))
}

/// Whether the character behind this text is escaped.
fn is_escaped(before: &str) -> bool {
    before.bytes().rev().take_while(|it| *it == b'\\').count() % 2 == 1
}

/// Whether the first line of a text has nothing but a comment.
fn ends_line(text: &str) -> bool {
    is_end(&text[..line_end(text)])
}

/// Whether a line has nothing, or a comment, from here on.
fn is_end(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with('#')
}

/// The length of a value without quotes: to the end of the line, or to a comment.
fn plain_length(value: &str) -> usize {
    let line = &value[..line_end(value)];
    let comment = line.match_indices('#').find(|(at, _)| line[..*at].ends_with([' ', '\t']));
    let line = if line.starts_with('#') { "" } else { &line[..comment.map_or(line.len(), |(at, _)| at)] };
    line.trim_end().len()
}

/// The meaning of a value: what `variables::quoted` quotes, and what people write.
fn unquoted(value: &str) -> String {
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inner) = inner('\'').or_else(|| inner('`')) {
        return inner.to_owned();
    }
    let Some(inner) = inner('"') else { return value.to_owned() };
    let (mut text, mut chars) = (String::new(), inner.chars());
    while let Some(char) = chars.next() {
        match (char, chars.as_str().chars().next()) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some(next @ ('"' | '\\' | '$' | '`'))) => text.push(next),
            (char, _) => {
                text.push(char);
                continue;
            }
        }
        chars.next();
    }
    text
}
