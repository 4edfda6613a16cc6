//! Scalars and the reading of arguments. Scalars take any text; what is wrong with it is said by the
//! resolver, which knows the name of the argument.

use async_graphql::{InputValueError, InputValueResult, MaybeUndefined, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};

use super::error::{Fault, Result};
use crate::domain::{number::Exact, period};

/// A day, `YYYY-MM-DD`, in the Gregorian calendar.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Date(String);

/// An exact decimal number as text, with every printed digit: `"99.70"`. Never a float.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal(String);

/// A period by its code: `2024`, `2024-S1`, `2024-Q3`, `2024-09`, `2024-09-03`, `2024-01-01/P9M` or
/// `2024-01-01/2024-09-03`, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PeriodCode(String);

/// An instant by RFC 3339 with its offset: `2024-09-20T00:00:00+07:00`. Answers are in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DateTime(String);

macro_rules! text_scalar {
    ($type:ty) => {
        fn parse(value: Value) -> InputValueResult<Self> {
            match value {
                Value::String(text) => Ok(Self(text)),
                other => Err(InputValueError::expected_type(other)),
            }
        }

        fn to_value(&self) -> Value {
            Value::String(self.0.clone())
        }
    };
}

/// A day, `YYYY-MM-DD`, in the Gregorian calendar.
#[Scalar]
impl ScalarType for Date {
    text_scalar!(Self);
}

/// An exact decimal number as text, with every printed digit: `"99.70"`. Never a float.
#[Scalar]
impl ScalarType for Decimal {
    text_scalar!(Self);
}

/// A period by its code: `2024`, `2024-S1`, `2024-Q3`, `2024-09`, `2024-09-03`, `2024-01-01/P9M` or
/// `2024-01-01/2024-09-03`, both ends included.
#[Scalar]
impl ScalarType for PeriodCode {
    text_scalar!(Self);
}

/// An instant by RFC 3339 with its offset: `2024-09-20T00:00:00+07:00`. Answers are in UTC.
#[Scalar]
impl ScalarType for DateTime {
    text_scalar!(Self);
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(instant: chrono::DateTime<Utc>) -> Self {
        Self(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl DateTime {
    /// The instant; the error names the argument.
    pub fn instant(&self, argument: &str) -> Result<chrono::DateTime<Utc>> {
        chrono::DateTime::parse_from_rfc3339(&self.0).map(|t| t.to_utc()).map_err(|_| {
            let text = shorten(&self.0);
            Fault::bad_input(argument, format!("`{text}` is not an instant, such as 2024-09-20T00:00:00+07:00."))
        })
    }
}

impl From<NaiveDate> for Date {
    fn from(day: NaiveDate) -> Self {
        Self(day.to_string())
    }
}

impl From<Exact> for Decimal {
    fn from(value: Exact) -> Self {
        Self(value.to_string())
    }
}

impl From<period::Period> for PeriodCode {
    fn from(period: period::Period) -> Self {
        Self(period.to_string())
    }
}

impl Date {
    /// The day; the error names the argument.
    pub fn day(&self, argument: &str) -> Result<NaiveDate> {
        period::parse_date(&self.0).ok_or_else(|| {
            Fault::bad_input(
                argument,
                format!("`{}` is not a date, YYYY-MM-DD between 1900 and 2200.", shorten(&self.0)),
            )
        })
    }
}

impl Decimal {
    /// The number; the error names the argument.
    pub fn exact(&self, argument: &str) -> Result<Exact> {
        self.0.parse().map_err(|e: crate::domain::number::NumberError| Fault::bad_input(argument, e.to_string()))
    }
}

impl PeriodCode {
    /// The period; the error names the argument.
    pub fn period(&self, argument: &str) -> Result<period::Period> {
        self.0.parse().map_err(|e: period::PeriodError| Fault::bad_input(argument, e.to_string()))
    }
}

/// An argument that may be left out but not be null: null is neither "no condition" nor "no value".
pub fn given<T>(value: MaybeUndefined<T>, argument: &str) -> Result<Option<T>> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => {
            Err(Fault::bad_input(argument, "null is not allowed here; leave the argument out to set no condition."))
        }
    }
}

/// A list of at most `max` items.
pub fn at_most<T>(list: Vec<T>, max: usize, argument: &str) -> Result<Vec<T>> {
    match list.len() {
        n if n > max => Err(Fault::LimitExceeded {
            limit: "inputListLength",
            message: format!("{argument}: {n} items asked, {max} allowed."),
        }),
        _ => Ok(list),
    }
}

/// A number of items between 1 and `max`.
pub fn bounded(value: i32, max: i32, argument: &str) -> Result<usize> {
    match value {
        n if (1..=max).contains(&n) => Ok(n as usize),
        n => Err(Fault::bad_input(argument, format!("{n} asked, 1 to {max} allowed."))),
    }
}

/// The beginning of a text that is repeated in an error.
pub fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}
