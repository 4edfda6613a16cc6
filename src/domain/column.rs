//! Headings under which columns of figures are known: what a table of the next report is read by.

use super::{
    indicator::Quantity,
    observation::Accumulation,
    text::{Text, fold},
};

/// A heading, with the one that spans it, and what stands below.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnName {
    /// The heading that spans it together with its neighbours; empty if none does, or if any may.
    pub group: String,
    /// Its own heading.
    pub label: String,
    /// What it measures.
    pub quantity: Quantity,
    /// How the figures relate to time.
    pub accumulation: Accumulation,
}

impl ColumnName {
    /// The key by which two headings are the same: folded, without what is in brackets.
    pub fn key(&self) -> (String, String) {
        (heading_key(&self.group), heading_key(&self.label))
    }
}

/// A heading without what is in brackets, folded: `Tỷ lệ (%)` and `TY LE` are the same.
pub fn heading_key(heading: &str) -> String {
    let mut plain = String::with_capacity(heading.len());
    let mut depth = 0usize;
    for c in heading.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    fold(&plain)
}

/// Headings that the columns of a published table teach.
pub fn taught_by(columns: &[super::document::TableColumn]) -> impl Iterator<Item = ColumnName> + '_ {
    columns.iter().filter_map(|column| {
        Some(ColumnName {
            group: column.group.as_ref().map(|g: &Text| g.vi.clone()).unwrap_or_default(),
            label: column.label.vi.clone(),
            quantity: column.quantity.clone()?,
            accumulation: column.accumulation?,
        })
    })
}
