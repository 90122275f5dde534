//! A zip file that is sent unchanged. It is read only to check it.

use std::io::{self, Cursor, Read};

use stackctl_stackfile::function::Bundle;

use super::{
    contents::{Contents, is_executable},
    error::{BundleError, MOST_UNZIPPED},
};

/// Checks a zip file; returns its files, and the executable of a bundle that runs one.
///
/// # Errors
/// Why Lambda would not take it, or not run it.
pub fn read(bytes: &[u8], bundle: &Bundle) -> Result<(Contents, Option<Vec<u8>>), BundleError> {
    let not_zip = |error: zip::result::ZipError| BundleError::NotZip { source: io::Error::other(error) };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(not_zip)?;
    let mut contents = Contents::default();
    let mut executable = None;
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(not_zip)?;
        let name = file.name().map_err(not_zip)?.into_owned();
        if file.encrypted() {
            return Err(BundleError::Encrypted { name });
        }
        if file.is_dir() {
            continue;
        }
        if is_executable(&name, bundle) {
            if file.unix_mode().is_none_or(|mode| mode & 0o111 == 0) {
                return Err(BundleError::NotExecutable);
            }
            executable = Some(index);
        }
        contents.add(name, file.size())?;
    }
    let executable = match executable {
        Some(index) => {
            let mut bytes = Vec::new();
            let file = archive.by_index(index).map_err(not_zip)?;
            // The size in the zip's directory may be wrong.
            file.take(MOST_UNZIPPED)
                .read_to_end(&mut bytes)
                .map_err(|source| BundleError::NotZip { source })?;
            Some(bytes)
        }
        None => None,
    };
    Ok((contents, executable))
}
