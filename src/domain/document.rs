//! Documents: everything that can be cited, and how the reports among them are laid out.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    id::*,
    indicator::Quantity,
    observation::{Accumulation, Locator},
    period::Period,
    text::Text,
};

closed_list! {
    /// Type of a document.
    DocumentType {
        /// Resolution (nghị quyết).
        Resolution => "RESOLUTION",
        /// Directive (chỉ thị).
        Directive => "DIRECTIVE",
        /// Plan (kế hoạch).
        Plan => "PLAN",
        /// Decision (quyết định).
        Decision => "DECISION",
        /// Decree (nghị định).
        Decree => "DECREE",
        /// Official letter (công văn).
        OfficialLetter => "OFFICIAL_LETTER",
        /// Report (báo cáo).
        Report => "REPORT",
        /// Press article.
        Article => "ARTICLE",
        /// Regulation (quy chế).
        Regulation => "REGULATION",
        /// Project (đề án).
        Project => "PROJECT",
        /// Press release (thông cáo báo chí).
        PressRelease => "PRESS_RELEASE",
    }
}

closed_list! {
    /// How one document refers to another.
    ReferenceKind {
        /// Mentions it.
        Cites => "CITES",
        /// Was written in execution of it.
        LegalBasis => "LEGAL_BASIS",
        /// Takes figures from it.
        Source => "SOURCE",
    }
}

/// Anything that can be cited.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Surrogate key.
    pub id: DocumentId,
    /// Official number where there is one.
    pub code: String,
    /// Number as printed.
    pub number: Option<String>,
    /// Type.
    pub kind: DocumentType,
    /// Who issued it.
    pub issuer: Option<UnitId>,
    /// Date of issue; `None` if not printed.
    pub issued_on: Option<NaiveDate>,
    /// Title.
    pub title: Text,
    /// What a reader should know.
    pub note: Option<Text>,
    /// Outline, in order.
    pub sections: Vec<Section>,
}

/// A section of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The document's own numbering.
    pub code: String,
    /// The section above.
    pub parent: Option<String>,
    /// Order in the document.
    pub position: i32,
    /// Heading.
    pub title: Text,
    /// Its text, where it was imported; empty otherwise.
    pub body: String,
}

/// One document refers to another at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// The referring document.
    pub from: DocumentId,
    /// The document referred to.
    pub to: DocumentId,
    /// Where.
    pub locator: Locator,
    /// How.
    pub kind: ReferenceKind,
}

/// A table as printed.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedTable {
    /// Surrogate key.
    pub id: TableId,
    /// Document that prints it.
    pub document: DocumentId,
    /// Code within the document: `II`.
    pub code: String,
    /// Order in the document.
    pub position: i32,
    /// Title.
    pub title: Text,
    /// What a reader should know, such as missing rows.
    pub note: Option<Text>,
    /// Columns after the row number and the label.
    pub columns: Vec<TableColumn>,
    /// Rows that are there.
    pub rows: Vec<TableRow>,
    /// The date that stands with the table itself, where one is printed.
    pub dated_on: Option<NaiveDate>,
    /// Units that the table should have a row for.
    pub expected_units: Vec<UnitId>,
}

/// A column of a printed table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// Number from 1.
    pub number: i32,
    /// Heading that spans it together with its neighbours.
    pub group: Option<Text>,
    /// Its own heading.
    pub label: Text,
    /// What it measures, if it measures one thing.
    pub quantity: Option<Quantity>,
    /// How the figures relate to time.
    pub accumulation: Option<Accumulation>,
}

/// A row of a printed table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// Number as printed, `total` for the total line.
    pub number: String,
    /// Order.
    pub position: i32,
    /// Label as printed.
    pub label: String,
    /// The unit it is about.
    pub unit: Option<UnitId>,
    /// Text of the cells in column order; figures as printed, other cells in short words.
    pub cells: Vec<Text>,
}

/// An official report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Surrogate key.
    pub id: ReportId,
    /// Official number.
    pub code: String,
    /// The document.
    pub document: DocumentId,
    /// What it reports on.
    pub title: Text,
    /// Nominal period.
    pub period: Period,
    /// Whom it is about.
    pub unit: UnitId,
    /// Figures to show first.
    pub headlines: Vec<Quantity>,
    /// Published versions in order.
    pub versions: Vec<ReportVersion>,
}

/// One published version of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportVersion {
    /// From 1.
    pub number: i32,
    /// Release that published it.
    pub release: i32,
    /// Why there is a new version; empty for the first.
    pub reason: String,
}

/// One act of publication.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Number, only growing.
    pub number: i32,
    /// When the figures became public; may lie before `recorded_at`.
    pub published_at: DateTime<Utc>,
    /// When this database learned of it.
    pub recorded_at: DateTime<Utc>,
    /// What was published.
    pub title: Text,
    /// What a reader should know.
    pub note: Option<Text>,
    /// Document whose figures it published.
    pub document: Option<DocumentId>,
    /// Document whose figures it withdrew.
    pub withdraws: Option<DocumentId>,
}
