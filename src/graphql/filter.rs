//! Filters and orders of figures: from what a caller writes to a [`Condition`].

use std::collections::BTreeSet;

use async_graphql::{Enum, InputObject, MaybeUndefined};

use super::{
    connection::decode_cursor,
    context::Reader,
    error::{Fault, Result},
    scalars::{Date, Decimal, PeriodCode, at_most, given, shorten},
    types::enums::{Accumulation, Qualifier, Status, UnitKind},
};
use crate::domain::{
    breakdown::Breakdown,
    id::*,
    period::parse_date,
    selection::{Condition, Mark, MarkKey, Sort, SortBy},
};

/// Most codes in a list.
const MAX_CODES: usize = 1_000;
/// Most other values in a list.
const MAX_VALUES: usize = 250;
/// Most filters inside of one another.
const MAX_DEPTH: usize = 6;
/// Most conditions in a filter, all together: each costs the database a test of every figure.
const MAX_CONDITIONS: usize = 300;

/// Conditions on figures, at most 300 in all. All that are given must hold; a condition that is left out is none, an
/// empty list of values matches nothing, and null is an error.
#[derive(InputObject, Debug, Clone, Default)]
pub struct ObservationFilter {
    /// Every one of these holds; at most 50.
    and: MaybeUndefined<Vec<ObservationFilter>>,
    /// At least one of these holds; at most 50.
    or: MaybeUndefined<Vec<ObservationFilter>>,
    /// This does not hold.
    not: MaybeUndefined<Box<ObservationFilter>>,
    /// Of one of these indicators, by code; at most 1,000.
    indicators: MaybeUndefined<Vec<String>>,
    /// Of an indicator of one of these topics or of those below them, by code; at most 250.
    topics: MaybeUndefined<Vec<String>>,
    /// Of one of these units, by code (every bearer of it) or `code@first-day`; at most 1,000.
    units: MaybeUndefined<Vec<String>>,
    /// Of a unit of one of these kinds.
    unit_kinds: MaybeUndefined<Vec<UnitKind>>,
    /// Of a unit below this one, at any depth, by code; not of the unit itself.
    below_unit: MaybeUndefined<String>,
    /// On exactly one of these positions of the extra axes: `channel=online;level=district`, the empty text
    /// for the total; at most 250.
    breakdowns: MaybeUndefined<Vec<String>>,
    /// Has one of some values on an extra axis, whatever its place on the others.
    dimension: MaybeUndefined<DimensionFilter>,
    /// Relates to time in one of these ways.
    accumulations: MaybeUndefined<Vec<Accumulation>>,
    /// Refers to exactly one of these periods; at most 250.
    periods: MaybeUndefined<Vec<PeriodCode>>,
    /// Its period ends on this day or later.
    from: MaybeUndefined<Date>,
    /// Its period ends on this day or earlier.
    to: MaybeUndefined<Date>,
    /// Has one of these states.
    statuses: MaybeUndefined<Vec<Status>>,
    /// Is qualified in one of these ways.
    qualifiers: MaybeUndefined<Vec<Qualifier>>,
    /// Printed in one of these documents, by code; at most 1,000.
    documents: MaybeUndefined<Vec<String>>,
    /// Printed in this section or in one below it: `II.3.5`.
    section: MaybeUndefined<String>,
    /// Printed in the footnote with this number.
    footnote: MaybeUndefined<i32>,
    /// Printed in the table with this code: `II`.
    table: MaybeUndefined<String>,
    /// The value is this or more, in the indicator's own unit of measure.
    value_from: MaybeUndefined<Decimal>,
    /// The value is this or less, in the indicator's own unit of measure.
    value_to: MaybeUndefined<Decimal>,
    /// There is a value (true) or there is none (false).
    has_value: MaybeUndefined<bool>,
    /// The figure answers by default (true) or is another printing (false).
    is_preferred: MaybeUndefined<bool>,
}

/// Values on an extra axis.
#[derive(InputObject, Debug, Clone, Default)]
pub struct DimensionFilter {
    /// Code of the axis.
    dimension: String,
    /// Codes of the values; at most 250. An empty list matches nothing.
    values: Vec<String>,
}

/// Order of figures. Equal ones stand in the order of their keys; figures without a value come last.
#[derive(Enum, Debug, Copy, Clone, PartialEq, Eq, Hash)]
pub enum ObservationSort {
    /// By the last day of the period, then the first, oldest first.
    PeriodAsc,
    /// By the last day of the period, then the first, newest first.
    PeriodDesc,
    /// By the code of the unit.
    UnitAsc,
    /// By the code of the unit, backwards.
    UnitDesc,
    /// By value, smallest first.
    ValueAsc,
    /// By value, largest first.
    ValueDesc,
    /// By document and place in it.
    PlaceAsc,
}

