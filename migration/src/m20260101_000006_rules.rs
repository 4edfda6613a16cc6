//! Validation rules and what they found.

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
        table(manager, "rule")
            .column(text("code"))
            .column(integer("position"))
            .column(text("severity"))
            .column(text("check_kind"))
            .column(text_null("quantity"))
            .column(text("parts"))
            .column(text_null("dimension_code"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .column(text("explanation_vi"))
            .column(text("explanation_en"))
            .key(&["code"])
            .create()
            .await?;
        table(manager, "finding")
            .column(integer("id"))
            .column(text("code"))
            .column(text("rule_code"))
            .column(integer("document_id"))
            .column(big_integer_null("expected_mantissa"))
            .column(small_integer_null("expected_scale"))
            .column(big_integer_null("actual_mantissa"))
            .column(small_integer_null("actual_scale"))
            .column(big_integer_null("difference_mantissa"))
            .column(small_integer_null("difference_scale"))
            .column(text("message_vi"))
            .column(text("message_en"))
            .key(&["id"])
            .references("rule_code", "rule", "code")
            .references("document_id", "document", "id")
            .unique(&["code"])
            .index(&["document_id"])
            .create()
            .await?;
        table(manager, "finding_figure")
            .column(integer("finding_id"))
            .column(integer("position"))
            .column(text("observation_uid"))
            .key(&["finding_id", "position"])
            .references("finding_id", "finding", "id")
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("finding_figure").to_owned()).await?;
        manager.drop_table(Table::drop().table("finding").to_owned()).await?;
        manager.drop_table(Table::drop().table("rule").to_owned()).await?;
        Ok(())
    }
}
