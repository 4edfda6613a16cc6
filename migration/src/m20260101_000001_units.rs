//! Units in their versions, their names and identifiers.

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
        table(manager, "unit")
            .column(integer("id"))
            .column(text("code"))
            .column(date_null("valid_from"))
            .column(date_null("valid_to"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .column(text("kind"))
            .column(integer_null("parent_id"))
            .column(integer_null("report_order"))
            .column(text("source"))
            .column(text("confidence"))
            .key(&["id"])
            .references("parent_id", "unit", "id")
            .unique(&["code", "valid_from"])
            .create()
            .await?;
        table(manager, "unit_alias")
            .column(integer("unit_id"))
            .column(text("alias"))
            .key(&["unit_id", "alias"])
            .references("unit_id", "unit", "id")
            .create()
            .await?;
        table(manager, "unit_identifier")
            .column(integer("unit_id"))
            .column(text("scheme"))
            .column(text("value"))
            .column(date_null("valid_from"))
            .column(date_null("valid_to"))
            .column(text("confidence"))
            .key(&["unit_id", "scheme", "value"])
            .references("unit_id", "unit", "id")
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("unit_identifier").to_owned()).await?;
        manager.drop_table(Table::drop().table("unit_alias").to_owned()).await?;
        manager.drop_table(Table::drop().table("unit").to_owned()).await?;
        Ok(())
    }
}
