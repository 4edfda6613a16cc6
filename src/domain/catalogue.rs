//! The catalogue: everything that is not a figure, held in memory for one release.
//!
//! Units, indicators, documents, targets and systems number in the thousands while observations number
//! in the millions, so they are loaded once a release and looked up without a statement.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;

use super::{
    column::ColumnName,
    document::{Document, PrintedTable, Reference, Release, Report},
    id::*,
    indicator::{Dimension, Indicator, Quantity, QuantityRef, Topic, UnitOfMeasure},
    metadata::Version,
    observation::{Observation, SeriesKey},
    rule::{Finding, Rule},
    system::System,
    target::{self, Assessment, Target, Verdict},
    text::{Text, fold},
    unit::{Unit, UnitEvent},
};

/// The parts of a catalogue, in the order in which they are listed. What an answer shows is shared, not copied.
#[derive(Debug, Clone, PartialEq, Default)]
#[expect(missing_docs, reason = "each field is the list of what its type describes")]
pub struct Parts {
    pub units_of_measure: Vec<Arc<UnitOfMeasure>>,
    pub topics: Vec<Arc<Topic>>,
    pub dimensions: Vec<Dimension>,
    pub units: Vec<Arc<Unit>>,
    pub unit_events: Vec<Arc<UnitEvent>>,
    pub indicators: Vec<Arc<Indicator>>,
    pub documents: Vec<Arc<Document>>,
    pub references: Vec<Reference>,
    pub tables: Vec<Arc<PrintedTable>>,
    pub reports: Vec<Arc<Report>>,
    pub targets: Vec<Arc<Target>>,
    pub assessments: Vec<Arc<Assessment>>,
    pub systems: Vec<Arc<System>>,
    pub releases: Vec<Arc<Release>>,
    pub column_names: Vec<ColumnName>,
    pub rules: Vec<Arc<Rule>>,
    pub findings: Vec<Arc<Finding>>,
    pub versions: Vec<Arc<Version>>,
}

/// [`Parts`] with the indexes that look-ups need.
#[derive(Debug, Default)]
pub struct Catalogue {
    parts: Parts,
    units_by_id: HashMap<UnitId, usize>,
    units_by_code: HashMap<String, Vec<usize>>,
    unit_children: HashMap<UnitId, Vec<UnitId>>,
    unit_events_of: HashMap<UnitId, Vec<usize>>,
    indicators_by_id: HashMap<IndicatorId, usize>,
    indicators_by_code: HashMap<String, usize>,
    documents_by_id: HashMap<DocumentId, usize>,
    documents_by_code: HashMap<String, usize>,
    topics_by_code: HashMap<String, usize>,
    measures_by_code: HashMap<String, usize>,
    dimensions_by_code: HashMap<String, usize>,
    targets_by_quantity: HashMap<(IndicatorId, UnitId, String), Vec<usize>>,
    systems_by_indicator: HashMap<IndicatorId, Vec<usize>>,
}

impl std::ops::Deref for Catalogue {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

fn index<T, K: std::hash::Hash + Eq>(list: &[T], key: impl Fn(&T) -> K) -> HashMap<K, usize> {
    list.iter().enumerate().map(|(i, item)| (key(item), i)).collect()
}

fn group<T, K: std::hash::Hash + Eq>(list: &[T], keys: impl Fn(&T) -> Vec<K>) -> HashMap<K, Vec<usize>> {
    let mut groups: HashMap<K, Vec<usize>> = HashMap::new();
    for (i, item) in list.iter().enumerate() {
        for key in keys(item) {
            let places = groups.entry(key).or_default();
            if places.last() != Some(&i) {
                places.push(i);
            }
        }
    }
    groups
}

impl Catalogue {
    /// Indexes the parts.
    pub fn new(parts: Parts) -> Self {
        let mut unit_children: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
        for unit in &parts.units {
            if let Some(parent) = unit.parent {
                unit_children.entry(parent).or_default().push(unit.id);
            }
        }
        Self {
            units_by_id: index(&parts.units, |u| u.id),
            units_by_code: group(&parts.units, |u| vec![u.code.clone()]),
            unit_children,
            unit_events_of: group(&parts.unit_events, |e| {
                let ends: BTreeSet<UnitId> = e.links.iter().flat_map(|l| [l.from, l.to]).flatten().collect();
                ends.into_iter().collect()
            }),
            indicators_by_id: index(&parts.indicators, |i| i.id),
            indicators_by_code: index(&parts.indicators, |i| i.code.clone()),
            documents_by_id: index(&parts.documents, |d| d.id),
            documents_by_code: index(&parts.documents, |d| d.code.clone()),
            topics_by_code: index(&parts.topics, |t| t.code.clone()),
            measures_by_code: index(&parts.units_of_measure, |m| m.code.clone()),
            dimensions_by_code: index(&parts.dimensions, |d| d.code.clone()),
            targets_by_quantity: group(&parts.targets, |t| vec![(t.indicator, t.unit, t.breakdown.to_string())]),
            systems_by_indicator: group(&parts.systems, |s| s.indicators.clone()),
            parts,
        }
    }

