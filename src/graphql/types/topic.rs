//! Topics.

use async_graphql::{Context, ID, Object};

use super::{
    enums::Language,
    indicator::{Indicator, IndicatorConnection},
};
use crate::graphql::{
    connection::PageArgs,
    context::reader,
    cost,
    error::Result,
    node::{NodeKind, global_id},
};

/// A topic, by its code.
#[derive(Debug, Clone)]
pub struct Topic(pub String);

/// A chapter or sub-chapter of the statistics: the pillars of the digital-transformation index.
#[Object]
impl Topic {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Topic, &self.0)
    }

    /// Stable code.
    async fn code(&self) -> &str {
        &self.0
    }

    /// Name.
    async fn name<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the name.")] lang: Language,
    ) -> Result<&'c str> {
        let reader = reader(ctx);
        Ok(reader.item(&reader.catalogue().topics, |t| t.code == self.0, "topic")?.name.get(lang.into()))
    }

    /// The topic above; null for a pillar.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Topic> {
        reader(ctx).catalogue().topic(&self.0)?.parent.clone().map(Topic)
    }

    /// Topics right below, in order; at most 20.
    #[graphql(complexity = "cost::list(None, 20, child_complexity)")]
    async fn children(&self, ctx: &Context<'_>) -> Vec<Topic> {
        let topics = &reader(ctx).catalogue().topics;
        topics.iter().filter(|t| t.parent.as_ref() == Some(&self.0)).take(20).map(|t| Topic(t.code.clone())).collect()
    }

    /// Indicators of this topic and of those below it, by code.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<IndicatorConnection> {
        let reader = reader(ctx);
        let topics = reader.catalogue().topic_and_below(&self.0);
        let mut indicators: Vec<_> =
            reader.catalogue().indicators.iter().filter(|i| topics.contains(&i.topic)).collect();
        indicators.sort_by(|a, b| a.code.cmp(&b.code));
        let nodes = indicators.into_iter().map(|i| Indicator { id: i.id, code: i.code.clone() }).collect();
        IndicatorConnection::cut("indicators", nodes, |i| i.code.clone(), &PageArgs { first, after, last, before })
    }
}
