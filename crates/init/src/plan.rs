//! The files that a project gets: decided first, then written, all or none.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use stackctl_stackfile::Problem;
use thiserror::Error;

use crate::{
    extra::Extra,
    framework::Framework,
    ignored, page,
    project::Project,
    stack_yaml::{self, SCHEMA, Settings},
};

/// The files and what to do afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The new files: path relative to the folder, and text.
    pub new: Vec<(String, String)>,
    /// The new text of `.gitignore`, when it lacks lines.
    pub gitignore: Option<String>,
    /// What the project itself has to do for the page, one line each.
    pub by_hand: Vec<String>,
    /// The next commands.
    pub next: Vec<String>,
}

/// Why a project gets no files.
#[derive(Debug, Error)]
pub enum NoInit {
    /// A file of the folder exists.
    #[error("{} exists; nothing was written", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The settings make no valid file.
    #[error("{problem}")]
    Invalid {
        /// The first problem of the file.
        problem: String,
        /// The advice.
        hint: Option<String>,
    },
    /// The page does not fit into the project.
    #[error("the page is made with React and Vite; this folder has {project}")]
    OtherProject {
        /// What the folder has.
        project: String,
    },
    /// The hooks are source, which only a build takes.
    #[error("the hooks are TypeScript for a project with a package.json; this folder has {project}")]
    NoPackage {
        /// What the folder has.
        project: String,
    },
    /// A file could not be read or written.
    #[error("could not {doing}; nothing was written")]
    Io {
        /// The operation.
        doing: String,
        /// The system's error.
        #[source]
        source: io::Error,
    },
}

impl NoInit {
    /// The advice.
    pub fn hint(&self) -> Option<String> {
        match self {
            NoInit::Exists { path } if path.ends_with("stack.yaml") || path.ends_with("stack.yml") => {
                Some("`stackctl validate` checks it; to begin anew, move it away first".to_owned())
            }
            NoInit::Exists { .. } => Some("move it away first, or run this in another folder".to_owned()),
            NoInit::Invalid { hint, .. } => hint.clone(),
            NoInit::OtherProject { .. } => Some(
                "run `stackctl init --page` in an empty folder, such as a new one beside your project"
                    .to_owned(),
            ),
            NoInit::NoPackage { .. } => Some("run this where the package.json of your web app is".to_owned()),
            NoInit::Io { .. } => None,
        }
    }
}

const GITIGNORE: &str = ".gitignore";

impl Plan {
    /// Whether `stack.yaml` is new.
    pub fn has_stack(&self) -> bool {
        self.new.iter().any(|(path, _)| path == "stack.yaml")
    }

