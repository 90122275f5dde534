//! The command line.

use std::ffi::OsString;

use clap::{CommandFactory, Parser, error::ErrorKind};

use crate::{commands::Command, options::Global};

const EXAMPLES: &str = "\
Examples:
  stackctl apply                         make AWS match stack.yaml
  stackctl --local apply                 the same on this machine, without an account
  stackctl outputs --format vite         the web page's settings
  stackctl destroy                       delete the stack

Exit codes: 0 done, 1 failed, 2 there are differences, 64 the file or the arguments are wrong.";

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
        let arguments = Arguments::try_parse_from(line)?;
        let Global { local, endpoint_url, profile, .. } = &arguments.global;
        // Clap does not compare options before the command with options after it.
        if *local && (endpoint_url.is_some() || profile.is_some()) {
            let said = "--local can't be used with --endpoint-url or --profile";
            return Err(Arguments::command().error(ErrorKind::ArgumentConflict, said));
        }
        Ok(arguments)
    }
}

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

    #[test]
    fn what_a_file_holds_is_said_and_not_guessed() {
        assert_eq!(parse("stackctl outputs --write x").unwrap_err(), ErrorKind::MissingRequiredArgument);
        assert!(parse("stackctl outputs --write x --format json").is_ok());
        assert_eq!(parse("stackctl outputs --format xml").unwrap_err(), ErrorKind::InvalidValue);
    }
}
