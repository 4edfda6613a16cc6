//! A small invented catalogue and figures for the tests of the rules.
//!
//! Unit 1 stands above units 2 and 3, which the reports list, and 4, which they do not; 5 stood until 2019. `count`,
//! `done` and `open` may be summed over units, `share` is `done` over `count`. Document 1 prints tables T (complete
//! with units 2 and 3) and U (unit 3 is missing) and rates target 7 in table A.

use std::sync::Arc;

use chrono::NaiveDate;

mod figure;

pub(super) use figure::{Figure, figure};

use super::*;
use crate::domain::{
    breakdown::Breakdown,
    catalogue::{Catalogue, Parts},
    document::{Document, DocumentType, PrintedTable, TableColumn, TableRow},
    indicator::{Axis, Direction, Indicator, MeasureKind, QuantityRef},
    observation::{Accumulation, Observation},
    target::{Assessment, Comparator, Rating, Target},
    unit::{Unit, UnitKind},
};

const INDICATORS: [&str; 5] = ["count", "done", "open", "share", "rank"];

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn indicator(code: &str) -> IndicatorId {
    let place = INDICATORS.iter().position(|c| *c == code).unwrap_or_else(|| panic!("no indicator {code}"));
    IndicatorId(place as i32 + 1)
}

fn quantity(text: &str) -> Quantity {
    let written: QuantityRef = text.parse().expect(text);
    Quantity { indicator: indicator(&written.indicator), breakdown: written.breakdown }
}

/// A rule with code `r`.
pub(super) fn of(check: CheckKind, checked: &str, parts: &[&str], dimension: Option<&str>) -> Rule {
    Rule {
        code: "r".to_owned(),
        severity: Severity::Warning,
        check,
        quantity: Some(checked).filter(|c| !c.is_empty()).map(quantity),
        parts: parts.iter().map(|p| quantity(p)).collect(),
        dimension: dimension.map(str::to_owned),
        threshold: None,
        name: Text::default(),
        explanation: Text::default(),
    }
}

/// What a rule finds; the figures are called `u0`, `u1`… as they stand.
pub(super) fn check(rule: &Rule, figures: &[Figure]) -> Vec<Finding> {
    check_in(rule, world(), figures, None)
}

/// What a rule finds about one document.
pub(super) fn check_only(rule: &Rule, figures: &[Figure], document: i32) -> Vec<Finding> {
    check_in(rule, world(), figures, Some(document))
}

/// What a rule finds in a catalogue. Units come one after the other, the last one and its last figure
/// first.
pub(super) fn check_in(rule: &Rule, world: Parts, figures: &[Figure], only: Option<i32>) -> Vec<Finding> {
    let catalogue = Catalogue::new(world);
    let rules = [Arc::new(rule.clone())];
    let mut evaluator = Evaluator::new(&rules, &catalogue, only.map(DocumentId));
    let mut observations: Vec<Observation> = figures.iter().map(|f| f.0.clone()).collect();
    for (i, o) in observations.iter_mut().enumerate() {
        (o.uid, o.position) = (format!("u{i}"), i as i32);
    }
    let at_once = evaluate(&rules, &catalogue, &observations);
    observations.sort_by_key(|o| std::cmp::Reverse((o.series.unit, o.position)));
    for unit in observations.chunk_by(|a, b| a.series.unit == b.series.unit) {
        evaluator.unit(unit);
    }
    let found = evaluator.finish();
    assert!(only.is_some() || found == at_once, "the order of units and figures makes no difference");
    found
}

/// What is expected, what is printed, and the difference.
pub(super) fn numbers(finding: &Finding) -> [String; 3] {
    [finding.expected, finding.actual, finding.difference]
        .map(|n| n.map(|n| n.to_string()).unwrap_or_else(|| "none".to_owned()))
}

