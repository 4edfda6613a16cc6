//! Documents, sections, references, locators.

use async_graphql::{Context, ID, MaybeUndefined, Object};

use super::{
    enums::{DocumentType, Language, ReferenceKind},
    observation::ObservationConnection,
    printed_table::PrintedTable,
    report::Report,
    system::System,
    target::Target,
    unit::Unit,
    unit_event::UnitEvent,
};
use crate::{
    domain::{document, id::*, observation},
    graphql::{
        connection::{PageArgs, connection},
        context::{Reader, reader},
        cost,
        error::Result,
        filter::{ObservationFilter, ObservationSort},
        node::{NodeKind, global_id},
        scalars::{Date, bounded},
    },
    store::observations::Parent,
};

connection!(DocumentConnection, DocumentEdge, Document);

/// A document, by its key.
#[derive(Debug, Clone)]
pub struct Document {
    pub id: DocumentId,
    pub code: String,
}

impl Document {
    /// The document of a key.
    pub fn of(reader: &Reader, id: DocumentId) -> Result<Self> {
        Ok(Self { id, code: reader.document(id)?.code.clone() })
    }

    fn get<'c>(&self, ctx: &Context<'c>) -> Result<&'c document::Document> {
        reader(ctx).document(self.id)
    }
}

/// Anything that can be cited: a report, an article, a resolution, a plan, a decision.
#[Object]
impl Document {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Document, &self.code)
    }

    /// Official number where there is one, else a code of ours.
    async fn code(&self) -> &str {
        &self.code
    }

    /// Official number as printed; null if it has none.
    async fn number<'c>(&self, ctx: &Context<'c>) -> Option<Result<&'c str>> {
        self.get(ctx).map(|d| d.number.as_deref()).transpose()
    }

    /// Type.
    #[graphql(name = "type")]
    async fn kind(&self, ctx: &Context<'_>) -> Result<DocumentType> {
        Ok(self.get(ctx)?.kind.into())
    }

    /// Title.
    async fn title<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.title.get(lang.into()))
    }

    /// Who issued it; null if not known.
    async fn issuer(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let issuer = self.get(ctx).map(|d| d.issuer).transpose()?;
        Some(issuer.and_then(|id| Unit::of(reader(ctx), id)))
    }

    /// Date of issue; null if none is printed.
    async fn issued_on(&self, ctx: &Context<'_>) -> Option<Result<Date>> {
        self.get(ctx).map(|d| d.issued_on.map(Date::from)).transpose()
    }

    /// What a reader should know; null if nothing.
    async fn note<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<Result<&'c str>> {
        self.get(ctx).map(|d| d.note.as_ref().map(|n| n.get(lang.into()))).transpose()
    }

    /// The report that it is; null for other documents.
    async fn report(&self, ctx: &Context<'_>) -> Option<Report> {
        reader(ctx).catalogue().report_of(self.id).map(Report::of)
    }

    /// Its outline, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn sections(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 100, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<Section>> {
        let first = bounded(first, 200, "first")?;
        Ok(sections(self.get(ctx)?, first, |_| true))
    }

    /// Its tables as printed, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn appendices(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<PrintedTable>> {
        let first = bounded(first, 100, "first")?;
        let tables = reader(ctx).catalogue().tables.iter().filter(|t| t.document == self.id);
        Ok(tables.take(first).map(PrintedTable::of).collect())
    }

    /// Places where it refers to other documents, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn references(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Reference>> {
        let first = bounded(first, 100, "first")?;
        let references = reader(ctx).catalogue().references.iter().filter(|r| r.from == self.id);
        Ok(references.take(first).cloned().map(Reference).collect())
    }

    /// Places where other documents refer to it, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn referenced_by(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Reference>> {
        let first = bounded(first, 100, "first")?;
        let references = reader(ctx).catalogue().references.iter().filter(|r| r.to == self.id);
        Ok(references.take(first).cloned().map(Reference).collect())
    }

    /// Targets that it sets.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn targets(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<Target>> {
        let first = bounded(first, 100, "first")?;
        let targets = reader(ctx).catalogue().targets.iter().filter(|t| t.resolution == self.id);
        Ok(targets.take(first).map(Target::of).collect())
    }

    /// Changes of units that rest on it, by date.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn unit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<UnitEvent>> {
        let first = bounded(first, 200, "first")?;
        let events = reader(ctx).catalogue().unit_events.iter().filter(|e| e.legal_basis == Some(self.id));
        Ok(events.take(first).map(UnitEvent::of).collect())
    }

    /// Information systems that it names.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn systems(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<System>> {
        let first = bounded(first, 200, "first")?;
        let named = reader(ctx).catalogue().systems.iter().filter(|s| s.mentions.iter().any(|m| m.document == self.id));
        Ok(named.take(first).map(System::of).collect())
    }

    /// The figures that it prints, every printing of them.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all printings if nothing is said.")] filter: MaybeUndefined<ObservationFilter>,
        #[graphql(default_with = "ObservationSort::PlaceAsc", desc = "Order of the figures.")] sort: ObservationSort,
        #[graphql(desc = "Number of items from the beginning, 1 to 1,000; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<ObservationConnection> {
        let args = PageArgs { first, after, last, before };
        ObservationConnection::of_parent(reader(ctx), Parent::Document(self.id), filter, sort, args).await
    }
}

