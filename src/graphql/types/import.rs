//! What an import would bring, and how a job goes.

use async_graphql::{Context, Object, SimpleObject};

use super::{
    enums::{Accumulation, CellProblemCode, ImportFormat, JobState, Language},
    indicator::Quantity,
    observation::Observation,
    period::Period,
    submission::{DraftFigure, DraftFinding, Submission},
    unit::Unit,
};
use crate::{
    domain::account::Actor,
    graphql::{
        caller::caller,
        context::View,
        cost,
        error::{InternalExt, Result},
        scalars::{Date, DateTime, bounded},
    },
    ingest::problem,
    store::{
        jobs::JobRow,
        submissions::{self, Part},
    },
    usecase::{import, job},
};

/// A mistake in a file, or a remark, with its place.
#[derive(SimpleObject, Clone)]
pub struct CellProblem {
    /// What kind.
    pub code: CellProblemCode,
    /// Worksheet, or table of a text; null for other files.
    pub sheet: Option<String>,
    /// Row from 1, as the file shows it; null if the whole file is meant.
    pub row: Option<i32>,
    /// Column from 1; null if the whole row is meant.
    pub column: Option<i32>,
    /// Heading of the column.
    pub heading: Option<String>,
    /// What stands there, at most 120 characters.
    pub raw: String,
    /// What is wrong.
    pub message: String,
    /// What was probably meant; null if nothing comes near.
    pub suggestion: Option<String>,
}

impl CellProblem {
    fn of(p: &problem::CellProblem) -> Self {
        Self {
            code: p.code.into(),
            sheet: p.sheet.clone(),
            row: i32::try_from(p.row).ok().filter(|row| *row > 0),
            column: p.column.as_ref().and_then(|(number, _)| i32::try_from(*number).ok()),
            heading: p.column.as_ref().map(|(_, heading)| heading.clone()),
            raw: p.raw.clone(),
            message: p.message.clone(),
            suggestion: p.suggestion.clone(),
        }
    }
}

/// What an import would bring.
pub struct ImportPreview {
    /// The newest release.
    pub view: View,
    /// The preview.
    pub it: import::Preview,
}

/// What an import would bring. Nothing of it is stored.
#[Object]
impl ImportPreview {
    /// Names exactly this preview: give it to `importReport`.
    async fn preview_hash(&self) -> &str {
        &self.it.hash
    }

    /// Form of what was read.
    async fn format(&self) -> ImportFormat {
        self.it.reading.format.into()
    }

    /// Official number of the report.
    async fn report_code(&self) -> &str {
        &self.it.reading.header.report
    }

    /// What it reports on.
    async fn title(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.reading.header.title.get(lang.into())
    }

    /// Nominal period.
    async fn period(&self) -> Period {
        Period(self.it.reading.header.period)
    }

    /// Whom it is about.
    async fn unit(&self) -> Result<Unit> {
        Unit::by_id(&self.view, self.it.reading.header.unit)
    }

    /// Date of the document.
    async fn issued_on(&self) -> Date {
        self.it.reading.header.issued_on.into()
    }

    /// Number of rows read.
    async fn rows_read(&self) -> i32 {
        i32::try_from(self.it.reading.rows).unwrap_or(i32::MAX)
    }

    /// Number of figures read.
    async fn figure_count(&self) -> i32 {
        self.it.reading.figures.len() as i32
    }

    /// Number of sections read from a text.
    async fn section_count(&self) -> i32 {
        self.it.reading.parts.iter().filter(|p| matches!(p, Part::Section(_))).count() as i32
    }

    /// Number of mistakes; with one of them nothing can be imported.
    async fn problem_count(&self) -> i32 {
        i32::try_from(self.it.reading.problems.count).unwrap_or(i32::MAX)
    }

    /// Number of remarks.
    async fn warning_count(&self) -> i32 {
        i32::try_from(self.it.reading.warnings.count).unwrap_or(i32::MAX)
    }

