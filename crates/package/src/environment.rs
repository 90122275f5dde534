//! Which environment variables builds do not get: those that lead to credentials of AWS.
//!
//! A build runs code of every dependency. Builds need variables that stackctl can't know (compilers, SDKs, what a build
//! script reads), so the list names what is removed, not what is passed on.

use std::{
    env,
    ffi::{OsStr, OsString},
};

/// Beginnings of names. `AWS_` covers keys, tokens, profiles, files of the AWS CLI, container and web identity
/// credentials.
const REMOVED: &[&str] = &[
    "AWS_",
    // With these a step of GitHub Actions gets a token that AWS exchanges for a role's credentials.
    "ACTIONS_ID_TOKEN_REQUEST_",
];

/// Beginnings of names that only look like it: settings of the aws-lc library's build.
const KEPT: &[&str] = &["AWS_LC_"];

/// Whether a variable leads to credentials of AWS.
pub fn is_credential(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let begins = |all: &[&str]| all.iter().any(|it| name.starts_with(it));
    begins(REMOVED) && !begins(KEPT)
}

/// The variables of this process that lead to credentials of AWS.
pub fn credentials() -> impl Iterator<Item = OsString> {
    env::vars_os().map(|(name, _)| name).filter(|name| is_credential(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_builds_do_not_get() {
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_PROFILE",
            "AWS_DEFAULT_PROFILE",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_ROLE_ARN",
            "AWS_BEARER_TOKEN_BEDROCK",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
        ] {
            assert!(is_credential(OsStr::new(name)), "{name}");
        }
        for name in [
            "PATH",
            "HOME",
            "LANG",
            "HTTPS_PROXY",
            "CARGO_HOME",
            "CARGO_NET_GIT_FETCH_WITH_CLI",
            "RUSTUP_TOOLCHAIN",
            "RUSTFLAGS",
            "CC",
            "OPENSSL_DIR",
            "GITHUB_SHA",
            "AWS_LC_SYS_CMAKE_BUILDER",
            "MY_AWS_ACCESS",
        ] {
            assert!(!is_credential(OsStr::new(name)), "{name}");
        }
    }
}
