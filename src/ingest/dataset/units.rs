//! Units, their names and identifiers, and their events.

use chrono::{Days, NaiveDate};

use super::*;
use crate::{
    domain::{
        id::*,
        unit::{Extent, Unit, UnitEvent, UnitEventKind, UnitEventLink, UnitIdentifier, UnitKind},
    },
    ingest::sheet::Row,
};

const UNITS: &str = "units.csv";

pub fn read(folder: &Folder, parts: &mut Parts) {
    let rows = folder.rows(
        UNITS,
        &[
            "code",
            "valid_from",
            "valid_to",
            "name_vi",
            "name_en",
            "kind",
            "parent",
            "report_order",
            "source",
            "confidence",
        ],
    );
    refuse_duplicates(rows.iter().map(|r| (r, format!("{}@{}", r.cell("code"), r.cell("valid_from")))), "code");
    for (i, row) in rows.iter().enumerate() {
        let (valid_from, valid_to) = (row.date("valid_from"), row.date("valid_to"));
        if valid_from.zip(valid_to).is_some_and(|(from, to)| from > to) {
            row.fail("valid_to", "before valid_from");
        }
        let Some(kind) = row.need("kind", one_of(UnitKind::ALL, UnitKind::code)) else { continue };
        parts.units.push(
            Unit {
                id: UnitId(key(i)),
                code: row.required("code"),
                valid_from,
                valid_to,
                name: row.text("name"),
                kind,
                parent: None,
                report_order: row.parse("report_order"),
                source: row.cell("source").to_owned(),
                confidence: row.required("confidence"),
                aliases: Vec::new(),
                identifiers: Vec::new(),
            }
            .into(),
        );
    }
    let catalogue = Catalogue::new(parts.clone());
    for (i, row) in rows.iter().enumerate() {
        let id = UnitId(key(i));
        let Some(unit) = catalogue.unit(id) else { continue };
        check_overlap(&catalogue, unit, row);
        let parent = row.convert("parent", |code| parent_of(&catalogue, unit, code));
        if let Some(unit) = parts.units.iter_mut().find(|u| u.id == id).map(Arc::make_mut) {
            unit.parent = parent;
        }
    }
    read_names(folder, &catalogue, parts);
}

/// The bearer of `code` that stood together with `unit`: on its first day if that is known, else on its
/// last, else the latest.
fn parent_of(catalogue: &Catalogue, unit: &Unit, code: &str) -> Result<UnitId, String> {
    let found = match unit.valid_from.or(unit.valid_to) {
        Some(day) => catalogue.unit_on(code, day),
        None => catalogue.unit_latest(code),
    };
    match found {
        Some(parent) if parent.id == unit.id => Err("a unit is not its own parent".into()),
        Some(parent) => Ok(parent.id),
        None if catalogue.unit_latest(code).is_some() => Err(format!("unit `{code}` did not stand at that time")),
        None => Err(format!("unknown unit `{code}`")),
    }
}

fn check_overlap(catalogue: &Catalogue, unit: &Unit, row: &Row<'_>) {
    for other in catalogue.unit_versions(&unit.code).filter(|o| o.id < unit.id) {
        let apart = |a: Option<NaiveDate>, b: Option<NaiveDate>| a.zip(b).is_some_and(|(end, start)| end < start);
        if !apart(unit.valid_to, other.valid_from) && !apart(other.valid_to, unit.valid_from) {
            row.fail("valid_from", format!("overlaps the version {}", other.key()));
        }
    }
}

fn read_names(folder: &Folder, catalogue: &Catalogue, parts: &mut Parts) {
    let rows = folder.rows("unit_aliases.csv", &["code", "valid_from", "alias"]);
    refuse_duplicates(
        rows.iter().map(|r| (r, format!("{}@{} {}", r.cell("code"), r.cell("valid_from"), r.cell("alias")))),
        "alias",
    );
    for row in &rows {
        let alias = row.required("alias");
        if let Some(unit) = find(catalogue, row, "code", "valid_from")
            .and_then(|id| parts.units.iter_mut().find(|u| u.id == id).map(Arc::make_mut))
        {
            unit.aliases.push(alias);
        }
    }
    let rows = folder.rows(
        "unit_identifiers.csv",
        &["code", "valid_from", "scheme", "value", "valid_from_on", "valid_to_on", "confidence"],
    );
    for row in &rows {
        let scheme = row.need("scheme", |c| match c {
            "gso" | "eid2020" | "qcvn102" => Ok(c.to_owned()),
            _ => Err(format!("`{c}` is not one of gso, eid2020, qcvn102")),
        });
        let identifier = scheme.map(|scheme| UnitIdentifier {
            scheme,
            value: row.required("value"),
            valid_from: row.date("valid_from_on"),
            valid_to: row.date("valid_to_on"),
            confidence: row.cell("confidence").to_owned(),
        });
        let unit = find(catalogue, row, "code", "valid_from")
            .and_then(|id| parts.units.iter_mut().find(|u| u.id == id).map(Arc::make_mut));
        if let Some((unit, identifier)) = unit.zip(identifier) {
            unit.identifiers.push(identifier);
        }
    }
}

