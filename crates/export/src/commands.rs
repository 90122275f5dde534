//! The commands that hand a stack over to CloudFormation.

use stackctl_aws_data::{account::Account, cli::Cli};
use stackctl_stackfile::stack::Stack;

use crate::{
    files::{CODE, IMPORT, RESOURCES_TO_IMPORT, TEMPLATE},
    resource::CODE_BUCKET,
    template::Template,
};

/// A bucket of the user, in the commands.
const BUCKET: &str = "YOUR-BUCKET";

/// The secret of a webhook, in the commands.
const SECRET: &str = "YOUR-SECRET";

/// CloudFormation takes no longer template in a request.
const MOST_BYTES: usize = 51_200;

/// The commands of the aws CLI, to be run in the folder with the files. With `import`, whose text is the import's
/// template, CloudFormation takes over the resources that exist; without, it makes new ones, and a command makes the secret
/// of each webhook, which CloudFormation can't (SSM-09).
pub fn commands(
    stack: &Stack,
    account: &Account,
    cli: &Cli,
    template: &Template,
    import: Option<&str>,
) -> Vec<String> {
    let webhooks = stack.buckets.iter().filter(|(_, it)| import.is_none() && it.webhook.is_some());
    let secrets = webhooks.map(|(bucket, _)| account.webhook_secret_name(bucket));
    let put = |name: String| {
        let options = ["--name", &name, "--type", "SecureString", "--value", SECRET];
        cli.command(&[["ssm", "put-parameter"].as_slice(), &options].concat())
    };
    let mut all: Vec<String> = secrets.map(put).collect();
    let stack = account.stack.as_str();
    let named = ["--stack-name", stack];
    let capabilities = ["--capabilities", "CAPABILITY_NAMED_IAM"];
    if template.has_code() {
        all.push(cli.command(&["s3", "cp", "--recursive", CODE, &format!("s3://{BUCKET}/{stack}")]));
    }
    if let Some(text) = import {
        let mut body = ("--template-body", format!("file://{IMPORT}"));
        if text.len() > MOST_BYTES {
            all.push(cli.command(&["s3", "cp", IMPORT, &format!("s3://{BUCKET}/{stack}/{IMPORT}")]));
            let host = format!("{BUCKET}.s3.{}.{}", account.region, account.dns_suffix());
            body = ("--template-url", format!("https://{host}/{stack}/{IMPORT}"));
        }
        let cloudformation = |verb: &[&str], options: &[&str]| {
            cli.command(&[&["cloudformation"], verb, &named, options].concat())
        };
        let change_set = ["--change-set-name", "import"];
        let resources = format!("file://{RESOURCES_TO_IMPORT}");
        let parameter = format!("ParameterKey={CODE_BUCKET},ParameterValue={BUCKET}");
        let mut options = [&change_set[..], &["--change-set-type", "IMPORT"]].concat();
        options.extend([body.0, &body.1, "--resources-to-import", &resources]);
        options.extend(capabilities);
        if template.has_code() {
            options.extend(["--parameters", &parameter]);
        }
        all.push(cloudformation(&["create-change-set"], &options));
        all.push(cloudformation(&["wait", "change-set-create-complete"], &change_set));
        all.push(cloudformation(&["execute-change-set"], &change_set));
        all.push(cloudformation(&["wait", "stack-import-complete"], &[]));
    }
    let parameter = format!("{CODE_BUCKET}={BUCKET}");
    let mut options = vec!["cloudformation", "deploy", "--template-file", TEMPLATE];
    options.extend(named);
    if template.to_yaml().len() > MOST_BYTES {
        options.extend(["--s3-bucket", BUCKET]);
    }
    options.extend(capabilities);
    if template.has_code() {
        options.extend(["--parameter-overrides", &parameter]);
    }
    all.push(cli.command(&options));
    all
}
