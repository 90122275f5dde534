//! What is waited for: which answers of AWS mean "try again", by operation, code and text, and what is asked for until it
//! is so; how often, for how long, and what people are told.

use std::time::Duration;

use crate::{
    permissions,
    request::error::{Answer, AwsError},
};

/// What an error means for what is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Too many requests: later (X-02, AGW-01, AGW-03).
    Throttle,
    /// IAM has not spread something yet (IAM-02, LAM-01 to LAM-04).
    Propagation,
    /// Something else is being done to the same thing (LAM-06 to LAM-08, COG-02, AGW-10, AGW-12, S3-04, LOG-02).
    Busy,
    /// The server failed or nothing was heard of it: done or not done.
    Unclear,
    /// Nobody listens at the address: not done.
    Unreachable,
    /// It is there already.
    Exists,
    /// It is not there.
    Gone,
    /// It was there a moment ago, and is not to be seen (S3-06, IAM-06, LAM-11).
    NotVisible,
    /// Nothing that waiting would change.
    Final,
}

/// One row: the service (`s3:`) or operation (`s3:CreateBucket`) it is for, the code, a part of the text, the class.
struct Row(&'static str, &'static str, &'static str, Class);

/// The first row that fits counts.
const TABLE: &[Row] = &[
    // Account quotas look like throttles and never end (X-03, COG-04).
    Row("", "LimitExceededException", "", Class::Final),
    Row("iam:", "LimitExceeded", "", Class::Final),
    // Propagation.
    Row("lambda:", "InvalidParameterValueException", "cannot be assumed by Lambda", Class::Propagation),
    Row("lambda:", "InvalidParameterValueException", "does not have permissions to call", Class::Propagation),
    Row(
        "lambda:",
        "InvalidParameterValueException",
        "KMS key is invalid for CreateGrant",
        Class::Propagation,
    ),
    Row("lambda:", "InvalidParameterValueException", "valid principal", Class::Propagation),
    Row("iam:", "MalformedPolicyDocument", "Invalid principal in policy", Class::Propagation),
    // There already; the same codes also mean "busy", so these stand first.
    Row("lambda:", "ResourceConflictException", "already exist", Class::Exists),
    Row("lambda:", "ResourceConflictException", "provided already exists", Class::Exists),
    Row("apigateway:", "ConflictException", "already exists", Class::Exists),
    Row("apigateway:", "ConflictException", "already has this name", Class::Exists),
    Row("iam:", "EntityAlreadyExists", "", Class::Exists),
    Row("iam:", "EntityAlreadyExistsException", "", Class::Exists),
    Row("logs:", "ResourceAlreadyExistsException", "", Class::Exists),
    Row("s3:", "BucketAlreadyOwnedByYou", "", Class::Exists),
    Row("cognito-idp:", "UsernameExistsException", "", Class::Exists),
    Row("ssm:", "ParameterAlreadyExists", "", Class::Exists),
    // Busy.
    Row("lambda:", "ResourceConflictException", "", Class::Busy),
    Row("cognito-idp:", "ConcurrentModificationException", "", Class::Busy),
    Row("apigateway:", "ConflictException", "try again later", Class::Busy),
    Row("apigateway:", "BadRequestException", "try again later", Class::Busy),
    Row("s3:", "OperationAborted", "", Class::Busy),
    Row("logs:", "OperationAbortedException", "", Class::Busy),
    Row("iam:", "ConcurrentModification", "", Class::Busy),
    Row("iam:", "ConcurrentModificationException", "", Class::Busy),
    Row("iam:", "EntityTemporarilyUnmodifiable", "", Class::Busy),
    Row("iam:DeleteRole", "DeleteConflict", "", Class::Busy),
    Row("iam:DeleteRole", "DeleteConflictException", "", Class::Busy),
    Row("ssm:", "TooManyUpdates", "", Class::Busy),
    // Throttles, by code and not by status: Cognito's come with 400.
    Row("", "Throttling", "", Class::Throttle),
    Row("", "ThrottlingException", "", Class::Throttle),
    Row("", "ThrottledException", "", Class::Throttle),
    Row("", "RequestThrottled", "", Class::Throttle),
    Row("", "RequestThrottledException", "", Class::Throttle),
    Row("", "TooManyRequestsException", "", Class::Throttle),
    Row("", "RequestLimitExceeded", "", Class::Throttle),
    Row("", "SlowDown", "", Class::Throttle),
    // A permissions boundary that does not exist (IAM-31).
    Row("iam:", "NoSuchEntity", "Scope ARN", Class::Final),
    Row("iam:", "NoSuchEntityException", "Scope ARN", Class::Final),
    // Gone; Logs and Cognito say so with 400 (LOG-01, COG-07).
    Row("", "ResourceNotFoundException", "", Class::Gone),
    Row("", "NotFoundException", "", Class::Gone),
    Row("cognito-idp:", "UserNotFoundException", "", Class::Gone),
    Row("iam:", "NoSuchEntity", "", Class::Gone),
    Row("iam:", "NoSuchEntityException", "", Class::Gone),
    Row("ssm:", "ParameterNotFound", "", Class::Gone),
    Row("s3:", "NoSuchBucket", "", Class::Gone),
    Row("s3:HeadBucket", "NotFound", "", Class::Gone),
    Row("s3:AbortMultipartUpload", "NoSuchUpload", "", Class::Gone),
    Row("s3:", "NoSuchTagSet", "", Class::Gone),
    Row("s3:", "NoSuchCORSConfiguration", "", Class::Gone),
    Row("s3:", "NoSuchPublicAccessBlockConfiguration", "", Class::Gone),
    Row("s3:", "OwnershipControlsNotFoundError", "", Class::Gone),
    Row("s3:", "NoSuchBucketPolicy", "", Class::Gone),
    Row("s3:", "ServerSideEncryptionConfigurationNotFoundError", "", Class::Gone),
    // S3-60
    Row("s3:", "NoSuchWebsiteConfiguration", "", Class::Gone),
    Row("s3:", "NoSuchLifecycleConfiguration", "", Class::Gone),
    Row("s3:", "ReplicationConfigurationNotFoundError", "", Class::Gone),
    Row("", "RequestTimeout", "", Class::Unclear),
    Row("", "RequestTimeoutException", "", Class::Unclear),
];

/// What an error means.
pub fn class(error: &AwsError) -> Class {
    match error {
        AwsError::Answer(answer) => class_of(answer),
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
        | AwsError::Stuck { .. } => Class::Final,
    }
}

fn class_of(Answer { operation, status, code, message, retry_after: _ }: &Answer) -> Class {
    let fits = |Row(of, row_code, text, _): &&Row| {
        operation.starts_with(of) && code == row_code && message.contains(text)
    };
    match TABLE.iter().find(fits) {
        Some(Row(_, _, _, class)) => *class,
        // A throttle whose code can't be read.
        None if *status == 429 => Class::Throttle,
        None if [500, 502, 503, 504].contains(status) => Class::Unclear,
        // Somebody on the way answered in AWS's place.
        None if (200..300).contains(status) => Class::Unclear,
        None => Class::Final,
    }
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
    /// Whether a pause may be shorter, down to its half: runs that are sent away together shall not come back together.
    pub jitter: bool,
    /// Whether a pause is counted from when the last try was sent, not from its answer: how long an answer takes then
    /// makes no difference to how often is asked.
    pub paced: bool,
}

impl Schedule {
    const fn new(first: u64, longest: u64, bound: u64) -> Schedule {
        Schedule {
            first: Duration::from_millis(first),
            longest: Duration::from_millis(longest),
            bound: Duration::from_secs(bound),
            jitter: false,
            paced: false,
        }
    }

    const fn jittered(self) -> Schedule {
        Schedule { jitter: true, ..self }
    }

    const fn paced(self) -> Schedule {
        Schedule { paced: true, ..self }
    }

    /// The pause after so many earlier ones and a try that took so long, before any jitter.
    pub fn pause(&self, earlier: u32, took: Duration) -> Duration {
        let long = self.longest.min(self.first.saturating_mul(2_u32.saturating_pow(earlier)));
        // However slow the line, it is not sent on without a break.
        if self.paced { long.saturating_sub(took).max(long / 3) } else { long }
    }
}

/// The schedule of a class for an operation; none: the error is final.
pub fn schedule(operation: &str, class: Class) -> Option<Schedule> {
    Some(match class {
        // The account's own windows (AGW-01).
        Class::Throttle if operation == "apigateway:DeleteRestApi" => {
            Schedule::new(5_000, 10_000, 300).jittered()
        }
        Class::Throttle if operation == "apigateway:CreateDeployment" => {
            Schedule::new(1_000, 5_000, 300).jittered()
        }
        Class::Throttle => Schedule::new(250, 8_000, 300).jittered(),
        // Whoever waits for IAM waits at most so much longer.
        Class::Propagation => Schedule::new(250, 300, 120).paced(),
        Class::Busy => Schedule::new(250, 2_000, 120).jittered(),
        Class::NotVisible => Schedule::new(250, 1_000, 60),
        Class::Unclear => Schedule::new(250, 4_000, 20),
        Class::Unreachable => Schedule::new(250, 1_000, 3),
        Class::Exists | Class::Gone | Class::Final => return None,
    })
}

/// When a role that Lambda does not take is rather wrong than young (IAM-08).
const SUSPICIOUS: Duration = Duration::from_secs(30);

/// What a person is told to wait for, after so long.
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
        Class::Unreachable => "somebody to listen at the address",
        Class::Exists | Class::Gone | Class::Final => "nothing",
    }
}

