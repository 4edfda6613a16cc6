//! Putting the schema together.

use async_graphql::{EmptySubscription, SDLExportOptions, Schema};

use super::{admission::AdmissionLimits, cost::SchemaLimits, mutation::Mutation, query::Query};

/// The schema.
pub type SolieuSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema with its limits.
pub fn build(limits: SchemaLimits, admission: AdmissionLimits) -> SolieuSchema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
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
