//! Targets, and how reports rate them.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use futures_util::future::join_all;

use super::{
    document::Document,
    enums::{Comparator, Language, Level, Rating},
    indicator::{Breakdown, Indicator, UnitOfMeasure},
    observation::Observation,
    report::Report,
    unit::Unit,
};
use crate::{
    domain::{id::*, observation, target, text::Text},
    graphql::{
        connection::connection,
        context::{Reader, reader},
        cost,
        error::Result,
        node::{NodeKind, global_id},
        scalars::{Date, Decimal, bounded},
    },
};

connection!(TargetConnection, TargetEdge, Target);

/// A target, by its key.
#[derive(Debug, Clone)]
pub struct Target {
    pub id: TargetId,
    pub code: String,
}

impl Target {
    /// The output type of a target.
    pub fn of(target: &target::Target) -> Self {
        Self { id: target.id, code: target.code.clone() }
    }

    fn get<'c>(&self, ctx: &Context<'c>) -> Result<&'c target::Target> {
        let reader = reader(ctx);
        reader.item(&reader.catalogue().targets, |t| t.id == self.id, "target")
    }
}

/// What a resolution demands: a target, or one part of a numbered target.
#[Object]
impl Target {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Target, &self.code)
    }

    /// Stable code: `01-NQ/TU.2b`.
    async fn code(&self) -> &str {
        &self.code
    }

    /// Number in the resolution's list.
    async fn number(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.get(ctx)?.number)
    }

    /// `a`, `b`… if the numbered target has parts, else null.
    async fn part<'c>(&self, ctx: &Context<'c>) -> Option<Result<&'c str>> {
        self.get(ctx).map(|t| t.part.as_deref()).transpose()
    }

    /// Short title.
    async fn name<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.name.get(lang.into()))
    }

    /// The demand in short words.
    async fn demand<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.demand.get(lang.into()))
    }

    /// Heading in the list of targets.
    async fn group<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<&'c str> {
        Ok(self.get(ctx)?.group.get(lang.into()))
    }

    /// The resolution that sets it.
    async fn resolution(&self, ctx: &Context<'_>) -> Result<Document> {
        Document::of(reader(ctx), self.get(ctx)?.resolution)
    }

    /// Where the list of targets stands, as far as the sources tell.
    async fn section<'c>(&self, ctx: &Context<'c>) -> Result<&'c str> {
        Ok(&self.get(ctx)?.section)
    }

    /// The indicator that measures it.
    async fn indicator(&self, ctx: &Context<'_>) -> Result<Indicator> {
        Indicator::of(reader(ctx), self.get(ctx)?.indicator)
    }

    /// Whom it is set for.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Unit> {
        Unit::of(reader(ctx), self.get(ctx)?.unit)
    }

    /// Position on the extra axes of the indicator.
    async fn breakdown(&self, ctx: &Context<'_>) -> Result<Breakdown> {
        Ok(Breakdown(self.get(ctx)?.breakdown.clone()))
    }

    /// Level of government that it is set for; null if for none in particular.
    async fn level(&self, ctx: &Context<'_>) -> Option<Result<Level>> {
        self.get(ctx).map(|t| t.level.map(Into::into)).transpose()
    }

    /// What is demanded of the figure.
    async fn comparator(&self, ctx: &Context<'_>) -> Result<Comparator> {
        Ok(self.get(ctx)?.comparator.into())
    }

    /// The number demanded, in `unitOfMeasure`; null for a demand in words.
    async fn value(&self, ctx: &Context<'_>) -> Option<Result<Decimal>> {
        self.get(ctx).map(|t| t.value.map(Decimal::from)).transpose()
    }

    /// What the number counts; null for a demand in words.
    async fn unit_of_measure(&self, ctx: &Context<'_>) -> Option<Result<UnitOfMeasure>> {
        let code = self.get(ctx).map(|t| t.unit_of_measure.as_ref()).transpose()?;
        Some(code.and_then(|code| UnitOfMeasure::of(reader(ctx), code)))
    }

    /// Last day to reach it.
    async fn due_on(&self, ctx: &Context<'_>) -> Result<Date> {
        Ok(self.get(ctx)?.due_on.into())
    }

    /// What a reader should know; null if nothing.
    async fn note<'c>(
        &self,
        ctx: &Context<'c>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<Result<&'c str>> {
        self.get(ctx).map(|t| t.note.as_ref().map(|n| n.get(lang.into()))).transpose()
    }

    /// What reports say of it, oldest first.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn assessments(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 10, desc = "Most items, 1 to 50.")] first: i32,
    ) -> Result<Vec<Assessment>> {
        let first = bounded(first, 50, "first")?;
        let target = self.get(ctx)?;
        let found = reader(ctx)
            .catalogue()
            .assessments
            .iter()
            .filter(|a| a.resolution == target.resolution && a.number == target.number);
        Ok(found.take(first).map(|a| Assessment { target: target.clone(), assessment: a.clone() }).collect())
    }
}

