//! Units of measure, topics and dimensions.

use super::*;
use crate::domain::{
    breakdown::is_code,
    indicator::{Dimension, DimensionValue, Topic, UnitOfMeasure},
};

pub fn read(folder: &Folder, parts: &mut Parts) {
    let rows =
        folder.rows("units_of_measure.csv", &["code", "multiplier", "name_vi", "name_en", "symbol_vi", "symbol_en"]);
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    for row in &rows {
        row.remember("units_of_measure", row.cell("code"), "code");
        parts.units_of_measure.push(
            UnitOfMeasure {
                code: row.required("code"),
                multiplier: row
                    .need("multiplier", |c| c.parse().map_err(|_| format!("`{c}` is not a power of ten")))
                    .unwrap_or(0),
                name: row.text("name"),
                symbol: row.optional_text("symbol").unwrap_or_default(),
            }
            .into(),
        );
    }

    let rows = folder.rows("topics.csv", &["code", "parent", "order", "name_vi", "name_en"]);
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    for row in &rows {
        row.remember("topics", row.cell("code"), "code");
        let parent = row.optional("parent").map(str::to_owned);
        if parent.as_ref().is_some_and(|p| !parts.topics.iter().any(|t| &t.code == p)) {
            row.fail("parent", format!("no topic `{}` above this line", row.cell("parent")));
        }
        parts.topics.push(
            Topic { code: row.required("code"), parent, position: row.position("order"), name: row.text("name") }
                .into(),
        );
    }

    let rows = folder.rows("dimensions.csv", &["dimension", "value", "order", "name_vi", "name_en"]);
    refuse_duplicates(rows.iter().map(|r| (r, format!("{}={}", r.cell("dimension"), r.cell("value")))), "value");
    for row in &rows {
        let (code, position, name) = (row.required("dimension"), row.position("order"), row.text("name"));
        row.remember("dimensions", &format!("{code}={}", row.cell("value")), "value");
        match (row.optional("value"), parts.dimensions.iter_mut().find(|d| d.code == code)) {
            (None, _) if !is_code(&code) => row.fail("dimension", "not a code"),
            (None, _) => parts.dimensions.push(Dimension { code, position, name, values: Vec::new() }),
            (Some(value), _) if !is_code(value) => row.fail("value", "not a code"),
            (Some(value), Some(dimension)) => {
                dimension.values.push(DimensionValue { code: value.to_owned(), position, name });
            }
            (Some(_), None) => row.fail("dimension", "declare the dimension in a line of its own first"),
        }
    }
}
