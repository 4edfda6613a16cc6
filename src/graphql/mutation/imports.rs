//! Import: previews, imports, pushes and jobs.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, OneofObject};
use tempfile::NamedTempFile;

use super::payload;
use crate::{
    domain::{column::ColumnName, policy::Operation, text::Text},
    graphql::{
        caller::{after_write, caller, newest, require},
        context::View,
        error::{Fault, Result},
        filter,
        scalars::{Date, DateTime, PeriodCode, at_most, given},
        types::{
            enums::{Accumulation, ImportFormat, NumberStyle},
            import::{ImportJob, ImportPreview},
            submission::Submission,
        },
    },
    ingest::grid::{Cell, GridLine},
    usecase::{
        act::Complaint,
        import::{self, Order, ReportOrder, Source, Terms},
        job,
    },
};

#[derive(Default)]
pub struct ImportMutation;

/// About the report. What is left out is taken from the text, the open submission or the published report.
#[derive(InputObject)]
pub struct ReportInput {
    /// Official number.
    pub code: MaybeUndefined<String>,
    /// What it reports on, in Vietnamese.
    pub title: MaybeUndefined<String>,
    /// The same in English.
    pub title_en: MaybeUndefined<String>,
    /// Nominal period.
    pub period: MaybeUndefined<PeriodCode>,
    /// Code of the unit that it is about.
    pub unit: MaybeUndefined<String>,
    /// Date of the document: unit names and codes mean those of that day.
    pub issued_on: MaybeUndefined<Date>,
    /// When it had become public, for reports of the past; never in the future.
    pub published_at: MaybeUndefined<DateTime>,
    /// When its figures are expected; later ones are late.
    pub due_at: MaybeUndefined<DateTime>,
}

/// What is sent: one of the two.
#[derive(OneofObject)]
pub enum SourceInput {
    /// The text itself: of a report, or a table as CSV.
    Text(String),
    /// Id of a file that was sent to `POST /uploads`.
    Upload(String),
}

/// A heading explained by the caller.
#[derive(InputObject)]
pub struct ColumnInput {
    /// Heading that spans it; none if left out.
    pub group: MaybeUndefined<String>,
    /// Its own heading.
    pub label: String,
    /// What it measures: `dossiers.received[intake=online]`.
    pub quantity: String,
    /// How its figures relate to time.
    pub accumulation: Accumulation,
}

/// Declares the inputs that say what to import.
macro_rules! import_input {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(InputObject)]
        pub struct $name {
            /// About the report.
            pub report: ReportInput,
            /// What is sent.
            pub source: SourceInput,
            /// Its form; found out if left out.
            pub format: MaybeUndefined<ImportFormat>,
            /// Worksheet; the first one if left out.
            pub sheet: MaybeUndefined<String>,
            /// How it writes numbers; found out if left out.
            pub number_style: MaybeUndefined<NumberStyle>,
            /// Code of the table, for the wide form: `II`.
            pub table_code: MaybeUndefined<String>,
            /// Headings that need an explanation; at most 250. They are kept for next time.
            pub columns: MaybeUndefined<Vec<ColumnInput>>,
            $($(#[$fdoc])* pub $field: $ty,)*
        }

        impl $name {
            async fn order(&mut self, ctx: &Context<'_>) -> Result<std::result::Result<Prepared, Vec<Complaint>>> {
                let format = given(std::mem::take(&mut self.format), "input.format")?;
                let style = given(std::mem::take(&mut self.number_style), "input.numberStyle")?;
                let columns = given(std::mem::take(&mut self.columns), "input.columns")?.unwrap_or_default();
                let source = std::mem::replace(&mut self.source, SourceInput::Text(String::new()));
                let (view, _) = newest(ctx);
                let order = Order {
                    report: report_order(std::mem::take(&mut self.report))?,
                    source: Source::Text(String::new()),
                    file_name: String::new(),
                    format: format.map(Into::into),
                    sheet: given(std::mem::take(&mut self.sheet), "input.sheet")?,
                    style: style.map(Into::into),
                    table: given(std::mem::take(&mut self.table_code), "input.tableCode")?,
                    columns: explained(&view, at_most(columns, 250, "input.columns")?)?,
                    limits: caller(ctx).limits.files.clone(),
                };
                with_source(ctx, order, source).await
            }
        }
    };
}

