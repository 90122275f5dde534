//! `stackctl local messages`.

use std::time::Duration;

use clap::Args;
use stackctl_localcloud::Messages;
use stackctl_logs::since;
use tokio::time::interval;

use crate::{cloud::local, error::Error, exit, report::Report, run::interrupt::Interrupt};

/// The interval between two reads of followed messages.
const LOOK_EVERY: Duration = Duration::from_millis(250);

const EXAMPLES: &str = "\
Examples:
  stackctl local messages --follow           while a user signs up
  stackctl local messages --json --to ada@example.com

A code works once: for a day after a sign-up, for an hour to set a password.";

/// Show the mails and codes of the local cloud's user pools
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShowMessages {
    /// Show new messages until Ctrl-C
    #[arg(short = 'F', long)]
    follow: bool,
    /// Show only messages to this address
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// The number of messages to show, counted from the end
    #[arg(short = 'n', long, value_name = "N", default_value_t = 100)]
    lines: usize,
}

impl ShowMessages {
    /// Shows the messages.
    ///
    /// # Errors
    /// A file that can't be read.
    pub async fn run(self, report: &mut Report) -> Result<u8, Error> {
        let instance = local::instance()?;
        let mut messages = Messages::of(&instance);
        let mut news = || {
            let failed =
                |source| Error::Io { doing: format!("read {}", instance.messages().display()), source };
            let mut news = messages.news().map_err(failed)?;
            news.retain(|it| self.to.as_ref().is_none_or(|to| it.to == *to));
            Ok::<_, Error>(news)
        };
        let sent = news()?;
        if sent.is_empty() && !self.follow && !report.is_json() {
            report.progress("no user pool of the local cloud has sent a message");
        }
        for message in &sent[sent.len().saturating_sub(self.lines)..] {
            report.message(message, &since::now());
        }
        if !self.follow {
            return Ok(exit::DONE);
        }
        let (mut interrupt, _) = Interrupt::listen()?;
        let mut looks = interval(LOOK_EVERY);
        while report.is_read() {
            tokio::select! {
                () = interrupt.next() => break,
                _ = looks.tick() => {}
            }
            for message in &news()? {
                report.message(message, &since::now());
            }
        }
        Ok(exit::DONE)
    }
}
