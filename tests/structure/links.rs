//! The links of the pages, checked by `docs/tools/links`, and the check itself.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::root;

/// What the check prints about the pages below a folder; nothing when every link is right.
fn faults(folder: &Path) -> String {
    let output = Command::new(root().join("docs/tools/links")).arg(folder).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.success(), text.is_empty(), "{text}");
    text
}

/// A folder with these files, and a summary that lists docs/page.md.
fn book(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("docs")).unwrap();
    for (name, text) in [("docs/SUMMARY.md", "- [Page](page.md)\n")].iter().chain(files) {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

#[test]
fn every_link_of_the_pages_leads_somewhere() {
    let faults = faults(&root());
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn a_broken_link_is_found() {
    let page = "# A page\n\n## Of two `words`\n\n\
        [here](#of-two-words), [self](page.md#a-page), [up](../README.md), [net](https://example.com/none)\n\n\
        ![none](none.png) and [none](none.md), `[code](none.md)`\n\n\
        [gone](#of-three-words), [root](/README.md), [out](../../else.md), [label][none], [label][some]\n\n\
        ```sh\n[in a fence](none.md)\n```\n\n[some]: ../README.md#nothing\n";
    let folder =
        book("links", &[("docs/page.md", page), ("docs/loose.md", "alone"), ("README.md", "# Read me\n")]);
    assert_eq!(
        faults(&folder),
        "docs/page.md:7: `none.png` names no file\n\
         docs/page.md:7: `none.md` names no file\n\
         docs/page.md:9: `#of-three-words`: docs/page.md has no heading `#of-three-words`\n\
         docs/page.md:9: `/README.md` begins with a slash: name the file relative to the page\n\
         docs/page.md:9: `../../else.md` leads out of the repository\n\
         docs/page.md:9: no line defines the label `[none]`\n\
         docs/page.md:15: `../README.md#nothing`: README.md has no heading `#nothing`\n\
         docs/SUMMARY.md: does not list loose.md\n"
    );
}

#[test]
fn a_book_without_faults_passes() {
    let folder = book("no-faults", &[("docs/page.md", "[a](page.md#b)\n\n# B\n")]);
    assert_eq!(faults(&folder), "");
}
