//! The catalogue in the database: saved once by a load, read whole for each release.

mod columns;
mod documents;
mod indicators;
mod reports;
pub(super) mod rules;
mod systems;
pub(super) mod tables;
mod targets;
mod units;
mod versions;

use std::sync::Arc;

use sea_orm::ConnectionTrait;

pub use columns::list as column_names;

use super::{Result, Scope, releases};
use crate::domain::{
    catalogue::{Catalogue, Parts},
    document::Release,
    id::DocumentId,
};

pub use versions::{add_rule, is_rule, save_version};

/// Writes every part but the releases, which come last of all.
pub async fn save(connection: &impl ConnectionTrait, parts: &Parts) -> Result<()> {
    units::save(connection, parts).await?;
    indicators::save(connection, parts).await?;
    columns::save(connection, parts).await?;
    documents::save(connection, parts).await?;
    units::save_events(connection, parts).await?;
    tables::save(connection, parts).await?;
    reports::save(connection, parts).await?;
    targets::save(connection, parts).await?;
    systems::save(connection, parts).await?;
    rules::save(connection, parts).await
}

/// Reads the catalogue as it stands for a release.
///
/// # Errors
/// As the database says, or if a row means nothing.
pub async fn load(connection: &impl ConnectionTrait, scope: Scope) -> Result<Catalogue> {
    let mut parts = Parts::default();
    units::load(connection, &mut parts).await?;
    indicators::load(connection, &mut parts).await?;
    columns::load(connection, &mut parts).await?;
    documents::load(connection, &mut parts).await?;
    units::load_events(connection, &mut parts).await?;
    parts.releases = releases::list(connection, scope).await?.into_iter().map(Into::into).collect();
    tables::load(connection, &mut parts).await?;
    reports::load(connection, &mut parts).await?;
    targets::load(connection, &mut parts).await?;
    systems::load(connection, &mut parts).await?;
    rules::load(connection, &mut parts).await?;
    versions::apply(connection, &mut parts).await?;
    let in_scope: Vec<Release> = parts.releases.iter().map(|r| r.as_ref().clone()).collect();
    hide(&mut parts, &releases::documents_hidden(connection, &in_scope).await?);
    Ok(Catalogue::new(parts))
}

/// True if a row that one release brought and another took away is public among the releases of the parts.
fn is_current(parts: &Parts, from: i32, to: Option<i32>) -> bool {
    let in_scope = |number: i32| parts.releases.iter().any(|r| r.number == number);
    in_scope(from) && !to.is_some_and(in_scope)
}

/// The release that published a document first.
fn release_of(parts: &Parts, document: DocumentId) -> i32 {
    parts.releases.iter().find(|r| r.document == Some(document)).map_or(1, |r| r.number)
}

/// Hides what documents say that is not public: the documents themselves may be cited by
/// others.
fn hide(parts: &mut Parts, unpublished: &[DocumentId]) {
    let public = |id: DocumentId| !unpublished.contains(&id);
    parts.tables.retain(|t| public(t.document));
    parts.assessments.retain(|a| public(a.document));
    parts.findings.retain(|f| public(f.document));
    parts.references.retain(|r| public(r.from));
    for document in parts.documents.iter_mut().filter(|d| !public(d.id)) {
        Arc::make_mut(document).sections.clear();
    }
    for system in &mut parts.systems {
        if system.mentions.iter().any(|m| !public(m.document)) {
            Arc::make_mut(system).mentions.retain(|m| public(m.document));
        }
    }
}
