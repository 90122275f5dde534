//! A private S3 bucket with CORS for the web page.

mod calls;
mod contents;
mod cors;
pub mod existing;
mod exposures;
pub mod failures;
mod lifecycle;
pub mod marks;
mod model;
pub mod notifications;
pub mod operations;
mod read;
#[cfg(test)]
mod tests;

pub use self::model::{Action, Bucket, BucketRegions, Live, Outputs};

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_s3::types::Bucket as ListedBucket;
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
    desired::{
        bucket::{ENCRYPTION, OWNERSHIP},
        failures as failed_events,
    },
    policy::{self, Policy, open},
    tag_command,
    tags::{TagChange, Tags},
};
use stackctl_engine::{Aim, Exposure, Known, Observed, Removal, Reporter, Resource, Step};
use stackctl_stackfile::bucket::OnDestroy;

use self::lifecycle::Kept;

const SERVED: &str = "S3 serves it as a website, and then refuses visitors without credentials";
const ACLS: &str = "ACLs of the bucket and its objects, which may let others in, cease to count";

impl Resource for Bucket {
    const KIND: &'static str = "bucket";
    type Cloud = Aws;
    type Listing = BucketRegions;
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn list(clients: &Clients) -> Result<BucketRegions, AwsError> {
        let mut regions = BTreeMap::new();
        let mut next = None;
        loop {
            let page = wait::read(&operations::LIST_BUCKETS, || {
                clients
                    .s3
                    .list_buckets()
                    .prefix(name_prefix(&clients.stack))
                    .set_continuation_token(next.clone())
                    .send()
            })
            .await?;
            let region = |bucket: &ListedBucket| bucket.bucket_region().map(str::to_owned);
            regions.extend(page.buckets().iter().filter_map(|it| Some((it.name()?.to_owned(), region(it)))));
            next = page.continuation_token().map(str::to_owned);
            if next.is_none() {
                return Ok(BucketRegions(regions));
            }
        }
    }

