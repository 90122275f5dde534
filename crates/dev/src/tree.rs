//! The folders of a project whose files are sources: without what git ignores, dependencies, and caches.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use ignore::{DirEntry, WalkBuilder};

/// The folders at and below `root` that hold sources.
pub fn folders(root: &Path) -> BTreeSet<PathBuf> {
    let is_folder = |it: &DirEntry| it.file_type().is_some_and(|it| it.is_dir());
    walk(root).build().flatten().filter(is_folder).map(DirEntry::into_path).collect()
}

/// Those of the paths that are sources, or were: a path that is gone may have been one.
pub fn sources(paths: BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let mut listed = BTreeSet::new();
    let parents: BTreeSet<&Path> = paths.iter().filter_map(|it| it.parent()).collect();
    for parent in parents {
        listed.extend(walk(parent).max_depth(Some(1)).build().flatten().map(DirEntry::into_path));
    }
    let is_source = |path: &PathBuf| !is_temporary(path) && (listed.contains(path) || !path.exists());
    paths.into_iter().filter(is_source).collect()
}

fn walk(root: &Path) -> WalkBuilder {
    let mut walk = WalkBuilder::new(root);
    // Also in a project that is in no repository. A file such as `.cargo/config.toml` is a source.
    walk.hidden(false).require_git(false).follow_links(false);
    walk.filter_entry(|it| it.depth() == 0 || !is_left_out(it));
    walk
}

/// Whether an entry is a folder of dependencies or a cache. `CACHEDIR.TAG` marks a cache, as cargo's target folder.
fn is_left_out(entry: &DirEntry) -> bool {
    if !entry.file_type().is_some_and(|it| it.is_dir()) {
        return false;
    }
    let name = entry.file_name().to_string_lossy();
    [".git", "node_modules", "__pycache__", ".venv"].contains(&name.as_ref())
        || entry.path().join("CACHEDIR.TAG").exists()
}

/// Whether a file is one that an editor keeps beside the file that it edits.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with('~')
        || name.starts_with(".#")
        || [".swp", ".swx", ".tmp"].iter().any(|it| name.ends_with(it))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn sources_are_what_git_keeps() {
        let project = tempfile::tempdir().unwrap();
        let root = project.path();
        let files = [
            ".gitignore",
            ".cargo/config.toml",
            "Cargo.toml",
            "dist/index.js",
            "functions/resize/index.mjs",
            "functions/resize/node_modules/sharp/index.js",
            "functions/resize/.index.mjs.swp",
            "functions/resize/index.mjs~",
            "notes.log",
            "target/CACHEDIR.TAG",
            "target/debug/app",
        ];
        for file in files {
            fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
            fs::write(root.join(file), "").unwrap();
        }
        fs::write(root.join(".gitignore"), "dist/\n*.log\n").unwrap();
        let named = |names: &[&str]| names.iter().map(|it| root.join(it)).collect::<BTreeSet<_>>();
        assert_eq!(folders(root), {
            let mut all = named(&[".cargo", "functions", "functions/resize"]);
            all.insert(root.to_owned());
            all
        });
        // A folder that is not watched sends no events, so only its siblings are asked for.
        let asked = named(&[
            ".gitignore",
            "Cargo.toml",
            "dist",
            "functions/resize/index.mjs",
            "functions/resize/.index.mjs.swp",
            "functions/resize/index.mjs~",
            "functions/resize/deleted.mjs",
            "notes.log",
            "target",
        ]);
        let expected = named(&[
            ".gitignore",
            "Cargo.toml",
            "functions/resize/deleted.mjs",
            "functions/resize/index.mjs",
        ]);
        assert_eq!(sources(asked), expected);
    }
}
