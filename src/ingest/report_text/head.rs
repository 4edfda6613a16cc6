//! The head of a report: number, place, day, title, nominal period.

use super::ReportText;
use crate::{domain::text::fold, ingest::dates};

/// Reads the head; everything else stays empty.
pub fn read(head: &str) -> ReportText {
    let lines: Vec<&str> = head.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let dated = lines.iter().find(|l| l.to_lowercase().contains("ngày") && l.len() < 120 && dates::day_in(l).is_some());
    let title = title(&lines);
    let named = |text: &str, weak| dates::calendar_period_in(text, weak);
    let titled = |weak| title.as_deref().and_then(|t| named(t, weak));
    let period = titled(false)
        .or_else(|| lines.iter().find_map(|l| named(l, false)))
        .or_else(|| titled(true))
        .or_else(|| dates::interval_in(title.as_deref()?).and_then(|(a, b)| crate::domain::period::Period::new(a, b)));
    ReportText {
        code: lines.iter().find_map(|l| code(l)),
        place: dated.and_then(|l| l.split_once(',')).map(|(place, _)| place.trim().to_owned()),
        issued_on: dated.and_then(|l| dates::day_in(l)),
        title,
        period,
        ..ReportText::default()
    }
}

/// `Số 12/BC-UBND`, `Số: 12-BC/TU`: the number of the document.
fn code(line: &str) -> Option<String> {
    let rest = line.strip_prefix("Số")?.trim_start_matches([':', '.', ' ']);
    let code = rest.split_whitespace().collect::<String>();
    let looks_right =
        code.starts_with(|c: char| c.is_ascii_digit()) && code.contains('/') && code.contains(char::is_alphabetic);
    (looks_right && code.chars().count() <= 40).then_some(code)
}

/// What follows the line that says what kind of document it is, up to the addressees.
fn title(lines: &[&str]) -> Option<String> {
    const KINDS: &[&str] = &["bao cao", "ke hoach", "thong bao", "to trinh"];
    let at = lines.iter().position(|l| KINDS.contains(&fold(l).as_str()))?;
    let ends = |line: &str| {
        let folded = fold(line);
        folded.starts_with("kinh gui")
            || folded.starts_with("thuc hien ")
            || folded.starts_with("can cu ")
            || line.starts_with('-')
    };
    let title: Vec<&str> = lines[at + 1..].iter().copied().take_while(|l| !ends(l)).take(4).collect();
    Some(title.join(" ")).filter(|t| !t.is_empty())
}
