//! Figures that findings concern.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "finding_figure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub finding_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub observation_uid: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
