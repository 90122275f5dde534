//! Media types: read by the grammar of RFC 9110 (8.3.1) and by nothing else, signed in one form, held against the
//! allowed ones.

/// The longest media type, in bytes: two names of 127 (RFC 6838) fit.
const LONGEST: usize = 256;

/// A media type in its normal form: names in lower case, no spaces, quotes only where they are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    text: String,
    /// How long `type/subtype` is.
    essence: usize,
}

impl MediaType {
    /// Reads one, such as `image/png` or `text/plain; charset=utf-8`. Of what the grammar allows, it takes no `*` in the
    /// names, which browsers take for "unknown" and look into the file, and no byte outside of ASCII.
    pub fn parse(text: &str) -> Option<MediaType> {
        if text.len() > LONGEST {
            return None;
        }
        let (kind, rest) = split(text, is_of_name);
        let (sub, mut rest) = split(rest.strip_prefix('/')?, is_of_name);
        if kind.is_empty() || sub.is_empty() {
            return None;
        }
        let mut text = format!("{kind}/{sub}").to_ascii_lowercase();
        let essence = text.len();
        while !rest.is_empty() {
            rest = without_space(without_space(rest).strip_prefix(';')?);
            let (name, after) = split(rest, is_of_token);
            if name.is_empty() {
                // A parameter may be left out; then nothing else may be there in its place.
                continue;
            }
            let after = after.strip_prefix('=')?;
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => unquote(quoted)?,
                None => {
                    let (token, after) = split(after, is_of_token);
                    ((!token.is_empty()).then(|| token.to_owned())?, after)
                }
            };
            rest = after;
            text.push(';');
            text.push_str(&name.to_ascii_lowercase());
            text.push('=');
            if !value.is_empty() && value.bytes().all(is_of_token) {
                text.push_str(&value);
            } else {
                text.push('"');
                text.push_str(&value.replace('\\', "\\\\").replace('"', "\\\""));
                text.push('"');
            }
        }
        Some(MediaType { text, essence })
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the type is among the allowed ones; an empty list allows any. A pattern such as `image/*` does not cover
    /// what a browser runs: that has to be named.
    pub fn is_allowed(&self, allowed: &[String]) -> bool {
        let essence = &self.text[..self.essence];
        let is_covered = |it: &String| match it.strip_suffix('*') {
            Some(kind) => essence.starts_with(kind) && !is_active(essence),
            None => it == essence,
        };
        allowed.is_empty() || allowed.iter().any(is_covered)
    }
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
    let is_good = |it: &String| {
        let (kind, sub) = it.split_once('/').unwrap_or_default();
        let is_name = |it: &str| !it.is_empty() && it.bytes().all(is_of_name);
        is_name(kind) && (sub == "*" || is_name(sub))
    };
    match all.iter().find(|it| !is_good(it)) {
        Some(wrong) => Err(wrong.clone()),
        None => Ok(all),
    }
}

/// The media type of a PDF that a browser shows.
pub const PDF: &str = "application/pdf";

/// Whether a file's name is that of a PDF.
pub fn is_pdf(file_name: &str) -> bool {
    file_name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("pdf"))
}

/// The type that a download is served as: by the file name's extension where browsers do no more than show it, else
/// that of plain bytes. What the uploader called it does not matter.
pub fn of_download(file_name: &str) -> &'static str {
    let extension = file_name.rsplit_once('.').map_or("", |(_, it)| it).to_ascii_lowercase();
    match extension.as_str() {
        "avif" => "image/avif",
        "gif" => "image/gif",
        "heic" => "image/heic",
        "jpeg" | "jpg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "m4a" => "audio/mp4",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "mov" => "video/quicktime",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "txt" => "text/plain",
        _ => "application/octet-stream",
    }
}

/// Whether a browser that shows such a file may run scripts in it: HTML, every form of XML, scripts themselves, and what
/// holds other files.
fn is_active(essence: &str) -> bool {
    let (kind, sub) = essence.split_once('/').unwrap_or_default();
    let ends = ["html", "xml", "xsl", "javascript", "ecmascript"];
    kind == "multipart" || kind == "message" || ends.iter().any(|end| sub.ends_with(end))
}

/// The names of types and subtypes (RFC 6838, 4.2), a part of what a token may hold.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte)
}

/// A token (RFC 9110, 5.6.2).
fn is_of_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// The longest beginning of such bytes, all of them ASCII, and the rest.
fn split(text: &str, of: fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(|byte| !of(byte)).unwrap_or(text.len()))
}

