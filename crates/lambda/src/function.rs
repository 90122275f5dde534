//! A Lambda function with its code and the permissions to invoke it.

mod asynchronous;
mod calls;
mod exposures;
pub mod marks;
mod model;
pub mod operations;
pub mod permission;
mod read;
mod regrant;
#[cfg(test)]
mod tests;

pub use self::model::{Action, Function, FunctionSettings, Invoker, Live, Outputs, State};

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use stackctl_aws_client::{
    clients::{Aws, Clients},
    ownership::{is_own, owner, require_own},
    request::error::{AwsError, if_there},
};
use stackctl_aws_data::{
    account::{Account, Arn},
    invoke_permission::{BucketSource, statement_id},
    tag_command,
    tags::{TagChange, Tags},
};
use stackctl_engine::{Aim, Exposure, Known, Needs, Observed, Removal, Reporter, Resource, Step};
use stackctl_stackfile::{bucket_variables::BucketVariables, limits::is_limit};

use self::model::{described, name_of};
use crate::function_listing::{self as listing, Listing};

impl Resource for Function {
    const KIND: &'static str = "function";
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
        let Some(function) = listing.functions.get(&self.name) else { return Ok(None) };
        // The code must be built before it can be compared.
        let built = async { self.code.zip().await.map(drop).map_err(AwsError::Code) };
        let (mut live, urls, sources, ()) = tokio::try_join!(
            read::with_policy(&self.name, function.clone(), aws),
            exposures::urls(&self.name, aws),
            listing.sources(aws),
            built
        )?;
        self.is_ours(&live.tags, aws)?;
        if self.failures.is_some() || !live.bucket_permissions.is_empty() {
            live.asynchronous = asynchronous::read(&self.name, aws).await?;
        }
        live.attached.urls = urls;
        live.attached.sources = exposures::sources_of(&aws.account.function_arn(&self.name), sources);
        Ok(Some(live))
    }

    async fn locate(&self, listing: &Listing, _: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        let Some(function) = listing.functions.get(&self.name) else { return Ok(None) };
        let live = read::without_policy(&self.name, function.clone());
        self.is_ours(&live.tags, aws)?;
        Ok(Some(live))
    }

    async fn orphans(
        desired: &[&Function],
        listing: &Listing,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let unwanted = listing.function_names(&aws.account.region).into_iter();
        let unwanted = unwanted.filter(|name| desired.iter().all(|function| function.name != **name));
        let found = unwanted.map(async |name| {
            let function = listing::function(name, aws).await?;
            Ok(function.map(|function| read::without_policy(name, function)))
        });
        let ours = try_join_all(found).await?.into_iter().flatten();
        let ours = ours.filter(|live| is_own(&live.tags, aws));
        Ok(ours
            .map(|live| (live.tags.logical_name(Function::KIND).unwrap_or(&live.name).to_owned(), live))
            .collect())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.name.clone()
    }

    fn diff(&self, live: Option<&Live>, known: &Known) -> Vec<Action> {
        let Function {
            name: _,
            role,
            boundary: _,
            log_group: _,
            secret: _,
            code,
            settings,
            invokers,
            failures,
            failures_arn,
            bucket_statements,
            tags,
            account: _,
        } = self;
        let mut actions = Vec::new();
        if let Some(Live { state: State::Failed(why), .. }) = live {
            return vec![Action::Refuse { why: why.clone() }];
        }
        let role = known.get(role).cloned();
        let role_arn = self.account.role_arn(&self.account.role_name(&self.name));
        let lost_role = live.and_then(|live| live.lost_role(role.as_ref(), &role_arn));
        match live {
            None => actions.push(Action::Create),
            Some(live) => {
                let Live { name: _, role: of, description, settings: now, code_sha256, .. } = live;
                // This comes before all other changes, which KMS may refuse.
                let has_role = match lost_role {
                    Some(was) => {
                        let is_adopted = live.tags.are_of_adopted();
                        actions.push(Action::Regrant { role: role.clone(), was, is_adopted });
                        true
                    }
                    None => role
                        .as_ref()
                        .is_some_and(|role| role.arn.0 == *of && described(&role.id) == *description),
                };
                let zip = code.ready().map(|zip| &zip.sha256);
                if zip.is_some_and(|sha256| sha256 != code_sha256)
                    || now.architecture != settings.architecture
                {
                    actions.push(Action::SetCode {
                        from: code_sha256.clone(),
                        to: zip.cloned().unwrap_or_default(),
                        architecture: now.architecture,
                    });
                }
                let FunctionSettings { runtime, handler, architecture: _, memory, timeout, environment: _ } =
                    settings;
                let environment = self.variables(live);
                let configured = has_role
                    && (runtime, handler) == (&now.runtime, &now.handler)
                    && (*memory, *timeout) == (now.memory, now.timeout)
                    && environment == now.environment;
                if !configured {
                    actions.push(Action::Configure { from: Box::new(live.clone()), role });
                }
                actions.extend(TagChange::diff(&live.tags, tags).into_iter().map(Action::ChangeTags));
            }
        }
        let nothing = BTreeMap::new();
        let there = live.map_or(&nothing, |live| &live.permissions);
        let mut desired = BTreeSet::new();
        for (index, invoker) in invokers.iter().enumerate() {
            let statement = invoker.statement();
            let source = invoker.source(known, &self.account);
            desired.insert(statement.clone());
            let stands = there.get(&statement);
            let right = |stands: &Option<String>| source.as_ref().map(|arn| &arn.0) == stands.as_ref();
            match stands {
                Some(stands) if right(stands) => continue,
                Some(stands) => actions.push(Action::RemovePermission {
                    statement: statement.clone(),
                    source: stands.clone(),
                    api: Some(index),
                }),
                None => {}
            }
            actions.push(Action::AddPermission { statement, api: index, source });
        }
        let surplus = there.iter().filter(|(statement, _)| !desired.contains(*statement));
        actions.extend(surplus.map(|(statement, source)| Action::RemovePermission {
            statement: statement.clone(),
            source: source.clone(),
            api: None,
        }));
        // Those of buckets that are not in the file; the others are the kind `notification`'s.
        let nothing = BTreeMap::new();
        let of_buckets = live.map_or(&nothing, |live| &live.bucket_permissions);
        let surplus = of_buckets.iter().filter(|(statement, _)| !bucket_statements.contains(*statement));
        actions.extend(surplus.map(|(statement, source)| Action::RemovePermission {
            statement: statement.clone(),
            source: source.as_ref().map(BucketSource::to_string),
            api: None,
        }));
        if live.is_none_or(|live| live.state == State::Pending) {
            actions.push(Action::AwaitActive);
        }
        let from = live.and_then(|live| live.asynchronous.clone());
        let to = asynchronous::desired(failures.is_some(), failures_arn, from.as_ref());
        if from != to {
            actions.push(Action::SetAsynchronous { from, to });
        }
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        let update = Step::update;
        let text = |it: &str| Some(it.to_owned());
        match action {
            Action::Create => self
                .describe_settings(Step::create(), None)
                .change("code", None, Some(self.code.to_string()))
                .changes("tags", &BTreeMap::new(), &self.tags.0),
            Action::SetCode { from, to, architecture } => {
                update("set the code", "of").change("code", text(from), text(to)).change(
                    "architecture",
                    text(name_of(*architecture)),
                    text(name_of(self.settings.architecture)),
                )
            }
            Action::Regrant { role, was, is_adopted } => {
                let to = or_later(role.as_ref().map(|role| role.id.clone()));
                let note = if *is_adopted {
                    "Lambda lets its former role alone read its variables, so it gets an interim role and then its own"
                } else {
                    "Lambda lets its former role alone read its variables, so it gets an interim role and then its \
                     own; only if KMS refuses that, it is deleted and created, and what others have added is lost"
                };
                update("renew the role", "of").change("role", text(was), to).note(note)
            }
            Action::Configure { from, role } => {
                let step = update("configure", "");
                let to = or_later(role.as_ref().map(|role| role.arn.0.clone()));
                let step = step.change("role", text(&from.role), to);
                let to = or_later(role.as_ref().map(|role| described(&role.id)));
                let step = step.change("description", text(&from.description), to);
                self.describe_settings(step, Some(from))
            }
            Action::ChangeTags(change) => change.describe(),
            Action::RemovePermission { statement, source, api: _ } => update("remove a permission", "of")
                .change(
                    &format!("permission.{statement}"),
                    source.clone().or_else(|| text("of another form")),
                    None,
                ),
            Action::AddPermission { statement, api: _, source } => update("add a permission", "to").change(
                &format!("permission.{statement}"),
                None,
                or_later(source.as_ref().map(Arn::to_string)),
            ),
            Action::SetAsynchronous { from, to } => asynchronous::describe(from.as_ref(), to.as_ref()),
            Action::AwaitActive => update("wait", "for"),
            Action::Refuse { why } => Step::refuse(format!("Lambda could not make it: {why}"))
                .note(format!("aws lambda delete-function --function-name {}; then apply again", self.name)),
        }
    }

    fn exposures(&self, live: &Live, aws: &Aws) -> Vec<Exposure> {
        exposures::of(&self.name, &live.attached, &aws.cli())
    }

    fn needs(&self, action: &Action) -> Needs {
        match action {
            Action::Create | Action::Regrant { .. } => {
                Needs::Only(vec![self.role.address().clone(), self.log_group.address().clone()])
            }
            Action::Configure { .. } => Needs::Only(vec![self.role.address().clone()]),
            // A permission that is replaced is removed only once the new source is known.
            Action::AddPermission { api, .. } | Action::RemovePermission { api: Some(api), .. } => {
                Needs::Only(self.invokers.get(*api).map(|it| it.api.address().clone()).into_iter().collect())
            }
            // Lambda checks the bucket, and what the role may do.
            Action::SetAsynchronous { .. } => {
                let failures = self.failures.iter().map(|it| it.address().clone());
                Needs::Only(failures.chain([self.role.address().clone()]).collect())
            }
            Action::SetCode { .. }
            | Action::ChangeTags(_)
            | Action::RemovePermission { api: None, .. }
            | Action::AwaitActive
            | Action::Refuse { .. } => Needs::Only(Vec::new()),
        }
    }

    async fn perform(
        &self,
        action: &Action,
        live: Option<Live>,
        known: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        self.call(action, live, known, aws, reporter).await
    }

    fn changed(live: &Live) -> Option<String> {
        // Lambda writes `2026-11-30T14:30:00.123+0000`.
        live.modified.get(..19).map(|it| format!("{it}Z"))
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs {
            name: live.name.clone(),
            arn: self.account.function_arn(&live.name),
            bucket_permissions: live.bucket_permissions.clone(),
        }
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
        if_there(marks::change(&live.name, &change, aws, reporter).await).map(drop)
    }
}

