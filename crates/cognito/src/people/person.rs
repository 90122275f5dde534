//! A user of a pool, from Cognito's description.

use aws_sdk_cognitoidentityprovider::types::{AttributeType, UserType};
use aws_smithy_types::{DateTime, date_time::Format};

/// A user of a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name in the pool; in a pool of email addresses an id that Cognito chose.
    pub name: String,
    /// The email address, if it is known.
    pub email: Option<String>,
    /// The phone number, if it is known.
    pub phone: Option<String>,
    /// Cognito's word, such as `CONFIRMED` or `FORCE_CHANGE_PASSWORD`.
    pub status: String,
    /// Whether they may sign in.
    pub enabled: bool,
    /// When they were added, as in `2026-11-24T03:17:00Z`.
    pub created: Option<String>,
}

/// The user that Cognito describes.
pub(super) fn person(user: UserType) -> Person {
    let of = |name: &str| attribute(user.attributes(), name);
    Person {
        email: of("email"),
        phone: of("phone_number"),
        status: user.user_status().map_or("UNKNOWN", |it| it.as_str()).to_owned(),
        enabled: user.enabled,
        created: user.user_create_date().and_then(|it: &DateTime| it.fmt(Format::DateTime).ok()),
        name: user.username.unwrap_or_default(),
    }
}

/// The value of an attribute.
pub(super) fn attribute(all: &[AttributeType], name: &str) -> Option<String> {
    all.iter().find(|it| it.name() == name).and_then(|it| it.value()).map(str::to_owned)
}
