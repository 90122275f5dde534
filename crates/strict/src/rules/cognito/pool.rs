//! The pool that a request concerns.

use hyper::StatusCode;
use serde_json::{Value, json};
use stackctl_gateway::Refusal;

use crate::visit::Visit;

/// The pool that a request concerns, and the cloud that it is in.
pub(super) struct Pool<'a> {
    pub(super) visit: &'a Visit<'a>,
    pub(super) region: String,
    /// Empty where the request names no pool.
    pub(super) id: String,
}

impl Pool<'_> {
    pub(super) async fn describe(&self) -> Result<(StatusCode, Value), Refusal> {
        self.ask("DescribeUserPool", &json!({ "UserPoolId": self.id })).await
    }

    pub(super) async fn ask(&self, operation: &str, body: &Value) -> Result<(StatusCode, Value), Refusal> {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        Ok(self.visit.backend.upstream.json_call(&target, "cognito-idp", &self.region, body).await?)
    }
}

/// A member's text; empty without one.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
