//! Reads the live events of a bucket, from what was read with the bucket and the functions.

use std::collections::BTreeMap;

use stackctl_aws_client::{clients::Aws, request::error::AwsError};
use stackctl_aws_data::invoke_permission::{BucketSource, bucket_statement_id};
use stackctl_engine::Observed;
use stackctl_lambda::function::Function;
use stackctl_s3::bucket::{Bucket, Outputs, notifications::Notifications};

use super::model::{Live, Notification};

impl Notification {
    /// Reads them; a bucket that does not exist has none, but the functions may have permissions for it. Only a destroy,
    /// which reads less of a bucket, sends a request.
    pub(super) async fn read(&self, observed: &Observed, aws: &Aws) -> Result<Live, AwsError> {
        let notifications = match observed.get(&self.bucket).await {
            Some(Outputs { notifications: Some(read), .. }) => read,
            Some(Outputs { name, notifications: None, has_events: _ }) => {
                Notifications::read(&name, aws).await?
            }
            None => Notifications::default(),
        };
        Ok(Live {
            bucket_name: self.bucket_name.clone(),
            notifications,
            statement: self.statement.clone(),
            permissions: permissions(&self.statement, observed).await,
        })
    }
}

/// The events of buckets for which the file has none, with the logical names of the buckets. A destroy, which reads less of
/// a bucket, reads the notifications of buckets that had events: a bucket that is kept would keep them too.
pub(super) async fn orphans(
    desired: &[&Notification],
    observed: &Observed,
    aws: &Aws,
) -> Result<Vec<(String, Live)>, AwsError> {
    let mut orphans = Vec::new();
    for (address, bucket) in observed.all::<Bucket>().await {
        if desired.iter().any(|it| it.bucket_name == bucket.name) {
            continue;
        }
        let statement = bucket_statement_id(&address.name);
        let permissions = permissions(&statement, observed).await;
        let notifications = match bucket.notifications {
            Some(read) => read,
            None if bucket.has_events => Notifications::read(&bucket.name, aws).await?,
            None => Notifications::default(),
        };
        let live = Live { bucket_name: bucket.name, notifications, statement, permissions };
        if !live.is_empty() {
            orphans.push((address.name, live));
        }
    }
    Ok(orphans)
}

/// The functions that have a statement of this id.
async fn permissions(statement: &str, observed: &Observed) -> BTreeMap<String, Option<BucketSource>> {
    let functions = observed.all::<Function>().await.into_iter();
    functions.filter_map(|(_, mut it)| Some((it.name, it.bucket_permissions.remove(statement)?))).collect()
}
