//! The history of one key: who stated what and when, and what therefore was public at each instant.
//!
//! A *statement* is what one release says of a key (series and period) in the name of a document: its printings,
//! or nothing if the document was withdrawn. Statements may be recorded in another order than that in which they
//! were published. The timeline that follows from them has, at every instant at which anything is public, exactly
//! one preferred printing: that of the document which spoke last.

/// Microseconds since 1970.
pub type Instant = i64;

/// What one release says of a key in the name of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement<D, C> {
    /// Number of the release.
    pub release: i32,
    /// When it was published.
    pub at: Instant,
    /// The document.
    pub document: D,
    /// Its printings of the key, the one to be preferred first; empty if the document was withdrawn.
    pub printings: Vec<C>,
}

/// A printing that was public for a while.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment<D, C> {
    /// Release that stated it.
    pub release: i32,
    /// The document.
    pub document: D,
    /// The printing.
    pub printing: C,
    /// Public since.
    pub from: Instant,
    /// Public until, not included; `None` if it still is.
    pub to: Option<Instant>,
    /// True if it answered for its key.
    pub preferred: bool,
    /// True for the printing that its document prefers among its own.
    pub leads: bool,
}

impl<D, C> Segment<D, C> {
    /// True if it was public at an instant.
    pub fn stood_at(&self, at: Instant) -> bool {
        self.from <= at && self.to.is_none_or(|to| at < to)
    }
}

/// What was public when, from all statements about a key. Segments are as long as they can be.
pub fn timeline<D: Clone + PartialEq, C: Clone + PartialEq>(statements: &[Statement<D, C>]) -> Vec<Segment<D, C>> {
    let mut ordered: Vec<&Statement<D, C>> = statements.iter().collect();
    ordered.sort_by_key(|s| (s.at, s.release));
    let mut instants: Vec<Instant> = ordered.iter().map(|s| s.at).collect();
    instants.dedup();
    let mut segments: Vec<Segment<D, C>> = Vec::new();
    for (i, &from) in instants.iter().enumerate() {
        let to = instants.get(i + 1).copied();
        for mut segment in state_at(&ordered, from) {
            segment.to = to;
            let goes_on = segments.iter_mut().find(|s| {
                s.to == Some(from)
                    && s.release == segment.release
                    && s.preferred == segment.preferred
                    && s.document == segment.document
                    && s.printing == segment.printing
            });
            match goes_on {
                Some(longer) => longer.to = to,
                None => segments.push(segment),
            }
        }
    }
    segments
}

/// The printings that are public at an instant, from it on.
fn state_at<D: Clone + PartialEq, C: Clone>(ordered: &[&Statement<D, C>], at: Instant) -> Vec<Segment<D, C>> {
    let spoken: Vec<&&Statement<D, C>> = ordered.iter().filter(|s| s.at <= at).collect();
    let mut seen: Vec<&D> = Vec::new();
    let mut found = Vec::new();
    // The last statement of each document holds; of those that say anything, the very last one is preferred.
    for statement in spoken.into_iter().rev() {
        if seen.contains(&&statement.document) {
            continue;
        }
        seen.push(&statement.document);
        for (i, printing) in statement.printings.iter().enumerate() {
            found.push(Segment {
                release: statement.release,
                document: statement.document.clone(),
                printing: printing.clone(),
                from: at,
                to: None,
                preferred: found.is_empty(),
                leads: i == 0,
            });
        }
    }
    found
}

/// The statements that a timeline tells of: the inverse of [`timeline`], but for withdrawals and for statements that
/// were never public for any time.
fn statements<D: Clone + PartialEq, C: Clone + PartialEq>(segments: &[Segment<D, C>]) -> Vec<Statement<D, C>> {
    let mut found: Vec<Statement<D, C>> = Vec::new();
    let mut ordered: Vec<&Segment<D, C>> = segments.iter().collect();
    ordered.sort_by_key(|s| (!s.leads, s.from));
    for segment in ordered {
        let known = found.iter().position(|s| s.release == segment.release && s.document == segment.document);
        match known {
            Some(i) => {
                let statement = &mut found[i];
                statement.at = statement.at.min(segment.from);
                if !statement.printings.contains(&segment.printing) {
                    statement.printings.push(segment.printing.clone());
                }
            }
            None => found.push(Statement {
                release: segment.release,
                at: segment.from,
                document: segment.document.clone(),
                printings: vec![segment.printing.clone()],
            }),
        }
    }
    found
}

