//! Releases, series and observations.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table(manager, "release")
            .column(integer("number"))
            .column(timestamp_with_time_zone("published_at"))
            .column(timestamp_with_time_zone("recorded_at"))
            .column(text("title_vi"))
            .column(text("title_en"))
            .column(text("note_vi"))
            .column(text("note_en"))
            .column(integer_null("document_id"))
            .key(&["number"])
            .references("document_id", "document", "id")
            .create()
            .await?;
        table(manager, "series")
            .column(integer("id"))
            .column(integer("indicator_id"))
            .column(integer("unit_id"))
            .column(text("accumulation"))
            .column(text("breakdown_key"))
            .key(&["id"])
            .references("indicator_id", "indicator", "id")
            .references("unit_id", "unit", "id")
            .unique(&["indicator_id", "unit_id", "breakdown_key", "accumulation"])
            .index(&["unit_id", "indicator_id"])
            .create()
            .await?;
        table(manager, "series_breakdown")
            .column(integer("series_id"))
            .column(text("dimension_code"))
            .column(text("value_code"))
            .key(&["series_id", "dimension_code"])
            .references("series_id", "series", "id")
            .index(&["dimension_code", "value_code"])
            .create()
            .await?;
        table(manager, "observation")
            .column(big_integer("id"))
            .column(text("uid"))
            .column(integer("series_id"))
            .column(date("period_start"))
            .column(date("period_end"))
            .column(integer("release_from"))
            .column(integer_null("release_to"))
            .column(boolean("preferred"))
            .column(big_integer_null("mantissa"))
            .column(small_integer_null("scale"))
            .column(double_null("number"))
            .column(text("status"))
            .column(text("qualifier"))
            .column(date_null("coverage_start"))
            .column(date_null("coverage_end"))
            .column(date_null("as_of"))
            .column(text("as_printed"))
            .column(date_null("base_start"))
            .column(date_null("base_end"))
            .column(integer_null("field_size"))
            .column(integer("document_id"))
            .column(text_null("section"))
            .column(integer_null("footnote"))
            .column(text_null("table_code"))
            .column(text_null("table_row"))
            .column(integer_null("table_column"))
            .column(integer("position"))
            .column(text("note_vi"))
            .column(text("note_en"))
            .key(&["id"])
            .references("series_id", "series", "id")
            .references("document_id", "document", "id")
            .unique(&["uid", "release_from"])
            .index(&["document_id", "position"])
            .create()
            .await?;
        // One range scan answers a slice of a series at any release.
        manager
            .get_connection()
            .execute_unprepared("CREATE INDEX observation_slice ON observation (series_id, period_end, release_from)")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("observation").to_owned()).await?;
        manager.drop_table(Table::drop().table("series_breakdown").to_owned()).await?;
        manager.drop_table(Table::drop().table("series").to_owned()).await?;
        manager.drop_table(Table::drop().table("release").to_owned()).await?;
        Ok(())
    }
}
