//! Python packages that tests use, each set in a virtual environment of its own below `target`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::harness::program::target;

static INSTALLING: Mutex<()> = Mutex::new(());

/// Installs the packages unless they are there, and returns the environment's folder, which is whole when its last file
/// is there. Trials that ask at the same time wait for each other.
pub fn install(name: &str, requirements: &str) -> PathBuf {
    let _installing = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = target().join(name);
    let whole = folder.join("complete");
    if fs::read_to_string(&whole).is_ok_and(|it| it == requirements) {
        return folder;
    }
    let _ = fs::remove_dir_all(&folder);
    let run = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    let list = folder.join("requirements.txt");
    fs::write(&list, requirements).unwrap();
    run(Command::new(python(&folder))
        .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
        .args(["--no-deps", "--requirement"])
        .arg(&list));
    fs::write(&whole, requirements).unwrap();
    folder
}

/// The Python of an environment.
pub fn python(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}
