//! Text of the cells of printed tables.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "printed_table_cell")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub table_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_number: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub column_number: i32,
    pub text_vi: String,
    pub text_en: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
