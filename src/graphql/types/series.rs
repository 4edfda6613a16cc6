//! Series.

use std::sync::Arc;

use async_graphql::{ID, MaybeUndefined, Object, SimpleObject};
use chrono::NaiveDate;

use super::{
    enums::{Accumulation, BreakKind, Language},
    indicator::{Breakdown, Indicator},
    observation::Observation,
    period::Period,
    unit::Unit,
    unit_event::UnitEvent,
};
use crate::{
    domain::{
        id::*,
        observation::{self, SeriesKey},
        selection::SeriesQuestion,
        series,
        text::Text,
    },
    graphql::{
        context::View,
        error::{Fault, InternalExt, Result},
        filter,
        loaders::SeriesParent,
        node::{NodeKind, global_id},
        scalars::{Date, at_most, bounded, given, shorten},
    },
    store::observations,
};

/// Most points that a field gives.
const MAX_POINTS: usize = 100_000;

/// The arguments of every field that gives series.
pub struct SeriesArgs {
    pub indicators: Option<Vec<String>>,
    pub units: Option<Vec<String>>,
    pub breakdowns: MaybeUndefined<Vec<String>>,
    pub accumulations: MaybeUndefined<Vec<Accumulation>>,
    pub from: MaybeUndefined<Date>,
    pub to: MaybeUndefined<Date>,
    pub first: i32,
    pub last: i32,
}

impl SeriesArgs {
    fn question(self, view: &View) -> Result<SeriesQuestion> {
        let first = bounded(self.first, 1_000, "first")?;
        let last = bounded(self.last, 1_000, "last")?;
        if first.saturating_mul(last) > MAX_POINTS {
            return Err(Fault::LimitExceeded {
                limit: "seriesPoints",
                message: format!(
                    "first × last: {} points asked, {MAX_POINTS} allowed; ask for fewer series or fewer points.",
                    first * last
                ),
            });
        }
        let breakdowns = given(self.breakdowns, "breakdowns")?.map(|keys| {
            let keys = at_most(keys, 100, "breakdowns")?;
            keys.iter().map(|key| filter::breakdown(view, key, "breakdowns")).collect::<Result<Vec<_>>>()
        });
        let day = |date: MaybeUndefined<Date>, argument| given(date, argument)?.map(|d| d.day(argument)).transpose();
        let (from, to) = (day(self.from, "from")?, day(self.to, "to")?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Fault::bad_input("to", "lies before `from`; nothing can lie between."));
        }
        Ok(SeriesQuestion {
            indicators: self.indicators.map(|codes| filter::indicators(view, codes, "indicators")).transpose()?,
            units: self.units.map(|codes| filter::units(view, codes, "units")).transpose()?,
            breakdowns: breakdowns.transpose()?,
            accumulations: given(self.accumulations, "accumulations")?
                .map(|list| list.into_iter().map(Into::into).collect()),
            from,
            to,
            last: last as u64,
            first: first as u64,
        })
    }
}

/// The series of several indicators and units, in the order in which these are named.
pub async fn of_all(view: &View, args: SeriesArgs) -> Result<Vec<Series>> {
    let question = args.question(view)?;
    let found = observations::series(view.database.reader(), view.scope(), &question, None).await.internal()?;
    let mut all = group(view, found);
    let place = |list: &Option<Vec<i32>>, id: i32| {
        list.as_ref().and_then(|l| l.iter().position(|x| *x == id)).unwrap_or(usize::MAX)
    };
    let indicators = question.indicators.map(|l| l.into_iter().map(i32::from).collect());
    let units = question.units.map(|l| l.into_iter().map(i32::from).collect());
    all.sort_by_key(|s| (place(&indicators, s.key.indicator.0), place(&units, s.key.unit.0)));
    Ok(all)
}

/// The series of one parent.
pub async fn of_parent(view: &View, parent: SeriesParent, args: SeriesArgs) -> Result<Vec<Series>> {
    let question = Arc::new(args.question(view)?);
    Ok(group(view, view.loaders.series(parent, question).await?))
}

/// The series of a global id's key; `None` if it has no figures.
pub async fn of_key(view: &View, key: &str) -> Result<Option<Series>> {
    let Some(key) = parse_key(view, key) else { return Ok(None) };
    let mut found = view.loaders.related((key.indicator, key.unit, key.breakdown)).await?;
    found.retain(|o| o.series.accumulation == key.accumulation);
    Ok(group(view, found).pop())
}