/// What to do about a wait that came to its end.
pub fn hint_after(class: Class) -> Option<&'static str> {
    match class {
        Class::Propagation => Some(
            "IAM usually needs some seconds; after two minutes the role's trust policy is probably wrong: \
             it must let lambda.amazonaws.com assume the role",
        ),
        Class::Throttle => Some("somebody else uses up this account's rate; run the command again later"),
        Class::Busy => Some("see in the AWS console what is changing it, then run the command again"),
        Class::NotVisible => {
            Some("it was there at the beginning; if somebody deleted it, the next run makes it again")
        }
        Class::Unclear => Some("run the command again: it looks at what was done and carries on"),
        Class::Unreachable => Some(
            "check the connection, the region and --endpoint-url; for the local cloud say --local instead",
        ),
        Class::Exists | Class::Gone | Class::Final => None,
    }
}

/// Something that is asked for until it is so.
#[derive(Debug, Clone, Copy)]
pub struct Awaited {
    /// What a person is told to wait for.
    pub for_what: &'static str,
    /// It is not so before: whoever asks sooner asks in vain.
    pub not_before: Duration,
    /// How often it is asked for, and for how long.
    pub schedule: Schedule,
    /// What to do when it does not come; none: whoever waits says so.
    pub hint: Option<&'static str>,
}

