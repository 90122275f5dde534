//! Removes the terminal's control sequences, such as colours, from the text of a log.

/// The text without control sequences. Other control characters stay: who shows the text escapes them.
pub fn without_sequences(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, sequence)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = match sequence.as_bytes().first() {
            // CSI: parameters, and one final character.
            Some(b'[') => after(&sequence[1..], |it| ('@'..='~').contains(&it)),
            // OSC: up to BEL, or to ESC and a backslash.
            Some(b']') => match sequence.find(['\u{7}', '\u{1b}']) {
                Some(at) => sequence[at..].trim_start_matches('\u{7}'),
                None => "",
            },
            // Two characters: ESC and this one.
            Some(b'\\' | b'(' | b')' | b'7' | b'8' | b'=' | b'>' | b'c') => &sequence[1..],
            Some(_) | None => sequence,
        };
    }
    plain + rest
}

/// The text after the first character that ends a sequence; a line's end ends it too.
fn after(text: &str, ends: impl Fn(char) -> bool) -> &str {
    match text.char_indices().find(|(_, it)| ends(*it) || it.is_control()) {
        Some((at, end)) if !end.is_control() => &text[at + end.len_utf8()..],
        Some((at, _)) => &text[at..],
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences() {
        for (text, plain) in [
            ("\u{1b}[32m INFO\u{1b}[0m done", " INFO done"),
            ("\u{1b}[1;31merror\u{1b}[m: x", "error: x"),
            ("a\u{1b}[2Jb\u{1b}[3;4Hc", "abc"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\", "link"),
            ("open \u{1b}[31", "open "),
            ("open \u{1b}[31\nnext", "open \nnext"),
            ("\u{1b}", ""),
            ("日\u{1b}本", "日本"),
            ("\u{1b}cé", "é"),
        ] {
            assert_eq!(without_sequences(text), plain, "{text:?}");
        }
    }
}
