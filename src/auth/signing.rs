//! The keys that sign access tokens: Ed25519 pairs, how they are published, and how long a retired one is
//! still believed. Where they are kept is the store's business.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::secret::short_id;

/// How long tokens of a retired key are accepted; longer than any token lives.
const RETIRED_FOR: TimeDelta = TimeDelta::hours(1);

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No random numbers.
    #[error("a signing key cannot be made")]
    Generate,
    /// Not a private key of Ed25519 in PKCS #8.
    #[error("the stored signing key cannot be read")]
    Stored,
}

/// The private half of a key; its `Debug` shows nothing.
#[derive(Clone)]
pub struct PrivateKey(Vec<u8>);

impl PrivateKey {
    /// PKCS #8, DER.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

/// A key pair of Ed25519 and when it served.
#[derive(Debug, Clone)]
pub struct SigningKey {
    /// Its name in the header of tokens.
    pub kid: String,
    /// The private half.
    pub pkcs8_der: PrivateKey,
    /// The public half, 32 bytes.
    pub public: Vec<u8>,
    /// Since when it signs.
    pub created_at: DateTime<Utc>,
    /// Since when it signs no more.
    pub retired_at: Option<DateTime<Utc>>,
}

impl SigningKey {
    /// A fresh key that signs from `now` on.
    ///
    /// # Errors
    /// [`KeyError::Generate`] without random numbers.
    pub fn generate(now: DateTime<Utc>) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Generate)?;
        let der = pair.to_pkcs8().map_err(|_| KeyError::Generate)?;
        Self::from_stored(short_id(), der.as_ref().to_vec(), now, None)
    }

    /// A key that was kept. The public half is computed, so that it always belongs to the private one.
    ///
    /// # Errors
    /// [`KeyError::Stored`] if the bytes are no such key.
    pub fn from_stored(
        kid: String,
        pkcs8_der: Vec<u8>,
        created_at: DateTime<Utc>,
        retired_at: Option<DateTime<Utc>>,
    ) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8_der).map_err(|_| KeyError::Stored)?;
        let public = pair.public_key().as_ref().to_vec();
        Ok(Self { kid, pkcs8_der: PrivateKey(pkcs8_der), public, created_at, retired_at })
    }

    /// The public half as a JSON Web Key.
    pub fn public_jwk(&self) -> Value {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": URL_SAFE_NO_PAD.encode(&self.public),
            "kid": self.kid,
            "alg": "EdDSA",
            "use": "sig",
        })
    }

    /// True if tokens of this key are accepted at `now`.
    pub fn verifies(&self, now: DateTime<Utc>) -> bool {
        self.retired_at.is_none_or(|retired| now - retired < RETIRED_FOR)
    }
}

/// All keys that are kept.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(pub Vec<SigningKey>);

impl KeyRing {
    /// The key for new tokens: the newest that is not retired.
    pub fn signing(&self) -> Option<&SigningKey> {
        self.0.iter().filter(|key| key.retired_at.is_none()).max_by_key(|key| key.created_at)
    }

    /// The key with this name, retired or not.
    pub fn find(&self, kid: &str) -> Option<&SigningKey> {
        self.0.iter().find(|key| key.kid == kid)
    }

    /// The JSON Web Key Set to publish: every key whose tokens are accepted at `now`.
    pub fn jwks(&self, now: DateTime<Utc>) -> Value {
        let keys: Vec<Value> = self.0.iter().filter(|key| key.verifies(now)).map(SigningKey::public_jwk).collect();
        json!({ "keys": keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    #[test]
    fn a_key_survives_its_storage() {
        let key = SigningKey::generate(at(0)).unwrap();
        let kept = key.pkcs8_der.as_bytes().to_vec();
        let back = SigningKey::from_stored(key.kid.clone(), kept, at(0), None).unwrap();
        assert_eq!((back.public.len(), &back.public), (32, &key.public));
        assert_eq!(SigningKey::from_stored("k".into(), vec![1, 2, 3], at(0), None).unwrap_err(), KeyError::Stored);
    }

    #[test]
    fn the_private_half_is_shown_nowhere() {
        let key = SigningKey::generate(at(0)).unwrap();
        let jwk = key.public_jwk();
        assert_eq!(jwk.as_object().unwrap().len(), 6);
        assert!(jwk.get("d").is_none());
        assert_eq!(jwk["x"], URL_SAFE_NO_PAD.encode(&key.public));
        let bytes = format!("{:?}", key.pkcs8_der.as_bytes());
        assert!(!format!("{:?}", KeyRing(vec![key])).contains(bytes.trim_matches(['[', ']'])));
    }

    #[test]
    fn the_newest_key_signs_and_a_retired_one_is_published_for_an_hour() {
        let mut old = SigningKey::generate(at(0)).unwrap();
        let new = SigningKey::generate(at(100)).unwrap();
        assert_eq!(KeyRing(vec![new.clone(), old.clone()]).signing().unwrap().kid, new.kid);
        old.retired_at = Some(at(100));
        let ring = KeyRing(vec![old.clone(), new.clone()]);
        assert_eq!(ring.signing().unwrap().kid, new.kid);
        let names = |now| -> Vec<String> {
            let set = ring.jwks(now);
            set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(at(100)), [old.kid.clone(), new.kid.clone()]);
        assert_eq!(names(at(100 + 3599)), [old.kid.clone(), new.kid.clone()]);
        assert_eq!(names(at(100 + 3600)).join(" "), new.kid);
        assert!(ring.find(&old.kid).is_some() && ring.find("other").is_none());
        assert!(KeyRing(vec![old]).signing().is_none());
        assert!(KeyRing::default().signing().is_none());
    }
}
