//! Text of the file and of AWS inside Markdown: it is shown as it is, and is never markup, a link or a mention.

use std::fmt::Write;

use crate::style::visible;

/// Inline code. GitHub looks for no mentions, issues and links in it.
pub fn code(text: &str) -> String {
    let mut html = String::from("<code>");
    for char in visible(text).chars() {
        if (char.is_ascii_punctuation() && char != '-') || char == '\n' {
            let _ = write!(html, "&#{};", u32::from(char));
        } else {
            html.push(char);
        }
    }
    html + "</code>"
}

/// A block of the lines of a diff, in which GitHub colours the lines that begin with a sign.
pub fn diff(lines: &str) -> String {
    let longest = lines.split(|char| char != '`').map(str::len).max().unwrap_or_default();
    // The fence is longer than any run of backticks inside, so nothing inside ends the block.
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}diff\n{lines}{fence}\n")
}

/// The lines of a text with control characters escaped. Lines after the first are indented, so that none begins with a
/// sign.
pub fn indented(text: &str) -> String {
    visible(text).replace('\n', "\n      ")
}

/// The value of an attribute in an HTML comment, which two hyphens would end.
pub fn attribute(text: &str) -> String {
    let mut value = String::new();
    for byte in text.bytes() {
        let ends = byte == b'-' && value.ends_with('-');
        if byte.is_ascii_alphanumeric() || (b"-_.".contains(&byte) && !ends) {
            value.push(char::from(byte));
        } else {
            let _ = write!(value, "%{byte:02X}");
        }
    }
    value
}
