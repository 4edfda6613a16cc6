//! Units, their events and identifiers.

use std::sync::Arc;

use async_graphql::{ID, MaybeUndefined, Object, SimpleObject};

use super::{
    enums::{Accumulation, Language, UnitKind},
    observation::{Observation, ObservationConnection},
    series::{self, Series, SeriesArgs},
    system::System,
    unit_event::UnitEvent,
};
use crate::{
    domain::{id::*, observation, selection::LatestQuestion, unit},
    graphql::{
        connection::{PageArgs, connection},
        context::{View, entry},
        cost,
        error::Result,
        filter::{self, ObservationFilter, ObservationSort},
        loaders::SeriesParent,
        node::{NodeKind, global_id},
        scalars::{Date, bounded, given},
    },
    store::observations::Parent,
};

connection!(UnitConnection, UnitEdge, Unit);

entry! {
    /// A version of a unit.
    Unit of unit::Unit
}

impl Unit {
    /// The unit of a key.
    pub fn by_id(view: &View, id: UnitId) -> Result<Self> {
        Ok(Self::of(view, view.unit(id)?))
    }

    /// Units at the other end of events that ended (`ahead`) or made this unit.
    fn neighbours(&self, ahead: bool) -> Result<Vec<Unit>> {
        let view = &self.view;
        let mut found: Vec<Unit> = Vec::new();
        for link in view.catalogue().unit_events(self.it.id).into_iter().flat_map(|e| &e.links) {
            let (near, far) = if ahead { (link.from, link.to) } else { (link.to, link.from) };
            if let (Some(near), Some(far)) = (near, far)
                && near == self.it.id
                && far != self.it.id
            {
                let unit = Unit::by_id(view, far)?;
                if !found.iter().any(|u| u.it.id == far) {
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
        global_id(NodeKind::Unit, &self.it.key())
    }

    /// Code of the statistics office, or our own (`TN-…`, `VN-…`) where there is none.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// `code@first-day`, which names this version alone.
    async fn key(&self) -> String {
        self.it.key()
    }

    /// Official name.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.name.get(lang.into())
    }

    /// Kind.
    async fn kind(&self) -> UnitKind {
        self.it.kind.into()
    }

    /// First day; null if not researched.
    async fn valid_from(&self) -> Option<Date> {
        self.it.valid_from.map(Date::from)
    }

    /// Last day; null if it stands or the end is not known.
    async fn valid_to(&self) -> Option<Date> {
        self.it.valid_to.map(Date::from)
    }

    /// True if no end of this version is known.
    async fn is_standing(&self) -> bool {
        self.it.valid_to.is_none()
    }

    /// The unit above, in the version that stood together with this one.
    async fn parent(&self) -> Option<Result<Unit>> {
        self.it.parent.map(|id| Unit::by_id(&self.view, id))
    }

    /// Units right below, by code.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn children(
        &self,
        #[graphql(desc = "Only units of these kinds.")] kinds: MaybeUndefined<Vec<UnitKind>>,
        #[graphql(desc = "Only units that stood on this day.")] at: MaybeUndefined<Date>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<UnitConnection> {
        let kinds = given(kinds, "kinds")?;
        let at = given(at, "at")?.map(|d| d.day("at")).transpose()?;
        let mut units: Vec<&Arc<unit::Unit>> = self
            .view
            .catalogue()
            .unit_children(self.it.id)
            .filter(|u| kinds.as_ref().is_none_or(|k| k.contains(&u.kind.into())) && at.is_none_or(|d| u.stood_on(d)))
            .collect();
        units.sort_by(|a, b| (&a.code, a.valid_from).cmp(&(&b.code, b.valid_from)));
        let nodes = units.into_iter().map(|it| Unit::of(&self.view, it)).collect();
        UnitConnection::cut("units", nodes, |u| u.it.key(), &PageArgs { first, after, last, before })
    }

    /// Place in the tables of the province's reports, from 1; null if it has none.
    async fn report_order(&self) -> Option<i32> {
        self.it.report_order
    }

    /// Other names and spellings.
    async fn aliases(&self) -> &[String] {
        &self.it.aliases
    }

    /// Identifiers in other schemes.
    async fn identifiers(&self) -> Vec<UnitIdentifier> {
        self.it.identifiers.iter().map(UnitIdentifier::of).collect()
    }

    /// Where the facts come from.
    async fn source(&self) -> &str {
        &self.it.source
    }

    /// How sure they are, in words.
    async fn confidence(&self) -> &str {
        &self.it.confidence
    }

    /// What happened to it, by date.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn events(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<UnitEvent>> {
        let first = bounded(first, 100, "first")?;
        Ok(self
            .view
            .catalogue()
            .unit_events(self.it.id)
            .into_iter()
            .take(first)
            .map(|it| UnitEvent::of(&self.view, it))
            .collect())
    }