    /// A unit version by key.
    pub fn unit(&self, id: UnitId) -> Option<&Arc<Unit>> {
        self.units_by_id.get(&id).map(|&i| &self.parts.units[i])
    }

    /// Every bearer of a code, oldest first.
    pub fn unit_versions(&self, code: &str) -> impl Iterator<Item = &Arc<Unit>> {
        let mut versions: Vec<&Arc<Unit>> =
            self.units_by_code.get(code).into_iter().flatten().map(|&i| &self.parts.units[i]).collect();
        versions.sort_by_key(|u| u.valid_from);
        versions.into_iter()
    }

    /// The bearer of a code on a day.
    pub fn unit_on(&self, code: &str, date: NaiveDate) -> Option<&Arc<Unit>> {
        self.unit_versions(code).find(|u| u.stood_on(date))
    }

    /// The latest bearer of a code.
    pub fn unit_latest(&self, code: &str) -> Option<&Arc<Unit>> {
        self.unit_versions(code).last()
    }

    /// A unit version by its natural key `code@first-day`.
    pub fn unit_by_key(&self, key: &str) -> Option<&Arc<Unit>> {
        let (code, _) = key.split_once('@')?;
        self.unit_versions(code).find(|u| u.key() == key)
    }

    /// Units whose parent is this one, in listing order.
    pub fn unit_children(&self, id: UnitId) -> impl Iterator<Item = &Arc<Unit>> {
        self.unit_children.get(&id).into_iter().flatten().filter_map(|&id| self.unit(id))
    }

