//! What writing outputs to a file changes: decided first, then written.

use std::{
    io,
    path::{Path, PathBuf},
};

use stackctl_aws_data::outputs::Outputs;
use stackctl_stackfile::stack::Stack;
use thiserror::Error;

use crate::{
    env_file::{self, Block, Changes},
    file,
    format::Format,
    unfit::Unfit,
    variables, whole_file,
};

/// The text that a file gets.
#[derive(Debug)]
pub struct Update {
    path: PathBuf,
    text: String,
    /// Whether the file has another text, or does not exist.
    pub is_needed: bool,
    /// The variables of an env file; none where the format has the whole file.
    pub changes: Option<Changes>,
}

/// Why outputs can't be written to a file.
#[derive(Debug, Error)]
pub enum NoUpdate {
    /// The outputs do not fit the format.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The file could not be read.
    #[error("could not read {}", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// The file has content that stackctl would lose.
    #[error("{} was not changed: {why}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// The content.
        why: String,
        /// The advice.
        hint: &'static str,
    },
}

impl Update {
    /// Reads the file and decides on its text. An env file keeps the lines that stackctl did not write; the other formats
    /// replace a file that stackctl wrote.
    ///
    /// # Errors
    /// Outputs that the format can't express, and a file that can't be read or was not written by stackctl.
    pub fn plan(path: &Path, format: Format, outputs: &Outputs, stack: &Stack) -> Result<Update, NoUpdate> {
        let unread = |source| NoUpdate::Unread { path: path.to_owned(), source };
        let refused = |why: String, hint| NoUpdate::Refused { path: path.to_owned(), why, hint };
        let old = match file::read(path).map_err(unread)? {
            None => None,
            Some(bytes) => match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => Some(text),
                Ok(_) | Err(_) => return Err(refused("it is not UTF-8 text".to_owned(), OTHER_FILE)),
            },
        };
        let (text, changes) = match format.prefix() {
            Some(prefix) => {
                let variables = variables::all(prefix, outputs, stack)?;
                let block = Block { format: format.name(), prefix, variables: &variables };
                let (text, changes) = env_file::merge(old.as_deref().unwrap_or_default(), &block)
                    .map_err(|not_env| refused(format!("{not_env}, as in an env file"), OTHER_ENV_FILE))?;
                (text, Some(changes))
            }
            None => {
                let text = format.text(outputs, stack)?;
                if old.as_ref().is_some_and(|it| *it != text && !whole_file::is_written_by_stackctl(it)) {
                    return Err(refused("stackctl did not write its content".to_owned(), OTHER_FILE));
                }
                (text, None)
            }
        };
        let is_needed = old.as_ref() != Some(&text);
        Ok(Update { path: path.to_owned(), text, is_needed, changes })
    }

    /// Writes the file, in one step.
    ///
    /// # Errors
    /// The system's errors.
    pub fn write(&self) -> io::Result<()> {
        file::replace(&self.path, &self.text)
    }
}

impl NoUpdate {
    /// The advice.
    pub fn hint(&self) -> Option<String> {
        match self {
            NoUpdate::Unfit(unfit) => Some(unfit.hint.clone()),
            NoUpdate::Refused { hint, .. } => Some((*hint).to_owned()),
            NoUpdate::Unread { .. } => None,
        }
    }
}

const OTHER_FILE: &str = "name another file, or move this one away first";
const OTHER_ENV_FILE: &str = "correct the line, or name another file, such as .env.local";

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::samples;

    fn plan(path: &Path, format: Format) -> Result<Update, NoUpdate> {
        Update::plan(path, format, &samples::one_of_each(), &samples::stack())
    }

    #[test]
    fn written_once() {
        let folder = tempfile::tempdir().unwrap();
        for (name, format) in [(".env", Format::Vite), ("a.json", Format::Json), ("a.ts", Format::Ts)] {
            let path = folder.path().join(name);
            let update = plan(&path, format).unwrap();
            assert!(update.is_needed);
            update.write().unwrap();
            assert!(!plan(&path, format).unwrap().is_needed, "{name}");
        }
    }

    #[test]
    fn files_of_others_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (text, format) in [
            (&b"{\"name\": \"app\"}"[..], Format::Json),
            (b"{\"name\": \"app\"}", Format::Vite),
            (b"export const outputs = 1;\n", Format::Ts),
            (b"A=\xff\n", Format::Env),
            (b"A=\0\n", Format::Env),
        ] {
            fs::write(&path, text).unwrap();
            let Err(NoUpdate::Refused { .. }) = plan(&path, format) else {
                panic!("{text:?} is not refused")
            };
        }
        assert!(matches!(plan(folder.path(), Format::Env), Err(NoUpdate::Unread { .. })));
    }

    #[test]
    fn another_format_replaces_a_file_of_stackctl() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for format in [Format::Json, Format::Yaml, Format::Js, Format::Ts, Format::Table, Format::Json] {
            let update = plan(&path, format).unwrap();
            assert!(update.is_needed, "{format:?}");
            update.write().unwrap();
        }
    }
}
