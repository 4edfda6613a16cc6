//! Rules applied to a submission: its figures as they would stand beside what is published.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use sea_orm::ConnectionTrait;

use crate::{
    domain::{
        catalogue::{Catalogue, Parts},
        document::{Document, DocumentType},
        id::*,
        observation::{Observation, SeriesKey},
        period::Period,
        rule::{Evaluator, Finding, Severity},
        selection::Condition,
        submission::Header,
        text::Language,
    },
    store::{
        self, Scope, StoreError,
        submissions::{Part, SubmissionFinding},
    },
};

/// Where the figures of a submission are.
#[derive(Debug, Clone, Copy)]
pub enum Figures<'a> {
    /// In memory.
    Here(&'a [Observation]),
    /// In the database, under these imports.
    Stored(&'a [i32]),
}

/// What a submission changes in what its report says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Diff {
    /// Keys that the report has not printed before.
    pub added: u64,
    /// Keys whose figure is another.
    pub changed: u64,
    /// Keys whose figure is the same.
    pub unchanged: u64,
    /// The first changes: before and after; nothing before for an added one.
    pub changes: Vec<(Option<Observation>, Observation)>,
}

/// What validation says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Verdict {
    /// What rules found.
    pub findings: Vec<SubmissionFinding>,
    /// What would change.
    pub diff: Diff,
}

/// Most changes that are kept to be shown.
const SHOWN_CHANGES: usize = 100;
/// Published figures that are read in one statement: units are taken together up to so many.
const FIGURES_AT_ONCE: u64 = 20_000;
/// Units that are taken together at most.
const UNITS_AT_ONCE: usize = 100;

/// The catalogue as it would be with the submission, and the document's key in it.
pub fn with_submission(catalogue: &Catalogue, header: &Header, parts: &[Part]) -> (Catalogue, DocumentId) {
    let mut all: Parts = Parts::clone(catalogue);
    let document = match catalogue.document_by_code(&header.report) {
        Some(known) => known.id,
        None => {
            let id = DocumentId(all.documents.iter().map(|d| d.id.0).max().unwrap_or(0) + 1);
            let new = Document {
                id,
                code: header.report.clone(),
                number: Some(header.report.clone()),
                kind: DocumentType::Report,
                issuer: None,
                issued_on: Some(header.issued_on),
                title: header.title.clone(),
                note: None,
                sections: Vec::new(),
            };
            all.documents.push(Arc::new(new));
            id
        }
    };
    for part in parts {
        match part {
            Part::Table(table) => {
                all.tables.retain(|t| t.document != document || t.code != table.code);
                let mut table = table.clone();
                table.document = document;
                all.tables.push(Arc::new(table));
            }
            Part::Assessment(assessment) => {
                let is_same = |a: &Arc<crate::domain::target::Assessment>| {
                    a.document == document && (a.resolution, a.number) == (assessment.resolution, assessment.number)
                };
                all.assessments.retain(|a| !is_same(a));
                let mut assessment = assessment.clone();
                assessment.document = document;
                all.assessments.push(Arc::new(assessment));
            }
            Part::Section(_) => {}
        }
    }
    (Catalogue::new(all), document)
}

/// Applies the rules to a submission and compares it with what is published.
///
/// # Errors
/// As the database says.
pub async fn run(
    connection: &impl ConnectionTrait,
    catalogue: &Catalogue,
    scope: Scope,
    header: &Header,
    parts: &[Part],
    figures: Figures<'_>,
) -> Result<Verdict, StoreError> {
    let (catalogue, document) = with_submission(catalogue, header, parts);
    let is_known = catalogue.report_of(document).is_some();
    let mut by_unit: BTreeMap<UnitId, Vec<&Observation>> = BTreeMap::new();
    let mut units: BTreeSet<UnitId> = match figures {
        Figures::Here(list) => {
            for o in list {
                by_unit.entry(o.series.unit).or_default().push(o);
            }
            by_unit.keys().copied().collect()
        }
        Figures::Stored(imports) => store::submissions::units_of(connection, imports).await?,
    };
    if is_known {
        units.extend(store::observations::units_of_document(connection, scope, document).await?);
    }
    let mut evaluator = Evaluator::new(&catalogue.rules, &catalogue, Some(document));
    let mut diff = Diff::default();
    let mut places: HashMap<String, String> = HashMap::new();
    for some in together(connection, scope, units.into_iter().collect()).await? {
        let known = Condition::Units(some.clone());
        let mut published: HashMap<UnitId, Vec<Observation>> = HashMap::new();
        for o in store::observations::of_condition(connection, scope, &known).await? {
            published.entry(o.series.unit).or_default().push(o);
        }
        for unit in &some {
            let mut new: Vec<Observation> = match figures {
                Figures::Here(_) => by_unit.remove(unit).unwrap_or_default().into_iter().cloned().collect(),
                Figures::Stored(imports) => store::submissions::rows_of_unit(connection, imports, *unit).await?,
            };
            for o in &mut new {
                o.document = document;
            }
            let together = beside(published.remove(unit).unwrap_or_default(), new, document, &mut diff);
            evaluator.unit(&together);
            remember_places(&mut places, &together, document);
        }
    }
    let rule_severity = |code: &str| catalogue.rule(code).map_or(Severity::Warning, |r| r.severity);
    let findings = evaluator.finish().into_iter().map(|f| finding(f, rule_severity, &places)).collect();
    Ok(Verdict { findings, diff })
}

