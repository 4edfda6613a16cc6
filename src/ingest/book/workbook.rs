//! Worksheets as lines of cells, streamed: the grid that a sheet spans is never allocated.
//!
//! Owns how typed cells become text. Never calls `worksheet_range` of calamine, which allocates that grid.

use std::{collections::HashSet, fs::File, io::BufReader, ops::ControlFlow};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{FileLimits, clean};
use crate::ingest::{
    grid::{Cell, CellKind, GridLine},
    problem::{CellProblem, ProblemCode},
};

/// Most formulas of a sheet: their places are kept in memory.
const FORMULAS: usize = 1_000_000;
/// Most merged regions of a sheet.
const MERGED: usize = 10_000;

/// An open workbook.
pub type Workbook = Xlsx<BufReader<File>>;

/// Opens a workbook whose container was checked.
pub fn open(file: File) -> Result<Workbook, CellProblem> {
    Xlsx::new(BufReader::new(file)).map_err(|error| broken(None, &error))
}

/// Names of the worksheets that a person sees; of all, if every one is hidden.
pub fn sheets(workbook: &Workbook) -> Vec<String> {
    let worksheets = || workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let visible: Vec<String> =
        worksheets().filter(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.clone()).collect();
    if visible.is_empty() { worksheets().map(|sheet| sheet.name.clone()).collect() } else { visible }
}

/// Last row of a sheet as its own header states it. It may lie.
pub fn rows_stated(workbook: &mut Workbook, sheet: &str) -> Option<u64> {
    let dimensions = workbook.worksheet_cells_reader(sheet).ok()?.dimensions();
    Some(u64::from(dimensions.end.0) + 1)
}

/// Merged regions of a sheet.
pub fn merged(workbook: &mut Workbook, sheet: &str) -> Result<Vec<(u64, usize, u64, usize)>, CellProblem> {
    let regions = workbook.merge_cells_by_sheet_name(sheet).map_err(|error| broken(Some(sheet), &error))?;
    if regions.len() > MERGED {
        return Err(too_large(sheet, 0, format!("more than {MERGED} merged regions")));
    }
    let place = |(row, column): (u32, u32)| (u64::from(row) + 1, column as usize);
    let region = |r: calamine::Dimensions| {
        let ((first, left), (last, right)) = (place(r.start), place(r.end));
        (first, left, last, right)
    };
    Ok(regions.into_iter().map(region).collect())
}

/// Every line with a cell that holds something, in order.
pub fn for_each_line(
    workbook: &mut Workbook,
    sheet: &str,
    has_formulas: bool,
    limits: &FileLimits,
    f: &mut dyn FnMut(GridLine) -> ControlFlow<()>,
) -> Result<(), CellProblem> {
    let formulas = if has_formulas { formulas(workbook, sheet)? } else { HashSet::new() };
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| broken(Some(sheet), &error))?;
    let percent: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().is_some_and(|f| is_percent(&f.format_code)))
        .collect();
    let mut line = GridLine { number: 0, cells: Vec::new() };
    let mut width = 0;
    let mut count = 0u64;
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|error| broken(Some(sheet), &error))? {
        let (row, column) = cell.get_position();
        let is_formula = formulas.contains(&(row, column));
        if matches!(cell.get_value(), DataRef::Empty) && !is_formula {
            continue;
        }
        let (number, column) = (u64::from(row) + 1, column as usize);
        if number > limits.rows {
            return Err(too_large(sheet, number, format!("more than {} rows", limits.rows)));
        }
        if column >= limits.columns {
            return Err(too_large(sheet, number, format!("more than {} columns", limits.columns)));
        }
        count += 1;
        if count > limits.cells {
            return Err(too_large(sheet, number, format!("more than {} cells", limits.cells)));
        }
        if number != line.number {
            if number < line.number {
                return Err(CellProblem {
                    sheet: Some(sheet.to_owned()),
                    ..CellProblem::of_file(ProblemCode::BadFile, "the rows are not in order").in_row(number)
                });
            }
            width = width.max(line.cells.len());
            let full = std::mem::replace(&mut line, GridLine { number, cells: Vec::with_capacity(width) });
            if !full.cells.is_empty() && f(full).is_break() {
                return Ok(());
            }
        }
        let mut read = typed(cell.get_value(), percent.get(style).copied().unwrap_or(false));
        if is_formula {
            read.kind = CellKind::Formula;
        }
        if read.text.chars().nth(limits.cell_chars).is_some() {
            return Err(too_large(sheet, number, format!("a cell with more than {} characters", limits.cell_chars)));
        }
        if read.is_empty() {
            continue;
        }
        if column >= line.cells.len() {
            line.cells.resize_with(column + 1, || Cell::text(""));
        }
        line.cells[column] = read;
    }
    if !line.cells.is_empty() {
        let _ = f(line);
    }
    Ok(())
}

