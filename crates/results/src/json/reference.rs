//! The reference of the JSON lines, docs/json.md, is made of the declarations in `line.rs`, `objects.rs` and
//! `views/src/target.rs`.

use std::{collections::BTreeMap, path::Path};

use expect_test::expect_file;

use stackctl_formats::samples;
use stackctl_views::samples::run;

use super::line::Line;

/// A struct, or a variant of `Line`.
struct Object {
    docs: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    /// The Rust type without references and lifetimes.
    of: String,
    /// Whether the field is absent rather than null or empty.
    may_be_absent: bool,
    docs: String,
}

/// The objects of a source that rustfmt has formatted, by name.
fn objects(source: &str) -> Vec<(String, Object)> {
    let mut all: Vec<(String, Object)> = Vec::new();
    let (mut docs, mut rename, mut may_be_absent, mut inside) = (String::new(), None, false, false);
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            docs = if docs.is_empty() { text.to_owned() } else { format!("{docs} {text}") };
        } else if let Some(text) = line.strip_prefix("#[serde(rename = \"") {
            rename = text.split('"').next().map(str::to_owned);
        } else if line.starts_with("#[serde(skip_serializing_if") {
            may_be_absent = true;
        } else if line.starts_with("impl") {
            break;
        } else if let Some(name) = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum ")) {
            let name = name.split(['<', ' ']).next().unwrap().to_owned();
            all.push((name, Object { docs: std::mem::take(&mut docs), fields: Vec::new() }));
            inside = true;
        } else if let Some((name, of)) = line.trim_end_matches(',').split_once(": ").filter(|_| inside) {
            let name = rename.take().unwrap_or_else(|| name.trim_start_matches("pub ").to_owned());
            assert!(!docs.is_empty() || name == "target", "{name} has no doc comment");
            let of = of.replace("&'a ", "").replace("&'static ", "").replace("<'a>", "");
            let field = Field { name, of, may_be_absent, docs: std::mem::take(&mut docs) };
            all.last_mut().unwrap().1.fields.push(field);
            may_be_absent = false;
        } else if inside && line.starts_with(char::is_uppercase) {
            let name = line.split(['(', ',', ' ']).next().unwrap().to_owned();
            assert!(!docs.is_empty(), "{name} has no doc comment");
            all.push((name, Object { docs: std::mem::take(&mut docs), fields: Vec::new() }));
        }
    }
    all
}

/// A type in words; the types of this module link to their sections.
fn in_words(of: &str) -> String {
    let inner = |head: &str| of.strip_prefix(head)?.strip_suffix(['>', ']']);
    if let Some(of) = inner("Option<") {
        return format!("{} or null", in_words(of));
    }
    if let Some(of) = inner("Vec<").or(inner("[")) {
        return format!("list of {}", in_words(of));
    }
    match of {
        "str" | "String" => "string".to_owned(),
        "usize" | "u8" | "u64" | "f64" => "number".to_owned(),
        "bool" => "boolean".to_owned(),
        "serde_json::Value" => "object".to_owned(),
        name => format!("[{0}](#{0})", name.to_lowercase()),
    }
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(character.to_lowercase());
    }
    text
}

fn table(object: &Object, target: &Object) -> String {
    let mut text = String::new();
    let fields = object
        .fields
        .iter()
        .flat_map(|it| if it.name == "target" { &target.fields[..] } else { std::slice::from_ref(it) });
    for Field { name, of, may_be_absent, docs } in fields {
        let of = in_words(of);
        let of =
            if *may_be_absent { format!("{}, may be absent", of.trim_end_matches(" or null")) } else { of };
        text += &format!("| `{name}` | {of} | {docs} |\n");
    }
    if text.is_empty() { text } else { format!("\n| field | type | meaning |\n|---|---|---|\n{text}") }
}

/// Lines as stackctl prints them, by event.
fn examples() -> BTreeMap<String, String> {
    let outputs = samples::one_of_each();
    let events = run();
    let lines = events.iter().map(Line::event).chain([
        Line::Outputs(&outputs),
        Line::Stopping,
        Line::End { result: "done", exit: 0 },
    ]);
    let mut all = BTreeMap::new();
    for line in lines {
        let text = line.text();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        all.entry(read["event"].as_str().unwrap().to_owned()).or_insert(text);
    }
    all
}

/// `UPDATE_EXPECT=1 cargo test --workspace --lib reference` renews it.
#[test]
fn docs_json_md_is_current() {
    let target = objects(include_str!("../../../views/src/target.rs")).remove(0).1;
    let (lines, inner) = (objects(include_str!("line.rs")), objects(include_str!("objects.rs")));
    let objects_from = lines.len();
    let all: Vec<_> = lines.into_iter().chain(inner).collect();
    let enumeration = all.iter().position(|(name, _)| name == "Line").unwrap();
    let examples = examples();
    let mut text = "# The JSON lines\n\n\
        With `--json` every command reports on stdout, one JSON object a line, whose kind is its `event`. The lines are an\n\
        interface: fields are added, and none is renamed or removed. Questions still go to stderr. A test keeps this page equal\n\
        to the code (`crates/results/src/json/line.rs`).\n\n\
        An `address` names a resource, as in `bucket.uploads`. Durations are in seconds.\n\n## Events\n"
        .to_owned();
    for (at, (name, object)) in all.iter().enumerate() {
        if at == enumeration {
            continue;
        }
        if at == objects_from {
            text += "\n## Objects\n";
        }
        let heading = if at < objects_from { format!("`{}`", snake_case(name)) } else { name.clone() };
        text += &format!("\n### {heading}\n\n{}\n{}", object.docs, table(object, &target));
        if let Some(line) = examples.get(&snake_case(name)).filter(|_| at < objects_from) {
            text += &format!("\n```json\n{line}```\n");
        }
    }
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/json.md");
    expect_file![page].assert_eq(&text);
}

/// A field that a line has and the reference lacks would be one that the parser overlooked.
#[test]
fn every_printed_field_is_in_the_reference() {
    let all = objects(include_str!("line.rs"));
    for (event, line) in examples().iter().filter(|(event, _)| *event != "outputs") {
        let (_, object) = all.iter().find(|(name, _)| snake_case(name) == *event).expect(event);
        let read: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        for key in read.keys().filter(|it| *it != "event") {
            assert!(object.fields.iter().any(|it| it.name == *key), "{event}: {key}");
        }
    }
}
