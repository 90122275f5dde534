//! `stackctl completions`.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::{error::Error, exit, report::Report};

const EXAMPLES: &str = "\
Examples:
  stackctl completions bash > ~/.local/share/bash-completion/completions/stackctl
  stackctl completions zsh > ~/.zfunc/_stackctl
  stackctl completions fish > ~/.config/fish/completions/stackctl.fish";

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the completions.
    ///
    /// # Errors
    /// None so far.
    pub fn run(self, mut definition: Command, report: &mut Report) -> Result<u8, Error> {
        let mut script = Vec::new();
        generate(self.shell, &mut definition, "stackctl", &mut script);
        report.say(&String::from_utf8_lossy(&script));
        Ok(exit::DONE)
    }
}
