//! The text of a whole report to its parts: head, sections, footnotes, tables. Owns the form only; what the tables
//! say is read by `ingest::wide` and `ingest::target_table`, and figures in sentences are read by nobody here.

mod head;
mod sections;
mod tables;
#[cfg(test)]
pub(super) mod tests;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::{dates, grid::Grid, markup};
use crate::domain::{period::Period, text::fold};

/// The parts of a report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportText {
    /// Number as printed.
    pub code: Option<String>,
    /// Where it was written.
    pub place: Option<String>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Title.
    pub title: Option<String>,
    /// Nominal period.
    pub period: Option<Period>,
    /// Sections in order; the first is `head`.
    pub sections: Vec<TextSection>,
    /// Footnotes: number and text.
    pub footnotes: Vec<(i32, String)>,
    /// Tables in order.
    pub tables: Vec<TextTable>,
}

/// A section of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSection {
    /// The document's own numbering: `II.3.5.c`.
    pub code: String,
    /// The section above.
    pub parent: Option<String>,
    /// Order in the document, from 1.
    pub position: i32,
    /// Heading, or the beginning of the first sentence.
    pub title: String,
    /// What stands in it, paragraphs set apart by line breaks.
    pub body: String,
}

/// A table of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct TextTable {
    /// Its code within the document: `II` for Appendix II. Derived from the one before if none is printed.
    pub code: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The line that says what it belongs to, in brackets.
    pub note_line: Option<String>,
    /// Line of the text where it begins, from 1.
    pub line: u64,
    /// Its period, and whether the text names it by days.
    pub period: Option<(Period, bool)>,
    /// Its cells, raw. Lines are those of the text.
    pub grid: Grid,
}

/// One line of the text.
struct Line {
    /// From 1.
    number: u64,
    /// As it stands, NFC.
    raw: String,
    /// Without mark-up.
    plain: String,
}

/// Takes a text apart. What is not there is `None` or empty; nothing fails.
pub fn read(text: &str) -> ReportText {
    let text: String = text.strip_prefix('\u{feff}').unwrap_or(text).nfc().collect();
    let lines = text.lines().map(|raw| (raw.to_owned(), markup::plain(raw)));
    let lines: Vec<Line> = (1..).zip(lines).map(|(number, (raw, plain))| Line { number, raw, plain }).collect();
    let (mut tables, taken) = tables::find(&lines);
    let end = lines.iter().position(|l| is_end(&l.plain)).unwrap_or(lines.len());
    let body: Vec<&Line> = lines[..end].iter().filter(|l| !taken.contains(&l.number)).collect();
    let (body, footnotes) = sections::without_footnotes(&body);
    let sections = sections::find(&body);
    let mut report = head::read(sections.first().map_or("", |s| &s.body));
    for table in &mut tables {
        table.period = period_of(table, &body, report.period);
    }
    report.sections = sections;
    report.footnotes = footnotes;
    report.tables = tables;
    report
}

/// True where the body ends: the list of recipients, or the first appendix.
fn is_end(line: &str) -> bool {
    fold(line) == "noi nhan" || tables::appendix_code(line).is_some()
}

/// A period in the title, else in the paragraph that refers to the appendix, else that of the report.
fn period_of(table: &TextTable, body: &[String], nominal: Option<Period>) -> Option<(Period, bool)> {
    let of = |text: &str| {
        let days = dates::interval_in(text).and_then(|(start, end)| Period::new(start, end)).map(|p| (p, true));
        days.or_else(|| dates::calendar_period_in(text, false).map(|p| (p, false)))
    };
    let title = table.title.as_deref().unwrap_or_default();
    let refers = |paragraph: &&String| {
        let Some(code) = &table.code else { return false };
        let wanted = format!(" phu luc {} ", fold(code));
        format!(" {} ", fold(paragraph)).replace(" phu luc so ", " phu luc ").contains(&wanted)
    };
    of(title)
        .or_else(|| dates::calendar_period_in(title, true).map(|p| (p, false)))
        .or_else(|| body.iter().filter(refers).find_map(|p| of(p)))
        .or_else(|| nominal.map(|p| (p, false)))
}
