//! A user pool and its app clients.

use serde_json::{Value, json};
use stackctl_aws_data::{account::Account, desired::user_pool};
use stackctl_stackfile::{
    names::LogicalName,
    user_pool::{
        Client, Mfa, PasswordPolicy, Recovery, Rotation, SignUp, UserPool, UsernameAttribute,
        email::{Email, Sender},
    },
};

use crate::{
    draft::Draft,
    kind::Kind,
    resource::{Owner, Resource, reference},
};

/// Adds the resources of a user pool, and its outputs.
pub fn resources(name: &LogicalName, desired: &UserPool, account: &Account, owner: Owner, draft: &mut Draft) {
    let UserPool {
        name: own_name,
        existing,
        sign_up,
        sign_in_with,
        recovery,
        mfa,
        email,
        tier,
        password,
        deletion_protection,
        groups,
        clients: _,
    } = desired;
    // The authorizer names it by its ARN.
    if let Some(id) = existing {
        return add_clients(name, desired, &json!(id.as_str()), account, draft);
    }
    let address = format!("user_pool.{name}");
    let id = draft.id(&address);
    let admin = match sign_up {
        SignUp::Admin => true,
        SignUp::Open => false,
    };
    let mut properties = json!({
        "UserPoolName": own_name.as_ref().map_or_else(|| account.name(name), ToString::to_string),
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": admin },
        "Policies": { "PasswordPolicy": password_policy(password) },
        "DeletionProtection": if *deletion_protection { "ACTIVE" } else { "INACTIVE" },
        "UsernameConfiguration": { "CaseSensitive": false },
    });
    if user_pool::verifies_email(desired) {
        properties["AutoVerifiedAttributes"] = json!(["email"]);
    }
    if !sign_in_with.is_empty() {
        let attributes = sign_in_with.iter().map(|it| match it {
            UsernameAttribute::Email => "email",
            UsernameAttribute::PhoneNumber => "phone_number",
        });
        properties["UsernameAttributes"] = attributes.collect();
    }
    if let Some(recovery) = recovery {
        let name = match recovery {
            Recovery::Email => "verified_email",
            Recovery::Admin => "admin_only",
        };
        properties["AccountRecoverySetting"] =
            json!({ "RecoveryMechanisms": [{ "Name": name, "Priority": 1 }] });
    }
    if let Some(mfa) = mfa {
        properties["MfaConfiguration"] = json!(user_pool::mfa(*mfa));
        match mfa {
            Mfa::Off => {}
            Mfa::Optional | Mfa::Required => properties["EnabledMfas"] = json!(["SOFTWARE_TOKEN_MFA"]),
        }
    }
    if let Some(email) = email {
        properties["EmailConfiguration"] = email_configuration(email);
    }
    if let Some(tier) = tier {
        properties["UserPoolTier"] = json!(user_pool::tier(*tier));
    }
    let mut tags = account.tags(&address);
    if !groups.is_empty() {
        tags = tags.of_groups();
    }
    let tags = owner.tags(&tags).0;
    if !tags.is_empty() {
        properties["UserPoolTags"] = json!(tags);
    }
    draft.output(format!("{id}Id"), reference(&id));
    draft.add(Resource {
        id: id.clone(),
        address,
        kind: Kind::UserPool,
        depends_on: Vec::new(),
        retain: true,
        properties,
    });
    for group in groups {
        let address = format!("user_pool_group.{name}/{group}");
        let group_id = draft.id(&address);
        draft.add(Resource {
            id: group_id,
            address,
            kind: Kind::UserPoolGroup,
            depends_on: Vec::new(),
            retain: false,
            properties: json!({ "GroupName": group.as_str(), "UserPoolId": reference(&id) }),
        });
    }
    add_clients(name, desired, &reference(&id), account, draft);
}

/// Adds the stack's own app clients of a pool.
fn add_clients(name: &LogicalName, desired: &UserPool, pool: &Value, account: &Account, draft: &mut Draft) {
    for (client_name, client) in desired.clients.iter().filter(|(_, it)| it.existing.is_none()) {
        let address = format!("user_pool_client.{name}/{client_name}");
        let client_id = draft.id(&address);
        let mut properties = client_properties(client);
        properties["ClientName"] = json!(account.client_name(name, client_name, client));
        properties["UserPoolId"] = pool.clone();
        draft.output(format!("{client_id}Id"), reference(&client_id));
        draft.add(Resource {
            id: client_id,
            address,
            kind: Kind::UserPoolClient,
            depends_on: Vec::new(),
            retain: false,
            properties,
        });
    }
}

fn email_configuration(email: &Email) -> Value {
    match email {
        Email::Cognito => json!({ "EmailSendingAccount": "COGNITO_DEFAULT" }),
        Email::Ses(Sender { from, identity, reply_to }) => {
            let mut configuration = json!({
                "EmailSendingAccount": "DEVELOPER",
                "From": from.as_str(),
                "SourceArn": identity.as_str(),
            });
            if let Some(reply_to) = reply_to {
                configuration["ReplyToEmailAddress"] = json!(reply_to.as_str());
            }
            configuration
        }
    }
}

fn password_policy(password: &PasswordPolicy) -> Value {
    let PasswordPolicy { minimum_length, lowercase, uppercase, digits, symbols, temporary_validity } =
        password;
    json!({
        "MinimumLength": minimum_length,
        "RequireLowercase": lowercase,
        "RequireUppercase": uppercase,
        "RequireNumbers": digits,
        "RequireSymbols": symbols,
        "TemporaryPasswordValidityDays": temporary_validity.days(),
    })
}

fn client_properties(client: &Client) -> Value {
    let Client { existing: _, name: _, access_token, id_token, refresh_token, refresh_token_rotation } =
        client;
    let mut properties = json!({
        "GenerateSecret": false,
        "ExplicitAuthFlows": user_pool::auth_flows(client),
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": true,
        "AccessTokenValidity": access_token.0,
        "IdTokenValidity": id_token.0,
        "RefreshTokenValidity": refresh_token.0,
        "TokenValidityUnits": { "AccessToken": "seconds", "IdToken": "seconds", "RefreshToken": "seconds" },
    });
    if let Some(Rotation { grace }) = refresh_token_rotation {
        properties["RefreshTokenRotation"] =
            json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": grace.0 });
    }
    properties
}
