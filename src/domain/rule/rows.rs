//! The total line of a printed table, held against its rows.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{
    chunk::{Chunk, is_exact},
    evaluator::Check,
    report::{Findings, MOST_NAMED, Whole},
};
use crate::domain::{catalogue::Catalogue, document::PrintedTable, id::*, indicator::Axis, text::Text};

/// What the cells of one column come to.
#[derive(Default)]
struct Column {
    /// The total line's figure and what it is of.
    total: Option<(Whole, Text)>,
    /// `None` if a row has no exact figure, so that the sum contradicts nothing.
    sum: Option<Decimal>,
    /// Position and identity of the rows.
    rows: Vec<(i32, String)>,
}

/// The total line of a complete table is the sum of its rows. Tables of which rows are missing are left alone: a sum
/// of some rows contradicts nothing.
pub(super) struct RowsAddUp<'a> {
    /// Place in `columns` by document, table and number.
    places: HashMap<(DocumentId, &'a str, i32), usize>,
    columns: Vec<Column>,
}

impl<'a> RowsAddUp<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, only: Option<DocumentId>) -> Self {
        let mut places = HashMap::new();
        for table in catalogue.tables.iter().filter(|t| only.is_none_or(|d| d == t.document) && is_complete(t)) {
            for column in &table.columns {
                let indicator = column.quantity.as_ref().and_then(|q| catalogue.indicator(q.indicator));
                if indicator.is_some_and(|i| i.additive_over.contains(&Axis::Unit)) {
                    let next = places.len();
                    places.entry((table.document, table.code.as_str(), column.number)).or_insert(next);
                }
            }
        }
        let columns = places.keys().map(|_| Column { sum: Some(Decimal::ZERO), ..Column::default() }).collect();
        Self { places, columns }
    }
}

fn is_complete(table: &PrintedTable) -> bool {
    let has_row = |unit: &UnitId| table.rows.iter().any(|r| r.unit == Some(*unit));
    !table.expected_units.is_empty() && table.expected_units.iter().all(has_row)
}

impl<'a> Check<'a> for RowsAddUp<'a> {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        let places: &HashMap<(DocumentId, &str, i32), usize> = &self.places;
        for o in &chunk.all {
            let (Some(table), Some(number)) = (o.locator.table.as_deref(), o.locator.column) else { continue };
            let place = places.get(&(o.document, table, number));
            let Some(column) = place.and_then(|&place| self.columns.get_mut(place)) else { continue };
            if o.locator.row.as_deref() == Some("total") {
                if column.total.is_none() {
                    column.total = Whole::of(o).map(|whole| (whole, findings.subject(o)));
                }
                continue;
            }
            let value = o.value.filter(|_| is_exact(o)).map(|v| v.decimal());
            column.sum = column.sum.zip(value).and_then(|(sum, value)| sum.checked_add(value));
            if column.rows.len() < MOST_NAMED {
                column.rows.push((o.position, o.uid.clone()));
            }
        }
    }

    fn finish(&mut self, findings: &mut Findings<'a>) {
        for column in &mut self.columns {
            let (Some((total, subject)), Some(sum)) = (&column.total, column.sum) else { continue };
            if sum != total.value.decimal() && !column.rows.is_empty() {
                column.rows.sort();
                findings.wrong_sum(total, subject, sum, column.rows.drain(..).map(|(_, uid)| uid));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    #[test]
    fn the_total_line_of_a_complete_table_is_the_sum_of_its_rows() {
        let rule = of(CheckKind::RowsAddUp, "", &[], None);
        let cell = |unit, row, value| figure("count", "2024", value).of_unit(unit).cell("T", row, 1);
        let rows = || [cell(2, "1", "30"), cell(3, "2", "12")];
        let with = |total: Figure| rows().into_iter().chain([total]).collect::<Vec<_>>();
        let found = check(&rule, &with(cell(1, "total", "40")));
        assert_eq!(found.len(), 1);
        assert_eq!(numbers(&found[0]), ["42", "40", "-2"]);
        assert_eq!(
            (found[0].code.as_str(), &found[0].figures[..]),
            ("r:u2", ["u2", "u0", "u1"].map(String::from).as_slice())
        );
        assert!(check(&rule, &with(cell(1, "total", "42"))).is_empty(), "satisfied");
        assert!(check(&rule, &with(cell(1, "total", "40").about())).is_empty(), "a vague total");
        assert!(check(&rule, &with(cell(1, "total", "40").null())).is_empty(), "no total");
        assert!(check(&rule, &rows()).is_empty(), "no total line");
        assert!(check_only(&rule, &with(cell(1, "total", "40")), 2).is_empty(), "another document");
        let [first, second] = rows();
        assert!(check(&rule, &[first, second.null(), cell(1, "total", "40")]).is_empty(), "a missing cell");
        let [first, second] = rows();
        assert!(check(&rule, &[first, second.about(), cell(1, "total", "40")]).is_empty(), "a vague cell");
        let rest: Vec<_> = with(cell(1, "total", "40")).into_iter().map(|f| f.in_table("U")).collect();
        assert!(check(&rule, &rest).is_empty(), "a table of which rows are missing");
        let shares = [cell(2, "1", "30"), cell(1, "total", "40")].map(|f| f.of("share").cell("T", "1", 4));
        assert!(check(&rule, &shares).is_empty(), "what may not be summed over units");
    }
}
