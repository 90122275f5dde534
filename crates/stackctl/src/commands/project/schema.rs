//! `stackctl schema`.

use std::{fs, path::PathBuf};

use clap::Args;
use stackctl_init::SCHEMA;

use crate::{error::Error, exit, report::Report};

const EXAMPLES: &str = "\
Examples:
  stackctl schema > stack.schema.json
  stackctl schema --write                renew the file that init wrote, after an update of stackctl";

/// Print the JSON Schema of stack.yaml, for editors
#[derive(Debug, Args)]
#[command(name = "schema", after_help = EXAMPLES)]
pub struct ShowSchema {
    /// Write it to a file instead
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = SCHEMA)]
    write: Option<PathBuf>,
}

impl ShowSchema {
    /// Prints or writes the schema.
    ///
    /// # Errors
    /// A file that can't be written.
    pub fn run(self, report: &mut Report) -> Result<u8, Error> {
        let text = format!("{:#}\n", stackctl_stackfile::schema());
        let Some(path) = self.write else {
            report.say(&text);
            return Ok(exit::DONE);
        };
        let failed = |source| Error::Io { doing: format!("write {}", path.display()), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(&path, text).map_err(failed)?;
        report.progress(&format!("wrote {}", path.display()));
        Ok(exit::DONE)
    }
}
