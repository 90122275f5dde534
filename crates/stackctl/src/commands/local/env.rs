//! `stackctl local env`.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
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
    /// The commands that set the variables and remove the session token, which does not belong to this key.
    fn text(self, variables: &[(&str, &str)], data: &Value) -> String {
        let lines = |line: fn(&str, &str) -> String| -> String {
            variables.iter().map(|(name, value)| line(name, value)).collect()
        };
        match self {
            Format::Sh => {
                let set = lines(|name, value| format!("export {name}='{}'\n", value.replace('\'', r"'\''")));
                format!("{set}unset AWS_SESSION_TOKEN\n")
            }
            Format::Json => format!("{data:#}\n"),
            Format::Powershell => {
                let set = lines(|name, value| format!("$env:{name} = '{}'\n", value.replace('\'', "''")));
                format!("{set}Remove-Item Env:AWS_SESSION_TOKEN -ErrorAction SilentlyContinue\n")
            }
            Format::Fish => {
                let escaped = |value: &str| value.replace('\\', r"\\").replace('\'', r"\'");
                let set: String = variables
                    .iter()
                    .map(|(name, value)| format!("set -gx {name} '{}'\n", escaped(value)))
                    .collect();
                format!("{set}set -e AWS_SESSION_TOKEN\n")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn check(format: Format, expected: Expect) {
        let variables = [("AWS_ENDPOINT_URL", "http://127.0.0.1:4599"), ("AWS_REGION", r"it's\a")];
        let data = json!({ "AWS_ENDPOINT_URL": variables[0].1, "AWS_REGION": variables[1].1 });
        expected.assert_eq(&format.text(&variables, &data));
    }

    #[test]
    fn posix() {
        check(
            Format::Sh,
            expect![[r#"
            export AWS_ENDPOINT_URL='http://127.0.0.1:4599'
            export AWS_REGION='it'\''s\a'
            unset AWS_SESSION_TOKEN
        "#]],
        );
    }

    #[test]
    fn json() {
        check(
            Format::Json,
            expect![[r#"
            {
              "AWS_ENDPOINT_URL": "http://127.0.0.1:4599",
              "AWS_REGION": "it's\\a"
            }
        "#]],
        );
    }

    #[test]
    fn powershell() {
        check(
            Format::Powershell,
            expect![[r#"
            $env:AWS_ENDPOINT_URL = 'http://127.0.0.1:4599'
            $env:AWS_REGION = 'it''s\a'
            Remove-Item Env:AWS_SESSION_TOKEN -ErrorAction SilentlyContinue
        "#]],
        );
    }

    #[test]
    fn fish() {
        check(
            Format::Fish,
            expect![[r#"
            set -gx AWS_ENDPOINT_URL 'http://127.0.0.1:4599'
            set -gx AWS_REGION 'it\'s\\a'
            set -e AWS_SESSION_TOKEN
        "#]],
        );
    }
}
