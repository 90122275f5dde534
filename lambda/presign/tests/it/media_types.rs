//! What holds for a media type of any text. The fuzz target `media_type` tries it too.

use presign::media_type::MediaType;

/// Reads a text; what is taken is one type in one form, which says the same when it is read again.
pub fn check(text: &str) {
    let Some(media_type) = MediaType::parse(text) else { return };
    let normal = media_type.as_str();
    assert_eq!(MediaType::parse(normal).as_ref(), Some(&media_type), "{text:?}");
    assert!(normal.len() <= text.len() && normal.bytes().all(|it| (b' '..=b'~').contains(&it)), "{text:?}");
    let (mut is_quoted, mut letters) = (false, normal.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if is_quoted => drop(letters.next()),
            '"' => is_quoted = !is_quoted,
            ',' | ' ' | '*' | '\\' => assert!(is_quoted || letter == '*' && normal.contains(';'), "{text:?}"),
            _ => {}
        }
    }
    assert!(!is_quoted, "{text:?}");
    let essence = normal.split(';').next().unwrap_or_default();
    assert_eq!(essence, essence.to_ascii_lowercase());
    assert_eq!((essence.matches('/').count(), essence.contains('*')), (1, false), "{text:?}");
    let is_allowed = |types: &str| media_type.is_allowed(&presign::media_type::list(types).unwrap());
    assert!(is_allowed(essence), "a type that is named is allowed: {text:?}");
    let kind = essence.split('/').next().unwrap_or_default();
    assert!(!is_allowed(&format!("{kind}/*")) || !essence.ends_with("xml"), "{text:?}");
}

/// Texts of what a media type is made of, in any order.
#[test]
fn of_any_text() {
    let pieces =
        ["a", "/", ";", "=", "\"", "\\", ",", " ", "\t", "*", "é", "image/png", "; charset=", "+xml", "'"];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut taken = 0;
    for _ in 0..200_000 {
        let mut text = String::from(if state & 1 == 0 { "a/b" } else { "" });
        for _ in 0..state >> 7 & 7 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push_str(pieces[usize::try_from(state % pieces.len() as u64).unwrap()]);
        }
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        taken += usize::from(MediaType::parse(&text).is_some());
        check(&text);
    }
    assert!(taken > 10_000, "{taken}");
}
