//! Tables, sections and assessments of a submission, kept as JSON until they are published.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        document::{PrintedTable, Section, TableColumn, TableRow},
        id::*,
        indicator::Quantity,
        observation::Accumulation,
        target::{Assessment, Rating},
        text::Text,
    },
    store::{
        Result,
        rows::{corrupt, known},
    },
};

/// A part of a submission that is no figure.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A table as printed.
    Table(PrintedTable),
    /// A section of the text.
    Section(Section),
    /// What it says of a target.
    Assessment(Assessment),
}

#[derive(Serialize, Deserialize)]
struct TableJson {
    code: String,
    title: (String, String),
    note: Option<(String, String)>,
    dated_on: Option<chrono::NaiveDate>,
    columns: Vec<ColumnJson>,
    rows: Vec<RowJson>,
    expected: Vec<i32>,
}

#[derive(Serialize, Deserialize)]
struct ColumnJson {
    number: i32,
    group: Option<(String, String)>,
    label: (String, String),
    /// Indicator and breakdown.
    quantity: Option<(i32, String)>,
    accumulation: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct RowJson {
    number: String,
    label: String,
    unit: Option<i32>,
    cells: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct SectionJson {
    code: String,
    parent: Option<String>,
    position: i32,
    title: String,
    body: String,
}

#[derive(Serialize, Deserialize)]
struct AssessmentJson {
    resolution: i32,
    number: i32,
    rating: String,
    as_printed: String,
    result: (String, String),
    table: String,
}

fn pair(text: &Text) -> (String, String) {
    (text.vi.clone(), text.en.clone())
}

fn text((vi, en): (String, String)) -> Text {
    Text::new(vi, en)
}

impl Part {
    /// Kind and JSON of the part.
    pub fn write(&self) -> (&'static str, String) {
        match self {
            Self::Table(t) => {
                let column = |c: &TableColumn| ColumnJson {
                    number: c.number,
                    group: c.group.as_ref().map(pair),
                    label: pair(&c.label),
                    quantity: c.quantity.as_ref().map(|q| (q.indicator.0, q.breakdown.to_string())),
                    accumulation: c.accumulation.map(|a| a.code().to_owned()),
                };
                let row = |r: &TableRow| RowJson {
                    number: r.number.clone(),
                    label: r.label.clone(),
                    unit: r.unit.map(i32::from),
                    cells: r.cells.iter().map(pair).collect(),
                };
                let json = TableJson {
                    code: t.code.clone(),
                    title: pair(&t.title),
                    note: t.note.as_ref().map(pair),
                    dated_on: t.dated_on,
                    columns: t.columns.iter().map(column).collect(),
                    rows: t.rows.iter().map(row).collect(),
                    expected: t.expected_units.iter().map(|u| u.0).collect(),
                };
                ("TABLE", to_json(&json))
            }
            Self::Section(s) => {
                let json = SectionJson {
                    code: s.code.clone(),
                    parent: s.parent.clone(),
                    position: s.position,
                    title: s.title.vi.clone(),
                    body: s.body.clone(),
                };
                ("SECTION", to_json(&json))
            }
            Self::Assessment(a) => {
                let json = AssessmentJson {
                    resolution: a.resolution.0,
                    number: a.number,
                    rating: a.rating.code().to_owned(),
                    as_printed: a.as_printed.clone(),
                    result: pair(&a.result),
                    table: a.table.clone(),
                };
                ("ASSESSMENT", to_json(&json))
            }
        }
    }

    /// The part that was written so; it belongs to no document yet.
    ///
    /// # Errors
    /// If it was not written here.
    pub fn read(kind: &str, body: &str) -> Result<Self> {
        let wrong = |e: serde_json::Error| corrupt("submission_part", e.to_string());
        match kind {
            "TABLE" => {
                let t: TableJson = serde_json::from_str(body).map_err(wrong)?;
                let column = |c: ColumnJson| -> Result<TableColumn> {
                    let quantity = c.quantity.map(|(indicator, breakdown)| -> Result<Quantity> {
                        let breakdown = breakdown.parse().map_err(|e: crate::domain::breakdown::BreakdownError| {
                            corrupt("submission_part", e.to_string())
                        })?;
                        Ok(Quantity { indicator: IndicatorId(indicator), breakdown })
                    });
                    let accumulation =
                        c.accumulation.map(|a| known("submission_part", &a, Accumulation::from_code)).transpose()?;
                    Ok(TableColumn {
                        number: c.number,
                        group: c.group.map(text),
                        label: text(c.label),
                        quantity: quantity.transpose()?,
                        accumulation,
                    })
                };
                let row = |(position, r): (i32, RowJson)| TableRow {
                    number: r.number,
                    position,
                    label: r.label,
                    unit: r.unit.map(UnitId),
                    cells: r.cells.into_iter().map(text).collect(),
                };
                Ok(Self::Table(PrintedTable {
                    id: TableId(0),
                    document: DocumentId(0),
                    code: t.code,
                    position: 0,
                    title: text(t.title),
                    note: t.note.map(text),
                    dated_on: t.dated_on,
                    columns: t.columns.into_iter().map(column).collect::<Result<_>>()?,
                    rows: (1..).zip(t.rows).map(row).collect(),
                    expected_units: t.expected.into_iter().map(UnitId).collect(),
                }))
            }
            "SECTION" => {
                let s: SectionJson = serde_json::from_str(body).map_err(wrong)?;
                Ok(Self::Section(Section {
                    code: s.code,
                    parent: s.parent,
                    position: s.position,
                    title: Text::new(s.title, ""),
                    body: s.body,
                }))
            }
            "ASSESSMENT" => {
                let a: AssessmentJson = serde_json::from_str(body).map_err(wrong)?;
                Ok(Self::Assessment(Assessment {
                    document: DocumentId(0),
                    resolution: DocumentId(a.resolution),
                    number: a.number,
                    rating: known("submission_part", &a.rating, Rating::from_code)?,
                    as_printed: a.as_printed,
                    result: text(a.result),
                    table: a.table,
                }))
            }
            kind => Err(corrupt("submission_part", format!("`{kind}` is not a known kind"))),
        }
    }
}

fn to_json(value: &impl Serialize) -> String {
    // Structs of text and numbers can always be written.
    serde_json::to_string(value).unwrap_or_default()
}

/// The parts as they stand after all imports: a later table of the same code replaces the earlier one.
pub fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut kept: Vec<Part> = Vec::new();
    for part in parts {
        let same = |other: &Part| match (&part, other) {
            (Part::Table(a), Part::Table(b)) => a.code == b.code,
            (Part::Section(a), Part::Section(b)) => a.code == b.code,
            (Part::Assessment(a), Part::Assessment(b)) => (a.resolution, a.number) == (b.resolution, b.number),
            _ => false,
        };
        match kept.iter().position(same) {
            Some(i) => kept[i] = part,
            None => kept.push(part),
        }
    }
    kept
}
