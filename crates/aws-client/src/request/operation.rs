//! The operations of AWS: for each the permissions that it needs, and what its service's answers, rates and hints are.
//!
//! What sends an operation declares it, in its own folder: a request of an undeclared operation does not compile.

use std::{collections::BTreeSet, time::Duration};

use stackctl_stackfile::{names::PolicyArn, stack::Stack};

use stackctl_aws_data::account::Account;

/// An operation, as [`operations!`] declares it.
#[derive(Debug)]
pub struct Operation {
    /// The service and the name, as in `s3:CreateBucket`.
    pub name: &'static str,
    /// Its service.
    pub service: &'static Service,
    /// The permissions that it needs; none where it needs no credentials.
    pub permissions: &'static [Permission],
}

/// The properties that the operations of a service share.
#[derive(Debug)]
pub struct Service {
    /// What errors mean; the first row that fits counts.
    pub meanings: &'static [Meaning],
    /// The rates that an operation, by its name without the service, counts for.
    pub rates: fn(&str) -> Vec<Rate>,
    /// When a throttled operation, by its name without the service, is sent again, where that is not as usual.
    pub throttled: fn(&str) -> Option<Schedule>,
    /// The way out of an error that only this service answers.
    pub hint: fn(&ErrorAnswer) -> Option<String>,
}

/// The class of an error, which decides the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Too many requests: later (X-02, AGW-01, AGW-03).
    Throttle,
    /// IAM has not spread something yet (IAM-02, LAM-01 to LAM-04).
    Propagation,
    /// Something else is being done to the same thing (LAM-06 to LAM-08, COG-02, AGW-10, AGW-12, S3-04, LOG-02).
    Busy,
    /// The server failed or no answer came: done or not done.
    Unclear,
    /// Nothing listens at the address: not done.
    Unreachable,
    /// It is there already.
    Exists,
    /// It is not there.
    Gone,
    /// It was there a moment ago, and is not visible (S3-06, IAM-06, LAM-11).
    NotVisible,
    /// Nothing that waiting would change.
    Final,
}

/// The class of an error code.
#[derive(Debug)]
pub struct Meaning {
    /// The operation's name without the service; empty: any operation of the service.
    pub operation: &'static str,
    /// The error code.
    pub code: &'static str,
    /// A part of the error's text.
    pub text: &'static str,
    /// The meaning.
    pub class: Class,
}

/// So many requests at once, and then so many a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// The name of what AWS counts together.
    pub of: &'static str,
    /// At once.
    pub burst: u32,
    /// After that.
    pub per_second: f64,
}

/// An error that AWS answered with.
#[derive(Debug, Clone)]
pub struct ErrorAnswer {
    /// The operation, as in `s3:CreateBucket`.
    pub operation: &'static Operation,
    /// The HTTP status.
    pub status: u16,
    /// The error code, such as `NoSuchBucket`; empty when there is none.
    pub code: String,
    /// AWS's own words, and after them the region that S3 names in a header alone.
    pub message: String,
    /// When AWS wants to be asked again.
    pub retry_after: Option<Duration>,
}

/// How often something is tried again, and when to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The first pause; each next one is twice as long.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// When to give up.
    pub bound: Duration,
    /// Whether a pause may be shorter, down to its half: runs that are refused together must not come back together.
    pub jitter: bool,
    /// Whether a pause is counted from when the last try was sent, not from its answer: the time that an answer takes
    /// then does not change how often stackctl asks.
    pub paced: bool,
}

/// A state of AWS that stackctl polls for.
#[derive(Debug, Clone, Copy)]
pub struct Awaited {
    /// The reason of the wait, as the user reads it.
    pub for_what: &'static str,
    /// It never comes before this: the first question is sent then.
    pub not_before: Duration,
    /// How often it is asked for, and for how long.
    pub schedule: Schedule,
    /// What to do when it does not come; none: the caller says so.
    pub hint: Option<&'static str>,
}

