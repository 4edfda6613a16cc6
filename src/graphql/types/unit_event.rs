//! What happened to units.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{
    document::Document,
    enums::{Extent, Language, UnitEventKind},
    unit::Unit,
};
use crate::{
    domain::{id::*, unit},
    graphql::{
        context::reader,
        cost,
        error::Result,
        node::{NodeKind, global_id},
        scalars::{Date, Decimal, bounded},
    },
};

/// A unit event, by its key.
#[derive(Debug, Clone)]
pub struct UnitEvent {
    pub id: UnitEventId,
    pub code: String,
}

impl UnitEvent {
    /// The output type of an event.
    pub fn of(event: &unit::UnitEvent) -> Self {
        Self { id: event.id, code: event.code.clone() }
    }

    fn get<'c>(&self, ctx: &Context<'c>) -> Result<&'c unit::UnitEvent> {
        let reader = reader(ctx);
        reader.item(&reader.catalogue().unit_events, |e| e.id == self.id, "unit event")
    }
}

/// A change of the units at a date: a merger, a split, a new name, an end.
#[Object]
impl UnitEvent {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::UnitEvent, &self.code)
    }

    /// Stable code.
    async fn code(&self) -> &str {
        &self.code
    }

    /// What happened.
    async fn kind(&self, ctx: &Context<'_>) -> Result<UnitEventKind> {
        Ok(self.get(ctx)?.kind.into())
    }

    /// First day of the new state.
    async fn effective_on(&self, ctx: &Context<'_>) -> Result<Date> {
        Ok(self.get(ctx)?.effective_on.into())
    }

    /// Short title.
    async fn name<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.name.get(lang.into()))
    }

    /// What a reader should know; null if nothing.
    async fn note<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<Result<&'c str>> {
        self.get(ctx).map(|e| e.note.as_ref().map(|n| n.get(lang.into()))).transpose()
    }

    /// The legal act; null if not known.
    async fn legal_basis(&self, ctx: &Context<'_>) -> Option<Result<Document>> {
        let document = self.get(ctx).map(|e| e.legal_basis).transpose()?;
        Some(document.and_then(|id| Document::of(reader(ctx), id)))
    }

    /// How sure it is, in words.
    async fn confidence<'c>(&self, ctx: &Context<'c>) -> Result<&'c str> {
        Ok(&self.get(ctx)?.confidence)
    }

    /// From which to which unit.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn links(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<UnitEventLink>> {
        let first = bounded(first, 100, "first")?;
        let reader = reader(ctx);
        let end = |id: Option<UnitId>| id.map(|id| Unit::of(reader, id)).transpose();
        let links = self.get(ctx)?.links.iter().take(first);
        links
            .map(|l| {
                Ok(UnitEventLink {
                    from: end(l.from)?,
                    to: end(l.to)?,
                    extent: l.extent.into(),
                    share: l.share.map(Decimal::from),
                })
            })
            .collect()
    }
}

/// One edge of the change of units.
#[derive(Debug, Clone, SimpleObject)]
pub struct UnitEventLink {
    /// The unit before; null if there was none or it is not recorded.
    pub from: Option<Unit>,
    /// The unit after; null for an end without a successor.
    pub to: Option<Unit>,
    /// How much of the former unit went over.
    pub extent: Extent,
    /// Official share of the former unit, 0 to 1; null if there is none.
    pub share: Option<Decimal>,
}
