//! Mistakes that people make, each beside what is said of it: the place, the problem, the way out.
//!
//! `UPDATE_EXPECT=1 cargo test -p stackctl-stackfile --test mistakes` writes what is said now; read it before it is committed.

use std::{fmt::Write, path::Path};

use expect_test::expect_file;

/// The files, each below its name. Characters that are not seen have names.
const FILES: &str = include_str!("mistakes/files.txt");

const INVISIBLE: [(&str, &str); 3] = [("NBSP", "\u{a0}"), ("ZWSP", "\u{200b}"), ("SHY", "\u{ad}")];

#[test]
fn each_is_named_at_its_place_with_a_way_out() {
    let mut said = String::new();
    let files: Vec<&str> = FILES.split("=== ").skip(1).collect();
    assert!(files.len() >= 80, "{}", files.len());
    for file in files {
        let (name, text) = file.split_once('\n').unwrap();
        let text = INVISIBLE.iter().fold(text.to_owned(), |text, (name, char)| text.replace(name, char));
        let problems = stackctl_stackfile::parse(&text, None).expect_err(name);
        writeln!(said, "=== {name}").unwrap();
        for problem in &problems {
            let help = problem.help.as_deref().unwrap_or_else(|| panic!("{name}: no way out"));
            let span = problem.span;
            writeln!(said, "{}:{} {}: {}\n    {help}", span.line, span.column, problem.title, problem.label)
                .unwrap();
            // The line of the file fits in a small terminal, so that the underline stays below its text.
            let shown = problem.render("stack.yaml", false);
            let lines = shown.lines().filter(|it| it.starts_with(|char: char| char.is_ascii_digit()));
            lines.for_each(|it| assert!(it.chars().count() <= 80, "{name}: {it}"));
        }
    }
    expect_file![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes/said.txt")].assert_eq(&said);
}
