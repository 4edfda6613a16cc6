//! Periods.

use async_graphql::Object;

use super::enums::{Language, PeriodShape};
use crate::{
    domain::period,
    graphql::scalars::{Date, PeriodCode},
};

/// The span of days that a figure refers to.
#[derive(Debug, Clone, Copy)]
pub struct Period(pub period::Period);

/// The span of days that a figure refers to. Nine months are a period of its own, not three quarters.
#[Object]
impl Period {
    /// Code of the span: `2024`, `2024-Q3`, `2024-01-01/P9M`. One span has one code.
    async fn code(&self) -> PeriodCode {
        self.0.into()
    }

    /// First day.
    async fn start(&self) -> Date {
        self.0.start().into()
    }

    /// Last day, included.
    async fn end(&self) -> Date {
        self.0.end().into()
    }

    /// Kind of span.
    async fn shape(&self) -> PeriodShape {
        self.0.shape().into()
    }

    /// Number of days, 1 or more.
    async fn days(&self) -> i32 {
        i32::try_from(self.0.days()).unwrap_or(i32::MAX)
    }

    /// The span in words, such as "9 tháng từ 01/2024".
    async fn label(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the words.")] lang: Language,
    ) -> String {
        period_label(&self.0, lang)
    }
}

/// A period in words.
pub fn period_label(period: &period::Period, lang: Language) -> String {
    use period::Shape;
    let day = |d: chrono::NaiveDate| match lang {
        Language::Vi => d.format("%d/%m/%Y").to_string(),
        Language::En => d.format("%-d %B %Y").to_string(),
    };
    let (start, code) = (period.start(), period.to_string());
    let year = start.format("%Y");
    let last = |n: usize| code.chars().rev().take(n).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    match (period.shape(), lang) {
        (Shape::Year, Language::Vi) => format!("Năm {year}"),
        (Shape::Year, Language::En) => year.to_string(),
        (Shape::HalfYear, Language::Vi) => format!("Nửa năm {} năm {year}", last(1)),
        (Shape::HalfYear, Language::En) => format!("Half-year {} of {year}", last(1)),
        (Shape::Quarter, Language::Vi) => format!("Quý {} năm {year}", last(1)),
        (Shape::Quarter, Language::En) => format!("Quarter {} of {year}", last(1)),
        (Shape::Month, Language::Vi) => start.format("Tháng %-m/%Y").to_string(),
        (Shape::Month, Language::En) => start.format("%B %Y").to_string(),
        (Shape::Day, _) => day(start),
        (Shape::Months, _) => {
            let months = code.rsplit_once("/P").and_then(|(_, m)| m.strip_suffix('M')).unwrap_or_default().to_owned();
            match (lang, start.format("%m-%d").to_string().as_str()) {
                (Language::Vi, "01-01") => format!("{months} tháng đầu năm {year}"),
                (Language::En, "01-01") => format!("First {months} months of {year}"),
                (Language::Vi, _) => format!("{months} tháng từ {}", start.format("%m/%Y")),
                (Language::En, _) => format!("{months} months from {}", start.format("%B %Y")),
            }
        }
        (Shape::Range, Language::Vi) => format!("Từ {} đến {}", day(start), day(period.end())),
        (Shape::Range, Language::En) => format!("{} to {}", day(start), day(period.end())),
    }
}
