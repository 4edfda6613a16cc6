//! A published key set (RFC 7517): which of its keys we take, and for which algorithms. A key of a kind
//! that we do not know is passed over, a shared secret never taken.

use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use crate::auth::token::TokenError;

/// The algorithms of public keys, by their names in tokens. What is not here cannot be configured.
pub(super) const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("PS256", Algorithm::PS256),
    ("PS384", Algorithm::PS384),
    ("PS512", Algorithm::PS512),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("EdDSA", Algorithm::EdDSA),
];

/// The algorithm with this name, unless it is none of public keys.
pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    ALGORITHMS.iter().find(|(known, _)| *known == name).map(|(_, algorithm)| *algorithm)
}

/// The keys that can verify.
#[derive(Default)]
pub(super) struct KeySet(Vec<Key>);

struct Key {
    kid: String,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// `None` if the text is no key set. One without a key for us is valid: all may have been withdrawn.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let set: Jwks = serde_json::from_slice(text).ok()?;
        Some(Self(set.keys.into_iter().filter_map(|key| Key::new(serde_json::from_value(key).ok()?)).collect()))
    }

    pub fn has(&self, kid: &str) -> bool {
        self.0.iter().any(|key| key.kid == kid)
    }

    /// The key of this name, if it is one for this algorithm.
    pub fn find(&self, kid: &str, algorithm: Algorithm) -> Result<DecodingKey, TokenError> {
        let mut named = self.0.iter().filter(|key| key.kid == kid).peekable();
        if named.peek().is_none() {
            return Err(TokenError::UnknownKey);
        }
        let fitting = named.find(|key| key.algorithms.contains(&algorithm)).ok_or(TokenError::Algorithm)?;
        Ok(fitting.key.clone())
    }
}

impl Key {
    fn new(jwk: Jwk) -> Option<Self> {
        let signs = jwk.usage.as_deref().is_none_or(|usage| usage == "sig")
            && jwk.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|o| o == "verify"));
        if !signs {
            return None;
        }
        let (fitting, key): (&[Algorithm], _) = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => (
                &[
                    Algorithm::RS256,
                    Algorithm::RS384,
                    Algorithm::RS512,
                    Algorithm::PS256,
                    Algorithm::PS384,
                    Algorithm::PS512,
                ],
                DecodingKey::from_rsa_components(&jwk.n?, &jwk.e?),
            ),
            ("EC", Some("P-256")) => (&[Algorithm::ES256], DecodingKey::from_ec_components(&jwk.x?, &jwk.y?)),
            ("EC", Some("P-384")) => (&[Algorithm::ES384], DecodingKey::from_ec_components(&jwk.x?, &jwk.y?)),
            ("OKP", Some("Ed25519")) => (&[Algorithm::EdDSA], DecodingKey::from_ed_components(&jwk.x?)),
            _ => return None,
        };
        let algorithms = match jwk.alg.as_deref() {
            None => fitting.to_vec(),
            // The newer name of the same (RFC 9864).
            Some("Ed25519") => fitting.iter().copied().filter(|a| *a == Algorithm::EdDSA).collect(),
            Some(name) => fitting.iter().copied().filter(|a| Some(*a) == algorithm(name)).collect(),
        };
        Some(Self { kid: jwk.kid, algorithms, key: key.ok()? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn find(key: Value, algorithm: Algorithm) -> Result<(), TokenError> {
        let set = KeySet::parse(json!({ "keys": [{ "kty": "unknown" }, 7, key] }).to_string().as_bytes());
        set.expect("a set").find("a", algorithm).map(drop)
    }

    #[test]
    fn a_key_serves_the_algorithms_of_its_kind() {
        let rsa = json!({ "kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB" });
        let p256 = json!({ "kty": "EC", "crv": "P-256", "kid": "a", "x": "AQ", "y": "AQ", "use": "sig" });
        let ed = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "AQ", "alg": "Ed25519" });
        for (key, fitting) in [
            (&rsa, &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"][..]),
            (&p256, &["ES256"]),
            (&ed, &["EdDSA"]),
        ] {
            for (name, algorithm) in ALGORITHMS {
                let expected = if fitting.contains(name) { Ok(()) } else { Err(TokenError::Algorithm) };
                assert_eq!(find(key.clone(), *algorithm), expected, "{name} {key}");
            }
            for secret in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                assert_eq!(find(key.clone(), secret), Err(TokenError::Algorithm));
            }
        }
        let mut bound = rsa.clone();
        bound["alg"] = json!("PS256");
        assert_eq!(find(bound.clone(), Algorithm::PS256), Ok(()));
        assert_eq!(find(bound, Algorithm::RS256), Err(TokenError::Algorithm));
    }

    #[test]
    fn keys_for_something_else_are_passed_over() {
        let good = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "AQ" });
        assert_eq!(find(good.clone(), Algorithm::EdDSA), Ok(()));
        for (name, value) in [
            ("use", json!("enc")),
            ("use", json!("other")),
            ("key_ops", json!(["encrypt"])),
            ("crv", json!("X25519")),
            ("crv", json!("P-256")),
            ("kty", json!("EC")),
            ("kid", json!(7)),
            ("kid", json!("b")),
            ("x", json!("!")),
            ("x", Value::Null),
        ] {
            let mut key = good.clone();
            key[name] = value;
            assert_eq!(find(key.clone(), Algorithm::EdDSA), Err(TokenError::UnknownKey), "{key}");
        }
        let secret = json!({ "kty": "oct", "kid": "a", "k": "AQAB", "alg": "HS256" });
        assert_eq!(find(secret, Algorithm::HS256), Err(TokenError::UnknownKey));
    }

    #[test]
    fn what_is_no_set_is_told_from_an_empty_one() {
        assert!(KeySet::parse(b"{\"keys\":[]}").is_some());
        for bad in ["", "{}", "[]", "{\"keys\":{}}", "<html>"] {
            assert!(KeySet::parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }

    #[test]
    fn no_shared_secret_has_a_name_here() {
        assert!(ALGORITHMS.iter().all(|(name, algorithm)| algorithm.family() != jsonwebtoken::AlgorithmFamily::Hmac
            && name.parse::<Algorithm>().is_ok_and(|parsed| parsed == *algorithm)));
    }
}
