//! `stackctl logs`.

use clap::Args;
use stackctl_aws::log_groups::LogGroups;
use stackctl_aws_client::request::{error::AwsError, wait};
use stackctl_logs::{
    follower::Follower,
    line::{Filter, Reader},
    since::{self, FORMS},
};
use stackctl_results::text::logs::LogView;
use stackctl_stackfile::{names::LogicalName, stack::Stack};
use tokio::{sync::mpsc, time::interval};

use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{follow::watch, interrupt::Interrupt},
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl logs                          all functions, the last ten minutes
  stackctl logs presign --follow         one function, until Ctrl-C
  stackctl logs --since 2h --errors      also --since 14:30, --since 2026-11-30
  stackctl logs --request 8f1a2b3c       one request, by the beginning of its id
  stackctl logs presign --raw | jq .     the messages as the function wrote them

The log of the local cloud itself: stackctl local logs";

/// Show what the functions logged
#[derive(Debug, Args)]
#[command(name = "logs", after_help = EXAMPLES)]
pub struct ShowLogs {
    /// The functions, by their names in the file [default: all]
    #[arg(value_name = "FUNCTION")]
    functions: Vec<String>,
    /// Show new events until Ctrl-C
    #[arg(short = 'F', long)]
    follow: bool,
    /// Show events since then: 10m, 2h, 3d, 14:30 or 2026-11-30T14:30
    #[arg(long, value_name = "TIME", default_value = "10m")]
    since: String,
    /// Show only errors, and requests that were refused or failed
    #[arg(long)]
    errors: bool,
    /// Show only the request with this id, or whose id begins so
    #[arg(long, value_name = "ID")]
    request: Option<String>,
    /// Show each message as it is, and nothing else
    #[arg(long)]
    raw: bool,
}

impl ShowLogs {
    /// Shows the events, and with `--follow` new ones until Ctrl-C.
    ///
    /// # Errors
    /// Functions that the file does not have, a wrong time, and AWS's errors.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let file = StackFile::read(global, report)?;
        let functions = self.chosen(&file.stack)?;
        let now = since::now();
        let since = since::moment(&self.since, &now).ok_or_else(|| Error::Usage {
            what: format!("`{}` is not a time in the past", self.since),
            hint: format!("use one of these forms: {FORMS}"),
        })?;
        let (mut interrupt, _) = Interrupt::listen()?;
        let reach = reach(global, &file.stack, true, report, &mut interrupt).await?;
        let finding = LogGroups::find(&file.stack, &reach, &functions);
        let groups = match watch("looking", report, &mut interrupt, finding).await {
            Err(Error::Stopped) => return Ok(exit::DONE),
            groups => groups??,
        };
        let names: Vec<String> = functions.iter().map(ToString::to_string).collect();
        if self.follow {
            let start = since::local(since, &now);
            report.progress(&format!("following {} since {start}; Ctrl-C ends it", names.join(", ")));
        }
        let filter = Filter { errors: self.errors, request: self.request.clone() };
        let mut follower = Follower::new(names.len(), since);
        let mut reader = Reader::new(names.clone(), filter);
        let view = LogView { raw: self.raw, several: names.len() > 1 };
        let mut polls = interval(groups.poll_every());
        let mut shown = 0;
        loop {
            tokio::select! {
                () = interrupt.next() => return Ok(exit::DONE),
                _ = polls.tick() => {}
            }
            let poll = poll(&mut follower, &groups, &mut reader, view, report);
            match tokio::select! { () = interrupt.next() => return Ok(exit::DONE), polled = poll => polled } {
                Ok(count) => shown += count,
                Err(error) if self.follow && error.may_pass() => {
                    report.progress(&format!("{error}; following goes on"));
                }
                Err(source) => return Err(Error::Logs(source)),
            }
            if !self.follow || !report.is_read() {
                break;
            }
        }
        if shown == 0 && !report.is_json() {
            for group in follower.missing() {
                let (function, name) = (&names[group], &groups.names[group]);
                report.progress(&format!(
                    "{function}: nothing so far; the log group {name} does not exist yet"
                ));
            }
            let looked = if self.since == "10m" { "; --since 2h looks further back" } else { "" };
            report.progress(&format!("no events since {}{looked}", since::local(since, &now)));
        }
        Ok(exit::DONE)
    }

    /// The functions of the file that the arguments name, or all.
    fn chosen(&self, stack: &Stack) -> Result<Vec<LogicalName>, Error> {
        let all: Vec<&LogicalName> = stack.functions.keys().chain(stack.existing_functions.keys()).collect();
        if all.is_empty() {
            return Err(Error::Usage {
                what: "the file has no functions".to_owned(),
                hint: "only functions have logs; add one below `functions:`".to_owned(),
            });
        }
        if self.functions.is_empty() {
            return Ok(all.into_iter().cloned().collect());
        }
        let find = |wanted: &String| {
            let found = all.iter().find(|name| name.as_str() == wanted);
            found.map(|it| LogicalName::clone(it)).ok_or_else(|| {
                let names: Vec<&str> = all.iter().map(|it| it.as_str()).collect();
                Error::Usage {
                    what: format!("the file has no function `{wanted}`"),
                    hint: format!("its functions: {}", names.join(", ")),
                }
            })
        };
        let mut chosen = self.functions.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        chosen.sort();
        chosen.dedup();
        Ok(chosen)
    }
}

/// Polls all log groups once, prints the lines as they arrive, and returns their number.
async fn poll(
    follower: &mut Follower,
    groups: &LogGroups,
    reader: &mut Reader,
    view: LogView,
    report: &mut Report,
) -> Result<usize, AwsError> {
    let (waits, mut told) = mpsc::unbounded_channel();
    let (sender, mut events) = mpsc::unbounded_channel();
    let ask = async |group, request| groups.page(group, &request).await;
    let show = |group, event| {
        // The receiver lives as long as this function.
        let _ = sender.send((group, event));
    };
    let mut work = std::pin::pin!(wait::told(waits, follower.poll(ask, show)));
    let mut shown = 0;
    let now = since::now();
    let mut print = |(group, event), report: &mut Report| {
        if let Some(line) = reader.read(group, event) {
            shown += 1;
            report.log(&line, view, &now);
        }
    };
    let done = loop {
        tokio::select! {
            biased;
            Some(event) = events.recv() => print(event, report),
            Some(text) = told.recv() => report.progress(&text),
            done = &mut work => break done,
        }
    };
    while let Ok(event) = events.try_recv() {
        print(event, report);
    }
    done.map(|()| shown)
}
