//! What the words of a result and of a rating say: of which time a sentence speaks, how a target stands.

use crate::{
    domain::{indicator::MeasureKind, observation::Accumulation, period::Period, target::Rating, text::fold},
    ingest::dates,
};

/// A sentence, and what stands behind `so với` in it.
pub fn split_base(sentence: &str) -> (String, Option<String>) {
    match sentence.split_once("so với") {
        Some((said, base)) => (said.to_owned(), Some(base.to_owned())),
        None => (sentence.to_owned(), None),
    }
}

/// What time a sentence speaks of: a year that it names, the months since January, else the state at the report.
pub fn when(sentence: &str, kind: MeasureKind, nominal: Period) -> (Accumulation, Period) {
    if let Some(period) = dates::calendar_period_in(sentence, false) {
        return (Accumulation::YearToDate, period);
    }
    if let Some(year) = dates::calendar_period_in(sentence, true) {
        return (Accumulation::InPeriod, year);
    }
    let accumulation = match kind {
        _ if fold(sentence).contains("thang dau nam") => Accumulation::YearToDate,
        MeasureKind::Stock | MeasureKind::Ratio => Accumulation::AsOf,
        MeasureKind::Flow => Accumulation::Cumulative,
        _ => Accumulation::InPeriod,
    };
    (accumulation, nominal)
}

/// The rating that a word stands for.
pub fn rating(word: &str) -> Option<Rating> {
    match fold(word).as_str() {
        "dat" | "hoan thanh" | "da hoan thanh" | "da dat" | "vuot" | "dat vuot" | "vuot chi tieu" => {
            Some(Rating::Achieved)
        }
        "khong dat" | "khong hoan thanh" => Some(Rating::NotAchieved),
        "dang thuc hien" | "dang trien khai" | "chua dat" | "chua hoan thanh" => Some(Rating::InProgress),
        "chua danh gia" | "khong danh gia" | "chua du co so danh gia" => Some(Rating::NotAssessed),
        _ => None,
    }
}
