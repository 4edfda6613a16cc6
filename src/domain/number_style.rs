//! One number style per file: `1.234,5` or `1,234.5`. The file tells which by numbers that can be read in one
//! way only; what stays ambiguous is an error, never a guess.

use std::borrow::Cow;

use super::{
    number::Exact,
    printed::{self, Printed, PrintedError},
};

closed_list! {
    /// How a file groups thousands and marks decimals.
    NumberStyle {
        /// `1.234,5`: dot for thousands, comma for decimals.
        Vietnamese => "VIETNAMESE",
        /// `1,234.5`: comma for thousands, dot for decimals.
        International => "INTERNATIONAL",
    }
}

/// What the separators of a number say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Digits alone.
    Plain,
    /// Only the Vietnamese reading is possible: `12,5`, `1.234.567`, `1.234,5`.
    Vietnamese,
    /// Only the international reading is possible: `1,234,567`, `1,234.5`, `1234.567`, `0.123`.
    International,
    /// A dot before one or two digits: a decimal, in a Vietnamese file by slip (`7.5`).
    DotDecimal,
    /// A dot before three digits: thousands or decimals (`1.234`).
    DotThree,
    /// A comma before three digits: thousands or decimals (`1,234`).
    CommaThree,
    /// No number in either style (`1.23.456`).
    Neither,
}

/// What the separators of a number written as digits, dots and commas say.
pub fn form(token: &str) -> Form {
    let (mut dots, mut commas) = (0, 0);
    for byte in token.bytes() {
        match byte {
            b'.' => dots += 1,
            b',' => commas += 1,
            b'0'..=b'9' => {}
            _ => return Form::Neither,
        }
    }
    let one = |sign: char| token.split_once(sign).unwrap_or((token, ""));
    // A leading zero groups nothing: 0.123 are no thousands.
    let could_group = |(head, tail): (&str, &str)| tail.len() == 3 && head.len() <= 3 && !head.starts_with('0');
    match (dots, commas) {
        _ if !token.starts_with(|c: char| c.is_ascii_digit()) || token.ends_with(['.', ',']) => Form::Neither,
        (0, 0) => Form::Plain,
        (1, 0) if could_group(one('.')) => Form::DotThree,
        (1, 0) if one('.').1.len() <= 2 => Form::DotDecimal,
        (1, 0) => Form::International,
        (0, 1) if could_group(one(',')) => Form::CommaThree,
        (0, 1) => Form::Vietnamese,
        (_, 0) if grouped(token, '.') => Form::Vietnamese,
        (0, _) if grouped(token, ',') => Form::International,
        (_, 1) if grouped(one(',').0, '.') && !one(',').1.contains('.') => Form::Vietnamese,
        (1, _) if grouped(one('.').0, ',') && !one('.').1.contains(',') => Form::International,
        _ => Form::Neither,
    }
}

fn grouped(text: &str, sign: char) -> bool {
    let mut groups = text.split(sign);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|group| group.len() == 3)
}

/// Reads digits, dots and commas, the style being settled; `None` if they are no number in that style. A dot decimal
/// is read in either.
pub fn read_token(token: &str, style: NumberStyle) -> Option<Exact> {
    let decimal = match (form(token), style) {
        (Form::Plain, _) => b'.',
        (Form::DotDecimal, _)
        | (Form::International | Form::DotThree | Form::CommaThree, NumberStyle::International) => b'.',
        (Form::Vietnamese | Form::DotThree | Form::CommaThree, NumberStyle::Vietnamese) => b',',
        _ => return None,
    };
    let (mut mantissa, mut scale, mut fraction) = (0i64, 0i16, false);
    for byte in token.bytes() {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                scale = scale.checked_add(i16::from(fraction))?;
            }
            _ => fraction |= byte == decimal,
        }
    }
    Exact::new(mantissa, scale)
}

/// The first number of a text as digits, dots and commas, what stands before it and what behind.
pub fn first_number(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(rest.len());
    let token = rest[..end].trim_end_matches(['.', ',']);
    Some((before, token, &rest[token.len()..]))
}

