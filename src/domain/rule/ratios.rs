//! Ratios, held against their numerator and denominator.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    chunk::{Chunk, is_exact},
    evaluator::Check,
    report::{Findings, shown},
};
use crate::domain::{indicator::Quantity, number::Exact, observation::Observation, text::Language};

/// A ratio is its numerator over its denominator, as rounded.
pub(super) struct RatioHolds;

impl<'a> Check<'a> for RatioHolds {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        for (indicator, figures) in &chunk.by_indicator {
            let Some(indicator) = findings.catalogue.indicator(*indicator) else { continue };
            let (Some(above), Some(below)) = (&indicator.numerator, &indicator.denominator) else { continue };
            if indicator.unit_of_measure != "PERCENT" {
                continue;
            }
            for ratio in figures.iter().filter(|o| o.preferred && is_exact(o)) {
                if let (Some(above), Some(below)) = (part(chunk, ratio, above), part(chunk, ratio, below)) {
                    recompute(findings, ratio, above, below);
                }
            }
        }
    }
}

/// The figure of the numerator or denominator for the period of a ratio, counted like the ratio if there is a choice.
fn part<'c>(chunk: &Chunk<'c>, ratio: &Observation, quantity: &Quantity) -> Option<&'c Observation> {
    let breakdown = quantity.beside(&ratio.series.breakdown);
    let found = chunk.for_period(ratio, quantity.indicator, &breakdown).iter();
    found.min_by_key(|o| o.series.accumulation != ratio.series.accumulation).copied()
}

fn recompute(findings: &mut Findings<'_>, ratio: &Observation, above: &Observation, below: &Observation) {
    let (Some(printed), Some(n), Some(d)) = (ratio.value, above.value, below.value) else { return };
    if !is_exact(above) || !is_exact(below) {
        return;
    }
    let share = n.decimal().checked_div(d.decimal()).and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED));
    let Some(share) = share else { return };
    let scale = u32::try_from(printed.scale()).unwrap_or(0);
    let rounded = share.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
    if rounded == printed.decimal() {
        return;
    }
    let message = findings.say(
        ratio,
        |s| {
            let (printed, rounded) = (printed.display(Language::Vi), shown(rounded, Language::Vi));
            format!("{s}: in {printed} %, tính từ tử số và mẫu số được {rounded} %.")
        },
        |s| {
            let (printed, rounded) = (printed.display(Language::En), shown(rounded, Language::En));
            format!("{s}: {printed} % is printed, numerator over denominator gives {rounded} %.")
        },
    );
    let parts = [above.uid.clone(), below.uid.clone()];
    findings.add(ratio, Exact::from_decimal(rounded), message, parts);
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    #[test]
    fn a_ratio_is_recomputed_and_rounded_as_printed() {
        let rule = of(CheckKind::RatioHolds, "", &[], None);
        let ratio = |value| figure("share", "2024", value);
        let done = || figure("done", "2024", "2");
        let count = || figure("count", "2024", "3");
        let found = check(&rule, &[ratio("66.6"), done(), count()]);
        assert_eq!(found.len(), 1);
        assert_eq!(numbers(&found[0]), ["66.7", "66.6", "-0.1"]);
        assert_eq!((found[0].code.as_str(), found[0].figures.len()), ("r:u0", 3));
        assert!(check(&rule, &[ratio("66.7"), done(), count()]).is_empty(), "rounded to one decimal");
        assert!(check(&rule, &[ratio("67"), done(), count()]).is_empty(), "rounded to none");
        assert!(check(&rule, &[ratio("66.6"), done()]).is_empty(), "incomplete");
        assert!(check(&rule, &[ratio("66.6").about(), done(), count()]).is_empty(), "vague");
        assert!(check(&rule, &[ratio("66.6"), done().about(), count()]).is_empty(), "vague numerator");
        assert!(check(&rule, &[ratio("66.6").null(), done(), count()]).is_empty(), "no value");
        assert!(check(&rule, &[ratio("66.6"), done(), count().value("0")]).is_empty(), "over nothing");
        assert!(check(&rule, &[ratio("66.6"), done(), count().of_document(2)]).is_empty(), "another document");
        assert!(check(&rule, &[ratio("66.6"), done(), count().year("2024-Q4")]).is_empty(), "another span");
    }

    #[test]
    fn a_ratio_takes_its_own_axes_and_accumulation() {
        let rule = of(CheckKind::RatioHolds, "", &[], None);
        let men = |code, value| figure(code, "2024", value).at("sex=m");
        let total = [figure("done", "2024", "2"), figure("count", "2024", "3")];
        let of_men = [men("share", "50"), men("done", "1"), men("count", "2")];
        let all: Vec<_> = of_men.into_iter().chain(total).collect();
        assert!(check(&rule, &all).is_empty());
        let others = [figure("share", "2024", "50"), figure("done", "2024", "9").cumulative()];
        let like = [figure("done", "2024", "1"), figure("count", "2024", "2")];
        let all: Vec<_> = others.into_iter().chain(like).collect();
        assert!(check(&rule, &all).is_empty(), "the numerator that is counted like the ratio");
    }
}
