//! A Cognito user pool.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::types::{
    DeletionProtectionType, UserPoolType, UsernameConfigurationType,
};
use aws_smithy_types::date_time::Format;
use futures_util::future::join_all;
use read::{groups_if_any, read_all, users};
use stackctl_aws_client::{
    clients::{Aws, Clients},
    ownership::{is_own, owner, require_own},
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    account::name_prefix,
    tag_command,
    tags::{Owner, TagChange, Tags},
};
use stackctl_engine::{Aim, Exposure, Known, Observed, Removal, Reporter, Resource, Step};
use stackctl_stackfile::user_pool::{SignUp, email::Email};

use self::{
    mfa::{Impossible, SecondFactors},
    model::{Named, UserPoolSettings},
};

pub use self::model::{Action, Listed, Live, Outputs, UserPool};

mod exposures;
mod mails;
pub mod marks;
pub mod mfa;
mod model;
pub mod operations;
pub mod read;
mod recovery;
mod settings;
#[cfg(test)]
mod tests;
mod update;

pub use read::{clients, groups};

const OTHER_USER_NAMES: &str = "its user names can't be changed";
const FEW_MAILS: &str = "Cognito itself sends 50 mails a day at most, and further sign-ups get no code; `email:` names a sender of SES";
const OTHER_USER_NAMES_HINT: &str = "a new pool would lose all users: put sign_in_with back as it was, or give \
                                     the pool another logical name to begin with an empty one";

/// What to write into the file for a pool with these settings.
fn other_user_names_hint(from: &UserPoolSettings) -> String {
    let write = match from.sign_in_with.is_empty() {
        true => "leave out `sign_in_with`".to_owned(),
        false => format!("write `sign_in_with: [{}]`", from.user_names()),
    };
    format!(
        "a new pool would lose all users: {write}, as the pool has it, or give the pool another logical name to begin \
         with an empty one"
    )
}

impl Resource for UserPool {
    const KIND: &'static str = "user_pool";
    type Cloud = Aws;
    type Listing = Listed;
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn list(clients: &Clients) -> Result<Listed, AwsError> {
        let mut pools = Vec::new();
        let mut next = None;
        loop {
            let ask =
                || clients.cognito.list_user_pools().max_results(60).set_next_token(next.clone()).send();
            let page = wait::read(&operations::LIST_USER_POOLS, ask).await?;
            let found = page.user_pools.unwrap_or_default().into_iter();
            pools.extend(found.filter_map(|pool| Some(Named { id: pool.id?, name: pool.name? })));
            next = page.next_token;
            if next.is_none() {
                return Ok(Listed(pools));
            }
        }
    }

    async fn observe(&self, listing: &Listed, _: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        // The providers of each candidate are read concurrently; a failure counts only for the stack's own pool.
        let candidates = listing.0.iter().filter(|pool| pool.name == self.name);
        let providers =
            join_all(candidates.map(async |pool| (&pool.id, exposures::providers(&pool.id, aws).await)));
        let (live, providers) = tokio::join!(self.find(listing, aws), providers);
        let Some(mut live) = live? else { return Ok(None) };
        live.added.providers = match providers.into_iter().find(|(id, _)| **id == live.id) {
            Some((_, providers)) => providers?,
            None => exposures::providers(&live.id, aws).await?,
        };
        let prefix = format!("{}{}-", name_prefix(&aws.account.stack), self.logical);
        let own = self.desired.clients.values().filter_map(|it| it.name.as_ref());
        let own = own.map(|it| it.as_str()).collect();
        let clients = exposures::foreign_clients(&live, &prefix, &own, aws);
        let factors = async {
            match self.desired.mfa {
                Some(_) => mfa::read(&live.id, aws).await,
                None => Ok(None),
            }
        };
        (live.added.clients, live.groups, live.factors) =
            tokio::try_join!(clients, groups_if_any(&live, aws), factors)?;
        Ok(Some(live))
    }

