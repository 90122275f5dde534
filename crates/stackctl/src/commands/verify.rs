//! `stackctl verify`.

use std::{fs, path::PathBuf, pin::pin, time::Instant};

use clap::Args;
use stackctl_aws::{outputs, session::Session};
use stackctl_engine::{Address, Aim, Events, Reporter};
use stackctl_results::score::Score;
use stackctl_verify::verification::{EventFile, Verification};
use tokio::sync::mpsc;

use crate::{
    cloud::reach::reach,
    error::{Error, user::UserError},
    exit,
    options::Global,
    report::Report,
    run::{
        applied,
        follow::{frames, watch},
        interrupt::Interrupt,
    },
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl verify                        after an apply
  stackctl --local verify                the same on this machine
  stackctl verify --json | jq 'select(.result == \"failed\")'

  stackctl verify --events photo.jpg     also deliver events of this file to the functions they call

A temporary user signs in and uploads a small file. stackctl removes both, also after Ctrl-C.
Exits with code 1 when a check fails.";

/// Prove from outside that the stack works and is closed
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Verify {
    /// Also deliver the events of buckets to their functions: twice, late and out of order. FILE is uploaded for it
    /// instead of a small text
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    events: Option<Option<PathBuf>>,
}

impl Verify {
    /// Runs all checks.
    ///
    /// # Errors
    /// A stack that is not applied, and failed checks.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let event_file = self.events.map(|it| it.map(event_file).transpose()).transpose()?;
        let file = StackFile::read(global, report)?;
        let (stack, packages) = (&file.stack, file.packages(report).await?);
        let (mut interrupt, stop) = Interrupt::listen()?;
        let reach = reach(global, stack, false, report, &mut interrupt).await?;
        let looking = Session::begin(stack, &reach, &packages, Aim::Apply);
        let session = watch("looking", report, &mut interrupt, looking).await??;
        let plan = session.look.plan(&session.graph);
        let outputs = outputs::of(stack, &session.aws.account, &session.look.known);
        applied::require(stack, &outputs, session.look.not_ours().cloned().collect())?;

        let began = Instant::now();
        let (events, mut waits) = Events::channel();
        let (told, mut checks) = mpsc::unbounded_channel();
        let address = Address { kind: "stack", name: stack.name.to_string() };
        let reporter = Reporter::new(address, events, stop.clone());
        let verification =
            Verification { stack, aws: &session.aws, outputs: &outputs, plan: &plan, events: event_file };
        let mut score = Score::default();
        report.begin("verifying", None);
        let mut work = pin!(verification.run(&told, &reporter));
        let mut frames = frames();
        loop {
            tokio::select! {
                biased;
                Some(check) = checks.recv() => { score.count(&check.verdict); report.check(&check) },
                Some(wait) = waits.recv() => report.event(&wait),
                () = &mut work => break,
                () = interrupt.next() => {
                    if !interrupt.ask_to_stop() {
                        report.finish();
                        return Err(UserError::Unclear { what: "the temporary user was removed".to_owned() }.into());
                    }
                    report.stopping();
                }
                _ = frames.tick() => report.tick(),
            }
        }
        while let Ok(check) = checks.try_recv() {
            {
                score.count(&check.verdict);
                report.check(&check)
            };
        }
        report.finish();
        if stop.is_asked() {
            return Err(Error::Stopped);
        }
        if score.failed > 0 {
            return Err(Error::Broken { failed: score.failed, all: score.passed + score.failed });
        }
        report.verified(score, began.elapsed());
        Ok(exit::DONE)
    }
}

/// The file that is uploaded for the events.
fn event_file(path: PathBuf) -> Result<EventFile, Error> {
    let ending = path.extension().map_or(String::new(), |it| format!(".{}", it.to_string_lossy()));
    match fs::read(&path) {
        Ok(bytes) => Ok(EventFile { bytes, ending }),
        Err(error) => {
            Err(Error::Usage { what: format!("could not read {}", path.display()), hint: error.to_string() })
        }
    }
}
