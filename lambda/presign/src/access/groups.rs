//! The groups that a token names.

use serde_json::Value;

/// Reads the claim `cognito:groups`: API Gateway passes the names with commas between them, the local cloud as
/// `[admins team-a]` (COG-92). No group of stack.yaml has a comma, a space or a bracket in its name.
pub fn read(claim: &Value) -> Vec<String> {
    let text = claim.as_str().unwrap_or_default().trim();
    let text = text.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(text);
    text.split([',', ' ']).filter(|it| is_name(it)).map(str::to_owned).collect()
}

/// Whether a text can be the name of a group, or a person's id, in a key.
pub fn is_name(text: &str) -> bool {
    let is_fit = |it: u8| it.is_ascii_alphanumeric() || b"_.+=@-".contains(&it);
    !matches!(text, "" | "." | "..") && text.len() <= 128 && text.bytes().all(is_fit)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_forms() {
        for (claim, names) in [
            (json!("admins,team-a"), &["admins", "team-a"][..]),
            (json!("[admins team-a]"), &["admins", "team-a"]),
            (json!("[admins, team-a]"), &["admins", "team-a"]),
            (json!("admins"), &["admins"]),
            (json!("[admins]"), &["admins"]),
            (json!("[admins"), &[]),
            (json!("a/b,..,.,ok,{sub},*"), &["ok"]),
            (json!(""), &[]),
            (json!("[]"), &[]),
            (json!(null), &[]),
            (json!(["admins"]), &[]),
            (json!(1), &[]),
        ] {
            assert_eq!(read(&claim), names, "{claim}");
        }
    }
}
