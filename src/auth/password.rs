//! Passwords: how they are hashed, and which are refused. At most two are hashed at a time, away from the
//! threads that answer requests; a name that nobody has costs as much as one that somebody has.

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, LazyLock},
};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};
use tokio::{sync::Semaphore, task::spawn_blocking};
use unicode_normalization::UnicodeNormalization;

use super::secret::Secret;
use crate::domain::text;

const MIN_CHARACTERS: usize = 15;
const MAX_CHARACTERS: usize = 256;
/// Before normalising, which may shorten a text.
const MAX_BYTES: usize = 4096;
/// A shorter name is part of too many passwords.
const SHORTEST_NAME: usize = 3;
/// OWASP: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const AT_A_TIME: usize = 2;

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
});

/// Why a password is refused, in words for whoever chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than 15 characters.
    #[error("the password must have at least {MIN_CHARACTERS} characters")]
    TooShort,
    /// More than 256 characters.
    #[error("the password must have at most {MAX_CHARACTERS} characters")]
    TooLong,
    /// On the list of common passwords.
    #[error("the password is one of those that are tried first")]
    Common,
    /// The account name is in it.
    #[error("the password must not contain the account name")]
    ContainsAccount,
    /// One character, again and again.
    #[error("the password must not be a single character repeated")]
    Repeated,
    /// No memory or no random numbers; not the fault of the password.
    #[error("the password cannot be hashed now")]
    Unavailable,
}

/// Hashes and verifies passwords. Clones share the limit.
#[derive(Clone)]
pub struct Passwords {
    limit: Arc<Semaphore>,
    /// What is verified when there is no account.
    dummy: Arc<str>,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

impl Passwords {
    /// Hashes once, which takes some ten milliseconds: to be made at the start and kept.
    ///
    /// # Errors
    /// [`PasswordError::Unavailable`] without memory or random numbers.
    pub fn new() -> Result<Self, PasswordError> {
        let dummy = hash_now(Secret::new().expose())?;
        Ok(Self { limit: Arc::new(Semaphore::new(AT_A_TIME)), dummy: dummy.into() })
    }

    /// The hash of a password, to be stored (PHC string). Waits for its turn.
    ///
    /// # Errors
    /// [`PasswordError::TooLong`], so that nothing endless is hashed; [`PasswordError::Unavailable`] without
    /// memory. Strength is another question, see [`Passwords::check_strength`].
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        let password = normal(password).ok_or(PasswordError::TooLong)?;
        self.run(move || hash_now(&password)).await.ok_or(PasswordError::Unavailable)?
    }

    /// True if `stored` is the hash of this password. Without `stored`, or with one that cannot be read, the
    /// same work is done for nothing.
    pub async fn verify(&self, password: String, stored: Option<String>) -> bool {
        let stored = stored.as_deref().and_then(|text| PasswordHash::new(text).ok());
        let password = normal(&password);
        let possible = stored.is_some() && password.is_some();
        let dummy = self.dummy.clone();
        let fits = self.run(move || {
            let Some(hash) = stored.or_else(|| PasswordHash::new(&dummy).ok()) else { return false };
            argon2().verify_password(password.unwrap_or_default().as_bytes(), &hash).is_ok()
        });
        fits.await.unwrap_or(false) && possible
    }

    /// True if a stored hash is weaker than a new one would be, or cannot be read.
    pub fn needs_rehash(stored: &str) -> bool {
        let Ok(hash) = PasswordHash::new(stored) else { return true };
        let Ok(params) = Params::try_from(&hash) else { return true };
        hash.algorithm.as_str() != Algorithm::Argon2id.as_str()
            || hash.version != Some(Version::V0x13.into())
            || params.m_cost() < MEMORY_KIB
            || params.t_cost() < PASSES
    }

    /// Refuses passwords that are tried first.
    ///
    /// # Errors
    /// The first reason found.
    pub fn check_strength(password: &str, account: &str) -> Result<(), PasswordError> {
        let password = normal(password).ok_or(PasswordError::TooLong)?;
        let characters: Vec<char> = password.chars().collect();
        if characters.len() < MIN_CHARACTERS {
            return Err(PasswordError::TooShort);
        }
        if characters.iter().all(|c| *c == characters[0]) {
            return Err(PasswordError::Repeated);
        }
        let folded = squeezed(&password);
        let words = folded.trim_end_matches(|c: char| c.is_ascii_digit());
        if [folded.as_str(), words, repeated_piece(&folded), repeated_piece(words)].iter().any(|w| COMMON.contains(w)) {
            return Err(PasswordError::Common);
        }
        let (lower, account) = (password.to_lowercase(), account.trim().nfc().collect::<String>().to_lowercase());
        let mut names = [account.as_str(), account.split('@').next().unwrap_or_default()].into_iter();
        if names.any(|name| contains_name(&lower, name) || contains_name(&folded, &squeezed(name))) {
            return Err(PasswordError::ContainsAccount);
        }
        Ok(())
    }

    /// Runs what takes long on a thread for it. The turn ends with the work, even if nobody waits for it
    /// any more.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let turn = self.limit.clone().acquire_owned().await.ok()?;
        let done = spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.ok()
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> Result<String, PasswordError> {
    match argon2().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(hash.to_string()),
        Err(_) => Err(PasswordError::Unavailable),
    }
}

/// The same password whichever way a keyboard composes its letters; `None` if it is too long.
fn normal(password: &str) -> Option<String> {
    let password: String = Some(password).filter(|p| p.len() <= MAX_BYTES)?.nfc().collect();
    (password.chars().count() <= MAX_CHARACTERS).then_some(password)
}

/// Folded, without spaces.
fn squeezed(text: &str) -> String {
    text::fold(text).replace(' ', "")
}

