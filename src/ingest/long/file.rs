//! A whole file in the long format: finds the headings, settles the number style, reads row by row.

use std::ops::ControlFlow;

use super::{LongOptions, LongReader, columns};
use crate::{
    domain::{
        catalogue::Catalogue,
        number_style::{NumberStyle, StyleEvidence},
        observation::Observation,
    },
    ingest::{
        book::Book,
        grid::GridLine,
        problem::{CellProblem, ProblemCode, Problems100},
    },
};

/// Lines among which the headings are looked for; titles and letterheads stand above them.
const LEADING: usize = 21;

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LongSummary {
    /// Rows below the headings that hold anything.
    pub rows: u64,
    /// Figures given to the sink.
    pub figures: u64,
    /// The number style, if it was stated or told.
    pub style: Option<NumberStyle>,
    /// Remarks on rows that were read all the same.
    pub warnings: Problems100,
}

/// Reads a file: every figure goes to `sink` until it breaks, every mistake to `problems`. Rows with a mistake give no
/// figure; whether the others count is for the caller to decide. `sheet` names a worksheet; `None` is the first one.
///
/// # Errors
/// The file cannot be read at all, or holds numbers of both styles.
pub fn read_file(
    book: &Book,
    sheet: Option<&str>,
    catalogue: &Catalogue,
    options: LongOptions,
    sink: &mut dyn FnMut(Observation) -> ControlFlow<()>,
    problems: &mut Problems100,
) -> Result<LongSummary, CellProblem> {
    let stated = options.number_style;
    let mut reader = LongReader::new(options, catalogue);
    reader.sheet = sheet.map(str::to_owned).or_else(|| book.sheets().into_iter().next());
    let mut summary = LongSummary::default();

    let Some(header) = find_header(book, sheet, &reader)? else {
        problems.push(nothing(&reader, "nothing stands in the file"));
        return Ok(summary);
    };
    if let Err(found) = reader.header(&header) {
        found.into_iter().for_each(|problem| problems.push(problem));
        return Ok(summary);
    }
    let mut evidence = StyleEvidence::default();
    if let (None, Some(column)) = (stated, reader.value_column()) {
        book.for_each_text(sheet, column, &mut |line, text| {
            if line > header.number {
                evidence.look(text);
            }
            ControlFlow::Continue(())
        })?;
    }
    summary.style = reader.settle(&evidence).map_err(|message| {
        let problem = CellProblem::of_file(ProblemCode::MixedNumberStyle, message);
        let suggestion = Some("write all numbers in one style, or state the style of the file".to_owned());
        CellProblem { sheet: reader.sheet.clone(), suggestion, ..problem }
    })?;

    let before = problems.count;
    book.for_each_line(sheet, &mut |line| {
        if line.number <= header.number {
            return ControlFlow::Continue(());
        }
        summary.rows += 1;
        match reader.line(&line) {
            Ok(None) => summary.rows -= 1,
            Ok(Some(observation)) => {
                summary.figures += 1;
                return sink(observation);
            }
            Err(found) => found.into_iter().for_each(|problem| problems.push(problem)),
        }
        ControlFlow::Continue(())
    })?;
    if summary.figures == 0 && problems.count == before {
        problems.push(nothing(&reader, "no row stands below the headings"));
    }
    summary.warnings = reader.warnings;
    Ok(summary)
}

fn nothing(reader: &LongReader<'_>, message: &str) -> CellProblem {
    CellProblem { sheet: reader.sheet.clone(), ..CellProblem::of_file(ProblemCode::NothingFound, message) }
}

/// The first of the leading lines with every heading that is needed; else the one with the most known headings, whose
/// mistakes are then told.
fn find_header(book: &Book, sheet: Option<&str>, reader: &LongReader<'_>) -> Result<Option<GridLine>, CellProblem> {
    let mut best: Option<(usize, GridLine)> = None;
    let mut seen = 0;
    book.for_each_line(sheet, &mut |line| {
        seen += 1;
        let is_header = reader.is_header(&line);
        let known = if is_header { usize::MAX } else { columns::known(&line) };
        if best.as_ref().is_none_or(|(most, _)| known > *most) {
            best = Some((known, line));
        }
        if is_header || seen == LEADING { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(best.map(|(_, line)| line))
}
