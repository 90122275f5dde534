//! What an administrator changes about a user who exists.

use stackctl_aws_client::request::{error::AwsError, wait};
use stackctl_engine::Reporter;
use stackctl_stackfile::{
    units::Seconds,
    user_pool::{Mfa, UserPool},
};

use super::profile::Profile;
use crate::people::{People, operations};

/// A change of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Cognito sends a code with which the user sets another password.
    ResetPassword,
    /// The user has no authenticator app any more.
    ResetMfa,
    /// The user may sign in again.
    Enable,
    /// The user may not sign in.
    Disable,
    /// The user's sessions end on all devices.
    SignOut,
}

/// Why Cognito would refuse a new user or a change of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub what: String,
    /// The advice.
    pub hint: String,
}

impl Change {
    /// The change as JSON lines name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::ResetPassword => "password_reset",
            Change::ResetMfa => "mfa_reset",
            Change::Enable => "enabled",
            Change::Disable => "disabled",
            Change::SignOut => "signed_out",
        }
    }

    /// The change as an infinitive with its object, as in `disable ada`.
    pub fn doing(self, name: &str) -> String {
        match self {
            Change::ResetPassword => format!("reset the password of {name}"),
            Change::ResetMfa => format!("reset the second factor of {name}"),
            Change::Enable => format!("enable {name}"),
            Change::Disable => format!("disable {name}"),
            Change::SignOut => format!("sign {name} out"),
        }
    }

    /// The result of the change, for the terminal; `pool` is the logical name of the pool.
    pub fn text(self, name: &str, pool: &str, settings: &UserPool) -> String {
        // COG-103
        let tokens = |lifetime: Seconds| {
            format!("APIs accept tokens that exist until they expire, which takes {lifetime} at most.")
        };
        let longest = settings.clients.values().map(|client| client.id_token.max(client.access_token)).max();
        let tokens = longest.map(tokens);
        let with = |head: String| {
            format!("{}\n", [Some(head), tokens.clone()].into_iter().flatten().collect::<Vec<_>>().join("\n"))
        };
        match self {
            Change::ResetPassword => format!(
                "The password of {name} in user pool `{pool}` does not work any more.\nCognito sends {name} a code, which sets \
                 another password within an hour.\n"
            ),
            Change::ResetMfa => {
                let then = match settings.mfa {
                    Some(Mfa::Required) => "The next sign-in sets up another one",
                    Some(Mfa::Optional | Mfa::Off) | None => "The user may set up another one on the page",
                };
                format!("The authenticator app of {name} in user pool `{pool}` is removed.\n{then}.\n")
            }
            Change::Enable => format!("{name} may sign in to user pool `{pool}`.\n"),
            Change::Disable => with(format!("{name} may not sign in to user pool `{pool}` any more.")),
            Change::SignOut => with(format!("The sessions of {name} in user pool `{pool}` are over.")),
        }
    }

    /// Why Cognito would refuse the change of this user, who signs in as `name`; `add` is the command that sets a
    /// temporary password (COG-100, COG-101).
    pub fn refused(self, name: &str, user: &Profile, add: &str) -> Option<Refusal> {
        let hint = || format!("`{add}` sets a new temporary password instead");
        match self {
            Change::ResetPassword if user.person.status == "FORCE_CHANGE_PASSWORD" => Some(Refusal {
                what: format!("`{name}` has a temporary password, which Cognito does not reset"),
                hint: hint(),
            }),
            Change::ResetPassword if user.person.status == "UNCONFIRMED" => Some(Refusal {
                what: format!("`{name}` has not confirmed the account yet"),
                hint: "the user asks for another code on the page, and confirms the account first".to_owned(),
            }),
            Change::ResetPassword if !user.email_verified && !user.phone_verified => Some(Refusal {
                what: format!("`{name}` has no verified email address or phone number to send a code to"),
                hint: hint(),
            }),
            Change::ResetPassword | Change::ResetMfa | Change::Enable | Change::Disable | Change::SignOut => {
                None
            }
        }
    }
}

