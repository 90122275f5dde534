//! What goes on while nothing changes: the functions' logs, and the page's server.

use std::{collections::VecDeque, convert::Infallible, time::SystemTime};

use stackctl_aws::log_groups::LogGroups;
use stackctl_aws_client::clients::Reach;
use stackctl_dev::page::{Page, PageCommand, PageEvent};
use stackctl_logs::{
    ansi::without_sequences,
    follower::Follower,
    line::{Filter, LogLine, Reader},
    since,
};
use stackctl_package::credentials;
use stackctl_results::text::logs::LogView;
use stackctl_stackfile::{names::LogicalName, stack::Stack};
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::{error::Error, report::Report, run::follow::frames};

/// The logs and the page.
#[derive(Default)]
pub struct Background {
    /// The logs of the functions that are there.
    pub logs: Option<Logs>,
    /// What stands below the errors, before the state of the page.
    pub status: String,
    page: Option<Served>,
}

/// The page's server.
struct Served {
    command: PageCommand,
    /// When stack.yaml was saved before the server was started.
    saved: Option<SystemTime>,
    /// None once it ended.
    page: Option<Page>,
}

/// The logs of functions from a moment on.
pub struct Logs {
    groups: LogGroups,
    follower: Follower,
    reader: Reader,
    polls: Interval,
    /// Lines that are not shown yet.
    lines: VecDeque<LogLine>,
    several: bool,
    /// The last poll failed, which is said once.
    failed: bool,
}

impl Logs {
    /// Finds the logs of the functions of a stack since a moment, in milliseconds since 1970; none when it has no functions.
    ///
    /// # Errors
    /// AWS's.
    pub async fn find(stack: &Stack, reach: &Reach, since: i64) -> Result<Option<Logs>, Error> {
        if stack.functions.is_empty() {
            return Ok(None);
        }
        let functions: Vec<LogicalName> = stack.functions.keys().cloned().collect();
        let groups = LogGroups::find(stack, reach, &functions).await?;
        let names: Vec<String> = functions.iter().map(ToString::to_string).collect();
        let mut polls = interval(groups.poll_every());
        polls.set_missed_tick_behavior(MissedTickBehavior::Skip);
        Ok(Some(Logs {
            follower: Follower::new(names.len(), since),
            several: names.len() > 1,
            reader: Reader::new(names, Filter::default()),
            lines: VecDeque::new(),
            failed: false,
            groups,
            polls,
        }))
    }

    /// Waits for the next poll, and polls. Nothing is lost when the future is dropped.
    async fn poll(&mut self) -> Option<String> {
        self.polls.tick().await;
        let Logs { groups, follower, reader, lines, .. } = self;
        let ask = async |group, request| groups.page(group, &request).await;
        let polled = follower.poll(ask, |group, event| lines.extend(reader.read(group, event))).await;
        let news = polled.as_ref().err().filter(|_| !self.failed).map(|error| format!("logs: {error}"));
        self.failed = polled.is_err();
        news
    }

    fn show(&mut self, report: &mut Report) {
        let (view, now) = (LogView { raw: false, several: self.several }, since::now());
        for line in self.lines.drain(..) {
            report.log(&line, view, &now);
        }
    }
}

impl Background {
    /// Serves the page of a command, unless it is served, and ends that of another command before. A server that ended is
    /// started again once stack.yaml was saved.
    ///
    /// # Errors
    /// The system's.
    pub async fn serve(
        &mut self,
        command: Option<PageCommand>,
        saved: Option<SystemTime>,
    ) -> Result<(), Error> {
        let is_same =
            |it: &Served| Some(&it.command) == command.as_ref() && (it.page.is_some() || it.saved == saved);
        if self.page.as_ref().is_some_and(is_same) {
            return Ok(());
        }
        if let Some(Served { page: Some(page), .. }) = self.page.take() {
            page.stop().await;
        }
        if let Some(command) = command {
            let page = Page::start(&command, credentials());
            let page =
                page.map_err(|source| Error::Io { doing: format!("run {}", command.command), source })?;
            self.page = Some(Served { command, saved, page: Some(page) });
        }
        Ok(())
    }

    /// The line that stands below the errors.
    pub fn standing(&self) -> String {
        let has_page = self.page.as_ref().is_some_and(|it| it.page.is_some());
        format!("{}{}", self.status, if has_page { "  with its page" } else { "" })
    }

    /// Shows what the functions log and what the page's server writes; never returns. Nothing is lost when the future is
    /// dropped.
    pub async fn show(&mut self, report: &mut Report) -> Infallible {
        let Background { logs, status, page } = self;
        let mut frames = frames();
        loop {
            // A poll that takes longer than a frame goes on.
            let news = {
                let mut polling = std::pin::pin!(poll(logs));
                loop {
                    tokio::select! {
                        biased;
                        event = next_of_page(page) => {
                            let has_ended = !matches!(event, Ok(PageEvent::Line(_)));
                            show_page(event, report);
                            if has_ended {
                                report.state(status);
                            }
                        }
                        news = &mut polling => break news,
                        _ = frames.tick() => report.tick(),
                    }
                }
            };
            if let Some(news) = news {
                report.progress(&news);
            }
            if let Some(logs) = logs {
                logs.show(report);
            }
        }
    }

    /// Ends the page's server.
    pub async fn stop(self) {
        if let Some(Served { page: Some(page), .. }) = self.page {
            page.stop().await;
        }
    }
}

/// What the page does next; forgets a page that ended.
async fn next_of_page(served: &mut Option<Served>) -> std::io::Result<PageEvent> {
    let Some(Served { page, .. }) = served else { return std::future::pending().await };
    let Some(running) = page else { return std::future::pending().await };
    let event = running.next().await;
    if !matches!(event, Ok(PageEvent::Line(_))) {
        *page = None;
    }
    event
}

fn show_page(event: std::io::Result<PageEvent>, report: &mut Report) {
    let text = match event {
        Ok(PageEvent::Line(line)) if line.trim().is_empty() => return,
        Ok(PageEvent::Line(line)) => format!("page: {}", without_sequences(&line)),
        Ok(PageEvent::Ended(status)) => {
            format!("page: ended with {status}; it starts again when you save stack.yaml")
        }
        Err(error) => format!("page: {error}"),
    };
    report.progress(&text);
}

async fn poll(logs: &mut Option<Logs>) -> Option<String> {
    match logs {
        Some(logs) => logs.poll().await,
        None => std::future::pending().await,
    }
}
