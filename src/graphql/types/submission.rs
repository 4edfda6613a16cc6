//! Submissions: what departments send, on its way to publication. Not public.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};

use super::{
    document::Locator,
    enums::{Accumulation, Action, Language, Qualifier, Severity, Status, SubmissionState},
    indicator::{Breakdown, Indicator},
    period::Period,
    release::Release,
    report::Report,
    unit::Unit,
};
use crate::{
    domain::{
        account::Actor,
        observation::Observation,
        policy::{self, Operation},
        submission,
    },
    graphql::{
        connection::connection,
        context::View,
        cost,
        error::{InternalExt, Result},
        scalars::{Date, DateTime, Decimal, bounded},
    },
    store::submissions::{self, SubmissionFinding},
};

connection!(SubmissionConnection, SubmissionEdge, Submission);

/// A version of a report on its way to publication, as one caller sees it.
#[derive(Clone)]
pub struct Submission {
    view: View,
    /// The submission.
    pub it: Arc<submission::Submission>,
    actor: Actor,
}

impl Submission {
    /// Shows a submission to a caller.
    pub fn of(view: &View, it: submission::Submission, actor: &Actor) -> Self {
        Self { view: view.clone(), it: it.into(), actor: actor.clone() }
    }

    /// Machines see what they brought to, not what others did.
    fn see_inside(&self) -> Result<()> {
        let seen = policy::may_try(&self.actor, Operation::SeeSubmissions);
        seen.map_err(|refusal| crate::usecase::act::UseError::Refused(refusal).into())
    }

    async fn files(&self) -> Result<Vec<submissions::Import>> {
        submissions::imports_of(self.view.database.reader(), &[self.it.id]).await.internal()
    }
}

/// A version of a report on its way to publication: DRAFT, SUBMITTED, RETURNED or APPROVED, SCHEDULED, PUBLISHED,
/// then SUPERSEDED or WITHDRAWN. For accounts with any role.
#[Object]
impl Submission {
    /// Stable code: `S-7`.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// Where it stands.
    async fn state(&self) -> SubmissionState {
        self.it.state.into()
    }

    /// Grows with every change. Mutations that name it fail with `STALE` if somebody was faster.
    async fn version(&self) -> i32 {
        self.it.version
    }

    /// Official number of the report.
    async fn report_code(&self) -> &str {
        &self.it.header.report
    }

    /// The report as it is published; null before the first publication.
    async fn report(&self) -> Option<Report> {
        let found = self.view.catalogue().reports.iter().find(|r| r.code == self.it.header.report);
        found.map(|it| Report::of(&self.view, it))
    }

    /// What it reports on.
    async fn title(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.header.title.get(lang.into())
    }

    /// Nominal period.
    async fn period(&self) -> Period {
        Period(self.it.header.period)
    }

    /// Whom it is about.
    async fn unit(&self) -> Result<Unit> {
        Unit::by_id(&self.view, self.it.header.unit)
    }

    /// Date of the document.
    async fn issued_on(&self) -> Date {
        self.it.header.issued_on.into()
    }

    /// When its figures are expected; null if no time was set.
    async fn due_at(&self) -> Option<DateTime> {
        self.it.header.due_at.map(Into::into)
    }

    /// True if it corrects a published report.
    async fn is_correction(&self) -> bool {
        self.it.is_correction
    }

    /// Why it corrects; empty for a first version.
    async fn reason(&self) -> &str {
        &self.it.reason
    }

    /// Hash of the header and all figures: what an approval binds to.
    async fn content_hash(&self) -> &str {
        &self.it.content_hash
    }

    /// Who began it: `account:name` or `key:id`.
    async fn created_by(&self) -> &str {
        &self.it.created_by
    }

    /// Who brought figures; at most 100.
    async fn contributors(&self) -> Vec<&str> {
        self.it.contributors.iter().take(100).map(String::as_str).collect()
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        self.it.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.it.updated_at.into()
    }