import_input! {
    /// What to look at.
    PreviewImportInput {}
}
import_input! {
    /// What to import.
    ImportReportInput {
        /** `previewHash` of the preview that it must be. */
        preview_hash: String,
        /** What the caller calls this act: a repetition is one import. 1 to 200 characters. */
        idempotency_key: MaybeUndefined<String>,
    }
}
import_input! {
    /// What to import as a job: a file of the long form.
    StartImportInput {
        /** What the caller calls this act: a repetition is one import. 1 to 200 characters. */
        idempotency_key: MaybeUndefined<String>,
    }
}

impl Default for ReportInput {
    fn default() -> Self {
        Self {
            code: MaybeUndefined::Undefined,
            title: MaybeUndefined::Undefined,
            title_en: MaybeUndefined::Undefined,
            period: MaybeUndefined::Undefined,
            unit: MaybeUndefined::Undefined,
            issued_on: MaybeUndefined::Undefined,
            published_at: MaybeUndefined::Undefined,
            due_at: MaybeUndefined::Undefined,
        }
    }
}

/// One figure of a push. The columns of the long form.
#[derive(InputObject)]
pub struct ObservationInput {
    /// Code of the indicator.
    pub indicator: String,
    /// Code of the unit, or its name.
    pub unit: String,
    /// Position on the extra axes: `channel=online`; the total if left out.
    pub breakdown: MaybeUndefined<String>,
    /// How it relates to time; by the kind of the indicator if left out.
    pub accumulation: MaybeUndefined<Accumulation>,
    /// The period.
    pub period: PeriodCode,
    /// The figure, exact, as text with a decimal point; left out only with a status that says why.
    pub value: MaybeUndefined<String>,
    /// Code of the state, CL_OBS_STATUS of SDMX: A, E, P, M, O or Q. A if left out.
    pub status: MaybeUndefined<String>,
    /// Code of the vagueness: EXACT, APPROXIMATE, JUST_BELOW, AT_LEAST, AT_MOST. EXACT if left out.
    pub qualifier: MaybeUndefined<String>,
    /// Days that the counting covered: `2024-01-01/2024-09-03`.
    pub coverage: MaybeUndefined<String>,
    /// Date of a stock.
    pub as_of: MaybeUndefined<Date>,
    /// For a rate of change: the period compared with.
    pub base_period: MaybeUndefined<PeriodCode>,
    /// What a reader should know, in Vietnamese.
    pub note: MaybeUndefined<String>,
    /// The same in English.
    pub note_en: MaybeUndefined<String>,
}

/// Figures to push.
#[derive(InputObject)]
pub struct RecordObservationsInput {
    /// The report that they belong to.
    pub report: ReportInput,
    /// The figures: 1 to 1,000.
    pub observations: Vec<ObservationInput>,
    /// What the caller calls this push: a repetition is one push. 1 to 200 characters.
    pub idempotency_key: String,
}

/// The job to stop.
#[derive(InputObject)]
pub struct CancelImportInput {
    /// Id of the job.
    pub id: String,
}

payload! {
    /// What an import would bring.
    PreviewImportPayload {
        /// The preview; null if nothing could be read at all.
        preview: Option<ImportPreview>,
    }
    PreviewImportError: PreviewImportErrorCode {
        /// Something about the report is missing or wrong.
        BadInput,
        /// The file cannot be read.
        BadCell,
        /// It is too large for a preview.
        TooLarge,
        /// There is no such upload.
        NotFound,
    }
}

