//! As much of JSON as an event needs: the value of a field, found without reading the rest into anything.

/// The text of a string that has nothing escaped.
pub fn text(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.strip_suffix('"').filter(|text| !text.contains('\\'))
}

/// The value of an object's field, as it stands there.
pub fn field<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = object.trim_start().strip_prefix('{')?;
    loop {
        let (key, after) = value(rest)?;
        let (found, after) = value(after.trim_start().strip_prefix(':')?)?;
        if text(key) == Some(name) {
            return Some(found);
        }
        rest = after.trim_start().strip_prefix(',')?;
    }
}

/// The first value of a text, and what follows it.
fn value(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' | b':' if depth == 0 => return Some(text.split_at(at)),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        // A string or an object ends by itself; anything else ends where the next thing begins.
        if depth == 0 && !in_string && matches!(byte, b'"' | b'}' | b']') {
            return Some(text.split_at(at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let object = r#" { "a" : "x\"}" , "b":{"c": [1, {"d":2}], "e" : null},"f":-1.5,"g":"last" } "#;
        for (name, found) in [
            ("a", Some(r#""x\"}""#)),
            ("b", Some(r#"{"c": [1, {"d":2}], "e" : null}"#)),
            ("f", Some("-1.5")),
            ("g", Some(r#""last""#)),
            ("c", None),
        ] {
            assert_eq!(field(object, name), found, "{name}");
        }
        assert_eq!(field(object, "b").and_then(|it| field(it, "e")), Some("null"));
        assert_eq!((text(r#""last""#), text(r#""x\"}""#), text("null")), (Some("last"), None, None));
        for broken in ["", "{", "{}", "[1]", r#"{"a"}"#, r#"{"a":"#, r#"{"a":"x"#] {
            assert_eq!(field(broken, "a"), None, "{broken}");
        }
    }
}