fn parse_key(view: &View, key: &str) -> Option<SeriesKey> {
    let mut parts = key.split('|');
    let indicator = view.catalogue().indicator_by_code(parts.next()?)?.id;
    let unit = view.catalogue().unit_by_key(parts.next()?)?.id;
    let accumulation = observation::Accumulation::from_code(parts.next()?)?;
    Some(SeriesKey { indicator, unit, accumulation, breakdown: parts.next()?.parse().ok()? })
}

/// Figures in the order of series and time, put together by series.
fn group(view: &View, found: Vec<observation::Observation>) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for point in found {
        match all.last_mut() {
            Some(last) if last.series_id == point.series_id => last.points.push(Observation::new(view, point)),
            _ => all.push(Series {
                view: view.clone(),
                series_id: point.series_id,
                key: point.series.clone(),
                points: vec![Observation::new(view, point)],
            }),
        }
    }
    all
}

/// A series with the points that were asked for.
#[derive(Clone)]
pub struct Series {
    view: View,
    series_id: i32,
    key: SeriesKey,
    points: Vec<Observation>,
}

impl Series {
    fn periods(&self) -> Vec<crate::domain::period::Period> {
        self.points.iter().map(|o| o.domain().period).collect()
    }
}

/// One indicator of one unit over time: the figures that answer by default, with gaps and breaks told.
#[Object]
impl Series {
    /// Global id.
    pub async fn id(&self) -> Result<ID> {
        let view = &self.view;
        let key = format!(
            "{}|{}|{}|{}",
            view.indicator(self.key.indicator)?.code,
            view.unit(self.key.unit)?.key(),
            self.key.accumulation.code(),
            self.key.breakdown
        );
        Ok(global_id(NodeKind::Series, &key))
    }

    /// What is measured.
    async fn indicator(&self) -> Result<Indicator> {
        Indicator::by_id(&self.view, self.key.indicator)
    }

    /// Of whom.
    async fn unit(&self) -> Result<Unit> {
        Unit::by_id(&self.view, self.key.unit)
    }

    /// Position on the extra axes.
    async fn breakdown(&self) -> Breakdown {
        Breakdown { view: self.view.clone(), breakdown: self.key.breakdown.clone() }
    }

    /// How the figures relate to time.
    async fn accumulation(&self) -> Accumulation {
        self.key.accumulation.into()
    }

    /// The points that were asked for, oldest first; one or more.
    async fn points(&self) -> &[Observation] {
        &self.points
    }

    /// The newest point.
    async fn latest(&self) -> Option<&Observation> {
        self.points.last()
    }

    /// Periods without a point between the first and the last one, where the periods have a rhythm; at most 400.
    async fn gaps(&self) -> Vec<Period> {
        series::gaps(&self.periods()).into_iter().map(Period).collect()
    }

    /// Where figures on both sides cannot simply be compared; at most 400.
    async fn breaks(&self) -> Vec<SeriesBreak> {
        let events = self.view.catalogue().unit_events(self.key.unit);
        let dates: Vec<(NaiveDate, UnitEventId)> = events.iter().map(|e| (e.effective_on, e.id)).collect();
        let breaks = series::breaks(&self.periods(), &dates).into_iter().take(400);
        breaks
            .map(|b| {
                let event = b.event.and_then(|id| events.iter().find(|e| e.id == id));
                SeriesBreak {
                    on: b.on.into(),
                    kind: b.kind.into(),
                    before: b.before.map(Period),
                    after: b.after.map(Period),
                    event: event.map(|e| UnitEvent::of(&self.view, e)),
                    why: event.map_or_else(
                        || {
                            Text::new(
                                "Độ dài hoặc vị trí trong năm của kỳ thay đổi.",
                                "The periods change in length or in their part of the year.",
                            )
                        },
                        |e| e.name.clone(),
                    ),
                }
            })
            .collect()
    }
}

/// A break in a series.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct SeriesBreak {
    /// First day of the new state.
    pub on: Date,
    /// Why.
    pub kind: BreakKind,
    /// Last period before it; null if it lies before every point.
    pub before: Option<Period>,
    /// First period after it; null if it lies after every point, as when the unit ended.
    pub after: Option<Period>,
    /// What happened to the unit; null for other breaks.
    pub event: Option<UnitEvent>,
    #[graphql(skip)]
    pub why: Text,
}

#[async_graphql::ComplexObject]
impl SeriesBreak {
    /// Why, in words.
    async fn explanation(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.why.get(lang.into())
    }
}

/// Refuses a text that is too long to be a key.
pub fn check_key(key: &str, argument: &str) -> Result<()> {
    match key.len() > 500 {
        true => Err(Fault::bad_input(argument, format!("`{}…` is too long.", shorten(key)))),
        false => Ok(()),
    }
}
