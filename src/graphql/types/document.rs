//! Documents, sections, references, locators.

use std::sync::Arc;

use async_graphql::{ID, MaybeUndefined, Object};

use super::{
    enums::{DocumentType, Language, ReferenceKind, Severity},
    observation::ObservationConnection,
    printed_table::PrintedTable,
    report::Report,
    rule::{self, Finding},
    system::System,
    target::Target,
    unit::Unit,
    unit_event::UnitEvent,
};
use crate::{
    domain::{document, id::*, observation},
    graphql::{
        connection::{PageArgs, connection},
        context::{View, entry},
        cost,
        error::Result,
        filter::{ObservationFilter, ObservationSort},
        node::{NodeKind, global_id},
        scalars::{Date, bounded, given},
    },
    store::observations::Parent,
};

connection!(DocumentConnection, DocumentEdge, Document);

entry! {
    /// A document.
    Document of document::Document
}

impl Document {
    /// The document of a key.
    pub fn by_id(view: &View, id: DocumentId) -> Result<Self> {
        Ok(Self::of(view, view.document(id)?))
    }
}

/// Anything that can be cited: a report, an article, a resolution, a plan, a decision.
#[Object]
impl Document {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Document, &self.it.code)
    }

    /// Official number where there is one, else a code of ours.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// Official number as printed; null if it has none.
    async fn number(&self) -> Option<&str> {
        self.it.number.as_deref()
    }

    /// Type.
    #[graphql(name = "type")]
    async fn kind(&self) -> DocumentType {
        self.it.kind.into()
    }

    /// Title.
    async fn title(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.title.get(lang.into())
    }

    /// Who issued it; null if not known.
    async fn issuer(&self) -> Option<Result<Unit>> {
        self.it.issuer.map(|id| Unit::by_id(&self.view, id))
    }

    /// Date of issue; null if none is printed.
    async fn issued_on(&self) -> Option<Date> {
        self.it.issued_on.map(Date::from)
    }

    /// What a reader should know; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.it.note.as_ref().map(|n| n.get(lang.into()))
    }

    /// The report that it is; null for other documents.
    async fn report(&self) -> Option<Report> {
        self.view.catalogue().report_of(self.it.id).map(|it| Report::of(&self.view, it))
    }

    /// Its outline, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn sections(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<Section>> {
        let first = bounded(first, 200, "first")?;
        Ok(sections(&self.view, &self.it, first, |_| true))
    }

    /// Its tables as printed, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn appendices(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<PrintedTable>> {
        let first = bounded(first, 100, "first")?;
        let tables = self.view.catalogue().tables.iter().filter(|t| t.document == self.it.id);
        Ok(tables.take(first).map(|it| PrintedTable::of(&self.view, it)).collect())
    }

    /// Places where it refers to other documents, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn references(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Reference>> {
        let first = bounded(first, 100, "first")?;
        let references = self.view.catalogue().references.iter().filter(|r| r.from == self.it.id);
        Ok(references.take(first).cloned().map(|reference| Reference { view: self.view.clone(), reference }).collect())
    }

    /// Places where other documents refer to it, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn referenced_by(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Reference>> {
        let first = bounded(first, 100, "first")?;
        let references = self.view.catalogue().references.iter().filter(|r| r.to == self.it.id);
        Ok(references.take(first).cloned().map(|reference| Reference { view: self.view.clone(), reference }).collect())
    }

    /// Targets that it sets.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn targets(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Target>> {
        let first = bounded(first, 100, "first")?;
        let targets = self.view.catalogue().targets.iter().filter(|t| t.resolution == self.it.id);
        Ok(targets.take(first).map(|it| Target::of(&self.view, it)).collect())
    }

    /// Changes of units that rest on it, by date.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn unit_events(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<UnitEvent>> {
        let first = bounded(first, 200, "first")?;
        let events = self.view.catalogue().unit_events.iter().filter(|e| e.legal_basis == Some(self.it.id));
        Ok(events.take(first).map(|it| UnitEvent::of(&self.view, it)).collect())
    }

    /// Information systems that it names.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn systems(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<System>> {
        let first = bounded(first, 200, "first")?;
        let named =
            self.view.catalogue().systems.iter().filter(|s| s.mentions.iter().any(|m| m.document == self.it.id));
        Ok(named.take(first).map(|it| System::of(&self.view, it)).collect())
    }

    /// What validation rules found in it, in the order of the rules.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn findings(
        &self,
        #[graphql(desc = "Only findings of rules of this severity.")] severity: MaybeUndefined<Severity>,
        #[graphql(default = 50, desc = "Most items, 1 to 500.")] first: i32,
    ) -> Result<Vec<Finding>> {
        rule::findings(&self.view, self.it.id, given(severity, "severity")?, first)
    }

    /// The figures that it prints, every printing of them.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn observations(
        &self,
        #[graphql(desc = "Which figures; all printings if nothing is said.")] filter: MaybeUndefined<ObservationFilter>,
        #[graphql(default_with = "ObservationSort::PlaceAsc", desc = "Order of the figures.")] sort: ObservationSort,
        #[graphql(desc = "Number of items from the beginning, 1 to 1,000; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<ObservationConnection> {
        let args = PageArgs { first, after, last, before };
        ObservationConnection::of_parent(&self.view, Parent::Document(self.it.id), filter, sort, args).await
    }
}

