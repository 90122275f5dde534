//! What may go wrong with AWS, and what a person can do about it.

use std::{error::Error, fmt, io, sync::Arc, time::Duration};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use stackctl_aws_data::desired::existing::Need;
use stackctl_engine::Fault;

use crate::{
    credentials::none::NoCredentials,
    lock::lease::Unlocked,
    request::{
        operation::{Class, ErrorAnswer, Operation},
        retry,
    },
};

/// An error of AWS or on the way to it.
#[derive(Debug, Clone)]
pub enum AwsError {
    /// AWS answered with an error.
    Answer(ErrorAnswer),
    /// No answer came: the request may or may not have been done.
    NoAnswer {
        /// The operation, as in `s3:CreateBucket`.
        operation: &'static Operation,
        /// What happened to the connection.
        why: String,
        /// No server listens there: the request was not done.
        refused: bool,
    },
    /// There are no credentials to sign with; nothing was sent.
    NoCredentials(NoCredentials),
    /// Something has the name that the stack wants, and it is not the stack's.
    NotOurs {
        /// The kind of resource, as in `the bucket`.
        what: &'static str,
        /// Its name in AWS.
        name: String,
        /// What its tags say of its owner, if anything.
        owner: Option<String>,
        /// The ways to give it the stack's tags.
        tag: String,
    },
    /// Something has the name that the stack wants, and is in another region.
    Elsewhere {
        /// The kind of resource, as in `the bucket`.
        what: &'static str,
        /// Its name in AWS.
        name: String,
        /// The region, if AWS names it.
        region: Option<String>,
    },
    /// There is more than one thing with this name and the stack's tags.
    FoundTwice {
        /// What they are, as in `user pools`.
        what: &'static str,
        /// Their name in AWS.
        name: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// A wait came to its end.
    GaveUp {
        /// The awaited event.
        for_what: String,
        /// For how long.
        after: Duration,
        /// How often it was tried or asked for.
        tries: u32,
        /// The result of the last try.
        last: LastResult,
        /// The way out; none: that of the last error.
        hint: Option<&'static str>,
    },
    /// The run was stopped while waiting.
    Stopped {
        /// The awaited event.
        for_what: String,
    },
    /// A write that was not sent, since the lock of the stack is not known to be this run's.
    Unlocked(Unlocked),
    /// AWS answered, and the answer can't be understood.
    Unreadable {
        /// The answer that was read.
        what: String,
        /// The cause.
        source: Arc<dyn Error + Send + Sync>,
    },
    /// Building or checking a function's code failed.
    Code(Arc<stackctl_package::PackageError>),
    /// Something that the stack needs of a resource that others made is missing.
    Missing(Need),
    /// The thing is in a state that only a person can end.
    Stuck {
        /// The resource and its state.
        what: String,
        /// What to do about it.
        hint: &'static str,
    },
}

/// The result of the last try before a wait was given up.
#[derive(Debug, Clone)]
pub enum LastResult {
    /// The hint says all.
    None,
    /// An observation of the resource.
    Seen(String),
    /// An error.
    Error(Box<AwsError>),
}

/// The header in which S3 names the region of a bucket.
pub const BUCKET_REGION: &str = "x-amz-bucket-region";

impl AwsError {
    /// Reads an error of the SDK.
    pub fn of<E>(operation: &'static Operation, error: SdkError<E, HttpResponse>) -> AwsError
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let status = error.raw_response().map(|response| response.status().as_u16());
        let retry_after = error.raw_response().and_then(retry_after);
        let region = error.raw_response().and_then(|it| it.headers().get(BUCKET_REGION)).map(str::to_owned);
        match (status, error) {
            (Some(status), SdkError::ServiceError(context)) => {
                let meta = context.err().meta();
                AwsError::Answer(ErrorAnswer {
                    operation,
                    status,
                    code: meta.code().unwrap_or_default().to_owned(),
                    message: match (meta.message().unwrap_or_default(), region) {
                        (words, Some(region)) => format!("{words} ({BUCKET_REGION}: {region})"),
                        (words, None) => words.to_owned(),
                    },
                    retry_after,
                })
            }
            (Some(status), SdkError::ResponseError(_)) if status == 429 || status >= 500 => {
                let (code, message) = Default::default();
                AwsError::Answer(ErrorAnswer { operation, status, code, message, retry_after })
            }
            (_, error) => AwsError::unsent(operation, &error),
        }
    }

    /// A wait that reached its bound: the one place where it is constructed.
    pub fn gave_up(
        for_what: impl Into<String>,
        after: Duration,
        tries: u32,
        last: LastResult,
        hint: Option<&'static str>,
    ) -> AwsError {
        AwsError::GaveUp { for_what: for_what.into(), after, tries, last, hint }
    }

    /// An answer that can't be understood.
    pub fn unreadable(what: impl Into<String>, source: impl Error + Send + Sync + 'static) -> AwsError {
        AwsError::Unreadable { what: what.into(), source: Arc::new(source) }
    }

