//! Reports.

use std::collections::HashMap;

use async_graphql::{Context, ID, MaybeUndefined, Object};

use super::{
    document::{Document, Section, sections},
    enums::{Action, Language, Severity},
    observation::Observation,
    period::Period,
    printed_table::{Completeness, PrintedTable},
    release::Release,
    rule::{self, Finding},
    target::ScorecardEntry,
    unit::Unit,
};
use crate::{
    domain::{document, observation::Observation as Figure},
    graphql::{
        caller::caller,
        connection::connection,
        context::{View, entry},
        cost,
        error::{Fault, InternalExt, Result},
        node::{NodeKind, global_id},
        scalars::{bounded, given},
    },
    store::observations,
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

    /// What the caller may do with it: CORRECT or WITHDRAW; nothing for anonymous callers and once it is withdrawn.
    async fn allowed_actions(&self, ctx: &Context<'_>) -> Vec<Action> {
        use crate::domain::{policy::may_try, submission::Action as Step};
        let actor = &caller(ctx).act.actor;
        let may = |step: &Step| step.operation().is_some_and(|operation| may_try(actor, operation).is_ok());
        let steps = [Step::Correct, Step::Withdraw].into_iter().filter(may);
        steps.filter(|_| self.withdrawing().is_none()).map(Into::into).collect()
    }

    /// The release that withdrew it, with the reason as its note; null if it stands.
    async fn withdrawal(&self) -> Option<Release> {
        self.withdrawing().map(|it| Release::of(&self.view, it))
    }

    /// What it says now against what it said as of an earlier release, figure by figure.
    #[graphql(complexity = "50 + cost::list(Some(first), 20, child_complexity)")]
    async fn diff(
        &self,
        #[graphql(desc = "Number of the earlier release.")] against: i32,
        #[graphql(default = 50, desc = "Most changes, 1 to 500.")] first: i32,
    ) -> Result<ReportDiff> {
        let first = bounded(first, 500, "first")?;
        let view = &self.view;
        if !view.catalogue().releases.iter().any(|r| r.number == against) {
            return Err(Fault::bad_input("against", format!("there is no release {against}.")));
        }
        let (document, now) = (self.it.document, view.scope().release);
        let reader = view.database.reader();
        let (ended, begun) =
            observations::changed(reader, document, against, now, MOST_CHANGES + 1).await.internal()?;
        if ended.len().max(begun.len()) as u64 > MOST_CHANGES {
            let message = format!("more than {MOST_CHANGES} figures changed; compare with a later release.");
            return Err(Fault::LimitExceeded { limit: "changes", message });
        }
        Ok(ReportDiff::of(view, ended, begun, first))
    }

    /// Published versions, oldest first; at most 100.
    #[graphql(complexity = "cost::list(None, 5, child_complexity)")]
    async fn versions(&self) -> Result<Vec<ReportVersion>> {
        let view = &self.view;
        let versions = self.it.versions.iter().take(100);
        let release = |number| view.item(&view.catalogue().releases, |r| r.number == number, "release");
        versions
            .map(|v| {
                let release = Release::of(view, release(v.release)?);
                Ok(ReportVersion { number: v.number, release, reason: v.reason.clone() })
            })
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
    /// Why it was made; empty for the first.
    pub reason: String,
}

impl Report {
    /// The release that withdrew it, if it was the last word.
    fn withdrawing(&self) -> Option<&std::sync::Arc<document::Release>> {
        let document = Some(self.it.document);
        let concerns = |r: &&std::sync::Arc<document::Release>| r.document == document || r.withdraws == document;
        self.view.catalogue().releases.iter().rev().find(concerns).filter(|r| r.withdraws == document)
    }
}

/// Most figures that are compared.
const MOST_CHANGES: u64 = 20_000;

/// What a report says now against what it said before.
#[derive(async_graphql::SimpleObject)]
pub struct ReportDiff {
    /// Keys that it did not print then.
    pub added_count: i32,
    /// Keys whose figure is another.
    pub changed_count: i32,
    /// Keys that it does not print any more.
    pub removed_count: i32,
    /// The first of them, by place.
    pub changes: Vec<ReportChange>,
}

/// A figure then and now.
#[derive(async_graphql::SimpleObject)]
pub struct ReportChange {
    /// What the report said; null if nothing.
    pub before: Option<Observation>,
    /// What it says; null if nothing.
    pub after: Option<Observation>,
}

impl ReportDiff {
    fn of(view: &View, ended: Vec<Figure>, begun: Vec<Figure>, first: usize) -> Self {
        let mut before: HashMap<String, Figure> = ended.into_iter().map(|o| (o.uid.clone(), o)).collect();
        let mut diff = Self { added_count: 0, changed_count: 0, removed_count: 0, changes: Vec::new() };
        let shown = |o: Figure| Observation::new(view, o);
        let mut pairs: Vec<(Option<Figure>, Option<Figure>)> = Vec::new();
        for after in begun {
            match before.remove(&after.uid) {
                // Only who else prints the key, or a repetition, changed the row.
                Some(old) if old.says_the_same(&after) => {}
                Some(old) => {
                    diff.changed_count += 1;
                    pairs.push((Some(old), Some(after)));
                }
                None => {
                    diff.added_count += 1;
                    pairs.push((None, Some(after)));
                }
            }
        }
        for old in before.into_values() {
            diff.removed_count += 1;
            pairs.push((Some(old), None));
        }
        pairs.sort_by_key(|(old, new)| new.as_ref().or(old.as_ref()).map(|o| o.position));
        let pairs = pairs.into_iter().take(first);
        diff.changes = pairs.map(|(old, new)| ReportChange { before: old.map(shown), after: new.map(shown) }).collect();
        diff
    }
}
