//! The rows of a wide table: whom each is about, and what its cells say.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    WideOptions, WideTable,
    layout::{self, Layout, Plain},
    names::{UnitNames, is_total},
};
use crate::{
    domain::{
        catalogue::Catalogue, document::TableRow, id::UnitId, indicator::Quantity, observation::Accumulation,
        period::Period, text::Text,
    },
    ingest::{
        cells::Measure,
        grid::{Cell, CellKind, Grid, GridLine},
        markup,
        problem::{CellProblem, ProblemCode},
    },
};

/// A column of values whose quantity is known.
pub struct Column {
    /// Column of the grid, from 0.
    pub at: usize,
    /// Number from 1, behind row number and label.
    pub number: i32,
    /// Heading as printed.
    pub heading: String,
    /// What it measures.
    pub quantity: Quantity,
    /// How the figures relate to time.
    pub accumulation: Accumulation,
    /// How its numbers are read.
    pub measure: Measure,
}

/// What holds for every row.
pub struct Rows<'a> {
    /// The grid with its cells as they are.
    pub grid: &'a Grid,
    /// The cells without mark-up.
    pub plain: &'a Plain,
    /// Where things stand.
    pub layout: &'a Layout,
    /// Columns whose quantity is known.
    pub columns: &'a [Column],
    /// Units by name.
    pub units: &'a UnitNames<'a>,
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// What the caller says.
    pub options: &'a WideOptions,
    /// Period of the table, and the days that the counting covered if they are named.
    pub period: (Period, Option<(NaiveDate, NaiveDate)>),
}

/// Whom a line is about.
enum Subject {
    Unit(UnitId),
    Total,
    /// A name that is unknown or ambiguous; what is wrong is noted.
    Unclear,
    /// A heading, a note or a signature.
    Nobody,
}