    async fn locate(&self, listing: &Listed, _: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        let Some(mut live) = self.find(listing, aws).await? else { return Ok(None) };
        live.groups = groups_if_any(&live, aws).await?;
        Ok(Some(live))
    }

    async fn orphans(
        desired: &[&UserPool],
        Listed(listing): &Listed,
        observed: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let prefix = name_prefix(&aws.account.stack);
        let unwanted: Vec<&Named> = listing
            .iter()
            .filter(|pool| pool.name.starts_with(&prefix) && desired.iter().all(|it| it.name != pool.name))
            .collect();
        if unwanted.is_empty() {
            return Ok(Vec::new());
        }
        // A desired pool may still have another name.
        let known = observed.all::<UserPool>().await;
        let unwanted =
            unwanted.into_iter().filter(|pool| known.iter().all(|(_, outputs)| outputs.id != pool.id));
        let ours = read_all(unwanted, aws).await?.into_iter().filter(|live| is_own(&live.settings.tags, aws));
        Ok(ours
            .map(|live| {
                let short = live.settings.name.strip_prefix(&prefix).unwrap_or(&live.settings.name);
                (live.settings.tags.logical_name(UserPool::KIND).unwrap_or(short).to_owned(), live)
            })
            .collect())
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.settings.name.clone()
    }

    fn live_id(live: &Live) -> String {
        live.id.clone()
    }

    fn diff(&self, live: Option<&Live>, _: &Known) -> Vec<Action> {
        let mut actions = Vec::new();
        // The create call sets everything.
        let desired = UserPoolSettings::desired(self);
        if live.is_none() {
            actions.push(Action::Create);
        }
        let settings = live.map_or(&desired, |live| &live.settings);
        if settings.sign_in_with != desired.sign_in_with {
            actions.push(Action::Refuse { from: settings.clone() });
        }
        if !settings.serves(&desired) {
            actions.push(Action::Update { from: settings.clone() });
        }
        actions.extend(self.desired.mfa.and_then(|mfa| {
            let from = live.and_then(|live| live.factors.clone()).unwrap_or_default();
            let impossible = live.and_then(|live| from.impossible(mfa, &live.described));
            match impossible {
                Some(impossible) => Some(Action::RefuseMfa(impossible)),
                None if from.serves(mfa) => None,
                None => {
                    let to = Box::new(from.clone().changed_to(mfa));
                    Some(Action::SetMfa { from: Box::new(from), to })
                }
            }
        }));
        let live = settings;
        // The tag stays, because groups that the file no longer has may be left.
        let tags = desired.tags.clone();
        let tags = if live.tags.has_groups() { tags.of_groups() } else { tags };
        actions.extend(TagChange::diff(&live.tags, &tags).into_iter().map(Action::ChangeTags));
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        let desired = UserPoolSettings::desired(self);
        match action {
            Action::Refuse { from } => Step::refuse(OTHER_USER_NAMES)
                .change("sign_in_with", Some(from.user_names()), Some(desired.user_names()))
                .note(other_user_names_hint(from)),
            Action::RefuseMfa(Impossible { what, hint }) => Step::refuse(*what).note(*hint),
            Action::SetMfa { from, to } => Step::update("set the second factors of", "").change(
                "mfa",
                Some(from.text()),
                Some(to.text()),
            ),
            Action::Create => self
                .with_limit_of_mails(settings::changes(Step::create(), None, &desired), None)
                .change("sign_in_with", None, Some(desired.user_names()))
                .changes("tags", &Tags::default().0, &self.tags.0),
            Action::Update { from } => self.with_limit_of_mails(
                settings::changes(Step::update("update", ""), Some(from), &desired),
                Some(from.sign_up),
            ),
            Action::ChangeTags(change) => change.describe(),
        }
    }

    fn exposures(&self, live: &Live, aws: &Aws) -> Vec<Exposure> {
        exposures::of(live, &aws.cognito, &aws.cli())
    }

