//! Indicators, units of measure, quantities, breakdowns.

use std::sync::Arc;

use async_graphql::{ID, MaybeUndefined, Object, SimpleObject};

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
        context::{View, entry},
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

entry! {
    /// An indicator.
    Indicator of indicator::Indicator
}

impl Indicator {
    /// The indicator of a key.
    pub fn by_id(view: &View, id: IndicatorId) -> Result<Self> {
        Ok(Self::of(view, view.indicator(id)?))
    }
}

/// What is measured, and what may be done with its figures.
#[Object]
impl Indicator {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Indicator, &self.it.code)
    }

    /// Stable code.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// Short title.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.name.get(lang.into())
    }

    /// What is counted, of what, where, in one sentence.
    async fn definition(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.definition.get(lang.into())
    }

    /// Most specific topic.
    async fn topic(&self) -> Result<Topic> {
        Topic::by_code(&self.view, &self.it.topic)
    }

    /// What the figures count.
    async fn unit_of_measure(&self) -> Result<UnitOfMeasure> {
        UnitOfMeasure::of(&self.view, &self.it.unit_of_measure)
    }

    /// How the figures behave over time and under addition.
    async fn kind(&self) -> MeasureKind {
        self.it.kind.into()
    }

    /// Which way is better.
    async fn direction(&self) -> Direction {
        self.it.direction.into()
    }

    /// Decimals usually shown, 0 to 6.
    async fn decimals(&self) -> i32 {
        self.it.decimals.into()
    }

    /// Axes along which the figures may be summed; empty for rates, ranks and scores.
    async fn additive_over(&self) -> Vec<Axis> {
        self.it.additive_over.iter().map(|a| (*a).into()).collect()
    }

    /// For a ratio whose parts are printed: what is counted above the line.
    async fn numerator(&self) -> Option<Quantity> {
        self.it.numerator.clone().map(|quantity| Quantity { view: self.view.clone(), quantity })
    }

    /// For a ratio whose parts are printed: what is counted below the line.
    async fn denominator(&self) -> Option<Quantity> {
        self.it.denominator.clone().map(|quantity| Quantity { view: self.view.clone(), quantity })
    }

    /// For a printed rate of change: the quantity that changes.
    async fn growth_of(&self) -> Option<Quantity> {
        self.it.growth_of.clone().map(|quantity| Quantity { view: self.view.clone(), quantity })
    }

    /// The unit that answers for the figures, as far as the sources or its duties tell; null if not known.
    async fn owner(&self) -> Option<Result<Unit>> {
        self.it.owner.map(|id| Unit::by_id(&self.view, id))
    }

    /// Other names and abbreviations.
    async fn aliases(&self) -> &[String] {
        &self.it.aliases
    }

    /// Information systems that feed it, by code.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn systems(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<System>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.view.catalogue().systems_of(self.it.id).take(first).map(|it| System::of(&self.view, it)).collect())
    }

    /// Targets that it measures, in the order of their resolution.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn targets(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Target>> {
        let first = bounded(first, 100, "first")?;
        let targets = self.view.catalogue().targets.iter().filter(|t| t.indicator == self.it.id);
        Ok(targets.take(first).map(|it| Target::of(&self.view, it)).collect())
    }

    /// Its series: the figures that answer by default, in the order of time.
    #[graphql(complexity = "cost::series(first, last, child_complexity)")]
    async fn series(
        &self,
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
        series::of_parent(&self.view, SeriesParent::Indicator(self.it.id), args).await
    }

    /// Its figures, every printing of them.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn observations(
        &self,
        #[graphql(desc = "Which figures; all printings if nothing is said.")] filter: MaybeUndefined<ObservationFilter>,
        #[graphql(default_with = "ObservationSort::PeriodDesc", desc = "Order of the figures.")] sort: ObservationSort,
        #[graphql(desc = "Number of items from the beginning, 1 to 1,000; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<ObservationConnection> {
        let args = PageArgs { first, after, last, before };
        ObservationConnection::of_parent(&self.view, Parent::Indicator(self.it.id), filter, sort, args).await
    }

    /// Its league table for one period over the units of some kinds.
    #[graphql(complexity = "cost::ranking(child_complexity)")]
    async fn ranking(
        &self,
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
    ) -> Result<Ranking> {
        Ranking::compute(
            &self.view,
            RankingQuestion { indicator: self.it.id, period, unit_kinds, breakdown, below_unit, accumulation },
        )
        .await
    }
}

/// What figures count: %, dossiers, billion VND.
#[derive(Clone)]
pub struct UnitOfMeasure(pub Arc<indicator::UnitOfMeasure>);

impl UnitOfMeasure {
    /// The unit of measure of a code.
    pub fn of(view: &View, code: &str) -> Result<Self> {
        Ok(Self(view.item(&view.catalogue().units_of_measure, |m| m.code == code, "unit of measure")?.clone()))
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
pub struct Quantity {
    pub view: View,
    pub quantity: indicator::Quantity,
}

/// An indicator at a position of its extra axes.
#[Object]
impl Quantity {
    /// The indicator.
    async fn indicator(&self) -> Result<Indicator> {
        Indicator::by_id(&self.view, self.quantity.indicator)
    }

    /// The position on the extra axes.
    async fn breakdown(&self) -> Breakdown {
        Breakdown { view: self.view.clone(), breakdown: self.quantity.breakdown.clone() }
    }
}

/// A position on the extra axes of an indicator.
#[derive(Clone)]
pub struct Breakdown {
    pub view: View,
    pub breakdown: breakdown::Breakdown,
}

/// A position on the extra axes of an indicator; the empty one is the total.
#[Object]
impl Breakdown {
    /// Code to filter by: `channel=online;level=district`; empty for the total.
    async fn key(&self) -> String {
        self.breakdown.to_string()
    }

    /// True for the total.
    async fn is_total(&self) -> bool {
        self.breakdown.is_total()
    }

    /// The position in words; empty for the total.
    async fn label(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> String {
        self.view.catalogue().breakdown_label(&self.breakdown).get(lang.into()).to_owned()
    }

    /// The values, one a dimension.
    async fn values(&self) -> Vec<BreakdownValue> {
        let named = |code: &str, value: &str| {
            let dimension = self.view.catalogue().dimension(code)?;
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
        self.breakdown.pairs().filter_map(|(d, v)| named(d, v)).collect()
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