    async fn observe(
        &self,
        listing: &BucketRegions,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Option<Live>, AwsError> {
        if !self.may_be_there(listing, aws)? {
            return Ok(None);
        }
        let (live, kept, added) = tokio::join!(
            read::read(&self.name, aws),
            Kept::read(&self.name, aws),
            exposures::read(&self.name, aws)
        );
        let Some(live) = live? else { return Ok(None) };
        self.own(&live.tags, aws)?;
        let (kept, mut added) = (kept?, added?);
        if kept.is_versioned() {
            added.replication = exposures::replication(&self.name, aws).await?;
        }
        Ok(Some(Live { kept, added, ..live }))
    }

    async fn locate(
        &self,
        listing: &BucketRegions,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Option<Live>, AwsError> {
        if !self.may_be_there(listing, aws)? {
            return Ok(None);
        }
        let Some(live) = read::tagged(&self.name, aws).await? else { return Ok(None) };
        self.own(&live.tags, aws)?;
        Ok(Some(live))
    }

    async fn orphans(
        desired: &[&Bucket],
        BucketRegions(listing): &BucketRegions,
        _: &Observed,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let mut orphans = Vec::new();
        let here =
            |region: &Option<String>| region.as_ref().is_none_or(|it| it == aws.account.region.as_str());
        let names = listing.iter().filter(|(_, region)| here(region)).map(|(name, _)| name);
        for name in names.filter(|name| desired.iter().all(|bucket| bucket.name != **name)) {
            let ours = |live: &Live| is_own(&live.tags, aws);
            let found = match read::tagged(name, aws).await {
                Err(AwsError::Elsewhere { .. }) => None,
                found => found?,
            };
            if let Some(live) = found.filter(ours) {
                let logical = live.tags.logical_name(Bucket::KIND).unwrap_or(name).to_owned();
                orphans.push((logical, live));
            }
        }
        Ok(orphans)
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.name.clone()
    }

    fn diff(&self, live: Option<&Live>, _: &Known) -> Vec<Action> {
        let Bucket { name: _, arn, cors, tags, lifecycle: desired, on_destroy: _ } = self;
        let mut actions = Vec::new();
        let created = Live::as_created(self);
        if live.is_none() {
            actions.push(Action::Create);
        }
        let live = live.unwrap_or(&created);
        let is_adopted = live.tags.are_of_adopted();
        // The tag stays, because entries of events that the file no longer has may be left.
        let tags = if live.tags.has_events() { tags.clone().of_events() } else { tags.clone() };
        let tags = tags.over(&live.tags);
        if live.tags != tags {
            actions.push(Action::SetTags { from: live.tags.clone(), to: tags });
        }
        let mut policy = self.policy_change(live, &policy::tls_only(arn));
        if is_adopted {
            // Before public access is blocked: then S3 refuses a policy with public statements (S3-66).
            actions.extend(policy.take());
        }
        if !live.private {
            let note = (is_adopted && live.added.website.is_some()).then_some(SERVED);
            actions.push(Action::BlockPublicAccess { note });
        }
        if live.ownership.as_deref() != Some(OWNERSHIP) {
            let from = live.ownership.clone();
            actions.push(Action::EnforceOwnership { from, note: is_adopted.then_some(ACLS) });
        }
        let encryption = live.encryption.as_deref();
        if encryption != Some(ENCRYPTION) && !(is_adopted && encryption.is_some_and(is_stricter)) {
            actions.push(Action::Encrypt { from: live.encryption.clone() });
        }
        actions.extend(policy);
        actions.extend(cors::change(&live.cors, cors.as_ref(), is_adopted).map(Action::ChangeCors));
        if desired.versioning && !live.kept.is_versioned() {
            actions.push(Action::EnableVersioning { suspended: live.kept.versioning.is_some() });
        }
        let (from, to) =
            (lifecycle::texts(&live.kept.own_rules()), lifecycle::texts(&lifecycle::rules(*desired)));
        if from != to {
            actions.push(Action::SetLifecycle { from, to });
        }
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        let set = Step::update;
        let yes = |it: &str| Some(it.to_owned());
        match action {
            Action::Create => Step::create()
                .change("public_access", None, yes("blocked"))
                .change("ownership", None, yes(OWNERSHIP))
                .change("encryption", None, yes(ENCRYPTION))
                .changes("tags", &Tags::default().0, &self.tags.0),
            Action::SetTags { from, to } => set("set tags", "of").changes("tags", &from.0, &to.0),
            Action::BlockPublicAccess { note } => noted(
                set("block public access", "to").change(
                    "public_access",
                    yes("not all blocked"),
                    yes("blocked"),
                ),
                *note,
            ),
            Action::EnforceOwnership { from, note } => {
                noted(set("enforce ownership", "of").change("ownership", from.clone(), yes(OWNERSHIP)), *note)
            }
            Action::Encrypt { from } => {
                set("encrypt", "").change("encryption", from.clone(), yes(ENCRYPTION))
            }
            Action::SetPolicy { from, to } => set("set the policy", "of").change(
                "policy",
                from.as_ref().map(|it| it.lines().join("; ")),
                yes(&to.lines().join("; ")),
            ),
            Action::ChangeCors(change) => change.describe(),
            Action::EnableVersioning { suspended } => set("turn on versioning", "of").change(
                "versioning",
                suspended.then(|| "suspended".to_owned()),
                yes("on"),
            ),
            Action::SetLifecycle { from, to } => {
                let fields: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
                fields.into_iter().fold(set("set the lifecycle", "of"), |step, field| {
                    step.change(field, from.get(field).cloned(), to.get(field).cloned())
                })
            }
        }
    }

    fn exposures(&self, live: &Live, aws: &Aws) -> Vec<Exposure> {
        let (account, cli) = (&aws.account.id, aws.cli());
        let policy = live.policy.iter().filter(|_| live.tags.are_of_adopted());
        let let_in = policy.flat_map(|it| exposures::of_policy(&self.name, it, account, &cli));
        let_in
            .chain(exposures::of(&self.name, &live.kept, self.lifecycle.versioning, &live.added, &cli))
            .collect()
    }

    async fn perform(
        &self,
        action: &Action,
        live: Option<Live>,
        _: &Known,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        self.call(action, live, aws, reporter).await
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs {
            name: live.name.clone(),
            notifications: live.added.notifications.clone(),
            has_events: live.tags.has_events(),
        }
    }

    fn is_adopted(live: &Live) -> bool {
        live.tags.are_of_adopted()
    }

    async fn removal(
        live: &Live,
        desired: Option<&Bucket>,
        aim: Aim,
        aws: &Aws,
    ) -> Result<Removal, AwsError> {
        let on_destroy = on_destroy(live, desired);
        if on_destroy == OnDestroy::Keep {
            return Ok(Removal::Keep { why: "stays, as `on_destroy: keep` says".to_owned() });
        }
        let contents = contents::count(&live.name, aws).await?;
        if contents.is_empty() {
            return Ok(Removal::Delete { note: None });
        }
        match (on_destroy, aim) {
            (OnDestroy::Empty, _) | (_, Aim::Destroy { delete_contents: true }) => {
                Ok(Removal::Delete { note: Some(format!("permanently deletes {contents}")) })
            }
            (OnDestroy::Refuse | OnDestroy::Keep, _) => Ok(Removal::Refuse {
                why: format!("holds {contents}"),
                hint: match aim {
                    Aim::Destroy { .. } => "destroy --empty-buckets deletes them too; \
                        `on_destroy: empty` or `on_destroy: keep` in the file settles it for good"
                        .to_owned(),
                    Aim::Apply => format!(
                        "put it back into the file, or empty it first: aws s3 rm s3://{} --recursive",
                        live.name
                    ),
                },
            }),
        }
    }

    async fn delete(
        live: Live,
        desired: Option<&Bucket>,
        aim: Aim,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<(), AwsError> {
        let agreed =
            on_destroy(&live, desired) == OnDestroy::Empty || aim == Aim::Destroy { delete_contents: true };
        let delete = || {
            wait::write(&operations::DELETE_BUCKET, reporter, || {
                aws.s3.delete_bucket().bucket(&live.name).send()
            })
        };
        let deleted = match delete().await {
            Err(error) if error.code() == "BucketNotEmpty" && agreed => {
                contents::delete(&live.name, aws, reporter).await?;
                delete().await
            }
            other => other,
        };
        if_there(deleted).map(drop)
    }

    async fn release(live: Live, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        let Some(change) = TagChange::release(&live.tags) else { return Ok(()) };
        marks::change(&live.name, &change, aws, reporter).await
    }
}

impl Bucket {
    /// Whether it may exist. The listing has no bucket of another account; S3 refuses to create one of its name.
    ///
    /// # Errors
    /// The bucket is in another region.
    fn may_be_there(&self, BucketRegions(listing): &BucketRegions, aws: &Aws) -> Result<bool, AwsError> {
        match listing.get(&self.name) {
            Some(Some(region)) if region != aws.account.region.as_str() => {
                Err(read::elsewhere(&self.name, Some(region.clone())))
            }
            Some(_) => Ok(true),
            None => Ok(!self.name.starts_with(&name_prefix(&aws.account.stack))),
        }
    }

    /// The change to a policy with stackctl's statement. An adopted bucket keeps the statements of others, but for public
    /// ones that S3 would refuse to take again (S3-66).
    fn policy_change(&self, live: &Live, own: &Policy) -> Option<Action> {
        let to = match &live.policy {
            Some(policy) if live.tags.are_of_adopted() => {
                if policy.covers(own) {
                    return None;
                }
                policy.only(|it| !(live.blocks_policies && open::is_public(it))).with(own)
            }
            Some(_) | None => own.clone(),
        };
        (live.policy.as_ref() != Some(&to)).then(|| Action::SetPolicy { from: live.policy.clone(), to })
    }

    /// Fails unless a bucket with these tags is this stack's.
    fn own(&self, tags: &Tags, aws: &Aws) -> Result<(), AwsError> {
        let mut all = tags.clone();
        all.0.extend(self.tags.of_owner().0);
        require_own(&owner(tags, aws), &tag_command::BUCKET, &self.name, &self.name, &all, aws)
    }
}

/// What destroy does with the objects of a bucket. An orphan has no `on_destroy`; the bucket of failed events is emptied.
fn on_destroy(live: &Live, desired: Option<&Bucket>) -> OnDestroy {
    let is_of_failures = || live.tags.logical_name(Bucket::KIND) == Some(failed_events::LOGICAL);
    match desired {
        Some(bucket) => bucket.on_destroy,
        None if is_of_failures() => OnDestroy::Empty,
        None => OnDestroy::Refuse,
    }
}

/// Whether a default encryption is stricter than the one of S3's own keys.
fn is_stricter(encryption: &str) -> bool {
    encryption.starts_with("aws:kms")
}

fn noted(step: Step, note: Option<&str>) -> Step {
    match note {
        Some(note) => step.note(note),
        None => step,
    }
}
