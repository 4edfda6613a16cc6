//! Periods: the span of days that a figure refers to.
//!
//! A period *is* its first and last day; its code follows from them, so the same span has one code
//! only (`2024-07-01/P3M` and `2024-Q3` are the same period, and print as `2024-Q3`). Nine months are
//! `2024-01-01/P9M`: a period of its own. Codes follow ISO 8601 and the SDMX time period forms.

use std::{fmt, str::FromStr};

use chrono::{Datelike, Days, Months, NaiveDate};

const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2200;

/// A closed interval of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

/// What kind of span a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A calendar year.
    Year,
    /// A calendar half-year.
    HalfYear,
    /// A calendar quarter.
    Quarter,
    /// A calendar month.
    Month,
    /// One day.
    Day,
    /// Whole calendar months that make no unit of the calendar, such as nine months.
    Months,
    /// Any other span of days.
    Range,
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a period: {reason}. Forms: 2024, 2024-S1, 2024-Q3, 2024-09, 2024-09-03, 2024-01-01/P9M, 2024-01-01/2024-09-03"
)]
pub struct PeriodError {
    text: String,
    reason: &'static str,
}

impl Period {
    /// The span from `start` to `end`; `None` if it runs backwards.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// First day.
    pub fn start(&self) -> NaiveDate {
        self.start
    }

    /// Last day, included.
    pub fn end(&self) -> NaiveDate {
        self.end
    }

    /// Number of days.
    pub fn days(&self) -> i64 {
        (self.end - self.start).num_days() + 1
    }

    /// Number of whole calendar months, if the period begins and ends with a month.
    fn whole_months(&self) -> Option<u32> {
        let after = self.end.succ_opt()?;
        (self.start.day() == 1 && after.day() == 1).then(|| {
            let months = (after.year() - self.start.year()) * 12 + after.month() as i32 - self.start.month() as i32;
            months as u32
        })
    }

    /// The kind of span.
    pub fn shape(&self) -> Shape {
        if self.start == self.end {
            return Shape::Day;
        }
        match (self.whole_months(), self.start.month0()) {
            (Some(12), 0) => Shape::Year,
            (Some(6), 0 | 6) => Shape::HalfYear,
            (Some(3), 0 | 3 | 6 | 9) => Shape::Quarter,
            (Some(1), _) => Shape::Month,
            (Some(_), _) => Shape::Months,
            (None, _) => Shape::Range,
        }
    }

    /// The same span a year earlier (29 February becomes 28 February, and back for a month's end).
    pub fn year_before(&self) -> Option<Self> {
        match self.whole_months() {
            Some(months) => Self::of_months(self.start.checked_sub_months(Months::new(12))?, months),
            None => Self::new(
                self.start.checked_sub_months(Months::new(12))?,
                self.end.checked_sub_months(Months::new(12))?,
            ),
        }
    }

    /// The period of the same shape that ends the day before this one begins. Only years, half-years,
    /// quarters and months have one: nine months are followed by three that are not like them.
    pub fn preceding(&self) -> Option<Self> {
        let months = match self.shape() {
            Shape::Year => 12,
            Shape::HalfYear => 6,
            Shape::Quarter => 3,
            Shape::Month => 1,
            Shape::Day | Shape::Months | Shape::Range => return None,
        };
        Self::of_months(self.start.checked_sub_months(Months::new(months))?, months)
    }

    /// The step after which a series of such periods goes on: the next calendar unit, or the same
    /// months of the next year. `None` for days and irregular spans, which have no rhythm.
    pub fn next_in_rhythm(&self) -> Option<Self> {
        let months = self.whole_months()?;
        let step = match self.shape() {
            Shape::Year | Shape::HalfYear | Shape::Quarter | Shape::Month => months,
            Shape::Months if months <= 12 => 12,
            _ => return None,
        };
        Self::of_months(self.start.checked_add_months(Months::new(step))?, months)
    }

