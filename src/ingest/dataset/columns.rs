//! Headings of columns: which quantity stands under which words. Owns no matching: that is `ingest::wide`.

use super::*;
use crate::domain::{
    column::{ColumnName, heading_key},
    indicator::QuantityRef,
    observation::Accumulation,
};

const FILE: &str = "column_names.csv";

pub fn read(folder: &Folder, parts: &mut Parts) {
    let catalogue = Catalogue::new(parts.clone());
    let rows = folder.rows(FILE, &["group", "label", "quantity", "accumulation"]);
    // Headings are compared folded and without brackets, so that is also how they must differ.
    let key = |column: &str, row: &crate::ingest::sheet::Row<'_>| heading_key(row.cell(column));
    refuse_duplicates(rows.iter().map(|r| (r, format!("{} > {}", key("group", r), key("label", r)))), "label");
    for row in &rows {
        let label = row.required("label");
        if heading_key(&label).is_empty() {
            row.fail("label", "no word stands outside brackets");
        }
        if row.optional("group").is_some_and(|group| heading_key(group).is_empty()) {
            row.fail("group", "no word stands outside brackets");
        }
        let quantity = row.need("quantity", |c| c.parse::<QuantityRef>().and_then(|q| catalogue.quantity(&q)));
        let accumulation = row.need("accumulation", one_of(Accumulation::ALL, Accumulation::code));
        let (Some(quantity), Some(accumulation)) = (quantity, accumulation) else { continue };
        parts.column_names.push(ColumnName { group: row.cell("group").to_owned(), label, quantity, accumulation });
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The shipped data set with another file of headings.
    fn mistakes(text: &str) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/thai-nguyen");
        let mut parts =
            crate::ingest::dataset::read(&root).map(|d| Parts::clone(&d.catalogue)).expect("the shipped data set");
        let place = tempfile::tempdir().expect("a folder");
        std::fs::write(place.path().join(FILE), text).expect("a file");
        let folder = Folder::open(place.path());
        parts.column_names.clear();
        read(&folder, &mut parts);
        folder.finish().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn mistakes_have_a_place() {
        let found = mistakes(
            "group,label,quantity,accumulation\n\
             ,Tổng số,dossiers.received,YEAR_TO_DATE\n\
             ,TONG SO (hồ sơ),dossiers.resolved,YEAR_TO_DATE\n\
             ,(%),dossiers.resolved,YEAR_TO_DATE\n\
             Nhóm,Cột,no.such,SOMETIMES\n",
        );
        assert_eq!(found.len(), 4, "{found:#?}");
        assert!(found[0].starts_with("column_names.csv:3:2 (label): ` > tong so` stands in line 2"), "{}", found[0]);
        assert!(found[1].starts_with("column_names.csv:4:2 (label):"), "{}", found[1]);
        assert!(found[2].starts_with("column_names.csv:5:3 (quantity): unknown indicator"), "{}", found[2]);
        assert!(found[3].starts_with("column_names.csv:5:4 (accumulation):"), "{}", found[3]);
    }

    #[test]
    fn the_shipped_headings_are_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/thai-nguyen");
        let dataset = crate::ingest::dataset::read(&root).expect("the shipped data set");
        assert!(dataset.catalogue.column_names.len() > 60);
    }
}
