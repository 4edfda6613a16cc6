//! Our own access tokens: short-lived, signed with Ed25519, readable by whoever has the published keys.
//! Whether the account still exists and its epoch still fits is the caller's question.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::{Deserialize, Serialize};

use super::{
    jws::{Parts, check_times},
    signing::KeyRing,
};

/// The longest token, in bytes.
const MAX_LENGTH: usize = 4096;
/// What distinguishes access tokens from other tokens (RFC 9068).
const TYPE: &str = "at+jwt";

/// Why a token is not accepted. The texts are safe to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not three parts, or no JSON in them.
    #[error("the token is malformed")]
    Malformed,
    /// Longer than any token of ours.
    #[error("the token is too long")]
    TooLong,
    /// Another algorithm than is agreed, or one that does not fit the key.
    #[error("the token is signed with an algorithm that is not accepted")]
    Algorithm,
    /// Another kind of token.
    #[error("the token is not an access token")]
    Type,
    /// No such key, or it is retired.
    #[error("the key of the token is not known")]
    UnknownKey,
    /// Changed, or signed by somebody else.
    #[error("the signature of the token is wrong")]
    Signature,
    /// A claim is missing or has the wrong form.
    #[error("the token lacks a claim, or a claim has the wrong form")]
    Claims,
    /// Made by somebody else.
    #[error("the token has another issuer")]
    Issuer,
    /// Made for somebody else.
    #[error("the token is made for another audience")]
    Audience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// The keys of the identity provider cannot be had, so that nothing is known about the token.
    #[error("the identity provider cannot be reached")]
    ProviderUnreachable,
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it.
    pub iss: String,
    /// For whom it is made.
    pub aud: String,
    /// The account.
    pub sub: String,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// The name of the token, by which it can be revoked.
    pub jti: String,
    /// The token epoch of the account: raising it there ends all tokens of before.
    pub epoch: i64,
    /// The display name of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the account may do.
    pub roles: Vec<String>,
}

#[derive(Deserialize)]
struct NotBefore {
    nbf: Option<i64>,
}

/// Signs claims with the newest key.
///
/// # Errors
/// [`TokenError::UnknownKey`] if no key signs, [`TokenError::TooLong`] if nobody would accept the token.
pub fn issue(keys: &KeyRing, claims: Claims) -> Result<String, TokenError> {
    let key = keys.signing().ok_or(TokenError::UnknownKey)?;
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.kid.clone());
    let private = EncodingKey::from_ed_der(key.pkcs8_der.as_bytes());
    let token = jsonwebtoken::encode(&header, &claims, &private).map_err(|_| TokenError::UnknownKey)?;
    if token.len() > MAX_LENGTH { Err(TokenError::TooLong) } else { Ok(token) }
}

