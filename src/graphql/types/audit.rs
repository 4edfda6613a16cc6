//! The audit trail.

use async_graphql::SimpleObject;

use crate::{domain::audit, graphql::scalars::DateTime};

/// An act that was written down: who did what to what, when. Each is chained to the one before by hash.
#[derive(SimpleObject)]
pub struct AuditEvent {
    /// Number, from 1, without gaps.
    pub seq: i32,
    /// When.
    pub at: DateTime,
    /// Who: `account:name`, `key:id` or `anonymous` for the service itself.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Hash of the subject before; empty if it was not there.
    pub before_hash: String,
    /// Hash of the subject after; empty if it is gone.
    pub after_hash: String,
    /// The request.
    pub request_id: String,
    /// What else there is to know.
    pub detail: String,
    /// Hash of this event and the one before.
    pub hash: String,
}

impl AuditEvent {
    /// Shows an event.
    pub fn of(event: audit::AuditEvent) -> Self {
        Self {
            seq: i32::try_from(event.seq).unwrap_or(i32::MAX),
            at: chrono::DateTime::from_timestamp_micros(event.entry.at).unwrap_or_default().into(),
            actor: event.entry.actor,
            action: event.entry.action,
            subject: event.entry.subject,
            before_hash: event.entry.before,
            after_hash: event.entry.after,
            request_id: event.entry.request_id,
            detail: event.entry.detail,
            hash: event.hash,
        }
    }
}
