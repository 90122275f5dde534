//! The session of a command with a deployed user pool.

use stackctl_aws::{outputs, session::Identity};
use stackctl_aws_client::clients::Aws;
use stackctl_engine::{Address, Event, Events, Reporter, Stop};
use stackctl_stackfile::{names::LogicalName, stack::Stack};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    cloud::reach::reach,
    error::Error,
    options::Global,
    report::Report,
    run::{applied::not_applied, follow::watch, interrupt::Interrupt},
};

/// A deployed user pool, and the channels of work on it.
pub struct PoolSession {
    /// The clients.
    pub aws: Aws,
    /// The pool's id.
    pub pool_id: String,
    /// The events of [`PoolSession::tell`].
    pub told: UnboundedReceiver<Event>,
    /// Ctrl-C.
    pub interrupt: Interrupt,
    events: Events,
    stop: Stop,
}

impl PoolSession {
    /// Finds the pool in AWS.
    ///
    /// # Errors
    /// A pool that is not applied.
    pub async fn open(
        global: &Global,
        stack: &Stack,
        pool: &LogicalName,
        read_only: bool,
        report: &mut Report,
    ) -> Result<PoolSession, Error> {
        let (mut interrupt, stop) = Interrupt::listen()?;
        let (events, told) = Events::channel();
        let reach = reach(global, stack, read_only, report, &mut interrupt).await?;
        let looking = Identity::read(stack, &reach);
        let Identity { aws, known, not_ours } = watch("looking", report, &mut interrupt, looking).await??;
        let outputs = outputs::of(stack, &aws.account, &known);
        let Some(found) = outputs.user_pools.get(pool.as_str()) else {
            return Err(not_applied(vec![format!("user_pool.{pool}")], not_ours));
        };
        Ok(PoolSession { pool_id: found.id.clone(), aws, events, told, interrupt, stop })
    }

    /// Reports the waits of work on a user.
    pub fn tell(&self, name: &str) -> Reporter {
        Reporter::new(Address { kind: "user", name: name.to_owned() }, self.events.clone(), self.stop.clone())
    }
}
