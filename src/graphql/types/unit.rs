//! Units, their events and identifiers.

use async_graphql::{Context, ID, MaybeUndefined, Object, SimpleObject};

use super::{
    enums::{Accumulation, Language, UnitKind},
    observation::{Observation, ObservationConnection},
    series::{self, Series, SeriesArgs},
    system::System,
    unit_event::UnitEvent,
};
use crate::{
    domain::{
        id::*,
        selection::{Condition, Slice, Sort, SortBy},
        unit,
    },
    graphql::{
        connection::{PageArgs, connection},
        context::{Reader, reader},
        cost,
        error::Result,
        filter::{self, ObservationFilter, ObservationSort},
        loaders::{PageQuestion, SeriesParent},
        node::{NodeKind, global_id},
        scalars::{Date, bounded, given},
    },
    store::observations::Parent,
};

connection!(UnitConnection, UnitEdge, Unit);

/// A unit version, by its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    pub id: UnitId,
    pub key: String,
}

impl Unit {
    /// The unit of a key.
    pub fn of(reader: &Reader, id: UnitId) -> Result<Self> {
        Ok(Self::from_domain(reader.unit(id)?))
    }

    /// The output type of a unit.
    pub fn from_domain(unit: &unit::Unit) -> Self {
        Self { id: unit.id, key: unit.key() }
    }

    fn get<'c>(&self, ctx: &Context<'c>) -> Result<&'c unit::Unit> {
        reader(ctx).unit(self.id)
    }

    /// Units at the other end of events that ended (`ahead`) or made this unit.
    fn neighbours(&self, ctx: &Context<'_>, ahead: bool) -> Result<Vec<Unit>> {
        let reader = reader(ctx);
        let mut found: Vec<Unit> = Vec::new();
        for link in reader.catalogue().unit_events(self.id).into_iter().flat_map(|e| &e.links) {
            let (near, far) = if ahead { (link.from, link.to) } else { (link.to, link.from) };
            if let (Some(near), Some(far)) = (near, far)
                && near == self.id
                && far != self.id
            {
                let unit = Unit::of(reader, far)?;
                if !found.contains(&unit) {
                    found.push(unit);
                }
            }
        }
        Ok(found)
    }
}

