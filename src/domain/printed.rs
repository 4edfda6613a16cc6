//! Reading a figure as Vietnamese officials print it: `gần 25%`, `hơn 5,9 triệu`, `giảm 06%`, `07/63`.
//!
//! In Vietnamese the dot groups thousands and the comma is the decimal sign. What cannot be read in one
//! way only is an error, never a guess.

use unicode_normalization::UnicodeNormalization;

use super::{number::Exact, observation::Qualifier};

/// What a printed figure says.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The number with its scale word applied, in ones: "5,9 triệu" is 5.9 × 10⁶.
    pub value: Exact,
    /// The vagueness or bound printed right before the number.
    pub qualifier: Qualifier,
    /// What stands after a slash: the field of a rank, the maximum of a score.
    pub field: Option<Exact>,
    /// A dot used as decimal sign by slip (`7.5%`): read, but worth a warning.
    pub dot_as_decimal: bool,
}

/// Why a printed text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintedError {
    /// There is no digit in it.
    #[error("no number in `{0}`")]
    NoNumber(String),
    /// More than one reading is possible.
    #[error("`{0}` can be read in more than one way; write thousands as 1.234.567 and decimals as 12,34")]
    Ambiguous(String),
}

/// Reads the first number of a printed text.
pub fn read(text: &str) -> Result<Printed, PrintedError> {
    let text: String = text.nfc().collect::<String>().to_lowercase();
    let start = text.find(|c: char| c.is_ascii_digit());
    let (before, rest) = match start {
        Some(at) => text.split_at(at),
        None => match text.contains("hàng trăm") {
            true => return Ok(order_of_magnitude(2)),
            false => return Err(PrintedError::NoNumber(shorten(&text))),
        },
    };
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(rest.len());
    let token = rest[..end].trim_end_matches(['.', ',']);
    let after = &rest[end..];
    let (number, dot_as_decimal) = read_token(token)?;
    let power = scale_word(after);
    let value = number.scaled_up(power).ok_or_else(|| PrintedError::Ambiguous(shorten(&text)))?;
    let falling = before.split_whitespace().any(|word| word == "giảm") || before.trim_end().ends_with(['-', '−']);
    let value = if falling { Exact::new(-value.mantissa(), value.scale()).unwrap_or(value) } else { value };
    let field = after
        .strip_prefix('/')
        .and_then(|f| f.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).next())
        .and_then(|f| read_token(f.trim_end_matches(['.', ','])).ok())
        .map(|(field, _)| field);
    Ok(Printed { value, qualifier: qualifier(before), field, dot_as_decimal })
}

fn order_of_magnitude(power: i16) -> Printed {
    Printed {
        value: Exact::new(1, -power).unwrap_or(Exact::whole(0)),
        qualifier: Qualifier::OrderOfMagnitude,
        field: None,
        dot_as_decimal: false,
    }
}

/// Reads one number without its surroundings. The flag says that a dot stood for the decimal sign.
fn read_token(token: &str) -> Result<(Exact, bool), PrintedError> {
    let ambiguous = || PrintedError::Ambiguous(shorten(token));
    let (integer, fraction) = match token.split_once(',') {
        Some((_, fraction)) if fraction.is_empty() || fraction.contains([',', '.']) => return Err(ambiguous()),
        Some((integer, fraction)) => (integer, Some(fraction)),
        None => (token, None),
    };
    let groups: Vec<&str> = integer.split('.').collect();
    let thousands = groups.len() > 1 && groups[1..].iter().all(|g| g.len() == 3) && (1..=3).contains(&groups[0].len());
    let slip = groups.len() == 2 && (1..=2).contains(&groups[1].len()) && fraction.is_none() && !groups[0].is_empty();
    let plain = match (groups.len(), thousands, slip) {
        (1, ..) | (_, true, _) => match fraction {
            Some(fraction) => format!("{}.{fraction}", groups.concat()),
            None => groups.concat(),
        },
        (_, false, true) => integer.to_owned(),
        _ => return Err(ambiguous()),
    };
    let plain = plain.parse().map_err(|_| ambiguous())?;
    Ok((plain, slip && !thousands))
}