impl Function {
    /// Fails unless a function with these tags is this stack's.
    fn is_ours(&self, tags: &Tags, aws: &Aws) -> Result<(), AwsError> {
        let arn = aws.account.function_arn(&self.name);
        let of_owner = self.tags.of_owner();
        require_own(&owner(tags, aws), &tag_command::FUNCTION, &self.name, &arn.0, &of_owner, aws)
    }

    /// The variables that it should have. An adopted function keeps those of others.
    fn variables(&self, live: &Live) -> BTreeMap<String, String> {
        let own = self.settings.environment.clone();
        if !live.tags.are_of_adopted() {
            return own;
        }
        let mut all = live.settings.environment.clone();
        all.extend(own);
        all
    }

    fn describe_settings(&self, step: Step, live: Option<&Live>) -> Step {
        let FunctionSettings { runtime, handler, architecture, memory, timeout, environment: own } =
            &self.settings;
        let environment = &live.map_or_else(|| own.clone(), |live| self.variables(live));
        let from = live.map(|live| &live.settings);
        let step = step.change("runtime", from.map(|it| it.runtime.clone()), Some(runtime.clone()));
        let step = step.change("handler", from.map(|it| it.handler.clone()), Some(handler.clone()));
        let mut step = match from {
            // A changed architecture is set with the code.
            Some(_) => step,
            None => step.change("architecture", None, Some(name_of(*architecture).to_owned())),
        };
        step = step.change("memory", from.map(|it| it.memory.to_string()), Some(memory.to_string()));
        step = step.change("timeout", from.map(|it| it.timeout.to_string()), Some(timeout.to_string()));
        let nothing = BTreeMap::new();
        let before = from.map_or(&nothing, |it| &it.environment);
        let keys: BTreeSet<&String> = before.keys().chain(environment.keys()).collect();
        for key in keys {
            // Values may be secrets, so the plan hides them; limits and those that stackctl computes are no secrets.
            let (old, new) = (before.get(key), environment.get(key));
            if old != new {
                let shown = BucketVariables::is_one(key) || is_limit(key);
                let told = |value: Option<&String>, text: &str| {
                    value.map(|value| if shown { value.clone() } else { text.to_owned() })
                };
                let field = format!("environment.{key}");
                step = step.change(&field, told(old, "(hidden)"), told(new, "(hidden, new value)"));
            }
        }
        step
    }
}

impl Invoker {
    /// The id of the statement that permits the invocations: one for each API and stage.
    fn statement(&self) -> String {
        statement_id(&self.api.address().name, &self.stage)
    }

    /// The ARN of all methods of the stage; `None` while the API does not exist.
    fn source(&self, known: &Known, account: &Account) -> Option<Arn> {
        Some(account.invoke_arn(&known.get(&self.api)?.id, &self.stage))
    }
}

/// A new value for the plan; a text in its place while it is not known.
fn or_later(value: Option<String>) -> Option<String> {
    value.or_else(|| Some("(known after apply)".to_owned()))
}
