//! The effect of Cognito's updates on members that they leave out (COG-20).

use serde_json::{Map, Value, json};

use super::defaults::{client_defaults, pool_defaults};
use crate::harness::settings::CognitoUpdates;

/// The update with the defaults of the members that it leaves out.
pub(super) fn filled(operation: &str, body: &Value, mode: CognitoUpdates) -> Option<Value> {
    let defaults = match (operation, mode) {
        ("UpdateUserPool", CognitoUpdates::Documented) => pool_defaults(),
        ("UpdateUserPool", CognitoUpdates::Measured) => json!({ "AutoVerifiedAttributes": [] }),
        ("UpdateUserPoolClient", CognitoUpdates::Documented) => client_defaults(),
        ("UpdateUserPoolClient", CognitoUpdates::Measured) => json!({ "ExplicitAuthFlows": [] }),
        _ => return None,
    };
    let mut whole: Map<String, Value> = defaults.as_object().cloned().unwrap_or_default();
    whole.extend(body.as_object().cloned().unwrap_or_default());
    Some(whole.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_update() {
        let sent = json!({ "UserPoolId": "p", "MfaConfiguration": "ON" });
        let documented = filled("UpdateUserPool", &sent, CognitoUpdates::Documented).unwrap();
        assert_eq!(
            (&documented["MfaConfiguration"], &documented["DeletionProtection"]),
            (&json!("ON"), &json!("INACTIVE"))
        );
        assert!(documented.get("UserPoolTier").is_none());
        let measured = filled("UpdateUserPool", &sent, CognitoUpdates::Measured).unwrap();
        assert_eq!(
            measured,
            json!({ "UserPoolId": "p", "MfaConfiguration": "ON", "AutoVerifiedAttributes": [] })
        );
        assert!(filled("CreateUserPool", &sent, CognitoUpdates::Documented).is_none());
    }
}
