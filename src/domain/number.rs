//! Exact numbers as official figures need them: every printed digit kept, none invented.
//!
//! A [`Exact`] is `mantissa × 10^-scale`. The scale may be negative: "5,9 triệu" is 59 × 10⁵, so the
//! value is 5,900,000 *and* it stays visible that only the hundred thousands are known. The scale is the
//! DECIMALS of SDMX. Nothing here goes through a float, except where a chart asks for one.

use std::{fmt, str::FromStr};

use rust_decimal::Decimal;

use super::text::Language;

/// Most digits that a value may have when written out; [`Decimal`] holds 28.
const MAX_DIGITS: i32 = 27;
/// Most digits after the decimal point.
const MAX_SCALE: i16 = 18;

/// A decimal number with its precision. Equal means equal to the last printed digit; compare sizes by
/// [`Exact::decimal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    mantissa: i64,
    scale: i16,
}

/// Why a text is no exact number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a number: write digits with at most one decimal point, and an exponent for rounded figures (5.9e6)"
)]
pub struct NumberError(String);

impl Exact {
    /// `mantissa × 10^-scale`; `None` beyond 27 digits or 18 decimals.
    pub fn new(mantissa: i64, scale: i16) -> Option<Self> {
        let digits = mantissa.unsigned_abs().checked_ilog10().map_or(1, |log| log as i32 + 1);
        let written = digits + i32::from((-scale).max(0));
        (scale <= MAX_SCALE && written <= MAX_DIGITS).then_some(Self { mantissa, scale })
    }

    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Self { mantissa: value, scale: 0 }
    }

    /// The digits without a decimal point, signed.
    pub fn mantissa(&self) -> i64 {
        self.mantissa
    }

    /// Number of decimals known: 2 for 99.78, 0 for 428, −5 for "5,9 triệu".
    pub fn scale(&self) -> i16 {
        self.scale
    }

    /// The value for arithmetic; always fits.
    pub fn decimal(&self) -> Decimal {
        if self.scale >= 0 {
            Decimal::from_i128_with_scale(i128::from(self.mantissa), self.scale as u32)
        } else {
            Decimal::from_i128_with_scale(i128::from(self.mantissa) * 10i128.pow((-self.scale) as u32), 0)
        }
    }

    /// Back from arithmetic; `None` if the mantissa does not fit.
    pub fn from_decimal(value: Decimal) -> Option<Self> {
        Self::new(i64::try_from(value.mantissa()).ok()?, i16::try_from(value.scale()).ok()?)
    }

    /// The nearest double, for charts and sorting.
    pub fn to_f64(&self) -> f64 {
        format!("{}e{}", self.mantissa, -i32::from(self.scale)).parse().unwrap_or(f64::NAN)
    }

    /// The same number in units 10^`power` times smaller: 23.2 (billions) with 9 is 23,200,000,000.
    pub fn scaled_up(&self, power: i16) -> Option<Self> {
        Self::new(self.mantissa, self.scale.checked_sub(power)?)
    }

    /// The number as people write it in `language`: grouped, with a scale word for figures that are
    /// known to thousands or less: `46.821`, `99,7`, `5,9 triệu`; `46,821`, `99.7`, `5.9 million`.
    pub fn display(&self, language: Language) -> String {
        let (group, point) = match language {
            Language::Vi => ('.', ','),
            Language::En => (',', '.'),
        };
        let words: [(i16, &str, &str); 4] =
            [(3, "nghìn", "thousand"), (6, "triệu", "million"), (9, "tỷ", "billion"), (12, "nghìn tỷ", "trillion")];
        let word = words
            .into_iter()
            .filter(|_| self.scale < 0)
            .find(|(power, _, _)| *power >= -self.scale)
            .filter(|(power, _, _)| self.decimal().abs() >= Decimal::from(10i64.pow(*power as u32)));
        let shown = match word {
            Some((power, _, _)) => {
                Decimal::from_i128_with_scale(i128::from(self.mantissa), (self.scale + power) as u32)
            }
            None => self.decimal(),
        };
        let plain = shown.abs().to_string();
        let (integer, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut text = String::new();
        if shown.is_sign_negative() && !shown.is_zero() {
            text.push('−');
        }
        for (i, digit) in integer.chars().enumerate() {
            if i > 0 && (integer.len() - i).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text.push_str(fraction);
        }
        if let Some((_, vi, en)) = word {
            text.push(' ');
            text.push_str(if language == Language::Vi { vi } else { en });
        }
        text
    }
}

impl fmt::Display for Exact {
    /// Written out in full with a decimal point: `99.70`, `5900000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.decimal().fmt(f)
    }
}

impl FromStr for Exact {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let fail = || NumberError(text.chars().take(40).collect());
        let (number, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (integer, fraction) = match number.split_once('.') {
            Some((_, "")) => return Err(fail()),
            Some((integer, fraction)) => (integer, fraction),
            None => (number, ""),
        };
        let plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        let unsigned = integer.strip_prefix('-').unwrap_or(integer);
        if unsigned.is_empty() || !plain(unsigned) || !plain(fraction) || exponent.is_empty() || !plain(exponent) {
            return Err(fail());
        }
        let mantissa = format!("{integer}{fraction}").parse().map_err(|_| fail())?;
        let exponent: i16 = exponent.parse().map_err(|_| fail())?;
        let scale = i16::try_from(fraction.len()).map_err(|_| fail())?.checked_sub(exponent).ok_or_else(fail)?;
        Self::new(mantissa, scale).ok_or_else(fail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn x(text: &str) -> Exact {
        text.parse().expect(text)
    }

    #[test]
    fn printed_precision_survives() {
        assert_eq!(x("0.30").to_string(), "0.30");
        assert_eq!(x("12345678901234567.89").to_string(), "12345678901234567.89");
        assert_eq!((x("5.9e6").to_string().as_str(), x("5.9e6").scale()), ("5900000", -5));
        assert_eq!(x("-6").to_string(), "-6");
    }

    #[test]
    fn display_speaks_both_languages() {
        assert_eq!(x("46821").display(Language::Vi), "46.821");
        assert_eq!(x("1286.79").display(Language::Vi), "1.286,79");
        assert_eq!(x("5.9e6").display(Language::Vi), "5,9 triệu");
        assert_eq!(x("530.3e3").display(Language::Vi), "530,3 nghìn");
        assert_eq!(x("530.3e3").display(Language::En), "530.3 thousand");
        assert_eq!(x("1e2").display(Language::Vi), "100");
        assert_eq!(x("-6").display(Language::Vi), "−6");
    }

    #[test]
    fn comparison_ignores_the_precision() {
        assert_ne!(x("90.0"), x("90"), "another precision is another figure");
        assert_eq!(x("90.0").decimal(), x("90").decimal());
        assert!(x("5.9e6").decimal() > x("5899999.99").decimal());
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for bad in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1,5",
            "1e",
            "1e-2",
            "1e99",
            "NaN",
            "١",
            "1 0",
            "99999999999999999999",
            "1.2.3",
            "+1",
            "--1",
        ] {
            assert!(bad.parse::<Exact>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trip(mantissa in -999_999_999_999_999_999i64..=999_999_999_999_999_999, scale in 0i16..=18) {
            let value = Exact::new(mantissa, scale).expect("in range");
            let back: Exact = value.to_string().parse().expect("own text");
            prop_assert_eq!(back, value);
            prop_assert_eq!(Exact::from_decimal(value.decimal()), Some(value));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<Exact>();
        }
    }
}
