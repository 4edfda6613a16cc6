//! The figure of a unit, held against those of the units right below it.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    chunk::{Chunk, is_exact},
    evaluator::Check,
    report::{Findings, MOST_NAMED, Whole},
};
use crate::domain::{
    breakdown::Breakdown,
    id::*,
    indicator::Axis,
    observation::{Accumulation, Observation},
    period::Period,
    unit::Unit,
};

/// What is summed: everything of a series but the unit, which is the one above. Breakdowns by number.
type Key = (DocumentId, UnitId, IndicatorId, u32, Accumulation, Period);

/// A unit's own figure, and what those of the units below come to.
struct Sum {
    whole: Option<Whole>,
    /// `None` once a figure is not exact.
    parts: Option<Decimal>,
    units: usize,
    last: Option<UnitId>,
    /// Position and identity of the parts.
    named: Vec<(i32, Box<str>)>,
}

impl Default for Sum {
    fn default() -> Self {
        Self { whole: None, parts: Some(Decimal::ZERO), units: 0, last: None, named: Vec::new() }
    }
}

/// Within a document, the figure of a unit is the sum over the units right below it. Only if each of them that has a
/// place in the reports has an exact figure: an incomplete sum contradicts nothing. Cells of tables are left to
/// their total line.
#[derive(Default)]
pub(super) struct UnitsAddUp {
    breakdowns: HashMap<Breakdown, u32>,
    sums: HashMap<Key, Sum>,
}

/// True if the reports of a day should have a figure of a unit.
fn reports(unit: &Unit, on: NaiveDate) -> bool {
    unit.report_order.is_some() && unit.stood_on(on)
}

impl UnitsAddUp {
    fn number(&mut self, breakdown: &Breakdown) -> u32 {
        if let Some(&known) = self.breakdowns.get(breakdown) {
            return known;
        }
        let next = u32::try_from(self.breakdowns.len()).unwrap_or(u32::MAX);
        self.breakdowns.insert(breakdown.clone(), next);
        next
    }
}

impl<'a> Check<'a> for UnitsAddUp {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        let catalogue = findings.catalogue;
        for (&indicator, figures) in &chunk.by_indicator {
            if !catalogue.indicator(indicator).is_some_and(|i| i.additive_over.contains(&Axis::Unit)) {
                continue;
            }
            for o in figures.iter().filter(|o| o.preferred && o.locator.table.is_none()) {
                let Some(unit) = catalogue.unit(o.series.unit) else { continue };
                let above = unit.parent.filter(|_| reports(unit, o.period.end()));
                let has_below = catalogue.unit_children(unit.id).next().is_some();
                if above.is_none() && !has_below {
                    continue;
                }
                let breakdown = self.number(&o.series.breakdown);
                let key = |unit| (o.document, unit, indicator, breakdown, o.series.accumulation, o.period);
                if let Some(above) = above {
                    self.sums.entry(key(above)).or_default().add(o);
                }
                if let Some(whole) = Whole::of(o).filter(|_| has_below) {
                    self.sums.entry(key(unit.id)).or_default().whole = Some(whole);
                }
            }
        }
    }

    fn finish(&mut self, findings: &mut Findings<'a>) {
        let catalogue = findings.catalogue;
        let mut counts: HashMap<(UnitId, NaiveDate), usize> = HashMap::new();
        let mut wrong: Vec<(Key, Sum)> = Vec::new();
        for (key, sum) in self.sums.drain() {
            let (unit, on) = (key.1, key.5.end());
            if sum.units == 0 || sum.parts.zip(sum.whole.as_ref()).is_none_or(|(p, w)| p == w.value.decimal()) {
                continue;
            }
            let below = || catalogue.unit_children(unit).filter(|u| reports(u, on)).count();
            if sum.units == *counts.entry((unit, on)).or_insert_with(below) {
                wrong.push((key, sum));
            }
        }
        let breakdowns: HashMap<u32, &Breakdown> = self.breakdowns.iter().map(|(b, n)| (*n, b)).collect();
        for ((_, unit, indicator, breakdown, _, _), mut sum) in wrong {
            let (Some(whole), Some(parts), Some(breakdown)) = (sum.whole, sum.parts, breakdowns.get(&breakdown)) else {
                continue;
            };
            sum.named.sort();
            let subject = findings.subject_of(indicator, breakdown, unit);
            findings.wrong_sum(&whole, &subject, parts, sum.named.into_iter().map(|(_, uid)| uid.into()));
        }
    }
}