/// Without a VPC a function is made within seconds (LAM-31).
pub const FUNCTION_ACTIVE: Awaited = Awaited {
    for_what: "the function to become active",
    not_before: Duration::ZERO,
    schedule: Schedule::new(150, 400, 300).paced(),
    hint: Some("see the function in the Lambda console, then run the command again"),
};

/// Changed within seconds too (LAM-30), and never at once.
pub const FUNCTION_UPDATED: Awaited = Awaited {
    for_what: "the update of the function to end",
    not_before: Duration::from_millis(250),
    ..FUNCTION_ACTIVE
};

/// S3-06.
pub const BUCKET_SEEN: Awaited = Awaited {
    for_what: "the bucket to be found",
    not_before: Duration::ZERO,
    schedule: Schedule::new(100, 1_000, 120),
    hint: Some("S3 accepted the bucket and does not show it; run the command again"),
};

/// IAM-06.
pub const ROLE_SEEN: Awaited = Awaited {
    for_what: "the role to be found",
    not_before: Duration::ZERO,
    schedule: Schedule::new(100, 1_000, 60),
    hint: Some("IAM made the role and does not show it, or somebody deleted it; run the command again"),
};

/// What was just changed has spread by then, as far as `verify` waits for it (S3-23, AGW-63).
pub const SPREAD: Awaited = Awaited {
    for_what: "what was changed to reach every server",
    not_before: Duration::ZERO,
    schedule: Schedule::new(1_000, 1_000, 6),
    hint: None,
};

/// A stage that takes few requests, as far as `verify` waits for it.
pub const STAGE_TAKES_MORE: Awaited = Awaited {
    for_what: "the stage to take more requests",
    not_before: Duration::ZERO,
    schedule: Schedule::new(1_000, 1_000, 15),
    hint: None,
};

/// A look that finds what it listed gone: another run deletes it.
pub const LOOK_AGAIN: Schedule = Schedule::new(500, 4_000, 20);

