//! Accounts, their grants, keys and tokens; and the audit trail, which nothing may change.

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
        table(manager, "account")
            .column(integer("id"))
            .column(text("name"))
            .column(text("display_name"))
            .column(text_null("password_hash"))
            .column(text("roles"))
            .column(integer("token_epoch"))
            .column(boolean("active"))
            .column(timestamp_with_time_zone("created_at"))
            .key(&["id"])
            .unique(&["name"])
            .create()
            .await?;
        table(manager, "account_grant")
            .column(integer("account_id"))
            .column(text("unit_code"))
            .key(&["account_id", "unit_code"])
            .references("account_id", "account", "id")
            .create()
            .await?;
        table(manager, "signing_key")
            .column(text("kid"))
            .column(text("private_key"))
            .column(text("public_key"))
            .column(timestamp_with_time_zone("created_at"))
            .column(timestamp_with_time_zone_null("retired_at"))
            .key(&["kid"])
            .create()
            .await?;
        table(manager, "refresh_token")
            .column(text("hash"))
            .column(text("family"))
            .column(integer("account_id"))
            .column(timestamp_with_time_zone("begun_at"))
            .column(timestamp_with_time_zone("created_at"))
            .column(timestamp_with_time_zone_null("used_at"))
            .column(timestamp_with_time_zone_null("revoked_at"))
            .key(&["hash"])
            .references("account_id", "account", "id")
            .index(&["family"])
            .index(&["account_id"])
            .create()
            .await?;
        table(manager, "api_key")
            .column(text("id"))
            .column(text("name"))
            .column(text("secret_hash"))
            .column(text("units"))
            .column(text("indicators"))
            .column(integer_null("created_by"))
            .column(timestamp_with_time_zone("created_at"))
            .column(timestamp_with_time_zone("expires_at"))
            .column(timestamp_with_time_zone_null("revoked_at"))
            .key(&["id"])
            .create()
            .await?;
        table(manager, "audit_event")
            .column(big_integer("seq"))
            .column(big_integer("at"))
            .column(text("actor"))
            .column(text("action"))
            .column(text("subject"))
            .column(text("before_hash"))
            .column(text("after_hash"))
            .column(text("request_id"))
            .column(text("detail"))
            .column(text("previous_hash"))
            .column(text("hash"))
            .key(&["seq"])
            .index(&["subject"])
            .create()
            .await?;
        let connection = manager.get_connection();
        let statements: &[&str] = match manager.get_database_backend() {
            sea_orm::DatabaseBackend::Postgres => &[
                "CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$",
                "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event \
                 FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only()",
            ],
            _ => &[
                "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event \
                 BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END",
                "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event \
                 BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END",
                // INSERT OR REPLACE deletes the row in its way without asking the trigger above.
                "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event \
                 WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq) \
                 BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END",
            ],
        };
        for statement in statements {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["audit_event", "api_key", "refresh_token", "signing_key", "account_grant", "account"] {
            manager.drop_table(Table::drop().table(name).to_owned()).await?;
        }
        Ok(())
    }
}
