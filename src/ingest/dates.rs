//! Days and periods as Vietnamese reports write them in running text: `từ 01/01/2024 đến 03/9/2024`, `9 tháng đầu
//! năm 2024`, `quý III năm 2024`. Owns nothing but the reading; it never takes a date from a clock.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::domain::{period::Period, text::fold};

/// A day in a text, with the bytes that it takes there.
struct Found {
    start: usize,
    end: usize,
    day: NaiveDate,
}

/// The first interval of days: `từ [ngày] d/m/yyyy đến [ngày] d/m/yyyy`. Where only `(tính) đến [ngày] d/m/yyyy`
/// stands, counting is taken to begin on 1 January of that year.
pub fn interval_in(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let text: String = text.nfc().collect::<String>().to_lowercase();
    let days = days_in(&text);
    for (i, end) in days.iter().enumerate() {
        let before = text[..end.start].trim_end();
        let Some(before) = without_until(before) else { continue };
        let start = match i.checked_sub(1).map(|j| &days[j]) {
            Some(first) if first.end >= before.len() => starts(&text[..first.start]).then_some(first.day),
            _ => short_day_at_end(before, end.day).filter(|(at, _)| starts(&before[..*at])).map(|(_, day)| day),
        };
        if let Some(start) = start.filter(|start| *start <= end.day) {
            return Some((start, end.day));
        }
    }
    let until = days.iter().find(|d| without_until(text[..d.start].trim_end()).is_some())?;
    Some((first_of_year(until.day)?, until.day))
}

/// `ngày 20 tháng 9 năm 2024` or `20/9/2024`: the first day of a text.
pub fn day_in(text: &str) -> Option<NaiveDate> {
    let text: String = text.nfc().collect::<String>().to_lowercase();
    days_in(&text).first().map(|d| d.day)
}

/// The period that a text names by the calendar. `weak` also accepts a bare `năm 2024`.
pub fn calendar_period_in(text: &str, weak: bool) -> Option<Period> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').collect();
    (0..words.len()).find_map(|at| months_or_quarter(&words, at)).or_else(|| {
        let is_horizon = |at: usize| {
            at > 0
                && matches!(words[at - 1], "den" | "doan" | "tu" | "het" | "truoc" | "sau")
                    | words[at - 1].parse::<u32>().is_ok()
        };
        let mut years = (0..words.len()).filter(|at| words[*at] == "nam" && !is_horizon(*at));
        years.find_map(|at| year(words.get(at + 1)?)).filter(|_| weak).and_then(|y| y.to_string().parse().ok())
    })
}

fn months_or_quarter(words: &[&str], at: usize) -> Option<Period> {
    // The year follows within `đầu năm`, `của năm`, `năm` or nothing.
    let year_after = |from: usize| {
        let fillers = words[from.min(words.len())..]
            .iter()
            .take_while(|w| matches!(**w, "dau" | "cuoi" | "cua" | "nam"))
            .take(3)
            .count();
        year(words.get(from + fillers)?)
    };
    match words[at] {
        "thang" if at > 0 && words[at - 1] != "ngay" => {
            let count = words[at - 1].parse::<u32>().ok().filter(|n| (1..=12).contains(n))?;
            let is_end = words.get(at + 1) == Some(&"cuoi");
            let year = year_after(at + 1)?;
            match (count, is_end) {
                (6, true) => format!("{year}-S2").parse().ok(),
                (_, true) => None,
                _ => format!("{year}-01-01/P{count}M").parse().ok(),
            }
        }
        "quy" => {
            let quarter = match *words.get(at + 1)? {
                "1" | "i" => 1,
                "2" | "ii" => 2,
                "3" | "iii" => 3,
                "4" | "iv" => 4,
                _ => return None,
            };
            format!("{}-Q{quarter}", year_after(at + 2)?).parse().ok()
        }
        _ => None,
    }
}

fn year(word: &str) -> Option<i32> {
    word.parse().ok().filter(|y| (1990..=2100).contains(y))
}

fn first_of_year(day: NaiveDate) -> Option<NaiveDate> {
    use chrono::Datelike;
    NaiveDate::from_ymd_opt(day.year(), 1, 1)
}

/// The text before `đến`, `đến ngày`, `đến hết ngày` or a dash, at the end of a text.
fn without_until(text: &str) -> Option<&str> {
    let text = text.strip_suffix("ngày").map_or(text, str::trim_end);
    let text = text.strip_suffix("hết").map_or(text, str::trim_end);
    let text = text.strip_suffix("đến").or_else(|| text.strip_suffix(['-', '–', '—']))?;
    Some(text.trim_end())
}

