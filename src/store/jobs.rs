//! Imports that run beside requests, and the files that wait for them.

use chrono::{DateTime, Utc};
use entity::{import_job, upload, upload_chunk};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};

use super::{Result, rows::insert};

/// A job as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRow {
    /// Its id.
    pub id: String,
    /// Who began it.
    pub actor: String,
    /// Code of its state.
    pub state: String,
    /// Rows read so far.
    pub rows_read: i64,
    /// Rows of the file, if that is known.
    pub rows_total: Option<i64>,
    /// Why it failed.
    pub message: String,
    /// The submission it became part of.
    pub submission: Option<String>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last heard of.
    pub updated_at: DateTime<Utc>,
}

fn model(job: JobRow) -> import_job::ActiveModel {
    import_job::ActiveModel {
        id: Set(job.id),
        actor: Set(job.actor),
        state: Set(job.state),
        rows_read: Set(job.rows_read),
        rows_total: Set(job.rows_total),
        message: Set(job.message),
        submission_code: Set(job.submission),
        created_at: Set(job.created_at),
        updated_at: Set(job.updated_at),
    }
}

/// Writes a new job.
///
/// # Errors
/// As the database says.
pub async fn add(connection: &impl ConnectionTrait, job: JobRow) -> Result<()> {
    insert(connection, [model(job)]).await
}

/// Writes how far a job is.
///
/// # Errors
/// As the database says.
pub async fn update(connection: &impl ConnectionTrait, job: JobRow) -> Result<()> {
    model(job).update(connection).await?;
    Ok(())
}

/// A job by its id.
///
/// # Errors
/// As the database says.
pub async fn by_id(connection: &impl ConnectionTrait, id: &str) -> Result<Option<JobRow>> {
    Ok(import_job::Entity::find_by_id(id.to_owned()).one(connection).await?.map(|row| JobRow {
        id: row.id,
        actor: row.actor,
        state: row.state,
        rows_read: row.rows_read,
        rows_total: row.rows_total,
        message: row.message,
        submission: row.submission_code,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }))
}

/// True if a job in a state was heard of after a time.
///
/// # Errors
/// As the database says.
pub async fn any_alive(connection: &impl ConnectionTrait, state: &str, since: DateTime<Utc>) -> Result<bool> {
    let alive = import_job::Entity::find()
        .filter(import_job::Column::State.eq(state))
        .filter(import_job::Column::UpdatedAt.gt(since));
    Ok(alive.count(connection).await? > 0)
}

/// A file that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// Who sent it.
    pub actor: String,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Its size.
    pub bytes: i64,
    /// When it came.
    pub created_at: DateTime<Utc>,
}

/// Writes a piece of a file; the file itself is written last.
///
/// # Errors
/// As the database says.
pub async fn add_chunk(connection: &impl ConnectionTrait, id: &str, number: i32, bytes: Vec<u8>) -> Result<()> {
    let model = upload_chunk::ActiveModel { upload_id: Set(id.to_owned()), number: Set(number), bytes: Set(bytes) };
    insert(connection, [model]).await
}

/// Writes a file whose pieces are all there.
///
/// # Errors
/// As the database says.
pub async fn add_upload(connection: &impl ConnectionTrait, file: Upload) -> Result<()> {
    let model = upload::ActiveModel {
        id: Set(file.id),
        actor: Set(file.actor),
        name: Set(file.name),
        hash: Set(file.hash),
        bytes: Set(file.bytes),
        created_at: Set(file.created_at),
    };
    insert(connection, [model]).await
}

/// A file by its id.
///
/// # Errors
/// As the database says.
pub async fn upload(connection: &impl ConnectionTrait, id: &str) -> Result<Option<Upload>> {
    Ok(upload::Entity::find_by_id(id.to_owned()).one(connection).await?.map(|row| Upload {
        id: row.id,
        actor: row.actor,
        name: row.name,
        hash: row.hash,
        bytes: row.bytes,
        created_at: row.created_at,
    }))
}

/// One piece of a file, from 1; `None` after the last.
///
/// # Errors
/// As the database says.
pub async fn chunk(connection: &impl ConnectionTrait, id: &str, number: i32) -> Result<Option<Vec<u8>>> {
    let found = upload_chunk::Entity::find_by_id((id.to_owned(), number)).one(connection).await?;
    Ok(found.map(|row| row.bytes))
}

/// Deletes files that came before a time.
///
/// # Errors
/// As the database says.
pub async fn forget_uploads(connection: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<()> {
    let old = upload::Entity::find().filter(upload::Column::CreatedAt.lt(before));
    for file in old.order_by_asc(upload::Column::CreatedAt).all(connection).await? {
        delete_chunks(connection, &file.id).await?;
        upload::Entity::delete_by_id(file.id).exec(connection).await?;
    }
    Ok(())
}

/// Deletes pieces of files that never became whole: only when no file is on its way, as at a start.
///
/// # Errors
/// As the database says.
pub async fn forget_broken_uploads(connection: &impl ConnectionTrait) -> Result<()> {
    connection.execute_unprepared("DELETE FROM upload_chunk WHERE upload_id NOT IN (SELECT id FROM upload)").await?;
    Ok(())
}

/// Deletes the pieces of a file.
///
/// # Errors
/// As the database says.
pub async fn delete_chunks(connection: &impl ConnectionTrait, id: &str) -> Result<()> {
    upload_chunk::Entity::delete_many().filter(upload_chunk::Column::UploadId.eq(id)).exec(connection).await?;
    Ok(())
}
