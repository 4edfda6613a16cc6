//! Targets, their assessments, and information systems.

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
        table(manager, "target")
            .column(integer("id"))
            .column(text("code"))
            .column(integer("number"))
            .column(text_null("part"))
            .column(integer("resolution_id"))
            .column(text("section"))
            .column(text("group_vi"))
            .column(text("group_en"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .column(text("demand_vi"))
            .column(text("demand_en"))
            .column(integer("indicator_id"))
            .column(integer("unit_id"))
            .column(text("breakdown_key"))
            .column(text_null("level"))
            .column(text("comparator"))
            .column(big_integer_null("mantissa"))
            .column(small_integer_null("scale"))
            .column(text_null("unit_of_measure_code"))
            .column(date("due_on"))
            .column(text("note_vi"))
            .column(text("note_en"))
            .key(&["id"])
            .references("resolution_id", "document", "id")
            .references("indicator_id", "indicator", "id")
            .references("unit_id", "unit", "id")
            .unique(&["code"])
            .create()
            .await?;
        table(manager, "assessment")
            .column(integer("document_id"))
            .column(integer("resolution_id"))
            .column(integer("number"))
            .column(text("rating"))
            .column(text("as_printed"))
            .column(text("result_vi"))
            .column(text("result_en"))
            .column(text("table_code"))
            .key(&["document_id", "resolution_id", "number"])
            .references("document_id", "document", "id")
            .references("resolution_id", "document", "id")
            .create()
            .await?;
        table(manager, "system")
            .column(integer("id"))
            .column(text("code"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .column(integer_null("owner_unit_id"))
            .column(text("purpose_vi"))
            .column(text("purpose_en"))
            .key(&["id"])
            .references("owner_unit_id", "unit", "id")
            .unique(&["code"])
            .create()
            .await?;
        table(manager, "system_alias")
            .column(integer("system_id"))
            .column(text("alias"))
            .key(&["system_id", "alias"])
            .references("system_id", "system", "id")
            .create()
            .await?;
        table(manager, "system_indicator")
            .column(integer("system_id"))
            .column(integer("indicator_id"))
            .key(&["system_id", "indicator_id"])
            .references("system_id", "system", "id")
            .references("indicator_id", "indicator", "id")
            .create()
            .await?;
        table(manager, "system_mention")
            .column(integer("system_id"))
            .column(integer("position"))
            .column(integer("document_id"))
            .column(text_null("section"))
            .column(integer_null("footnote"))
            .column(text_null("table_code"))
            .column(text_null("table_row"))
            .column(integer_null("table_column"))
            .key(&["system_id", "position"])
            .references("system_id", "system", "id")
            .references("document_id", "document", "id")
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("system_mention").to_owned()).await?;
        manager.drop_table(Table::drop().table("system_indicator").to_owned()).await?;
        manager.drop_table(Table::drop().table("system_alias").to_owned()).await?;
        manager.drop_table(Table::drop().table("system").to_owned()).await?;
        manager.drop_table(Table::drop().table("assessment").to_owned()).await?;
        manager.drop_table(Table::drop().table("target").to_owned()).await?;
        Ok(())
    }
}
