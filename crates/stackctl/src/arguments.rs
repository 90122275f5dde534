//! The command line.

use std::ffi::OsString;

use clap::{Arg, ArgAction, CommandFactory, FromArgMatches, Parser, error::ErrorKind};

use crate::{commands::Command, options::Global};

const EXAMPLES: &str = "\
Examples:
  stackctl apply                         make AWS match stack.yaml
  stackctl --local apply                 the same on this machine, no account";

/// Reads stack.yaml and makes AWS match it.
#[derive(Debug, Parser)]
#[command(name = "stackctl", version, after_help = EXAMPLES, max_term_width = 100)]
#[command(disable_help_subcommand = true, subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// Reads a command line.
    ///
    /// # Errors
    /// Wrong arguments; also a request for help or the version.
    pub fn read(line: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
        let arguments = Arguments::from_arg_matches(&definition().try_get_matches_from(line)?)?;
        let Global { local, endpoint_url, profile, .. } = &arguments.global;
        // Clap does not compare options before the command with options after it.
        if *local && (endpoint_url.is_some() || profile.is_some()) {
            let said = "--local can't be used with --endpoint-url or --profile";
            return Err(Arguments::command().error(ErrorKind::ArgumentConflict, said));
        }
        Ok(arguments)
    }
}

/// The definition of the command line; the help of each command says where the global options are.
pub fn definition() -> clap::Command {
    pointing(Arguments::command())
}

fn pointing(command: clap::Command) -> clap::Command {
    const POINTER: &str = "Options of every command, such as --local and --env: stackctl help options";
    let help_flag = Arg::new("help").short('h').long("help").action(ArgAction::HelpShort).help("Print help");
    let help_flag = help_flag.help_heading(None);
    let help = command.get_after_help().map(|it| format!("{it}\n\n")).unwrap_or_default();
    let command = command.disable_help_flag(true).arg(help_flag);
    command.after_help(format!("{help}{POINTER}")).mut_subcommands(pointing)
}

pub mod mistakes;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn parse(line: &str) -> Result<Arguments, ErrorKind> {
        Arguments::read(line.split_whitespace().map(OsString::from)).map_err(|error| error.kind())
    }

    #[test]
    fn the_definition_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_options_stand_before_and_after_the_command() {
        for line in ["stackctl --json -f a.yaml --env prod plan", "stackctl plan --json --env prod -f a.yaml"]
        {
            let Global { file, env, json, .. } = parse(line).unwrap().global;
            assert_eq!(
                (file, env.as_deref(), json),
                (Some(PathBuf::from("a.yaml")), Some("prod"), true),
                "{line}"
            );
        }
    }

    #[test]
    fn the_file_is_searched_unless_it_is_named() {
        assert_eq!(parse("stackctl validate").unwrap().global.file, None);
    }

    #[test]
    fn the_local_cloud_is_no_other_endpoint() {
        for line in ["stackctl --local plan --endpoint-url http://x", "stackctl plan --profile a --local"] {
            assert_eq!(parse(line).unwrap_err(), ErrorKind::ArgumentConflict, "{line}");
        }
    }

    /// A command's help in a terminal of 80 columns and 30 lines, the overview in one of 40.
    #[test]
    fn the_help_of_each_command_fits_on_a_screen() {
        fn check(command: &mut clap::Command) {
            let help = command.clone().term_width(80).render_help().to_string();
            let most = if command.get_name() == "stackctl" { 40 } else { 30 };
            assert!(help.lines().count() <= most, "{} lines:\n{help}", help.lines().count());
            assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
            assert!(help.contains("stackctl help options"), "{help}");
            command.get_subcommands_mut().for_each(check);
        }
        let mut definition = definition();
        definition.build();
        check(&mut definition);
    }

    #[test]
    fn what_a_file_holds_is_said_and_not_guessed() {
        assert_eq!(parse("stackctl outputs --write x").unwrap_err(), ErrorKind::MissingRequiredArgument);
        assert!(parse("stackctl outputs --write x --format json").is_ok());
        assert_eq!(parse("stackctl outputs --format xml").unwrap_err(), ErrorKind::InvalidValue);
    }
}
