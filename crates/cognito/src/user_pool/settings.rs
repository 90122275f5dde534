//! The managed settings of a user pool: desired, live, and as text.

use aws_sdk_cognitoidentityprovider::types::{
    AdminCreateUserConfigType, DeletionProtectionType, PasswordPolicyType, UserPoolPolicyType,
    UserPoolTierType, UserPoolType, UsernameAttributeType, VerifiedAttributeType,
};
use stackctl_aws_data::{
    desired::user_pool::{tier, verifies_email},
    tags::Tags,
};
use stackctl_engine::Step;
use stackctl_stackfile::{
    units::Seconds,
    user_pool::{PasswordPolicy, SignUp, Tier, UserPool as UserPoolOfFile, UsernameAttribute},
};

use super::{
    mails::Mails,
    model::{UserPool, UserPoolSettings},
    recovery,
};

const DAY: u32 = 86_400;

impl UserPoolSettings {
    /// The settings of the file.
    pub fn desired(pool: &UserPool) -> UserPoolSettings {
        let UserPool { name, logical: _, desired, tags } = pool;
        let UserPoolOfFile {
            name: _,
            existing: _,
            sign_up,
            sign_in_with,
            recovery,
            mfa: _,
            email,
            tier,
            password,
            deletion_protection,
            groups: _,
            clients: _,
        } = desired;
        UserPoolSettings {
            name: name.clone(),
            sign_up: *sign_up,
            sign_in_with: sign_in_with.clone(),
            recovery: *recovery,
            mails: email.as_ref().map(Mails::desired),
            tier: *tier,
            password: password.clone(),
            deletion_protection: *deletion_protection,
            verify_email: verifies_email(desired),
            tags: tags.clone(),
        }
    }

    /// The settings in Cognito's description of a pool.
    pub fn read(pool: &UserPoolType) -> UserPoolSettings {
        let password = pool.policies().and_then(UserPoolPolicyType::password_policy);
        let days =
            password.map(|it| it.temporary_password_validity_days).filter(|days| *days > 0).unwrap_or(7);
        let admin = pool.admin_create_user_config().is_some_and(|it| it.allow_admin_create_user_only);
        UserPoolSettings {
            name: pool.name.clone().unwrap_or_default(),
            sign_up: if admin { SignUp::Admin } else { SignUp::Open },
            recovery: recovery::read(pool),
            mails: Some(Mails::read(pool)),
            tier: match pool.user_pool_tier() {
                Some(UserPoolTierType::Lite) => Some(Tier::Lite),
                Some(UserPoolTierType::Essentials) => Some(Tier::Essentials),
                Some(UserPoolTierType::Plus) => Some(Tier::Plus),
                Some(_) | None => None,
            },
            sign_in_with: pool
                .username_attributes()
                .iter()
                .filter_map(|attribute| match attribute {
                    UsernameAttributeType::Email => Some(UsernameAttribute::Email),
                    UsernameAttributeType::PhoneNumber => Some(UsernameAttribute::PhoneNumber),
                    _ => None,
                })
                .collect(),
            password: PasswordPolicy {
                minimum_length: password
                    .and_then(PasswordPolicyType::minimum_length)
                    .and_then(|length| length.try_into().ok())
                    .unwrap_or(8),
                lowercase: password.is_some_and(PasswordPolicyType::require_lowercase),
                uppercase: password.is_some_and(PasswordPolicyType::require_uppercase),
                digits: password.is_some_and(PasswordPolicyType::require_numbers),
                symbols: password.is_some_and(PasswordPolicyType::require_symbols),
                temporary_validity: Seconds(DAY.saturating_mul(days.unsigned_abs())),
            },
            deletion_protection: pool.deletion_protection() == Some(&DeletionProtectionType::Active),
            verify_email: pool.auto_verified_attributes().contains(&VerifiedAttributeType::Email),
            tags: Tags::read(pool.user_pool_tags.clone().unwrap_or_default()),
        }
    }

    /// Whether an update would change nothing.
    pub fn serves(&self, desired: &UserPoolSettings) -> bool {
        let UserPoolSettings {
            name,
            sign_up,
            sign_in_with: _,
            recovery,
            mails,
            tier,
            password,
            deletion_protection,
            verify_email,
            tags: _,
        } = desired;
        self.name == *name
            && self.sign_up == *sign_up
            && self.password == *password
            && self.deletion_protection == *deletion_protection
            // What the file does not name stays as it is.
            && (recovery.is_none() || self.recovery == *recovery)
            && (mails.is_none() || self.mails == *mails)
            && (tier.is_none() || self.tier == *tier)
            // If others turned codes on, stackctl does not turn them off.
            && (self.verify_email || !verify_email)
    }

