//! Access tokens of an outside identity provider: fetches its published keys, keeps them, and verifies.
//! Which account a subject is, and what it may do, is the caller's question.

mod keys;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::{Client, Url, redirect};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, OwnedMutexGuard};

use self::keys::KeySet;
use super::{
    jws::{Parts, check_times},
    token::TokenError,
};

/// Providers put more into a token than we do.
const MAX_TOKEN: usize = 8 * 1024;
const MAX_KEY_SET: usize = 256 * 1024;
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// Between two fetches, whoever asks.
const FETCH_PAUSE: TimeDelta = TimeDelta::seconds(30);
/// After this a key that the provider has withdrawn is believed no more.
const REFRESH_AFTER: TimeDelta = TimeDelta::hours(1);
/// What providers call access tokens. An unknown kind, such as a logout token, is none.
const TYPES: &[&str] = &["JWT", "at+jwt", "application/at+jwt"];

/// Whose tokens are accepted, and how they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// `iss` of its tokens, to the letter.
    pub issuer: String,
    /// What `aud` must contain.
    pub audience: String,
    /// Where its keys are.
    pub jwks_url: String,
    /// The algorithms that it may sign with, such as `RS256`.
    pub algorithms: Vec<String>,
    /// The claim with the display name.
    pub name_claim: String,
    /// Accepts `http://` for the keys if the host is this machine.
    pub allow_http_loopback: bool,
}

/// Why a provider cannot be set up. Each is one line for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// A setting without a value.
    #[error("the identity provider needs `{0}`")]
    Missing(&'static str),
    /// Not an algorithm of public keys.
    #[error("`{0}` is not accepted as an algorithm of the identity provider; use RS256, ES256 or EdDSA")]
    Algorithm(String),
    /// The keys would not come safely.
    #[error("the keys of the identity provider must be at an https address without a password")]
    Address,
    /// No certificates, or the like.
    #[error("the keys of the identity provider cannot be fetched: {0}")]
    Client(String),
}

/// What a token of the provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalClaims {
    /// Its name for the account; unique with the issuer only.
    pub subject: String,
    /// The provider.
    pub issuer: String,
    /// The display name.
    pub name: Option<String>,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
}

/// An identity provider with its keys, which are fetched when they are first needed. Clones share them.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    settings: ProviderSettings,
    algorithms: Vec<Algorithm>,
    url: Url,
    client: Client,
    keys: RwLock<Known>,
    /// Whoever holds this fetches; the others wait for what he brings.
    last: Arc<Mutex<Option<Attempt>>>,
}

#[derive(Default)]
struct Known {
    set: KeySet,
    fetched_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy)]
struct Attempt {
    at: DateTime<Utc>,
    succeeded: bool,
}

#[derive(Deserialize)]
struct Registered {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

impl Provider {
    /// Checks the settings; fetches nothing yet.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(settings: ProviderSettings) -> Result<Self, ProviderError> {
        for (name, value) in [("issuer", &settings.issuer), ("audience", &settings.audience)] {
            if value.is_empty() {
                return Err(ProviderError::Missing(name));
            }
        }
        let named = |name: &String| keys::algorithm(name).ok_or_else(|| ProviderError::Algorithm(name.clone()));
        let algorithms = settings.algorithms.iter().map(named).collect::<Result<Vec<_>, _>>()?;
        if algorithms.is_empty() {
            return Err(ProviderError::Missing("algorithms"));
        }
        let url = Url::parse(&settings.jwks_url).map_err(|_| ProviderError::Address)?;
        let secure = url.scheme() == "https";
        let loopback = settings.allow_http_loopback && url.scheme() == "http" && is_loopback(&url);
        if !(secure || loopback) || !url.username().is_empty() || url.password().is_some() {
            return Err(ProviderError::Address);
        }
        let mut client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(FETCH_TIMEOUT)
            .user_agent("solieu")
            .https_only(secure);
        if loopback {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|e| ProviderError::Client(e.to_string()))?;
        let (keys, last) = (RwLock::default(), Arc::default());
        Ok(Self(Arc::new(Inner { settings, algorithms, url, client, keys, last })))
    }

    /// The issuer whose tokens this provider is for.
    pub fn issuer(&self) -> &str {
        &self.0.settings.issuer
    }

