//! Rows of printed tables.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "printed_table_row")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub table_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: String,
    pub position: i32,
    pub label: String,
    pub unit_id: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
