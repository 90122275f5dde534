//! AWS errors in the form of each service.

use std::time::Duration;

use hyper::{Response, StatusCode, header, header::HeaderValue};
use serde_json::json;

use crate::{
    request::{
        body::{Body, full},
        operation::Operation,
    },
    upstream::UpstreamError,
};

/// An error of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// AWS's code of the error.
    pub code: String,
    /// The text.
    pub message: String,
    /// The seconds of the Retry-After header.
    pub retry_after: Option<u64>,
}

/// How a service writes its errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    S3,
    Query,
    Json,
    Rest,
}

fn form(service: &str) -> Form {
    match service {
        "s3" => Form::S3,
        "iam" | "sts" | "query" => Form::Query,
        "cognito-idp" | "logs" | "ssm" | "tagging" => Form::Json,
        _ => Form::Rest,
    }
}

impl Refusal {
    /// An error with this status, code and text.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Refusal {
        Refusal { status, code: code.to_owned(), message: message.into(), retry_after: None }
    }

    /// Too many requests (AGW-03, COG-01, IAM-05, LAM-14, S3-09).
    pub fn throttled(service: &str) -> Refusal {
        match service {
            "s3" => Refusal::new(503, "SlowDown", "Please reduce your request rate."),
            "iam" | "sts" | "query" => Refusal::new(400, "Throttling", "Rate exceeded"),
            "cognito-idp" => Refusal::new(400, "TooManyRequestsException", "Rate exceeded"),
            "logs" | "ssm" => Refusal::new(400, "ThrottlingException", "Rate exceeded"),
            "tagging" => Refusal::new(400, "ThrottledException", "Rate exceeded"),
            "lambda" => Refusal::new(429, "TooManyRequestsException", "Rate exceeded"),
            _ => Refusal::new(429, "TooManyRequestsException", "Too Many Requests"),
        }
    }

    /// Too many requests; API Gateway also sends the seconds to wait.
    pub fn throttled_for(service: &str, wait: Duration) -> Refusal {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let retry_after = (service == "apigateway").then_some(seconds);
        Refusal { retry_after, ..Refusal::throttled(service) }
    }

    /// An error within the service.
    pub fn broken(service: &str) -> Refusal {
        let code = match service {
            "s3" => "InternalError",
            "iam" => "ServiceFailure",
            "cognito-idp" => "InternalErrorException",
            "lambda" => "ServiceException",
            "ssm" => "InternalServerError",
            _ => "InternalFailure",
        };
        Refusal::new(500, code, "We encountered an internal error. Please try again.")
    }

    /// The service takes no requests.
    pub fn unavailable(service: &str) -> Refusal {
        let code = match form(service) {
            Form::S3 | Form::Query => "ServiceUnavailable",
            Form::Json | Form::Rest => "ServiceUnavailableException",
        };
        Refusal::new(503, code, "Service is unable to handle request.")
    }

    /// The credentials have expired.
    pub fn expired(service: &str) -> Refusal {
        let message = "The security token included in the request is expired";
        match form(service) {
            Form::S3 => Refusal::new(400, "ExpiredToken", "The provided token has expired."),
            Form::Query => Refusal::new(403, "ExpiredToken", message),
            Form::Json => Refusal::new(400, "ExpiredTokenException", message),
            Form::Rest => Refusal::new(403, "ExpiredTokenException", message),
        }
    }

    /// The caller's clock is wrong.
    pub fn skewed(service: &str) -> Refusal {
        let message = "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)";
        match form(service) {
            Form::S3 => Refusal::new(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
            ),
            Form::Query => Refusal::new(403, "SignatureDoesNotMatch", message),
            Form::Json => Refusal::new(400, "InvalidSignatureException", message),
            Form::Rest => Refusal::new(403, "InvalidSignatureException", message),
        }
    }

    /// The caller may not do this.
    pub fn denied(operation: &Operation) -> Refusal {
        let Operation { service, name, write: _ } = operation;
        let action = format!("{service}:{}", name.as_deref().unwrap_or("Unknown"));
        let message = format!(
            "User: arn:aws:iam::000000000000:user/developer is not authorized to perform: {action} because no \
             identity-based policy allows the {action} action"
        );
        match form(service) {
            Form::S3 => Refusal::new(403, "AccessDenied", message),
            Form::Query => Refusal::new(403, "AccessDenied", message),
            Form::Json => Refusal::new(400, "AccessDeniedException", message),
            Form::Rest => Refusal::new(403, "AccessDeniedException", message),
        }
    }

    /// The response in the form of the service.
    pub fn response(&self, service: &str) -> Response<Body> {
        let Refusal { status, code, message, retry_after } = self;
        let escaped = escape(message);
        let (kind, body) = match form(service) {
            Form::S3 => (
                "application/xml",
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{escaped}</Message>\
                     <RequestId>local</RequestId></Error>"
                ),
            ),
            Form::Query => (
                "text/xml",
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{escaped}</Message></Error>\
                     <RequestId>local</RequestId></ErrorResponse>"
                ),
            ),
            Form::Json => {
                ("application/x-amz-json-1.1", json!({ "__type": code, "message": message }).to_string())
            }
            Form::Rest if service == "lambda" => {
                ("application/json", json!({ "Type": "User", "Message": message }).to_string())
            }
            Form::Rest => ("application/json", json!({ "message": message }).to_string()),
        };
        let mut response = Response::new(full(body));
        *response.status_mut() = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        if let Ok(code) = HeaderValue::from_str(code) {
            response.headers_mut().insert("x-amzn-errortype", code);
        }
        response
    }
}

/// An emulator that does not run is a service that is not available.
impl From<UpstreamError> for Refusal {
    fn from(error: UpstreamError) -> Refusal {
        Refusal::new(503, "ServiceUnavailable", error.to_string())
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
