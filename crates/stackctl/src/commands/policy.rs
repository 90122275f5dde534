//! `stackctl policy`.

use clap::{Args, ValueEnum};
use stackctl_aws::session::NoSession;
use stackctl_aws_client::clients::Clients;
use stackctl_aws_data::account::Account;
use stackctl_permissions::{self as permissions, Purpose};
use stackctl_stackfile::{names::PolicyArn, stack::Stack};

use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{follow::watch, interrupt::Interrupt},
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl policy > policy.json          what apply and destroy need
  stackctl policy --boundary arn:aws:iam::123456789012:policy/boundary
  stackctl policy --for plan --account 123456789012
  stackctl policy --for ci --repository owner/name";

/// The branch whose jobs are trusted.
const BRANCH: &str = "main";

/// Print the IAM policy that this stack needs, and nothing more
#[derive(Debug, Args)]
#[command(name = "policy", after_help = EXAMPLES)]
pub struct ShowPolicy {
    /// What it is for
    #[arg(long = "for", value_name = "WHAT", value_enum, default_value_t = For::Apply)]
    purpose: For,
    /// The account's twelve digits; nobody is asked then
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// The permissions boundary that every role must have; without it, stack.yaml's `boundary`
    #[arg(long, value_name = "ARN")]
    boundary: Option<PolicyArn>,
    /// The repository on GitHub whose jobs are trusted
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<String>,
}

/// What a policy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum For {
    /// To apply and to destroy
    Apply,
    /// To plan only
    Plan,
    /// To read outputs only
    Outputs,
    /// To add, list and remove users
    User,
    /// To verify a deployed stack
    Verify,
    /// Whom a role trusts that CI assumes: the jobs of a repository on GitHub
    Ci,
}

impl ShowPolicy {
    /// Prints it.
    ///
    /// # Errors
    /// Arguments that do not fit, and an account that can't be found out.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, folder: _ } = StackFile::read(global, report)?;
        let repository = self.repository()?;
        let boundary = self.boundary(&stack)?;
        let account = self.account(&stack, global, report).await?;
        let policy = |purpose| permissions::policy(purpose, &stack, &account, boundary);
        let (what, document) = match (self.purpose, repository) {
            (For::Apply, _) => ("apply", policy(Purpose::Apply)),
            (For::Plan, _) => ("plan", policy(Purpose::Plan)),
            (For::Outputs, _) => ("outputs", policy(Purpose::Outputs)),
            (For::User, _) => ("user", policy(Purpose::User)),
            (For::Verify, _) => ("verify", policy(Purpose::Verify)),
            (For::Ci, repository) => {
                let repository = repository.unwrap_or_default();
                ("ci", permissions::github_trust(&account, repository, BRANCH))
            }
        };
        report.policy(what, &document);
        report.progress(&match self.purpose {
            For::Apply => amounts_to(boundary),
            For::Plan => READS_SETTINGS.to_owned(),
            For::Outputs => READS_IDS.to_owned(),
            For::User => SIGNS_IN.to_owned(),
            For::Verify => READS_OBJECTS.to_owned(),
            For::Ci => note(&account),
        });
        if let Some(arn) = boundary.filter(|_| boundary != stack.boundary.as_ref()) {
            report.progress(&format!(
                "stack.yaml does not set this boundary, so apply can't create roles with this policy: write \
                 `boundary: {arn}` there."
            ));
        }
        Ok(exit::DONE)
    }

    /// The repository, where one is needed.
    fn repository(&self) -> Result<Option<&str>, Error> {
        let hint = "name it as in --repository owner/name".to_owned();
        match (self.purpose, &self.repository) {
            (For::Ci, None) => Err(Error::Usage {
                what: "--for ci needs the repository whose jobs are trusted".to_owned(),
                hint,
            }),
            (For::Ci, Some(it)) if !is_repository(it) => {
                Err(Error::Usage { what: format!("`{it}` is no repository on GitHub"), hint })
            }
            (For::Ci, Some(it)) => Ok(Some(it)),
            (For::Apply | For::Plan | For::Outputs | For::User | For::Verify, Some(_)) => Err(Error::Usage {
                what: "--repository is for the trust of a job".to_owned(),
                hint: "say --for ci, or leave it out".to_owned(),
            }),
            (For::Apply | For::Plan | For::Outputs | For::User | For::Verify, None) => Ok(None),
        }
    }

    /// The boundary of the roles that the policy may make: the one named, or the file's.
    fn boundary<'a>(&'a self, stack: &'a Stack) -> Result<Option<&'a PolicyArn>, Error> {
        match (self.purpose, &self.boundary) {
            (For::Apply, named) => Ok(named.as_ref().or(stack.boundary.as_ref())),
            (For::Plan | For::Outputs | For::User | For::Verify | For::Ci, None) => Ok(None),
            (For::Plan | For::Outputs | For::User | For::Verify | For::Ci, Some(_)) => Err(Error::Usage {
                what: "--boundary is for the roles that apply makes".to_owned(),
                hint: "say --for apply, or leave it out".to_owned(),
            }),
        }
    }

    async fn account(&self, stack: &Stack, global: &Global, report: &mut Report) -> Result<Account, Error> {
        if let Some(id) = &self.account {
            if id.len() != 12 || !id.bytes().all(|it| it.is_ascii_digit()) {
                return Err(Error::Usage {
                    what: format!("`{id}` is no account"),
                    hint: "an account's id has twelve digits: aws sts get-caller-identity shows it"
                        .to_owned(),
                });
            }
            return Ok(Account::offline(stack, id.clone()));
        }
        let (mut interrupt, _) = Interrupt::listen()?;
        let reach = reach(global, stack, true, report, &mut interrupt).await?;
        let asking = async {
            let clients = Clients::new(stack, &reach).await?;
            clients.account(stack, &reach).await.map_err(NoSession::Account)
        };
        Ok(watch("asking whose account this is", report, &mut interrupt, asking).await??)
    }
}

/// As in `owner/name`; no character that IAM takes for a pattern or a part of the subject.
fn is_repository(text: &str) -> bool {
    let is_name = |it: &str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&it))
    };
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

const READS_SETTINGS: &str = "This policy reads settings, among them the functions' code and environment variables; it \
                              changes nothing.";
const READS_IDS: &str = "This policy reads ids and tags of buckets, user pools and APIs; it changes nothing.";
const SIGNS_IN: &str = "This policy amounts to the rights of everybody in the stack's user pools: it can set any \
                        password, and so sign in as anybody.";
const READS_OBJECTS: &str = "This policy reads and deletes any object in the stack's buckets, and adds and deletes \
                             users of its user pools.";

/// What the policy of apply amounts to.
fn amounts_to(boundary: Option<&PolicyArn>) -> String {
    match boundary {
        Some(arn) => format!(
            "This policy amounts to what {arn} allows: a function can be given any code, and its role any permissions \
             within that boundary, which the policy can neither remove nor change."
        ),
        None => "This policy amounts to administrator rights: it can create a role with any permissions and run code \
                 with that role. Limit the roles with `boundary:` in stack.yaml, or --boundary."
            .to_owned(),
    }
}

/// What else CI needs.
fn note(account: &Account) -> String {
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
}
