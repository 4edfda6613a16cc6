//! What the checks say: findings on their way, and the words that they have in common.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Finding, Rule, chunk::is_exact};
use crate::domain::{
    breakdown::Breakdown,
    catalogue::Catalogue,
    id::*,
    number::Exact,
    observation::Observation,
    text::{Language, Text},
};

/// A finding and what it is put in order by.
struct Entry {
    rule: usize,
    position: i32,
    finding: Finding,
}

/// Most figures of a sum over units that are remembered to be named.
pub(super) const MOST_NAMED: usize = 200;

/// The findings so far.
pub(super) struct Findings<'a> {
    /// Where units, indicators and documents are looked up.
    pub catalogue: &'a Catalogue,
    /// The document that is reported on, if not all are.
    pub only: Option<DocumentId>,
    /// Place of the rule that is speaking.
    pub rule: usize,
    rules: &'a [Arc<Rule>],
    entries: Vec<Entry>,
}

/// A figure that a sum is held against, after its unit has passed by.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub uid: String,
    pub document: DocumentId,
    pub position: i32,
    pub value: Exact,
}

impl Whole {
    /// What is to be remembered of an exact figure; `None` if it is not exact.
    pub(super) fn of(o: &Observation) -> Option<Self> {
        let value = o.value.filter(|_| is_exact(o))?;
        Some(Self { uid: o.uid.clone(), document: o.document, position: o.position, value })
    }
}

impl<'a> Findings<'a> {
    pub(super) fn new(rules: &'a [Arc<Rule>], catalogue: &'a Catalogue, only: Option<DocumentId>) -> Self {
        Self { catalogue, only, rule: 0, rules, entries: Vec::new() }
    }

    /// All of them, in order.
    pub(super) fn in_order(mut self) -> Vec<Finding> {
        self.entries.sort_by(|a, b| {
            let order = |e: &Entry| (e.rule, e.finding.document, e.position);
            let ties = |e: &Entry| (e.finding.code.clone(), e.finding.figures.clone());
            order(a).cmp(&order(b)).then_with(|| ties(a).cmp(&ties(b)))
        });
        self.entries.into_iter().map(|e| e.finding).collect()
    }

    /// Adds a finding that no single number tells; its code ends in `what`.
    pub(super) fn add_about(
        &mut self,
        document: DocumentId,
        position: i32,
        what: &str,
        message: Text,
        figures: Vec<String>,
    ) {
        let Some(rule) = self.rules.get(self.rule) else { return };
        let finding = Finding {
            code: format!("{}:{what}", rule.code),
            rule: rule.code.clone(),
            document,
            expected: None,
            actual: None,
            difference: None,
            message,
            figures,
            waiver: None,
        };
        self.entries.push(Entry { rule: self.rule, position, finding });
    }

    /// Adds a finding about a figure. The code names the other figure if there is just one.
    pub(super) fn add(
        &mut self,
        of: &Observation,
        expected: Option<Exact>,
        message: Text,
        others: impl IntoIterator<Item = String>,
    ) {
        let figures: Vec<String> = std::iter::once(of.uid.clone()).chain(others).collect();
        self.add_numbers(of.document, of.position, of.value, expected, message, figures);
    }

    fn add_numbers(
        &mut self,
        document: DocumentId,
        position: i32,
        actual: Option<Exact>,
        expected: Option<Exact>,
        message: Text,
        figures: Vec<String>,
    ) {
        let named = if figures.len() == 2 { figures.last() } else { figures.first() };
        self.add_about(document, position, &named.cloned().unwrap_or_default(), message, figures);
        if let Some(Entry { finding, .. }) = self.entries.last_mut() {
            finding.difference =
                actual.zip(expected).and_then(|(a, e)| Exact::from_decimal(a.decimal().checked_sub(e.decimal())?));
            finding.expected = expected;
            finding.actual = actual;
        }
    }

    /// "Number of dossiers received, Thành phố Thái Nguyên".
    pub(super) fn subject(&self, o: &Observation) -> Text {
        self.subject_of(o.series.indicator, &o.series.breakdown, o.series.unit)
    }

    pub(super) fn subject_of(&self, indicator: IndicatorId, breakdown: &Breakdown, unit: UnitId) -> Text {
        let what = self.quantity(indicator, breakdown);
        let whose = |language| self.catalogue.unit(unit).map(|u| u.name.get(language)).unwrap_or_default();
        Text::new(format!("{}, {}", what.vi, whose(Language::Vi)), format!("{}, {}", what.en, whose(Language::En)))
    }

    /// "Number of dossiers received (Online)".
    pub(super) fn quantity(&self, indicator: IndicatorId, breakdown: &Breakdown) -> Text {
        let label = self.catalogue.breakdown_label(breakdown);
        let say = |language| {
            let name = self.catalogue.indicator(indicator).map(|i| i.name.get(language)).unwrap_or_default();
            match label.get(language) {
                "" => name.to_owned(),
                label => format!("{name} ({label})"),
            }
        };
        Text::new(say(Language::Vi), say(Language::En))
    }

    /// A sentence about a figure in both languages.
    pub(super) fn say(&self, o: &Observation, vi: impl Fn(&str) -> String, en: impl Fn(&str) -> String) -> Text {
        let subject = self.subject(o);
        Text::new(vi(&subject.vi), en(&subject.en))
    }

    /// Compares a printed total with the sum of exact parts.
    pub(super) fn check_sum(&mut self, figure: &Observation, parts: &[&Observation]) {
        let Some(whole) = Whole::of(figure).filter(|_| !parts.is_empty()) else { return };
        let exact = parts.iter().map(|p| p.value.filter(|_| is_exact(p)));
        let add = |sum: Decimal, part: Option<Exact>| sum.checked_add(part?.decimal());
        let Some(sum) = exact.into_iter().try_fold(Decimal::ZERO, add) else { return };
        if sum != whole.value.decimal() {
            let subject = self.subject(figure);
            self.wrong_sum(&whole, &subject, sum, parts.iter().map(|p| p.uid.clone()));
        }
    }

    /// Adds the finding that parts do not add up to what is printed.
    pub(super) fn wrong_sum(
        &mut self,
        whole: &Whole,
        subject: &Text,
        sum: Decimal,
        parts: impl IntoIterator<Item = String>,
    ) {
        let expected = Exact::from_decimal(sum);
        let both = |language| (whole.value.display(language), shown(sum, language));
        let ((vi, vi_sum), (en, en_sum)) = (both(Language::Vi), both(Language::En));
        let message = Text::new(
            format!("{}: in {vi}, các phần cộng lại {vi_sum}.", subject.vi),
            format!("{}: {en} is printed, the parts add up to {en_sum}.", subject.en),
        );
        let figures = std::iter::once(whole.uid.clone()).chain(parts).collect();
        self.add_numbers(whole.document, whole.position, Some(whole.value), expected, message, figures);
    }
}

/// A computed number as people write it.
pub(super) fn shown(value: Decimal, language: Language) -> String {
    Exact::from_decimal(value).map(|v| v.display(language)).unwrap_or_default()
}
