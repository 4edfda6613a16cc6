//! Which quantity a number in the result of a target is: the target's own, one of its parts, or an indicator that
//! the sentence names. If more than one fits, none does.

use std::sync::Arc;

use super::mentions::{Form, Mention};
use crate::domain::{
    catalogue::Catalogue,
    indicator::{Indicator, MeasureKind, Quantity},
    target::Target,
    text::fold,
};

/// The quantity of every mention, in their order.
pub fn quantities(catalogue: &Catalogue, targets: &[&Arc<Target>], mentions: &[Mention]) -> Vec<Option<Quantity>> {
    let of = |t: &Target| Quantity { indicator: t.indicator, breakdown: t.breakdown.clone() };
    let suits =
        |t: &&&Arc<Target>, m: &Mention| catalogue.indicator(t.indicator).is_some_and(|i| compatible(catalogue, i, m));
    let mut found: Vec<Option<Quantity>> = match (targets, mentions) {
        ([only], [mention]) if suits(&only, mention) => return vec![Some(of(only))],
        _ => {
            // Words that only one part has are weaker than the name of an indicator.
            let own = |m: &Mention| {
                by_axis(catalogue, targets, m)
                    .or_else(|| by_words(catalogue, targets, m).filter(|_| named(catalogue, m).is_none()))
            };
            mentions.iter().map(|m| own(m).map(|t| of(t))).collect()
        }
    };
    // Of several numbers for the one target, it is the only one that counts what the target counts.
    if let [only] = targets {
        let suiting: Vec<usize> = (0..mentions.len()).filter(|i| suits(&only, &mentions[*i])).collect();
        let named = |m: &Mention| named(catalogue, m).is_some_and(|i| i.id != only.indicator);
        if let [one] = suiting.iter().copied().filter(|i| !named(&mentions[*i])).collect::<Vec<_>>()[..]
            && found.iter().all(Option::is_none)
        {
            found[one] = Some(of(only));
        }
    }
    for (mention, quantity) in mentions.iter().zip(&mut found) {
        if quantity.is_none() {
            let indicator =
                if mention.form == Form::Rank { rank(catalogue, targets) } else { named(catalogue, mention) };
            *quantity = indicator.map(|i| Quantity { indicator: i.id, breakdown: Default::default() });
        }
    }
    // A quantity that two numbers claim is nobody's.
    let twice = |q: &Quantity| found.iter().flatten().filter(|o| *o == q).count() > 1;
    found.iter().map(|q| q.clone().filter(|q| !twice(q))).collect()
}

/// True if the number is written in the indicator's unit of measure.
fn compatible(catalogue: &Catalogue, indicator: &Indicator, mention: &Mention) -> bool {
    let measure = catalogue.unit_of_measure(&indicator.unit_of_measure);
    let is_share = measure.is_some_and(|m| m.symbol.vi == "%");
    match mention.form {
        Form::Share => is_share,
        Form::Rank => indicator.kind == MeasureKind::Rank,
        Form::Count => measure.is_some_and(|m| {
            let words = format!(" {} ", mention.after);
            let is_next = |name: &str| {
                let name = fold(name);
                let place = words.find(&format!(" {name} "));
                !name.is_empty() && place.is_some_and(|at| words[..at].split_whitespace().all(is_scale))
            };
            !is_share && indicator.kind != MeasureKind::Rank && (is_next(&m.name.vi) || is_next(&m.symbol.vi))
        }),
    }
}

fn is_scale(word: &str) -> bool {
    matches!(word, "nghin" | "ngan" | "trieu" | "ty")
}

/// Parts of a target that count what a number is written in.
fn suiting<'a>(catalogue: &Catalogue, targets: &[&'a Arc<Target>], mention: &Mention) -> Vec<&'a Arc<Target>> {
    let suits =
        |t: &&&'a Arc<Target>| catalogue.indicator(t.indicator).is_some_and(|i| compatible(catalogue, i, mention));
    targets.iter().filter(suits).copied().collect()
}

/// The part of a target whose place on an axis the words around a number name: `cấp huyện`.
fn by_axis<'a>(catalogue: &Catalogue, targets: &[&'a Arc<Target>], mention: &Mention) -> Option<&'a Arc<Target>> {
    let segment = format!(" {} ", fold(&mention.segment));
    let mut parts = suiting(catalogue, targets, mention);
    parts.retain(|t| {
        let label = fold(&catalogue.breakdown_label(&t.breakdown).vi);
        !label.is_empty() && segment.contains(&format!(" {label} "))
    });
    match parts[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// The part of a target whose name has more words of the sentence that no other part has.
fn by_words<'a>(catalogue: &Catalogue, targets: &[&'a Arc<Target>], mention: &Mention) -> Option<&'a Arc<Target>> {
    if targets.len() < 2 {
        return None;
    }
    let segment = format!(" {} ", fold(&mention.segment));
    let words = |t: &Target| -> Vec<String> { fold(&t.name.vi).split(' ').map(str::to_owned).collect() };
    let score = |t: &Arc<Target>| {
        let own = words(t);
        let is_own = |w: &&String| !targets.iter().any(|o| o.id != t.id && words(o).contains(w));
        own.iter().filter(is_own).filter(|w| segment.contains(&format!(" {w} "))).count()
    };
    let parts = suiting(catalogue, targets, mention);
    let mut scored: Vec<(usize, &Arc<Target>)> = parts.into_iter().map(|t| (score(t), t)).collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    match scored[..] {
        [(best, target), (second, _), ..] if best > second && best > 1 => Some(target),
        [(best, target)] if best > 1 => Some(target),
        _ => None,
    }
}

/// The one indicator whose name or alias the sentence contains, word by word in this order.
fn named<'c>(catalogue: &'c Catalogue, mention: &Mention) -> Option<&'c Arc<Indicator>> {
    let segment = fold(&mention.segment);
    let said = |name: &str| {
        let name = fold(name);
        let mut words = segment.split(' ');
        let count = name.split(' ').count();
        (count > 3 && name.split(' ').all(|wanted| words.any(|w| w == wanted))).then_some(count)
    };
    let mut found: Vec<(usize, &Arc<Indicator>)> = catalogue
        .indicators
        .iter()
        .filter(|i| compatible(catalogue, i, mention))
        .filter_map(|i| Some(([&i.name.vi].into_iter().chain(&i.aliases).filter_map(|n| said(n)).max()?, i)))
        .collect();
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match found[..] {
        [(best, indicator), (second, _), ..] if best > second => Some(indicator),
        [(_, indicator)] => Some(indicator),
        _ => None,
    }
}

/// The indicator of kind RANK whose name is that of the target's quantity behind `Thứ hạng`.
fn rank<'c>(catalogue: &'c Catalogue, targets: &[&Arc<Target>]) -> Option<&'c Arc<Indicator>> {
    let [target] = targets else { return None };
    let mut bases = vec![fold(&target.name.vi)];
    bases.extend(catalogue.indicator(target.indicator).map(|i| fold(&i.name.vi)));
    let is_of = |i: &&Arc<Indicator>| {
        let names = [&i.name.vi].into_iter().chain(&i.aliases).map(|n| fold(n));
        let bare = names
            .filter_map(|n| n.strip_prefix("thu hang ").or_else(|| n.strip_prefix("xep hang ")).map(str::to_owned));
        i.kind == MeasureKind::Rank && bare.into_iter().any(|n| bases.contains(&n))
    };
    let mut found = catalogue.indicators.iter().filter(is_of);
    found.next().filter(|_| found.next().is_none())
}
