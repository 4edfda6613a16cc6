//! One quantity against another that it cannot exceed.

use super::{
    Rule,
    chunk::{Chunk, is_exact},
    evaluator::Check,
    report::Findings,
};
use crate::domain::{observation::Observation, text::Language};

/// One quantity is not more than another.
pub(super) struct NotMore<'a>(pub &'a Rule);

/// Exact figures of the quantity, and beside each that of the first part.
pub(super) fn pairs<'c>(rule: &Rule, chunk: &Chunk<'c>) -> Vec<(&'c Observation, &'c Observation)> {
    let (Some(quantity), Some(part)) = (&rule.quantity, rule.parts.first()) else { return Vec::new() };
    let figures = chunk.of(quantity).iter().filter_map(|&less| Some((less, chunk.beside(less, part)?)));
    figures.filter(|(less, more)| is_exact(less) && is_exact(more)).collect()
}

/// True if one figure is larger than the other.
pub(super) fn is_more(a: &Observation, b: &Observation) -> bool {
    a.value.zip(b.value).is_some_and(|(a, b)| a.decimal() > b.decimal())
}

impl<'a> Check<'a> for NotMore<'a> {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        for (less, more) in pairs(self.0, chunk) {
            let (Some(a), Some(b)) = (less.value, more.value) else { continue };
            if !is_more(less, more) {
                continue;
            }
            let against = findings.subject(more);
            let shown = |language| (a.display(language), b.display(language));
            let message = findings.say(
                less,
                |s| {
                    let (a, b) = shown(Language::Vi);
                    format!("{s}: {a} lớn hơn {b} của {}.", against.vi)
                },
                |s| {
                    let (a, b) = shown(Language::En);
                    format!("{s}: {a} is more than the {b} of {}.", against.en)
                },
            );
            findings.add(less, Some(b), message, [more.uid.clone()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    #[test]
    fn one_quantity_is_not_more_than_another() {
        let rule = of(CheckKind::NotMore, "done", &["count"], None);
        let done = |value| figure("done", "2024", value);
        let count = || figure("count", "2024", "10");
        let found = check(&rule, &[done("11"), count()]);
        assert_eq!(found.len(), 1);
        assert_eq!(numbers(&found[0]), ["10", "11", "1"]);
        assert_eq!((found[0].code.as_str(), found[0].document.0), ("r:u1", 1), "the code names the other figure");
        assert!(check(&rule, &[done("10"), count()]).is_empty(), "satisfied");
        assert!(check(&rule, &[done("11")]).is_empty(), "nothing to compare with");
        assert!(check(&rule, &[done("11").about(), count()]).is_empty(), "vague");
        assert!(check(&rule, &[done("11"), count().about()]).is_empty(), "vague bound");
        assert!(check(&rule, &[done("11").null(), count()]).is_empty(), "no value");
        assert!(check(&rule, &[done("11"), count().of_document(2)]).is_empty(), "another document");
        assert!(check_only(&rule, &[done("11"), count()], 2).is_empty(), "not the document asked for");
    }
}
