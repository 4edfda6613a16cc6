//! Figures: every CSV file in the `figures/` folder of a source, one row a printed figure.

use super::{sources::Source, *};
use crate::{
    domain::{
        observation::{Accumulation, Observation, Qualifier, SeriesKey, Status},
        period::{Period, parse_date},
        printed,
    },
    ingest::sheet::Row,
};

const COLUMNS: &[&str] = &[
    "indicator",
    "unit",
    "breakdown",
    "accumulation",
    "period",
    "coverage",
    "as_of",
    "value",
    "qualifier",
    "status",
    "as_printed",
    "section",
    "footnote",
    "table",
    "row",
    "column",
    "preferred",
    "base_period",
    "field_size",
    "note_vi",
    "note_en",
];

pub fn read(folder: &Folder, source: &Source, parts: &Parts, observations: &mut Vec<Observation>) {
    let catalogue = Catalogue::new(parts.clone());
    let files = folder.list(&source.file("figures"), ".csv");
    if files.is_empty() {
        folder.problem(&source.file("figures"), 0, "no CSV file in this folder");
    }
    for row in files.iter().flat_map(|file| folder.rows(file, COLUMNS)) {
        if let Some(observation) = figure(&row, source, &catalogue, observations.len()) {
            observations.push(observation);
        }
    }
}

fn figure(row: &Row<'_>, source: &Source, catalogue: &Catalogue, count: usize) -> Option<Observation> {
    let indicator = row.need("indicator", |code| {
        catalogue.indicator_by_code(code).ok_or_else(|| format!("unknown indicator `{code}`"))
    });
    let unit_code = row.optional("unit").unwrap_or(&source.unit);
    let unit = catalogue.unit_on(unit_code, source.written_on);
    if unit.is_none() {
        row.fail("unit", format!("no unit `{unit_code}` on {}", source.written_on));
    }
    let breakdown: crate::domain::breakdown::Breakdown = row.parse("breakdown").unwrap_or_default();
    if let Err(message) = catalogue.check_breakdown(&breakdown) {
        row.fail("breakdown", message);
    }
    let accumulation = row.need("accumulation", one_of(Accumulation::ALL, Accumulation::code));
    let qualifier = row.convert("qualifier", one_of(Qualifier::ALL, Qualifier::code)).unwrap_or(Qualifier::Exact);
    let status = row.convert("status", one_of(Status::ALL, Status::code)).unwrap_or(Status::Normal);
    let period = row.parse::<Period>("period").unwrap_or(source.period);
    let value = row.parse::<crate::domain::number::Exact>("value");
    let missing = matches!(status, Status::CannotExist | Status::Missing | Status::Suppressed);
    if row.optional("value").is_none() != missing {
        row.fail("status", "a figure without a value has status M, O or Q, and only such a figure");
    }
    if missing && row.optional("note_vi").is_none() {
        row.fail("note_vi", "say why there is no value");
    }
    let document = catalogue.document_by_code(&source.document)?;
    let locator = documents::locator(row, Some(document.as_ref()));
    if locator.footnote.is_some_and(|n| !(1..=source.footnotes).contains(&n)) {
        row.fail("footnote", format!("the document has footnotes 1 to {}", source.footnotes));
    }
    if let Some(code) = &locator.table {
        let table = catalogue.table(document.id, code);
        let on_it = table.is_some_and(|t| {
            t.rows.iter().any(|r| Some(&r.number) == locator.row.as_ref())
                && t.columns.iter().any(|c| Some(c.number) == locator.column)
        });
        if !on_it {
            row.fail("table", "no such table, row or column");
        }
    }
    let preferred = row
        .convert("preferred", |c| match c {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err("yes (or empty) or no".to_owned()),
        })
        .unwrap_or(true);
    let coverage = row.convert("coverage", interval);
    let base_period = row.parse("base_period");
    let observation = Observation {
        id: 0,
        uid: String::new(),
        series_id: 0,
        series: SeriesKey { indicator: indicator?.id, unit: unit?.id, accumulation: accumulation?, breakdown },
        period,
        value,
        status,
        qualifier,
        coverage,
        as_of: row.date("as_of"),
        as_printed: row.required("as_printed"),
        base_period,
        field_size: row.parse("field_size"),
        document: document.id,
        locator,
        position: key(count),
        preferred,
        note: row.optional_text("note"),
        release: source.release,
    };
    check_printed(row, catalogue, &observation);
    Some(observation)
}

/// Reads `start/end`, both ends included.
pub fn interval(text: &str) -> Result<(chrono::NaiveDate, chrono::NaiveDate), String> {
    text.split_once('/')
        .and_then(|(start, end)| Some((parse_date(start)?, parse_date(end)?)))
        .filter(|(start, end)| start <= end)
        .ok_or_else(|| format!("`{text}` is not an interval, YYYY-MM-DD/YYYY-MM-DD"))
}

/// The typed value must be what the printed text says.
fn check_printed(row: &Row<'_>, catalogue: &Catalogue, figure: &Observation) {
    let indicator = catalogue.indicator(figure.series.indicator);
    let is_change = indicator.is_some_and(|i| i.kind == crate::domain::indicator::MeasureKind::Change);
    if is_change != figure.base_period.is_some() {
        row.fail("base_period", "stands with indicators of kind CHANGE, and only there");
    }
    let Some(value) = figure.value else { return };
    let multiplier = indicator.and_then(|i| catalogue.unit_of_measure(&i.unit_of_measure)).map_or(0, |m| m.multiplier);
    match printed::read(&figure.as_printed) {
        Err(error) => row.fail("as_printed", error.to_string()),
        Ok(printed) => {
            if value.scaled_up(multiplier) != Some(printed.value) {
                row.fail("value", format!("`{}` is printed, which reads {}", figure.as_printed, printed.value));
            }
            if printed.qualifier != figure.qualifier {
                row.fail(
                    "qualifier",
                    format!("`{}` is printed, which reads {}", figure.as_printed, printed.qualifier.code()),
                );
            }
            if printed.field.is_some()
                && printed.field != figure.field_size.map(|n| crate::domain::number::Exact::whole(n.into()))
            {
                row.fail("field_size", format!("`{}` is printed", figure.as_printed));
            }
        }
    }
}
