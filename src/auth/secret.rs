//! Secrets without content: refresh tokens and API keys. Only their hashes are to be kept; a fast hash is
//! enough, since nobody guesses 256 random bits. Must not be used for what people think up.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const SECRET_BYTES: usize = 32;
const ID_BYTES: usize = 12;
const KEY_PREFIX: &str = "sol_";
const KEY_MAX_LENGTH: usize = 200;

/// A text that must not get into a log: its `Debug` shows nothing.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// 256 random bits, in the alphabet of URLs.
    ///
    /// # Panics
    /// If the operating system gives no random bytes; nothing can be kept secret then.
    #[expect(clippy::new_without_default, reason = "a default that differs each time surprises")]
    pub fn new() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>()))
    }

    /// The text itself, for the one answer that hands it over.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes a text that somebody has sent.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a secret, in lower-case hexadecimal: what may be stored.
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// True if `text` has this hash. Takes the same time wherever they differ.
pub fn matches(text: &str, hash: &str) -> bool {
    self::hash(text).as_bytes().ct_eq(hash.as_bytes()).into()
}

/// A name of 96 random bits in lower-case hexadecimal, for rows that outsiders see. It is no secret.
///
/// # Panics
/// If the operating system gives no random bytes.
pub fn short_id() -> String {
    hex(&random::<ID_BYTES>())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An API key as its holder has it: `sol_{id}_{secret}`. `Display` writes it out, secret and all;
/// `Debug` does not.
#[derive(Debug, Clone)]
pub struct ApiKeyText {
    /// Which key, to look it up.
    pub id: String,
    /// What proves that it is held.
    pub secret: Secret,
}

impl ApiKeyText {
    /// A fresh key.
    ///
    /// # Panics
    /// If the operating system gives no random bytes.
    pub fn generate() -> Self {
        Self { id: short_id(), secret: Secret::new() }
    }

    /// Reads a key; `None` unless it has exactly the form that [`ApiKeyText::generate`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > KEY_MAX_LENGTH {
            return None;
        }
        let (id, secret) = text.strip_prefix(KEY_PREFIX)?.split_once('_')?;
        let id_fits = id.len() == 2 * ID_BYTES && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let secret_fits = URL_SAFE_NO_PAD.decode(secret).is_ok_and(|bytes| bytes.len() == SECRET_BYTES);
        (id_fits && secret_fits).then(|| Self { id: id.to_owned(), secret: Secret::from_text(secret) })
    }
}

impl fmt::Display for ApiKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{KEY_PREFIX}{}_{}", self.id, self.secret.expose())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn secrets_are_long_and_never_the_same() {
        let many: HashSet<String> = (0..200).map(|_| Secret::new().expose().to_owned()).collect();
        assert_eq!(many.len(), 200);
        assert!(many.iter().all(|text| URL_SAFE_NO_PAD.decode(text).unwrap().len() == 32));
        let ids: HashSet<String> = (0..200).map(|_| short_id()).collect();
        assert_eq!(ids.len(), 200);
        assert!(ids.iter().all(|id| id.len() == 24 && id.bytes().all(|b| b.is_ascii_hexdigit())));
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = ApiKeyText::generate();
        assert!(!format!("{key:?} {:?}", key.secret).contains(key.secret.expose()));
        assert!(format!("{key:?}").contains(&key.id));
    }

    #[test]
    fn a_hash_fits_its_text_only() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(matches("abc", &hash("abc")));
        assert!(!matches("abd", &hash("abc")));
        assert!(!matches("abc", &hash("abc")[..63]));
        assert!(!matches("abc", ""));
        assert!(!matches("abc", "abc"));
    }

    #[test]
    fn an_api_key_is_read_back_and_nothing_else_is() {
        // The secret may contain the separator.
        let key = ApiKeyText { id: short_id(), secret: Secret::from_text(format!("_{}", "A".repeat(42))) };
        let back = ApiKeyText::parse(&key.to_string()).expect("own text");
        assert_eq!((back.id.as_str(), back.secret.expose()), (key.id.as_str(), key.secret.expose()));

        let (id, secret) = ("0123456789abcdef01234567", URL_SAFE_NO_PAD.encode([7; 32]));
        let text = format!("sol_{id}_{secret}");
        assert!(ApiKeyText::parse(&text).is_some());
        assert!(ApiKeyText::parse(&ApiKeyText::generate().to_string()).is_some());
        for bad in [
            String::new(),
            "sol_".to_owned(),
            "sol__".to_owned(),
            format!("SOL_{id}_{secret}"),
            format!("{id}_{secret}"),
            format!(" {text}"),
            format!("{text} "),
            format!("{text}A"),
            format!("{text}="),
            text[..text.len() - 1].to_owned(),
            format!("sol_{}_{secret}", id.to_uppercase()),
            format!("sol_{}g_{secret}", &id[1..]),
            format!("sol_{}_{secret}", &id[1..]),
            format!("sol_{id}_{}", secret.replace('B', "+")),
            format!("{text}{}", "A".repeat(100_000)),
        ] {
            assert!(ApiKeyText::parse(&bad).is_none(), "{bad:.100}");
        }
    }
}
