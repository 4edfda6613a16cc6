//! Relay connections: one way to cut lists into pages.

use async_graphql::SimpleObject;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::error::{Fault, Result};

/// Items of a page if nothing is said.
pub const DEFAULT_PAGE: usize = 20;
/// Most items of a page.
pub const MAX_PAGE: i32 = 100;
/// Most figures of a page.
pub const MAX_OBSERVATIONS: i32 = 1_000;

/// Where a page stands in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// True if the list goes on after this page.
    pub has_next_page: bool,
    /// True if the list begins before this page.
    pub has_previous_page: bool,
    /// Cursor of the first item; null on an empty page.
    pub start_cursor: Option<String>,
    /// Cursor of the last item; null on an empty page.
    pub end_cursor: Option<String>,
}

/// The four arguments of every connection.
#[derive(Debug, Clone, Default)]
pub struct PageArgs {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

impl PageArgs {
    /// How many items, and whether from the end.
    pub fn limit(&self, max: i32) -> Result<(usize, bool)> {
        match (self.first, self.last) {
            (Some(_), Some(_)) => {
                Err(Fault::bad_input("first", "first and last contradict each other; give one of them."))
            }
            (Some(first), None) => Ok((super::scalars::bounded(first, max, "first")?, false)),
            (None, Some(last)) => Ok((super::scalars::bounded(last, max, "last")?, true)),
            (None, None) => Ok((DEFAULT_PAGE, false)),
        }
    }
}

/// Makes a cursor of a text; callers cannot read it and need not.
pub fn encode_cursor(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Reads a cursor back; the error names the argument.
pub fn decode_cursor(cursor: &str, argument: &str) -> Result<String> {
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| Fault::bad_input(argument, "this is not a cursor of this API."))
}

/// A page of a list.
pub struct Page<T> {
    /// Items with their cursors.
    pub items: Vec<(String, T)>,
    /// True if the list goes on after this page.
    pub has_next: bool,
    /// True if the list begins before this page.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// Cuts a page out of a whole list. `key` names an item uniquely within the list `list`.
    pub fn cut(list: &str, items: Vec<T>, key: impl Fn(&T) -> String, args: &PageArgs) -> Result<Self> {
        let (limit, backwards) = args.limit(MAX_PAGE)?;
        let place = |cursor: &Option<String>, argument: &str| -> Result<Option<usize>> {
            let Some(cursor) = cursor else { return Ok(None) };
            let text = decode_cursor(cursor, argument)?;
            let found = text
                .strip_prefix(&format!("{list}:"))
                .and_then(|wanted| items.iter().position(|item| key(item) == wanted));
            found.map(Some).ok_or_else(|| Fault::bad_input(argument, "this cursor is not one of this list."))
        };
        let mut start = place(&args.after, "after")?.map_or(0, |i| i + 1);
        let mut end = place(&args.before, "before")?.unwrap_or(items.len()).max(start);
        if backwards {
            start = start.max(end.saturating_sub(limit));
        } else {
            end = end.min(start + limit);
        }
        let (has_next, has_previous) = (end < items.len(), start > 0);
        let cut = items.into_iter().skip(start).take(end - start);
        Ok(Self {
            items: cut.map(|item| (encode_cursor(&format!("{list}:{}", key(&item))), item)).collect(),
            has_next,
            has_previous,
        })
    }

    /// Where the page stands.
    pub fn info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.items.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.items.last().map(|(cursor, _)| cursor.clone()),
        }
    }
}

/// Declares the connection and edge types of a list that is cut in memory.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty) => {
        /// A page of a list, with the cursors to go on.
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            /// Items with their cursors.
            pub edges: Vec<$edge>,
            /// The items alone.
            pub nodes: Vec<$node>,
            /// Where the page stands in the list.
            pub page_info: $crate::graphql::connection::PageInfo,
            /// Length of the whole list.
            pub total_count: i32,
        }

        /// An item of a page.
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// Place of the item, for `after` and `before`. Opaque.
            pub cursor: String,
            /// The item.
            pub node: $node,
        }

        impl $connection {
            /// Cuts a page out of the whole list.
            pub fn cut(
                list: &str,
                items: Vec<$node>,
                key: impl Fn(&$node) -> String,
                args: &$crate::graphql::connection::PageArgs,
            ) -> $crate::graphql::error::Result<Self> {
                let total_count = i32::try_from(items.len()).unwrap_or(i32::MAX);
                let page = $crate::graphql::connection::Page::cut(list, items, key, args)?;
                Ok(Self {
                    page_info: page.info(),
                    nodes: page.items.iter().map(|(_, node)| node.clone()).collect(),
                    edges: page.items.into_iter().map(|(cursor, node)| $edge { cursor, node }).collect(),
                    total_count,
                })
            }
        }
    };
}
pub(crate) use connection;
