//! What a build needs is checked in real folders with the real cargo.

use std::{fs, path::Path};

use expect_test::{Expect, expect};
use stackctl_package::{CodePlace, FileText, missing};
use tempfile::TempDir;

const WORKSPACE: &str = r#"
[package]
name = "presign"
edition = "2024"
[workspace]
members = ["library", "several"]
[profile.small]
inherits = "release"
"#;

/// A workspace with a function, a library, and a package of two binaries.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", WORKSPACE);
    write("src/main.rs", "fn main() {}");
    for (name, sources) in
        [("library", ["src/lib.rs", "src/other.rs"]), ("several", ["src/bin/a.rs", "src/bin/b.rs"])]
    {
        write(&format!("{name}/Cargo.toml"), &format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n"));
        sources.iter().for_each(|it| write(&format!("{name}/{it}"), "fn main() {}"));
    }
    folder
}

/// All that is missing for the functions of a file in a folder.
fn check(folder: &Path, functions: &str, expected: Expect) {
    let text = format!("stack: app\nregion: eu-west-1\nfunctions:\n{functions}");
    let stack = stackctl_stackfile::parse(&text, None).unwrap();
    let place = CodePlace {
        folder: folder.to_owned(),
        cache: folder.join("cache"),
        builtins: |_, _| None,
        local: false,
    };
    let file = FileText { text: &text, environment: None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let problems = runtime.block_on(missing(&stack, &place, file));
    let shown: String = problems.iter().map(|it| it.render("stack.yaml", false) + "\n").collect();
    let folder = folder.canonicalize().unwrap().display().to_string();
    expected.assert_eq(&shown.replace(&folder, "FOLDER"));
}

#[test]
fn a_workspace_that_has_everything() {
    let all = "  presign: {package: presign}\n  small: {package: presign, profile: small}\n  dev: {package: presign, profile: dev}\n";
    check(workspace().path(), all, expect![[""]]);
}

#[test]
fn all_that_is_missing_at_once() {
    let functions = "  a: {package: presing}\n  b: {package: library}\n  c: {package: several, profile: smal}\n  \
                     d: {package: presign, profile: smal}\n  e: {builtin: presign}\n  f: {package: other}\n";
    check(
        workspace().path(),
        functions,
        expect![[r#"
            error: unknown package presing
              ╭▸ stack.yaml:4:16
              │
            4 │   a: {package: presing}
              │                ━━━━━━━ the cargo workspace has no package of this name
              │
              ╰ help: did you mean `presign`?
            error: no function in the package library
              ╭▸ stack.yaml:5:16
              │
            5 │   b: {package: library}
              │                ━━━━━━━ the package library needs one binary, or one of its own name; it has 0
              │
              ╰ help: give the package a src/main.rs
            error: no function in the package several
              ╭▸ stack.yaml:6:16
              │
            6 │   c: {package: several, profile: smal}
              │                ━━━━━━━ the package several needs one binary, or one of its own name; it has 2
              │
              ╰ help: give the package a src/main.rs
            error: unknown profile smal
              ╭▸ stack.yaml:6:34
              │
            6 │   c: {package: several, profile: smal}
              │                                  ━━━━ Cargo.toml of the workspace has no `[profile.smal]`
              │
              ╰ help: take `profile` away, or add `[profile.smal]` with `inherits = "release"`
            error: unknown profile smal
              ╭▸ stack.yaml:7:34
              │
            7 │   d: {package: presign, profile: smal}
              │                                  ━━━━ Cargo.toml of the workspace has no `[profile.smal]`
              │
              ╰ help: take `profile` away, or add `[profile.smal]` with `inherits = "release"`
            error: no presign for x86_64
              ╭▸ stack.yaml:8:3
              │
            8 │   e: {builtin: presign}
              │   ━ this stackctl was built without it
              │
              ╰ help: use a released stackctl, which has its functions for x86_64
            error: unknown package other
              ╭▸ stack.yaml:9:16
              │
            9 │   f: {package: other}
              │                ━━━━━ the cargo workspace has no package of this name
              │
              ╰ help: name one of its packages: several, presign
        "#]],
    );
}

#[test]
fn a_folder_of_a_web_page() {
    let folder = tempfile::tempdir().unwrap();
    check(
        folder.path(),
        "  presign: {package: presign, profile: lambda}\n",
        expect![[r#"
            error: no cargo workspace
              ╭▸ stack.yaml:4:22
              │
            4 │   presign: {package: presign, profile: lambda}
              │                      ━━━━━━━ there is no Cargo.toml in FOLDER or above it
              │
              ╰ help: write `builtin: presign` in place of `package` and `profile`: it needs no Rust; or move stack.yaml into the folder of the package's workspace
        "#]],
    );
    check(
        folder.path(),
        "  a: {package: a}\n  b: {package: b}\n",
        expect![[r#"
        error: no cargo workspace
          ╭▸ stack.yaml:4:16
          │
        4 │   a: {package: a}
          │                ━ there is no Cargo.toml in FOLDER or above it
          │
          ╰ help: move stack.yaml into the folder of the package's workspace
    "#]],
    );
}

#[test]
fn a_manifest_that_cargo_refuses() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[package]\nname = 3\n").unwrap();
    check(
        folder.path(),
        "  a: {package: a}\n",
        expect![[r#"
            error: no cargo workspace
              ╭▸ stack.yaml:4:16
              │
            4 │   a: {package: a}
              │                ━ invalid type: integer `3`, expected a string
              │
              ╰ help: `cargo metadata` in this folder says more
        "#]],
    );
}

#[test]
fn code_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("node/src")).unwrap();
    fs::write(folder.path().join("node/src/index.mjs"), "").unwrap();
    let functions = "  good: {code: node, runtime: nodejs22.x, handler: src/index.handler}\n  \
                     built: {code: no, runtime: nodejs22.x, handler: index.handler, build: make}\n  \
                     gone: {code: no, runtime: nodejs22.x, handler: index.handler}\n  \
                     elsewhere: {code: node, runtime: nodejs22.x, handler: index.handler}\n  \
                     text: {code: node/src/index.mjs, runtime: nodejs22.x, handler: index.handler}\n";
    check(
        folder.path(),
        functions,
        expect![[r#"
        error: no usable code in no
          ╭▸ stack.yaml:6:16
          │
        6 │   gone: {code: no, runtime: nodejs22.x, handler: index.handler}
          │                ━━ there is no folder or zip file of this name
          │
          ╰ help: create it, or add `build`, the command that makes it, such as `npm run build`
        error: no usable code in node
          ╭▸ stack.yaml:7:57
          │
        7 │   elsewhere: {code: node, runtime: nodejs22.x, handler: index.handler}
          │                                                         ━━━━━━━━ the handler `index.handler` needs index.js or index.mjs or index.cjs
          │
          ╰ help: write `handler: src/index.handler`
        error: no usable code in node/src/index.mjs
          ╭▸ stack.yaml:8:16
          │
        8 │   text: {code: node/src/index.mjs, runtime: nodejs22.x, handler: index.hand…
          │                ━━━━━━━━ it is not a zip file that can be read: invalid Zip archive: Could not find EOCD
          │
          ╰ help: let `code` name a folder or a zip file
    "#]],
    );
}

#[test]
#[cfg(target_arch = "x86_64")]
fn another_processor() {
    check(
        workspace().path(),
        "  a: {package: presign, architecture: arm64}\n",
        expect![[r#"
            error: no build for arm64
              ╭▸ stack.yaml:4:39
              │
            4 │   a: {package: presign, architecture: arm64}
              │                                       ━━━━━ cargo alone can't build arm64 on x86_64-linux
              │
              ╰ help: write `builtin: presign` in place of `package` and `profile`: it needs no Rust; or install cargo-lambda: https://www.cargo-lambda.info
        "#]],
    );
}
