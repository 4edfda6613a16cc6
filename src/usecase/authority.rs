//! Who somebody is: tokens and keys to actors. Holds the signing keys in memory and learns of new ones.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration, Utc};
use tokio::sync::RwLock;

use super::act::{Act, UseError, begin};
use crate::{
    auth::{
        external::Provider,
        password::Passwords,
        secret::{self, ApiKeyText},
        signing::{KeyRing, SigningKey},
        throttle::LoginThrottle,
        token::{self, Claims, TokenError},
    },
    domain::{
        account::{Account, Actor},
        policy::Refusal,
    },
    store::{
        self, Database, StoreError,
        accounts::{StoredKey, signing_keys},
    },
};

/// How long things last, and under which names tokens are issued.
#[derive(Debug, Clone)]
pub struct TokenSettings {
    /// `iss` of our tokens.
    pub issuer: String,
    /// `aud` of our tokens.
    pub audience: String,
    /// How long an access token is good for.
    pub access: Duration,
    /// How long a refresh token may lie unused.
    pub refresh_idle: Duration,
    /// How long a sign-in can be prolonged.
    pub refresh_total: Duration,
}

/// Longest time for which a node signs with a key that another node has replaced.
const RELOAD: Duration = Duration::seconds(60);

/// Knows who somebody is.
#[derive(Clone)]
pub struct Authority {
    /// Settings.
    pub settings: TokenSettings,
    /// Hashing of passwords.
    pub passwords: Passwords,
    /// Slow-down of guessing.
    pub throttle: Arc<LoginThrottle>,
    provider: Option<Provider>,
    keys: Arc<RwLock<(KeyRing, Option<DateTime<Utc>>)>>,
}

impl Authority {
    /// An authority that has read no key yet.
    ///
    /// # Errors
    /// If passwords cannot be hashed.
    pub fn new(settings: TokenSettings, provider: Option<Provider>) -> Result<Self, UseError> {
        Ok(Self {
            settings,
            passwords: Passwords::new().map_err(|e| UseError::Internal(e.to_string()))?,
            throttle: Arc::new(LoginThrottle::new()),
            provider,
            keys: Arc::default(),
        })
    }

    /// The signing keys, read anew if they were read long ago or a key is missing.
    async fn keys(&self, database: &Database, missing: Option<&str>, now: DateTime<Utc>) -> Result<KeyRing, UseError> {
        let is_fresh = |(ring, read): &(KeyRing, Option<DateTime<Utc>>)| {
            let age = read.map(|read| now - read);
            let knows = missing.is_none_or(|kid| ring.find(kid).is_some());
            // An unknown key is looked for at most every few seconds: anybody can name one.
            age.is_some_and(|age| age < if knows { RELOAD } else { Duration::seconds(5) })
        };
        if let kept = self.keys.read().await
            && is_fresh(&kept)
        {
            return Ok(kept.0.clone());
        }
        let mut kept = self.keys.write().await;
        if !is_fresh(&kept) {
            *kept = (read_keys(database).await?, Some(now));
        }
        Ok(kept.0.clone())
    }

    /// The public keys, for those who verify tokens.
    ///
    /// # Errors
    /// As the database says.
    pub async fn jwks(&self, database: &Database, now: DateTime<Utc>) -> Result<serde_json::Value, UseError> {
        Ok(self.keys(database, None, now).await?.jwks(now))
    }

    /// An access token for an account. The first one ever makes the first signing key.
    ///
    /// # Errors
    /// As the database says.
    pub async fn issue(&self, database: &Database, account: &Account, now: DateTime<Utc>) -> Result<String, UseError> {
        let mut keys = self.keys(database, None, now).await?;
        if keys.signing().is_none() {
            keys = rotate_if(database, now, |known| known.signing().is_none()).await?;
            *self.keys.write().await = (keys.clone(), Some(now));
        }
        let claims = Claims {
            iss: self.settings.issuer.clone(),
            aud: self.settings.audience.clone(),
            sub: account.id.to_string(),
            exp: (now + self.settings.access).timestamp(),
            iat: now.timestamp(),
            jti: secret::short_id(),
            epoch: account.epoch.into(),
            name: Some(account.name.clone()),
            roles: account.roles.iter().map(|r| r.code().to_owned()).collect(),
        };
        token::issue(&keys, claims).map_err(|e| UseError::Internal(e.to_string()))
    }

