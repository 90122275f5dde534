//! Replaces a file in one step, and only when its text changes.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

/// Replaces the text of a file; returns false when the file has this text already. Readers see the old text or the new one.
///
/// # Errors
/// The system's errors, and a path that is not a file.
pub fn replace(path: &Path, text: &str) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;

    // A link stays a link; its target is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mode = match fs::metadata(path) {
        Ok(there) if !there.is_file() => return Err(io::Error::other("it is not a file")),
        Ok(_) if is(path, text)? => return Ok(false),
        Ok(there) => there.permissions().mode() & 0o777,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0o644,
        Err(error) => return Err(error),
    };
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let permissions = fs::Permissions::from_mode(mode);
    let mut file =
        tempfile::Builder::new().prefix(".stackctl-").permissions(permissions).tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(true)
}

/// Whether the file has this text.
///
/// # Errors
/// The system's errors, except for a file that does not exist.
pub fn is(path: &Path, text: &str) -> io::Result<bool> {
    match fs::read(path) {
        Ok(bytes) => Ok(bytes == text.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_file_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outputs.json");
        assert!(!is(&path, "{}").unwrap());
        assert!(replace(&path, "{}").unwrap());
        let first = fs::metadata(&path).unwrap();
        assert_eq!(first.permissions().mode() & 0o777, 0o644);
        assert!(!replace(&path, "{}").unwrap());
        assert_eq!(fs::metadata(&path).unwrap().ino(), first.ino(), "the file is not replaced");
        assert!(is(&path, "{}").unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no other file is left");
    }

    #[test]
    fn permissions_and_links_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        symlink(&path, &link).unwrap();
        assert!(replace(&link, "new").unwrap());
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_folder_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(replace(folder.path(), "x").is_err());
        assert!(replace(&folder.path().join("no/such/folder"), "x").is_err());
    }
}
