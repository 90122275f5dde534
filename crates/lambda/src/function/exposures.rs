//! The exposures of a function: permissions, URLs, event sources and layers that others attached to it.

use aws_sdk_lambda::types::{EventSourceMappingConfiguration, FunctionUrlAuthType, FunctionUrlConfig};
use stackctl_aws_client::{
    clients::Clients,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{account::Arn, cli::Cli, invoke_permission::Foreign};
use stackctl_engine::Exposure;

use crate::function::operations;

/// The attachments of a function that stackctl does not manage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attached {
    /// Statements of its policy.
    pub statements: Vec<Foreign>,
    /// The URLs of the function and its aliases.
    pub urls: Vec<FunctionUrlConfig>,
    /// The event source mappings, such as queues and streams, that invoke it.
    pub sources: Vec<EventSourceMappingConfiguration>,
    /// The layers, whose code runs in it.
    pub layers: Vec<String>,
}

/// The exposures of the function with this name.
pub fn of(name: &str, attached: &Attached, cli: &Cli) -> Vec<Exposure> {
    let Attached { statements, urls, sources, layers } = attached;
    let mut all = Vec::new();
    for Foreign { id, text, for_all } in statements {
        let who = if *for_all {
            "anyone with an AWS account may invoke it directly, with claims of their own making"
        } else {
            "it may be invoked by others than the stack's APIs"
        };
        all.push(Exposure {
            what: format!("{who} (statement {id} of its policy: {text})"),
            close: cli.command(&[
                "lambda",
                "remove-permission",
                "--function-name",
                name,
                "--statement-id",
                id,
            ]),
        });
    }
    for url in urls {
        let who = match url.auth_type() {
            FunctionUrlAuthType::None => "anyone on the internet may call it, without signing in",
            _ => "it may be called with IAM credentials",
        };
        let mut command = vec!["lambda", "delete-function-url-config", "--function-name", name];
        if let Some(qualifier) = qualifier(url.function_arn(), name) {
            command.extend(["--qualifier", qualifier]);
        }
        all.push(Exposure {
            what: format!("{who}, by its function URL {}", url.function_url()),
            close: cli.command(&command),
        });
    }
    for source in sources {
        let from = source.event_source_arn().unwrap_or("a source without an ARN");
        let uuid = source.uuid().unwrap_or_default();
        all.push(Exposure {
            what: format!("what arrives at {from} invokes it (event source mapping {uuid})"),
            close: cli.command(&["lambda", "delete-event-source-mapping", "--uuid", uuid]),
        });
    }
    if !layers.is_empty() {
        all.push(Exposure {
            what: format!("code of others runs in it (layers: {})", layers.join(", ")),
            close: cli.command(&[
                "lambda",
                "update-function-configuration",
                "--function-name",
                name,
                "--layers",
                "[]",
            ]),
        });
    }
    all
}

/// The alias or version in an ARN of the function.
fn qualifier<'a>(arn: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = arn.split_once(&format!(":function:{name}:"))?;
    Some(rest)
}

/// Reads the URLs of a function and its aliases.
///
/// # Errors
/// The errors of Lambda.
pub async fn urls(name: &str, clients: &Clients) -> Result<Vec<FunctionUrlConfig>, AwsError> {
    let mut all = Vec::new();
    let mut marker = None;
    loop {
        let list = clients.lambda.list_function_url_configs().function_name(name);
        let ask = || list.clone().set_marker(marker.clone()).send();
        // Without URLs the list is empty (LAM-60); an error means that the function does not exist any more.
        let Some(page) = if_there(wait::read(&operations::LIST_FUNCTION_URL_CONFIGS, ask).await)? else {
            return Ok(all);
        };
        all.extend(page.function_url_configs);
        marker = page.next_marker;
        if marker.is_none() {
            return Ok(all);
        }
    }
}

