//! Search, nodes, the service itself.

use async_graphql::{Context, ID, MaybeUndefined, Object};
use futures_util::future::join_all;

use crate::graphql::{
    context::{AsOf, view},
    cost,
    error::{Fault, InternalExt, Result},
    scalars::{at_most, bounded, given},
    types::{
        enums::SearchKind,
        search::{self, Node, SearchHit},
        server_info::ServerInfo,
    },
};

/// Longest text that is searched for, in bytes.
const MAX_QUERY: usize = 500;

#[derive(Default)]
pub struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Finds indicators, units, documents, reports, systems, topics and targets by their names, aliases and
    /// descriptions, best first. Diacritics may be left out (`thu tuc hanh chinh`), `d` finds `đ`, and the
    /// last word may be unfinished.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words to find, at most 500 bytes; of more than 16 words the first are read.")] query: String,
        #[graphql(desc = "Only things of these kinds.")] kinds: MaybeUndefined<Vec<SearchKind>>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<Vec<SearchHit>> {
        let first = bounded(first, 100, "first")?;
        if query.len() > MAX_QUERY {
            return Err(Fault::bad_input("query", format!("{} bytes asked, {MAX_QUERY} allowed.", query.len())));
        }
        let kinds: Option<Vec<crate::search::Kind>> =
            given(kinds, "kinds")?.map(|k| k.into_iter().map(Into::into).collect());
        let view = &view(ctx, as_of).await?;
        let hits = view.snapshot.search.search(&query, kinds.as_deref(), first).internal()?;
        Ok(hits.into_iter().filter_map(|hit| SearchHit::of(view, hit)).collect())
    }

    /// The thing of a global id; null if there is none.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id.")] id: ID,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<Node>> {
        let find = async || search::node(&view(ctx, as_of).await?, &id, "id").await;
        find().await.transpose()
    }

    /// The things of global ids, in their order, null where there is none.
    #[graphql(complexity = "cost::list(Some(ids.len() as i32), 20, child_complexity)")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids; at most 100.")] ids: Vec<ID>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<Vec<Option<Node>>> {
        let ids = at_most(ids, 100, "ids")?;
        let view = &view(ctx, as_of).await?;
        let found = ids.iter().map(|id| search::node(view, id, "ids"));
        join_all(found).await.into_iter().collect()
    }

    /// What the service is, what it holds and what it allows.
    async fn server_info(&self, ctx: &Context<'_>) -> Result<ServerInfo> {
        Ok(ServerInfo { view: view(ctx, MaybeUndefined::Undefined).await? })
    }
}
