//! Folders and files for this user alone.

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

/// A log that has grown beyond this is put aside at the next start.
const PUT_ASIDE_BEYOND: u64 = 16 << 20;

/// Makes a folder, and what is above it, for this user alone, unless it is there.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Opens or creates a file for this user alone, to add to it.
pub(crate) fn to_append(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

/// Opens or creates a file for this user alone.
pub(crate) fn file(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// Opens or creates a log for this user alone. One that has grown too long is put aside first, under another extension.
pub(crate) fn log(path: &Path, aside: &str) -> io::Result<fs::File> {
    if fs::metadata(path).is_ok_and(|it| it.len() > PUT_ASIDE_BEYOND) {
        fs::rename(path, path.with_extension(aside))?;
    }
    to_append(path)
}
