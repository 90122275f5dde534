//! The files of a function's code, and whether Lambda finds what it calls.

use std::collections::BTreeSet;

use stackctl_stackfile::function::{BOOTSTRAP, Bundle, Language};

use super::error::{BundleError, MOST_UNZIPPED};

/// The names of files with their sizes.
#[derive(Debug, Default)]
pub struct Contents {
    names: BTreeSet<String>,
    bytes: u64,
}

impl Contents {
    /// Adds a file.
    ///
    /// # Errors
    /// Files that are too large together.
    pub fn add(&mut self, name: String, bytes: u64) -> Result<(), BundleError> {
        self.names.insert(name);
        self.bytes = self.bytes.saturating_add(bytes);
        match self.bytes {
            bytes if bytes > MOST_UNZIPPED => Err(BundleError::TooLargeUnzipped { bytes }),
            _ => Ok(()),
        }
    }

    /// Checks that the file of the handler is there.
    ///
    /// # Errors
    /// The files of which none is there.
    pub fn check(&self, bundle: &Bundle) -> Result<(), BundleError> {
        let Bundle { path: _, runtime, handler, build: _ } = bundle;
        let language = runtime.language();
        let (file, function) = handler.parts(language);
        let files = files_of(&file, language);
        if files.iter().any(|it| self.names.contains(it)) {
            return Ok(());
        }
        let hint = self.hint(&file, &function, language);
        Err(BundleError::NoHandler { handler: handler.to_string(), files, hint })
    }

    /// What to do where the file of a handler is missing.
    fn hint(&self, file: &str, function: &str, language: Language) -> String {
        if language == Language::Executable {
            return "put the executable `bootstrap` at the root of the code".to_owned();
        }
        let typescript = ["ts", "mts", "tsx"].map(|ending| format!("{file}.{ending}"));
        if let Some(source) = typescript.iter().find(|it| self.names.contains(*it)) {
            return format!(
                "Lambda runs JavaScript: let `build` compile {source}, and `code` name the folder with the result"
            );
        }
        match self.elsewhere(file, language) {
            Some(place) => {
                let place = if language == Language::Python { place.replace('/', ".") } else { place };
                format!("write `handler: {place}.{function}`")
            }
            None => "the path in the handler begins at the root of the code".to_owned(),
        }
    }

    /// The same file in another folder, the one with the fewest folders above it.
    fn elsewhere(&self, file: &str, language: Language) -> Option<String> {
        let last = file.rsplit('/').next()?;
        let own = self
            .names
            .iter()
            .filter(|it| !it.split('/').any(|it| it == "node_modules" || it == "site-packages"));
        let endings: Vec<String> = files_of(last, language);
        let found = own.filter_map(|name| {
            let folder = endings.iter().find_map(|ending| match name.strip_suffix(ending.as_str())? {
                "" => Some(""),
                folder => folder.ends_with('/').then_some(folder),
            })?;
            Some(format!("{folder}{last}"))
        });
        found.min_by_key(|it| (it.matches('/').count(), it.clone()))
    }
}

/// The files of which one has to be there (LAM-72).
fn files_of(file: &str, language: Language) -> Vec<String> {
    let endings: &[&str] = match language {
        Language::Node => &[".js", ".mjs", ".cjs"],
        Language::Python => &[".py", "/__init__.py", ".pyc"],
        Language::Executable => &[""],
    };
    endings.iter().map(|ending| format!("{file}{ending}")).collect()
}

/// Whether a file is the executable that a bundle runs.
pub fn is_executable(name: &str, bundle: &Bundle) -> bool {
    bundle.runtime.language() == Language::Executable && name == BOOTSTRAP
}
