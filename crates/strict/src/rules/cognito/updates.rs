//! The effect of Cognito's updates on members that they leave out (COG-20), and its request rates (COG-40).

use serde_json::{Map, Value, json};

use crate::{harness::settings::CognitoUpdates, memory::tokens::Rate};

/// The update with the defaults of the members that it leaves out.
pub(crate) fn filled(operation: &str, body: &Value, mode: CognitoUpdates) -> Option<Value> {
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

/// The defaults of a pool (COG-23), without its tier, which stays.
pub(crate) fn pool_defaults() -> Value {
    json!({
        "AccountRecoverySetting": { "RecoveryMechanisms": [
            { "Name": "verified_email", "Priority": 1 },
            { "Name": "verified_phone_number", "Priority": 2 },
        ] },
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7 },
        "AutoVerifiedAttributes": [],
        "DeletionProtection": "INACTIVE",
        "EmailConfiguration": { "EmailSendingAccount": "COGNITO_DEFAULT" },
        "LambdaConfig": {},
        "MfaConfiguration": "OFF",
        "Policies": { "PasswordPolicy": {
            "MinimumLength": 8,
            "RequireLowercase": true,
            "RequireNumbers": true,
            "RequireSymbols": true,
            "RequireUppercase": true,
            "TemporaryPasswordValidityDays": 7,
        } },
        "UserPoolTags": {},
        "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_CODE" },
    })
}

/// The defaults of a client (COG-26).
fn client_defaults() -> Value {
    json!({
        "AccessTokenValidity": 60,
        "AllowedOAuthFlows": [],
        "AllowedOAuthFlowsUserPoolClient": false,
        "AllowedOAuthScopes": [],
        "AuthSessionValidity": 3,
        "CallbackURLs": [],
        "EnableTokenRevocation": true,
        "ExplicitAuthFlows": [],
        "IdTokenValidity": 60,
        "LogoutURLs": [],
        "PreventUserExistenceErrors": "LEGACY",
        "ReadAttributes": [],
        "RefreshTokenValidity": 30,
        "SupportedIdentityProviders": [],
        "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days" },
        "WriteAttributes": [],
    })
}

/// COG-40; users' sign-ins have other rates.
pub(crate) fn rates(operation: &str, pool: &str) -> Vec<Rate> {
    let (category, burst) = match operation {
        "DescribeUserPool" | "ListUserPools" => return vec![Rate::new("UserPoolRead", 15.0, 15.0)],
        "CreateUserPool" | "UpdateUserPool" | "DeleteUserPool" => {
            return vec![Rate::new("UserPoolUpdate", 15.0, 15.0)];
        }
        "DescribeUserPoolClient" | "ListUserPoolClients" => ("UserPoolClientRead", 15.0),
        "CreateUserPoolClient" | "UpdateUserPoolClient" | "DeleteUserPoolClient" => {
            ("UserPoolClientUpdate", 15.0)
        }
        "DescribeUserPoolDomain"
        | "DescribeResourceServer"
        | "DescribeIdentityProvider"
        | "GetGroup"
        | "GetUserPoolMfaConfig"
        | "ListGroups"
        | "ListIdentityProviders"
        | "ListResourceServers"
        | "ListTagsForResource" => ("UserPoolResourceRead", 20.0),
        "AddCustomAttributes"
        | "CreateGroup"
        | "CreateUserPoolDomain"
        | "DeleteGroup"
        | "DeleteUserPoolDomain"
        | "SetUserPoolMfaConfig"
        | "TagResource"
        | "UntagResource"
        | "UpdateGroup"
        | "UpdateUserPoolDomain" => ("UserPoolResourceUpdate", 15.0),
        _ => return Vec::new(),
    };
    vec![Rate::new(category, burst, burst), Rate::new(format!("{operation} {pool}"), 5.0, 5.0)]
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
