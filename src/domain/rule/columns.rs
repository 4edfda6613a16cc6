//! Columns of printed tables that changed places.

use std::collections::{HashMap, HashSet};

use super::{
    Rule,
    chunk::{Chunk, is_exact},
    evaluator::Check,
    not_more::{is_more, pairs},
    report::{Findings, MOST_NAMED},
};
use crate::domain::{
    breakdown::Breakdown,
    catalogue::Catalogue,
    document::{PrintedTable, TableColumn},
    id::*,
    indicator::Quantity,
    observation::{Locator, Observation},
    text::{Language, Text},
};

/// Fewer rows than this show no pattern.
const LEAST_ROWS: usize = 3;

/// A column that may stand under the heading of another one.
struct Suspect<'a> {
    table: &'a PrintedTable,
    column: &'a TableColumn,
    /// True if it has the larger quantity, which is to cover the other.
    covers: bool,
    /// Columns it may have changed places with, and how many rows would be wrong then.
    siblings: Vec<(&'a TableColumn, &'a Quantity, usize)>,
    rows: usize,
    wrong: usize,
    first: i32,
    /// Position and identity of the wrong figures.
    figures: Vec<(i32, String)>,
}

/// The columns of a table stand under their own headings. They do not if more than half of the rows have more of one
/// quantity than of another that covers it, while no row would if the column changed places with another one of the
/// same indicator.
pub(super) struct ColumnMatches<'a> {
    rule: &'a Rule,
    places: HashMap<(DocumentId, &'a str, i32), usize>,
    suspects: Vec<Suspect<'a>>,
}

/// True if two positions differ in the value of one axis.
fn is_sibling(a: &Breakdown, b: &Breakdown) -> bool {
    a.pairs().count() == b.pairs().count()
        && a.pairs().zip(b.pairs()).all(|((d, _), (e, _))| d == e)
        && a.pairs().zip(b.pairs()).filter(|(x, y)| x != y).count() == 1
}

impl<'a> ColumnMatches<'a> {
    pub(super) fn new(rule: &'a Rule, catalogue: &'a Catalogue) -> Self {
        let mut found = Self { rule, places: HashMap::new(), suspects: Vec::new() };
        let columns = || catalogue.tables.iter().flat_map(|t| t.columns.iter().map(move |c| (t, c)));
        for (covers, wanted) in [(true, rule.parts.first()), (false, rule.quantity.as_ref())] {
            for (table, column) in columns().filter(|(_, c)| wanted.is_some() && c.quantity.as_ref() == wanted) {
                let sibling = |other: &'a TableColumn| {
                    let (own, quantity) = (column.quantity.as_ref()?, other.quantity.as_ref()?);
                    let may = own.indicator == quantity.indicator && is_sibling(&own.breakdown, &quantity.breakdown);
                    may.then_some((other, quantity, 0))
                };
                let siblings = table.columns.iter().filter_map(sibling).collect();
                let key = (table.document, table.code.as_str(), column.number);
                found.places.insert(key, found.suspects.len());
                let (rows, wrong, first) = (0, 0, i32::MAX);
                let figures = Vec::new();
                found.suspects.push(Suspect { table, column, covers, siblings, rows, wrong, first, figures });
            }
        }
        found
    }
}

impl<'a> Check<'a> for ColumnMatches<'a> {
    fn unit(&mut self, chunk: &Chunk<'_>, _: &mut Findings<'a>) {
        if self.suspects.is_empty() {
            return;
        }
        let places: &HashMap<(DocumentId, &str, i32), usize> = &self.places;
        for (less, more) in pairs(self.rule, chunk) {
            for cell in [more, less] {
                let (Some(table), Some(number)) = (cell.locator.table.as_deref(), cell.locator.column) else {
                    continue;
                };
                let place = places.get(&(cell.document, table, number));
                if let Some(suspect) = place.and_then(|&place| self.suspects.get_mut(place)) {
                    suspect.look(chunk, cell, less, more);
                }
            }
        }
    }

    fn finish(&mut self, findings: &mut Findings<'a>) {
        let mut told: HashSet<(DocumentId, Option<&str>)> = HashSet::new();
        // The column that should cover the other is the first to be suspected; if it explains what is wrong, it is
        // the only one.
        for suspect in &mut self.suspects {
            let (document, table) = (suspect.table.document, suspect.table.code.as_str());
            let is_told =
                told.contains(&(document, Some(table))) || (!suspect.covers && told.contains(&(document, None)));
            let is_wrong = suspect.rows >= LEAST_ROWS && suspect.wrong * 2 > suspect.rows;
            let other = suspect.siblings.iter().find(|(_, _, wrong)| *wrong == 0).map(|(column, _, _)| *column);
            if let Some(other) = other.filter(|_| is_wrong && !is_told) {
                told.extend([(document, Some(table)), (document, None)]);
                let message = suspect.message(self.rule, findings, other);
                suspect.figures.sort();
                let figures = suspect.figures.drain(..).map(|(_, uid)| uid).collect();
                findings.add_about(document, suspect.first, table, message, figures);
            }
        }
    }
}

