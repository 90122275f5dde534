//! The picture as a Mermaid flowchart, which GitHub and many editors draw.

use std::fmt::Write;

use crate::picture::{Arrow, Line, Picture};

/// The flowchart.
pub fn text(picture: &Picture) -> String {
    let Picture { stack, resources, arrows } = picture;
    let mut text = format!("---\ntitle: {}\n---\nflowchart LR\n", quoted_title(stack));
    for (at, address) in resources.iter().enumerate() {
        let label = escaped(&address.to_string());
        let (open, close) = match address.kind {
            "bucket" | "log_group" => ("[(", ")]"),
            "function" => ("([", "])"),
            "rest_api" => ("{{", "}}"),
            _ => ("[", "]"),
        };
        let _ = writeln!(text, "  r{at}{open}\"{label}\"{close}");
    }
    let number = |address| resources.iter().position(|it| it == address);
    for Arrow { from, to, label, line } in arrows {
        let (Some(from), Some(to)) = (number(from), number(to)) else { continue };
        let arrow = match line {
            Line::Solid => "-->",
            Line::Dashed => "-.->",
            Line::Thick => "==>",
        };
        let _ = writeln!(text, "  r{from} {arrow}|\"{}\"| r{to}", escaped(label));
    }
    text
}

/// The text between quotes: Mermaid's entities for all characters with a meaning.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_alphanumeric() || " ._-/,:*".contains(character) {
            safe.push(character);
        } else {
            let _ = write!(safe, "#{};", u32::from(character));
        }
    }
    safe
}

/// The title is YAML.
fn quoted_title(text: &str) -> String {
    let safe: String = text.chars().filter(|it| !it.is_control()).collect();
    format!("\"{}\"", safe.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::samples;

    #[test]
    fn a_stack() {
        expect![[r#"
            ---
            title: "photos"
            ---
            flowchart LR
              r0[("bucket.uploads")]
              r1["user_pool.users"]
              r2["user_pool_client.users/web"]
              r3{{"rest_api.uploads"}}
              r4["role.presign"]
              r5[("log_group.presign")]
              r6(["function.presign"])
              r2 ==>|"part of"| r1
              r3 -.->|"reads"| r1
              r4 -.->|"put, get"| r0
              r6 -->|"uses"| r5
              r6 -.->|"reads"| r3
              r6 -.->|"reads"| r4
        "#]]
        .assert_eq(&text(&samples::stack()));
    }

    /// A strict reading of the few forms that Mermaid's grammar has here: node lines, then arrows between them.
    fn check(text: &str) {
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("---"));
        let title = lines.next().unwrap().strip_prefix("title: \"").unwrap();
        assert!(title.ends_with('"'));
        assert_eq!(lines.next(), Some("---"));
        assert_eq!(lines.next(), Some("flowchart LR"));
        let mut nodes = 0;
        let is_plain = |label: &str| {
            let entities = label.split('#').skip(1).all(|it| {
                let (number, _) = it.split_once(';').unwrap_or_default();
                !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit())
            });
            entities && !label.contains(['"', '\n', '[', ']', '{', '}', '(', ')', '|', '<', '>', '&', '`'])
        };
        for line in lines {
            let line = line.strip_prefix("  r").unwrap();
            let digits = line.find(|it: char| !it.is_ascii_digit()).unwrap();
            let (number, rest) = line.split_at(digits);
            let number: usize = number.parse().unwrap();
            if let Some(rest) = rest.strip_prefix(' ') {
                let (arrow, rest) = rest.split_once("|\"").unwrap();
                assert!(["-->", "-.->", "==>"].contains(&arrow), "{line}");
                let (label, to) = rest.split_once("\"| r").unwrap();
                assert!(is_plain(label), "{line}");
                assert!(number < nodes && to.parse::<usize>().unwrap() < nodes, "{line}");
            } else {
                assert_eq!(number, nodes, "{line}");
                nodes += 1;
                let forms = [("[\"", "\"]"), ("[(\"", "\")]"), ("([\"", "\"])"), ("{{\"", "\"}}")];
                let label =
                    forms.iter().find_map(|(open, close)| rest.strip_prefix(open)?.strip_suffix(close));
                assert!(is_plain(label.expect(line)), "{line}");
            }
        }
    }

    #[test]
    fn any_name_can_be_drawn() {
        for picture in [samples::stack(), samples::hostile()] {
            check(&text(&picture));
        }
    }
}
