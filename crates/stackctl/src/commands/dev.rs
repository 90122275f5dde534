//! `stackctl dev`.

mod background;
mod code;
mod page;

use std::{
    fs,
    path::PathBuf,
    pin::pin,
    time::{Duration, Instant},
};

use clap::Args;
use stackctl_aws::outputs;
use stackctl_aws_data::outputs::Outputs;
use stackctl_dev::{page::PageCommand, watch::Watch};
use stackctl_engine::Aim;
use stackctl_logs::since;
use stackctl_package::{Packages, workspace_root};
use stackctl_stackfile::{function::Source, is_for_development, stack::Stack};
use stackctl_views::{exposures, style::seconds};
use tokio::time::interval;

use self::{
    background::{Background, Logs},
    code::{Builds, Built, Fingerprint},
};
use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{
        change::{Consent, Question, StackChange, require_consent},
        interrupt::Interrupt,
    },
    stack_file::StackFile,
};

const EXAMPLES: &str = "\
Examples:
  stackctl dev                           on the local cloud
  stackctl dev --aws --env me            in an environment of the file with `dev: true`

What is saved is built and applied. A change that deletes something, or that opens something, is
asked about first. Until the new code is there, the code before it answers.";

/// Apply what is saved, at once, on the local cloud; logs and page
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Dev {
    /// Use AWS, in an environment of the file with `dev: true`
    #[arg(long, conflicts_with = "local")]
    aws: bool,
    /// Don't ask before the first apply on AWS
    #[arg(short, long, requires = "aws")]
    yes: bool,
}

/// What was applied last.
struct Applied {
    fingerprint: Fingerprint,
    outputs: Outputs,
    stack: Stack,
}

/// What a save led to.
enum Step {
    /// The stack is as the file says.
    Applied,
    /// Files changed during the build.
    Again,
}

impl Dev {
    /// Builds and applies what is saved, until Ctrl-C.
    ///
    /// # Errors
    /// A file with problems at the start, an environment that is not for development, and folders that can't be watched.
    pub async fn run(self, global: &Global, report: &mut Report) -> Result<u8, Error> {
        let global = &Global { local: !self.aws, ..global.clone() };
        let file = StackFile::read(global, report)?;
        let first = if self.aws {
            require_development(&file)?;
            require_consent(self.yes)?
        } else {
            Consent::for_risks(exposures::of(&file.stack))
        };
        let watch = Watch::begin(&[folder(&file).await]).map_err(Error::Watch)?;
        let (interrupt, _) = Interrupt::listen()?;
        let run =
            Run { global, watch, interrupt, background: Background::default(), builds: Builds::default() };
        report.let_errors_stand();
        run.until_stopped(first, report).await.map(|()| exit::DONE)
    }
}

/// A run of `stackctl dev`.
struct Run<'a> {
    global: &'a Global,
    watch: Watch,
    interrupt: Interrupt,
    background: Background,
    builds: Builds,
}

