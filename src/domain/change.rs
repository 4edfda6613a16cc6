//! Change between two figures, only where they can be compared.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    indicator::{Indicator, MeasureKind},
    number::Exact,
    observation::{Accumulation, Observation, Qualifier},
    period::{Period, Shape},
    text::Text,
};

closed_list! {
    /// Why there is no change to show.
    NoChange {
        /// Nothing is known for the earlier period.
        NoEarlierFigure => "NO_EARLIER_FIGURE",
        /// There is an earlier figure, but its period is of another length or another part of the year.
        PeriodsNotComparable => "PERIODS_NOT_COMPARABLE",
        /// Periods of this shape have no one before them.
        NoPrecedingPeriod => "NO_PRECEDING_PERIOD",
        /// The figure or the earlier one has no value.
        ValueMissing => "VALUE_MISSING",
        /// The ranks are places in fields of different size.
        FieldsDiffer => "FIELDS_DIFFER",
    }
}

impl NoChange {
    /// The reason in words.
    pub fn explain(self) -> Text {
        let (vi, en) = match self {
            Self::NoEarlierFigure => ("Không có số liệu của kỳ trước.", "No figure of the earlier period is known."),
            Self::PeriodsNotComparable => (
                "Có số liệu trước đó nhưng khác độ dài hoặc khác khoảng thời gian trong năm.",
                "An earlier figure exists, but it covers a span of another length or another part of the year.",
            ),
            Self::NoPrecedingPeriod => (
                "Kỳ này không có kỳ liền trước cùng loại.",
                "A period of this kind has none of the same kind right before it.",
            ),
            Self::ValueMissing => ("Một trong hai số liệu không có giá trị.", "One of the two figures has no value."),
            Self::FieldsDiffer => {
                ("Hai thứ hạng thuộc hai bảng xếp hạng khác cỡ.", "The ranks are places in fields of different size.")
            }
        };
        Text::new(vi, en)
    }
}

/// A change against an earlier figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The earlier figure.
    pub base: Observation,
    /// New minus old, in the indicator's unit of measure; percentage points for shares.
    pub absolute: Exact,
    /// New over old minus one, in per cent with two decimals; `None` for shares, ranks, scores, rates of
    /// change and a base of zero.
    pub relative: Option<Exact>,
    /// False if either figure is vague, so that the change is no more than an indication.
    pub is_exact: bool,
}

/// The change of `current` on the period before it, found in the preferred figures of its own series.
/// Figures of single days compare with the latest earlier day.
pub fn on_period(indicator: &Indicator, current: &Observation, series: &[Observation]) -> Result<Change, NoChange> {
    let earlier = |o: &&Observation| o.period.end() < current.period.end();
    if current.period.shape() == Shape::Day {
        let days = series.iter().filter(earlier).filter(|o| o.period.shape() == Shape::Day);
        return match days.max_by_key(|o| o.period.end()) {
            Some(base) => change(indicator, current, base),
            None if series.iter().any(|o| earlier(&o)) => Err(NoChange::PeriodsNotComparable),
            None => Err(NoChange::NoEarlierFigure),
        };
    }
    // Figures since January grow with the year: only whole years follow one another.
    if current.series.accumulation == Accumulation::YearToDate && current.period.shape() != Shape::Year {
        return Err(NoChange::NoPrecedingPeriod);
    }
    let preceding = current.period.preceding().ok_or(NoChange::NoPrecedingPeriod)?;
    find(indicator, current, series, preceding, earlier)
}

/// The change of `current` on the same period of the year before.
pub fn on_year(indicator: &Indicator, current: &Observation, series: &[Observation]) -> Result<Change, NoChange> {
    let year_before = current.period.year_before().ok_or(NoChange::NoEarlierFigure)?;
    let in_that_year = |o: &&Observation| {
        use chrono::Datelike;
        o.period.end().year() == year_before.end().year()
    };
    find(indicator, current, series, year_before, in_that_year)
}

fn find(
    indicator: &Indicator,
    current: &Observation,
    series: &[Observation],
    wanted: Period,
    near: impl Fn(&&Observation) -> bool,
) -> Result<Change, NoChange> {
    match series.iter().find(|o| o.period == wanted) {
        Some(base) => change(indicator, current, base),
        None if series.iter().any(|o| near(&o)) => Err(NoChange::PeriodsNotComparable),
        None => Err(NoChange::NoEarlierFigure),
    }
}

fn change(indicator: &Indicator, current: &Observation, base: &Observation) -> Result<Change, NoChange> {
    let (Some(new), Some(old)) = (current.value, base.value) else { return Err(NoChange::ValueMissing) };
    if indicator.kind == MeasureKind::Rank && current.field_size != base.field_size {
        return Err(NoChange::FieldsDiffer);
    }
    let absolute = new.decimal() - old.decimal();
    let relative = match indicator.kind {
        MeasureKind::Stock | MeasureKind::Flow | MeasureKind::Average if !old.decimal().is_zero() => {
            percent(absolute, old.decimal().abs())
        }
        _ => None,
    };
    Ok(Change {
        base: base.clone(),
        absolute: Exact::from_decimal(absolute).ok_or(NoChange::ValueMissing)?,
        relative,
        is_exact: [current, base].iter().all(|o| o.qualifier == Qualifier::Exact),
    })
}

fn percent(part: Decimal, whole: Decimal) -> Option<Exact> {
    let percent = (part / whole).checked_mul(Decimal::ONE_HUNDRED)?;
    Exact::from_decimal(percent.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
}

/// The base value that a printed rate of change implies: 1,526,740 after −12 % means about 1,734,932. Rounded
/// to what is known of the value that grew: hundreds of billions stay hundreds of billions. Derived, never
/// printed.
pub fn implied_base(value: Exact, growth_percent: Exact) -> Option<Exact> {
    let factor = Decimal::ONE.checked_add(growth_percent.decimal() / Decimal::ONE_HUNDRED)?;
    if factor <= Decimal::ZERO {
        return None;
    }
    // In units of the last known digit, so that the rounding is to whole ones.
    let base = Decimal::from(value.mantissa()).checked_div(factor)?;
    let mantissa = base.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    Exact::new(i64::try_from(mantissa.mantissa()).ok()?, value.scale())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_implied_base_undoes_the_growth() {
        let base = implied_base("1526740".parse().expect("value"), "-12".parse().expect("growth"));
        assert_eq!(base.map(|b| b.to_string()).as_deref(), Some("1734932"));
        assert_eq!(implied_base(Exact::whole(5), Exact::whole(-100)), None);
        // 530.3 thousand billions after +9.2 %: no more digits than were printed.
        let base = implied_base("530.3e3".parse().expect("value"), "9.2".parse().expect("growth")).expect("a base");
        assert_eq!((base.to_string().as_str(), base.scale()), ("485600", -2));
    }
}