    /// Units that came right after it: whole or in part they took over what it was.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn successors(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Unit>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.neighbours(true)?.into_iter().take(first).collect())
    }

    /// Units that it came from, whole or in part.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn predecessors(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Unit>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.neighbours(false)?.into_iter().take(first).collect())
    }

    /// Other bearers of the same code, oldest first.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn other_versions(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Unit>> {
        let first = bounded(first, 100, "first")?;
        let code = &self.it.code;
        let others = self.view.catalogue().unit_versions(code).filter(|u| u.id != self.it.id);
        Ok(others.take(first).map(|it| Unit::of(&self.view, it)).collect())
    }

    /// Information systems that it runs.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn systems(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<System>> {
        let first = bounded(first, 100, "first")?;
        let code = &self.it.code;
        let view = &self.view;
        let runs =
            |owner: Option<UnitId>| owner.and_then(|id| view.catalogue().unit(id)).is_some_and(|u| &u.code == code);
        Ok(view
            .catalogue()
            .systems
            .iter()
            .filter(|s| runs(s.owner))
            .take(first)
            .map(|it| System::of(&self.view, it))
            .collect())
    }

    /// The newest figure of each of its series, newest period first. Goals for periods still ahead are left out.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn latest_figures(
        &self,
        #[graphql(desc = "Only indicators of these topics and of those below them, by code.")] topics: MaybeUndefined<
            Vec<String>,
        >,
        #[graphql(default = 20, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<Observation>> {
        let view = &self.view;
        let first = bounded(first, 200, "first")?;
        let indicators =
            given(topics, "topics")?.map(|t| filter::indicators_of_topics(view, &t, "topics")).transpose()?;
        let question = LatestQuestion { indicators, begun_by: view.published_by(), first: first as u64 };
        let found = view.loaders.latest(self.it.id, question.into()).await?;
        Ok(found.into_iter().map(|o| Observation::new(view, o)).collect())
    }

    /// Its series: the figures that answer by default, in the order of time.
    #[graphql(complexity = "cost::series(first, last, child_complexity)")]
    async fn series(
        &self,
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
        series::of_parent(&self.view, SeriesParent::Unit(self.it.id), args).await
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
        ObservationConnection::of_parent(&self.view, Parent::Unit(self.it.id), filter, sort, args).await
    }

    /// The newest figure of an indicator; null if it has none. Goals for periods still ahead are left out.
    async fn latest(
        &self,
        #[graphql(desc = "The indicator, by code.")] indicator: String,
        #[graphql(desc = "Position on the extra axes; the total if nothing is said.")] breakdown: MaybeUndefined<
            String,
        >,
        #[graphql(
            desc = "How the figures relate to time; if nothing is said and there are several: a state, then since the start, then since January, then the period alone."
        )]
        accumulation: MaybeUndefined<Accumulation>,
    ) -> Option<Result<Observation>> {
        self.newest(indicator, breakdown, accumulation).await.transpose()
    }
}

impl Unit {
    async fn newest(
        &self,
        indicator: String,
        breakdown: MaybeUndefined<String>,
        accumulation: MaybeUndefined<Accumulation>,
    ) -> Result<Option<Observation>> {
        let view = &self.view;
        let indicator = filter::indicator(view, &indicator, "indicator")?;
        let breakdown = match given(breakdown, "breakdown")? {
            Some(key) => filter::breakdown(view, &key, "breakdown")?,
            None => Default::default(),
        };
        let accumulation: Option<observation::Accumulation> = given(accumulation, "accumulation")?.map(Into::into);
        let found = view.loaders.related((indicator, self.it.id, breakdown)).await?;
        let newest = found
            .into_iter()
            .filter(|o| accumulation.is_none_or(|a| a == o.series.accumulation))
            .filter(|o| o.period.start() <= view.published_by())
            .max_by_key(|o| (o.period.end(), o.period.start(), std::cmp::Reverse(o.series.accumulation.precedence())));
        Ok(newest.map(|o| Observation::new(view, o)))
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
