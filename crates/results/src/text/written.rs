//! A file of outputs as text.

use stackctl_formats::env_file::Changes;
use stackctl_views::style::{Ink, Style, visible};

use crate::outputs_file::{FileState, OutputsFile};

/// The state of the file, and the names of the variables that change. Values are not shown.
pub fn text(file: &OutputsFile<'_>, style: Style) -> String {
    let OutputsFile { path, state, changes } = file;
    let none = Changes::default();
    let Changes { added, changed, removed, unchanged, left } = changes.unwrap_or(&none);
    let lists = [(added, "added"), (changed, "changed"), (removed, "removed"), (unchanged, "unchanged")];
    let counts: Vec<_> = lists
        .iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, what)| format!("{} {what}", names.len()))
        .collect();
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    let path = visible(path);
    let mut text = match state {
        FileState::Written => format!("Wrote {path}{counts}\n"),
        FileState::UpToDate => format!("{path} is up to date{counts}\n"),
        FileState::OutOfDate => format!("{path} is out of date{counts}; update it with --write\n"),
    };
    for (names, sign, ink) in [(added, '+', Ink::Good), (changed, '~', Ink::Change), (removed, '-', Ink::Bad)]
    {
        if !names.is_empty() {
            let head = format!("  {} ", style.paint(ink, &sign.to_string()));
            text += &style.beside(&head, 4, &visible(&names.join(" ")), None);
        }
    }
    if !left.is_empty() {
        let names = visible(&left.join(", "));
        let note = format!("{names}: not an output of this stack; delete the line unless you wrote it");
        text += &style.beside(&format!("  {} ", style.paint(Ink::Change, "!")), 4, &note, None);
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn states() {
        let names = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
        let changes = Changes {
            added: names(&["VITE_REGION", "VITE_ENDPOINT"]),
            changed: names(&["VITE_BUCKET"]),
            removed: names(&["VITE_CLIENT_ID"]),
            unchanged: names(&["VITE_USER_POOL_ID"]),
            left: names(&["VITE_COGNITO_ENDPOINT"]),
        };
        let none = Changes::default();
        let said = [
            (FileState::Written, Some(&changes)),
            (FileState::OutOfDate, Some(&changes)),
            (FileState::UpToDate, Some(&none)),
            (FileState::Written, None),
        ]
        .map(|(state, changes)| text(&OutputsFile { path: ".env.local", state, changes }, Style::default()));
        expect![[r#"
            Wrote .env.local: 2 added, 1 changed, 1 removed, 1 unchanged
              + VITE_REGION VITE_ENDPOINT
              ~ VITE_BUCKET
              - VITE_CLIENT_ID
              ! VITE_COGNITO_ENDPOINT: not an output of this stack; delete the line unless you wrote it

            .env.local is out of date: 2 added, 1 changed, 1 removed, 1 unchanged; update it with --write
              + VITE_REGION VITE_ENDPOINT
              ~ VITE_BUCKET
              - VITE_CLIENT_ID
              ! VITE_COGNITO_ENDPOINT: not an output of this stack; delete the line unless you wrote it

            .env.local is up to date

            Wrote .env.local
        "#]]
        .assert_eq(&said.join("\n"));
    }
}
