//! What validation rules found in the figures of documents.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    pub rule_code: String,
    pub document_id: i32,
    pub expected_mantissa: Option<i64>,
    pub expected_scale: Option<i16>,
    pub actual_mantissa: Option<i64>,
    pub actual_scale: Option<i16>,
    pub difference_mantissa: Option<i64>,
    pub difference_scale: Option<i16>,
    pub message_vi: String,
    pub message_en: String,
    pub release_from: i32,
    pub release_to: Option<i32>,
    pub waived_by: Option<String>,
    pub waived_reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
