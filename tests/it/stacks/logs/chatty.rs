//! A Lambda function in std alone. The event is a JSON list of strings, each of which it logs.

mod runtime_api;

use std::io::Write;

fn main() {
    runtime_api::serve(|event| {
        let mut out = std::io::stdout().lock();
        for line in strings(event) {
            writeln!(out, "{line}").unwrap();
        }
        out.flush().unwrap();
    });
}

/// The strings of a JSON list.
fn strings(list: &str) -> Vec<String> {
    let (mut all, mut current, mut escaped) = (Vec::new(), None::<String>, false);
    let mut characters = list.chars();
    while let Some(character) = characters.next() {
        let Some(text) = &mut current else {
            if character == '"' {
                current = Some(String::new());
            }
            continue;
        };
        match character {
            _ if escaped => {
                text.push(character);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => all.extend(current.take()),
            _ => text.push(character),
        }
    }
    all
}