    /// True if two periods can be compared as like with like: same shape and, for spans that the
    /// calendar does not name, the same first and last day of the year.
    pub fn is_like(&self, other: &Self) -> bool {
        let same_days = || {
            (self.start.month(), self.start.day()) == (other.start.month(), other.start.day())
                && (self.end.year() - self.start.year()) == (other.end.year() - other.start.year())
                && (self.end.month() == other.end.month())
                && (self.end.day() == other.end.day()
                    || self.whole_months().is_some_and(|months| other.whole_months() == Some(months)))
        };
        self.shape() == other.shape()
            && match self.shape() {
                Shape::Months => self.whole_months() == other.whole_months() && same_days(),
                Shape::Range => same_days(),
                _ => true,
            }
    }

    fn of_months(start: NaiveDate, months: u32) -> Option<Self> {
        let end = start.checked_add_months(Months::new(months))?.checked_sub_days(Days::new(1))?;
        Self::new(start, end)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, year) = (self.start, self.start.year());
        match self.shape() {
            Shape::Year => write!(f, "{year:04}"),
            Shape::HalfYear => write!(f, "{year:04}-S{}", start.month0() / 6 + 1),
            Shape::Quarter => write!(f, "{year:04}-Q{}", start.month0() / 3 + 1),
            Shape::Month => write!(f, "{year:04}-{:02}", start.month()),
            Shape::Day => write!(f, "{start}"),
            Shape::Months => write!(f, "{start}/P{}M", self.whole_months().unwrap_or_default()),
            Shape::Range => write!(f, "{start}/{}", self.end),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let fail = |reason| PeriodError { text: text.chars().take(40).collect(), reason };
        let (first, second) = match text.split_once('/') {
            Some((first, second)) => (first, Some(second)),
            None => (text, None),
        };
        let Some(second) = second else { return parse_single(first).map_err(fail) };
        let start = parse_date(first).ok_or_else(|| fail("the part before `/` must be a date, YYYY-MM-DD"))?;
        let period = match second.strip_prefix('P').and_then(|d| d.strip_suffix('M')) {
            Some(months) => {
                let months = digits(months, 1, 3).filter(|m| (1..=600).contains(m));
                let months = months.ok_or_else(|| fail("a duration is P1M to P600M"))?;
                Self::of_months(start, months)
            }
            None => {
                let end =
                    parse_date(second).ok_or_else(|| fail("the part after `/` must be a date or a duration PnM"))?;
                Self::new(start, end)
            }
        };
        period.ok_or_else(|| fail("it ends before it begins"))
    }
}

fn parse_single(text: &str) -> Result<Period, &'static str> {
    if !text.is_ascii() {
        return Err("unknown form");
    }
    let year = text.get(..4).and_then(|y| digits(y, 4, 4)).ok_or("a period begins with a year of four digits")?;
    let year = i32::try_from(year)
        .ok()
        .filter(|y| (FIRST_YEAR..=LAST_YEAR).contains(y))
        .ok_or("the year must lie between 1900 and 2200")?;
    let months_from = |month0: u32, months| {
        NaiveDate::from_ymd_opt(year, month0 + 1, 1)
            .and_then(|start| Period::of_months(start, months))
            .ok_or("no such date")
    };
    match &text[4..] {
        "" => months_from(0, 12),
        "-S1" => months_from(0, 6),
        "-S2" => months_from(6, 6),
        rest if rest.starts_with("-Q") => match digits(&rest[2..], 1, 1) {
            Some(quarter @ 1..=4) => months_from((quarter - 1) * 3, 3),
            _ => Err("a quarter is Q1 to Q4"),
        },
        rest if rest.starts_with("-S") => Err("a half-year is S1 or S2"),
        rest if rest.len() == 3 => match rest.strip_prefix('-').and_then(|m| digits(m, 2, 2)) {
            Some(month @ 1..=12) => months_from(month - 1, 1),
            Some(_) => Err("a month is 01 to 12"),
            None => Err("unknown form"),
        },
        _ => {
            let day = parse_date(text).ok_or("no such date")?;
            Ok(Period { start: day, end: day })
        }
    }
}

