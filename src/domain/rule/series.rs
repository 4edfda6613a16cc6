//! Figures that accumulate, held against the earlier ones.

use super::{chunk::Chunk, evaluator::Check, report::Findings};
use crate::domain::{
    number::Exact,
    observation::{Accumulation, Observation, Qualifier},
    text::Language,
};

/// What accumulates from the start does not fall.
pub(super) struct NeverFalls;

/// A number that the true figure is not below.
fn at_least(o: &Observation) -> Option<Exact> {
    o.value.filter(|_| matches!(o.qualifier, Qualifier::Exact | Qualifier::AtLeast))
}

/// A number that the true figure is not above.
fn at_most(o: &Observation) -> Option<Exact> {
    o.value.filter(|_| matches!(o.qualifier, Qualifier::Exact | Qualifier::JustBelow | Qualifier::AtMost))
}

impl<'a> Check<'a> for NeverFalls {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        let series = chunk.series(|o| o.series.accumulation == Accumulation::Cumulative);
        for pair in series.iter().flat_map(|points| points.windows(2)) {
            let (earlier, later) = (pair[0], pair[1]);
            let (Some(old), Some(new)) = (at_least(earlier), at_most(later)) else { continue };
            if new.decimal() >= old.decimal() {
                continue;
            }
            let message = findings.say(
                later,
                |s| {
                    let (old, new) = (old.display(Language::Vi), new.display(Language::Vi));
                    format!("{s}: lũy kế giảm từ {old} xuống {new}.")
                },
                |s| {
                    let (old, new) = (old.display(Language::En), new.display(Language::En));
                    format!("{s}: the cumulative figure falls from {old} to {new}.")
                },
            );
            if chunk.reports_on(later) {
                findings.add(later, Some(old), message, [earlier.uid.clone()]);
            } else if chunk.reports_on(earlier) {
                // What is new is the earlier point.
                findings.add(earlier, Some(new), message, [later.uid.clone()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    #[test]
    fn what_accumulates_does_not_fall() {
        let rule = of(CheckKind::NeverFalls, "", &[], None);
        let point = |year, value| figure("count", year, value).cumulative();
        let found = check(&rule, &[point("2024", "9"), point("2022", "7"), point("2023", "10")]);
        assert_eq!(found.len(), 1, "in the order of time, not of the file");
        assert_eq!(numbers(&found[0]), ["10", "9", "-1"]);
        assert_eq!(
            (found[0].code.as_str(), &found[0].figures[..]),
            ("r:u2", ["u0", "u2"].map(String::from).as_slice())
        );
        assert!(check(&rule, &[point("2023", "9"), point("2024", "9")]).is_empty(), "satisfied");
        let in_period = [figure("count", "2023", "10"), figure("count", "2024", "9")];
        assert!(check(&rule, &in_period).is_empty(), "figures of periods may fall");
        assert!(check(&rule, &[point("2023", "10"), point("2024", "9").null()]).is_empty(), "no value");
        assert!(check(&rule, &[point("2023", "10"), point("2024", "9").of_unit(2)]).is_empty(), "another unit");
        assert!(check(&rule, &[point("2023", "10").again(), point("2024", "9")]).is_empty(), "does not answer");
    }

    #[test]
    fn a_vague_figure_falls_only_if_it_must_have_fallen() {
        use crate::domain::observation::Qualifier::*;
        let rule = of(CheckKind::NeverFalls, "", &[], None);
        let falls = |old, new| {
            let of = |year, value, qualifier| figure("count", year, value).cumulative().vague(qualifier);
            !check(&rule, &[of("2023", "10", old), of("2024", "9", new)]).is_empty()
        };
        assert!(falls(AtLeast, Exact) && falls(Exact, JustBelow) && falls(Exact, AtMost));
        assert!(!falls(Approximate, Exact) && !falls(JustBelow, Exact) && !falls(Exact, AtLeast));
        assert!(!falls(Exact, OrderOfMagnitude));
    }

    #[test]
    fn new_figures_are_held_against_published_ones() {
        let rule = of(CheckKind::NeverFalls, "", &[], None);
        let point = |document, year, value| figure("count", year, value).cumulative().of_document(document);
        let found = check_only(&rule, &[point(1, "2023", "10"), point(2, "2024", "9")], 2);
        assert_eq!(numbers(&found[0]), ["10", "9", "-1"]);
        let found = check_only(&rule, &[point(2, "2023", "10"), point(1, "2024", "9")], 2);
        assert_eq!((found[0].document.0, numbers(&found[0])), (2, ["9", "10", "1"].map(String::from)));
        assert!(check_only(&rule, &[point(1, "2023", "10"), point(1, "2024", "9")], 2).is_empty(), "known before");
        let revised = [point(1, "2023", "10"), point(2, "2023", "8"), point(2, "2024", "9")];
        assert!(check_only(&rule, &revised, 2).is_empty(), "the new document speaks for the key");
    }
}