payload! {
    /// What an import came to.
    ImportReportPayload {
        /// The submission that the figures belong to; null if nothing was imported.
        submission: Option<Submission>,
        /// True if this very file or key had been imported before: nothing was done.
        is_repeated: bool,
    }
    ImportReportError: ImportReportErrorCode {
        /// Something about the report is missing or wrong.
        BadInput,
        /// A mistake in a cell.
        BadCell,
        /// It is too large: import it as a job.
        TooLarge,
        /// There is no such upload.
        NotFound,
        /// What was sent, or what is published, is not what was previewed.
        PreviewDiffers,
        /// The idempotency key was used for other figures.
        KeyReused,
        /// The report cannot take figures now.
        WrongState,
        /// The time of publication is not allowed.
        BadTime,
    }
}

payload! {
    /// What a push came to.
    RecordObservationsPayload {
        /// The submission that the figures belong to; null if nothing was recorded.
        submission: Option<Submission>,
        /// True if this push had been received before: nothing was done.
        is_repeated: bool,
    }
    RecordObservationsError: RecordObservationsErrorCode {
        /// Something about the report is missing or wrong.
        BadInput,
        /// A mistake in a figure: `row` is its number in the list, from 2.
        BadCell,
        /// The idempotency key was used for other figures.
        KeyReused,
        /// The report cannot take figures now.
        WrongState,
        /// The time of publication is not allowed.
        BadTime,
    }
}

payload! {
    /// The job.
    StartImportPayload {
        /// The job; null if it was not begun.
        job: Option<ImportJob>,
    }
    StartImportError: StartImportErrorCode {
        /// Something about the report is missing or wrong.
        BadInput,
        /// There is no such upload.
        NotFound,
        /// The time of publication is not allowed.
        BadTime,
    }
}

payload! {
    /// The job.
    CancelImportPayload {
        /// The job, which stops within moments; null if there is none.
        job: Option<ImportJob>,
    }
    CancelImportError: CancelImportErrorCode {
        /// There is no such job.
        NotFound,
        /// It does not run any more, or in another process.
        WrongState,
    }
}

/// An order, and the file that it reads for as long as it is needed.
struct Prepared {
    order: Order,
    file: Option<NamedTempFile>,
}

fn report_order(input: ReportInput) -> Result<ReportOrder> {
    let at = "input.report";
    let title = given(input.title, "input.report.title")?;
    let title_en = given(input.title_en, "input.report.titleEn")?.unwrap_or_default();
    let period = given(input.period, "input.report.period")?;
    let day = given(input.issued_on, "input.report.issuedOn")?;
    let instant = |time: MaybeUndefined<DateTime>, field: &str| {
        let path = format!("{at}.{field}");
        given(time, &path)?.map(|t| t.instant(&path)).transpose()
    };
    Ok(ReportOrder {
        code: given(input.code, "input.report.code")?,
        title: title.map(|vi| Text::new(vi, title_en)),
        period: period.map(|p| p.period("input.report.period")).transpose()?,
        unit: given(input.unit, "input.report.unit")?,
        issued_on: day.map(|d| d.day("input.report.issuedOn")).transpose()?,
        published_at: instant(input.published_at, "publishedAt")?,
        due_at: instant(input.due_at, "dueAt")?,
    })
}

fn explained(view: &View, columns: Vec<ColumnInput>) -> Result<Vec<ColumnName>> {
    let column = |c: ColumnInput| {
        Ok(ColumnName {
            group: given(c.group, "input.columns.group")?.unwrap_or_default(),
            label: c.label,
            quantity: filter::quantity(view, &c.quantity, "input.columns.quantity")?,
            accumulation: c.accumulation.into(),
        })
    };
    columns.into_iter().map(column).collect()
}

async fn with_source(
    ctx: &Context<'_>,
    mut order: Order,
    source: SourceInput,
) -> Result<std::result::Result<Prepared, Vec<Complaint>>> {
    require(ctx, Operation::Import)?;
    match source {
        SourceInput::Text(text) => {
            order.source = Source::Text(text);
            Ok(Ok(Prepared { order, file: None }))
        }
        SourceInput::Upload(id) => {
            let (_, database) = newest(ctx);
            match job::fetch(&database, &caller(ctx).act, &id).await? {
                Ok((upload, file)) => {
                    order.source = Source::File(file.path().to_owned());
                    order.file_name = upload.name;
                    Ok(Ok(Prepared { order, file: Some(file) }))
                }
                Err(complaints) => Ok(Err(complaints)),
            }
        }
    }
}

