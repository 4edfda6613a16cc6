//! What happened to units.

use async_graphql::{ID, Object, SimpleObject};

use super::{
    document::Document,
    enums::{Extent, Language, UnitEventKind},
    unit::Unit,
};
use crate::{
    domain::{id::*, unit},
    graphql::{
        context::entry,
        cost,
        error::Result,
        node::{NodeKind, global_id},
        scalars::{Date, Decimal, bounded},
    },
};

entry! {
    /// A change of units.
    UnitEvent of unit::UnitEvent
}

/// A change of the units at a date: a merger, a split, a new name, an end.
#[Object]
impl UnitEvent {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::UnitEvent, &self.it.code)
    }

    /// Stable code.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// What happened.
    async fn kind(&self) -> UnitEventKind {
        self.it.kind.into()
    }

    /// First day of the new state.
    async fn effective_on(&self) -> Date {
        self.it.effective_on.into()
    }

    /// Short title.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.name.get(lang.into())
    }

    /// What a reader should know; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.it.note.as_ref().map(|n| n.get(lang.into()))
    }

    /// The legal act; null if not known.
    async fn legal_basis(&self) -> Option<Result<Document>> {
        self.it.legal_basis.map(|id| Document::by_id(&self.view, id))
    }

    /// How sure it is, in words.
    async fn confidence(&self) -> &str {
        &self.it.confidence
    }

    /// From which to which unit.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn links(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<UnitEventLink>> {
        let first = bounded(first, 100, "first")?;
        let view = &self.view;
        let end = |id: Option<UnitId>| id.map(|id| Unit::by_id(view, id)).transpose();
        let links = self.it.links.iter().take(first);
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
#[derive(Clone, SimpleObject)]
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
