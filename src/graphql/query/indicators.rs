//! Topics, indicators, targets.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::graphql::{
    connection::PageArgs,
    context::{AsOf, view},
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
    async fn topics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<Vec<Topic>> {
        let view = &view(ctx, as_of).await?;
        let pillars = view.catalogue().topics.iter().filter(|t| t.parent.is_none());
        Ok(pillars.take(50).map(|t| Topic::of(view, t)).collect())
    }

    /// A topic by its code; null if there is none.
    async fn topic(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `government.services`.")] code: String,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<Topic>> {
        let view = view(ctx, as_of).await;
        view.map(|view| view.catalogue().topic(&code).map(|t| Topic::of(&view, t))).transpose()
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
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<IndicatorConnection> {
        let view = &view(ctx, as_of).await?;
        let codes = given(codes, "codes")?.map(|c| filter::indicators(view, c, "codes")).transpose()?;
        let topics = given(topics, "topics")?.map(|t| filter::indicators_of_topics(view, &t, "topics")).transpose()?;
        let kinds = given(kinds, "kinds")?;
        let mut indicators: Vec<_> = view
            .catalogue()
            .indicators
            .iter()
            .filter(|i| codes.as_ref().is_none_or(|ids| ids.contains(&i.id)))
            .filter(|i| topics.as_ref().is_none_or(|ids| ids.contains(&i.id)))
            .filter(|i| kinds.as_ref().is_none_or(|k| k.contains(&i.kind.into())))
            .collect();
        indicators.sort_by(|a, b| a.code.cmp(&b.code));
        let nodes = indicators.into_iter().map(|i| Indicator::of(view, i)).collect();
        IndicatorConnection::cut("indicators", nodes, |i| i.it.code.clone(), &PageArgs { first, after, last, before })
    }

    /// An indicator by its code; null if there is none.
    async fn indicator(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `dossiers.received`.")] code: String,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<Indicator>> {
        let view = view(ctx, as_of).await;
        view.map(|view| view.catalogue().indicator_by_code(&code).map(|it| Indicator::of(&view, it))).transpose()
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
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<TargetConnection> {
        let view = &view(ctx, as_of).await?;
        let resolution =
            given(resolution, "resolution")?.map(|code| filter::document(view, &code, "resolution")).transpose()?;
        let targets = view.catalogue().targets.iter().filter(|t| resolution.is_none_or(|r| r == t.resolution));
        let nodes = targets.map(|it| Target::of(view, it)).collect();
        TargetConnection::cut("targets", nodes, |t| t.it.code.clone(), &PageArgs { first, after, last, before })
    }

    /// A target by its code; null if there is none.
    async fn target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `01-NQ/TU.2b`.")] code: String,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<Target>> {
        let view = view(ctx, as_of).await;
        view.map(|view| view.catalogue().targets.iter().find(|t| t.code == code).map(|it| Target::of(&view, it)))
            .transpose()
    }
}
