//! The root key of one local cloud: random, and in a file for this user alone.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use stackctl_gateway::RootKey;

use crate::{
    error::{Doing, Error},
    private,
};

/// Reads the key from the file; creates the file the first time.
pub(crate) fn read_or_create(folder: &Path, path: &Path) -> Result<RootKey, Error> {
    if !path.exists() {
        private::folder(folder).doing(|| format!("create {}", folder.display()))?;
        create(path, &random()?).doing(|| format!("write {}", path.display()))?;
    }
    let text = fs::read(path).doing(|| format!("read {}", path.display()))?;
    serde_json::from_slice(&text).map_err(|_| Error::BrokenRootKey { path: path.to_owned() })
}

/// A new key: a secret of 160 random bits, and an id that no AWS key has.
fn random() -> Result<RootKey, Error> {
    let mut bytes = [0; 28];
    getrandom::fill(&mut bytes)
        .map_err(io::Error::other)
        .doing(|| "get random bytes for the local cloud's root key".to_owned())?;
    let (name, secret) = bytes.split_at(8);
    let text = |bytes: &[u8], upper: bool| bytes.iter().map(|it| hex_byte(*it, upper)).collect::<String>();
    Ok(RootKey { access_key_id: format!("ROOT{}", text(name, true)), secret_access_key: text(secret, false) })
}

fn hex_byte(byte: u8, upper: bool) -> String {
    if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }
}

/// Writes the whole file or nothing. A file that another process has written before stays.
fn create(path: &Path, key: &RootKey) -> io::Result<()> {
    let beside = path.with_extension(format!("new-{}", key.access_key_id));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(serde_json::to_string(key)?.as_bytes())?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::instance::Instance;

    #[test]
    fn each_instance_has_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let instances = ["a", "b"].map(|it| Instance::at(folder.path().join(it)));
        let keys = instances.each_ref().map(|it| it.root_key().unwrap());
        assert_eq!(instances[0].root_key().unwrap(), keys[0], "it stays");
        assert_ne!(keys[0].access_key_id, keys[1].access_key_id);
        assert_ne!(keys[0].secret_access_key, keys[1].secret_access_key);
        assert_eq!((keys[0].access_key_id.len(), keys[0].secret_access_key.len()), (20, 40));
        let mode = fs::metadata(instances[0].root_key_path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let files = fs::read_dir(instances[0].folder()).unwrap().count();
        assert_eq!(files, 1, "nothing stays beside it");
        assert!(!format!("{:?}", keys[0]).contains(&keys[0].secret_access_key));
    }

    #[test]
    fn a_file_that_was_edited() {
        let folder = tempfile::tempdir().unwrap();
        let instance = Instance::at(folder.path());
        fs::write(instance.root_key_path(), "test").unwrap();
        let error = instance.root_key().unwrap_err();
        assert!(error.hint().unwrap().contains("stackctl local down"), "{error}");
    }
}