    /// Who sends this bearer token or key.
    ///
    /// # Errors
    /// [`UseError::Refused`] if nobody does; which of the many reasons is only logged.
    pub async fn actor(&self, database: &Database, credential: &str, now: DateTime<Utc>) -> Result<Actor, UseError> {
        let nobody = || UseError::Refused(Refusal::Unauthenticated);
        if credential.starts_with("sol_") {
            let key = ApiKeyText::parse(credential).ok_or_else(nobody)?;
            let found = store::accounts::api_key(database.reader(), &key.id).await?;
            let (known, hash) = found.ok_or_else(nobody)?;
            let is_good = secret::matches(key.secret.expose(), &hash)
                && known.revoked_at.is_none_or(|at| at > now)
                && known.expires_at > now;
            return if is_good { Ok(Actor::Machine(known)) } else { Err(nobody()) };
        }
        let (account, epoch) = match self.own_claims(database, credential, now).await? {
            Ok(claims) => {
                let id = claims.sub.parse().map_err(|_| nobody())?;
                (store::accounts::by_id(database.reader(), id).await?, Some(claims.epoch))
            }
            Err(reason) => match &self.provider {
                // A token of the provider is good for the account that bears the name it gives.
                Some(provider) => match provider.verify(credential, now).await {
                    Ok(claims) => {
                        let name = claims.name.unwrap_or(claims.subject);
                        (store::accounts::by_name(database.reader(), &name).await?.map(|(account, _)| account), None)
                    }
                    Err(other) => {
                        tracing::info!(%reason, %other, "token refused");
                        return Err(nobody());
                    }
                },
                None => {
                    tracing::info!(%reason, "token refused");
                    return Err(nobody());
                }
            },
        };
        let is_good = |a: &Account| a.active && epoch.is_none_or(|epoch| epoch == i64::from(a.epoch));
        account.filter(is_good).map(Actor::Person).ok_or_else(nobody)
    }

    async fn own_claims(
        &self,
        database: &Database,
        credential: &str,
        now: DateTime<Utc>,
    ) -> Result<Result<Claims, TokenError>, UseError> {
        let verify =
            |keys: &KeyRing| token::verify(keys, &self.settings.issuer, &self.settings.audience, credential, now);
        let keys = self.keys(database, None, now).await?;
        match verify(&keys) {
            Err(TokenError::UnknownKey) => {
                let keys = self.keys(database, Some(""), now).await?;
                Ok(verify(&keys))
            }
            verified => Ok(verified),
        }
    }
}

async fn read_keys(database: &Database) -> Result<KeyRing, UseError> {
    ring(signing_keys(database.reader()).await?)
}

fn ring(stored: Vec<StoredKey>) -> Result<KeyRing, UseError> {
    let corrupt = || UseError::Store(StoreError::Corrupt { table: "signing_key", what: "a key cannot be read".into() });
    let keys = stored.into_iter().map(|key| {
        let der = STANDARD.decode(&key.private_key).map_err(|_| corrupt())?;
        SigningKey::from_stored(key.kid, der, key.created_at, key.retired_at).map_err(|_| corrupt())
    });
    Ok(KeyRing(keys.collect::<Result<_, _>>()?))
}

/// Makes a new signing key and retires the old ones; tokens that they signed stay good to their end.
///
/// # Errors
/// As the database says.
pub async fn rotate(database: &Database, now: DateTime<Utc>) -> Result<KeyRing, UseError> {
    rotate_if(database, now, |_| true).await
}

async fn rotate_if(
    database: &Database,
    now: DateTime<Utc>,
    needed: impl Fn(&KeyRing) -> bool,
) -> Result<KeyRing, UseError> {
    let transaction = begin(database).await?;
    let known = ring(signing_keys(&transaction).await?)?;
    if !needed(&known) {
        return Ok(known);
    }
    use chrono::SubsecRound;
    let key = SigningKey::generate(now.trunc_subsecs(6)).map_err(|e| UseError::Internal(e.to_string()))?;
    let stored = StoredKey {
        kid: key.kid.clone(),
        private_key: STANDARD.encode(key.pkcs8_der.as_bytes()),
        public_key: STANDARD.encode(&key.public),
        created_at: key.created_at,
        retired_at: None,
    };
    let kid = stored.kid.clone();
    store::accounts::add_signing_key(&transaction, stored).await?;
    let act = Act { actor: Actor::Operator, now, request_id: "key rotation".to_owned() };
    act.audit(&transaction, "rotate-keys", &format!("signing-key:{kid}"), "", "", "").await?;
    let keys = ring(signing_keys(&transaction).await?)?;
    transaction.commit().await?;
    Ok(keys)
}
