//! Indicators, units of measure, quantities, breakdowns.

use async_graphql::{Context, ID, MaybeUndefined, Object, SimpleObject};

use super::{
    enums::{Accumulation, Axis, Direction, Language, MeasureKind, UnitKind},
    observation::ObservationConnection,
    ranking::{Ranking, RankingQuestion},
    series::{self, Series, SeriesArgs},
    system::System,
    target::Target,
    topic::Topic,
    unit::Unit,
};
use crate::{
    domain::{breakdown, id::*, indicator},
    graphql::{
        connection::{PageArgs, connection},
        context::{Reader, reader},
        cost,
        error::Result,
        filter::{ObservationFilter, ObservationSort},
        loaders::SeriesParent,
        node::{NodeKind, global_id},
        scalars::{Date, PeriodCode, bounded, given},
    },
    store::observations::Parent,
};

connection!(IndicatorConnection, IndicatorEdge, Indicator);

/// An indicator, by its key.
#[derive(Debug, Clone)]
pub struct Indicator {
    pub id: IndicatorId,
    pub code: String,
}

impl Indicator {
    /// The indicator of a key.
    pub fn of(reader: &Reader, id: IndicatorId) -> Result<Self> {
        Ok(Self { id, code: reader.indicator(id)?.code.clone() })
    }

    fn get<'c>(&self, ctx: &Context<'c>) -> Result<&'c indicator::Indicator> {
        reader(ctx).indicator(self.id)
    }
}

/// What is measured, and what may be done with its figures.
#[Object]
impl Indicator {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Indicator, &self.code)
    }

    /// Stable code.
    async fn code(&self) -> &str {
        &self.code
    }

    /// Short title.
    async fn name<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.name.get(lang.into()))
    }

    /// What is counted, of what, where, in one sentence.
    async fn definition<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.definition.get(lang.into()))
    }

    /// Most specific topic.
    async fn topic(&self, ctx: &Context<'_>) -> Result<Topic> {
        Ok(Topic(self.get(ctx)?.topic.clone()))
    }

    /// What the figures count.
    async fn unit_of_measure(&self, ctx: &Context<'_>) -> Result<UnitOfMeasure> {
        UnitOfMeasure::of(reader(ctx), &self.get(ctx)?.unit_of_measure)
    }

    /// How the figures behave over time and under addition.
    async fn kind(&self, ctx: &Context<'_>) -> Result<MeasureKind> {
        Ok(self.get(ctx)?.kind.into())
    }

    /// Which way is better.
    async fn direction(&self, ctx: &Context<'_>) -> Result<Direction> {
        Ok(self.get(ctx)?.direction.into())
    }

    /// Decimals usually shown, 0 to 6.
    async fn decimals(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.get(ctx)?.decimals.into())
    }

    /// Axes along which the figures may be summed; empty for rates, ranks and scores.
    async fn additive_over(&self, ctx: &Context<'_>) -> Result<Vec<Axis>> {
        Ok(self.get(ctx)?.additive_over.iter().map(|a| (*a).into()).collect())
    }

    /// For a ratio whose parts are printed: what is counted above the line.
    async fn numerator(&self, ctx: &Context<'_>) -> Option<Result<Quantity>> {
        self.get(ctx).map(|i| i.numerator.clone().map(Quantity)).transpose()
    }

    /// For a ratio whose parts are printed: what is counted below the line.
    async fn denominator(&self, ctx: &Context<'_>) -> Option<Result<Quantity>> {
        self.get(ctx).map(|i| i.denominator.clone().map(Quantity)).transpose()
    }

    /// For a printed rate of change: the quantity that changes.
    async fn growth_of(&self, ctx: &Context<'_>) -> Option<Result<Quantity>> {
        self.get(ctx).map(|i| i.growth_of.clone().map(Quantity)).transpose()
    }

    /// The unit that answers for the figures, as far as the sources or its duties tell; null if not known.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let owner = self.get(ctx).map(|i| i.owner).transpose()?;
        Some(owner.and_then(|id| Unit::of(reader(ctx), id)))
    }

    /// Other names and abbreviations.
    async fn aliases<'c>(&self, ctx: &Context<'c>) -> Result<&'c [String]> {
        Ok(&self.get(ctx)?.aliases)
    }

    /// Information systems that feed it, by code.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn systems(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<System>> {
        let first = bounded(first, 100, "first")?;
        Ok(reader(ctx).catalogue().systems_of(self.id).take(first).map(System::of).collect())
    }

    /// Targets that it measures, in the order of their resolution.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn targets(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Target>> {
        let first = bounded(first, 100, "first")?;
        let targets = reader(ctx).catalogue().targets.iter().filter(|t| t.indicator == self.id);
        Ok(targets.take(first).map(Target::of).collect())
    }

    /// Its series: the figures that answer by default, in the order of time.
    #[graphql(complexity = "cost::series(first, last, child_complexity)")]
    async fn series(
        &self,
        ctx: &Context<'_>,
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
    ) -> Result<Vec<Series>> {
        let args = SeriesArgs {
            indicators: None,
            units: given(units, "units")?,
            breakdowns,
            accumulations,
            from,
            to,
            first,
            last,
        };
        series::of_parent(reader(ctx), SeriesParent::Indicator(self.id), args).await
    }

    /// Its figures, every printing of them.
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
    ) -> Result<ObservationConnection> {
        let args = PageArgs { first, after, last, before };
        ObservationConnection::of_parent(reader(ctx), Parent::Indicator(self.id), filter, sort, args).await
    }

    /// Its league table for one period over the units of some kinds.
    #[graphql(complexity = "cost::ranking(child_complexity)")]
    async fn ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The period.")] period: PeriodCode,
        #[graphql(desc = "Kinds of the units to rank; at least one.")] unit_kinds: Vec<UnitKind>,
        #[graphql(desc = "Position on the extra axes; the total if nothing is said.")] breakdown: MaybeUndefined<
            String,
        >,
        #[graphql(desc = "Only units below this one, by code.")] below_unit: MaybeUndefined<String>,
    ) -> Result<Ranking> {
        Ranking::compute(reader(ctx), RankingQuestion { indicator: self.id, period, unit_kinds, breakdown, below_unit })
            .await
    }
}

