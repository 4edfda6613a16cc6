//! Validation rules.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub position: i32,
    pub severity: String,
    pub check_kind: String,
    pub quantity: Option<String>,
    pub parts: String,
    pub dimension_code: Option<String>,
    pub threshold: Option<String>,
    pub name_vi: String,
    pub name_en: String,
    pub explanation_vi: String,
    pub explanation_en: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