/// Somebody else's lock; one that its holder does not renew is taken over before that.
pub const LOCK_GIVEN_BACK: Schedule = Schedule::new(2_000, 2_000, 30 * 60);

/// Whether the credentials were good before.
pub fn is_expired(answer: &Answer) -> bool {
    ["ExpiredToken", "ExpiredTokenException"].contains(&answer.code.as_str())
}

/// Whether KMS refused what Lambda asked it for: the role is not the one that may read the variables (LAM-40). A role
/// that is only new has a row in the table (LAM-03).
pub fn is_of_key(answer: &Answer) -> bool {
    let Answer { operation, code, message, .. } = answer;
    operation.starts_with("lambda:")
        && class_of(answer) == Class::Final
        && (code.starts_with("KMS") || message.contains("KMS Exception") || message.contains("kms:Decrypt"))
}

/// What a person can do about a final answer.
pub fn hint(answer: &Answer) -> Option<String> {
    if is_of_key(answer) {
        let hint = "Lambda lets the function's former role alone read its variables: run `stackctl apply` once more, or \
                    give the function another role and then its own";
        return Some(hint.to_owned());
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
        "NoSuchEntity" | "NoSuchEntityException" if answer.message.contains("Scope ARN") => {
            "this account has no such policy: create it, or correct `boundary:` in stack.yaml"
        }
        "BucketAlreadyExists" => "bucket names are unique in the whole world; choose another with `name:`",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Names the action and the thing: IAM's own words where it says them, else what the operation needs.
fn denied(Answer { operation, message, .. }: &Answer) -> String {
    let after = |words: &str| {
        let (_, rest) = message.split_once(words)?;
        let word = rest.trim_start().trim_start_matches(['"', '\'']).split(['"', '\'', ' ', ',']).next()?;
        Some(word.trim_end_matches('.')).filter(|it| it.contains(':'))
    };
    let needed = || permissions::actions(operation).into_iter().collect::<Vec<_>>().join(" or ");
    let action = after("to perform: ").or_else(|| after("to perform ")).map_or_else(needed, str::to_owned);
    let action = if action.is_empty() { (*operation).to_owned() } else { action };
    let resource = after("on resource: ").map(|it| format!(" on {it}")).unwrap_or_default();
    // S3 says the same of a bucket that is not the account's own (S3-18).
    let of_bucket = operation.starts_with("s3:") && *operation != "s3:ListBuckets";
    let or =
        if of_bucket { "; a bucket of another account can't be used: choose another `name:`" } else { "" };
    format!(
        "the credentials in use may not do {action}{resource}; have it allowed, then run this again: \
         `stackctl policy` prints all that is needed{or}"
    )
}

#[cfg(test)]
mod recorded;
#[cfg(test)]
mod tests {
    use super::*;

    fn check(operation: &'static str, message: &str, expected: &str) {
        let answer = Answer {
            operation,
            status: 403,
            code: "AccessDenied".to_owned(),
            message: message.to_owned(),
            retry_after: None,
        };
        let hint = hint(&answer).unwrap();
        let said =
            hint.strip_prefix("the credentials in use may not do ").unwrap().split(';').next().unwrap();
        assert_eq!(said, expected, "{operation}: {message}");
    }

    #[test]
    fn what_is_denied_is_named() {
        check("s3:PutBucketCors", "Access Denied", "s3:PutBucketCORS");
        check(
            "s3:PutBucketCors",
            "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: s3:PutBucketCORS on resource: \
             \"arn:aws:s3:::demo-uploads\" because no identity-based policy allows the s3:PutBucketCORS action",
            "s3:PutBucketCORS on arn:aws:s3:::demo-uploads",
        );
        check(
            "lambda:CreateFunction",
            "User: arn:aws:iam::1:user/ada is not authorized to perform: iam:PassRole on resource: \
             arn:aws:iam::1:role/stackctl/demo/demo-presign because no identity-based policy allows it",
            "iam:PassRole on arn:aws:iam::1:role/stackctl/demo/demo-presign",
        );
        // IAM names a role that does not exist without its ARN (IAM-17).
        check(
            "iam:GetRole",
            "ada is not authorized to perform: iam:GetRole on resource: role demo",
            "iam:GetRole",
        );
        check("s3:Unheard", "", "s3:Unheard");
    }
}
