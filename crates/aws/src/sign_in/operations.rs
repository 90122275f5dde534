//! The operations of Cognito by which a user signs in: they need no credentials.

use crate::{kinds::user_pool::operations::COGNITO, request::operation::operations};

operations! {
    &COGNITO;
    // Whoever signs in needs no credentials.
    INITIATE_AUTH = "cognito-idp:InitiateAuth";
    RESPOND_TO_AUTH_CHALLENGE = "cognito-idp:RespondToAuthChallenge";
}
