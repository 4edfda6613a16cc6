//! The value cell of a row: an exact decimal, or a figure as officials print it.
//!
//! Owns what a value cell may hold beside its number. Styles belong to [`crate::domain::number_style`], words to
//! [`crate::domain::printed`].

use super::{Fault, lookup::Facts};
use crate::{
    domain::{
        indicator::MeasureKind,
        number::Exact,
        number_style::{Form, NumberStyle, first_number, form, has_scale_word, read_in_style, read_token},
        observation::Qualifier,
        printed,
    },
    ingest::{
        grid::CellKind,
        problem::ProblemCode::{AmbiguousNumber, BadCell, MixedNumberStyle, NotANumber},
    },
};

/// The number style of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// The style.
    pub style: NumberStyle,
    /// True if it was stated, or told by numbers that have one reading: then `1,234` can be read.
    pub is_strong: bool,
}

/// What a value cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// The number, in the indicator's unit of measure.
    pub value: Exact,
    /// The printed qualifier.
    pub qualifier: Qualifier,
    /// What stands behind the slash of a rank or score.
    pub field: Option<i32>,
    /// A dot for the decimal comma in a Vietnamese file.
    pub slip: bool,
}

impl Figure {
    fn exact(value: Exact) -> Self {
        Self { value, qualifier: Qualifier::Exact, field: None, slip: false }
    }
}

/// True for what stands where there is no figure: nothing, a dash, dots, `x`.
pub fn is_blank(text: &str) -> bool {
    matches!(text, "" | "-" | "–" | "—" | "−" | "…" | "..." | ".." | "x" | "X")
}

/// Reads a value cell that is not blank.
pub fn read(text: &str, kind: CellKind, facts: &Facts, settled: Settled) -> Result<Figure, Fault> {
    let out_of_range = || Fault::new(NotANumber, "more digits than a figure can have");
    match kind {
        CellKind::Number => return text.parse().map(Figure::exact).map_err(|_| out_of_range()),
        CellKind::Date => {
            return Err(Fault::new(NotANumber, "the file holds a date here: format the cell as text or number"));
        }
        CellKind::Text | CellKind::Formula | CellKind::Error => {}
    }
    let unsigned = text.strip_prefix(['-', '−']).unwrap_or(text);
    if unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',') {
        let slip = check_style(unsigned, settled)?;
        let value = read_token(unsigned, settled.style).ok_or_else(out_of_range)?;
        let value =
            if unsigned.len() == text.len() { Some(value) } else { Exact::new(-value.mantissa(), value.scale()) };
        return Ok(Figure { slip, ..Figure::exact(value.ok_or_else(out_of_range)?) });
    }
    if let (true, Ok(value)) = (text.contains('e'), text.parse()) {
        return Ok(Figure::exact(value));
    }
    worded(text, facts, settled)
}

/// Refuses separators that the style of the file does not allow or cannot tell; true for a dot by slip.
fn check_style(token: &str, settled: Settled) -> Result<bool, Fault> {
    let stated = "or state the number style of the file";
    match (form(token), settled.style, settled.is_strong) {
        (Form::Neither, ..) => Err(Fault::new(NotANumber, "digits and separators, but no number")),
        (Form::CommaThree, NumberStyle::Vietnamese, false) => {
            let fault = Fault::new(AmbiguousNumber, "thousands or decimals: nothing in the file tells");
            Err(fault.suggest(Some(format!("write {}, {stated}", token.replace(',', ".")))))
        }
        (Form::CommaThree | Form::DotThree, NumberStyle::International, false) => {
            let fault = Fault::new(AmbiguousNumber, "thousands or decimals: nothing in the file tells");
            Err(fault.suggest(Some(format!("write {}, {stated}", token.replace([',', '.'], "")))))
        }
        (Form::International, NumberStyle::Vietnamese, _) | (Form::Vietnamese, NumberStyle::International, _) => {
            let message = format!("the file is read in {} style", settled.style.code().to_lowercase());
            Err(Fault::new(MixedNumberStyle, message))
        }
        (Form::DotDecimal, NumberStyle::Vietnamese, _) => Ok(true),
        _ => Ok(false),
    }
}

