//! The figures of one unit, indexed once for all rules.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::domain::{
    breakdown::Breakdown,
    id::*,
    indicator::Quantity,
    observation::{Observation, Qualifier, SeriesKey},
    period::Period,
};

/// Figures by where they are printed, what they are of, and their period or last day.
type Places<'c, When, Found> = HashMap<(DocumentId, IndicatorId, &'c Breakdown, When), Found>;

/// All figures of one unit.
pub(super) struct Chunk<'c> {
    /// Every figure.
    pub all: Vec<&'c Observation>,
    /// Figures of the documents that are reported on, whatever their state, by indicator.
    pub by_indicator: HashMap<IndicatorId, Vec<&'c Observation>>,
    only: Option<DocumentId>,
    by_quantity: HashMap<(IndicatorId, &'c Breakdown), Vec<&'c Observation>>,
    by_period: Places<'c, Period, Vec<&'c Observation>>,
    by_end: Places<'c, NaiveDate, &'c Observation>,
}

/// True of figures without a printed vagueness.
pub(super) fn is_exact(o: &Observation) -> bool {
    o.qualifier == Qualifier::Exact
}

impl<'c> Chunk<'c> {
    pub(super) fn new(observations: impl Iterator<Item = &'c Observation>, only: Option<DocumentId>) -> Self {
        let mut all: Vec<&Observation> = observations.collect();
        // What is found must not depend on the order in which the figures come.
        all.sort_by(|a, b| (a.document, a.position, &a.uid).cmp(&(b.document, b.position, &b.uid)));
        let mut chunk = Self {
            only,
            by_indicator: HashMap::new(),
            by_quantity: HashMap::new(),
            by_period: HashMap::with_capacity(all.len()),
            by_end: HashMap::with_capacity(all.len()),
            all,
        };
        for &o in &chunk.all {
            if !chunk.reports_on(o) {
                continue;
            }
            chunk.by_indicator.entry(o.series.indicator).or_default().push(o);
            if o.preferred && o.value.is_some() {
                let (indicator, breakdown) = (o.series.indicator, &o.series.breakdown);
                chunk.by_quantity.entry((indicator, breakdown)).or_default().push(o);
                chunk.by_period.entry((o.document, indicator, breakdown, o.period)).or_default().push(o);
                chunk.by_end.insert((o.document, indicator, breakdown, o.period.end()), o);
            }
        }
        chunk
    }

    /// True if findings may be about the document of a figure.
    pub(super) fn reports_on(&self, o: &Observation) -> bool {
        self.only.is_none_or(|only| only == o.document)
    }

    /// Preferred figures of a quantity in the documents that are reported on.
    pub(super) fn of<'s>(&'s self, quantity: &'s Quantity) -> &'s [&'c Observation] {
        let by_quantity: &HashMap<(IndicatorId, &Breakdown), Vec<&'c Observation>> = &self.by_quantity;
        by_quantity.get(&(quantity.indicator, &quantity.breakdown)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Preferred figures of an indicator and breakdown for the same period in the same document; they differ in how
    /// they are accumulated.
    pub(super) fn for_period<'s>(
        &'s self,
        of: &Observation,
        indicator: IndicatorId,
        breakdown: &'s Breakdown,
    ) -> &'s [&'c Observation] {
        let by_period: &Places<'_, Period, Vec<&'c Observation>> = &self.by_period;
        by_period.get(&(of.document, indicator, breakdown, of.period)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The figure of a quantity in the same document for the same period, or else for one that ends with it.
    pub(super) fn beside<'s>(&'s self, of: &Observation, quantity: &'s Quantity) -> Option<&'c Observation> {
        let (indicator, breakdown) = (quantity.indicator, &quantity.breakdown);
        let by_end: &Places<'_, NaiveDate, &'c Observation> = &self.by_end;
        let like = self.for_period(of, indicator, breakdown).last();
        like.or_else(|| by_end.get(&(of.document, indicator, breakdown, of.period.end()))).copied()
    }

    /// Preferred figures with a value by series, in the order of their last days; one for each period. Where two
    /// documents state the same key, the one that is reported on speaks.
    pub(super) fn series(&self, takes: impl Fn(&Observation) -> bool) -> Vec<Vec<&'c Observation>> {
        let mut found: HashMap<&SeriesKey, Vec<&'c Observation>> = HashMap::new();
        for &o in self.all.iter().filter(|o| o.preferred && o.value.is_some() && takes(o)) {
            found.entry(&o.series).or_default().push(o);
        }
        let mut all: Vec<Vec<&Observation>> = found.into_values().collect();
        for points in &mut all {
            let is_new = |o: &Observation| self.only == Some(o.document);
            points.sort_by_key(|o| (o.period.end(), o.period.start(), !is_new(o), o.document, o.position));
            points.dedup_by_key(|o| o.period);
        }
        all
    }
}
