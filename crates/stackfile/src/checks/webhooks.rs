//! The functions that the webhooks of buckets are: each is a built-in function with a name of its own, and the bucket's
//! events call it.

use std::collections::BTreeMap;

use stackctl_yaml::{problem::Problem, tree::Node};

use crate::{
    bucket::events::Event,
    function::{Architecture, Builtin, Function, Source},
    read::reader::Reader,
    resource_names::{webhook_function, webhook_secret_name},
    stack::Stack,
    values::{
        names::{EnvironmentKey, LogicalName},
        units::{Megabytes, RetentionDays, Seconds},
    },
};

/// The longest logical name of a bucket with a webhook: its function's name ends in `-webhook`.
const LONGEST: usize = 24;

/// The most bytes of the variables: Lambda takes 4 KB, written as JSON (LAM-41).
const MOST_BYTES: usize = 3_900;

/// Long enough for the attempts that the function makes itself.
const TIMEOUT: Seconds = Seconds(60);

/// Adds the function and the events of each webhook.
pub(crate) fn expand(mut stack: Stack, root: &Node, reader: &mut Reader<'_>) -> Stack {
    let Stack { name: stack_name, buckets, functions, existing_functions, .. } = &mut stack;
    for (bucket_name, bucket) in buckets {
        let Some(webhook) = &bucket.webhook else { continue };
        let span = root.key_span_at(&["buckets", bucket_name.as_str(), "webhook"]);
        let Ok(name) = webhook_function(bucket_name).parse::<LogicalName>() else {
            let label = format!("the webhook's function would be called `{}`", webhook_function(bucket_name));
            let problem = Problem::new(span, "too long a name for a bucket with a webhook", label);
            reader.tell(problem.help(format!("give the bucket a name of at most {LONGEST} characters")));
            continue;
        };
        if functions.contains_key(&name) || existing_functions.contains_key(&name) {
            let span = root.key_span_at(&["functions", name.as_str()]);
            let label = format!("the webhook of the bucket `{bucket_name}` is a function of this name");
            let problem = Problem::new(span, "two functions of one name", label);
            reader.tell(problem.help("give this function another name"));
            continue;
        }
        if let Some(event) = bucket.events.iter().find(|event| webhook.on.contains(&event.on)) {
            let label = format!("`{}` is called for `{}` already", event.call, event.on);
            let problem =
                Problem::new(span, format!("a webhook beside a function for `{}`", event.on), label);
            reader.tell(problem.help(
                "S3 calls one function for what happens to an object: take one of the two away, and let the other do \
                 both",
            ));
            continue;
        }
        let folders = serde_json::json!(bucket.access.folders());
        let variables = [
            ("WEBHOOK_URL", webhook.url.to_string()),
            ("WEBHOOK_SECRET", webhook_secret_name(stack_name, bucket_name)),
            ("WEBHOOK_FOLDERS", folders.to_string()),
        ];
        if variables.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > MOST_BYTES {
            let label = "its function can't hold the URL with all paths of `access`";
            let problem = Problem::new(span, "too much for the variables of a function", label);
            reader.tell(problem.help("use a shorter `url`, or fewer paths"));
            continue;
        }
        let variables = variables.map(|(key, value)| (EnvironmentKey(key.to_owned()), value));
        let function = Function {
            name: None,
            architecture: Architecture::default(),
            memory: Megabytes(128),
            timeout: TIMEOUT,
            environment: BTreeMap::from(variables),
            buckets: BTreeMap::new(),
            role: None,
            log_retention: RetentionDays(30),
            source: Source::Builtin(Builtin::Webhook),
        };
        let event = |on| Event { on, prefix: None, suffix: None, call: name.clone() };
        bucket.events.extend(webhook.on.iter().copied().map(event));
        functions.insert(name, function);
    }
    stack
}
