//! Tables as printed: rows, columns, cells.

use std::sync::Arc;

use async_graphql::Object;

use super::{
    document::Document,
    enums::{Accumulation, Language},
    indicator::Quantity,
    observation::Observation,
    unit::Unit,
};
use crate::{
    domain::{document, id::*},
    graphql::{
        context::{View, entry},
        cost,
        error::Result,
        loaders::PrintedRow,
        scalars::bounded,
    },
};

entry! {
    /// A printed table.
    PrintedTable of document::PrintedTable
}

/// A table as it is printed in a document, such as an appendix of a report.
#[Object]
impl PrintedTable {
    /// Code within the document: `II` for Appendix II.
    async fn code(&self) -> &str {
        &self.it.code
    }

    /// Title.
    async fn title(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.it.title.get(lang.into())
    }

    /// What a reader should know, such as missing rows; null if nothing.
    async fn note(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.it.note.as_ref().map(|n| n.get(lang.into()))
    }

    /// The document that prints it.
    async fn document(&self) -> Result<Document> {
        Document::by_id(&self.view, self.it.document)
    }

    /// Columns after the row number and the label, in order.
    #[graphql(complexity = "cost::list(None, 11, child_complexity)")]
    async fn columns(&self) -> Vec<TableColumn> {
        let column = |column: &document::TableColumn| TableColumn { view: self.view.clone(), column: column.clone() };
        self.it.columns.iter().map(column).collect()
    }

    /// Rows that are there, in order.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn rows(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 1000.")] first: i32,
    ) -> Result<Vec<TableRow>> {
        let first = bounded(first, 1_000, "first")?;
        let rows = self.it.rows.iter().take(first);
        Ok(rows.map(|row| TableRow { view: self.view.clone(), table: self.it.clone(), row: row.clone() }).collect())
    }

    /// Which units should have a row and which have; null for tables that are not about units.
    async fn completeness(&self) -> Option<Completeness> {
        Completeness::of_tables(&self.view, &[&self.it])
    }
}

/// A column of a printed table.
pub struct TableColumn {
    view: View,
    column: document::TableColumn,
}

/// A column of a printed table.
#[Object]
impl TableColumn {
    /// Number, from 1, after the row number and the label.
    async fn number(&self) -> i32 {
        self.column.number
    }

    /// Heading that it shares with its neighbours; null if there is none.
    async fn group(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> Option<&str> {
        self.column.group.as_ref().map(|g| g.get(lang.into()))
    }

    /// Its own heading.
    async fn label(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.column.label.get(lang.into())
    }

    /// What it measures; null for columns of text.
    async fn quantity(&self) -> Option<Quantity> {
        self.column.quantity.clone().map(|quantity| Quantity { view: self.view.clone(), quantity })
    }

    /// How its figures relate to time; null for columns of text.
    async fn accumulation(&self) -> Option<Accumulation> {
        self.column.accumulation.map(Into::into)
    }
}

/// A row of a printed table.
pub struct TableRow {
    view: View,
    table: Arc<document::PrintedTable>,
    row: document::TableRow,
}

/// A row of a printed table.
#[Object]
impl TableRow {
    /// Number as printed; `total` for the total line.
    async fn number(&self) -> &str {
        &self.row.number
    }

    /// Label as printed, or the short title of a target.
    async fn label(&self) -> &str {
        &self.row.label
    }

    /// The unit that it is about; null if it is about none.
    async fn unit(&self) -> Option<Result<Unit>> {
        self.row.unit.map(|id| Unit::by_id(&self.view, id))
    }

    /// Cells in the order of the columns.
    #[graphql(complexity = "cost::list(None, 11, child_complexity)")]
    async fn cells(&self) -> Vec<TableCell> {
        let cells = self.row.cells.iter().zip(1..);
        cells
            .map(|(text, column)| TableCell {
                view: self.view.clone(),
                table: self.table.clone(),
                row: self.row.number.clone(),
                column,
                text: text.clone(),
            })
            .collect()
    }
}

/// A cell of a printed table.
pub struct TableCell {
    view: View,
    table: Arc<document::PrintedTable>,
    row: String,
    column: i32,
    text: crate::domain::text::Text,
}

/// A cell of a printed table.
#[Object]
impl TableCell {
    /// Number of the column.
    async fn column(&self) -> i32 {
        self.column
    }

    /// A figure as printed; the contents of other cells in short words.
    async fn text(
        &self,
        #[graphql(default_with = "Language::Vi", desc = "Language of the text.")] lang: Language,
    ) -> &str {
        self.text.get(lang.into())
    }

    /// The figures in the cell: one in a column of numbers, any number in a column of text.
    #[graphql(complexity = "cost::list(None, 1, child_complexity)")]
    async fn observations(&self) -> Result<Vec<Observation>> {
        let (document, table) = (self.table.document, self.table.code.clone());
        let figures = self.view.loaders.row(PrintedRow { document, table, row: self.row.clone() }).await?;
        let here = figures.into_iter().filter(|o| o.locator.column == Some(self.column));
        Ok(here.map(|o| Observation::new(&self.view, o)).collect())
    }
}

/// Which units should have a row in the tables of a report, and which have.
pub struct Completeness {
    view: View,
    expected: Vec<UnitId>,
    received: Vec<UnitId>,
}

impl Completeness {
    /// Of several tables: a unit is received if it has a row in each table that expects one of it.
    pub fn of_tables(view: &View, tables: &[&Arc<document::PrintedTable>]) -> Option<Self> {
        let mut expected: Vec<UnitId> = Vec::new();
        for unit in tables.iter().flat_map(|t| &t.expected_units) {
            if !expected.contains(unit) {
                expected.push(*unit);
            }
        }
        let has_row = |table: &document::PrintedTable, unit| table.rows.iter().any(|r| r.unit == Some(unit));
        let lacks = |unit: UnitId| tables.iter().any(|t| t.expected_units.contains(&unit) && !has_row(t, unit));
        let received = expected.iter().copied().filter(|unit| !lacks(*unit)).collect();
        (!expected.is_empty()).then(|| Self { view: view.clone(), received, expected })
    }
}

/// Which units should have a row in the tables of a report, and which have.
#[Object]
impl Completeness {
    /// Number of units that should have reported.
    async fn expected(&self) -> i32 {
        self.expected.len() as i32
    }

    /// Number of units that have a row in every table that expects one of them.
    async fn received(&self) -> i32 {
        self.received.len() as i32
    }

    /// Number of units that lack a row.
    async fn missing(&self) -> i32 {
        (self.expected.len() - self.received.len()) as i32
    }

    /// The units that lack a row, in the order of the report.
    #[graphql(complexity = "cost::list(Some(first), 20, child_complexity)")]
    async fn missing_units(
        &self,
        #[graphql(default = 50, desc = "Most items, 1 to 1000.")] first: i32,
    ) -> Result<Vec<Unit>> {
        let first = bounded(first, 1_000, "first")?;
        let missing = self.expected.iter().filter(|id| !self.received.contains(id));
        missing.take(first).map(|id| Unit::by_id(&self.view, *id)).collect()
    }
}
