//! Validation rules, kept as data, and what they find in the figures of a document.
//!
//! A finding says that a document contradicts itself or another one: what was expected, what is printed, by
//! how much they differ, and which figures are concerned. It changes nothing: what is printed stays as printed.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{
    breakdown::Breakdown,
    catalogue::Catalogue,
    id::*,
    indicator::{Axis, MeasureKind, Quantity},
    number::Exact,
    observation::{Accumulation, Observation, Qualifier},
    period::Period,
    target,
    text::{Language, Text},
};

closed_list! {
    /// What a finding means for publication.
    Severity {
        /// The figures cannot be right.
        Error => "ERROR",
        /// The figures contradict each other or look wrong.
        Warning => "WARNING",
    }
}

closed_list! {
    /// What a rule looks at.
    CheckKind {
        /// A total is the sum over the values of one axis.
        BreakdownsAddUp => "BREAKDOWNS_ADD_UP",
        /// The total line of a complete table is the sum of its rows.
        RowsAddUp => "ROWS_ADD_UP",
        /// One quantity is the sum of others.
        Balance => "BALANCE",
        /// One quantity is not more than another.
        NotMore => "NOT_MORE",
        /// A ratio is its numerator over its denominator, as rounded.
        RatioHolds => "RATIO_HOLDS",
        /// Shares lie between 0 and 100 %, ranks and scores within their field.
        WithinBounds => "WITHIN_BOUNDS",
        /// Printings of one key have one value.
        PrintingsAgree => "PRINTINGS_AGREE",
        /// What accumulates from the start does not fall.
        NeverFalls => "NEVER_FALLS",
        /// The published rating of a target is that of its numbers.
        RatingAgrees => "RATING_AGREES",
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Stable code.
    pub code: String,
    /// What a finding means.
    pub severity: Severity,
    /// What it looks at.
    pub check: CheckKind,
    /// The quantity that is checked, for checks that name one.
    pub quantity: Option<Quantity>,
    /// The quantities that it is held against.
    pub parts: Vec<Quantity>,
    /// The axis that is summed over.
    pub dimension: Option<String>,
    /// Short title.
    pub name: Text,
    /// What a finding of this rule may come from.
    pub explanation: Text,
}

/// A contradiction that a rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Stable code: that of the rule and a hash of what is concerned.
    pub code: String,
    /// Code of the rule.
    pub rule: String,
    /// The document that is found to contradict.
    pub document: DocumentId,
    /// What the rule expects.
    pub expected: Option<Exact>,
    /// What is printed.
    pub actual: Option<Exact>,
    /// Printed minus expected.
    pub difference: Option<Exact>,
    /// What is wrong, in one sentence.
    pub message: Text,
    /// Identities of the figures concerned, the checked one first.
    pub figures: Vec<String>,
    /// Who accepted it, and why.
    pub waiver: Option<Waiver>,
}

/// A finding that was looked at and accepted. It stays visible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Who accepted it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Figures by what they are of.
type Key<'a> = (DocumentId, IndicatorId, UnitId, &'a Breakdown);

struct Evaluation<'a> {
    catalogue: &'a Catalogue,
    observations: &'a [Observation],
    preferred: HashMap<Key<'a>, Vec<&'a Observation>>,
    findings: Vec<Finding>,
}

/// Applies the rules to the figures; the findings in the order of the rules and of the documents.
pub fn evaluate(rules: &[std::sync::Arc<Rule>], catalogue: &Catalogue, observations: &[Observation]) -> Vec<Finding> {
    let mut preferred: HashMap<Key<'_>, Vec<&Observation>> = HashMap::new();
    for o in observations.iter().filter(|o| o.preferred && o.value.is_some()) {
        preferred.entry((o.document, o.series.indicator, o.series.unit, &o.series.breakdown)).or_default().push(o);
    }
    let mut evaluation = Evaluation { catalogue, observations, preferred, findings: Vec::new() };
    for rule in rules {
        match rule.check {
            CheckKind::BreakdownsAddUp => evaluation.breakdowns_add_up(rule),
            CheckKind::RowsAddUp => evaluation.rows_add_up(rule),
            CheckKind::Balance => evaluation.balance(rule),
            CheckKind::NotMore => evaluation.not_more(rule),
            CheckKind::RatioHolds => evaluation.ratio_holds(rule),
            CheckKind::WithinBounds => evaluation.within_bounds(rule),
            CheckKind::PrintingsAgree => evaluation.printings_agree(rule),
            CheckKind::NeverFalls => evaluation.never_falls(rule),
            CheckKind::RatingAgrees => evaluation.rating_agrees(rule),
        }
    }
    evaluation.findings
}

