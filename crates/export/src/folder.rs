//! Writes files into a folder, over no file that stackctl did not write.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use thiserror::Error;

/// The file with the digests of the files that stackctl wrote, as `sha256sum` has them.
const WRITTEN: &str = "stackctl-export.sha256";

const HEAD: &str = "# The files of this folder that `stackctl export` wrote and may write again.\n";

/// Files, by their paths in a folder.
#[derive(Debug, Default)]
pub struct Contents(pub BTreeMap<String, Vec<u8>>);

/// Why the files were not written.
#[derive(Debug, Error)]
pub enum NotWritten {
    /// Files that stackctl did not write, or that were edited since, have other content.
    #[error("{} would be overwritten", .0.join(", "))]
    InTheWay(Vec<String>),
    /// A file could not be read or written.
    #[error("could not write {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
}

impl Contents {
    /// Writes all files, or none of them when one is in the way.
    ///
    /// # Errors
    /// A file in the way, or one that can't be written.
    pub fn write(&self, folder: &Path) -> Result<(), NotWritten> {
        let earlier = read(&folder.join(WRITTEN))?.unwrap_or_default();
        let earlier = String::from_utf8_lossy(&earlier);
        if !earlier.is_empty() && !earlier.starts_with(HEAD) {
            return Err(NotWritten::InTheWay(vec![WRITTEN.to_owned()]));
        }
        let mut written: BTreeMap<&str, String> = earlier
            .lines()
            .filter_map(|line| line.split_once("  "))
            .map(|(it, name)| (name, it.to_owned()))
            .collect();
        let mut in_the_way = Vec::new();
        for (name, content) in &self.0 {
            if let Some(found) = read(&folder.join(name))?
                && found != *content
                && written.get(name.as_str()) != Some(&digest(&found))
            {
                in_the_way.push(name.clone());
            }
        }
        if !in_the_way.is_empty() {
            return Err(NotWritten::InTheWay(in_the_way));
        }
        written.extend(self.0.iter().map(|(name, content)| (name.as_str(), digest(content))));
        let lines = written.iter().map(|(name, digest)| format!("{digest}  {name}\n"));
        // It is first: a run that ends in between can be repeated.
        write(&folder.join(WRITTEN), (HEAD.to_owned() + &lines.collect::<String>()).as_bytes())?;
        self.0.iter().try_for_each(|(name, content)| write(&folder.join(name), content))
    }
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, NotWritten> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(NotWritten::Io { path: path.to_owned(), source }),
    }
}

fn write(path: &Path, content: &[u8]) -> Result<(), NotWritten> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let written = fs::create_dir_all(parent).and_then(|()| fs::write(path, content));
    written.map_err(|source| NotWritten::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Contents {
        Contents([("a/b.txt".to_owned(), text.into())].into())
    }

    #[test]
    fn only_own_files_are_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/b.txt");
        let text = || fs::read_to_string(&file).unwrap();
        contents("1").write(folder.path()).unwrap();
        contents("2").write(folder.path()).unwrap();
        assert_eq!(text(), "2");

        fs::write(&file, "edited").unwrap();
        let refused = contents("3").write(folder.path()).unwrap_err();
        assert!(matches!(&refused, NotWritten::InTheWay(files) if *files == ["a/b.txt"]), "{refused:?}");
        assert_eq!(text(), "edited");
        contents("edited").write(folder.path()).unwrap();
        contents("3").write(folder.path()).unwrap();
        assert_eq!(text(), "3");

        fs::write(folder.path().join(WRITTEN), "other").unwrap();
        assert!(contents("3").write(folder.path()).is_err());
        assert_eq!(fs::read_to_string(folder.path().join(WRITTEN)).unwrap(), "other");
    }
}
