//! A folder with code: its files in a fixed order, without what a version control or an editor keeps there.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Component, Path, PathBuf},
};

use stackctl_reproducible::{Content, Entry, Zip};
use stackctl_stackfile::function::{BOOTSTRAP, Bundle};

use super::{contents::Contents, error::BundleError};

/// The names that are left out wherever they stand: version control, editors, caches whose bytes differ from run to run,
/// and files that are made for secrets. `docs/functions.md` lists them.
const LEFT_OUT: [&str; 12] = [
    ".git",
    ".gitignore",
    ".hg",
    ".svn",
    ".jj",
    ".idea",
    ".vscode",
    ".DS_Store",
    "__pycache__",
    ".env",
    ".npmrc",
    ".netrc",
];

/// The files and links of a folder, by their paths with `/`.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    items: BTreeMap<String, Item>,
}

#[derive(Debug)]
enum Item {
    File { executable: bool },
    Link(String),
}

impl Folder {
    /// Lists a folder whose path has no links.
    ///
    /// # Errors
    /// What can't be part of a function's code.
    pub fn read(root: PathBuf) -> Result<(Folder, Contents), BundleError> {
        let mut folder = Folder { root, items: BTreeMap::new() };
        let mut contents = Contents::default();
        folder.list("", &mut contents)?;
        Ok((folder, contents))
    }

    /// Adds what stands in a folder of the folder; `within` is empty, or ends with `/`.
    fn list(&mut self, within: &str, contents: &mut Contents) -> Result<(), BundleError> {
        let path = self.root.join(within);
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| BundleError::Unreadable { path, source }
        };
        for entry in fs::read_dir(&path).map_err(unreadable(&path))? {
            let path = entry.map_err(unreadable(&path))?.path();
            let name = path.file_name().and_then(|it| it.to_str());
            let name = name.ok_or_else(|| BundleError::Name { name: path.clone() })?;
            if LEFT_OUT.contains(&name) || name.starts_with(".env.") {
                continue;
            }
            let name = format!("{within}{name}");
            let found = fs::symlink_metadata(&path).map_err(unreadable(&path))?;
            let kind = found.file_type();
            if kind.is_dir() {
                self.list(&format!("{name}/"), contents)?;
            } else if kind.is_symlink() {
                let target = fs::read_link(&path).map_err(unreadable(&path))?;
                let item = self.link(&name, &path, target)?;
                // The handler may be a link to a file.
                contents.add(name.clone(), found.len())?;
                self.items.insert(name, item);
            } else if kind.is_file() {
                contents.add(name.clone(), found.len())?;
                let executable = found.permissions().mode() & 0o100 != 0 || name == BOOTSTRAP;
                self.items.insert(name, Item::File { executable });
            } else {
                return Err(BundleError::Special { name });
            }
        }
        Ok(())
    }

    /// A link that stays in the folder.
    fn link(&self, name: &str, path: &Path, target: PathBuf) -> Result<Item, BundleError> {
        let depth = name.matches('/').count();
        let real = path.canonicalize();
        let is_inside = stays(depth, &target) && real.is_ok_and(|it| it.starts_with(&self.root));
        match target.to_str() {
            Some(text) if is_inside => Ok(Item::Link(text.to_owned())),
            _ => Err(BundleError::Link { link: name.to_owned(), target }),
        }
    }

    /// The executable of a bundle, if it is a file.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn executable(&self) -> Result<Option<Vec<u8>>, BundleError> {
        let path = self.root.join(BOOTSTRAP);
        match self.items.get(BOOTSTRAP) {
            Some(Item::File { .. }) => {
                fs::read(&path).map(Some).map_err(|source| BundleError::Unreadable { path, source })
            }
            Some(Item::Link(_)) | None => Ok(None),
        }
    }

    /// The zip file: equal folders give equal bytes.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn zip(&self, bundle: &Bundle) -> Result<Zip, BundleError> {
        let entries = self.items.iter().map(|(name, item)| {
            let content = match item {
                Item::File { executable } => {
                    let path = self.root.join(name);
                    let named = |error: io::Error| {
                        io::Error::new(error.kind(), format!("{}: {error}", path.display()))
                    };
                    Content::File { bytes: fs::read(&path).map_err(named)?, executable: *executable }
                }
                Item::Link(target) => Content::Link(target.clone()),
            };
            Ok(Entry { name: name.clone(), content })
        });
        let path = PathBuf::from(bundle.path.as_str());
        Zip::of_entries(entries).map_err(|source| BundleError::Unreadable { path, source })
    }
}

/// Whether a relative link in a folder, so many folders below the root, stays below the root.
fn stays(depth: usize, target: &Path) -> bool {
    let mut depth = Some(depth);
    for component in target.components() {
        depth = match (component, depth) {
            (Component::Normal(_), Some(depth)) => Some(depth + 1),
            (Component::CurDir, depth) => depth,
            (Component::ParentDir, Some(depth)) => depth.checked_sub(1),
            (Component::RootDir | Component::Prefix(_), _) | (_, None) => None,
        };
    }
    depth.is_some()
}
