//! Bounds of shares, ranks and scores.

use rust_decimal::Decimal;

use super::{chunk::Chunk, evaluator::Check, report::Findings};
use crate::domain::{indicator::MeasureKind, number::Exact, text::Language};

/// Shares lie between 0 and 100 %, ranks and scores within their field.
pub(super) struct WithinBounds;

impl<'a> Check<'a> for WithinBounds {
    fn unit(&mut self, chunk: &Chunk<'_>, findings: &mut Findings<'a>) {
        for (indicator, figures) in &chunk.by_indicator {
            let Some(indicator) = findings.catalogue.indicator(*indicator) else { continue };
            let is_share = indicator.kind == MeasureKind::Ratio && indicator.unit_of_measure == "PERCENT";
            let least = match indicator.kind {
                MeasureKind::Rank => Decimal::ONE,
                MeasureKind::Index => Decimal::ZERO,
                _ if is_share => Decimal::ZERO,
                _ => continue,
            };
            for o in figures {
                let Some(value) = o.value else { continue };
                let field = o.field_size.map(Decimal::from);
                let most = if is_share { Some(Decimal::ONE_HUNDRED) } else { field };
                let broken = match most {
                    _ if value.decimal() < least => least,
                    Some(most) if value.decimal() > most => most,
                    _ => continue,
                };
                let message = findings.say(
                    o,
                    |s| format!("{s}: {} nằm ngoài khoảng cho phép.", value.display(Language::Vi)),
                    |s| format!("{s}: {} lies outside of its bounds.", value.display(Language::En)),
                );
                findings.add(o, Exact::from_decimal(broken), message, None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::rule::{CheckKind, fixture::*};

    #[test]
    fn shares_ranks_and_scores_stay_within_their_field() {
        let rule = of(CheckKind::WithinBounds, "", &[], None);
        let finds = |o| check(&rule, &[o]).first().and_then(|f| f.expected.map(|e| e.to_string()));
        assert_eq!(finds(figure("share", "2024", "100.1")).as_deref(), Some("100"));
        assert_eq!(finds(figure("share", "2024", "-1")).as_deref(), Some("0"));
        assert_eq!(finds(figure("share", "2024", "100")), None);
        assert_eq!(finds(figure("share", "2024", "101").null()), None);
        assert_eq!(finds(figure("share", "2024", "101").about()).as_deref(), Some("100"), "about 101 % is none either");
        assert_eq!(finds(figure("rank", "2024", "0").in_field(63)).as_deref(), Some("1"));
        assert_eq!(finds(figure("rank", "2024", "64").in_field(63)).as_deref(), Some("63"));
        assert_eq!(finds(figure("rank", "2024", "64")), None, "a field that is not known bounds nothing");
        assert_eq!(finds(figure("count", "2024", "-5")), None, "a count has no bounds here");
        assert!(check_only(&rule, &[figure("share", "2024", "101")], 2).is_empty(), "another document");
    }
}
