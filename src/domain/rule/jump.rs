//! Figures of quite another size than their series had so far.

use std::collections::{HashMap, VecDeque};

use chrono::Datelike;
use rust_decimal::Decimal;

use super::{Rule, chunk::Chunk, evaluator::Check, report::Findings};
use crate::domain::{
    indicator::MeasureKind,
    number::Exact,
    observation::{Observation, Qualifier},
    period::{Period, Shape},
    text::Language,
};

/// How many earlier points it takes to know what is usual.
const LEAST_POINTS: usize = 4;
/// How many of the latest points are looked at: a series may grow slowly as far as it likes.
const MOST_POINTS: usize = 12;
/// How many times more or less than usual is too much, where the rule does not say.
const FACTOR: Decimal = Decimal::TEN;

/// A figure is of the size that its series had so far: not more than so many times, nor less than that part of, the
/// median of the earlier points of like periods.
pub(super) struct Jump {
    factor: Decimal,
}

impl Jump {
    pub(super) fn new(rule: &Rule) -> Self {
        let factor = rule.threshold.map(|t| t.decimal()).filter(|t| *t > Decimal::ONE);
        Self { factor: factor.unwrap_or(FACTOR) }
    }
}

/// What two periods have in common exactly if they are alike ([`Period::is_like`]).
fn likeness(period: Period) -> (Shape, [i64; 5]) {
    let (start, end, shape) = (period.start(), period.end(), period.shape());
    let days = match shape {
        Shape::Months | Shape::Range => {
            // Whole months end with the month, on whatever day that is.
            let last = if shape == Shape::Months { 0 } else { end.day() };
            let years = i64::from(end.year()) - i64::from(start.year());
            [start.month().into(), start.day().into(), years, end.month().into(), last.into()]
        }
        _ => [0; 5],
    };
    (shape, days)
}

/// The middle of some numbers; the mean of the two in the middle of an even count.
fn median(numbers: &VecDeque<Decimal>) -> Option<Decimal> {
    let mut ordered: Vec<Decimal> = numbers.iter().copied().collect();
    ordered.sort();
    let (below, above) = (ordered.get(ordered.len().checked_sub(1)? / 2)?, ordered.get(ordered.len() / 2)?);
    below.checked_add(*above)?.checked_div(Decimal::TWO)
}

impl<'a> Check<'a> for Jump {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        let catalogue = findings.catalogue;
        // A rank or a rate of change is not so many times another; a bound or a power of ten is no value.
        let counts = |o: &Observation| {
            let kind = catalogue.indicator(o.series.indicator).map(|i| i.kind);
            kind.is_some_and(|k| !matches!(k, MeasureKind::Rank | MeasureKind::Change))
                && !matches!(o.qualifier, Qualifier::OrderOfMagnitude | Qualifier::AtMost)
        };
        for points in chunk.series(counts) {
            let mut histories: HashMap<(Shape, [i64; 5]), VecDeque<Decimal>> = HashMap::new();
            for o in points {
                let Some(value) = o.value else { continue };
                let earlier = histories.entry(likeness(o.period)).or_default();
                if chunk.reports_on(o) && earlier.len() >= LEAST_POINTS {
                    self.compare(findings, o, value, earlier);
                }
                if earlier.len() == MOST_POINTS {
                    earlier.pop_front();
                }
                earlier.push_back(value.decimal());
            }
        }
    }
}

