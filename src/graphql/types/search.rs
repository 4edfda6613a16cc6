//! Search results and nodes.

use async_graphql::{ID, Interface, SimpleObject, Union};

use super::{
    document::Document,
    enums::SearchKind,
    indicator::Indicator,
    observation::Observation,
    release::Release,
    report::Report,
    series::{self, Series},
    system::System,
    target::Target,
    topic::Topic,
    unit::Unit,
    unit_event::UnitEvent,
};
use crate::{
    graphql::{
        context::Reader,
        error::Result,
        node::{NodeKind, parse_id},
    },
    search::{Hit, Kind},
};

/// Anything that has a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id: opaque, typed, good for `node` and `nodes`."))]
pub enum Node {
    Indicator(Indicator),
    Unit(Unit),
    UnitEvent(UnitEvent),
    Topic(Topic),
    Document(Document),
    Report(Report),
    Target(Target),
    System(System),
    Series(Series),
    Observation(Observation),
    Release(Release),
}

/// What a search can find.
#[derive(Union)]
pub enum SearchSubject {
    Indicator(Indicator),
    Unit(Unit),
    Document(Document),
    Report(Report),
    System(System),
    Topic(Topic),
    Target(Target),
}

/// A search result.
#[derive(SimpleObject)]
pub struct SearchHit {
    /// What kind of thing it is.
    pub kind: SearchKind,
    /// Its code, by which its own field finds it; `code@first-day` for a unit.
    pub code: String,
    /// Relevance; comparable within one answer only.
    pub score: f64,
    /// The thing itself.
    pub subject: SearchSubject,
}

impl SearchHit {
    /// The result for a hit; `None` if the catalogue does not have it.
    pub fn of(reader: &Reader, hit: Hit) -> Option<Self> {
        let catalogue = reader.catalogue();
        let subject = match hit.kind {
            Kind::Indicator => {
                let found = catalogue.indicator_by_code(&hit.key)?;
                SearchSubject::Indicator(Indicator { id: found.id, code: found.code.clone() })
            }
            Kind::Unit => SearchSubject::Unit(Unit::from_domain(catalogue.unit_by_key(&hit.key)?)),
            Kind::Document => {
                let found = catalogue.document_by_code(&hit.key)?;
                SearchSubject::Document(Document { id: found.id, code: found.code.clone() })
            }
            Kind::Report => SearchSubject::Report(Report::of(catalogue.reports.iter().find(|r| r.code == hit.key)?)),
            Kind::System => SearchSubject::System(System::of(catalogue.systems.iter().find(|s| s.code == hit.key)?)),
            Kind::Topic => SearchSubject::Topic(Topic(catalogue.topic(&hit.key)?.code.clone())),
            Kind::Target => SearchSubject::Target(Target::of(catalogue.targets.iter().find(|t| t.code == hit.key)?)),
        };
        Some(Self { kind: hit.kind.into(), code: hit.key, score: hit.score.into(), subject })
    }
}

/// The thing of a global id; `None` if there is none (any more, or yet).
pub async fn node(reader: &Reader, id: &ID, argument: &str) -> Result<Option<Node>> {
    let (kind, key) = parse_id(id, argument)?;
    series::check_key(&key, argument)?;
    let catalogue = reader.catalogue();
    Ok(match kind {
        NodeKind::Indicator => {
            catalogue.indicator_by_code(&key).map(|i| Node::Indicator(Indicator { id: i.id, code: i.code.clone() }))
        }
        NodeKind::Unit => catalogue.unit_by_key(&key).map(|u| Node::Unit(Unit::from_domain(u))),
        NodeKind::UnitEvent => {
            catalogue.unit_events.iter().find(|e| e.code == key).map(|e| Node::UnitEvent(UnitEvent::of(e)))
        }
        NodeKind::Topic => catalogue.topic(&key).map(|t| Node::Topic(Topic(t.code.clone()))),
        NodeKind::Document => {
            catalogue.document_by_code(&key).map(|d| Node::Document(Document { id: d.id, code: d.code.clone() }))
        }
        NodeKind::Report => catalogue.reports.iter().find(|r| r.code == key).map(|r| Node::Report(Report::of(r))),
        NodeKind::Target => catalogue.targets.iter().find(|t| t.code == key).map(|t| Node::Target(Target::of(t))),
        NodeKind::System => catalogue.systems.iter().find(|s| s.code == key).map(|s| Node::System(System::of(s))),
        NodeKind::Series => series::of_key(reader, &key).await?.map(Node::Series),
        NodeKind::Observation => reader.loaders.by_uid(key).await?.map(|o| Node::Observation(o.into())),
        NodeKind::Release => {
            catalogue.releases.iter().find(|r| r.number.to_string() == key).cloned().map(|r| Node::Release(Release(r)))
        }
    })
}