/// Parses `YYYY-MM-DD` strictly, within the years that periods may have.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let date = NaiveDate::from_ymd_opt(digits(year, 4, 4)? as i32, digits(month, 2, 2)?, digits(day, 2, 2)?)?;
    (FIRST_YEAR..=LAST_YEAR).contains(&date.year()).then_some(date)
}

fn digits(text: &str, min: usize, max: usize) -> Option<u32> {
    let plain = (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn p(text: &str) -> Period {
        text.parse().expect(text)
    }

    #[test]
    fn every_form_is_read_and_printed_back() {
        for code in [
            "2024",
            "2024-S1",
            "2024-S2",
            "2024-Q3",
            "2024-09",
            "2024-09-03",
            "2024-01-01/P9M",
            "2024-01-01/2024-09-03",
        ] {
            assert_eq!(p(code).to_string(), code);
        }
    }

    #[test]
    fn one_span_has_one_code() {
        assert_eq!(p("2024-07-01/P3M").to_string(), "2024-Q3");
        assert_eq!(p("2024-01-01/2024-09-30").to_string(), "2024-01-01/P9M");
        assert_eq!(p("2024-01-01/P12M").to_string(), "2024");
        assert_ne!(p("2024-01-01/P9M"), p("2024-Q3"));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for bad in [
            "",
            "24",
            "2024-Q5",
            "2024-Q0",
            "2024-13",
            "2024-00",
            "2024-S3",
            "2024-02-30",
            "2024-1",
            "2024-01-01/P0M",
            "2024-09-03/2024-01-01",
            "2024-01-01/",
            "1800",
            "２０２４",
            "2024-Q١",
            "2024-01-01/P9999M",
            "2024 ",
            "2024-09-3é",
        ] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_year_before_keeps_the_shape() {
        assert_eq!(p("2024-01-01/P9M").year_before(), Some(p("2023-01-01/P9M")));
        assert_eq!(p("2024-02").year_before(), Some(p("2023-02")));
        assert_eq!(p("2023-02").year_before(), Some(p("2022-02")));
        assert_eq!(p("2024-02-29").year_before(), Some(p("2023-02-28")));
    }

    #[test]
    fn only_calendar_periods_have_one_before() {
        assert_eq!(p("2024-Q1").preceding(), Some(p("2023-Q4")));
        assert_eq!(p("2024-01-01/P9M").preceding(), None);
    }

    #[test]
    fn eight_months_are_not_like_a_span_to_september_third() {
        assert!(!p("2023-01-01/P8M").is_like(&p("2024-01-01/2024-09-03")));
        assert!(p("2023-01-01/P9M").is_like(&p("2024-01-01/P9M")));
        assert!(!p("2023-01-01/P9M").is_like(&p("2024-04-01/P9M")));
        assert!(p("2023-01-01/2023-09-03").is_like(&p("2024-01-01/2024-09-03")));
        assert!(!p("2023-01-01/2023-09-20").is_like(&p("2024-01-01/2024-09-03")), "another end day");
        assert!(p("2023-01-01/P2M").is_like(&p("2024-01-01/P2M")), "February ends on another day");
    }

    proptest! {
        #[test]
        fn the_code_is_a_faithful_name(offset in 0i64..100_000, length in 0i64..1_500) {
            let start = NaiveDate::from_ymd_opt(1900, 1, 1).expect("date") + chrono::Duration::days(offset);
            let period = Period::new(start, start + chrono::Duration::days(length)).expect("forward");
            prop_assume!(period.end().year() <= LAST_YEAR);
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<Period>();
        }
    }
}
