//! What goes on while nothing changes: the functions' logs, and the page's server.

use std::{collections::VecDeque, convert::Infallible};

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
    page: Option<(PageCommand, Page)>,
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
    /// Serves the page, unless it is served.
    ///
    /// # Errors
    /// The system's.
    pub fn serve(&mut self, command: PageCommand) -> Result<(), Error> {
        if self.page.as_ref().is_some_and(|(served, _)| *served == command) {
            return Ok(());
        }
        let page = Page::start(&command, credentials());
        let page = page.map_err(|source| Error::Io { doing: format!("run {}", command.command), source })?;
        self.page = Some((command, page));
        Ok(())
    }

    /// Whether a page is served.
    pub fn has_page(&self) -> bool {
        self.page.is_some()
    }

    /// Shows what the functions log and what the page's server writes; never returns. Nothing is lost when the future is
    /// dropped.
    pub async fn show(&mut self, report: &mut Report) -> Infallible {
        let Background { logs, page } = self;
        let mut frames = frames();
        loop {
            // A poll that takes longer than a frame goes on.
            let news = {
                let mut polling = std::pin::pin!(poll(logs));
                loop {
                    tokio::select! {
                        biased;
                        event = next_of_page(page) => show_page(event, report),
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
        if let Some((_, page)) = self.page {
            page.stop().await;
        }
    }
}

/// What the page does next; forgets a page that ended.
async fn next_of_page(page: &mut Option<(PageCommand, Page)>) -> std::io::Result<PageEvent> {
    let Some((_, served)) = page else { return std::future::pending().await };
    let event = served.next().await;
    if !matches!(event, Ok(PageEvent::Line(_))) {
        *page = None;
    }
    event
}

fn show_page(event: std::io::Result<PageEvent>, report: &mut Report) {
    let text = match event {
        Ok(PageEvent::Line(line)) if line.trim().is_empty() => return,
        Ok(PageEvent::Line(line)) => format!("page: {}", without_sequences(&line)),
        Ok(PageEvent::Ended(status)) => format!("page: ended with {status}; the next change starts it again"),
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
