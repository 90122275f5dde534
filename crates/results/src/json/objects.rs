//! The objects inside the JSON lines.

use serde::Serialize;

/// A user of a user pool.
#[derive(Debug, Serialize)]
pub struct User<'a> {
    /// The name in the pool; a random id where users sign in with an address.
    pub name: &'a str,
    /// The email address.
    pub email: Option<&'a str>,
    /// The phone number.
    pub phone: Option<&'a str>,
    /// Cognito's status, such as `CONFIRMED` or `FORCE_CHANGE_PASSWORD`.
    pub status: &'a str,
    /// Whether the user may sign in.
    pub enabled: bool,
    /// When the user was added, as in `2026-11-24T03:17:00Z`.
    pub created: Option<&'a str>,
}

/// The steps of a resource.
#[derive(Debug, Serialize)]
pub struct Entry<'a> {
    /// The resource.
    pub address: String,
    /// The resource's name in AWS.
    pub name: &'a str,
    /// The steps, in order.
    pub steps: Vec<Step<'a>>,
}

/// The state of a resource.
#[derive(Debug, Serialize)]
pub struct ResourceState<'a> {
    /// The resource.
    pub address: String,
    /// `in place`, `missing`, `differs`, `not in the file`, `kept`, `left out` or `refused`.
    pub state: &'static str,
    /// When the resource last changed, where AWS says so, as in `2026-11-30T14:30:00Z`.
    pub changed: Option<&'a str>,
    /// The fields that differ, or the reason of the state.
    pub differences: &'a [String],
}

/// The run that holds the lock of a stack.
#[derive(Debug, Serialize)]
pub struct LockHolder<'a> {
    /// The user and host, as in `ada@laptop`.
    pub by: &'a str,
    /// Since when, as in `2026-11-30T14:30:00Z`.
    pub since: &'a str,
}

/// The events that functions failed to handle, as Lambda recorded them.
#[derive(Debug, Serialize)]
pub struct FailedEvents<'a> {
    /// The number of records, at most 1,000.
    pub count: usize,
    /// Whether there are more.
    pub more: bool,
    /// When the oldest was recorded, as in `2026-11-30T14:30:00Z`.
    pub oldest: &'a str,
    /// The bucket with the records.
    pub bucket: &'a str,
    /// The oldest ones, at most three.
    pub first: Vec<FailedEvent<'a>>,
}

/// An event that a function failed to handle.
#[derive(Debug, Serialize)]
pub struct FailedEvent<'a> {
    /// The name of the function.
    pub function: &'a str,
    /// The keys of the objects that the event is about.
    pub objects: &'a [String],
    /// The error of the function, or why Lambda did not call it.
    pub error: &'a str,
}

/// A function inside stackctl.
#[derive(Debug, Serialize)]
pub struct BuiltinFunction {
    /// The function.
    pub builtin: &'static str,
    /// Its architecture.
    pub architecture: &'static str,
    /// The size of its zip.
    pub bytes: usize,
    /// Base64 of the zip's SHA-256: Lambda's `CodeSha256`.
    pub sha256: &'static str,
}

/// An arrow of a graph.
#[derive(Debug, Serialize)]
pub struct Arrow<'a> {
    /// The resource that refers to the other one.
    pub from: String,
    /// The other resource.
    pub to: String,
    /// `reads`, `uses`, `part of`, or what a role may do.
    pub label: &'a str,
}

/// A setting that widens access beyond the file.
#[derive(Debug, Serialize)]
pub struct Exposure<'a> {
    /// The resource.
    pub address: String,
    /// The setting.
    pub what: &'a str,
    /// The command of the aws CLI that removes the setting.
    pub close: &'a str,
}

/// A step of a plan.
#[derive(Debug, Serialize)]
pub struct Step<'a> {
    /// `create`, `update`, `delete`, `keep`, `use`, `refuse` or `skip`.
    pub verb: &'static str,
    /// The step in words, or the reason of a step that changes nothing.
    pub what: String,
    /// The fields that change.
    pub changes: Vec<Change<'a>>,
    /// A warning or an advice.
    pub note: Option<&'a str>,
}

/// A field that a step changes.
#[derive(Debug, Serialize)]
pub struct Change<'a> {
    /// The field.
    pub field: &'a str,
    /// The value in AWS.
    pub from: Option<&'a str>,
    /// The value after the step.
    pub to: Option<&'a str>,
}
