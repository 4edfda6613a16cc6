//! Global ids: opaque, typed, the same in every database that holds the same data.

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::error::{Fault, Result};

/// The types that have a global id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    Indicator,
    Unit,
    UnitEvent,
    Topic,
    Document,
    Report,
    Target,
    System,
    Series,
    Observation,
    Release,
}

impl NodeKind {
    const ALL: [(Self, &'static str); 11] = [
        (Self::Indicator, "Indicator"),
        (Self::Unit, "Unit"),
        (Self::UnitEvent, "UnitEvent"),
        (Self::Topic, "Topic"),
        (Self::Document, "Document"),
        (Self::Report, "Report"),
        (Self::Target, "Target"),
        (Self::System, "System"),
        (Self::Series, "Series"),
        (Self::Observation, "Observation"),
        (Self::Release, "Release"),
    ];

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

/// Makes the id of a thing of its type and natural key.
pub fn global_id(kind: NodeKind, key: &str) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{}:{key}", kind.name())))
}

/// Reads an id back.
pub fn parse_id(id: &ID, argument: &str) -> Result<(NodeKind, String)> {
    let broken =
        || Fault::bad_input(argument, format!("`{}` is not an id of this API.", super::scalars::shorten(&id.0)));
    let bytes = URL_SAFE_NO_PAD.decode(&id.0).map_err(|_| broken())?;
    let text = String::from_utf8(bytes).map_err(|_| broken())?;
    let (name, key) = text.split_once(':').ok_or_else(broken)?;
    let kind = NodeKind::ALL.iter().find(|(_, known)| *known == name).ok_or_else(broken)?;
    Ok((kind.0, key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back() {
        let id = global_id(NodeKind::Unit, "164@");
        assert_eq!(parse_id(&id, "id").expect("own id"), (NodeKind::Unit, "164@".to_owned()));
        for bad in ["", "x", "VW5pdA", "Tm9wZTox"] {
            assert!(parse_id(&ID(bad.into()), "id").is_err(), "{bad}");
        }
    }
}