    async fn perform(
        &self,
        action: &Action,
        live: Option<Live>,
        _: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        // For a resource that does not exist, only its creation is planned.
        let Some(Live { id, arn, clients, groups, settings: _, mut described, mut factors, added }) = live
        else {
            return self.create(aws, reporter).await;
        };
        match action {
            Action::Refuse { .. } => {
                return Err(AwsError::Stuck {
                    what: OTHER_USER_NAMES.to_owned(),
                    hint: OTHER_USER_NAMES_HINT,
                });
            }
            Action::RefuseMfa(Impossible { what, hint }) => {
                return Err(AwsError::Stuck { what: (*what).to_owned(), hint });
            }
            Action::Create => {}
            Action::SetMfa { from: _, to } => {
                to.send(&id, aws, reporter).await?;
                described.mfa_configuration = Some(to.mode());
                factors = Some(SecondFactors::clone(to));
            }
            Action::Update { .. } => {
                described = UserPoolSettings::desired(self).put_into(described);
                update::send(&described, aws, reporter).await?;
            }
            Action::ChangeTags(change) => {
                marks::change(&id, change, aws, reporter).await?;
                let mut tags =
                    Tags(described.user_pool_tags.take().unwrap_or_default().into_iter().collect());
                change.apply(&mut tags);
                described.user_pool_tags = Some(tags.0.into_iter().collect());
            }
        }
        let settings = UserPoolSettings::read(&described);
        Ok(Live { id, arn, clients, groups, settings, described, factors, added })
    }

    fn changed(live: &Live) -> Option<String> {
        live.described.last_modified_date().and_then(|it| it.fmt(Format::DateTime).ok())
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs {
            id: live.id.clone(),
            arn: live.arn.clone(),
            clients: live.clients.clone(),
            groups: live.groups.clone(),
            is_adopted: live.settings.tags.are_of_adopted(),
        }
    }

    fn is_adopted(live: &Live) -> bool {
        live.settings.tags.are_of_adopted()
    }

    async fn removal(live: &Live, _: Option<&Self>, aim: Aim, aws: &Aws) -> Result<Removal, AwsError> {
        let users = users(live, aws).await?;
        Ok(match (aim, users) {
            (Aim::Destroy { .. }, None) => Removal::Delete { note: None },
            (Aim::Destroy { .. }, Some(users)) => {
                Removal::Delete { note: Some(format!("permanently deletes {users}")) }
            }
            (Aim::Apply, _) if live.settings.deletion_protection => Removal::Refuse {
                why: "is protected from deletion".to_owned(),
                hint: "put it back into the file, with `deletion_protection: false` if it is to go, and run the \
                       command again; `stackctl destroy` deletes it with the whole stack"
                    .to_owned(),
            },
            (Aim::Apply, Some(users)) => Removal::Refuse {
                why: format!("holds {users}"),
                hint: "put it back into the file, or delete its users first; `stackctl destroy` deletes them with \
                       the whole stack"
                    .to_owned(),
            },
            (Aim::Apply, None) => Removal::Delete { note: None },
        })
    }

    async fn delete(
        live: Live,
        _: Option<&Self>,
        aim: Aim,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        let Live { id, settings, mut described, .. } = live;
        let delete = async {
            if settings.deletion_protection && matches!(aim, Aim::Destroy { .. }) {
                described.deletion_protection = Some(DeletionProtectionType::Inactive);
                match update::send(&described, aws, reporter).await {
                    // The pool has a setting that Cognito returns and does not accept (COG-32).
                    Err(error) if error.code() == "InvalidParameterException" => {
                        update::unprotect(&id, aws, reporter).await?;
                    }
                    other => other?,
                }
            }
            wait::write(&operations::DELETE_USER_POOL, reporter, || {
                aws.cognito.delete_user_pool().user_pool_id(&id).send()
            })
            .await
        };
        if_there(delete.await).map(drop)
    }

    async fn release(live: Live, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        let Some(change) = TagChange::release(&live.settings.tags) else { return Ok(()) };
        if_there(marks::change(&live.id, &change, aws, reporter).await).map(drop)
    }
}

