//! Observations: the long, thin fact table. `mantissa` and `scale` are the value; `number` is its double for sorting and filters only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "observation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub uid: String,
    pub series_id: i32,
    pub period_start: Date,
    pub period_end: Date,
    pub release_from: i32,
    pub release_to: Option<i32>,
    pub stated_in: i32,
    pub leads: bool,
    pub published_from: i64,
    pub published_to: Option<i64>,
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
    pub document_id: i32,
    pub section: Option<String>,
    pub footnote: Option<i32>,
    pub table_code: Option<String>,
    pub table_row: Option<String>,
    pub table_column: Option<i32>,
    pub position: i32,
    pub note_vi: String,
    pub note_en: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
