//! `stackctl man`.

use std::{fs, path::PathBuf};

use clap::{Args, Command};
use clap_mangen::Man as Page;

use crate::{error::Error, exit, report::Report};

const EXAMPLES: &str = "\
Examples:
  stackctl man | man -l -
  stackctl man ~/.local/share/man/man1   a page for each command";

/// Print the manual page, or write a page for each command
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Man {
    /// The folder to write to
    dir: Option<PathBuf>,
}

impl Man {
    /// Prints or writes the pages.
    ///
    /// # Errors
    /// A folder that can't be written to.
    pub fn run(self, definition: Command, report: &mut Report) -> Result<u8, Error> {
        // A manual page has room for the options of every command.
        let definition = definition.mut_args(|it| if it.is_global_set() { it.hide(false) } else { it });
        let Some(dir) = self.dir else {
            let mut page = Vec::new();
            let rendered = Page::new(definition).render(&mut page);
            rendered.map_err(|source| Error::Io { doing: "make the page".to_owned(), source })?;
            report.say(&String::from_utf8_lossy(&page));
            return Ok(exit::DONE);
        };
        let written = fs::create_dir_all(&dir).and_then(|()| clap_mangen::generate_to(definition, &dir));
        written.map_err(|source| Error::Io { doing: format!("write to {}", dir.display()), source })?;
        report.progress(&format!("{}: written", dir.display()));
        Ok(exit::DONE)
    }
}
