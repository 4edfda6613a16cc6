//! Taking mark-up out of text: emphasis, strike-through, tags, formulas, marks of footnotes. What is printed in a
//! table stays raw elsewhere; here is only what is compared and read.

use unicode_normalization::UnicodeNormalization;

/// A text without mark-up and marks of footnotes, its blanks made single, in Unicode normal form NFC.
pub fn plain(text: &str) -> String {
    let kept: String = without_tags(text).chars().filter(|c| !is_superscript(*c)).collect();
    let kept = kept.replace("\\%", "%").replace("~~", "");
    let kept: String = kept.chars().map(|c| if matches!(c, '\u{a0}' | '\u{200b}') { ' ' } else { c }).collect();
    let kept: String = strip_formula_marks(&kept).chars().filter(|c| !matches!(c, '*' | '`')).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

/// True for the digits that mark footnotes.
pub fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// The value of a digit that marks footnotes.
pub fn superscript_digit(c: char) -> Option<i32> {
    match c {
        '¹' => Some(1),
        '²' => Some(2),
        '³' => Some(3),
        '⁰' => Some(0),
        '⁴'..='⁹' => i32::try_from(u32::from(c) - u32::from('⁴') + 4).ok(),
        _ => None,
    }
}

/// Without `<i>`, `</b>`, `<br/>`, and the like; a line break becomes a blank. A `<` that begins no tag stays.
fn without_tags(text: &str) -> String {
    const TAGS: &[&str] = &["i", "b", "u", "em", "strong", "sup", "sub", "br", "span", "p", "s", "del", "u"];
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        kept.push_str(before);
        let end = tail.find('>');
        let name = end.map(|end| tail[1..end].trim_matches(['/', ' ']).to_ascii_lowercase());
        let is_tag = name.as_deref().and_then(|n| n.split(' ').next()).is_some_and(|n| TAGS.contains(&n));
        match end.filter(|_| is_tag) {
            Some(end) => {
                if name.as_deref() == Some("br") {
                    kept.push(' ');
                }
                rest = &tail[end + 1..];
            }
            None => {
                kept.push('<');
                rest = &tail[1..];
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// Without the `$` around a formula; a single `$` is money and stays.
fn strip_formula_marks(text: &str) -> String {
    match text.matches('$').count() {
        0 | 1 => text.to_owned(),
        _ => text.replace('$', ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_words_stay() {
        assert_eq!(plain("**gần 25%**¹"), "gần 25%");
        assert_eq!(plain("$93.089/99.256 = 93,78\\%$"), "93.089/99.256 = 93,78%");
        assert_eq!(plain("số ~~38~~-BC/X"), "số 38-BC/X");
        assert_eq!(plain("<i>Đạt  100%</i>"), "Đạt 100%");
        assert_eq!(plain("a < b"), "a < b");
        assert_eq!(plain("5 $"), "5 $");
    }

    #[test]
    fn superscripts_have_values() {
        let digits: Vec<_> = "⁰¹²³⁴⁹x".chars().map(superscript_digit).collect();
        assert_eq!(digits, [Some(0), Some(1), Some(2), Some(3), Some(4), Some(9), None]);
    }
}
