//! Texts of the stack that CloudFormation would take for something else.

use serde_json::{Value, json};

/// Keys whose text is meant for CloudFormation.
const FUNCTIONS: [&str; 1] = ["Fn::Sub"];

/// The same value, in which `${` stands for itself. Texts with `{{resolve:`, which CloudFormation replaces wherever they
/// stand, are added to `replaced`.
pub fn literal(value: Value, replaced: &mut Vec<String>) -> Value {
    match value {
        Value::String(text) if text.contains("{{resolve:") => {
            replaced.push(text.clone());
            Value::String(text)
        }
        // cfn-lint asks for `Fn::Sub` where a text has this.
        Value::String(text) if text.contains("${") => {
            let parts: Vec<&str> = text.split_inclusive('$').collect();
            json!({ "Fn::Join": ["", parts] })
        }
        Value::Array(all) => all.into_iter().map(|it| literal(it, replaced)).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let is_function = FUNCTIONS.contains(&key.as_str());
                let value = if is_function { value } else { literal(value, replaced) };
                (key, value)
            });
            Value::Object(fields.collect())
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_stand_for_themselves() {
        let mut replaced = Vec::new();
        let value = json!({ "A": "x${Y}$", "B": { "Fn::Sub": "${R}" }, "C": ["$x"] });
        let found = literal(value, &mut replaced);
        let join = json!({ "Fn::Join": ["", ["x$", "{Y}$"]] });
        assert_eq!(found, json!({ "A": join, "B": { "Fn::Sub": "${R}" }, "C": ["$x"] }));
        assert!(replaced.is_empty());
        literal(json!([{ "A": "{{resolve:ssm:x}}" }]), &mut replaced);
        assert_eq!(replaced.len(), 1, "{replaced:?}");
    }
}
