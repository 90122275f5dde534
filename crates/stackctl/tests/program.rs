//! The program itself, where it needs no cloud.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use expect_test::{Expect, expect};
use tempfile::TempDir;

const STACK: &str = "stack: demo\nregion: eu-west-1\nbuckets:\n  uploads: {}\n";

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackctl"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("HOME", folder);
    command
}

/// A folder with a stack.yaml.
fn folder(stack: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("stack.yaml"), stack).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str], code: i32, expected: Expect) {
    let Output { status, stdout, stderr } = program(folder, arguments).output().unwrap();
    let text = [stdout, stderr].map(|it| String::from_utf8(it).unwrap()).concat();
    assert_eq!(status.code(), Some(code), "{text}");
    expected.assert_eq(&text);
}

#[test]
fn help_and_version_are_no_errors() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [["--help", ""], ["apply", "--help"], ["local", "--help"], ["--version", ""]] {
        let arguments: Vec<&str> = arguments.into_iter().filter(|it| !it.is_empty()).collect();
        let said = program(folder.path(), &arguments).output().unwrap();
        assert_eq!(said.status.code(), Some(0), "{arguments:?}");
        assert!(said.stderr.is_empty() && !said.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn completions_manual_and_common_options() {
    let folder = tempfile::tempdir().unwrap();
    let said = |arguments: &[&str]| {
        let Output { status, stdout, .. } = program(folder.path(), arguments).output().unwrap();
        assert_eq!(status.code(), Some(0), "{arguments:?}");
        String::from_utf8(stdout).unwrap()
    };
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = said(&["completions", shell]);
        assert!(script.contains("empty-buckets") && script.contains("endpoint-url"), "{shell}");
    }
    assert!(said(&["man"]).contains("endpoint"), "the manual has the common options");
    said(&["man", "pages"]);
    assert!(folder.path().join("pages/stackctl-user-add.1").exists());
    assert!(said(&["help", "options"]).contains("--endpoint-url"));
    assert_eq!(said(&["help", "user", "add"]), said(&["user", "add", "--help"]));
    assert_eq!(program(folder.path(), &["help", "xyz"]).output().unwrap().status.code(), Some(64));
}

#[test]
fn a_region_that_may_be_new() {
    let from_file = folder(b"stack: demo\nregion: eu-west-4\n");
    check(
        from_file.path(),
        &["validate"],
        64,
        expect![[r#"
        error: the region eu-west-4 is unknown to this version of stackctl; did you mean `eu-west-1`?
          help: if AWS has this region, add `--new-region`
    "#]],
    );
    check(
        from_file.path(),
        &["validate", "--new-region"],
        0,
        expect![[r#"
        stack.yaml is valid: stack demo in eu-west-4
    "#]],
    );
    let known = folder(STACK.as_bytes());
    check(
        known.path(),
        &["validate", "--region", "eu-west-4"],
        64,
        expect![[r#"
        error: the region eu-west-4 is unknown to this version of stackctl; did you mean `eu-west-1`?
          help: if AWS has this region, add `--new-region`
    "#]],
    );
    check(
        known.path(),
        &["validate", "--region", "eu-west-4", "--new-region"],
        0,
        expect![[r#"
        stack.yaml is valid: stack demo in eu-west-4
    "#]],
    );
}

#[test]
fn mistyped_lines() {
    let folder = tempfile::tempdir().unwrap();
    check(
        folder.path(),
        &["aply"],
        64,
        expect![[r#"
            error: no command is called `stackctl aply`
              help: did you mean `stackctl apply`?
        "#]],
    );
    check(
        folder.path(),
        &["destroy", "--force"],
        64,
        expect![[r#"
            error: `stackctl destroy` has no option `--force`
              help: `--yes` skips the question; `--empty-buckets` deletes the objects in buckets too
        "#]],
    );
}

#[test]
fn every_command_has_examples() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["apply", "plan", "destroy", "outputs", "validate", "local"] {
        let said = program(folder.path(), &[command, "--help"]).output().unwrap();
        assert!(String::from_utf8(said.stdout).unwrap().contains("Examples:"), "{command}");
    }
}

#[test]
fn wrong_arguments() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&[][..], &["aply"], &["apply", "--nope"], &["outputs", "--format", "xml"], &["local"]] {
        let said = program(folder.path(), arguments).output().unwrap();
        assert_eq!(said.status.code(), Some(64), "{arguments:?}");
        assert!(said.stdout.is_empty() && !said.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn no_file() {
    let folder = tempfile::tempdir().unwrap();
    let said = program(folder.path(), &["validate"]).output().unwrap();
    assert_eq!(said.status.code(), Some(64));
    let text = String::from_utf8(said.stderr).unwrap().replace(folder.path().to_str().unwrap(), "FOLDER");
    expect![[r#"
        error: found no stack.yaml in FOLDER
          help: `stackctl init` writes one; --file names one in another folder
    "#]]
    .assert_eq(&text);
    check(
        folder.path(),
        &["validate", "--file", "other.yaml"],
        64,
        expect![[r#"
            error: could not read other.yaml
              because: No such file or directory (os error 2)
              help: without --file, stackctl searches this folder and its parents for stack.yaml
        "#]],
    );
    fs::create_dir(folder.path().join("stack.yaml")).unwrap();
    check(
        folder.path(),
        &["plan"],
        64,
        expect![[r#"
        error: could not read stack.yaml
          because: it is a folder
    "#]],
    );
}

#[test]
fn init_without_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("My Site");
    fs::create_dir(&folder).unwrap();
    for (arguments, expected) in [
        (
            &["init", "--name", "My Site"][..],
            expect![[r#"
            error: --name is not a stack name: it must begin with a lower-case letter
              help: use a lower-case letter, then lower-case letters, digits and single hyphens
        "#]],
        ),
        (
            &["init", "--origin", "localhost:3000"],
            expect![[r#"
            error: --origin is not an origin: the scheme is missing
              help: write `http://localhost:3000`
        "#]],
        ),
        (
            &["init", "--region", "Ireland"],
            expect![[r#"
            error: --region is not a region: no region is called that
              help: write it as `eu-west-1`
        "#]],
        ),
        (
            &["init", "--file", "x.yaml"],
            expect![[r#"
            error: init takes no --file
              help: it writes stack.yaml into this folder: go to another one first
        "#]],
        ),
    ] {
        check(&folder, arguments, 64, expected);
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let said = program(&folder, arguments).envs(variables.iter().copied()).output().unwrap();
        let text = [said.stdout, said.stderr].map(|it| String::from_utf8(it).unwrap()).concat();
        format!("{}\n{text}", said.status.code().unwrap())
    };
    fs::create_dir(folder.join(".aws")).unwrap();
    fs::write(folder.join(".aws/config"), "[profile work]\nregion = eu-west-3\n").unwrap();
    expect![[r#"
        0
        Stack my-site in eu-west-3, for pages at http://localhost:5173
          + stack.yaml
          + .stackctl/stack.schema.json

        Next, without an AWS account:
          stackctl apply --local
          stackctl user add NAME --local
          stackctl outputs --local
        This folder has no web framework that stackctl knows.
    "#]]
    .assert_eq(&run(&["init"], &[("AWS_PROFILE", "work")]));
    expect![[r#"
        1
        error: stack.yaml exists; nothing was written
          help: `stackctl validate` checks it; to begin anew, move it away first
    "#]]
    .assert_eq(&run(&["init"], &[]));
    expect![[r#"
        0
        stack.yaml is valid: stack my-site in eu-west-3
    "#]]
    .assert_eq(&run(&["validate"], &[]));
    fs::remove_file(folder.join("stack.yaml")).unwrap();
    let said = run(&["init", "--json", "--page"], &[("AWS_REGION", "us-west-2")]);
    // The other sources of the page: its own tests build with them.
    let is_other = |word: &str| word.starts_with("\"src/") && word != "\"src/UploadPage.tsx\"";
    let said = said.split(',').filter(|word| !is_other(word)).collect::<Vec<_>>().join(",");
    expect![[r#"
        0
        {"event":"initialized","stack":"my-site","region":"us-west-2","origins":["http://localhost:5173","http://127.0.0.1:5173"],"files":["stack.yaml","index.html","package.json","policy.ts","public/icon.svg","src/UploadPage.tsx","tsconfig.json","vite.config.ts"],"gitignore":true,"by_hand":[],"next":["stackctl apply --local","stackctl user add NAME --local","stackctl outputs --local --format vite --write .env.local && npm install && npm run dev"]}
        {"event":"end","result":"done","exit":0}
    "#]].assert_eq(&said);
}

#[test]
fn the_schema_is_printed_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let printed = program(folder.path(), &["schema"]).output().unwrap().stdout;
    let schema: serde_json::Value = serde_json::from_slice(&printed).unwrap();
    assert_eq!(schema, stackctl_stackfile::schema());
    check(
        folder.path(),
        &["schema", "--write"],
        0,
        expect![[r#"
        wrote .stackctl/stack.schema.json
    "#]],
    );
    assert_eq!(fs::read(folder.path().join(".stackctl/stack.schema.json")).unwrap(), printed);
    check(
        folder.path(),
        &["schema", "--write", "x.json"],
        0,
        expect![[r#"
        wrote x.json
    "#]],
    );
    check(
        folder.path(),
        &["schema", "--write", ".stackctl"],
        1,
        expect![[r#"
        error: could not write .stackctl
          because: Is a directory (os error 21)
    "#]],
    );
}

#[test]
fn a_file_of_a_parent_folder() {
    let root = folder(b"stack: demo\nregion: nowhere\n");
    let below = root.path().join("src/page");
    fs::create_dir_all(&below).unwrap();
    let run = |code, expected: Expect| {
        let mut command = program(&below, &["validate"]);
        let said = command.env("HOME", "/nowhere").output().unwrap();
        assert_eq!(said.status.code(), Some(code));
        let text = [said.stdout, said.stderr].map(|it| String::from_utf8(it).unwrap()).concat();
        expected.assert_eq(&text);
    };
    run(
        64,
        expect![[r#"
            using ../../stack.yaml
            error: not a region
              ╭▸ ../../stack.yaml:2:9
              │
            2 │ region: nowhere
              │         ━━━━━━━ no region is called that
              │
              ╰ help: write it as `eu-west-1`

            error: ../../stack.yaml has 1 problem
        "#]],
    );
    fs::write(below.join("stack.yml"), STACK).unwrap();
    run(
        0,
        expect![[r#"
        stack.yml is valid: stack demo in eu-west-1
    "#]],
    );
    fs::write(below.join("stack.yaml"), STACK).unwrap();
    let said = program(&below, &["validate"]).env("HOME", "/nowhere").output().unwrap();
    assert_eq!(said.status.code(), Some(64));
    let text = String::from_utf8(said.stderr).unwrap();
    assert!(text.starts_with("error: both stack.yaml and stack.yml are in "), "{text}");
    check(
        &below,
        &["validate", "--file", "stack.yml"],
        0,
        expect![[r#"
            stack.yml is valid: stack demo in eu-west-1
        "#]],
    );
}

#[test]
fn a_file_from_stdin() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], text: &str| {
        let mut command = program(folder.path(), arguments);
        let (reader, mut writer) = std::io::pipe().unwrap();
        let child = command.stdin(reader).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(command);
        writer.write_all(text.as_bytes()).unwrap();
        drop(writer);
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = [stdout, stderr].map(|it| String::from_utf8(it).unwrap()).concat();
        format!("{}\n{text}", status.code().unwrap())
    };
    expect![[r#"
        0
        stdin is valid: stack demo in eu-west-1
    "#]]
    .assert_eq(&run(&["validate", "-f", "-"], STACK));
    expect![[r#"
        64
        error: not a region
          ╭▸ stdin:2:9
          │
        2 │ region: nowhere
          │         ━━━━━━━ no region is called that
          │
          ╰ help: write it as `eu-west-1`

        error: stdin has 1 problem
    "#]]
    .assert_eq(&run(&["validate", "--file", "-"], "stack: demo\nregion: nowhere\n"));
    expect![[r#"
        64
        error: no terminal to ask for confirmation
          help: use --yes to run the plan without confirmation; `stackctl plan` shows it
    "#]]
    .assert_eq(&run(&["apply", "-f", "-"], STACK));
    let with_pool = "stack: demo\nregion: eu-west-1\nuser_pools: { users: {} }\n";
    expect![[r#"
        64
        error: stdin can't be both the stack file and the password
          help: name the stack file with --file
    "#]]
    .assert_eq(&run(&["user", "add", "ada", "--password-stdin", "-f", "-"], with_pool));
}

#[test]
fn a_file_that_is_no_text() {
    let folder = folder(b"stack: demo\nregion: \xff\xfe\n");
    check(
        folder.path(),
        &["validate"],
        64,
        expect![[r#"
        error: could not read stack.yaml
          because: line 2, column 9 is not UTF-8; save the file as UTF-8
    "#]],
    );
}

#[test]
fn a_good_file() {
    let folder = folder(STACK.as_bytes());
    check(
        folder.path(),
        &["validate"],
        0,
        expect![[r#"
            stack.yaml is valid: stack demo in eu-west-1
        "#]],
    );
    check(
        folder.path(),
        &["validate", "--json"],
        0,
        expect![[r#"
        {"event":"end","result":"done","exit":0}
    "#]],
    );
}

#[test]
fn all_problems_of_a_file_at_once() {
    let folder = folder(b"stack: demo\nregion: nowhere\nbuckets:\n  uploads:\n    colour: red\n");
    check(
        folder.path(),
        &["validate"],
        64,
        expect![[r#"
            error: not a region
              ╭▸ stack.yaml:2:9
              │
            2 │ region: nowhere
              │         ━━━━━━━ no region is called that
              │
              ╰ help: write it as `eu-west-1`

            error: unknown key
              ╭▸ stack.yaml:5:5
              │
            5 │     colour: red
              │     ━━━━━━ a bucket has no such key
              │
              ╰ help: keys of a bucket: name, existing, cors, versioning, expire, abort_unfinished, events, access, webhook, on_destroy

            error: stack.yaml has 2 problems
        "#]],
    );
    check(
        folder.path(),
        &["plan", "--json"],
        64,
        expect![[r#"
            {"event":"problem","error":"not a region","file":"stack.yaml","line":2,"column":9,"width":7,"label":"no region is called that","hint":"write it as `eu-west-1`"}
            {"event":"problem","error":"unknown key","file":"stack.yaml","line":5,"column":5,"width":6,"label":"a bucket has no such key","hint":"keys of a bucket: name, existing, cors, versioning, expire, abort_unfinished, events, access, webhook, on_destroy"}
            {"event":"failed","error":"stack.yaml has 2 problems","causes":[],"hint":null}
            {"event":"end","result":"usage","exit":64}
        "#]],
    );
}

#[test]
fn a_region_that_is_none() {
    let folder = folder(STACK.as_bytes());
    check(
        folder.path(),
        &["validate", "--region", "Ireland"],
        64,
        expect![[r#"
            error: --region Ireland: no region is called that
              help: write it as `eu-west-1`
        "#]],
    );
    check(
        folder.path(),
        &["validate", "--region", "us-west-2"],
        0,
        expect![[r#"
            stack.yaml is valid: stack demo in us-west-2
        "#]],
    );
}

#[test]
fn nobody_to_ask() {
    let folder = folder(STACK.as_bytes());
    check(
        folder.path(),
        &["apply"],
        64,
        expect![[r#"
            error: no terminal to ask for confirmation
              help: use --yes to run the plan without confirmation; `stackctl plan` shows it
        "#]],
    );
    check(
        folder.path(),
        &["destroy", "--json"],
        64,
        expect![[r#"
            {"event":"failed","error":"no terminal to ask for confirmation","causes":[],"hint":"use --yes to run the plan without confirmation; `stackctl plan` shows it"}
            {"event":"end","result":"usage","exit":64}
        "#]],
    );
}

#[test]
fn an_endpoint_that_is_none() {
    let folder = folder(STACK.as_bytes());
    check(
        folder.path(),
        &["plan", "--endpoint-url", "localhost"],
        64,
        expect![[r#"
            error: `localhost` is not an HTTP address
              help: an endpoint looks like http://127.0.0.1:4599
        "#]],
    );
}

#[test]
fn no_cloud_there() {
    let folder = folder(STACK.as_bytes());
    let mut command = program(folder.path(), &["local", "status"]);
    let said = command.env("STACKCTL_LOCAL_STATE", "state").output().unwrap();
    assert_eq!((said.status.code(), said.stdout.as_slice()), (Some(1), &b"stopped\n"[..]));
    assert!(!folder.path().join("state").exists(), "looking changes nothing");
}

#[test]
fn whoever_reads_has_had_enough() {
    let folder = folder(STACK.as_bytes());
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let said = program(folder.path(), &["validate"]).stdout(writer).output().unwrap();
    assert_eq!((said.status.code(), said.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn stdout_that_is_full() {
    let folder = folder(STACK.as_bytes());
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let said = program(folder.path(), &["validate"]).stdout(full).output().unwrap();
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8(said.stderr).unwrap().starts_with("error: could not write to stdout\n"));
}

#[test]
fn a_timeline_is_left_also_by_what_failed() {
    let folder = folder(STACK.as_bytes());
    // No server listens there: the look fails after its requests.
    let mut command =
        program(folder.path(), &["plan", "--endpoint-url", "http://127.0.0.1:1", "--trace", "t.json"]);
    command.env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "x");
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    let read: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.path().join("t.json")).unwrap()).unwrap();
    let spans = read["traceEvents"].as_array().unwrap().iter().filter(|it| it["ph"] == "X");
    let names: Vec<&str> = spans.filter_map(|it| it["name"].as_str()).collect();
    assert!(names.contains(&"looking") && names.contains(&"ListBuckets"), "{names:?}");

    check(
        folder.path(),
        &["validate", "--trace", "no/such/folder.json"],
        1,
        expect![[r#"
            stack.yaml is valid: stack demo in eu-west-1
            error: could not write no/such/folder.json
              because: No such file or directory (os error 2)
        "#]],
    );
}

#[test]
fn a_plan_has_one_format() {
    let folder = folder(STACK.as_bytes());
    check(
        folder.path(),
        &["--color", "never", "plan", "--format", "markdown", "--json"],
        64,
        expect![[r#"
        {"event":"failed","error":"--format markdown can't be used with --json","causes":[],"hint":"leave out one of the two"}
        {"event":"end","result":"usage","exit":64}
    "#]],
    );
}
