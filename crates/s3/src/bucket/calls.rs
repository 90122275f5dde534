//! The calls that create and change a bucket.

use std::fmt;

use aws_sdk_s3::{
    operation::RequestIdExt,
    types::{
        BucketCannedAcl, BucketLifecycleConfiguration, BucketLocationConstraint, BucketVersioningStatus,
        CorsConfiguration, CreateBucketConfiguration, OwnershipControls, OwnershipControlsRule,
        PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
        ServerSideEncryptionConfiguration, ServerSideEncryptionRule, Tag, Tagging, VersioningConfiguration,
    },
};
use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_aws_data::{
    desired::bucket::{ENCRYPTION, OWNERSHIP},
    tags::Tags,
};
use stackctl_engine::Reporter;

use super::{
    lifecycle::Kept,
    model::{Action, Bucket, Live},
    read,
};
use crate::bucket::operations;

impl Bucket {
    pub(super) async fn call(
        &self,
        action: &Action,
        live: Option<Live>,
        aws: &Aws,
        reporter: &Reporter,
    ) -> Result<Live, AwsError> {
        let live = live.unwrap_or_else(|| Live::as_created(self));
        let s3 = &aws.s3;
        let name = &self.name;
        match action {
            Action::Create => self.create(aws, reporter).await,
            Action::SetTags { from: _, to } => {
                let mut all = live.tags_of_aws.clone();
                all.0.extend(to.0.clone());
                let tagging = built("tags", Tagging::builder().set_tag_set(Some(tag_set(&all)?)).build())?;
                wait::change(&operations::PUT_BUCKET_TAGGING, reporter, || {
                    s3.put_bucket_tagging().bucket(name).tagging(tagging.clone()).send()
                })
                .await?;
                Ok(Live { tags: to.clone(), ..live })
            }
            Action::BlockPublicAccess { .. } => {
                let all = PublicAccessBlockConfiguration::builder()
                    .block_public_acls(true)
                    .ignore_public_acls(true)
                    .block_public_policy(true)
                    .restrict_public_buckets(true)
                    .build();
                wait::change(&operations::PUT_PUBLIC_ACCESS_BLOCK, reporter, || {
                    s3.put_public_access_block()
                        .bucket(name)
                        .public_access_block_configuration(all.clone())
                        .send()
                })
                .await?;
                Ok(Live { private: true, blocks_policies: true, ..live })
            }
            Action::EnforceOwnership { .. } => {
                let rule = OwnershipControlsRule::builder().object_ownership(OWNERSHIP.into()).build();
                let rule = built("ownership", rule)?;
                let controls = built("ownership", OwnershipControls::builder().rules(rule).build())?;
                let enforce = || {
                    wait::change(&operations::PUT_BUCKET_OWNERSHIP_CONTROLS, reporter, || {
                        s3.put_bucket_ownership_controls()
                            .bucket(name)
                            .ownership_controls(controls.clone())
                            .send()
                    })
                };
                match enforce().await {
                    // ACLs can't be disabled while one grants access to others (S3-64).
                    Err(error) if error.code() == "InvalidBucketAclWithObjectOwnership" => {
                        wait::change(&operations::PUT_BUCKET_ACL, reporter, || {
                            s3.put_bucket_acl().bucket(name).acl(BucketCannedAcl::Private).send()
                        })
                        .await?;
                        enforce().await?;
                    }
                    other => drop(other?),
                }
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
                wait::change(&operations::PUT_BUCKET_ENCRYPTION, reporter, || {
                    s3.put_bucket_encryption()
                        .bucket(name)
                        .server_side_encryption_configuration(rules.clone())
                        .send()
                })
                .await?;
                Ok(Live { encryption: Some(ENCRYPTION.to_owned()), ..live })
            }
            Action::SetPolicy { from: _, to } => {
                wait::change(&operations::PUT_BUCKET_POLICY, reporter, || {
                    s3.put_bucket_policy().bucket(name).policy(to.document()).send()
                })
                .await?;
                Ok(Live { policy: Some(to.clone()), ..live })
            }
            Action::ChangeCors(change) => {
                let cors = built("CORS", change.rules())?;
                // The call replaces all rules, and takes no empty list (S3-20).
                if cors.is_empty() {
                    wait::write(&operations::DELETE_BUCKET_CORS, reporter, || {
                        s3.delete_bucket_cors().bucket(name).send()
                    })
                    .await?;
                } else {
                    let rules = CorsConfiguration::builder().set_cors_rules(Some(cors.clone())).build();
                    let rules = built("CORS", rules)?;
                    wait::change(&operations::PUT_BUCKET_CORS, reporter, || {
                        s3.put_bucket_cors().bucket(name).cors_configuration(rules.clone()).send()
                    })
                    .await?;
                }
                Ok(Live { cors, ..live })
            }
            Action::EnableVersioning { .. } => {
                let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
                wait::change(&operations::PUT_BUCKET_VERSIONING, reporter, || {
                    s3.put_bucket_versioning().bucket(name).versioning_configuration(on.clone()).send()
                })
                .await?;
                let versioning = Some(BucketVersioningStatus::Enabled);
                Ok(Live { kept: Kept { versioning, ..live.kept }, ..live })
            }
            Action::SetLifecycle { .. } => {
                // The call replaces the whole configuration: the rules of others are sent with it (S3-80).
                let rules = live.kept.with(self.lifecycle);
                let all = BucketLifecycleConfiguration::builder().set_rules(Some(rules.clone())).build();
                let all = built("lifecycle", all)?;
                wait::change(&operations::PUT_BUCKET_LIFECYCLE_CONFIGURATION, reporter, || {
                    s3.put_bucket_lifecycle_configuration()
                        .bucket(name)
                        .set_transition_default_minimum_object_size(live.kept.transition_minimum.clone())
                        .lifecycle_configuration(all.clone())
                        .send()
                })
                .await?;
                Ok(Live { kept: Kept { rules, ..live.kept }, ..live })
            }
        }
    }

