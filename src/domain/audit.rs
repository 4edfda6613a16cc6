//! The audit trail: every write, chained by hash so that a change shows.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// What is written down of an act.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditEntry {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Who, by label.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what: `submission:S-7`.
    pub subject: String,
    /// Hash of the subject before; empty if it was not there.
    pub before: String,
    /// Hash of the subject after; empty if it is gone.
    pub after: String,
    /// The request.
    pub request_id: String,
    /// What else a reader should know, without secrets.
    pub detail: String,
}

/// A row of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Number from 1, without gaps.
    pub seq: i64,
    /// What was written down.
    pub entry: AuditEntry,
    /// Hash of the row before; empty for the first.
    pub previous: String,
    /// Hash of this row.
    pub hash: String,
}

impl AuditEvent {
    /// The next row of a trail.
    pub fn next(last: Option<&(i64, String)>, entry: AuditEntry) -> Self {
        let (seq, previous) = last.map_or((1, String::new()), |(seq, hash)| (seq + 1, hash.clone()));
        let hash = chain_hash(seq, &entry, &previous);
        Self { seq, entry, previous, hash }
    }

    /// True if the row says what its hash says.
    pub fn is_intact(&self) -> bool {
        self.hash == chain_hash(self.seq, &self.entry, &self.previous)
    }
}

/// SHA-256 over the row before and every field, each with its length, so that no two rows read the same.
fn chain_hash(seq: i64, e: &AuditEntry, previous: &str) -> String {
    let (seq, at) = (seq.to_string(), e.at.to_string());
    let fields = [previous, &seq, &at, &e.actor, &e.action, &e.subject, &e.before, &e.after, &e.request_id, &e.detail];
    let mut digest = Sha256::new();
    for field in fields {
        digest.update((field.len() as u64).to_be_bytes());
        digest.update(field.as_bytes());
    }
    hex(&digest.finalize())
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The first row that does not fit to the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// Its number.
    pub seq: i64,
    /// What is wrong.
    pub what: &'static str,
}

/// Walks a trail row by row.
#[derive(Debug, Default)]
pub struct Walk {
    last: Option<(i64, String)>,
}

impl Walk {
    /// Looks at the next row.
    ///
    /// # Errors
    /// If it breaks the chain.
    pub fn step(&mut self, event: &AuditEvent) -> Result<(), BrokenLink> {
        let broken = |what| Err(BrokenLink { seq: event.seq, what });
        let (expected, previous) = self.last.as_ref().map_or((1, ""), |(seq, hash)| (seq + 1, hash.as_str()));
        if event.seq != expected {
            return broken("a row before it is missing");
        }
        if event.previous != previous {
            return broken("it does not follow the row before it");
        }
        if !event.is_intact() {
            return broken("its contents were changed");
        }
        self.last = Some((event.seq, event.hash.clone()));
        Ok(())
    }

    /// Number and hash of the last row: what to keep elsewhere, since a chain cannot show that its end was cut off.
    pub fn head(&self) -> Option<&(i64, String)> {
        self.last.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail() -> Vec<AuditEvent> {
        let mut last = None;
        let event = |i: i64| {
            let entry = AuditEntry { at: i, action: format!("act {i}"), ..AuditEntry::default() };
            let event = AuditEvent::next(last.as_ref(), entry);
            last = Some((event.seq, event.hash.clone()));
            event
        };
        (0..5).map(event).collect()
    }

    fn broken(trail: &[AuditEvent]) -> Option<i64> {
        let mut walk = Walk::default();
        trail.iter().find_map(|event| walk.step(event).err()).map(|link| link.seq)
    }

    #[test]
    fn every_tampering_is_found_at_its_row() {
        assert_eq!(broken(&trail()), None);
        let mut changed = trail();
        changed[2].entry.actor = "someone else".to_owned();
        assert_eq!(broken(&changed), Some(3));
        let mut without = trail();
        without.remove(2);
        assert_eq!(broken(&without), Some(4));
        let mut swapped = trail();
        swapped.swap(1, 2);
        assert_eq!(broken(&swapped), Some(3));
        let mut rehashed = trail();
        rehashed[2].entry.detail = "x".to_owned();
        rehashed[2].hash = chain_hash(3, &rehashed[2].entry, &rehashed[2].previous);
        assert_eq!(broken(&rehashed), Some(4));
    }

    #[test]
    fn no_two_rows_read_the_same() {
        let entry = |actor: &str, action: &str| AuditEntry {
            actor: actor.to_owned(),
            action: action.to_owned(),
            ..AuditEntry::default()
        };
        assert_ne!(chain_hash(1, &entry("ab", "c"), ""), chain_hash(1, &entry("a", "bc"), ""));
    }
}
