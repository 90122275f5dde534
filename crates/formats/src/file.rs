//! Reads and replaces a file.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The content of a file; none when it does not exist.
///
/// # Errors
/// The system's errors, and a path that is not a file.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => Err(io::Error::other("it is not a file")),
        Ok(_) => fs::read(path).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file in one step: readers see the old text or the new one. The file keeps its permissions, and a symbolic
/// link stays one.
///
/// # Errors
/// The system's errors.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let path = &target(path);
    let mode = match fs::metadata(path) {
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
    Ok(())
}

/// The file that a path leads to, also when it does not exist yet.
fn target(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    // More links than the system follows are a circle.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => break,
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outputs.json");
        assert_eq!(read(&path).unwrap(), None);
        replace(&path, "{}").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
        assert_eq!(read(&path).unwrap().as_deref(), Some(&b"{}"[..]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no other file is left");
    }

    #[test]
    fn permissions_and_links_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real"), folder.path().join("link"));
        symlink("real", &link).unwrap();
        replace(&link, "first").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "first", "the link led to a file that did not exist");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        replace(&link, "second").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let circle = folder.path().join("circle");
        symlink("circle", &circle).unwrap();
        assert!(replace(&circle, "x").is_err());
    }

    #[test]
    fn a_folder_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).is_err());
        assert!(replace(folder.path(), "x").is_err());
        assert!(replace(&folder.path().join("no/such/folder"), "x").is_err());
    }
}