/// The mappings that invoke a function, or any alias or version of it.
pub fn sources_of(
    arn: &Arn,
    all: &[EventSourceMappingConfiguration],
) -> Vec<EventSourceMappingConfiguration> {
    let calls = |it: &&EventSourceMappingConfiguration| {
        let rest = it.function_arn().and_then(|it| it.strip_prefix(&arn.0));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':')) && it.state() != Some("Deleting")
    };
    all.iter().filter(calls).cloned().collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(attached: Attached, expected: Expect) {
        let cli = Cli { region: "eu-west-1".to_owned(), profile: None, endpoint: None };
        let lines = of("demo-presign", &attached, &cli).into_iter();
        let lines: Vec<String> =
            lines.map(|Exposure { what, close }| format!("{what}\n  {close}\n")).collect();
        expected.assert_eq(&lines.concat());
    }

    fn url(arn: &str, auth: FunctionUrlAuthType) -> FunctionUrlConfig {
        FunctionUrlConfig::builder()
            .function_url("https://x.lambda-url.eu-west-1.on.aws/")
            .function_arn(arn)
            .creation_time("2026-01-01T00:00:00Z")
            .last_modified_time("2026-01-01T00:00:00Z")
            .auth_type(auth)
            .build()
            .unwrap()
    }

    #[test]
    fn each_with_the_command_that_closes_it() {
        check(Attached::default(), expect![[""]]);
        let statement = |for_all| Foreign {
            id: "evil".to_owned(),
            text: "Allow lambda:InvokeFunction".to_owned(),
            for_all,
        };
        check(
            Attached { statements: vec![statement(true), statement(false)], ..Attached::default() },
            expect![[r#"
                anyone with an AWS account may invoke it directly, with claims of their own making (statement evil of its policy: Allow lambda:InvokeFunction)
                  aws lambda remove-permission --function-name demo-presign --statement-id evil --region eu-west-1
                it may be invoked by others than the stack's APIs (statement evil of its policy: Allow lambda:InvokeFunction)
                  aws lambda remove-permission --function-name demo-presign --statement-id evil --region eu-west-1
            "#]],
        );
        let arn = "arn:aws:lambda:eu-west-1:1:function:demo-presign";
        let urls = vec![
            url(arn, FunctionUrlAuthType::None),
            url(&format!("{arn}:live"), FunctionUrlAuthType::AwsIam),
        ];
        check(
            Attached { urls, ..Attached::default() },
            expect![[r#"
            anyone on the internet may call it, without signing in, by its function URL https://x.lambda-url.eu-west-1.on.aws/
              aws lambda delete-function-url-config --function-name demo-presign --region eu-west-1
            it may be called with IAM credentials, by its function URL https://x.lambda-url.eu-west-1.on.aws/
              aws lambda delete-function-url-config --function-name demo-presign --qualifier live --region eu-west-1
        "#]],
        );
        let source = EventSourceMappingConfiguration::builder()
            .uuid("5f0c")
            .event_source_arn("arn:aws:sqs:eu-west-1:1:jobs")
            .function_arn(arn)
            .build();
        check(
            Attached { sources: vec![source], ..Attached::default() },
            expect![[r#"
            what arrives at arn:aws:sqs:eu-west-1:1:jobs invokes it (event source mapping 5f0c)
              aws lambda delete-event-source-mapping --uuid 5f0c --region eu-west-1
        "#]],
        );
        check(
            Attached { layers: vec![format!("{arn}:layer:x:1")], ..Attached::default() },
            expect![[r#"
                code of others runs in it (layers: arn:aws:lambda:eu-west-1:1:function:demo-presign:layer:x:1)
                  aws lambda update-function-configuration --function-name demo-presign --layers '[]' --region eu-west-1
            "#]],
        );
    }

    #[test]
    fn mappings_of_this_function_alone() {
        let arn = Arn("arn:aws:lambda:eu-west-1:1:function:demo-presign".to_owned());
        let of = |function: &str, state: &str| {
            EventSourceMappingConfiguration::builder().function_arn(function).state(state).build()
        };
        let all = [
            of(&arn.0, "Enabled"),
            of(&format!("{arn}:live"), "Disabled"),
            of(&format!("{arn}-other"), "Enabled"),
            of(&arn.0, "Deleting"),
        ];
        assert_eq!(sources_of(&arn, &all), all[..2]);
    }
}
