//! Targets of a resolution, how reports rate them, and how their own numbers rate them.

use chrono::NaiveDate;

use super::{
    breakdown::Breakdown,
    id::*,
    number::Exact,
    observation::{Observation, Qualifier},
    text::{Language, Text},
};

closed_list! {
    /// What a target demands of its figure.
    Comparator {
        /// More than the value (trên).
        GreaterThan => "GT",
        /// The value or more (tối thiểu).
        AtLeast => "GTE",
        /// The value.
        Equal => "EQ",
        /// The value or less, such as a place among the first fifteen.
        AtMost => "LTE",
        /// A demand in words, without a number.
        Text => "TEXT",
    }
}

closed_list! {
    /// Level of government that a target is set for.
    Level {
        /// Province.
        Province => "PROVINCE",
        /// District.
        District => "DISTRICT",
        /// Commune.
        Commune => "COMMUNE",
    }
}

closed_list! {
    /// How a target stands.
    Rating {
        /// Met (đạt).
        Achieved => "ACHIEVED",
        /// Not met yet, the due date still ahead (đang thực hiện).
        InProgress => "IN_PROGRESS",
        /// Not met, the due date past.
        NotAchieved => "NOT_ACHIEVED",
        /// Cannot be rated (chưa đánh giá).
        NotAssessed => "NOT_ASSESSED",
    }
}

/// A target, or one part of a numbered target.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Surrogate key.
    pub id: TargetId,
    /// Stable code: `01-NQ/TU.2b`.
    pub code: String,
    /// Number in the resolution's list.
    pub number: i32,
    /// `a`, `b`… if the numbered target has parts.
    pub part: Option<String>,
    /// The resolution that sets it.
    pub resolution: DocumentId,
    /// Where the list of targets stands.
    pub section: String,
    /// Heading in the list.
    pub group: Text,
    /// Short title.
    pub name: Text,
    /// The demand in short words.
    pub demand: Text,
    /// The indicator that measures it.
    pub indicator: IndicatorId,
    /// Whom it is set for.
    pub unit: UnitId,
    /// Position on the extra axes.
    pub breakdown: Breakdown,
    /// Level of government.
    pub level: Option<Level>,
    /// What is demanded of the figure.
    pub comparator: Comparator,
    /// The number demanded; `None` only for [`Comparator::Text`].
    pub value: Option<Exact>,
    /// Code of the unit of measure of the value.
    pub unit_of_measure: Option<String>,
    /// Last day to reach it.
    pub due_on: NaiveDate,
    /// What a reader should know.
    pub note: Option<Text>,
}

/// What a report says of a numbered target.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The report's document.
    pub document: DocumentId,
    /// The resolution.
    pub resolution: DocumentId,
    /// Number of the target.
    pub number: i32,
    /// Rating as published.
    pub rating: Rating,
    /// The word printed.
    pub as_printed: String,
    /// The result in short words.
    pub result: Text,
    /// Where.
    pub table: String,
}

impl Assessment {
    /// True if the assessment is of this target or part.
    pub fn is_of(&self, target: &Target) -> bool {
        target.resolution == self.resolution && target.number == self.number
    }

    /// True if a figure is the result that the report prints for a target part.
    pub fn is_result(&self, target: &Target, o: &Observation) -> bool {
        o.document == self.document
            && o.locator.table.as_ref() == Some(&self.table)
            && o.locator.row.as_ref().is_some_and(|row| *row == self.number.to_string())
            && o.series.indicator == target.indicator
            && o.series.unit == target.unit
            && o.series.breakdown == target.breakdown
    }
}

/// The verdict of the printed number on one part of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Rating that follows from the numbers.
    pub rating: Rating,
    /// Why, in one sentence.
    pub why: Text,
}

/// Rates one target part by the result that a report prints for it. `on` is the date of the report: a target
/// that is missed before its due date is still in progress. `symbol` is that of the unit of measure.
pub fn compute(target: &Target, result: Option<&Observation>, on: NaiveDate, symbol: &Text) -> Verdict {
    let Some(demanded) = target.value.filter(|_| target.comparator != Comparator::Text) else {
        return unrated(
            "Chỉ tiêu không có con số nên không tính được từ số liệu.",
            "The target names no number, so figures cannot decide it.",
        );
    };
    let Some((observation, value)) = result.and_then(|r| r.value.map(|v| (r, v))) else {
        return unrated(
            "Báo cáo không in con số nào cùng đơn vị đo với chỉ tiêu.",
            "The report prints no figure in the target's unit of measure.",
        );
    };
    let met = proves(target.comparator, observation.qualifier, value, demanded);
    let rating = match (met, target.due_on < on) {
        (true, _) => Rating::Achieved,
        (false, true) => Rating::NotAchieved,
        (false, false) => Rating::InProgress,
    };
    let is_edge = !met && value.decimal() == demanded.decimal() && target.comparator == Comparator::GreaterThan;
    let is_late = met && observation.period.start() > target.due_on;
    let say = |language, verb: &str, edge: &str, late: &str| {
        let unit = match symbol.get(language) {
            "" => String::new(),
            symbol => format!(" {symbol}"),
        };
        let shown = format!("{}{}{unit}", observation.qualifier.word(language), value.display(language));
        let asked = format!("{} {}{unit}", target.comparator.sign(), demanded.display(language));
        let (edge, late) = (if is_edge { edge } else { "" }, if is_late { late } else { "" });
        format!("{shown} ({}) {verb} {asked}{edge}.{late}", observation.period)
    };
    let (vi, en) = if met {
        ("đáp ứng mức", "meets the demand")
    } else {
        ("chưa đáp ứng mức", "does not meet the demand")
    };
    let why = Text::new(
        format!(
            "Kết quả in {}",
            say(Language::Vi, vi, " (đúng bằng mức, mà chỉ tiêu đòi hỏi cao hơn)", " Số liệu sau hạn của chỉ tiêu.")
        ),
        format!(
            "The printed result {}",
            say(
                Language::En,
                en,
                " (equal to a bound that must be exceeded)",
                " The figure is of a time after the due date."
            )
        ),
    );
    Verdict { rating, why }
}