    async fn create(&self, aws: &Aws, reporter: &Reporter) -> Result<Live, AwsError> {
        let region = aws.account.region.as_str();
        let mut settings = CreateBucketConfiguration::builder().set_tags(Some(tag_set(&self.tags)?));
        // A bucket without a constraint is in us-east-1, which must not be named (S3-01).
        if region != "us-east-1" {
            settings = settings.location_constraint(BucketLocationConstraint::from(region));
        }
        let settings = settings.build();
        let made = wait::write(&operations::CREATE_BUCKET, reporter, || {
            aws.s3
                .create_bucket()
                .bucket(&self.name)
                .object_ownership(OWNERSHIP.into())
                .create_bucket_configuration(settings.clone())
                .send()
        })
        .await;
        let made = match made {
            // An earlier attempt whose response was lost created it, unless its tags name another owner.
            Err(error) if error.is_there_already() => {
                let ask = async || Ok(read::read(&self.name, aws).await?.ok_or(wait::UNSEEN));
                let live = wait::until(reporter, &operations::BUCKET_SEEN, ask).await?;
                self.own(&live.tags, aws)?;
                return Ok(live);
            }
            other => other?,
        };
        // S3's defaults for a new bucket are the desired ones (S3-10); stackctl reads them to be sure.
        let ask = async || Ok(read::defaults(&self.name, aws).await?.ok_or(wait::UNSEEN));
        let (private, encryption) = wait::until(reporter, &operations::BUCKET_SEEN, ask).await?;
        let created = Live { private, encryption, ..Live::as_created(self) };
        // Only S3 itself sends this header (S3-48). Another server may ignore the tags, and without them the next run
        // would not recognize the bucket as its own: the next action sets the missing tags.
        if made.extended_request_id().is_none() {
            let seen = read::tagged(&self.name, aws).await?;
            return Ok(Live { tags: seen.map(|it| it.tags).unwrap_or_default(), ..created });
        }
        Ok(created)
    }
}

pub(super) fn tag_set(tags: &Tags) -> Result<Vec<Tag>, AwsError> {
    tags.0.iter().map(|(key, value)| built("tags", Tag::builder().key(key).value(value).build())).collect()
}

pub(super) fn built<T>(
    what: impl fmt::Display,
    result: Result<T, aws_sdk_s3::error::BuildError>,
) -> Result<T, AwsError> {
    result.map_err(|error| AwsError::unreadable(what.to_string(), error))
}
