//! The style of text: colours, wrapping to the terminal's width, and the removal of control characters.

use std::fmt::Write;

use anstyle::{AnsiColor, Effects};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The style of text on one stream.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// With colours.
    pub colour: bool,
    /// The width of the terminal in columns; none when there is no terminal, and lines are not wrapped.
    pub width: Option<usize>,
    /// Show more details.
    pub verbose: bool,
}

/// The meaning of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// New, or successful.
    Good,
    /// Changed.
    Change,
    /// Deleted, or failed.
    Bad,
    /// Important.
    Strong,
    /// Less important.
    Faint,
}

impl Style {
    /// The text in a colour.
    pub fn paint(self, ink: Ink, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let style = match ink {
            Ink::Good => AnsiColor::Green.on_default(),
            Ink::Change => AnsiColor::Yellow.on_default(),
            Ink::Bad => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Ink::Strong => anstyle::Style::new().effects(Effects::BOLD),
            Ink::Faint => anstyle::Style::new().effects(Effects::DIMMED),
        };
        format!("{style}{text}{style:#}")
    }

    /// `head` and, beside it, `body`, which is wrapped and indented to its own column.
    pub fn beside(self, head: &str, head_width: usize, body: &str, ink: Option<Ink>) -> String {
        let room = self.width.map(|it| it.saturating_sub(head_width)).filter(|room| *room >= 20);
        let mut text = String::new();
        for (index, line) in lines(body, room).iter().enumerate() {
            let painted = ink.map_or_else(|| line.clone(), |ink| self.paint(ink, line));
            let line =
                if index == 0 { format!("{head}{painted}") } else { format!("{:head_width$}{painted}", "") };
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The same for advice. Its lines after the first are commands, which are not wrapped, so that they can be copied.
    pub fn advice(self, head: &str, head_width: usize, advice: &str, ink: Option<Ink>) -> String {
        let (words, commands) = advice.split_once('\n').unwrap_or((advice, ""));
        let commands = commands.lines().map(|command| format!("{:head_width$}{command}\n", ""));
        self.beside(head, head_width, words, ink) + &commands.collect::<String>()
    }
}

/// The text with control characters escaped.
pub fn visible(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' => plain.push('\n'),
            '\t' => plain.push_str("    "),
            char if steers(char) => {
                let _ = write!(plain, "{}", char.escape_default());
            }
            char => plain.push(char),
        }
    }
    plain
}

/// The text, quoted as one word of a shell.
pub fn word(text: &str) -> String {
    let plain = |it: char| it.is_alphanumeric() || "-_.,:@%+/=".contains(it);
    if text.chars().all(plain) && !text.starts_with('-') {
        return text.to_owned();
    }
    let quoted = format!("'{}'", visible(text).replace('\'', r"'\''"));
    if text.starts_with('-') { format!("-- {quoted}") } else { quoted }
}

/// Whether a character steers a terminal: a control character, or one that changes the direction of text.
pub fn steers(char: char) -> bool {
    let is_direction = matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    char.is_control() || is_direction
}

/// The width of the text in columns.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The lines of the text, wrapped to `room` columns.
fn lines(text: &str, room: Option<usize>) -> Vec<String> {
    let Some(room) = room else { return text.split('\n').map(str::to_owned).collect() };
    let mut all = Vec::new();
    for line in text.split('\n') {
        let mut rest = line;
        while let Some(at) = break_at(rest, room) {
            all.push(rest[..at].trim_end().to_owned());
            rest = rest[at..].trim_start();
        }
        all.push(rest.to_owned());
    }
    all
}

/// The byte at which a line that is too wide is broken: after the last space that fits, else where the room ends.
fn break_at(line: &str, room: usize) -> Option<usize> {
    if line.width() <= room {
        return None;
    }
    let (mut taken, mut space, mut end) = (0, None, line.len());
    for (at, char) in line.char_indices() {
        taken += char.width().unwrap_or_default();
        if taken > room {
            end = at;
            break;
        }
        if char == ' ' && at > 0 {
            space = Some(at + 1);
        }
    }
    let first = line.chars().next().map_or(1, char::len_utf8);
    Some(space.unwrap_or(end).max(first)).filter(|at| *at < line.len())
}

/// The text, shortened to `room` columns.
pub fn shortened(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut taken = 1;
    for char in text.chars() {
        taken += char.width().unwrap_or_default();
        if taken > room {
            break;
        }
        short.push(char);
    }
    short + "…"
}

/// A duration in words.
pub fn seconds(took: std::time::Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 9.995 {
        format!("{seconds:.2} s")
    } else if seconds < 99.95 {
        format!("{seconds:.1} s")
    } else {
        format!("{} m {} s", took.as_secs() / 60, took.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys() {
        assert_eq!(visible("a\u{1b}[2Jb\r\u{202e}c\nd"), "a\\u{1b}[2Jb\\r\\u{202e}c\nd");
    }

    #[test]
    fn no_character_that_steers_a_terminal_is_left() {
        for code in (0..=0x2_ffff).chain(0xe_0000..0xe_0200) {
            let Some(char) = char::from_u32(code) else { continue };
            let text = visible(&format!("a{char}b"));
            assert!(text.chars().all(|it| it == '\n' || !it.is_control()), "{code:x}");
            assert!(!text.chars().any(|it| ('\u{2066}'..='\u{2069}').contains(&it)), "{code:x}");
            assert!(!text.chars().any(|it| ('\u{202a}'..='\u{202e}').contains(&it)), "{code:x}");
        }
        // Other characters are not changed.
        assert_eq!(visible("é 日本 🦀 e\u{301}"), "é 日本 🦀 e\u{301}");
    }

    #[test]
    fn long_values_go_on_below() {
        let style = Style { width: Some(26), ..Style::default() };
        assert_eq!(
            style.beside("key  ", 5, "one two three four five sixseveneightnineteneleventwelve", None),
            "key  one two three four\n     five\n     sixseveneightninetene\n     leventwelve\n"
        );
        assert_eq!(Style::default().beside("key  ", 5, "a b", None), "key  a b\n");
    }

    #[test]
    fn wide_characters_are_no_trouble() {
        let style = Style { width: Some(22), ..Style::default() };
        for text in ["日本語日本語日本語日本語日本語", " leading", "", "é\u{301}é", "\u{1f980}"]
        {
            assert!(style.beside("", 0, text, None).lines().all(|line| width(line) <= 22), "{text}");
            assert!(width(&shortened(text, 5)) <= 5);
        }
        assert_eq!(lines("日本", Some(1)), ["日", "本"]);
    }

    #[test]
    fn durations() {
        let said: Vec<String> = [120, 9_994, 12_345, 61_000, 150_000]
            .iter()
            .map(|it| seconds(Duration::from_millis(*it)))
            .collect();
        assert_eq!(said, ["0.12 s", "9.99 s", "12.3 s", "61.0 s", "2 m 30 s"]);
    }
}