/// Places of the formulas. The reader that gives number formats gives no formulas, so they are a pass of their own.
fn formulas(workbook: &mut Workbook, sheet: &str) -> Result<HashSet<(u32, u32)>, CellProblem> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| broken(Some(sheet), &error))?;
    let mut found = HashSet::new();
    // The variant with metadata expands no shared formula: their text could be multiplied without bound.
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|error| broken(Some(sheet), &error))? {
        if cell.formula.is_some() {
            found.insert(cell.pos);
            if found.len() > FORMULAS {
                let message = format!("more than {FORMULAS} formulas: paste the values");
                return Err(too_large(sheet, u64::from(cell.pos.0) + 1, message));
            }
        }
    }
    Ok(found)
}

fn typed(value: &DataRef<'_>, is_percent: bool) -> Cell {
    let (text, kind) = match value {
        DataRef::Empty => (String::new(), CellKind::Text),
        DataRef::Int(number) => (number.to_string(), CellKind::Number),
        DataRef::Float(number) => (decimal(*number, if is_percent { 2 } else { 0 }), CellKind::Number),
        DataRef::String(text) => (clean(text), CellKind::Text),
        DataRef::SharedString(text) => (clean(text), CellKind::Text),
        DataRef::Bool(value) => (if *value { "TRUE" } else { "FALSE" }.to_owned(), CellKind::Text),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            (format!("{year:04}-{month:02}-{day:02}"), CellKind::Date)
        }
        DataRef::DateTime(duration) => (decimal(duration.as_f64(), 0), CellKind::Text),
        DataRef::DateTimeIso(text) => {
            let date = text.get(..10).unwrap_or(text);
            let is_date = crate::domain::period::parse_date(date).is_some();
            (date.to_owned(), if is_date { CellKind::Date } else { CellKind::Text })
        }
        DataRef::DurationIso(text) => (clean(text), CellKind::Text),
        DataRef::Error(error) => (error.to_string(), CellKind::Error),
    };
    Cell { text, kind }
}

/// True for the number formats that show a number times hundred: the person sees 99.78%, the file holds 0.9978.
fn is_percent(format: &str) -> bool {
    let mut quoted = false;
    let mut escaped = false;
    for c in format.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '%' if !quoted => return true,
            _ => {}
        }
    }
    false
}

/// The shortest decimal of at most 15 significant digits, the precision that a worksheet shows; without an exponent,
/// multiplied by 10^`shift`.
fn decimal(number: f64, shift: i32) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let scientific = format!("{number:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or(0) + shift;
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    // Digits before the decimal point.
    let point = exponent + 1;
    match usize::try_from(point) {
        Ok(point) if point >= digits.len() => format!("{sign}{digits}{}", "0".repeat(point - digits.len())),
        Ok(point) if point > 0 => format!("{sign}{}.{}", &digits[..point], &digits[point..]),
        _ => format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
    }
}

fn broken(sheet: Option<&str>, error: &XlsxError) -> CellProblem {
    let message = match error {
        XlsxError::Password => "the file is protected by a password".to_owned(),
        XlsxError::WorksheetNotFound(name) => format!("no worksheet `{name}`"),
        other => format!("damaged workbook: {other}"),
    };
    CellProblem { sheet: sheet.map(str::to_owned), ..CellProblem::of_file(ProblemCode::BadFile, message) }
}

fn too_large(sheet: &str, row: u64, message: String) -> CellProblem {
    CellProblem { sheet: Some(sheet.to_owned()), ..CellProblem::of_file(ProblemCode::TooLarge, message).in_row(row) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_the_worksheet_shows() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (99.70000000000001, "99.7"),
            (0.1 + 0.2, "0.3"),
            (1e15, "1000000000000000"),
            (1.5e20, "150000000000000000000"),
            (0.00012, "0.00012"),
            (-1286.79, "-1286.79"),
            (123456789.123456, "123456789.123456"),
        ] {
            assert_eq!(decimal(number, 0), text);
        }
        for (number, text) in [(0.9978, "99.78"), (1.0, "100"), (0.005, "0.5"), (0.29, "29"), (-0.00012, "-0.012")] {
            assert_eq!(decimal(number, 2), text);
        }
    }

    #[test]
    fn a_percent_sign_in_quotes_is_only_text() {
        for (format, expected) in
            [("0.00%", true), ("0%;[Red]-0%", true), ("0.0\"%\"", false), ("0.0\\%", false), ("General", false)]
        {
            assert_eq!(is_percent(format), expected, "{format}");
        }
    }
}
