//! Information systems.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::graphql::{
    connection::PageArgs,
    context::{AsOf, view},
    cost,
    error::Result,
    filter,
    scalars::given,
    types::system::{System, SystemConnection},
};

#[derive(Default)]
pub struct SystemQuery;

#[Object]
impl SystemQuery {
    /// Information systems, by code.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn systems(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only systems of this owner, by code of the unit.")] owner: MaybeUndefined<String>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<SystemConnection> {
        let view = &view(ctx, as_of).await?;
        let owner = given(owner, "owner")?.map(|code| filter::units(view, vec![code], "owner")).transpose()?;
        let runs = |id: Option<crate::domain::id::UnitId>| {
            owner.as_ref().is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)))
        };
        let mut systems: Vec<_> = view.catalogue().systems.iter().filter(|s| runs(s.owner)).collect();
        systems.sort_by(|a, b| a.code.cmp(&b.code));
        let nodes = systems.into_iter().map(|it| System::of(view, it)).collect();
        SystemConnection::cut("systems", nodes, |s| s.it.code.clone(), &PageArgs { first, after, last, before })
    }

    /// An information system by its code; null if there is none.
    async fn system(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `lgsp`.")] code: String,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<System>> {
        let view = view(ctx, as_of).await;
        view.map(|view| view.catalogue().systems.iter().find(|s| s.code == code).map(|it| System::of(&view, it)))
            .transpose()
    }
}
