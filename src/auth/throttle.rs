//! The brake on guessing passwords: who fails waits, by account name and by address. In memory, of this
//! process only, bounded. It knows no accounts, so it cannot tell which exist.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Accounts and addresses together are at most 10,000 entries.
const CAPACITY: usize = 5_000;
/// So many are dropped when a table is full, so that not every newcomer searches for the oldest.
const DROPPED: usize = CAPACITY / 10;
const FREE_FAILURES: u32 = 5;
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;
const ATTEMPTS_A_MINUTE: usize = 20;
const MINUTE: TimeDelta = TimeDelta::minutes(1);
/// Failures are forgotten after so long without another; an address is often shared.
const ACCOUNT_FORGETS: TimeDelta = TimeDelta::hours(24);
const ADDRESS_FORGETS: TimeDelta = TimeDelta::hours(1);
/// An attempt that has not been answered for so long was abandoned.
const ATTEMPT_ENDS: TimeDelta = TimeDelta::seconds(30);

/// How long to wait before the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts; wait {seconds} s")]
pub struct Wait {
    /// Whole seconds, at least one.
    pub seconds: u64,
}

/// Counts failed attempts. To be asked before each attempt and told how it ended.
#[derive(Debug, Default)]
pub struct LoginThrottle(Mutex<Tables>);

#[derive(Debug, Default)]
struct Tables {
    accounts: HashMap<[u8; 32], Entry>,
    addresses: HashMap<[u8; 32], Entry>,
}

#[derive(Debug)]
struct Entry {
    /// The last time that anything happened.
    touched: DateTime<Utc>,
    failures: u32,
    failed_at: DateTime<Utc>,
    /// Of an account: attempts that are not answered yet. They count as failures, or many attempts at the
    /// same moment would all pass.
    pending: u32,
    /// Of an address: when the last attempts began.
    attempts: VecDeque<DateTime<Utc>>,
}

impl LoginThrottle {
    /// Knows of no attempt.
    pub fn new() -> Self {
        Self::default()
    }

    /// Permits an attempt and counts it.
    ///
    /// # Errors
    /// [`Wait`]; the attempt must not be made, and does not count.
    pub fn check(&self, account: &str, address: &str, now: DateTime<Utc>) -> Result<(), Wait> {
        let (account, address) = (account_key(account), address_key(address));
        let mut tables = self.tables();
        let of_account = tables.accounts.get_mut(&account).map(|e| e.account_wait(now));
        let of_address = tables.addresses.get_mut(&address).map(|e| e.address_wait(now));
        let wait = of_account.max(of_address).unwrap_or_default();
        if wait > TimeDelta::zero() {
            return Err(Wait { seconds: (wait.num_milliseconds() as u64).div_ceil(1000).max(1) });
        }
        entry(&mut tables.accounts, account, now).pending += 1;
        entry(&mut tables.addresses, address, now).attempts.push_back(now);
        Ok(())
    }

    /// The attempt failed, whether or not there is such an account.
    pub fn failed(&self, account: &str, address: &str, now: DateTime<Utc>) {
        let mut tables = self.tables();
        entry(&mut tables.accounts, account_key(account), now).fail(ACCOUNT_FORGETS, now);
        entry(&mut tables.addresses, address_key(address), now).fail(ADDRESS_FORGETS, now);
    }