fn unrated(vi: &str, en: &str) -> Verdict {
    Verdict { rating: Rating::NotAssessed, why: Text::new(vi, en) }
}

impl Comparator {
    /// The sign of the demand.
    fn sign(self) -> &'static str {
        match self {
            Self::GreaterThan => ">",
            Self::AtLeast => "≥",
            Self::Equal => "=",
            Self::AtMost => "≤",
            Self::Text => "",
        }
    }
}

/// True if a printed figure shows that a demand is met. Vagueness counts against it where it leaves the
/// question open: "hơn 90" shows more than 90, "gần 100" does not show 100, and only an exact figure shows
/// equality.
fn proves(comparator: Comparator, qualifier: Qualifier, printed: Exact, demanded: Exact) -> bool {
    let (value, bound) = (printed.decimal(), demanded.decimal());
    match (comparator, qualifier) {
        (_, Qualifier::OrderOfMagnitude) | (Comparator::Text, _) => false,
        (Comparator::Equal, Qualifier::Exact) => value == bound,
        (Comparator::Equal, _) => false,
        (Comparator::GreaterThan | Comparator::AtLeast, Qualifier::AtMost) => false,
        (Comparator::GreaterThan | Comparator::AtLeast, Qualifier::AtLeast) => value >= bound,
        (Comparator::GreaterThan, _) | (Comparator::AtLeast, Qualifier::JustBelow) => value > bound,
        (Comparator::AtLeast, _) => value >= bound,
        (Comparator::AtMost, Qualifier::AtLeast) => false,
        (Comparator::AtMost, _) => value <= bound,
    }
}

/// The rating of a numbered target from the ratings of its parts: the worst of those that can be rated
/// decides, and a target is achieved only if every part is.
pub fn combine(parts: &[Rating]) -> Rating {
    let has = |rating| parts.contains(&rating);
    if has(Rating::NotAchieved) {
        Rating::NotAchieved
    } else if has(Rating::InProgress) {
        Rating::InProgress
    } else if parts.is_empty() || has(Rating::NotAssessed) {
        Rating::NotAssessed
    } else {
        Rating::Achieved
    }
}

/// True if the two ratings agree, false if the numbers deny the published one, `None` if they cannot tell.
pub fn agreement(published: Rating, computed: Rating) -> Option<bool> {
    match (published, computed) {
        (a, b) if a == b => Some(true),
        (_, Rating::NotAssessed) => None,
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vague_figures_prove_only_what_they_say() {
        use Comparator::{AtLeast, AtMost, Equal, GreaterThan};
        let figure = |text: &str| text.parse::<Exact>().expect(text);
        let cases = [
            (GreaterThan, Qualifier::Exact, "90", "90", false),
            (GreaterThan, Qualifier::Exact, "90.1", "90", true),
            (GreaterThan, Qualifier::AtLeast, "90", "90", true),
            (GreaterThan, Qualifier::JustBelow, "90", "90", false),
            (GreaterThan, Qualifier::AtMost, "95", "90", false),
            (AtLeast, Qualifier::Exact, "90.0", "90", true),
            (AtLeast, Qualifier::JustBelow, "90", "90", false),
            (AtLeast, Qualifier::OrderOfMagnitude, "1e2", "90", false),
            (Equal, Qualifier::Exact, "100.0", "100", true),
            (Equal, Qualifier::JustBelow, "100", "100", false),
            (Equal, Qualifier::AtLeast, "100", "100", false),
            (Equal, Qualifier::Approximate, "100", "100", false),
            (AtMost, Qualifier::Exact, "15", "15", true),
            (AtMost, Qualifier::AtLeast, "5", "15", false),
            (AtMost, Qualifier::JustBelow, "15", "15", true),
        ];
        for (comparator, qualifier, printed, demanded, proven) in cases {
            assert_eq!(
                proves(comparator, qualifier, figure(printed), figure(demanded)),
                proven,
                "{comparator:?} {qualifier:?} {printed}"
            );
        }
    }

    #[test]
    fn one_missed_part_misses_the_target() {
        use Rating::*;
        assert_eq!(combine(&[Achieved, InProgress, NotAssessed]), InProgress);
        assert_eq!(combine(&[Achieved, NotAssessed]), NotAssessed);
        assert_eq!(combine(&[Achieved, Achieved]), Achieved);
        assert_eq!(combine(&[]), NotAssessed);
    }

    #[test]
    fn numbers_that_cannot_tell_do_not_disagree() {
        use Rating::*;
        assert_eq!(agreement(Achieved, NotAssessed), None);
        assert_eq!(agreement(Achieved, InProgress), Some(false));
        assert_eq!(agreement(NotAssessed, NotAssessed), Some(true));
        assert_eq!(agreement(NotAssessed, Achieved), Some(false));
    }
}
