//! The shape of the code and its pages: no circles of files, no large crate or folder, no broken link.

mod imports;
mod links;
mod quotes;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use imports::Crate;

/// The longest a crate's sources may get, tests included, in lines.
const LONGEST_CRATE: usize = 8_000;
/// The most Rust files that stand side by side in a folder.
const MOST_FILES: usize = 15;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folders of the workspace that hold a crate: name relative to the repository, in order.
fn crates() -> Vec<PathBuf> {
    let mut all = Vec::new();
    for parent in ["crates", "crates/bench", "lambda"] {
        for entry in fs::read_dir(root().join(parent)).unwrap() {
            let name = entry.unwrap().file_name();
            let folder = Path::new(parent).join(name);
            if root().join(&folder).join("Cargo.toml").exists() && root().join(&folder).join("src").exists() {
                all.push(folder);
            }
        }
    }
    all.sort();
    assert!(all.len() > 5, "the crates are found: {all:?}");
    all
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut circles = String::new();
    for folder in crates() {
        for circle in Crate::read(&root().join(&folder).join("src")).circles() {
            circles += &format!("\n{}: a circle of {} files\n", folder.display(), circle.files.len());
            for (from, to) in circle.imports {
                circles += &format!("  {from} imports {to}\n");
            }
        }
    }
    assert!(circles.is_empty(), "{circles}");
}

#[test]
fn no_crate_is_too_long() {
    let mut lengths = BTreeMap::new();
    for folder in crates() {
        let lines = |file: &PathBuf| fs::read_to_string(file).unwrap().lines().count();
        let files = imports::rust_files(&root().join(&folder).join("src"));
        lengths.insert(folder, files.iter().map(lines).sum::<usize>());
    }
    lengths.retain(|_, lines| *lines > LONGEST_CRATE);
    assert!(lengths.is_empty(), "over {LONGEST_CRATE} lines: {lengths:?}");
}

#[test]
fn no_folder_has_too_many_files_side_by_side() {
    let mut counts: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for folder in crates().into_iter().map(|it| it.join("src")).chain(["tests/it".into()]) {
        for file in imports::rust_files(&root().join(folder)) {
            let folder = file.parent().unwrap().strip_prefix(root()).unwrap();
            *counts.entry(folder.to_owned()).or_default() += 1;
        }
    }
    counts.retain(|_, files| *files > MOST_FILES);
    assert!(counts.is_empty(), "over {MOST_FILES} files: {counts:#?}");
}
