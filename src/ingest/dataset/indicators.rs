//! Indicators: every CSV file in `indicators/`.

use super::*;
use crate::domain::{
    breakdown::is_code,
    id::*,
    indicator::{Axis, Direction, Indicator, MeasureKind, QuantityRef},
};

const COLUMNS: &[&str] = &[
    "code",
    "name_vi",
    "name_en",
    "definition_vi",
    "definition_en",
    "topic",
    "unit_of_measure",
    "kind",
    "direction",
    "decimals",
    "additive_over",
    "numerator",
    "denominator",
    "growth_of",
    "owner",
    "aliases",
];

pub fn read(folder: &Folder, parts: &mut Parts) {
    let registers = Catalogue::new(parts.clone());
    let files = folder.list("indicators", ".csv");
    if files.is_empty() {
        folder.problem("indicators", 0, "no CSV file in this folder");
    }
    let rows: Vec<_> = files.iter().flat_map(|file| folder.rows(file, COLUMNS)).collect();
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    for (i, row) in rows.iter().enumerate() {
        let code = row.required("code");
        row.remember("indicators", &code, "code");
        if !is_code(&code) {
            row.fail("code", "a code is lower-case letters and digits in groups joined by `.` or `-`");
        }
        let known =
            |found: bool, cell: &str| found.then(|| cell.to_owned()).ok_or_else(|| format!("unknown code `{cell}`"));
        let topic = row.need("topic", |c| known(registers.topic(c).is_some(), c));
        let measure = row.need("unit_of_measure", |c| known(registers.unit_of_measure(c).is_some(), c));
        let kind = row.need("kind", one_of(MeasureKind::ALL, MeasureKind::code));
        let direction = row.need("direction", one_of(Direction::ALL, Direction::code));
        let axes = row.cell("additive_over").split_whitespace().filter_map(|axis| {
            one_of(Axis::ALL, Axis::code)(axis).map_err(|message| row.fail("additive_over", message)).ok()
        });
        let (Some(topic), Some(unit_of_measure), Some(kind), Some(direction)) = (topic, measure, kind, direction)
        else {
            continue;
        };
        if row.optional("numerator").is_some() != row.optional("denominator").is_some() {
            row.fail("denominator", "numerator and denominator come together");
        }
        if (kind == MeasureKind::Change) != row.optional("growth_of").is_some() {
            row.fail("growth_of", "stands with kind CHANGE, and only there");
        }
        parts.indicators.push(
            Indicator {
                id: IndicatorId(key(i)),
                code,
                name: row.text("name"),
                definition: row.text("definition"),
                topic,
                unit_of_measure,
                kind,
                direction,
                decimals: row
                    .need("decimals", |c| c.parse().ok().filter(|d| (0..=6).contains(d)).ok_or("0 to 6".to_owned()))
                    .unwrap_or(0),
                additive_over: axes.collect(),
                numerator: None,
                denominator: None,
                growth_of: None,
                owner: row.convert("owner", |c| {
                    registers.unit_latest(c).map(|u| u.id).ok_or_else(|| format!("unknown unit `{c}`"))
                }),
                aliases: row.cell("aliases").split('|').filter(|a| !a.is_empty()).map(str::to_owned).collect(),
            }
            .into(),
        );
    }
    let catalogue = Catalogue::new(parts.clone());
    for (i, row) in rows.iter().enumerate() {
        let quantity = |column| {
            row.parse::<QuantityRef>(column).and_then(|q| catalogue.quantity(&q).map_err(|m| row.fail(column, m)).ok())
        };
        let (numerator, denominator, growth_of) =
            (quantity("numerator"), quantity("denominator"), quantity("growth_of"));
        if let Some(indicator) = parts.indicators.iter_mut().find(|x| x.id.0 == key(i)).map(Arc::make_mut) {
            (indicator.numerator, indicator.denominator, indicator.growth_of) = (numerator, denominator, growth_of);
        }
    }
}