impl Sum {
    /// Adds the figure of a unit below; of two figures of one unit, which come together, the first.
    fn add(&mut self, o: &Observation) {
        if self.last == Some(o.series.unit) {
            return;
        }
        let value = o.value.filter(|_| is_exact(o)).map(|v| v.decimal());
        self.parts = self.parts.zip(value).and_then(|(sum, value)| sum.checked_add(value));
        self.units += 1;
        self.last = Some(o.series.unit);
        if self.parts.is_none() {
            self.named = Vec::new();
        } else if self.named.len() < MOST_NAMED {
            self.named.push((o.position, o.uid.as_str().into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    // The reports list units 2 and 3 below unit 1; unit 5 until 2019.

    fn finds(figures: &[Figure]) -> usize {
        check(&of(CheckKind::UnitsAddUp, "", &[], None), figures).len()
    }

    fn part(unit: i32, value: &str) -> Figure {
        figure("count", "2024", value).of_unit(unit)
    }

    #[test]
    fn a_unit_is_the_sum_of_those_below() {
        let rule = of(CheckKind::UnitsAddUp, "", &[], None);
        let whole = || figure("count", "2024", "40");
        let found = check(&rule, &[whole(), part(2, "30"), part(3, "12")]);
        assert_eq!(found.len(), 1);
        assert_eq!(numbers(&found[0]), ["42", "40", "-2"]);
        assert_eq!((found[0].code.as_str(), found[0].figures.join(" ").as_str()), ("r:u0", "u0 u1 u2"));
        assert_eq!(found[0].message.en, "count, unit 1: 40 is printed, the parts add up to 42.");
        assert_eq!(finds(&[whole(), part(2, "30"), part(3, "10")]), 0, "satisfied");
        assert_eq!(finds(&[whole(), part(2, "30")]), 0, "incomplete");
        assert_eq!(finds(&[whole()]), 0, "nothing below");
        assert_eq!(finds(&[whole(), part(2, "30"), part(4, "12")]), 0, "unit 4 is not in the reports, unit 3 is");
        assert_eq!(finds(&[whole(), part(2, "30"), part(3, "12"), part(4, "-2")]), 1, "unit 4 does not count");
        assert_eq!(finds(&[whole(), part(2, "30"), part(2, "12").again()]), 0, "two printings of one unit");
        assert_eq!(finds(&[whole(), part(2, "30"), part(3, "12").null()]), 0, "a missing figure");
        assert_eq!(finds(&[whole(), part(2, "30"), part(3, "12").about()]), 0, "a vague figure");
        assert_eq!(finds(&[whole().about(), part(2, "30"), part(3, "12")]), 0, "a vague whole");
        assert_eq!(finds(&[whole().null(), part(2, "30"), part(3, "12")]), 0, "no whole");
    }

    #[test]
    fn only_figures_of_one_kind_document_and_time_are_added() {
        let whole = || figure("count", "2024", "40");
        let with = |last: Figure| finds(&[whole(), part(2, "30"), last]);
        assert_eq!(with(part(3, "12")), 1);
        assert_eq!(with(part(3, "12").of_document(2)), 0, "another document");
        assert_eq!(with(part(3, "12").year("2023")), 0, "another period");
        assert_eq!(with(part(3, "12").at("sex=m")), 0, "another position");
        assert_eq!(with(part(3, "12").cumulative()), 0, "counted in another way");
        assert_eq!(with(part(3, "12").of("done")), 0, "another indicator");
        assert_eq!(with(part(3, "12").cell("T", "3", 1)), 0, "cells are left to the rows of their table");
        let shares = [whole(), part(2, "30"), part(3, "12")].map(|f| f.of("share"));
        assert_eq!(finds(&shares), 0, "shares do not add up");
        let rule = of(CheckKind::UnitsAddUp, "", &[], None);
        assert!(check_only(&rule, &[whole(), part(2, "30"), part(3, "12")], 2).is_empty(), "not asked for");
    }

    #[test]
    fn the_units_are_those_of_the_day() {
        let early = || [figure("count", "2019", "40"), part(2, "30").year("2019"), part(3, "12").year("2019")];
        assert_eq!(finds(&early()), 0, "unit 5 stood then and has no figure");
        let with: Vec<_> = early().into_iter().chain([part(5, "1").year("2019")]).collect();
        assert_eq!(finds(&with), 1);
        let right: Vec<_> = early().into_iter().chain([part(5, "-2").year("2019")]).collect();
        assert_eq!(finds(&right), 0);
    }
}
