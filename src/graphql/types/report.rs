//! Reports.

use async_graphql::{ID, MaybeUndefined, Object};

use super::{
    document::{Document, Section, sections},
    enums::{Language, Severity},
    observation::Observation,
    period::Period,
    printed_table::{Completeness, PrintedTable},
    release::Release,
    rule::{self, Finding},
    target::ScorecardEntry,
    unit::Unit,
};
use crate::{
    domain::document,
    graphql::{
        connection::connection,
        context::entry,
        cost,
        error::Result,
        node::{NodeKind, global_id},
        scalars::{bounded, given},
    },
};

connection!(ReportConnection, ReportEdge, Report);

entry! {
    /// A report.
    Report of document::Report
}

/// An official report: its document, its period, its tables and what it says of the targets.
#[Object]
impl Report {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Report, &self.it.code)
    }

    /// Official number.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// What it reports on.
    async fn title(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.title.get(lang.into())
    }

    /// Nominal period; its figures may cover other spans, which they name themselves.
    async fn period(&self) -> Period {
        Period(self.it.period)
    }

    /// Whom it is about.
    async fn unit(&self) -> Result<Unit> {
        Unit::by_id(&self.view, self.it.unit)
    }

    /// The document.
    async fn document(&self) -> Result<Document> {
        Document::by_id(&self.view, self.it.document)
    }

    /// The figures to show first, in order, as the report prints them.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn headlines(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 50.")] first: i32,
    ) -> Result<Vec<Observation>> {
        let view = &self.view;
        let report = &self.it;
        let first = bounded(first, 50, "first")?;
        let keys = report.headlines.iter().take(first);
        let found = keys.map(|q| view.loaders.related((q.indicator, report.unit, q.breakdown.clone())));
        let mut headlines = Vec::new();
        for figures in futures_util::future::join_all(found).await {
            let of_report = |o: &crate::domain::observation::Observation| o.document == report.document;
            headlines.extend(figures?.into_iter().rev().find(of_report).map(|o| Observation::new(&self.view, o)));
        }
        Ok(headlines)
    }

    /// Its outline, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn sections(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<Section>> {
        let first = bounded(first, 200, "first")?;
        Ok(sections(&self.view, self.view.document(self.it.document)?, first, |_| true))
    }

    /// Its appendices: tables as printed.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn appendices(
        &self,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<PrintedTable>> {
        let first = bounded(first, 100, "first")?;
        let document = self.it.document;
        let tables = self.view.catalogue().tables.iter().filter(|t| t.document == document);
        Ok(tables.take(first).map(|it| PrintedTable::of(&self.view, it)).collect())
    }

    /// One appendix by its code, such as `II`; null if there is none.
    async fn appendix(&self, #[graphql(desc = "Code of the appendix.")] code: String) -> Option<Result<PrintedTable>> {
        let document = Ok(&self.it).map(|r| r.document);
        document.map(|d| self.view.catalogue().table(d, &code).map(|it| PrintedTable::of(&self.view, it))).transpose()
    }

    /// What it says of each numbered target, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn assessments(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<ScorecardEntry>> {
        let first = bounded(first, 100, "first")?;
        let document = self.it.document;
        let found = self.view.catalogue().assessments.iter().filter(|a| a.document == document);
        Ok(found.take(first).map(|it| ScorecardEntry::of(&self.view, it)).collect())
    }

    /// What validation rules found in it, in the order of the rules.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn findings(
        &self,
        #[graphql(desc = "Only findings of rules of this severity.")] severity: MaybeUndefined<Severity>,
        #[graphql(default = 50, desc = "Most items, 1 to 500.")] first: i32,
    ) -> Result<Vec<Finding>> {
        rule::findings(&self.view, self.it.document, given(severity, "severity")?, first)
    }

    /// Which units should have figures in its appendices and which have; null if none are expected.
    async fn completeness(&self) -> Option<Completeness> {
        let tables: Vec<_> = self.view.catalogue().tables.iter().filter(|t| t.document == self.it.document).collect();
        Completeness::of_tables(&self.view, &tables)
    }

    /// Published versions, oldest first; at most 100.
    #[graphql(complexity = "cost::list(None, 5, child_complexity)")]
    async fn versions(&self) -> Result<Vec<ReportVersion>> {
        let view = &self.view;
        let versions = self.it.versions.iter().take(100);
        let release = |number| view.item(&view.catalogue().releases, |r| r.number == number, "release");
        versions
            .map(|v| Ok(ReportVersion { number: v.number, release: Release::of(view, release(v.release)?) }))
            .collect()
    }
}

/// A published version of a report.
#[derive(async_graphql::SimpleObject)]
pub struct ReportVersion {
    /// Number, from 1.
    pub number: i32,
    /// The act of publication.
    pub release: Release,
}
