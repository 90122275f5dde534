//! The operations of Cognito by which a user signs in: they need no credentials.

use stackctl_aws_client::request::operation::operations;
use stackctl_cognito::user_pool::operations::COGNITO;

operations! {
    &COGNITO;
    INITIATE_AUTH = "cognito-idp:InitiateAuth";
    ASSOCIATE_SOFTWARE_TOKEN = "cognito-idp:AssociateSoftwareToken";
    VERIFY_SOFTWARE_TOKEN = "cognito-idp:VerifySoftwareToken";
    RESPOND_TO_AUTH_CHALLENGE = "cognito-idp:RespondToAuthChallenge";
}