/// The lines of the long form that say the same as the figures of a push.
fn lines(observations: Vec<ObservationInput>) -> Result<Vec<GridLine>> {
    let names = [
        "indicator",
        "unit",
        "breakdown",
        "accumulation",
        "period",
        "value",
        "status",
        "qualifier",
        "coverage",
        "as_of",
        "base_period",
        "note_vi",
        "note_en",
    ];
    let line =
        |number: u64, cells: Vec<String>| GridLine { number, cells: cells.into_iter().map(Cell::text).collect() };
    let mut lines = vec![line(1, names.iter().map(|n| (*n).to_owned()).collect())];
    for (number, o) in (2..).zip(observations) {
        let at = |field: &str| format!("input.observations[{}].{field}", number - 2);
        let text =
            |value: MaybeUndefined<String>, field: &str| Ok::<_, Fault>(given(value, &at(field))?.unwrap_or_default());
        let accumulation = given(o.accumulation, &at("accumulation"))?
            .map(|a| crate::domain::observation::Accumulation::from(a).code().to_owned());
        let as_of = given(o.as_of, &at("asOf"))?.map(|d| d.day(&at("asOf"))).transpose()?;
        let base = given(o.base_period, &at("basePeriod"))?.map(|p| p.period(&at("basePeriod"))).transpose()?;
        lines.push(line(
            number,
            vec![
                o.indicator,
                o.unit,
                text(o.breakdown, "breakdown")?,
                accumulation.unwrap_or_default(),
                o.period.period(&at("period"))?.to_string(),
                text(o.value, "value")?,
                text(o.status, "status")?,
                text(o.qualifier, "qualifier")?,
                text(o.coverage, "coverage")?,
                as_of.map(|d| d.to_string()).unwrap_or_default(),
                base.map(|p| p.to_string()).unwrap_or_default(),
                text(o.note, "note")?,
                text(o.note_en, "noteEn")?,
            ],
        ));
    }
    Ok(lines)
}