/// Words that may stand before a number; others make it a sentence.
const BEFORE: &[&str] = &[
    "gần", "trên", "hơn", "khoảng", "ước", "đạt", "tính", "tối", "thiểu", "đa", "là", "tăng", "giảm", "bình", "quân",
    "trung", "thứ", "about", "almost", "nearly", "over", "more", "than", "at", "least", "most",
];

/// Scale words short of letters or marks: to read past them would be wrong by powers of ten.
const ABBREVIATED: &[&str] = &["tr", "trđ", "trieu", "nghin", "ngan", "ty", "ti", "k", "mn", "mil", "bn"];

fn worded(text: &str, facts: &Facts, settled: Settled) -> Result<Figure, Fault> {
    let space = |c: char| if c.is_whitespace() { ' ' } else { c };
    let text: String = text.chars().filter(|c| !is_superscript(*c)).map(space).collect();
    let text = text.trim();
    let no_number = || Fault::new(NotANumber, "no number").suggest(Some("leave value blank with a status".to_owned()));
    let Some((before, token, after)) = first_number(text) else {
        let printed = printed::read(text).map_err(|_| no_number())?;
        return Ok(Figure { qualifier: printed.qualifier, ..Figure::exact(printed.value) });
    };
    let lower = before.to_lowercase();
    let stray = lower.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty() && !BEFORE.contains(word));
    if stray.is_some() || before.contains(['/', '.', ',', '(', '+', '=']) {
        let advice = "put the figure alone into value, the sentence into as_printed";
        return Err(Fault::new(NotANumber, "a text with a number in it").suggest(Some(advice.to_owned())));
    }
    let field = field(after, facts)?;
    check_after(after, field.is_some(), facts)?;
    let slip = check_style(token, settled)?;
    let printed = read_in_style(text, settled.style).map_err(|error| Fault::new(NotANumber, error.to_string()))?;
    let value = match has_scale_word(text) {
        true => printed.value.scaled_up(-facts.multiplier),
        false => Some(printed.value),
    };
    let value = value.ok_or_else(|| Fault::new(NotANumber, "more digits than a figure can have"))?;
    Ok(Figure { value, qualifier: printed.qualifier, field, slip })
}

/// What stands behind a slash right after the number: the field of a rank, the maximum of a score.
fn field(after: &str, facts: &Facts) -> Result<Option<i32>, Fault> {
    let Some(rest) = after.strip_prefix('/').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) else {
        return Ok(None);
    };
    if !matches!(facts.kind, MeasureKind::Rank | MeasureKind::Index) {
        let advice = "give numerator, denominator and ratio each a row of its own";
        return Err(Fault::new(NotANumber, "a fraction is no figure").suggest(Some(advice.to_owned())));
    }
    let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    digits.parse().map(Some).map_err(|_| Fault::new(NotANumber, "the number behind the slash is too large"))
}

/// Behind the number: a percent sign where it belongs, words, and no second number.
fn check_after(after: &str, has_field: bool, facts: &Facts) -> Result<(), Fault> {
    if after.trim_start().starts_with('%') && !facts.is_percent {
        return Err(Fault::new(BadCell, "a percent sign, but the indicator is not counted in per cent"));
    }
    if after.starts_with(char::is_alphabetic) {
        return Err(Fault::new(NotANumber, "letters glued to the number").suggest(Some("put a space".to_owned())));
    }
    let first = after.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty()).unwrap_or_default();
    if ABBREVIATED.contains(&first.to_lowercase().as_str()) {
        let fault = Fault::new(NotANumber, format!("`{first}` may be a scale word"));
        return Err(fault.suggest(Some("write nghìn, triệu or tỷ in full".to_owned())));
    }
    let after = if has_field { after[1..].trim_start_matches(|c: char| c.is_ascii_digit()) } else { after };
    let mut before = [' ', ' '];
    for c in after.chars() {
        // `114 thuê bao/100 dân`: the unit of measure has a number of its own.
        let is_rate = before[1] == '/' && before[0].is_alphabetic();
        if c.is_ascii_digit() && !is_rate {
            return Err(Fault::new(NotANumber, "more than one number in the cell"));
        }
        before = if c.is_ascii_digit() { before } else { [before[1], c] };
    }
    Ok(())
}

fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}