    /// The attempt succeeded: the account begins anew. The address does not, or an attacker with one account
    /// of his own could guess without a brake.
    pub fn succeeded(&self, account: &str) {
        self.tables().accounts.remove(&account_key(account));
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new(now: DateTime<Utc>) -> Self {
        Self { touched: now, failures: 0, failed_at: now, pending: 0, attempts: VecDeque::new() }
    }

    fn fail(&mut self, forgets: TimeDelta, now: DateTime<Utc>) {
        self.forget(forgets, now);
        self.pending = self.pending.saturating_sub(1);
        self.failures = self.failures.saturating_add(1);
        self.failed_at = now;
    }

    fn forget(&mut self, forgets: TimeDelta, now: DateTime<Utc>) {
        if now - self.failed_at >= forgets {
            self.failures = 0;
        }
    }

    fn account_wait(&mut self, now: DateTime<Utc>) -> TimeDelta {
        if now - self.touched >= ATTEMPT_ENDS {
            self.pending = 0;
        }
        let wait = self.wait_after_failures(ACCOUNT_FORGETS, now);
        if self.pending > 0 && self.failures.saturating_add(self.pending) >= FREE_FAILURES {
            return wait.max(TimeDelta::seconds(1));
        }
        wait
    }

    fn address_wait(&mut self, now: DateTime<Utc>) -> TimeDelta {
        // A clock that was put back must not keep the attempts of its future.
        self.attempts.retain(|at| (now - *at).abs() < MINUTE);
        let wait = self.wait_after_failures(ADDRESS_FORGETS, now);
        match self.attempts.front() {
            Some(first) if self.attempts.len() >= ATTEMPTS_A_MINUTE => wait.max(*first + MINUTE - now),
            _ => wait,
        }
    }

    /// One second after the free failures, and twice as long after each further one.
    fn wait_after_failures(&mut self, forgets: TimeDelta, now: DateTime<Utc>) -> TimeDelta {
        self.forget(forgets, now);
        let Some(beyond) = self.failures.checked_sub(FREE_FAILURES) else { return TimeDelta::zero() };
        let wait = TimeDelta::seconds(2i64.pow(beyond.min(20)).min(LONGEST_WAIT_SECONDS));
        (self.failed_at + wait - now).min(wait)
    }
}

/// The entry of a key, made if need be; the oldest ones go when there is no room.
fn entry(table: &mut HashMap<[u8; 32], Entry>, key: [u8; 32], now: DateTime<Utc>) -> &mut Entry {
    if table.len() >= CAPACITY && !table.contains_key(&key) {
        let mut times: Vec<DateTime<Utc>> = table.values().map(|entry| entry.touched).collect();
        let (_, limit, _) = times.select_nth_unstable(DROPPED - 1);
        let limit = *limit;
        // Of several with the same time only as many go as must.
        let mut left = DROPPED;
        table.retain(|_, entry| {
            let dropped = entry.touched <= limit && left > 0;
            left -= usize::from(dropped);
            !dropped
        });
    }
    let entry = table.entry(key).or_insert_with(|| Entry::new(now));
    entry.touched = now;
    entry
}

/// Names that a reader takes for the same are the same; of fixed size, however long the name is.
fn account_key(account: &str) -> [u8; 32] {
    let folded: String = account.trim().nfkc().flat_map(char::to_lowercase).nfc().collect();
    Sha256::digest(folded.as_bytes()).into()
}

/// Of IPv6 the first half: one customer has all addresses behind it.
fn address_key(address: &str) -> [u8; 32] {
    let network = match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => format!("{:x}/64", ip.to_bits() >> 64),
        Ok(ip) => ip.to_string(),
        Err(_) => address.to_owned(),
    };
    Sha256::digest(network.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_800_000_000_000 + milliseconds).expect("a time")
    }

    const SECOND: i64 = 1000;

    /// Every attempt from another address, so that only the account counts.
    fn address(n: usize) -> String {
        format!("10.{}.{}.{}", n >> 16, n >> 8 & 255, n & 255)
    }

    #[test]
    fn waits_of_an_account_double_up_to_a_quarter_of_an_hour() {
        let throttle = LoginThrottle::new();
        let mut now = 0;
        let mut waits = Vec::new();
        for n in 0..18 {
            while let Err(wait) = throttle.check("hoa", &address(n), at(now)) {
                waits.push(wait.seconds);
                let almost = now + wait.seconds as i64 * SECOND - 1;
                assert_eq!(throttle.check("hoa", &address(n), at(almost)), Err(Wait { seconds: 1 }));
                now = almost + 1;
            }
            throttle.failed("hoa", &address(n), at(now));
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert!(throttle.check("lan", "10.9.9.9", at(now)).is_ok(), "others do not wait");
    }

    #[test]
    fn names_are_folded() {
        let throttle = LoginThrottle::new();
        for (n, name) in ["hòa", "HÒA", " hòa ", "ho\u{300}a", "ｈòa"].iter().enumerate() {
            assert_eq!(throttle.check(name, &address(n), at(0)), Ok(()));
            throttle.failed(name, &address(n), at(0));
        }
        assert_eq!(throttle.check("hòa", &address(9), at(0)), Err(Wait { seconds: 1 }));
        assert_eq!(throttle.check("hoa", &address(9), at(0)), Ok(()));
    }

    #[test]
    fn success_clears_the_account_and_not_the_address() {
        let throttle = LoginThrottle::new();
        for n in 0..5 {
            throttle.failed("hoa", &address(n), at(0));
        }
        assert!(throttle.check("hoa", &address(9), at(0)).is_err());
        assert!(throttle.check("hoa", &address(9), at(SECOND)).is_ok());
        throttle.succeeded("hoa");
        for n in 0..4 {
            assert!(throttle.check("hoa", &address(n), at(SECOND)).is_ok(), "{n}");
            throttle.failed("hoa", &address(n), at(SECOND));
        }

        let throttle = LoginThrottle::new();
        for n in 0..5 {
            throttle.failed(&format!("guessed-{n}"), "10.0.0.1", at(0));
        }
        throttle.succeeded("own");
        assert_eq!(throttle.check("own", "10.0.0.1", at(0)), Err(Wait { seconds: 1 }));
        assert_eq!(throttle.check("own", "10.0.0.2", at(0)), Ok(()));
    }

    #[test]
    fn an_address_has_twenty_attempts_a_minute() {
        let throttle = LoginThrottle::new();
        for n in 0..20 {
            assert_eq!(throttle.check(&format!("user-{n}"), "10.0.0.1", at(n * SECOND)), Ok(()));
            throttle.succeeded(&format!("user-{n}"));
        }
        assert_eq!(throttle.check("next", "10.0.0.1", at(20 * SECOND)), Err(Wait { seconds: 40 }));
        assert_eq!(throttle.check("next", "::ffff:10.0.0.1", at(20 * SECOND)), Err(Wait { seconds: 40 }));
        assert_eq!(throttle.check("next", "10.0.0.2", at(20 * SECOND)), Ok(()));
        assert_eq!(throttle.check("next", "10.0.0.1", at(60 * SECOND)), Ok(()), "the first is a minute ago");
        assert_eq!(throttle.check("next", "10.0.0.1", at(60 * SECOND)), Err(Wait { seconds: 1 }));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let throttle = LoginThrottle::new();
        for n in 0..20 {
            assert_eq!(throttle.check(&format!("user-{n}"), &format!("2001:db8::{n:x}"), at(0)), Ok(()));
        }
        assert!(throttle.check("next", "2001:db8::ffff:1", at(0)).is_err());
        assert!(throttle.check("next", "2001:db8:0:1::1", at(0)).is_ok());
    }

    #[test]
    fn attempts_at_the_same_moment_do_not_all_pass() {
        let throttle = LoginThrottle::new();
        let passed = (0..100).filter(|n| throttle.check("hoa", &address(*n), at(0)).is_ok()).count();
        assert_eq!(passed, 5);
        // None of them is ever answered: the account is not locked for good.
        assert!(throttle.check("hoa", &address(200), at(29 * SECOND)).is_err());
        assert!(throttle.check("hoa", &address(200), at(30 * SECOND)).is_ok());
    }

    #[test]
    fn after_the_wait_one_attempt_passes() {
        let throttle = LoginThrottle::new();
        for n in 0..8 {
            throttle.failed("hoa", &address(n), at(0));
        }
        let later = at(8 * SECOND);
        let passed = (0..100).filter(|n| throttle.check("hoa", &address(*n), later).is_ok()).count();
        assert_eq!(passed, 1);
    }

    #[test]
    fn failures_are_forgotten_in_the_end() {
        let throttle = LoginThrottle::new();
        for _ in 0..30 {
            throttle.failed("hoa", "10.0.0.1", at(0));
        }
        let hour = 3600 * SECOND;
        assert!(throttle.check("hoa", &address(1), at(hour)).is_ok(), "the wait is over");
        throttle.failed("hoa", &address(1), at(hour));
        assert_eq!(throttle.check("hoa", &address(2), at(hour)), Err(Wait { seconds: 900 }));
        assert_eq!(throttle.check("lan", "10.0.0.1", at(hour)), Ok(()));
        throttle.failed("hoa", &address(3), at(25 * hour));
        assert_eq!(throttle.check("hoa", &address(2), at(25 * hour)), Ok(()));
    }

    #[test]
    fn a_clock_put_back_locks_nobody_out() {
        let throttle = LoginThrottle::new();
        for _ in 0..5 {
            throttle.failed("hoa", "10.0.0.1", at(86_400 * SECOND));
        }
        assert_eq!(throttle.check("hoa", "10.0.0.1", at(0)), Err(Wait { seconds: 1 }));
    }

    #[test]
    fn the_oldest_are_dropped() {
        let throttle = LoginThrottle::new();
        for _ in 0..10 {
            throttle.failed("old", "10.255.0.1", at(0));
        }
        for n in 1..2 * CAPACITY {
            throttle.failed(&format!("user-{n}"), &address(n), at(n as i64));
            if n == CAPACITY / 2 {
                assert!(throttle.check("old", "10.255.0.2", at(n as i64)).is_err());
            }
        }
        let tables = throttle.tables();
        assert!(tables.accounts.len() <= CAPACITY && tables.accounts.len() >= CAPACITY - DROPPED);
        assert!(tables.addresses.len() <= CAPACITY);
        assert!(!tables.accounts.contains_key(&account_key("old")));
        assert!(tables.accounts.contains_key(&account_key(&format!("user-{}", 2 * CAPACITY - 1))));
    }

    #[test]
    fn many_of_the_same_moment_are_not_dropped_together() {
        let throttle = LoginThrottle::new();
        for n in 0..=CAPACITY {
            throttle.failed(&format!("user-{n}"), "10.0.0.1", at(0));
        }
        assert_eq!(throttle.tables().accounts.len(), CAPACITY - DROPPED + 1);
    }
}
