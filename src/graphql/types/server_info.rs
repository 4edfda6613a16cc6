//! What the service says of itself.

use async_graphql::{Context, Object, SimpleObject};

use super::release::Release;
use crate::graphql::{
    admission::AdmissionLimits,
    connection::{MAX_OBSERVATIONS, MAX_PAGE},
    context::View,
    cost::SchemaLimits,
};

/// What the service says of itself.
pub struct ServerInfo {
    pub view: View,
}

/// What the service is, what it holds and what it allows.
#[Object]
impl ServerInfo {
    /// Name of the program.
    async fn name(&self) -> &str {
        env!("CARGO_PKG_NAME")
    }

    /// Version of the program.
    async fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    /// Licence of the data, as an SPDX identifier.
    async fn data_licence(&self) -> &str {
        "CC-BY-4.0"
    }

    /// The release that answers now.
    async fn release(&self) -> Option<Release> {
        self.view.catalogue().releases.last().map(|it| Release::of(&self.view, it))
    }

    /// How much there is beside the figures; `availability` counts these.
    async fn counts(&self) -> CatalogueCounts {
        let c = self.view.catalogue();
        CatalogueCounts {
            reports: c.reports.len() as i32,
            documents: c.documents.len() as i32,
            indicators: c.indicators.len() as i32,
            units: c.units.len() as i32,
            systems: c.systems.len() as i32,
            targets: c.targets.len() as i32,
            releases: c.releases.len() as i32,
        }
    }

    /// What a request may ask.
    async fn limits(&self, ctx: &Context<'_>) -> Limits {
        let admission = ctx.data_unchecked::<AdmissionLimits>();
        let schema = ctx.data_unchecked::<SchemaLimits>();
        Limits {
            document_bytes: admission.bytes as i32,
            tokens: admission.tokens as i32,
            nesting: admission.nesting as i32,
            depth: admission.depth as i32,
            height: admission.height as i32,
            aliases: admission.aliases as i32,
            root_fields: admission.root_fields as i32,
            directives: admission.directives as i32,
            operations: admission.operations as i32,
            fragments: admission.fragments as i32,
            complexity: schema.complexity as i32,
            page_items: MAX_PAGE,
            page_observations: MAX_OBSERVATIONS,
        }
    }
}

/// How much there is beside the figures.
#[derive(SimpleObject)]
pub struct CatalogueCounts {
    /// Number of reports.
    pub reports: i32,
    /// Number of documents.
    pub documents: i32,
    /// Number of indicators.
    pub indicators: i32,
    /// Number of unit versions.
    pub units: i32,
    /// Number of information systems.
    pub systems: i32,
    /// Number of targets, parts counted singly.
    pub targets: i32,
    /// Number of releases.
    pub releases: i32,
}

/// What a request may ask.
#[derive(SimpleObject)]
pub struct Limits {
    /// Bytes of the document.
    pub document_bytes: i32,
    /// Tokens of the document.
    pub tokens: i32,
    /// Nesting of brackets of any kind.
    pub nesting: i32,
    /// Depth of selections, fragments expanded.
    pub depth: i32,
    /// Number of selections, fragments expanded.
    pub height: i32,
    /// Number of aliases, fragments expanded.
    pub aliases: i32,
    /// Number of root fields of an operation, fragments expanded.
    pub root_fields: i32,
    /// Number of directives, fragments expanded.
    pub directives: i32,
    /// Number of operations in a document.
    pub operations: i32,
    /// Number of fragments in a document.
    pub fragments: i32,
    /// Cost of an operation: a point a field, multiplied by the lengths of the lists that it stands in.
    pub complexity: i32,
    /// Items of a page.
    pub page_items: i32,
    /// Figures of a page.
    pub page_observations: i32,
}
