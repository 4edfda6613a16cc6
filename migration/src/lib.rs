//! Schema changes, one file per change. A released migration is never edited.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::MigratorTrait;

mod m20260101_000001_units;
mod m20260101_000002_indicators;
mod m20260101_000003_documents;
mod m20260101_000004_targets_and_systems;
mod m20260101_000005_facts;
mod m20260101_000006_rules;
mod m20261121_000007_identity;
mod m20261121_000008_history;
mod m20261121_000009_submissions;
mod m20261121_000010_rule_threshold;
mod table;

use table::table;

/// All migrations, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260101_000001_units::Migration),
            Box::new(m20260101_000002_indicators::Migration),
            Box::new(m20260101_000003_documents::Migration),
            Box::new(m20260101_000004_targets_and_systems::Migration),
            Box::new(m20260101_000005_facts::Migration),
            Box::new(m20260101_000006_rules::Migration),
            Box::new(m20261121_000007_identity::Migration),
            Box::new(m20261121_000008_history::Migration),
            Box::new(m20261121_000009_submissions::Migration),
            Box::new(m20261121_000010_rule_threshold::Migration),
        ]
    }
}
