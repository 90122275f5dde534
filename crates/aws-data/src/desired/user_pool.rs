//! A user pool's and an app client's settings that no key of the file sets alone.

use stackctl_stackfile::user_pool::{SignUp, UserPool, UsernameAttribute};

/// The ways to sign in that an app client allows: SRP, and the renewal of a session (COG-25).
pub const AUTH_FLOWS: [&str; 2] = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];

/// Whether Cognito sends a code to a new address, without which users can't confirm an account that they created.
pub fn verifies_email(pool: &UserPool) -> bool {
    pool.sign_up == SignUp::Open || pool.username_attributes.contains(&UsernameAttribute::Email)
}
