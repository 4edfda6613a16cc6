//! Reports, documents, scorecards, releases.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::{
    domain::id::DocumentId,
    graphql::{
        connection::PageArgs,
        context::{AsOf, view},
        cost,
        error::Result,
        filter,
        scalars::given,
        types::{
            document::{Document, DocumentConnection},
            enums::DocumentType,
            release::{Release, ReleaseConnection},
            report::{Report, ReportConnection},
            rule::{Rule, RuleConnection},
            target::Scorecard,
        },
    },
};

#[derive(Default)]
pub struct ReportQuery;

#[Object]
impl ReportQuery {
    /// Official reports, newest period first.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<ReportConnection> {
        let view = &view(ctx, as_of).await?;
        let mut reports: Vec<_> = view.catalogue().reports.iter().collect();
        reports.sort_by(|a, b| {
            (b.period.end(), b.period.start(), &a.code).cmp(&(a.period.end(), a.period.start(), &b.code))
        });
        let nodes = reports.into_iter().map(|it| Report::of(view, it)).collect();
        ReportConnection::cut("reports", nodes, |r| r.it.code.clone(), &PageArgs { first, after, last, before })
    }

    /// A report by its official number; null if there is none.
    async fn report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Official number: `3872-BC/BCSD`.")] code: String,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<Report>> {
        let view = view(ctx, as_of).await;
        view.map(|view| view.catalogue().reports.iter().find(|r| r.code == code).map(|it| Report::of(&view, it)))
            .transpose()
    }

    /// Documents, newest first, those without a date last.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only documents of these types.")] types: MaybeUndefined<Vec<DocumentType>>,
        #[graphql(desc = "Only documents of this issuer, by code of the unit.")] issuer: MaybeUndefined<String>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<DocumentConnection> {
        let view = &view(ctx, as_of).await?;
        let types = given(types, "types")?;
        let issuer = given(issuer, "issuer")?.map(|code| filter::units(view, vec![code], "issuer")).transpose()?;
        let mut documents: Vec<_> = view
            .catalogue()
            .documents
            .iter()
            .filter(|d| types.as_ref().is_none_or(|t| t.contains(&d.kind.into())))
            .filter(|d| issuer.as_ref().is_none_or(|ids| d.issuer.is_some_and(|id| ids.contains(&id))))
            .collect();
        documents.sort_by(|a, b| (b.issued_on, &a.code).cmp(&(a.issued_on, &b.code)));
        let nodes = documents.into_iter().map(|d| Document::of(view, d)).collect();
        DocumentConnection::cut("documents", nodes, |d| d.it.code.clone(), &PageArgs { first, after, last, before })
    }

    /// A document by its official number or our code; null if there is none.
    async fn document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code: `01-NQ/TU`.")] code: String,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<Document>> {
        let view = view(ctx, as_of).await;
        view.map(|view| view.catalogue().document_by_code(&code).map(|it| Document::of(&view, it))).transpose()
    }

    /// How the targets of a resolution stand; null if no report assesses them.
    async fn scorecard(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the resolution: `01-NQ/TU`.")] resolution: String,
        #[graphql(desc = "Official number of the report; the newest one that assesses them if nothing is said.")]
        report: MaybeUndefined<String>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Option<Result<Scorecard>> {
        let find = async || {
            let view = view(ctx, as_of).await?;
            let resolution = filter::document(&view, &resolution, "resolution")?;
            let wanted = given(report, "report")?.map(|code| filter::document(&view, &code, "report")).transpose()?;
            let assessed = view.catalogue().assessments.iter().filter(|a| a.resolution == resolution);
            let known = |d: &DocumentId| view.catalogue().report_of(*d).is_some() && wanted.is_none_or(|w| w == *d);
            let newest = assessed
                .map(|a| a.document)
                .filter(known)
                .max_by_key(|d| view.document(*d).map(|d| d.issued_on).unwrap_or_default());
            Ok(newest.map(|document| Scorecard { view: view.clone(), resolution, document }))
        };
        find().await.transpose()
    }

    /// Validation rules, in their order.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<RuleConnection> {
        let view = &view(ctx, as_of).await?;
        let nodes = view.catalogue().rules.iter().map(|it| Rule::of(view, it)).collect();
        RuleConnection::cut("rules", nodes, |r| r.it.code.clone(), &PageArgs { first, after, last, before })
    }

    /// Acts of publication, newest first.
    #[graphql(complexity = "cost::connection(first, last, child_complexity)")]
    async fn releases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items from the beginning, 1 to 100; 20 if nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "As a release or an instant had it; the newest release if nothing is said.")]
        as_of: MaybeUndefined<AsOf>,
    ) -> Result<ReleaseConnection> {
        let view = &view(ctx, as_of).await?;
        let nodes = view.catalogue().releases.iter().rev().map(|r| Release::of(view, r)).collect();
        ReleaseConnection::cut("releases", nodes, |r| r.it.number.to_string(), &PageArgs { first, after, last, before })
    }
}