/// How one target part stands in one report.
pub struct Assessment {
    target: target::Target,
    assessment: target::Assessment,
}

/// How a target, or a part of one, stands in a report.
#[Object]
impl Assessment {
    /// The target or part.
    async fn target(&self) -> Target {
        Target::of(&self.target)
    }

    /// The report; null if the document is no report.
    async fn report(&self, ctx: &Context<'_>) -> Option<Report> {
        reader(ctx).catalogue().report_of(self.assessment.document).map(Report::of)
    }

    /// The result that the report prints for this part, in its list of targets; null if it prints none.
    async fn result(&self, ctx: &Context<'_>) -> Option<Result<Observation>> {
        let result = result(reader(ctx), &self.assessment, &self.target).await;
        result.map(|o| o.map(Observation::from)).transpose()
    }

    /// Rating that follows from the printed numbers, of this part alone.
    async fn computed_rating(&self, ctx: &Context<'_>) -> Result<Rating> {
        Ok(verdict(reader(ctx), &self.assessment, &self.target).await?.rating.into())
    }

    /// Why the numbers lead to that rating.
    async fn explanation(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<String> {
        Ok(verdict(reader(ctx), &self.assessment, &self.target).await?.why.get(lang.into()).to_owned())
    }

    /// The numbered target as a whole: its rating as published and as computed from all of its parts.
    async fn entry(&self) -> ScorecardEntry {
        ScorecardEntry(self.assessment.clone())
    }
}

/// The figure that a report prints as the result of a target part.
async fn result(
    reader: &Reader,
    assessment: &target::Assessment,
    target: &target::Target,
) -> Result<Option<observation::Observation>> {
    let row = assessment.number.to_string();
    let printed = reader.loaders.tables(assessment.document).await?;
    Ok(printed.into_iter().find(|o| {
        o.locator.table.as_ref() == Some(&assessment.table)
            && o.locator.row.as_ref() == Some(&row)
            && o.series.indicator == target.indicator
            && o.series.unit == target.unit
            && o.series.breakdown == target.breakdown
    }))
}

async fn verdict(reader: &Reader, assessment: &target::Assessment, target: &target::Target) -> Result<target::Verdict> {
    let result = result(reader, assessment, target).await?;
    Ok(target::compute(target, result.as_ref(), written_on(reader, assessment.document)?))
}

/// The date of a document, else of the release that published it.
fn written_on(reader: &Reader, document: DocumentId) -> Result<NaiveDate> {
    let release = reader.catalogue().releases.iter().find(|r| r.document == Some(document));
    Ok(reader.document(document)?.issued_on.or(release.map(|r| r.published_at.date_naive())).unwrap_or_default())
}

/// A line of a scorecard: what a report says of a numbered target.
#[derive(Debug, Clone)]
pub struct ScorecardEntry(pub target::Assessment);

impl ScorecardEntry {
    fn set_parts<'c>(&self, reader: &'c Reader) -> Vec<&'c target::Target> {
        let targets = reader.catalogue().targets.iter();
        targets.filter(|t| t.resolution == self.0.resolution && t.number == self.0.number).collect()
    }

    async fn verdicts(&self, reader: &Reader) -> Result<Vec<target::Verdict>> {
        let verdicts = self.set_parts(reader).into_iter().map(|t| verdict(reader, &self.0, t));
        join_all(verdicts).await.into_iter().collect()
    }

    /// Rating that follows from the numbers of all parts.
    pub async fn computed(&self, reader: &Reader) -> Result<target::Rating> {
        let ratings: Vec<target::Rating> = self.verdicts(reader).await?.into_iter().map(|v| v.rating).collect();
        Ok(target::combine(&ratings))
    }

    /// True if the ratings agree, `None` if the numbers cannot tell.
    pub async fn agreement(&self, reader: &Reader) -> Result<Option<bool>> {
        Ok(target::agreement(self.0.rating, self.computed(reader).await?))
    }
}