impl Run<'_> {
    async fn until_stopped(mut self, first: Consent, report: &mut Report) -> Result<(), Error> {
        let (mut first, mut applied) = (Some(first), None);
        let end = loop {
            let saved = Instant::now();
            match self.bring_up(&mut first, &mut applied, saved, report).await {
                Ok(Step::Applied) => {}
                Ok(Step::Again) => continue,
                Err(error @ (Error::Stopped | Error::Left { .. })) => break Err(error),
                Err(error) => report.error(&error),
            }
            report.begin("waiting for changes", None);
            let changed = tokio::select! {
                biased;
                () = self.interrupt.next() => break Ok(()),
                changed = self.watch.changed() => changed,
                never = self.background.show(report) => match never {},
            };
            report.finish();
            changed.map_err(Error::Watch)?;
        };
        report.finish();
        self.background.stop().await;
        match end {
            Err(Error::Stopped) => Ok(()),
            end => end,
        }
    }

    /// Reads the file, builds the code, and applies both unless they are what was applied last.
    async fn bring_up(
        &mut self,
        first: &mut Option<Consent>,
        applied: &mut Option<Applied>,
        saved: Instant,
        report: &mut Report,
    ) -> Result<Step, Error> {
        let began = since::now();
        report.stand(&self.background.standing());
        let file = StackFile::read(self.global, report)?;
        if !self.global.local {
            require_development(&file)?;
        }
        let packages = file.packages(report).await?;
        let fingerprint = match self.build(&file, &packages, report).await? {
            Built::Code(fingerprint) => fingerprint,
            Built::Superseded => return Ok(Step::Again),
        };
        if applied.as_ref().is_some_and(|it| it.fingerprint == fingerprint) {
            self.serve(&file).await?;
            report.stand(&self.background.standing());
            return Ok(Step::Applied);
        }
        let built = saved.elapsed();
        let stack = &file.stack;
        let consent = first.take().unwrap_or_else(|| {
            Consent::for_risks(applied.as_ref().map(|it| exposures::of(&it.stack)).unwrap_or_default())
        });
        let question = consent.question();
        let change = StackChange {
            global: self.global,
            stack,
            packages: &packages,
            aim: Aim::Apply,
            consent,
            releases: false,
        };
        let changed = {
            let mut running = pin!(change.run(report));
            tokio::select! {
                biased;
                changed = &mut running => Some(changed?),
                () = another_file(&file, question) => None,
            }
        };
        let Some(changed) = changed else {
            report.end_line();
            report.progress("stack.yaml was saved: the question is withdrawn");
            return Ok(Step::Again);
        };
        changed.code()?;
        report.progress(&format!(
            "{} is live since {}, {} after the change (build {})",
            stack.name,
            since::now().strftime("%H:%M:%S"),
            seconds(saved.elapsed()),
            seconds(built)
        ));
        let outputs = outputs::of(stack, &changed.account, &changed.known);
        let before = applied.replace(Applied { fingerprint, outputs: outputs.clone(), stack: stack.clone() });
        if before.as_ref().is_none_or(|it| it.outputs != outputs) {
            report.outputs(&outputs);
        }
        self.follow(&file, before.as_ref(), &outputs, began.timestamp().as_millisecond(), report).await?;
        report.stand(&self.background.standing());
        Ok(Step::Applied)
    }

    /// Follows the logs of the functions since a moment, and serves the page.
    async fn follow(
        &mut self,
        file: &StackFile,
        before: Option<&Applied>,
        outputs: &Outputs,
        since: i64,
        report: &mut Report,
    ) -> Result<(), Error> {
        let stack = &file.stack;
        if before.is_none_or(|it| it.stack.functions.keys().ne(stack.functions.keys())) {
            let reach = reach(self.global, stack, true, report, &mut self.interrupt).await?;
            self.background.logs = Logs::find(stack, &reach, since).await?;
        }
        if let Some(page) = page_of(file) {
            page::write_outputs(&page, outputs, stack, report)?;
        }
        self.background.status = status(outputs);
        self.serve(file).await
    }

    /// Serves the page of the file.
    async fn serve(&mut self, file: &StackFile) -> Result<(), Error> {
        let saved = fs::metadata(&file.path).and_then(|it| it.modified()).ok();
        self.background.serve(page_of(file), saved).await
    }

    /// Builds all code, while the logs and the page go on.
    async fn build(
        &mut self,
        file: &StackFile,
        packages: &Packages,
        report: &mut Report,
    ) -> Result<Built, Error> {
        let building = self.builds.build(file, packages, &mut self.watch);
        report.begin("building", None);
        let built = tokio::select! {
            biased;
            () = self.interrupt.next() => Err(Error::Stopped),
            built = building => built,
            never = self.background.show(report) => match never {},
        };
        report.finish();
        built
    }
}

/// Checks that the environment is one for development.
fn require_development(file: &StackFile) -> Result<(), Error> {
    let error = |what: &str, hint: &str| Err(Error::Usage { what: what.to_owned(), hint: hint.to_owned() });
    match file.env() {
        Some(env) if is_for_development(file.text(), env) => Ok(()),
        Some(env) => error(
            &format!("the environment `{env}` is not for development"),
            &format!(
                "use one of your own; `envs: {{{env}: {{dev: true}}}}` in the file says that it is for development"
            ),
        ),
        None => error(
            "`dev --aws` needs an environment for development",
            "add one of your own, such as `envs: {me: {dev: true}}`, and name it: --env me",
        ),
    }
}

/// The folder whose sources are watched: that of the file, or of the cargo workspace that builds functions of it.
async fn folder(file: &StackFile) -> PathBuf {
    let is_package = |source: &Source| matches!(source, Source::Package { .. });
    if file.stack.functions.values().any(|it| is_package(&it.source)) {
        return workspace_root(&file.folder).await.unwrap_or_else(|| file.folder.clone());
    }
    file.folder.clone()
}

/// The command that serves the page of the file.
fn page_of(file: &StackFile) -> Option<PageCommand> {
    PageCommand::find(&file.folder, file.stack.dev.as_ref().map(|it| it.as_str()))
}

/// Returns once a question is open and the file is not the one that it is about.
async fn another_file(file: &StackFile, question: Question) {
    question.opens().await;
    let mut looks = interval(Duration::from_millis(200));
    while !fs::read_to_string(&file.path).is_ok_and(|it| it != file.text()) {
        looks.tick().await;
    }
}

/// The line that stands at the bottom.
fn status(outputs: &Outputs) -> String {
    let at = outputs.endpoint.as_ref().map(|it| format!("  {it}")).unwrap_or_default();
    format!("{}{at}", outputs.stack)
}
