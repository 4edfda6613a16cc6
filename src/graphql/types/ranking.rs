//! Rankings.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{MaybeUndefined, Object, SimpleObject};
use futures_util::future::join_all;

use super::{
    enums::{Accumulation, UnitKind, Unranked},
    indicator::{Breakdown, Indicator},
    observation::Observation,
    period::Period,
    unit::Unit,
};
use crate::{
    domain::{self, id::*, observation::Status, ranking},
    graphql::{
        context::View,
        cost,
        error::{Fault, Result},
        filter,
        scalars::{PeriodCode, bounded, given},
    },
};

/// Most units that are ranked.
const MAX_UNITS: usize = 2_000;

/// What to rank.
pub struct RankingQuestion {
    pub indicator: IndicatorId,
    pub period: PeriodCode,
    pub unit_kinds: Vec<UnitKind>,
    pub breakdown: MaybeUndefined<String>,
    pub below_unit: MaybeUndefined<String>,
    pub accumulation: MaybeUndefined<Accumulation>,
}

/// A league table.
pub struct Ranking {
    view: View,
    indicator: IndicatorId,
    period: domain::period::Period,
    breakdown: domain::breakdown::Breakdown,
    places: Vec<ranking::Place>,
    unranked: Vec<(UnitId, ranking::Unranked, Option<domain::observation::Observation>)>,
}

impl Ranking {
    /// Ranks the units of some kinds that stood at the end of the period.
    pub async fn compute(view: &View, question: RankingQuestion) -> Result<Self> {
        let period = question.period.period("period")?;
        if question.unit_kinds.is_empty() {
            return Err(Fault::bad_input("unitKinds", "name at least one kind of unit."));
        }
        let breakdown = match given(question.breakdown, "breakdown")? {
            Some(key) => filter::breakdown(view, &key, "breakdown")?,
            None => Default::default(),
        };
        let accumulation: Option<domain::observation::Accumulation> =
            given(question.accumulation, "accumulation")?.map(Into::into);
        let below = given(question.below_unit, "belowUnit")?
            .map(|code| filter::units_below(view, &code, "belowUnit"))
            .transpose()?;
        let kinds: HashSet<domain::unit::UnitKind> = question.unit_kinds.into_iter().map(Into::into).collect();
        let units: Vec<&Arc<domain::unit::Unit>> = view
            .catalogue()
            .units
            .iter()
            .filter(|u| {
                kinds.contains(&u.kind) && u.stood_on(period.end()) && below.as_ref().is_none_or(|b| b.contains(&u.id))
            })
            .collect();
        if units.len() > MAX_UNITS {
            return Err(Fault::LimitExceeded {
                limit: "rankedUnits",
                message: format!(
                    "{} units asked, {MAX_UNITS} allowed; narrow them by `unitKinds` or `belowUnit`.",
                    units.len()
                ),
            });
        }
        let keys = units.iter().map(|u| view.loaders.related((question.indicator, u.id, breakdown.clone())));
        let mut of_period = Vec::new();
        for found in join_all(keys).await {
            let mut found = found?;
            found.retain(|o| o.period == period && accumulation.is_none_or(|a| a == o.series.accumulation));
            of_period.push(found);
        }
        // One table compares like with like: where several kinds are there and none is named, one answers for all.
        let kinds = of_period.iter().flatten().map(|o| o.series.accumulation);
        let kind = kinds.min_by_key(|kind| kind.precedence());
        let mut figures = Vec::new();
        let mut unranked = Vec::new();
        for (unit, found) in units.iter().zip(of_period) {
            match found.into_iter().find(|o| Some(o.series.accumulation) == kind) {
                None => unranked.push((unit.id, ranking::Unranked::NoFigure, None)),
                Some(o) if o.value.is_some() => figures.push(o),
                Some(o) if o.status == Status::CannotExist => {
                    unranked.push((unit.id, ranking::Unranked::CannotExist, Some(o)));
                }
                Some(o) => unranked.push((unit.id, ranking::Unranked::Missing, Some(o))),
            }
        }
        let direction = view.indicator(question.indicator)?.direction;
        let places = ranking::rank(direction, figures);
        Ok(Self { view: view.clone(), indicator: question.indicator, period, breakdown, places, unranked })
    }
}

/// A league table of one indicator and period: the better end first (the higher if neither is better),
/// equal values sharing a place.
#[Object]
impl Ranking {
    /// What is ranked.
    async fn indicator(&self) -> Result<Indicator> {
        Indicator::by_id(&self.view, self.indicator)
    }

    /// The period.
    async fn period(&self) -> Period {
        Period(self.period)
    }

    /// Position on the extra axes.
    async fn breakdown(&self) -> Breakdown {
        Breakdown { view: self.view.clone(), breakdown: self.breakdown.clone() }
    }

    /// Number of units that have a place.
    async fn ranked_count(&self) -> i32 {
        self.places.len() as i32
    }

    /// The places, best first.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn entries(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 1000.")] first: i32,
    ) -> Result<Vec<RankingEntry>> {
        let first = bounded(first, 1_000, "first")?;
        let places = self.places.iter().take(first);
        places
            .map(|p| {
                let unit = Unit::by_id(&self.view, p.observation.series.unit)?;
                Ok(RankingEntry {
                    rank: p.rank,
                    tied: p.tied,
                    unit,
                    observation: Observation::new(&self.view, p.observation.clone()),
                })
            })
            .collect()
    }

    /// Units of the kinds asked for that have no place, with the reason.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn unranked(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 1000.")] first: i32,
    ) -> Result<Vec<UnrankedUnit>> {
        let first = bounded(first, 1_000, "first")?;
        let units = self.unranked.iter().take(first);
        units
            .map(|(id, reason, o)| {
                let unit = Unit::by_id(&self.view, *id)?;
                Ok(UnrankedUnit {
                    unit,
                    reason: (*reason).into(),
                    observation: o.clone().map(|o| Observation::new(&self.view, o)),
                })
            })
            .collect()
    }
}

/// A place in a league table.
#[derive(SimpleObject)]
pub struct RankingEntry {
    /// Place, from 1; the next place counts all before it (1, 2, 2, 4).
    pub rank: i32,
    /// Number of units that share the place, 1 if none other does.
    pub tied: i32,
    /// The unit.
    pub unit: Unit,
    /// Its figure.
    pub observation: Observation,
}

/// A unit without a place.
#[derive(SimpleObject)]
pub struct UnrankedUnit {
    /// The unit.
    pub unit: Unit,
    /// Why it has no place.
    pub reason: Unranked,
    /// Its figure without a value; null if there is none.
    pub observation: Option<Observation>,
}
