//! What a series shows once its points stand in order: holes and breaks.

use chrono::NaiveDate;

use super::{
    id::UnitEventId,
    observation::Observation,
    period::{Period, Shape},
};

/// Longest list of missing periods that is worth naming.
const MAX_GAPS: usize = 400;

closed_list! {
    /// Why figures on two sides of a point cannot simply be compared.
    BreakKind {
        /// The periods on both sides are of different length or lie in different parts of the year.
        PeriodShape => "PERIOD_SHAPE",
        /// The unit was merged, split, moved or abolished.
        UnitEvent => "UNIT_EVENT",
    }
}

/// A break in a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// First day of the new state.
    pub on: NaiveDate,
    /// Why.
    pub kind: BreakKind,
    /// Last period before it.
    pub before: Option<Period>,
    /// First period after it.
    pub after: Option<Period>,
    /// The change of the unit.
    pub event: Option<UnitEventId>,
}

/// The periods that are missing between the first and the last point of a series with a rhythm. A series
/// of days or of irregular spans has none.
pub fn gaps(periods: &[Period]) -> Vec<Period> {
    let mut missing = Vec::new();
    for pair in periods.windows(2) {
        if !pair[0].is_like(&pair[1]) || matches!(pair[0].shape(), Shape::Day | Shape::Range) {
            continue;
        }
        let mut expected = pair[0].next_in_rhythm();
        while let Some(period) = expected.filter(|p| p.end() < pair[1].end()) {
            if missing.len() == MAX_GAPS {
                return missing;
            }
            missing.push(period);
            expected = period.next_in_rhythm();
        }
    }
    missing
}

/// The breaks of a series: where the shape of its periods changes, and where an event changed its unit
/// inside the span of the points or ended it after the last one.
pub fn breaks(periods: &[Period], events: &[(NaiveDate, UnitEventId)]) -> Vec<Break> {
    let mut breaks: Vec<Break> = periods
        .windows(2)
        .filter(|pair| !pair[0].is_like(&pair[1]))
        .map(|pair| Break {
            on: pair[1].start().max(pair[0].start()),
            kind: BreakKind::PeriodShape,
            before: Some(pair[0]),
            after: Some(pair[1]),
            event: None,
        })
        .collect();
    if let Some(first) = periods.first() {
        breaks.extend(events.iter().filter(|(on, _)| *on > first.start()).map(|&(on, event)| Break {
            on,
            kind: BreakKind::UnitEvent,
            before: periods.iter().rev().find(|p| p.end() < on).copied(),
            after: periods.iter().find(|p| p.end() >= on).copied(),
            event: Some(event),
        }));
    }
    breaks.sort_by_key(|b| b.on);
    breaks
}

/// Puts the points in the order of a chart: by end, then by start.
pub fn order(points: &mut [Observation]) {
    points.sort_by_key(|o| (o.period.end(), o.period.start(), o.position));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(codes: &[&str]) -> Vec<Period> {
        codes.iter().map(|c| c.parse().expect(c)).collect()
    }

    #[test]
    fn missing_periods_are_named() {
        assert_eq!(gaps(&p(&["2023-Q1", "2023-Q4"])), p(&["2023-Q2", "2023-Q3"]));
        assert_eq!(gaps(&p(&["2021-01-01/P9M", "2023-01-01/P9M"])), p(&["2022-01-01/P9M"]));
        assert_eq!(gaps(&p(&["2024-08-15", "2024-09-03"])), []);
        assert_eq!(gaps(&p(&["2023", "2024"])), []);
    }

    #[test]
    fn another_shape_breaks_the_series() {
        let found = breaks(&p(&["2023-01-01/P8M", "2024-01-01/2024-09-03"]), &[]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, BreakKind::PeriodShape);
        assert!(breaks(&p(&["2023", "2024"]), &[]).is_empty());
    }
}
