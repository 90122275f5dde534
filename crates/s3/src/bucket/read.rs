//! Reads the live bucket.

use aws_sdk_s3::types::Tag;
use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::{AwsError, BUCKET_REGION, if_there},
        operation::ErrorAnswer,
        wait,
    },
};
use stackctl_aws_data::{policy::Policy, tags::Tags};

use super::{exposures::Added, lifecycle::Kept, model::Live};
use crate::bucket::operations;

/// Reads a bucket with concurrent calls; `None` if it does not exist.
pub(super) async fn read(name: &str, aws: &Aws) -> Result<Option<Live>, AwsError> {
    let s3 = &aws.s3;
    let (tags, cors, policy, ownership, blocks, encryption) = tokio::join!(
        tags(name, aws),
        wait::read(&operations::GET_BUCKET_CORS, || s3.get_bucket_cors().bucket(name).send()),
        wait::read(&operations::GET_BUCKET_POLICY, || s3.get_bucket_policy().bucket(name).send()),
        wait::read(&operations::GET_BUCKET_OWNERSHIP_CONTROLS, || s3
            .get_bucket_ownership_controls()
            .bucket(name)
            .send()),
        blocks(name, aws),
        encryption(name, aws),
    );
    let Some(TagsOf { tags, of_aws }) = tags? else { return Ok(None) };
    // S3 answers an unset configuration with an error (S3-11).
    let policy = if_there(policy)?.and_then(|it| it.policy);
    let policy = policy.map(|text| Policy::parse(&text)).transpose();
    let ownership = if_there(ownership)?.and_then(|it| it.ownership_controls);
    let blocks = if_there(blocks)?.unwrap_or_default();
    Ok(Some(Live {
        name: name.to_owned(),
        cors: if_there(cors)?.and_then(|it| it.cors_rules).unwrap_or_default(),
        private: blocks.all,
        blocks_policies: blocks.policies,
        ownership: ownership.and_then(|it| Some(it.rules().first()?.object_ownership().as_str().to_owned())),
        encryption: if_there(encryption)?.flatten(),
        policy: policy
            .map_err(|error| AwsError::unreadable(format!("the policy of the bucket {name}"), error))?,
        tags,
        tags_of_aws: of_aws,
        kept: Kept::default(),
        added: Added::default(),
    }))
}

/// Reads only the tags of a bucket; `None` if it does not exist.
pub(super) async fn tagged(name: &str, aws: &Aws) -> Result<Option<Live>, AwsError> {
    let nothing = |TagsOf { tags, of_aws }| Live {
        name: name.to_owned(),
        cors: Vec::new(),
        private: false,
        blocks_policies: false,
        ownership: None,
        encryption: None,
        policy: None,
        tags,
        tags_of_aws: of_aws,
        kept: Kept::default(),
        added: Added::default(),
    };
    Ok(tags(name, aws).await?.map(nothing))
}

/// Whether a new bucket is private, and its encryption; `None` while the bucket is not visible yet (S3-06).
pub(super) async fn defaults(name: &str, aws: &Aws) -> Result<Option<(bool, Option<String>)>, AwsError> {
    let (blocks, encryption) = tokio::join!(blocks(name, aws), encryption(name, aws));
    if [blocks.as_ref().err(), encryption.as_ref().err()].into_iter().flatten().any(is_unseen) {
        return Ok(None);
    }
    Ok(Some((if_there(blocks)?.unwrap_or_default().all, if_there(encryption)?.flatten())))
}

fn is_unseen(error: &AwsError) -> bool {
    error.code() == "NoSuchBucket"
}

/// Whether S3 answers so at the endpoint of another region than the bucket's (S3-19).
fn is_elsewhere(answer: &ErrorAnswer) -> bool {
    ["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"]
        .contains(&answer.code.as_str())
}

/// The region in S3's answer: from a header, or the expected region in the message (S3-19).
pub(super) fn region_of(ErrorAnswer { message, .. }: &ErrorAnswer) -> Option<String> {
    let header = || Some(message.split_once(&format!("{BUCKET_REGION}: "))?.1.trim_end_matches(')'));
    let expected = || Some(message.split_once("expecting '")?.1.split_once('\'')?.0);
    let constraint = || match message.strip_prefix("The ")?.split_once(" location constraint")?.0 {
        "unspecified" => Some("us-east-1"),
        region => Some(region),
    };
    header().or_else(expected).or_else(constraint).map(str::to_owned)
}

/// The error that names a bucket of another region.
pub(super) fn elsewhere(name: &str, region: Option<String>) -> AwsError {
    AwsError::Elsewhere { what: "the bucket", name: name.to_owned(), region }
}

/// The blocks of public access.
#[derive(Default)]
struct Blocks {
    /// Whether all four are on.
    all: bool,
    /// Whether S3 refuses public policies.
    policies: bool,
}

async fn blocks(name: &str, aws: &Aws) -> Result<Blocks, AwsError> {
    let ask = || aws.s3.get_public_access_block().bucket(name).send();
    let block =
        wait::read(&operations::GET_PUBLIC_ACCESS_BLOCK, ask).await?.public_access_block_configuration;
    Ok(block.map_or_else(Blocks::default, |it| Blocks {
        all: [
            it.block_public_acls,
            it.ignore_public_acls,
            it.block_public_policy,
            it.restrict_public_buckets,
        ]
        .iter()
        .all(|flag| *flag == Some(true)),
        policies: it.block_public_policy == Some(true),
    }))
}

async fn encryption(name: &str, aws: &Aws) -> Result<Option<String>, AwsError> {
    let ask = || aws.s3.get_bucket_encryption().bucket(name).send();
    let rules =
        wait::read(&operations::GET_BUCKET_ENCRYPTION, ask).await?.server_side_encryption_configuration;
    Ok(rules.and_then(|it| {
        let default = it.rules().first()?.apply_server_side_encryption_by_default()?;
        Some(default.sse_algorithm().as_str().to_owned())
    }))
}

/// The tags of a bucket.
struct TagsOf {
    tags: Tags,
    /// Those of AWS's own.
    of_aws: Tags,
}

/// Reads the tags of a bucket; `None` if it does not exist.
async fn tags(name: &str, aws: &Aws) -> Result<Option<TagsOf>, AwsError> {
    let Some(all) = all_tags(name, aws).await? else { return Ok(None) };
    let of_aws = all.of_aws();
    Ok(Some(TagsOf { tags: Tags::read(all.0.into_iter().chain(aws.adopted_tags("bucket", name))), of_aws }))
}

/// Reads the tags of a bucket, AWS's own among them; `None` if it does not exist.
pub(super) async fn all_tags(name: &str, aws: &Aws) -> Result<Option<Tags>, AwsError> {
    let ask = || aws.s3.get_bucket_tagging().bucket(name).send();
    let tags = match wait::read(&operations::GET_BUCKET_TAGGING, ask).await {
        Err(error) if is_unseen(&error) => return Ok(None),
        Err(AwsError::Answer(answer)) if is_elsewhere(&answer) => {
            return Err(elsewhere(name, region_of(&answer)));
        }
        tags => if_there(tags)?.map(|it| it.tag_set).unwrap_or_default(),
    };
    Ok(Some(Tags(tags.into_iter().map(|Tag { key, value, .. }| (key, value)).collect())))
}
