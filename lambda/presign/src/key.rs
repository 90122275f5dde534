//! Keys of objects: chosen under the caller's own prefix, and accepted from a caller only under that prefix.

use percent_encoding::percent_decode_str;

use crate::{answer::Refusal, invisible::is_invisible};

/// The longest key of S3, in bytes.
const LONGEST_KEY: usize = 1024;

/// The begin of every key.
pub const ROOT: &str = "uploads/";

/// The prefix of a user.
pub fn prefix(sub: &str) -> String {
    format!("{ROOT}{sub}/")
}

/// A new unique key for a file of this name.
pub fn fresh(sub: &str, file_name: &str) -> String {
    let start = format!("{}{}/", prefix(sub), uuid());
    let room = LONGEST_KEY - start.len();
    format!("{start}{}", safe(file_name, room))
}

/// A key without a file name.
pub fn nameless(sub: &str) -> String {
    format!("{}{}", prefix(sub), uuid())
}

/// The caller's own key, as it came in a path or a body.
///
/// # Errors
/// A key outside the caller's prefix, in any encoding.
pub fn own(sub: &str, given: &str) -> Result<String, Refusal> {
    let refuse = || {
        Refusal::new(403, "NotYours", "this key is not one of your own: yours begin with the prefix")
            .with("prefix", prefix(sub))
    };
    // Keys of this function contain no `%`, so a `%` is an encoding, once or twice.
    let mut key = given.to_owned();
    for _ in 0..3 {
        if !key.contains('%') {
            break;
        }
        key = percent_decode_str(&key).decode_utf8().map_err(|_| refuse())?.into_owned();
    }
    if !key.starts_with(ROOT) {
        key = format!("{ROOT}{key}");
    }
    let rest = key.strip_prefix(&prefix(sub)).ok_or_else(refuse)?;
    let is_clean = |part: &str| !part.is_empty() && part != "." && part != "..";
    if rest.split('/').all(is_clean) && !key.contains(is_odd) && key.len() <= LONGEST_KEY {
        Ok(key)
    } else {
        Err(refuse())
    }
}

/// The name to save a key's file under: the key's last part without invisible characters, which keys of other writers
/// may have.
pub fn file_name(key: &str) -> String {
    safe(key, LONGEST_KEY)
}

/// A file name in at most `room` bytes, without invisible characters and those that would change the key's meaning. Its
/// end with the extension is kept.
fn safe(name: &str, room: usize) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible = last.chars().filter(|it| !is_invisible(*it));
    let kept: String = visible.map(|it| if is_odd(it) { '_' } else { it }).collect();
    // S3 replaces `${filename}` in a form's fields by the name of the posted file (S3-53).
    let kept = kept.replace("${", "_{");
    let kept = kept.trim_end();
    let mut start = kept.len().saturating_sub(room.min(255));
    while !kept.is_char_boundary(start) {
        start += 1;
    }
    match kept[start..].trim_start_matches(|it: char| it == '.' || it.is_whitespace()) {
        "" => "file".to_owned(),
        kept => kept.to_owned(),
    }
}

/// Characters that no new key contains: they have another meaning, or can't be written in the XML of a listing.
fn is_odd(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\\' | '%' | '\u{fffe}' | '\u{ffff}')
}

/// A random UUID, version 4.
fn uuid() -> String {
    let mut bytes = [0; 16];
    // A key is safe only with randomness, which Linux always has.
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names() {
        for (name, kept) in [
            ("photo.jpg", "photo.jpg"),
            ("φωτο γραφία +1.jpg", "φωτο γραφία +1.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.txt", "a.txt"),
            (".bashrc", "bashrc"),
            ("..", "file"),
            ("a\nb%2F", "a_b_2F"),
            ("...", "file"),
            (" a ", "a"),
            (" . .a. ", "a."),
            ("a\u{fffe}\u{7f}\u{85}b", "a___b"),
            ("a/", "file"),
            ("", "file"),
            ("photo-\u{202e}gpj.exe", "photo-gpj.exe"),
            ("\u{2066}a\u{2069}\u{200b}b\u{2028}c\u{2029}.txt\u{feff}", "abc.txt"),
            ("\u{200b}.bashrc", "bashrc"),
            (".\u{200e}.", "file"),
            ("\u{ad}\u{e0041}", "file"),
            ("שלום.txt", "שלום.txt"),
            ("${filename}", "_{filename}"),
            ("a$\u{200b}{filename}.txt", "a_{filename}.txt"),
            ("5$ {a}.txt", "5$ {a}.txt"),
        ] {
            assert_eq!(safe(name, 900), kept, "{name:?}");
        }
        assert!(safe(&format!("{}.tar.gz", "é".repeat(900)), 900).ends_with("é.tar.gz"));
        assert_eq!(safe(&format!("x{}", ".".repeat(255)), 900), "file");
        assert!(fresh("me", &"x".repeat(5000)).len() <= LONGEST_KEY);
        assert_ne!(fresh("me", "a"), fresh("me", "a"));
    }

    #[test]
    fn only_ones_own_keys() {
        let mine = "uploads/me/1234/a b+ü.txt";
        assert_eq!(own("me", mine).unwrap(), mine);
        assert_eq!(own("me", "me/1234/a b+ü.txt").unwrap(), mine);
        assert_eq!(own("me", "uploads%2Fme%2F1234%2Fa%20b%2B%C3%BC.txt").unwrap(), mine);
        for other in [
            "uploads/you/1/a",
            "you/1/a",
            "uploads/me",
            "uploads/me/",
            "uploads/me/../you/a",
            "uploads/me/./a",
            "uploads/me//a",
            "/uploads/me/a",
            "uploads//me/a",
            "uploads/me%2F..%2Fyou%2Fa",
            "uploads/me/%2e%2e/you/a",
            "uploads/me/%252e%252e/you/a",
            "uploads/me/a\\..\\..\\you",
            "uploads/me/a\0",
            "uploads/me/a%00",
            "uploads/me/%ff",
            "uploads/meyou/a",
            "Uploads/me/a",
            "",
            "%",
            "uploads/me/a/",
            "uploads/me/%25252525252e",
        ] {
            assert!(own("me", other).is_err(), "{other}");
        }
    }
}
