//! Figures of a submission, as they will be published.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submission_row")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub uid: String,
    pub indicator_id: i32,
    pub unit_id: i32,
    pub accumulation: String,
    pub breakdown_key: String,
    pub period_start: Date,
    pub period_end: Date,
    pub preferred: bool,
    pub mantissa: Option<i64>,
    pub scale: Option<i16>,
    pub number: Option<f64>,
    pub status: String,
    pub qualifier: String,
    pub coverage_start: Option<Date>,
    pub coverage_end: Option<Date>,
    pub as_of: Option<Date>,
    pub as_printed: String,
    pub base_start: Option<Date>,
    pub base_end: Option<Date>,
    pub field_size: Option<i32>,
    pub section: Option<String>,
    pub footnote: Option<i32>,
    pub table_code: Option<String>,
    pub table_row: Option<String>,
    pub table_column: Option<i32>,
    pub note_vi: String,
    pub note_en: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
