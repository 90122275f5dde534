//! Ctrl-C: the first one asks the run to stop, the second one ends the command.

use std::io;

use stackctl_engine::Stop;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

use crate::error::Error;

/// Receives Ctrl-C, and asks the run to stop.
pub struct Interrupt {
    signals: [Signal; 3],
    stop: watch::Sender<bool>,
}

impl Interrupt {
    /// Begins to receive Ctrl-C, which then no longer ends the program by itself.
    ///
    /// # Errors
    /// The system's errors.
    pub fn listen() -> Result<(Interrupt, Stop), Error> {
        let listen = || -> io::Result<[Signal; 3]> {
            Ok([
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
            ])
        };
        let signals =
            listen().map_err(|source| Error::Io { doing: "listen for Ctrl-C".to_owned(), source })?;
        let (stop, asked) = Stop::channel();
        Ok((Interrupt { signals, stop }, asked))
    }

    /// Returns at the next Ctrl-C.
    pub async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }

    /// Asks the run to stop; returns false when it was asked before.
    pub fn ask_to_stop(&self) -> bool {
        !self.stop.send_replace(true)
    }
}
