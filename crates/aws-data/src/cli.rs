//! Commands of the aws CLI that a person can run as they stand.

/// How the aws CLI reaches the account and region that stackctl reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cli {
    /// The region.
    pub region: String,
    /// The profile, where one was chosen with `--profile`.
    pub profile: Option<String>,
    /// Where AWS answers instead of its own addresses.
    pub endpoint: Option<String>,
}

impl Cli {
    /// The command of these words, with each quoted for a POSIX shell where that is needed.
    pub fn command(&self, words: &[&str]) -> String {
        let Cli { region, profile, endpoint } = self;
        let mut all: Vec<String> = ["aws"].iter().chain(words).map(|word| quoted(word)).collect();
        let options = [
            ("--region", Some(region)),
            ("--profile", profile.as_ref()),
            ("--endpoint-url", endpoint.as_ref()),
        ];
        for (option, value) in options {
            all.extend(value.map(|value| format!("{option} {}", quoted(value))));
        }
        all.join(" ")
    }
}

/// A word, quoted for a POSIX shell where that is needed.
pub fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=,@%+".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_words_that_were_meant() {
        let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
        assert_eq!(
            cli.command(&["s3api", "x", "--id", "a b", "it's", "$(x)", "", "[]"]),
            r"aws s3api x --id 'a b' 'it'\''s' '$(x)' '' '[]' --region eu-west-1"
        );
        let local = Cli {
            profile: Some("my own".to_owned()),
            endpoint: Some("http://127.0.0.1:4599".to_owned()),
            ..cli
        };
        assert_eq!(
            local.command(&["lambda"]),
            "aws lambda --region eu-west-1 --profile 'my own' --endpoint-url http://127.0.0.1:4599"
        );
    }
}
