//! For every file: no panic, an answer soon, and problems that are located in it.

mod answer;

use proptest::{prelude::*, sample::Index};

use self::answer::{check, check_with};

const VALID: &str = include_str!("../../../../stack.yaml");
const OVERLAYS: &str = "
envs:
  prod:
    tags: {stage: prod}
    functions: {presign: {memory: 1GB}}
    buckets: {uploads: {cors: {origins: [https://example.com]}, on_destroy: keep}}
  test: {}
";

/// Pieces that mean something to YAML or to the format.
const PIECES: [&str; 40] = [
    "\n",
    "\r",
    "\t",
    " ",
    "  ",
    ":",
    ": ",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    "&a ",
    "*a",
    "<<: ",
    "!t ",
    "|",
    ">",
    "\"",
    "'",
    "\\",
    "%",
    "@",
    "`",
    "---\n",
    "...\n",
    "~",
    "\u{0}",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "漢",
    "é",
    "\u{202e}",
    "99999999999999999999",
    "{a+}",
    "none",
];

fn whole() -> String {
    format!("{VALID}{OVERLAYS}")
}

/// Moves a place to the nearest boundary of characters before it.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|it| text.is_char_boundary(*it)).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_put_in_and_taken_out(edits in prop::collection::vec((any::<Index>(), any::<Index>(), 0..9_usize), 1..8)) {
        let mut text = whole();
        for (at, piece, removed) in edits {
            let from = boundary(&text, at.index(text.len() + 1));
            let to = boundary(&text, from + removed).max(from);
            text.replace_range(from..to, PIECES[piece.index(PIECES.len())]);
        }
        check(&text);
    }

    #[test]
    fn lines_moved(moves in prop::collection::vec((any::<Index>(), any::<Index>(), 0..4_usize), 1..6)) {
        let whole = whole();
        let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
        for (from, to, indent) in moves {
            let line = lines.remove(from.index(lines.len()));
            lines.insert(to.index(lines.len() + 1), format!("{}{line}", "  ".repeat(indent)));
        }
        check(&lines.join("\n"));
    }

    #[test]
    fn words_exchanged(swaps in prop::collection::vec((any::<Index>(), any::<Index>()), 1..6)) {
        let whole = whole();
        let mut words: Vec<&str> = whole.split_inclusive([' ', '\n', ':']).collect();
        for (left, right) in swaps {
            let (left, right) = (left.index(words.len()), right.index(words.len()));
            words.swap(left, right);
        }
        check(&words.concat());
    }

    #[test]
    fn only_pieces(pieces in prop::collection::vec(any::<Index>(), 0..60)) {
        check(&pieces.iter().map(|it| PIECES[it.index(PIECES.len())]).collect::<String>());
    }

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }
}

/// The parser counts a column after the end of this line.
#[test]
fn an_invisible_character_after_a_directive() {
    check("%*a9  ,9*a:{a+}\u{2028}9[~~%\t\t\"  \u{feff}");
    check(
        "%*a99999999999999999999  ,99999999999999999999*a:{a+}\u{2028}99999999999999999999[~~%\t\t\"  \u{feff}",
    );
}

/// A file as long as is read at all, of the same text again and again.
fn full_of(prefix: &str, again: &str) -> String {
    let times = (256 * 1024 - prefix.len()) / again.len();
    format!("{prefix}{}", again.repeat(times))
}

fn full_of_numbered(prefix: &str, line: impl Fn(usize) -> String) -> String {
    let mut text = prefix.to_owned();
    for number in 0.. {
        let line = line(number);
        if text.len() + line.len() > 256 * 1024 {
            break;
        }
        text.push_str(&line);
    }
    text
}

#[test]
fn long_files() {
    for piece in PIECES {
        for before in ["", "tags: ", "tags:\n  a: \""] {
            check_with(&format!("{before}{}", piece.repeat(8_192)), None);
        }
    }
    for again in [
        "[", "{a: ", "- ", "a: ", "[]", "- - ", "? ", "a\n", "  a:\n", "[a]: b\n", "&a ", "!a!b ", "a: b\n",
        "'a' ",
    ] {
        check_with(&full_of("", again), None);
    }
    check_with(&full_of("stack: ", "x"), None);
    check_with(&"x".repeat(10_000_000), None);
    check_with(&(0..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<String>(), None);
}

#[test]
fn long_files_that_are_wrong_everywhere() {
    let top = "stack: app\nregion: eu-west-1\n";
    check_with(
        &full_of_numbered(&format!("{top}functions:\n"), |it| {
            format!("  f{it}: {{packag: x, buckets: {{b{it}: [put]}}}}\n")
        }),
        None,
    );
    check_with(
        &full_of_numbered(&format!("{top}functions:\n"), |it| format!("  f{it}: {{package: x}}\n")),
        None,
    );
    check_with(&full_of_numbered(top, |it| format!("function{it}: a\n")), None);
    check_with(
        &full_of_numbered(&format!("{top}buckets:\n"), |it| format!("  b{it}: {{name: same-name}}\n")),
        None,
    );
    let api =
        format!("{top}functions: {{f: {{package: f}}}}\napis:\n  a:\n    authorizer: none\n    routes:\n");
    check_with(&full_of_numbered(&api, |it| format!("      GET /{it}/{{p{it}}}/a: f{it}\n")), None);
    check_with(&full_of_numbered(&api, |it| format!("      GET /{{p{it}}}: f\n")), None);
    check_with(&full_of(&format!("{api}      GET "), "/a"), None);
    let origins = format!("{top}buckets:\n  b:\n    cors:\n      origins:\n");
    check_with(&full_of_numbered(&origins, |it| format!("      - https://a{it}.example\n")), None);
}

#[test]
fn many_large_overlays() {
    let base = (0..3_000).map(|it| format!("  b{it}: {{on_destroy: keep}}\n")).collect::<String>();
    let again = base.replace("  b", "      b");
    check_with(
        &format!("stack: app\nregion: eu-west-1\nbuckets:\n{base}envs:\n  prod:\n    buckets:\n{again}"),
        None,
    );
    let overlays = (0..32).map(|it| format!("  e{it}: {{buckets: {{x{it}: {{}}}}}}\n")).collect::<String>();
    check_with(&format!("stack: app\nregion: eu-west-1\nbuckets:\n{base}envs:\n{overlays}"), None);
    let wide = (0..500).map(|it| format!("b{it}: {{}}, ")).collect::<String>();
    let overlays = (0..32).map(|it| format!("  e{it}: {{buckets: {{{wide}}}}}\n")).collect::<String>();
    check_with(&format!("stack: app\nregion: eu-west-1\nbuckets:\n{base}envs:\n{overlays}"), None);
}