fn is_exact(o: &Observation) -> bool {
    o.qualifier == Qualifier::Exact
}

impl<'a> Evaluation<'a> {
    /// The figure of a quantity that ends with the same day, in the same document and of the same unit.
    fn beside(&self, o: &Observation, quantity: &'a Quantity) -> Option<&'a Observation> {
        let found = self.preferred.get(&(o.document, quantity.indicator, o.series.unit, &quantity.breakdown))?;
        let ends = |x: &&&Observation| x.period.end() == o.period.end();
        found.iter().filter(ends).max_by_key(|x| x.period == o.period).copied()
    }

    /// Preferred figures of a quantity, in the order of the documents.
    fn of(&self, quantity: &Quantity) -> Vec<&'a Observation> {
        let is_it = |o: &&Observation| {
            o.preferred
                && o.value.is_some()
                && o.series.indicator == quantity.indicator
                && o.series.breakdown == quantity.breakdown
        };
        self.observations.iter().filter(is_it).collect()
    }

    fn add(&mut self, rule: &Rule, of: &Observation, expected: Option<Exact>, message: Text, others: &[&Observation]) {
        let figures: Vec<String> = [of].iter().chain(others).map(|o| o.uid.clone()).collect();
        let difference = of.value.zip(expected).and_then(|(a, e)| Exact::from_decimal(a.decimal() - e.decimal()));
        self.findings.push(Finding {
            code: format!("{}:{}", rule.code, figures.last().filter(|_| figures.len() == 2).unwrap_or(&of.uid)),
            rule: rule.code.clone(),
            document: of.document,
            expected,
            actual: of.value,
            difference,
            message,
            figures,
            waiver: None,
        });
    }

    /// "Number of dossiers received, Thành phố Thái Nguyên".
    fn subject(&self, o: &Observation, language: Language) -> String {
        let indicator = self.catalogue.indicator(o.series.indicator).map(|i| i.name.get(language)).unwrap_or_default();
        let unit = self.catalogue.unit(o.series.unit).map(|u| u.name.get(language)).unwrap_or_default();
        match self.catalogue.breakdown_label(&o.series.breakdown).get(language) {
            "" => format!("{indicator}, {unit}"),
            label => format!("{indicator} ({label}), {unit}"),
        }
    }

    fn say(&self, o: &Observation, vi: impl Fn(&str) -> String, en: impl Fn(&str) -> String) -> Text {
        Text::new(vi(&self.subject(o, Language::Vi)), en(&self.subject(o, Language::En)))
    }

