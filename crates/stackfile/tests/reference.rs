//! The reference of stack.yaml, docs/stack-file-reference.md, is made of the schema.

use std::{fmt::Write, path::Path};

use expect_test::expect_file;
use serde_json::{Map, Value};

const INTRODUCTION: &str = "# Reference of stack.yaml

Every key, made from [the schema](../schema/stack.schema.json). A test keeps this page equal to the code. `stackctl schema`
prints the schema. [The stack file](stack-file.md) explains how the sections work together.

A key without a default in its row may be left out, unless the row says *required*; of the rows that say *one of these*,
one is needed. An unknown key is an error. `NAME`
stands for a name of your choice; the file's own references use it.

A name begins with a lower-case letter. Lower-case letters, digits and `-` may follow, and `_` in names of functions, user
pools, app clients and APIs. A duration is a number with `s`, `m`, `h` or `d`: `30s`, `5m`, `1h`, `7d`. A number alone counts seconds.
";

/// The records of the schema by their paths in the file, in the order of the page.
struct Page<'a> {
    definitions: &'a Map<String, Value>,
    text: String,
}

impl<'a> Page<'a> {
    /// Writes the section of a record, then those of the records in it.
    fn section(&mut self, path: &str, definition: &'a Value) {
        let title = if path.is_empty() { "The file" } else { path };
        let heading = if path.is_empty() { title.to_owned() } else { format!("`{title}`") };
        let about = if path.is_empty() { "The keys at the left margin." } else { description(definition) };
        write!(self.text, "\n## {heading}\n\n{about}\n").unwrap();
        self.text += "\n| key | value | default | meaning |\n|---|---|---|---|\n";
        let required: Vec<_> = texts(&definition["required"]).collect();
        // Of these keys exactly one is needed.
        let either: Vec<_> = definition["oneOf"].as_array().into_iter().flatten().collect();
        let either: Vec<_> = either.iter().flat_map(|it| texts(&it["required"])).collect();
        let mut below = Vec::new();
        let mut keys: Vec<_> = definition["properties"].as_object().unwrap().iter().collect();
        keys.sort_by_key(|(key, _)| {
            (!required.contains(&key.as_str()), !either.contains(&key.as_str()), *key)
        });
        for (key, value) in keys {
            let place = if path.is_empty() { format!("{key}:") } else { format!("{path} {key}:") };
            let default = match &value["default"] {
                Value::Null if required.contains(&key.as_str()) => "*required*".to_owned(),
                Value::Null if either.contains(&key.as_str()) => "*one of these*".to_owned(),
                Value::Null => String::new(),
                Value::String(text) => format!("`{text}`"),
                other => format!("`{other}`"),
            };
            let form = self.form(value, &place, &mut below);
            let meaning = cell(&without_default(description(value)));
            let row = format!("| `{key}` | {} | {default} | {meaning}{} |\n", cell(&form), words(value));
            self.text += &row;
        }
        for (path, record) in below {
            self.section(&path, record);
        }
    }

    /// The values that a key takes, in words. A record among them is added to `below`.
    fn form(&self, value: &'a Value, place: &str, below: &mut Vec<(String, &'a Value)>) -> String {
        if let Some(name) = value["$ref"].as_str().and_then(|it| it.strip_prefix("#/$defs/")) {
            return if name.ends_with("Overlay") {
                "the keys of the whole file, but `stack` and `envs`".to_owned()
            } else {
                below.push((place.to_owned(), &self.definitions[name]));
                format!("[the keys of `{place}`](#{})", anchor(place))
            };
        }
        if let Some(one) = value.get("const") {
            return format!("`{}`", one.as_str().unwrap());
        }
        for list in ["oneOf", "anyOf"] {
            if let Some(all) = value[list].as_array() {
                let separator = if list == "oneOf" { ", " } else { " or " };
                let all: Vec<_> = all.iter().map(|it| self.form(it, place, below)).collect();
                return all.join(separator);
            }
        }
        if value["enum"].is_array() {
            return texts(&value["enum"]).map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        }
        if value["items"].is_object() {
            return format!("a list of {}", self.form(&value["items"], place, below));
        }
        if let Some(each) = value.get("additionalProperties").filter(|it| it.is_object()) {
            let names = match value["propertyNames"]["pattern"].as_str() {
                Some(pattern) if pattern.contains("GET") => "METHOD /PATH",
                Some(_) => "NAME",
                None => {
                    let keys = self.form(&value["propertyNames"], place, below);
                    return format!("for each of {keys} {}", self.form(each, place, below));
                }
            };
            return format!("for each `{names}:` {}", self.form(each, &format!("{place} {names}:"), below));
        }
        match value["pattern"].as_str() {
            Some(pattern) if pattern.contains("[smhd]") => format!("a duration{}", range(value, duration)),
            Some(pattern) if pattern.contains("(MB|GB)") => {
                format!("a size in MB{}", range(value, |it| it.to_string()))
            }
            Some(pattern) if pattern.starts_with("^https?://") => {
                "origins: `https://www.example.com`".to_owned()
            }
            Some(pattern) if pattern.starts_with("^[a-z][a-z0-9") => {
                format!("a name, at most {} characters", value["maxLength"])
            }
            _ => match value["type"].as_str() {
                Some("boolean") => "`true` or `false`".to_owned(),
                Some("integer") => format!("a whole number{}", range(value, |it| it.to_string())),
                Some("string") => match value["maxLength"].as_u64() {
                    Some(length) => format!("text, at most {length} characters"),
                    None => "text".to_owned(),
                },
                _ => "text, a number, `true` or `false`".to_owned(),
            },
        }
    }
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn description(value: &Value) -> &str {
    value["description"].as_str().unwrap_or_default()
}

/// The meaning without the default that has a column of its own.
fn without_default(text: &str) -> String {
    match text.rfind(" Default: ") {
        Some(at) if !text[at..].contains("all keys") => text[..at].to_owned(),
        _ => text.to_owned(),
    }
}

/// What each word means that a key takes, where the schema says it.
fn words(value: &Value) -> String {
    let list = if value["items"].is_object() { &value["items"]["oneOf"] } else { &value["oneOf"] };
    let said = list.as_array().into_iter().flatten().map(description).filter(|it| it.contains(": "));
    said.map(|it| format!("<br>{}", cell(it))).collect()
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The id of a path's heading, as GitHub and mdBook make it.
fn anchor(path: &str) -> String {
    let kept = path.chars().filter(|it| it.is_alphanumeric() || "-_ ".contains(*it));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn range(value: &Value, show: impl Fn(u64) -> String) -> String {
    let bound = |key: &str| value[key].as_u64().map(&show);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => format!(", {least} to {most}"),
        _ => String::new(),
    }
}

/// Seconds in the largest unit that divides them.
fn duration(seconds: u64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let unit = units.iter().find(|(length, _)| seconds > 0 && seconds.is_multiple_of(*length));
    unit.map_or(format!("{seconds}s"), |(length, name)| format!("{}{name}", seconds / length))
}

/// `UPDATE_EXPECT=1 cargo test -p stackctl-stackfile --test reference` renews it.
#[test]
fn docs_stack_file_reference_md_is_current() {
    let schema = stackctl_stackfile::schema();
    let definitions = schema["$defs"].as_object().unwrap();
    let mut page = Page { definitions, text: INTRODUCTION.to_owned() };
    page.section("", &definitions["Stack"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/stack-file-reference.md");
    expect_file![path].assert_eq(&page.text);
}
