//! Reading the events of functions' log groups.

use std::time::Duration;

use futures_util::future::try_join_all;
use stackctl_aws_client::{
    clients::{Aws, Clients, Reach},
    ownership::{owner, require_own},
    request::{error::AwsError, wait},
};
use stackctl_aws_data::{account::log_group_name, tag_command, tags::Tags};
use stackctl_lambda::{function_listing::function, log_group::operations};
use stackctl_logs::{
    event::{LogEvent, Page, PageRequest},
    follower::Answer,
};
use stackctl_stackfile::{names::LogicalName, stack::Stack};

use crate::session::NoSession;

/// The pause between two polls of AWS, which allows five requests a second to an account (LOG-09).
const POLL_EVERY: Duration = Duration::from_secs(2);
/// The same where another endpoint answers, such as the local cloud.
const POLL_NEARBY_EVERY: Duration = Duration::from_millis(500);

/// The log groups of functions, in the order of the functions.
#[derive(Debug)]
pub struct LogGroups {
    /// The clients and the account.
    pub aws: Aws,
    /// The names of the log groups.
    pub names: Vec<String>,
}

impl LogGroups {
    /// Finds the log groups of functions of the file. A function that does not exist has the log group that `apply` would
    /// create.
    ///
    /// # Errors
    /// Missing credentials, a function that is not the stack's, and the errors of Lambda and STS.
    pub async fn find(
        stack: &Stack,
        reach: &Reach,
        functions: &[LogicalName],
    ) -> Result<LogGroups, NoSession> {
        let clients = Clients::new(stack, reach).await?;
        let account = clients.account(stack, reach).await.map_err(NoSession::Account)?;
        let aws = Aws { clients, account };
        let names = try_join_all(functions.iter().map(async |name| {
            match (stack.functions.get(name), stack.existing_functions.get(name)) {
                (Some(own), _) => {
                    let physical = aws.account.function_name(name, own);
                    let address = format!("function.{name}");
                    name_of(&physical, Some(&aws.account.tags(&address)), &aws).await
                }
                (None, Some(existing)) => name_of(existing.as_str(), None, &aws).await,
                (None, None) => Ok(String::new()),
            }
        }));
        let names = names.await.map_err(NoSession::Logs)?;
        Ok(LogGroups { aws, names })
    }

    /// The pause between two polls.
    pub fn poll_every(&self) -> Duration {
        if self.aws.account.endpoint.is_some() { POLL_NEARBY_EVERY } else { POLL_EVERY }
    }

    /// Reads a page of the events of one log group.
    ///
    /// # Errors
    /// The errors of CloudWatch Logs.
    pub async fn page(&self, group: usize, request: &PageRequest) -> Result<Answer, AwsError> {
        let Some(name) = self.names.get(group) else { return Ok(Answer::NoGroup) };
        let PageRequest { since, token } = request;
        let ask = || {
            let events = self.aws.logs.filter_log_events().log_group_name(name);
            events.start_time(*since).set_next_token(token.clone()).send()
        };
        let page = match wait::read(&operations::FILTER_LOG_EVENTS, ask).await {
            Ok(page) => page,
            Err(error) if error.is_gone() => return Ok(Answer::NoGroup),
            // LOG-08
            Err(error) if token.is_some() && error.code() == "InvalidParameterException" => {
                return Ok(Answer::TokenExpired);
            }
            Err(error) => return Err(error),
        };
        let events = page.events.unwrap_or_default().into_iter().map(|event| {
            let time = event.timestamp.unwrap_or_default();
            LogEvent {
                id: event.event_id.unwrap_or_default(),
                stream: event.log_stream_name.unwrap_or_default(),
                time,
                received: event.ingestion_time.unwrap_or(time),
                message: event.message.unwrap_or_default(),
            }
        });
        let next = page.next_token.filter(|it| !it.is_empty());
        Ok(Answer::Page(Page { events: events.collect(), next }))
    }
}

/// The log group that a function writes to, which its settings name (LOG-10). `own` has the tags of the stack's own function;
/// a function that others made has any.
async fn name_of(name: &str, own: Option<&Tags>, aws: &Aws) -> Result<String, AwsError> {
    let Some(function) = function(name, aws).await? else { return Ok(log_group_name(name)) };
    if let Some(desired) = own {
        let tags = Tags::read(function.tags.unwrap_or_default());
        let arn = aws.account.function_arn(name);
        let desired = desired.of_owner();
        require_own(&owner(&tags, aws), &tag_command::FUNCTION, name, &arn.0, &desired, aws)?;
    }
    let configured = function.configuration.and_then(|it| it.logging_config).and_then(|it| it.log_group);
    Ok(configured.filter(|it| !it.is_empty()).unwrap_or_else(|| log_group_name(name)))
}
