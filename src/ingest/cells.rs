//! One cell to one number. What can be read in two ways is a mistake, never a guess; a blank or a dash is no
//! figure, never 0.

use super::{
    grid::{Cell, CellKind},
    markup,
    problem::ProblemCode,
};
use crate::domain::{
    catalogue::Catalogue,
    indicator::{Indicator, MeasureKind},
    number::Exact,
    number_style::NumberStyle,
    observation::Qualifier,
    printed,
    text::fold,
};

/// What the numbers of a column count, as far as reading them depends on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// True for per cent: a percent sign may follow.
    pub is_percent: bool,
    /// True if only whole numbers make sense.
    pub is_whole: bool,
    /// True for places in an order: `07/63`.
    pub is_rank: bool,
    /// Power of ten of the unit of measure.
    pub multiplier: i16,
    /// How the table writes numbers.
    pub style: NumberStyle,
    /// Folded words of its name and symbol, which may follow the number.
    words: Vec<String>,
}

impl Measure {
    /// The measure of an indicator.
    pub fn of(indicator: &Indicator, catalogue: &Catalogue) -> Self {
        let unit = catalogue.unit_of_measure(&indicator.unit_of_measure);
        let names = unit.iter().flat_map(|u| [&u.name.vi, &u.name.en, &u.symbol.vi, &u.symbol.en]);
        let is_percent = unit.is_some_and(|u| u.symbol.vi == "%");
        Self {
            is_percent,
            is_whole: !is_percent
                && indicator.decimals == 0
                && matches!(indicator.kind, MeasureKind::Stock | MeasureKind::Flow | MeasureKind::Rank),
            is_rank: indicator.kind == MeasureKind::Rank,
            multiplier: unit.map_or(0, |u| u.multiplier),
            style: NumberStyle::Vietnamese,
            words: names.flat_map(|n| fold(n).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect(),
        }
    }
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The number in the unit of measure.
    pub value: Exact,
    /// Vagueness or bound printed before it.
    pub qualifier: Qualifier,
    /// What stands after a slash: the field of a rank.
    pub field: Option<i32>,
    /// A dot stood for the decimal sign: read, but worth a remark.
    pub dot_as_decimal: bool,
}

/// Why a cell cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What kind of mistake.
    pub code: ProblemCode,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

fn unreadable(code: ProblemCode, message: impl Into<String>, suggestion: Option<String>) -> Unreadable {
    Unreadable { code, message: message.into(), suggestion }
}

/// True for nothing, a dash or dots: no figure.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '−' | '.' | '…' | '_'))
}

/// Reads the number of a cell; `None` if it holds none.
///
/// # Errors
/// A formula, an error value, words, or a number that can be read in more than one way.
pub fn read_number(cell: &Cell, measure: &Measure) -> Result<Option<Number>, Unreadable> {
    match cell.kind {
        CellKind::Formula => Err(formula()),
        CellKind::Error => Err(unreadable(ProblemCode::NotANumber, "an error value of the worksheet", None)),
        CellKind::Date => Err(unreadable(ProblemCode::NotANumber, "a date, not a number", None)),
        CellKind::Number => {
            let value = cell.text.to_ascii_lowercase().parse();
            let value = value.map_err(|_| unreadable(ProblemCode::NotANumber, "cannot be kept exactly", None))?;
            Ok(Some(Number { value, qualifier: Qualifier::Exact, field: None, dot_as_decimal: false }))
        }
        CellKind::Text => {
            let text = markup::plain(&cell.text);
            match () {
                () if is_blank(&text) => Ok(None),
                () if text.starts_with('=') => Err(formula()),
                () => read_text(&text, measure).map(Some),
            }
        }
    }
}

fn formula() -> Unreadable {
    unreadable(ProblemCode::Formula, "a formula; its cached result is not trusted: write the number itself", None)
}