impl UserPool {
    /// Adds a note to the step that opens the pool to sign-ups, if Cognito itself sends the mails (COG-113).
    fn with_limit_of_mails(&self, step: Step, before: Option<SignUp>) -> Step {
        let opens = self.desired.sign_up == SignUp::Open && before != Some(SignUp::Open);
        match &self.desired.email {
            None | Some(Email::Cognito) if opens => step.note(FEW_MAILS),
            None | Some(Email::Cognito | Email::Ses(_)) => step,
        }
    }

    /// Finds the pool by its name and the stack's tags; otherwise by its address tag, under another name that has the
    /// stack's prefix.
    async fn find(&self, Listed(listing): &Listed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        let named = read_all(listing.iter().filter(|pool| pool.name == self.name), aws).await?;
        let (mut ours, others): (Vec<Live>, Vec<Live>) =
            named.into_iter().partition(|live| is_own(&live.settings.tags, aws));
        if ours.is_empty() {
            let prefix = name_prefix(&aws.account.stack);
            let renamed =
                listing.iter().filter(|pool| pool.name != self.name && pool.name.starts_with(&prefix));
            ours = read_all(renamed, aws).await?;
            ours.retain(|live| {
                is_own(&live.settings.tags, aws)
                    && live.settings.tags.logical_name(UserPool::KIND) == Some(&self.logical)
            });
        }
        if ours.len() > 1 {
            let ids = ours.into_iter().map(|live| live.id).collect();
            return Err(AwsError::FoundTwice { what: "user pools", name: self.name.clone(), ids });
        }
        if let Some(live) = ours.pop() {
            return Ok(Some(live));
        }
        // A pool of that name without an owner may be this stack's own with all its users: an update of others may have
        // removed its tags (COG-20).
        let owners = others.iter().map(|other| (owner(&other.settings.tags, aws), other));
        let Some((owner, other)) = owners.min_by_key(|(owner, _)| *owner != Owner::Other(None)) else {
            return Ok(None);
        };
        let tags = self.tags.of_owner();
        require_own(&owner, &tag_command::USER_POOL, &self.name, &other.arn.0, &tags, aws).map(|()| None)
    }

    async fn create(&self, aws: &Aws, reporter: &Reporter) -> Result<Live, AwsError> {
        let find = async || {
            let listed = UserPool::list(aws).await?;
            self.find(&listed, aws).await
        };
        let desired = UserPoolSettings::desired(self);
        let said = desired.put_into(UserPoolType::builder().build());
        let insensitive = UsernameConfigurationType::builder().case_sensitive(false).build();
        let insensitive = insensitive.map_err(|error| AwsError::unreadable("case sensitivity", error))?;
        let made = wait::create(
            &operations::CREATE_USER_POOL,
            reporter,
            async || Ok(find().await?.map(|live| (Some(live.described), live.clients))),
            async || {
                let made = aws
                    .cognito
                    .create_user_pool()
                    .set_pool_name(said.name.clone())
                    .set_policies(said.policies.clone())
                    .set_admin_create_user_config(said.admin_create_user_config.clone())
                    .set_auto_verified_attributes(
                        said.auto_verified_attributes.clone().filter(|it| !it.is_empty()),
                    )
                    .set_deletion_protection(said.deletion_protection.clone())
                    .set_account_recovery_setting(said.account_recovery_setting.clone())
                    .set_email_configuration(said.email_configuration.clone())
                    .set_user_pool_tier(said.user_pool_tier.clone())
                    .set_username_attributes(
                        Some(desired.username_attribute_types()).filter(|it| !it.is_empty()),
                    )
                    .username_configuration(insensitive.clone())
                    .set_user_pool_tags(Some(self.tags.to_map()))
                    .customize()
                    .mutate_request(update::leave_out_unset_days)
                    .send();
                Ok((made.await?.user_pool, BTreeMap::new()))
            },
        )
        .await?;
        Live::new(made.0, made.1)
    }
}
