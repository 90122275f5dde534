use std::{
    error::Error as _,
    fs,
    io::{Cursor, Write},
    os::unix::fs::{PermissionsExt, symlink},
};

use expect_test::{Expect, expect};
use stackctl_stackfile::function::Runtime;
use tempfile::TempDir;

use super::*;

fn bundle(path: &str, runtime: Runtime, handler: &str) -> Bundle {
    let (path, handler) = (path.parse().unwrap(), handler.parse().unwrap());
    Bundle { path, runtime, handler, build: None }
}

fn node() -> Bundle {
    bundle("code", Runtime::Nodejs22, "index.handler")
}

/// A folder of stack.yaml with files in `code`.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join("code").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn zip(folder: &TempDir, bundle: &Bundle) -> Result<Zip, BundleError> {
    find(bundle, Architecture::X86_64, folder.path(), false)?.zip(bundle)
}

/// The error, its cause and the way out, with the key of stack.yaml.
fn check(folder: &TempDir, bundle: &Bundle, expected: Expect) {
    let error = zip(folder, bundle).unwrap_err();
    let source = error.source().map(|it| format!(": {it}")).unwrap_or_default();
    let hint = error.hint().unwrap_or_default();
    let said = format!("{}: {error}{source}\n{hint}\n", error.key());
    let folder = folder.path().canonicalize().unwrap();
    expected.assert_eq(&said.replace(&folder.display().to_string(), "FOLDER"));
}

/// The names, modes and texts in a zip.
fn shown(zip: Zip) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip.bytes)).unwrap();
    let mut shown = String::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        let mode = file.unix_mode().unwrap();
        shown += &format!("{mode:o} {} {text}\n", file.name().unwrap());
    }
    shown
}