/// What figures count: %, dossiers, billion VND.
#[derive(Debug, Clone)]
pub struct UnitOfMeasure(pub indicator::UnitOfMeasure);

impl UnitOfMeasure {
    /// The unit of measure of a code.
    pub fn of(reader: &Reader, code: &str) -> Result<Self> {
        Ok(Self(reader.item(&reader.catalogue().units_of_measure, |m| m.code == code, "unit of measure")?.clone()))
    }
}

/// What figures count: %, dossiers, billion VND. Never called just "unit".
#[Object]
impl UnitOfMeasure {
    /// Stable code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Power of ten of the base unit: 9 for billions, 0 for ones.
    async fn multiplier(&self) -> i32 {
        self.0.multiplier.into()
    }

    /// Name.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.0.name.get(lang.into())
    }

    /// Symbol to print after a figure; may be empty.
    async fn symbol(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.0.symbol.get(lang.into())
    }
}

/// An indicator at a position of its extra axes.
#[derive(Debug, Clone)]
pub struct Quantity(pub indicator::Quantity);

/// An indicator at a position of its extra axes.
#[Object]
impl Quantity {
    /// The indicator.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Indicator> {
        Indicator::of(reader(ctx), self.0.indicator)
    }

    /// The position on the extra axes.
    async fn breakdown(&self) -> Breakdown {
        Breakdown(self.0.breakdown.clone())
    }
}

/// A position on the extra axes of an indicator.
#[derive(Debug, Clone)]
pub struct Breakdown(pub breakdown::Breakdown);

/// A position on the extra axes of an indicator; the empty one is the total.
#[Object]
impl Breakdown {
    /// Code to filter by: `channel=online;level=district`; empty for the total.
    async fn key(&self) -> String {
        self.0.to_string()
    }

    /// True for the total.
    async fn is_total(&self) -> bool {
        self.0.is_total()
    }

    /// The position in words; empty for the total.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> String {
        reader(ctx).catalogue().breakdown_label(&self.0).get(lang.into()).to_owned()
    }

    /// The values, one a dimension.
    async fn values(&self, ctx: &Context<'_>) -> Vec<BreakdownValue> {
        let named = |code: &str, value: &str| {
            let dimension = reader(ctx).catalogue().dimension(code)?;
            let value = dimension.values.iter().find(|v| v.code == value)?;
            Some(BreakdownValue {
                dimension: dimension.code.clone(),
                dimension_label: dimension.name.vi.clone(),
                dimension_label_en: dimension.name.en.clone(),
                value: value.code.clone(),
                label: value.name.vi.clone(),
                label_en: value.name.en.clone(),
            })
        };
        self.0.pairs().filter_map(|(d, v)| named(d, v)).collect()
    }
}

/// A value on one extra axis.
#[derive(Debug, Clone, SimpleObject)]
pub struct BreakdownValue {
    /// Code of the axis.
    pub dimension: String,
    /// Name of the axis in Vietnamese.
    pub dimension_label: String,
    /// Name of the axis in English.
    pub dimension_label_en: String,
    /// Code of the value.
    pub value: String,
    /// Name of the value in Vietnamese.
    pub label: String,
    /// Name of the value in English.
    pub label_en: String,
}