/// The sections of a document that pass a test.
pub fn sections(
    document: &document::Document,
    first: usize,
    passes: impl Fn(&document::Section) -> bool,
) -> Vec<Section> {
    let chosen = document.sections.iter().filter(|s| passes(s)).take(first);
    chosen.map(|s| Section { document: document.id, section: s.clone() }).collect()
}

/// A section of a document.
#[derive(Debug, Clone)]
pub struct Section {
    pub document: DocumentId,
    pub section: document::Section,
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

    /// The document.
    async fn document(&self, ctx: &Context<'_>) -> Result<Document> {
        Document::of(reader(ctx), self.document)
    }

    /// The section above; null at the top.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Section>> {
        let parent = self.section.parent.as_ref()?;
        let document = reader(ctx).document(self.document);
        document.map(|d| sections(d, 1, |s| &s.code == parent).pop()).transpose()
    }

    /// Sections right below, in order; at most 50.
    #[graphql(complexity = "cost::list(None, 20, child_complexity)")]
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Section>> {
        let document = reader(ctx).document(self.document)?;
        Ok(sections(document, 50, |s| s.parent.as_ref() == Some(&self.section.code)))
    }

    /// Figures printed in this section itself and in its footnotes, in order.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all printings if nothing is said.")] filter: MaybeUndefined<ObservationFilter>,
        #[graphql(default_with = "ObservationSort::PlaceAsc", desc = "Order of the figures.")] sort: ObservationSort,
        #[graphql(desc = "Number of items from the beginning, 1 to 1,000; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 1,000.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<ObservationConnection> {
        let args = PageArgs { first, after, last, before };
        let parent = Parent::Section(self.document, self.section.code.clone());
        ObservationConnection::of_parent(reader(ctx), parent, filter, sort, args).await
    }
}

/// A place where one document refers to another.
#[derive(Debug, Clone)]
pub struct Reference(pub document::Reference);

/// A place where one document refers to another.
#[Object]
impl Reference {
    /// The referring document.
    async fn from(&self, ctx: &Context<'_>) -> Result<Document> {
        Document::of(reader(ctx), self.0.from)
    }

    /// The document referred to.
    async fn to(&self, ctx: &Context<'_>) -> Result<Document> {
        Document::of(reader(ctx), self.0.to)
    }

    /// How.
    async fn kind(&self) -> ReferenceKind {
        self.0.kind.into()
    }

    /// Where.
    async fn locator(&self) -> Locator {
        Locator(self.0.locator.clone())
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
