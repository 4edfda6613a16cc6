//! Releases: the only thing that nodes share.

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

/// The releases in scope, oldest first.
pub async fn list(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<Release>> {
    let in_scope = release::Entity::find().filter(release::Column::Number.lte(scope.release));
    let found = in_scope.order_by_asc(release::Column::Number).all(connection).await?;
    Ok(found
        .into_iter()
        .map(|row| Release {
            number: row.number,
            published_at: row.published_at,
            recorded_at: row.recorded_at,
            title: Text::new(row.title_vi, row.title_en),
            note: rows::note(row.note_vi, row.note_en),
            document: row.document_id.map(DocumentId),
        })
        .collect())
}

/// Documents that only releases after the scope publish.
pub async fn documents_after(connection: &impl ConnectionTrait, scope: Scope) -> Result<Vec<DocumentId>> {
    let rows = release::Entity::find().filter(release::Column::DocumentId.is_not_null()).all(connection).await?;
    let public: Vec<i32> = rows.iter().filter(|r| r.number <= scope.release).filter_map(|r| r.document_id).collect();
    let later = rows.iter().filter_map(|r| r.document_id).filter(|id| !public.contains(id));
    Ok(later.map(DocumentId).collect())
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
        }
    });
    rows::insert(connection, models).await
}
