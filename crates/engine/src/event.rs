//! The events of a run, as data for the reports.

use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::{address::Address, failure::Failure, plan::Label};

/// A record of something that happened during a run.
#[derive(Debug, Clone)]
pub enum Event {
    /// A step was begun.
    Began {
        /// The resource.
        address: Address,
        /// The step's label.
        step: Label,
    },
    /// A step waits for a condition outside of stackctl.
    Waiting {
        /// The resource.
        address: Address,
        /// The condition, as in `the role to become usable`.
        for_what: String,
    },
    /// A step is done.
    Done {
        /// The resource.
        address: Address,
        /// The step's label.
        step: Label,
        /// How long it took.
        took: Duration,
    },
    /// A step failed.
    Failed(Failure),
    /// Steps were not begun, because a resource that they need failed or the run was stopped.
    Skipped {
        /// The resource that was not changed.
        address: Address,
        /// The missing resource that the steps need; `None` when the run was stopped, or when the plan says why.
        because: Option<Address>,
    },
}

/// The sending end of a run's events. Sending never waits and never fails.
#[derive(Debug, Clone)]
pub struct Events(mpsc::UnboundedSender<Event>);

impl Events {
    /// The sending end and the receiving end.
    pub fn channel() -> (Events, mpsc::UnboundedReceiver<Event>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Events(sender), receiver)
    }

    /// Sends an event.
    pub fn send(&self, event: Event) {
        // A report that was closed does not stop the run.
        let _ = self.0.send(event);
    }
}

/// A request to stop the run: steps that have begun are finished, no new ones begin.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// The sending end and the receiving end.
    pub fn channel() -> (watch::Sender<bool>, Stop) {
        let (sender, receiver) = watch::channel(false);
        (sender, Stop(receiver))
    }

    /// Whether a stop was requested.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the stop is requested. Never returns when the sending end is gone.
    pub async fn asked(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Reports the waits of one step, and lets the step see a request to stop.
#[derive(Debug, Clone)]
pub struct Reporter {
    pub(crate) address: Address,
    pub(crate) events: Events,
    pub(crate) stop: Stop,
    pub(crate) seen: bool,
}

impl Reporter {
    /// A reporter for a step of the resource at `address`.
    pub fn new(address: Address, events: Events, stop: Stop) -> Reporter {
        Reporter { address, events, stop, seen: false }
    }

    /// Whether the resource existed when the stack was observed, before the lock was taken: if it is not found now, another
    /// run deleted it. Otherwise a resource that is not found is too new to be visible.
    pub fn was_seen(&self) -> bool {
        self.seen
    }

    /// The same for a resource that the step itself creates: if it is not found, it is too new to be visible.
    pub fn of_new(&self) -> Reporter {
        Reporter { seen: false, ..self.clone() }
    }

    /// Reports the condition that the step waits for.
    pub fn waiting(&self, for_what: impl Into<String>) {
        self.events.send(Event::Waiting { address: self.address.clone(), for_what: for_what.into() });
    }

    /// The request to stop, which ends a wait.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }
}
