//! Validation rules, and what they find in the data set.

use super::*;
use crate::domain::{
    indicator::{Quantity, QuantityRef},
    number::{Exact, NumberError},
    rule::{self, CheckKind, Rule, Severity},
};

pub fn read(folder: &Folder, parts: &mut Parts) {
    let catalogue = Catalogue::new(parts.clone());
    let rows = folder.rows(
        "rules.csv",
        &[
            "code",
            "severity",
            "check",
            "quantity",
            "parts",
            "dimension",
            "threshold",
            "name_vi",
            "name_en",
            "explanation_vi",
            "explanation_en",
        ],
    );
    refuse_duplicates(rows.iter().map(|r| (r, r.cell("code").to_owned())), "code");
    for row in &rows {
        let read = |column: &str, text: &str| -> Option<Quantity> {
            let quantity = text.parse::<QuantityRef>().and_then(|q| catalogue.quantity(&q));
            quantity.map_err(|message| row.fail(column, message)).ok()
        };
        let severity = row.need("severity", one_of(Severity::ALL, Severity::code));
        let check = row.need("check", one_of(CheckKind::ALL, CheckKind::code));
        let (Some(severity), Some(check)) = (severity, check) else { continue };
        let needs_parts = matches!(check, CheckKind::Balance | CheckKind::NotMore | CheckKind::ColumnMatches);
        let needs_quantity = needs_parts || check == CheckKind::BreakdownsAddUp;
        if needs_quantity != row.optional("quantity").is_some() {
            row.fail("quantity", "stands with BREAKDOWNS_ADD_UP, BALANCE, NOT_MORE and COLUMN_MATCHES, and only there");
        }
        if needs_parts != row.optional("parts").is_some() {
            row.fail("parts", "stand with BALANCE, NOT_MORE and COLUMN_MATCHES, and only there");
        }
        let dimension = row.convert("dimension", |code| {
            catalogue.dimension(code).map(|d| d.code.clone()).ok_or_else(|| format!("unknown dimension `{code}`"))
        });
        if (check == CheckKind::BreakdownsAddUp) != row.optional("dimension").is_some() {
            row.fail("dimension", "stands with BREAKDOWNS_ADD_UP, and only there");
        }
        let threshold = row.convert("threshold", threshold);
        if check != CheckKind::Jump && row.optional("threshold").is_some() {
            row.fail("threshold", "stands with JUMP, and only there");
        }
        let others = row.cell("parts").split('|').filter(|p| !p.is_empty()).filter_map(|p| read("parts", p));
        parts.rules.push(
            Rule {
                code: row.required("code"),
                severity,
                check,
                quantity: row.optional("quantity").and_then(|text| read("quantity", text)),
                parts: others.collect(),
                dimension,
                threshold,
                name: row.text("name"),
                explanation: row.text("explanation"),
            }
            .into(),
        );
    }
}

fn threshold(text: &str) -> Result<Exact, String> {
    let number: Exact = text.parse().map_err(|e: NumberError| e.to_string())?;
    let is_more = number.decimal() > Exact::whole(1).decimal();
    is_more.then_some(number).ok_or_else(|| format!("`{text}` is not more than 1"))
}

/// Applies the rules to the figures.
pub fn apply(parts: &mut Parts, observations: &[Observation]) {
    let catalogue = Catalogue::new(parts.clone());
    let findings = rule::evaluate(&catalogue.rules, &catalogue, observations);
    parts.findings = findings.into_iter().map(Arc::new).collect();
}
