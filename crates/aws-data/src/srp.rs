//! SRP as Cognito does it: one proves to know a password without sending it.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use num_bigint::BigUint;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The 3072-bit group of RFC 5054, appendix A, which Cognito uses with the generator 2.
const N: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B\
E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510\
15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C\
BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

/// One sign-in's own side.
pub struct Srp {
    n: BigUint,
    small_a: BigUint,
    big_a: BigUint,
}

/// The parameters of Cognito's challenge `PASSWORD_VERIFIER`.
#[derive(Debug, Clone, Copy)]
pub struct Challenge<'a> {
    /// `USER_ID_FOR_SRP`.
    pub user: &'a str,
    /// `SALT`.
    pub salt: &'a str,
    /// `SRP_B`.
    pub big_b: &'a str,
    /// `SECRET_BLOCK`.
    pub secret_block: &'a str,
}

/// Why a challenge can't be answered.
#[derive(Debug, Error)]
pub enum SrpError {
    /// A part of the challenge is not what it should be.
    #[error("{0} of the challenge can't be read")]
    Unreadable(&'static str),
    /// A number that would make the proof worthless.
    #[error("the other side's number proves nothing")]
    Unsafe,
}

impl Srp {
    /// A side with a secret of its own.
    ///
    /// # Errors
    /// The system's, which has no randomness to give.
    pub fn new() -> Result<Srp, getrandom::Error> {
        let mut secret = [0; 128];
        getrandom::fill(&mut secret)?;
        Ok(Srp::with_secret(BigUint::from_bytes_be(&secret)))
    }

    /// A side with this secret.
    pub fn with_secret(small_a: BigUint) -> Srp {
        let n = BigUint::parse_bytes(N.as_bytes(), 16).expect("a number");
        let big_a = generator().modpow(&small_a, &n);
        Srp { n, small_a, big_a }
    }

    /// `SRP_A`.
    pub fn public(&self) -> String {
        self.big_a.to_str_radix(16)
    }

    /// `PASSWORD_CLAIM_SIGNATURE`, for a pool with this id.
    ///
    /// # Errors
    /// A challenge that can't be answered.
    pub fn prove(
        &self,
        pool: &str,
        password: &str,
        challenge: Challenge<'_>,
        timestamp: &str,
    ) -> Result<String, SrpError> {
        let Challenge { user, salt, big_b, secret_block } = challenge;
        let pool = pool.split_once('_').ok_or(SrpError::Unreadable("the pool id"))?.1;
        let number =
            |text: &str, what| BigUint::parse_bytes(text.as_bytes(), 16).ok_or(SrpError::Unreadable(what));
        let (salt, big_b) = (number(salt, "the salt")?, number(big_b, "the number B")?);
        let block =
            BASE64_STANDARD.decode(secret_block).map_err(|_| SrpError::Unreadable("the secret block"))?;
        let key = self.key(pool, user, password, &salt, &big_b)?;
        let claim = mac(&key, &[pool.as_bytes(), user.as_bytes(), &block, timestamp.as_bytes()]);
        Ok(BASE64_STANDARD.encode(claim))
    }

