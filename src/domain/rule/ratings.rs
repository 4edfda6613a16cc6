//! Published ratings of targets, held against their numbers.

use std::collections::HashMap;

use super::{chunk::Chunk, evaluator::Check, report::Findings};
use crate::domain::{
    catalogue::Catalogue,
    id::*,
    observation::Observation,
    target::{self, Assessment, Rating, Target},
    text::Text,
};

/// A part of a target as one document rates it, and the figure printed as its result.
struct Part<'a> {
    target: &'a Target,
    result: Option<Observation>,
}

/// The published rating of a target is that of its numbers.
pub(super) struct RatingAgrees<'a> {
    assessments: Vec<(&'a Assessment, Vec<Part<'a>>)>,
    /// Assessment and part by what their result is of.
    results: HashMap<(DocumentId, IndicatorId, UnitId), Vec<(usize, usize)>>,
}

impl<'a> RatingAgrees<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, only: Option<DocumentId>) -> Self {
        let mut found = Self { assessments: Vec::new(), results: HashMap::new() };
        for assessment in catalogue.assessments.iter().filter(|a| only.is_none_or(|d| d == a.document)) {
            let mut parts = Vec::new();
            for target in catalogue.targets.iter().filter(|t| assessment.is_of(t)) {
                let key = (assessment.document, target.indicator, target.unit);
                found.results.entry(key).or_default().push((found.assessments.len(), parts.len()));
                parts.push(Part { target, result: None });
            }
            found.assessments.push((assessment, parts));
        }
        found
    }
}

impl<'a> Check<'a> for RatingAgrees<'a> {
    fn unit(&mut self, chunk: &Chunk<'_>, _: &mut Findings<'a>) {
        for o in chunk.all.iter().filter(|o| o.locator.table.is_some()) {
            let places = self.results.get(&(o.document, o.series.indicator, o.series.unit));
            for &(assessment, part) in places.into_iter().flatten() {
                let Some((assessment, parts)) = self.assessments.get_mut(assessment) else { continue };
                let Some(part) = parts.get_mut(part) else { continue };
                if part.result.is_none() && assessment.is_result(part.target, o) {
                    part.result = Some((*o).clone());
                }
            }
        }
    }

    fn finish(&mut self, findings: &mut Findings<'a>) {
        let catalogue = findings.catalogue;
        for (position, (assessment, parts)) in (0..).zip(&self.assessments) {
            let mut ratings = Vec::new();
            let mut figures = Vec::new();
            let mut missed = Text::default();
            for part in parts {
                let verdict = catalogue.verdict(assessment, part.target, part.result.as_ref());
                figures.extend(part.result.as_ref().map(|o| o.uid.clone()));
                if !matches!(verdict.rating, Rating::Achieved | Rating::NotAssessed) {
                    missed.vi = format!("{} {}", missed.vi, verdict.why.vi);
                    missed.en = format!("{} {}", missed.en, verdict.why.en);
                }
                ratings.push(verdict.rating);
            }
            if target::agreement(assessment.rating, target::combine(&ratings)) == Some(false) {
                let (number, word) = (assessment.number, &assessment.as_printed);
                let message = Text::new(
                    format!("Chỉ tiêu {number} được đánh giá \"{word}\".{}", missed.vi),
                    format!("Target {number} is rated \"{word}\".{}", missed.en),
                );
                findings.add_about(assessment.document, position, &number.to_string(), message, figures);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{
        observation::Qualifier,
        rule::{CheckKind, fixture::*},
    };

    // Document 1 rates target 7 as achieved: more than 90 in `share` for unit 1, in table A.

    #[test]
    fn a_rating_is_borne_out_by_its_number() {
        let rule = of(CheckKind::RatingAgrees, "", &[], None);
        let result = |value| figure("share", "2024", value).cell("A", "7", 1);
        let found = check(&rule, &[result("90")]);
        assert_eq!((found.len(), found[0].code.as_str(), found[0].figures.len()), (1, "r:7", 1));
        assert!(found[0].message.en.starts_with("Target 7 is rated \"Đạt\". The printed result 90"));
        assert!(check(&rule, &[result("90.1")]).is_empty(), "satisfied");
        assert!(check(&rule, &[]).is_empty(), "no result, no verdict");
        assert!(check(&rule, &[result("90").null()]).is_empty(), "no value, no verdict");
        assert!(check(&rule, &[result("90").vague(Qualifier::AtLeast)]).is_empty(), "over 90");
        assert_eq!(check(&rule, &[result("91").vague(Qualifier::AtMost)]).len(), 1, "at most 91 shows nothing");
        assert!(check(&rule, &[result("80").cell("A", "8", 1)]).is_empty(), "another row");
        assert!(check(&rule, &[result("80").of_unit(2)]).is_empty(), "another unit");
        assert!(check(&rule, &[result("80").of_document(2)]).is_empty(), "another document");
        assert!(check_only(&rule, &[result("80")], 2).is_empty(), "not the document asked for");
    }
}
