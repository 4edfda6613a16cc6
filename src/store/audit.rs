//! The audit trail in the database.

use entity::audit_event;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Result, rows};
use crate::domain::audit::{AuditEntry, AuditEvent};

/// Appends to the trail. Only inside of the one write transaction at a time, which holds the lock.
///
/// # Errors
/// As the database says.
pub async fn append(connection: &impl ConnectionTrait, entry: AuditEntry) -> Result<()> {
    let last: Option<(i64, String)> = audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::Seq)
        .column(audit_event::Column::Hash)
        .order_by_desc(audit_event::Column::Seq)
        .into_tuple()
        .one(connection)
        .await?;
    let event = AuditEvent::next(last.as_ref(), entry);
    let e = event.entry;
    let model = audit_event::ActiveModel {
        seq: Set(event.seq),
        at: Set(e.at),
        actor: Set(e.actor),
        action: Set(e.action),
        subject: Set(e.subject),
        before_hash: Set(e.before),
        after_hash: Set(e.after),
        request_id: Set(e.request_id),
        detail: Set(e.detail),
        previous_hash: Set(event.previous),
        hash: Set(event.hash),
    };
    rows::insert(connection, [model]).await
}

/// At most `limit` rows after a number, in order.
///
/// # Errors
/// As the database says.
pub async fn after(connection: &impl ConnectionTrait, seq: i64, limit: u64) -> Result<Vec<AuditEvent>> {
    let found = audit_event::Entity::find()
        .filter(audit_event::Column::Seq.gt(seq))
        .order_by_asc(audit_event::Column::Seq)
        .limit(limit);
    Ok(found.all(connection).await?.into_iter().map(event).collect())
}

/// The newest rows, newest first, of one subject if one is named.
///
/// # Errors
/// As the database says.
pub async fn newest(
    connection: &impl ConnectionTrait,
    subject: Option<&str>,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<AuditEvent>> {
    let mut query = audit_event::Entity::find().order_by_desc(audit_event::Column::Seq).limit(limit);
    if let Some(subject) = subject {
        query = query.filter(audit_event::Column::Subject.eq(subject));
    }
    if let Some(before) = before {
        query = query.filter(audit_event::Column::Seq.lt(before));
    }
    Ok(query.all(connection).await?.into_iter().map(event).collect())
}

fn event(row: audit_event::Model) -> AuditEvent {
    AuditEvent {
        seq: row.seq,
        entry: AuditEntry {
            at: row.at,
            actor: row.actor,
            action: row.action,
            subject: row.subject,
            before: row.before_hash,
            after: row.after_hash,
            request_id: row.request_id,
            detail: row.detail,
        },
        previous: row.previous_hash,
        hash: row.hash,
    }
}
