//! Checks what stackctl needs on this machine and in AWS. Each check reads only and is bounded in time; they run side by
//! side.

mod cloud;
mod finding;
mod machine;

use stackctl_aws_client::clients::Reach;
use stackctl_localcloud::Instance;
use stackctl_stackfile::stack::Stack;

pub use self::{
    finding::{Finding, Verdict},
    machine::build,
};

/// The subject of the checks: a file's stack, and where it lives.
#[derive(Debug)]
pub struct Subject {
    /// The stack of the file; where there is none, one without resources.
    pub stack: Stack,
    /// Whether the stack is that of a file.
    pub has_file: bool,
    /// How AWS is reached; none: the command is about the local cloud, which does not run.
    pub reach: Option<Reach>,
    /// Whether the command is about the local cloud.
    pub local: bool,
    /// The files of the local cloud; none: there is no folder for them.
    pub instance: Option<Instance>,
}

/// Runs all checks, and returns their findings in a fixed order.
pub async fn examine(subject: &Subject) -> Vec<Finding> {
    let Subject { stack, has_file, reach, local, instance } = subject;
    let aws = async {
        match reach {
            Some(reach) => cloud::findings(stack, *has_file, reach).await,
            None => vec![Finding::doubt(
                "credentials",
                "the local cloud does not run, so nothing in it was checked",
                "stackctl local up",
            )],
        }
    };
    let (aws, python, running) =
        tokio::join!(aws, machine::python(*local), machine::local_cloud(instance.as_ref()),);
    aws.into_iter().chain([python, running]).collect()
}
