//! The JSON lines: one object each, whose kind is its `event`.
//!
//! The lines are an interface: fields are added, and none is renamed or removed.

use std::collections::BTreeMap;

use serde::Serialize;
use stackctl_aws_data::outputs::Outputs;
use stackctl_views::target::Target;

use super::objects::{
    Arrow, BuiltinFunction, Entry, Exposure, FailedEvents, LockHolder, ResourceState, User,
};

/// A line.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Line<'a> {
    /// The plan: the steps that make AWS match the file.
    Plan {
        /// The stack and where it is.
        #[serde(flatten)]
        target: &'a Target,
        /// The number of resources that are created.
        create: usize,
        /// The number of resources that are changed.
        change: usize,
        /// The number of resources that are deleted.
        delete: usize,
        /// The number of resources that the file asks to keep.
        keep: usize,
        /// The number of resources that exist already, made by others, and that the stack uses.
        #[serde(rename = "use")]
        uses: usize,
        /// The number of resources with a refused action.
        refuse: usize,
        /// The number of resources that the plan leaves out.
        skip: usize,
        /// The resources with steps, in the order of the run.
        entries: Vec<Entry<'a>>,
        /// Settings in AWS that widen access beyond the file, and that `apply` does not change.
        exposures: Vec<Exposure<'a>>,
    },
    /// Progress outside the steps of a plan, such as the start of the local cloud.
    Progress {
        /// The message.
        text: &'a str,
    },
    /// A step begins.
    Began {
        /// The resource.
        address: String,
        /// The step.
        step: String,
    },
    /// A step waits for AWS, or for another run.
    Waiting {
        /// The resource.
        address: String,
        /// The awaited state.
        #[serde(rename = "for")]
        for_what: &'a str,
    },
    /// A step is done.
    Done {
        /// The resource.
        address: String,
        /// The step.
        step: String,
        /// The duration.
        seconds: f64,
    },
    /// A step failed, or the command did.
    Failed {
        /// The resource; absent when the command failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        /// The step; absent when the command failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        step: Option<String>,
        /// The error.
        error: String,
        /// The causes of the error, the nearest first.
        causes: Vec<String>,
        /// The advice.
        hint: Option<String>,
    },
    /// A resource was skipped.
    Skipped {
        /// The resource.
        address: String,
        /// The resource that it needs.
        because: Option<String>,
    },
    /// After the first Ctrl-C: the steps under way are finished, and no step begins.
    Stopping,
    /// The outputs of the stack.
    Outputs(&'a Outputs),
    /// The files that `stackctl init` wrote.
    Initialized {
        /// The name of the stack.
        stack: &'a str,
        /// The region.
        region: &'a str,
        /// The origins of the pages that may upload.
        origins: &'a [String],
        /// The new files.
        files: Vec<&'a str>,
        /// Whether lines were added to `.gitignore`.
        gitignore: bool,
        /// What is left to do in the project.
        by_hand: &'a [String],
        /// The next commands.
        next: &'a [String],
    },
    /// A file that outputs were written to, or compared with. The lists have the names of variables of an env file.
    OutputsFile {
        /// The file.
        file: &'a str,
        /// `written`, `up_to_date` or `out_of_date`.
        state: &'static str,
        /// Variables that are new in the file.
        added: &'a [String],
        /// Variables with another value before.
        changed: &'a [String],
        /// Variables that are not outputs any more.
        removed: &'a [String],
        /// Variables with the same value before.
        unchanged: &'a [String],
        /// Variables that are named as outputs, are none of this stack, and stay.
        left: &'a [String],
    },
    /// An IAM policy.
    Policy {
        /// The value of `--for`.
        #[serde(rename = "for")]
        what: &'a str,
        /// The policy document.
        document: &'a serde_json::Value,
    },
    /// A problem of the file.
    Problem {
        /// The problem.
        error: &'a str,
        /// The file.
        file: &'a str,
        /// The line; the first one is 1.
        line: usize,
        /// The first character in the line; the first one is 1.
        column: usize,
        /// The number of characters; 0 is a place between two characters.
        width: usize,
        /// The reason.
        label: &'a str,
        /// The advice.
        hint: Option<&'a str>,
    },
    /// A user was added to a user pool, or has a new temporary password. No other line contains a password.
    UserAdded {
        /// The user pool in the file.
        pool: &'a str,
        /// The id of the user pool in AWS.
        pool_id: &'a str,
        /// The name that the user signs in with.
        name: &'a str,
        /// Whether the user existed already.
        reset: bool,
        /// The groups that the user was added to.
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        groups: &'a [String],
        /// The temporary password; absent when it came from stdin.
        #[serde(skip_serializing_if = "Option::is_none")]
        temporary_password: Option<&'a str>,
        /// When the temporary password expires, as in `2026-12-01T03:17:00Z`.
        works_until: &'a str,
        /// The origins of the pages that may call an API of the pool.
        sign_in_at: &'a [String],
    },
    /// The users of a user pool.
    Users {
        /// The user pool in the file.
        pool: &'a str,
        /// The users.
        users: Vec<User<'a>>,
    },
    /// A user of a user pool, with what a list does not show.
    UserDetails {
        /// The user pool in the file.
        pool: &'a str,
        /// The user.
        user: User<'a>,
        /// Whether the email address is verified.
        email_verified: bool,
        /// Whether the phone number is verified.
        phone_verified: bool,
        /// Cognito's words for the second factors, such as `SOFTWARE_TOKEN_MFA`.
        second_factors: &'a [String],
        /// When the user last changed, as in `2026-11-24T03:17:00Z`.
        modified: Option<&'a str>,
    },
    /// A user was changed.
    UserChanged {
        /// The user pool in the file.
        pool: &'a str,
        /// The name that the user signs in with.
        name: &'a str,
        /// `password_reset`, `enabled`, `disabled` or `signed_out`.
        change: &'static str,
    },
    /// A user was removed from a user pool.
    UserRemoved {
        /// The user pool in the file.
        pool: &'a str,
        /// The name that the user signed in with.
        name: &'a str,
    },
    /// The people of the groups of a user pool.
    Groups {
        /// The user pool in the file.
        pool: &'a str,
        /// The names of the people, by group.
        groups: &'a BTreeMap<&'a str, Vec<String>>,
    },
    /// A user was added to a group of a user pool.
    GroupJoined {
        /// The user pool in the file.
        pool: &'a str,
        /// The group.
        group: &'a str,
        /// The name that the user signs in with.
        name: &'a str,
    },
    /// A user was removed from a group of a user pool.
    GroupLeft {
        /// The user pool in the file.
        pool: &'a str,
        /// The group.
        group: &'a str,
        /// The name that the user signs in with.
        name: &'a str,
    },
    /// The secret of a webhook, for `stackctl secret show` alone.
    Secret {
        /// The resource.
        address: &'a str,
        /// The secret that receivers verify with.
        secret: &'a str,
        /// Whether the previous secret signs too.
        rotating: bool,
    },
    /// The secret of a webhook was rotated.
    SecretRotated {
        /// The resource.
        address: &'a str,
        /// Whether the rotation is finished: the previous secret is removed.
        finished: bool,
    },
    /// What the next apply would change of a resource that is being adopted.
    Forecast {
        /// The steps, as in the line of a plan.
        entries: Vec<Entry<'a>>,
        /// The settings that widen access and that no step closes.
        exposures: Vec<Exposure<'a>>,
    },
    /// The end of an adoption: the resource is the stack's.
    Adopted {
        /// The resource.
        address: &'a str,
        /// Its name in AWS.
        name: &'a str,
        /// Its id, or its name where that is unique; null if nothing was written.
        id: Option<&'a str>,
        /// `new`: it was adopted now. `own`: it was the stack's before. `part`: it has no tags, and is a part of a resource of
        /// the stack.
        standing: &'static str,
        /// The tags that were added; empty if nothing was written.
        tags: BTreeMap<&'a str, &'a str>,
    },
    /// A resource was released: it stays, without the tags of stackctl.
    Released {
        /// The resource.
        address: &'a str,
        /// Its name in AWS.
        name: &'a str,
        /// Its id, or its name where that is unique.
        id: &'a str,
        /// The tags that were removed.
        tags: BTreeMap<&'a str, &'a str>,
        /// Whether the file contains it.
        in_file: bool,
    },
    /// The result of a check of `stackctl verify`.
    Check {
        /// The id of the check.
        id: &'a str,
        /// The resource that is checked.
        of: Option<&'a str>,
        /// The checked property.
        what: &'a str,
        /// `passed`, `skipped` or `failed`.
        result: &'static str,
        /// The duration.
        seconds: f64,
        /// A remark, or the reason why the check was skipped.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<&'a str>,
        /// The observation of a failed check.
        #[serde(skip_serializing_if = "Option::is_none")]
        saw: Option<&'a str>,
        /// The cause of a failed check.
        #[serde(skip_serializing_if = "Option::is_none")]
        cause: Option<&'a str>,
        /// The advice after a failed check.
        #[serde(skip_serializing_if = "Option::is_none")]
        hint: Option<&'a str>,
    },
    /// The result of a check of `stackctl doctor`.
    Finding {
        /// The check, such as `credentials`.
        check: &'a str,
        /// `good`; `doubt`: it could not be checked, or is trouble for some commands; `bad`: commands will fail.
        result: &'static str,
        /// The observation.
        what: &'a str,
        /// The remedy.
        hint: Option<&'a str>,
    },
    /// The state of a stack.
    Status {
        /// The stack and where it is.
        #[serde(flatten)]
        target: &'a Target,
        /// Whether a resource differs from the file.
        drift: bool,
        /// The resources of the file, and those that the file no longer contains.
        resources: Vec<ResourceState<'a>>,
        /// The number of settings that widen access beyond the file, and that `apply` does not change.
        exposures: usize,
        /// The outputs of the resources that exist, as in the line `outputs`.
        outputs: serde_json::Value,
        /// The run that holds the lock.
        lock: Option<LockHolder<'a>>,
        /// Why the lock could not be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        lock_error: Option<&'a str>,
        /// The events that functions failed to handle; absent if there are none.
        #[serde(skip_serializing_if = "Option::is_none")]
        failed_events: Option<FailedEvents<'a>>,
        /// Why the failed events could not be read.
        #[serde(skip_serializing_if = "Option::is_none")]
        failed_events_error: Option<&'a str>,
    },
    /// The version of stackctl, and the functions inside it.
    Version {
        /// The version.
        version: &'static str,
        /// The processor and the system that it was built for.
        platform: String,
        /// The functions inside.
        functions: Vec<BuiltinFunction>,
    },
    /// The graph of a stack's resources.
    Graph {
        /// The stack's name.
        stack: &'a str,
        /// The resources, each after those that it refers to.
        resources: Vec<String>,
        /// The arrows between them.
        arrows: Vec<Arrow<'a>>,
    },
    /// The files that `stackctl export` wrote.
    Exported {
        /// The folder.
        folder: &'a str,
        /// The files in it.
        files: &'a [String],
        /// The commands that hand the stack over, to be run in the folder.
        commands: &'a [String],
    },
    /// An event of a function's log.
    Log {
        /// The function in the file.
        function: &'a str,
        /// When it was logged, as in `2026-11-30T14:30:00.123Z`.
        time: String,
        /// The message, unchanged.
        message: &'a str,
        /// `TRACE`, `DEBUG`, `INFO`, `WARN` or `ERROR`.
        level: Option<&'static str>,
        /// The request id of the invocation.
        request: Option<&'a str>,
        /// The log stream; each instance of a function has its own.
        stream: &'a str,
        /// The id of the event in CloudWatch Logs.
        id: &'a str,
        /// The duration of the invocation, in Lambda's report of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        milliseconds: Option<f64>,
        /// The most memory that the invocation used, in MB, in Lambda's report of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        megabytes: Option<u64>,
        /// The duration of the cold start in milliseconds, in Lambda's report of an invocation that had one.
        #[serde(skip_serializing_if = "Option::is_none")]
        cold_start: Option<f64>,
    },
    /// A mail that a user pool of the local cloud sent.
    Message {
        /// When it was sent, as in `2026-11-30T14:30:00.123Z`.
        time: String,
        /// `sign_up`: its code confirms an account; `verify_address`: its code verifies a user's address; `reset_password`: its
        /// code sets another password; `invitation`; `other`.
        kind: &'a str,
        /// The address that it was sent to.
        to: &'a str,
        /// The sender's address.
        from: &'a str,
        /// The name of the user pool in the local cloud.
        pool: &'a str,
        /// The name that the user signs in with.
        user: &'a str,
        /// The code; in an invitation the temporary password.
        code: Option<&'a str>,
        /// When the code stops working.
        expires: Option<String>,
        /// The subject.
        subject: &'a str,
        /// The text.
        body: &'a str,
    },
    /// The local cloud: its `status` and address, or the variables of `stackctl local env`.
    Local(&'a serde_json::Value),
    /// The end of the command; always the last line.
    End {
        /// `done`, `differences`, `failed` or `usage`.
        result: &'static str,
        /// The exit code.
        exit: u8,
    },
}