/// The invented catalogue.
pub(super) fn world() -> Parts {
    let unit = |id: i32, parent: Option<i32>, order: Option<i32>, until: Option<&str>| {
        Arc::new(Unit {
            id: UnitId(id),
            code: id.to_string(),
            valid_from: None,
            valid_to: until.map(day),
            name: Text::new(format!("đơn vị {id}"), format!("unit {id}")),
            kind: UnitKind::District,
            parent: parent.map(UnitId),
            report_order: order,
            source: String::new(),
            confidence: String::new(),
            aliases: Vec::new(),
            identifiers: Vec::new(),
        })
    };
    let made = |code: &str| {
        let (kind, measure, additive) = match code {
            "share" => (MeasureKind::Ratio, "PERCENT", Vec::new()),
            "rank" => (MeasureKind::Rank, "PLACE", Vec::new()),
            _ => (MeasureKind::Flow, "PIECE", vec![Axis::Unit, Axis::Breakdown]),
        };
        let is_share = code == "share";
        Arc::new(Indicator {
            id: indicator(code),
            code: code.to_owned(),
            name: Text::new(code, code),
            definition: Text::default(),
            topic: String::new(),
            unit_of_measure: measure.to_owned(),
            kind,
            direction: Direction::Neutral,
            decimals: 0,
            additive_over: additive,
            numerator: is_share.then(|| quantity("done")),
            denominator: is_share.then(|| quantity("count")),
            growth_of: None,
            owner: None,
            aliases: Vec::new(),
        })
    };
    let document = |id, issued_on: Option<&str>| {
        Arc::new(Document {
            id: DocumentId(id),
            code: format!("d{id}"),
            number: None,
            kind: DocumentType::Report,
            issuer: None,
            issued_on: issued_on.map(day),
            title: Text::default(),
            note: None,
            sections: Vec::new(),
        })
    };
    Parts {
        units: vec![
            unit(1, None, None, None),
            unit(2, Some(1), Some(1), None),
            unit(3, Some(1), Some(2), None),
            unit(4, Some(1), None, None),
            unit(5, Some(1), Some(3), Some("2019-12-31")),
        ],
        indicators: INDICATORS.map(made).to_vec(),
        documents: vec![document(1, Some("2024-09-20")), document(2, None)],
        tables: vec![Arc::new(table("T", &[2, 3])), Arc::new(table("U", &[2]))],
        targets: vec![Arc::new(target())],
        assessments: vec![Arc::new(assessment())],
        ..Parts::default()
    }
}

/// The invented catalogue with another date on table T.
pub(super) fn world_with_table_dated(date: &str) -> Parts {
    let dated = PrintedTable { dated_on: Some(day(date)), ..table("T", &[2, 3]) };
    Parts { tables: vec![Arc::new(dated)], ..world() }
}

fn table(code: &str, rows: &[i32]) -> PrintedTable {
    let column = |number, label: &str, of: &str| TableColumn {
        number,
        group: None,
        label: Text::new(label, label),
        quantity: Some(quantity(of)),
        accumulation: Some(Accumulation::InPeriod),
    };
    let row = |unit: &i32| TableRow {
        number: unit.to_string(),
        position: *unit,
        label: String::new(),
        unit: Some(UnitId(*unit)),
        cells: Vec::new(),
    };
    PrintedTable {
        id: TableId(1),
        document: DocumentId(1),
        code: code.to_owned(),
        position: 1,
        title: Text::default(),
        note: None,
        columns: vec![
            column(1, "all", "count"),
            column(2, "men", "count[sex=m]"),
            column(3, "women", "count[sex=f]"),
            column(4, "share", "share"),
        ],
        rows: rows.iter().map(row).collect(),
        dated_on: Some(day("2024-09-20")),
        expected_units: vec![UnitId(2), UnitId(3)],
    }
}

fn target() -> Target {
    Target {
        id: TargetId(1),
        code: "7".to_owned(),
        number: 7,
        part: None,
        resolution: DocumentId(2),
        section: String::new(),
        group: Text::default(),
        name: Text::default(),
        demand: Text::default(),
        indicator: indicator("share"),
        unit: UnitId(1),
        breakdown: Breakdown::default(),
        level: None,
        comparator: Comparator::GreaterThan,
        value: "90".parse().ok(),
        unit_of_measure: None,
        due_on: day("2025-12-31"),
        note: None,
    }
}

fn assessment() -> Assessment {
    Assessment {
        document: DocumentId(1),
        resolution: DocumentId(2),
        number: 7,
        rating: Rating::Achieved,
        as_printed: "Đạt".to_owned(),
        result: Text::default(),
        table: "A".to_owned(),
    }
}
