//! The log group of a function. It is created before the function: Lambda would create one without retention (LOG-04).

pub mod marks;
mod model;
pub mod operations;
mod read;

use futures_util::future::try_join_all;
use stackctl_aws_client::{
    clients::{Aws, Clients},
    ownership::{is_own, owner, require_own},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    account::{log_group_name, log_group_prefix},
    tag_command,
    tags::{TagChange, Tags},
};
use stackctl_engine::{Aim, Known, Observed, Removal, Reporter, Resource, Step};
use stackctl_stackfile::{names::FunctionName, units::RetentionDays};

use self::{model::LogGroupSettings, read::read};
use crate::function_listing::{Listing, list_log_groups};

pub use self::model::{Action, Live, LogGroup, Outputs};

#[cfg(test)]
mod tests;

impl Resource for LogGroup {
    const KIND: &'static str = "log_group";
    type Cloud = Aws;
    type Listing = Listing;
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn list(clients: &Clients) -> Result<Listing, AwsError> {
        Listing::read(clients).await
    }

    async fn observe(&self, listing: &Listing, _: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        let Some(retention) = listing.log_groups.get(&self.name) else { return Ok(None) };
        read(&self.name, *retention, aws).await?.map(|live| self.own(live, aws)).transpose()
    }

    async fn orphans(
        desired: &[&LogGroup],
        listing: &Listing,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        // Log groups of other services are not the stack's, and the tags of some of them can't be read (LOG-07).
        let of_function = |name: &str| {
            name.strip_prefix(&log_group_name("")).is_some_and(|it| it.parse::<FunctionName>().is_ok())
        };
        let unwanted = listing.log_groups.iter().filter(|(name, _)| of_function(name));
        let unwanted = unwanted.filter(|(name, _)| desired.iter().all(|group| group.name != **name));
        let found = try_join_all(unwanted.map(|(name, retention)| read(name, *retention, aws))).await?;
        let ours = found.into_iter().flatten().filter(|live| is_own(&live.settings.tags, aws));
        Ok(ours
            .map(|live| {
                let prefix = log_group_prefix(&aws.account.stack);
                let short = live.name.strip_prefix(&prefix).unwrap_or(&live.name);
                (live.settings.tags.logical_name(LogGroup::KIND).unwrap_or(short).to_owned(), live)
            })
            .collect())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.name.clone()
    }

    fn diff(&self, live: Option<&Live>, _: &Known) -> Vec<Action> {
        let LogGroup { name: _, retention, tags } = self;
        let mut actions = Vec::new();
        let created = LogGroupSettings::as_created(self);
        if live.is_none() {
            actions.push(Action::Create);
        }
        let live = live.map_or(&created, |live| &live.settings);
        if live.retention != Some(days(*retention)) {
            let is_shorter = live.retention.is_none_or(|from| from > days(*retention));
            let deletes = live.tags.are_of_adopted() && is_shorter;
            actions.push(Action::SetRetention { from: live.retention, deletes });
        }
        actions.extend(TagChange::diff(&live.tags, tags).into_iter().map(Action::ChangeTags));
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        match action {
            Action::Create => Step::create().changes("tags", &Tags::default().0, &self.tags.0),
            Action::SetRetention { from, deletes } => {
                let text = |days: i32| format!("{days} days");
                let from = from.map_or_else(|| "never expire".to_owned(), text);
                let to = text(days(self.retention));
                let note = format!("CloudWatch Logs deletes events older than {to}");
                let step =
                    Step::update("set the retention", "of").change("log_retention", Some(from), Some(to));
                if *deletes { step.note(note) } else { step }
            }
            Action::ChangeTags(change) => change.describe(),
        }
    }

    async fn perform(
        &self,
        action: &Action,
        live: Option<Live>,
        _: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let mut live = live.unwrap_or_else(|| Live::as_created(self, aws));
        let settings = &mut live.settings;
        let logs = &aws.logs;
        match action {
            Action::Create => return self.create(aws, reporter).await,
            Action::SetRetention { .. } => {
                let days = days(self.retention);
                wait::change(&operations::PUT_RETENTION_POLICY, reporter, || {
                    logs.put_retention_policy().log_group_name(&self.name).retention_in_days(days).send()
                })
                .await?;
                settings.retention = Some(days);
            }
            Action::ChangeTags(change) => {
                marks::change(&self.name, change, aws, reporter).await?;
                change.apply(&mut settings.tags);
            }
        }
        Ok(live)
    }

    fn is_of_stack(live: &Live) -> bool {
        !live.has_no_tags
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs { arn: live.arn.clone() }
    }

    fn is_adopted(live: &Live) -> bool {
        live.settings.tags.are_of_adopted()
    }

    async fn removal(live: &Live, _: Option<&Self>, _: Aim, aws: &Aws) -> Result<Removal, AwsError> {
        // Every group that this stack created has its tags.
        Ok(match is_own(&live.settings.tags, aws) {
            true => Removal::Delete { note: None },
            false => Removal::Keep { why: "stays, as it was not made by this stack".to_owned() },
        })
    }

    async fn delete(
        live: Live,
        _: Option<&Self>,
        _: Aim,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        let deleted = wait::write(&operations::DELETE_LOG_GROUP, reporter, || {
            aws.logs.delete_log_group().log_group_name(&live.name).send()
        });
        if_there(deleted.await).map(drop)
    }

    async fn release(live: Live, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        let Some(change) = TagChange::release(&live.settings.tags) else { return Ok(()) };
        if_there(marks::change(&live.name, &change, aws, reporter).await).map(drop)
    }
}

impl LogGroup {
    async fn create(&self, aws: &Aws, reporter: &Reporter) -> Result<Live, AwsError> {
        let made = wait::write(&operations::CREATE_LOG_GROUP, reporter, || {
            aws.logs.create_log_group().log_group_name(&self.name).set_tags(Some(self.tags.to_map())).send()
        });
        match made.await {
            Ok(_) => Ok(Live::as_created(self, aws)),
            // An earlier attempt whose response was lost created it, or Lambda did.
            Err(error) if error.is_there_already() => {
                let retention = list_log_groups(&self.name, aws).await?.remove(&self.name).ok_or(error)?;
                let live = read(&self.name, retention, aws).await?;
                self.own(live.unwrap_or_else(|| Live::as_created(self, aws)), aws)
            }
            Err(error) => Err(error),
        }
    }

    /// Fails unless the group is this stack's. A group without any tag was created by Lambda (LOG-04), and is adopted.
    fn own(&self, live: Live, aws: &Aws) -> Result<Live, AwsError> {
        if !live.has_no_tags {
            let (owner, tags) = (owner(&live.settings.tags, aws), self.tags.of_owner());
            require_own(&owner, &tag_command::LOG_GROUP, &self.name, &live.arn.0, &tags, aws)?;
        }
        Ok(live)
    }
}

impl Live {
    /// The log group right after its creation.
    fn as_created(group: &LogGroup, aws: &Aws) -> Live {
        Live {
            name: group.name.clone(),
            arn: aws.account.log_group_arn(&group.name),
            settings: LogGroupSettings::as_created(group),
            has_no_tags: false,
        }
    }
}

impl LogGroupSettings {
    /// The fields of a log group right after its creation (LOG-03).
    fn as_created(group: &LogGroup) -> LogGroupSettings {
        LogGroupSettings { retention: None, tags: group.tags.clone() }
    }
}

/// The number of days as CloudWatch Logs takes it.
fn days(RetentionDays(days): RetentionDays) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}