/// True if a scale word (`triệu`, `nghìn tỷ`, `million`) follows the first number: its value is then in ones, not in
/// the unit of measure.
pub fn has_scale_word(text: &str) -> bool {
    let Some((_, _, after)) = first_number(text) else { return false };
    if !after.starts_with([' ', '\u{a0}']) {
        return false;
    }
    let mut words = after.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(str::to_lowercase);
    match words.next().as_deref() {
        Some("tỷ" | "tỉ") => !matches!(words.next().as_deref(), Some("lệ" | "trọng")),
        Some(word) => {
            ["nghìn", "ngàn", "triệu"].contains(&word) || ENGLISH.iter().any(|(en, vi)| *en == word && is_scale(vi))
        }
        None => false,
    }
}

/// What the texts of a file say about its style.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StyleEvidence {
    vietnamese: Option<String>,
    international: Option<String>,
    weak: Option<String>,
}

impl StyleEvidence {
    /// Looks at the first number of a text.
    pub fn look(&mut self, cell_text: &str) {
        let Some((_, token, after)) = first_number(cell_text) else { return };
        let exponent =
            after.strip_prefix(['e', 'E']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if exponent || !token.contains(['.', ',']) {
            return;
        }
        let place = match form(token) {
            Form::Vietnamese => &mut self.vietnamese,
            Form::International => &mut self.international,
            Form::DotDecimal => &mut self.weak,
            _ => return,
        };
        if place.is_none() {
            *place = Some(token.chars().take(40).collect());
        }
    }

    /// The style; `None` if nothing tells.
    ///
    /// # Errors
    /// Numbers of both styles stand in the file: an example of each.
    pub fn decide(&self) -> Result<Option<NumberStyle>, String> {
        match (&self.vietnamese, &self.international, &self.weak) {
            (Some(vietnamese), Some(international), _) => Err(format!(
                "`{vietnamese}` is Vietnamese style (1.234,5), `{international}` is international style (1,234.5): a file keeps one"
            )),
            (Some(_), None, _) => Ok(Some(NumberStyle::Vietnamese)),
            (None, Some(_), _) | (None, None, Some(_)) => Ok(Some(NumberStyle::International)),
            (None, None, None) => Ok(None),
        }
    }

    /// True if the style is more than a guess from `7.5`: then `1,234` and `46.821` can be read.
    pub fn is_strong(&self) -> bool {
        self.vietnamese.is_some() || self.international.is_some()
    }
}

/// English words and the Vietnamese ones that [`printed::read`] knows.
const ENGLISH: &[(&str, &str)] = &[
    ("thousand", "nghìn"),
    ("million", "triệu"),
    ("billion", "tỷ"),
    ("trillion", "nghìn tỷ"),
    ("about", "khoảng"),
    ("almost", "gần"),
    ("nearly", "gần"),
    ("over", "hơn"),
    ("than", "hơn"),
    ("most", "tối đa"),
    ("least", "tối thiểu"),
];

fn is_scale(word: &str) -> bool {
    ["nghìn", "triệu", "tỷ", "nghìn tỷ"].contains(&word)
}

/// Reads the first number of a printed text whose style is known.
///
/// # Errors
/// There is none, or the style does not allow it: `12,5` in an international file, `0.123` in a Vietnamese one.
pub fn read_in_style(text: &str, style: NumberStyle) -> Result<Printed, PrintedError> {
    let kind = first_number(text).map_or(Form::Plain, |(_, token, _)| form(token));
    let refused = match style {
        NumberStyle::Vietnamese => Form::International,
        NumberStyle::International => Form::Vietnamese,
    };
    if kind == refused || kind == Form::Neither {
        return Err(PrintedError::Ambiguous(text.chars().take(60).collect()));
    }
    if style == NumberStyle::Vietnamese {
        return printed::read(&translated(text));
    }
    let swapped: String = text
        .chars()
        .map(|c| match c {
            '.' => ',',
            ',' => '.',
            c => c,
        })
        .collect();
    printed::read(&translated(&swapped))
}

/// The same with Vietnamese words for the English ones: `5,9 million` must not be read as 5.9.
fn translated(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() || !text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return Cow::Borrowed(text);
    }
    let words = text.to_lowercase();
    let words = words.split(' ').map(|w| ENGLISH.iter().find(|(en, _)| *en == w).map_or(w, |(_, vi)| *vi));
    Cow::Owned(words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::Qualifier;
    use proptest::prelude::*;

    fn decided(texts: &[&str]) -> Result<Option<NumberStyle>, String> {
        let mut evidence = StyleEvidence::default();
        texts.iter().for_each(|text| evidence.look(text));
        evidence.decide()
    }

    #[test]
    fn one_number_can_tell_the_style() {
        for text in ["1.234.567", "12,5", "12,34", "1.234,5", "1234,567", "0,123", "99,7%", "khoảng 530,3 nghìn tỷ"]
        {
            assert_eq!(decided(&[text]), Ok(Some(NumberStyle::Vietnamese)), "{text}");
        }
        for text in ["1,234,567", "1,234.5", "1234.567", "0.123", "12.3456", "7.5"] {
            assert_eq!(decided(&[text]), Ok(Some(NumberStyle::International)), "{text}");
        }
        for text in ["1.234", "1,234", "1234", "", "không có", "5.9e6", "1,2,3", "31.12.2024"] {
            assert_eq!(decided(&[text]), Ok(None), "{text}");
        }
    }

    #[test]
    fn strong_evidence_outweighs_a_slip_and_contradicts_itself() {
        assert_eq!(decided(&["7.5", "12,5"]), Ok(Some(NumberStyle::Vietnamese)));
        let both = decided(&["7.5", "12,5", "1,234.5"]).expect_err("both");
        assert!(both.contains("`12,5`") && both.contains("`1,234.5`"), "{both}");
        let mut weak = StyleEvidence::default();
        weak.look("7.5");
        assert!(!weak.is_strong());
        weak.look("1,234.5");
        assert!(weak.is_strong());
    }

    #[test]
    fn both_styles_are_read() {
        let read = |text, style| read_in_style(text, style).map(|p| p.value.to_string()).ok();
        for (text, vietnamese, international) in [
            ("1.234,5", Some("1234.5"), None),
            ("1,234.5", None, Some("1234.5")),
            ("3.709", Some("3709"), Some("3.709")),
            ("3,709", Some("3.709"), Some("3709")),
            ("46.821", Some("46821"), Some("46.821")),
            ("7.5", Some("7.5"), Some("7.5")),
            ("12,5", Some("12.5"), None),
            ("0.123", None, Some("0.123")),
            ("1.23.456", None, None),
            ("3.356.057 hồ sơ", Some("3356057"), None),
            ("3,356,057", None, Some("3356057")),
            ("hơn 5,9 triệu", Some("5900000"), None),
            ("over 5.9 million", Some("5900000"), Some("5900000")),
            ("-6", Some("-6"), Some("-6")),
        ] {
            assert_eq!(read(text, NumberStyle::Vietnamese).as_deref(), vietnamese, "{text}");
            assert_eq!(read(text, NumberStyle::International).as_deref(), international, "{text}");
        }
        let slip = read_in_style("7.5%", NumberStyle::Vietnamese).expect("slip");
        assert!(slip.dot_as_decimal);
        assert!(!read_in_style("7.5%", NumberStyle::International).expect("decimal").dot_as_decimal);
        let over = read_in_style("over 5.9 million", NumberStyle::International).expect("over");
        assert_eq!((over.qualifier, over.value.scale()), (Qualifier::AtLeast, -5));
        assert_eq!(read_in_style("07/63", NumberStyle::International).expect("rank").field, Some(Exact::whole(63)));
    }

    #[test]
    fn a_scale_word_is_seen() {
        for text in ["5,9 triệu", "530,3 nghìn tỷ đồng", "23,2 Tỷ USD", "5.9 million"] {
            assert!(has_scale_word(text), "{text}");
        }
        for text in ["99 tỷ lệ", "5,9", "12 hồ sơ", "7tỷ", "about 7"] {
            assert!(!has_scale_word(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_reads_what_the_long_way_reads(text in "[0-9]{1,4}([.,][0-9]{1,4}){0,3}") {
            for style in NumberStyle::ALL {
                let long = read_in_style(&text, *style).ok().map(|p| p.value);
                prop_assert_eq!(read_token(&text, *style), long, "{} {:?}", text, style);
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            let mut evidence = StyleEvidence::default();
            evidence.look(&text);
            for style in NumberStyle::ALL {
                let _ = read_in_style(&text, *style);
            }
        }
    }
}
