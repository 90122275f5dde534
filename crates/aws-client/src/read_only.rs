//! Planning has no effect: its clients refuse every operation that is not a read.

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::BeforeSerializationInterceptorContextRef, dyn_dispatch_hint},
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// The beginnings of the names of reading operations.
const READS: [&str; 6] = ["Get", "List", "Describe", "Head", "Filter", "Simulate"];

/// Whether an operation only reads, by its name.
pub fn is_read(operation: &str) -> bool {
    READS.iter().any(|read| operation.starts_with(read))
}

/// Refuses operations that could change something, before anything is sent.
#[derive(Debug, Clone, Copy)]
pub struct ReadOnly;

#[dyn_dispatch_hint]
impl Intercept for ReadOnly {
    fn name(&self) -> &'static str {
        "ReadOnly"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match config.load::<Metadata>() {
            Some(operation) if is_read(operation.name()) => Ok(()),
            Some(operation) => Err(format!("planning may not send {}", operation.name()).into()),
            None => Err("planning may not send an operation without a name".into()),
        }
    }
}
