//! No write without the lock: the clients of a run that changes a stack refuse to send one when the lease is over.
//!
//! This is asked last, when the request is signed: only connecting, where no connection is open, and sending come after.

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeTransmitInterceptorContextRef, dyn_dispatch_hint},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

use super::{lease::Lease, moment::Moment};
use crate::read_only;

/// The service whose writes are about locks alone.
const LOCKS: &str = "SSM";

/// Refuses writes while the lease does not allow them, before anything is sent.
#[derive(Debug, Clone)]
pub struct OneWriter(pub Lease);

#[dyn_dispatch_hint]
impl Intercept for OneWriter {
    fn name(&self) -> &'static str {
        "OneWriter"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if config.load::<Metadata>().is_some_and(|it| read_only::is_read(it.name()) || it.service() == LOCKS)
        {
            return Ok(());
        }
        Ok(self.0.may_write(Moment::now())?)
    }
}
