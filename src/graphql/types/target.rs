//! Targets, and how reports rate them.

use std::sync::Arc;

use async_graphql::{ID, Object};
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
        context::{View, entry},
        cost,
        error::Result,
        loaders::PrintedRow,
        node::{NodeKind, global_id},
        scalars::{Date, Decimal, bounded},
    },
};

connection!(TargetConnection, TargetEdge, Target);

entry! {
    /// A target or a part of one.
    Target of target::Target
}

/// What a resolution demands: a target, or one part of a numbered target.
#[Object]
impl Target {
    /// Global id.
    pub async fn id(&self) -> ID {
        global_id(NodeKind::Target, &self.it.code)
    }

    /// Stable code: `01-NQ/TU.2b`.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// Number in the resolution's list.
    async fn number(&self) -> i32 {
        self.it.number
    }

    /// `a`, `b`… if the numbered target has parts, else null.
    async fn part(&self) -> Option<&str> {
        self.it.part.as_deref()
    }

    /// Short title.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.name.get(lang.into())
    }

    /// The demand in short words.
    async fn demand(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.demand.get(lang.into())
    }

    /// Heading in the list of targets.
    async fn group(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.group.get(lang.into())
    }

    /// The resolution that sets it.
    async fn resolution(&self) -> Result<Document> {
        Document::by_id(&self.view, self.it.resolution)
    }

    /// Where the list of targets stands, as far as the sources tell.
    async fn section(&self) -> &str {
        &self.it.section
    }

    /// The indicator that measures it.
    async fn indicator(&self) -> Result<Indicator> {
        Indicator::by_id(&self.view, self.it.indicator)
    }

    /// Whom it is set for.
    async fn unit(&self) -> Result<Unit> {
        Unit::by_id(&self.view, self.it.unit)
    }

    /// Position on the extra axes of the indicator.
    async fn breakdown(&self) -> Breakdown {
        Breakdown { view: self.view.clone(), breakdown: self.it.breakdown.clone() }
    }

    /// Level of government that it is set for; null if for none in particular.
    async fn level(&self) -> Option<Level> {
        self.it.level.map(Into::into)
    }

    /// What is demanded of the figure.
    async fn comparator(&self) -> Comparator {
        self.it.comparator.into()
    }

    /// The number demanded, in `unitOfMeasure`; null for a demand in words.
    async fn value(&self) -> Option<Decimal> {
        self.it.value.map(Decimal::from)
    }

    /// What the number counts; null for a demand in words.
    async fn unit_of_measure(&self) -> Option<Result<UnitOfMeasure>> {
        self.it.unit_of_measure.as_ref().map(|code| UnitOfMeasure::of(&self.view, code))
    }

    /// Last day to reach it.
    async fn due_on(&self) -> Date {
        self.it.due_on.into()
    }

    /// What a reader should know; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.it.note.as_ref().map(|n| n.get(lang.into()))
    }

    /// What reports say of it, oldest first.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn assessments(
        &self,
        #[graphql(default = 10, desc = "Most items, 1 to 50.")] first: i32,
    ) -> Result<Vec<Assessment>> {
        let first = bounded(first, 50, "first")?;
        let target = &self.it;
        let found = self
            .view
            .catalogue()
            .assessments
            .iter()
            .filter(|a| a.resolution == target.resolution && a.number == target.number);
        Ok(found
            .take(first)
            .map(|a| Assessment { view: self.view.clone(), target: target.clone(), assessment: a.clone() })
            .collect())
    }
}

/// How one target part stands in one report.
pub struct Assessment {
    view: View,
    target: Arc<target::Target>,
    assessment: Arc<target::Assessment>,
}

/// How a target, or a part of one, stands in a report.
#[Object]
impl Assessment {
    /// The target or part.
    async fn target(&self) -> Target {
        Target::of(&self.view, &self.target)
    }

    /// The report; null if the document is no report.
    async fn report(&self) -> Option<Report> {
        self.view.catalogue().report_of(self.assessment.document).map(|it| Report::of(&self.view, it))
    }

    /// The result that the report prints for this part, in its list of targets; null if it prints none.
    async fn result(&self) -> Option<Result<Observation>> {
        let result = result(&self.view, &self.assessment, &self.target).await;
        result.map(|o| o.map(|o| Observation::new(&self.view, o))).transpose()
    }

    /// Rating that follows from the printed numbers, of this part alone.
    async fn computed_rating(&self) -> Result<Rating> {
        Ok(verdict(&self.view, &self.assessment, &self.target).await?.rating.into())
    }

    /// Why the numbers lead to that rating.
    async fn explanation(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<String> {
        Ok(verdict(&self.view, &self.assessment, &self.target).await?.why.get(lang.into()).to_owned())
    }

    /// The numbered target as a whole: its rating as published and as computed from all of its parts.
    async fn entry(&self) -> ScorecardEntry {
        ScorecardEntry::of(&self.view, &self.assessment)
    }
}

/// The figure that a report prints as the result of a target part.
async fn result(
    view: &View,
    assessment: &target::Assessment,
    target: &target::Target,
) -> Result<Option<observation::Observation>> {
    let (document, table) = (assessment.document, assessment.table.clone());
    let printed = view.loaders.row(PrintedRow { document, table, row: assessment.number.to_string() }).await?;
    Ok(printed.into_iter().find(|o| assessment.is_result(target, o)))
}

async fn verdict(view: &View, assessment: &target::Assessment, target: &target::Target) -> Result<target::Verdict> {
    let result = result(view, assessment, target).await?;
    let mut verdict = view.catalogue().verdict(assessment, target, result.as_ref());
    if let Some(note) = &target.note {
        let with = |why: &str, note: &str| format!("{why} {}.", note.trim_end_matches('.'));
        verdict.why = Text::new(with(&verdict.why.vi, &note.vi), with(&verdict.why.en, &note.en));
    }
    Ok(verdict)
}

entry! {
    /// A line of a scorecard: what a report says of a numbered target.
    ScorecardEntry of target::Assessment
}

impl ScorecardEntry {
    fn set_parts(&self) -> Vec<&Arc<target::Target>> {
        let targets = self.view.catalogue().targets.iter();
        targets.filter(|t| self.it.is_of(t)).collect()
    }

