//! The page that signs in and uploads: the sources of `web/`, as they were when stackctl was built.

use serde_json::Value;

/// The paths in `web/` with their texts: what the page is built from, without its tests. `build.rs` lists them.
const SOURCES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The packages in `web/packages`. They are not on npm: a project gets their sources, each as a folder beside the page.
const PACKAGES: [&str; 2] = ["react", "uploads"];

/// The packages of npm that only an app of its own needs, not a project that has Vite and React.
const OF_THE_APP: [&str; 8] = [
    "react",
    "react-dom",
    "@types/node",
    "@types/react",
    "@types/react-dom",
    "@vitejs/plugin-react",
    "typescript",
    "vite",
];

/// The folder of the page in a project with React and Vite.
pub const FOLDER: &str = "src/stackctl";

/// The files of an app that is the page alone, with this name.
pub fn app(name: &str) -> Vec<(String, String)> {
    let text = |path: &str, text: String| match path {
        "package.json" => package_json(name),
        "tsconfig.json" => text.replace("\"packages\", ", "").replace(", \"tests\"]", "]"),
        _ => text,
    };
    let files = SOURCES.iter().map(|(path, it)| in_project(path, it));
    files.map(|(path, it)| (path.clone(), text(&path, it))).collect()
}

/// The files of the page as a component of a project with React and Vite.
pub fn component() -> Vec<(String, String)> {
    let files = SOURCES.iter().map(|(path, text)| in_project(path, text));
    let files = files.filter(|(path, _)| path != "src/main.tsx");
    files
        .filter_map(|(path, text)| Some((format!("{FOLDER}/{}", path.strip_prefix("src/")?), text)))
        .collect()
}

/// The files of the page's packages alone, for a page of the user's own design; without React those that need no framework.
pub fn hooks(react: bool) -> Vec<(String, String)> {
    let packages = PACKAGES.into_iter().filter(|name| react || *name != "react");
    let folders: Vec<_> = packages.map(|name| format!("{FOLDER}/{name}/")).collect();
    component().into_iter().filter(|(path, _)| folders.iter().any(|it| path.starts_with(it))).collect()
}

/// The path and the text that a source has in a project: `packages/uploads/src/files.ts` becomes `src/uploads/files.ts`, and
/// the page imports it by its path.
fn in_project(path: &str, text: &str) -> (String, String) {
    let path = match path.strip_prefix("packages/").and_then(|rest| rest.split_once("/src/")) {
        Some((package, rest)) => format!("src/{package}/{rest}"),
        None => path.to_owned(),
    };
    let folders = path.split('/').count().saturating_sub(2);
    let root = if folders == 0 { "./".to_owned() } else { "../".repeat(folders) };
    let import = |text: String, package: &str| {
        text.replace(&format!("\"@stackctl/{package}\""), &format!("\"{root}{package}\""))
    };
    let text = PACKAGES.into_iter().fold(text.to_owned(), import);
    (path, text)
}

/// The packages that a project with React and Vite needs for the page, with their versions.
pub fn packages() -> Vec<String> {
    let all = versions("dependencies").into_iter().filter(|(name, _)| !OF_THE_APP.contains(&name.as_str()));
    all.map(|(name, version)| format!("{name}@{version}")).collect()
}

/// The names and version ranges of a section of `web/package.json`, without the packages of the tests.
fn versions(section: &str) -> Vec<(String, String)> {
    let (_, text) = SOURCES.iter().find(|(path, _)| *path == "package.json").copied().unwrap_or_default();
    let package: Value = serde_json::from_str(text).unwrap_or_default();
    let all = package[section].as_object().into_iter().flatten();
    all.filter(|(name, _)| section == "dependencies" || OF_THE_APP.contains(&name.as_str()))
        .filter(|(name, _)| !name.starts_with("@stackctl/"))
        .map(|(name, version)| (name.clone(), format!("^{}", version.as_str().unwrap_or_default())))
        .collect()
}

