//! Who sends the mails of a user pool: desired, live, and as text.

use aws_sdk_cognitoidentityprovider::types::{EmailConfigurationType, EmailSendingAccountType, UserPoolType};
use stackctl_stackfile::user_pool::email::{Email, Sender};

/// Who sends the mails of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mails {
    /// The identity of SES; `None`: Cognito itself sends them.
    pub identity: Option<String>,
    /// The sender.
    pub from: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
}

impl Mails {
    /// As the file says.
    pub fn desired(email: &Email) -> Mails {
        match email {
            Email::Cognito => Mails::default(),
            Email::Ses(Sender { from, identity, reply_to }) => Mails {
                identity: Some(identity.to_string()),
                from: Some(from.to_string()),
                reply_to: reply_to.as_ref().map(ToString::to_string),
            },
        }
    }

    /// As Cognito describes the pool.
    pub fn read(pool: &UserPoolType) -> Mails {
        let found = pool.email_configuration();
        match found.filter(|it| it.email_sending_account() == Some(&EmailSendingAccountType::Developer)) {
            None => Mails::default(),
            Some(it) => Mails {
                identity: it.source_arn.clone(),
                from: it.from.clone(),
                reply_to: it.reply_to_email_address.clone(),
            },
        }
    }

    /// Sets the pool's sender; a configuration set of SES stays.
    pub fn put_into(&self, pool: &mut UserPoolType) {
        if Mails::read(pool) == *self {
            return;
        }
        let Mails { identity, from, reply_to } = self;
        let account = match identity {
            None => EmailSendingAccountType::CognitoDefault,
            Some(_) => EmailSendingAccountType::Developer,
        };
        let set = pool.email_configuration.take().and_then(|it| it.configuration_set);
        let email = EmailConfigurationType::builder()
            .email_sending_account(account)
            .set_source_arn(identity.clone())
            .set_from(from.clone())
            .set_reply_to_email_address(reply_to.clone())
            .set_configuration_set(set.filter(|_| identity.is_some()));
        pool.email_configuration = Some(email.build());
    }

    /// As in `no-reply@example.com by SES (arn:…)`.
    pub fn text(&self) -> String {
        let Mails { identity, from, reply_to } = self;
        let Some(identity) = identity else { return "cognito (50 mails a day at most)".to_owned() };
        let answers = reply_to.as_ref().map(|it| format!(", answers to {it}")).unwrap_or_default();
        format!("{} by SES ({identity}){answers}", from.as_deref().unwrap_or("SES's own sender"))
    }
}
