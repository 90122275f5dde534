//! Follows work: reports its events, redraws the moving lines, and handles Ctrl-C.

use std::{future::Future, pin::pin};

use stackctl_aws_client::request::wait;
use stackctl_engine::{Event, Plan};
use stackctl_views::{activity::Activity, terminal::FRAME};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval_at},
};

use crate::{error::Error, report::Report, run::interrupt::Interrupt};

/// Follows work that changes AWS: the first Ctrl-C asks it to stop, the second one ends the command.
///
/// # Errors
/// A second Ctrl-C, with the steps under way.
pub async fn follow<T>(
    doing_what: &'static str,
    plan: Option<&Plan>,
    events: &mut mpsc::UnboundedReceiver<Event>,
    report: &mut Report,
    interrupt: &mut Interrupt,
    work: impl Future<Output = T>,
) -> Result<(T, Activity), Error> {
    report.begin(doing_what, plan);
    let mut work = pin!(work);
    let mut frames = frames();
    let done = loop {
        tokio::select! {
            biased;
            Some(event) = events.recv() => report.event(&event),
            done = &mut work => break done,
            () = interrupt.next() => {
                if !interrupt.ask_to_stop() {
                    return Err(Error::Left { steps: report.finish().under_way() });
                }
                report.stopping();
            }
            _ = frames.tick() => report.tick(),
        }
    };
    while let Ok(event) = events.try_recv() {
        report.event(&event);
    }
    Ok((done, report.finish()))
}

/// Follows work that changes nothing, and reports its waits; Ctrl-C ends it.
///
/// # Errors
/// Ctrl-C.
pub async fn watch<T>(
    doing_what: &'static str,
    report: &mut Report,
    interrupt: &mut Interrupt,
    work: impl Future<Output = T>,
) -> Result<T, Error> {
    let (waits, mut told) = mpsc::unbounded_channel();
    listen(doing_what, &mut told, report, interrupt, wait::told(waits, work)).await
}

/// Follows work that changes nothing, and reports the texts from `told`; Ctrl-C ends it.
///
/// # Errors
/// Ctrl-C.
pub async fn listen<T>(
    doing_what: &'static str,
    told: &mut mpsc::UnboundedReceiver<String>,
    report: &mut Report,
    interrupt: &mut Interrupt,
    work: impl Future<Output = T>,
) -> Result<T, Error> {
    report.begin(doing_what, None);
    let mut work = pin!(work);
    let mut frames = frames();
    let done = loop {
        tokio::select! {
            biased;
            Some(text) = told.recv() => report.progress(&text),
            done = &mut work => break Ok(done),
            () = interrupt.next() => break Err(Error::Stopped),
            _ = frames.tick() => report.tick(),
        }
    };
    while let Ok(text) = told.try_recv() {
        report.progress(&text);
    }
    report.finish();
    done
}

/// The frames of the moving lines. The first one comes late, so that quick work is not shown.
pub fn frames() -> tokio::time::Interval {
    let mut frames = interval_at(Instant::now() + 2 * FRAME, FRAME);
    frames.set_missed_tick_behavior(MissedTickBehavior::Skip);
    frames
}
