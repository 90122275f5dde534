//! Temporary passwords: made up to fit a policy, or held against it.

use std::fmt;

use stackctl_stackfile::user_pool::PasswordPolicy;

/// A password. It is not shown by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Password(…)")
    }
}

/// Cognito takes no longer one (COG-52).
const LONGEST: usize = 256;
/// Too long to be guessed.
const LENGTH: usize = 16;

/// Letters and digits that are not taken for one another.
const LOWER: &[u8] = b"abcdefghijkmnpqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const DIGITS: &[u8] = b"23456789";
/// Symbols that no shell expands, and that a double click selects in most terminals.
const SYMBOLS: &[u8] = b"-_.+";
/// The characters that Cognito counts as symbols (COG-52).
const ALL_SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";

impl Password {
    /// One from the system's randomness that fits the policy.
    ///
    /// # Errors
    /// The system's, which has no randomness to give.
    pub fn random(policy: &PasswordPolicy) -> Result<Password, getrandom::Error> {
        made_up(policy, &mut |below| {
            // Bytes that would make some numbers likelier than others are not used.
            let usable = 256 / below * below;
            loop {
                let mut byte = [0];
                getrandom::fill(&mut byte)?;
                let number = usize::from(byte[0]);
                if number < usable {
                    return Ok(number % below);
                }
            }
        })
    }

    /// A password that a person chose.
    ///
    /// # Errors
    /// The missing properties, in words; without the password.
    pub fn chosen(text: String, policy: &PasswordPolicy) -> Result<Password, Vec<String>> {
        let lacks = lacking(&text, policy);
        if lacks.is_empty() { Ok(Password(text)) } else { Err(lacks) }
    }

    /// The password itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

fn made_up<E>(
    policy: &PasswordPolicy,
    below: &mut impl FnMut(usize) -> Result<usize, E>,
) -> Result<Password, E> {
    let length = LENGTH.max(usize::from(policy.minimum_length));
    let letters = [LOWER, UPPER].concat();
    // One of each kind fits every policy.
    let mut inner: Vec<u8> = Vec::new();
    for kind in [LOWER, UPPER, DIGITS, SYMBOLS] {
        inner.push(kind[below(kind.len())?]);
    }
    let all = [LOWER, UPPER, DIGITS].concat();
    while inner.len() < length - 2 {
        inner.push(all[below(all.len())?]);
    }
    for at in (1..inner.len()).rev() {
        inner.swap(at, below(at + 1)?);
    }
    // Letters at both ends: no option for a program, and no full stop of a sentence.
    inner.insert(0, letters[below(letters.len())?]);
    inner.push(letters[below(letters.len())?]);
    Ok(Password(inner.into_iter().map(char::from).collect()))
}

fn lacking(text: &str, policy: &PasswordPolicy) -> Vec<String> {
    let PasswordPolicy { minimum_length, lowercase, uppercase, digits, symbols, temporary_validity: _ } =
        policy;
    let length = text.chars().count();
    let mut lacks = Vec::new();
    let mut check = |fits: bool, what: &str| {
        if !fits {
            lacks.push(what.to_owned());
        }
    };
    check(length >= usize::from(*minimum_length), &format!("at least {minimum_length} characters"));
    check(length <= LONGEST, &format!("at most {LONGEST} characters"));
    check(!lowercase || text.chars().any(|it| it.is_ascii_lowercase()), "a lower-case letter");
    check(!uppercase || text.chars().any(|it| it.is_ascii_uppercase()), "an upper-case letter");
    check(!digits || text.chars().any(|it| it.is_ascii_digit()), "a digit");
    check(!symbols || text.chars().any(|it| ALL_SYMBOLS.contains(it)), "a symbol");
    check(!text.contains(char::is_whitespace), "no space");
    check(!text.chars().any(char::is_control), "one line");
    lacks
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use stackctl_stackfile::units::Seconds;

    use super::*;

    fn policy(minimum_length: u8) -> PasswordPolicy {
        PasswordPolicy {
            minimum_length,
            lowercase: true,
            uppercase: true,
            digits: true,
            symbols: true,
            temporary_validity: Seconds(86_400),
        }
    }

    #[test]
    fn random_ones_fit_any_policy_and_differ() {
        for length in [6, 16, 17, 99] {
            let policy = policy(length);
            let many: Vec<Password> = (0..200).map(|_| Password::random(&policy).unwrap()).collect();
            for password in &many {
                assert_eq!(lacking(password.reveal(), &policy), Vec::<String>::new());
                assert_eq!(password.reveal().len(), usize::from(length).max(16));
            }
            assert!((1..many.len()).all(|at| !many[..at].contains(&many[at])));
        }
    }

    #[test]
    fn every_choice_is_used() {
        let mut seed = 1_usize;
        let mut seen = String::new();
        for _ in 0..2_000 {
            let password = made_up(&policy(8), &mut |below| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                Ok::<_, Infallible>((seed >> 33) % below)
            });
            seen += password.unwrap().reveal();
        }
        for kind in [LOWER, UPPER, DIGITS, SYMBOLS] {
            assert!(kind.iter().all(|it| seen.contains(char::from(*it))));
        }
    }

    #[test]
    fn what_a_chosen_one_lacks() {
        let lacks =
            |text: &str| Password::chosen(text.to_owned(), &policy(8)).err().unwrap_or_default().join(", ");
        assert_eq!(lacks("Passw0rd-"), "");
        assert_eq!(lacks("a-b-C-1-x"), "");
        assert_eq!(lacks("a b C 1 -x"), "no space");
        assert_eq!(lacks("a\u{a0}b-C1xyz"), "no space");
        assert_eq!(lacks("password"), "an upper-case letter, a digit, a symbol");
        assert_eq!(lacks("P-1a"), "at least 8 characters");
        assert_eq!(lacks(" Passw0rd-"), "no space");
        assert_eq!(lacks("Passw0rd-\nx"), "no space, one line");
        assert_eq!(lacks(&format!("Passw0rd-{}", "x".repeat(248))), "at most 256 characters");
    }

    #[test]
    fn it_is_not_shown_by_accident() {
        let password = Password::chosen("Passw0rd-".to_owned(), &policy(8)).unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