/// Dots for commas and commas for dots: international style as Vietnamese style.
fn swapped(text: &str) -> String {
    let swap = |c| match c {
        '.' => ',',
        ',' => '.',
        c => c,
    };
    text.chars().map(swap).collect()
}

fn read_text(text: &str, measure: &Measure) -> Result<Number, Unreadable> {
    let text = &match measure.style {
        NumberStyle::Vietnamese => text.to_owned(),
        NumberStyle::International => swapped(text),
    };
    let not_a_number = |message: &str| unreadable(ProblemCode::NotANumber, message, None);
    let lower = text.to_lowercase();
    let start = lower.find(|c: char| c.is_ascii_digit()).ok_or_else(|| not_a_number("no number stands here"))?;
    let (before, rest) = lower.split_at(start);
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
    let (token, after) = (rest[..end].trim_end_matches(['.', ',']), &rest[end..]);
    if rest.chars().all(|c| c.is_ascii_digit() || c == ' ') && rest.contains(' ') {
        let joined = rest.replace(' ', "");
        return Err(ambiguous("digits in groups set apart by blanks", joined.parse().ok().map(vietnamese)));
    }
    check_before(before).map_err(|()| not_a_number("a cell holds a number, not words"))?;
    let scale = check_after(after, measure).map_err(|message| not_a_number(&message))?;
    let fraction_of_three = token.split(',').skip(1).all(|g| g.len() == 3) && token.contains(',');
    if measure.is_whole && fraction_of_three && !token.contains('.') && !scale {
        return Err(ambiguous("a comma is the decimal sign, but this is a count", Some(token.replace(',', "."))));
    }
    if measure.is_percent && token.matches('.').count() == 1 && !token.contains(',') && token.len() > 4 {
        return Err(ambiguous("a dot groups thousands, but this is a share", Some(token.replace('.', ","))));
    }
    let printed = printed::read(text).map_err(|e| match e {
        printed::PrintedError::NoNumber(_) => not_a_number("no number stands here"),
        e @ printed::PrintedError::Ambiguous(_) => ambiguous(&e.to_string(), None),
    })?;
    if measure.is_whole && !scale && printed.value.scale() > 0 {
        return Err(ambiguous("a count is a whole number", None));
    }
    let value = if scale { printed.value.scaled_up(-measure.multiplier) } else { Some(printed.value) };
    Ok(Number {
        value: value.ok_or_else(|| not_a_number("too many digits"))?,
        qualifier: printed.qualifier,
        field: printed.field.and_then(|f| i32::try_from(f.mantissa()).ok().filter(|_| f.scale() == 0)),
        dot_as_decimal: printed.dot_as_decimal,
    })
}

fn ambiguous(message: &str, suggestion: Option<String>) -> Unreadable {
    unreadable(ProblemCode::AmbiguousNumber, message, suggestion)
}

fn vietnamese(value: Exact) -> String {
    value.display(crate::domain::text::Language::Vi)
}

/// Only a sign and words of vagueness may stand before the number.
fn check_before(before: &str) -> Result<(), ()> {
    const VAGUE: &[&str] =
        &["gần", "trên", "hơn", "khoảng", "ước", "đạt", "tính", "tối", "thiểu", "đa", "là", "tăng", "giảm", "thứ"];
    let words = before.split_whitespace().all(|w| VAGUE.contains(&w) || matches!(w, "-" | "−" | "+"));
    let signed = before.trim_end_matches(['-', '−', '+']).split_whitespace().all(|w| VAGUE.contains(&w));
    (words || signed).then_some(()).ok_or(())
}

