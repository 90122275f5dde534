//! A user pool's and an app client's settings that no key of the file sets alone.

use crate::{account::Account, tags::Tags};
use stackctl_stackfile::names::LogicalName;
use stackctl_stackfile::user_pool::{Client, Mfa, SignUp, Tier, UserPool, UsernameAttribute};

/// The tags of a user pool.
pub fn tags(account: &Account, name: &LogicalName, pool: &UserPool) -> Tags {
    let tags = account.tags(&format!("user_pool.{name}"));
    if pool.groups.is_empty() { tags } else { tags.of_groups() }
}

/// The ways to sign in that an app client allows: SRP, and the renewal of a session (COG-25), which goes another way when
/// refresh tokens rotate (COG-118).
pub fn auth_flows(client: &Client) -> Vec<&'static str> {
    match client.refresh_token_rotation {
        None => vec!["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        Some(_) => vec!["ALLOW_USER_SRP_AUTH"],
    }
}

/// Cognito's word for how a pool asks for a second factor.
pub fn mfa(mfa: Mfa) -> &'static str {
    match mfa {
        Mfa::Off => "OFF",
        Mfa::Optional => "OPTIONAL",
        Mfa::Required => "ON",
    }
}

/// Cognito's word for a tier.
pub fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Lite => "LITE",
        Tier::Essentials => "ESSENTIALS",
        Tier::Plus => "PLUS",
    }
}

/// Whether Cognito sends a code to a new address, without which users can't confirm an account that they created.
pub fn verifies_email(pool: &UserPool) -> bool {
    pool.sign_up == SignUp::Open || pool.sign_in_with.contains(&UsernameAttribute::Email)
}
