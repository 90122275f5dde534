//! `stackctl help`.

use clap::{Args, Command};

use crate::{error::Error, exit, report::Report};

/// The word that names the global options.
const OPTIONS: &str = "options";

const EXIT_CODES: &str = "\
Exit codes:
  0   done
  1   failed, refused, cancelled or stopped
  2   there are differences (plan --check, outputs --check)
  64  the file or the arguments are wrong; nothing was sent";

const EXAMPLES: &str = "\
Examples:
  stackctl help apply
  stackctl help user add
  stackctl help options                  the options that every command takes";

/// Show the help of a command, or of the common options
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Help {
    /// The command, as in `user add`, or `options`; without one, all commands are listed
    #[arg(value_name = "COMMAND")]
    path: Vec<String>,
}

impl Help {
    /// Shows the help.
    ///
    /// # Errors
    /// An unknown command.
    pub fn run(self, mut definition: Command, report: &mut Report) -> Result<u8, Error> {
        if self.path == [OPTIONS] {
            report.say(&options(definition));
            return Ok(exit::DONE);
        }
        definition.build();
        let mut command = &mut definition;
        for word in &self.path {
            let known: Vec<String> = names(command).chain([OPTIONS.to_owned()]).collect();
            let Some(next) = command.find_subcommand_mut(word) else {
                let hint = stackctl_stackfile::did_you_mean(word, known.iter().map(String::as_str));
                return Err(Error::Usage {
                    what: format!("no command is called `{}`", self.path.join(" ")),
                    hint: hint.unwrap_or_else(|| format!("known are: {}", known.join(", "))),
                });
            };
            command = next;
        }
        report.say(&command.render_help().to_string());
        Ok(exit::DONE)
    }
}

fn names(command: &Command) -> impl Iterator<Item = String> {
    command.get_subcommands().filter(|it| !it.is_hide_set()).map(|it| it.get_name().to_owned())
}

/// The help of the options that every command takes.
fn options(definition: Command) -> String {
    let globals = definition.get_arguments().filter(|it| it.is_global_set());
    let globals = globals.map(|it| it.clone().hide(false).global(false));
    let mut page = Command::new("options")
        .about("The options that every command takes, before or after its name")
        .disable_help_flag(true)
        .help_template("{about}\n\n{options}{after-help}\n")
        .after_help(EXIT_CODES)
        .max_term_width(100)
        .args(globals.map(|it| it.help_heading(None::<&str>)));
    page.render_help().to_string()
}
