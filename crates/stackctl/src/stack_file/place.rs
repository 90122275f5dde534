//! The place of the stack file: this folder or a parent, a path of the arguments, or stdin.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// The names of a stack file.
pub const NAMES: [&str; 2] = ["stack.yaml", "stack.yml"];

/// Why no stack file was found.
#[derive(Debug, Error)]
pub enum NotFound {
    /// No folder has one.
    #[error("found no stack.yaml in {}", looked_in(first, last))]
    Nowhere {
        /// The folder in which the command runs.
        first: PathBuf,
        /// The last folder that was looked at.
        last: PathBuf,
    },
    /// A folder has both names.
    #[error("both stack.yaml and stack.yml are in {}", folder.display())]
    Both {
        /// The folder.
        folder: PathBuf,
    },
    /// A file in a parent folder belongs to another user.
    #[error("{} belongs to another user", path.display())]
    OfAnother {
        /// The file.
        path: PathBuf,
    },
    /// A folder could not be read.
    #[error("could not look for stack.yaml in {}", folder.display())]
    Unread {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
}

impl NotFound {
    /// The advice.
    pub fn hint(&self) -> Option<String> {
        match self {
            NotFound::Nowhere { .. } => {
                Some("`stackctl init` writes one; --file names one in another folder".to_owned())
            }
            NotFound::Both { .. } => Some("delete one of them, or name one with --file".to_owned()),
            NotFound::OfAnother { path } => {
                Some(format!("if you trust it, name it: --file {}", path.display()))
            }
            NotFound::Unread { .. } => None,
        }
    }
}

fn looked_in(first: &Path, last: &Path) -> String {
    if first == last {
        return first.display().to_string();
    }
    format!("{} and its parents up to {}", first.display(), last.display())
}

/// The stack file of a folder, or of the nearest parent that has one, relative to the folder.
///
/// The search ends at a folder with `.git`, and below the home folder: files there are of other projects.
///
/// # Errors
/// No file, two files in one folder, and a file in a parent folder that belongs to another user.
pub fn find(here: &Path, home: Option<&Path>) -> Result<PathBuf, NotFound> {
    let (mut up, mut last) = (PathBuf::new(), here);
    for folder in here.ancestors() {
        if folder != here && Some(folder) == home {
            break;
        }
        last = folder;
        let unread = |source| NotFound::Unread { folder: folder.to_owned(), source };
        let mut there = Vec::new();
        for name in NAMES {
            if folder.join(name).try_exists().map_err(unread)? {
                there.push(name);
            }
        }
        match there.as_slice() {
            [] => {}
            [name] => {
                if folder != here && !is_mine(&folder.join(name)).map_err(unread)? {
                    return Err(NotFound::OfAnother { path: folder.join(name) });
                }
                return Ok(up.join(name));
            }
            _ => return Err(NotFound::Both { folder: folder.to_owned() }),
        }
        if folder.join(".git").exists() || Some(folder) == home {
            break;
        }
        up.push("..");
    }
    Err(NotFound::Nowhere { first: here.to_owned(), last: last.to_owned() })
}

fn is_mine(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    Ok(fs::metadata(path)?.uid() == rustix::process::geteuid().as_raw())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/b/c")).unwrap();
        for file in files {
            fs::write(root.path().join(file), "").unwrap();
        }
        root
    }

    fn found(files: &[&str], home: &str) -> Result<String, String> {
        let root = tree(files);
        let path = find(&root.path().join("a/b"), Some(&root.path().join(home)));
        let text = |it: String| it.replace(root.path().to_str().unwrap(), "");
        path.map(|it| it.display().to_string()).map_err(|it| text(it.to_string()))
    }

    #[test]
    fn the_nearest_file() {
        assert_eq!(found(&["a/b/stack.yaml", "a/stack.yaml"], "."), Ok("stack.yaml".to_owned()));
        assert_eq!(found(&["a/b/stack.yml"], "."), Ok("stack.yml".to_owned()));
        assert_eq!(found(&["a/stack.yaml", "stack.yml"], "none"), Ok("../stack.yaml".to_owned()));
        assert_eq!(found(&["stack.yml"], "none"), Ok("../../stack.yml".to_owned()));
        assert_eq!(found(&["a/b/c/stack.yaml", "stack.yml"], "none"), Ok("../../stack.yml".to_owned()));
    }

    #[test]
    fn where_the_search_ends() {
        let nowhere = |it: &str| Err(format!("found no stack.yaml in /a/b{it}"));
        assert_eq!(found(&["stack.yaml", "a/.git"], "none"), nowhere(" and its parents up to /a"));
        assert_eq!(found(&["stack.yaml", "a/b/.git"], "none"), nowhere(""));
        assert_eq!(found(&["a/stack.yaml", "a/.git"], "none"), Ok("../stack.yaml".to_owned()));
        assert_eq!(found(&["a/stack.yaml"], "a"), nowhere(""), "the home folder is no project's");
        assert_eq!(found(&["a/b/stack.yaml"], "a/b"), Ok("stack.yaml".to_owned()));
        assert_eq!(found(&["a/stack.yaml"], "a/b"), nowhere(""));
    }

    #[test]
    fn two_files_in_one_folder() {
        assert_eq!(
            found(&["a/stack.yaml", "a/stack.yml"], "none"),
            Err("both stack.yaml and stack.yml are in /a".to_owned())
        );
    }
}
