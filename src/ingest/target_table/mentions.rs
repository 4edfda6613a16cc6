//! Figures in a sentence of a result: shares, ranks and counts, without years, days and numbers of documents.

use crate::domain::{number::Exact, observation::Qualifier, printed, text::fold};

/// What a number in a sentence is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With a percent sign.
    Share,
    /// `thứ 3/61`: a place with the size of its field.
    Rank,
    /// Anything else.
    Count,
}

/// A number in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// What it is written as.
    pub form: Form,
    /// The number in ones.
    pub value: Exact,
    /// Vagueness printed before it.
    pub qualifier: Qualifier,
    /// Size of the field of a rank.
    pub field: Option<i32>,
    /// The number with the words that belong to it.
    pub as_printed: String,
    /// The words that follow, folded.
    pub after: String,
    /// The part of the sentence in which it stands.
    pub segment: String,
}

/// The numbers of a text in order.
pub fn find(text: &str) -> Vec<Mention> {
    segments(text).iter().flat_map(|segment| in_segment(segment)).collect()
}

/// Parts of a text that say one thing each.
fn segments(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let chars: Vec<char> = text.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let ends =
            matches!(c, ';' | '(' | ')' | '\n') || (*c == '.' && chars.get(i + 1).is_none_or(|n| n.is_whitespace()));
        match (ends, parts.last_mut()) {
            (false, Some(part)) => part.push(*c),
            _ => parts.push(String::new()),
        }
    }
    parts.iter().map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

fn in_segment(segment: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = segment[at..].find(|c: char| c.is_ascii_digit()).map(|i| at + i) {
        let length = segment[start..]
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))
            .unwrap_or(segment.len() - start);
        let token = segment[start..start + length].trim_end_matches(['.', ',']);
        let end = start + token.len();
        at = start + length;
        let (before, after) = (&segment[..start], &segment[end..]);
        // Days, years and numbers of documents go on with strokes and dashes: skip all of it.
        let word_end = after.find(char::is_whitespace).unwrap_or(after.len());
        let rank_of: String =
            after.strip_prefix('/').unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
        let glued = after[..word_end].trim_end_matches([',', '.', '%', ':']);
        let is_rank = !rank_of.is_empty() && glued == format!("/{rank_of}");
        if !glued.is_empty() && !is_rank {
            at = end + word_end;
            continue;
        }
        if is_no_figure(before, after) {
            continue;
        }
        let words: Vec<&str> = before.split_whitespace().collect();
        let vague = words.iter().rev().take_while(is_vague).count();
        let from = words.len() - vague;
        let tail: String = after[if is_rank { glued.len() } else { 0 }..].chars().take(60).collect();
        let number = format!("{} {token}{}", words[from..].join(" "), if is_rank { glued } else { "" });
        let spelled = format!("{}{}", number.trim(), if is_rank { "" } else { &tail });
        let Ok(read) = printed::read(&spelled) else { continue };
        let is_share = tail.trim_start().starts_with('%');
        let form = if is_rank {
            Form::Rank
        } else if is_share {
            Form::Share
        } else {
            Form::Count
        };
        let unit: String = match form {
            Form::Share => "%".to_owned(),
            Form::Rank => String::new(),
            Form::Count => tail
                .split_inclusive(char::is_whitespace)
                .take(4)
                .collect::<String>()
                .trim_end_matches([' ', ','])
                .to_owned(),
        };
        found.push(Mention {
            form,
            value: read.value,
            qualifier: read.qualifier,
            field: Some(rank_of).filter(|_| is_rank).and_then(|f| f.parse().ok()),
            as_printed: format!("{}{unit}", number.trim()),
            after: fold(&tail),
            segment: segment.to_owned(),
        });
        at = at.max(end + if is_rank { glued.len() } else { 0 });
    }
    found
}

fn is_vague(word: &&&str) -> bool {
    const WORDS: &[&str] = &["gần", "trên", "hơn", "khoảng", "ước", "đạt", "tối", "thiểu", "đa", "thứ", "tăng", "giảm"];
    WORDS.contains(&word.to_lowercase().as_str())
}

/// True for the numbers of years, months, days, documents and levels.
fn is_no_figure(before: &str, after: &str) -> bool {
    let last = fold(before);
    let next = fold(after);
    let ends = |words: &[&str]| words.iter().any(|w| last == *w || last.ends_with(&format!(" {w}")));
    let is_glued = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.'));
    is_glued
        || ends(&["nam", "thang", "ngay", "quy", "muc do", "dieu", "khoan", "de an"])
        || next.split(' ').next() == Some("thang")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_out_from_other_numbers() {
        let text = "Ngày 02/4/2024 có Chỉ thị số 06/CT-X; mức độ 4, mạng 4G. Trong 9 tháng đầu năm 2024 đạt gần 25%, xếp thứ 3/61 (có 1.324 doanh nghiệp; hơn 2,2 triệu thẻ)";
        let found: Vec<_> =
            find(text).into_iter().map(|m| (m.form, m.as_printed, m.value.to_string(), m.field)).collect();
        assert_eq!(
            found,
            [
                (Form::Share, "đạt gần 25%".to_owned(), "25".to_owned(), None),
                (Form::Rank, "thứ 3/61".to_owned(), "3".to_owned(), Some(61)),
                (Form::Count, "1.324 doanh nghiệp".to_owned(), "1324".to_owned(), None),
                (Form::Count, "hơn 2,2 triệu thẻ".to_owned(), "2200000".to_owned(), None),
            ]
        );
        assert_eq!(find(text)[0].qualifier, Qualifier::JustBelow);
    }
}
