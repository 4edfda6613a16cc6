//! Putting the schema together.

use async_graphql::{EmptyMutation, EmptySubscription, SDLExportOptions, Schema};

use super::{admission::AdmissionLimits, query::Query};

/// The schema.
pub type SolieuSchema = Schema<Query, EmptyMutation, EmptySubscription>;

/// Limits that hold once a document is parsed and validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaLimits {
    /// Cost of an operation: a point a field, multiplied by the lengths of the lists that it stands in.
    pub complexity: usize,
}

/// The schema with its limits.
pub fn build(limits: SchemaLimits, admission: AdmissionLimits) -> SolieuSchema {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription)
        .limit_complexity(limits.complexity)
        .data(limits)
        .data(admission)
        .finish()
}

/// The schema as text, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    let admission = AdmissionLimits::default();
    let options = SDLExportOptions::new().prefer_single_line_descriptions().include_specified_by();
    let mut sdl = build(SchemaLimits { complexity: usize::MAX }, admission).sdl_with_options(options);
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}
