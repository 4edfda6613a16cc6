//! Information systems.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{
    document::{Document, Locator},
    enums::Language,
    indicator::Indicator,
    unit::Unit,
};
use crate::{
    domain::{id::*, system},
    graphql::{
        connection::connection,
        context::reader,
        cost,
        error::Result,
        node::{NodeKind, global_id},
        scalars::bounded,
    },
};

connection!(SystemConnection, SystemEdge, System);

/// An information system, by its key.
#[derive(Debug, Clone)]
pub struct System {
    pub id: SystemId,
    pub code: String,
}

impl System {
    /// The output type of a system.
    pub fn of(system: &system::System) -> Self {
        Self { id: system.id, code: system.code.clone() }
    }

    fn get<'c>(&self, ctx: &Context<'c>) -> Result<&'c system::System> {
        let reader = reader(ctx);
        reader.item(&reader.catalogue().systems, |s| s.id == self.id, "system")
    }
}

/// An information system, platform, application, channel or site that the documents name.
#[Object]
impl System {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::System, &self.code)
    }

    /// Stable code.
    async fn code(&self) -> &str {
        &self.code
    }

    /// Name.
    async fn name<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.name.get(lang.into()))
    }

    /// Who runs it; null if the sources do not tell.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let owner = self.get(ctx).map(|s| s.owner).transpose()?;
        Some(owner.and_then(|id| Unit::of(reader(ctx), id)))
    }

    /// What it is for, in one line.
    async fn purpose<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.purpose.get(lang.into()))
    }

    /// Other names.
    async fn aliases<'c>(&self, ctx: &Context<'c>) -> Result<&'c [String]> {
        Ok(&self.get(ctx)?.aliases)
    }

    /// Indicators that it feeds or that count its use.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn indicators(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Indicator>> {
        let first = bounded(first, 100, "first")?;
        self.get(ctx)?.indicators.iter().take(first).map(|id| Indicator::of(reader(ctx), *id)).collect()
    }

    /// Places where the documents name it.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn mentions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Mention>> {
        let first = bounded(first, 100, "first")?;
        let mentions = self.get(ctx)?.mentions.iter().take(first);
        mentions
            .map(|m| {
                Ok(Mention { document: Document::of(reader(ctx), m.document)?, locator: Locator(m.locator.clone()) })
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
