//! The errors that docs/errors.md explains, as the code has them.

use std::fs;

use super::{crates, imports, root};

/// Rust source without the breaks inside its texts, so that a text is found as it is printed.
fn printed(source: &str) -> String {
    let mut text = String::new();
    for line in source.lines() {
        match line.trim_start().strip_suffix('\\') {
            Some(begun) => text += begun,
            None => text = text + line.trim_start() + "\n",
        }
    }
    text
}

/// The text of a heading's code span.
fn quoted(heading: &str) -> &str {
    heading.trim_start_matches('#').trim().trim_matches('`').trim()
}

/// The parts of the headings of this page that the code does not have.
fn missing(page: &str, code: &str) -> Vec<String> {
    let headings = page.lines().filter(|line| line.starts_with("### "));
    let parts = headings.flat_map(|it| quoted(it).split('…')).map(str::trim);
    parts.filter(|it| !it.is_empty() && !code.contains(it)).map(str::to_owned).collect()
}

#[test]
fn every_quoted_error_stands_in_the_code() {
    let files = crates().into_iter().flat_map(|it| imports::rust_files(&root().join(it).join("src")));
    let mut code: String = files.map(|it| printed(&fs::read_to_string(it).unwrap())).collect();
    // The problems of a file are put together from pieces; the corpus has them as they are shown.
    for entry in fs::read_dir(root().join("crates/stackfile/tests/corpus")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "txt") {
            code += &fs::read_to_string(path).unwrap();
        }
    }
    let page = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    assert!(page.matches("\n### ").count() > 20, "the page has its errors");
    assert_eq!(missing(&page, &code), Vec::<String>::new());
}

#[test]
fn a_text_that_the_code_does_not_have_is_found() {
    let code = printed("fn f() {\n    say(\"the sign-in of {} \\\n         has expired\");\n}\n");
    let page = "### `the sign-in of … has expired`\n\n### `` `region` is gone ``\n";
    assert_eq!(missing(page, &code), ["`region` is gone"]);
}