/// The timeline of a key after one more statement. `withdrawals` are those known so far of the documents that speak
/// of the key: statements without printings. A repetition is kept: a release loaded late may come before it.
pub fn record<D: Clone + PartialEq, C: Clone + PartialEq>(
    known: &[Segment<D, C>],
    withdrawals: &[Statement<D, C>],
    said: Statement<D, C>,
) -> Vec<Segment<D, C>> {
    let mut all = statements(known);
    all.extend(withdrawals.iter().cloned());
    all.push(said);
    timeline(&all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(release: i32, at: Instant, document: u8, printings: &[i32]) -> Statement<u8, i32> {
        Statement { release, at, document, printings: printings.to_vec() }
    }

    fn preferred(segments: &[Segment<u8, i32>], at: Instant) -> Vec<i32> {
        segments.iter().filter(|s| s.stood_at(at) && s.preferred).map(|s| s.printing).collect()
    }

    #[test]
    fn the_document_that_spoke_last_is_preferred_and_the_other_stays_beside_it() {
        let line = timeline(&[said(1, 10, 1, &[5]), said(2, 20, 2, &[7])]);
        assert_eq!(preferred(&line, 15), [5]);
        assert_eq!(preferred(&line, 20), [7]);
        assert!(line.iter().any(|s| s.printing == 5 && !s.preferred && s.from == 20 && s.to.is_none()));
    }

    #[test]
    fn a_release_loaded_late_takes_its_place_between_the_others() {
        let line = record(&timeline(&[said(1, 10, 1, &[5]), said(2, 30, 1, &[7])]), &[], said(3, 20, 1, &[6]));
        assert_eq!([15, 25, 35].map(|at| preferred(&line, at)), [vec![5], vec![6], vec![7]]);
    }

    #[test]
    fn a_withdrawal_gives_the_word_back_to_the_other_document() {
        let line = timeline(&[said(1, 10, 1, &[5]), said(2, 20, 2, &[7]), said(3, 30, 2, &[])]);
        assert_eq!([15, 25, 35].map(|at| preferred(&line, at)), [vec![5], vec![7], vec![5]]);
    }

    #[test]
    fn a_repetition_holds_against_a_release_loaded_late() {
        let line = timeline(&[said(1, 0, 1, &[5]), said(2, 20, 1, &[5])]);
        let line = record(&line, &[], said(3, 10, 1, &[6]));
        assert_eq!([5, 15, 25].map(|at| preferred(&line, at)), [vec![5], vec![6], vec![5]]);
    }

    fn any_history() -> impl Strategy<Value = Vec<Statement<u8, i32>>> {
        let one = (0i64..30, 0u8..3, proptest::collection::vec(0i32..4, 0..3));
        proptest::collection::vec(one, 0..12).prop_map(|list| {
            let said = |(i, (at, document, mut printings)): (usize, (i64, u8, Vec<i32>))| {
                printings.dedup();
                if printings.len() == 2 && printings[0] == printings[1] {
                    printings.pop();
                }
                Statement { release: i as i32 + 1, at, document, printings }
            };
            list.into_iter().enumerate().map(said).collect()
        })
    }

    /// What is public at an instant, computed the plain way.
    fn plainly(history: &[Statement<u8, i32>], at: Instant) -> Vec<(u8, i32, bool)> {
        let mut spoken: Vec<&Statement<u8, i32>> = history.iter().filter(|s| s.at <= at).collect();
        spoken.sort_by_key(|s| (s.at, s.release));
        let last = |document: u8| spoken.iter().rev().find(|s| s.document == document);
        let winner = (0u8..3)
            .filter_map(last)
            .filter(|s| !s.printings.is_empty())
            .max_by_key(|s| (s.at, s.release))
            .map(|s| s.document);
        let mut rows: Vec<(u8, i32, bool)> = (0u8..3)
            .filter_map(last)
            .flat_map(|s| {
                s.printings.iter().enumerate().map(move |(i, p)| (s.document, *p, winner == Some(s.document) && i == 0))
            })
            .collect();
        rows.sort_unstable();
        rows
    }

    fn stored(segments: &[Segment<u8, i32>], at: Instant) -> Vec<(u8, i32, bool)> {
        let mut rows: Vec<(u8, i32, bool)> =
            segments.iter().filter(|s| s.stood_at(at)).map(|s| (s.document, s.printing, s.preferred)).collect();
        rows.sort_unstable();
        rows
    }

    proptest! {
        #[test]
        fn every_instant_has_one_preferred_printing_and_is_as_it_was_stated(history in any_history()) {
            let mut line = Vec::new();
            for (i, statement) in history.iter().enumerate() {
                let withdrawals: Vec<_> = history[..i].iter().filter(|s| s.printings.is_empty()).cloned().collect();
                line = record(&line, &withdrawals, statement.clone());
                for at in -1..32 {
                    let rows = stored(&line, at);
                    prop_assert_eq!(&rows, &plainly(&history[..=i], at), "after {} at {}", i, at);
                    let preferred = rows.iter().filter(|r| r.2).count();
                    prop_assert_eq!(preferred, usize::from(!rows.is_empty()));
                }
            }
        }
    }
}
