//! Tags of the file (X-15).

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use stackctl_yaml::{
    problem::{Problem, quoted},
    tree::Node,
};

use crate::{
    read::{
        definitions::Definitions,
        reader::{Read, Reader},
    },
    values::names::count,
};

/// A thing has 50 tags at most, and three of a role's are the stack's own.
const MOST: usize = 47;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;
const ALLOWED: &str = "tags take letters, digits, spaces and `_ . : / = + - @`";

/// The pattern for editors. Some editors do not know Unicode classes.
const PATTERN: &str = r##"[^!"#$%&'()*,;<>?\[\\\]^`{|}~]*"##;

/// A map of tags.
pub(crate) struct Tags;

impl Read for Tags {
    type Value = BTreeMap<String, String>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self::Value> {
        let written = node.entries().len();
        if written > MOST {
            let label = format!("{written}; AWS takes 50, and up to three are the stack's own");
            let problem = Problem::new(node.span, "too many tags", label);
            reader.tell(problem.help(format!("take {} away", count(written - MOST, "tag"))));
        }
        let mut lower: BTreeMap<String, &str> = BTreeMap::new();
        for entry in node.entries() {
            if let Some(other) = lower.insert(entry.key.to_lowercase(), &entry.key) {
                let label = format!("IAM takes {} for the same", quoted(other));
                let problem = Problem::new(entry.key_span, "written twice", label);
                reader.tell(problem.help("keep one of the two"));
            }
        }
        BTreeMap::<TagKey, TagValue>::read(node, reader)
    }

    fn absent() -> Option<Self::Value> {
        Some(BTreeMap::new())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let mut schema = BTreeMap::<TagKey, TagValue>::schema(definitions);
        schema["maxProperties"] = MOST.into();
        schema
    }
}

struct TagKey;

impl Read for TagKey {
    type Value = String;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<String> {
        let text = reader.text(node, "a key of a tag")?;
        let lower = text.to_lowercase();
        let wrong = if let Some(of) = ["aws:", "stackctl:"].into_iter().find(|it| lower.starts_with(it)) {
            Some((format!("`{of}…` is not the file's to set"), "choose another key".to_owned()))
        } else if text.is_empty() {
            Some(("nothing in it".to_owned(), "write a key".to_owned()))
        } else {
            wrong_text(text, LONGEST_KEY)
        };
        told(text, wrong, "a key of a tag", node, reader)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_KEY,
            "pattern": format!("^(?!aws:|stackctl:){PATTERN}$"),
        })
    }
}

struct TagValue;

impl Read for TagValue {
    type Value = String;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<String> {
        let text = reader.text(node, "text")?;
        told(text, wrong_text(text, LONGEST_VALUE), "a value of a tag", node, reader)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({
            "type": ["string", "number", "boolean"],
            "maxLength": LONGEST_VALUE,
            "pattern": format!("^{PATTERN}$"),
        })
    }
}

fn told(
    text: &str,
    wrong: Option<(String, String)>,
    what: &str,
    node: &Node,
    reader: &mut Reader<'_>,
) -> Option<String> {
    let Some((why, help)) = wrong else { return Some(text.to_owned()) };
    reader.tell(Problem::new(node.span, format!("not {what}"), why).help(help));
    None
}

fn wrong_text(text: &str, longest: usize) -> Option<(String, String)> {
    let length = text.chars().count();
    if let Some(strange) = text.chars().find(|it| !is_allowed(*it)) {
        return Some((format!("no `{strange}` here"), ALLOWED.to_owned()));
    }
    (length > longest).then(|| {
        let help = format!("take {} away", count(length - longest, "character"));
        (format!("{length} characters, {longest} is most"), help)
    })
}

fn is_allowed(character: char) -> bool {
    let is_space = matches!(
        character,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    );
    character.is_alphanumeric() || is_space || "_.:/=+-@".contains(character)
}
