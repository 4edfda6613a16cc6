//! Pages of figures, cut by the database.

use std::sync::Arc;

use async_graphql::{MaybeUndefined, Object, SimpleObject};

use super::Observation;
use crate::{
    domain::{
        observation,
        selection::{Condition, Slice, Sort},
    },
    graphql::{
        connection::{MAX_OBSERVATIONS, Page, PageArgs, PageInfo, encode_cursor},
        context::View,
        error::{InternalExt, Result},
        filter::{self, ObservationFilter, ObservationSort},
        loaders::PageQuestion,
        scalars::given,
    },
    store::observations::{self, Parent},
};

/// A page of figures.
pub struct ObservationConnection {
    view: View,
    page: Page<Observation>,
    count: Count,
}

/// How to count the whole list, if it is asked for.
enum Count {
    All(Condition),
    Of(Parent, Arc<Condition>),
}

/// A page of figures, with the cursors to go on.
#[Object]
impl ObservationConnection {
    /// Figures with their cursors.
    async fn edges(&self) -> Vec<ObservationEdge> {
        self.page
            .items
            .iter()
            .map(|(cursor, node)| ObservationEdge { cursor: cursor.clone(), node: node.clone() })
            .collect()
    }

    /// The figures alone.
    async fn nodes(&self) -> Vec<Observation> {
        self.page.items.iter().map(|(_, node)| node.clone()).collect()
    }

    /// Where the page stands in the list.
    async fn page_info(&self) -> PageInfo {
        self.page.info()
    }

    /// Length of the whole list; counted only if asked for.
    async fn total_count(&self) -> Result<i32> {
        let view = &self.view;
        let count = match &self.count {
            Count::All(condition) => {
                observations::count(view.database.reader(), view.scope(), condition).await.internal()?
            }
            Count::Of(parent, condition) => view.loaders.count(parent.clone(), condition.clone()).await?,
        };
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

/// A figure of a page.
#[derive(SimpleObject)]
pub struct ObservationEdge {
    /// Place of the figure, for `after` and `before`. Opaque.
    pub cursor: String,
    /// The figure.
    pub node: Observation,
}

impl ObservationConnection {
    /// A page of all figures that meet a filter.
    pub async fn of_all(
        view: &View,
        filter: MaybeUndefined<ObservationFilter>,
        sort: ObservationSort,
        args: PageArgs,
    ) -> Result<Self> {
        let condition = filter::condition(view, given(filter, "filter")?)?;
        let (question, sort) = Self::question(condition, sort, &args)?;
        let found =
            observations::page(view.database.reader(), view.scope(), &question.condition, sort, &question.slice)
                .await
                .internal()?;
        let page = Self::cut(view, found, &question, sort)?;
        Ok(Self { view: view.clone(), page, count: Count::All(question.condition) })
    }

    /// A page of the figures of a parent that meet a filter.
    pub async fn of_parent(
        view: &View,
        parent: Parent,
        filter: MaybeUndefined<ObservationFilter>,
        sort: ObservationSort,
        args: PageArgs,
    ) -> Result<Self> {
        let condition = filter::condition(view, given(filter, "filter")?)?;
        let (question, sort) = Self::question(condition, sort, &args)?;
        let question = Arc::new(question);
        let found = view.loaders.page(parent.clone(), question.clone()).await?;
        let page = Self::cut(view, found, &question, sort)?;
        Ok(Self { view: view.clone(), page, count: Count::Of(parent, Arc::new(question.condition.clone())) })
    }

    /// Asks for one more than the page holds, to know whether the list goes on.
    fn question(condition: Condition, sort: ObservationSort, args: &PageArgs) -> Result<(PageQuestion, Sort)> {
        let (limit, backwards) = args.limit(MAX_OBSERVATIONS)?;
        let sort: Sort = sort.into();
        let mark = |cursor: &Option<String>, argument| {
            cursor.as_ref().map(|c| filter::decode_mark(sort, c, argument)).transpose()
        };
        let slice = Slice {
            limit: limit as u64 + 1,
            backwards,
            after: mark(&args.after, "after")?,
            before: mark(&args.before, "before")?,
        };
        Ok((PageQuestion { condition, sort, slice }, sort))
    }

    fn cut(
        view: &View,
        mut found: Vec<observation::Observation>,
        question: &PageQuestion,
        sort: Sort,
    ) -> Result<Page<Observation>> {
        let slice = &question.slice;
        let limit = slice.limit as usize - 1;
        let more = found.len() > limit;
        if more && slice.backwards {
            found.remove(0);
        }
        found.truncate(limit);
        let items = found.into_iter().map(|o| {
            let unit = &view.unit(o.series.unit)?.code;
            let cursor = encode_cursor(&filter::encode_mark(sort, &observations::mark(sort, &o, unit)));
            Ok((cursor, Observation::new(view, o)))
        });
        Ok(Page {
            items: items.collect::<Result<_>>()?,
            has_next: if slice.backwards { slice.before.is_some() } else { more },
            has_previous: if slice.backwards { more } else { slice.after.is_some() },
        })
    }
}