fn without_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// A quoted string (RFC 9110, 5.6.4) after its first quote: what it says, and what follows it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    loop {
        let (at, letter) = letters.next()?;
        let letter = match letter {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => letters.next()?.1,
            other => other,
        };
        if !(' '..='~').contains(&letter) {
            return None;
        }
        value.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_forms() {
        for (text, normal) in [
            ("image/png", "image/png"),
            ("Image/PNG", "image/png"),
            ("text/plain; charset=utf-8", "text/plain;charset=utf-8"),
            ("text/plain \t;\t Charset=UTF-8", "text/plain;charset=UTF-8"),
            ("text/plain;a=b;c=d", "text/plain;a=b;c=d"),
            ("text/plain;", "text/plain"),
            ("text/plain; ;; a=b; ", "text/plain;a=b"),
            (r#"text/plain; charset="utf-8""#, "text/plain;charset=utf-8"),
            (r#"text/plain; charset="utf\-8""#, "text/plain;charset=utf-8"),
            (r#"video/mp4; codecs="avc1.4D401E, mp4a.40.2""#, r#"video/mp4;codecs="avc1.4D401E, mp4a.40.2""#),
            (r#"a/b; c="""#, r#"a/b;c="""#),
            (r#"a/b; c="d\"e\\f;g=h""#, r#"a/b;c="d\"e\\f;g=h""#),
            ("a/b;c='d'", "a/b;c='d'"),
            (
                "application/vnd.ms-excel.sheet.macroEnabled.12",
                "application/vnd.ms-excel.sheet.macroenabled.12",
            ),
            ("image/svg+xml", "image/svg+xml"),
        ] {
            let media_type = MediaType::parse(text).unwrap_or_else(|| panic!("{text:?}"));
            assert_eq!(media_type.as_str(), normal, "{text:?}");
            assert_eq!(MediaType::parse(normal), Some(media_type), "the normal form is its own: {text:?}");
        }
        assert!(MediaType::parse(&format!("a/{}", "b".repeat(254))).is_some());
    }

    #[test]
    fn no_media_types() {
        for text in [
            "",
            "image",
            "image/",
            "/png",
            "image/png/x",
            "image /png",
            "image/ png",
            " image/png",
            "image/png ",
            "image/*",
            "*/*",
            "image/png\r\nx: y",
            "image/png\n",
            "image/png\0",
            "image/pñg",
            "image/png,text/html",
            "image/png;,text/html",
            "image/png; charset=x, text/html",
            "image/png; charset=x,text/html",
            "image/png;charset=\"x\",text/html",
            "image/png;charset=\"x\"y",
            "image/png;charset=\"x",
            "image/png;charset=\"x\\",
            "image/png;charset=\"x\\\"",
            "image/png;charset=\"é\"",
            "image/png;charset=\"\\é\"",
            "image/png;charset=\"a\tb\"",
            "image/png;charset=\"a\nb\"",
            "image/png;charset",
            "image/png;charset=",
            "image/png;charset =x",
            "image/png;charset= x",
            "image/png;=x",
            "image/png;a=b c=d",
            "image/png;a=b=c",
            "image/png;a b",
            "image/png text/html",
            "video/webm;codecs=vp8,opus",
        ] {
            assert_eq!(MediaType::parse(text), None, "{text:?}");
        }
        assert_eq!(MediaType::parse(&format!("a/{}", "b".repeat(255))), None);
    }

    #[test]
    fn allowed() {
        let some =
            list("image/*, Application/PDF, text/*, text/html, application/*, model/vnd.x+xml,").unwrap();
        for (kind, allowed) in [
            ("image/png", true),
            ("Image/PNG; a=b", true),
            ("Application/PDF; x=1", true),
            ("text/csv", true),
            ("text/html; charset=utf-8", true),
            ("application/zip", true),
            ("model/vnd.x+xml", true),
            ("image/svg+xml", false),
            ("image/svg+xml;a=b", false),
            ("text/xml", false),
            ("text/xsl", false),
            ("text/javascript", false),
            ("text/ecmascript", false),
            ("application/xhtml+xml", false),
            ("application/xml", false),
            ("application/x-javascript", false),
            ("imagery/png", false),
            ("audio/png", false),
            ("model/vnd.y", false),
        ] {
            assert_eq!(MediaType::parse(kind).unwrap().is_allowed(&some), allowed, "{kind}");
        }
        assert!(MediaType::parse("image/svg+xml").unwrap().is_allowed(&list("image/svg+xml").unwrap()));
        assert!(!MediaType::parse("multipart/related").unwrap().is_allowed(&list("multipart/*").unwrap()));
        assert!(!MediaType::parse("message/rfc822").unwrap().is_allowed(&list("message/*").unwrap()));
        for all in ["", "*/*"] {
            assert!(MediaType::parse("anything/at-all+xml").unwrap().is_allowed(&list(all).unwrap()));
        }
    }

    #[test]
    fn lists() {
        for wrong in ["png", "image/*/*", "image/**", "image/png;q=1", "im*ge/png", "*/png", "/*", "image/"] {
            assert_eq!(list(wrong), Err(wrong.to_owned()));
        }
    }

    #[test]
    fn downloads() {
        for (name, kind) in [
            ("photo.JPG", "image/jpeg"),
            ("a.b.png", "image/png"),
            ("page.html", "application/octet-stream"),
            ("drawing.svg", "application/octet-stream"),
            ("page.png.html", "application/octet-stream"),
            ("png", "application/octet-stream"),
            ("", "application/octet-stream"),
        ] {
            assert_eq!(of_download(name), kind, "{name}");
        }
    }
}