fn package_json(name: &str) -> String {
    let section = |section: &str| {
        let lines =
            versions(section).into_iter().map(|(name, version)| format!("    \"{name}\": \"{version}\""));
        lines.collect::<Vec<_>>().join(",\n")
    };
    format!(
        r#"{{
  "name": "{name}",
  "private": true,
  "version": "0.0.0",
  "type": "module",
  "engines": {{
    "node": ">=20.19"
  }},
  "scripts": {{
    "dev": "vite",
    "build": "vite build",
    "preview": "vite preview",
    "check": "tsc --noEmit"
  }},
  "dependencies": {{
{}
  }},
  "devDependencies": {{
{}
  }}
}}
"#,
        section("dependencies"),
        section("devDependencies")
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn an_app_has_what_it_imports() {
        let app = app("photos");
        let text = |path: &str| app.iter().find(|(it, _)| it == path).unwrap().1.as_str();
        assert_eq!(text("src/main.tsx"), include_str!("../../../web/src/main.tsx"));
        assert!(!app.iter().any(|(path, _)| path.contains("test") || path.contains("lock")));
        let package: Value = serde_json::from_str(text("package.json")).unwrap();
        assert_eq!(package["name"], "photos");
        let tsconfig: Value = serde_json::from_str(text("tsconfig.json")).unwrap();
        assert_eq!(tsconfig["include"], serde_json::json!(["src", "vite.config.ts", "policy.ts"]));
        let web: Value = serde_json::from_str(include_str!("../../../web/package.json")).unwrap();
        for name in OF_THE_APP {
            assert!(web["dependencies"].get(name).or(web["devDependencies"].get(name)).is_some(), "{name}");
        }
        for (path, text) in &app {
            for import in text.lines().filter_map(|line| line.split(" from \"").nth(1)?.split('"').next()) {
                let parts: Vec<&str> = import.split('/').collect();
                let name = if import.starts_with('@') { parts[..2].join("/") } else { parts[0].to_owned() };
                let known = name.starts_with('.') || name.starts_with("node:");
                let has = |section: &str| package[section].get(&name).is_some();
                assert!(known || has("dependencies") || has("devDependencies"), "{path} imports {import}");
            }
        }
        assert!(!text("package.json").contains("playwright"));
    }

    #[test]
    fn the_hooks_import_nothing_but_themselves_and_react() {
        let [with, without] = [true, false].map(hooks);
        assert!(without.len() < with.len());
        assert!(without.iter().all(|(path, _)| path.starts_with("src/stackctl/uploads/")));
        assert!(with.iter().any(|(path, _)| path == "src/stackctl/react/index.ts"));
        assert!(without.iter().any(|(path, _)| path == "src/stackctl/uploads/index.ts"));
        for (path, text) in &with {
            for import in text.lines().filter_map(|line| line.split(" from \"").nth(1)?.split('"').next()) {
                let is_of_react = path.starts_with("src/stackctl/react/") && import == "react";
                assert!(import.starts_with('.') || is_of_react, "{path} imports {import}");
            }
        }
    }

    #[test]
    fn a_component_needs_few_packages() {
        expect![[r#"
            aws-amplify@^6.22.1
            qr@^0.7.0"#]]
        .assert_eq(&packages().join("\n"));
        let component = component();
        assert!(component.iter().all(|(path, _)| path.starts_with("src/stackctl/")));
        assert!(component.iter().any(|(path, _)| path == "src/stackctl/UploadPage.tsx"));
        assert!(!component.iter().any(|(path, _)| path.ends_with("main.tsx")));
        assert!(component.iter().any(|(path, _)| path == "src/stackctl/uploads/index.ts"));
        for (path, text) in component {
            assert!(!text.contains("\"@stackctl/"), "{path}");
        }
        let (_, text) = in_project("src/folder/a.ts", r#"import x from "@stackctl/react";"#);
        assert_eq!(text, r#"import x from "../react";"#);
    }
}
