//! A value against a schema of the document: the few words of JSON Schema that it uses.

use serde_json::Value;

/// Where a value is not what the schema says; nothing may be there that it does not say.
pub fn problems(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return problems(document, document.pointer(reference.trim_start_matches('#')).unwrap(), value);
    }
    if let Some(forms) = schema["oneOf"].as_array() {
        let fitting = forms.iter().filter(|form| problems(document, form, value).is_empty()).count();
        return if fitting == 1 { vec![] } else { vec![format!("{fitting} forms fit {value}")] };
    }
    let is_of_type = match schema["type"].as_str().unwrap() {
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    };
    if !is_of_type || schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        return vec![format!("{value} is not {schema}")];
    }
    let Some(fields) = value.as_object() else { return vec![] };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut all: Vec<String> =
        required.filter(|name| !fields.contains_key(*name)).map(|name| format!("no {name}")).collect();
    for (name, value) in fields {
        match schema["properties"].get(name).or_else(|| schema.get("additionalProperties")) {
            Some(schema) => all.extend(problems(document, schema, value)),
            None => all.push(format!("{name} is not in the document")),
        }
    }
    all
}
