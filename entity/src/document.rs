//! Everything that can be cited.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    pub number: Option<String>,
    pub kind: String,
    pub issuer_unit_id: Option<i32>,
    pub issued_on: Option<Date>,
    pub title_vi: String,
    pub title_en: String,
    pub note_vi: String,
    pub note_en: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
