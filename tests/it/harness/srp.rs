//! Signing in to a user pool, with errors as the words that Cognito said.

use aws_sdk_cognitoidentityprovider::Client;
pub use stackctl_verify::sign_in::Tokens;
use stackctl_verify::sign_in::{NotSignedIn, SignIn};

/// Who signs in where.
pub struct Person<'a> {
    pub cognito: &'a Client,
    pub pool: &'a str,
    pub client: &'a str,
    pub name: &'a str,
}

impl Person<'_> {
    /// Signs in; a person who must change the password first gets `new_password`.
    ///
    /// # Errors
    /// Cognito's words.
    pub async fn sign_in(&self, password: &str, new_password: Option<&str>) -> Result<Tokens, String> {
        let Person { cognito, pool, client, name } = self;
        let signed_in = SignIn { cognito, pool, client }.sign_in(name, password, new_password);
        signed_in.await.map_err(|error| match error {
            NotSignedIn::Refused(error) => error.to_string(),
            other => other.to_string(),
        })
    }
}
