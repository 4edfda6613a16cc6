//! Headings under which columns of figures are known.

use std::collections::HashMap;

use entity::column_name;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use super::indicators::read_quantity;
use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        column::ColumnName,
        id::*,
        observation::Accumulation,
    },
    store::{Result, rows::known, submissions::keep_columns},
};

pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    let catalogue = Catalogue::new(parts.clone());
    let written = parts.column_names.iter().map(|c| (c.clone(), catalogue.quantity_ref(&c.quantity).to_string()));
    keep_columns(connection, &written.collect::<Vec<_>>()).await
}

pub async fn load(connection: &impl ConnectionTrait, parts: &mut Parts) -> Result<()> {
    parts.column_names = list(connection, parts).await?;
    Ok(())
}

/// Every heading that is known now: imports keep some between releases.
///
/// # Errors
/// As the database says, or if a row means nothing.
pub async fn list(connection: &impl ConnectionTrait, parts: &Parts) -> Result<Vec<ColumnName>> {
    let ids: HashMap<String, IndicatorId> = parts.indicators.iter().map(|i| (i.code.clone(), i.id)).collect();
    let rows = column_name::Entity::find().order_by_asc(column_name::Column::Id).all(connection).await?;
    let column = |row: column_name::Model| {
        Ok(ColumnName {
            group: row.group_label,
            label: row.label,
            quantity: read_quantity(&ids, &row.quantity)?,
            accumulation: known("column_name", &row.accumulation, Accumulation::from_code)?,
        })
    };
    rows.into_iter().map(column).collect()
}
