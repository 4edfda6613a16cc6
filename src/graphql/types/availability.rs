//! What there is.

use async_graphql::{Object, SimpleObject};

use super::{
    indicator::{Breakdown, Indicator},
    period::Period,
    unit::Unit,
};
use crate::{
    graphql::{context::View, cost, error::Result, scalars::bounded},
    store::observations::Facets,
};

/// Counts of figures.
pub struct Availability {
    pub view: View,
    pub facets: Facets,
}

/// Which units, periods and breakdowns have figures for a filter, and how many.
#[Object]
impl Availability {
    /// Number of figures.
    async fn observation_count(&self) -> i32 {
        i32::try_from(self.facets.observations).unwrap_or(i32::MAX)
    }

    /// Number of series.
    async fn series_count(&self) -> i32 {
        i32::try_from(self.facets.series).unwrap_or(i32::MAX)
    }

    /// About what it costs to read all of these figures with ten fields each, in points of `serverInfo.limits.complexity`.
    async fn estimated_cost(&self) -> i32 {
        i32::try_from(self.facets.observations.saturating_mul(11)).unwrap_or(i32::MAX)
    }

    /// By indicator.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn indicators(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 1000.")] first: i32,
    ) -> Result<Vec<IndicatorCount>> {
        let first = bounded(first, 1_000, "first")?;
        let facets = self.facets.indicators.iter().take(first);
        facets
            .map(|f| Ok(IndicatorCount { indicator: Indicator::by_id(&self.view, f.key)?, count: f.count as i32 }))
            .collect()
    }

    /// By unit.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn units(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 1000.")] first: i32,
    ) -> Result<Vec<UnitCount>> {
        let first = bounded(first, 1_000, "first")?;
        let facets = self.facets.units.iter().take(first);
        facets.map(|f| Ok(UnitCount { unit: Unit::by_id(&self.view, f.key)?, count: f.count as i32 })).collect()
    }

    /// By period, newest first.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn periods(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 1000.")] first: i32,
    ) -> Result<Vec<PeriodCount>> {
        let first = bounded(first, 1_000, "first")?;
        Ok(self
            .facets
            .periods
            .iter()
            .take(first)
            .map(|f| PeriodCount { period: Period(f.key), count: f.count as i32 })
            .collect())
    }

    /// By position on the extra axes; the total is the empty one.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn breakdowns(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 1000.")] first: i32,
    ) -> Result<Vec<BreakdownCount>> {
        let first = bounded(first, 1_000, "first")?;
        let facets = self.facets.breakdowns.iter().take(first);
        Ok(facets
            .map(|f| BreakdownCount {
                breakdown: Breakdown { view: self.view.clone(), breakdown: f.key.clone() },
                count: f.count as i32,
            })
            .collect())
    }
}

/// How many figures an indicator has.
#[derive(SimpleObject)]
pub struct IndicatorCount {
    /// The indicator.
    pub indicator: Indicator,
    /// Number of figures.
    pub count: i32,
}

/// How many figures a unit has.
#[derive(SimpleObject)]
pub struct UnitCount {
    /// The unit.
    pub unit: Unit,
    /// Number of figures.
    pub count: i32,
}

/// How many figures a period has.
#[derive(SimpleObject)]
pub struct PeriodCount {
    /// The period.
    pub period: Period,
    /// Number of figures.
    pub count: i32,
}

/// How many figures a position on the extra axes has.
#[derive(SimpleObject)]
pub struct BreakdownCount {
    /// The position.
    pub breakdown: Breakdown,
    /// Number of figures.
    pub count: i32,
}
