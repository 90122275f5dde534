//! A bucket of another account is never used, even where its name, tags and policy fit.

use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextMut, dyn_dispatch_hint},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// Operations that are about no bucket, or none yet.
const NO_BUCKET: [&str; 2] = ["ListBuckets", "CreateBucket"];

/// Has S3 refuse what is asked of another account's bucket (S3-18), once the account is known.
#[derive(Debug, Clone, Default)]
pub struct BucketOwner(pub Arc<OnceLock<String>>);

#[dyn_dispatch_hint]
impl Intercept for BucketOwner {
    fn name(&self) -> &'static str {
        "BucketOwner"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let is_of_bucket =
            config.load::<Metadata>().is_some_and(|operation| !NO_BUCKET.contains(&operation.name()));
        if let Some(account) = self.0.get().filter(|_| is_of_bucket) {
            context.request_mut().headers_mut().insert("x-amz-expected-bucket-owner", account.clone());
        }
        Ok(())
    }
}
