//! Who sends the mails of a user pool.

use serde_json::{Value as Json, json};
use stackctl_yaml::{
    problem::Problem,
    tree::{Node, Value},
};

use crate::{
    read::{
        definitions::Definitions,
        reader::{Read, Reader},
        record::record,
        scalar::Scalar,
    },
    values::names::names,
};

/// Who sends the mails of a user pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Email {
    /// Cognito itself, which sends 50 mails a day at most (COG-113).
    Cognito,
    /// Amazon SES.
    Ses(Sender),
}

names! {
    /// The sender of mails: an address, or a name and the address as in `Photos <no-reply@example.com>`.
    MailSender = "a sender", 3 to 320 of "^([^<>@\\x00-\\x1f]+ <[^\\s@<>]+@[^\\s@<>]+>|[^\\s@<>]+@[^\\s@<>]+)$", |text| {
        let address = match text.split_once(" <") {
            Some((name, rest)) if !name.is_empty() && !name.contains(['<', '>', '@']) => rest.strip_suffix('>'),
            Some(_) => None,
            None => Some(text),
        };
        match address {
            Some(address) if is_address(address) && !text.contains(char::is_control) => Ok(()),
            Some(_) | None => Err(MailSender::invalid("it has no email address")
                .fix("write an address, as in no-reply@example.com or Photos <no-reply@example.com>")),
        }
    };
    /// An email address.
    MailAddress = "an email address", 3 to 254 of "^[^\\s@<>]+@[^\\s@<>]+$", |text| {
        match is_address(text) {
            true => Ok(()),
            false => Err(MailAddress::invalid("an address has one @").fix("write an address, as in help@example.com")),
        }
    };
    /// The ARN of an identity of SES: an address or a domain.
    IdentityArn = "the ARN of an SES identity", 20 to 2048 of "^arn:aws[a-z-]*:ses:[a-z0-9-]+:[0-9]{12}:identity/[^\\s/]+$", |text| {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let fits = match parts[..] {
            ["arn", partition, "ses", region, account, identity] => {
                partition.starts_with("aws")
                    && !region.is_empty()
                    && account.len() == 12
                    && account.bytes().all(|it| it.is_ascii_digit())
                    && identity.strip_prefix("identity/").is_some_and(|it| !it.is_empty() && !it.contains('/'))
                    && !text.contains(|it: char| it.is_whitespace() || it.is_control())
                    && [partition, region].iter().all(|part| part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-'))
            }
            _ => false,
        };
        match fits {
            true => Ok(()),
            false => Err(IdentityArn::invalid("it names no identity of SES")
                .fix("copy it from the SES console, as in arn:aws:ses:eu-west-1:123456789012:identity/example.com")),
        }
    };
}

fn is_address(text: &str) -> bool {
    let odd = |it: char| it.is_whitespace() || it.is_control() || "<>".contains(it);
    text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && !domain.is_empty() && !domain.contains('@') && !text.contains(odd)
    })
}

impl MailSender {
    /// The address alone.
    pub fn address(&self) -> &str {
        let text = self.as_str();
        text.split_once(" <").map_or(text, |(_, rest)| rest.trim_end_matches('>'))
    }
}

record! {
    "a sender of SES";
    /// A sender of Amazon SES.
    pub struct Sender {
        /// The sender, such as `no-reply@example.com` or `Photos <no-reply@example.com>`.
        pub from: MailSender,
        /// The ARN of the verified identity: of this address, or of its domain.
        pub identity: IdentityArn,
        /// Where answers go. Default: to the sender.
        pub reply_to: Option<MailAddress>,
    }
    check = identity_of_sender;
}

/// Cognito refuses an identity that is not the sender's (COG-115).
fn identity_of_sender(sender: &Sender, node: &Node, reader: &mut Reader<'_>) {
    let Sender { from, identity, reply_to: _ } = sender;
    let address = from.address().to_ascii_lowercase();
    let domain = address.split_once('@').map_or("", |(_, domain)| domain);
    let identity = identity.as_str().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let fits = match identity.contains('@') {
        true => identity == address,
        false => domain == identity || domain.strip_suffix(&identity).is_some_and(|it| it.ends_with('.')),
    };
    if !fits {
        let label = format!("this is the identity {identity}, and mails come from {address}");
        let problem = Problem::new(node.span_at(&["identity"]), "another sender's identity", label);
        reader.tell(problem.help(format!("name the identity of {address}, or of {domain}")));
    }
}

/// `cognito`, or a sender of SES.
impl Read for Email {
    type Value = Email;

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Email> {
        match &node.value {
            Value::Map(_) => Sender::read(node, reader).map(Email::Ses),
            Value::Scalar { text, .. } if text == "cognito" => Some(Email::Cognito),
            Value::Nothing | Value::Scalar { .. } | Value::List(_) | Value::Unreadable => {
                let help = "write `cognito`, or a map with `from` and `identity`";
                reader.wrong_kind(node, "`cognito` or a sender of SES", Some(help));
                None
            }
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [
            { "const": "cognito", "description": "Cognito itself, which sends 50 mails a day at most." },
            Sender::schema(definitions),
        ] })
    }
}