fn starts(before: &str) -> bool {
    let before = before.trim_end();
    let before = before.strip_suffix("ngày").map_or(before, str::trim_end);
    before.strip_suffix("từ").is_some_and(|rest| !rest.ends_with(char::is_alphabetic))
}

/// `01/01` at the end of a text, in the year of `other`, and where it begins.
fn short_day_at_end(text: &str, other: NaiveDate) -> Option<(usize, NaiveDate)> {
    use chrono::Datelike;
    let at = text
        .rfind(|c: char| !(c.is_ascii_digit() || c == '/'))
        .map_or(0, |i| i + text[i..].chars().next().map_or(1, char::len_utf8));
    let (day, month) = text[at..].split_once('/')?;
    let day = NaiveDate::from_ymd_opt(other.year(), month.parse().ok()?, day.parse().ok()?)?;
    Some((at, day))
}

fn days_in(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let is_start = bytes[at].is_ascii_digit() && (at == 0 || !bytes[at - 1].is_ascii_digit());
        match is_start.then(|| day_at(text, at)).flatten() {
            Some((end, day)) => {
                found.push(Found { start: at, end, day });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// A full day that begins at a byte, and where it ends.
fn day_at(text: &str, at: usize) -> Option<(usize, NaiveDate)> {
    let number = |from: usize, most: usize| {
        let digits = text[from..].bytes().take_while(u8::is_ascii_digit).count();
        (1..=most).contains(&digits).then(|| Some((from + digits, text[from..from + digits].parse::<u32>().ok()?)))?
    };
    let (after_day, day) = number(at, 2)?;
    let (after_month, month, before_year) = match text[after_day..].chars().next()? {
        sign @ ('/' | '-' | '.') => {
            let (end, month) = number(after_day + 1, 2)?;
            (end, month, text[end..].starts_with(sign).then_some(end + 1)?)
        }
        _ => {
            let rest = text[after_day..].trim_start().strip_prefix("tháng")?.trim_start();
            let (end, month) = number(text.len() - rest.len(), 2)?;
            let rest = text[end..].trim_start().strip_prefix("năm")?.trim_start();
            (end, month, text.len() - rest.len())
        }
    };
    let (end, year) = number(before_year, 4).filter(|(end, _)| *end == before_year + 4 && after_month < *end)?;
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    (1900..=2200).contains(&year).then_some((end, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(text: &str) -> Option<String> {
        interval_in(text).map(|(a, b)| format!("{a}/{b}"))
    }

    #[test]
    fn intervals_of_days() {
        let whole = Some("2024-01-01/2024-09-03".to_owned());
        for text in [
            "hồ sơ từ 01/01/2024 đến 03/9/2024 đã tiếp nhận",
            "Từ ngày 01/01/2024 đến ngày 3/9/2024",
            "(từ 01/01 đến hết ngày 03/9/2024)",
            "từ ngày 1 tháng 1 năm 2024 đến ngày 3 tháng 9 năm 2024",
            "tính đến ngày 03/9/2024",
            "ngày 10/9/2024; đến 03/09/2024",
        ] {
            assert_eq!(interval(text), whole, "{text}");
        }
        assert_eq!(interval("Báo cáo ngày 10/9/2024"), None);
        assert_eq!(interval("đến ngày 31/02/2024"), None);
        assert_eq!(interval("từ 15/12/2023 đến 14/6/2024"), Some("2023-12-15/2024-06-14".to_owned()));
    }

    #[test]
    fn periods_of_the_calendar() {
        let strong = |text| calendar_period_in(text, false).map(|p| p.to_string());
        assert_eq!(strong("trong 9 tháng đầu năm 2024").as_deref(), Some("2024-01-01/P9M"));
        assert_eq!(strong("9 tháng của năm 2023").as_deref(), Some("2023-01-01/P9M"));
        assert_eq!(strong("6 THÁNG CUỐI NĂM 2024").as_deref(), Some("2024-S2"));
        assert_eq!(strong("quý III năm 2024").as_deref(), Some("2024-Q3"));
        assert_eq!(strong("Quý 3/2024").as_deref(), Some("2024-Q3"));
        assert_eq!(strong("ngày 20 tháng 9 năm 2024"), None);
        assert_eq!(strong("năm 2024"), None);
        let weak = |text| calendar_period_in(text, true).map(|p| p.to_string());
        assert_eq!(weak("Kết quả năm 2024").as_deref(), Some("2024"));
        assert_eq!(weak("giai đoạn 2021-2025, định hướng đến năm 2030"), None);
        assert_eq!(weak("ngày 20 tháng 9 năm 2024"), None);
    }

    #[test]
    fn a_day_in_words() {
        assert_eq!(day_in("X, ngày 20 tháng 9 năm 2024").map(|d| d.to_string()).as_deref(), Some("2024-09-20"));
    }
}
