//! The attributes of a new user.

use stackctl_stackfile::user_pool::{UserPool, UsernameAttribute};

use super::changes::Refusal;

/// The attributes of a new user. An address from the administrator counts as verified: without that the user could not
/// reset a lost password.
///
/// # Errors
/// A name or an address that the pool does not accept.
pub fn attributes(
    name: &str,
    email: Option<String>,
    pool: &UserPool,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    let wrong = |what: &str, hint: &str| Err(Refusal { what: what.to_owned(), hint: hint.to_owned() });
    let odd = |it: char| it.is_whitespace() || it.is_control();
    // COG-52
    if name.is_empty() || name.chars().count() > 128 || name.chars().any(odd) {
        return wrong("not a user name", "a name has 1 to 128 characters and no spaces");
    }
    if email.as_deref().is_some_and(|it| !is_email(it)) {
        return wrong("not an email address", "an address looks like ada@example.com");
    }
    let takes = |attribute| pool.sign_in_with.contains(&attribute);
    let (by_email, by_phone) = (takes(UsernameAttribute::Email), takes(UsernameAttribute::PhoneNumber));
    let verified = || "true".to_owned();
    let mut attributes = Vec::new();
    // COG-53
    if by_email && is_email(name) {
        if email.is_some_and(|it| it != name) {
            return wrong("users of this pool sign in with their email address", "omit --email");
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
            &format!("users of this pool sign in with their {what}"),
            &format!("use it as the name, as in {hint}"),
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
    fn attributes_of_a_user() {
        let known = |attributes: &str, name: &str, email: Option<&str>| {
            let text =
                format!("stack: a\nregion: eu-west-1\nuser_pools: {{a: {{sign_in_with: [{attributes}]}}}}\n");
            let stack = stackctl_stackfile::parse(&text, None).unwrap_or_else(|_| panic!("{text}"));
            let pool = stack.user_pools.values().next().unwrap();
            match super::attributes(name, email.map(str::to_owned), pool) {
                Ok(all) => {
                    all.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
                }
                Err(refusal) => refusal.what,
            }
        };
        assert_eq!(known("", "ada", None), "");
        assert_eq!(known("", "ada@x", None), "");
        assert_eq!(known("", "Ελένη", Some("e@x")), "email=e@x email_verified=true");
        for name in ["", "a b", "a\n", &"x".repeat(129)] {
            assert_eq!(known("", name, None), "not a user name", "{name:?}");
        }
        assert_eq!(known("", "ada", Some("ada")), "not an email address");
        assert_eq!(known("email", "ada@x", None), "email=ada@x email_verified=true");
        assert_eq!(known("email", "ada@x", Some("ada@x")), "email=ada@x email_verified=true");
        for wrong in [known("email", "ada", None), known("email", "ada@x", Some("b@x"))] {
            assert_eq!(wrong, "users of this pool sign in with their email address");
        }
        assert_eq!(
            known("email, phone_number", "+441632960000", None),
            "phone_number=+441632960000 phone_number_verified=true"
        );
    }
}