/// The sections of a document that pass a test.
pub fn sections(
    view: &View,
    document: &Arc<document::Document>,
    first: usize,
    passes: impl Fn(&document::Section) -> bool,
) -> Vec<Section> {
    let chosen = document.sections.iter().filter(|s| passes(s)).take(first);
    chosen.map(|s| Section { view: view.clone(), document: document.clone(), section: s.clone() }).collect()
}

/// A section of a document.
#[derive(Clone)]
pub struct Section {
    view: View,
    document: Arc<document::Document>,
    section: document::Section,
}

/// A section of a document.
#[Object]
impl Section {
    /// The document's own numbering: `II.3.5.b`.
    async fn code(&self) -> &str {
        &self.section.code
    }

    /// Heading, or a short description where none is printed.
    async fn title(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.section.title.get(lang.into())
    }

    /// Its text in Vietnamese, where the text of the document was imported; null otherwise.
    async fn body(&self) -> Option<&str> {
        Some(self.section.body.as_str()).filter(|body| !body.is_empty())
    }

    /// The document.
    async fn document(&self) -> Document {
        Document::of(&self.view, &self.document)
    }

    /// The section above; null at the top.
    async fn parent(&self) -> Option<Section> {
        let parent = self.section.parent.as_ref()?;
        sections(&self.view, &self.document, 1, |s| &s.code == parent).pop()
    }

    /// Sections right below, in order; at most 50.
    #[graphql(complexity = "cost::list(None, 20, child_complexity)")]
    async fn children(&self) -> Vec<Section> {
        sections(&self.view, &self.document, 50, |s| s.parent.as_ref() == Some(&self.section.code))
    }

    /// Figures printed in this section itself and in its footnotes, in order.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn observations(
        &self,
        #[graphql(desc = "Which figures; all printings if nothing is said.")] filter: MaybeUndefined<ObservationFilter>,
        #[graphql(default_with = "ObservationSort::PlaceAsc", desc = "Order of the figures.")] sort: ObservationSort,
        #[graphql(desc = "Number of items from the beginning, 1 to 1,000; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<ObservationConnection> {
        let args = PageArgs { first, after, last, before };
        let parent = Parent::Section(self.document.id, self.section.code.clone());
        ObservationConnection::of_parent(&self.view, parent, filter, sort, args).await
    }
}

/// A place where one document refers to another.
pub struct Reference {
    view: View,
    reference: document::Reference,
}

/// A place where one document refers to another.
#[Object]
impl Reference {
    /// The referring document.
    async fn from(&self) -> Result<Document> {
        Document::by_id(&self.view, self.reference.from)
    }

    /// The document referred to.
    async fn to(&self) -> Result<Document> {
        Document::by_id(&self.view, self.reference.to)
    }

    /// How.
    async fn kind(&self) -> ReferenceKind {
        self.reference.kind.into()
    }

    /// Where.
    async fn locator(&self) -> Locator {
        Locator(self.reference.locator.clone())
    }
}

/// A place in a document.
#[derive(Debug, Clone)]
pub struct Locator(pub observation::Locator);

/// A place in a document, down to the cell of a table.
#[Object]
impl Locator {
    /// Section, in the document's own numbering; null for figures that stand in a table only.
    async fn section(&self) -> Option<&str> {
        self.0.section.as_deref()
    }

    /// Footnote number; null in the body.
    async fn footnote(&self) -> Option<i32> {
        self.0.footnote
    }

    /// Code of the printed table: `II` for Appendix II; null outside of tables.
    async fn table(&self) -> Option<&str> {
        self.0.table.as_deref()
    }

    /// Row number as printed, `total` for the total line; null outside of tables.
    async fn row(&self) -> Option<&str> {
        self.0.row.as_deref()
    }

    /// Column number, from 1, after the row number and the label; null outside of tables.
    async fn column(&self) -> Option<i32> {
        self.0.column
    }

    /// The place in words: "Phụ lục II, dòng 4, cột 1".
    async fn text(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> String {
        self.0.describe(lang.into())
    }
}
