//! Tables as printed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "printed_table")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub document_id: i32,
    pub code: String,
    pub position: i32,
    pub title_vi: String,
    pub title_en: String,
    pub note_vi: String,
    pub note_en: String,
    pub dated_on: Option<Date>,
    pub release_from: i32,
    pub release_to: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
