//! The aws CLI, for the commands that stackctl prints.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use crate::harness::{environment, program::WorkingCopy};

const REQUIREMENTS: &str = include_str!("aws_cli/requirements.txt");

/// Runs a command as a person does who copied it into a shell, with the credentials of the working copy's runs.
pub fn run(copy: &WorkingCopy, command: &str) {
    run_in(copy, &copy.folder, command);
}

/// The same in another folder; returns what it printed.
pub fn run_in(copy: &WorkingCopy, folder: &Path, command: &str) -> String {
    let at = folder;
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| environment::install("aws-cli", REQUIREMENTS));
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).env_clear().stdin(Stdio::null()).current_dir(at);
    shell.env("PATH", format!("{}:/usr/bin:/bin", folder.join("bin").display())).env("HOME", &copy.folder);
    for (name, value) in copy.command(&[]).get_envs() {
        if let Some(value) = value.filter(|_| name.to_string_lossy().starts_with("AWS_")) {
            shell.env(name, value);
        }
    }
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
