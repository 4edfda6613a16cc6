//! Releases.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};

use super::{document::Document, enums::Language};
use crate::{
    domain::document,
    graphql::{
        connection::connection,
        context::reader,
        error::Result,
        node::{NodeKind, global_id},
    },
};

connection!(ReleaseConnection, ReleaseEdge, Release);

/// An act of publication.
#[derive(Debug, Clone)]
pub struct Release(pub document::Release);

/// One act of publication. Public data change only by a release.
#[Object]
impl Release {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Release, &self.0.number.to_string())
    }

    /// Number, only growing.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// When the figures became public; may lie before `recordedAt`.
    async fn published_at(&self) -> DateTime<Utc> {
        self.0.published_at
    }

    /// When this service learned of it.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }

    /// What was published.
    async fn title(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.0.title.get(lang.into())
    }

    /// What a reader should know; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.0.note.as_ref().map(|n| n.get(lang.into()))
    }

    /// The document whose figures it published.
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<Document>> {
        self.0.document.map(|id| Document::of(reader(ctx), id))
    }
}
