//! A resource of each kind that can be adopted, and what its adoption changes.

use stackctl_aws_client::clients::Clients;

use super::{
    made,
    seen::{self, Seen},
};
use crate::harness::{cloud::console, program::WorkingCopy, strict::Strict};

/// A resource of others, and what the file says of it.
pub struct Row {
    pub address: &'static str,
    /// The file; NAME is the stack's name, and MADE the resource's.
    pub file: &'static str,
    /// Makes the resource, and returns its name or id.
    pub make: fn(&Clients, &str) -> String,
    pub see: fn(&Clients, &str) -> Seen,
    /// The write of an adoption, and the last one of a release, besides the lock's.
    pub writes: [&'static str; 2],
    /// The forecast's fields.
    pub forecast: &'static [&'static str],
    /// The calls that answer otherwise after apply, and some of the lines.
    pub changed: &'static [(&'static str, &'static [&'static str])],
}

pub const ROWS: &[Row] = &[
    Row {
        address: "bucket.uploads",
        file: "stack: NAME\nregion: eu-west-1\nbuckets:\n  uploads:\n    name: MADE\n    versioning: true\n    \
               cors: { origins: [\"https://example.org\"] }\n  other: {}\n",
        make: made::bucket,
        see: seen::bucket,
        writes: ["s3:PutBucketTagging", "s3:PutBucketTagging"],
        forecast: &[
            "policy",
            "cors.origins",
            "cors.methods",
            "cors.headers",
            "cors.exposed",
            "cors.max_age",
            "abort_unfinished",
        ],
        changed: &[("cors", &["+ \"https://example.org\""]), ("lifecycle", &[]), ("policy", &[])],
    },
    Row {
        address: "user_pool.people",
        file: "stack: NAME\nregion: eu-west-1\nuser_pools:\n  people:\n    name: MADE\n    \
               deletion_protection: false\n    password: { minimum_length: 12 }\n  others: {}\n",
        make: made::user_pool,
        see: seen::user_pool,
        writes: ["cognito-idp:TagResource", "cognito-idp:UntagResource"],
        forecast: &["password.minimum_length"],
        changed: &[("pool", &["- 8", "+ 12"])],
    },
    Row {
        address: "role.resize",
        file: FUNCTION,
        make: made::role,
        see: seen::role,
        writes: ["iam:TagRole", "iam:UntagRole"],
        forecast: &["policy"],
        changed: &[("inline policies", &[])],
    },
    Row {
        address: "log_group.resize",
        file: FUNCTION,
        make: made::log_group,
        see: seen::log_group,
        writes: ["logs:TagResource", "logs:UntagResource"],
        forecast: &["log_retention"],
        changed: &[("retention", &["- 7", "+ 30"])],
    },
    Row {
        address: "function.resize",
        file: FUNCTION,
        make: made::function,
        see: seen::function,
        writes: ["lambda:TagResource", "lambda:UntagResource"],
        forecast: &["code", "role", "description", "memory", "timeout"],
        changed: &[("code, role and description", &[]), ("settings", &["- 512"])],
    },
    Row {
        address: "rest_api.main",
        file: "stack: NAME\nregion: eu-west-1\nfunctions:\n  resize: { package: presign }\napis:\n  main:\n    \
               name: MADE\n    stage: live\n    authorizer: none\n    routes: { \"GET /thumbnail\": resize }\n",
        make: made::rest_api,
        see: seen::rest_api,
        writes: ["apigateway:TagResource", "apigateway:UntagResource"],
        forecast: &["GET /thumbnail", "stage", "throttling.rate", "throttling.burst"],
        changed: &[("resources", &["+ \"/thumbnail\""]), ("stages", &["+ \"live\""])],
    },
    Row {
        address: "secret.uploads-webhook",
        file: "stack: NAME\nregion: eu-west-1\nbuckets:\n  uploads: { webhook: { url: \"https://example.org/a\" } }\n",
        make: made::secret,
        see: seen::secret,
        writes: ["ssm:AddTagsToResource", "ssm:RemoveTagsFromResource"],
        forecast: &[],
        changed: &[],
    },
];

const FUNCTION: &str =
    "stack: NAME\nregion: eu-west-1\nfunctions:\n  resize: { name: MADE, package: presign }\n";

/// Writes the file of a row, and makes its resource.
pub fn begin(row: &Row, cloud: &Strict) -> (WorkingCopy, Clients, String) {
    let stack = cloud.stack_name("adopt");
    let name = format!("legacy-{stack}");
    let file = row.file.replace("NAME", &stack).replace("MADE", &name);
    let copy = WorkingCopy::new(&stack, &file, &cloud.url).with_tiny_package();
    let aws = console(&copy, &cloud.url);
    let id = (row.make)(&aws, &name);
    (copy, aws, id)
}
