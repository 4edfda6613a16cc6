//! Releases.

use async_graphql::{ID, Object};

use super::{document::Document, enums::Language};
use crate::{
    domain::document,
    graphql::{
        connection::connection,
        context::entry,
        error::Result,
        node::{NodeKind, global_id},
        scalars::DateTime,
    },
};

connection!(ReleaseConnection, ReleaseEdge, Release);

entry! {
    /// An act of publication.
    Release of document::Release
}

/// One act of publication. Public data change only by a release.
#[Object]
impl Release {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Release, &self.it.number.to_string())
    }

    /// Number, only growing.
    async fn number(&self) -> i32 {
        self.it.number
    }

    /// When the figures became public; may lie before `recordedAt`.
    async fn published_at(&self) -> DateTime {
        self.it.published_at.into()
    }

    /// When this service learned of it.
    async fn recorded_at(&self) -> DateTime {
        self.it.recorded_at.into()
    }

    /// What was published.
    async fn title(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.title.get(lang.into())
    }

    /// What a reader should know; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.it.note.as_ref().map(|n| n.get(lang.into()))
    }

    /// The document whose figures it published.
    async fn document(&self) -> Option<Result<Document>> {
        self.it.document.map(|id| Document::by_id(&self.view, id))
    }
}
