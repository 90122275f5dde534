//! A JSON line as text.

use stackctl_views::style::steers;

use super::line::Line;

impl Line<'_> {
    /// The line as text.
    pub fn text(&self) -> String {
        // Only maps with keys other than text fail, and there are none.
        escaped(&serde_json::to_string(self).unwrap_or_default()) + "\n"
    }
}

/// JSON in which the characters that steer a terminal are escapes, as `visible` has them in text. JSON has such characters
/// only in its strings.
fn escaped(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for char in json.chars() {
        match steers(char) {
            true => char.encode_utf16(&mut [0; 2]).iter().for_each(|it| plain += &format!("\\u{it:04x}")),
            false => plain.push(char),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_steers_the_terminal_and_the_value_stays_the_same() {
        for code in (0..=0x2_ffff).chain(0xe_0000..0xe_0200) {
            let Some(char) = char::from_u32(code) else { continue };
            let value = format!("a{char}b\\\"{char}");
            let line = Line::Progress { text: &value }.text();
            let line = line.strip_suffix('\n').unwrap();
            assert!(!line.chars().any(|it| it.is_control() || steers(it)), "{code:x}: {line}");
            let read: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(read["text"], value, "{code:x}");
        }
    }
}
