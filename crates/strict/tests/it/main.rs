//! A strict local cloud, really run, each test with a cloud of its own.

mod apis;
mod cognito;
mod events;
mod faults;
mod iam;
mod lambda;
mod lists;
mod s3;
mod settings;
mod stages;

// Starting a cloud and asking it is the same for any local cloud.
#[allow(dead_code, reason = "the local cloud's own tests use the rest")]
#[path = "../../../localcloud/tests/it/functions.rs"]
mod functions;
#[allow(dead_code, reason = "the local cloud's own tests use the rest")]
#[path = "../../../localcloud/tests/it/running.rs"]
mod running;
#[allow(dead_code, reason = "the local cloud's own tests use the rest")]
#[path = "../../../localcloud/tests/it/sign.rs"]
mod sign;

use std::sync::Arc;

use stackctl_gateway::Layer;
use stackctl_strict::Strict;

/// What stands before the gateway's backend.
fn layer() -> Option<Arc<dyn Layer>> {
    Some(Arc::new(Strict::default()))
}
