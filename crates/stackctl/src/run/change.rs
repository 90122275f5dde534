//! Changes a stack, for apply and destroy: look, show the plan, ask, lock, look again when time has passed, run the plan.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use stackctl_aws::session::Session;
use stackctl_aws_client::{
    clients::{Aws, Reach},
    lock::{Lock, lease::Lease, marks::Marks},
};
use stackctl_aws_data::account::Account;
use stackctl_engine::{Address, Aim, Events, Known, Plan, Run, Stop, apply::apply, destroy::destroy};
use stackctl_package::Packages;
use stackctl_results::reviewed::Reviewed;
use stackctl_stackfile::stack::Stack;
use stackctl_views::{plan::nothing_to_do, target::Target};

use tokio::sync::watch::{Receiver, Sender};

use crate::{
    cloud::reach::reach,
    error::Error,
    exit,
    options::Global,
    report::Report,
    run::{
        ask,
        follow::{follow, watch},
        locked::{Ends, marks, pace, under_lock},
    },
};

/// A change of a stack.
pub struct StackChange<'a> {
    pub global: &'a Global,
    pub stack: &'a Stack,
    pub packages: &'a Packages,
    pub aim: Aim,
    pub consent: Consent,
    /// Whether orphans are released and not deleted.
    pub releases: bool,
}

/// How the user agrees to a plan.
pub enum Consent {
    /// The user answers a question.
    Asked,
    /// The user agreed to any plan, with `--yes`.
    Given,
    /// The user agreed to the plan of this file.
    Reviewed(Box<Reviewed>, PathBuf),
    /// The user is shown, and answers a question about, only a plan that deletes something or opens more than this.
    ForRisks { open: Vec<String>, asking: Sender<bool> },
}

/// The question of a change. While it is open, nothing is under way, and the change may be dropped.
pub struct Question(Option<Receiver<bool>>);

impl Question {
    /// Returns once the question is open; never if the change does not ask one.
    pub async fn opens(mut self) {
        if let Some(asking) = &mut self.0
            && asking.wait_for(|it| *it).await.is_ok()
        {
            return;
        }
        std::future::pending().await
    }
}

impl Consent {
    /// A question about a plan that deletes something or opens more than this.
    pub fn for_risks(open: Vec<String>) -> Consent {
        Consent::ForRisks { open, asking: Sender::new(false) }
    }

    /// The question that may be withdrawn.
    pub fn question(&self) -> Question {
        Question(match self {
            Consent::ForRisks { asking, .. } => Some(asking.subscribe()),
            Consent::Asked | Consent::Given | Consent::Reviewed(..) => None,
        })
    }

    /// Says whether the question is open and the lock is not taken.
    fn opens_question(&self, is_open: bool) {
        if let Consent::ForRisks { asking, .. } = self {
            asking.send_replace(is_open);
        }
    }
}

/// The result of a change.
pub struct Changed {
    /// The account.
    pub account: Account,
    /// The outputs of the resources that exist now.
    pub known: Known,
    /// The number of steps that were done.
    pub done: usize,
    /// Whether all steps were done.
    pub complete: bool,
    /// Whether nothing of the stack existed before.
    pub first: bool,
    /// The resources that the plan left out.
    pub left_out: Vec<Address>,
}

impl Changed {
    fn nothing(Session { aws, graph: _, look }: Session, plan: &Plan) -> Changed {
        let left_out = left_out(plan);
        let complete = left_out.is_empty();
        Changed { account: aws.account, known: look.known, done: 0, complete, first: false, left_out }
    }

    /// The exit code.
    ///
    /// # Errors
    /// A change that is not complete.
    pub fn code(&self) -> Result<u8, Error> {
        let Changed { account: _, known: _, done, complete, first: _, ref left_out } = *self;
        match left_out.is_empty() {
            _ if complete => Ok(exit::DONE),
            true => Err(Error::Incomplete { done }),
            false => Err(Error::LeftOut { addresses: left_out.clone() }),
        }
    }
}

/// The resources that a plan leaves out.
fn left_out(plan: &Plan) -> Vec<Address> {
    plan.skipped().map(|entry| entry.address.clone()).collect()
}

/// Checks that the user can confirm the plan, or has confirmed it with `--yes`.
///
/// # Errors
/// No terminal and no `--yes`.
pub fn require_consent(yes: bool) -> Result<Consent, Error> {
    if yes {
        return Ok(Consent::Given);
    }
    if ask::is_possible() {
        return Ok(Consent::Asked);
    }
    Err(no_terminal("use --yes to run the plan without confirmation; `stackctl plan` shows it"))
}

/// The error of a question that has no terminal.
pub fn no_terminal(hint: &str) -> Error {
    Error::Usage { what: "no terminal to ask for confirmation".to_owned(), hint: hint.to_owned() }
}

