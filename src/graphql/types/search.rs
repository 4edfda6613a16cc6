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
        context::View,
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
    pub fn of(view: &View, hit: Hit) -> Option<Self> {
        let catalogue = view.catalogue();
        let subject = match hit.kind {
            Kind::Indicator => SearchSubject::Indicator(Indicator::of(view, catalogue.indicator_by_code(&hit.key)?)),
            Kind::Unit => SearchSubject::Unit(Unit::of(view, catalogue.unit_by_key(&hit.key)?)),
            Kind::Document => SearchSubject::Document(Document::of(view, catalogue.document_by_code(&hit.key)?)),
            Kind::Report => {
                SearchSubject::Report(Report::of(view, catalogue.reports.iter().find(|r| r.code == hit.key)?))
            }
            Kind::System => {
                SearchSubject::System(System::of(view, catalogue.systems.iter().find(|s| s.code == hit.key)?))
            }
            Kind::Topic => SearchSubject::Topic(Topic::of(view, catalogue.topic(&hit.key)?)),
            Kind::Target => {
                SearchSubject::Target(Target::of(view, catalogue.targets.iter().find(|t| t.code == hit.key)?))
            }
        };
        Some(Self { kind: hit.kind.into(), code: hit.key, score: hit.score.into(), subject })
    }
}

/// The thing of a global id; `None` if there is none (any more, or yet).
pub async fn node(view: &View, id: &ID, argument: &str) -> Result<Option<Node>> {
    let (kind, key) = parse_id(id, argument)?;
    series::check_key(&key, argument)?;
    let catalogue = view.catalogue();
    Ok(match kind {
        NodeKind::Indicator => catalogue.indicator_by_code(&key).map(|i| Node::Indicator(Indicator::of(view, i))),
        NodeKind::Unit => catalogue.unit_by_key(&key).map(|u| Node::Unit(Unit::of(view, u))),
        NodeKind::UnitEvent => {
            catalogue.unit_events.iter().find(|e| e.code == key).map(|e| Node::UnitEvent(UnitEvent::of(view, e)))
        }
        NodeKind::Topic => catalogue.topic(&key).map(|t| Node::Topic(Topic::of(view, t))),
        NodeKind::Document => catalogue.document_by_code(&key).map(|d| Node::Document(Document::of(view, d))),
        NodeKind::Report => catalogue.reports.iter().find(|r| r.code == key).map(|r| Node::Report(Report::of(view, r))),
        NodeKind::Target => catalogue.targets.iter().find(|t| t.code == key).map(|t| Node::Target(Target::of(view, t))),
        NodeKind::System => catalogue.systems.iter().find(|s| s.code == key).map(|s| Node::System(System::of(view, s))),
        NodeKind::Series => series::of_key(view, &key).await?.map(Node::Series),
        NodeKind::Observation => view.loaders.by_uid(key).await?.map(|o| Node::Observation(Observation::new(view, o))),
        NodeKind::Release => {
            catalogue.releases.iter().find(|r| r.number.to_string() == key).map(|r| Node::Release(Release::of(view, r)))
        }
    })
}
