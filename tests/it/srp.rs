//! Signing in to a Cognito user pool by SRP, as a web page does it: the password never leaves this machine.

use aws_sdk_cognitoidentityprovider::{
    Client,
    types::{AuthFlowType, ChallengeNameType},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use num_bigint::BigUint;
use sha2::{Digest, Sha256};

/// The 3072-bit group of RFC 5054, appendix A, which Cognito uses with the generator 2.
const N: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

/// What a person has after signing in.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub id: String,
    pub access: String,
}

/// Who signs in where.
pub struct Person<'a> {
    pub cognito: &'a Client,
    pub pool: &'a str,
    pub client: &'a str,
    pub name: &'a str,
}

impl Person<'_> {
    /// Signs in; a person who must change the password first gets `new_password`.
    ///
    /// # Errors
    /// Cognito's words.
    pub async fn sign_in(&self, password: &str, new_password: Option<&str>) -> Result<Tokens, String> {
        let n = BigUint::parse_bytes(N.as_bytes(), 16).unwrap();
        let g = BigUint::from(2_u8);
        let small_a = BigUint::from_bytes_be(&Sha256::digest(format!("{:?}", std::time::Instant::now())));
        let big_a = g.modpow(&small_a, &n);
        let first = self
            .cognito
            .initiate_auth()
            .auth_flow(AuthFlowType::UserSrpAuth)
            .client_id(self.client)
            .auth_parameters("USERNAME", self.name)
            .auth_parameters("SRP_A", big_a.to_str_radix(16))
            .send()
            .await
            .map_err(words)?;
        assert_eq!(first.challenge_name(), Some(&ChallengeNameType::PasswordVerifier));
        let given = first.challenge_parameters.unwrap_or_default();
        let number = |name: &str| BigUint::parse_bytes(given[name].as_bytes(), 16).unwrap();
        let (salt, big_b) = (number("SALT"), number("SRP_B"));
        let user = &given["USER_ID_FOR_SRP"];
        let pool_name = self.pool.split_once('_').unwrap().1;

        let k = hash(&[&pad(&n), &pad(&g)]);
        let u = hash(&[&pad(&big_a), &pad(&big_b)]);
        let identity = Sha256::digest(format!("{pool_name}{user}:{password}"));
        let x = hash(&[&pad(&salt), &identity]);
        // B - k * g^x, kept above zero.
        let base = (&big_b + &n * &k - &k * g.modpow(&x, &n)) % &n;
        let s = base.modpow(&(&small_a + &u * &x), &n);
        let key = mac(&mac(&pad(&u), &[&pad(&s)]), &[b"Caldera Derived Key\x01"]);

        let block = BASE64_STANDARD.decode(&given["SECRET_BLOCK"]).unwrap();
        let timestamp = timestamp();
        let claim = mac(&key[..16], &[pool_name.as_bytes(), user.as_bytes(), &block, timestamp.as_bytes()]);
        let second = self
            .cognito
            .respond_to_auth_challenge()
            .challenge_name(ChallengeNameType::PasswordVerifier)
            .client_id(self.client)
            .challenge_responses("USERNAME", user)
            .challenge_responses("PASSWORD_CLAIM_SECRET_BLOCK", &given["SECRET_BLOCK"])
            .challenge_responses("PASSWORD_CLAIM_SIGNATURE", BASE64_STANDARD.encode(claim))
            .challenge_responses("TIMESTAMP", timestamp)
            .set_session(first.session)
            .send()
            .await
            .map_err(words)?;
        let result = match (second.challenge_name, new_password) {
            (None, _) => second.authentication_result,
            (Some(ChallengeNameType::NewPasswordRequired), Some(new)) => {
                let third = self
                    .cognito
                    .respond_to_auth_challenge()
                    .challenge_name(ChallengeNameType::NewPasswordRequired)
                    .client_id(self.client)
                    .challenge_responses("USERNAME", user)
                    .challenge_responses("NEW_PASSWORD", new)
                    .set_session(second.session)
                    .send()
                    .await
                    .map_err(words)?;
                third.authentication_result
            }
            (Some(challenge), _) => return Err(format!("challenged: {}", challenge.as_str())),
        };
        let result = result.ok_or("no tokens")?;
        Ok(Tokens {
            id: result.id_token.unwrap_or_default(),
            access: result.access_token.unwrap_or_default(),
        })
    }
}

fn words<E: std::error::Error>(error: E) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(it) = source {
        text += &format!(": {it}");
        source = it.source();
    }
    text
}

/// The bytes of a number; one that would look negative gets a zero in front.
fn pad(number: &BigUint) -> Vec<u8> {
    let mut bytes = number.to_bytes_be();
    if bytes.first().is_some_and(|first| *first >= 0x80) {
        bytes.insert(0, 0);
    }
    bytes
}

fn hash(parts: &[&[u8]]) -> BigUint {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    BigUint::from_bytes_be(&hash.finalize())
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

/// Now, as in `Tue Nov 24 02:49:07 UTC 2026`.
fn timestamp() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // The civil calendar, counted from March so that leap days come last.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let name = names[(month - 1) as usize];
    format!(
        "{weekday} {name} {day} {:02}:{:02}:{:02} UTC {year}",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}
