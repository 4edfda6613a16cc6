//! A wide table, units down and indicators across, to figures. Every heading and name is looked up in the
//! catalogue; nothing is stored, and nothing is taken that can be read in two ways.

mod figures;
mod headings;
mod layout;
mod names;
mod rows;
mod style;

pub use style::style_of;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use chrono::NaiveDate;

use self::{
    headings::{Headings, within},
    layout::{Heading, Plain},
    names::UnitNames,
    rows::{Column, Rows},
    words::is_remark,
};
use super::{
    cells::Measure,
    dates,
    grid::Grid,
    problem::{CellProblem, ProblemCode},
};
use crate::domain::{
    catalogue::Catalogue,
    column::ColumnName,
    document::{TableColumn, TableRow},
    id::UnitId,
    number_style::NumberStyle,
    observation::Observation,
    period::{Period, Shape},
    text::Text,
    unit::Unit,
};

/// What the caller says of a table that the table does not.
#[derive(Debug, Clone)]
pub struct WideOptions {
    /// The day whose units the names mean.
    pub reference_day: NaiveDate,
    /// Period, unless the lines above the header name one.
    pub default_period: Option<Period>,
    /// True if the default period was named by its days, so that it is also the coverage.
    pub period_is_days: bool,
    /// Whom the line of totals is about.
    pub total_unit: Option<UnitId>,
    /// Code of the table within its document.
    pub table_code: Option<String>,
    /// Headings kept from last time. They win.
    pub mapping: Vec<ColumnName>,
    /// How it writes numbers; found out if nothing is said.
    pub style: Option<NumberStyle>,
}

impl WideOptions {
    /// Options that say only the day.
    pub fn on(reference_day: NaiveDate) -> Self {
        Self {
            reference_day,
            default_period: None,
            period_is_days: false,
            total_unit: None,
            table_code: None,
            mapping: Vec::new(),
            style: None,
        }
    }
}

/// What a wide table says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WideTable {
    /// Code of the table within its document.
    pub code: Option<String>,
    /// What stands above the header.
    pub title: Option<String>,
    /// Columns behind row number and name, headings as printed.
    pub columns: Vec<TableColumn>,
    /// Rows, cells as printed. A row whose unit is not clear has none.
    pub rows: Vec<TableRow>,
    /// Figures in the order of the table, without document and release.
    pub figures: Vec<Observation>,
    /// The headings that were read, to be kept for next time.
    pub mapping: Vec<ColumnName>,
    /// Mistakes and remarks.
    pub problems: Vec<CellProblem>,
    /// Units that should have a row.
    pub expected: Vec<UnitId>,
}

impl WideTable {
    /// True if nothing but remarks was found.
    pub fn is_clean(&self) -> bool {
        self.problems.iter().all(|p| p.is_warning)
    }
}

/// Reads a wide table.
pub fn read(grid: &Grid, catalogue: &Catalogue, options: &WideOptions) -> WideTable {
    let mut table = WideTable { code: options.table_code.clone(), ..WideTable::default() };
    let whole = |code, message: &str| CellProblem {
        code,
        sheet: grid.sheet.clone().or_else(|| options.table_code.clone()),
        row: 0,
        column: None,
        raw: String::new(),
        message: message.to_owned(),
        suggestion: None,
        is_warning: false,
    };
    let plain = Plain::of(grid);
    let units = UnitNames::new(catalogue, options.reference_day);
    let Some(layout) = layout::find(grid, &plain, &units) else {
        table.problems.push(whole(ProblemCode::MissingColumn, "no column holds the names or codes of units"));
        return table;
    };
    let above = layout.header.first().copied().unwrap_or(layout.first_row);
    let title: Vec<&str> =
        (0..above).flat_map(|l| plain.filled(l).map(|c| plain.at(l, c)).collect::<Vec<_>>()).collect();
    let title = title.join(" ");
    let period = period_of(&title, options);
    table.title = Some(title).filter(|t| !t.is_empty());
    if period.is_none() {
        table.problems.push(whole(ProblemCode::BadPeriod, "neither the table nor its document names a period"));
    }
    let headings = Headings::new(catalogue, &options.mapping, period.map(|(p, _)| p));
    let mut columns =
        columns(&layout.columns, &headings, catalogue, period.map(|(p, _)| p), |heading, code, message, suggestion| {
            let line = layout.header.iter().rev().find(|l| !plain.at(**l, heading.at).is_empty());
            table.problems.push(CellProblem {
                row: line.map_or(0, |l| grid.lines[*l].number),
                column: Some((heading.at + 1, heading.label.clone())),
                raw: heading
                    .groups
                    .iter()
                    .chain([&heading.label])
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" / ")
                    .chars()
                    .take(120)
                    .collect(),
                suggestion,
                ..whole(code, &message)
            });
        });
    match options.style.map_or_else(|| style_of([grid]), Ok) {
        Ok(style) => columns.known.iter_mut().for_each(|c| c.measure.style = style),
        Err(message) => table.problems.push(whole(ProblemCode::MixedNumberStyle, &message)),
    }
    table.columns = columns.printed;
    table.mapping = columns.mapping;
    if let Some(period) = period {
        let columns = &columns.known;
        Rows { grid, plain: &plain, layout: &layout, columns, units: &units, catalogue, options, period }
            .read(&mut table);
        if table.figures.is_empty() && table.is_clean() {
            table.problems.push(whole(ProblemCode::NothingFound, "no figure was found"));
        }
    }
    table.expected = expected(&table, catalogue, options.reference_day);
    table
}

