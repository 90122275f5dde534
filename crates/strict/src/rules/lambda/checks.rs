//! Input that Lambda refuses in any state of the function.

use serde_json::Value;
use stackctl_gateway::Refusal;

/// The names and the size of variables (LAM-17, LAM-18, LAM-41).
pub(crate) fn variables(environment: &Value) -> Result<(), Refusal> {
    const RESERVED: [&str; 18] = [
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    ];
    let Some(variables) = environment["Variables"].as_object() else { return Ok(()) };
    let refused = |why: String| {
        let text = format!(
            "Lambda was unable to configure your environment variables because the environment variables you have \
             provided {why}"
        );
        Refusal::new(400, "InvalidParameterValueException", text)
    };
    let reserved: Vec<_> = variables.keys().map(String::as_str).filter(|it| RESERVED.contains(it)).collect();
    if !reserved.is_empty() {
        return Err(refused(format!(
            "contains reserved keys that are currently not supported for modification. Reserved keys used in this \
             request: {}",
            reserved.join(", ")
        )));
    }
    let measured = Value::from(variables.clone()).to_string();
    if measured.len() > 4096 {
        return Err(refused(format!("exceeded the 4KB limit. String measured: {measured}")));
    }
    Ok(())
}

/// The size of the code, which is sent as base64 (LAM-15).
pub(crate) fn zip(code: &Value) -> Result<(), Refusal> {
    let Some(text) = code["ZipFile"].as_str() else { return Ok(()) };
    if text.trim_end_matches('=').len() * 3 / 4 > 52_428_800 {
        let message = "Zipped size must be smaller than 52428800 bytes";
        return Err(Refusal::new(413, "RequestEntityTooLargeException", message));
    }
    Ok(())
}

/// LAM-53.
pub(crate) fn statement_id(id: &Value) -> Result<(), Refusal> {
    let id = id.as_str().unwrap_or_default();
    if !id.is_empty() && id.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_') {
        return Ok(());
    }
    let message = format!(
        "1 validation error detected: Value '{id}' at 'statementId' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: ([a-zA-Z0-9-_]+)"
    );
    Err(Refusal::new(400, "ValidationException", message))
}

/// The name of a function in a path (LAM-54).
pub(crate) fn name(name: &str) -> Result<(), Refusal> {
    if name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it)) {
        return Ok(());
    }
    let message = format!(
        "1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{{2}}(-gov)?-[a-z]+-\\d{{1}}:)?(\\d{{12}}:)?\
         (function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?"
    );
    Err(Refusal::new(400, "ValidationException", message))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(outcome: Result<(), Refusal>, expected: &str) {
        let told =
            outcome.err().map_or(String::new(), |it| format!("{} {} {}", it.status, it.code, it.message));
        assert!(told.contains(expected) && told.is_empty() == expected.is_empty(), "{expected}: {told}");
    }

    #[test]
    fn reserved_variables() {
        check(variables(&json!({ "Variables": { "REGION": "x", "AWS_REGIONS": "x" } })), "");
        let reserved = json!({ "Variables": { "AWS_REGION": "x", "REGION": "x", "_HANDLER": "x" } });
        check(variables(&reserved), "Reserved keys used in this request: AWS_REGION, _HANDLER");
        check(variables(&Value::Null), "");
    }

    #[test]
    fn four_kilobytes_of_variables() {
        // The name, the quotes, the colon and the braces count too.
        let of = |length: usize| json!({ "Variables": { "A1": "x".repeat(length - 9) } });
        check(variables(&of(4096)), "");
        check(variables(&of(4097)), "exceeded the 4KB limit");
    }

    #[test]
    fn fifty_megabytes_of_code() {
        let of = |bytes: usize| json!({ "ZipFile": "A".repeat((bytes * 4).div_ceil(3)) });
        check(zip(&of(52_428_800)), "");
        check(zip(&of(52_428_801)), "413 RequestEntityTooLargeException Zipped size must be smaller");
        check(zip(&json!({ "S3Bucket": "b" })), "");
    }

    #[test]
    fn letters_of_a_name() {
        check(name("app-presign_1"), "");
        for wrong in ["app-x/y", "app x", "app#1"] {
            check(name(wrong), "400 ValidationException");
        }
    }

    #[test]
    fn letters_of_a_statement_id() {
        check(statement_id(&json!("stackctl-uploads_1")), "");
        for wrong in ["a b", "a.b", "a/b", "\u{e4}", ""] {
            check(statement_id(&json!(wrong)), "400 ValidationException");
        }
    }
}