impl Rows<'_> {
    /// Reads every line behind the header into the table.
    pub fn read(&self, table: &mut WideTable) {
        let mut seen: HashMap<Option<UnitId>, u64> = HashMap::new();
        for line in self.layout.first_row..self.plain.lines() {
            let subject = self.subject(line, table);
            let (is_total, unit) = match subject {
                Subject::Nobody => continue,
                Subject::Unclear => (false, None),
                Subject::Unit(unit) => (false, Some(unit)),
                Subject::Total => (true, self.options.total_unit),
            };
            let printed = &self.grid.lines[line];
            let keys = if is_total { vec![None, unit] } else { vec![unit] };
            let first = keys.iter().find_map(|key| seen.get(key).copied().filter(|_| is_total || unit.is_some()));
            seen.extend(keys.into_iter().filter(|key| is_total || key.is_some()).map(|key| (key, printed.number)));
            if let Some(first) = first {
                let message = format!("this unit has a row already, in line {first}");
                table.problems.push(self.problem(line, self.layout.unit, ProblemCode::Duplicate, message, None));
                continue;
            }
            let number = match self.layout.number.map_or("", |c| self.plain.at(line, c)).trim_end_matches(['.', ')']) {
                _ if is_total => "total".to_owned(),
                "" => (table.rows.len() + 1).to_string(),
                printed => printed.strip_suffix(".0").unwrap_or(printed).to_owned(),
            };
            if is_total && unit.is_none() {
                let message = "nobody said whom the line of totals is about: its figures are not read";
                let mut problem = self.problem(line, self.layout.unit, ProblemCode::UnknownUnit, message.into(), None);
                problem.is_warning = true;
                table.problems.push(problem);
            }
            if let Some(unit) = unit {
                self.figures(line, &number, unit, table);
            }
            let cells = table.columns.iter().zip(&self.layout.columns);
            let cells = cells.map(|(_, heading)| cell_at(printed, heading.at).map_or("", |c| &c.text));
            table.rows.push(TableRow {
                number,
                position: i32::try_from(table.rows.len() + 1).unwrap_or(i32::MAX),
                label: self.label(line).to_owned(),
                unit,
                cells: cells.map(|text| Text::new(text, text)).collect(),
            });
        }
    }

    fn label(&self, line: usize) -> &str {
        match self.plain.at(line, self.layout.unit) {
            "" => self.plain.filled(line).next().map_or("", |c| self.plain.at(line, c)),
            label => label,
        }
    }

    fn subject(&self, line: usize, table: &mut WideTable) -> Subject {
        let (plain, layout) = (self.plain, self.layout);
        let is_header = |head: usize| {
            plain.filled(line).count() > 1 && plain.filled(line).all(|c| plain.at(line, c) == plain.at(head, c))
        };
        if layout.header.iter().any(|head| is_header(*head)) || layout::is_column_numbers(plain, line) {
            return Subject::Nobody;
        }
        let name = plain.at(line, layout.unit);
        let number = layout.number.map_or("", |c| plain.at(line, c));
        let values = || layout.columns.iter().map(|h| h.at).filter(|c| !plain.at(line, *c).is_empty());
        let has_figures = values().any(|c| layout::is_figure(plain.at(line, c)))
            || values().any(|c| cell_at(&self.grid.lines[line], c).is_some_and(|c| c.kind != CellKind::Text));
        let by_code = layout.code.map(|c| plain.at(line, c)).filter(|code| !code.is_empty());
        if is_total(name) || (name.is_empty() && (is_total(number) || by_code.is_some_and(is_total))) {
            return if values().next().is_some() { Subject::Total } else { Subject::Nobody };
        }
        let mut found = by_code.map_or_else(Vec::new, |code| self.units.find(code));
        if found.is_empty() && !name.is_empty() {
            found = self.units.find(name);
        }
        match found.as_slice() {
            [unit] => Subject::Unit(*unit),
            [] if !has_figures => Subject::Nobody,
            [] if is_roman(number) => {
                let message = "the line of a group, with figures of its own: they are not read".to_owned();
                let mut problem = self.problem(line, layout.unit, ProblemCode::UnknownUnit, message, None);
                problem.is_warning = true;
                table.problems.push(problem);
                Subject::Nobody
            }
            [] if name.is_empty() && by_code.is_none() => {
                let message = "figures without the name of a unit".to_owned();
                table.problems.push(self.problem(line, layout.unit, ProblemCode::BadCell, message, None));
                Subject::Unclear
            }
            [] => {
                let written = by_code.filter(|_| name.is_empty()).unwrap_or(name);
                let day = self.options.reference_day;
                let message = match self.units.known_at_another_time(written) {
                    true => format!("no unit of this name or code stood on {day}, though one did at another time"),
                    false => format!("no unit has this name or code on {day}"),
                };
                let suggestion = self.units.suggest(written);
                table.problems.push(self.problem(line, layout.unit, ProblemCode::UnknownUnit, message, suggestion));
                Subject::Unclear
            }
            several => {
                let message = format!("several units have this name: {}", self.units.describe(several));
                let suggestion = Some("write the code of the unit".to_owned());
                table.problems.push(self.problem(line, layout.unit, ProblemCode::AmbiguousUnit, message, suggestion));
                Subject::Unclear
            }
        }
    }

    pub(super) fn problem(
        &self,
        line: usize,
        column: usize,
        code: ProblemCode,
        message: String,
        suggestion: Option<String>,
    ) -> CellProblem {
        let heading = self.columns.iter().find(|c| c.at == column).map(|c| c.heading.clone());
        let heading = heading.or_else(|| {
            let own = self.layout.header.iter().map(|l| self.plain.at(*l, column)).rfind(|t| !t.is_empty());
            own.map(str::to_owned)
        });
        let printed = &self.grid.lines[line];
        CellProblem {
            code,
            sheet: self.grid.sheet.clone().or_else(|| self.options.table_code.clone()),
            row: printed.number,
            column: Some((column + 1, heading.unwrap_or_default())),
            raw: cell_at(printed, column).map(|c| c.text.chars().take(120).collect()).unwrap_or_default(),
            message,
            suggestion,
            is_warning: false,
        }
    }
}

pub(super) fn cell_at(line: &GridLine, column: usize) -> Option<&Cell> {
    line.cells.get(column)
}

fn is_roman(number: &str) -> bool {
    let number = markup::plain(number);
    let number = number.trim_end_matches('.');
    !number.is_empty() && number.chars().all(|c| "IVX".contains(c))
}
