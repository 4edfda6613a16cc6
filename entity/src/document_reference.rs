//! Places where one document refers to another.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "document_reference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub from_document_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub to_document_id: i32,
    pub section: Option<String>,
    pub footnote: Option<i32>,
    pub table_code: Option<String>,
    pub table_row: Option<String>,
    pub table_column: Option<i32>,
    pub kind: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
