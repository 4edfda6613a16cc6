//! Reports.

use async_graphql::{Context, ID, Object};

use super::{
    document::{Document, Section, sections},
    enums::Language,
    observation::Observation,
    period::Period,
    printed_table::{Completeness, PrintedTable},
    release::Release,
    target::ScorecardEntry,
    unit::Unit,
};
use crate::{
    domain::{document, id::*},
    graphql::{
        connection::connection,
        context::reader,
        cost,
        error::Result,
        node::{NodeKind, global_id},
        scalars::bounded,
    },
};

connection!(ReportConnection, ReportEdge, Report);

/// A report, by its key.
#[derive(Debug, Clone)]
pub struct Report {
    pub id: ReportId,
    pub code: String,
}

impl Report {
    /// The output type of a report.
    pub fn of(report: &document::Report) -> Self {
        Self { id: report.id, code: report.code.clone() }
    }

    fn get<'c>(&self, ctx: &Context<'c>) -> Result<&'c document::Report> {
        let reader = reader(ctx);
        reader.item(&reader.catalogue().reports, |r| r.id == self.id, "report")
    }
}

/// An official report: its document, its period, its tables and what it says of the targets.
#[Object]
impl Report {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Report, &self.code)
    }

    /// Official number.
    async fn code(&self) -> &str {
        &self.code
    }

    /// What it reports on.
    async fn title<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.title.get(lang.into()))
    }

    /// Nominal period; its figures may cover other spans, which they name themselves.
    async fn period(&self, ctx: &Context<'_>) -> Result<Period> {
        Ok(Period(self.get(ctx)?.period))
    }

    /// Whom it is about.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Unit> {
        Unit::of(reader(ctx), self.get(ctx)?.unit)
    }

    /// The document.
    async fn document(&self, ctx: &Context<'_>) -> Result<Document> {
        Document::of(reader(ctx), self.get(ctx)?.document)
    }

    /// The figures to show first, in order, as the report prints them.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn headlines(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 50.")] first: i32,
    ) -> Result<Vec<Observation>> {
        let reader = reader(ctx);
        let report = self.get(ctx)?;
        let first = bounded(first, 50, "first")?;
        let keys = report.headlines.iter().take(first);
        let found = keys.map(|q| reader.loaders.related((q.indicator, report.unit, q.breakdown.clone())));
        let mut headlines = Vec::new();
        for figures in futures_util::future::join_all(found).await {
            let of_report = |o: &crate::domain::observation::Observation| o.document == report.document;
            headlines.extend(figures?.into_iter().rev().find(of_report).map(Observation::from));
        }
        Ok(headlines)
    }

    /// Its outline, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn sections(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 100, desc = "Most items, 1 to 200.")] first: i32,
    ) -> Result<Vec<Section>> {
        let first = bounded(first, 200, "first")?;
        Ok(sections(reader(ctx).document(self.get(ctx)?.document)?, first, |_| true))
    }

    /// Its appendices: tables as printed.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn appendices(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<PrintedTable>> {
        let first = bounded(first, 100, "first")?;
        let document = self.get(ctx)?.document;
        let tables = reader(ctx).catalogue().tables.iter().filter(|t| t.document == document);
        Ok(tables.take(first).map(PrintedTable::of).collect())
    }

    /// One appendix by its code, such as `II`; null if there is none.
    async fn appendix(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the appendix.")] code: String,
    ) -> Option<Result<PrintedTable>> {
        let document = self.get(ctx).map(|r| r.document);
        document.map(|d| reader(ctx).catalogue().table(d, &code).map(PrintedTable::of)).transpose()
    }

    /// What it says of each numbered target, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn assessments(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<ScorecardEntry>> {
        let first = bounded(first, 100, "first")?;
        let document = self.get(ctx)?.document;
        let found = reader(ctx).catalogue().assessments.iter().filter(|a| a.document == document);
        Ok(found.take(first).cloned().map(ScorecardEntry).collect())
    }

    /// Which units should have figures in its appendices and which have; null if none are expected.
    async fn completeness(&self, ctx: &Context<'_>) -> Option<Result<Completeness>> {
        let document = self.get(ctx).map(|r| r.document);
        let of = |d| {
            Completeness::of_tables(
                &reader(ctx).catalogue().tables.iter().filter(|t| t.document == d).collect::<Vec<_>>(),
            )
        };
        document.map(of).transpose()
    }

    /// Published versions, oldest first; at most 100.
    #[graphql(complexity = "cost::list(None, 5, child_complexity)")]
    async fn versions(&self, ctx: &Context<'_>) -> Result<Vec<ReportVersion>> {
        let reader = reader(ctx);
        let versions = self.get(ctx)?.versions.iter().take(100);
        let release = |number| reader.item(&reader.catalogue().releases, |r| r.number == number, "release");
        versions
            .map(|v| Ok(ReportVersion { number: v.number, release: Release(release(v.release)?.clone()) }))
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