    /// Reads an error that came before any answer.
    fn unsent(operation: &'static Operation, error: &(dyn Error + 'static)) -> AwsError {
        let mut causes = vec![error];
        let mut next = error.source();
        while let Some(deeper) = next {
            causes.push(deeper);
            next = deeper.source();
        }
        // What lies deepest is what happened; the layers above it are the SDK's.
        let why = causes.last().map(ToString::to_string).unwrap_or_default();
        if let Some(none) = causes.iter().find_map(|it| it.downcast_ref::<NoCredentials>()) {
            return AwsError::NoCredentials(none.clone());
        }
        if let Some(unlocked) = causes.iter().find_map(|it| it.downcast_ref::<Unlocked>()) {
            return AwsError::Unlocked(unlocked.clone());
        }
        let refused = causes.iter().any(|it| {
            it.downcast_ref::<io::Error>().is_some_and(|it| it.kind() == io::ErrorKind::ConnectionRefused)
        });
        AwsError::NoAnswer { operation, why, refused }
    }

    /// The answer, when there was one.
    pub fn answer(&self) -> Option<&ErrorAnswer> {
        match self {
            AwsError::Answer(answer) => Some(answer),
            AwsError::GaveUp { last: LastResult::Error(last), .. } => last.answer(),
            AwsError::NoAnswer { .. }
            | AwsError::NoCredentials(_)
            | AwsError::NotOurs { .. }
            | AwsError::Elsewhere { .. }
            | AwsError::FoundTwice { .. }
            | AwsError::Stopped { .. }
            | AwsError::Unlocked(_)
            | AwsError::GaveUp { last: LastResult::None | LastResult::Seen(_), .. }
            | AwsError::Unreadable { .. }
            | AwsError::Code(_)
            | AwsError::Missing(_)
            | AwsError::Stuck { .. } => None,
        }
    }

    /// The code of AWS's answer; empty when there was none.
    pub fn code(&self) -> &str {
        self.answer().map(|answer| answer.code.as_str()).unwrap_or_default()
    }

    /// Its class, which decides the next step.
    pub fn class(&self) -> Class {
        match self {
            AwsError::Answer(answer) => retry::class(answer),
            AwsError::NoAnswer { refused: true, .. } => Class::Unreachable,
            AwsError::NoAnswer { refused: false, .. } => Class::Unclear,
            AwsError::NoCredentials(_)
            | AwsError::NotOurs { .. }
            | AwsError::Elsewhere { .. }
            | AwsError::FoundTwice { .. }
            | AwsError::GaveUp { .. }
            | AwsError::Stopped { .. }
            | AwsError::Unlocked(_)
            | AwsError::Unreadable { .. }
            | AwsError::Code(_)
            | AwsError::Missing(_)
            | AwsError::Stuck { .. } => Class::Final,
        }
    }

    /// Whether the same request may succeed later: AWS was overloaded or silent for as long as stackctl waited.
    pub fn may_pass(&self) -> bool {
        let class = match self {
            AwsError::GaveUp { last: LastResult::Error(last), .. } => last.class(),
            other => other.class(),
        };
        matches!(class, Class::Throttle | Class::Unclear | Class::Unreachable)
    }

    /// Whether the thing that was asked for does not exist.
    pub fn is_gone(&self) -> bool {
        self.class() == Class::Gone
    }

    /// Whether the thing to be created exists already.
    pub fn is_there_already(&self) -> bool {
        self.class() == Class::Exists
    }
}

/// Turns the error that the resource does not exist into `None`.
///
/// # Errors
/// Every other error.
pub fn if_there<T>(answer: Result<T, AwsError>) -> Result<Option<T>, AwsError> {
    match answer {
        Ok(it) => Ok(Some(it)),
        Err(error) if error.is_gone() => Ok(None),
        Err(error) => Err(error),
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AwsError::Answer(ErrorAnswer { operation, status, code, message, retry_after: _ }) => {
                let code = if code.is_empty() { "no error code" } else { code };
                write!(out, "{} was answered {status} {code}", operation.name)?;
                if message.is_empty() { Ok(()) } else { write!(out, ": {message}") }
            }
            AwsError::NoAnswer { operation, why, .. } => {
                write!(out, "{} got no answer: {why}", operation.name)
            }
            AwsError::NoCredentials(none) => none.fmt(out),
            AwsError::NotOurs { what, name, owner: None, .. } => {
                write!(out, "{what} {name} exists already and does not belong to this stack")
            }
            AwsError::NotOurs { what, name, owner: Some(owner), .. } => {
                write!(out, "{what} {name} exists already and belongs to {owner}")
            }
            AwsError::Elsewhere { what, name, region: Some(region) } => {
                write!(out, "{what} {name} is in another region, {region}")
            }
            AwsError::Elsewhere { what, name, region: None } => {
                write!(out, "{what} {name} is in another region")
            }
            AwsError::FoundTwice { what, name, ids } => {
                write!(
                    out,
                    "there are {} {what} named {name} with this stack's tags: {}",
                    ids.len(),
                    ids.join(", ")
                )
            }
            AwsError::GaveUp { for_what, after, tries, last, hint: _ } => {
                let times = if *tries == 1 { "1 attempt".to_owned() } else { format!("{tries} attempts") };
                write!(out, "gave up after {} s ({times}) waiting for {for_what}", after.as_secs())?;
                match last {
                    LastResult::Seen(seen) => write!(out, "; last result: {seen}"),
                    LastResult::None | LastResult::Error(_) => Ok(()),
                }
            }
            AwsError::Stopped { for_what } => write!(out, "stopped while waiting for {for_what}"),
            AwsError::Unlocked(unlocked) => write!(out, "nothing was written: {unlocked}"),
            AwsError::Unreadable { what, .. } => write!(out, "{what} can't be understood"),
            AwsError::Code(_) => out.write_str("the function's code is not ready"),
            AwsError::Missing(need) => out.write_str(&need.what),
            AwsError::Stuck { what, .. } => out.write_str(what),
        }
    }
}

