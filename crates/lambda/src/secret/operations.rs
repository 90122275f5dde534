//! The operations about tags of parameters; those about values are declared with the lock, which sends them too.

use std::time::Duration;

use stackctl_aws_client::{
    lock::operations::{SECRETS, SSM},
    request::operation::{APPLY_OR_ADOPT, Awaited, LOOK_OR_SECRET, Schedule, operations},
};

/// The name of a secret that was deleted moments ago is not free at once (SSM-05).
pub static SECRET_CREATED: Awaited = Awaited {
    for_what: "SSM to take the secret again, which was deleted moments ago",
    not_before: Duration::ZERO,
    schedule: Schedule::new(1_000, 5_000, 90),
    hint: Some(
        "SSM says both that the secret is there and that it is not; run the command again in a minute",
    ),
};

operations! {
    &SSM;
    LIST_TAGS_FOR_RESOURCE = "ssm:ListTagsForResource": LOOK_OR_SECRET ["ssm:ListTagsForResource"] SECRETS;
    ADD_TAGS_TO_RESOURCE = "ssm:AddTagsToResource": APPLY_OR_ADOPT ["ssm:AddTagsToResource"] SECRETS;
    REMOVE_TAGS_FROM_RESOURCE = "ssm:RemoveTagsFromResource": APPLY_OR_ADOPT ["ssm:RemoveTagsFromResource"] SECRETS;
}
