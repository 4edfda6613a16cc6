//! Figures: series, lists, rankings, what there is.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::{
    graphql::{
        connection::PageArgs,
        context::{AsOf, view},
        cost,
        error::{InternalExt, Result},
        filter::{self, ObservationFilter, ObservationSort},
        scalars::{Date, PeriodCode, given},
        types::{
            availability::Availability,
            enums::{Accumulation, UnitKind},
            observation::ObservationConnection,
            ranking::{Ranking, RankingQuestion},
            series::{self, Series, SeriesArgs},
        },
    },
    store::observations,
};

#[derive(Default)]
pub struct ObservationQuery;

#[Object]
impl ObservationQuery {
    /// Several series at once: those of the indicators and units that have figures, in the order in which
    /// these are named.
    #[graphql(complexity = "cost::series(first, last, child_complexity)")]
    async fn series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Indicators, by code; at most 1,000.")] indicators: Vec<String>,
        #[graphql(desc = "Only these units, by code (every bearer of it) or `code@first-day`; at most 1,000.")]
        units: MaybeUndefined<Vec<String>>,
        #[graphql(
            desc = "Only these breakdowns: `channel=online;level=district`, the empty text for the total; at most 100."
        )]
        breakdowns: MaybeUndefined<Vec<String>>,
        #[graphql(desc = "Only figures that relate to time in these ways.")] accumulations: MaybeUndefined<
            Vec<Accumulation>,
        >,
        #[graphql(desc = "Only points whose period ends on this day or later.")] from: MaybeUndefined<Date>,
        #[graphql(desc = "Only points whose period ends on this day or earlier.")] to: MaybeUndefined<Date>,
        #[graphql(default = 100, desc = "Most series, 1 to 1,000, in the order of their keys.")] first: i32,
        #[graphql(default = 24, desc = "Only the last so many points of each series, 1 to 1,000.")] last: i32,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<Vec<Series>> {
        let args = SeriesArgs {
            indicators: Some(indicators),
            units: given(units, "units")?,
            breakdowns,
            accumulations,
            from,
            to,
            first,
            last,
        };
        series::of_all(&view(ctx, as_of).await?, args).await
    }

    /// Figures, every printing of them.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all printings if nothing is said.")] filter: MaybeUndefined<ObservationFilter>,
        #[graphql(default_with = "ObservationSort::PeriodDesc", desc = "Order of the figures.")] sort: ObservationSort,
        #[graphql(desc = "Number of items from the beginning, 1 to 1,000; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<ObservationConnection> {
        ObservationConnection::of_all(&view(ctx, as_of).await?, filter, sort, PageArgs { first, after, last, before })
            .await
    }

    /// The league table of one indicator and period over the units of some kinds.
    #[graphql(complexity = "cost::ranking(child_complexity)")]
    async fn ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The indicator, by code.")] indicator: String,
        #[graphql(desc = "The period.")] period: PeriodCode,
        #[graphql(desc = "Kinds of the units to rank; at least one.")] unit_kinds: Vec<UnitKind>,
        #[graphql(desc = "Position on the extra axes; the total if nothing is said.")] breakdown: MaybeUndefined<
            String,
        >,
        #[graphql(desc = "Only units below this one, by code.")] below_unit: MaybeUndefined<String>,
        #[graphql(
            desc = "How the figures relate to time; if nothing is said and there are several: a state, then since the start, then since January, then the period alone."
        )]
        accumulation: MaybeUndefined<Accumulation>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<Ranking> {
        let view = &view(ctx, as_of).await?;
        let indicator = filter::indicator(view, &indicator, "indicator")?;
        Ranking::compute(view, RankingQuestion { indicator, period, unit_kinds, breakdown, below_unit, accumulation })
            .await
    }

    /// Which indicators, units, periods and breakdowns have figures for a filter, and how many.
    async fn availability(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all if nothing is said.")] filter: MaybeUndefined<ObservationFilter>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<Availability> {
        let view = &view(ctx, as_of).await?;
        let condition = filter::condition(view, given(filter, "filter")?)?;
        let facets = observations::facets(view.database.reader(), view.scope(), &condition).await.internal()?;
        Ok(Availability { view: view.clone(), facets })
    }
}
