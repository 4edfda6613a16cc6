//! What was probably meant: the known word that differs least.

/// Words longer than this are compared with nothing.
const MAX_CHARS: usize = 80;

/// The candidate with the fewest letters to change; `None` if even that one is another word.
pub fn nearest<'c>(wanted: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let wanted: Vec<char> = wanted.chars().take(MAX_CHARS + 1).collect();
    if wanted.len() > MAX_CHARS {
        return None;
    }
    let allowed = (wanted.len() / 3).clamp(1, 4);
    candidates
        .filter(|candidate| candidate.chars().count().abs_diff(wanted.len()) <= allowed)
        .map(|candidate| (distance(&wanted, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to add, drop, change or swap with their neighbour.
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_word_none() {
        let known = ["indicator", "unit", "value", "note_vi"];
        for (wanted, expected) in [
            ("indicater", Some("indicator")),
            ("vlaue", Some("value")),
            ("units", Some("unit")),
            ("note_v", Some("note_vi")),
            ("don vi tinh", None),
            ("", None),
        ] {
            assert_eq!(nearest(wanted, known.into_iter()), expected, "{wanted}");
        }
        assert_eq!(nearest(&"x".repeat(1_000_000), known.into_iter()), None);
    }
}
