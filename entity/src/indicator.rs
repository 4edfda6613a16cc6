//! Indicators. `numerator`, `denominator` and `growth_of` are written as `code[dimension=value]`.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    pub name_vi: String,
    pub name_en: String,
    pub definition_vi: String,
    pub definition_en: String,
    pub topic_code: String,
    pub unit_of_measure_code: String,
    pub kind: String,
    pub direction: String,
    pub decimals: i16,
    pub additive_over: String,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    pub growth_of: Option<String>,
    pub owner_unit_id: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
