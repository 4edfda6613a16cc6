//! Other names of systems.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "system_alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub system_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub alias: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
