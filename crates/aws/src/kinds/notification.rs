//! The events of a bucket: the entries of its notification configuration that call functions, and the permissions of S3
//! to invoke them. The permission comes before the entry, and goes after it (S3-91).
//!
//! Both are read with the bucket and the functions, so the look of an apply sends no request for them.

mod model;
mod read;
#[cfg(test)]
mod tests;

pub use self::model::{Action, Live, Notification, Outputs};

use std::collections::BTreeMap;

use stackctl_aws_client::{
    clients::{Aws, Clients},
    request::error::AwsError,
};
use stackctl_engine::{Aim, Known, Needs, Observed, Removal, Reporter, Resource, Step};
use stackctl_lambda::function::permission;
use stackctl_s3::bucket::notifications::{Notifications, set, texts};

impl Resource for Notification {
    const KIND: &'static str = "notification";
    type Cloud = Aws;
    type Listing = ();
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn list(_: &Clients) -> Result<(), AwsError> {
        Ok(())
    }

    async fn observe(&self, (): &(), observed: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        let live = self.read(observed, aws).await?;
        Ok(Some(live).filter(|it| !it.is_empty()))
    }

    async fn orphans(
        desired: &[&Notification],
        (): &(),
        observed: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        read::orphans(desired, observed, aws).await
    }

    fn name(&self) -> String {
        self.bucket_name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.bucket_name.clone()
    }

    fn diff(&self, live: Option<&Live>, _: &Known) -> Vec<Action> {
        let Notification { bucket: _, bucket_name: _, source, statement: _, calls, functions } = self;
        let nothing = BTreeMap::new();
        let permissions = live.map_or(&nothing, |live| &live.permissions);
        let mut actions = Vec::new();
        for function in functions.keys() {
            match permissions.get(function) {
                Some(Some(permitted)) if permitted == source => continue,
                Some(other) => actions.push(Action::Forbid {
                    function: function.clone(),
                    source: other.clone(),
                    replaced: true,
                }),
                None => {}
            }
            let first = live.is_none() && actions.is_empty();
            actions.push(Action::Permit { function: function.clone(), first });
        }
        let from = live.map(|live| live.notifications.own()).unwrap_or_default();
        let to = texts(calls);
        if from != to {
            actions.push(Action::SetEvents { from, to });
        }
        let surplus = permissions.iter().filter(|(function, _)| !functions.contains_key(*function));
        actions.extend(surplus.map(|(function, source)| Action::Forbid {
            function: function.clone(),
            source: source.clone(),
            replaced: false,
        }));
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        let field = |function: &String| format!("permission.{function}");
        match action {
            Action::Permit { function, first } => {
                let step = if *first { Step::create() } else { Step::update("add a permission", "to") };
                step.change(&field(function), None, Some(self.source.to_string()))
            }
            Action::Forbid { function, source, replaced: _ } => {
                let from = source.as_ref().map_or_else(|| "of another form".to_owned(), ToString::to_string);
                Step::update("remove a permission", "of").change(&field(function), Some(from), None)
            }
            Action::SetEvents { from, to } => Step::update("set the events", "of").changes("event", from, to),
        }
    }

    fn needs(&self, action: &Action) -> Needs {
        match action {
            Action::SetEvents { .. } => Needs::Everything,
            Action::Permit { function, .. } | Action::Forbid { function, replaced: true, .. } => {
                Needs::Only(self.functions.get(function).map(|it| it.address().clone()).into_iter().collect())
            }
            Action::Forbid { replaced: false, .. } => Needs::Only(Vec::new()),
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
        let live = live.unwrap_or_else(|| Live {
            bucket_name: self.bucket_name.clone(),
            notifications: Notifications::default(),
            statement: self.statement.clone(),
            permissions: BTreeMap::new(),
        });
        let mut permissions = live.permissions.clone();
        match action {
            Action::Permit { function, .. } => {
                let (statement, source) = (&self.statement, &self.source);
                let added = match permission::add_bucket(function, statement, source, aws, reporter).await {
                    // It was not seen: the next step removes it, so that its form is known.
                    Err(error) if error.is_there_already() => None,
                    other => other.map(|()| Some(source.clone()))?,
                };
                permissions.insert(function.clone(), added);
                Ok(Live { permissions, ..live })
            }
            Action::Forbid { function, .. } => {
                permission::remove(function, &self.statement, aws, reporter).await?;
                permissions.remove(function);
                Ok(Live { permissions, ..live })
            }
            Action::SetEvents { .. } => {
                let notifications = set(&self.bucket_name, &self.calls, aws, reporter).await?;
                Ok(Live { notifications, ..live })
            }
        }
    }

    fn outputs(&self, _: &Live) -> Outputs {
        Outputs
    }

    /// The entries are part of their bucket.
    fn has_marks(_: &Live) -> bool {
        false
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
        let Live { bucket_name, notifications, statement, permissions } = live;
        if !notifications.own().is_empty() {
            set(&bucket_name, &[], aws, reporter).await?;
        }
        for function in permissions.keys() {
            permission::remove(function, &statement, aws, reporter).await?;
        }
        Ok(())
    }

    async fn release(_: Live, _: &Aws, _: &Reporter) -> Result<(), AwsError> {
        Ok(())
    }
}
