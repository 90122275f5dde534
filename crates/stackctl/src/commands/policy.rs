//! `stackctl policy`.

use clap::{Args, ValueEnum};
use stackctl_aws::session::NoSession;
use stackctl_aws_client::clients::Clients;
use stackctl_aws_data::account::Account;
use stackctl_permissions::{Purpose, amounts_to, github, policy};
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

impl For {
    /// The purpose of the policy; none for a trust policy.
    fn of_policy(self) -> Option<Purpose> {
        Some(match self {
            For::Apply => Purpose::Apply,
            For::Plan => Purpose::Plan,
            For::Outputs => Purpose::Outputs,
            For::User => Purpose::User,
            For::Verify => Purpose::Verify,
            For::Logs => Purpose::Logs,
            For::Secret => Purpose::Secret,
            For::Adopt => Purpose::Adopt,
            For::Ci => return None,
        })
    }
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
        let (what, document, note) = match self.purpose.of_policy() {
            Some(purpose) => {
                (purpose.as_str(), policy(purpose, &stack, &account, boundary), amounts_to(purpose, boundary))
            }
            None => (
                "ci",
                github::trust(&account, repository.unwrap_or_default()),
                github::other_settings(&account),
            ),
        };
        report.policy(what, &document);
        report.progress(&note);
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
            Some(it) if !github::is_repository(it) => {
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
