//! The catalogue in the database: saved once by a load, read whole for each release.

mod documents;
mod indicators;
mod reports;
mod systems;
mod targets;
mod units;

use sea_orm::ConnectionTrait;

use super::{Result, Scope, releases};
use crate::domain::catalogue::{Catalogue, Parts};

/// Writes every part but the releases, which come last of all.
pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    units::save(connection, parts).await?;
    indicators::save(connection, parts).await?;
    documents::save(connection, parts).await?;
    units::save_events(connection, parts).await?;
    reports::save(connection, parts).await?;
    targets::save(connection, parts).await?;
    systems::save(connection, parts).await
}

/// Reads the catalogue as it stands for a release.
///
/// # Errors
/// As the database says, or if a row means nothing.
pub async fn load(connection: &impl ConnectionTrait, scope: Scope) -> Result<Catalogue> {
    let mut parts = Parts::default();
    units::load(connection, &mut parts).await?;
    indicators::load(connection, &mut parts).await?;
    documents::load(connection, &mut parts).await?;
    units::load_events(connection, &mut parts).await?;
    reports::load(connection, scope, &mut parts).await?;
    targets::load(connection, &mut parts).await?;
    systems::load(connection, &mut parts).await?;
    parts.releases = releases::list(connection, scope).await?;
    Ok(Catalogue::new(parts))
}
