//! The reasons why a resource is not adopted or released.

use stackctl_aws::session::NoSession;
use stackctl_aws_client::request::error::AwsError;
use stackctl_engine::{Address, Failure, Fault};
use thiserror::Error;

use crate::marked::{Marked, NamedBy};

/// Why a resource is not adopted or released. Nothing was written.
#[derive(Debug, Error)]
pub enum NoAdoption {
    /// The file has no such address.
    #[error("the file has no {written}")]
    NoAddress {
        /// The address.
        written: String,
        /// The addresses of the file.
        known: Vec<String>,
    },
    /// The file uses the resource, and changes nothing of it.
    #[error("the file uses {address} with `existing:`, and changes nothing of it")]
    Used {
        /// The address.
        address: Address,
    },
    /// The stack has no such resource.
    #[error("the stack has no {written}")]
    NotOfStack {
        /// The address.
        written: String,
        /// The addresses of the stack's resources.
        known: Vec<String>,
    },
    /// A resource without tags goes with its parent.
    #[error("{address} has no tags of its own")]
    NoMarks {
        /// The resource.
        address: Address,
    },
    /// The parent of a resource without tags is not the stack's.
    #[error("{address} is a part of {parent}, which is not the stack's")]
    NoParent {
        /// The resource.
        address: Address,
        /// The parent.
        parent: Address,
    },
    /// No resource has the name or the id.
    #[error("{region} has no {what} {written}")]
    NotFound {
        /// The kind of resource.
        what: &'static str,
        /// The name or the id.
        written: String,
        /// The region.
        region: String,
    },
    /// Several resources have the name.
    #[error("{} {what}s have the name {name}: {}", ids.len(), ids.join(", "))]
    Several {
        /// The kind of resource.
        what: &'static str,
        /// The name.
        name: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// The ARN is one of another region.
    #[error("{arn} is in another region, {region}")]
    OtherRegion {
        /// The ARN.
        arn: String,
        /// Its region.
        region: String,
    },
    /// The ARN is one of another account.
    #[error("{arn} is of another account than {account}, the one of the credentials")]
    OtherAccount {
        /// The ARN.
        arn: String,
        /// The account of the credentials.
        account: String,
    },
    /// The file gives the resource another name.
    #[error("the file calls {address} {wanted}, and the {what} is called {name}")]
    OtherName {
        /// The address.
        address: Address,
        /// The kind of resource.
        what: &'static str,
        /// The name in the file.
        wanted: String,
        /// The resource's name.
        name: String,
        /// Where the file gives the name.
        by: Box<NamedBy>,
    },
    /// Another stack owns the resource.
    #[error("the {what} {name} belongs to {owner}")]
    OfOther {
        /// The kind of resource.
        what: &'static str,
        /// Its name.
        name: String,
        /// The owner.
        owner: String,
    },
    /// CloudFormation manages the resource.
    #[error("the {what} {name} belongs to the CloudFormation stack {stack}")]
    OfFormation {
        /// The kind of resource.
        what: &'static str,
        /// Its name.
        name: String,
        /// The stack.
        stack: String,
    },
    /// The resource changed while the question was open.
    #[error("the tags of the {what} {name} have changed since the question; nothing was written")]
    Changed {
        /// The kind of resource.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Resources could not be observed.
    #[error("could not look at everything")]
    Unseen(Vec<Failure>),
    /// The account could not be reached.
    #[error(transparent)]
    NoSession(#[from] NoSession),
    /// AWS refused a request.
    #[error("could not read or change its tags")]
    Aws(#[from] AwsError),
}

impl NoAdoption {
    /// Whether the arguments or the file are wrong.
    pub fn is_of_arguments(&self) -> bool {
        match self {
            NoAdoption::NoAddress { .. }
            | NoAdoption::Used { .. }
            | NoAdoption::NotOfStack { .. }
            | NoAdoption::NoMarks { .. }
            | NoAdoption::OtherRegion { .. }
            | NoAdoption::OtherAccount { .. }
            | NoAdoption::OtherName { .. }
            | NoAdoption::Several { .. } => true,
            NoAdoption::NoParent { .. }
            | NoAdoption::NotFound { .. }
            | NoAdoption::OfOther { .. }
            | NoAdoption::OfFormation { .. }
            | NoAdoption::Changed { .. }
            | NoAdoption::Unseen(_)
            | NoAdoption::NoSession(_)
            | NoAdoption::Aws(_) => false,
        }
    }

    /// The failures of single resources that the error consists of.
    pub fn failures(&self) -> &[Failure] {
        match self {
            NoAdoption::Unseen(failures) | NoAdoption::NoSession(NoSession::Unseen(failures)) => failures,
            NoAdoption::NoAddress { .. }
            | NoAdoption::Used { .. }
            | NoAdoption::NotOfStack { .. }
            | NoAdoption::NoMarks { .. }
            | NoAdoption::NoParent { .. }
            | NoAdoption::NotFound { .. }
            | NoAdoption::Several { .. }
            | NoAdoption::OtherRegion { .. }
            | NoAdoption::OtherAccount { .. }
            | NoAdoption::OtherName { .. }
            | NoAdoption::OfOther { .. }
            | NoAdoption::OfFormation { .. }
            | NoAdoption::Changed { .. }
            | NoAdoption::NoSession(NoSession::Credentials(_) | NoSession::Account(_) | NoSession::Logs(_))
            | NoAdoption::Aws(_) => &[],
        }
    }

    /// The way to resolve it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            NoAdoption::NoAddress { known, .. } if known.is_empty() => "the file has no resources".to_owned(),
            NoAdoption::NoAddress { known, .. } => format!(
                "write the resource into the file first, then adopt it; the file has {}",
                known.join(", ")
            ),
            NoAdoption::Used { .. } => "write `name:` in its place, and adopt the resource then".to_owned(),
            NoAdoption::NotOfStack { known, .. } => {
                let has = if known.is_empty() { String::new() } else { format!("the stack has {}; ", known.join(", ")) };
                format!(
                    "{has}one that left the file is named by its kind and its name in AWS, as in bucket.legacy-photos"
                )
            }
            NoAdoption::NoMarks { address } => {
                let parent = match address.name.split_once('/') {
                    Some((pool, _)) => format!("user_pool.{pool}"),
                    None => format!("bucket.{}", address.name),
                };
                format!("it is a part of {parent}: `stackctl release {parent}` releases both")
            }
            NoAdoption::NoParent { parent, .. } => format!("adopt that first: `stackctl adopt {parent} NAME-OR-ID`"),
            NoAdoption::NotFound { what, .. } if *what == Marked::Bucket.what() => {
                "see the buckets of the account with `aws s3 ls`".to_owned()
            }
            NoAdoption::NotFound { .. } => {
                "names are compared exactly; the region is that of the file, of --region or of the environment"
                    .to_owned()
            }
            NoAdoption::Several { what, .. } => format!("name the {what} by its id"),
            NoAdoption::OtherRegion { region, .. } => {
                format!("use the stack in that region (`region: {region}` or --region)")
            }
            NoAdoption::OtherAccount { .. } => {
                "use credentials of that account, for example with --profile".to_owned()
            }
            NoAdoption::OtherName { name, by, what, .. } => match &**by {
                NamedBy::Key(path) => format!("write `name: {name}` below `{path}`"),
                NamedBy::Function(path) => format!(
                    "the name of a {what} follows from the `name:` below `{path}`, and a {what} can't be renamed: let \
                     `stackctl apply` create another one"
                ),
                NamedBy::Nothing => {
                    format!("a {what} can't be renamed: let `stackctl apply` create another one")
                }
            },
            NoAdoption::OfOther { owner, .. } => {
                format!("let {owner} give it back: run `stackctl release ADDRESS` with its file")
            }
            NoAdoption::OfFormation { stack, .. } => format!(
                "two tools must not manage one resource: give it `DeletionPolicy: Retain` in the template of {stack}, \
                 update the stack, then take the resource out of the template and update the stack again; \
                 docs/adopt.md says more"
            ),
            NoAdoption::Changed { .. } => "run the command again".to_owned(),
            NoAdoption::Unseen(_) => return None,
            NoAdoption::NoSession(NoSession::Credentials(none)) => none.cure.clone(),
            NoAdoption::NoSession(NoSession::Account(error) | NoSession::Logs(error))
            | NoAdoption::Aws(error) => return error.hint(),
            NoAdoption::NoSession(NoSession::Unseen(_)) => return None,
        })
    }
}
