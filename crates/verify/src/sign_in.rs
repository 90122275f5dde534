//! Signing in to a user pool as a web page does: by SRP, without an administrator's rights.

use std::{collections::HashMap, fmt, time::SystemTime};

use aws_sdk_cognitoidentityprovider::{
    Client,
    types::{AuthFlowType, ChallengeNameType},
};
use aws_smithy_types::{DateTime, date_time::Format};
use stackctl_aws_client::request::{error::AwsError, wait};
use stackctl_aws_data::{
    srp::{Challenge, Srp, SrpError},
    totp::code,
};
use thiserror::Error;

use crate::operations;

/// The tokens of a user who signed in.
#[derive(Clone)]
pub struct Tokens {
    /// Says who they are; what an API with an authorizer wants (AGW-56).
    pub id: String,
    /// Says what they may do.
    pub access: String,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Tokens(…)")
    }
}

/// The user pool and app client of a sign-in.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// The client, with any rights or none.
    pub cognito: &'a Client,
    /// The pool's id.
    pub pool: &'a str,
    /// The app client's id.
    pub client: &'a str,
}

/// The reason why a sign-in failed.
#[derive(Debug, Error)]
pub enum NotSignedIn {
    /// Cognito refused, or did not answer.
    #[error("Cognito did not let them in")]
    Refused(#[source] AwsError),
    /// Cognito wants something else.
    #[error("challenged: {0}")]
    Challenged(String),
    /// Cognito's challenge can't be answered.
    #[error("Cognito's challenge can't be answered")]
    Unanswerable(#[source] SrpError),
    /// The system has no randomness to give.
    #[error("there is no randomness")]
    NoRandomness(#[source] getrandom::Error),
}

impl SignIn<'_> {
    /// Signs in; a user who must change the password first gets `new_password`, and one who must set up an
    /// authenticator app gets one that is not kept.
    ///
    /// # Errors
    /// Why not.
    pub async fn sign_in(
        self,
        name: &str,
        password: &str,
        new_password: Option<&str>,
    ) -> Result<Tokens, NotSignedIn> {
        let srp = Srp::new().map_err(NotSignedIn::NoRandomness)?;
        let SignIn { cognito, pool, client } = self;
        let begin = || {
            let asked = cognito.initiate_auth().auth_flow(AuthFlowType::UserSrpAuth).client_id(client);
            asked.auth_parameters("USERNAME", name).auth_parameters("SRP_A", srp.public()).send()
        };
        let begun = wait::read(&operations::INITIATE_AUTH, begin).await.map_err(NotSignedIn::Refused)?;
        if begun.challenge_name() != Some(&ChallengeNameType::PasswordVerifier) {
            return Err(challenged(begun.challenge_name()));
        }
        let given = begun.challenge_parameters.unwrap_or_default();
        let part = |name: &'static str| {
            let found = given.get(name).map(String::as_str);
            found.ok_or(NotSignedIn::Unanswerable(SrpError::Unreadable(name)))
        };
        let challenge = Challenge {
            user: part("USER_ID_FOR_SRP")?,
            salt: part("SALT")?,
            big_b: part("SRP_B")?,
            secret_block: part("SECRET_BLOCK")?,
        };
        let now = timestamp(DateTime::from(SystemTime::now()).secs());
        let claim = srp.prove(pool, password, challenge, &now).map_err(NotSignedIn::Unanswerable)?;
        let answers = [
            ("USERNAME", challenge.user),
            ("PASSWORD_CLAIM_SECRET_BLOCK", challenge.secret_block),
            ("PASSWORD_CLAIM_SIGNATURE", &claim),
            ("TIMESTAMP", &now),
        ];
        let (next, session, tokens) =
            self.respond(ChallengeNameType::PasswordVerifier, &answers, begun.session).await?;
        let (next, session, tokens) = match (next, new_password) {
            (Some(ChallengeNameType::NewPasswordRequired), Some(new)) => {
                let answers = [("USERNAME", challenge.user), ("NEW_PASSWORD", new)];
                self.respond(ChallengeNameType::NewPasswordRequired, &answers, session).await?
            }
            (next, _) => (next, session, tokens),
        };
        let tokens = match next {
            None => tokens,
            Some(ChallengeNameType::MfaSetup) => {
                let session = self.set_up_app(session).await?;
                let answers = [("USERNAME", challenge.user)];
                self.respond(ChallengeNameType::MfaSetup, &answers, session).await?.2
            }
            Some(other) => return Err(challenged(Some(&other))),
        };
        tokens.ok_or_else(|| NotSignedIn::Challenged("no tokens".to_owned()))
    }

    /// Sets up an authenticator app, and returns the session of the next answer (COG-117).
    async fn set_up_app(self, session: Option<String>) -> Result<Option<String>, NotSignedIn> {
        let begun = self.cognito.associate_software_token().set_session(session).send().await;
        let begun = begun.map_err(|error| {
            NotSignedIn::Refused(AwsError::of(&operations::ASSOCIATE_SOFTWARE_TOKEN, error))
        })?;
        let now = DateTime::from(SystemTime::now()).secs().unsigned_abs();
        let Some(code) = code(begun.secret_code.as_deref().unwrap_or_default(), now) else {
            return Err(NotSignedIn::Unanswerable(SrpError::Unreadable("SecretCode")));
        };
        let verify = self.cognito.verify_software_token().set_session(begun.session).user_code(code);
        let verified = verify.send().await;
        let verified = verified
            .map_err(|error| NotSignedIn::Refused(AwsError::of(&operations::VERIFY_SOFTWARE_TOKEN, error)))?;
        Ok(verified.session)
    }

    async fn respond(
        self,
        challenge: ChallengeNameType,
        answers: &[(&str, &str)],
        session: Option<String>,
    ) -> Result<(Option<ChallengeNameType>, Option<String>, Option<Tokens>), NotSignedIn> {
        let answers: HashMap<String, String> =
            answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        // A session is good for one answer.
        let said = self
            .cognito
            .respond_to_auth_challenge()
            .challenge_name(challenge)
            .client_id(self.client)
            .set_challenge_responses(Some(answers))
            .set_session(session)
            .send()
            .await;
        let operation = &operations::RESPOND_TO_AUTH_CHALLENGE;
        let said = said.map_err(|error| NotSignedIn::Refused(AwsError::of(operation, error)))?;
        let tokens = said.authentication_result.map(|it| Tokens {
            id: it.id_token.unwrap_or_default(),
            access: it.access_token.unwrap_or_default(),
        });
        Ok((said.challenge_name, said.session, tokens))
    }
}

fn challenged(by: Option<&ChallengeNameType>) -> NotSignedIn {
    NotSignedIn::Challenged(by.map_or("nothing", |it| it.as_str()).to_owned())
}

/// As in `Tue Jul 3 11:01:00 UTC 2018`, which is what Cognito signs too.
fn timestamp(seconds: i64) -> String {
    let date = DateTime::from_secs(seconds).fmt(Format::HttpDate).unwrap_or_default();
    // `Tue, 03 Jul 2018 11:01:00 GMT`
    let parts: Vec<&str> = date.split([' ', ',']).filter(|it| !it.is_empty()).collect();
    let [weekday, day, month, year, time, _] = parts[..] else { return date };
    format!("{weekday} {month} {} {time} UTC {year}", day.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        assert_eq!(timestamp(1_530_615_660), "Tue Jul 3 11:01:00 UTC 2018");
        assert_eq!(timestamp(1_795_488_547), "Tue Nov 24 02:49:07 UTC 2026");
    }
}
