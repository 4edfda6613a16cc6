//! Root fields, one file per noun.

mod indicators;
mod observations;
mod producers;
mod reports;
mod search;
mod systems;
mod units;

use async_graphql::MergedObject;

/// What can be asked. Every list is bounded; what has an official code is found by it.
#[derive(MergedObject, Default)]
pub struct Query(
    reports::ReportQuery,
    indicators::IndicatorQuery,
    units::UnitQuery,
    systems::SystemQuery,
    observations::ObservationQuery,
    search::SearchQuery,
    producers::ProducerQuery,
);
