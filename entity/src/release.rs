//! Acts of publication. The row of a release is the last thing that its transaction inserts.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "release")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub published_at: DateTimeUtc,
    pub recorded_at: DateTimeUtc,
    pub title_vi: String,
    pub title_en: String,
    pub note_vi: String,
    pub note_en: String,
    pub document_id: Option<i32>,
    pub withdraws_document_id: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
