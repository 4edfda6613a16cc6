//! What was probably meant: the known wording nearest to an unknown one. Only ever a suggestion.

use crate::domain::text::fold;

/// The candidate most like `text`, if any is like enough to be worth showing.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(text);
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = likeness(&wanted, &fold(candidate));
        if likeness >= 0.5 && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// 1 for the same folded text, 0 for nothing in common: letters and words count half each.
fn likeness(a: &str, b: &str) -> f64 {
    let longest = a.chars().count().max(b.chars().count());
    if longest == 0 {
        return 0.0;
    }
    let letters = 1.0 - distance(a, b) as f64 / longest as f64;
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let common = a.iter().filter(|word| b.contains(word)).count();
    let words = 2.0 * common as f64 / (a.len() + b.len()) as f64;
    (letters + words) / 2.0
}

/// Letters to change, add or drop.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(200).collect(), b.chars().take(200).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_a_stranger_is_not() {
        let known = ["Sở Nội vụ", "Sở Ngoại vụ", "Huyện Phú Bình"];
        assert_eq!(nearest("Sở Nội vu", known), Some("Sở Nội vụ"));
        assert_eq!(nearest("H. Phú Bình", known), Some("Huyện Phú Bình"));
        assert_eq!(nearest("Kho bạc", known), None);
    }

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
