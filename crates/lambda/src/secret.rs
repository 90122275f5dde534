//! The secret of a webhook, a SecureString in Systems Manager. Its value is random and no part of a plan: stackctl makes
//! it once, and a look reads the tags alone.

mod calls;
mod model;
pub mod operations;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use stackctl_aws_client::{
    clients::{Aws, Clients},
    ownership::is_own,
    request::error::{AwsError, if_there},
};
use stackctl_aws_data::tags::TagChange;
use stackctl_engine::{Aim, Known, Observed, Removal, Reporter, Resource, Step};
use stackctl_stackfile::resource_names::webhook_bucket;

use crate::function_listing::Listing;

pub use self::{
    calls::{change_tags, find},
    model::{Action, Live, Outputs, Secret},
    value::Rotation,
};

impl Resource for Secret {
    const KIND: &'static str = "secret";
    type Cloud = Aws;
    type Listing = Listing;
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn list(clients: &Clients) -> Result<Listing, AwsError> {
        Listing::read(clients).await
    }

    async fn observe(&self, _: &Listing, _: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        calls::read(&self.name, aws).await?.map(|live| self.own(live, aws)).transpose()
    }

    /// A secret has no list that IAM can limit to the stack, so those of webhooks that left the file are found by their
    /// function's role or log group.
    async fn orphans(
        desired: &[&Secret],
        listing: &Listing,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let stack = &aws.account.stack;
        let functions = listing.function_names(&aws.account.region).into_iter();
        let names = functions.filter_map(|it| webhook_bucket(stack, it));
        let names = names.map(|bucket| aws.account.webhook_secret_name(bucket));
        let unwanted = names.filter(|name| desired.iter().all(|secret| secret.name != *name));
        let found = try_join_all(unwanted.map(async |name| calls::read(&name, aws).await)).await?;
        let ours = found.into_iter().flatten().filter(|live| is_own(&live.tags, aws));
        Ok(ours
            .map(|live| (live.tags.logical_name(Secret::KIND).unwrap_or(&live.name).to_owned(), live))
            .collect())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.name.clone()
    }

    fn diff(&self, live: Option<&Live>, _: &Known) -> Vec<Action> {
        let Secret { name: _, tags } = self;
        match live {
            None => vec![Action::Create],
            Some(live) => TagChange::diff(&live.tags, tags).into_iter().map(Action::ChangeTags).collect(),
        }
    }

    fn describe(&self, action: &Action) -> Step {
        match action {
            Action::Create => Step::create()
                .change("value", None, Some("(random, hidden)".to_owned()))
                .changes("tags", &BTreeMap::new(), &self.tags.0),
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
        let mut live = live.unwrap_or_else(|| Live { name: self.name.clone(), tags: self.tags.clone() });
        match action {
            Action::Create => self.create(aws, reporter).await,
            Action::ChangeTags(change) => {
                calls::change_tags(&self.name, change, aws, reporter).await?;
                change.apply(&mut live.tags);
                Ok(live)
            }
        }
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs { name: live.name.clone() }
    }

    fn is_adopted(live: &Live) -> bool {
        live.tags.are_of_adopted()
    }

    async fn removal(_: &Live, _: Option<&Self>, _: Aim, _: &Aws) -> Result<Removal, AwsError> {
        Ok(Removal::Delete { note: None })
    }

    async fn delete(
        live: Live,
        _: Option<&Self>,
        _: Aim,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        calls::delete(&live.name, aws, reporter).await
    }

    async fn release(live: Live, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        let Some(change) = TagChange::release(&live.tags) else { return Ok(()) };
        if_there(calls::change_tags(&live.name, &change, aws, reporter).await).map(drop)
    }
}