/// A line of a scorecard: a numbered target, its rating as published and as computed from the printed
/// numbers, and whether they agree.
#[Object]
impl ScorecardEntry {
    /// Number of the target in the resolution's list.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Titles of the target's parts.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> String {
        let parts = self.set_parts(reader(ctx));
        parts.iter().map(|t| t.name.get(lang.into())).collect::<Vec<_>>().join("; ")
    }

    /// The parts of the target, one if it has none of its own; at most 10.
    #[graphql(complexity = "cost::list(None, 3, child_complexity)")]
    async fn parts(&self, ctx: &Context<'_>) -> Vec<Assessment> {
        let parts = self.set_parts(reader(ctx)).into_iter().take(10);
        parts.map(|t| Assessment { target: t.clone(), assessment: self.0.clone() }).collect()
    }

    /// The report; null if the document is no report.
    async fn report(&self, ctx: &Context<'_>) -> Option<Report> {
        reader(ctx).catalogue().report_of(self.0.document).map(Report::of)
    }

    /// Rating as the report publishes it.
    async fn published_rating(&self) -> Rating {
        self.0.rating.into()
    }

    /// The rating word as printed: "Đạt".
    async fn published_rating_as_printed(&self) -> &str {
        &self.0.as_printed
    }

    /// The printed result in short words.
    async fn result(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.0.result.get(lang.into())
    }

    /// Rating that follows from the printed numbers: the worst part decides.
    async fn computed_rating(&self, ctx: &Context<'_>) -> Result<Rating> {
        Ok(self.computed(reader(ctx)).await?.into())
    }

    /// True if both ratings agree, false if the numbers deny the published one, null if they cannot tell.
    async fn agrees(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        self.agreement(reader(ctx)).await.transpose()
    }

    /// Why the numbers lead to the computed rating, and what that says of the published one.
    async fn explanation(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<String> {
        let reader = reader(ctx);
        let verdicts = self.verdicts(reader).await?;
        let parts = self.set_parts(reader);
        let judged = match self.agreement(reader).await? {
            Some(true) => {
                Text::new("Đánh giá công bố khớp với số liệu.", "The published rating agrees with the numbers.")
            }
            Some(false) => {
                Text::new("Đánh giá công bố không khớp với số liệu.", "The numbers deny the published rating.")
            }
            None => Text::new(
                "Số liệu không đủ để kiểm tra đánh giá công bố.",
                "The numbers cannot confirm the published rating.",
            ),
        };
        let mut sentences = vec![judged.get(lang.into()).to_owned()];
        for (part, verdict) in parts.iter().zip(&verdicts) {
            let why = verdict.why.get(lang.into());
            sentences.push(if parts.len() > 1 {
                format!("{}: {why}", part.name.get(lang.into()))
            } else {
                why.to_owned()
            });
            sentences
                .extend(part.note.as_ref().map(|note| format!("{}.", note.get(lang.into()).trim_end_matches('.'))));
        }
        Ok(sentences.join(" "))
    }
}

/// How the targets of a resolution stand in a report.
pub struct Scorecard {
    pub resolution: DocumentId,
    pub document: DocumentId,
}

impl Scorecard {
    fn all(&self, reader: &Reader) -> Vec<ScorecardEntry> {
        let assessments = reader.catalogue().assessments.iter();
        assessments
            .filter(|a| a.resolution == self.resolution && a.document == self.document)
            .cloned()
            .map(ScorecardEntry)
            .collect()
    }
}

/// How the targets of a resolution stand in a report.
#[Object]
impl Scorecard {
    /// The resolution that sets the targets.
    async fn resolution(&self, ctx: &Context<'_>) -> Result<Document> {
        Document::of(reader(ctx), self.resolution)
    }

    /// The report that assesses them; null if the document is no report.
    async fn report(&self, ctx: &Context<'_>) -> Option<Report> {
        reader(ctx).catalogue().report_of(self.document).map(Report::of)
    }

    /// The numbered targets, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<ScorecardEntry>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.all(reader(ctx)).into_iter().take(first).collect())
    }

    /// The numbered targets whose published rating is denied by the report's own numbers.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn disagreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<ScorecardEntry>> {
        let first = bounded(first, 100, "first")?;
        let reader = reader(ctx);
        let entries = self.all(reader);
        let agreements = join_all(entries.iter().map(|e| e.agreement(reader))).await;
        let agreements = agreements.into_iter().collect::<Result<Vec<_>>>()?;
        let denied = entries.into_iter().zip(agreements).filter(|(_, agrees)| *agrees == Some(false));
        Ok(denied.map(|(entry, _)| entry).take(first).collect())
    }

    /// How many numbered targets have each rating.
    #[graphql(complexity = "cost::list(None, 4, child_complexity)")]
    async fn counts(&self, ctx: &Context<'_>) -> Result<Vec<RatingCount>> {
        let reader = reader(ctx);
        let entries = self.all(reader);
        let computed = join_all(entries.iter().map(|e| e.computed(reader))).await;
        let computed = computed.into_iter().collect::<Result<Vec<_>>>()?;
        let count = |rating: target::Rating| RatingCount {
            rating: rating.into(),
            published: entries.iter().filter(|e| e.0.rating == rating).count() as i32,
            computed: computed.iter().filter(|c| **c == rating).count() as i32,
        };
        Ok(target::Rating::ALL.iter().map(|r| count(*r)).collect())
    }
}

/// How many numbered targets have a rating.
#[derive(async_graphql::SimpleObject)]
pub struct RatingCount {
    /// The rating.
    pub rating: Rating,
    /// Number of targets that the report rates so.
    pub published: i32,
    /// Number of targets that its numbers rate so.
    pub computed: i32,
}
