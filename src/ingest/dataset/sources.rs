//! The source documents of a data set: what holds for all figures of one, its release and its report.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use toml::Spanned;

use super::*;
use crate::domain::{
    document::{Release, Report, ReportVersion},
    id::*,
    indicator::QuantityRef,
    period::{Period, parse_date},
    text::Text,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the name and the licence are for the people who open the folder")]
struct Manifest {
    name_vi: String,
    name_en: String,
    licence: String,
    sources: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    document: Spanned<String>,
    written_on: Spanned<String>,
    period: Spanned<String>,
    unit: Spanned<String>,
    footnotes: Option<i32>,
    release: ReleaseFile,
    report: Option<ReportFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseFile {
    published_at: Spanned<String>,
    title_vi: String,
    title_en: String,
    note_vi: String,
    note_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportFile {
    title_vi: String,
    title_en: String,
    headlines: Vec<Spanned<String>>,
}

/// A source document of the data set.
pub struct Source {
    folder: String,
    /// Code of the document.
    pub document: String,
    /// The day whose units the codes mean.
    pub written_on: NaiveDate,
    /// Period of figures that name none.
    pub period: Period,
    /// Code of the unit of figures that name none.
    pub unit: String,
    /// Number of its footnotes.
    pub footnotes: i32,
    /// Number of its release.
    pub release: i32,
    published_at: DateTime<Utc>,
    contents: SourceFile,
    lines: crate::ingest::sheet::TomlLines,
}

impl Source {
    /// Path of a file of this source.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }
}

/// Reads `dataset.toml` and the `source.toml` of each source, in the order of publication.
pub fn read_manifest(folder: &Folder) -> Vec<Source> {
    let Some((manifest, _)) = folder.toml::<Manifest>("dataset.toml") else { return Vec::new() };
    let sources: Vec<Source> =
        manifest.sources.iter().enumerate().filter_map(|(i, name)| read_source(folder, name, key(i))).collect();
    if manifest.sources.is_empty() {
        folder.problem("dataset.toml", 0, "names no source");
    }
    if sources.windows(2).any(|pair| pair[0].published_at > pair[1].published_at) {
        folder.problem("dataset.toml", 0, "the sources do not stand in the order of publication");
    }
    sources
}

fn read_source(folder: &Folder, name: &str, release: i32) -> Option<Source> {
    let file = format!("{name}/source.toml");
    let (contents, lines) = folder.toml::<SourceFile>(&file)?;
    let wrong = |field: &Spanned<String>, message: String| folder.problem(&file, lines.of(field), message);
    let written_on = parse_date(contents.written_on.get_ref());
    if written_on.is_none() {
        wrong(&contents.written_on, "written_on is not a date, YYYY-MM-DD".into());
    }
    let period = contents
        .period
        .get_ref()
        .parse()
        .map_err(|e: crate::domain::period::PeriodError| wrong(&contents.period, e.to_string()))
        .ok();
    let published_at = DateTime::parse_from_rfc3339(contents.release.published_at.get_ref())
        .map_err(|e| wrong(&contents.release.published_at, format!("published_at is not an RFC 3339 time: {e}")))
        .ok();
    Some(Source {
        folder: name.to_owned(),
        document: contents.document.get_ref().clone(),
        written_on: written_on?,
        period: period?,
        unit: contents.unit.get_ref().clone(),
        footnotes: contents.footnotes.unwrap_or(0),
        release,
        published_at: published_at?.to_utc(),
        contents,
        lines,
    })
}

/// Adds the release and the report of a source.
pub fn read(folder: &Folder, source: &Source, parts: &mut Parts) {
    let catalogue = Catalogue::new(parts.clone());
    let (file, contents) = (source.file("source.toml"), &source.contents);
    let wrong = |field: &Spanned<String>, message: String| folder.problem(&file, source.lines.of(field), message);
    let document = catalogue.document_by_code(&source.document).map(|d| d.id);
    if document.is_none() {
        wrong(&contents.document, format!("unknown document `{}`", source.document));
    }
    let unit = catalogue.unit_on(&source.unit, source.written_on).map(|u| u.id);
    if unit.is_none() {
        wrong(&contents.unit, format!("no unit `{}` on {}", source.unit, source.written_on));
    }
    parts.releases.push(
        Release {
            number: source.release,
            published_at: source.published_at,
            // The store sets the time at which it learns of the release.
            recorded_at: source.published_at,
            title: Text::new(&contents.release.title_vi, &contents.release.title_en),
            note: Text::new(&contents.release.note_vi, &contents.release.note_en).into_option(),
            document,
            withdraws: None,
        }
        .into(),
    );
    let (Some(report), Some(document), Some(unit)) = (&contents.report, document, unit) else { return };
    let headlines = report.headlines.iter().filter_map(|written| {
        let quantity = written.get_ref().parse::<QuantityRef>().and_then(|q| catalogue.quantity(&q));
        quantity.map_err(|message| wrong(written, message)).ok()
    });
    parts.reports.push(
        Report {
            id: ReportId(key(parts.reports.len())),
            code: source.document.clone(),
            document,
            title: Text::new(&report.title_vi, &report.title_en),
            period: source.period,
            unit,
            headlines: headlines.collect(),
            versions: vec![ReportVersion { number: 1, release: source.release, reason: String::new() }],
        }
        .into(),
    );
}
