//! Indicators and what describes them.

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
        table(manager, "unit_of_measure")
            .column(text("code"))
            .column(small_integer("multiplier"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .column(text("symbol_vi"))
            .column(text("symbol_en"))
            .column(integer("position"))
            .key(&["code"])
            .create()
            .await?;
        table(manager, "topic")
            .column(text("code"))
            .column(text_null("parent_code"))
            .column(integer("position"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .key(&["code"])
            .create()
            .await?;
        table(manager, "dimension")
            .column(text("code"))
            .column(integer("position"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .key(&["code"])
            .create()
            .await?;
        table(manager, "dimension_value")
            .column(text("dimension_code"))
            .column(text("code"))
            .column(integer("position"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .key(&["dimension_code", "code"])
            .references("dimension_code", "dimension", "code")
            .create()
            .await?;
        table(manager, "indicator")
            .column(integer("id"))
            .column(text("code"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .column(text("definition_vi"))
            .column(text("definition_en"))
            .column(text("topic_code"))
            .column(text("unit_of_measure_code"))
            .column(text("kind"))
            .column(text("direction"))
            .column(small_integer("decimals"))
            .column(text("additive_over"))
            .column(text_null("numerator"))
            .column(text_null("denominator"))
            .column(text_null("growth_of"))
            .column(integer_null("owner_unit_id"))
            .key(&["id"])
            .references("topic_code", "topic", "code")
            .references("unit_of_measure_code", "unit_of_measure", "code")
            .references("owner_unit_id", "unit", "id")
            .unique(&["code"])
            .create()
            .await?;
        table(manager, "indicator_alias")
            .column(integer("indicator_id"))
            .column(text("alias"))
            .key(&["indicator_id", "alias"])
            .references("indicator_id", "indicator", "id")
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("indicator_alias").to_owned()).await?;
        manager.drop_table(Table::drop().table("indicator").to_owned()).await?;
        manager.drop_table(Table::drop().table("dimension_value").to_owned()).await?;
        manager.drop_table(Table::drop().table("dimension").to_owned()).await?;
        manager.drop_table(Table::drop().table("topic").to_owned()).await?;
        manager.drop_table(Table::drop().table("unit_of_measure").to_owned()).await?;
        Ok(())
    }
}
