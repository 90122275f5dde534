//! Every fact that code or documents cite by id stands in docs/aws.md.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const SERVICES: [&str; 9] = ["X", "IAM", "LAM", "S3", "COG", "AGW", "LOG", "SSM", "ORD"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `AGW-30`, as a word of its own.
fn ids(text: &str) -> BTreeSet<String> {
    let words = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '-');
    let is_id = |word: &&str| {
        let Some((service, number)) = word.rsplit_once('-') else { return false };
        SERVICES.contains(&service) && number.len() == 2 && number.bytes().all(|it| it.is_ascii_digit())
    };
    words.filter(is_id).map(str::to_owned).collect()
}

fn cited(folder: &Path, all: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules", ".git"].contains(&name.as_str()) {
            cited(&path, all);
        } else if ["rs", "md", "yaml", "ts", "tsx"].iter().any(|kind| name.ends_with(&format!(".{kind}"))) {
            all.extend(ids(&fs::read_to_string(&path).unwrap_or_default()));
        }
    }
}

/// The ids of the rows of docs/aws.md.
fn rows(document: &str) -> impl Iterator<Item = &str> {
    document.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
}

#[test]
fn an_id_stands_for_one_fact() {
    let document = fs::read_to_string(root().join("docs/aws.md")).unwrap();
    let mut seen = BTreeSet::new();
    let twice: Vec<String> = rows(&document).flat_map(ids).filter(|id| !seen.insert(id.clone())).collect();
    assert!(twice.is_empty(), "more than one row of docs/aws.md: {twice:?}");
}

#[test]
fn every_cited_fact_is_documented() {
    let document = fs::read_to_string(root().join("docs/aws.md")).unwrap();
    let documented: BTreeSet<String> = rows(&document).flat_map(ids).collect();
    assert!(documented.len() > 150, "{}", documented.len());
    let mut all = BTreeSet::new();
    for folder in ["crates", "lambda", "tests", "docs", "web"] {
        cited(&root().join(folder), &mut all);
    }
    let missing: Vec<_> = all.difference(&documented).collect();
    assert!(missing.is_empty(), "not in docs/aws.md: {missing:?}");
}