/// Power of ten of the scale word that follows a number; 0 if none does.
fn scale_word(after: &str) -> i16 {
    let mut words = after.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    if !after.starts_with([' ', '\u{a0}']) {
        return 0;
    }
    match (words.next(), words.next()) {
        (Some("nghìn" | "ngàn"), Some("tỷ" | "tỉ")) => 12,
        (Some("nghìn" | "ngàn"), _) => 3,
        (Some("triệu"), _) => 6,
        (Some("tỷ" | "tỉ"), next) if !matches!(next, Some("lệ" | "trọng")) => 9,
        _ => 0,
    }
}

/// The qualifier formed by the words directly before a number. Of two words a bound wins: "ước đạt trên"
/// is a lower bound that is also an estimate (the estimate is the figure's status).
fn qualifier(before: &str) -> Qualifier {
    let words = before.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).rev();
    let vague = ["gần", "trên", "hơn", "khoảng", "ước", "đạt", "tính", "thiểu", "đa", "tối", "là"];
    let mut found = Qualifier::Exact;
    for word in words.take_while(|word| vague.contains(word)) {
        match word {
            "gần" => return Qualifier::JustBelow,
            "trên" | "hơn" | "thiểu" => return Qualifier::AtLeast,
            "đa" => return Qualifier::AtMost,
            "khoảng" | "ước" => found = Qualifier::Approximate,
            _ => {}
        }
    }
    found
}

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, value: &str, qualifier: Qualifier) {
        let printed = read(text).expect(text);
        assert_eq!((printed.value, printed.qualifier), (value.parse().expect(value), qualifier), "{text}");
    }

    #[test]
    fn vietnamese_forms() {
        check("46.821", "46821", Qualifier::Exact);
        check("3.356.057 hồ sơ", "3356057", Qualifier::Exact);
        check("93,78%", "93.78", Qualifier::Exact);
        check("1.286,79 ha", "1286.79", Qualifier::Exact);
        check("1022", "1022", Qualifier::Exact);
        check("2,34 %", "2.34", Qualifier::Exact);
        check("gần 25%", "25", Qualifier::JustBelow);
        check("trên 3000 sản phẩm", "3000", Qualifier::AtLeast);
        check("hơn 5,9 triệu giao dịch", "5.9e6", Qualifier::AtLeast);
        check("khoảng 530,3 nghìn tỷ đồng", "530.3e12", Qualifier::Approximate);
        check("ước đạt trên 370 triệu đồng", "370e6", Qualifier::AtLeast);
        check("ước đạt 512,3 nghìn tỷ đồng", "512.3e12", Qualifier::Approximate);
        check("giảm 06% so với cùng kỳ năm 2023", "-6", Qualifier::Exact);
        check("hàng trăm tin, bài", "1e2", Qualifier::OrderOfMagnitude);
        check("990 triệu đồng", "990e6", Qualifier::Exact);
        check("99 tỷ lệ", "99", Qualifier::Exact);
    }

    #[test]
    fn a_place_name_is_no_bound() {
        check("trên địa bàn tỉnh có 22.719 sự kiện", "22719", Qualifier::Exact);
    }

    #[test]
    fn a_rank_keeps_its_field_and_a_slip_is_told() {
        assert_eq!(read("07/63").expect("rank").field, Some(Exact::whole(63)));
        assert_eq!(read("83,87/100 điểm").expect("score").field, Some(Exact::whole(100)));
        let slip = read("tăng 7.5%").expect("slip");
        assert_eq!((slip.value, slip.dot_as_decimal), ("7.5".parse().expect("number"), true));
        assert!(!read("3.709").expect("thousands").dot_as_decimal);
    }

    #[test]
    fn what_can_be_read_twice_is_refused() {
        for bad in ["1.2345", "1,2,3", "1.23.456", "", "không có", "1234.567"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
