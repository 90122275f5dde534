//! A private S3 bucket with CORS for the web page.

use std::{collections::BTreeSet, fmt, time::Duration};

use aws_sdk_s3::types::{
    BucketLocationConstraint, CorsConfiguration, CorsRule, CreateBucketConfiguration, OwnershipControls,
    OwnershipControlsRule, PublicAccessBlockConfiguration, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule, Tag, Tagging,
};
use stackctl_engine::{Known, Occasion, Removal, Resource, Seen, Step, Tell, Verb};
use stackctl_spec::bucket::OnDestroy;

use crate::{
    account::{Arn, name_prefix},
    bucket_contents,
    clients::{Aws, Clients},
    error::AwsError,
    policy::{self, Policy},
    tags::{Owner, Tags},
    wait,
};

/// A private bucket: nothing public, owner enforced, encrypted, TLS only.
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: Arn,
    /// Which pages may do what with it.
    pub cors: Option<Cors>,
    /// Its tags.
    pub tags: Tags,
    /// What destroy does with objects.
    pub on_destroy: OnDestroy,
}

/// The buckets whose names begin as the stack's do.
pub struct BucketNames(BTreeSet<String>);

/// The CORS rule of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    /// Origins, or `*`.
    pub origins: BTreeSet<String>,
    /// Methods.
    pub methods: BTreeSet<String>,
    /// Request headers, or `*`.
    pub headers: BTreeSet<String>,
    /// Response headers that a script may read.
    pub exposed: BTreeSet<String>,
    /// Seconds a preflight may be kept.
    pub max_age: Option<i32>,
}

/// What S3 has of it.
#[derive(Debug, Clone)]
pub struct Live {
    name: String,
    /// No rule, our rule, or rules of another form.
    cors: Vec<Cors>,
    private: bool,
    ownership: Option<String>,
    encryption: Option<String>,
    policy: Option<Policy>,
    tags: Tags,
    on_destroy: OnDestroy,
}

/// What others may refer to.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// Its name.
    pub name: String,
}

/// One call.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Action {
    Create,
    SetTags { from: Tags },
    BlockPublicAccess,
    EnforceOwnership { from: Option<String> },
    Encrypt { from: Option<String> },
    SetPolicy { from: Option<Policy> },
    SetCors { from: Vec<Cors>, to: Cors },
    DeleteCors { from: Vec<Cors> },
}

const OWNERSHIP: &str = "BucketOwnerEnforced";
const ENCRYPTION: &str = "AES256";

impl Resource for Bucket {
    const KIND: &'static str = "bucket";
    type Cloud = Aws;
    type Census = BucketNames;
    type Live = Live;
    type Outputs = Outputs;
    type Action = Action;
    type Error = AwsError;

    async fn census(clients: &Clients) -> Result<BucketNames, AwsError> {
        let mut names = BTreeSet::new();
        let mut next = None;
        loop {
            let page = wait::read("s3:ListBuckets", || {
                clients
                    .s3
                    .list_buckets()
                    .prefix(name_prefix(&clients.stack))
                    .set_continuation_token(next.clone())
                    .send()
            })
            .await?;
            names.extend(page.buckets().iter().filter_map(|bucket| bucket.name().map(str::to_owned)));
            next = page.continuation_token().map(str::to_owned);
            if next.is_none() {
                return Ok(BucketNames(names));
            }
        }
    }

    async fn observe(
        &self,
        BucketNames(census): &BucketNames,
        _: &Seen,
        aws: &Aws,
    ) -> Result<Option<Live>, AwsError> {
        let listed = self.name.starts_with(&name_prefix(&aws.account.stack));
        // Somebody else's bucket of this name is not in the list, and is told by its creation.
        if listed && !census.contains(&self.name) {
            return Ok(None);
        }
        let Some((live, owner)) = read(&self.name, aws, self.on_destroy).await? else { return Ok(None) };
        match owner {
            Owner::ThisStack => Ok(Some(live)),
            Owner::Other(owner) => {
                Err(AwsError::NotOurs { what: "the bucket", name: self.name.clone(), owner })
            }
        }
    }

