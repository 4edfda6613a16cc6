//! What rules find in a submission.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submission_finding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub position: i32,
    pub rule_code: String,
    pub severity: String,
    pub expected: String,
    pub actual: String,
    pub difference: String,
    pub message_vi: String,
    pub message_en: String,
    pub figures: String,
    pub place: String,
    pub waived_by: Option<String>,
    pub waived_reason: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
