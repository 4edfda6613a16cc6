//! From what stands in a cell to the thing that it names, each wording looked up once.
//!
//! Owns the memory of wordings; a file repeats few of them in many rows.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Fault, nearest::nearest};
use crate::{
    domain::{
        breakdown::Breakdown,
        catalogue::Catalogue,
        id::{IndicatorId, UnitId},
        indicator::{Indicator, MeasureKind},
        period::{Period, parse_date},
        period_text,
        text::fold,
        unit::Unit,
    },
    ingest::problem::ProblemCode,
};

/// Wordings that are remembered of one column.
const REMEMBERED: usize = 50_000;
/// Longest wording that is remembered.
const REMEMBERED_BYTES: usize = 200;
/// Suggestions that are searched for; nobody reads more.
const SUGGESTIONS: u32 = 200;

/// What a reader must know of an indicator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Facts {
    /// Key.
    pub id: IndicatorId,
    /// Measure kind.
    pub kind: MeasureKind,
    /// True if it is counted in per cent.
    pub is_percent: bool,
    /// Power of ten of the unit of measure.
    pub multiplier: i16,
}

/// Answers by wording.
#[derive(Debug)]
struct Memory<T>(HashMap<String, Result<T, Fault>>);

impl<T: Clone> Memory<T> {
    fn get(&mut self, text: &str, find: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        if let Some(answer) = self.0.get(text) {
            return answer.clone();
        }
        let answer = find();
        if self.0.len() < REMEMBERED && text.len() <= REMEMBERED_BYTES {
            self.0.insert(text.to_owned(), answer.clone());
        }
        answer
    }
}

/// Everything that cells can name.
#[derive(Debug)]
pub struct Lookup<'c> {
    catalogue: &'c Catalogue,
    reference_day: NaiveDate,
    units_by_name: HashMap<String, Vec<&'c Unit>>,
    indicators_by_name: HashMap<String, Vec<&'c Indicator>>,
    suggestions: u32,
    indicators: Memory<Facts>,
    units: Memory<UnitId>,
    breakdowns: Memory<Breakdown>,
    periods: Memory<Period>,
    days: Memory<NaiveDate>,
}

/// Items by folded name, each once.
fn by_name<'c, T>(items: impl Iterator<Item = (&'c T, Vec<&'c str>)>) -> HashMap<String, Vec<&'c T>> {
    let mut found: HashMap<String, Vec<&'c T>> = HashMap::new();
    for (item, names) in items {
        for name in names.into_iter().map(fold).filter(|name| !name.is_empty()) {
            let bearers = found.entry(name).or_default();
            if !bearers.iter().any(|other| std::ptr::eq(*other, item)) {
                bearers.push(item);
            }
        }
    }
    found
}