#[Object]
impl ImportMutation {
    /// Shows what an import would bring: counts, mistakes, findings and the difference to what is published. Stores
    /// nothing. For EDITOR with grants for the units.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn preview_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to look at.")] mut input: PreviewImportInput,
    ) -> Result<PreviewImportPayload> {
        let (view, database) = newest(ctx);
        let caller = caller(ctx);
        let outcome = match input.order(ctx).await? {
            Ok(prepared) => {
                let most = caller.limits.figures;
                import::preview(&database, &view.snapshot, &caller.act, &prepared.order, most).await?
            }
            Err(complaints) => Err(complaints),
        };
        Ok(match outcome {
            Ok(it) => {
                PreviewImportPayload { preview: Some(ImportPreview { view, it }), errors: Vec::new(), error_count: 0 }
            }
            Err(complaints) => {
                let (errors, error_count) = PreviewImportError::list(complaints)?;
                PreviewImportPayload { preview: None, errors, error_count }
            }
        })
    }

    /// Imports exactly what was previewed, all of it or nothing. For EDITOR with grants for the units.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn import_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to import.")] mut input: ImportReportInput,
    ) -> Result<ImportReportPayload> {
        let (view, database) = newest(ctx);
        let caller = caller(ctx);
        let terms = Terms {
            preview_hash: Some(std::mem::take(&mut input.preview_hash)),
            idempotency_key: given(std::mem::take(&mut input.idempotency_key), "input.idempotencyKey")?,
            most: caller.limits.figures,
        };
        let outcome = match input.order(ctx).await? {
            Ok(prepared) => import::import(&database, &view.snapshot, &caller.act, &prepared.order, &terms).await?,
            Err(complaints) => Err(complaints),
        };
        let view = after_write(ctx).await?;
        Ok(match outcome {
            Ok(done) => ImportReportPayload {
                submission: Some(Submission::of(&view, done.submission, &caller.act.actor)),
                is_repeated: done.is_repeated,
                errors: Vec::new(),
                error_count: 0,
            },
            Err(complaints) => {
                let (errors, error_count) = ImportReportError::list(complaints)?;
                ImportReportPayload { submission: None, is_repeated: false, errors, error_count }
            }
        })
    }

    /// Pushes figures, all of them or none. For machines with a key, and EDITOR, within their grants.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn record_observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The figures.")] input: RecordObservationsInput,
    ) -> Result<RecordObservationsPayload> {
        require(ctx, Operation::Record)?;
        let (view, database) = newest(ctx);
        let caller = caller(ctx);
        let observations = at_most(input.observations, 1000, "input.observations")?;
        let order = Order {
            report: report_order(input.report)?,
            source: Source::Lines(lines(observations)?),
            file_name: String::new(),
            format: None,
            sheet: None,
            style: Some(crate::domain::number_style::NumberStyle::International),
            table: None,
            columns: Vec::new(),
            limits: caller.limits.files.clone(),
        };
        let terms =
            Terms { preview_hash: None, idempotency_key: Some(input.idempotency_key), most: caller.limits.figures };
        let outcome = import::import(&database, &view.snapshot, &caller.act, &order, &terms).await?;
        let view = after_write(ctx).await?;
        Ok(match outcome {
            Ok(done) => RecordObservationsPayload {
                submission: Some(Submission::of(&view, done.submission, &caller.act.actor)),
                is_repeated: done.is_repeated,
                errors: Vec::new(),
                error_count: 0,
            },
            Err(complaints) => {
                let (errors, error_count) = RecordObservationsError::list(complaints)?;
                RecordObservationsPayload { submission: None, is_repeated: false, errors, error_count }
            }
        })
    }

    /// Begins to import a large file of the long form; `importJob` tells how far it is. For EDITOR with grants for
    /// the units.
    #[graphql(complexity = "1000 + child_complexity")]
    async fn start_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to import.")] mut input: StartImportInput,
    ) -> Result<StartImportPayload> {
        let (view, database) = newest(ctx);
        let caller = caller(ctx);
        let key = given(std::mem::take(&mut input.idempotency_key), "input.idempotencyKey")?;
        let outcome = match input.order(ctx).await? {
            Ok(Prepared { order, file: Some(file) }) => {
                job::start(&caller.jobs, &database, &view.snapshot, &caller.act, order, file, key).await?
            }
            Ok(Prepared { file: None, .. }) => {
                return Err(Fault::bad_input("input.source", "a job imports an upload."));
            }
            Err(complaints) => Err(complaints),
        };
        Ok(match outcome {
            Ok(it) => StartImportPayload {
                job: Some(ImportJob { view, it, actor: caller.act.actor.clone() }),
                errors: Vec::new(),
                error_count: 0,
            },
            Err(complaints) => {
                let (errors, error_count) = StartImportError::list(complaints)?;
                StartImportPayload { job: None, errors, error_count }
            }
        })
    }

    /// Stops a running job; nothing of it is kept. For the account that began it.
    async fn cancel_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The job.")] input: CancelImportInput,
    ) -> Result<CancelImportPayload> {
        let (view, database) = newest(ctx);
        let caller = caller(ctx);
        Ok(match job::cancel(&caller.jobs, &database, &caller.act, &input.id).await? {
            Ok(it) => CancelImportPayload {
                job: Some(ImportJob { view, it, actor: caller.act.actor.clone() }),
                errors: Vec::new(),
                error_count: 0,
            },
            Err(complaints) => {
                let (errors, error_count) = CancelImportError::list(complaints)?;
                CancelImportPayload { job: None, errors, error_count }
            }
        })
    }
}