/// Only the unit of measure may stand after the number; true if a scale word does.
fn check_after(after: &str, measure: &Measure) -> Result<bool, String> {
    let mut rest = after;
    if measure.is_rank
        && let Some(field) = after.strip_prefix('/')
    {
        rest = field.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    if rest.contains('%') && !measure.is_percent {
        return Err("a percent sign, but the column does not hold shares".to_owned());
    }
    if rest.chars().any(|c| !(c.is_alphabetic() || c.is_whitespace() || matches!(c, '%' | '.' | ',' | '/'))) {
        return Err("a cell holds one number and nothing else".to_owned());
    }
    let mut scale = false;
    for word in fold(rest).split(' ').filter(|w| !w.is_empty()) {
        match word {
            "nghin" | "ngan" | "trieu" | "ty" | "ti" => scale = true,
            word if measure.words.iter().any(|known| known == word) => {}
            _ => return Err(format!("`{word}` is no unit of this column")),
        }
    }
    Ok(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(is_percent: bool) -> Measure {
        let words = vec!["ho".to_owned(), "so".to_owned()];
        Measure {
            is_percent,
            is_whole: !is_percent,
            is_rank: false,
            multiplier: 0,
            style: NumberStyle::Vietnamese,
            words,
        }
    }

    fn read(text: &str, is_percent: bool) -> Result<Option<(String, Qualifier)>, ProblemCode> {
        let number = read_number(&Cell::text(text), &measure(is_percent));
        number.map(|n| n.map(|n| (n.value.to_string(), n.qualifier))).map_err(|e| e.code)
    }

    #[test]
    fn numbers_of_cells() {
        let exact = |value: &str| Ok(Some((value.to_owned(), Qualifier::Exact)));
        assert_eq!(read("46.821", false), exact("46821"));
        assert_eq!(read("1022", false), exact("1022"));
        assert_eq!(read("12 hồ sơ", false), exact("12"));
        assert_eq!(read("**12**¹", false), exact("12"));
        assert_eq!(read("99,7", true), exact("99.7"));
        assert_eq!(read("99,7 %", true), exact("99.7"));
        assert_eq!(read("99.7", true), exact("99.7"));
        assert_eq!(read("gần 25%", true), Ok(Some(("25".to_owned(), Qualifier::JustBelow))));
        for blank in ["", "-", " – ", "…", "..."] {
            assert_eq!(read(blank, false), Ok(None), "{blank}");
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        assert_eq!(read("1,022", false), Err(ProblemCode::AmbiguousNumber));
        assert_eq!(read("46.8", false), Err(ProblemCode::AmbiguousNumber));
        assert_eq!(read("99.784", true), Err(ProblemCode::AmbiguousNumber));
        assert_eq!(read("46 821", false), Err(ProblemCode::AmbiguousNumber));
        assert_eq!(read("1.23.456", false), Err(ProblemCode::AmbiguousNumber));
        assert_eq!(read("12%", false), Err(ProblemCode::NotANumber));
        assert_eq!(read("12 trạm", false), Err(ProblemCode::NotANumber));
        assert_eq!(read("năm 2024", false), Err(ProblemCode::NotANumber));
        assert_eq!(read("5/7", false), Err(ProblemCode::NotANumber));
        assert_eq!(read("chưa có", false), Err(ProblemCode::NotANumber));
        assert_eq!(read("=A1+B1", false), Err(ProblemCode::Formula));
        let comma = read_number(&Cell::text("1,022"), &measure(false)).expect_err("ambiguous");
        assert_eq!(comma.suggestion.as_deref(), Some("1.022"));
    }

    #[test]
    fn typed_cells_are_taken_as_they_are() {
        let typed = |text: &str, kind| read_number(&Cell { text: text.into(), kind }, &measure(true));
        assert_eq!(
            typed("46.821", CellKind::Number).expect("a number").map(|n| n.value.to_string()).as_deref(),
            Some("46.821")
        );
        assert_eq!(typed("12", CellKind::Formula).expect_err("a formula").code, ProblemCode::Formula);
        assert_eq!(typed("#DIV/0!", CellKind::Error).expect_err("an error").code, ProblemCode::NotANumber);
        assert_eq!(typed("2024-09-03", CellKind::Date).expect_err("a date").code, ProblemCode::NotANumber);
    }
}
