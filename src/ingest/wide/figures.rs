//! The figures of one row of a wide table, with period, place and state.

use super::{
    WideTable,
    rows::{Column, Rows, cell_at},
};
use crate::{
    domain::{
        id::{DocumentId, UnitId},
        indicator::Quantity,
        number::Exact,
        observation::{Accumulation, Locator, Observation, Qualifier, SeriesKey, Status},
        period::Period,
        text::Text,
    },
    ingest::{cells, grid::Cell, problem::ProblemCode},
};

/// What is read from a dash.
fn nothing() -> cells::Number {
    cells::Number { value: Exact::whole(0), qualifier: Qualifier::Exact, field: None, dot_as_decimal: false }
}

impl Rows<'_> {
    /// Reads the cells of one row.
    pub(super) fn figures(&self, line: usize, number: &str, unit: UnitId, table: &mut WideTable) {
        for column in self.columns {
            let Some(cell) = cell_at(&self.grid.lines[line], column.at) else { continue };
            let read = match cells::read_number(cell, &column.measure) {
                Ok(read) => read,
                Err(e) => {
                    table.problems.push(self.problem(line, column.at, e.code, e.message, e.suggestion));
                    continue;
                }
            };
            // A dash where there is nothing to divide by says the same as a 0.
            let says_nothing = read.as_ref().is_none_or(|n| n.value.mantissa() == 0) && !cell.text.is_empty();
            let is_nothing = says_nothing && self.has_no_base(line, column);
            let Some(read) = read.or_else(|| is_nothing.then(nothing)) else { continue };
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
    }

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
}