impl From<ObservationSort> for Sort {
    fn from(sort: ObservationSort) -> Self {
        let (by, descending) = match sort {
            ObservationSort::PeriodAsc => (SortBy::Period, false),
            ObservationSort::PeriodDesc => (SortBy::Period, true),
            ObservationSort::UnitAsc => (SortBy::Unit, false),
            ObservationSort::UnitDesc => (SortBy::Unit, true),
            ObservationSort::ValueAsc => (SortBy::Value, false),
            ObservationSort::ValueDesc => (SortBy::Value, true),
            ObservationSort::PlaceAsc => (SortBy::Place, false),
        };
        Self { by, descending }
    }
}

/// The condition of a filter; no filter is no condition.
pub fn condition(reader: &Reader, filter: Option<ObservationFilter>) -> Result<Condition> {
    let Some(filter) = filter else { return Ok(Condition::All(Vec::new())) };
    let condition = read(reader, filter, "filter", 1)?;
    match condition.size() {
        size if size > MAX_CONDITIONS => Err(Fault::LimitExceeded {
            limit: "filterConditions",
            message: format!("filter: {size} conditions asked, {MAX_CONDITIONS} allowed."),
        }),
        _ => Ok(condition),
    }
}

fn read(reader: &Reader, filter: ObservationFilter, path: &str, depth: usize) -> Result<Condition> {
    if depth > MAX_DEPTH {
        return Err(Fault::LimitExceeded {
            limit: "filterDepth",
            message: format!("{path}: filters stand more than {MAX_DEPTH} deep in one another."),
        });
    }
    let at = |field: &str| format!("{path}.{field}");
    let mut all = Vec::new();
    let inner = |list: Vec<ObservationFilter>, field: &str| {
        let list = at_most(list, 50, &at(field))?;
        list.into_iter()
            .enumerate()
            .map(|(i, f)| read(reader, f, &format!("{path}.{field}.{i}"), depth + 1))
            .collect::<Result<Vec<_>>>()
    };
    if let Some(list) = given(filter.and, &at("and"))? {
        all.extend(inner(list, "and")?);
    }
    if let Some(list) = given(filter.or, &at("or"))? {
        all.push(Condition::Any(inner(list, "or")?));
    }
    if let Some(filter) = given(filter.not, &at("not"))? {
        all.push(Condition::Not(Box::new(read(reader, *filter, &at("not"), depth + 1)?)));
    }
    if let Some(codes) = given(filter.indicators, &at("indicators"))? {
        all.push(Condition::Indicators(indicators(reader, codes, &at("indicators"))?));
    }
    if let Some(codes) = given(filter.topics, &at("topics"))? {
        all.push(Condition::Indicators(indicators_of_topics(
            reader,
            &at_most(codes, MAX_VALUES, &at("topics"))?,
            &at("topics"),
        )?));
    }
    if let Some(codes) = given(filter.units, &at("units"))? {
        all.push(Condition::Units(units(reader, codes, &at("units"))?));
    }
    if let Some(kinds) = given(filter.unit_kinds, &at("unitKinds"))? {
        let of_kind = reader.catalogue().units.iter().filter(|u| kinds.contains(&u.kind.into()));
        all.push(Condition::Units(of_kind.map(|u| u.id).collect()));
    }
    if let Some(code) = given(filter.below_unit, &at("belowUnit"))? {
        all.push(Condition::Units(units_below(reader, &code, &at("belowUnit"))?.into_iter().collect()));
    }
    if let Some(keys) = given(filter.breakdowns, &at("breakdowns"))? {
        let keys = at_most(keys, MAX_VALUES, &at("breakdowns"))?;
        let keys = keys.iter().map(|key| breakdown(reader, key, &at("breakdowns"))).collect::<Result<_>>()?;
        all.push(Condition::Breakdowns(keys));
    }
    if let Some(DimensionFilter { dimension, values }) = given(filter.dimension, &at("dimension"))? {
        if reader.catalogue().dimension(&dimension).is_none() {
            return Err(unknown("dimension", &dimension, &at("dimension")));
        }
        for value in at_most(values.clone(), MAX_VALUES, &at("dimension.values"))? {
            let pair = Breakdown::from_pairs([(dimension.clone(), value)]).unwrap_or_default();
            reader.catalogue().check_breakdown(&pair).map_err(|message| Fault::bad_input(at("dimension"), message))?;
        }
        all.push(Condition::Dimension(dimension, values));
    }
    if let Some(list) = given(filter.accumulations, &at("accumulations"))? {
        all.push(Condition::Accumulations(list.into_iter().map(Into::into).collect()));
    }
    if let Some(codes) = given(filter.periods, &at("periods"))? {
        let codes = at_most(codes, MAX_VALUES, &at("periods"))?;
        all.push(Condition::Periods(codes.iter().map(|c| c.period(&at("periods"))).collect::<Result<_>>()?));
    }
    let from = given(filter.from, &at("from"))?.map(|d| d.day(&at("from"))).transpose()?;
    let to = given(filter.to, &at("to"))?.map(|d| d.day(&at("to"))).transpose()?;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Fault::bad_input(at("to"), "lies before `from`; nothing can lie between."));
    }
    all.extend(from.map(Condition::EndsFrom));
    all.extend(to.map(Condition::EndsTo));
    if let Some(list) = given(filter.statuses, &at("statuses"))? {
        all.push(Condition::Statuses(list.into_iter().map(Into::into).collect()));
    }
    if let Some(list) = given(filter.qualifiers, &at("qualifiers"))? {
        all.push(Condition::Qualifiers(list.into_iter().map(Into::into).collect()));
    }
    if let Some(codes) = given(filter.documents, &at("documents"))? {
        let codes = at_most(codes, MAX_CODES, &at("documents"))?;
        all.push(Condition::Documents(
            codes.iter().map(|c| document(reader, c, &at("documents"))).collect::<Result<_>>()?,
        ));
    }
    if let Some(code) = given(filter.section, &at("section"))? {
        all.push(Condition::Sections(sections_below(reader, &short(code, &at("section"))?)));
    }
    all.extend(given(filter.footnote, &at("footnote"))?.map(Condition::Footnote));
    if let Some(code) = given(filter.table, &at("table"))? {
        all.push(Condition::Table(short(code, &at("table"))?));
    }
    let value_from = given(filter.value_from, &at("valueFrom"))?.map(|v| v.exact(&at("valueFrom"))).transpose()?;
    let value_to = given(filter.value_to, &at("valueTo"))?.map(|v| v.exact(&at("valueTo"))).transpose()?;
    if value_from.zip(value_to).is_some_and(|(from, to)| from.decimal() > to.decimal()) {
        return Err(Fault::bad_input(at("valueTo"), "is less than `valueFrom`; nothing can lie between."));
    }
    all.extend(value_from.map(Condition::AtLeast));
    all.extend(value_to.map(Condition::AtMost));
    all.extend(given(filter.has_value, &at("hasValue"))?.map(Condition::HasValue));
    all.extend(given(filter.is_preferred, &at("isPreferred"))?.map(Condition::Preferred));
    Ok(Condition::All(all))
}

