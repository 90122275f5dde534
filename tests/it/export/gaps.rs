//! What the emulator's CloudFormation leaves out, and why. The list only shrinks: what it does may not stand here.

/// Steps that stackctl's plan has after the emulator's CloudFormation deployed a template: the kind, the step, the reason.
pub const DEPLOYED: &[(&str, &str, &str)] = &[
    ("bucket", "set tags of", "its CloudFormation sets no tags of a bucket"),
    ("bucket", "set the lifecycle of", "its CloudFormation ignores LifecycleConfiguration"),
    ("role", "set the permissions boundary of", "its CloudFormation ignores PermissionsBoundary"),
    (
        "rest_api",
        "make regional",
        "its CloudFormation keeps EndpointConfiguration in the form of the template",
    ),
    (
        "rest_api",
        "import",
        "its CloudFormation imports neither mock integrations nor gateway responses of Body",
    ),
    ("rest_api", "deploy", "the stage variable that names the deployed document is stackctl's own"),
    ("rest_api", "set the stage of", "the stage variable that names the deployed document is stackctl's own"),
    (
        "rest_api",
        "set the stage's tags of",
        "only stackctl's own tags are missing, for which plan shows no command",
    ),
    ("function", "add a permission to", "CloudFormation gives a permission an id of its own"),
];

/// Types that its IMPORT change sets refuse, and why.
pub const IMPORTED: &[(&str, &str)] =
    &[("AWS::S3::BucketPolicy", "\"not supported by this emulator\"; CloudFormation has it")];

/// Types that it does not know, and why.
pub const UNKNOWN: &[(&str, &str)] =
    &[("AWS::Lambda::EventInvokeConfig", "\"Unrecognized resource types\"; CloudFormation has it")];