    /// The first mistakes.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn problems(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<CellProblem>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.it.reading.problems.first.iter().take(first).map(CellProblem::of).collect())
    }

    /// The first remarks.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn warnings(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<CellProblem>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.it.reading.warnings.first.iter().take(first).map(CellProblem::of).collect())
    }

    /// What rules find.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn findings(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 500.")] first: i32,
    ) -> Result<Vec<DraftFinding>> {
        let first = bounded(first, 500, "first")?;
        Ok(self.it.verdict.findings.iter().take(first).map(|it| DraftFinding { it: it.clone() }).collect())
    }

    /// The first figures, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn figures(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 1,000.")] first: i32,
    ) -> Result<Vec<DraftFigure>> {
        let first = bounded(first, 1000, "first")?;
        let figures = self.it.reading.figures.iter().take(first);
        Ok(figures.map(|o| DraftFigure::of(&self.view, o.clone())).collect())
    }

    /// How the headings of tables were understood; at most 250.
    #[graphql(complexity = "cost::list(None, 20, child_complexity)")]
    async fn columns(&self) -> Vec<ImportColumn> {
        let columns = self.it.reading.mapping.iter().take(250);
        columns
            .map(|c| ImportColumn {
                group: c.group.clone(),
                label: c.label.clone(),
                quantity: Quantity { view: self.view.clone(), quantity: c.quantity.clone() },
                accumulation: c.accumulation.into(),
            })
            .collect()
    }

    /// What would change in what the report says.
    async fn diff(&self) -> ImportDiff {
        let diff = &self.it.verdict.diff;
        let count = |n: u64| i32::try_from(n).unwrap_or(i32::MAX);
        let changes = diff.changes.iter().map(|(before, after)| FigureChange {
            before: before.clone().map(|o| Observation::new(&self.view, o)),
            after: DraftFigure::of(&self.view, after.clone()),
        });
        ImportDiff {
            added_count: count(diff.added),
            changed_count: count(diff.changed),
            unchanged_count: count(diff.unchanged),
            changes: changes.collect(),
        }
    }
}

/// How a heading was understood.
#[derive(SimpleObject)]
pub struct ImportColumn {
    /// Heading that spans it; empty if none does.
    pub group: String,
    /// Its own heading.
    pub label: String,
    /// What it measures.
    pub quantity: Quantity,
    /// How its figures relate to time.
    pub accumulation: Accumulation,
}

/// What would change in what a report says.
#[derive(SimpleObject)]
pub struct ImportDiff {
    /// Keys that the report has not printed before.
    pub added_count: i32,
    /// Keys whose figure is another.
    pub changed_count: i32,
    /// Keys whose figure is the same.
    pub unchanged_count: i32,
    /// The first changes, at most 100.
    #[graphql(complexity = "cost::list(None, 20, child_complexity)")]
    pub changes: Vec<FigureChange>,
}

/// A figure before and after.
#[derive(SimpleObject)]
pub struct FigureChange {
    /// What the report says now; null if nothing.
    pub before: Option<Observation>,
    /// What it would say.
    pub after: DraftFigure,
}

/// A large import that runs beside requests.
pub struct ImportJob {
    /// The newest release.
    pub view: View,
    /// The job.
    pub it: JobRow,
    /// Who looks.
    pub actor: Actor,
}

/// A large import that runs beside requests. For the account that began it.
#[Object]
impl ImportJob {
    /// Its id.
    async fn id(&self) -> &str {
        &self.it.id
    }

    /// Where it stands; FAILED also if its process was killed.
    async fn state(&self, ctx: &Context<'_>) -> Result<JobState> {
        if job::is_dead(&self.it, caller(ctx).act.now) {
            return Ok(JobState::Failed);
        }
        let state = import::JobState::from_code(&self.it.state).ok_or("unknown state of a job");
        Ok(state.internal()?.into())
    }

    /// Rows read so far.
    async fn rows_read(&self) -> i32 {
        i32::try_from(self.it.rows_read).unwrap_or(i32::MAX)
    }

    /// Rows of the file; null until that is known.
    async fn rows_total(&self) -> Option<i32> {
        self.it.rows_total.map(|n| i32::try_from(n).unwrap_or(i32::MAX))
    }

    /// Why it failed; empty unless it did.
    async fn message(&self) -> &str {
        &self.it.message
    }

    /// When it was begun.
    async fn created_at(&self) -> DateTime {
        self.it.created_at.into()
    }

    /// When it was last heard of. A running job that was not for a minute is dead.
    async fn updated_at(&self) -> DateTime {
        self.it.updated_at.into()
    }

    /// The submission that the figures became part of; null before.
    #[graphql(complexity = "20 + child_complexity")]
    async fn submission(&self) -> Option<Result<Submission>> {
        let code = self.it.submission.as_ref()?;
        let found = submissions::by_code(self.view.database.reader(), code).await.internal();
        found.map(|s| s.map(|it| Submission::of(&self.view, it, &self.actor))).transpose()
    }
}