fn short(text: String, argument: &str) -> Result<String> {
    match text.len() > 200 || text.chars().any(char::is_control) {
        true => Err(Fault::bad_input(argument, format!("`{}` is no code of a document.", shorten(&text)))),
        false => Ok(text),
    }
}

/// The section with a code and those below it, in the outlines of all documents.
fn sections_below(reader: &Reader, code: &str) -> Vec<String> {
    let sections = reader.catalogue().documents.iter().flat_map(|d| &d.sections).map(|s| &s.code);
    let below = |s: &&String| s.strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let found: BTreeSet<&String> = sections.filter(below).collect();
    found.into_iter().cloned().collect()
}

/// An indicator by code.
pub fn indicator(reader: &Reader, code: &str, argument: &str) -> Result<IndicatorId> {
    let found = reader.catalogue().indicator_by_code(code).map(|i| i.id);
    found.ok_or_else(|| unknown("indicator", code, argument))
}

/// Indicators by code.
pub fn indicators(reader: &Reader, codes: Vec<String>, argument: &str) -> Result<Vec<IndicatorId>> {
    at_most(codes, MAX_CODES, argument)?.iter().map(|code| indicator(reader, code, argument)).collect()
}

/// The indicators of topics and of those below them.
pub fn indicators_of_topics(reader: &Reader, codes: &[String], argument: &str) -> Result<Vec<IndicatorId>> {
    let mut topics = BTreeSet::new();
    for code in codes {
        reader.catalogue().topic(code).ok_or_else(|| unknown("topic", code, argument))?;
        topics.extend(reader.catalogue().topic_and_below(code));
    }
    Ok(reader.catalogue().indicators.iter().filter(|i| topics.contains(&i.topic)).map(|i| i.id).collect())
}