    fn key(
        &self,
        pool: &str,
        user: &str,
        password: &str,
        salt: &BigUint,
        big_b: &BigUint,
    ) -> Result<[u8; 16], SrpError> {
        let (n, g, zero) = (&self.n, generator(), BigUint::ZERO);
        let u = hash(&[&pad(&self.big_a), &pad(big_b)]);
        if big_b % n == zero || u == zero {
            return Err(SrpError::Unsafe);
        }
        let k = hash(&[&pad(n), &pad(&g)]);
        let identity = Sha256::digest(format!("{pool}{user}:{password}"));
        let x = hash(&[&pad(salt), &identity]);
        // B - k * g^x, kept above zero.
        let known = (&k * g.modpow(&x, n)) % n;
        let base = (big_b % n + n - known) % n;
        let shared = base.modpow(&(&self.small_a + &u * &x), n);
        let key = mac(&mac(&pad(&u), &[&pad(&shared)]), &[b"Caldera Derived Key\x01"]);
        let mut first = [0; 16];
        first.copy_from_slice(&key[..16]);
        Ok(first)
    }
}

fn generator() -> BigUint {
    BigUint::from(2_u8)
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

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length will do");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of the tests of <https://github.com/alexrudd/cognito-srp>, which is in use with Cognito itself.
    const NUMBER: u64 = 1_234_567_890;
    const BIG_A: &str = "2012821450179237266067414751941060928019817287314017835667297413615441680042015648893619512074574801\
5518169080488750393105561086505958691457684323243767740605553857750737085691216889021588956423832197\
3685221636614452915674402815145842443681079121836272926000592301897355962186917327033513310106496417\
7433161771074465994401225946602823489327809869650103314918749719145076380535976325009253493972634191\
5230790355253415983664627335321375975860692883405945633274212447263323072326094010083358190897789076\
2232361069606566890096621061087180861088422427001714985764778882204338634194727570161249416263019138\
9615660619561655481399573723311377577792260581174997618956152489507325218699555095233121100546572188\
7015639794177018652767394182786013298441763268148138496751278876445231817513594703511431690660917841\
0340454436671128714580423861396654726091832872812601776911426105744500577640344769129700165939361255\
1419207658913838531096191";

    fn number(decimal: &str) -> BigUint {
        BigUint::parse_bytes(decimal.as_bytes(), 10).unwrap()
    }

    #[test]
    fn known_answers() {
        let g = generator();
        let srp = Srp::with_secret(NUMBER.into());
        let k = "37772559067617796309459009502931177628717927509759535181635788491848250400486";
        assert_eq!(hash(&[&pad(&srp.n), &pad(&g)]), number(k));
        assert_eq!(srp.big_a, number(BIG_A));
        let key = srp.key("myPool", "test", "test", &NUMBER.into(), &NUMBER.into()).unwrap();
        assert_eq!(BigUint::from_bytes_be(&key).to_str_radix(16), "d96cde6c95dda17175c1293140c5a81f");
        let hex = format!("{NUMBER:x}");
        let secret_block = BASE64_STANDARD.encode("secretssecrestssecrets");
        let challenge = Challenge { user: "test", salt: &hex, big_b: &hex, secret_block: &secret_block };
        assert_eq!(
            srp.prove("eu-west-1_myPool", "test", challenge, "Tue Jul 10 11:01:00 UTC 2018").unwrap(),
            "tdvQu/Li/qWl8Nni0aFPs+MwY4rvKZm0kSMrGIMSUHk="
        );
    }

    #[test]
    fn numbers_that_look_negative_are_padded() {
        let padded = |number: u32| pad(&number.into());
        assert_eq!(padded(0x0012_3abc), [0x12, 0x3a, 0xbc]);
        assert_eq!(padded(0x0812_3abc), [0x08, 0x12, 0x3a, 0xbc]);
        assert_eq!(padded(0x8012_3abc), [0, 0x80, 0x12, 0x3a, 0xbc]);
    }

    #[test]
    fn what_proves_nothing_is_refused() {
        let srp = Srp::new().unwrap();
        let secret_block = BASE64_STANDARD.encode("block");
        let ask = |big_b: &str, secret_block: &str| {
            let challenge = Challenge { user: "ada", salt: "1", big_b, secret_block };
            srp.prove("eu-west-1_abc", "secret", challenge, "now").map_err(|error| error.to_string())
        };
        assert!(ask("2", &secret_block).is_ok());
        for unsafe_number in ["0", N] {
            let said = ask(unsafe_number, &secret_block).unwrap_err();
            assert_eq!(said, "the other side's number proves nothing");
        }
        assert_eq!(ask("x", &secret_block).unwrap_err(), "the number B of the challenge can't be read");
        assert_eq!(ask("2", "?").unwrap_err(), "the secret block of the challenge can't be read");
        assert_ne!(srp.public(), Srp::new().unwrap().public());
    }
}
