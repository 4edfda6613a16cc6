//! Versions of units; a code can change its bearer.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
    pub name_vi: String,
    pub name_en: String,
    pub kind: String,
    pub parent_id: Option<i32>,
    pub report_order: Option<i32>,
    pub source: String,
    pub confidence: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
