//! Marks on this machine of the locks that its processes may hold.
//!
//! A run with nothing to write sends no request to SSM, and a killed one leaves no other trace on this machine. By its
//! mark the next run knows that there may be a lock to remove.

use std::{fs, path::PathBuf};

use sha2::{Digest, Sha256};
use stackctl_aws_data::account::Account;

use super::process::Process;

/// The marks of one stack: of its name, account, region and endpoint.
#[derive(Debug, Clone)]
pub struct Marks {
    folder: Option<PathBuf>,
    stack: String,
}

/// The mark of one process.
#[derive(Debug)]
pub struct Mark {
    path: Option<PathBuf>,
    /// Which process left it.
    pub process: Process,
}

impl Marks {
    /// Those in `folder`; none are left or found where there is no such folder.
    pub fn of(folder: Option<PathBuf>, account: &Account) -> Marks {
        let Account { stack, region, id, endpoint, .. } = account;
        let whose = format!("{id} {region} {}", endpoint.as_deref().unwrap_or_default());
        let digest = Sha256::digest(whose.as_bytes());
        let digest: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Marks { folder, stack: format!("{stack}-{digest}.") }
    }

    /// Leaves the mark of this process. Without it, a lock that this process leaves stays until another run writes.
    pub fn leave(&self) -> Mark {
        let process = Process::own();
        let name = format!("{}{}", self.stack, std::process::id());
        let path = self.folder.as_ref().map(|folder| folder.join(name));
        if let (Some(folder), Some(path)) = (&self.folder, &path) {
            // A folder that can't be written is no reason not to go on.
            let _ = fs::create_dir_all(folder)
                .and_then(|()| fs::write(path, serde_json::to_vec(&process).unwrap_or_default()));
        }
        Mark { path, process }
    }

    /// The marks of processes that may have ended.
    pub fn left(&self) -> Vec<Mark> {
        let Some(files) = self.folder.as_ref().and_then(|it| fs::read_dir(it).ok()) else {
            return Vec::new();
        };
        let of_stack = files.filter_map(Result::ok).filter(|it| {
            it.file_name().to_str().and_then(|it| it.strip_prefix(self.stack.as_str())).is_some_and(is_number)
        });
        let marks = of_stack.filter_map(|file| {
            let path = file.path();
            let process: Process = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
            Some(Mark { path: Some(path), process })
        });
        marks.filter(|it| !it.process.is_running()).collect()
    }
}

impl Mark {
    /// Its process holds no lock.
    pub fn remove(self) {
        if let Some(path) = self.path {
            let _ = fs::remove_file(path);
        }
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<u32>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(stack: &str, endpoint: Option<&str>) -> Account {
        let stack = stackctl_stackfile::parse(&format!("stack: {stack}\nregion: eu-west-1\n"), None).unwrap();
        let (region, id) = (stack.region.clone(), "123456789012".to_owned());
        Account::new(&stack, region, id, "aws".to_owned(), endpoint.map(str::to_owned))
    }

    #[test]
    fn what_is_left_behind_is_found_by_its_own_stack() {
        let folder = tempfile::tempdir().unwrap();
        let marks = |stack, endpoint| Marks::of(Some(folder.path().join("locks")), &account(stack, endpoint));
        let photos = marks("photos", None);
        assert_eq!(photos.left().len(), 0, "there is no folder");
        let own = photos.leave();
        assert_eq!(photos.left().len(), 0, "this process runs");
        // As a process of another boot left it, which may be this machine's former one.
        let path = own.path.unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        fs::write(&path, text.replace(boot.trim(), "another")).unwrap();
        assert_eq!(photos.left().len(), 1);
        assert_eq!(marks("photos-2", None).left().len(), 0, "another stack");
        assert_eq!(marks("photos", Some("http://localhost:4599")).left().len(), 0, "another cloud");
        for mark in photos.left() {
            mark.remove();
        }
        assert_eq!(photos.left().len(), 0);
    }
}
