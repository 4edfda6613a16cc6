//! Topics.

use async_graphql::{ID, Object};

use super::{
    enums::Language,
    indicator::{Indicator, IndicatorConnection},
};
use crate::{
    domain::indicator,
    graphql::{
        connection::PageArgs,
        context::{View, entry},
        cost,
        error::{Fault, Result},
        node::{NodeKind, global_id},
    },
};

entry! {
    /// A topic.
    Topic of indicator::Topic
}

impl Topic {
    /// The topic of a code.
    pub fn by_code(view: &View, code: &str) -> Result<Self> {
        let found = view.catalogue().topic(code).map(|it| Self::of(view, it));
        found.ok_or_else(|| Fault::Internal(format!("topic {code} is not in the snapshot")))
    }
}

/// A chapter or sub-chapter of the statistics: the pillars of the digital-transformation index.
#[Object]
impl Topic {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Topic, &self.it.code)
    }

    /// Stable code.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// Name.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the name.")] lang: Language,
    ) -> &str {
        self.it.name.get(lang.into())
    }

    /// The topic above; null for a pillar.
    async fn parent(&self) -> Option<Result<Topic>> {
        self.it.parent.as_ref().map(|code| Topic::by_code(&self.view, code))
    }

    /// Topics right below, in order; at most 20.
    #[graphql(complexity = "cost::list(None, 20, child_complexity)")]
    async fn children(&self) -> Vec<Topic> {
        let topics = &self.view.catalogue().topics;
        topics
            .iter()
            .filter(|t| t.parent.as_ref() == Some(&self.it.code))
            .take(20)
            .map(|t| Topic::of(&self.view, t))
            .collect()
    }

    /// Indicators of this topic and of those below it, by code.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn indicators(
        &self,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<IndicatorConnection> {
        let view = &self.view;
        let topics = view.catalogue().topic_and_below(&self.it.code);
        let mut indicators: Vec<_> = view.catalogue().indicators.iter().filter(|i| topics.contains(&i.topic)).collect();
        indicators.sort_by(|a, b| a.code.cmp(&b.code));
        let nodes = indicators.into_iter().map(|i| Indicator::of(&self.view, i)).collect();
        IndicatorConnection::cut("indicators", nodes, |i| i.it.code.clone(), &PageArgs { first, after, last, before })
    }
}