    /// Compares a printed total with the sum of exact parts.
    fn check_sum(&mut self, rule: &Rule, whole: &'a Observation, parts: &[&'a Observation]) {
        let Some(printed) = whole.value.filter(|_| is_exact(whole)) else { return };
        if parts.is_empty() || !parts.iter().all(|p| is_exact(p)) {
            return;
        }
        let sum: Decimal = parts.iter().filter_map(|p| p.value).map(|v| v.decimal()).sum();
        if sum != printed.decimal() {
            let shown = |language| Exact::from_decimal(sum).map(|s| s.display(language)).unwrap_or_default();
            let message = self.say(
                whole,
                |subject| {
                    format!(
                        "{subject}: in {}, các phần cộng lại {}.",
                        printed.display(Language::Vi),
                        shown(Language::Vi)
                    )
                },
                |subject| {
                    format!(
                        "{subject}: {} is printed, the parts add up to {}.",
                        printed.display(Language::En),
                        shown(Language::En)
                    )
                },
            );
            self.add(rule, whole, Exact::from_decimal(sum), message, parts);
        }
    }

    fn breakdowns_add_up(&mut self, rule: &Rule) {
        let (Some(quantity), Some(dimension)) = (&rule.quantity, &rule.dimension) else { return };
        for whole in self.of(quantity) {
            let is_part = |o: &&Observation| {
                o.preferred
                    && o.value.is_some()
                    && o.document == whole.document
                    && o.period == whole.period
                    && o.series.indicator == whole.series.indicator
                    && o.series.unit == whole.series.unit
                    && o.series.accumulation == whole.series.accumulation
                    && o.series.breakdown.pairs().any(|(d, _)| d == dimension)
                    && o.series.breakdown.pairs().filter(|(d, _)| d != dimension).eq(whole.series.breakdown.pairs())
            };
            let parts: Vec<&Observation> = self.observations.iter().filter(is_part).collect();
            if parts.len() > 1 {
                self.check_sum(rule, whole, &parts);
            }
        }
    }

    /// Tables of which rows are missing are left alone: a sum of some rows contradicts nothing.
    fn rows_add_up(&mut self, rule: &Rule) {
        let catalogue = self.catalogue;
        for table in &catalogue.tables {
            let has_row = |unit: &UnitId| table.rows.iter().any(|r| r.unit == Some(*unit));
            if table.expected_units.is_empty() || !table.expected_units.iter().all(has_row) {
                continue;
            }
            for column in &table.columns {
                let quantity = column.quantity.as_ref().and_then(|q| catalogue.indicator(q.indicator));
                if !quantity.is_some_and(|i| i.additive_over.contains(&Axis::Unit)) {
                    continue;
                }
                let cells = self.observations.iter().filter(|o| {
                    o.document == table.document
                        && o.locator.table.as_ref() == Some(&table.code)
                        && o.locator.column == Some(column.number)
                });
                let (total, rows): (Vec<&Observation>, Vec<&Observation>) =
                    cells.partition(|o| o.locator.row.as_deref() == Some("total"));
                if let Some(total) = total.first() {
                    self.check_sum(rule, total, &rows);
                }
            }
        }
    }

    fn balance(&mut self, rule: &'a Rule) {
        let Some(quantity) = &rule.quantity else { return };
        for whole in self.of(quantity) {
            let parts: Option<Vec<&Observation>> = rule.parts.iter().map(|q| self.beside(whole, q)).collect();
            if let Some(parts) = parts {
                self.check_sum(rule, whole, &parts);
            }
        }
    }

    fn not_more(&mut self, rule: &'a Rule) {
        let (Some(quantity), Some(other)) = (&rule.quantity, rule.parts.first()) else { return };
        for less in self.of(quantity) {
            let Some(more) = self.beside(less, other) else { continue };
            let (Some(a), Some(b)) = (less.value, more.value) else { continue };
            if is_exact(less) && is_exact(more) && a.decimal() > b.decimal() {
                let against = (self.subject(more, Language::Vi), self.subject(more, Language::En));
                let message = self.say(
                    less,
                    |s| {
                        format!(
                            "{s}: {} lớn hơn {} của {}.",
                            a.display(Language::Vi),
                            b.display(Language::Vi),
                            against.0
                        )
                    },
                    |s| {
                        format!(
                            "{s}: {} is more than the {} of {}.",
                            a.display(Language::En),
                            b.display(Language::En),
                            against.1
                        )
                    },
                );
                self.add(rule, less, Some(b), message, &[more]);
            }
        }
    }

    fn ratio_holds(&mut self, rule: &Rule) {
        let catalogue = self.catalogue;
        for ratio in self.observations.iter().filter(|o| o.preferred && is_exact(o)) {
            let Some(indicator) = catalogue.indicator(ratio.series.indicator) else { continue };
            let (Some(numerator), Some(denominator)) = (&indicator.numerator, &indicator.denominator) else { continue };
            if indicator.unit_of_measure != "PERCENT" {
                continue;
            }
            let find = |q: &'a Quantity| {
                let breakdown = q.beside(&ratio.series.breakdown);
                let is_it = |o: &&Observation| {
                    o.document == ratio.document
                        && o.preferred
                        && o.series.indicator == q.indicator
                        && o.series.unit == ratio.series.unit
                        && o.series.breakdown == breakdown
                        && o.period == ratio.period
                };
                self.observations.iter().find(is_it)
            };
            let (Some(above), Some(below)) = (find(numerator), find(denominator)) else { continue };
            let (Some(printed), Some(n), Some(d)) = (ratio.value, above.value, below.value) else { continue };
            if !is_exact(above) || !is_exact(below) || d.decimal().is_zero() {
                continue;
            }
            let exact = n.decimal() / d.decimal() * Decimal::ONE_HUNDRED;
            let scale = u32::try_from(printed.scale()).unwrap_or(0);
            let rounded = exact.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
            if rounded != printed.decimal() {
                let shown = |language| Exact::from_decimal(rounded).map(|r| r.display(language)).unwrap_or_default();
                let message = self.say(
                    ratio,
                    |s| {
                        format!(
                            "{s}: in {} %, tính từ tử số và mẫu số được {} %.",
                            printed.display(Language::Vi),
                            shown(Language::Vi)
                        )
                    },
                    |s| {
                        format!(
                            "{s}: {} % is printed, numerator over denominator gives {} %.",
                            printed.display(Language::En),
                            shown(Language::En)
                        )
                    },
                );
                self.add(rule, ratio, Exact::from_decimal(rounded), message, &[above, below]);
            }
        }
    }

    fn within_bounds(&mut self, rule: &Rule) {
        for o in self.observations {
            let Some((indicator, value)) = self.catalogue.indicator(o.series.indicator).zip(o.value) else { continue };
            let field = o.field_size.map(Decimal::from);
            let bounds = match indicator.kind {
                MeasureKind::Ratio if indicator.unit_of_measure == "PERCENT" => {
                    (Decimal::ZERO, Some(Decimal::ONE_HUNDRED))
                }
                MeasureKind::Rank => (Decimal::ONE, field),
                MeasureKind::Index => (Decimal::ZERO, field),
                _ => continue,
            };
            if value.decimal() < bounds.0 || bounds.1.is_some_and(|most| value.decimal() > most) {
                let message = self.say(
                    o,
                    |s| format!("{s}: {} nằm ngoài khoảng cho phép.", value.display(Language::Vi)),
                    |s| format!("{s}: {} lies outside of its bounds.", value.display(Language::En)),
                );
                let bound = if value.decimal() < bounds.0 { Some(bounds.0) } else { bounds.1 };
                self.add(rule, o, bound.and_then(Exact::from_decimal), message, &[]);
            }
        }
    }

    fn printings_agree(&mut self, rule: &Rule) {
        let mut keys: HashMap<(i32, Period), &Observation> = HashMap::new();
        for o in self.observations.iter().filter(|o| o.preferred) {
            keys.insert((o.series_id, o.period), o);
        }
        for o in self.observations.iter().filter(|o| !o.preferred) {
            let Some(preferred) = keys.get(&(o.series_id, o.period)).copied() else { continue };
            if o.value.map(|v| v.decimal()) == preferred.value.map(|v| v.decimal()) {
                continue;
            }
            let message = self.say(
                o,
                |s| {
                    format!(
                        "{s}: in {} ở {} nhưng {} ở {}.",
                        o.as_printed,
                        o.locator.describe(Language::Vi),
                        preferred.as_printed,
                        preferred.locator.describe(Language::Vi)
                    )
                },
                |s| {
                    format!(
                        "{s}: printed as {} in {}, but as {} in {}.",
                        o.as_printed,
                        o.locator.describe(Language::En),
                        preferred.as_printed,
                        preferred.locator.describe(Language::En)
                    )
                },
            );
            self.add(rule, o, preferred.value, message, &[preferred]);
        }
    }

    fn never_falls(&mut self, rule: &Rule) {
        let mut series: HashMap<i32, Vec<&Observation>> = HashMap::new();
        let counted =
            |o: &&Observation| o.preferred && o.value.is_some() && o.series.accumulation == Accumulation::Cumulative;
        for o in self.observations.iter().filter(counted) {
            series.entry(o.series_id).or_default().push(o);
        }
        let mut all: Vec<Vec<&Observation>> = series.into_values().collect();
        all.sort_by_key(|points| points.first().map(|o| o.series_id));
        for mut points in all {
            points.sort_by_key(|o| (o.period.end(), o.id));
            for pair in points.windows(2) {
                let (Some(old), Some(new)) = (pair[0].value, pair[1].value) else { continue };
                if new.decimal() < old.decimal() {
                    let message = self.say(
                        pair[1],
                        |s| {
                            format!(
                                "{s}: lũy kế giảm từ {} xuống {}.",
                                old.display(Language::Vi),
                                new.display(Language::Vi)
                            )
                        },
                        |s| {
                            format!(
                                "{s}: the cumulative figure falls from {} to {}.",
                                old.display(Language::En),
                                new.display(Language::En)
                            )
                        },
                    );
                    self.add(rule, pair[1], Some(old), message, &[pair[0]]);
                }
            }
        }
    }

    fn rating_agrees(&mut self, rule: &Rule) {
        let catalogue = self.catalogue;
        for assessment in &catalogue.assessments {
            let mut ratings = Vec::new();
            let mut figures = Vec::new();
            let mut missed = Text::default();
            for part in catalogue.targets.iter().filter(|t| assessment.is_of(t)) {
                let result = self.observations.iter().find(|o| assessment.is_result(part, o));
                let verdict = catalogue.verdict(assessment, part, result);
                figures.extend(result.map(|o| o.uid.clone()));
                if !matches!(verdict.rating, target::Rating::Achieved | target::Rating::NotAssessed) {
                    missed.vi = format!("{} {}", missed.vi, verdict.why.vi);
                    missed.en = format!("{} {}", missed.en, verdict.why.en);
                }
                ratings.push(verdict.rating);
            }
            if target::agreement(assessment.rating, target::combine(&ratings)) == Some(false) {
                self.findings.push(Finding {
                    code: format!("{}:{}", rule.code, assessment.number),
                    rule: rule.code.clone(),
                    document: assessment.document,
                    expected: None,
                    actual: None,
                    difference: None,
                    message: Text::new(
                        format!(
                            "Chỉ tiêu {} được đánh giá \"{}\".{}",
                            assessment.number, assessment.as_printed, missed.vi
                        ),
                        format!("Target {} is rated \"{}\".{}", assessment.number, assessment.as_printed, missed.en),
                    ),
                    figures,
                    waiver: None,
                });
            }
        }
    }
}

/// Stand-in until evaluation streams.
pub struct Evaluator<'a> {
    rules: &'a [std::sync::Arc<Rule>],
    catalogue: &'a Catalogue,
    only: Option<DocumentId>,
    all: Vec<Observation>,
}

impl<'a> Evaluator<'a> {
    /// New.
    pub fn new(rules: &'a [std::sync::Arc<Rule>], catalogue: &'a Catalogue, only: Option<DocumentId>) -> Self {
        Self { rules, catalogue, only, all: Vec::new() }
    }
    /// One unit.
    pub fn unit(&mut self, observations: &[Observation]) {
        self.all.extend(observations.iter().cloned());
    }
    /// Findings.
    pub fn finish(self) -> Vec<Finding> {
        let found = evaluate(self.rules, self.catalogue, &self.all);
        found.into_iter().filter(|f| self.only.is_none_or(|only| only == f.document)).collect()
    }
}