/// The command that sends an operation; `stackctl policy` prints one policy for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To apply and to destroy, and all that needs less.
    Apply,
    /// To plan.
    Plan,
    /// To read outputs.
    Outputs,
    /// To manage users.
    User,
    /// To verify: to make users and objects, and to take them away again.
    Verify,
    /// To read the logs of functions.
    Logs,
    /// To show and rotate the secrets of webhooks.
    Secret,
    /// To adopt and release resources.
    Adopt,
}

impl Purpose {
    /// The value of `stackctl policy --for`.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Apply => "apply",
            Purpose::Plan => "plan",
            Purpose::Outputs => "outputs",
            Purpose::User => "user",
            Purpose::Verify => "verify",
            Purpose::Logs => "logs",
            Purpose::Secret => "secret",
            Purpose::Adopt => "adopt",
        }
    }
}

/// A row of an operation's permissions.
#[derive(Debug)]
pub struct Permission {
    /// The commands that send the operation.
    pub purposes: &'static [Purpose],
    /// The IAM actions.
    pub actions: &'static [&'static str],
    /// The resources they are allowed on.
    pub on: &'static Target,
}

/// The resources of an operation; each target is one statement of a policy.
#[derive(Debug)]
pub struct Target {
    /// The statement's id.
    pub sid: &'static str,
    /// ARNs and patterns of them; none: the stack needs no such statement.
    pub resources: fn(&Scope<'_>) -> BTreeSet<String>,
    /// The key of a condition, and the value that it must have.
    pub condition: fn(&Scope<'_>) -> Option<(String, String)>,
    /// The resources are those that the statement is not about: a request to create something names `*`, which is no
    /// existing resource's ARN.
    pub is_new: bool,
}

/// The stack, account and boundary that a policy is for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The stack.
    pub stack: &'a Stack,
    /// The account.
    pub account: &'a Account,
    /// The permissions boundary that every role has to have.
    pub boundary: Option<&'a PolicyArn>,
}

/// Every command.
pub const ALL: &[Purpose] = &[
    Purpose::Apply,
    Purpose::Plan,
    Purpose::Outputs,
    Purpose::User,
    Purpose::Verify,
    Purpose::Logs,
    Purpose::Secret,
    Purpose::Adopt,
];
/// Reading outputs, and what includes that.
pub const LOCATE: &[Purpose] =
    &[Purpose::Apply, Purpose::Plan, Purpose::Outputs, Purpose::User, Purpose::Verify, Purpose::Adopt];
/// Commands that look at every resource.
pub const LOOK: &[Purpose] = &[Purpose::Apply, Purpose::Plan, Purpose::Verify, Purpose::Adopt];
/// Commands that look at every resource, and the one that reads logs.
pub const LOOK_OR_LOGS: &[Purpose] =
    &[Purpose::Apply, Purpose::Plan, Purpose::Verify, Purpose::Logs, Purpose::Adopt];
/// Reading logs alone.
pub const READ_LOGS: &[Purpose] = &[Purpose::Logs];
/// Planning, and what includes it.
pub const PLAN: &[Purpose] = &[Purpose::Apply, Purpose::Plan];
/// Planning, and the commands about users.
pub const PLAN_OR_USER: &[Purpose] = &[Purpose::Apply, Purpose::Plan, Purpose::User];
/// Changes of tags, and the lock.
pub const APPLY_OR_ADOPT: &[Purpose] = &[Purpose::Apply, Purpose::Adopt];
/// Adoption and release alone.
pub const ADOPT: &[Purpose] = &[Purpose::Adopt];
/// Changes of a stack.
pub const APPLY: &[Purpose] = &[Purpose::Apply];
/// The commands that add and remove users.
pub const USER: &[Purpose] = &[Purpose::User, Purpose::Verify];
/// The commands about users alone.
pub const USER_ALONE: &[Purpose] = &[Purpose::User];
/// The commands about secrets alone.
pub const SECRET: &[Purpose] = &[Purpose::Secret];
/// Commands that look at every resource, and those about secrets.
pub const LOOK_OR_SECRET: &[Purpose] =
    &[Purpose::Apply, Purpose::Plan, Purpose::Verify, Purpose::Secret, Purpose::Adopt];
/// Verification alone.
pub const VERIFY: &[Purpose] = &[Purpose::Verify];

/// Operations that IAM can't limit: lists of everything, and resources that have no id yet.
pub static ANYTHING: Target =
    Target { resources: |_| BTreeSet::from(["*".to_owned()]), ..Target::new("Anything") };

impl Operation {
    /// Its name without the service, as in `CreateBucket`.
    pub fn short(&self) -> &'static str {
        self.name.split_once(':').map_or(self.name, |(_, name)| name)
    }