/// The version of a unit named by its code and its first day.
fn find(catalogue: &Catalogue, row: &Row<'_>, code: &str, valid_from: &str) -> Option<UnitId> {
    let key = format!("{}@{}", row.required(code), row.cell(valid_from));
    let unit = catalogue.unit_by_key(&key);
    if unit.is_none() {
        row.fail(code, format!("no unit version `{key}`"));
    }
    unit.map(|u| u.id)
}

pub fn read_events(folder: &Folder, parts: &mut Parts) {
    let catalogue = Catalogue::new(parts.clone());
    let rows = folder.rows(
        "unit_events.csv",
        &["code", "kind", "effective_on", "legal_basis", "name_vi", "name_en", "note_vi", "note_en", "confidence"],
    );
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    for (i, row) in rows.iter().enumerate() {
        row.remember("unit_events", row.cell("code"), "code");
        row.required("effective_on");
        let kind = row.need("kind", one_of(UnitEventKind::ALL, UnitEventKind::code));
        let Some((kind, effective_on)) = kind.zip(row.date("effective_on")) else { continue };
        parts.unit_events.push(
            UnitEvent {
                id: UnitEventId(key(i)),
                code: row.required("code"),
                kind,
                effective_on,
                legal_basis: row.convert("legal_basis", |code| documents::find(&catalogue, code)),
                name: row.text("name"),
                note: row.optional_text("note"),
                confidence: row.required("confidence"),
                links: Vec::new(),
            }
            .into(),
        );
    }
    let rows = folder.rows(
        "unit_event_links.csv",
        &["event", "from_code", "from_valid_from", "to_code", "to_valid_from", "extent", "share"],
    );
    refuse_duplicates(
        rows.iter().map(|r| {
            let end = |code, from| format!("{}@{}", r.cell(code), r.cell(from));
            (
                r,
                format!(
                    "{}: {} to {}",
                    r.cell("event"),
                    end("from_code", "from_valid_from"),
                    end("to_code", "to_valid_from")
                ),
            )
        }),
        "event",
    );
    for row in &rows {
        let end = |code: &str, from: &str| row.optional(code).and_then(|_| find(&catalogue, row, code, from));
        let (from, to) = (end("from_code", "from_valid_from"), end("to_code", "to_valid_from"));
        let Some(extent) = row.need("extent", one_of(Extent::ALL, Extent::code)) else { continue };
        let Some(event) = parts.unit_events.iter_mut().find(|e| e.code == row.cell("event")).map(Arc::make_mut) else {
            row.fail("event", format!("unknown event `{}`", row.cell("event")));
            continue;
        };
        let last_day = event.effective_on.checked_sub_days(Days::new(1));
        if from.and_then(|id| catalogue.unit(id)).is_some_and(|u| u.valid_to.is_some() && u.valid_to != last_day) {
            row.fail("from_code", format!("does not end the day before {}", event.effective_on));
        }
        if to.and_then(|id| catalogue.unit(id)).is_some_and(|u| u.valid_from.is_some_and(|d| d > event.effective_on)) {
            row.fail("to_code", format!("begins after {}", event.effective_on));
        }
        let share = row.convert("share", |text| {
            let share: crate::domain::number::Exact =
                text.parse().map_err(|e: crate::domain::number::NumberError| e.to_string())?;
            let one = rust_decimal::Decimal::ONE;
            let fits = (rust_decimal::Decimal::ZERO..=one).contains(&share.decimal());
            fits.then_some(share).ok_or_else(|| "a share lies between 0 and 1".to_owned())
        });
        event.links.push(UnitEventLink { from, to, extent, share });
    }
    for event in parts.unit_events.iter().filter(|e| e.links.is_empty()) {
        folder.problem_of("unit_events", &event.code, format!("event `{}` has no link", event.code));
    }
}
