//! `stackctl local env`.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use stackctl_formats::Shell;
use stackctl_localcloud::{Cloud, Status, status};

use crate::{cloud::local, error::Error, exit, report::Report};

const EXAMPLES: &str = "\
Examples:
  eval \"$(stackctl local env)\" && aws s3 ls
  stackctl local env --format fish | source
  stackctl local env --format powershell | Out-String | Invoke-Expression
  stackctl local env --format json

The key has all rights in the local cloud, and none anywhere else.";

/// Print the local cloud's address, region and root key as environment variables
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Env {
    /// The format
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "sh")]
    format: Format,
}

/// The syntax that sets variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For bash, zsh and other POSIX shells
    Sh,
    /// One JSON object
    Json,
    /// For PowerShell
    Powershell,
    /// For fish
    Fish,
}

impl Env {
    /// Prints the variables.
    ///
    /// # Errors
    /// A local cloud that is not running.
    pub async fn run(self, report: &mut Report) -> Result<u8, Error> {
        let Status::Running(cloud) = status(&local::instance()?).await? else {
            return Err(stackctl_localcloud::Error::NotRunning.into());
        };
        let variables = variables(&cloud);
        let data = variables.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
        let data = Value::Object(data.collect::<Map<_, _>>());
        report.local(&self.format.text(&variables, &data), &data);
        Ok(exit::DONE)
    }
}

/// The variables that the aws CLI, the SDKs and Terraform read.
fn variables(cloud: &Cloud) -> [(&'static str, &str); 5] {
    [
        ("AWS_ACCESS_KEY_ID", &cloud.root.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &cloud.root.secret_access_key),
        ("AWS_REGION", &cloud.region),
        ("AWS_DEFAULT_REGION", &cloud.region),
        ("AWS_ENDPOINT_URL", &cloud.url),
    ]
}

impl Format {
    fn text(self, variables: &[(&str, &str)], data: &Value) -> String {
        // The token does not belong to this key.
        let commands = |shell: Shell| shell.commands(variables, "AWS_SESSION_TOKEN");
        match self {
            Format::Sh => commands(Shell::Posix),
            Format::Json => format!("{data:#}\n"),
            Format::Powershell => commands(Shell::Powershell),
            Format::Fish => commands(Shell::Fish),
        }
    }
}
