//! Topics, indicators, targets.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::graphql::{
    connection::PageArgs,
    context::reader,
    cost,
    error::Result,
    filter,
    scalars::given,
    types::{
        enums::MeasureKind,
        indicator::{Indicator, IndicatorConnection},
        target::{Target, TargetConnection},
        topic::Topic,
    },
};

#[derive(Default)]
pub struct IndicatorQuery;

#[Object]
impl IndicatorQuery {
    /// The pillars, in order; their `children` are the topics below. At most 50.
    #[graphql(complexity = "cost::list(None, 10, child_complexity)")]
    async fn topics(&self, ctx: &Context<'_>) -> Vec<Topic> {
        let pillars = reader(ctx).catalogue().topics.iter().filter(|t| t.parent.is_none());
        pillars.take(50).map(|t| Topic(t.code.clone())).collect()
    }

    /// A topic by its code; null if there is none.
    async fn topic(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `government.services`.")] code: String,
    ) -> Option<Topic> {
        reader(ctx).catalogue().topic(&code).map(|t| Topic(t.code.clone()))
    }

    /// Indicators, by code.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only indicators with these codes; at most 1,000.")] codes: MaybeUndefined<Vec<String>>,
        #[graphql(desc = "Only indicators of these topics and of those below them, by code.")] topics: MaybeUndefined<
            Vec<String>,
        >,
        #[graphql(desc = "Only indicators of these kinds.")] kinds: MaybeUndefined<Vec<MeasureKind>>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<IndicatorConnection> {
        let reader = reader(ctx);
        let codes = given(codes, "codes")?.map(|c| filter::indicators(reader, c, "codes")).transpose()?;
        let topics =
            given(topics, "topics")?.map(|t| filter::indicators_of_topics(reader, &t, "topics")).transpose()?;
        let kinds = given(kinds, "kinds")?;
        let mut indicators: Vec<_> = reader
            .catalogue()
            .indicators
            .iter()
            .filter(|i| codes.as_ref().is_none_or(|ids| ids.contains(&i.id)))
            .filter(|i| topics.as_ref().is_none_or(|ids| ids.contains(&i.id)))
            .filter(|i| kinds.as_ref().is_none_or(|k| k.contains(&i.kind.into())))
            .collect();
        indicators.sort_by(|a, b| a.code.cmp(&b.code));
        let nodes = indicators.into_iter().map(|i| Indicator { id: i.id, code: i.code.clone() }).collect();
        IndicatorConnection::cut("indicators", nodes, |i| i.code.clone(), &PageArgs { first, after, last, before })
    }

    /// An indicator by its code; null if there is none.
    async fn indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `dossiers.received`.")] code: String,
    ) -> Option<Indicator> {
        let found = reader(ctx).catalogue().indicator_by_code(&code)?;
        Some(Indicator { id: found.id, code: found.code.clone() })
    }

    /// Targets, in the order of their resolutions.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn targets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only targets of this resolution, by code.")] resolution: MaybeUndefined<String>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<TargetConnection> {
        let reader = reader(ctx);
        let resolution =
            given(resolution, "resolution")?.map(|code| filter::document(reader, &code, "resolution")).transpose()?;
        let targets = reader.catalogue().targets.iter().filter(|t| resolution.is_none_or(|r| r == t.resolution));
        let nodes = targets.map(Target::of).collect();
        TargetConnection::cut("targets", nodes, |t| t.code.clone(), &PageArgs { first, after, last, before })
    }

    /// A target by its code; null if there is none.
    async fn target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `01-NQ/TU.2b`.")] code: String,
    ) -> Option<Target> {
        reader(ctx).catalogue().targets.iter().find(|t| t.code == code).map(Target::of)
    }
}
