//! The secret of a webhook, as the parameter holds it: the current one, and during a rotation the previous one below.

pub mod owner;

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};

/// The beginning of a secret's text, by the Standard Webhooks scheme.
const PREFIX: &str = "whsec_";

/// The secrets that sign. Its `Debug` form hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret {
    current: String,
    previous: Option<String>,
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WebhookSecret { current: _, previous } = self;
        out.debug_struct("WebhookSecret").field("is_rotating", &previous.is_some()).finish_non_exhaustive()
    }
}

impl WebhookSecret {
    /// A new secret of 32 random bytes.
    ///
    /// # Errors
    /// The operating system's, when it has no random bytes.
    pub fn fresh() -> Result<WebhookSecret, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(WebhookSecret { current: format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes)), previous: None })
    }

    /// Reads the value of a parameter: one or two lines; none if it is no such value.
    pub fn read(value: &str) -> Option<WebhookSecret> {
        let mut lines = value.lines().map(str::to_owned);
        let secret = WebhookSecret { current: lines.next()?, previous: lines.next() };
        let all = [Some(&secret.current), secret.previous.as_ref()];
        let are_secrets = all.into_iter().flatten().all(|it| {
            let bytes = it.strip_prefix(PREFIX).and_then(|it| BASE64_STANDARD.decode(it).ok());
            bytes.is_some_and(|it| (24..=64).contains(&it.len()))
        });
        (are_secrets && lines.next().is_none()).then_some(secret)
    }

    /// The value of the parameter.
    pub fn value(&self) -> String {
        match &self.previous {
            Some(previous) => format!("{}\n{previous}", self.current),
            None => self.current.clone(),
        }
    }

    /// The secret that receivers verify with.
    pub fn current(&self) -> &str {
        &self.current
    }

    /// Whether the previous secret signs too.
    pub fn is_rotating(&self) -> bool {
        self.previous.is_some()
    }

    /// The begin of a rotation: a new secret, and the current one as the previous one.
    ///
    /// # Errors
    /// The operating system's, when it has no random bytes.
    pub fn rotated(&self) -> Result<WebhookSecret, getrandom::Error> {
        let new = WebhookSecret::fresh()?;
        Ok(WebhookSecret { previous: Some(self.current.clone()), ..new })
    }

    /// The end of a rotation: the current secret alone.
    pub fn finished(&self) -> WebhookSecret {
        WebhookSecret { current: self.current.clone(), previous: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation() {
        let first = WebhookSecret::fresh().unwrap();
        assert_eq!(WebhookSecret::read(&first.value()), Some(first.clone()));
        assert_eq!(first.current().len(), 6 + 44);
        assert_ne!(WebhookSecret::fresh().unwrap(), first);
        let second = first.rotated().unwrap();
        assert!(second.is_rotating() && !first.is_rotating());
        assert_eq!(second.value(), format!("{}\n{}", second.current(), first.current()));
        assert_eq!(WebhookSecret::read(&second.value()), Some(second.clone()));
        let third = second.rotated().unwrap();
        assert_eq!(third.value(), format!("{}\n{}", third.current(), second.current()));
        assert_eq!(third.finished().value(), third.current());
    }

    #[test]
    fn what_is_no_secret() {
        let good = WebhookSecret::fresh().unwrap().value();
        for value in ["", "\n", "x", "whsec_", "whsec_AAAA", "whsec_!"] {
            assert_eq!(WebhookSecret::read(value), None, "{value}");
        }
        assert_eq!(WebhookSecret::read(&format!("{good}\n{good}\n{good}")), None);
        assert_eq!(WebhookSecret::read(&format!("{good}\nx")), None);
    }

    #[test]
    fn is_hidden() {
        let secret = WebhookSecret::fresh().unwrap().rotated().unwrap();
        assert_eq!(format!("{secret:?}"), "WebhookSecret { is_rotating: true, .. }");
    }
}