/// An organisation or a territory that reports or is measured, in one version: a code can change its
/// bearer, so a unit is its code and its first day.
#[Object]
impl Unit {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Unit, &self.key)
    }

    /// Code of the statistics office, or our own (`TN-…`, `VN-…`) where there is none.
    async fn code<'c>(&self, ctx: &Context<'c>) -> Result<&'c str> {
        Ok(&self.get(ctx)?.code)
    }

    /// `code@first-day`, which names this version alone.
    async fn key(&self) -> &str {
        &self.key
    }

    /// Official name.
    async fn name<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.name.get(lang.into()))
    }

    /// Kind.
    async fn kind(&self, ctx: &Context<'_>) -> Result<UnitKind> {
        Ok(self.get(ctx)?.kind.into())
    }

    /// First day; null if not researched.
    async fn valid_from(&self, ctx: &Context<'_>) -> Option<Result<Date>> {
        self.get(ctx).map(|u| u.valid_from.map(Date::from)).transpose()
    }

    /// Last day; null if it stands or the end is not known.
    async fn valid_to(&self, ctx: &Context<'_>) -> Option<Result<Date>> {
        self.get(ctx).map(|u| u.valid_to.map(Date::from)).transpose()
    }

    /// True if no end of this version is known.
    async fn is_standing(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.get(ctx)?.valid_to.is_none())
    }

    /// The unit above, in the version that stood together with this one.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let parent = self.get(ctx).map(|u| u.parent).transpose()?;
        Some(parent.and_then(|id| Unit::of(reader(ctx), id)))
    }

    /// Units right below, by code.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn children(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only units of these kinds.")] kinds: MaybeUndefined<Vec<UnitKind>>,
        #[graphql(desc = "Only units that stood on this day.")] at: MaybeUndefined<Date>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<UnitConnection> {
        let kinds = given(kinds, "kinds")?;
        let at = given(at, "at")?.map(|d| d.day("at")).transpose()?;
        let mut units: Vec<&unit::Unit> = reader(ctx)
            .catalogue()
            .unit_children(self.id)
            .filter(|u| kinds.as_ref().is_none_or(|k| k.contains(&u.kind.into())) && at.is_none_or(|d| u.stood_on(d)))
            .collect();
        units.sort_by(|a, b| (&a.code, a.valid_from).cmp(&(&b.code, b.valid_from)));
        let nodes = units.into_iter().map(Unit::from_domain).collect();
        UnitConnection::cut("units", nodes, |u| u.key.clone(), &PageArgs { first, after, last, before })
    }

    /// Place in the tables of the province's reports, from 1; null if it has none.
    async fn report_order(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        self.get(ctx).map(|u| u.report_order).transpose()
    }

    /// Other names and spellings.
    async fn aliases<'c>(&self, ctx: &Context<'c>) -> Result<&'c [String]> {
        Ok(&self.get(ctx)?.aliases)
    }

    /// Identifiers in other schemes.
    async fn identifiers(&self, ctx: &Context<'_>) -> Result<Vec<UnitIdentifier>> {
        Ok(self.get(ctx)?.identifiers.iter().map(UnitIdentifier::of).collect())
    }

    /// Where the facts come from.
    async fn source<'c>(&self, ctx: &Context<'c>) -> Result<&'c str> {
        Ok(&self.get(ctx)?.source)
    }

    /// How sure they are, in words.
    async fn confidence<'c>(&self, ctx: &Context<'c>) -> Result<&'c str> {
        Ok(&self.get(ctx)?.confidence)
    }

    /// What happened to it, by date.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<UnitEvent>> {
        let first = bounded(first, 100, "first")?;
        Ok(reader(ctx).catalogue().unit_events(self.id).into_iter().take(first).map(UnitEvent::of).collect())
    }

    /// Units that came right after it: whole or in part they took over what it was.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn successors(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Unit>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.neighbours(ctx, true)?.into_iter().take(first).collect())
    }

    /// Units that it came from, whole or in part.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn predecessors(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Unit>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.neighbours(ctx, false)?.into_iter().take(first).collect())
    }

    /// Other bearers of the same code, oldest first.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn other_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Unit>> {
        let first = bounded(first, 100, "first")?;
        let code = &self.get(ctx)?.code;
        let others = reader(ctx).catalogue().unit_versions(code).filter(|u| u.id != self.id);
        Ok(others.take(first).map(Unit::from_domain).collect())
    }

    /// Information systems that it runs.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn systems(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<System>> {
        let first = bounded(first, 100, "first")?;
        let code = &self.get(ctx)?.code;
        let reader = reader(ctx);
        let runs =
            |owner: Option<UnitId>| owner.and_then(|id| reader.catalogue().unit(id)).is_some_and(|u| &u.code == code);
        Ok(reader.catalogue().systems.iter().filter(|s| runs(s.owner)).take(first).map(System::of).collect())
    }

    /// The newest figure of each of its series, newest period first.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn latest_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only indicators of these topics and of those below them, by code.")] topics: MaybeUndefined<
            Vec<String>,
        >,
        #[graphql(default = 20, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<Observation>> {
        let reader = reader(ctx);
        let first = bounded(first, 200, "first")?;
        let indicators =
            given(topics, "topics")?.map(|t| filter::indicators_of_topics(reader, &t, "topics")).transpose()?;
        let question = crate::domain::selection::SeriesQuestion {
            indicators,
            units: None,
            breakdowns: None,
            accumulations: None,
            from: None,
            to: None,
            last: 1,
            first: first as u64,
        };
        let mut found = reader.loaders.series(SeriesParent::Unit(self.id), question.into()).await?;
        found.sort_by_key(|o| (std::cmp::Reverse(o.period.end()), o.series_id));
        Ok(found.into_iter().take(first).map(Observation::from).collect())
    }

    /// Its series: the figures that answer by default, in the order of time.
    #[graphql(complexity = "cost::series(first, last, child_complexity)")]
    async fn series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only these indicators, by code; at most 1,000.")] indicators: MaybeUndefined<Vec<String>>,
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
            indicators: given(indicators, "indicators")?,
            units: None,
            breakdowns,
            accumulations,
            from,
            to,
            first,
            last,
        };
        series::of_parent(reader(ctx), SeriesParent::Unit(self.id), args).await
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
        ObservationConnection::of_parent(reader(ctx), Parent::Unit(self.id), filter, sort, args).await
    }

    /// One figure that a system's card or a map would show: the newest of an indicator; null if it has none.
    async fn latest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The indicator, by code.")] indicator: String,
        #[graphql(desc = "Position on the extra axes; the total if nothing is said.")] breakdown: MaybeUndefined<
            String,
        >,
    ) -> Option<Result<Observation>> {
        self.newest(ctx, indicator, breakdown).await.transpose()
    }
}

impl Unit {
    async fn newest(
        &self,
        ctx: &Context<'_>,
        indicator: String,
        breakdown: MaybeUndefined<String>,
    ) -> Result<Option<Observation>> {
        let reader = reader(ctx);
        let indicator = filter::indicator(reader, &indicator, "indicator")?;
        let breakdown = match given(breakdown, "breakdown")? {
            Some(key) => filter::breakdown(reader, &key, "breakdown")?,
            None => Default::default(),
        };
        let question = PageQuestion {
            condition: Condition::All(vec![
                Condition::Preferred(true),
                Condition::Indicators(vec![indicator]),
                Condition::Breakdowns(vec![breakdown]),
            ]),
            sort: Sort { by: SortBy::Period, descending: true },
            slice: Slice { limit: 1, backwards: false, after: None, before: None },
        };
        let found = reader.loaders.page(Parent::Unit(self.id), question.into()).await?;
        Ok(found.into_iter().next().map(Observation::from))
    }
}

/// An identifier of a unit in a named scheme.
#[derive(Debug, Clone, SimpleObject)]
pub struct UnitIdentifier {
    /// `gso` (statistics office), `eid2020` (QĐ 20/2020/QĐ-TTg) or `qcvn102` (QCVN 102:2016/BTTTT).
    pub scheme: String,
    /// The identifier, opaque.
    pub value: String,
    /// First day of validity; null if not known.
    pub valid_from: Option<Date>,
    /// Last day of validity; null if it holds or the end is not known.
    pub valid_to: Option<Date>,
    /// How sure it is, in words.
    pub confidence: String,
}

impl UnitIdentifier {
    fn of(identifier: &unit::UnitIdentifier) -> Self {
        Self {
            scheme: identifier.scheme.clone(),
            value: identifier.value.clone(),
            valid_from: identifier.valid_from.map(Date::from),
            valid_to: identifier.valid_to.map(Date::from),
            confidence: identifier.confidence.clone(),
        }
    }
}
