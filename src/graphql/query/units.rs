//! Units.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::graphql::{
    connection::PageArgs,
    context::{AsOf, view},
    cost,
    error::{Fault, Result},
    filter,
    scalars::{Date, given},
    types::{
        enums::UnitKind,
        unit::{Unit, UnitConnection},
    },
};

#[derive(Default)]
pub struct UnitQuery;

#[Object]
impl UnitQuery {
    /// Units in all their versions, by code and first day.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only units of these kinds.")] kinds: MaybeUndefined<Vec<UnitKind>>,
        #[graphql(desc = "Only units that stood on this day.")] at: MaybeUndefined<Date>,
        #[graphql(desc = "Only units below this one, at any depth, by code.")] below_unit: MaybeUndefined<String>,
        #[graphql(desc = "Only units with these codes; at most 1,000.")] codes: MaybeUndefined<Vec<String>>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<UnitConnection> {
        let view = &view(ctx, as_of).await?;
        let kinds = given(kinds, "kinds")?;
        let at = given(at, "at")?.map(|d| d.day("at")).transpose()?;
        let below =
            given(below_unit, "belowUnit")?.map(|code| filter::units_below(view, &code, "belowUnit")).transpose()?;
        let codes = given(codes, "codes")?.map(|c| filter::units(view, c, "codes")).transpose()?;
        let mut units: Vec<_> = view
            .catalogue()
            .units
            .iter()
            .filter(|u| kinds.as_ref().is_none_or(|k| k.contains(&u.kind.into())))
            .filter(|u| at.is_none_or(|day| u.stood_on(day)))
            .filter(|u| below.as_ref().is_none_or(|ids| ids.contains(&u.id)))
            .filter(|u| codes.as_ref().is_none_or(|ids| ids.contains(&u.id)))
            .collect();
        units.sort_by(|a, b| (&a.code, a.valid_from).cmp(&(&b.code, b.valid_from)));
        let nodes = units.into_iter().map(|it| Unit::of(view, it)).collect();
        UnitConnection::cut("units", nodes, |u| u.it.key(), &PageArgs { first, after, last, before })
    }

    /// The bearer of a code on a day, or its latest bearer; null if there is none.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `164`, `TN-STC`; or `code@first-day` for one version.")] code: String,
        #[graphql(desc = "The day; a code can change its bearer.")] at: MaybeUndefined<Date>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<Unit>> {
        let find = async || {
            let view = view(ctx, as_of).await?;
            let at = given(at, "at")?.map(|d| d.day("at")).transpose()?;
            if at.is_some() && code.contains('@') {
                return Err(Fault::bad_input("at", "contradicts a code that names one version by its first day."));
            }
            let catalogue = view.catalogue();
            let found = match at {
                Some(day) => catalogue.unit_on(&code, day),
                None => catalogue.unit_by_key(&code).or_else(|| catalogue.unit_latest(&code)),
            };
            Ok(found.map(|it| Unit::of(&view, it)))
        };
        find().await.transpose()
    }
}