    /// When it will be published; null if no time is set.
    async fn publish_at(&self) -> Option<DateTime> {
        self.it.publish_at.map(Into::into)
    }

    /// The release that published it; null before.
    async fn release(&self) -> Option<Result<Release>> {
        let number = self.it.release?;
        let found = self.view.item(&self.view.catalogue().releases, |r| r.number == number, "release");
        Some(found.map(|it| Release::of(&self.view, it)))
    }

    /// What the caller may do with it now.
    async fn allowed_actions(&self) -> Vec<Action> {
        self.it.allowed_actions(&self.actor).into_iter().map(Into::into).collect()
    }

    /// The files and pushes that it is made of, oldest first; at most 500.
    #[graphql(complexity = "20 + cost::list(None, 5, child_complexity)")]
    async fn imports(&self) -> Result<Vec<SubmissionImport>> {
        let imports = self.files().await?.into_iter().take(500);
        Ok(imports
            .map(|i| SubmissionImport {
                file_name: i.file_name,
                format: i.format,
                actor: i.actor,
                figure_count: i.figures,
                content_hash: i.content_hash,
                created_at: i.created_at.into(),
            })
            .collect())
    }

    /// What happened to it and what was said, oldest first; at most 500.
    #[graphql(complexity = "20 + cost::list(None, 5, child_complexity)")]
    async fn history(&self) -> Result<Vec<SubmissionEvent>> {
        self.see_inside()?;
        let events = submissions::events(self.view.database.reader(), self.it.id).await.internal()?;
        Ok(events
            .into_iter()
            .take(500)
            .map(|e| SubmissionEvent {
                number: e.number,
                at: e.at.into(),
                actor: e.actor,
                action: e.action.into(),
                state: e.state.into(),
                comment: e.comment,
                content_hash: e.content_hash,
            })
            .collect())
    }

    /// What rules found in it, in their order. Findings of severity ERROR block publication until they are mended
    /// or waived.
    #[graphql(complexity = "20 + cost::list(Some(first), 20, child_complexity)")]
    async fn findings(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 500.")] first: i32,
    ) -> Result<Vec<DraftFinding>> {
        self.see_inside()?;
        let first = bounded(first, 500, "first")?;
        let found = submissions::findings_of(self.view.database.reader(), self.it.id).await.internal()?;
        Ok(found.into_iter().take(first).map(|it| DraftFinding { it }).collect())
    }

    /// Its figures as they would be published, by import and place.
    #[graphql(complexity = "20 + cost::list(Some(first), 20, child_complexity)")]
    async fn figures(
        &self,
        #[graphql(default = 100, desc = "Most items, 1 to 1,000.")] first: i32,
        #[graphql(default = 0, desc = "Only figures after so many.")] skip: i32,
    ) -> Result<Vec<DraftFigure>> {
        self.see_inside()?;
        let (first, skip) = (bounded(first, 1000, "first")?, bounded(skip + 1, 100_001, "skip")? - 1);
        let imports: Vec<i32> = self.files().await?.iter().map(|i| i.id).collect();
        let limit = (first + skip) as u64;
        let rows = submissions::rows_of(self.view.database.reader(), &imports, None, limit).await.internal()?;
        Ok(rows.into_iter().skip(skip).map(|(_, o)| DraftFigure::of(&self.view, o)).collect())
    }

    /// Which units are expected to have figures, and which have, late or not.
    #[graphql(complexity = "40 + child_complexity")]
    async fn completeness(&self) -> Result<Option<SubmissionCompleteness>> {
        SubmissionCompleteness::compute(self).await
    }
}

/// A file or push that a submission is made of.
#[derive(SimpleObject)]
pub struct SubmissionImport {
    /// Name of the file; empty for a push.
    pub file_name: String,
    /// How it was read: LONG, WIDE, TEXT or PUSH.
    pub format: String,
    /// Who brought it.
    pub actor: String,
    /// Number of figures.
    pub figure_count: i32,
    /// Hash of what was read and how.
    pub content_hash: String,
    /// When.
    pub created_at: DateTime,
}

