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
    if schema == &Value::Bool(false) {
        return vec![format!("{value} may not be there")];
    }
    let is_of_type = match schema["type"].as_str().unwrap() {
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|it| it.trunc() == it),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    };
    if !is_of_type || schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        return vec![format!("{value} is not {schema}")];
    }
    let is_within = |name: &str, number: f64, fits: fn(f64, f64) -> bool| {
        schema[name].as_f64().is_none_or(|bound| fits(number, bound))
    };
    let number = value.as_f64().unwrap_or_default();
    let length = value.as_str().map_or(0, |it| it.chars().count()) as f64;
    let is_small = is_within("maximum", number, |it, most| it <= most)
        && is_within("maxLength", length, |it, most| it <= most);
    let is_large = is_within("minimum", number, |it, least| it >= least)
        && is_within("minLength", length, |it, least| it >= least);
    if !is_small || !is_large {
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