    async fn verdicts(&self) -> Result<Vec<target::Verdict>> {
        let verdicts = self.set_parts().into_iter().map(|t| verdict(&self.view, &self.it, t));
        join_all(verdicts).await.into_iter().collect()
    }

    /// Rating that follows from the numbers of all parts.
    pub async fn computed(&self) -> Result<target::Rating> {
        let ratings: Vec<target::Rating> = self.verdicts().await?.into_iter().map(|v| v.rating).collect();
        Ok(target::combine(&ratings))
    }

    /// True if the ratings agree, `None` if the numbers cannot tell.
    pub async fn agreement(&self) -> Result<Option<bool>> {
        Ok(target::agreement(self.it.rating, self.computed().await?))
    }
}

/// A line of a scorecard: a numbered target, its rating as published and as computed from the printed
/// numbers, and whether they agree.
#[Object]
impl ScorecardEntry {
    /// Number of the target in the resolution's list.
    async fn number(&self) -> i32 {
        self.it.number
    }

    /// Titles of the target's parts.
    async fn name(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> String {
        let parts = self.set_parts();
        parts.iter().map(|t| t.name.get(lang.into())).collect::<Vec<_>>().join("; ")
    }

    /// The parts of the target, one if it has none of its own; at most 10.
    #[graphql(complexity = "cost::list(None, 3, child_complexity)")]
    async fn parts(&self) -> Vec<Assessment> {
        let parts = self.set_parts().into_iter().take(10);
        parts.map(|t| Assessment { view: self.view.clone(), target: t.clone(), assessment: self.it.clone() }).collect()
    }

    /// The report; null if the document is no report.
    async fn report(&self) -> Option<Report> {
        self.view.catalogue().report_of(self.it.document).map(|it| Report::of(&self.view, it))
    }

    /// Rating as the report publishes it.
    async fn published_rating(&self) -> Rating {
        self.it.rating.into()
    }

    /// The rating word as printed: "Đạt".
    async fn published_rating_as_printed(&self) -> &str {
        &self.it.as_printed
    }

    /// The printed result in short words.
    async fn result(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.result.get(lang.into())
    }

    /// Rating that follows from the printed numbers: the worst part decides.
    async fn computed_rating(&self) -> Result<Rating> {
        Ok(self.computed().await?.into())
    }

    /// True if both ratings agree, false if the numbers deny the published one, null if they cannot tell.
    async fn agrees(&self) -> Option<Result<bool>> {
        self.agreement().await.transpose()
    }

    /// Why the numbers lead to the computed rating, and what that says of the published one.
    async fn explanation(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Result<String> {
        let verdicts = self.verdicts().await?;
        let parts = self.set_parts();
        let judged = match self.agreement().await? {
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
        }
        Ok(sentences.join(" "))
    }
}

/// How the targets of a resolution stand in a report.
pub struct Scorecard {
    pub view: View,
    pub resolution: DocumentId,
    pub document: DocumentId,
}

impl Scorecard {
    fn all(&self) -> Vec<ScorecardEntry> {
        let assessments = self.view.catalogue().assessments.iter();
        assessments
            .filter(|a| a.resolution == self.resolution && a.document == self.document)
            .map(|it| ScorecardEntry::of(&self.view, it))
            .collect()
    }
}

/// How the targets of a resolution stand in a report.
#[Object]
impl Scorecard {
    /// The resolution that sets the targets.
    async fn resolution(&self) -> Result<Document> {
        Document::by_id(&self.view, self.resolution)
    }

    /// The report that assesses them; null if the document is no report.
    async fn report(&self) -> Option<Report> {
        self.view.catalogue().report_of(self.document).map(|it| Report::of(&self.view, it))
    }

    /// The numbered targets, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn entries(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<ScorecardEntry>> {
        let first = bounded(first, 100, "first")?;
        Ok(self.all().into_iter().take(first).collect())
    }

    /// The numbered targets whose published rating is denied by the report's own numbers.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn disagreements(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 100.")] first: i32,
    ) -> Result<Vec<ScorecardEntry>> {
        let first = bounded(first, 100, "first")?;
        let entries = self.all();
        let agreements = join_all(entries.iter().map(|e| e.agreement())).await;
        let agreements = agreements.into_iter().collect::<Result<Vec<_>>>()?;
        let denied = entries.into_iter().zip(agreements).filter(|(_, agrees)| *agrees == Some(false));
        Ok(denied.map(|(entry, _)| entry).take(first).collect())
    }

    /// How many numbered targets have each rating.
    #[graphql(complexity = "cost::list(None, 4, child_complexity)")]
    async fn counts(&self) -> Result<Vec<RatingCount>> {
        let entries = self.all();
        let computed = join_all(entries.iter().map(|e| e.computed())).await;
        let computed = computed.into_iter().collect::<Result<Vec<_>>>()?;
        let count = |rating: target::Rating| RatingCount {
            rating: rating.into(),
            published: entries.iter().filter(|e| e.it.rating == rating).count() as i32,
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