/// A step in the history of a submission, or a comment.
#[derive(SimpleObject)]
pub struct SubmissionEvent {
    /// Number, from 1.
    pub number: i32,
    /// When.
    pub at: DateTime,
    /// Who.
    pub actor: String,
    /// What.
    pub action: Action,
    /// Where it stood afterwards.
    pub state: SubmissionState,
    /// What was said.
    pub comment: String,
    /// Hash of the content at that time.
    pub content_hash: String,
}

/// A finding in figures that are not published.
#[derive(Clone)]
pub struct DraftFinding {
    /// The finding.
    pub it: SubmissionFinding,
}

/// What a rule found in figures that are not published.
#[Object]
impl DraftFinding {
    /// Stable code.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// Code of the rule.
    async fn rule(&self) -> &str {
        &self.it.rule
    }

    /// What it means: ERROR blocks publication.
    async fn severity(&self) -> Severity {
        self.it.severity.into()
    }

    /// What the rule expects; null if that is no number.
    async fn expected(&self) -> Option<Decimal> {
        self.it.expected.map(Into::into)
    }

    /// What is printed; null if that is no number.
    async fn actual(&self) -> Option<Decimal> {
        self.it.actual.map(Into::into)
    }

    /// Printed minus expected.
    async fn difference(&self) -> Option<Decimal> {
        self.it.difference.map(Into::into)
    }

    /// What is wrong, in one sentence.
    async fn message(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.message.get(lang.into())
    }

    /// Where the checked figure stands.
    async fn place(&self) -> &str {
        &self.it.place
    }

    /// True if somebody accepted it.
    async fn is_waived(&self) -> bool {
        self.it.waived_by.is_some()
    }

    /// Who accepted it; null if nobody did.
    async fn waived_by(&self) -> Option<&str> {
        self.it.waived_by.as_deref()
    }

    /// Why it was accepted; null if it was not.
    async fn waived_reason(&self) -> Option<&str> {
        self.it.waived_by.as_ref().map(|_| self.it.waived_reason.as_str())
    }
}

/// Which units are expected in a submission and which have come.
pub struct SubmissionCompleteness {
    view: View,
    expected: Vec<crate::domain::id::UnitId>,
    received: Vec<crate::domain::id::UnitId>,
    late: Vec<crate::domain::id::UnitId>,
}

impl SubmissionCompleteness {
    async fn compute(submission: &Submission) -> Result<Option<Self>> {
        let view = &submission.view;
        let reader = view.database.reader();
        let header = &submission.it.header;
        let tables = submissions::parts_of(reader, submission.it.id).await.internal()?;
        let mut expected: Vec<_> = tables
            .iter()
            .filter_map(|p| if let submissions::Part::Table(t) = p { Some(&t.expected_units) } else { None })
            .flatten()
            .copied()
            .collect();
        if expected.is_empty() {
            let below = view.catalogue().unit_children(header.unit);
            let mut units: Vec<_> =
                below.filter(|u| u.report_order.is_some() && u.stood_on(header.issued_on)).collect();
            units.sort_by_key(|u| u.report_order);
            expected = units.into_iter().map(|u| u.id).collect();
        }
        let mut seen = std::collections::BTreeSet::new();
        expected.retain(|unit| seen.insert(*unit));
        if expected.is_empty() {
            return Ok(None);
        }
        let (mut received, mut late) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
        for import in submission.files().await? {
            for unit in submissions::units_of(reader, &[import.id]).await.internal()? {
                let in_time = header.due_at.is_none_or(|due| import.created_at <= due);
                if received.insert(unit) && !in_time {
                    late.insert(unit);
                }
            }
        }
        let of = |set: &std::collections::BTreeSet<_>| expected.iter().copied().filter(|u| set.contains(u)).collect();
        Ok(Some(Self { view: view.clone(), received: of(&received), late: of(&late), expected }))
    }