/// The claims of a token that [`issue`] has made with one of these keys and that is valid at `now`.
///
/// # Errors
/// The first reason found; claims are not looked at before the signature.
pub fn verify(
    keys: &KeyRing,
    issuer: &str,
    audience: &str,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Claims, TokenError> {
    let parts = Parts::split(token, MAX_LENGTH)?;
    if parts.header.alg != "EdDSA" {
        return Err(TokenError::Algorithm);
    }
    if !parts.header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE)) {
        return Err(TokenError::Type);
    }
    let key = parts.header.kid.as_deref().and_then(|kid| keys.find(kid));
    let key = key.filter(|key| key.verifies(now)).ok_or(TokenError::UnknownKey)?;
    let payload = parts.signed(Algorithm::EdDSA, &DecodingKey::from_ed_der(&key.public))?;

    let claims: Claims = serde_json::from_slice(&payload).map_err(|_| TokenError::Claims)?;
    let NotBefore { nbf } = serde_json::from_slice(&payload).map_err(|_| TokenError::Claims)?;
    if claims.sub.is_empty() || claims.jti.is_empty() {
        return Err(TokenError::Claims);
    }
    if claims.iss != issuer {
        return Err(TokenError::Issuer);
    }
    if claims.aud != audience {
        return Err(TokenError::Audience);
    }
    check_times(claims.exp, nbf.into_iter().chain([claims.iat]), now)?;
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::Ed25519KeyPair;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use chrono::TimeDelta;
    use serde_json::{Value, json};

    use super::*;
    use crate::auth::signing::SigningKey;

    const ISSUER: &str = "https://solieu.test";
    const AUDIENCE: &str = "solieu";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a time")
    }

    fn ring() -> KeyRing {
        KeyRing(vec![SigningKey::generate(at(0)).unwrap()])
    }

    fn claims() -> Claims {
        Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: "account".into(),
            exp: at(600).timestamp(),
            iat: at(0).timestamp(),
            jti: "token".into(),
            epoch: 3,
            name: Some("Lê Thị Hoa".into()),
            roles: vec!["editor".into()],
        }
    }

    fn check(keys: &KeyRing, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        verify(keys, ISSUER, AUDIENCE, token, now)
    }

    fn part(value: &Value) -> String {
        URL_SAFE_NO_PAD.encode(value.to_string())
    }

    fn header(keys: &KeyRing) -> Value {
        json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": keys.0[0].kid })
    }

    /// A token with any header and any claims, signed correctly with the first key.
    fn forge(keys: &KeyRing, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", part(header), part(claims));
        let pair = Ed25519KeyPair::from_pkcs8(keys.0[0].pkcs8_der.as_bytes()).unwrap();
        let signature = URL_SAFE_NO_PAD.encode(pair.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    fn with(mut value: Value, change: &[(&str, Value)]) -> Value {
        for (name, new) in change {
            match new {
                Value::Null => value.as_object_mut().unwrap().retain(|key, _| key != name),
                new => value[name] = new.clone(),
            }
        }
        value
    }

    fn json_claims() -> Value {
        serde_json::to_value(claims()).unwrap()
    }

    #[test]
    fn a_token_is_read_back() {
        let keys = ring();
        let token = issue(&keys, claims()).unwrap();
        assert_eq!(check(&keys, &token, at(1)), Ok(claims()));
        let nameless = Claims { name: None, roles: vec![], ..claims() };
        assert_eq!(check(&keys, &issue(&keys, nameless.clone()).unwrap(), at(1)), Ok(nameless));
        let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap())
            .expect("a header");
        assert_eq!(head, header(&keys));
        // What the attacks below start from is accepted, and so is the type in capitals.
        assert_eq!(check(&keys, &forge(&keys, &header(&keys), &json_claims()), at(1)), Ok(claims()));
        let capitals = with(header(&keys), &[("typ", json!("AT+JWT"))]);
        assert_eq!(check(&keys, &forge(&keys, &capitals, &json_claims()), at(1)), Ok(claims()));
    }

    #[test]
    fn headers_that_lie_are_refused() {
        let keys = ring();
        for (change, expected) in [
            (("alg", json!("none")), TokenError::Algorithm),
            (("alg", json!("HS256")), TokenError::Algorithm),
            (("alg", json!("eddsa")), TokenError::Algorithm),
            (("alg", json!("ES256")), TokenError::Algorithm),
            (("alg", Value::Null), TokenError::Malformed),
            (("alg", json!(["EdDSA"])), TokenError::Malformed),
            (("typ", json!("JWT")), TokenError::Type),
            (("typ", json!("refresh+jwt")), TokenError::Type),
            (("typ", Value::Null), TokenError::Type),
            (("kid", json!("other")), TokenError::UnknownKey),
            (("kid", json!("")), TokenError::UnknownKey),
            (("kid", Value::Null), TokenError::UnknownKey),
            (("crit", json!(["b64"])), TokenError::Malformed),
        ] {
            let token = forge(&keys, &with(header(&keys), std::slice::from_ref(&change)), &json_claims());
            assert_eq!(check(&keys, &token, at(1)), Err(expected), "{change:?}");
        }
    }

    #[test]
    fn signatures_of_others_are_refused() {
        let keys = ring();
        let message = format!("{}.{}", part(&header(&keys)), part(&json_claims()));

        let none = with(header(&keys), &[("alg", json!("none"))]);
        let unsigned = format!("{}.{}.", part(&none), part(&json_claims()));
        assert_eq!(check(&keys, &unsigned, at(1)), Err(TokenError::Algorithm));
        assert_eq!(check(&keys, &format!("{message}."), at(1)), Err(TokenError::Signature));

        // The public key taken as the secret of an HMAC.
        let mut hmac = Header::new(Algorithm::HS256);
        (hmac.typ, hmac.kid) = (Some(TYPE.into()), Some(keys.0[0].kid.clone()));
        let secret = EncodingKey::from_secret(&keys.0[0].public);
        let token = jsonwebtoken::encode(&hmac, &claims(), &secret).unwrap();
        assert_eq!(check(&keys, &token, at(1)), Err(TokenError::Algorithm));
        // The same under the header of the right algorithm.
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &secret, Algorithm::HS256).unwrap();
        assert_eq!(check(&keys, &format!("{message}.{signature}"), at(1)), Err(TokenError::Signature));

        // Another key of the same name.
        let mut other = ring();
        other.0[0].kid = keys.0[0].kid.clone();
        assert_eq!(check(&keys, &issue(&other, claims()).unwrap(), at(1)), Err(TokenError::Signature));
        assert_eq!(check(&keys, &issue(&ring(), claims()).unwrap(), at(1)), Err(TokenError::UnknownKey));

        // Other claims under a good signature.
        let token = issue(&keys, claims()).unwrap();
        let signature = token.rsplit_once('.').unwrap().1;
        let root = with(json_claims(), &[("sub", json!("root"))]);
        let changed = format!("{}.{}.{signature}", part(&header(&keys)), part(&root));
        assert_eq!(check(&keys, &changed, at(1)), Err(TokenError::Signature));
    }

    #[test]
    fn claims_are_required_and_compared() {
        let keys = ring();
        let (early, late) = (json!(at(-6).timestamp()), json!(at(6).timestamp()));
        for (change, expected) in [
            (("exp", early), Err(TokenError::Expired)),
            (("exp", json!(at(-4).timestamp())), Ok(())),
            (("exp", json!(i64::MIN)), Err(TokenError::Expired)),
            (("exp", json!("2099")), Err(TokenError::Claims)),
            (("exp", json!(1e300)), Err(TokenError::Claims)),
            (("nbf", late.clone()), Err(TokenError::NotYetValid)),
            (("nbf", json!(at(4).timestamp())), Ok(())),
            (("nbf", json!("soon")), Err(TokenError::Claims)),
            (("iat", late), Err(TokenError::NotYetValid)),
            (("iat", json!(i64::MAX)), Err(TokenError::NotYetValid)),
            (("aud", json!("another")), Err(TokenError::Audience)),
            (("aud", json!("solieu2")), Err(TokenError::Audience)),
            (("iss", json!("https://other.test")), Err(TokenError::Issuer)),
            (("iss", json!("https://solieu.test/")), Err(TokenError::Issuer)),
            (("jti", json!("")), Err(TokenError::Claims)),
            (("sub", json!("")), Err(TokenError::Claims)),
            (("sub", json!(7)), Err(TokenError::Claims)),
            (("exp", Value::Null), Err(TokenError::Claims)),
            (("iat", Value::Null), Err(TokenError::Claims)),
            (("jti", Value::Null), Err(TokenError::Claims)),
            (("aud", Value::Null), Err(TokenError::Claims)),
            (("iss", Value::Null), Err(TokenError::Claims)),
            (("sub", Value::Null), Err(TokenError::Claims)),
            (("epoch", Value::Null), Err(TokenError::Claims)),
            (("roles", Value::Null), Err(TokenError::Claims)),
        ] {
            let token = forge(&keys, &header(&keys), &with(json_claims(), std::slice::from_ref(&change)));
            assert_eq!(check(&keys, &token, at(0)).map(drop), expected, "{change:?}");
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let keys = ring();
        let token = issue(&keys, claims()).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        for bad in [
            String::new(),
            ".".into(),
            "..".into(),
            "garbage".into(),
            "not.a.token".into(),
            "ₓ.ₓ.ₓ".into(),
            format!("{}.{}", parts[0], parts[1]),
            format!("{token}.{}", parts[2]),
            format!(" {token}"),
            format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
        ] {
            assert_eq!(check(&keys, &bad, at(1)), Err(TokenError::Malformed), "{bad}");
        }
        assert_eq!(check(&keys, &format!("{token}\n"), at(1)), Err(TokenError::Signature));

        let huge = forge(&keys, &header(&keys), &with(json_claims(), &[("name", json!("a".repeat(75_000)))]));
        assert!(huge.len() > 100_000);
        assert_eq!(check(&keys, &huge, at(1)), Err(TokenError::TooLong));
        let wordy = Claims { name: Some("a".repeat(4096)), ..claims() };
        assert_eq!(issue(&keys, wordy), Err(TokenError::TooLong));
    }

    #[test]
    fn rotation_keeps_old_tokens_for_an_hour() {
        let mut keys = ring();
        let lasting = Claims { exp: at(86_400).timestamp(), ..claims() };
        let old = issue(&keys, lasting.clone()).unwrap();
        let retired = at(60);
        keys.0[0].retired_at = Some(retired);
        assert_eq!(issue(&keys, lasting.clone()), Err(TokenError::UnknownKey));

        keys.0.push(SigningKey::generate(retired).unwrap());
        let new = issue(&keys, lasting.clone()).unwrap();
        let head = URL_SAFE_NO_PAD.decode(new.split('.').next().unwrap()).unwrap();
        assert!(String::from_utf8(head).unwrap().contains(&keys.0[1].kid), "the new key signs");

        let hour = TimeDelta::hours(1);
        for (token, now, expected) in [
            (&old, retired, Ok(())),
            (&old, retired + hour - TimeDelta::seconds(1), Ok(())),
            (&old, retired + hour, Err(TokenError::UnknownKey)),
            (&new, retired + hour, Ok(())),
        ] {
            assert_eq!(check(&keys, token, now).map(drop), expected, "{now}");
        }
    }
}