    /// The pool with these settings; its other settings do not change.
    pub fn put_into(&self, mut pool: UserPoolType) -> UserPoolType {
        let UserPoolSettings {
            name,
            sign_up,
            sign_in_with: _,
            recovery,
            mails,
            tier: desired_tier,
            password,
            deletion_protection,
            verify_email,
            tags: _,
        } = self;
        if let Some(recovery) = recovery {
            recovery::put_into(*recovery, &mut pool);
        }
        if let Some(mails) = mails {
            mails.put_into(&mut pool);
        }
        if let Some(desired) = desired_tier {
            pool.user_pool_tier = Some(UserPoolTierType::from(tier(*desired)));
        }
        let PasswordPolicy { minimum_length, lowercase, uppercase, digits, symbols, temporary_validity } =
            password;
        let mut policies = pool.policies.unwrap_or_else(|| UserPoolPolicyType::builder().build());
        let mut policy = policies.password_policy.unwrap_or_else(|| PasswordPolicyType::builder().build());
        policy.minimum_length = Some(i32::from(*minimum_length));
        policy.require_lowercase = *lowercase;
        policy.require_uppercase = *uppercase;
        policy.require_numbers = *digits;
        policy.require_symbols = *symbols;
        policy.temporary_password_validity_days =
            i32::try_from(temporary_validity.0 / DAY).unwrap_or(i32::MAX);
        policies.password_policy = Some(policy);

        let admin = pool.admin_create_user_config;
        let mut admin = admin.unwrap_or_else(|| AdminCreateUserConfigType::builder().build());
        admin.allow_admin_create_user_only = match sign_up {
            SignUp::Admin => true,
            SignUp::Open => false,
        };
        let verified = pool.auto_verified_attributes.get_or_insert_default();
        if *verify_email && !verified.contains(&VerifiedAttributeType::Email) {
            verified.push(VerifiedAttributeType::Email);
        }
        pool.name = Some(name.clone());
        pool.policies = Some(policies);
        pool.admin_create_user_config = Some(admin);
        pool.deletion_protection = Some(if *deletion_protection {
            DeletionProtectionType::Active
        } else {
            DeletionProtectionType::Inactive
        });
        pool
    }

    /// The username attributes as text.
    pub fn user_names(&self) -> String {
        let names = self.sign_in_with.iter().map(|attribute| match attribute {
            UsernameAttribute::Email => "email",
            UsernameAttribute::PhoneNumber => "phone_number",
        });
        let names: Vec<&str> = names.collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    /// The username attributes as Cognito takes them.
    pub fn username_attribute_types(&self) -> Vec<UsernameAttributeType> {
        let attributes = self.sign_in_with.iter().map(|attribute| match attribute {
            UsernameAttribute::Email => UsernameAttributeType::Email,
            UsernameAttribute::PhoneNumber => UsernameAttributeType::PhoneNumber,
        });
        attributes.collect()
    }
}

type Text = fn(&UserPoolSettings) -> String;

/// Adds the changes of an update or a creation to a step.
pub fn changes(mut step: Step, from: Option<&UserPoolSettings>, to: &UserPoolSettings) -> Step {
    if let Some(from) = from {
        step = step.change("name", Some(from.name.clone()), Some(to.name.clone()));
    }
    let fields: [(&str, Text); 8] = [
        ("sign_up", |it| match it.sign_up {
            SignUp::Admin => "admin".to_owned(),
            SignUp::Open => "open".to_owned(),
        }),
        ("password.minimum_length", |it| it.password.minimum_length.to_string()),
        ("password.lowercase", |it| it.password.lowercase.to_string()),
        ("password.uppercase", |it| it.password.uppercase.to_string()),
        ("password.digits", |it| it.password.digits.to_string()),
        ("password.symbols", |it| it.password.symbols.to_string()),
        ("password.temporary_validity", |it| it.password.temporary_validity.to_string()),
        ("deletion_protection", |it| it.deletion_protection.to_string()),
    ];
    for (field, text) in fields {
        step = step.change(field, from.map(text), Some(text(to)));
    }
    if to.recovery.is_some() {
        step = step.change(
            "recovery",
            from.map(|it| recovery::text(it.recovery)),
            Some(recovery::text(to.recovery)),
        );
    }
    let mails = |it: &UserPoolSettings| it.mails.as_ref().map(Mails::text);
    if to.mails.is_some() {
        step = step.change("email", from.and_then(mails), mails(to));
    }
    let cost = |it: &UserPoolSettings| it.tier.map(with_cost);
    if to.tier.is_some() {
        step = step.change("tier", from.and_then(cost), cost(to));
    }
    if to.verify_email {
        step =
            step.change("verify_email", from.map(|it| it.verify_email.to_string()), Some("true".to_owned()));
    }
    step
}

/// The tier, and what a user costs who is active in a month (COG-119).
fn with_cost(tier: Tier) -> String {
    match tier {
        Tier::Lite => "lite (about $0.005 a month for each active user, 10,000 are free)".to_owned(),
        Tier::Essentials => "essentials ($0.015 a month for each active user, 10,000 are free)".to_owned(),
        Tier::Plus => "plus ($0.020 a month for each active user, none is free)".to_owned(),
    }
}