/// Fails, and shows what differs, unless the plan is the reviewed one.
fn require_same(differences: &[String], file: &Path, report: &mut Report) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    report.progress(&format!("reviewed in {} (-) and planned now (+):", file.display()));
    differences.iter().for_each(|it| report.progress(&format!("  {it}")));
    Err(Error::NotReviewed { file: file.to_owned() })
}

/// Whether a plan deletes something, or the file opens more than it did.
fn is_risky(plan: &Plan, target: &Target, open: &[String]) -> bool {
    plan.deletes() || target.open.iter().any(|it| !open.contains(it))
}

/// A look that is older than this when the lock is taken is repeated: another run may have taken and released the lock
/// since. In a shorter time a run can't create a stack, but it can delete one.
const FRESH: Duration = Duration::from_secs(1);

impl StackChange<'_> {
    /// The target; a stack that is destroyed exposes nothing.
    fn target(&self, account: &Account) -> Target {
        let target = Target::of(account, self.stack);
        match self.aim {
            Aim::Apply => target,
            Aim::Destroy { .. } => Target { open: Vec::new(), ..target },
        }
    }

    /// Looks, shows the plan, asks, and runs the plan.
    ///
    /// # Errors
    /// Errors before the first step; failures of steps are reported.
    pub async fn run(self, report: &mut Report) -> Result<Changed, Error> {
        let mut ends = Ends::listen()?;
        let lease = Lease::new(pace());
        let reach = reach(self.global, self.stack, false, report, &mut ends.interrupt).await?;
        let reach = Reach { lease: Some(lease.clone()), ..reach };

        let looked = Instant::now();
        let (session, plan) = self.look(&reach, report, &mut ends).await?;
        self.show(&session, &plan, report);
        if plan.refused().next().is_some() {
            return Err(Error::Refused);
        }
        // A run that finds nothing to do succeeds, but not in another account.
        if let Consent::Reviewed(reviewed, file) = &self.consent {
            let other = reviewed.other_target(&self.target(&session.aws.account));
            require_same(&other, file, report)?;
        }
        let marks = marks(&session.aws);
        if plan.does_nothing() && !self.finds_a_lock(&session.aws, &lease, &marks).await? {
            return Ok(self.nothing(session, &plan, report));
        }
        if !plan.does_nothing() {
            self.consent.opens_question(true);
            self.agree(&session, &plan, report, &mut ends).await?;
            self.consent.opens_question(false);
        }

        let aws = session.aws.clone();
        // Another run may have created or deleted the other part of a partial stack. In a complete stack, a change finds a
        // resource that is gone; in an absent one, a create finds a resource that exists.
        let first = session.look.saw_nothing();
        let all_or_nothing = session.look.saw_all(&session.graph) || session.look.saw_nothing();
        let was_asked = matches!(self.consent, Consent::Asked);
        let changed = under_lock(&aws, &lease, report, &mut ends, async |activity, report, ends| {
            let is_old = activity.waited || looked.elapsed() > FRESH;
            let time_passed = plan.does_nothing() || was_asked || !all_or_nothing || is_old;
            self.run_locked(&reach, session, plan, time_passed, report, ends).await
        });
        changed.await.map(|it| Changed { first, ..it })
    }

    /// Whether there is a lock to take over: of a run that was killed, or, for destroy, of one that creates resources.
    async fn finds_a_lock(&self, aws: &Aws, lease: &Lease, marks: &Marks) -> Result<bool, Error> {
        let found = match self.aim {
            Aim::Apply => Lock::is_left(aws, lease, marks).await,
            Aim::Destroy { .. } => Lock::is_held(aws).await,
        };
        found.map_err(Error::Lock)
    }

    async fn run_locked(
        &self,
        reach: &Reach,
        mut session: Session,
        mut plan: Plan,
        time_passed: bool,
        report: &mut Report,
        ends: &mut Ends,
    ) -> Result<Changed, Error> {
        let (mut holds, mut done) = (time_passed, 0);
        if time_passed {
            (session, plan) = self.look_again(reach, plan, report, ends).await?;
        }
        while !plan.does_nothing() {
            if holds {
                session.look = session.look.that_holds();
            }
            let (aws, began) = (session.aws.clone(), Instant::now());
            let Ends { events, told, interrupt, stop } = ends;
            let work = self.work(session, &plan, events, stop);
            let doing = match self.aim {
                Aim::Apply => "applying",
                Aim::Destroy { .. } => "destroying",
            };
            let (run, activity) = follow(doing, Some(&plan), told, report, interrupt, work).await?;
            done += run.done;
            if holds || !run.met_what_is_gone() || stop.is_asked() {
                if !run.is_complete() || !matches!(self.consent, Consent::ForRisks { .. }) {
                    report.ran(&run, &activity, &plan, began.elapsed());
                }
                let (complete, left_out) = (run.is_complete(), left_out(&plan));
                let known = run.known;
                return Ok(Changed { account: aws.account, done, complete, first: false, known, left_out });
            }
            // A resource was deleted between the look and the lock: look again.
            (session, plan) = self.look_again(reach, plan, report, ends).await?;
            holds = true;
        }
        Ok(Changed { done, ..self.nothing(session, &plan, report) })
    }

    /// Reports that there is nothing to do, unless the plan leaves resources out.
    fn nothing(&self, session: Session, plan: &Plan, report: &mut Report) -> Changed {
        if plan.is_empty() && !matches!(self.consent, Consent::ForRisks { .. }) {
            report.nothing_to_do(&match self.aim {
                Aim::Apply => nothing_to_do(plan),
                Aim::Destroy { .. } => "nothing to destroy".to_owned(),
            });
        }
        Changed::nothing(session, plan)
    }

    /// Looks until the plan equals the one that was shown last, needs no confirmation, or does nothing.
    async fn look_again(
        &self,
        reach: &Reach,
        mut shown: Plan,
        report: &mut Report,
        ends: &mut Ends,
    ) -> Result<(Session, Plan), Error> {
        loop {
            let (session, plan) = self.look(reach, report, ends).await?;
            if plan.does_nothing() || plan == shown {
                return Ok((session, plan));
            }
            report.progress("the stack has changed since; this is the new plan:");
            self.show(&session, &plan, report);
            if plan.refused().next().is_some() {
                return Err(Error::Refused);
            }
            self.agree(&session, &plan, report, ends).await?;
            match self.consent {
                Consent::Given | Consent::Reviewed(..) | Consent::ForRisks { .. } => {
                    return Ok((session, plan));
                }
                Consent::Asked => shown = plan,
            }
        }
    }

    async fn work(&self, session: Session, plan: &Plan, events: &Events, stop: &Stop) -> Run {
        let Session { aws, graph, look } = session;
        match self.aim {
            Aim::Apply => apply(&graph, look, &aws, events, stop).await,
            Aim::Destroy { .. } => destroy(&graph, look, plan, &aws, events, stop).await,
        }
    }

    async fn look(
        &self,
        reach: &Reach,
        report: &mut Report,
        ends: &mut Ends,
    ) -> Result<(Session, Plan), Error> {
        let looking = async {
            let mut session = Session::begin(self.stack, reach, self.packages, self.aim).await?;
            if self.releases {
                session.look = session.look.that_releases(&session.graph);
            }
            let plan = session.look.plan(&session.graph);
            Ok((session, plan))
        };
        watch("looking", report, &mut ends.interrupt, looking).await?
    }

    /// Shows the plan, unless the consent has no question about it.
    fn show(&self, session: &Session, plan: &Plan, report: &mut Report) {
        let target = self.target(&session.aws.account);
        let quiet = matches!(&self.consent, Consent::ForRisks { open, .. } if !is_risky(plan, &target, open));
        if !quiet || plan.refused().next().is_some() {
            report.plan(&target, plan);
        }
    }

    async fn agree(
        &self,
        session: &Session,
        plan: &Plan,
        report: &mut Report,
        ends: &mut Ends,
    ) -> Result<(), Error> {
        match &self.consent {
            Consent::Given => return Ok(()),
            Consent::Reviewed(reviewed, file) => {
                let mut differences = reviewed.differences(&self.target(&session.aws.account), plan);
                let building = reviewed.other_code(self.stack, self.packages);
                let building = watch("building", report, &mut ends.interrupt, building);
                differences.extend(building.await?.map_err(Error::Code)?);
                return require_same(&differences, file, report);
            }
            Consent::ForRisks { open, .. } if !is_risky(plan, &self.target(&session.aws.account), open) => {
                return Ok(());
            }
            Consent::ForRisks { .. } if !ask::is_possible() => {
                let options = self.global.target_options();
                return Err(no_terminal(&format!("`stackctl apply{options}` makes this change")));
            }
            Consent::ForRisks { .. } | Consent::Asked => {}
        }
        let name = self.stack.name.as_str();
        let question = match self.aim {
            Aim::Apply => "Make these changes? [y/N]".to_owned(),
            Aim::Destroy { .. } => format!("Type {name} to delete all of this:"),
        };
        let answer = ask::ask(&question, report, &mut ends.interrupt).await?.unwrap_or_default();
        let agreed = match self.aim {
            Aim::Apply => ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()),
            Aim::Destroy { .. } => answer.trim() == name,
        };
        if agreed { Ok(()) } else { Err(Error::Declined) }
    }
}
