//! The differences between two answers of AWS.

use serde_json::Value;

/// The keys of values that every change of a resource changes.
const VOLATILE: [&str; 6] =
    ["LastModified", "LastModifiedDate", "Location", "RevisionId", "lastUpdatedDate", "ConfigSha256"];

/// The keys of values that differ from run to run: only that they changed is shown.
const RANDOM: [&str; 12] = [
    "ClientId",
    "CodeSha256",
    "CodeSize",
    "CreationDate",
    "STACKCTL_DEPLOYED",
    "apiId",
    "cacheNamespace",
    "createdDate",
    "creationTime",
    "deploymentId",
    "id",
    "parentId",
];

/// The members that name an element of a list.
const NAMES: [&str; 9] = ["Sid", "ID", "Key", "Name", "Version", "stageName", "path", "responseType", "name"];

/// A line for each value that one of the two has and the other has not. The order of a list's elements counts.
pub fn differences(before: &Value, after: &Value) -> Vec<String> {
    let mut all = Vec::new();
    compare("", before, after, &mut all);
    all
}

fn compare(path: &str, before: &Value, after: &Value, all: &mut Vec<String>) {
    let key = path.rsplit('.').next().unwrap_or_default();
    match (before, after) {
        _ if before == after || VOLATILE.contains(&key) => {}
        _ if RANDOM.contains(&key) => all.push(format!("{path}: another value\n")),
        (Value::Object(left), Value::Object(right)) => {
            for (key, value) in left {
                match right.get(key) {
                    Some(now) => compare(&format!("{path}.{key}"), value, now, all),
                    None => all.push(format!("{path}.{key}: - {}\n", shown(value))),
                }
            }
            for (key, value) in right.iter().filter(|(key, _)| !left.contains_key(*key)) {
                let value = if RANDOM.contains(&key.as_str()) { "…".to_owned() } else { added(value) };
                all.push(format!("{path}.{key}: + {value}\n"));
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            let find = |list: &[Value], of: &Value| {
                list.iter().position(|it| it == of || name(it).is_some() && name(it) == name(of))
            };
            let mut last = None;
            for element in left {
                let Some(index) = find(right, element) else {
                    all.push(format!("{path}: - {}\n", shown(element)));
                    continue;
                };
                let label = name(element).map_or(String::new(), |it| it.to_string());
                compare(&format!("{path}[{label}]"), element, &right[index], all);
                // A list of texts is a set.
                if !element.is_string() && last.is_some_and(|last| last > index) {
                    all.push(format!("{path}: in another order\n"));
                }
                last = Some(index);
            }
            let new = right.iter().filter(|it| find(left, it).is_none());
            all.extend(new.map(|it| format!("{path}: + {}\n", added(it))));
        }
        _ => all.push(format!("{path}: {} → {}\n", shown(before), shown(after))),
    }
}

/// The value that names an element of a list.
fn name(element: &Value) -> Option<&Value> {
    NAMES.iter().find_map(|it| element.get(it))
}

/// A new value: the beginning is enough.
fn added(value: &Value) -> String {
    const SHOWN: usize = 100;
    let text = shown(value);
    if text.chars().count() <= SHOWN { text } else { text.chars().take(SHOWN).chain(['…']).collect() }
}

/// The value as a difference shows it: without what differs from run to run.
fn shown(value: &Value) -> String {
    fn masked(value: &Value) -> Value {
        match value {
            Value::Object(all) => all
                .iter()
                .map(|(key, value)| {
                    let is_masked = VOLATILE.contains(&key.as_str()) || RANDOM.contains(&key.as_str());
                    (key.clone(), if is_masked { "…".into() } else { masked(value) })
                })
                .collect(),
            Value::Array(all) => all.iter().map(masked).collect(),
            other => other.clone(),
        }
    }
    masked(value).to_string()
}
