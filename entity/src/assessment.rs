//! What reports say of targets.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assessment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub resolution_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub rating: String,
    pub as_printed: String,
    pub result_vi: String,
    pub result_en: String,
    pub table_code: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