    /// The claims of a token of this provider that is valid at `now`.
    ///
    /// # Errors
    /// The first reason found; [`TokenError::ProviderUnreachable`] if it could not be found out.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<ExternalClaims, TokenError> {
        let parts = Parts::split(token, MAX_TOKEN)?;
        let algorithm = keys::algorithm(&parts.header.alg).filter(|a| self.0.algorithms.contains(a));
        let algorithm = algorithm.ok_or(TokenError::Algorithm)?;
        if parts.header.typ.as_deref().is_some_and(|typ| !TYPES.iter().any(|t| t.eq_ignore_ascii_case(typ))) {
            return Err(TokenError::Type);
        }
        let kid = parts.header.kid.as_deref().ok_or(TokenError::UnknownKey)?;
        let key = self.key(kid, algorithm, now).await?;
        let payload = parts.signed(algorithm, &key)?;
        self.0.settings.read(&payload, now)
    }

    async fn key(&self, kid: &str, algorithm: Algorithm, now: DateTime<Utc>) -> Result<DecodingKey, TokenError> {
        let (known, stale) = self.with_keys(|keys| {
            let stale = keys.fetched_at.is_none_or(|at| (now - at).abs() >= REFRESH_AFTER);
            (keys.set.has(kid), stale)
        });
        let mut reached = true;
        if !known {
            let last = self.0.last.clone().lock_owned().await;
            // Another may have fetched in the meantime.
            if !self.with_keys(|keys| keys.set.has(kid)) {
                reached = self.refresh(last, now).await;
            }
        } else if stale {
            // Known keys go on serving while one request looks for newer ones.
            if let Ok(last) = self.0.last.clone().try_lock_owned() {
                self.refresh(last, now).await;
            }
        }
        match self.with_keys(|keys| keys.set.find(kid, algorithm)) {
            Err(TokenError::UnknownKey) if !reached => Err(TokenError::ProviderUnreachable),
            found => found,
        }
    }

    /// Fetches unless that was tried a moment ago; false if the last attempt failed. A fetch that has begun
    /// ends, even if the request that wanted it is gone.
    async fn refresh(&self, mut last: OwnedMutexGuard<Option<Attempt>>, now: DateTime<Utc>) -> bool {
        if let Some(last) = last.filter(|last| (now - last.at).abs() < FETCH_PAUSE) {
            return last.succeeded;
        }
        let this = self.clone();
        let fetch = tokio::spawn(async move {
            let set = this.0.fetch().await;
            let succeeded = set.is_some();
            if let Some(set) = set {
                let mut keys = this.0.keys.write().unwrap_or_else(PoisonError::into_inner);
                *keys = Known { set, fetched_at: Some(now) };
            }
            *last = Some(Attempt { at: now, succeeded });
            succeeded
        });
        fetch.await.unwrap_or(false)
    }

    fn with_keys<T>(&self, look: impl FnOnce(&Known) -> T) -> T {
        look(&self.0.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Inner {
    async fn fetch(&self) -> Option<KeySet> {
        let mut response = self.client.get(self.url.clone()).send().await.ok()?;
        if response.status() != reqwest::StatusCode::OK {
            return None;
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            if body.len() + chunk.len() > MAX_KEY_SET {
                return None;
            }
            body.extend_from_slice(&chunk);
        }
        KeySet::parse(&body)
    }
}

impl ProviderSettings {
    fn read(&self, payload: &[u8], now: DateTime<Utc>) -> Result<ExternalClaims, TokenError> {
        let claims: Registered = serde_json::from_slice(payload).map_err(|_| TokenError::Claims)?;
        if claims.sub.is_empty() {
            return Err(TokenError::Claims);
        }
        if claims.iss != self.issuer {
            return Err(TokenError::Issuer);
        }
        let meant = match &claims.aud {
            Audience::One(audience) => *audience == self.audience,
            Audience::Many(list) => list.contains(&self.audience),
        };
        if !meant {
            return Err(TokenError::Audience);
        }
        // Times may have fractions; what has begun is rounded up, what ends is rounded down.
        let begins = [claims.nbf, claims.iat].into_iter().flatten().map(|time| time.ceil() as i64);
        check_times(claims.exp.floor() as i64, begins, now)?;
        let expires_at = DateTime::from_timestamp(claims.exp.floor() as i64, 0).ok_or(TokenError::Claims)?;
        let all: Value = serde_json::from_slice(payload).map_err(|_| TokenError::Claims)?;
        let name = all[self.name_claim.as_str()].as_str().map(str::trim).filter(|name| !name.is_empty());
        let name = name.map(str::to_owned);
        Ok(ExternalClaims { subject: claims.sub, issuer: claims.iss, name, expires_at })
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests;
