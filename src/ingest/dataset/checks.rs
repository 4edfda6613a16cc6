//! Checks that need the whole data set: identities, one preferred figure a key, orphans.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::*;
use crate::domain::{
    id::*,
    observation::{SeriesKey, identity},
    period::Period,
};

pub fn whole(folder: &Folder, parts: &Parts, observations: &mut [Observation]) {
    put_in_order(parts, observations);
    name(parts, observations);
    one_preferred(folder, parts, observations);
    orphans(folder, parts, observations);
}

/// Puts the figures in the order of their documents: the body first, then the tables.
fn put_in_order(parts: &Parts, observations: &mut [Observation]) {
    let place_of_table = |o: &Observation| {
        let code = o.locator.table.as_ref()?;
        parts.tables.iter().find(|t| t.document == o.document && t.code == *code).map(|t| t.position)
    };
    observations.sort_by_key(|o| (o.release, place_of_table(o)));
    for (i, o) in observations.iter_mut().enumerate() {
        o.position = key(i);
    }
}

/// Numbers the figures and their series, and gives each figure an identity that follows from what it is
/// and where it stands, so that the same file gives the same identities in every database.
fn name(parts: &Parts, observations: &mut [Observation]) {
    let catalogue = Catalogue::new(parts.clone());
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut series: HashMap<SeriesKey, i32> = HashMap::new();
    for (i, o) in observations.iter_mut().enumerate() {
        let next = key(series.len());
        o.series_id = *series.entry(o.series.clone()).or_insert(next);
        o.id = i64::from(key(i));
        let document = catalogue.document(o.document).map_or("", |d| &d.code);
        let indicator = catalogue.indicator(o.series.indicator).map_or("", |i| &i.code);
        let unit = catalogue.unit(o.series.unit).map(|u| u.key()).unwrap_or_default();
        let nth = seen.entry(identity(document, indicator, &unit, o, 0)).or_default();
        *nth += 1;
        o.uid = identity(document, indicator, &unit, o, *nth);
    }
}

fn one_preferred(folder: &Folder, parts: &Parts, observations: &[Observation]) {
    let catalogue = Catalogue::new(parts.clone());
    let mut keys: HashMap<(&SeriesKey, Period), Vec<&Observation>> = HashMap::new();
    for o in observations {
        keys.entry((&o.series, o.period)).or_default().push(o);
    }
    let mut wrong = BTreeMap::new();
    for ((series, period), printings) in keys {
        let preferred = printings.iter().filter(|o| o.preferred).count();
        if preferred != 1 {
            let code = catalogue.indicator(series.indicator).map_or("", |i| &i.code);
            let places: Vec<String> = printings
                .iter()
                .map(|o| format!("`{}` in {}", o.as_printed, o.locator.describe(crate::domain::text::Language::En)))
                .collect();
            let unit = catalogue.unit(series.unit).map(|u| u.key()).unwrap_or_default();
            wrong.insert(
                format!("{code}, {unit}, `{}`, {}, {period}", series.breakdown, series.accumulation.code()),
                format!("{preferred} preferred figures instead of one: {}", places.join("; ")),
            );
        }
    }
    for (key, message) in wrong {
        folder.problem("figures", 0, format!("{key}: {message}"));
    }
}

fn orphans(folder: &Folder, parts: &Parts, observations: &[Observation]) {
    let mut used: HashSet<IndicatorId> = observations.iter().map(|o| o.series.indicator).collect();
    used.extend(parts.targets.iter().map(|t| t.indicator));
    for indicator in &parts.indicators {
        used.extend(
            [&indicator.numerator, &indicator.denominator, &indicator.growth_of]
                .into_iter()
                .flatten()
                .map(|q| q.indicator),
        );
    }
    for indicator in parts.indicators.iter().filter(|i| !used.contains(&i.id)) {
        let message = format!("`{}` is an orphan: no figure, target or other indicator uses it", indicator.code);
        folder.problem_of("indicators", &indicator.code, message);
    }
    let mut cited: HashSet<DocumentId> = parts.references.iter().map(|r| r.to).collect();
    cited.extend(parts.unit_events.iter().filter_map(|e| e.legal_basis));
    cited.extend(parts.releases.iter().filter_map(|r| r.document));
    for document in parts.documents.iter().filter(|d| !cited.contains(&d.id)) {
        let message = format!("`{}` is an orphan: nothing cites it or rests on it", document.code);
        folder.problem_of("documents", &document.code, message);
    }
    for measure in &parts.units_of_measure {
        if !parts.indicators.iter().any(|i| i.unit_of_measure == measure.code) {
            folder.problem_of(
                "units_of_measure",
                &measure.code,
                format!("`{}` is an orphan: no indicator uses it", measure.code),
            );
        }
    }
    for topic in &parts.topics {
        let is_parent = parts.topics.iter().any(|t| t.parent.as_ref() == Some(&topic.code));
        if topic.parent.is_some() && !is_parent && !parts.indicators.iter().any(|i| i.topic == topic.code) {
            folder.problem_of(
                "topics",
                &topic.code,
                format!("`{}` is an orphan: no indicator belongs to it", topic.code),
            );
        }
    }
    let positions = observations.iter().map(|o| &o.series.breakdown).chain(parts.targets.iter().map(|t| &t.breakdown));
    let named: HashSet<String> = positions.flat_map(|b| b.pairs().map(|(d, v)| format!("{d}={v}"))).collect();
    for (dimension, value) in parts.dimensions.iter().flat_map(|d| d.values.iter().map(move |v| (d, v))) {
        let pair = format!("{}={}", dimension.code, value.code);
        if !named.contains(&pair) {
            folder.problem_of("dimensions", &pair, format!("`{pair}` is an orphan: no figure or target has it"));
        }
    }
}
