//! The features that a pool's tier does not have (COG-120).

use serde_json::Value;
use stackctl_gateway::Refusal;

use super::pool::Pool;

/// Refuses an operation that uses a feature which the tier of its pool does not have.
pub(super) async fn check(pool: &Pool<'_>, operation: &str, body: &Value) -> Result<(), Refusal> {
    let before = match operation {
        "UpdateUserPool" | "CreateUserPoolClient" | "UpdateUserPoolClient" | "SetUserPoolMfaConfig" => {
            pool.describe().await?.1["UserPool"].take()
        }
        // A new pool has its tier in the body; other operations use no feature of a tier.
        _ => Value::Null,
    };
    match refusal(operation, body, &before) {
        Some(message) => Err(Refusal::new(400, "FeatureUnavailableInTierException", message)),
        None => Ok(()),
    }
}

/// The message of Cognito's refusal of an operation; `pool` is the pool before it, null for a new one.
fn refusal(operation: &str, body: &Value, pool: &Value) -> Option<String> {
    let tier = [body, pool].into_iter().find_map(|it| it["UserPoolTier"].as_str()).unwrap_or("ESSENTIALS");
    let has = |feature: &Feature| match operation {
        "CreateUserPool" => (feature.in_pool)(body),
        "UpdateUserPool" => (feature.in_pool)(&after(body, pool)),
        "CreateUserPoolClient" | "UpdateUserPoolClient" => (feature.in_client)(body),
        "SetUserPoolMfaConfig" => (feature.in_factors)(body),
        _ => false,
    };
    let refused: Vec<&str> =
        FEATURES.iter().filter(|it| !it.tiers.contains(&tier) && has(it)).map(|it| it.name).collect();
    (!refused.is_empty()).then(|| {
        let names = refused.join(", ");
        format!("The following features need to be disabled for the {tier} pricing tier configured: {names}")
    })
}

/// The pool after an update.
fn after(body: &Value, pool: &Value) -> Value {
    let mut after = pool.clone();
    if let (Some(all), Some(changes)) = (after.as_object_mut(), body.as_object()) {
        all.extend(changes.clone());
    }
    after
}

/// A feature that not every tier has.
struct Feature {
    /// Its name in Cognito's refusal; of e-mail MFA and password history unconfirmed.
    name: &'static str,
    tiers: &'static [&'static str],
    in_pool: fn(&Value) -> bool,
    in_client: fn(&Value) -> bool,
    in_factors: fn(&Value) -> bool,
}

const ESSENTIALS: &[&str] = &["ESSENTIALS", "PLUS"];
const NOWHERE: fn(&Value) -> bool = |_| false;
const FEATURES: [Feature; 4] = [
    Feature {
        name: "Threat Protection",
        tiers: &["PLUS"],
        in_pool: |pool| {
            matches!(pool["UserPoolAddOns"]["AdvancedSecurityMode"].as_str(), Some("AUDIT" | "ENFORCED"))
        },
        in_client: NOWHERE,
        in_factors: NOWHERE,
    },
    Feature {
        name: "Passwordless Sign-In",
        tiers: ESSENTIALS,
        in_pool: |pool| {
            let first = pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"].as_array();
            first.is_some_and(|all| all.iter().any(|it| it != "PASSWORD"))
        },
        in_client: |client| {
            client["ExplicitAuthFlows"]
                .as_array()
                .is_some_and(|all| all.iter().any(|it| it == "ALLOW_USER_AUTH"))
        },
        in_factors: NOWHERE,
    },
    Feature {
        name: "Password History",
        tiers: ESSENTIALS,
        in_pool: |pool| {
            pool["Policies"]["PasswordPolicy"]["PasswordHistorySize"].as_u64().is_some_and(|it| it > 0)
        },
        in_client: NOWHERE,
        in_factors: NOWHERE,
    },
    Feature {
        name: "Email MFA",
        tiers: ESSENTIALS,
        in_pool: NOWHERE,
        in_client: NOWHERE,
        in_factors: |factors| factors.get("EmailMfaConfiguration").is_some(),
    },
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_tier_has_its_features() {
        let protected = json!({ "UserPoolAddOns": { "AdvancedSecurityMode": "ENFORCED" } });
        let codes = json!({ "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } } });
        let history = json!({ "Policies": { "PasswordPolicy": { "PasswordHistorySize": 3 } } });
        let password = json!({ "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD"] } } });
        let client = json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] });
        let mails = json!({ "EmailMfaConfiguration": {} });
        for (operation, body, least) in [
            ("CreateUserPool", &protected, Some("PLUS")),
            ("CreateUserPool", &codes, Some("ESSENTIALS")),
            ("UpdateUserPool", &history, Some("ESSENTIALS")),
            ("CreateUserPool", &password, None),
            ("UpdateUserPoolClient", &client, Some("ESSENTIALS")),
            ("SetUserPoolMfaConfig", &mails, Some("ESSENTIALS")),
            ("SetUserPoolMfaConfig", &json!({ "SoftwareTokenMfaConfiguration": {} }), None),
        ] {
            let order = ["LITE", "ESSENTIALS", "PLUS"];
            let least = order.iter().position(|it| Some(*it) == least).unwrap_or(0);
            for (at, tier) in order.iter().enumerate() {
                let refused = refusal(operation, body, &json!({ "UserPoolTier": tier }));
                assert_eq!(refused.is_some(), at < least, "{operation} {body} in {tier}: {refused:?}");
            }
        }
        assert_eq!(
            refusal("UpdateUserPool", &json!({ "UserPoolTier": "ESSENTIALS" }), &protected).unwrap(),
            "The following features need to be disabled for the ESSENTIALS pricing tier configured: Threat Protection",
            "a tier that does not have what the pool has"
        );
    }
}
