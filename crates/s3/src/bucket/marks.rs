//! The tags by which a bucket is a stack's.

use aws_sdk_s3::types::Tagging;
use stackctl_aws_client::{
    adopting::Found,
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_aws_data::tags::{TagChange, Tags};
use stackctl_engine::Reporter;

use super::{
    calls::{built, tag_set},
    operations, read,
};

/// Finds a bucket by its name; `None` if it does not exist.
///
/// # Errors
/// S3's, also for a bucket of another region.
pub async fn find(name: &str, aws: &Aws) -> Result<Option<Found>, AwsError> {
    let tags = read::all_tags(name, aws).await?;
    Ok(tags.map(|tags| Found { name: name.to_owned(), id: name.to_owned(), tags }))
}

/// Changes the tags of a bucket and keeps all others. S3's call replaces all tags, and wants those of AWS's own as they are
/// (S3-26), so all are read before. A bucket that does not exist any more is success.
///
/// # Errors
/// S3's.
pub async fn change(name: &str, change: &TagChange, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    let Some(mut tags) = read::all_tags(name, aws).await? else { return Ok(()) };
    change.apply(&mut tags);
    let Tags(all) = &tags;
    if all.is_empty() {
        let delete = || aws.s3.delete_bucket_tagging().bucket(name).send();
        return if_there(wait::write(&operations::DELETE_BUCKET_TAGGING, reporter, delete).await).map(drop);
    }
    let tagging = built("tags", Tagging::builder().set_tag_set(Some(tag_set(&tags)?)).build())?;
    let put = || aws.s3.put_bucket_tagging().bucket(name).tagging(tagging.clone()).send();
    if_there(wait::write(&operations::PUT_BUCKET_TAGGING, reporter, put).await).map(drop)
}
