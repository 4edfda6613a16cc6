//! Information systems that the documents name.

use super::{id::*, observation::Locator, text::Text};

/// An information system, platform, application, channel or site.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// Surrogate key.
    pub id: SystemId,
    /// Stable code.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Who runs it.
    pub owner: Option<UnitId>,
    /// What it is for, in one line.
    pub purpose: Text,
    /// Other names.
    pub aliases: Vec<String>,
    /// Indicators that it feeds or that count its use.
    pub indicators: Vec<IndicatorId>,
    /// Where the documents name it.
    pub mentions: Vec<Mention>,
}

/// A place that names a system.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// The document.
    pub document: DocumentId,
    /// Where.
    pub locator: Locator,
}