/// Reads when AWS wants the next request: its own header in milliseconds, HTTP's in seconds.
fn retry_after(response: &HttpResponse) -> Option<Duration> {
    let number = |name: &str| response.headers().get(name)?.trim().parse::<u32>().ok().map(u64::from);
    let milliseconds = number("x-amz-retry-after").map(Duration::from_millis);
    milliseconds.or_else(|| number("retry-after").map(Duration::from_secs))
}

impl Error for AwsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            AwsError::Unreadable { source, .. } => Some(&**source),
            AwsError::GaveUp { last: LastResult::Error(last), .. } => Some(&**last),
            AwsError::Code(source) => Some(&**source),
            AwsError::Answer(_)
            | AwsError::NoAnswer { .. }
            | AwsError::NoCredentials(_)
            | AwsError::NotOurs { .. }
            | AwsError::Elsewhere { .. }
            | AwsError::FoundTwice { .. }
            | AwsError::GaveUp { last: LastResult::None | LastResult::Seen(_), .. }
            | AwsError::Stopped { .. }
            | AwsError::Unlocked(_)
            | AwsError::Missing(_)
            | AwsError::Stuck { .. } => None,
        }
    }
}

impl Fault for AwsError {
    fn is_not_ours(&self) -> bool {
        matches!(self, AwsError::NotOurs { .. } | AwsError::Elsewhere { .. })
    }

    fn may_be_gone(&self) -> bool {
        // A role that is gone is refused like one that is new.
        matches!(self.class(), Class::Gone | Class::Propagation)
    }

    fn meets_every_request(&self) -> bool {
        matches!(self, AwsError::NoCredentials(_)) || self.answer().is_some_and(retry::is_expired)
    }

    fn hint(&self) -> Option<String> {
        match self {
            AwsError::Answer(answer) => retry::hint(answer),
            AwsError::NoAnswer { .. } => Some(
                "check the connection, the region and --endpoint-url, then run the command again".to_owned(),
            ),
            AwsError::NoCredentials(none) => Some(none.cure.clone()),
            AwsError::NotOurs { owner: Some(_), .. } => {
                Some("choose another name, for it where the file can, or for the stack".to_owned())
            }
            AwsError::NotOurs { owner: None, tag, .. } => Some(tag.clone()),
            AwsError::Elsewhere { region, .. } => {
                let region = region.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
                Some(format!(
                    "it can't be moved: use the stack in the region{region} (`region:` or --region), or give the \
                     stack's own another `name:`"
                ))
            }
            AwsError::FoundTwice { what, .. } => Some(format!(
                "decide which of the {what} is the right one and delete the others; nothing was changed"
            )),
            AwsError::GaveUp { hint: Some(hint), last, .. } => {
                let of_service = match last {
                    LastResult::Error(last) => last.answer().and_then(|it| (it.operation.service.hint)(it)),
                    LastResult::None | LastResult::Seen(_) => None,
                };
                Some(of_service.unwrap_or_else(|| (*hint).to_owned()))
            }
            AwsError::GaveUp { last: LastResult::Error(last), hint: None, .. } => last.hint(),
            AwsError::GaveUp { last: LastResult::None | LastResult::Seen(_), hint: None, .. } => None,
            AwsError::Stopped { .. } => Some("the next run carries on from here".to_owned()),
            AwsError::Unlocked(Unlocked::Lost(loss)) => Some(loss.hint()),
            AwsError::Unlocked(Unlocked::Overdue(_)) => None,
            AwsError::Code(error) => error.hint(),
            AwsError::Missing(need) => Some(need.cure.clone()),
            AwsError::Stuck { hint, .. } => Some((*hint).to_owned()),
            AwsError::Unreadable { .. } => None,
        }
    }
}