/// The period that the lines above the header name, else the default; with the days covered if they are named.
fn period_of(title: &str, options: &WideOptions) -> Option<(Period, Option<(NaiveDate, NaiveDate)>)> {
    if let Some((start, end)) = dates::interval_in(title) {
        return Some((Period::new(start, end)?, Some((start, end))));
    }
    if let Some(period) = dates::calendar_period_in(title, true) {
        return Some((period, None));
    }
    let period = options.default_period?;
    let is_days = options.period_is_days || matches!(period.shape(), Shape::Range);
    Some((period, is_days.then_some((period.start(), period.end()))))
}

struct Columns {
    printed: Vec<TableColumn>,
    known: Vec<Column>,
    mapping: Vec<ColumnName>,
}

fn columns(
    found: &[Heading],
    headings: &Headings<'_>,
    catalogue: &Catalogue,
    period: Option<Period>,
    mut wrong: impl FnMut(&Heading, ProblemCode, String, Option<String>),
) -> Columns {
    let mut columns = Columns { printed: Vec::new(), known: Vec::<Column>::new(), mapping: Vec::new() };
    for (number, heading) in (1..).zip(found) {
        let name = match is_remark(&heading.label) {
            true => None,
            false => headings.find(heading).map_err(|e| wrong(heading, e.code, e.message, e.suggestion)).ok(),
        };
        let twin = name.as_ref().and_then(|n| columns.known.iter().find(|c| c.quantity == n.quantity));
        if let Some(twin) = twin {
            let message = format!("column {} holds the same quantity", twin.at + 1);
            wrong(heading, ProblemCode::Duplicate, message, None);
        }
        let name = name.filter(|_| twin.is_none());
        let accumulation = name.as_ref().map(|n| period.map_or(n.accumulation, |p| within(n.accumulation, p)));
        columns.printed.push(TableColumn {
            number,
            group: Text::new(headings.group_of(heading), "").into_option(),
            label: Text::new(&heading.label, ""),
            quantity: name.as_ref().map(|n| n.quantity.clone()),
            accumulation,
        });
        let indicator = name.as_ref().and_then(|n| catalogue.indicator(n.quantity.indicator));
        if let (Some(name), Some(indicator), Some(accumulation)) = (&name, indicator, accumulation) {
            columns.known.push(Column {
                at: heading.at,
                number,
                heading: heading.label.clone(),
                quantity: name.quantity.clone(),
                accumulation,
                measure: Measure::of(indicator, catalogue),
            });
        }
        columns.mapping.extend(name);
    }
    columns
}

/// If the rows are of units that have a place in the report order, all of those should have a row.
fn expected(table: &WideTable, catalogue: &Catalogue, day: NaiveDate) -> Vec<UnitId> {
    let mut ordered: Vec<&Arc<Unit>> =
        catalogue.units.iter().filter(|u| u.report_order.is_some() && u.stood_on(day)).collect();
    ordered.sort_by_key(|u| u.report_order);
    let ordered: Vec<UnitId> = ordered.into_iter().map(|u| u.id).collect();
    let rows = || table.rows.iter().filter(|r| r.number != "total").filter_map(|r| r.unit);
    let has_place = rows().filter(|u| ordered.contains(u)).count();
    if has_place * 2 > rows().count() { ordered } else { Vec::new() }
}