fn memory<T>() -> Memory<T> {
    Memory(HashMap::new())
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

impl<'c> Lookup<'c> {
    /// Prepares the names of a catalogue; units are those that stood on `reference_day`.
    pub fn new(catalogue: &'c Catalogue, reference_day: NaiveDate) -> Self {
        let names = |vi: &'c str, aliases: &'c [String]| -> Vec<&'c str> {
            std::iter::once(vi).chain(aliases.iter().map(String::as_str)).collect()
        };
        let standing = catalogue.units.iter().filter(|unit| unit.stood_on(reference_day));
        let units_by_name = by_name(standing.map(|unit| (unit.as_ref(), names(&unit.name.vi, &unit.aliases))));
        let indicators_by_name = by_name(catalogue.indicators.iter().map(|indicator| {
            let mut all = names(&indicator.name.vi, &indicator.aliases);
            all.push(&indicator.name.en);
            (indicator.as_ref(), all)
        }));
        Self {
            catalogue,
            reference_day,
            units_by_name,
            indicators_by_name,
            suggestions: 0,
            indicators: memory(),
            units: memory(),
            breakdowns: memory(),
            periods: memory(),
            days: memory(),
        }
    }

    /// An indicator by code, else by a name that only one has.
    pub fn indicator(&mut self, text: &str) -> Result<Facts, Fault> {
        let Self { catalogue, indicators_by_name, suggestions, .. } = self;
        self.indicators.get(text, || {
            let named = || indicators_by_name.get(&fold(text)).map(Vec::as_slice).unwrap_or_default();
            let indicator = match (catalogue.indicator_by_code(text).map(AsRef::as_ref), named()) {
                (Some(indicator), _) => indicator,
                (None, [indicator]) => *indicator,
                (None, []) => {
                    let codes = catalogue.indicators.iter().map(|indicator| indicator.code.as_str());
                    let fault = Fault::new(ProblemCode::UnknownIndicator, format!("no indicator `{}`", short(text)));
                    return Err(fault.suggest(limited(suggestions, || nearest(text, codes))));
                }
                (None, several) => {
                    let codes: Vec<&str> = several.iter().take(5).map(|i| i.code.as_str()).collect();
                    let message = format!("{} indicators are called so", several.len());
                    return Err(Fault::new(ProblemCode::UnknownIndicator, message).suggest(Some(codes.join(", "))));
                }
            };
            let measure = catalogue.unit_of_measure(&indicator.unit_of_measure);
            Ok(Facts {
                id: indicator.id,
                kind: indicator.kind,
                is_percent: indicator.unit_of_measure == "PERCENT",
                multiplier: measure.map_or(0, |measure| measure.multiplier),
            })
        })
    }

    /// A unit by `code` or `code@first-day`, else by a name that only one bore on the reference day.
    pub fn unit(&mut self, text: &str) -> Result<UnitId, Fault> {
        let Self { catalogue, units_by_name, suggestions, reference_day, .. } = self;
        self.units.get(text, || {
            if let Some(unit) = catalogue.unit_on(text, *reference_day).or_else(|| catalogue.unit_by_key(text)) {
                return Ok(unit.id);
            }
            match units_by_name.get(&fold(text)).map(Vec::as_slice).unwrap_or_default() {
                [unit] => Ok(unit.id),
                [] => {
                    let standing = catalogue.units.iter().filter(|unit| unit.stood_on(*reference_day));
                    let known = standing.flat_map(|unit| [unit.code.as_str(), unit.name.vi.as_str()]);
                    let message = format!("no unit `{}` on {reference_day}", short(text));
                    let fault = Fault::new(ProblemCode::UnknownUnit, message);
                    Err(fault.suggest(limited(suggestions, || nearest(text, known))))
                }
                several => {
                    let codes: Vec<String> = several
                        .iter()
                        .take(5)
                        .map(|u| format!("{} ({}, {})", u.code, u.name.vi, u.kind.code()))
                        .collect();
                    let message = format!("{} units are called so: write the code", several.len());
                    Err(Fault::new(ProblemCode::AmbiguousUnit, message).suggest(Some(codes.join(", "))))
                }
            }
        })
    }

    /// A breakdown whose dimensions and values exist.
    pub fn breakdown(&mut self, text: &str) -> Result<Breakdown, Fault> {
        if text.is_empty() {
            return Ok(Breakdown::default());
        }
        let catalogue = self.catalogue;
        self.breakdowns.get(text, || {
            let parts: Vec<String> = text
                .split(';')
                .map(|pair| pair.split('=').map(str::trim).collect::<Vec<_>>().join("="))
                .filter(|pair| !pair.is_empty())
                .collect();
            let breakdown: Breakdown =
                parts.join(";").parse().map_err(|e: crate::domain::breakdown::BreakdownError| {
                    Fault::new(ProblemCode::UnknownCode, e.to_string())
                })?;
            catalogue.check_breakdown(&breakdown).map_err(|message| Fault::new(ProblemCode::UnknownCode, message))?;
            Ok(breakdown)
        })
    }

    /// A period, as code or in words.
    pub fn period(&mut self, text: &str) -> Result<Period, Fault> {
        self.periods.get(text, || {
            period_text::read(text).ok_or_else(|| {
                let advice = "2024, 2024-Q3, 2024-09, 9 tháng năm 2024, quý III/2024, 01/01/2024-03/09/2024";
                Fault::new(ProblemCode::BadPeriod, format!("`{}` is no period", short(text)))
                    .suggest(Some(format!("such as {advice}")))
            })
        })
    }

    /// A day.
    pub fn day(&mut self, text: &str) -> Result<NaiveDate, Fault> {
        self.days.get(text, || {
            period_text::read_date(text).ok_or_else(|| {
                Fault::new(ProblemCode::BadPeriod, format!("`{}` is no date", short(text)))
                    .suggest(Some("2024-09-03 or 03/9/2024".to_owned()))
            })
        })
    }

    /// An interval of days: `start/end` or a period.
    pub fn interval(&mut self, text: &str) -> Result<(NaiveDate, NaiveDate), Fault> {
        let written =
            text.split_once('/').and_then(|(start, end)| Some((parse_date(start.trim())?, parse_date(end.trim())?)));
        match written {
            Some((start, end)) if start <= end => Ok((start, end)),
            Some(_) => Err(Fault::new(ProblemCode::BadPeriod, "the interval ends before it begins")),
            None => self.period(text).map(|period| (period.start(), period.end())),
        }
    }
}

fn limited<'s>(count: &mut u32, search: impl FnOnce() -> Option<&'s str>) -> Option<String> {
    *count += 1;
    (*count <= SUGGESTIONS).then(search).flatten().map(str::to_owned)
}
