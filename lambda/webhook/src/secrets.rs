//! The secrets that sign, and the signatures of the Standard Webhooks scheme.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The secrets of a webhook: the current one, and during a rotation the previous one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets(Vec<Vec<u8>>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Secrets({})", self.0.len())
    }
}

impl Secrets {
    /// Reads the value of the parameter: one or two lines, each `whsec_` with the Base64 of 24 to 64 bytes.
    ///
    /// # Errors
    /// What is wrong with it, without any of it.
    pub fn read(value: &str) -> Result<Secrets, &'static str> {
        let mut all = Vec::new();
        for line in value.lines().filter(|it| !it.is_empty()) {
            let encoded = line.strip_prefix("whsec_").ok_or("a secret does not begin with whsec_")?;
            let secret = BASE64_STANDARD.decode(encoded).map_err(|_| "a secret is not Base64")?;
            if !(24..=64).contains(&secret.len()) {
                return Err("a secret does not have 24 to 64 bytes");
            }
            all.push(secret);
        }
        match all.len() {
            0 => Err("there is no secret"),
            1 | 2 => Ok(Secrets(all)),
            _ => Err("there are more than two secrets"),
        }
    }

    /// The value of the header `webhook-signature`: a signature for each secret.
    pub fn sign(&self, id: &str, timestamp: u64, body: &str) -> String {
        let signature = |secret: &Vec<u8>| {
            // HMAC takes a key of any length.
            let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
            mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
            Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
        };
        self.0.iter().filter_map(signature).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the scheme's own libraries.
    #[test]
    fn a_known_signature() {
        let secrets = Secrets::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        assert_eq!(
            secrets.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn two_secrets_sign_during_a_rotation() {
        let (one, two) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        let sign = |value: &str| Secrets::read(value).unwrap().sign("evt_1", 1, "{}");
        assert_eq!(sign(&format!("{two}\n{one}\n")), format!("{} {}", sign(two), sign(one)));
    }

    #[test]
    fn what_is_no_secret() {
        let long = format!("whsec_{}", "AAAA".repeat(22));
        let good = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        for (value, expected) in [
            ("", "there is no secret"),
            ("\n", "there is no secret"),
            ("secret", "a secret does not begin with whsec_"),
            ("whsec_!", "a secret is not Base64"),
            ("whsec_AAAA", "a secret does not have 24 to 64 bytes"),
            (&long, "a secret does not have 24 to 64 bytes"),
            (&format!("{good}\n{good}\n{good}"), "there are more than two secrets"),
        ] {
            assert_eq!(Secrets::read(value), Err(expected), "{value}");
        }
    }
}
