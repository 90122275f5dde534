//! Tests of the files that projects get.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};

use super::*;

const REACT: &str =
    r#"{"name": "photos", "dependencies": {"react": "19"}, "devDependencies": {"vite": "8"}}"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn settings() -> Settings {
    Settings {
        name: "photos".to_owned(),
        region: "eu-west-1".to_owned(),
        origins: vec!["http://localhost:5173".to_owned()],
    }
}

fn plan(folder: &Path, extra: Extra) -> Result<Plan, NoInit> {
    Plan::of(folder, &Project::in_folder(folder).unwrap(), &settings(), extra)
}

/// All files below a folder, with their texts.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all.insert(format!("{}/", path.strip_prefix(folder).unwrap().display()), String::new());
                open.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                all.insert(path.strip_prefix(folder).unwrap().display().to_string(), text);
            }
        }
    }
    all
}

/// A file of the page that only its other files name: the page's own tests build with it.
fn is_part_of_page(path: &str) -> bool {
    path.starts_with("src/") && !path.ends_with("/UploadPage.tsx")
}

fn check(files: &[(&str, &str)], extra: Extra, expected: Expect) {
    let folder = folder(files);
    let text = match plan(folder.path(), extra) {
        Err(error) => format!("{error}\n{}\n", error.hint().unwrap_or_default())
            .replace(folder.path().to_str().unwrap(), "F"),
        Ok(plan) => {
            let Plan { new, gitignore, by_hand, next } = plan;
            let new: Vec<_> =
                new.into_iter().map(|(path, _)| path).filter(|it| !is_part_of_page(it)).collect();
            format!("{}\n{gitignore:?}\n{}\n{}\n", new.join(" "), by_hand.join("\n"), next.join("\n"))
        }
    };
    expected.assert_eq(&text);
}

