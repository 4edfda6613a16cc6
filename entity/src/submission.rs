//! Submissions: versions of reports on their way to publication.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    pub state: String,
    pub version: i32,
    pub report_code: String,
    pub title_vi: String,
    pub title_en: String,
    pub period_start: Date,
    pub period_end: Date,
    pub unit_id: i32,
    pub issued_on: Date,
    pub published_at: Option<DateTimeUtc>,
    pub due_at: Option<DateTimeUtc>,
    pub is_correction: bool,
    pub reason: String,
    pub content_hash: String,
    pub approved_hash: Option<String>,
    pub created_by: String,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub publish_at: Option<DateTimeUtc>,
    pub release_number: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