/// Units in groups, so that the published figures of a group fit into memory.
///
/// # Errors
/// As the database says.
pub async fn together(
    connection: &impl ConnectionTrait,
    scope: Scope,
    units: Vec<UnitId>,
) -> Result<Vec<Vec<UnitId>>, StoreError> {
    let counts = store::observations::count_by_unit(connection, scope).await?;
    let (mut groups, mut figures): (Vec<Vec<UnitId>>, u64) = (Vec::new(), FIGURES_AT_ONCE);
    for unit in units {
        let own = counts.get(&unit).copied().unwrap_or(0);
        let is_full = figures + own > FIGURES_AT_ONCE || groups.last().is_none_or(|g| g.len() == UNITS_AT_ONCE);
        match groups.last_mut().filter(|_| !is_full) {
            Some(group) => {
                group.push(unit);
                figures += own;
            }
            None => {
                groups.push(vec![unit]);
                figures = own;
            }
        }
    }
    Ok(groups)
}

/// Most places that are remembered for findings: more figures than a person looks at.
const PLACES: usize = 50_000;

fn remember_places(places: &mut HashMap<String, String>, figures: &[Observation], document: DocumentId) {
    for o in figures.iter().filter(|o| o.document == document) {
        if places.len() == PLACES {
            return;
        }
        let place = match o.locator.describe(Language::Vi) {
            place if place.is_empty() => format!("dòng {}", o.position),
            place => place,
        };
        places.insert(o.uid.clone(), place);
    }
}

fn finding(f: Finding, severity: impl Fn(&str) -> Severity, places: &HashMap<String, String>) -> SubmissionFinding {
    SubmissionFinding {
        severity: severity(&f.rule),
        place: f.figures.first().and_then(|uid| places.get(uid)).cloned().unwrap_or_default(),
        code: f.code,
        rule: f.rule,
        expected: f.expected,
        actual: f.actual,
        difference: f.difference,
        message: f.message,
        figures: f.figures,
        waived_by: None,
        waived_reason: String::new(),
    }
}

/// The figures of a unit as they would stand: new ones replace those that the document printed for the same key,
/// and are preferred to those of other documents.
fn beside(
    published: Vec<Observation>,
    new: Vec<Observation>,
    document: DocumentId,
    diff: &mut Diff,
) -> Vec<Observation> {
    let mut before: HashMap<(SeriesKey, Period), Vec<Observation>> = HashMap::new();
    for o in published {
        before.entry((o.series.clone(), o.period)).or_default().push(o);
    }
    let mut together = Vec::with_capacity(new.len());
    let mut replaced: HashMap<(SeriesKey, Period), Vec<Observation>> = HashMap::new();
    for o in new {
        let key = (o.series.clone(), o.period);
        if let Some(known) = before.remove(&key) {
            replaced.insert(key.clone(), known);
        }
        if o.preferred {
            let old = replaced.get(&key).into_iter().flatten().find(|k| k.document == document);
            match old {
                None => diff.added += 1,
                Some(old) if old.says_the_same(&o) => diff.unchanged += 1,
                Some(_) => diff.changed += 1,
            }
            if !old.is_some_and(|old| old.says_the_same(&o)) && diff.changes.len() < SHOWN_CHANGES {
                diff.changes.push((old.cloned(), o.clone()));
            }
        }
        together.push(o);
    }
    let others = replaced.into_values().flatten().filter(|o| o.document != document);
    together.extend(others.map(|o| Observation { preferred: false, ..o }));
    together.extend(before.into_values().flatten());
    together
}
