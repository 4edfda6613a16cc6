//! Information systems.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::graphql::{
    connection::PageArgs,
    context::reader,
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
    ) -> Result<SystemConnection> {
        let reader = reader(ctx);
        let owner = given(owner, "owner")?.map(|code| filter::units(reader, vec![code], "owner")).transpose()?;
        let runs = |id: Option<crate::domain::id::UnitId>| {
            owner.as_ref().is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)))
        };
        let mut systems: Vec<_> = reader.catalogue().systems.iter().filter(|s| runs(s.owner)).collect();
        systems.sort_by(|a, b| a.code.cmp(&b.code));
        let nodes = systems.into_iter().map(System::of).collect();
        SystemConnection::cut("systems", nodes, |s| s.code.clone(), &PageArgs { first, after, last, before })
    }

    /// An information system by its code; null if there is none.
    async fn system(&self, ctx: &Context<'_>, #[graphql(desc = "Code: `lgsp`.")] code: String) -> Option<System> {
        reader(ctx).catalogue().systems.iter().find(|s| s.code == code).map(System::of)
    }
}
