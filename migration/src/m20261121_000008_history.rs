//! Two axes of history. `release_from` and `release_to` say which releases know a row; `published_from` and
//! `published_to` (microseconds since 1970) say when it was public, as those releases know it. They differ where
//! a release is back-loaded with an earlier time of publication. `stated_in` is the release that states the figure, `leads` says
//! that its document prefers it among its own printings.

use sea_orm::{ConnectionTrait, FromQueryResult, Statement, prelude::DateTimeUtc};
use sea_orm_migration::{prelude::*, schema::*};

use crate::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(FromQueryResult)]
struct Published {
    number: i32,
    published_at: DateTimeUtc,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let alter = |name: &'static str, column: ColumnDef| Table::alter().table(name).add_column(column).to_owned();
        manager.alter_table(alter("observation", integer("stated_in").default(0).to_owned())).await?;
        manager.alter_table(alter("observation", big_integer("published_from").default(0).to_owned())).await?;
        manager.alter_table(alter("observation", big_integer_null("published_to"))).await?;
        manager.alter_table(alter("observation", boolean("leads").default(true).to_owned())).await?;
        manager.alter_table(alter("printed_table", integer("release_from").default(1).to_owned())).await?;
        manager.alter_table(alter("printed_table", integer_null("release_to"))).await?;
        manager.alter_table(alter("finding", integer("release_from").default(1).to_owned())).await?;
        manager.alter_table(alter("finding", integer_null("release_to"))).await?;
        manager.alter_table(alter("document_section", text("body").default("").to_owned())).await?;
        manager.alter_table(alter("report_version", text("reason").default("").to_owned())).await?;
        manager.alter_table(alter("release", integer_null("withdraws_document_id"))).await?;
        let connection = manager.get_connection();
        let backend = manager.get_database_backend();
        connection.execute_unprepared("UPDATE observation SET leads = preferred").await?;
        let releases =
            Published::find_by_statement(Statement::from_string(backend, "SELECT number, published_at FROM release"));
        for release in releases.all(connection).await? {
            let update = Query::update()
                .table("observation")
                .value("stated_in", release.number)
                .value("published_from", release.published_at.timestamp_micros())
                .and_where(Expr::col("release_from").eq(release.number))
                .to_owned();
            connection.execute(&update).await?;
            for name in ["printed_table", "finding"] {
                let document = Query::select()
                    .column("document_id")
                    .from("release")
                    .and_where(Expr::col("number").eq(release.number))
                    .and_where(Expr::col("document_id").is_not_null())
                    .to_owned();
                let update = Query::update()
                    .table(name)
                    .value("release_from", release.number)
                    .and_where(Expr::col("document_id").in_subquery(document))
                    .to_owned();
                connection.execute(&update).await?;
            }
        }
        // One figure has several rows in time: what tells them apart is the beginning on both axes.
        manager.drop_index(Index::drop().name("observation_uid_release_from").table("observation").to_owned()).await?;
        connection
            .execute_unprepared(
                "CREATE UNIQUE INDEX observation_uid ON observation (uid, release_from, published_from, preferred)",
            )
            .await?;
        for (name, index, columns) in [
            ("printed_table", "printed_table_document_id_code", "document_id, code"),
            ("finding", "finding_code", "code"),
        ] {
            manager.drop_index(Index::drop().name(index).table(name).to_owned()).await?;
            connection
                .execute_unprepared(&format!("CREATE UNIQUE INDEX {index} ON {name} ({columns}, release_from)"))
                .await?;
        }
        table(manager, "metadata_version")
            .column(integer("id"))
            .column(text("kind"))
            .column(text("code"))
            .column(integer("release_number"))
            .column(text("body"))
            .column(text("reason"))
            .column(text("actor"))
            .key(&["id"])
            .references("release_number", "release", "number")
            .index(&["kind", "code"])
            .create()
            .await?;
        table(manager, "column_name")
            .column(integer("id"))
            .column(text("group_key"))
            .column(text("label_key"))
            .column(text("group_label"))
            .column(text("label"))
            .column(text("quantity"))
            .column(text("accumulation"))
            .key(&["id"])
            .index(&["label_key"])
            .create()
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("column_name").to_owned()).await?;
        manager.drop_table(Table::drop().table("metadata_version").to_owned()).await
    }
}
