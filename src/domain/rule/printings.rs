//! Several printings of one key.

use std::collections::HashMap;

use super::{chunk::Chunk, evaluator::Check, report::Findings};
use crate::domain::{
    observation::{Observation, SeriesKey},
    period::Period,
    text::Language,
};

/// Printings of one key have one value.
pub(super) struct PrintingsAgree;

impl<'a> Check<'a> for PrintingsAgree {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        let others: Vec<&Observation> =
            chunk.all.iter().filter(|o| !o.preferred && chunk.reports_on(o)).copied().collect();
        if others.is_empty() {
            return;
        }
        // Of two documents that state a key, the own one is compared with.
        let mut answers: HashMap<(&SeriesKey, Period), Vec<&Observation>> = HashMap::new();
        for o in &others {
            answers.entry((&o.series, o.period)).or_default();
        }
        for &o in chunk.all.iter().filter(|o| o.preferred) {
            if let Some(known) = answers.get_mut(&(&o.series, o.period)) {
                known.push(o);
            }
        }
        for o in others {
            let known = answers.get(&(&o.series, o.period)).into_iter().flatten();
            let Some(preferred) = known.max_by_key(|x| x.document == o.document) else { continue };
            if o.value.map(|v| v.decimal()) == preferred.value.map(|v| v.decimal()) {
                continue;
            }
            let places = |language| (o.locator.describe(language), preferred.locator.describe(language));
            let (printed, other) = (&o.as_printed, &preferred.as_printed);
            let message = findings.say(
                o,
                |s| {
                    let (here, there) = places(Language::Vi);
                    format!("{s}: in {printed} ở {here} nhưng {other} ở {there}.")
                },
                |s| {
                    let (here, there) = places(Language::En);
                    format!("{s}: printed as {printed} in {here}, but as {other} in {there}.")
                },
            );
            findings.add(o, preferred.value, message, [preferred.uid.clone()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    #[test]
    fn a_second_printing_says_the_same() {
        let rule = of(CheckKind::PrintingsAgree, "", &[], None);
        let answer = || figure("count", "2024", "10");
        let again = |value| figure("count", "2024", value).again();
        let found = check(&rule, &[answer(), again("9")]);
        assert_eq!(found.len(), 1);
        assert_eq!(numbers(&found[0]), ["10", "9", "-1"]);
        assert_eq!(
            (found[0].code.as_str(), &found[0].figures[..]),
            ("r:u0", ["u1", "u0"].map(String::from).as_slice())
        );
        assert!(check(&rule, &[answer(), again("10.0")]).is_empty(), "the same number");
        assert!(check(&rule, &[again("9")]).is_empty(), "nothing to compare with");
        assert!(check(&rule, &[answer(), again("9").year("2023")]).is_empty(), "another period");
        assert!(check(&rule, &[answer(), again("9").of_unit(2)]).is_empty(), "another unit");
        assert!(check(&rule, &[answer(), again("9").at("sex=m")]).is_empty(), "another position");
        assert_eq!(check(&rule, &[answer(), again("10").null()]).len(), 1, "a value against none");
        assert_eq!(check(&rule, &[answer(), again("9").about()]).len(), 1, "what is printed differs");
    }

    #[test]
    fn findings_of_one_code_are_numbered() {
        let rule = of(CheckKind::PrintingsAgree, "", &[], None);
        let again = |value| figure("count", "2024", value).again();
        let found = check(&rule, &[figure("count", "2024", "10"), again("9"), again("8"), again("7")]);
        let codes: Vec<&str> = found.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(codes, ["r:u0", "r:u0:2", "r:u0:3"]);
    }

    #[test]
    fn a_document_is_compared_with_itself_first() {
        let rule = of(CheckKind::PrintingsAgree, "", &[], None);
        let new = |value| figure("count", "2024", value).of_document(2);
        let figures = [figure("count", "2024", "7").again(), new("10"), new("9").again(), figure("count", "2024", "8")];
        let found = check_only(&rule, &figures, 2);
        assert_eq!(found.len(), 1, "what the other document says of itself is not reported");
        assert_eq!(numbers(&found[0]), ["10", "9", "-1"]);
    }
}
