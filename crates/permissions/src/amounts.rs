//! The rights that a policy amounts to, in words.

use stackctl_aws_client::request::operation::Purpose;
use stackctl_stackfile::names::PolicyArn;

/// A sentence that says which rights the policy for a purpose amounts to.
pub fn amounts_to(purpose: Purpose, boundary: Option<&PolicyArn>) -> String {
    match purpose {
        Purpose::Apply => administrates(boundary),
        Purpose::Plan => READS_SETTINGS.to_owned(),
        Purpose::Outputs => READS_IDS.to_owned(),
        Purpose::User => SIGNS_IN.to_owned(),
        Purpose::Verify => READS_OBJECTS.to_owned(),
        Purpose::Logs => READS_LOGS.to_owned(),
        Purpose::Secret => SIGNS.to_owned(),
        Purpose::Adopt => TAKES.to_owned(),
    }
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

/// The rights of the policy of apply.
fn administrates(boundary: Option<&PolicyArn>) -> String {
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