    fn units(&self, list: &[crate::domain::id::UnitId]) -> Result<Vec<Unit>> {
        list.iter().take(1000).map(|id| Unit::by_id(&self.view, *id)).collect()
    }
}

/// Which units are expected to have figures in a submission, and which have.
#[Object]
impl SubmissionCompleteness {
    /// Number of units expected.
    async fn expected_count(&self) -> i32 {
        self.expected.len() as i32
    }

    /// Number of expected units that have figures.
    async fn received_count(&self) -> i32 {
        self.received.len() as i32
    }

    /// Expected units that have figures, in the order of reports; at most 1,000.
    #[graphql(complexity = "cost::list(None, 30, child_complexity)")]
    async fn received(&self) -> Result<Vec<Unit>> {
        self.units(&self.received)
    }

    /// Those whose first figures came after `dueAt`; at most 1,000.
    #[graphql(complexity = "cost::list(None, 30, child_complexity)")]
    async fn late(&self) -> Result<Vec<Unit>> {
        self.units(&self.late)
    }

    /// Expected units without figures; at most 1,000.
    #[graphql(complexity = "cost::list(None, 30, child_complexity)")]
    async fn missing(&self) -> Result<Vec<Unit>> {
        let missing: Vec<_> = self.expected.iter().copied().filter(|u| !self.received.contains(u)).collect();
        self.units(&missing)
    }
}

/// A figure that is not published.
#[derive(Clone)]
pub struct DraftFigure {
    view: View,
    it: Arc<Observation>,
}

impl DraftFigure {
    /// Shows a figure.
    pub fn of(view: &View, it: Observation) -> Self {
        Self { view: view.clone(), it: it.into() }
    }
}

/// A figure that is not published, as it would be.
#[Object]
impl DraftFigure {
    /// What is measured.
    async fn indicator(&self) -> Result<Indicator> {
        Ok(Indicator::of(&self.view, self.view.indicator(self.it.series.indicator)?))
    }

    /// Of whom.
    async fn unit(&self) -> Result<Unit> {
        Unit::by_id(&self.view, self.it.series.unit)
    }

    /// Position on the extra axes.
    async fn breakdown(&self) -> Breakdown {
        Breakdown { view: self.view.clone(), breakdown: self.it.series.breakdown.clone() }
    }

    /// How it relates to time.
    async fn accumulation(&self) -> Accumulation {
        self.it.series.accumulation.into()
    }

    /// The period.
    async fn period(&self) -> Period {
        Period(self.it.period)
    }

    /// The figure, exact; null only with a status that says why.
    async fn value(&self) -> Option<Decimal> {
        self.it.value.map(Into::into)
    }

    /// State.
    async fn status(&self) -> Status {
        self.it.status.into()
    }

    /// Printed vagueness.
    async fn qualifier(&self) -> Qualifier {
        self.it.qualifier.into()
    }

    /// First day that the counting covered; null if nothing is said.
    async fn coverage_start(&self) -> Option<Date> {
        self.it.coverage.map(|c| c.0.into())
    }

    /// Last day that the counting covered; null if nothing is said.
    async fn coverage_end(&self) -> Option<Date> {
        self.it.coverage.map(|c| c.1.into())
    }

    /// Date of a stock; null if nothing is said.
    async fn as_of(&self) -> Option<Date> {
        self.it.as_of.map(Into::into)
    }

    /// The figure as printed.
    async fn as_printed(&self) -> &str {
        &self.it.as_printed
    }

    /// Where it stands in the document.
    async fn locator(&self) -> Locator {
        Locator(self.it.locator.clone())
    }

    /// Row of the file, or its place among the figures of a text.
    async fn row(&self) -> i32 {
        self.it.position
    }

    /// True for the one figure of its key that will answer by default.
    async fn is_preferred(&self) -> bool {
        self.it.preferred
    }

    /// What a reader should know; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.it.note.as_ref().map(|n| n.get(lang.into()))
    }
}
