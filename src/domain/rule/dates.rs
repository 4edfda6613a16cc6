//! Dates inside a document, held against its own.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{chunk::Chunk, evaluator::Check, report::Findings};
use crate::domain::{
    id::*,
    observation::Locator,
    text::{Language, Text},
};

/// The first figure of a date.
struct First {
    position: i32,
    uid: String,
    subject: Text,
    figures: usize,
}

/// Nothing in a document is dated after it, and its tables bear its date.
#[derive(Default)]
pub(super) struct DatesAgree {
    late: BTreeMap<(DocumentId, NaiveDate), First>,
}

fn vi(date: NaiveDate) -> String {
    date.format("%-d/%-m/%Y").to_string()
}

fn en(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

impl<'a> Check<'a> for DatesAgree {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        for o in chunk.by_indicator.values().flatten() {
            let dates = [o.as_of, o.coverage.map(|(_, end)| end).filter(|end| Some(*end) != o.as_of)];
            if dates == [None, None] {
                continue;
            }
            let Some(issued) = findings.catalogue.document(o.document).and_then(|d| d.issued_on) else { continue };
            for date in dates.into_iter().flatten().filter(|date| *date > issued) {
                let first =
                    || First { position: o.position, uid: o.uid.clone(), subject: findings.subject(o), figures: 0 };
                let known = self.late.entry((o.document, date)).or_insert_with(first);
                let figures = known.figures + 1;
                if (o.position, &o.uid) < (known.position, &known.uid) {
                    *known = first();
                }
                known.figures = figures;
            }
        }
    }

    fn finish(&mut self, findings: &mut Findings<'a>) {
        let (catalogue, only) = (findings.catalogue, findings.only);
        let issued = |document| catalogue.document(document).and_then(|d| d.issued_on);
        for table in catalogue.tables.iter().filter(|t| only.is_none_or(|only| only == t.document)) {
            let Some((dated, issued)) = table.dated_on.zip(issued(table.document)) else { continue };
            if dated == issued {
                continue;
            }
            let place = Locator { table: Some(table.code.clone()), ..Locator::default() };
            let message = Text::new(
                format!("{} ghi ngày {}, văn bản ghi ngày {}.", place.describe(Language::Vi), vi(dated), vi(issued)),
                format!("{} is dated {}, the document itself {}.", place.describe(Language::En), en(dated), en(issued)),
            );
            // What is said of the document stands before what is said of its figures.
            let position = i32::MIN.saturating_add(table.position.max(0));
            findings.add_about(table.document, position, &table.code, message, Vec::new());
        }
        for ((document, date), first) in std::mem::take(&mut self.late) {
            let Some(issued) = issued(document) else { continue };
            let more = first.figures - 1;
            let message = Text::new(
                format!(
                    "{}: số liệu ghi đến ngày {}, sau ngày {} của văn bản{}.",
                    first.subject.vi,
                    vi(date),
                    vi(issued),
                    if more > 0 { format!("; {more} số liệu khác cũng vậy") } else { String::new() }
                ),
                format!(
                    "{}: the figure is said to reach to {}, after the date of its document, {}{}.",
                    first.subject.en,
                    en(date),
                    en(issued),
                    if more > 0 { format!("; so are {more} more") } else { String::new() }
                ),
            );
            findings.add_about(document, first.position, &first.uid, message, vec![first.uid.clone()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, Finding, fixture::*};

    // Document 1 was issued on 20 September 2024, document 2 on an unknown day. Table T is dated with document 1.

    fn found(figures: &[Figure]) -> Vec<Finding> {
        check(&of(CheckKind::DatesAgree, "", &[], None), figures)
    }

    #[test]
    fn no_figure_is_of_a_day_after_its_document() {
        let plain = || figure("count", "2024", "1");
        assert!(found(&[plain(), plain().dated("2024-09-20"), plain().until("2024-09-20")]).is_empty());
        let late = found(&[plain().dated("2024-09-21")]);
        assert_eq!((late.len(), late[0].code.as_str(), late[0].figures.len()), (1, "r:u0", 1));
        assert!(late[0].message.en.contains("reach to 21 September 2024"), "{}", late[0].message.en);
        assert_eq!(found(&[plain().until("2024-09-21")]).len(), 1);
        assert_eq!(found(&[plain().until("2024-09-21").null()]).len(), 1, "a date is wrong without a value too");
        assert_eq!(found(&[plain().until("2024-09-21").about()]).len(), 1, "a vague figure has an exact date");
        assert!(found(&[plain().dated("2024-09-21").of_document(2)]).is_empty(), "date of issue unknown");
        let rule = of(CheckKind::DatesAgree, "", &[], None);
        assert!(check_only(&rule, &[plain().dated("2024-09-21")], 2).is_empty(), "not the document asked for");
    }

    #[test]
    fn one_finding_for_each_date_names_the_first_figure() {
        let late = |unit, date| figure("count", "2024", "1").of_unit(unit).dated(date);
        let figures = [late(3, "2024-10-01"), late(2, "2024-10-01"), late(1, "2024-12-31"), late(2, "2024-12-31")];
        let named: Vec<String> = found(&figures).into_iter().map(|f| f.figures.join(" ")).collect();
        assert_eq!(named, ["u0", "u2"]);
        let both = found(&[late(1, "2024-10-01").until("2024-12-31")]);
        assert_eq!(both.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["r:u0", "r:u0:2"]);
    }

    #[test]
    fn a_table_bears_the_date_of_its_document() {
        let rule = of(CheckKind::DatesAgree, "", &[], None);
        let dated = |date| check_in(&rule, world_with_table_dated(date), &[], None);
        let wrong = dated("2024-09-10");
        assert_eq!((wrong.len(), wrong[0].code.as_str(), wrong[0].figures.len()), (1, "r:T", 0));
        assert_eq!(
            wrong[0].message.en,
            "Appendix T is dated 10 September 2024, the document itself 20 September 2024."
        );
        assert_eq!(wrong[0].message.vi, "Phụ lục T ghi ngày 10/9/2024, văn bản ghi ngày 20/9/2024.");
        assert!(dated("2024-09-20").is_empty());
        let other = check_in(&rule, world_with_table_dated("2024-09-10"), &[], Some(2));
        assert!(other.is_empty(), "not the document asked for");
    }
}
