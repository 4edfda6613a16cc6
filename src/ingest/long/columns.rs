//! The columns of the long format and the headings under which they are known.

use super::{Fault, nearest::nearest};
use crate::{
    domain::{id::closed_list, text::fold},
    ingest::{grid::GridLine, problem::ProblemCode},
};

closed_list! {
    /// A column of the long format.
    Column {
        /// Code or name of the indicator.
        Indicator => "indicator",
        /// Code or name of the unit.
        Unit => "unit",
        /// `dimension=value`, several joined by `;`.
        Breakdown => "breakdown",
        /// Code of the accumulation.
        Accumulation => "accumulation",
        /// The period.
        Period => "period",
        /// The days that the counting covered.
        Coverage => "coverage",
        /// Date of a stock.
        AsOf => "as_of",
        /// The figure.
        Value => "value",
        /// Code of the qualifier.
        Qualifier => "qualifier",
        /// Code of the status.
        Status => "status",
        /// The figure as the document prints it.
        AsPrinted => "as_printed",
        /// Section of the document.
        Section => "section",
        /// Footnote number.
        Footnote => "footnote",
        /// Code of the printed table.
        Table => "table",
        /// Row of the printed table.
        Row => "row",
        /// Column of the printed table.
        Column => "column",
        /// `no` for a second printing.
        Preferred => "preferred",
        /// For a rate of change: the period compared with.
        BasePeriod => "base_period",
        /// For a rank the number ranked, for a score the maximum.
        FieldSize => "field_size",
        /// Note in Vietnamese.
        NoteVi => "note_vi",
        /// Note in English.
        NoteEn => "note_en",
    }
}

/// Number of columns.
pub const COUNT: usize = Column::ALL.len();

/// Where each column stands, from 0.
pub type Places = [Option<usize>; COUNT];

/// A mistake of a heading, and its column from 0.
type Misplaced = (Option<usize>, Fault);

/// Vietnamese headings, folded.
const ALIASES: &[(&str, Column)] = &[
    ("chi tieu", Column::Indicator),
    ("ma chi tieu", Column::Indicator),
    ("don vi", Column::Unit),
    ("ma don vi", Column::Unit),
    ("phan to", Column::Breakdown),
    ("ky", Column::Period),
    ("gia tri", Column::Value),
    ("ghi chu", Column::NoteVi),
];

/// The column of a heading, in any case and spelling of spaces.
fn of_heading(heading: &str) -> Option<Column> {
    let folded = fold(heading);
    let named = Column::ALL.iter().find(|column| fold(column.code()) == folded);
    named.copied().or_else(|| ALIASES.iter().find(|(alias, _)| *alias == folded).map(|(_, column)| *column))
}

/// How many known headings a line has.
pub fn known(line: &GridLine) -> usize {
    line.cells.iter().filter(|cell| of_heading(&cell.text).is_some()).count()
}

/// True if every one of the columns stands in a line.
pub fn has(line: &GridLine, columns: &[Column]) -> bool {
    columns.iter().all(|column| line.cells.iter().any(|cell| of_heading(&cell.text) == Some(*column)))
}

/// Where each column stands; else every mistake of the headings, with its column from 0.
pub(super) fn places(line: &GridLine, required: &[Column]) -> Result<Places, Vec<Misplaced>> {
    let mut places: Places = [None; COUNT];
    let mut faults: Vec<Misplaced> = Vec::new();
    for (i, cell) in line.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
        match of_heading(&cell.text) {
            Some(column) if places[column as usize].is_some() => {
                let message = format!("the column `{}` stands twice", column.code());
                faults.push((Some(i), Fault::new(ProblemCode::AmbiguousColumn, message)));
            }
            Some(column) => places[column as usize] = Some(i),
            None => {
                let fault =
                    Fault::new(ProblemCode::UnknownColumn, format!("no column is called `{}`", short(&cell.text)));
                faults.push((Some(i), fault.suggest(closest(&cell.text))));
            }
        }
    }
    for column in required.iter().filter(|column| places[**column as usize].is_none()) {
        let fault = Fault::new(ProblemCode::MissingColumn, format!("the column `{}` is missing", column.code()));
        faults.push((None, fault));
    }
    if faults.is_empty() { Ok(places) } else { Err(faults) }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

fn closest(heading: &str) -> Option<String> {
    let folded = fold(heading);
    let codes: Vec<String> = Column::ALL.iter().map(|column| fold(column.code())).collect();
    let names = codes.iter().map(String::as_str).chain(ALIASES.iter().map(|(alias, _)| *alias));
    let found = nearest(&folded, names)?;
    of_heading(found).map(|column| column.code().to_owned())
}