    /// The policy of `stackctl policy` that allows it.
    pub fn policy(&self) -> Purpose {
        let mut purposes = self.permissions.iter().flat_map(|it| it.purposes);
        let first = purposes.clone().next().copied().unwrap_or(Purpose::Apply);
        if purposes.any(|it| *it == Purpose::Apply) { Purpose::Apply } else { first }
    }

    /// The IAM actions that it needs.
    pub fn actions(&self) -> BTreeSet<&'static str> {
        self.permissions.iter().flat_map(|it| it.actions.iter().copied()).collect()
    }
}

impl Service {
    /// One whose answers are those that every service gives.
    pub const fn new() -> Service {
        Service { meanings: &[], rates: |_| Vec::new(), throttled: |_| None, hint: |_| None }
    }
}

impl Default for Service {
    fn default() -> Service {
        Service::new()
    }
}

impl Meaning {
    /// A row for every operation of the service.
    pub const fn of(code: &'static str, text: &'static str, class: Class) -> Meaning {
        Meaning { operation: "", code, text, class }
    }

    /// The same for one operation.
    pub const fn only_for(self, operation: &'static str) -> Meaning {
        Meaning { operation, ..self }
    }
}

impl Target {
    /// One without resources and condition.
    pub const fn new(sid: &'static str) -> Target {
        Target { sid, resources: |_| BTreeSet::new(), condition: |_| None, is_new: false }
    }
}

impl Schedule {
    /// Pauses in milliseconds, the bound in seconds.
    pub const fn new(first: u64, longest: u64, bound: u64) -> Schedule {
        Schedule {
            first: Duration::from_millis(first),
            longest: Duration::from_millis(longest),
            bound: Duration::from_secs(bound),
            jitter: false,
            paced: false,
        }
    }

    /// With shorter pauses at random.
    pub const fn jittered(self) -> Schedule {
        Schedule { jitter: true, ..self }
    }

    /// With pauses that are counted from when the last try was sent.
    pub const fn paced(self) -> Schedule {
        Schedule { paced: true, ..self }
    }

    /// The pause after so many earlier ones and a try that took so long, before any jitter.
    pub fn pause(&self, earlier: u32, took: Duration) -> Duration {
        let long = self.longest.min(self.first.saturating_mul(2_u32.saturating_pow(earlier)));
        // A slow answer does not lead to requests without a pause.
        if self.paced { long.saturating_sub(took).max(long / 3) } else { long }
    }
}

/// Declares the operations of a service that a module sends, and the list of them, `OPERATIONS`. A row is the constant's
/// name, the operation's name, and its permissions: who sends it, the IAM actions, on what.
#[macro_export]
macro_rules! operations {
    ($service:expr; $($row:ident = $name:literal $(: $($purposes:ident [$($action:literal),+] $on:ident)+)?;)+) => {
        $(
            #[doc = concat!("`", $name, "`")]
            pub static $row: $crate::request::operation::Operation = $crate::request::operation::Operation {
                name: $name,
                service: $service,
                permissions: &[$($($crate::request::operation::Permission {
                    purposes: $purposes,
                    actions: &[$($action),+],
                    on: &$on,
                }),+)?],
            };
        )+

        /// All of them.
        pub static OPERATIONS: &[&$crate::request::operation::Operation] = &[$(&$row),+];
    };
}

pub use crate::operations;