    /// Decides on the files of a folder. With an extra, an existing `stack.yaml` is kept.
    ///
    /// # Errors
    /// A file that exists, settings that are not valid, and a project that the extra does not fit into.
    pub fn of(folder: &Path, project: &Project, settings: &Settings, extra: Extra) -> Result<Plan, NoInit> {
        let is_app = project.becomes_app(extra);
        match extra {
            Extra::Page if !is_app && !project.is_react_with_vite() => {
                return Err(NoInit::OtherProject { project: project.describe() });
            }
            Extra::Hooks if !project.has_package_json => {
                return Err(NoInit::NoPackage { project: project.describe() });
            }
            Extra::Nothing | Extra::Page | Extra::Hooks => {}
        }
        let there = ["stack.yaml", "stack.yml"].into_iter().find(|it| exists(&folder.join(it)));
        let mut new = Vec::new();
        match there {
            Some(name) if extra == Extra::Nothing => return Err(NoInit::Exists { path: name.into() }),
            Some(_) => {}
            None => {
                new.push(("stack.yaml".to_owned(), stack_yaml::text(settings).map_err(|all| invalid(&all))?));
                // An older one may be there; `stackctl schema --write` renews it.
                if !exists(&folder.join(SCHEMA)) {
                    new.push((SCHEMA.to_owned(), format!("{:#}\n", stackctl_stackfile::schema())));
                }
            }
        }
        let mut by_hand = Vec::new();
        let mut ignored_paths = Vec::new();
        match extra {
            Extra::Nothing => {}
            Extra::Page if is_app => {
                new.extend(page::app(&settings.name));
                ignored_paths.extend(["node_modules/", "dist/"]);
            }
            Extra::Page => {
                new.extend(page::component());
                by_hand = vec![
                    format!("npm install {}", page::packages().join(" ")),
                    "import { UploadPage } from \"./stackctl/UploadPage\";   // in src/App, then <UploadPage />"
                        .to_owned(),
                ];
            }
            Extra::Hooks => {
                new.extend(page::hooks(project.react));
                let (names, from) =
                    if project.react { ("useUploads", "react") } else { ("Uploads", "uploads") };
                by_hand = vec![format!("import {{ {names} }} from \"./stackctl/{from}\";   // in src")];
            }
        }
        for (path, _) in &new {
            if exists(&folder.join(path)) {
                return Err(NoInit::Exists { path: path.into() });
            }
        }
        let outputs = if is_app { Framework::Vite.outputs_file() } else { project.framework.outputs_file() };
        ignored_paths.extend(outputs.map(|it| it.path));
        let gitignore = if ignored_paths.is_empty() { None } else { with_ignored(folder, &ignored_paths)? };
        let mut next = vec!["stackctl apply --local".to_owned(), "stackctl user add NAME --local".to_owned()];
        let start = if is_app { " && npm install && npm run dev" } else { "" };
        next.push(match outputs {
            Some(it) => format!("stackctl outputs --local --format {} --write {}{start}", it.format, it.path),
            None => "stackctl outputs --local".to_owned(),
        });
        Ok(Plan { new, gitignore, by_hand, next })
    }

    /// Writes the files. A file that appeared since is not overwritten; after an error, what was written is removed.
    ///
    /// # Errors
    /// The system's errors.
    pub fn write(&self, folder: &Path) -> Result<(), NoInit> {
        let mut written = Vec::new();
        for (path, text) in &self.new {
            if let Err(source) = write_new(&folder.join(path), text, &mut written) {
                // The newest first: folders after their files. A folder with other files stays.
                for path in written.iter().rev() {
                    let _ = fs::remove_file(path).or_else(|_| fs::remove_dir(path));
                }
                return Err(NoInit::Io { doing: format!("write {path}"), source });
            }
        }
        let Some(text) = &self.gitignore else { return Ok(()) };
        let failed = |source| NoInit::Io { doing: "write .gitignore".to_owned(), source };
        fs::write(folder.join(GITIGNORE), text).map_err(failed)
    }
}

/// Writes a file that does not exist, in folders that are made for it. Notes what it makes.
fn write_new(path: &Path, text: &str, written: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing = path.ancestors().skip(1).take_while(|it| !it.as_os_str().is_empty() && !it.exists());
    let mut missing: Vec<_> = missing.collect();
    missing.reverse();
    for folder in missing {
        fs::create_dir(folder)?;
        written.push(folder.to_owned());
    }
    let mut file = fs::File::create_new(path)?;
    written.push(path.to_owned());
    file.write_all(text.as_bytes())
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn with_ignored(folder: &Path, paths: &[&str]) -> Result<Option<String>, NoInit> {
    let text = match fs::read_to_string(folder.join(GITIGNORE)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(NoInit::Io { doing: "read .gitignore".to_owned(), source }),
    };
    Ok(ignored::with(&text, paths))
}

fn invalid(problems: &[Problem]) -> NoInit {
    let Some(Problem { title, label, help, .. }) = problems.first() else {
        return NoInit::Invalid { problem: "the file is not valid".to_owned(), hint: None };
    };
    NoInit::Invalid { problem: format!("{title}: {label}"), hint: help.clone() }
}

#[cfg(test)]
mod tests;