/// A zip file made elsewhere.
fn made(files: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, mode, bytes) in files {
        let options = zip::write::SimpleFileOptions::default().unix_permissions(*mode);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn set_mode(folder: &TempDir, name: &str, mode: u32) {
    fs::set_permissions(folder.path().join("code").join(name), fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn equal_folders_give_equal_zips() {
    let files = [
        ("index.mjs", "export const handler"),
        ("lib/b.js", "b"),
        ("lib/a.js", "a"),
        ("node_modules/jpeg/index.js", "jpeg"),
        ("tool", "#!/bin/sh"),
    ];
    let one = project(&files);
    let mut turned = files;
    turned.reverse();
    let other = project(&turned);
    let left_out = [
        ".git/HEAD",
        ".env",
        ".env.local",
        "lib/.npmrc",
        "lib/__pycache__/a.pyc",
        ".DS_Store",
        ".idea/workspace.xml",
    ];
    for name in left_out {
        let path = other.path().join("code").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "left out").unwrap();
    }
    for (folder, own, tool) in [(&one, 0o644, 0o755), (&other, 0o600, 0o700)] {
        set_mode(folder, "index.mjs", own);
        set_mode(folder, "tool", tool);
        symlink("lib/a.js", folder.path().join("code/link.js")).unwrap();
        symlink("jpeg", folder.path().join("code/node_modules/same")).unwrap();
    }
    let old = fs::File::open(one.path().join("code/lib/a.js")).unwrap();
    old.set_modified(std::time::UNIX_EPOCH).unwrap();
    let (one, other) = (zip(&one, &node()).unwrap(), zip(&other, &node()).unwrap());
    assert_eq!(one.sha256, other.sha256);
    assert_eq!(one.bytes, other.bytes);
    expect![[r#"
        100644 index.mjs export const handler
        100644 lib/a.js a
        100644 lib/b.js b
        120777 link.js lib/a.js
        100644 node_modules/jpeg/index.js jpeg
        120777 node_modules/same jpeg
        100755 tool #!/bin/sh
    "#]]
    .assert_eq(&shown(one));
}

#[test]
fn a_change_gives_another_zip() {
    let zip_of = |text: &str| zip(&project(&[("index.js", text)]), &node()).unwrap().sha256;
    assert_ne!(zip_of("one"), zip_of("two"));
}

#[test]
fn handlers() {
    let python = |handler: &str| bundle("code", Runtime::Python313, handler);
    for (name, bundle) in [
        ("index.cjs", node()),
        ("dist/index.js", bundle("code", Runtime::Nodejs24, "dist/index.api.handler")),
        ("app.py", python("app.handler")),
        ("src/app/__init__.py", python("src.app.handler")),
        ("src/app.py", python("src/app.handler")),
    ] {
        zip(&project(&[(name, "")]), &bundle).unwrap();
    }
    check(
        &project(&[("a.js", "")]),
        &node(),
        expect![[r#"
            handler: the handler `index.handler` needs index.js or index.mjs or index.cjs
            the path in the handler begins at the root of the code
        "#]],
    );
    check(
        &project(&[
            ("src/index.mjs", ""),
            ("a/b/index.js", ""),
            ("node_modules/index.js", ""),
            ("xindex.js", ""),
        ]),
        &node(),
        expect![[r#"
            handler: the handler `index.handler` needs index.js or index.mjs or index.cjs
            write `handler: src/index.handler`
        "#]],
    );
    check(
        &project(&[("index.ts", "")]),
        &node(),
        expect![[r#"
            handler: the handler `index.handler` needs index.js or index.mjs or index.cjs
            Lambda runs JavaScript: let `build` compile index.ts, and `code` name the folder with the result
        "#]],
    );
    check(
        &project(&[("src/api/app.py", "")]),
        &python("app.main"),
        expect![[r#"
            handler: the handler `app.main` needs app.py or app/__init__.py or app.pyc
            write `handler: src.api.app.main`
        "#]],
    );
}

#[test]
fn what_can_not_be_sent() {
    let nothing = tempfile::tempdir().unwrap();
    check(
        &nothing,
        &node(),
        expect![[r#"
            code: there is no folder or zip file of this name
            create it, or add `build`, the command that makes it, such as `npm run build`
        "#]],
    );
    let outside = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    symlink(outside.path(), folder.path().join("code")).unwrap();
    check(
        &folder,
        &node(),
        expect![[r#"
            code: it leads out of the folder of stack.yaml
            move the code below the folder of stack.yaml
        "#]],
    );
    for (target, at) in [
        ("/etc/hostname", "a"),
        ("../../secret", "b/c"),
        ("../code/index.js", "d"),
        ("gone", "e"),
        ("b/../../x", "f"),
    ] {
        let folder = project(&[("index.js", ""), ("b/x", "")]);
        fs::write(folder.path().join("secret"), "").unwrap();
        symlink(target, folder.path().join("code").join(at)).unwrap();
        let error = zip(&folder, &node()).unwrap_err();
        let BundleError::Link { link, target: found } = error else { panic!("{error:?}") };
        assert_eq!((link.as_str(), found.to_str()), (at, Some(target)));
    }
    let folder = project(&[("index.js", "")]);
    std::os::unix::net::UnixListener::bind(folder.path().join("code/socket")).unwrap();
    check(
        &folder,
        &node(),
        expect![[r#"
            code: socket is neither a file nor a folder
            take it out of the folder
        "#]],
    );
}

#[test]
fn too_large() {
    let folder = project(&[("index.js", "")]);
    let file = fs::File::create(folder.path().join("code/data")).unwrap();
    file.set_len(error::MOST_UNZIPPED).unwrap();
    // A sparse file is large for Lambda all the same; with one byte more it is too large.
    find(&node(), Architecture::X86_64, folder.path(), false).unwrap();
    file.set_len(error::MOST_UNZIPPED + 1).unwrap();
    check(
        &folder,
        &node(),
        expect![[r#"
            code: it has 262144001 bytes unzipped; Lambda takes 262144000
            leave out what only development needs (`npm install --omit=dev`), or bundle the code into one file
        "#]],
    );
    let large = bundle("large.zip", Runtime::Nodejs22, "index.handler");
    fs::File::create(folder.path().join("large.zip")).unwrap().set_len(52_428_801).unwrap();
    check(
        &folder,
        &large,
        expect![[r#"
            code: its zip has 52428801 bytes; Lambda takes 52428800
            leave out what only development needs (`npm install --omit=dev`), or bundle the code into one file
        "#]],
    );
}

#[test]
fn zip_files() {
    let folder = tempfile::tempdir().unwrap();
    let given = bundle("code.zip", Runtime::Nodejs22, "index.handler");
    let write = |bytes: &[u8]| fs::write(folder.path().join("code.zip"), bytes).unwrap();
    let bytes = made(&[("index.js", 0o600, b"exports")]);
    write(&bytes);
    assert_eq!(zip(&folder, &given).unwrap().bytes, bytes);
    write(&made(&[("src/index.js", 0o644, b"")]));
    check(
        &folder,
        &given,
        expect![[r#"
            handler: the handler `index.handler` needs index.js or index.mjs or index.cjs
            write `handler: src/index.handler`
        "#]],
    );
    write(b"no zip");
    check(
        &folder,
        &given,
        expect![[r#"
            code: it is not a zip file that can be read: invalid Zip archive: Could not find EOCD
            let `code` name a folder or a zip file
        "#]],
    );
    for length in 0..bytes.len() {
        write(&bytes[..length]);
        let error = zip(&folder, &given).unwrap_err();
        assert!(matches!(error, BundleError::NotZip { .. }), "{length}: {error:?}");
    }
}

#[test]
fn executables() {
    let bundle = |path: &str| bundle(path, Runtime::ProvidedAl2023, "bootstrap");
    let script = project(&[("bootstrap", "#!/bin/sh"), ("index.js", "")]);
    set_mode(&script, "bootstrap", 0o644);
    expect![[r#"
        100755 bootstrap #!/bin/sh
        100644 index.js 
    "#]]
    .assert_eq(&shown(zip(&script, &bundle("code")).unwrap()));
    check(
        &project(&[("bin/bootstrap", "")]),
        &bundle("code"),
        expect![[r#"
            handler: the handler `bootstrap` needs bootstrap
            put the executable `bootstrap` at the root of the code
        "#]],
    );
    let given = |mode: u32, bytes: &[u8]| {
        fs::write(script.path().join("code.zip"), made(&[("bootstrap", mode, bytes)])).unwrap();
    };
    given(0o755, b"#!/bin/sh");
    zip(&script, &bundle("code.zip")).unwrap();
    given(0o644, b"#!/bin/sh");
    check(
        &script,
        &bundle("code.zip"),
        expect![[r#"
            code: `bootstrap` in the zip file is not executable
            `chmod +x bootstrap` before it is zipped, or let `code` name the folder
        "#]],
    );
    let own = fs::read(std::env::current_exe().unwrap()).unwrap();
    let other = if cfg!(target_arch = "x86_64") { Architecture::Arm64 } else { Architecture::X86_64 };
    fs::write(script.path().join("code/bootstrap"), &own).unwrap();
    given(0o755, &own);
    for path in ["code", "code.zip"] {
        let error = find(&bundle(path), other, script.path(), false).unwrap_err();
        assert!(matches!(error, BundleError::Unfit(elf::Unfit::Architecture { .. })), "{error:?}");
        assert_eq!(error.key(), "architecture");
    }
}

#[test]
fn builds() {
    let folder = project(&[("dist/index.js", "")]);
    let root = folder.path();
    let run = |command: &str, at: &Path| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(build::run(&command.parse().unwrap(), at))
    };
    let dist = bundle("code/dist", Runtime::Nodejs22, "index.handler");
    assert_eq!(build::project(&dist, root), root);
    fs::write(root.join("code/package.json"), "{}").unwrap();
    assert_eq!(build::project(&dist, root), root.join("code"));
    // The folder is made by the build.
    assert_eq!(
        build::project(&bundle("code/no/out", Runtime::Nodejs22, "index.handler"), root),
        root.join("code")
    );
    run("test -e package.json\necho said > ran", &root.join("code")).unwrap();
    assert_eq!(fs::read_to_string(root.join("code/ran")).unwrap(), "said\n");
    let said = |command: &str| match run(command, root).unwrap_err() {
        BundleError::Build { how, said, .. } => format!("{how}: {said}"),
        other => panic!("{other:?}"),
    };
    assert_eq!(said("echo one; echo two >&2; exit 3"), "failed with exit code 3: one\ntwo");
    assert_eq!(said("kill -9 $$"), "was ended by signal 9: ");
    let many = said("seq 100; false");
    assert!(many.starts_with("failed with exit code 1: 41\n") && many.ends_with("\n100"), "{many}");
}
