//! `stackctl policy` without a cloud.

use std::{fs, path::Path, process::Command};

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
    command.arg("policy").args(arguments).current_dir(folder).env_clear().env("HOME", folder);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn with_an_account_no_cloud_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("stack.yaml"),
        "stack: demo\nregion: us-gov-west-1\nbuckets: { uploads: {} }\n",
    )
    .unwrap();
    for (purpose, amounts_to) in [
        ("apply", "This policy amounts to administrator rights: "),
        ("plan", "This policy reads settings, "),
        ("outputs", "This policy reads ids and tags "),
        ("user", "This policy amounts to the rights of every user of the stack's user pools: "),
    ] {
        let (code, stdout, stderr) = run(folder.path(), &["--for", purpose, "--account", "123456789012"]);
        assert_eq!(code, Some(0), "{purpose}: {stderr}");
        assert!(stderr.starts_with(amounts_to) && stderr.lines().count() == 1, "{purpose}: {stderr}");
        let policy: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(policy["Version"], "2012-10-17");
        assert!(stdout.contains("arn:aws-us-gov:s3:::demo-*"), "{stdout}");
    }
    let (code, stdout, stderr) =
        run(folder.path(), &["--for", "ci", "--repository", "ada/engine", "--account", "123456789012"]);
    assert_eq!(code, Some(0));
    assert!(stdout.contains("repo:ada/engine:ref:refs/heads/main"), "{stdout}");
    assert!(stderr.contains("id-token: write"), "{stderr}");
}

#[test]
fn arguments_that_do_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("stack.yaml"), "stack: demo\nregion: eu-west-1\n").unwrap();
    for arguments in [
        &["--for", "ci", "--account", "123456789012"][..],
        &["--for", "ci", "--account", "123456789012", "--repository", "ada/*"],
        &["--for", "plan", "--account", "123456789012", "--repository", "ada/engine"],
        &["--account", "12345"],
    ] {
        assert_eq!(run(folder.path(), arguments).0, Some(64), "{arguments:?}");
    }
}