impl People<'_> {
    /// Changes a user. Each change may be repeated.
    ///
    /// # Errors
    /// Cognito's.
    pub async fn change(self, change: Change, name: &str, reporter: &Reporter) -> Result<(), AwsError> {
        let (cognito, pool) = (&self.aws.cognito, self.pool);
        match change {
            Change::ResetPassword => {
                let send = || cognito.admin_reset_user_password().user_pool_id(pool).username(name).send();
                wait::write(&operations::ADMIN_RESET_USER_PASSWORD, reporter, send).await.map(drop)
            }
            Change::ResetMfa => {
                let send = || cognito.admin_delete_software_token().user_pool_id(pool).username(name).send();
                wait::write(&operations::ADMIN_DELETE_SOFTWARE_TOKEN, reporter, send).await.map(drop)
            }
            Change::Enable => {
                let send = || cognito.admin_enable_user().user_pool_id(pool).username(name).send();
                wait::write(&operations::ADMIN_ENABLE_USER, reporter, send).await.map(drop)
            }
            Change::Disable => {
                let send = || cognito.admin_disable_user().user_pool_id(pool).username(name).send();
                wait::write(&operations::ADMIN_DISABLE_USER, reporter, send).await.map(drop)
            }
            Change::SignOut => {
                let send = || cognito.admin_user_global_sign_out().user_pool_id(pool).username(name).send();
                wait::write(&operations::ADMIN_USER_GLOBAL_SIGN_OUT, reporter, send).await.map(drop)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::people::Person;

    fn profile(status: &str, email_verified: bool) -> Profile {
        let person = Person {
            name: "ada".to_owned(),
            email: Some("ada@example.com".to_owned()),
            phone: None,
            status: status.to_owned(),
            enabled: true,
            created: None,
        };
        Profile { person, email_verified, phone_verified: false, second_factors: Vec::new(), modified: None }
    }

    #[test]
    fn a_password_that_cognito_would_not_reset() {
        let refused = |status, verified| {
            let refused =
                Change::ResetPassword.refused("ada", &profile(status, verified), "user add --reset ada");
            refused.map(|Refusal { what, hint }| format!("{what}; {hint}")).unwrap_or_default()
        };
        expect!["`ada` has a temporary password, which Cognito does not reset; `user add --reset ada` sets a new temporary password instead"]
            .assert_eq(&refused("FORCE_CHANGE_PASSWORD", true));
        expect!["`ada` has not confirmed the account yet; the user asks for another code on the page, and confirms the account first"]
            .assert_eq(&refused("UNCONFIRMED", false));
        expect!["`ada` has no verified email address or phone number to send a code to; `user add --reset ada` sets a new temporary password instead"]
            .assert_eq(&refused("CONFIRMED", false));
        assert_eq!(refused("CONFIRMED", true), "");
        assert_eq!(refused("RESET_REQUIRED", true), "");
        let other = [Change::ResetMfa, Change::Enable, Change::Disable, Change::SignOut];
        assert!(other.iter().all(|it| it.refused("ada", &profile("UNCONFIRMED", false), "").is_none()));
    }

    #[test]
    fn texts() {
        let stack = "stack: a\nregion: eu-west-1\nuser_pools: {users: {mfa: required, clients: {web: {id_token: 2h}}}, staff: {}}\n";
        let Ok(stack) = stackctl_stackfile::parse(stack, None) else { panic!("the stack is wrong") };
        let mut text = String::new();
        for (pool, settings) in &stack.user_pools {
            for change in
                [Change::ResetPassword, Change::ResetMfa, Change::Enable, Change::Disable, Change::SignOut]
            {
                text += &change.text("ada", pool.as_str(), settings);
            }
        }
        expect![[r#"
            The password of ada in user pool `staff` does not work any more.
            Cognito sends ada a code, which sets another password within an hour.
            The authenticator app of ada in user pool `staff` is removed.
            The user may set up another one on the page.
            ada may sign in to user pool `staff`.
            ada may not sign in to user pool `staff` any more.
            The sessions of ada in user pool `staff` are over.
            The password of ada in user pool `users` does not work any more.
            Cognito sends ada a code, which sets another password within an hour.
            The authenticator app of ada in user pool `users` is removed.
            The next sign-in sets up another one.
            ada may sign in to user pool `users`.
            ada may not sign in to user pool `users` any more.
            APIs accept tokens that exist until they expire, which takes 2h at most.
            The sessions of ada in user pool `users` are over.
            APIs accept tokens that exist until they expire, which takes 2h at most.
        "#]]
        .assert_eq(&text);
    }
}
