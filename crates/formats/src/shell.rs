//! The commands of shells that set environment variables.

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// bash, zsh and other POSIX shells.
    Posix,
    /// PowerShell.
    Powershell,
    /// fish.
    Fish,
}

impl Shell {
    /// The commands that set variables and remove another one, a line each.
    pub fn commands(self, set: &[(&str, &str)], remove: &str) -> String {
        let lines = |line: fn(&str, &str) -> String| -> String {
            set.iter().map(|(name, value)| line(name, value)).collect()
        };
        match self {
            Shell::Posix => {
                let set = lines(|name, value| format!("export {name}='{}'\n", value.replace('\'', r"'\''")));
                format!("{set}unset {remove}\n")
            }
            Shell::Powershell => {
                let set = lines(|name, value| format!("$env:{name} = '{}'\n", value.replace('\'', "''")));
                format!("{set}Remove-Item Env:{remove} -ErrorAction SilentlyContinue\n")
            }
            Shell::Fish => {
                let set = lines(|name, value| {
                    format!("set -gx {name} '{}'\n", value.replace('\\', r"\\").replace('\'', r"\'"))
                });
                format!("{set}set -e {remove}\n")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(shell: Shell, expected: Expect) {
        let variables = [("AWS_ENDPOINT_URL", "http://127.0.0.1:4599"), ("AWS_REGION", r"it's\a")];
        expected.assert_eq(&shell.commands(&variables, "AWS_SESSION_TOKEN"));
    }

    #[test]
    fn posix() {
        check(
            Shell::Posix,
            expect![[r#"
            export AWS_ENDPOINT_URL='http://127.0.0.1:4599'
            export AWS_REGION='it'\''s\a'
            unset AWS_SESSION_TOKEN
        "#]],
        );
    }

    #[test]
    fn powershell() {
        check(
            Shell::Powershell,
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
            Shell::Fish,
            expect![[r#"
            set -gx AWS_ENDPOINT_URL 'http://127.0.0.1:4599'
            set -gx AWS_REGION 'it\'s\\a'
            set -e AWS_SESSION_TOKEN
        "#]],
        );
    }
}