    async fn strays(
        wanted: &[&Bucket],
        BucketNames(census): &BucketNames,
        _: &Seen,
        aws: &Aws,
    ) -> Result<Vec<(String, Live)>, AwsError> {
        let mut strays = Vec::new();
        for name in census.iter().filter(|name| wanted.iter().all(|bucket| bucket.name != **name)) {
            if let Some((live, Owner::ThisStack)) = read(name, aws, OnDestroy::Refuse).await? {
                let logical = live.tags.logical_name(Bucket::KIND).unwrap_or(name).to_owned();
                strays.push((logical, live));
            }
        }
        Ok(strays)
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn live_name(live: &Live) -> String {
        live.name.clone()
    }

    fn diff(&self, live: Option<&Live>, _: &Known) -> Vec<Action> {
        let Bucket { name: _, arn, cors, tags, on_destroy: _ } = self;
        let mut actions = Vec::new();
        let born = Live::as_born(self);
        if live.is_none() {
            actions.push(Action::Create);
        }
        let live = live.unwrap_or(&born);
        if live.tags != *tags {
            actions.push(Action::SetTags { from: live.tags.clone() });
        }
        if !live.private {
            actions.push(Action::BlockPublicAccess);
        }
        if live.ownership.as_deref() != Some(OWNERSHIP) {
            actions.push(Action::EnforceOwnership { from: live.ownership.clone() });
        }
        if live.encryption.as_deref() != Some(ENCRYPTION) {
            actions.push(Action::Encrypt { from: live.encryption.clone() });
        }
        if live.policy.as_ref() != Some(&policy::tls_only(arn)) {
            actions.push(Action::SetPolicy { from: live.policy.clone() });
        }
        match cors {
            Some(cors) if live.cors != [cors.clone()] => {
                actions.push(Action::SetCors { from: live.cors.clone(), to: cors.clone() });
            }
            None if !live.cors.is_empty() => actions.push(Action::DeleteCors { from: live.cors.clone() }),
            Some(_) | None => {}
        }
        actions
    }

    fn describe(&self, action: &Action) -> Step {
        let set = |what| Step::new(Verb::Update, what);
        let yes = |it: &str| Some(it.to_owned());
        match action {
            Action::Create => Step::new(Verb::Create, "create")
                .change("public_access", None, yes("blocked"))
                .change("ownership", None, yes(OWNERSHIP))
                .change("encryption", None, yes(ENCRYPTION))
                .changes("tags", &Tags::default().0, &self.tags.0),
            Action::SetTags { from } => set("set tags of").changes("tags", &from.0, &self.tags.0),
            Action::BlockPublicAccess => {
                set("block public access to").change("public_access", yes("not all blocked"), yes("blocked"))
            }
            Action::EnforceOwnership { from } => {
                set("enforce ownership of").change("ownership", from.clone(), yes(OWNERSHIP))
            }
            Action::Encrypt { from } => set("encrypt").change("encryption", from.clone(), yes(ENCRYPTION)),
            Action::SetPolicy { from } => set("set the policy of").change(
                "policy",
                from.as_ref().map(|it| it.lines().join("; ")),
                yes(&policy::tls_only(&self.arn).lines().join("; ")),
            ),
            Action::SetCors { from, to } => cors_changes(set("set CORS of"), from, Some(to)),
            Action::DeleteCors { from } => cors_changes(set("delete CORS of"), from, None),
        }
    }

    async fn perform(
        &self,
        action: &Action,
        live: Option<Live>,
        _: &Known,
        aws: &Aws,
        tell: &Tell,
    ) -> Result<Live, AwsError> {
        let live = live.unwrap_or_else(|| Live::as_born(self));
        let s3 = &aws.s3;
        let name = &self.name;
        match action {
            Action::Create => self.create(aws, tell).await,
            Action::SetTags { .. } => {
                let tagging =
                    built("tags", Tagging::builder().set_tag_set(Some(tag_set(&self.tags)?)).build())?;
                wait::change("s3:PutBucketTagging", tell, || {
                    s3.put_bucket_tagging().bucket(name).tagging(tagging.clone()).send()
                })
                .await?;
                Ok(Live { tags: self.tags.clone(), ..live })
            }
            Action::BlockPublicAccess => {
                let all = PublicAccessBlockConfiguration::builder()
                    .block_public_acls(true)
                    .ignore_public_acls(true)
                    .block_public_policy(true)
                    .restrict_public_buckets(true)
                    .build();
                wait::change("s3:PutPublicAccessBlock", tell, || {
                    s3.put_public_access_block()
                        .bucket(name)
                        .public_access_block_configuration(all.clone())
                        .send()
                })
                .await?;
                Ok(Live { private: true, ..live })
            }
            Action::EnforceOwnership { .. } => {
                let rule = OwnershipControlsRule::builder().object_ownership(OWNERSHIP.into()).build();
                let rule = built("ownership", rule)?;
                let controls = built("ownership", OwnershipControls::builder().rules(rule).build())?;
                wait::change("s3:PutBucketOwnershipControls", tell, || {
                    s3.put_bucket_ownership_controls()
                        .bucket(name)
                        .ownership_controls(controls.clone())
                        .send()
                })
                .await?;
                Ok(Live { ownership: Some(OWNERSHIP.to_owned()), ..live })
            }
            Action::Encrypt { .. } => {
                let default = ServerSideEncryptionByDefault::builder()
                    .sse_algorithm(ServerSideEncryption::Aes256)
                    .build();
                let rule = ServerSideEncryptionRule::builder()
                    .apply_server_side_encryption_by_default(built("encryption", default)?)
                    .build();
                let rules = ServerSideEncryptionConfiguration::builder().rules(rule).build();
                let rules = built("encryption", rules)?;
                wait::change("s3:PutBucketEncryption", tell, || {
                    s3.put_bucket_encryption()
                        .bucket(name)
                        .server_side_encryption_configuration(rules.clone())
                        .send()
                })
                .await?;
                Ok(Live { encryption: Some(ENCRYPTION.to_owned()), ..live })
            }
            Action::SetPolicy { .. } => {
                let policy = policy::tls_only(&self.arn);
                wait::change("s3:PutBucketPolicy", tell, || {
                    s3.put_bucket_policy().bucket(name).policy(policy.document()).send()
                })
                .await?;
                Ok(Live { policy: Some(policy), ..live })
            }
            Action::SetCors { to, .. } => {
                let rules = CorsConfiguration::builder().cors_rules(to.rule()?).build();
                let rules = built("CORS", rules)?;
                wait::change("s3:PutBucketCors", tell, || {
                    s3.put_bucket_cors().bucket(name).cors_configuration(rules.clone()).send()
                })
                .await?;
                Ok(Live { cors: vec![to.clone()], ..live })
            }
            Action::DeleteCors { .. } => {
                wait::write("s3:DeleteBucketCors", tell, || s3.delete_bucket_cors().bucket(name).send())
                    .await?;
                Ok(Live { cors: Vec::new(), ..live })
            }
        }
    }

    fn outputs(&self, live: &Live) -> Outputs {
        Outputs { name: live.name.clone() }
    }

    async fn removal(live: &Live, occasion: Occasion, aws: &Aws) -> Result<Removal, AwsError> {
        if live.on_destroy == OnDestroy::Keep {
            return Ok(Removal::Keep { why: "stays, as `on_destroy: keep` says".to_owned() });
        }
        let contents = bucket_contents::count(&live.name, aws).await?;
        if contents.is_empty() {
            return Ok(Removal::Delete { note: None });
        }
        match (live.on_destroy, occasion) {
            (OnDestroy::Empty, _) | (_, Occasion::Destroy { empty_buckets: true }) => {
                Ok(Removal::Delete { note: Some(format!("deletes {contents} for ever")) })
            }
            (OnDestroy::Refuse | OnDestroy::Keep, _) => Ok(Removal::Refuse {
                why: format!("holds {contents}"),
                hint: match occasion {
                    Occasion::Destroy { .. } => "destroy --empty-buckets deletes them too; \
                        `on_destroy: empty` or `on_destroy: keep` in the file settles it for good"
                        .to_owned(),
                    Occasion::RemovedFromFile => format!(
                        "put it back into the file, or empty it first: aws s3 rm s3://{} --recursive",
                        live.name
                    ),
                },
            }),
        }
    }

    async fn delete(live: Live, occasion: Occasion, aws: &Aws, tell: &Tell) -> Result<(), AwsError> {
        let agreed =
            live.on_destroy == OnDestroy::Empty || occasion == Occasion::Destroy { empty_buckets: true };
        let delete =
            || wait::write("s3:DeleteBucket", tell, || aws.s3.delete_bucket().bucket(&live.name).send());
        match delete().await {
            Ok(_) => Ok(()),
            Err(error) if error.is_gone() => Ok(()),
            Err(error) if error.code() == "BucketNotEmpty" && agreed => {
                bucket_contents::delete(&live.name, aws, tell).await?;
                delete().await.map(drop)
            }
            Err(error) => Err(error),
        }
    }
}

impl Bucket {
    async fn create(&self, aws: &Aws, tell: &Tell) -> Result<Live, AwsError> {
        let region = aws.account.region.as_str();
        let mut settings = CreateBucketConfiguration::builder().set_tags(Some(tag_set(&self.tags)?));
        // us-east-1 is where a bucket is without a constraint, and must not be named (S3-01).
        if region != "us-east-1" {
            settings = settings.location_constraint(BucketLocationConstraint::from(region));
        }
        let settings = settings.build();
        let made = wait::write("s3:CreateBucket", tell, || {
            aws.s3.create_bucket().bucket(&self.name).create_bucket_configuration(settings.clone()).send()
        })
        .await;
        match made {
            // Made by a try of ours whose answer was lost, unless the tags say otherwise.
            Err(error) if error.is_there_already() => {}
            other => drop(other?),
        }
        // S3's defaults for a new bucket are as wanted (S3-10), which is seen rather than believed.
        let ready = "the bucket to be found";
        let hint = "S3 accepted the bucket and does not show it; run the command again";
        let (live, owner) = wait::until(tell, ready, Duration::from_secs(120), hint, || {
            read(&self.name, aws, self.on_destroy)
        })
        .await?;
        match owner {
            Owner::ThisStack => Ok(live),
            Owner::Other(owner) => {
                Err(AwsError::NotOurs { what: "the bucket", name: self.name.clone(), owner })
            }
        }
    }
}

impl Live {
    /// A bucket as S3 makes it (S3-10), with the tags it is created with.
    fn as_born(bucket: &Bucket) -> Live {
        Live {
            name: bucket.name.clone(),
            cors: Vec::new(),
            private: true,
            ownership: Some(OWNERSHIP.to_owned()),
            encryption: Some(ENCRYPTION.to_owned()),
            policy: None,
            tags: bucket.tags.clone(),
            on_destroy: bucket.on_destroy,
        }
    }
}

impl Cors {
    fn read(rule: &CorsRule) -> Cors {
        let set = |all: &[String]| all.iter().cloned().collect::<BTreeSet<_>>();
        Cors {
            origins: set(rule.allowed_origins()),
            methods: set(rule.allowed_methods()),
            headers: set(rule.allowed_headers()),
            exposed: set(rule.expose_headers()),
            max_age: rule.max_age_seconds(),
        }
    }

