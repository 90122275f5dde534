//! Code in a folder or a zip file: checked, and zipped where it is a folder.

mod archive;
pub mod build;
mod contents;
pub mod error;
mod folder;
#[cfg(test)]
mod tests;

use std::{fs, path::Path};

use stackctl_reproducible::{MOST_BYTES, Zip};
use stackctl_stackfile::function::{Architecture, BOOTSTRAP, Bundle};

use self::{contents::Contents, error::BundleError, folder::Folder};
use crate::elf;

/// Code that was found and checked.
#[derive(Debug)]
pub enum Found {
    /// A folder that is not zipped yet.
    Folder(Folder),
    /// A zip file.
    Zip(Vec<u8>),
}

/// Finds the code of a bundle below the folder of stack.yaml, and checks that Lambda can run it. Nothing is zipped.
/// `built` says whether its build ran.
///
/// # Errors
/// Why Lambda would not take it, or not run it.
pub fn find(
    bundle: &Bundle,
    architecture: Architecture,
    folder: &Path,
    built: bool,
) -> Result<Found, BundleError> {
    let path = folder.join(bundle.path.as_str());
    let unreadable = |source| BundleError::Unreadable { path: path.clone(), source };
    let metadata = fs::metadata(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => BundleError::Missing { built },
        _ => unreadable(error),
    })?;
    let real = path.canonicalize().map_err(unreadable)?;
    let project = folder.canonicalize().map_err(unreadable)?;
    if !real.starts_with(&project) {
        return Err(BundleError::Outside);
    }
    if metadata.is_dir() {
        let (folder, contents) = Folder::read(real)?;
        let executable = if contents::is_executable(BOOTSTRAP, bundle) { folder.executable()? } else { None };
        check(&contents, executable.as_deref(), bundle, architecture)?;
        return Ok(Found::Folder(folder));
    }
    if !metadata.is_file() {
        return Err(BundleError::Special { name: bundle.path.to_string() });
    }
    // A file that is too large is not read.
    let bytes = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if bytes > MOST_BYTES {
        return Err(BundleError::TooLarge { bytes });
    }
    let bytes = fs::read(&real).map_err(unreadable)?;
    let (contents, executable) = archive::read(&bytes, bundle)?;
    check(&contents, executable.as_deref(), bundle, architecture)?;
    Ok(Found::Zip(bytes))
}

impl Found {
    /// The zip file that Lambda gets.
    ///
    /// # Errors
    /// A file that can't be read, and a zip that is too large.
    pub fn zip(self, bundle: &Bundle) -> Result<Zip, BundleError> {
        let zip = match self {
            Found::Folder(folder) => folder.zip(bundle)?,
            Found::Zip(bytes) => Zip::new(bytes),
        };
        match zip.bytes.len() {
            bytes if bytes > MOST_BYTES => Err(BundleError::TooLarge { bytes }),
            _ => Ok(zip),
        }
    }
}

/// Checks the files; the executable only where it is one of Linux, since it may be a script.
fn check(
    contents: &Contents,
    executable: Option<&[u8]>,
    bundle: &Bundle,
    architecture: Architecture,
) -> Result<(), BundleError> {
    contents.check(bundle)?;
    match executable {
        Some(bytes) if bytes.starts_with(b"\x7fELF") => {
            elf::check(bytes, architecture).map_err(BundleError::Unfit)
        }
        Some(_) | None => Ok(()),
    }
}
