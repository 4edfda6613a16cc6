//! Small conversions between columns and domain values.

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QuerySelect};

use super::{Result, StoreError};
use crate::domain::{number::Exact, text::Text};

/// Rows per INSERT: below the size at which TLS connections to PostgreSQL fall into 40 ms pauses.
const BATCH: usize = 100;

/// Inserts rows in batches. The rows are made before anything is awaited, so that the future holds no iterator.
pub fn insert<A>(
    connection: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = A>,
) -> impl Future<Output = Result<()>> + Send
where
    A: ActiveModelTrait + Send,
{
    let mut rows: Vec<A> = rows.into_iter().collect();
    async move {
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(BATCH));
            let batch = std::mem::replace(&mut rows, rest);
            A::Entity::insert_many(batch).exec_without_returning(connection).await?;
        }
        Ok(())
    }
}

/// The first free key of a table whose keys are counted. Only the one write transaction at a time may ask.
pub async fn next_id<E: EntityTrait>(connection: &impl ConnectionTrait, _: E, key: E::Column) -> Result<i32> {
    let newest: Option<Option<i32>> =
        E::find().select_only().column_as(key.max(), "newest").into_tuple().one(connection).await?;
    Ok(newest.flatten().unwrap_or(0) + 1)
}

/// Value of a closed list; anything else means that the table was changed by hand.
pub fn known<T>(table: &'static str, code: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T> {
    read(code).ok_or_else(|| corrupt(table, format!("`{code}` is not a known code")))
}

/// An error about the contents of a table.
pub fn corrupt(table: &'static str, what: impl Into<String>) -> StoreError {
    StoreError::Corrupt { table, what: what.into() }
}

/// An exact number out of its two columns.
pub fn exact(table: &'static str, mantissa: Option<i64>, scale: Option<i16>) -> Result<Option<Exact>> {
    let Some((mantissa, scale)) = mantissa.zip(scale) else { return Ok(None) };
    Exact::new(mantissa, scale)
        .map(Some)
        .ok_or_else(|| corrupt(table, format!("{mantissa} with scale {scale} is out of range")))
}

/// A note that may be absent, out of its two columns.
pub fn note(vi: String, en: String) -> Option<Text> {
    Text::new(vi, en).into_option()
}

/// The two columns of a note that may be absent.
pub fn note_columns(note: &Option<Text>) -> (String, String) {
    note.clone().map(|n| (n.vi, n.en)).unwrap_or_default()
}
