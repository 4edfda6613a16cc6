//! Columns of printed tables.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "printed_table_column")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub table_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub group_vi: String,
    pub group_en: String,
    pub label_vi: String,
    pub label_en: String,
    pub quantity: Option<String>,
    pub accumulation: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
