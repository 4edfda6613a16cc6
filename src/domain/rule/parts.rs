//! Sums within one unit: over the values of an axis, and of other quantities.

use std::collections::{BTreeSet, HashMap};

use rust_decimal::Decimal;

use super::{Rule, chunk::Chunk, evaluator::Check, report::Findings};
use crate::domain::{
    catalogue::Catalogue,
    id::*,
    observation::{Accumulation, Observation},
    period::Period,
};

/// A total is the sum over the values of one axis.
pub(super) struct BreakdownsAddUp<'a> {
    rule: &'a Rule,
    /// Values of the axis that tables are known to print for the quantity; empty if none are known.
    values: BTreeSet<String>,
}

impl<'a> BreakdownsAddUp<'a> {
    /// The check of a rule.
    pub(super) fn new(rule: &'a Rule, catalogue: &Catalogue) -> Self {
        let columns = catalogue.tables.iter().flat_map(|t| &t.columns).filter_map(|c| c.quantity.as_ref());
        let named = catalogue.column_names.iter().map(|c| &c.quantity).chain(columns);
        let values = named.filter_map(|q| {
            let whole = rule.quantity.as_ref().filter(|whole| whole.indicator == q.indicator)?;
            let axes: Vec<_> = q.breakdown.pairs().collect();
            let rest = axes.iter().copied().filter(|(d, _)| Some(*d) != rule.dimension.as_deref());
            let value = axes.iter().find(|(d, _)| Some(*d) == rule.dimension.as_deref())?.1;
            rest.eq(whole.breakdown.pairs()).then(|| value.to_owned())
        });
        Self { rule, values: values.collect() }
    }

    /// True if every value that is known has a part: a sum of some contradicts nothing, unless it is too large.
    fn is_complete(&self, parts: &[&Observation]) -> bool {
        let has = |value: &String| parts.iter().any(|p| p.series.breakdown.pairs().any(|(_, v)| v == value));
        self.values.iter().all(has)
    }
}

impl<'a> Check<'a> for BreakdownsAddUp<'a> {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        let (Some(quantity), Some(dimension)) = (&self.rule.quantity, &self.rule.dimension) else { return };
        let wholes = chunk.of(quantity);
        if wholes.is_empty() {
            return;
        }
        let is_part = |o: &&&Observation| {
            let axes = &o.series.breakdown;
            o.preferred
                && o.value.is_some()
                && axes.pairs().any(|(d, _)| d == dimension)
                && axes.pairs().filter(|(d, _)| d != dimension).eq(quantity.breakdown.pairs())
        };
        let mut parts: HashMap<(DocumentId, Period, Accumulation), Vec<&Observation>> = HashMap::new();
        for &o in chunk.by_indicator.get(&quantity.indicator).into_iter().flatten().filter(is_part) {
            parts.entry((o.document, o.period, o.series.accumulation)).or_default().push(o);
        }
        for whole in wholes {
            let of_whole = parts.get(&(whole.document, whole.period, whole.series.accumulation));
            let Some(parts) = of_whole.filter(|p| p.len() > 1) else { continue };
            let sum: Decimal = parts.iter().filter_map(|p| p.value).map(|v| v.decimal()).sum();
            let is_too_large = whole.value.is_some_and(|v| sum > v.decimal());
            if is_too_large || self.is_complete(parts) {
                findings.check_sum(whole, parts);
            }
        }
    }
}

/// One quantity is the sum of others.
pub(super) struct Balance<'a>(pub &'a Rule);

impl<'a> Check<'a> for Balance<'a> {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        let Some(quantity) = &self.0.quantity else { return };
        for whole in chunk.of(quantity) {
            let parts: Option<Vec<&Observation>> = self.0.parts.iter().map(|q| chunk.beside(whole, q)).collect();
            if let Some(parts) = parts {
                findings.check_sum(whole, &parts);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    #[test]
    fn the_values_of_an_axis_add_up_to_the_total() {
        let rule = of(CheckKind::BreakdownsAddUp, "count", &[], Some("sex"));
        let total = |value| figure("count", "2024", value);
        let men = || figure("count", "2024", "40").at("sex=m");
        let women = || figure("count", "2024", "60").at("sex=f");
        let found = check(&rule, &[total("101"), men(), women()]);
        assert_eq!(found.len(), 1);
        assert_eq!(numbers(&found[0]), ["100", "101", "1"]);
        assert_eq!(found[0].figures, ["u0", "u1", "u2"]);
        assert_eq!(found[0].code, "r:u0");
        assert!(check(&rule, &[total("100"), men(), women()]).is_empty(), "satisfied");
        assert!(check(&rule, &[total("101"), men()]).is_empty(), "one value is no sum");
        assert!(check(&rule, &[total("101"), men(), women().about()]).is_empty(), "a vague part");
        assert!(check(&rule, &[total("101").about(), men(), women()]).is_empty(), "a vague total");
        assert!(check(&rule, &[total("101"), men(), women().null()]).is_empty(), "a missing part");
        assert!(check(&rule, &[total("101"), men(), women().of_document(2)]).is_empty(), "a part of another document");
        assert!(check(&rule, &[total("101"), men(), women().year("2023")]).is_empty(), "a part of another period");
        let other_axis = figure("count", "2024", "60").at("age=old;sex=f");
        assert!(check(&rule, &[total("101"), men(), other_axis]).is_empty(), "a part of a part");
    }

    #[test]
    fn a_quantity_is_the_sum_of_others() {
        let rule = of(CheckKind::Balance, "count", &["done", "open"], None);
        let whole = |value| figure("count", "2024", value);
        let done = || figure("done", "2024", "30");
        // A stock on the last day balances a flow that ends with it.
        let open = || figure("open", "2024-12-31", "12");
        let found = check(&rule, &[whole("40"), done(), open()]);
        assert_eq!(found.len(), 1);
        assert_eq!(numbers(&found[0]), ["42", "40", "-2"]);
        assert!(check(&rule, &[whole("42"), done(), open()]).is_empty(), "satisfied");
        assert!(check(&rule, &[whole("40"), done()]).is_empty(), "incomplete");
        assert!(check(&rule, &[whole("40"), done(), open().null()]).is_empty(), "a missing part");
        assert!(check(&rule, &[whole("40"), done().about(), open()]).is_empty(), "a vague part");
        assert!(check(&rule, &[whole("40"), done(), open().of_document(2)]).is_empty(), "another document");
        assert!(check(&rule, &[whole("40"), done(), open().of_unit(2)]).is_empty(), "another unit");
    }

    #[test]
    fn with_one_document_only_it_alone_is_reported_on() {
        let rule = of(CheckKind::Balance, "count", &["done"], None);
        let pair = |d| [figure("count", "2024", "5").of_document(d), figure("done", "2024", "4").of_document(d)];
        let both: Vec<_> = pair(1).into_iter().chain(pair(2)).collect();
        assert_eq!(check(&rule, &both).len(), 2);
        let found = check_only(&rule, &both, 2);
        assert_eq!(found.iter().map(|f| f.document.0).collect::<Vec<_>>(), [2]);
    }
}
