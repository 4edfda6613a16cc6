//! Targets and how a report rates them.

use super::{sources::Source, *};
use crate::domain::{
    id::*,
    target::{Assessment, Comparator, Level, Rating, Target},
};

const TARGETS: &[&str] = &[
    "code",
    "number",
    "part",
    "resolution",
    "section",
    "group_vi",
    "group_en",
    "name_vi",
    "name_en",
    "demand_vi",
    "demand_en",
    "indicator",
    "unit",
    "breakdown",
    "level",
    "comparator",
    "value",
    "unit_of_measure",
    "due_on",
    "note_vi",
    "note_en",
];

pub fn read(folder: &Folder, source: &Source, parts: &mut Parts) {
    let file = source.file("targets.csv");
    if !folder.has(&file) {
        return;
    }
    let catalogue = Catalogue::new(parts.clone());
    let rows = folder.rows(&file, TARGETS);
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    for row in &rows {
        row.required("due_on");
        let resolution = row.need("resolution", |c| documents::find(&catalogue, c));
        let indicator = row.need("indicator", |c| {
            catalogue.indicator_by_code(c).map(|i| i.id).ok_or_else(|| format!("unknown indicator `{c}`"))
        });
        let unit_code = row.optional("unit").unwrap_or(&source.unit);
        let unit = catalogue.unit_on(unit_code, source.written_on).map(|u| u.id);
        if unit.is_none() {
            row.fail("unit", format!("no unit `{unit_code}` on {}", source.written_on));
        }
        let breakdown = row.parse("breakdown").unwrap_or_default();
        if let Err(message) = catalogue.check_breakdown(&breakdown) {
            row.fail("breakdown", message);
        }
        let comparator = row.need("comparator", one_of(Comparator::ALL, Comparator::code));
        let value = row.parse("value");
        if comparator.is_some_and(|c| (c == Comparator::Text) != row.optional("value").is_none()) {
            row.fail("value", "every comparator but TEXT needs a number");
        }
        let unit_of_measure = row.convert("unit_of_measure", |c| {
            catalogue.unit_of_measure(c).map(|m| m.code.clone()).ok_or_else(|| format!("unknown unit of measure `{c}`"))
        });
        let due_on = row.date("due_on");
        let (Some(resolution), Some(indicator), Some(unit), Some(comparator), Some(due_on)) =
            (resolution, indicator, unit, comparator, due_on)
        else {
            continue;
        };
        if let (Some(written), Some(known)) = (&unit_of_measure, catalogue.indicator(indicator))
            && *written != known.unit_of_measure
        {
            row.fail("unit_of_measure", format!("indicator {} is measured in {}", known.code, known.unit_of_measure));
        }
        parts.targets.push(
            Target {
                id: TargetId(key(parts.targets.len())),
                code: row.required("code"),
                number: row.position("number"),
                part: row.optional("part").map(str::to_owned),
                resolution,
                section: row.required("section"),
                group: row.text("group"),
                name: row.text("name"),
                demand: row.text("demand"),
                indicator,
                unit,
                breakdown,
                level: row.convert("level", one_of(Level::ALL, Level::code)),
                comparator,
                value,
                unit_of_measure,
                due_on,
                note: row.optional_text("note"),
            }
            .into(),
        );
    }
    read_assessments(folder, source, parts);
}

fn read_assessments(folder: &Folder, source: &Source, parts: &mut Parts) {
    let catalogue = Catalogue::new(parts.clone());
    let file = source.file("assessments.csv");
    let rows = folder.rows(&file, &["number", "rating", "rating_as_printed", "result_vi", "result_en"]);
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("number").to_owned())), "number");
    let Some(document) = catalogue.document_by_code(&source.document).map(|d| d.id) else { return };
    for row in &rows {
        let number = row.position("number");
        let Some(target) = catalogue.targets.iter().find(|t| t.number == number) else {
            row.fail("number", "no target has this number");
            continue;
        };
        let Some(rating) = row.need("rating", one_of(Rating::ALL, Rating::code)) else { continue };
        parts.assessments.push(
            Assessment {
                document,
                resolution: target.resolution,
                number,
                rating,
                as_printed: row.required("rating_as_printed"),
                result: row.text("result"),
                table: "I".to_owned(),
            }
            .into(),
        );
    }
}
