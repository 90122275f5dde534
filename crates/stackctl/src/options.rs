//! The options that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use stackctl_views::style::word;

/// The global options. They are not in the help of each command; `stackctl help options` shows them.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The stack file, - for stdin; otherwise stack.yaml of this folder or a parent
    #[arg(short, long, global = true, hide = true, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The environment of the file's `envs:` to use
    #[arg(long, alias = "environment", global = true, hide = true, value_name = "NAME")]
    pub env: Option<String>,
    /// Use the local cloud instead of AWS; stackctl starts it when it is not running
    #[arg(long, global = true, hide = true)]
    pub local: bool,
    /// Send all requests to this address instead of AWS
    #[arg(long, global = true, hide = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// A profile of ~/.aws/config
    #[arg(long, global = true, hide = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The region, instead of the file's
    #[arg(long, global = true, hide = true, value_name = "REGION")]
    pub region: Option<String>,
    /// Accept a region that this version of stackctl does not know
    #[arg(long, global = true, hide = true)]
    pub new_region: bool,
    /// Report as JSON lines on stdout
    #[arg(long, global = true, hide = true)]
    pub json: bool,
    /// When to use colours; auto: in a terminal, unless NO_COLOR is set
    #[arg(long, global = true, hide = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Write a timeline of steps and requests for a browser's trace viewer
    #[arg(long, global = true, hide = true, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Show more, such as every setting in a plan
    #[arg(short, long, global = true, hide = true)]
    pub verbose: bool,
}

impl Global {
    /// The options that chose the stack of this run and where it is, as they stand in a command line; each after a space.
    pub fn target_options(&self) -> String {
        let file = self.file.as_ref().map(|it| it.display().to_string());
        let options = [
            ("--file", file.as_ref()),
            ("--env", self.env.as_ref()),
            ("--endpoint-url", self.endpoint_url.as_ref()),
            ("--profile", self.profile.as_ref()),
            ("--region", self.region.as_ref()),
        ];
        let local = if self.local { " --local" } else { "" };
        let new_region = if self.new_region { " --new-region" } else { "" };
        let given = options.into_iter().filter_map(|(name, value)| Some(format!(" {name} {}", word(value?))));
        given.fold(local.to_owned() + new_region, |all, option| all + &option)
    }
}

/// When the output has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    // In a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}