/// Units by code, which means every bearer of it, or by `code@first-day`.
pub fn units(reader: &Reader, codes: Vec<String>, argument: &str) -> Result<Vec<UnitId>> {
    let mut found = Vec::new();
    for code in at_most(codes, MAX_CODES, argument)? {
        found.extend(bearers(reader, &code, argument)?);
    }
    Ok(found)
}

fn bearers(reader: &Reader, code: &str, argument: &str) -> Result<Vec<UnitId>> {
    let found: Vec<UnitId> = match code.contains('@') {
        true => reader.catalogue().unit_by_key(code).map(|u| u.id).into_iter().collect(),
        false => reader.catalogue().unit_versions(code).map(|u| u.id).collect(),
    };
    if found.is_empty() { Err(unknown("unit", code, argument)) } else { Ok(found) }
}

/// All units below the bearers of a code, without these.
pub fn units_below(reader: &Reader, code: &str, argument: &str) -> Result<BTreeSet<UnitId>> {
    let tops = bearers(reader, code, argument)?;
    let mut found: BTreeSet<UnitId> = tops.iter().flat_map(|top| reader.catalogue().unit_and_below(*top)).collect();
    found.retain(|id| !tops.contains(id));
    Ok(found)
}

/// A document by code.
pub fn document(reader: &Reader, code: &str, argument: &str) -> Result<DocumentId> {
    reader.catalogue().document_by_code(code).map(|d| d.id).ok_or_else(|| unknown("document", code, argument))
}

/// A quantity by its code and breakdown.
///
/// # Errors
/// If it is not known.
pub fn quantity(reader: &Reader, written: &str, argument: &str) -> Result<crate::domain::indicator::Quantity> {
    let read = written.parse::<crate::domain::indicator::QuantityRef>();
    read.and_then(|q| reader.catalogue().quantity(&q)).map_err(|message| Fault::bad_input(argument, message))
}

/// A position on the extra axes by its key.
pub fn breakdown(reader: &Reader, key: &str, argument: &str) -> Result<Breakdown> {
    let read: Breakdown =
        key.parse().map_err(|e: crate::domain::breakdown::BreakdownError| Fault::bad_input(argument, e.to_string()))?;
    reader.catalogue().check_breakdown(&read).map_err(|message| Fault::bad_input(argument, message))?;
    Ok(read)
}

fn unknown(what: &str, code: &str, argument: &str) -> Fault {
    Fault::bad_input(argument, format!("unknown {what} `{}`.", shorten(code)))
}

/// The text behind the cursor of a figure.
pub fn encode_mark(sort: Sort, mark: &Mark) -> String {
    let keys: Vec<String> = mark
        .keys
        .iter()
        .map(|key| match key {
            MarkKey::Date(day) => day.to_string(),
            MarkKey::Code(code) => code.clone(),
            MarkKey::Number(bits) => format!("{bits:x}"),
            MarkKey::Whole(number) => number.to_string(),
        })
        .collect();
    format!("o|{}|{}|{}", sort_name(sort), keys.join("|"), mark.id)
}

fn sort_name(sort: Sort) -> String {
    format!("{:?}{}", sort.by, if sort.descending { "-" } else { "+" })
}

/// Reads the cursor of a figure; one of another order is refused.
pub fn decode_mark(sort: Sort, cursor: &str, argument: &str) -> Result<Mark> {
    let text = decode_cursor(cursor, argument)?;
    let foreign = || Fault::bad_input(argument, "this cursor is not one of this list and order.");
    let parts: Vec<&str> = text.split('|').collect();
    let [kind, order, keys @ .., id] = parts.as_slice() else { return Err(foreign()) };
    if *kind != "o" || *order != sort_name(sort) {
        return Err(foreign());
    }
    let key = |key: &&str| match sort.by {
        SortBy::Period => parse_date(key).map(MarkKey::Date),
        SortBy::Unit => Some(MarkKey::Code((*key).to_owned())),
        SortBy::Value => {
            u64::from_str_radix(key, 16).ok().filter(|bits| f64::from_bits(*bits).is_finite()).map(MarkKey::Number)
        }
        SortBy::Place => key.parse().ok().map(MarkKey::Whole),
    };
    let expected = match sort.by {
        SortBy::Period | SortBy::Place => 2,
        SortBy::Unit | SortBy::Value => 1,
    };
    let keys: Option<Vec<MarkKey>> = keys.iter().map(key).collect();
    let keys = keys.filter(|keys| keys.len() == expected).ok_or_else(foreign)?;
    Ok(Mark { keys, id: id.parse().map_err(|_| foreign())? })
}
