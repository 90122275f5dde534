//! What is known of a new user.

use stackctl_stackfile::user_pool::{UserPool, UsernameAttribute};

use crate::error::Error;

/// What is known of somebody beside the name. An address that the administrator gives counts as verified: without that
/// a lost password could not be replaced.
///
/// # Errors
/// A name or an address that the pool does not take.
pub fn attributes(
    name: &str,
    email: Option<String>,
    pool: &UserPool,
) -> Result<Vec<(&'static str, String)>, Error> {
    let wrong = |what: &str, hint: &str| Err(Error::Usage { what: what.to_owned(), hint: hint.to_owned() });
    let odd = |it: char| it.is_whitespace() || it.is_control();
    // COG-52
    if name.is_empty() || name.chars().count() > 128 || name.chars().any(odd) {
        return wrong("this can't be a user's name", "a name has 1 to 128 characters and no spaces");
    }
    if email.as_deref().is_some_and(|it| !is_email(it)) {
        return wrong("this is no email address", "an address looks like ada@example.com");
    }
    let takes = |attribute| pool.username_attributes.contains(&attribute);
    let (by_email, by_phone) = (takes(UsernameAttribute::Email), takes(UsernameAttribute::PhoneNumber));
    let verified = || "true".to_owned();
    let mut attributes = Vec::new();
    // COG-53
    if by_email && is_email(name) {
        if email.is_some_and(|it| it != name) {
            return wrong("people sign in to this pool with their email address", "leave --email out");
        }
        attributes.extend([("email", name.to_owned()), ("email_verified", verified())]);
        return Ok(attributes);
    }
    if by_phone && is_phone(name) {
        attributes.extend([("phone_number", name.to_owned()), ("phone_number_verified", verified())]);
    } else if by_email || by_phone {
        let (what, hint) = match (by_email, by_phone) {
            (true, true) => ("email address or phone number", "ada@example.com or +441632960000"),
            (true, false) => ("email address", "ada@example.com"),
            (false, _) => ("phone number", "+441632960000"),
        };
        return wrong(
            &format!("people sign in to this pool with their {what}"),
            &format!("name them by it, as in {hint}"),
        );
    }
    if let Some(email) = email {
        attributes.extend([("email", email), ("email_verified", verified())]);
    }
    Ok(attributes)
}

fn is_email(text: &str) -> bool {
    let odd = |it: char| it.is_whitespace() || it.is_control();
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(odd)
    })
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|it| it.len() >= 4 && it.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_known_of_somebody() {
        let known = |attributes: &str, name: &str, email: Option<&str>| {
            let text = format!(
                "stack: a\nregion: eu-west-1\nuser_pools: {{a: {{username_attributes: [{attributes}]}}}}\n"
            );
            let stack = stackctl_stackfile::parse(&text, None).unwrap_or_else(|_| panic!("{text}"));
            let pool = stack.user_pools.values().next().unwrap();
            match super::attributes(name, email.map(str::to_owned), pool) {
                Ok(all) => {
                    all.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
                }
                Err(error) => error.to_string(),
            }
        };
        assert_eq!(known("", "ada", None), "");
        assert_eq!(known("", "ada@x", None), "");
        assert_eq!(known("", "Ελένη", Some("e@x")), "email=e@x email_verified=true");
        for name in ["", "a b", "a\n", &"x".repeat(129)] {
            assert_eq!(known("", name, None), "this can't be a user's name", "{name:?}");
        }
        assert_eq!(known("", "ada", Some("nobody")), "this is no email address");
        assert_eq!(known("email", "ada@x", None), "email=ada@x email_verified=true");
        assert_eq!(known("email", "ada@x", Some("ada@x")), "email=ada@x email_verified=true");
        for wrong in [known("email", "ada", None), known("email", "ada@x", Some("b@x"))] {
            assert_eq!(wrong, "people sign in to this pool with their email address");
        }
        assert_eq!(
            known("email, phone_number", "+441632960000", None),
            "phone_number=+441632960000 phone_number_verified=true"
        );
    }
}
