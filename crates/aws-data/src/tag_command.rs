//! The commands of AWS's CLI that give a resource the tags of its stack.

use serde_json::{Value, json};

use crate::{cli::Cli, tags::Tags};

/// A command that tags one resource.
#[derive(Debug)]
pub struct TagCommand {
    /// The resource in messages, as in `the bucket`.
    pub what: &'static str,
    /// The service, the operation, and arguments that every resource has.
    verb: &'static [&'static str],
    /// The argument that names the resource.
    names: &'static str,
    form: Form,
}

/// How the operation takes tags.
#[derive(Debug)]
enum Form {
    /// `--tagging`, which replaces all tags of the resource.
    TagSet,
    /// `--tags`, a list of keys and values.
    List,
    /// `--tags`, values by key.
    Map,
}

/// Sets the tags of a bucket. The command replaces all tags, so its tags must contain the current ones.
pub const BUCKET: TagCommand = TagCommand {
    what: "the bucket",
    verb: &["s3api", "put-bucket-tagging"],
    names: "--bucket",
    form: Form::TagSet,
};
/// Adds tags to a role.
pub const ROLE: TagCommand =
    TagCommand { what: "the role", verb: &["iam", "tag-role"], names: "--role-name", form: Form::List };
/// Adds tags to a log group.
pub const LOG_GROUP: TagCommand = TagCommand {
    what: "the log group",
    verb: &["logs", "tag-resource"],
    names: "--resource-arn",
    form: Form::Map,
};
/// Adds tags to a function.
pub const FUNCTION: TagCommand = TagCommand {
    what: "the function",
    verb: &["lambda", "tag-resource"],
    names: "--resource",
    form: Form::Map,
};
/// Adds tags to a user pool.
pub const USER_POOL: TagCommand = TagCommand {
    what: "the user pool",
    verb: &["cognito-idp", "tag-resource"],
    names: "--resource-arn",
    form: Form::Map,
};
/// Adds tags to a REST API.
pub const REST_API: TagCommand = TagCommand {
    what: "the REST API",
    verb: &["apigateway", "tag-resource"],
    names: "--resource-arn",
    form: Form::Map,
};
/// Adds tags to a parameter.
pub const PARAMETER: TagCommand = TagCommand {
    what: "the parameter",
    verb: &["ssm", "add-tags-to-resource", "--resource-type", "Parameter"],
    names: "--resource-id",
    form: Form::List,
};

impl TagCommand {
    /// The command for the resource of this name or ARN.
    pub fn text(&self, name: &str, Tags(tags): &Tags, cli: &Cli) -> String {
        let TagCommand { what: _, verb, names, form } = self;
        let list: Value = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        let (takes, tags) = match form {
            Form::TagSet => ("--tagging", json!({ "TagSet": list })),
            Form::List => ("--tags", list),
            Form::Map => ("--tags", json!(tags)),
        };
        cli.command(&[verb, [names, name, takes, &tags.to_string()].as_slice()].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form() {
        let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
        let tags = Tags::read([("stackctl:stack", "demo"), ("note", "it's")]);
        assert_eq!(
            BUCKET.text("demo-b", &tags, &cli),
            r#"aws s3api put-bucket-tagging --bucket demo-b --tagging '{"TagSet":[{"Key":"note","Value":"it'\''s"},{"Key":"stackctl:stack","Value":"demo"}]}' --region eu-west-1"#
        );
        assert_eq!(
            ROLE.text("demo-r", &tags.of_owner(), &cli),
            r#"aws iam tag-role --role-name demo-r --tags '[{"Key":"stackctl:stack","Value":"demo"}]' --region eu-west-1"#
        );
        assert_eq!(
            PARAMETER.text("/a", &tags.of_owner(), &cli),
            r#"aws ssm add-tags-to-resource --resource-type Parameter --resource-id /a --tags '[{"Key":"stackctl:stack","Value":"demo"}]' --region eu-west-1"#
        );
        assert_eq!(
            LOG_GROUP.text("arn:a", &tags.of_owner(), &cli),
            r#"aws logs tag-resource --resource-arn arn:a --tags '{"stackctl:stack":"demo"}' --region eu-west-1"#
        );
    }
}
