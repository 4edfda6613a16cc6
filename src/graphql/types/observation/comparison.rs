//! Changes between two figures.

use async_graphql::Object;

use super::Observation;
use crate::{
    domain::change,
    graphql::{
        context::View,
        scalars::Decimal,
        types::enums::{Language, MeasureKind, NoChange},
    },
};

/// A comparison of a figure with an earlier one, or the reason why there is none.
pub struct Comparison {
    pub view: View,
    pub change: Result<change::Change, change::NoChange>,
    pub kind: MeasureKind,
}

/// A comparison of a figure with an earlier one, or the reason why there is none.
#[Object]
impl Comparison {
    /// The change; null if there is a `reason`.
    async fn change(&self) -> Option<Change> {
        self.change.as_ref().ok().map(|c| Change { view: self.view.clone(), change: c.clone(), kind: self.kind })
    }

    /// Why there is no change; null if there is one.
    async fn reason(&self) -> Option<NoChange> {
        self.change.as_ref().err().map(|r| (*r).into())
    }

    /// The reason in words; null if there is a change.
    async fn explanation(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<String> {
        self.change.as_ref().err().map(|r| r.explain().get(lang.into()).to_owned())
    }
}

/// A change against an earlier figure.
pub struct Change {
    view: View,
    change: change::Change,
    kind: MeasureKind,
}

/// A change against an earlier figure.
#[Object]
impl Change {
    /// New minus old, in the unit of measure; percentage points for shares.
    async fn absolute(&self) -> Decimal {
        self.change.absolute.into()
    }

    /// New over old minus one, in per cent with two decimals; null for shares, ranks, scores, rates of
    /// change and an earlier figure of zero.
    async fn percent(&self) -> Option<Decimal> {
        self.change.relative.map(Decimal::from)
    }

    /// False if either figure is vague, so that the change is no more than an indication.
    async fn is_exact(&self) -> bool {
        self.change.is_exact
    }

    /// The earlier figure.
    async fn base(&self) -> Observation {
        Observation::new(&self.view, self.change.base.clone())
    }

    /// Kind of the indicator, which tells what `absolute` means.
    async fn measure_kind(&self) -> MeasureKind {
        self.kind
    }
}
