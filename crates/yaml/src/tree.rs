//! YAML to a tree in which everything knows its place. Anchors, aliases, merge keys and tags are refused:
//! `stack.yaml` says what it means where it says it, and a small file stays small.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as EventSpan, StrInput};

use crate::{
    problem::{Problem, Span, quoted},
    source::Source,
    syntax_error::syntax_error,
};

/// A file longer than this is not read: it is not a stack.
pub const MOST_BYTES: usize = 256 * 1024;

/// Nothing in a stack is nested half as deep.
const MOST_NESTED: usize = 64;

/// A value and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What to underline; for a map or list over several lines, the key it belongs to.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A YAML value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Null, or no value.
    Nothing,
    /// A text or number.
    Scalar {
        /// Its text.
        text: String,
        /// Whether it stands without quotes.
        plain: bool,
    },
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry>),
    /// A problem has been told of it already.
    Unreadable,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The place of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// The key, to be read as a value.
    pub fn key_node(&self) -> Node {
        Node { span: self.key_span, value: Value::Scalar { text: self.key.clone(), plain: false } }
    }
}

impl Node {
    /// A plain scalar that stands in no file.
    pub fn plain(text: &str) -> Node {
        let span = Span { line: 1, column: 1, width: 0 };
        Node { span, value: Value::Scalar { text: text.to_owned(), plain: true } }
    }

    /// The entries of a map; of anything else, none.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Nothing | Value::Scalar { .. } | Value::List(_) | Value::Unreadable => &[],
        }
    }

    /// The entries of a map, to be changed; of anything else, none.
    pub fn entries_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.value {
            Value::Map(entries) => Some(entries),
            Value::Nothing | Value::Scalar { .. } | Value::List(_) | Value::Unreadable => None,
        }
    }

    /// The entry of a map with this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// Where the value at a path of keys stands; where it is left out, the key that could hold it.
    pub fn span_at(&self, path: &[&str]) -> Span {
        match self.deepest(path) {
            (Some(entry), true) => entry.value.span,
            (Some(entry), false) => entry.key_span,
            (None, _) => self.span,
        }
    }

    /// Where the last key of a path stands.
    pub fn key_span_at(&self, path: &[&str]) -> Span {
        self.deepest(path).0.map_or(self.span, |entry| entry.key_span)
    }

    /// The last entry on a path, and whether the path ends there.
    fn deepest(&self, path: &[&str]) -> (Option<&Entry>, bool) {
        let (mut found, mut node) = (None, self);
        for key in path {
            let Some(entry) = node.entry(key) else { return (found, false) };
            (found, node) = (Some(entry), &entry.value);
        }
        (found, true)
    }
}

/// The problem of a file that is longer than is read at all.
pub fn too_large() -> Problem {
    let top = Span { line: 1, column: 1, width: 0 };
    let label = format!("more than {} KB", MOST_BYTES / 1024);
    Problem::new(top, "the file is too large", label).help("is it the right file?")
}

/// Reads a file. Without a tree, the problems say why there is none.
pub fn read(text: &str, source: &Source<'_>) -> (Option<Node>, Vec<Problem>) {
    if let Some(problem) = source.forbidden().or_else(|| source.invisible()) {
        return (None, vec![problem]);
    }
    let mut builder = Builder { events: Parser::new_from_str(text), source, problems: Vec::new() };
    match builder.file() {
        Ok(node) => (Some(node), builder.problems),
        Err(fatal) => {
            builder.problems.push(fatal);
            (None, builder.problems)
        }
    }
}

/// Builds the tree from the parser's events; an error is one that nothing can be read after.
struct Builder<'a> {
    events: Parser<'a, StrInput<'a>>,
    source: &'a Source<'a>,
    problems: Vec<Problem>,
}

impl<'a> Builder<'a> {
    fn file(&mut self) -> Result<Node, Problem> {
        let mut root = None;
        while let Some((event, span)) = self.next()? {
            match event {
                Event::DocumentStart(_) if root.is_some() => {
                    let span = self.source.to_end_of_line(span.start.line(), span.start.col() + 1);
                    let problem = Problem::new(span, "a second document", "a stack is one document");
                    return Err(problem.help("take the `---` away, or give each stack a file of its own"));
                }
                Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Nothing => {}
                event => root = Some(self.node(event, span, None, 0)?),
            }
        }
        let nothing = Node { span: Span { line: 1, column: 1, width: 0 }, value: Value::Nothing };
        Ok(root.unwrap_or(nothing))
    }

