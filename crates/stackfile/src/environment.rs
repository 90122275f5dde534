//! Environment variables of a function.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use stackctl_yaml::{
    problem::{Problem, quoted},
    suggestion::did_you_mean,
    tree::{Node, Value},
};

use crate::{
    bucket_variables::BucketVariables,
    grants::BucketGrants,
    read::{
        definitions::Definitions,
        reader::{Read, Reader},
        scalar,
    },
    values::{
        limits::{CONTENT_TYPES, EXPIRIES, MAX_BYTES, is_limit},
        names::{EnvironmentKey, LogicalName},
        units::{Bytes, Seconds},
    },
};

/// Lambda's limit for all variables together, written as JSON, in bytes.
pub(crate) const MOST_BYTES: usize = 4_096;

/// How long a presigned URL may live: no longer than the credentials surely do (S3-44).
const LONGEST_URL: Seconds = Seconds(3_600);

/// The largest file that S3 takes in one PUT (S3-47).
const LARGEST_FILE: Bytes = Bytes(5 << 30);

/// Variables: names and texts.
pub(crate) struct Variables;

impl Read for Variables {
    type Value = BTreeMap<EnvironmentKey, String>;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self::Value> {
        for name in EXPIRIES {
            if let Some(entry) = node.entry(name) {
                expires(&entry.value, reader);
            }
        }
        if let Some(entry) = node.entry(MAX_BYTES) {
            max_bytes(&entry.value, reader);
        }
        BTreeMap::<EnvironmentKey, Text>::read(node, reader)
    }

    fn absent() -> Option<Self::Value> {
        Some(BTreeMap::new())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        BTreeMap::<EnvironmentKey, Text>::schema(definitions)
    }
}

/// The text of a variable, as written: `1` and `true` need no quotes.
struct Text;

impl Read for Text {
    type Value = String;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<String> {
        match &node.value {
            Value::Nothing => {
                reader.wrong_kind(node, "text", Some("write `\"\"` for text with nothing in it"));
                None
            }
            Value::Scalar { text, .. } if text.contains('\0') => {
                let problem = Problem::new(node.span, "not a variable's text", "no variable can hold U+0000");
                reader.tell(problem.help("take the `\\0` away"));
                None
            }
            Value::Scalar { text, .. } if is_interpolation(text) => {
                let label = "the file has no interpolation";
                let help = "write the value itself; what differs between environments stands under `envs`";
                reader.tell(Problem::new(node.span, "not a variable's text", label).help(help));
                None
            }
            _ => reader.text(node, "text").map(str::to_owned),
        }
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": ["string", "number", "boolean"] })
    }
}

/// Whether a text is nothing but `${NAME}`.
fn is_interpolation(text: &str) -> bool {
    let name = text.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
    name.is_some_and(|it| {
        !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// How long a URL lives, as the presign function reads it.
fn expires(node: &Node, reader: &mut Reader<'_>) {
    let Value::Scalar { text, .. } = &node.value else { return };
    let problem = match scalar::parse::<Seconds>(text) {
        Ok(Seconds(0)) => Problem::new(node.span, "too little", "a URL that lives for no time is of no use")
            .help("write `1s` or more, such as `10s`"),
        Ok(seconds) if seconds > LONGEST_URL => {
            Problem::new(node.span, "too much", format!("a URL can live for {LONGEST_URL} at most"))
                .help("it expires with the function's credentials, and their end is not known in advance; minutes are enough")
        }
        Ok(_) => return,
        Err(invalid) => invalid.at(node.span),
    };
    reader.tell(problem);
}

/// The largest file, as the presign function reads it.
fn max_bytes(node: &Node, reader: &mut Reader<'_>) {
    let Value::Scalar { text, .. } = &node.value else { return };
    let problem = match scalar::parse::<Bytes>(text) {
        Ok(Bytes(0)) => Problem::new(node.span, "too little", "with this limit no file can be uploaded")
            .help("write the size of the largest file, such as `100MB`"),
        Ok(bytes) if bytes > LARGEST_FILE => {
            Problem::new(node.span, "too much", "S3 takes at most 5GB in one PUT").help("write `5GB` or less")
        }
        Ok(_) => return,
        Err(invalid) => invalid.at(node.span),
    };
    reader.tell(problem);
}

/// The variables that the stack adds for a granted bucket, with values as long as they can get.
fn of_bucket((bucket, grants): (&LogicalName, &BucketGrants)) -> Vec<(String, String)> {
    let BucketVariables { name, grants: operations, prefix, access: _ } = BucketVariables::of(bucket);
    let longest = "x".repeat(63);
    let mut all = vec![(name, longest.clone()), (operations, longest)];
    all.extend(grants.prefix.as_ref().map(|it| (prefix, it.to_string())));
    all
}

/// The file's variables and the stack's own, without access rules.
pub(crate) fn all(
    variables: &BTreeMap<EnvironmentKey, String>,
    granted: &BTreeMap<LogicalName, BucketGrants>,
) -> BTreeMap<String, String> {
    let own = variables.iter().map(|(key, value)| (key.to_string(), value.clone()));
    own.chain(granted.iter().flat_map(of_bucket)).collect()
}

/// A variable of a built-in function that is named nearly like a limit would leave the limit at its default.
pub(crate) fn check_limits(
    variables: &BTreeMap<EnvironmentKey, String>,
    node: &Node,
    reader: &mut Reader<'_>,
) {
    let limits = || EXPIRIES.into_iter().chain([MAX_BYTES, CONTENT_TYPES]);
    for key in variables.keys().map(EnvironmentKey::as_str).filter(|it| !is_limit(it)) {
        if let Some(help) = did_you_mean(key, limits()) {
            let span = node.key_span_at(&["environment", key]);
            let label = "the built-in function reads no such variable";
            reader.tell(Problem::new(span, "unknown variable", label).help(help));
        }
    }
}

/// The file's variables and the stack's own don't collide, and Lambda takes them all.
pub(crate) fn check(
    variables: &BTreeMap<EnvironmentKey, String>,
    granted: &BTreeMap<LogicalName, BucketGrants>,
    node: &Node,
    reader: &mut Reader<'_>,
) {
    let mut all: BTreeMap<&str, &str> =
        variables.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let added: Vec<(String, String)> = granted.iter().flat_map(of_bucket).collect();
    for (key, value) in &added {
        if all.insert(key, value).is_some() {
            let span = node.key_span_at(&["environment", key]);
            let label = format!("the stack sets {} for the granted bucket itself", quoted(key));
            reader
                .tell(Problem::new(span, "a variable of the stack's own", label).help("choose another name"));
        }
    }
    let bytes = json!(all).to_string().len();
    if bytes > MOST_BYTES {
        let label = format!("{bytes} bytes with those of the stack itself; Lambda takes {MOST_BYTES} in all");
        let problem = Problem::new(node.key_span_at(&["environment"]), "too many variables", label);
        reader.tell(problem.help("put what is large into the package, or into an object of a bucket"));
    }
}
