//! The formats of outputs.

use clap::ValueEnum;
use stackctl_aws_data::outputs::Outputs;
use stackctl_stackfile::stack::Stack;

use crate::{amplify, json::json, script, table::table, unfit::Unfit, variables};

/// A format of outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table of names and values
    Table,
    /// All outputs as one JSON object
    Json,
    /// Lines of NAME=value
    Env,
    /// Lines of NAME=value with names that Vite gives to the page: VITE_…
    Vite,
    /// Lines of NAME=value with names that Next.js gives to the page: NEXT_PUBLIC_…
    Next,
    /// A JavaScript module
    Js,
    /// A TypeScript module
    Ts,
    /// All outputs as YAML
    Yaml,
    /// amplify_outputs.json for Amplify.configure of aws-amplify 6
    Amplify,
}

impl Format {
    /// The name of the format.
    pub fn name(self) -> &'static str {
        match self {
            Format::Table => "table",
            Format::Json => "json",
            Format::Env => "env",
            Format::Vite => "vite",
            Format::Next => "next",
            Format::Js => "js",
            Format::Ts => "ts",
            Format::Yaml => "yaml",
            Format::Amplify => "amplify",
        }
    }

    /// The beginning of the names of variables, for the formats of env files.
    pub fn prefix(self) -> Option<&'static str> {
        match self {
            Format::Env => Some(""),
            Format::Vite => Some(VITE),
            Format::Next => Some(NEXT),
            Format::Table | Format::Json | Format::Js | Format::Ts | Format::Yaml | Format::Amplify => None,
        }
    }

    /// The outputs in this format.
    ///
    /// # Errors
    /// Outputs that the format can't express.
    pub fn text(self, outputs: &Outputs, stack: &Stack) -> Result<String, Unfit> {
        match self {
            Format::Table => Ok(table(outputs)),
            Format::Json => Ok(json(outputs) + "\n"),
            Format::Env => Ok(variables::text(&variables::all("", outputs, stack)?)),
            Format::Vite => Ok(variables::text(&variables::all(VITE, outputs, stack)?)),
            Format::Next => Ok(variables::text(&variables::all(NEXT, outputs, stack)?)),
            Format::Js => Ok(script::js(outputs)),
            Format::Ts => Ok(script::ts(outputs)),
            // Only maps with keys other than text fail, and there are none.
            Format::Yaml => Ok(serde_yaml::to_string(outputs).unwrap_or_default()),
            Format::Amplify => amplify::text(outputs, stack),
        }
    }
}

/// The beginning of the variables that Vite gives to the page.
const VITE: &str = "VITE_";
/// The same of Next.js.
const NEXT: &str = "NEXT_PUBLIC_";

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::samples;

    #[test]
    fn yaml() {
        expect![[r#"
            stack: demo
            region: eu-west-1
            endpoint: https://abc123.execute-api.eu-west-1.amazonaws.com/production
            user_pool_id: eu-west-1_AbCdEf
            client_id: 1h57kf5cpq17m0eml12EXAMPLE
            bucket: demo-uploads-000000000000-eu-west-1
            apis:
              uploads:
                id: abc123
                endpoint: https://abc123.execute-api.eu-west-1.amazonaws.com/production
                routes:
                  GET /: https://abc123.execute-api.eu-west-1.amazonaws.com/production
                  POST /files: https://abc123.execute-api.eu-west-1.amazonaws.com/production/files
            user_pools:
              users:
                id: eu-west-1_AbCdEf
                clients:
                  web: 1h57kf5cpq17m0eml12EXAMPLE
            buckets:
              uploads: demo-uploads-000000000000-eu-west-1
        "#]]
        .assert_eq(&serde_yaml::to_string(&samples::one_of_each()).unwrap());
    }

    #[test]
    fn json_has_what_there_is_one_of_at_its_top() {
        expect![[r#"
            {
              "stack": "demo",
              "region": "eu-west-1",
              "endpoint": "https://abc123.execute-api.eu-west-1.amazonaws.com/production",
              "user_pool_id": "eu-west-1_AbCdEf",
              "client_id": "1h57kf5cpq17m0eml12EXAMPLE",
              "bucket": "demo-uploads-000000000000-eu-west-1",
              "apis": {
                "uploads": {
                  "id": "abc123",
                  "endpoint": "https://abc123.execute-api.eu-west-1.amazonaws.com/production",
                  "routes": {
                    "GET /": "https://abc123.execute-api.eu-west-1.amazonaws.com/production",
                    "POST /files": "https://abc123.execute-api.eu-west-1.amazonaws.com/production/files"
                  }
                }
              },
              "user_pools": {
                "users": {
                  "id": "eu-west-1_AbCdEf",
                  "clients": {
                    "web": "1h57kf5cpq17m0eml12EXAMPLE"
                  }
                }
              },
              "buckets": {
                "uploads": "demo-uploads-000000000000-eu-west-1"
              }
            }"#]]
        .assert_eq(&json(&samples::one_of_each()));
    }
}
