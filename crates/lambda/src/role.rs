//! The IAM role of a function: what the function may do, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;
use read::{read, with_policies, with_policy_names};
use stackctl_aws_client::{
    clients::{Aws, Clients},
    ownership::require_own,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    account::{Arn, log_group_name, role_path_without_region},
    desired::role,
    policy::Policy,
    tag_command,
    tags::{Owner, TagChange, Tags},
};
use stackctl_engine::{Aim, Exposure, Known, Observed, Removal, Reporter, Resource, Step};

use self::model::RoleSettings;
use crate::function_listing::{self as listing, Listing};

pub use self::model::{Action, Live, Outputs, Role};

pub mod marks;
mod model;
pub mod operations;
mod policies;
mod read;
#[cfg(test)]
mod tests;

const WITHOUT_REGION: &str =
    "an earlier version of stackctl made it; the stack now has roles of its own in each region";
const PATH_HINT: &str = "a role can't be moved: give the function another `name:`, or delete the role in IAM and run \
                         the command again";

impl Resource for Role {
    const KIND: &'static str = "role";
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
        let Some(role) = listing.roles.get(&self.name) else { return Ok(None) };
        let (live, owner) = with_policies(role.clone(), aws).await?;
        self.own(live, owner, aws).map(Some)
    }

    async fn locate(&self, listing: &Listing, _: &Observed, aws: &Aws) -> Result<Option<Live>, AwsError> {
        let Some(role) = listing.roles.get(&self.name) else { return Ok(None) };
        let (live, owner) = with_policy_names(role.clone(), aws).await?;
        self.own(live, owner, aws).map(Some)
    }

    async fn orphans(
        desired: &[&Role],
        listing: &Listing,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let unwanted = |name: &&String| desired.iter().all(|role| role.name != **name);
        let here = listing.roles_at_path.iter().filter(unwanted).map(async |name| {
            match listing::role(name, aws).await? {
                Some(role) => with_policy_names(role, aws).await.map(Some),
                None => Ok(None),
            }
        });
        let without_region = listing.roles_without_region.iter().filter(unwanted).map(async |name| {
            let found = read(name, aws).await?;
            Ok(found.filter(|(live, _)| live.serves_this_region(listing, aws)))
        });
        let (here, without_region) = tokio::try_join!(try_join_all(here), try_join_all(without_region))?;
        let found = here.into_iter().chain(without_region).flatten();
        let ours = found.filter(|(_, owner)| *owner == Owner::ThisStack);
        Ok(ours
            .map(|(live, _)| {
                let prefix = format!("{}-", aws.account.stack);
                let short = live.name.strip_prefix(&prefix).unwrap_or(&live.name);
                (live.settings.tags.logical_name(Role::KIND).unwrap_or(short).to_owned(), live)
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
        let Role { name: _, tags, boundary, grants: _, keys: _, parameters: _, log_group: _ } = self;
        let mut actions = Vec::new();
        let created = RoleSettings::as_created(self);
        if live.is_none() {
            actions.push(Action::Create);
        }
        let RoleSettings { elsewhere, boundary: limit, trust, policy, surplus, attached, tags: from } =
            live.map_or(&created, |live| &live.settings);
        let is_adopted = from.are_of_adopted();
        if let Some(path) = elsewhere.as_ref().filter(|_| !is_adopted) {
            actions.push(Action::Refuse { path: path.clone() });
        }
        // Before actions that extend its rights, as the policy of `stackctl policy --boundary` requires (IAM-30).
        match (limit, boundary) {
            (from, Some(to)) if from.as_ref() != Some(to) => {
                actions.push(Action::SetBoundary { from: from.clone(), to: to.clone() });
            }
            (Some(from), None) if !is_adopted => {
                actions.push(Action::RemoveBoundary { from: from.clone() });
            }
            (_, Some(_) | None) => {}
        }
        let to = policies::trusting(trust, is_adopted);
        if *trust != to {
            actions.push(Action::SetTrust { from: trust.clone(), to });
        }
        if policy.as_ref() != Some(&policies::desired(self)) {
            actions.push(Action::PutPolicy { from: policy.clone() });
        }
        if !is_adopted {
            actions.extend(surplus.iter().map(|name| Action::DeletePolicy { name: name.clone() }));
            let detach =
                |(arn, name): (&Arn, &String)| Action::DetachPolicy { arn: arn.clone(), name: name.clone() };
            actions.extend(attached.iter().map(detach));
        }
        actions.extend(TagChange::diff(from, tags).into_iter().map(Action::ChangeTags));
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        match action {
            Action::Refuse { path } => Step::refuse(at_another_path(&self.name, path)).note(PATH_HINT),
            Action::Create => policies::changes(Step::create(), "trust", None, &policies::lambda())
                .change("boundary", None, self.boundary.as_ref().map(Arn::to_string))
                .changes("tags", &Tags::default().0, &self.tags.0),
            Action::SetBoundary { from, to } => Step::update("set the permissions boundary", "of").change(
                "boundary",
                from.as_ref().map(Arn::to_string),
                Some(to.to_string()),
            ),
            Action::RemoveBoundary { from } => Step::update("remove the permissions boundary", "of").change(
                "boundary",
                Some(from.to_string()),
                None,
            ),
            Action::SetTrust { from, to } => {
                policies::changes(Step::update("set the trust policy", "of"), "trust", Some(from), to)
            }
            Action::PutPolicy { from } => {
                let step = Step::update("set the policy", "of");
                policies::changes(step, "policy", from.as_ref(), &policies::desired(self))
            }
            Action::DeletePolicy { name } => Step::update("delete a surplus policy", "of").change(
                "inline_policies",
                Some(name.clone()),
                None,
            ),
            Action::DetachPolicy { arn: _, name } => Step::update("detach a managed policy", "from").change(
                "managed_policies",
                Some(name.clone()),
                None,
            ),
            Action::ChangeTags(change) => change.describe(),
        }
    }

    fn exposures(&self, live: &Live, aws: &Aws) -> Vec<Exposure> {
        let Live { settings: RoleSettings { trust, tags, .. }, .. } = live;
        if !tags.are_of_adopted() {
            return Vec::new();
        }
        policies::exposures(&self.name, trust, &aws.account.id, &aws.cli())
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
        let iam = &aws.iam;
        let role = &self.name;
        match action {
            Action::Refuse { path } => {
                return Err(AwsError::Stuck { what: at_another_path(role, path), hint: PATH_HINT });
            }
            Action::Create => return self.create(aws, reporter).await,
            Action::SetBoundary { from: _, to } => {
                policies::set_boundary(role, to, aws, reporter).await?;
                settings.boundary = Some(to.clone());
            }
            Action::RemoveBoundary { from: _ } => {
                policies::remove_boundary(role, aws, reporter).await?;
                settings.boundary = None;
            }
            Action::SetTrust { from: _, to } => {
                wait::change(&operations::UPDATE_ASSUME_ROLE_POLICY, reporter, || {
                    iam.update_assume_role_policy().role_name(role).policy_document(to.document()).send()
                })
                .await?;
                settings.trust.clone_from(to);
            }
            Action::PutPolicy { .. } => {
                let policy = policies::desired(self);
                policies::put(role, &policy, aws, reporter).await?;
                settings.policy = Some(policy);
            }
            Action::DeletePolicy { name } => {
                policies::delete(role, name, aws, reporter).await?;
                settings.surplus.remove(name);
            }
            Action::DetachPolicy { arn, name: _ } => {
                policies::detach(role, arn, aws, reporter).await?;
                settings.attached.remove(arn);
            }
            Action::ChangeTags(change) => {
                marks::change(role, change, aws, reporter).await?;
                change.apply(&mut settings.tags);
            }
        }
        Ok(live)
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs { arn: live.arn.clone(), id: live.id.clone() }
    }

    fn is_adopted(live: &Live) -> bool {
        live.settings.tags.are_of_adopted()
    }

    async fn removal(live: &Live, _: Option<&Self>, _: Aim, aws: &Aws) -> Result<Removal, AwsError> {
        let path = role_path_without_region(&aws.account.stack);
        let has_no_region = live.settings.elsewhere.as_ref() == Some(&path);
        Ok(Removal::Delete { note: has_no_region.then(|| WITHOUT_REGION.to_owned()) })
    }

    async fn delete(
        live: Live,
        _: Option<&Self>,
        _: Aim,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        let Live { name, arn: _, id: _, settings: RoleSettings { policy, surplus, attached, .. } } = live;
        // IAM deletes only a role without policies (IAM-03).
        let inline = surplus.iter().map(String::as_str).chain(policy.as_ref().map(|_| policies::NAME));
        tokio::try_join!(
            try_join_all(inline.map(|policy| policies::delete(&name, policy, aws, reporter))),
            try_join_all(attached.keys().map(|arn| policies::detach(&name, arn, aws, reporter))),
        )?;
        let deleted =
            wait::write(&operations::DELETE_ROLE, reporter, || aws.iam.delete_role().role_name(&name).send())
                .await;
        if_there(deleted).map(drop)
    }

    async fn release(live: Live, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        let Some(change) = TagChange::release(&live.settings.tags) else { return Ok(()) };
        if_there(marks::change(&live.name, &change, aws, reporter).await).map(drop)
    }
}

impl Role {
    pub(crate) async fn create(&self, aws: &Aws, reporter: &Reporter) -> Result<Live, AwsError> {
        let tags = marks::list(&self.tags)?;
        let made = wait::write(&operations::CREATE_ROLE, reporter, || {
            aws.iam
                .create_role()
                .role_name(&self.name)
                .path(aws.account.role_path())
                .description(role::description(&aws.account))
                .assume_role_policy_document(policies::lambda().document())
                .set_permissions_boundary(self.boundary.as_ref().map(Arn::to_string))
                .set_tags(Some(tags.clone()))
                .send()
        })
        .await;
        match made {
            Ok(made) => {
                let created = Live::as_created(self, aws);
                Ok(match made.role {
                    Some(role) => Live { arn: Arn(role.arn), id: role.role_id, ..created },
                    None => created,
                })
            }
            // An earlier attempt whose response was lost created it, unless its tags name another owner (IAM-15).
            Err(error) if error.is_there_already() => {
                let ask = async || Ok(read(&self.name, aws).await?.ok_or(wait::UNSEEN));
                let (live, owner) = wait::until(reporter, &operations::ROLE_SEEN, ask).await?;
                self.own(live, owner, aws)
            }
            Err(error) => Err(error),
        }
    }

    fn own(&self, live: Live, owner: Owner, aws: &Aws) -> Result<Live, AwsError> {
        let tags = self.tags.of_owner();
        require_own(&owner, &tag_command::ROLE, &self.name, &self.name, &tags, aws).map(|()| live)
    }
}

impl Live {
    /// Whether a role without a region in its path and name belongs to this region: its policy names a log group of
    /// the region. If its policy names no log group, whether a function of the region has it.
    fn serves_this_region(&self, listing: &Listing, aws: &Aws) -> bool {
        let policy = self.settings.policy.as_ref().map(Policy::document).unwrap_or_default();
        if policy.contains(":log-group:") {
            return policy.contains(&aws.account.log_group_arn(&log_group_name(&self.name)).0);
        }
        let function = listing.functions.get(&self.name).and_then(|it| it.configuration());
        function.and_then(|it| it.role()) == Some(self.arn.0.as_str())
    }

    /// The role right after its creation.
    fn as_created(role: &Role, aws: &Aws) -> Live {
        Live {
            name: role.name.clone(),
            arn: aws.account.role_arn(&role.name),
            id: String::new(),
            settings: RoleSettings::as_created(role),
        }
    }
}

impl RoleSettings {
    /// The fields of a role right after its creation.
    fn as_created(role: &Role) -> RoleSettings {
        RoleSettings {
            elsewhere: None,
            boundary: role.boundary.clone(),
            trust: policies::lambda(),
            policy: None,
            surplus: BTreeSet::new(),
            attached: BTreeMap::new(),
            tags: role.tags.clone(),
        }
    }
}

fn at_another_path(role: &str, path: &str) -> String {
    format!("the role {role} is at the path {path}")
}