    fn next(&mut self) -> Result<Option<(Event<'a>, EventSpan)>, Problem> {
        match self.events.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => Err(syntax_error(&error, self.source)),
        }
    }

    /// The node that begins with an event. `key` is the place of the key it belongs to.
    fn node(
        &mut self,
        event: Event<'a>,
        span: EventSpan,
        key: Option<Span>,
        depth: usize,
    ) -> Result<Node, Problem> {
        let start = self.place(&span);
        if depth > MOST_NESTED {
            let label = format!("more than {MOST_NESTED} levels");
            return Err(Problem::new(start, "nested too deeply", label).help("a stack has six or so"));
        }
        let value = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = matches!(style, ScalarStyle::Plain);
                let value = match text.as_ref() {
                    "" | "~" | "null" | "Null" | "NULL" if plain => Value::Nothing,
                    text => Value::Scalar { text: text.to_owned(), plain },
                };
                let span = if start.width == 0 { key.unwrap_or(start) } else { start };
                let strange = self.refuse_anchor(anchor, start) | self.refuse_tag(tag.is_some(), start);
                return Ok(Node { span, value: if strange { Value::Unreadable } else { value } });
            }
            Event::Alias(_) => {
                let problem = Problem::new(start, "aliases are not read here", "an alias of YAML");
                self.problems.push(problem.help("write the value out"));
                Value::Unreadable
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_anchor(anchor, key.unwrap_or(start));
                self.refuse_tag(tag.is_some(), key.unwrap_or(start));
                return self.list(start, key, depth);
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_anchor(anchor, key.unwrap_or(start));
                self.refuse_tag(tag.is_some(), key.unwrap_or(start));
                return self.map(start, key, depth);
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => Value::Unreadable,
        };
        Ok(Node { span: start, value })
    }

    fn list(&mut self, start: Span, key: Option<Span>, depth: usize) -> Result<Node, Problem> {
        let mut items: Vec<Node> = Vec::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::SequenceEnd {
                let first = items.first().map(|it| it.span);
                return Ok(Node { span: self.whole(start, &span, key, first), value: Value::List(items) });
            }
            items.push(self.node(event, span, None, depth + 1)?);
        }
        Ok(Node { span: start, value: Value::Unreadable })
    }

    fn map(&mut self, start: Span, key: Option<Span>, depth: usize) -> Result<Node, Problem> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        while let Some((event, span)) = self.next()? {
            if event == Event::MappingEnd {
                let first = entries.first().map(|it| it.key_span);
                return Ok(Node { span: self.whole(start, &span, key, first), value: Value::Map(entries) });
            }
            let key = self.key(event, span, depth)?;
            let Some((event, span)) = self.next()? else { break };
            let value = self.node(event, span, key.as_ref().map(|it| it.1), depth + 1)?;
            let Some((key, key_span)) = key else { continue };
            match lines.get(&key) {
                Some(line) => {
                    let label = format!("{} is written in line {line} already", quoted(&key));
                    let problem = Problem::new(key_span, "written twice", label);
                    self.problems.push(problem.help("keep one of the two"));
                }
                None => {
                    lines.insert(key.clone(), key_span.line);
                    entries.push(Entry { key, key_span, value });
                }
            }
        }
        Ok(Node { span: start, value: Value::Unreadable })
    }

    /// A key's text; nothing when it is none that can be read.
    fn key(
        &mut self,
        event: Event<'a>,
        span: EventSpan,
        depth: usize,
    ) -> Result<Option<(String, Span)>, Problem> {
        let plain_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
        let empty = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty());
        let text = match &event {
            Event::Scalar(text, ..) => Some(text.to_string()),
            _ => None,
        };
        let node = self.node(event, span, None, depth + 1)?;
        if plain_merge {
            let problem = Problem::new(node.span, "merge keys are not read here", "a merge key of YAML");
            self.problems.push(problem.help("write the values out; overlays go under `envs`"));
            return Ok(None);
        }
        match (text, &node.value) {
            (_, Value::Unreadable) => Ok(None),
            (Some(text), _) if !empty => Ok(Some((text, node.span))),
            (_, Value::List(_) | Value::Map(_)) => {
                self.problems.push(
                    Problem::new(node.span, "not a key", "a key is text")
                        .help("put text with `{…}` or `[…]` in quotes"),
                );
                Ok(None)
            }
            (_, Value::Nothing | Value::Scalar { .. }) => {
                let problem = Problem::new(node.span, "not a key", "there is no key before the `:`");
                self.problems.push(problem.help("write one, or take the `:` away"));
                Ok(None)
            }
        }
    }

    fn refuse_anchor(&mut self, anchor: usize, span: Span) -> bool {
        if anchor > 0 {
            let problem = Problem::new(span, "anchors are not read here", "an anchor of YAML");
            self.problems
                .push(problem.help("take the `&…` away, and write the value out where it is needed"));
        }
        anchor > 0
    }

    fn refuse_tag(&mut self, tagged: bool, span: Span) -> bool {
        if tagged {
            let problem = Problem::new(span, "tags are not read here", "a tag of YAML");
            self.problems.push(
                problem.help("take the `!…` away; things of a stack name each other by their names alone"),
            );
        }
        tagged
    }

    /// What to underline for a value: on one line all of it, else to the end of its first line.
    fn place(&self, span: &EventSpan) -> Span {
        let (line, column) = (span.start.line(), span.start.col() + 1);
        if span.end.line() == line {
            return match span.end.col().saturating_sub(span.start.col()) {
                // A value that is omitted at the end of a file would be after its last line.
                0 => Span { width: 0, ..self.source.character(line, column) },
                width => Span { line, column, width },
            };
        }
        self.source.to_end_of_line(line, column)
    }

    /// What to underline for a map or list: all of it when in brackets, else its key or what is in it.
    fn whole(&self, start: Span, end: &EventSpan, key: Option<Span>, first: Option<Span>) -> Span {
        let bracket = self.source.line(start.line).chars().nth(start.column - 1);
        if !matches!(bracket, Some('[' | '{')) || start.width == 0 {
            return key.or(first).unwrap_or(start);
        }
        if end.end.line() == start.line {
            return Span { width: (end.end.col() + 1).saturating_sub(start.column), ..start };
        }
        self.source.to_end_of_line(start.line, start.column)
    }
}
