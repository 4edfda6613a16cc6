//! Periods as people write them: `9 tháng năm 2024`, `quý III/2024`, `từ 01/01/2024 đến 03/9/2024`.
//!
//! Owns the wording; what a period is belongs to [`super::period`]. Dates are always day first. A text that
//! needs a context to be understood (`đến nay`, `cùng kỳ`) is not read.

use chrono::{Datelike, Months, NaiveDate};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::period::Period;

/// Longest text that is looked at.
const MAX_CHARS: usize = 80;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Number(u32),
    Word(String),
    Sign(char),
}

use Token::{Number, Sign, Word};

/// Reads a period: a code of [`Period`], or a wording. A date alone is that day; `tính đến 31/7/2024` is the day up
/// to which was counted, `đến hết tháng 8/2023` the last day of that month.
pub fn read(text: &str) -> Option<Period> {
    let text = text.trim();
    if let Ok(period) = text.parse() {
        return Some(period);
    }
    let tokens = tokens(text)?;
    span(&tokens)
        .or_else(|| up_to(&tokens))
        .or_else(|| date(&tokens, None).and_then(day))
        .or_else(|| named(&tokens))
        .or_else(|| years(&tokens))
}

/// Reads one day: `2024-09-03`, `03/9/2024`, `ngày 3 tháng 9 năm 2024`.
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    super::period::parse_date(text).or_else(|| date(&tokens(text)?, None))
}

/// Lower case without marks; `None` for what no period looks like.
fn tokens(text: &str) -> Option<Vec<Token>> {
    if text.chars().count() > MAX_CHARS {
        return None;
    }
    let mut found: Vec<Token> = Vec::new();
    let mut digits = 0;
    let mut glued = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let c = match c {
            'đ' => 'd',
            '–' | '—' | '−' | '‑' | '‐' => '-',
            c => c,
        };
        match (c, found.last_mut()) {
            ('0'..='9', Some(Number(n))) if glued => {
                digits += 1;
                *n = n.checked_mul(10)?.checked_add(c.to_digit(10)?)?;
                if digits > 4 {
                    return None;
                }
            }
            ('0'..='9', _) => {
                digits = 1;
                found.push(Number(c.to_digit(10)?));
            }
            (c, Some(Word(word))) if c.is_alphabetic() && glued => word.push(c),
            (c, _) if c.is_alphabetic() => found.push(Word(c.to_string())),
            (c, _) if c.is_whitespace() => {}
            ('/' | '-' | '.', _) => found.push(Sign(c)),
            (',' | '(' | ')', _) => {}
            _ => return None,
        }
        glued = !c.is_whitespace();
    }
    // Words that say nothing about which days are meant.
    let filler = ["ngay", "cua", "trong", "ky", "ca"];
    found.retain(|token| !matches!(token, Word(word) if filler.contains(&word.as_str())));
    (!found.is_empty()).then_some(found)
}

fn is_word(token: Option<&Token>, words: &[&str]) -> bool {
    matches!(token, Some(Word(word)) if words.contains(&word.as_str()))
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|y| (1900..=2200).contains(y))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

fn day(date: NaiveDate) -> Option<Period> {
    Period::new(date, date)
}

/// `count` months from the given one on.
fn months(year: u32, month: u32, count: u32) -> Option<Period> {
    let start = ymd(year, month, 1)?;
    Period::new(start, start.checked_add_months(Months::new(count))?.pred_opt()?)
}

/// A date; one without a year takes that of the other end of its span.
fn date(tokens: &[Token], year: Option<u32>) -> Option<NaiveDate> {
    match (tokens, year) {
        ([Number(d), Sign(a), Number(m), Sign(b), Number(y)], _) if a == b => ymd(*y, *m, *d),
        ([Number(d), Word(thang), Number(m), Word(nam), Number(y)], _) if thang == "thang" && nam == "nam" => {
            ymd(*y, *m, *d)
        }
        ([Number(d), Sign('/'), Number(m)], Some(y)) => ymd(y, *m, *d),
        _ => None,
    }
}

/// `từ A đến B`, `A - B`.
fn span(tokens: &[Token]) -> Option<Period> {
    let from = is_word(tokens.first(), &["tu"]);
    let tokens = if from { &tokens[1..] } else { tokens };
    let split = |at: usize| {
        let end = date(&tokens[at + 1..], None)?;
        let start = date(&tokens[..at], Some(u32::try_from(end.year()).ok()?))?;
        Period::new(start, end)
    };
    let joins = |token: &Token| matches!(token, Sign('-')) || is_word(Some(token), &["den"]);
    (1..tokens.len().saturating_sub(1)).filter(|&at| joins(&tokens[at])).find_map(split)
}

/// `tính đến 31/7/2024`, `đến hết tháng 8/2023`.
fn up_to(tokens: &[Token]) -> Option<Period> {
    let rest = match tokens {
        [Word(a), Word(b), rest @ ..] if a == "tinh" && b == "den" => rest,
        [Word(a), rest @ ..] if a == "den" => rest,
        _ => return None,
    };
    let rest = if is_word(rest.first(), &["het"]) { &rest[1..] } else { rest };
    let last = date(rest, None).or_else(|| named(rest).map(|period| period.end()))?;
    day(last)
}

/// A year behind `năm`, a slash, a dash or nothing.
fn year(tokens: &[Token]) -> Option<u32> {
    match tokens {
        [Number(y)] | [Sign('/' | '-'), Number(y)] if (1900..=2200).contains(y) => Some(*y),
        [Word(nam), Number(y)] if nam == "nam" => Some(*y),
        _ => None,
    }
}

