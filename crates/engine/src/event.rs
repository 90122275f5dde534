//! What is told about a run: data, for whoever reports it.

use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::{address::Address, failure::Failure};

/// Something that happened in a run.
#[derive(Debug, Clone)]
pub enum Event {
    /// A step was begun: `step` says what it does, as in `create`.
    Began {
        /// The thing it is done to.
        address: Address,
        /// What is done.
        step: String,
    },
    /// A step waits for something outside of stackctl.
    Waiting {
        /// The thing that waits.
        address: Address,
        /// What for, as in `the role to become usable by Lambda`.
        for_what: String,
    },
    /// A step is done.
    Done {
        /// The thing it was done to.
        address: Address,
        /// What was done.
        step: String,
        /// How long it took.
        took: Duration,
    },
    /// A step failed.
    Failed(Failure),
    /// Steps were not begun, since something they need failed or the run was stopped.
    Skipped {
        /// The thing that was left as it is.
        address: Address,
        /// What it would have needed; none when the run was stopped.
        because: Option<Address>,
    },
}

/// Where events go. Telling never waits, and nobody has to listen.
#[derive(Debug, Clone)]
pub struct Events(mpsc::UnboundedSender<Event>);

impl Events {
    /// A pair of ends.
    pub fn channel() -> (Events, mpsc::UnboundedReceiver<Event>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Events(sender), receiver)
    }

    /// Tells an event.
    pub fn tell(&self, event: Event) {
        // A report that has gone away does not stop the work.
        let _ = self.0.send(event);
    }
}

/// Whether the run was asked to stop: what has begun is finished, nothing new is begun.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// The asking end and the asked end.
    pub fn channel() -> (watch::Sender<bool>, Stop) {
        let (sender, receiver) = watch::channel(false);
        (sender, Stop(receiver))
    }

    /// Whether it was asked.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it is asked; never, when nobody can ask any more.
    pub async fn asked(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// What a step has to tell its waits with.
#[derive(Debug, Clone)]
pub struct Tell {
    pub(crate) address: Address,
    pub(crate) events: Events,
    pub(crate) stop: Stop,
    pub(crate) seen: bool,
}

impl Tell {
    /// One for `address`.
    pub fn new(address: Address, events: Events, stop: Stop) -> Tell {
        Tell { address, events, stop, seen: false }
    }

    /// Whether the look saw the thing, while others could still change it: when it is not there now, it is gone, and not
    /// just too new to be visible.
    pub fn was_seen(&self) -> bool {
        self.seen
    }

    /// Says what the step waits for.
    pub fn waiting(&self, for_what: impl Into<String>) {
        self.events.tell(Event::Waiting { address: self.address.clone(), for_what: for_what.into() });
    }

    /// Whether, and when, the run is asked to stop: a wait ends then.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }
}
