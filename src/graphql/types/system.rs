//! Information systems.

use async_graphql::{ID, Object, SimpleObject};

use super::{
    document::{Document, Locator},
    enums::Language,
    indicator::Indicator,
    unit::Unit,
};
use crate::{
    domain::system,
    graphql::{
        connection::connection,
        context::entry,
        cost,
        error::Result,
        node::{NodeKind, global_id},
        scalars::bounded,
    },
};

connection!(SystemConnection, SystemEdge, System);

entry! {
    /// An information system.
    System of system::System
}

/// An information system, platform, application, channel or site that the documents name.
#[Object]
impl System {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::System, &self.it.code)
    }

    /// Stable code.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// Name.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.name.get(lang.into())
    }

    /// Who runs it; null if the sources do not tell.
    async fn owner(&self) -> Option<Result<Unit>> {
        self.it.owner.map(|id| Unit::by_id(&self.view, id))
    }

    /// What it is for, in one line.
    async fn purpose(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.purpose.get(lang.into())
    }

    /// Other names.
    async fn aliases(&self) -> &[String] {
        &self.it.aliases
    }

    /// Indicators that it feeds or that count its use.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn indicators(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Indicator>> {
        let first = bounded(first, 100, "first")?;
        self.it.indicators.iter().take(first).map(|id| Indicator::by_id(&self.view, *id)).collect()
    }

    /// Places where the documents name it.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn mentions(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Mention>> {
        let first = bounded(first, 100, "first")?;
        let mentions = self.it.mentions.iter().take(first);
        mentions
            .map(|m| {
                Ok(Mention { document: Document::by_id(&self.view, m.document)?, locator: Locator(m.locator.clone()) })
            })
            .collect()
    }
}

/// A place that names an information system.
#[derive(SimpleObject)]
pub struct Mention {
    /// The document.
    pub document: Document,
    /// Where.
    pub locator: Locator,
}