    /// The unit and everything below it.
    pub fn unit_and_below(&self, id: UnitId) -> BTreeSet<UnitId> {
        let mut found = BTreeSet::new();
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(self.unit_children.get(&next).into_iter().flatten());
            }
        }
        found
    }

    /// Events in which a unit takes part, by date.
    pub fn unit_events(&self, id: UnitId) -> Vec<&Arc<UnitEvent>> {
        let mut events: Vec<&Arc<UnitEvent>> =
            self.unit_events_of.get(&id).into_iter().flatten().map(|&i| &self.parts.unit_events[i]).collect();
        events.sort_by_key(|e| e.effective_on);
        events
    }

    /// An indicator by key.
    pub fn indicator(&self, id: IndicatorId) -> Option<&Arc<Indicator>> {
        self.indicators_by_id.get(&id).map(|&i| &self.parts.indicators[i])
    }

    /// An indicator by code.
    pub fn indicator_by_code(&self, code: &str) -> Option<&Arc<Indicator>> {
        self.indicators_by_code.get(code).map(|&i| &self.parts.indicators[i])
    }

    /// A document by key.
    pub fn document(&self, id: DocumentId) -> Option<&Arc<Document>> {
        self.documents_by_id.get(&id).map(|&i| &self.parts.documents[i])
    }

    /// A document by code.
    pub fn document_by_code(&self, code: &str) -> Option<&Arc<Document>> {
        self.documents_by_code.get(code).map(|&i| &self.parts.documents[i])
    }

    /// The report that a document is.
    pub fn report_of(&self, document: DocumentId) -> Option<&Arc<Report>> {
        self.parts.reports.iter().find(|r| r.document == document)
    }

    /// A printed table of a document.
    pub fn table(&self, document: DocumentId, code: &str) -> Option<&Arc<PrintedTable>> {
        self.parts.tables.iter().find(|t| t.document == document && t.code == code)
    }

    /// A topic by code.
    pub fn topic(&self, code: &str) -> Option<&Arc<Topic>> {
        self.topics_by_code.get(code).map(|&i| &self.parts.topics[i])
    }

    /// Codes of a topic and the topics below it.
    pub fn topic_and_below(&self, code: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::from([code.to_owned()]);
        loop {
            let more: Vec<String> = self
                .parts
                .topics
                .iter()
                .filter(|t| t.parent.as_ref().is_some_and(|p| found.contains(p)) && !found.contains(&t.code))
                .map(|t| t.code.clone())
                .collect();
            if more.is_empty() {
                return found;
            }
            found.extend(more);
        }
    }

    /// A unit of measure by code.
    pub fn unit_of_measure(&self, code: &str) -> Option<&Arc<UnitOfMeasure>> {
        self.measures_by_code.get(code).map(|&i| &self.parts.units_of_measure[i])
    }

    /// A dimension by code.
    pub fn dimension(&self, code: &str) -> Option<&Dimension> {
        self.dimensions_by_code.get(code).map(|&i| &self.parts.dimensions[i])
    }

    /// Targets that a series is measured against.
    pub fn targets_of(&self, series: &SeriesKey) -> impl Iterator<Item = &Arc<Target>> {
        let key = (series.indicator, series.unit, series.breakdown.to_string());
        self.targets_by_quantity.get(&key).into_iter().flatten().map(|&i| &self.parts.targets[i])
    }

    /// The date of a document, else the day of the release that published it.
    pub fn written_on(&self, document: DocumentId) -> Option<NaiveDate> {
        let release = self.parts.releases.iter().find(|r| r.document == Some(document));
        let issued = self.document(document).and_then(|d| d.issued_on);
        issued.or(release.map(|r| r.published_at.date_naive()))
    }

    /// How a target part stands in a report that prints `result` for it.
    pub fn verdict(&self, assessment: &Assessment, target: &Target, result: Option<&Observation>) -> Verdict {
        let measure = target.unit_of_measure.as_ref().and_then(|code| self.unit_of_measure(code));
        let symbol = measure.map(|m| m.symbol.clone()).unwrap_or_default();
        target::compute(target, result, self.written_on(assessment.document).unwrap_or_default(), &symbol)
    }

    /// A rule by code.
    pub fn rule(&self, code: &str) -> Option<&Arc<Rule>> {
        self.parts.rules.iter().find(|r| r.code == code)
    }

    /// Systems that feed an indicator.
    pub fn systems_of(&self, indicator: IndicatorId) -> impl Iterator<Item = &Arc<System>> {
        self.systems_by_indicator.get(&indicator).into_iter().flatten().map(|&i| &self.parts.systems[i])
    }

    /// Looks up a written quantity; the error says what is unknown.
    pub fn quantity(&self, written: &QuantityRef) -> Result<Quantity, String> {
        let indicator = self
            .indicator_by_code(&written.indicator)
            .ok_or_else(|| format!("unknown indicator `{}`", written.indicator))?;
        self.check_breakdown(&written.breakdown)?;
        Ok(Quantity { indicator: indicator.id, breakdown: written.breakdown.clone() })
    }

    /// The written form of a quantity.
    pub fn quantity_ref(&self, quantity: &Quantity) -> QuantityRef {
        let indicator = self.indicator(quantity.indicator).map(|i| i.code.clone()).unwrap_or_default();
        QuantityRef { indicator, breakdown: quantity.breakdown.clone() }
    }

    /// Checks that every dimension and value of a breakdown exists.
    pub fn check_breakdown(&self, breakdown: &super::breakdown::Breakdown) -> Result<(), String> {
        for (dimension, value) in breakdown.pairs() {
            let known = self.dimension(dimension).ok_or_else(|| format!("unknown dimension `{dimension}`"))?;
            if !known.values.iter().any(|v| v.code == value) {
                return Err(format!("dimension `{dimension}` has no value `{value}`"));
            }
        }
        Ok(())
    }

    /// Names of the values of a breakdown: "Trực tuyến, Cấp huyện".
    pub fn breakdown_label(&self, breakdown: &super::breakdown::Breakdown) -> Text {
        let names: Vec<&Text> = breakdown
            .pairs()
            .filter_map(|(d, v)| self.dimension(d)?.values.iter().find(|x| x.code == v).map(|x| &x.name))
            .collect();
        let join = |pick: fn(&Text) -> &str| names.iter().map(|t| pick(t)).collect::<Vec<_>>().join(", ");
        Text::new(join(|t| &t.vi), join(|t| &t.en))
    }

    /// Units that bear a name, spelling or alias on a day; more than one if the name is ambiguous.
    pub fn units_named(&self, name: &str, on: NaiveDate) -> Vec<&Arc<Unit>> {
        let wanted = fold(name);
        let bears = |u: &&Arc<Unit>| {
            u.stood_on(on) && (fold(&u.name.vi) == wanted || u.aliases.iter().any(|a| fold(a) == wanted))
        };
        self.parts.units.iter().filter(bears).collect()
    }
}
