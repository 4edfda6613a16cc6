//! Targets of resolutions; a part of a numbered target is a row of its own.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "target")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub code: String,
    pub number: i32,
    pub part: Option<String>,
    pub resolution_id: i32,
    pub section: String,
    pub group_vi: String,
    pub group_en: String,
    pub name_vi: String,
    pub name_en: String,
    pub demand_vi: String,
    pub demand_en: String,
    pub indicator_id: i32,
    pub unit_id: i32,
    pub breakdown_key: String,
    pub level: Option<String>,
    pub comparator: String,
    pub mantissa: Option<i64>,
    pub scale: Option<i16>,
    pub unit_of_measure_code: Option<String>,
    pub due_on: Date,
    pub note_vi: String,
    pub note_en: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