impl Suspect<'_> {
    fn look(&mut self, chunk: &Chunk<'_>, cell: &Observation, less: &Observation, more: &Observation) {
        let is_wrong = is_more(less, more);
        for (column, quantity, wrong) in &mut self.siblings {
            let is_in_row = |o: &&&Observation| {
                let (here, there) = (&cell.locator, &o.locator);
                is_exact(o) && here.table == there.table && here.row == there.row && there.column == Some(column.number)
            };
            let found = chunk.for_period(cell, quantity.indicator, &quantity.breakdown).iter().find(is_in_row);
            let would_be_wrong = match found {
                Some(other) if self.covers => is_more(less, other),
                Some(other) => is_more(other, more),
                None => is_wrong,
            };
            *wrong += usize::from(would_be_wrong);
        }
        self.rows += 1;
        self.first = self.first.min(cell.position);
        if is_wrong {
            self.wrong += 1;
            if self.figures.len() < MOST_NAMED {
                self.figures.push((cell.position, cell.uid.clone()));
            }
        }
    }

    fn message(&self, rule: &Rule, findings: &Findings<'_>, other: &TableColumn) -> Text {
        let (a, b) = if other.number < self.column.number { (other, self.column) } else { (self.column, other) };
        let of = |quantity: Option<&Quantity>| {
            quantity.map(|q| findings.quantity(q.indicator, &q.breakdown)).unwrap_or_default()
        };
        let (less, more) = (of(rule.quantity.as_ref()), of(rule.parts.first()));
        let table = Locator { table: Some(self.table.code.clone()), ..Locator::default() };
        let (wrong, rows) = (self.wrong, self.rows);
        Text::new(
            format!(
                "{}: cột {} ({}) và cột {} ({}) có vẻ bị đổi chỗ. Ở {wrong} trong {rows} dòng, {} lớn hơn {}; nếu đổi \
                 lại thì không còn dòng nào.",
                table.describe(Language::Vi),
                a.number,
                a.label.vi,
                b.number,
                b.label.vi,
                less.vi,
                more.vi
            ),
            format!(
                "{}: columns {} ({}) and {} ({}) look swapped. In {wrong} of {rows} rows, {} is more than {}; with the \
                 columns exchanged it is in none.",
                table.describe(Language::En),
                a.number,
                a.label.en,
                b.number,
                b.label.en,
                less.en,
                more.en
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    /// Rows of table `T`, whose column 2 is `count[sex=m]` and column 3 `count[sex=f]`; beside each a figure of
    /// `done[sex=f]`, which should be covered by column 3.
    fn rows(cells: &[(&str, &str, &str)]) -> Vec<Figure> {
        let row = |(unit, (men, women, done)): (i32, &(&str, &str, &str))| {
            let cell = |value, axis, number| {
                figure("count", "2024", value).at(axis).of_unit(unit).cell("T", &unit.to_string(), number)
            };
            [cell(men, "sex=m", 2), cell(women, "sex=f", 3), figure("done", "2024", done).at("sex=f").of_unit(unit)]
        };
        (2..).zip(cells).flat_map(row).collect()
    }

    #[test]
    fn swapped_columns_are_found_once() {
        let rule = of(CheckKind::ColumnMatches, "done[sex=f]", &["count[sex=f]"], None);
        let found = check(&rule, &rows(&[("90", "5", "80"), ("70", "6", "60"), ("8", "9", "7")]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code.as_str(), found[0].actual), ("r:T", None));
        assert_eq!(found[0].figures, ["u1", "u4"], "the cells of the column that are wrong");
        let said = &found[0].message.en;
        assert!(said.contains("columns 2 (men) and 3 (women) look swapped. In 2 of 3 rows"), "{said}");
    }

    #[test]
    fn columns_that_are_right_or_do_not_explain_are_left_alone() {
        let rule = of(CheckKind::ColumnMatches, "done[sex=f]", &["count[sex=f]"], None);
        let finds = |cells| check(&rule, &rows(cells)).len();
        assert_eq!(finds(&[("5", "90", "80"), ("6", "70", "60"), ("9", "8", "7")]), 0, "satisfied");
        assert_eq!(finds(&[("90", "5", "80"), ("70", "6", "60"), ("8", "9", "7"), ("8", "9", "7")]), 0, "half of them");
        assert_eq!(finds(&[("90", "5", "80"), ("70", "6", "60"), ("6", "9", "7")]), 0, "one would be wrong then");
        assert_eq!(finds(&[("90", "5", "80"), ("70", "6", "60")]), 0, "two rows are no pattern");
        let wrong = || rows(&[("90", "5", "80"), ("70", "6", "60"), ("8", "9", "7")]);
        let change = |change: fn(Figure) -> Figure| check(&rule, &wrong().into_iter().map(change).collect::<Vec<_>>());
        assert_eq!(change(|f| f).len(), 1);
        assert!(change(|f| f.about()).is_empty(), "vague");
        assert!(change(|f| if f.is("done") { f.null() } else { f }).is_empty(), "no values");
        assert!(change(|f| if f.is("done") { f.of_document(2) } else { f }).is_empty(), "another document");
        assert!(check_only(&rule, &wrong(), 2).is_empty(), "not the document asked for");
        let men_missing: Vec<_> = wrong().into_iter().filter(|f| !f.is_at("sex=m")).collect();
        assert!(check(&rule, &men_missing).is_empty(), "nothing to exchange with");
    }
}
