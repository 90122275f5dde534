//! Every whole stack.yaml in the pages of docs/ and in README.md is valid.

use std::{
    fs,
    path::{Path, PathBuf},
};

use stackctl_stackfile::parse;

/// The text of each YAML block of a page that names a stack.
fn files(page: &str) -> Vec<String> {
    let blocks = page.split("```yaml\n").skip(1).map(|it| it.split("```").next().unwrap().to_owned());
    blocks.filter(|it| it.lines().any(|line| line.starts_with("stack: "))).collect()
}

#[test]
fn every_file_in_the_pages_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut pages: Vec<PathBuf> =
        fs::read_dir(root.join("docs")).unwrap().map(|it| it.unwrap().path()).collect();
    pages.push(root.join("README.md"));
    let mut count = 0;
    for page in pages.into_iter().filter(|it| it.extension().is_some_and(|it| it == "md")) {
        for text in files(&fs::read_to_string(&page).unwrap()) {
            count += 1;
            for environment in
                [None, Some("prod")].into_iter().take(if text.contains("prod:") { 2 } else { 1 })
            {
                if let Err(problems) = parse(&text, environment) {
                    let titles: Vec<_> = problems.iter().map(|it| &it.title).collect();
                    panic!("{}: {titles:?}\n{text}", page.display());
                }
            }
        }
    }
    assert!(count > 0, "the pages have files");
}
