//! What tokens of every issuer share: the three parts, the header, the signature, the registered claims.
//! The library verifies signatures only; it reads its own clock and lets missing claims pass.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::Deserialize;
use serde_json::Value;

use super::{LEEWAY_SECONDS, token::TokenError};

/// What the header of a token may say. Keys and addresses of keys in it are never looked at.
#[derive(Deserialize)]
pub(super) struct Header {
    pub alg: String,
    pub kid: Option<String>,
    pub typ: Option<String>,
    /// Extensions that must be understood; we understand none.
    crit: Option<Value>,
}

/// A token taken apart, nothing of it believed yet.
pub(super) struct Parts<'a> {
    pub header: Header,
    message: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    pub fn split(token: &'a str, max_length: usize) -> Result<Self, TokenError> {
        if token.len() > max_length {
            return Err(TokenError::TooLong);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(TokenError::Malformed)?;
        if payload.contains('.') {
            return Err(TokenError::Malformed);
        }
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| TokenError::Malformed)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| TokenError::Malformed)?;
        if header.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        Ok(Self { header, message, payload, signature })
    }

    /// The bytes of the claims, if `key` has signed them.
    pub fn signed(&self, algorithm: Algorithm, key: &DecodingKey) -> Result<Vec<u8>, TokenError> {
        match crypto::verify(self.signature, self.message.as_bytes(), key, algorithm) {
            Ok(true) => URL_SAFE_NO_PAD.decode(self.payload).map_err(|_| TokenError::Malformed),
            Ok(false) | Err(_) => Err(TokenError::Signature),
        }
    }
}

/// Holds a token that ends at `expires` and begins at the latest of `begins` against `now`.
pub(super) fn check_times(
    expires: i64,
    begins: impl IntoIterator<Item = i64>,
    now: DateTime<Utc>,
) -> Result<(), TokenError> {
    let now = now.timestamp();
    if now >= expires.saturating_add(LEEWAY_SECONDS) {
        return Err(TokenError::Expired);
    }
    if begins.into_iter().any(|begin| begin > now.saturating_add(LEEWAY_SECONDS)) {
        return Err(TokenError::NotYetValid);
    }
    Ok(())
}