/// `abc` of `abcabcabc`; the text itself if it repeats nothing.
fn repeated_piece(text: &str) -> &str {
    (1..=text.len() / 2)
        .filter(|n| text.len().is_multiple_of(*n) && text.is_char_boundary(*n))
        .map(|n| &text[..n])
        .find(|piece| piece.repeat(text.len() / piece.len()) == text)
        .unwrap_or(text)
}

fn contains_name(password: &str, name: &str) -> bool {
    name.chars().count() >= SHORTEST_NAME && password.contains(name)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const GOOD: &str = "bảy con ngựa ô trên đồi";

    #[tokio::test]
    async fn a_password_fits_its_hash_only() {
        let passwords = Passwords::new().unwrap();
        let stored = passwords.hash(GOOD).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash(GOOD).await.unwrap(), "the salt differs");
        assert!(passwords.verify(GOOD.into(), Some(stored.clone())).await);
        assert!(!passwords.verify(format!("{GOOD} "), Some(stored.clone())).await);
        assert!(!passwords.verify(String::new(), Some(stored)).await);
        assert!(!passwords.verify(GOOD.into(), None).await);
        assert!(!passwords.verify(GOOD.into(), Some("no hash".into())).await);
        assert!(!passwords.verify(GOOD.into(), Some(String::new())).await);
    }

    #[tokio::test]
    async fn letters_may_be_composed_either_way() {
        let passwords = Passwords::new().unwrap();
        let decomposed: String = GOOD.nfd().collect();
        assert_ne!(decomposed, GOOD);
        let stored = passwords.hash(&decomposed).await.unwrap();
        assert!(passwords.verify(GOOD.into(), Some(stored)).await);
    }

    #[tokio::test]
    async fn what_is_endless_is_not_hashed() {
        let passwords = Passwords::new().unwrap();
        let endless = "ab".repeat(1 << 20);
        assert_eq!(passwords.hash(&endless).await, Err(PasswordError::TooLong));
        let empty = hash_now("").unwrap();
        assert!(!passwords.verify(endless, Some(empty)).await, "too long is not empty");
    }

    #[tokio::test]
    async fn the_dummy_is_never_right_and_costs_as_much() {
        let passwords = Passwords::new().unwrap();
        assert!(!Passwords::needs_rehash(&passwords.dummy), "the parameters are those of real hashes");
        let known = "a dummy that is known";
        let passwords = Passwords { dummy: hash_now(known).unwrap().into(), ..passwords };
        assert!(!passwords.verify(known.into(), None).await);
        assert!(!passwords.verify(known.into(), Some("$argon2id$broken".into())).await);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_run_at_a_time_and_a_cancelled_one_keeps_its_turn() {
        let passwords = Passwords::new().unwrap();
        let (release, wait) = std::sync::mpsc::channel::<()>();
        let shared = passwords.clone();
        let running = tokio::spawn(async move { shared.run(move || wait.recv().is_ok()).await });
        let second = passwords.limit.clone().acquire_owned().await.unwrap();
        while passwords.limit.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        running.abort();
        assert!(running.await.is_err());
        let third = passwords.hash(GOOD);
        assert!(tokio::time::timeout(Duration::from_millis(100), third).await.is_err(), "no turn is free");
        release.send(()).unwrap();
        assert!(passwords.hash(GOOD).await.is_ok());
        drop(second);
    }

    #[test]
    fn weak_hashes_are_made_anew() {
        let current = hash_now(GOOD).unwrap();
        assert!(!Passwords::needs_rehash(&current));
        assert!(!Passwords::needs_rehash(&current.replace("m=19456", "m=65536")));
        for (from, to) in [("m=19456", "m=4096"), ("t=2", "t=1"), ("argon2id", "argon2i"), ("v=19", "v=16")] {
            assert!(Passwords::needs_rehash(&current.replace(from, to)), "{to}");
        }
        assert!(Passwords::needs_rehash("") && Passwords::needs_rehash("5f4dcc3b5aa765d61d8327deb882cf99"));
    }

    #[test]
    fn strength_is_length_and_not_being_guessed() {
        let check = |password: &str| Passwords::check_strength(password, "le.hoa@example.vn");
        for good in [GOOD, "correct hors bttry", "15 ký tự là đủ!", "938471029384756", &"ab1 ".repeat(64)] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        use PasswordError::*;
        for (bad, expected) in [
            (String::new(), TooShort),
            ("14 characters!".into(), TooShort),
            // 15 code points that are fewer characters.
            ("ngựa ô đen".nfd().collect(), TooShort),
            ("ab1 ".repeat(64) + "c", TooLong),
            ("x".repeat(100_000), TooLong),
            ("a".repeat(15), Repeated),
            ("ờ".repeat(20).nfd().collect(), Repeated),
            ("password1234567".into(), Common),
            ("PassWord!2026202620".into(), Common),
            ("Mật khẩu 20262026".into(), Common),
            ("passwordpassword".into(), Common),
            ("passwordpassword2026".into(), Common),
            ("anh yêu em nhiều lắm".into(), Common),
            ("123456789012345".into(), Common),
            ("123123123123123".into(), Common),
            ("qwertyuiopasdfgh".into(), Common),
            ("correct horse battery staple".into(), Common),
            ("my name is le.hoa, yes".into(), ContainsAccount),
            ("LE.HOA@example.VN is me".into(), ContainsAccount),
            ("tôi là Lê Hòa đây mà".into(), ContainsAccount),
        ] {
            assert_eq!(check(&bad), Err(expected), "{bad:.40}");
        }
        // A name of one or two letters is in everything.
        assert_eq!(Passwords::check_strength(GOOD, "an"), Ok(()));
        assert_eq!(Passwords::check_strength(GOOD, ""), Ok(()));
    }
}
