//! Media types: what one looks like, and which are allowed.

/// Whether this is one, such as `image/png` or `text/plain; charset=utf-8`, and can stand in a header.
pub fn is_well_formed(text: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    text.len() <= 256
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && text.trim() == text
        && essence(text).split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub))
}

/// Whether a type is among the allowed ones, such as `image/*`; none is named: any is allowed.
pub fn is_allowed(text: &str, allowed: &[String]) -> bool {
    let essence = essence(text).to_ascii_lowercase();
    allowed.is_empty()
        || allowed.iter().any(|allowed| match allowed.strip_suffix("/*") {
            Some(kind) => essence.split('/').next() == Some(kind),
            None => *allowed == essence,
        })
}

/// Reads a list such as `image/*, application/pdf`, in lower case; empty when any type is allowed.
///
/// # Errors
/// The entry that is no media type.
pub fn list(text: &str) -> Result<Vec<String>, String> {
    let entries = text.split(',').map(|it| it.trim().to_ascii_lowercase()).filter(|it| !it.is_empty());
    let all: Vec<String> = entries.collect();
    if all.iter().any(|it| it == "*/*") {
        return Ok(Vec::new());
    }
    match all.iter().find(|it| it.contains(';') || !is_well_formed(&it.replacen("/*", "/any", 1))) {
        Some(wrong) => Err(wrong.clone()),
        None => Ok(all),
    }
}

/// The type without its parameters.
fn essence(text: &str) -> &str {
    text.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed() {
        for (text, well_formed) in [
            ("image/png", true),
            ("text/plain; charset=utf-8", true),
            ("application/vnd.ms-excel.sheet.macroEnabled.12", true),
            ("image/svg+xml", true),
            ("", false),
            ("image", false),
            ("image/", false),
            ("/png", false),
            ("image/png/x", false),
            ("image/*", false),
            (" image/png", false),
            ("image/png\r\nx: y", false),
            ("image/pñg", false),
        ] {
            assert_eq!(is_well_formed(text), well_formed, "{text:?}");
        }
    }

    #[test]
    fn allowed() {
        let some = list("image/*, Application/PDF,").unwrap();
        for (kind, allowed) in [
            ("image/png", true),
            ("Application/PDF; x=1", true),
            ("text/html", false),
            ("imagery/png", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(kind, &some), allowed, "{kind}");
        }
        for all in ["", "*/*"] {
            assert!(is_allowed("anything/at-all", &list(all).unwrap()));
        }
    }

    #[test]
    fn lists() {
        for wrong in ["png", "image/*/*", "image/**", "image/png;q=1", "im*ge/png", "*/png"] {
            assert_eq!(list(wrong), Err(wrong.to_owned()));
        }
    }
}
