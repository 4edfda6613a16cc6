//! Releases: the only thing that nodes share.

use std::collections::BTreeSet;

use entity::release;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Result, Scope, rows};
use crate::domain::{document::Release, id::DocumentId, text::Text};

/// Number of the newest release; `None` in an empty database.
///
/// # Errors
/// As the database says.
pub async fn newest(connection: &impl ConnectionTrait) -> Result<Option<i32>> {
    let newest: Option<Option<i32>> = release::Entity::find()
        .select_only()
        .column_as(release::Column::Number.max(), "newest")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(newest.flatten())
}

/// The releases in scope, in the order of publication.
pub async fn list(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<Release>> {
    let in_scope = release::Entity::find().filter(release::Column::Number.lte(scope.release));
    let found = in_scope.order_by_asc(release::Column::Number).all(connection).await?;
    let mut found: Vec<Release> = found
        .into_iter()
        .map(|row| Release {
            number: row.number,
            published_at: row.published_at,
            recorded_at: row.recorded_at,
            title: Text::new(row.title_vi, row.title_en),
            note: rows::note(row.note_vi, row.note_en),
            document: row.document_id.map(DocumentId),
            withdraws: row.withdraws_document_id.map(DocumentId),
        })
        .filter(|r| scope.at.is_none_or(|at| r.published_at.timestamp_micros() <= at))
        .collect();
    found.sort_by_key(|r: &Release| (r.published_at, r.number));
    Ok(found)
}

/// Documents whose contents are not public among these releases, though others published them: published only by
/// releases out of scope, or withdrawn since.
pub async fn documents_hidden(connection: &impl ConnectionTrait, in_scope: &[Release]) -> Result<Vec<DocumentId>> {
    let all = release::Entity::find().filter(release::Column::DocumentId.is_not_null()).all(connection).await?;
    let documents: BTreeSet<DocumentId> = all.iter().filter_map(|r| r.document_id).map(DocumentId).collect();
    let is_public = |id: &DocumentId| {
        let last = in_scope.iter().rev().find(|r| r.document == Some(*id) || r.withdraws == Some(*id));
        last.is_some_and(|r| r.document == Some(*id))
    };
    Ok(documents.into_iter().filter(|id| !is_public(id)).collect())
}

/// Writes releases: the last rows of a publication.
pub async fn save(connection: &impl ConnectionTrait, releases: &[Release]) -> Result<()> {
    let models = releases.iter().map(|r| {
        let (note_vi, note_en) = rows::note_columns(&r.note);
        release::ActiveModel {
            number: Set(r.number),
            published_at: Set(r.published_at),
            recorded_at: Set(r.recorded_at),
            title_vi: Set(r.title.vi.clone()),
            title_en: Set(r.title.en.clone()),
            note_vi: Set(note_vi),
            note_en: Set(note_en),
            document_id: Set(r.document.map(i32::from)),
            withdraws_document_id: Set(r.withdraws.map(i32::from)),
        }
    });
    rows::insert(connection, models).await
}
