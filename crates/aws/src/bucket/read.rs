//! Reads what S3 has of a bucket.

use std::collections::BTreeSet;

use aws_sdk_s3::types::{CorsRule, Tag};
use stackctl_spec::bucket::OnDestroy;

use super::{Cors, Live};
use crate::{
    clients::Aws,
    error::AwsError,
    policy::Policy,
    tags::{Owner, Tags},
    wait,
};

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
}

/// Reads everything of a bucket at once; none when it does not exist.
pub(super) async fn read(
    name: &str,
    aws: &Aws,
    on_destroy: OnDestroy,
) -> Result<Option<(Live, Owner)>, AwsError> {
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
            .map_err(|error| AwsError::unreadable(format!("the policy of the bucket {name}"), error))?,
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
