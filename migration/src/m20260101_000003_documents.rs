//! Documents, printed tables, reports; unit events, which rest on documents.

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
        table(manager, "document")
            .column(integer("id"))
            .column(text("code"))
            .column(text_null("number"))
            .column(text("kind"))
            .column(integer_null("issuer_unit_id"))
            .column(date_null("issued_on"))
            .column(text("title_vi"))
            .column(text("title_en"))
            .column(text("note_vi"))
            .column(text("note_en"))
            .key(&["id"])
            .references("issuer_unit_id", "unit", "id")
            .unique(&["code"])
            .create()
            .await?;
        table(manager, "document_section")
            .column(integer("document_id"))
            .column(text("code"))
            .column(text_null("parent_code"))
            .column(integer("position"))
            .column(text("title_vi"))
            .column(text("title_en"))
            .key(&["document_id", "code"])
            .references("document_id", "document", "id")
            .create()
            .await?;
        table(manager, "document_reference")
            .column(integer("from_document_id"))
            .column(integer("position"))
            .column(integer("to_document_id"))
            .column(text_null("section"))
            .column(integer_null("footnote"))
            .column(text_null("table_code"))
            .column(text_null("table_row"))
            .column(integer_null("table_column"))
            .column(text("kind"))
            .key(&["from_document_id", "position"])
            .references("from_document_id", "document", "id")
            .references("to_document_id", "document", "id")
            .create()
            .await?;
        table(manager, "printed_table")
            .column(integer("id"))
            .column(integer("document_id"))
            .column(text("code"))
            .column(integer("position"))
            .column(text("title_vi"))
            .column(text("title_en"))
            .column(text("note_vi"))
            .column(text("note_en"))
            .key(&["id"])
            .references("document_id", "document", "id")
            .unique(&["document_id", "code"])
            .create()
            .await?;
        table(manager, "printed_table_column")
            .column(integer("table_id"))
            .column(integer("number"))
            .column(text("group_vi"))
            .column(text("group_en"))
            .column(text("label_vi"))
            .column(text("label_en"))
            .column(text_null("quantity"))
            .column(text_null("accumulation"))
            .key(&["table_id", "number"])
            .references("table_id", "printed_table", "id")
            .create()
            .await?;
        table(manager, "printed_table_row")
            .column(integer("table_id"))
            .column(text("number"))
            .column(integer("position"))
            .column(text("label"))
            .column(integer_null("unit_id"))
            .key(&["table_id", "number"])
            .references("table_id", "printed_table", "id")
            .references("unit_id", "unit", "id")
            .create()
            .await?;
        table(manager, "printed_table_cell")
            .column(integer("table_id"))
            .column(text("row_number"))
            .column(integer("column_number"))
            .column(text("text_vi"))
            .column(text("text_en"))
            .key(&["table_id", "row_number", "column_number"])
            .references("table_id", "printed_table", "id")
            .create()
            .await?;
        table(manager, "printed_table_unit")
            .column(integer("table_id"))
            .column(integer("unit_id"))
            .column(integer("position"))
            .key(&["table_id", "unit_id"])
            .references("table_id", "printed_table", "id")
            .references("unit_id", "unit", "id")
            .create()
            .await?;
        table(manager, "report")
            .column(integer("id"))
            .column(text("code"))
            .column(integer("document_id"))
            .column(text("title_vi"))
            .column(text("title_en"))
            .column(date("period_start"))
            .column(date("period_end"))
            .column(integer("unit_id"))
            .key(&["id"])
            .references("document_id", "document", "id")
            .references("unit_id", "unit", "id")
            .unique(&["code"])
            .unique(&["document_id"])
            .create()
            .await?;
        table(manager, "report_headline")
            .column(integer("report_id"))
            .column(integer("position"))
            .column(text("quantity"))
            .key(&["report_id", "position"])
            .references("report_id", "report", "id")
            .create()
            .await?;
        table(manager, "report_version")
            .column(integer("report_id"))
            .column(integer("version"))
            .column(integer("release_number"))
            .key(&["report_id", "version"])
            .references("report_id", "report", "id")
            .create()
            .await?;
        table(manager, "unit_event")
            .column(integer("id"))
            .column(text("code"))
            .column(text("kind"))
            .column(date("effective_on"))
            .column(integer_null("legal_basis_id"))
            .column(text("name_vi"))
            .column(text("name_en"))
            .column(text("note_vi"))
            .column(text("note_en"))
            .column(text("confidence"))
            .key(&["id"])
            .references("legal_basis_id", "document", "id")
            .unique(&["code"])
            .create()
            .await?;
        table(manager, "unit_event_link")
            .column(integer("event_id"))
            .column(integer("position"))
            .column(integer_null("from_unit_id"))
            .column(integer_null("to_unit_id"))
            .column(text("extent"))
            .column(big_integer_null("share_mantissa"))
            .column(small_integer_null("share_scale"))
            .key(&["event_id", "position"])
            .references("event_id", "unit_event", "id")
            .references("from_unit_id", "unit", "id")
            .references("to_unit_id", "unit", "id")
            .create()
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("unit_event_link").to_owned()).await?;
        manager.drop_table(Table::drop().table("unit_event").to_owned()).await?;
        manager.drop_table(Table::drop().table("report_version").to_owned()).await?;
        manager.drop_table(Table::drop().table("report_headline").to_owned()).await?;
        manager.drop_table(Table::drop().table("report").to_owned()).await?;
        manager.drop_table(Table::drop().table("printed_table_unit").to_owned()).await?;
        manager.drop_table(Table::drop().table("printed_table_cell").to_owned()).await?;
        manager.drop_table(Table::drop().table("printed_table_row").to_owned()).await?;
        manager.drop_table(Table::drop().table("printed_table_column").to_owned()).await?;
        manager.drop_table(Table::drop().table("printed_table").to_owned()).await?;
        manager.drop_table(Table::drop().table("document_reference").to_owned()).await?;
        manager.drop_table(Table::drop().table("document_section").to_owned()).await?;
        manager.drop_table(Table::drop().table("document").to_owned()).await?;
        Ok(())
    }
}
