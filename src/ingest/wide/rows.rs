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
        catalogue::Catalogue,
        document::TableRow,
        id::{DocumentId, UnitId},
        indicator::Quantity,
        observation::{Accumulation, Locator, Observation, Qualifier, SeriesKey, Status},
        period::Period,
        text::Text,
    },
    ingest::{
        cells::{self, Measure},
        grid::{Cell, Grid, GridLine},
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
            || values().any(|c| {
                cell_at(&self.grid.lines[line], c).is_some_and(|c| c.kind != crate::ingest::grid::CellKind::Text)
            });
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
            [] if is_roman(number) || (name.is_empty() && number.is_empty()) => {
                let message = "a line of a group, with figures of its own: they are not read".to_owned();
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

    fn figures(&self, line: usize, number: &str, unit: UnitId, table: &mut WideTable) {
        let start = table.figures.len();
        for column in self.columns {
            let Some(cell) = cell_at(&self.grid.lines[line], column.at) else { continue };
            let read = match cells::read_number(cell, &column.measure) {
                Ok(read) => read,
                Err(e) => {
                    table.problems.push(self.problem(line, column.at, e.code, e.message, e.suggestion));
                    continue;
                }
            };
            let is_empty_share = self.has_no_base(line, column);
            let zero = read.as_ref().is_some_and(|n| n.value.mantissa() == 0);
            let is_nothing = is_empty_share && (zero || (read.is_none() && !cell.text.is_empty()));
            let Some(read) = read.or_else(|| {
                let value = crate::domain::number::Exact::whole(0);
                is_nothing.then_some(cells::Number {
                    value,
                    qualifier: Qualifier::Exact,
                    field: None,
                    dot_as_decimal: false,
                })
            }) else {
                continue;
            };
            if read.dot_as_decimal {
                let message = format!("the dot is read as decimal sign: {}", read.value);
                let mut problem = self.problem(line, column.at, ProblemCode::MixedNumberStyle, message, None);
                problem.suggestion = Some(read.value.to_string().replace('.', ","));
                problem.is_warning = true;
                table.problems.push(problem);
            }
            let position = i32::try_from(table.figures.len() + 1).unwrap_or(i32::MAX);
            table.figures.push(self.figure(cell, number, unit, column, read, is_nothing, position));
        }
        debug_assert!(table.figures.len() - start <= self.columns.len());
    }

    #[expect(clippy::too_many_arguments, reason = "one call")]
    fn figure(
        &self,
        cell: &Cell,
        number: &str,
        unit: UnitId,
        column: &Column,
        read: cells::Number,
        is_nothing: bool,
        position: i32,
    ) -> Observation {
        let (period, coverage) = self.period;
        let is_state = column.accumulation == Accumulation::AsOf;
        let day = Period::new(period.end(), period.end()).unwrap_or(period);
        Observation {
            id: 0,
            uid: String::new(),
            series_id: 0,
            series: SeriesKey {
                indicator: column.quantity.indicator,
                unit,
                accumulation: column.accumulation,
                breakdown: column.quantity.breakdown.clone(),
            },
            period: if is_state { day } else { period },
            value: Some(read.value).filter(|_| !is_nothing),
            status: if is_nothing { Status::CannotExist } else { Status::Normal },
            qualifier: read.qualifier,
            coverage: coverage.filter(|_| !is_state),
            as_of: is_state.then_some(period.end()),
            as_printed: cell.text.clone(),
            base_period: None,
            field_size: read.field,
            document: DocumentId(0),
            locator: Locator {
                table: self.options.table_code.clone(),
                row: Some(number.to_owned()),
                column: Some(column.number),
                ..Locator::default()
            },
            position,
            preferred: true,
            note: is_nothing.then(|| {
                Text::new(
                    format!("Mẫu số bằng 0 nên không có tỷ lệ; bảng in là {}.", cell.text),
                    format!("The base is 0, so there is no share; the table prints {}.", cell.text),
                )
            }),
            release: 0,
        }
    }

    /// True for a share whose numerator and denominator stand in the same row, the latter being 0.
    fn has_no_base(&self, line: usize, column: &Column) -> bool {
        let Some(indicator) = self.catalogue.indicator(column.quantity.indicator) else { return false };
        let Some((above, below)) = indicator.numerator.as_ref().zip(indicator.denominator.as_ref()) else {
            return false;
        };
        let beside = |q: &Quantity| {
            let breakdown = q.beside(&column.quantity.breakdown);
            self.columns.iter().find(|c| c.quantity.indicator == q.indicator && c.quantity.breakdown == breakdown)
        };
        let is_zero = |column: &Column| {
            let cell = cell_at(&self.grid.lines[line], column.at);
            let read = cell.and_then(|cell| cells::read_number(cell, &column.measure).ok().flatten());
            read.is_some_and(|n| n.value.mantissa() == 0)
        };
        beside(above).zip(beside(below)).is_some_and(|(_, below)| is_zero(below))
    }

    fn problem(
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

fn cell_at(line: &GridLine, column: usize) -> Option<&Cell> {
    line.cells.get(column)
}

fn is_roman(number: &str) -> bool {
    let number = markup::plain(number);
    let number = number.trim_end_matches('.');
    !number.is_empty() && number.chars().all(|c| "IVX".contains(c))
}
