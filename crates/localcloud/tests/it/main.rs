//! The local cloud, really run: MiniStack behind the gateway, each test with a cloud of its own.

mod accounts;
mod apis;
mod functions;
mod hostile;
mod lifecycle;
mod objects;
mod parameters;
mod proxy;
mod running;
mod sign;

use std::sync::Arc;

use stackctl_gateway::Layer;

/// What stands before the gateway's backend: nothing.
fn layer() -> Option<Arc<dyn Layer>> {
    None
}
