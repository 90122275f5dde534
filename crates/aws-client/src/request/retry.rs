//! Retries: the class of each answer of AWS, the pauses and the bound of each class, and the texts the user reads.

use std::time::Duration;

use super::operation::{Class, ErrorAnswer, Meaning, Operation, Purpose, Schedule};

/// Account quotas of every service look like throttles and never end (X-03, COG-04).
const QUOTA: Meaning = Meaning::of("LimitExceededException", "", Class::Final);

/// The error codes that services share.
const SHARED: &[Meaning] = &[
    // Throttles, by code and not by status: Cognito's come with 400.
    Meaning::of("Throttling", "", Class::Throttle),
    Meaning::of("ThrottlingException", "", Class::Throttle),
    Meaning::of("ThrottledException", "", Class::Throttle),
    Meaning::of("RequestThrottled", "", Class::Throttle),
    Meaning::of("RequestThrottledException", "", Class::Throttle),
    Meaning::of("TooManyRequestsException", "", Class::Throttle),
    Meaning::of("RequestLimitExceeded", "", Class::Throttle),
    Meaning::of("SlowDown", "", Class::Throttle),
    // Logs and Cognito say so with 400 (LOG-01, COG-07).
    Meaning::of("ResourceNotFoundException", "", Class::Gone),
    Meaning::of("NotFoundException", "", Class::Gone),
    Meaning::of("RequestTimeout", "", Class::Unclear),
    Meaning::of("RequestTimeoutException", "", Class::Unclear),
];

/// The class of an answer.
pub fn class(answer: &ErrorAnswer) -> Class {
    let ErrorAnswer { operation, status, code, message, retry_after: _ } = answer;
    let fits = |it: &&Meaning| {
        (it.operation.is_empty() || it.operation == operation.short())
            && it.code == code
            && message.contains(it.text)
    };
    let own = operation.service.meanings;
    match [&QUOTA].into_iter().chain(own).chain(SHARED).find(fits) {
        Some(meaning) => meaning.class,
        // A throttle whose code can't be read.
        None if *status == 429 => Class::Throttle,
        None if [500, 502, 503, 504].contains(status) => Class::Unclear,
        // A server on the way answered in AWS's place.
        None if (200..300).contains(status) => Class::Unclear,
        None => Class::Final,
    }
}

/// The schedule of a class for an operation; none: the error is final.
pub fn schedule(operation: &Operation, class: Class) -> Option<Schedule> {
    Some(match class {
        Class::Throttle => {
            let own = (operation.service.throttled)(operation.short());
            own.unwrap_or(Schedule::new(250, 8_000, 300).jittered())
        }
        // A request that waits for IAM is sent at most so much later than it could be.
        Class::Propagation => Schedule::new(250, 300, 120).paced(),
        Class::Busy => Schedule::new(250, 2_000, 120).jittered(),
        Class::NotVisible => Schedule::new(250, 1_000, 60),
        Class::Unclear => Schedule::new(250, 4_000, 20),
        Class::Unreachable => Schedule::new(250, 1_000, 3),
        Class::Exists | Class::Gone | Class::Final => return None,
    })
}

/// After this time a role that Lambda does not accept is probably wrong, and not only new (IAM-08).
const SUSPICIOUS: Duration = Duration::from_secs(30);

/// The reason of a wait that has lasted so long, as the user reads it.
pub fn reason(class: Class, waited: Duration) -> &'static str {
    match class {
        Class::Throttle => "AWS to take more requests",
        Class::Propagation if waited >= SUSPICIOUS => {
            "the role to become usable by Lambda; by now its trust policy may be wrong"
        }
        Class::Propagation => "the role to become usable by Lambda",
        Class::Busy => "another change of the same thing to end",
        Class::NotVisible => "what was made to be visible everywhere",
        Class::Unclear => "AWS to answer",
        Class::Unreachable => "a server to listen at the address",
        Class::Exists | Class::Gone | Class::Final => "nothing",
    }
}

/// The way out of a wait that reached its bound.
pub fn hint_after(class: Class) -> Option<&'static str> {
    match class {
        Class::Propagation => Some(
            "IAM usually needs some seconds; after two minutes the role's trust policy is probably wrong: \
             it must let lambda.amazonaws.com assume the role",
        ),
        Class::Throttle => {
            Some("other clients use up this account's request rate; run the command again later")
        }
        Class::Busy => Some("see in the AWS console what is changing it, then run the command again"),
        Class::NotVisible => {
            Some("it was there at the beginning; if it was deleted since, the next run creates it again")
        }
        Class::Unclear => Some("run the command again: it looks at what was done and carries on"),
        Class::Unreachable => Some(
            "check the connection, the region and --endpoint-url; for the local cloud say --local instead",
        ),
        Class::Exists | Class::Gone | Class::Final => None,
    }
}

/// Whether the credentials were good before.
pub fn is_expired(answer: &ErrorAnswer) -> bool {
    ["ExpiredToken", "ExpiredTokenException"].contains(&answer.code.as_str())
}

/// The way out of a final answer.
pub fn hint(answer: &ErrorAnswer) -> Option<String> {
    if let Some(hint) = (answer.operation.service.hint)(answer) {
        return Some(hint);
    }
    let hint = match answer.code.as_str() {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "NotAuthorized" => {
            return Some(denied(answer));
        }
        "ExpiredToken" | "ExpiredTokenException" => {
            "the credentials have expired; sign in again and run the command again: it carries on from here"
        }
        "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId" => {
            "AWS does not know these credentials; check AWS_PROFILE or --profile"
        }
        "SignatureDoesNotMatch" | "InvalidSignatureException" | "RequestTimeTooSkewed" => {
            "check the secret access key and this machine's clock"
        }
        "LimitExceededException" | "LimitExceeded" | "TooManyBuckets" | "CodeStorageExceededException" => {
            "an account quota is used up; delete what is not needed or ask AWS to raise it"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Names the action and the thing: IAM's own words where it says them, else what the operation needs.
fn denied(ErrorAnswer { operation, message, .. }: &ErrorAnswer) -> String {
    let after = |words: &str| {
        let (_, rest) = message.split_once(words)?;
        let word = rest.trim_start().trim_start_matches(['"', '\'']).split(['"', '\'', ' ', ',']).next()?;
        Some(word.trim_end_matches('.')).filter(|it| it.contains(':'))
    };
    let needed = || operation.actions().into_iter().collect::<Vec<_>>().join(" or ");
    let action = after("to perform: ").or_else(|| after("to perform ")).map_or_else(needed, str::to_owned);
    let action = if action.is_empty() { operation.name.to_owned() } else { action };
    let resource = after("on resource: ").map(|it| format!(" on {it}")).unwrap_or_default();
    // S3 says the same of a bucket that is not the account's own (S3-18).
    let of_bucket = operation.name.starts_with("s3:") && operation.name != "s3:ListBuckets";
    let or =
        if of_bucket { "; a bucket of another account can't be used: choose another `name:`" } else { "" };
    let policy = match operation.policy() {
        Purpose::Apply => "stackctl policy".to_owned(),
        other => format!("stackctl policy --for {}", other.as_str()),
    };
    format!(
        "the credentials in use may not do {action}{resource}; have it allowed, then run this again: \
         `{policy}` prints all that is needed{or}"
    )
}
