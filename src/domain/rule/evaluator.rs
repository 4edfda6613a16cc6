//! The evaluation of rules, one unit after the other.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use super::{
    CheckKind, Finding, Rule, bounds, chunk::Chunk, columns, dates, jump, not_more, parts, printings, ratings, ratios,
    report::Findings, rows, series, units,
};
use crate::domain::{catalogue::Catalogue, id::*, observation::Observation};

/// What a rule looks at, and what it remembers while the units pass by.
pub(super) trait Check<'a> {
    /// Looks at all figures of one unit.
    fn unit(&mut self, _chunk: &Chunk<'_>, _findings: &mut Findings<'a>) {}

    /// Judges what only all units together show.
    fn finish(&mut self, _findings: &mut Findings<'a>) {}
}

/// Applies rules to figures that come unit by unit.
pub struct Evaluator<'a> {
    checks: Vec<Box<dyn Check<'a> + Send + 'a>>,
    findings: Findings<'a>,
}

impl<'a> Evaluator<'a> {
    /// Begins. `only`: findings about this document only; its figures are new, those of other documents are published
    /// ones that they are compared with. An older version of the document itself must not be among the figures.
    pub fn new(rules: &'a [Arc<Rule>], catalogue: &'a Catalogue, only: Option<DocumentId>) -> Self {
        let checks = rules.iter().map(|rule| check(rule, catalogue, only)).collect();
        Self { checks, findings: Findings::new(rules, catalogue, only) }
    }

    /// Looks at all figures of one unit; called once for each unit. Keeps nothing of the figures but small sums.
    pub fn unit(&mut self, observations: &[Observation]) {
        self.look(observations.iter());
    }

    fn look<'c>(&mut self, observations: impl Iterator<Item = &'c Observation>) {
        let chunk = Chunk::new(observations, self.findings.only);
        for (number, check) in self.checks.iter_mut().enumerate() {
            self.findings.rule = number;
            check.unit(&chunk, &mut self.findings);
        }
    }

    /// The findings in the order of the rules and, within a rule, of documents and position.
    pub fn finish(mut self) -> Vec<Finding> {
        for (number, check) in self.checks.iter_mut().enumerate() {
            self.findings.rule = number;
            check.finish(&mut self.findings);
        }
        unique(self.findings.in_order())
    }
}

/// Applies the rules to all figures at once.
pub fn evaluate(rules: &[Arc<Rule>], catalogue: &Catalogue, observations: &[Observation]) -> Vec<Finding> {
    let mut units: BTreeMap<UnitId, Vec<&Observation>> = BTreeMap::new();
    for o in observations {
        units.entry(o.series.unit).or_default().push(o);
    }
    let mut evaluator = Evaluator::new(rules, catalogue, None);
    for of_unit in units.into_values() {
        evaluator.look(of_unit.into_iter());
    }
    evaluator.finish()
}

fn check<'a>(rule: &'a Rule, catalogue: &'a Catalogue, only: Option<DocumentId>) -> Box<dyn Check<'a> + Send + 'a> {
    match rule.check {
        CheckKind::BreakdownsAddUp => Box::new(parts::BreakdownsAddUp::new(rule, catalogue)),
        CheckKind::RowsAddUp => Box::new(rows::RowsAddUp::new(catalogue, only)),
        CheckKind::Balance => Box::new(parts::Balance(rule)),
        CheckKind::NotMore => Box::new(not_more::NotMore(rule)),
        CheckKind::RatioHolds => Box::new(ratios::RatioHolds),
        CheckKind::WithinBounds => Box::new(bounds::WithinBounds),
        CheckKind::PrintingsAgree => Box::new(printings::PrintingsAgree),
        CheckKind::NeverFalls => Box::new(series::NeverFalls),
        CheckKind::RatingAgrees => Box::new(ratings::RatingAgrees::new(catalogue, only)),
        CheckKind::UnitsAddUp => Box::<units::UnitsAddUp>::default(),
        CheckKind::Jump => Box::new(jump::Jump::new(rule)),
        CheckKind::DatesAgree => Box::<dates::DatesAgree>::default(),
        CheckKind::ColumnMatches => Box::new(columns::ColumnMatches::new(rule, catalogue)),
    }
}

/// Gives findings of the same code a number each, but for the first.
fn unique(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut taken: HashSet<String> = findings.iter().map(|f| f.code.clone()).collect();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for finding in &mut findings {
        let nth = seen.entry(finding.code.clone()).and_modify(|n| *n += 1).or_insert(1);
        if *nth > 1 {
            let mut code = format!("{}:{nth}", finding.code);
            while !taken.insert(code.clone()) {
                *nth += 1;
                code = format!("{}:{nth}", finding.code);
            }
            finding.code = code;
        }
    }
    findings
}