impl Jump {
    fn compare(&self, findings: &mut Findings<'_>, o: &Observation, value: Exact, earlier: &VecDeque<Decimal>) {
        let Some(usual) = median(earlier).filter(|m| *m > Decimal::ZERO) else { return };
        let is_more = usual.checked_mul(self.factor).is_some_and(|most| value.decimal() > most);
        let is_less = value.decimal().checked_mul(self.factor).is_some_and(|times| times < usual);
        if !is_more && !is_less {
            return;
        }
        let (points, factor) = (earlier.len(), self.factor.normalize());
        // The mean of two figures may have more digits than either.
        let usual = Exact::from_decimal(usual.normalize());
        let shown = |language| usual.map(|u| u.display(language)).unwrap_or_default();
        let message = findings.say(
            o,
            |s| {
                let (value, usual) = (value.display(Language::Vi), shown(Language::Vi));
                let than = if is_more { "lớn hơn" } else { "nhỏ hơn" };
                format!("{s}: {value} {than} quá {factor} lần so với trung vị {usual} của {points} kỳ trước.")
            },
            |s| {
                let (value, usual) = (value.display(Language::En), shown(Language::En));
                let than = if is_more { "more" } else { "less" };
                format!("{s}: {value} is {than} by over {factor} times than {usual}, the median of {points} earlier periods.")
            },
        );
        findings.add(o, usual, message, None);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::rule::{CheckKind, Finding, fixture::*};

    fn years(values: &[&str]) -> Vec<Figure> {
        values.iter().zip(2010..).map(|(value, year)| figure("count", &year.to_string(), value)).collect()
    }

    fn found(figures: &[Figure]) -> Vec<Finding> {
        check(&of(CheckKind::Jump, "", &[], None), figures)
    }

    #[test]
    fn another_size_than_before_is_found() {
        let more = found(&years(&["9", "10", "11", "12", "106"]));
        assert_eq!(more.len(), 1);
        assert_eq!(numbers(&more[0]), ["10.5", "106", "95.5"]);
        assert_eq!(more[0].figures, ["u4"]);
        assert!(found(&years(&["9", "10", "11", "12", "105"])).is_empty(), "ten times is not more than ten times");
        assert_eq!(found(&years(&["9", "10", "11", "12", "1"])).len(), 1);
        assert!(found(&years(&["9", "10", "11", "12", "1.05"])).is_empty(), "a tenth is not less than a tenth");
        assert!(found(&years(&["10", "11", "12", "1000"])).is_empty(), "three points are no history");
        assert!(found(&years(&["0", "0", "0", "0", "1000"])).is_empty(), "nothing is many times nothing");
        assert_eq!(found(&years(&["9", "10", "500", "11", "12", "10"])).len(), 0, "the third has no history yet");
    }

    #[test]
    fn a_rule_may_set_the_factor() {
        let mut rule = of(CheckKind::Jump, "", &[], None);
        rule.threshold = "1.5".parse().ok();
        assert_eq!(check(&rule, &years(&["9", "10", "11", "10", "16"])).len(), 1);
        assert!(check(&rule, &years(&["9", "10", "11", "10", "15"])).is_empty());
    }

    #[test]
    fn only_like_points_of_the_series_are_history() {
        let with = |last: Figure| {
            let mut all = years(&["9", "10", "11", "12"]);
            all.push(last);
            found(&all).len()
        };
        let last = || figure("count", "2014", "500");
        assert_eq!(with(last()), 1);
        assert_eq!(with(last().about()), 1, "about 500 is not about 10");
        assert_eq!(with(last().null()), 0);
        assert_eq!(with(last().vague(Qualifier::OrderOfMagnitude)), 0, "a power of ten is no value");
        assert_eq!(with(last().year("2014-Q1")), 0, "a quarter beside years");
        assert_eq!(with(last().year("2009")), 0, "nothing was before");
        assert_eq!(with(last().at("sex=m")), 0, "another series");
        assert_eq!(with(last().of_unit(2)), 0, "another unit");
        assert_eq!(with(last().again()), 0, "does not answer");
        let ranks: Vec<_> = years(&["20", "21", "22", "23", "1"]).into_iter().map(|f| f.of("rank")).collect();
        assert!(found(&ranks).is_empty(), "a rank is not so many times another");
    }

    #[test]
    fn slow_growth_is_no_jump() {
        let values: Vec<String> = (0..60).map(|n| (10.0 * 1.2f64.powi(n)).round().to_string()).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        assert!(found(&years(&values)).is_empty());
    }

    #[test]
    fn new_figures_are_held_against_published_ones() {
        let rule = of(CheckKind::Jump, "", &[], None);
        let mut all = years(&["9", "10", "11", "12", "500"]);
        assert!(check_only(&rule, &all, 2).is_empty(), "known before");
        all.push(figure("count", "2015", "600").of_document(2));
        let found = check_only(&rule, &all, 2);
        assert_eq!(found.iter().map(|f| f.figures[0].as_str()).collect::<Vec<_>>(), ["u5"]);
        all[4] = figure("count", "2014", "500").of_document(2);
        all[5] = figure("count", "2014", "12");
        assert_eq!(check_only(&rule, &all, 2).len(), 1, "the new one of two for the same period is looked at");
    }

    proptest! {
        #[test]
        fn likeness_is_that_of_periods(a in 0i64..1200, b in 0i64..1200, long in 0i64..800, wide in 0i64..800) {
            let day = |n| chrono::NaiveDate::from_ymd_opt(2020, 1, 1).expect("date") + chrono::Duration::days(n);
            let one = Period::new(day(a), day(a + long)).expect("forward");
            let other = Period::new(day(b), day(b + wide)).expect("forward");
            prop_assert_eq!(likeness(one) == likeness(other), one.is_like(&other));
            let before = one.year_before().expect("a year before");
            prop_assert_eq!(likeness(one) == likeness(before), one.is_like(&before));
        }
    }
}
