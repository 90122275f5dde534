//! The contents of a bucket: they are counted for the plan, and deleted only after the user agreed.

use std::fmt;

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use stackctl_aws_client::{
    clients::Aws,
    request::{error::AwsError, wait},
};
use stackctl_engine::Reporter;

use crate::bucket::operations;

/// The number of objects and uploads on the first page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Objects, counting each version and each delete marker (S3-13).
    objects: usize,
    /// Unfinished multipart uploads.
    uploads: usize,
    /// Whether there is more than one page.
    more: bool,
}

impl Contents {
    /// Whether the bucket is empty.
    pub fn is_empty(&self) -> bool {
        self.objects == 0 && self.uploads == 0
    }
}

impl fmt::Display for Contents {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Contents { objects, uploads, more } = self;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let least = if *more { "more than " } else { "" };
        write!(out, "{least}{objects} object{}", plural(*objects))?;
        if *uploads > 0 {
            write!(out, " and {uploads} unfinished upload{}", plural(*uploads))
        } else {
            Ok(())
        }
    }
}

/// Counts the first page of a bucket's contents.
///
/// # Errors
/// The errors of S3.
pub async fn count(bucket: &str, aws: &Aws) -> Result<Contents, AwsError> {
    let (versions, uploads) = tokio::join!(
        wait::read(&operations::LIST_OBJECT_VERSIONS, || aws.s3.list_object_versions().bucket(bucket).send()),
        wait::read(&operations::LIST_MULTIPART_UPLOADS, || aws
            .s3
            .list_multipart_uploads()
            .bucket(bucket)
            .send()),
    );
    let (versions, uploads) = (versions?, uploads?);
    Ok(Contents {
        objects: versions.versions().len() + versions.delete_markers().len(),
        uploads: uploads.uploads().len(),
        more: versions.is_truncated() == Some(true) || uploads.is_truncated() == Some(true),
    })
}

/// Deletes everything in a bucket: versions, delete markers, unfinished uploads (S3-13, S3-14).
///
/// # Errors
/// The errors of S3, also for a single object.
pub async fn delete(bucket: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
    reporter.waiting("its objects to be deleted");
    loop {
        let page = wait::read(&operations::LIST_OBJECT_VERSIONS, || {
            aws.s3.list_object_versions().bucket(bucket).send()
        })
        .await?;
        let versions = page.versions().iter().map(|it| (it.key(), it.version_id()));
        let markers = page.delete_markers().iter().map(|it| (it.key(), it.version_id()));
        let objects: Vec<ObjectIdentifier> = versions
            .chain(markers)
            .filter_map(|(key, version)| {
                ObjectIdentifier::builder().key(key?).set_version_id(version.map(str::to_owned)).build().ok()
            })
            .collect();
        if objects.is_empty() {
            break;
        }
        let Ok(these) = Delete::builder().set_objects(Some(objects)).quiet(true).build() else { break };
        let answer = wait::write(&operations::DELETE_OBJECTS, reporter, || {
            aws.s3.delete_objects().bucket(bucket).delete(these.clone()).send()
        })
        .await?;
        if let Some(refused) = answer.errors().first() {
            return Err(AwsError::Stuck {
                what: format!(
                    "S3 would not delete {}: {}",
                    refused.key().unwrap_or("an object"),
                    refused.message().or(refused.code()).unwrap_or("no reason given")
                ),
                hint: "delete it, for example in the AWS console, then run the command again",
            });
        }
    }
    loop {
        let list = || aws.s3.list_multipart_uploads().bucket(bucket).send();
        let page = wait::read(&operations::LIST_MULTIPART_UPLOADS, list).await?;
        let uploads: Vec<_> =
            page.uploads().iter().filter_map(|it| Some((it.key()?, it.upload_id()?))).collect();
        if uploads.is_empty() {
            return Ok(());
        }
        for (key, id) in uploads {
            let abort = || aws.s3.abort_multipart_upload().bucket(bucket).key(key).upload_id(id).send();
            match wait::write(&operations::ABORT_MULTIPART_UPLOAD, reporter, abort).await {
                Err(error) if !error.is_gone() => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
    }
}