/// A quarter, month, number of months or year of the calendar.
fn named(tokens: &[Token]) -> Option<Period> {
    match tokens {
        [Word(nam), Number(y)] if nam == "nam" => months(*y, 1, 12),
        [Word(quy), Number(n), rest @ ..] if (quy == "quy" || quy == "q") && (1..=4).contains(n) => {
            months(year(rest)?, (n - 1) * 3 + 1, 3)
        }
        [Word(quy), Word(roman), rest @ ..] if quy == "quy" => {
            let n = ["i", "ii", "iii", "iv"].iter().position(|r| r == roman)?;
            months(year(rest)?, u32::try_from(n).ok()? * 3 + 1, 3)
        }
        [Word(thang), Number(m), rest @ ..] if thang == "thang" => months(year(rest)?, *m, 1),
        [Number(m), Sign('/'), Number(y)] if (1..=12).contains(m) => months(*y, *m, 1),
        [Number(n), Word(thang), rest @ ..] if thang == "thang" && (1..=12).contains(n) => match rest {
            [Word(dau), rest @ ..] if dau == "dau" => months(year(rest)?, 1, *n),
            [Word(cuoi), rest @ ..] if cuoi == "cuoi" => months(year(rest)?, 13 - n, *n),
            rest => months(year(rest)?, 1, *n),
        },
        _ => None,
    }
}

/// `giai đoạn 2021-2025`, `2021-2025`.
fn years(tokens: &[Token]) -> Option<Period> {
    let tokens = match tokens {
        [Word(a), Word(b), rest @ ..] if a == "giai" && b == "doan" => rest,
        all => all,
    };
    match tokens {
        [Number(a), Sign('-'), Number(b)] if *a >= 1900 => Period::new(ymd(*a, 1, 1)?, ymd(*b, 12, 31)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, code: &str) {
        assert_eq!(read(text).map(|p| p.to_string()).as_deref(), Some(code), "{text}");
    }

    #[test]
    fn every_wording_is_read() {
        for (text, code) in [
            ("2024-Q3", "2024-Q3"),
            ("2024-01-01/P9M", "2024-01-01/P9M"),
            ("9 tháng năm 2024", "2024-01-01/P9M"),
            ("9 tháng đầu năm 2024", "2024-01-01/P9M"),
            ("9 tháng của năm 2023", "2023-01-01/P9M"),
            ("09 tháng/2024", "2024-01-01/P9M"),
            ("6 tháng đầu năm 2024", "2024-S1"),
            ("6 tháng cuối năm 2024", "2024-S2"),
            ("Quý III/2024", "2024-Q3"),
            ("quý III năm 2024", "2024-Q3"),
            ("QUÝ IV năm 2024", "2024-Q4"),
            ("Quý 3-2024", "2024-Q3"),
            ("Q1/2024", "2024-Q1"),
            ("tháng 8/2024", "2024-08"),
            ("Tháng 08 năm 2024", "2024-08"),
            ("8/2024", "2024-08"),
            ("năm 2024", "2024"),
            ("cả năm 2024", "2024"),
            ("03/9/2024", "2024-09-03"),
            ("ngày 03-09-2024", "2024-09-03"),
            ("3.9.2024", "2024-09-03"),
            ("ngày 3 tháng 9 năm 2024", "2024-09-03"),
            ("01/01/2024-03/09/2024", "2024-01-01/2024-09-03"),
            ("01/01/2024 – 30/09/2024", "2024-01-01/P9M"),
            ("từ 01/01/2024 đến 03/9/2024", "2024-01-01/2024-09-03"),
            ("Từ ngày 01/01 đến ngày 03/9/2024", "2024-01-01/2024-09-03"),
            ("tính đến 31/7/2024", "2024-07-31"),
            ("tính đến ngày 31/7/2024", "2024-07-31"),
            ("đến hết tháng 8/2023", "2023-08-31"),
            ("giai đoạn 2021-2025", "2021-01-01/P60M"),
        ] {
            check(text, code);
            check(&text.nfd().collect::<String>(), code);
        }
    }

    #[test]
    fn the_day_stands_first() {
        check("02/4/2024", "2024-04-02");
        assert_eq!(read("04/23/2024"), None, "no month 23");
        assert_eq!(read_date("03/9/2024"), NaiveDate::from_ymd_opt(2024, 9, 3));
        assert_eq!(read_date("2024-09-03"), NaiveDate::from_ymd_opt(2024, 9, 3));
        assert_eq!(read_date("8/2024"), None);
    }

    #[test]
    fn what_needs_a_context_is_not_read() {
        for bad in [
            "",
            "đến nay",
            "cùng kỳ",
            "cùng kỳ năm 2023",
            "quý V/2024",
            "quý 5/2024",
            "tháng 13/2024",
            "13 tháng năm 2024",
            "9 tháng",
            "tháng 8",
            "năm 24",
            "31/02/2024",
            "03/9/24",
            "đến 03/9/2024 từ 01/01/2024",
            "từ 03/9/2024 đến 01/01/2024",
            "24/7",
            "2024-13",
            "năm 20244",
            "9 tháng đầu năm 2024 và 2025",
            "1/2/3/2024",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = (read(&text), read_date(&text));
        }

        #[test]
        fn no_wording_panics(text in "(từ |đến |quý |tháng |năm |[0-9]{1,5}|/|-|\\.| ){0,12}") {
            let _ = (read(&text), read_date(&text));
        }
    }
}
