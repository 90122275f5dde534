//! Keys of objects: chosen in a folder, and accepted from a caller only in a clean form.

use percent_encoding::percent_decode_str;

use crate::{
    access::{ROOT, Rules},
    invisible::is_invisible,
};

/// The longest key of S3, in bytes.
const LONGEST_KEY: usize = 1024;

/// The longest folder of new keys, in bytes: an id and a part of the file's name follow.
const LONGEST_FOLDER: usize = 768;

/// A new unique key for a file of this name in a folder.
pub fn fresh(folder: &str, file_name: &str) -> String {
    let start = format!("{folder}{}/", uuid());
    let room = LONGEST_KEY.saturating_sub(start.len());
    format!("{start}{}", safe(file_name, room))
}

/// A key without a file name.
pub fn nameless(folder: &str) -> String {
    format!("{folder}{}", uuid())
}

/// A key as it came in a path or a body, decoded; `None` for one that is not clean. The key has `uploads/` added unless
/// it begins with a folder of the rules.
pub fn clean(given: &str, rules: &Rules) -> Option<String> {
    let mut key = decoded(given)?;
    if !key.split_once('/').is_some_and(|(folder, _)| rules.has_root(folder)) {
        key = format!("{ROOT}{key}");
    }
    is_clean(&key).then_some(key)
}

/// A folder as it came in a query or a body, decoded, with a `/` at its end; `None` for one that is not clean.
pub fn clean_folder(given: &str) -> Option<String> {
    let folder = decoded(given)?;
    let folder = folder.strip_suffix('/').unwrap_or(&folder);
    let is_fit = is_clean(folder) && !folder.contains(is_invisible) && folder.len() < LONGEST_FOLDER;
    is_fit.then(|| format!("{folder}/"))
}

/// The folder of a key, with the `/` at its end.
pub fn folder_of(key: &str) -> &str {
    key.rfind('/').map_or("", |end| &key[..=end])
}

/// Keys of this function contain no `%`, so a `%` is an encoding, once or twice.
fn decoded(given: &str) -> Option<String> {
    let mut text = given.to_owned();
    for _ in 0..3 {
        if !text.contains('%') {
            break;
        }
        text = percent_decode_str(&text).decode_utf8().ok()?.into_owned();
    }
    Some(text)
}

fn is_clean(key: &str) -> bool {
    let is_clean = |part: &str| !part.is_empty() && part != "." && part != "..";
    key.split('/').all(is_clean) && !key.contains(is_odd) && key.len() <= LONGEST_KEY
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
        assert!(fresh("me/", &"x".repeat(5000)).len() <= LONGEST_KEY);
        assert_ne!(fresh("me/", "a"), fresh("me/", "a"));
    }

    #[test]
    fn clean_keys() {
        let rules = Rules::of_owner();
        let own = |given: &str| clean(given, &rules);
        let mine = "uploads/me/1234/a b+ü.txt";
        assert_eq!(own(mine).unwrap(), mine);
        assert_eq!(own("me/1234/a b+ü.txt").unwrap(), mine);
        assert_eq!(own("uploads%2Fme%2F1234%2Fa%20b%2B%C3%BC.txt").unwrap(), mine);
        assert_eq!(own("Uploads/me/a").unwrap(), "uploads/Uploads/me/a");
        for other in [
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
            "",
            "%",
            "uploads/me/a/",
            "uploads/me/%25252525252e",
        ] {
            assert!(own(other).is_none(), "{other}");
        }
    }

    #[test]
    fn clean_folders() {
        for (given, folder) in [
            ("uploads/me/", Some("uploads/me/")),
            ("uploads/me", Some("uploads/me/")),
            ("uploads%2Fme%2F", Some("uploads/me/")),
            ("a/ü b", Some("a/ü b/")),
            ("a//", None),
            ("/a/", None),
            ("", None),
            ("/", None),
            ("a/../b/", None),
            ("a/%252e%252e/b", None),
            ("a\u{202e}b/", None),
            ("a\\b/", None),
            ("%ff", None),
        ] {
            assert_eq!(clean_folder(given).as_deref(), folder, "{given:?}");
        }
        assert!(clean_folder(&"x".repeat(768)).is_none());
        let longest = clean_folder(&"x".repeat(767)).unwrap();
        assert!(fresh(&longest, &"y".repeat(999)).len() <= LONGEST_KEY);
        assert_eq!(folder_of("a/b/c"), "a/b/");
        assert_eq!(folder_of("a"), "");
    }
}
