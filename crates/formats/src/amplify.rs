//! Outputs as `Amplify.configure` of aws-amplify 6 takes them: as the `amplify_outputs.json` of Amplify Gen 2, or where
//! Cognito has another endpoint, which that file can't name (COG-80), as the library's own configuration.

use serde::Serialize;
use serde_json::{Value, json as value};
use stackctl_aws_data::outputs::{Outputs, UserPoolOutputs};
use stackctl_stackfile::{
    stack::Stack,
    user_pool::{Mfa, PasswordPolicy, UserPool, UsernameAttribute},
};

use crate::json::json;
use crate::unfit::Unfit;

#[derive(Serialize)]
struct AmplifyOutputs<'a> {
    version: &'static str,
    auth: Auth<'a>,
    /// All outputs; Amplify ignores `custom`.
    custom: &'a Outputs,
}

#[derive(Serialize)]
struct Auth<'a> {
    aws_region: &'a str,
    user_pool_id: &'a str,
    user_pool_client_id: &'a str,
    username_attributes: Vec<&'static str>,
    mfa_configuration: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mfa_methods: Vec<&'static str>,
    password_policy: Password,
    unauthenticated_identities_enabled: bool,
}

#[derive(Serialize)]
struct Password {
    min_length: u8,
    require_lowercase: bool,
    require_uppercase: bool,
    require_numbers: bool,
    require_symbols: bool,
}

/// The file.
///
/// # Errors
/// A stack without exactly one user pool and one client.
pub fn text(outputs: &Outputs, stack: &Stack) -> Result<String, Unfit> {
    let one = only(outputs).and_then(|(name, id, client)| {
        let (_, pool) = stack.user_pools.iter().find(|(logical, _)| logical.as_str() == name)?;
        Some((pool, id, client))
    });
    let Some((pool, id, client)) = one else {
        return Err(Unfit {
            what: "amplify_outputs.json needs exactly one user pool with one client".to_owned(),
            hint: "use --format json, and pass Amplify.configure the values that it needs".to_owned(),
        });
    };
    let auth = auth(&outputs.region, pool, id, client);
    Ok(match &outputs.cognito_endpoint {
        None => json(&AmplifyOutputs { version: "1", auth, custom: outputs }) + "\n",
        Some(endpoint) => {
            json(&value!({ "Auth": { "Cognito": cognito(&auth, endpoint) }, "custom": outputs })) + "\n"
        }
    })
}

/// The same in the library's words, with the endpoint.
fn cognito(auth: &Auth<'_>, endpoint: &str) -> Value {
    let Auth {
        aws_region: _,
        user_pool_id,
        user_pool_client_id,
        username_attributes,
        mfa_configuration,
        mfa_methods,
        password_policy,
        unauthenticated_identities_enabled: _,
    } = auth;
    let Password { min_length, require_lowercase, require_uppercase, require_numbers, require_symbols } =
        password_policy;
    let mfa = match (*mfa_configuration, mfa_methods.is_empty()) {
        (_, true) => value!({ "status": "off" }),
        ("REQUIRED", false) => value!({ "status": "on", "totpEnabled": true }),
        (_, false) => value!({ "status": "optional", "totpEnabled": true }),
    };
    let signs_in_with = |attribute| username_attributes.contains(&attribute);
    value!({
        "userPoolId": user_pool_id,
        "userPoolClientId": user_pool_client_id,
        "userPoolEndpoint": endpoint,
        "loginWith": { "email": signs_in_with("email"), "phone": signs_in_with("phone_number") },
        "mfa": mfa,
        "passwordFormat": {
            "minLength": min_length,
            "requireLowercase": require_lowercase,
            "requireUppercase": require_uppercase,
            "requireNumbers": require_numbers,
            "requireSpecialCharacters": require_symbols,
        },
    })
}

/// The logical name of the one pool, its id, and its one client's id.
fn only(outputs: &Outputs) -> Option<(&str, &str, &str)> {
    let mut pools = outputs.user_pools.iter();
    let (Some((name, UserPoolOutputs { id, clients })), None) = (pools.next(), pools.next()) else {
        return None;
    };
    let mut clients = clients.values();
    let (Some(client), None) = (clients.next(), clients.next()) else { return None };
    Some((name, id, client))
}

fn auth<'a>(region: &'a str, pool: &UserPool, id: &'a str, client: &'a str) -> Auth<'a> {
    let attributes = pool.sign_in_with.iter().map(|attribute| match attribute {
        UsernameAttribute::Email => "email",
        UsernameAttribute::PhoneNumber => "phone_number",
    });
    let PasswordPolicy { minimum_length, lowercase, uppercase, digits, symbols, temporary_validity: _ } =
        pool.password;
    let (mfa_configuration, mfa_methods) = match pool.mfa {
        None | Some(Mfa::Off) => ("NONE", Vec::new()),
        Some(Mfa::Optional) => ("OPTIONAL", vec!["TOTP"]),
        Some(Mfa::Required) => ("REQUIRED", vec!["TOTP"]),
    };
    Auth {
        aws_region: region,
        user_pool_id: id,
        user_pool_client_id: client,
        username_attributes: attributes.collect(),
        mfa_configuration,
        mfa_methods,
        password_policy: Password {
            min_length: minimum_length,
            require_lowercase: lowercase,
            require_uppercase: uppercase,
            require_numbers: digits,
            require_symbols: symbols,
        },
        unauthenticated_identities_enabled: false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::expect;
    use stackctl_stackfile::{units::Seconds, user_pool::SignUp};

    use super::*;
    use crate::samples;

    #[test]
    fn one_pool_and_one_client() {
        let pool = UserPool {
            name: None,
            existing: None,
            sign_up: SignUp::Admin,
            sign_in_with: BTreeSet::from([UsernameAttribute::Email]),
            recovery: None,
            mfa: None,
            email: None,
            tier: None,
            password: PasswordPolicy {
                minimum_length: 10,
                lowercase: true,
                uppercase: true,
                digits: true,
                symbols: false,
                temporary_validity: Seconds(604_800),
            },
            deletion_protection: true,
            groups: BTreeSet::new(),
            clients: [].into(),
        };
        let outputs = samples::one_of_each();
        let (_, id, client) = only(&outputs).unwrap();
        expect![[r#"
            {
              "aws_region": "eu-west-1",
              "user_pool_id": "eu-west-1_AbCdEf",
              "user_pool_client_id": "1h57kf5cpq17m0eml12EXAMPLE",
              "username_attributes": [
                "email"
              ],
              "mfa_configuration": "NONE",
              "password_policy": {
                "min_length": 10,
                "require_lowercase": true,
                "require_uppercase": true,
                "require_numbers": true,
                "require_symbols": false
              },
              "unauthenticated_identities_enabled": false
            }"#]]
        .assert_eq(&json(&auth(&outputs.region, &pool, id, client)));
        expect![[r#"
            {
              "loginWith": {
                "email": true,
                "phone": false
              },
              "mfa": {
                "status": "off"
              },
              "passwordFormat": {
                "minLength": 10,
                "requireLowercase": true,
                "requireNumbers": true,
                "requireSpecialCharacters": false,
                "requireUppercase": true
              },
              "userPoolClientId": "1h57kf5cpq17m0eml12EXAMPLE",
              "userPoolEndpoint": "http://127.0.0.1:4599",
              "userPoolId": "eu-west-1_AbCdEf"
            }"#]]
        .assert_eq(&json(&cognito(&auth(&outputs.region, &pool, id, client), "http://127.0.0.1:4599")));
    }

    #[test]
    fn several_do_not_fit() {
        assert!(only(&samples::several()).is_none());
    }
}