#[test]
fn plans() {
    check(
        &[("package.json", REACT), (".gitignore", "*.local")],
        Extra::Nothing,
        expect![[r#"
        stack.yaml .stackctl/stack.schema.json
        None

        stackctl apply --local
        stackctl user add NAME --local
        stackctl outputs --local --format vite --write .env.local
    "#]],
    );
    check(
        &[("index.html", "")],
        Extra::Nothing,
        expect![[r#"
        stack.yaml .stackctl/stack.schema.json
        Some("stack-outputs.js\n")

        stackctl apply --local
        stackctl user add NAME --local
        stackctl outputs --local --format js --write stack-outputs.js
    "#]],
    );
    check(
        &[],
        Extra::Nothing,
        expect![[r#"
        stack.yaml .stackctl/stack.schema.json
        None

        stackctl apply --local
        stackctl user add NAME --local
        stackctl outputs --local
    "#]],
    );
    check(
        &[("package.json", r#"{"dependencies": {"next": "16"}}"#)],
        Extra::Nothing,
        expect![[r#"
        stack.yaml .stackctl/stack.schema.json
        Some(".env.local\n")

        stackctl apply --local
        stackctl user add NAME --local
        stackctl outputs --local --format next --write .env.local
    "#]],
    );
}

#[test]
fn plans_with_the_page() {
    check(
        &[],
        Extra::Page,
        expect![[r#"
            stack.yaml .stackctl/stack.schema.json index.html package.json policy.ts public/icon.svg src/UploadPage.tsx tsconfig.json vite.config.ts
            Some("node_modules/\ndist/\n.env.local\n")

            stackctl apply --local
            stackctl user add NAME --local
            stackctl outputs --local --format vite --write .env.local && npm install && npm run dev
        "#]],
    );
    check(
        &[("package.json", REACT)],
        Extra::Page,
        expect![[r#"
            stack.yaml .stackctl/stack.schema.json src/stackctl/UploadPage.tsx
            Some(".env.local\n")
            npm install aws-amplify@^6.22.1 qr@^0.7.0
            import { UploadPage } from "./stackctl/UploadPage";   // in src/App, then <UploadPage />
            stackctl apply --local
            stackctl user add NAME --local
            stackctl outputs --local --format vite --write .env.local
        "#]],
    );
    check(
        &[("package.json", REACT), ("stack.yaml", "mine")],
        Extra::Page,
        expect![[r#"
            src/stackctl/UploadPage.tsx
            Some(".env.local\n")
            npm install aws-amplify@^6.22.1 qr@^0.7.0
            import { UploadPage } from "./stackctl/UploadPage";   // in src/App, then <UploadPage />
            stackctl apply --local
            stackctl user add NAME --local
            stackctl outputs --local --format vite --write .env.local
        "#]],
    );
    check(
        &[("package.json", r#"{"dependencies": {"next": "16", "react": "19"}}"#)],
        Extra::Page,
        expect![[r#"
        the page is made with React and Vite; this folder has Next.js
        run `stackctl init --page` in an empty folder, such as a new one beside your project
    "#]],
    );
    check(
        &[("index.html", "")],
        Extra::Page,
        expect![[r#"
        the page is made with React and Vite; this folder has a page without a build
        run `stackctl init --page` in an empty folder, such as a new one beside your project
    "#]],
    );
}

#[test]
fn plans_with_the_hooks() {
    let there = ("stack.yaml", "mine");
    let next = r#"{"dependencies": {"next": "16", "react": "19"}}"#;
    check(
        &[("package.json", REACT)],
        Extra::Hooks,
        expect![[r#"
        stack.yaml .stackctl/stack.schema.json
        Some(".env.local\n")
        import { useUploads } from "./stackctl/react";   // in src
        stackctl apply --local
        stackctl user add NAME --local
        stackctl outputs --local --format vite --write .env.local
    "#]],
    );
    check(
        &[("package.json", next), there],
        Extra::Hooks,
        expect![[r#"

        Some(".env.local\n")
        import { useUploads } from "./stackctl/react";   // in src
        stackctl apply --local
        stackctl user add NAME --local
        stackctl outputs --local --format next --write .env.local
    "#]],
    );
    check(
        &[("package.json", r#"{"dependencies": {"vue": "3"}, "devDependencies": {"vite": "8"}}"#), there],
        Extra::Hooks,
        expect![[r#"

            Some(".env.local\n")
            import { Uploads } from "./stackctl/uploads";   // in src
            stackctl apply --local
            stackctl user add NAME --local
            stackctl outputs --local --format vite --write .env.local
        "#]],
    );
    check(
        &[("index.html", "")],
        Extra::Hooks,
        expect![[r#"
        the hooks are TypeScript for a project with a package.json; this folder has a page without a build
        run this where the package.json of your web app is
    "#]],
    );
}

#[test]
fn nothing_is_overwritten() {
    check(
        &[("stack.yaml", "mine")],
        Extra::Nothing,
        expect![[r#"
        stack.yaml exists; nothing was written
        `stackctl validate` checks it; to begin anew, move it away first
    "#]],
    );
    check(
        &[("stack.yml", "mine")],
        Extra::Nothing,
        expect![[r#"
        stack.yml exists; nothing was written
        `stackctl validate` checks it; to begin anew, move it away first
    "#]],
    );
    check(
        &[("vite.config.ts", "mine")],
        Extra::Page,
        expect![[r#"
        vite.config.ts exists; nothing was written
        move it away first, or run this in another folder
    "#]],
    );
}

#[test]
fn all_or_nothing() {
    let root = folder(&[(".gitignore", "x\n")]);
    let before = tree(root.path());
    let page = plan(root.path(), Extra::Page).unwrap();
    // A file that appears between the decision and the writing.
    fs::write(root.path().join("vite.config.ts"), "mine").unwrap();
    let Err(NoInit::Io { doing, .. }) = page.write(root.path()) else { panic!("it was overwritten") };
    assert_eq!(doing, "write vite.config.ts");
    fs::remove_file(root.path().join("vite.config.ts")).unwrap();
    assert_eq!(tree(root.path()), before);

    page.write(root.path()).unwrap();
    let after = tree(root.path());
    assert_eq!(after[".gitignore"], "x\nnode_modules/\ndist/\n.env.local\n");
    assert_eq!(after["stack.yaml"], stack_yaml::text(&settings()).unwrap());
    let schema: serde_json::Value = serde_json::from_str(&after[SCHEMA]).unwrap();
    assert_eq!(schema, stackctl_stackfile::schema());
    let again = plan(root.path(), Extra::Nothing).unwrap_err();
    assert!(matches!(again, NoInit::Exists { .. }), "{again:?}");
}
