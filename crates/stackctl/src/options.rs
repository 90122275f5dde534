//! The options that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The global options.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The stack file, - for stdin; otherwise stack.yaml of this folder or a parent
    #[arg(short, long, global = true, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The environment of the file's `envs:` to use
    #[arg(long, global = true, value_name = "NAME")]
    pub env: Option<String>,
    /// Use the local cloud instead of AWS; stackctl starts it when it is not running
    #[arg(long, global = true)]
    pub local: bool,
    /// Send all requests to this address instead of AWS
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// A profile of ~/.aws/config
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The region, instead of the file's
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// Report as JSON lines on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colours; auto: in a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Write a timeline of steps and requests for a browser's trace viewer
    #[arg(long, global = true, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Show more, such as every setting in a plan
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// When the output has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    // In a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}
