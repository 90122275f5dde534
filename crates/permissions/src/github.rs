//! The role that jobs of a GitHub repository assume.

use serde_json::{Value, json};
use stackctl_aws_data::account::{Account, GITHUB};

/// The branch whose jobs may assume the role.
const BRANCH: &str = "main";

/// The trust policy of a role for the jobs of a GitHub repository's main branch.
pub fn trust(account: &Account, repository: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": account.github_provider_arn().0 },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": {
                format!("{GITHUB}:aud"): "sts.amazonaws.com",
                format!("{GITHUB}:sub"): format!("repo:{repository}:ref:refs/heads/{BRANCH}"),
            } },
        }],
    })
}

/// Whether the text is `owner/name`, without characters that IAM reads as a pattern or as a part of the subject.
pub fn is_repository(text: &str) -> bool {
    let is_name = |it: &str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&it))
    };
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

/// A sentence that names the other settings that the jobs need.
pub fn other_settings(account: &Account) -> String {
    let provider = account.github_provider_arn();
    format!(
        "This is the trust policy of a role that jobs on the branch {BRANCH} may assume; for a deployment \
         environment end the subject in `environment:NAME` instead. The role needs the policy of \
         `stackctl policy --for apply` (or plan), the account the identity provider \
         {provider}, and the job \
         `permissions: id-token: write` and aws-actions/configure-aws-credentials."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories() {
        for text in ["ada/engine", "ada-1/engine.rs"] {
            assert!(is_repository(text), "{text}");
        }
        for text in ["ada", "ada/", "/engine", "ada/*", "ada/engine:ref", "a/b/c", ""] {
            assert!(!is_repository(text), "{text}");
        }
    }

    #[test]
    fn a_job_of_one_branch_is_trusted() {
        let Ok(stack) = stackctl_stackfile::parse("stack: demo\nregion: eu-west-1\n", None) else {
            panic!("the file is right")
        };
        let account = Account::offline(&stack, "123456789012".to_owned());
        let trust = trust(&account, "ada/engine");
        let statement = &trust["Statement"][0];
        assert_eq!(
            statement["Principal"]["Federated"],
            "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
        );
        assert_eq!(
            statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"],
            "repo:ada/engine:ref:refs/heads/main"
        );
    }
}
