//! JSON values as YAML that readers of YAML 1.1 and 1.2 understand alike.

use serde_json::Value;

/// Words that a reader of YAML takes for something else than a text.
const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"];

/// Appends `key: value` as a block to the text.
pub fn entry(text: &mut String, indent: usize, key: &str, value: &Value) {
    *text += &format!("{:indent$}{}:", "", scalar(key));
    after_indicator(text, indent + 2, value);
}

/// A value after `key:` or `-`: a scalar on the same line, or a block below.
fn after_indicator(text: &mut String, indent: usize, value: &Value) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            text.push('\n');
            for (key, value) in fields {
                entry(text, indent, key, value);
            }
        }
        Value::Array(all) if !all.is_empty() => {
            text.push('\n');
            for value in all {
                item(text, indent, value);
            }
        }
        Value::String(value) => *text += &format!(" {}\n", scalar(value)),
        Value::Object(_) | Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {
            *text += &format!(" {value}\n");
        }
    }
}

/// An item of a list; an object begins on the line of the `-`.
fn item(text: &mut String, indent: usize, value: &Value) {
    let before = text.len();
    *text += &format!("{:indent$}-", "");
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                entry(text, indent + 2, key, value);
            }
            // The first key follows the `-`.
            let begin = before + indent + 1;
            text.replace_range(begin..begin + indent + 2, " ");
        }
        other => after_indicator(text, indent + 2, other),
    }
}

/// A text, plain where no reader can misunderstand it, else in the quotes of JSON.
fn scalar(text: &str) -> String {
    let begins = text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '/');
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./:+*@".contains(it);
    let is_word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    if begins && !is_word && !text.ends_with(':') && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            ' '..='~' => quoted.push(char),
            // YAML has no control characters and breaks lines at some others.
            char if char.is_control() || !is_text(char) => quoted += &format!("\\U{:08X}", u32::from(char)),
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether YAML 1.1 takes the character without an escape.
fn is_text(char: char) -> bool {
    matches!(char, '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
        || char >= '\u{10000}'
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    fn text(value: &Value) -> String {
        let mut text = String::new();
        for (key, value) in value.as_object().unwrap() {
            entry(&mut text, 0, key, value);
        }
        text
    }

    #[test]
    fn lists_and_objects() {
        let value = json!({ "A": [{ "B": 1, "C": ["x", {}] }, ["y"], []], "D": {}, "E": { "F": [{ "G": { "H": 2 } }] } });
        expect![[r#"
            A:
              - B: 1
                C:
                  - x
                  - {}
              -
                - "y"
              - []
            D: {}
            E:
              F:
                - G:
                    H: 2
        "#]]
        .assert_eq(&text(&value));
        assert_eq!(serde_yaml::from_str::<Value>(&text(&value)).unwrap(), value);
    }

    #[test]
    fn every_text_is_read_as_it_was() {
        let texts = [
            "",
            "yes",
            "No",
            "null",
            "~",
            "1",
            "1:30",
            "2012-10-17",
            "0x1f",
            "-",
            "- a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "*",
            "&a",
            "!Ref",
            "%",
            "@",
            "`",
            "{}",
            "[a]",
            "'",
            "\"",
            "\\",
            "a\nb\r\n\tc",
            "\u{85}\u{2028}\u{feff}",
            "\u{0}\u{7f}",
            "ä😀",
            "AWS::S3::Bucket",
            "arn:aws:s3:::a/*",
            "/x/{id}",
            " a ",
            "é",
            "=",
            "<<",
            ".inf",
            "+1",
        ];
        for one in texts {
            let value = json!({ "A": one, "B": [one], one: 1 });
            let text = text(&value);
            assert_eq!(serde_yaml::from_str::<Value>(&text).unwrap(), value, "{text}");
        }
    }
}
