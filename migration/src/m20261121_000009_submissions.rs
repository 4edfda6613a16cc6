//! Submissions: what departments send, on its way to publication.

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
        table(manager, "submission")
            .column(integer("id"))
            .column(text("code"))
            .column(text("state"))
            .column(integer("version"))
            .column(text("report_code"))
            .column(text("title_vi"))
            .column(text("title_en"))
            .column(date("period_start"))
            .column(date("period_end"))
            .column(integer("unit_id"))
            .column(date("issued_on"))
            .column(timestamp_with_time_zone_null("published_at"))
            .column(timestamp_with_time_zone_null("due_at"))
            .column(boolean("is_correction"))
            .column(text("reason"))
            .column(text("content_hash"))
            .column(text_null("approved_hash"))
            .column(text("created_by"))
            .column(timestamp_with_time_zone("created_at"))
            .column(timestamp_with_time_zone("updated_at"))
            .column(timestamp_with_time_zone_null("publish_at"))
            .column(integer_null("release_number"))
            .key(&["id"])
            .references("unit_id", "unit", "id")
            .unique(&["code"])
            .index(&["report_code"])
            .index(&["state", "publish_at"])
            .create()
            .await?;
        table(manager, "submission_import")
            .column(integer("id"))
            .column(integer("submission_id"))
            .column(text("actor"))
            .column(text("format"))
            .column(text("file_name"))
            .column(text("content_hash"))
            .column(text_null("idempotency_key"))
            .column(integer("figures"))
            .column(timestamp_with_time_zone("created_at"))
            .key(&["id"])
            .references("submission_id", "submission", "id")
            .index(&["submission_id"])
            .index(&["content_hash"])
            .unique(&["actor", "idempotency_key"])
            .create()
            .await?;
        table(manager, "submission_row")
            .column(integer("import_id"))
            .column(integer("position"))
            .column(text("uid"))
            .column(integer("indicator_id"))
            .column(integer("unit_id"))
            .column(text("accumulation"))
            .column(text("breakdown_key"))
            .column(date("period_start"))
            .column(date("period_end"))
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
            .column(text_null("section"))
            .column(integer_null("footnote"))
            .column(text_null("table_code"))
            .column(text_null("table_row"))
            .column(integer_null("table_column"))
            .column(text("note_vi"))
            .column(text("note_en"))
            .key(&["import_id", "position"])
            .index(&["import_id", "unit_id"])
            .create()
            .await?;
        table(manager, "submission_part")
            .column(integer("import_id"))
            .column(text("kind"))
            .column(integer("position"))
            .column(text("body"))
            .key(&["import_id", "kind", "position"])
            .create()
            .await?;
        table(manager, "submission_finding")
            .column(integer("submission_id"))
            .column(text("code"))
            .column(integer("position"))
            .column(text("rule_code"))
            .column(text("severity"))
            .column(text("expected"))
            .column(text("actual"))
            .column(text("difference"))
            .column(text("message_vi"))
            .column(text("message_en"))
            .column(text("figures"))
            .column(text("place"))
            .column(text_null("waived_by"))
            .column(text("waived_reason"))
            .key(&["submission_id", "code"])
            .create()
            .await?;
        table(manager, "submission_event")
            .column(integer("submission_id"))
            .column(integer("number"))
            .column(timestamp_with_time_zone("at"))
            .column(text("actor"))
            .column(text("action"))
            .column(text("state"))
            .column(text("comment"))
            .column(text("content_hash"))
            .key(&["submission_id", "number"])
            .references("submission_id", "submission", "id")
            .create()
            .await?;
        table(manager, "import_job")
            .column(text("id"))
            .column(text("actor"))
            .column(text("state"))
            .column(big_integer("rows_read"))
            .column(big_integer_null("rows_total"))
            .column(text("message"))
            .column(text_null("submission_code"))
            .column(timestamp_with_time_zone("created_at"))
            .column(timestamp_with_time_zone("updated_at"))
            .key(&["id"])
            .create()
            .await?;
        table(manager, "upload")
            .column(text("id"))
            .column(text("actor"))
            .column(text("name"))
            .column(text("hash"))
            .column(big_integer("bytes"))
            .column(timestamp_with_time_zone("created_at"))
            .key(&["id"])
            .create()
            .await?;
        table(manager, "upload_chunk")
            .column(text("upload_id"))
            .column(integer("number"))
            .column(blob("bytes"))
            .key(&["upload_id", "number"])
            .create()
            .await?;
        // A place in a table and a date beside it, where the source prints one.
        let connection = manager.get_connection();
        connection.execute_unprepared("ALTER TABLE printed_table ADD COLUMN dated_on DATE").await?;
        for column in ["waived_by TEXT", "waived_reason TEXT NOT NULL DEFAULT ''"] {
            connection.execute_unprepared(&format!("ALTER TABLE finding ADD COLUMN {column}")).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in [
            "upload_chunk",
            "upload",
            "import_job",
            "submission_event",
            "submission_finding",
            "submission_part",
            "submission_row",
            "submission_import",
            "submission",
        ] {
            manager.drop_table(Table::drop().table(name).to_owned()).await?;
        }
        Ok(())
    }
}
