//! The second factors of a user pool. One call reads them, and one replaces them all (COG-21).

use aws_sdk_cognitoidentityprovider::{
    operation::get_user_pool_mfa_config::GetUserPoolMfaConfigOutput,
    types::{
        AuthFactorType, EmailMfaConfigType, SmsMfaConfigType, SoftwareTokenMfaConfigType, UserPoolMfaType,
        UserPoolType, WebAuthnConfigurationType, WebAuthnFactorConfigurationType,
    },
};
use stackctl_aws_client::{
    clients::Aws,
    request::{
        error::{AwsError, if_there},
        wait,
    },
};
use stackctl_engine::Reporter;
use stackctl_stackfile::user_pool::Mfa;

use crate::user_pool::operations;

/// Whether a pool asks for a second factor, and for which.
#[derive(Debug, Clone, PartialEq)]
pub struct SecondFactors {
    /// Whether it asks.
    pub mfa: Mfa,
    /// Whether an authenticator app is a factor.
    pub app: bool,
    /// Codes by SMS; Cognito returns them also after they ceased to be a factor (COG-116).
    sms: Option<SmsMfaConfigType>,
    /// Codes by mail; they are a factor where they are present.
    email: Option<EmailMfaConfigType>,
    passkeys: Option<WebAuthnConfigurationType>,
}

/// Why Cognito would refuse to require a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impossible {
    /// The reason.
    pub what: &'static str,
    /// The advice.
    pub hint: &'static str,
}

impl Default for SecondFactors {
    /// Those of a new pool.
    fn default() -> SecondFactors {
        SecondFactors { mfa: Mfa::Off, app: false, sms: None, email: None, passkeys: None }
    }
}

impl SecondFactors {
    /// Those in Cognito's answer.
    pub fn of(found: GetUserPoolMfaConfigOutput) -> SecondFactors {
        SecondFactors {
            mfa: match found.mfa_configuration {
                Some(UserPoolMfaType::On) => Mfa::Required,
                Some(UserPoolMfaType::Optional) => Mfa::Optional,
                Some(_) | None => Mfa::Off,
            },
            app: found.software_token_mfa_configuration.is_some_and(|it| it.enabled),
            sms: found.sms_mfa_configuration,
            email: found.email_mfa_configuration,
            passkeys: found.web_authn_configuration,
        }
    }

    /// Whether a pool with these does what the file says. Further factors stay.
    pub fn serves(&self, desired: Mfa) -> bool {
        self.mfa == desired && (self.app || desired == Mfa::Off)
    }

    /// Those of the file, with what others set beside them: the call replaces everything (COG-21). While MFA is off, no
    /// factor counts, and none is turned on that the file does not name.
    pub fn changed_to(self, desired: Mfa) -> SecondFactors {
        let SecondFactors { mfa, app: _, sms, email, passkeys } = self;
        match (mfa, desired) {
            (_, Mfa::Off) => SecondFactors { passkeys, ..SecondFactors::default() },
            (Mfa::Off, _) => SecondFactors { mfa: desired, app: true, sms: None, email: None, passkeys },
            (Mfa::Optional | Mfa::Required, _) => {
                SecondFactors { mfa: desired, app: true, sms, email, passkeys }
            }
        }
    }

    /// Why Cognito would refuse what the file says (COG-117).
    pub fn impossible(&self, desired: Mfa, pool: &UserPoolType) -> Option<Impossible> {
        if desired != Mfa::Required {
            return None;
        }
        let first = pool.policies().and_then(|it| it.sign_in_policy());
        let first = first.map(|it| it.allowed_first_auth_factors()).unwrap_or_default();
        if first.iter().any(|it| [AuthFactorType::EmailOtp, AuthFactorType::SmsOtp].contains(it)) {
            return Some(Impossible {
                what: "its users may sign in with a code alone, which a required second factor excludes",
                hint: "take the one-time passwords out of the pool's choice-based sign-in in the AWS console, or write \
                       `mfa: optional`",
            });
        }
        let multi = Some(&WebAuthnFactorConfigurationType::MultiFactorWithUserVerification);
        let passkeys = self.passkeys.as_ref().and_then(|it| it.factor_configuration());
        (first.contains(&AuthFactorType::WebAuthn) && passkeys != multi).then_some(Impossible {
            what: "its users may sign in with a passkey as the only factor, which a required second factor excludes",
            hint: "set the passkeys of the pool to multi-factor with user verification in the AWS console, or write \
                   `mfa: optional`",
        })
    }

    /// As in `required (authenticator app, SMS)`.
    pub fn text(&self) -> String {
        let SecondFactors { mfa, app, sms, email, passkeys: _ } = self;
        let factors = [(*app, "authenticator app"), (sms.is_some(), "SMS"), (email.is_some(), "email")];
        let factors: Vec<&str> = factors.into_iter().filter_map(|(is, name)| is.then_some(name)).collect();
        match mfa {
            Mfa::Off => mfa.to_string(),
            Mfa::Optional | Mfa::Required => format!("{mfa} ({})", factors.join(", ")),
        }
    }

    /// Cognito's word for the mode.
    pub fn mode(&self) -> UserPoolMfaType {
        match self.mfa {
            Mfa::Off => UserPoolMfaType::Off,
            Mfa::Optional => UserPoolMfaType::Optional,
            Mfa::Required => UserPoolMfaType::On,
        }
    }

    /// Replaces the second factors of a pool.
    ///
    /// # Errors
    /// Cognito's.
    pub async fn send(&self, pool: &str, aws: &Aws, reporter: &Reporter) -> Result<(), AwsError> {
        // Beside OFF no factor may be named, not even a disabled one.
        let app = self.app.then(|| SoftwareTokenMfaConfigType::builder().enabled(true).build());
        let set = aws.cognito.set_user_pool_mfa_config().user_pool_id(pool).mfa_configuration(self.mode());
        let set = set
            .set_software_token_mfa_configuration(app)
            .set_sms_mfa_configuration(self.sms.clone())
            .set_email_mfa_configuration(self.email.clone())
            .set_web_authn_configuration(self.passkeys.clone());
        wait::write(&operations::SET_USER_POOL_MFA_CONFIG, reporter, || set.clone().send()).await.map(drop)
    }
}

/// Reads the second factors of a pool; `None` if the pool is gone.
///
/// # Errors
/// Cognito's.
pub async fn read(pool: &str, aws: &Aws) -> Result<Option<SecondFactors>, AwsError> {
    let ask = || aws.cognito.get_user_pool_mfa_config().user_pool_id(pool).send();
    let found = if_there(wait::read(&operations::GET_USER_POOL_MFA_CONFIG, ask).await)?;
    Ok(found.map(SecondFactors::of))
}
