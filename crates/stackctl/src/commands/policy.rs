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
  stackctl policy > policy.json          for apply and destroy
  stackctl policy --boundary arn:aws:iam::123456789012:policy/boundary
  stackctl policy --for plan --account 123456789012
  stackctl policy --for ci --repository owner/name";

/// The branch whose jobs may assume the role.
const BRANCH: &str = "main";

/// Print the IAM policy that this stack needs
#[derive(Debug, Args)]
#[command(name = "policy", after_help = EXAMPLES)]
pub struct ShowPolicy {
    /// The command that the policy is for
    #[arg(long = "for", value_name = "WHAT", value_enum, default_value_t = For::Apply)]
    purpose: For,
    /// The account's id of twelve digits; without it, stackctl asks AWS
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// The permissions boundary that every role must have [default: `boundary` of stack.yaml]
    #[arg(long, value_name = "ARN")]
    boundary: Option<PolicyArn>,
    /// The GitHub repository whose jobs may assume the role
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<String>,
}

/// The purpose of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum For {
    /// apply and destroy
    Apply,
    /// plan
    Plan,
    /// outputs
    Outputs,
    /// The commands of `stackctl user`
    User,
    /// verify
    Verify,
    /// logs
    Logs,
    /// secret show and rotate
    Secret,
    /// adopt and release
    Adopt,
    /// The trust policy of a role that jobs of a GitHub repository assume
    Ci,
}

impl ShowPolicy {
    /// Prints the policy.
    ///
    /// # Errors
    /// Arguments that contradict each other, and an account that AWS does not name.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let StackFile { stack, .. } = StackFile::read(global, report)?;
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
            (For::Logs, _) => ("logs", policy(Purpose::Logs)),
            (For::Secret, _) => ("secret", policy(Purpose::Secret)),
            (For::Adopt, _) => ("adopt", policy(Purpose::Adopt)),
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
            For::Logs => READS_LOGS.to_owned(),
            For::Secret => SIGNS.to_owned(),
            For::Adopt => TAKES.to_owned(),
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

    /// The repository, which only `--for ci` takes.
    fn repository(&self) -> Result<Option<&str>, Error> {
        let hint = "for example --repository owner/name".to_owned();
        let is_for_ci = self.purpose == For::Ci;
        match self.repository.as_deref() {
            None if is_for_ci => Err(Error::Usage { what: "--for ci needs --repository".to_owned(), hint }),
            Some(_) if !is_for_ci => Err(Error::Usage {
                what: "--repository is only for --for ci".to_owned(),
                hint: "use --for ci, or omit --repository".to_owned(),
            }),
            Some(it) if !is_repository(it) => {
                Err(Error::Usage { what: format!("`{it}` is not a GitHub repository"), hint })
            }
            given => Ok(given),
        }
    }

    /// The boundary of the roles that the policy may create: the argument's, or the file's.
    fn boundary<'a>(&'a self, stack: &'a Stack) -> Result<Option<&'a PolicyArn>, Error> {
        let is_for_apply = self.purpose == For::Apply;
        match &self.boundary {
            Some(_) if !is_for_apply => Err(Error::Usage {
                what: "--boundary is only for --for apply".to_owned(),
                hint: "use --for apply, or omit --boundary".to_owned(),
            }),
            named => Ok(named.as_ref().or(stack.boundary.as_ref()).filter(|_| is_for_apply)),
        }
    }

    async fn account(&self, stack: &Stack, global: &Global, report: &mut Report) -> Result<Account, Error> {
        if let Some(id) = &self.account {
            if id.len() != 12 || !id.bytes().all(|it| it.is_ascii_digit()) {
                return Err(Error::Usage {
                    what: format!("`{id}` is not an account id"),
                    hint: "an account id has twelve digits: aws sts get-caller-identity shows it".to_owned(),
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
        Ok(watch("asking AWS for the account", report, &mut interrupt, asking).await??)
    }
}

/// Whether the text is `owner/name`, without characters that IAM reads as a pattern or as a part of the subject.
fn is_repository(text: &str) -> bool {
    let is_name = |it: &str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&it))
    };
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

const READS_SETTINGS: &str = "This policy reads settings, among them the functions' code and environment variables; it \
                              changes nothing.";
const READS_IDS: &str = "This policy reads ids and tags of buckets, user pools and APIs; it changes nothing.";
const SIGNS_IN: &str = "This policy amounts to the rights of every user of the stack's user pools: it can set any \
                        password, and so sign in as any user.";
const READS_OBJECTS: &str = "This policy reads and deletes any object in the stack's buckets, and adds and deletes \
                             users of its user pools.";

const READS_LOGS: &str = "This policy reads all that the functions log, and their settings with their environment \
                          variables; it changes nothing.";

const SIGNS: &str = "This policy reads and replaces the secrets of the stack's webhooks: who has one can sign requests that \
                     the receivers accept.";

const TAKES: &str = "This policy reads the settings of every user pool and REST API of the region, and can make any of them the \
                     stack's, which the policy of apply can then change; API Gateway lets who may tag an API change it too.";

/// A warning that says which rights the policy of apply amounts to.
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

/// The other settings that CI needs.
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
