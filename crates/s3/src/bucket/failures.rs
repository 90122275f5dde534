//! Reads the events that functions failed to handle, from the bucket that keeps them.

use aws_smithy_types::date_time::Format;
use futures_util::future::try_join_all;
use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::{
    desired::failures::{PREFIX, bucket_name},
    failed_call::FailedCall,
};

use crate::bucket::operations;

/// How many records are read; all are counted up to a page of the list.
const READ: usize = 3;

/// The events that Lambda gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failures {
    /// The bucket.
    pub bucket: String,
    /// How many there are, at most a page of 1,000.
    pub count: usize,
    /// Whether there are more than a page.
    pub more: bool,
    /// When the oldest was recorded, as in `2026-11-30T14:30:00Z`.
    pub oldest: String,
    /// The oldest ones.
    pub first: Vec<FailedCall>,
}

/// Reads them; `None` if there are none, or no bucket.
///
/// # Errors
/// The errors of S3.
pub async fn read(aws: &Aws) -> Result<Option<Failures>, AwsError> {
    let bucket = bucket_name(&aws.account);
    let list = || aws.s3.list_objects_v2().bucket(&bucket).prefix(PREFIX).send();
    let Some(page) = if_there(wait::read(&operations::LIST_OBJECTS_V2, list).await)? else { return Ok(None) };
    let listed = page.contents.unwrap_or_default();
    let mut records: Vec<_> = listed.iter().filter_map(|it| Some((it.last_modified?, it.key()?))).collect();
    records.sort_unstable_by_key(|(time, key)| (time.as_nanos(), *key));
    let Some((oldest, _)) = records.first() else { return Ok(None) };
    let first = try_join_all(records.iter().take(READ).map(|(_, key)| record(&bucket, key, aws))).await?;
    Ok(Some(Failures {
        count: records.len(),
        more: page.is_truncated == Some(true),
        oldest: oldest.fmt(Format::DateTime).unwrap_or_default(),
        first: first.into_iter().flatten().collect(),
        bucket,
    }))
}

/// Reads a record; `None` if it was deleted meanwhile.
async fn record(bucket: &str, key: &str, aws: &Aws) -> Result<Option<FailedCall>, AwsError> {
    let get = || aws.s3.get_object().bucket(bucket).key(key).send();
    let answer = match wait::read(&operations::GET_OBJECT, get).await {
        Err(error) if error.code() == "NoSuchKey" => return Ok(None),
        answer => answer?,
    };
    let body = answer.body.collect().await;
    let body = body.map_err(|error| AwsError::unreadable(format!("the object {key}"), error))?;
    Ok(Some(FailedCall::parse(&String::from_utf8_lossy(&body.into_bytes()))))
}