    fn rule(&self) -> Result<CorsRule, AwsError> {
        let Cors { origins, methods, headers, exposed, max_age } = self;
        let list = |all: &BTreeSet<String>| Some(all.iter().cloned().collect());
        let rule = CorsRule::builder()
            .set_allowed_origins(list(origins))
            .set_allowed_methods(list(methods))
            .set_allowed_headers(list(headers))
            .set_expose_headers(list(exposed))
            .set_max_age_seconds(*max_age);
        built("CORS", rule.build())
    }
}

fn cors_changes(mut step: Step, from: &[Cors], to: Option<&Cors>) -> Step {
    let join = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(", ");
    let from = match from {
        [one] => Some(one),
        _ => None,
    };
    type Text<'a> = &'a dyn Fn(&Cors) -> String;
    let fields: [(&str, Text<'_>); 5] = [
        ("cors.origins", &|it| join(&it.origins)),
        ("cors.methods", &|it| join(&it.methods)),
        ("cors.headers", &|it| join(&it.headers)),
        ("cors.exposed", &|it| join(&it.exposed)),
        ("cors.max_age", &|it| it.max_age.map_or_else(|| "unset".to_owned(), |age| format!("{age}s"))),
    ];
    for (field, text) in fields {
        step = step.change(field, from.map(text), to.map(text));
    }
    step
}

/// Reads everything of a bucket at once; none when it does not exist.
async fn read(name: &str, aws: &Aws, on_destroy: OnDestroy) -> Result<Option<(Live, Owner)>, AwsError> {
    let s3 = &aws.s3;
    let (tags, cors, block, ownership, encryption, policy) = tokio::join!(
        wait::read("s3:GetBucketTagging", || s3.get_bucket_tagging().bucket(name).send()),
        wait::read("s3:GetBucketCors", || s3.get_bucket_cors().bucket(name).send()),
        wait::read("s3:GetPublicAccessBlock", || s3.get_public_access_block().bucket(name).send()),
        wait::read("s3:GetBucketOwnershipControls", || s3
            .get_bucket_ownership_controls()
            .bucket(name)
            .send()),
        wait::read("s3:GetBucketEncryption", || s3.get_bucket_encryption().bucket(name).send()),
        wait::read("s3:GetBucketPolicy", || s3.get_bucket_policy().bucket(name).send()),
    );
    let tags = match tags {
        Err(error) if error.code() == "NoSuchBucket" => return Ok(None),
        tags => present(tags)?.map(|it| it.tag_set).unwrap_or_default(),
    };
    let tags = Tags::read(tags.into_iter().map(|Tag { key, value, .. }| (key, value)));
    let block = present(block)?.and_then(|it| it.public_access_block_configuration);
    let live = Live {
        name: name.to_owned(),
        cors: present(cors)?.map(|it| it.cors_rules().iter().map(Cors::read).collect()).unwrap_or_default(),
        private: block.is_some_and(|it| {
            [it.block_public_acls, it.ignore_public_acls, it.block_public_policy, it.restrict_public_buckets]
                .iter()
                .all(|flag| *flag == Some(true))
        }),
        ownership: present(ownership)?
            .and_then(|it| it.ownership_controls)
            .and_then(|it| Some(it.rules().first()?.object_ownership().as_str().to_owned())),
        encryption: present(encryption)?.and_then(|it| it.server_side_encryption_configuration).and_then(
            |it| {
                let default = it.rules().first()?.apply_server_side_encryption_by_default()?;
                Some(default.sse_algorithm().as_str().to_owned())
            },
        ),
        policy: present(policy)?
            .and_then(|it| it.policy)
            .map(|text| Policy::parse(&text))
            .transpose()
            .map_err(|error| unreadable(format!("the policy of the bucket {name}"), error))?,
        on_destroy,
        tags,
    };
    let owner = live.tags.owner(aws.account.stack.as_str());
    Ok(Some((live, owner)))
}

/// What is not set is no error (S3-11).
fn present<T>(read: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
    match read {
        Ok(it) => Ok(Some(it)),
        Err(error) if error.is_gone() => Ok(None),
        Err(error) => Err(error),
    }
}

fn tag_set(tags: &Tags) -> Result<Vec<Tag>, AwsError> {
    tags.0.iter().map(|(key, value)| built("tags", Tag::builder().key(key).value(value).build())).collect()
}

fn built<T>(
    what: impl fmt::Display,
    result: Result<T, aws_sdk_s3::error::BuildError>,
) -> Result<T, AwsError> {
    result.map_err(|error| unreadable(what.to_string(), error))
}

fn unreadable(what: String, error: impl std::error::Error + Send + Sync + 'static) -> AwsError {
    AwsError::Unreadable { what, source: std::sync::Arc::new(error) }
}
