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

/// The verdict of the printed number on one part of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Rating that follows from the numbers.
    pub rating: Rating,
    /// Why, in one sentence.
    pub why: Text,
}

/// Rates one target part by the result that a report prints for it. `on` is the date of the report:
/// a target that is missed before its due date is still in progress.
pub fn compute(target: &Target, result: Option<&Observation>, on: NaiveDate) -> Verdict {
    let verdict = |rating, vi: String, en: String| Verdict { rating, why: Text::new(vi, en) };
    let Some(demanded) = target.value.filter(|_| target.comparator != Comparator::Text) else {
        return verdict(
            Rating::NotAssessed,
            "Chỉ tiêu không có con số nên không tính được từ số liệu.".into(),
            "The target names no number, so figures cannot decide it.".into(),
        );
    };
    let Some((observation, value)) = result.and_then(|r| r.value.map(|v| (r, v))) else {
        return verdict(
            Rating::NotAssessed,
            "Báo cáo không in con số nào cùng đơn vị đo với chỉ tiêu.".into(),
            "The report prints no figure in the target's unit of measure.".into(),
        );
    };
    let (met, sign) = match target.comparator {
        Comparator::GreaterThan => (value > demanded, ">"),
        Comparator::AtLeast => (value >= demanded, "≥"),
        Comparator::Equal => (value.decimal() == demanded.decimal(), "="),
        Comparator::AtMost => (value <= demanded, "≤"),
        Comparator::Text => (false, ""),
    };
    // "gần 50 %" does not prove "at least 50 %", and "hơn 50 %" does not prove "at most".
    let proven = match (observation.qualifier, target.comparator) {
        (Qualifier::OrderOfMagnitude, _) => false,
        (Qualifier::JustBelow, Comparator::GreaterThan | Comparator::AtLeast) => value > demanded,
        (Qualifier::AtLeast, Comparator::AtMost) => false,
        _ => true,
    };
    // A printed lower bound above the demand is enough even where "more than" is asked of an equal number.
    let met = met
        || (observation.qualifier == Qualifier::AtLeast
            && target.comparator == Comparator::GreaterThan
            && value >= demanded);
    let rating = match (met && proven, target.due_on < on) {
        (true, _) => Rating::Achieved,
        (false, true) => Rating::NotAchieved,
        (false, false) => Rating::InProgress,
    };
    let shown = |language| format!("{}{}", observation.qualifier.word(language), value.display(language));
    let asked = |language| format!("{sign} {}", demanded.display(language));
    let (vi, en) = match rating {
        Rating::Achieved => ("đáp ứng", "meets"),
        _ => ("chưa đáp ứng", "does not meet"),
    };
    let is_edge = value.decimal() == demanded.decimal() && target.comparator == Comparator::GreaterThan;
    let edge = match is_edge && rating != Rating::Achieved {
        true => (" (đúng bằng mức, mà chỉ tiêu đòi hỏi cao hơn)", " (equal to a bound that must be exceeded)"),
        false => ("", ""),
    };
    verdict(
        rating,
        format!("Kết quả in {} {vi} mức {}{}.", shown(Language::Vi), asked(Language::Vi), edge.0),
        format!("The printed result {} {en} the demand {}{}.", shown(Language::En), asked(Language::En), edge.1),
    )
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
