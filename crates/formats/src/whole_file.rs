//! Files that consist of outputs alone.

use serde_yaml::{Mapping, Value};

use crate::{script, table};

/// The keys of all outputs, as JSON and YAML have them.
const KEYS: [&str; 10] = [
    "stack",
    "region",
    "endpoint",
    "user_pool_id",
    "client_id",
    "bucket",
    "cognito_endpoint",
    "apis",
    "user_pools",
    "buckets",
];

/// Whether the text has nothing that stackctl did not write, for any stack and in any of the formats.
pub fn is_written_by_stackctl(text: &str) -> bool {
    if text.trim().is_empty() || text.starts_with(script::COMMENT) || table::is_table(text) {
        return true;
    }
    // JSON is YAML.
    let Ok(Value::Mapping(all)) = serde_yaml::from_str(text) else { return false };
    if let Some(Value::Mapping(custom)) = all.get("custom") {
        // amplify_outputs.json, or the library's own configuration.
        return is_outputs(custom) && has_only(&all, &["version", "auth", "Auth", "custom"]);
    }
    is_outputs(&all)
}

fn is_outputs(all: &Mapping) -> bool {
    has_only(all, &KEYS)
        && ["stack", "region", "apis", "user_pools", "buckets"].iter().all(|it| all.contains_key(it))
}

fn has_only(all: &Mapping, keys: &[&str]) -> bool {
    all.keys().all(|key| key.as_str().is_some_and(|it| keys.contains(&it)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{format::Format, samples};

    #[test]
    fn outputs_of_any_stack_in_any_format() {
        for outputs in [samples::one_of_each(), samples::several()] {
            for format in [Format::Table, Format::Json, Format::Js, Format::Ts, Format::Yaml] {
                let text = format.text(&outputs, &samples::stack()).unwrap();
                assert!(is_written_by_stackctl(&text), "{text}");
            }
        }
        let custom = crate::json::json(&samples::several());
        for amplify in ["\"version\":\"1\",\"auth\":{}", "\"Auth\":{\"Cognito\":{}}"] {
            assert!(is_written_by_stackctl(&format!("{{{amplify},\"custom\":{custom}}}")));
            assert!(!is_written_by_stackctl(&format!("{{{amplify},\"storage\":{{}},\"custom\":{custom}}}")));
        }
    }

    #[test]
    fn files_of_others() {
        let json = crate::json::json(&samples::one_of_each());
        let more = json.replacen('{', "{ \"mine\": 1,", 1);
        for text in [
            "{}",
            "[]",
            "x",
            "region: eu\n",
            "# notes\n",
            "regions  a\n",
            "A=1\n",
            &more,
            "region  a\nmy own notes",
        ] {
            assert!(!is_written_by_stackctl(text), "{text}");
        }
        assert!(is_written_by_stackctl("\n"));
    }
}
