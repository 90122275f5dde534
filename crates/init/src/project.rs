//! The project in a folder.

use std::{fs, io, path::Path};

use serde_json::Value;

use crate::{extra::Extra, framework::Framework, name::stack_name, port};

/// What a folder has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// What it is built with.
    pub framework: Framework,
    /// Whether its pages are React's.
    pub react: bool,
    /// Whether it has a package.json.
    pub has_package_json: bool,
    /// A name for its stack: from package.json, else from the folder.
    pub name: String,
    /// The origin of its pages while they are developed.
    pub origin: String,
}

/// Larger files are not read.
const MOST_BYTES: u64 = 1 << 20;

impl Project {
    /// Looks at a folder. A file that can't be understood counts as absent.
    ///
    /// # Errors
    /// A folder that can't be read.
    pub fn in_folder(folder: &Path) -> io::Result<Project> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder)? {
            names.extend(entry?.file_name().into_string());
        }
        names.sort();
        let has = |name: &str| names.iter().any(|it| it == name);
        let package = json(&folder.join("package.json")).unwrap_or_default();
        let depends = |name: &str| {
            ["dependencies", "devDependencies"].iter().any(|section| package[section].get(name).is_some())
        };
        let of_package = Framework::PACKAGES.into_iter().find(|(name, _)| depends(name)).map(|(_, it)| it);
        let framework = match of_package {
            Some(framework) => framework,
            None if has("index.html") => Framework::Html,
            None if has("Cargo.toml") => Framework::Cargo,
            None => Framework::Other,
        };
        let own_name = package["name"].as_str().filter(|it| !it.is_empty());
        let folder_name = || Some(fs::canonicalize(folder).ok()?.file_name()?.to_string_lossy().into_owned());
        let name = stack_name(&own_name.map(str::to_owned).or_else(folder_name).unwrap_or_default());
        let port = port_of(folder, &names, &package, framework).unwrap_or_else(|| framework.port());
        Ok(Project {
            framework,
            react: depends("react"),
            has_package_json: has("package.json"),
            name,
            origin: format!("http://localhost:{port}"),
        })
    }

    /// Whether the page of `init --page` fits into it: React with Vite.
    pub fn is_react_with_vite(&self) -> bool {
        self.framework == Framework::Vite && self.react
    }

    /// Whether `init --page` makes a new app in it, rather than a component of the project.
    pub fn becomes_app(&self, extra: Extra) -> bool {
        extra == Extra::Page && !self.has_package_json && self.framework != Framework::Html
    }

    /// The origins of its pages while they are developed; of a new app, also the address that it prints.
    pub fn origins(&self, extra: Extra) -> Vec<String> {
        if self.becomes_app(extra) {
            return ["http://localhost:5173", "http://127.0.0.1:5173"].map(str::to_owned).into();
        }
        vec![self.origin.clone()]
    }

    /// What it is, for people.
    pub fn describe(&self) -> String {
        let react = if self.is_react_with_vite() { " with React" } else { "" };
        format!("{}{react}", self.framework.name())
    }
}

fn port_of(folder: &Path, names: &[String], package: &Value, framework: Framework) -> Option<u16> {
    let scripts = ["dev", "start", "serve"].iter().filter_map(|it| package["scripts"][it].as_str());
    let in_script = scripts.filter_map(port::of_script).next();
    in_script.or_else(|| {
        if framework == Framework::Angular {
            return port::of_angular(&json(&folder.join("angular.json"))?);
        }
        let start = framework.configuration()?;
        let is_configuration = |name: &str| {
            let end = name.strip_prefix(start).unwrap_or_default();
            [".ts", ".js", ".mjs", ".mts", ".cjs", ".cts"].contains(&end)
        };
        port::of_configuration(&text(&folder.join(names.iter().find(|it| is_configuration(it))?))?)
    })
}

fn text(path: &Path) -> Option<String> {
    let small = fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= MOST_BYTES);
    fs::read_to_string(path).ok().filter(|_| small)
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_str(text(path)?.trim_start_matches('\u{feff}')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)]) -> Project {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("My Site");
        fs::create_dir(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
        Project::in_folder(&folder).unwrap()
    }

    #[test]
    fn frameworks_and_their_ports() {
        use Framework::{Angular, Astro, Cargo, Html, Next, Other, ReactScripts, SvelteKit, Vite};
        let package =
            |name: &str| format!("{{\"devDependencies\": {{ \"vite\": \"8\", \"{name}\": \"1\" }}}}");
        let only = |name: &str| format!("{{\"dependencies\": {{ \"{name}\": \"1\" }}}}");
        for (files, framework, port) in [
            (vec![("package.json", package("react"))], Vite, 5173),
            (vec![("package.json", package("@sveltejs/kit"))], SvelteKit, 5173),
            (vec![("package.json", package("astro"))], Astro, 4321),
            (vec![("package.json", only("next"))], Next, 3000),
            (vec![("package.json", only("@angular/cli"))], Angular, 4200),
            (vec![("package.json", only("react-scripts"))], ReactScripts, 3000),
            (vec![("package.json", only("express"))], Other, 5173),
            (vec![("package.json", only("express")), ("index.html", String::new())], Html, 3000),
            (vec![("package.json", "{ broken".to_owned())], Other, 5173),
            (vec![("index.html", String::new())], Html, 3000),
            (vec![("Cargo.toml", String::new())], Cargo, 5173),
            (vec![], Other, 5173),
        ] {
            let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let found = project(&files);
            assert_eq!(
                (found.framework, found.origin),
                (framework, format!("http://localhost:{port}")),
                "{files:?}"
            );
        }
    }

    #[test]
    fn names_and_ports_of_their_own() {
        let found = project(&[
            (
                "package.json",
                r#"{"name": "@ada/photos", "scripts": {"dev": "vite"}, "dependencies": {"vite": "8", "react": "19"}}"#,
            ),
            ("vite.config.ts", "export default { server: { port: 8080 } }"),
        ]);
        assert_eq!(found.name, "photos");
        assert_eq!(found.origin, "http://localhost:8080");
        assert_eq!(found.origins(Extra::Page), ["http://localhost:8080"]);
        assert!(found.is_react_with_vite());
        let found = project(&[(
            "package.json",
            r#"{"scripts": {"dev": "next dev -p 4000"}, "dependencies": {"next": "16"}}"#,
        )]);
        assert_eq!((found.name.as_str(), &found.origin), ("my-site", &"http://localhost:4000".to_owned()));
        let angular = r#"{"projects": {"a": {"architect": {"serve": {"options": {"port": 4300}}}}}}"#;
        let found = project(&[
            ("package.json", r#"{"devDependencies": {"@angular/cli": "20"}}"#),
            ("angular.json", angular),
        ]);
        assert_eq!(found.origin, "http://localhost:4300");
        assert_eq!(project(&[]).origins(Extra::Page), ["http://localhost:5173", "http://127.0.0.1:5173"]);
    }
}
