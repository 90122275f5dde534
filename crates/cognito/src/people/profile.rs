//! All that Cognito tells an administrator about one user.

use aws_smithy_types::date_time::Format;
use stackctl_aws_client::request::{error::AwsError, wait};

use super::person::{Person, attribute};
use crate::people::{People, operations};

/// A user with the attributes that steps of an account depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The user as a list shows it.
    pub person: Person,
    /// Whether the email address is verified: without that Cognito sends no code there.
    pub email_verified: bool,
    /// Whether the phone number is verified.
    pub phone_verified: bool,
    /// Cognito's words for the second factors, such as `SOFTWARE_TOKEN_MFA`.
    pub second_factors: Vec<String>,
    /// The last change, as in `2026-11-24T03:17:00Z`.
    pub modified: Option<String>,
}

impl People<'_> {
    /// The user with this name, or with this email address or phone number where people sign in with it. AWS counts the
    /// user as active in the month (COG-102).
    ///
    /// # Errors
    /// Cognito's.
    pub async fn profile(self, name: &str) -> Result<Option<Profile>, AwsError> {
        let ask = || self.aws.cognito.admin_get_user().user_pool_id(self.pool).username(name).send();
        let found = match wait::read(&operations::ADMIN_GET_USER, ask).await {
            Err(error) if error.is_gone() && error.code() == "UserNotFoundException" => return Ok(None),
            other => other?,
        };
        let of = |name: &str| attribute(found.user_attributes(), name);
        let verified = |name: &str| of(name).as_deref() == Some("true");
        Ok(Some(Profile {
            email_verified: verified("email_verified"),
            phone_verified: verified("phone_number_verified"),
            second_factors: found.user_mfa_setting_list().to_vec(),
            modified: found.user_last_modified_date().and_then(|it| it.fmt(Format::DateTime).ok()),
            person: Person {
                name: found.username().to_owned(),
                email: of("email"),
                phone: of("phone_number"),
                status: found.user_status().map_or("UNKNOWN", |it| it.as_str()).to_owned(),
                enabled: found.enabled,
                created: found.user_create_date().and_then(|it| it.fmt(Format::DateTime).ok()),
            },
        }))
    }
}
