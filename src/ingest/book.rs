//! Opening a file as a stream of lines: a worksheet or a CSV file, in constant memory, within limits.
//!
//! Owns formats and their bounds. Must not know what a column means: that belongs to the readers of lines.

mod container;
mod delimited;
mod markup;
#[cfg(test)]
mod tests;
mod workbook;

use std::{
    borrow::Cow,
    cell::RefCell,
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use unicode_normalization::{UnicodeNormalization, is_nfc};

use self::delimited::{Broken, Record, Records};
use super::{
    grid::{Cell, CellKind, Grid, GridLine},
    problem::{CellProblem, ProblemCode},
};

/// How many bytes of a CSV file tell its delimiter.
const SAMPLE_BYTES: usize = 64 * 1024;

/// Bounds on what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLimits {
    /// Bytes of a workbook.
    pub bytes: u64,
    /// Bytes of a CSV file, which streams.
    pub csv_bytes: u64,
    /// Bytes that a workbook unpacks to.
    pub unpacked_bytes: u64,
    /// How many times its size a part of a workbook above 10 MiB may unpack to.
    pub ratio: u64,
    /// Rows of a worksheet.
    pub rows: u64,
    /// Columns.
    pub columns: usize,
    /// Filled cells of a worksheet.
    pub cells: u64,
    /// Characters of a cell.
    pub cell_chars: usize,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            bytes: 50 * 1024 * 1024,
            csv_bytes: 2 * 1024 * 1024 * 1024,
            unpacked_bytes: 500 * 1024 * 1024,
            ratio: 100,
            rows: 1_048_576,
            columns: 256,
            cells: 20_000_000,
            cell_chars: 32_767,
        }
    }
}

enum Format {
    /// Delimiter, first byte and first line behind a byte order mark and a `sep=` line.
    Delimited { delimiter: u8, at: u64, line: u64 },
    /// The open workbook, and whether it has formulas.
    Workbook { workbook: Box<RefCell<workbook::Workbook>>, has_formulas: bool },
}

/// A file that was opened.
pub struct Book {
    path: PathBuf,
    limits: FileLimits,
    format: Format,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").field("path", &self.path).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Book {
    /// Opens a file. Its format is told by its content, never by its name.
    ///
    /// # Errors
    /// It is of another format, damaged or larger than allowed.
    pub fn open(path: &Path, limits: FileLimits) -> Result<Self, CellProblem> {
        let mut file = File::open(path).map_err(unreadable)?;
        let mut head = Vec::new();
        file.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut head).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let format = if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            file.rewind().map_err(unreadable)?;
            let contents = container::check(file, &limits)?;
            let workbook = workbook::open(File::open(path).map_err(unreadable)?)?;
            Format::Workbook { workbook: Box::new(RefCell::new(workbook)), has_formulas: contents.has_formulas }
        } else {
            refuse_others(&head)?;
            if length > limits.csv_bytes {
                let message = format!("the file has {length} bytes; at most {} are read", limits.csv_bytes);
                return Err(CellProblem::of_file(ProblemCode::TooLarge, message));
            }
            delimited_format(&head)
        };
        Ok(Self { path: path.to_owned(), limits, format })
    }

    /// Names of the worksheets that a person sees, in order; none for a CSV file.
    pub fn sheets(&self) -> Vec<String> {
        match &self.format {
            Format::Delimited { .. } => Vec::new(),
            Format::Workbook { workbook, .. } => {
                workbook.try_borrow().map(|workbook| workbook::sheets(&workbook)).unwrap_or_default()
            }
        }
    }

    /// Gives every line that holds something to `f`, in order, until it breaks. `sheet` names a worksheet; `None` is
    /// the first one.
    ///
    /// # Errors
    /// The file is damaged or larger than allowed; lines before that were given.
    pub fn for_each_line(
        &self,
        sheet: Option<&str>,
        f: &mut dyn FnMut(GridLine) -> ControlFlow<()>,
    ) -> Result<(), CellProblem> {
        match &self.format {
            Format::Delimited { .. } => self.for_each_record(&mut |record| {
                let line = self.line(record)?;
                Ok(if line.cells.iter().all(Cell::is_empty) { ControlFlow::Continue(()) } else { f(line) })
            }),
            Format::Workbook { workbook, has_formulas } => {
                let mut workbook = workbook.try_borrow_mut().map_err(|_| busy())?;
                let sheet = named(&workbook, sheet)?;
                workbook::for_each_line(&mut workbook, &sheet, *has_formulas, &self.limits, f)
            }
        }
    }

    /// Gives the text of one column to `f`, cheaper than whole lines; numbers that the file types as such, formulas
    /// and errors are left out. Bytes that are not UTF-8 are not told here.
    pub(super) fn for_each_text(
        &self,
        sheet: Option<&str>,
        column: usize,
        f: &mut dyn FnMut(u64, &str) -> ControlFlow<()>,
    ) -> Result<(), CellProblem> {
        match &self.format {
            Format::Delimited { .. } => self.for_each_record(&mut |record| {
                Ok(match record.cells().nth(column).map(String::from_utf8_lossy) {
                    Some(text) => f(record.line, text.trim()),
                    None => ControlFlow::Continue(()),
                })
            }),
            Format::Workbook { .. } => self.for_each_line(sheet, &mut |line| match line.cells.get(column) {
                Some(Cell { text, kind: CellKind::Text }) => f(line.number, text),
                _ => ControlFlow::Continue(()),
            }),
        }
    }

    /// How many rows there are, as far as is known cheaply: the line ends of a CSV file, what a worksheet states.
    pub fn size_hint(&self) -> Option<u64> {
        match &self.format {
            Format::Delimited { .. } => {
                let mut file = File::open(&self.path).ok()?;
                let mut buffer = vec![0; SAMPLE_BYTES];
                let (mut lines, mut last) = (0, b'\n');
                loop {
                    match file.read(&mut buffer).ok()? {
                        0 => return Some(lines + u64::from(last != b'\n')),
                        count => {
                            lines += buffer[..count].iter().filter(|byte| **byte == b'\n').count() as u64;
                            last = buffer[count - 1];
                        }
                    }
                }
            }
            Format::Workbook { workbook, .. } => {
                let mut workbook = workbook.try_borrow_mut().ok()?;
                let sheet = named(&workbook, None).ok()?;
                workbook::rows_stated(&mut workbook, &sheet)
            }
        }
    }

    /// Merged regions of a worksheet: first line number, first column from 0, last line number, last column from 0.
    /// None for a CSV file.
    ///
    /// # Errors
    /// There is no such sheet, or it is damaged.
    pub fn merged(&self, sheet: Option<&str>) -> Result<Vec<(u64, usize, u64, usize)>, CellProblem> {
        match &self.format {
            Format::Delimited { .. } => Ok(Vec::new()),
            Format::Workbook { workbook, .. } => {
                let mut workbook = workbook.try_borrow_mut().map_err(|_| busy())?;
                let sheet = named(&workbook, sheet)?;
                workbook::merged(&mut workbook, &sheet)
            }
        }
    }

    /// A whole sheet, empty lines between filled ones included.
    ///
    /// # Errors
    /// It has more than `max_rows` lines, or is damaged.
    pub fn grid(&self, sheet: Option<&str>, max_rows: usize) -> Result<Grid, CellProblem> {
        let mut lines: Vec<GridLine> = Vec::new();
        let mut too_long = false;
        let mut next = None;
        let mut take = |line: GridLine, after: u64| {
            let gap = next.map_or(0, |next| line.number.saturating_sub(next));
            too_long = lines.len() as u64 + gap >= max_rows as u64;
            if too_long {
                return ControlFlow::Break(());
            }
            lines.extend((line.number - gap..line.number).map(|number| GridLine { number, cells: Vec::new() }));
            next = Some(after);
            lines.push(line);
            ControlFlow::Continue(())
        };
        match &self.format {
            Format::Delimited { .. } => {
                self.for_each_record(&mut |record| Ok(take(self.line(record)?, record.next_line)))?
            }
            Format::Workbook { .. } => self.for_each_line(sheet, &mut |line| {
                let after = line.number + 1;
                take(line, after)
            })?,
        }
        let name = match (&self.format, sheet) {
            (Format::Delimited { .. }, _) => None,
            (_, Some(sheet)) => Some(sheet.to_owned()),
            (_, None) => self.sheets().into_iter().next(),
        };
        if too_long {
            let problem = CellProblem::of_file(ProblemCode::TooLarge, format!("more than {max_rows} rows"));
            return Err(CellProblem { sheet: name, ..problem });
        }
        Ok(Grid { merged: self.merged(sheet)?, sheet: name, lines })
    }

    fn for_each_record(
        &self,
        f: &mut dyn FnMut(&Record) -> Result<ControlFlow<()>, CellProblem>,
    ) -> Result<(), CellProblem> {
        let Format::Delimited { delimiter, at, line } = self.format else { return Ok(()) };
        let mut file = File::open(&self.path).map_err(unreadable)?;
        file.seek(SeekFrom::Start(at)).map_err(unreadable)?;
        // A file that grows while it is read is still bounded.
        let input = BufReader::with_capacity(256 * 1024, file.take(self.limits.csv_bytes));
        let mut records = Records::new(input, delimiter, self.limits.columns, line, at);
        let mut record = Record::default();
        while records.read(&mut record).map_err(|broken| self.broken(&broken))? {
            if f(&record)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn line(&self, record: &Record) -> Result<GridLine, CellProblem> {
        let mut cells = Vec::with_capacity(record.len());
        for (i, bytes) in record.cells().enumerate() {
            let text = std::str::from_utf8(bytes).map_err(|error| {
                let wrong = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
                let message = format!(
                    "not UTF-8: byte {} of this cell is {wrong:#04X}; save as \"CSV UTF-8\"",
                    error.valid_up_to() + 1
                );
                CellProblem {
                    column: Some((i + 1, String::new())),
                    ..CellProblem::of_file(ProblemCode::BadFile, message).in_row(record.line)
                }
                .with_raw(&String::from_utf8_lossy(bytes))
            })?;
            if text.len() > self.limits.cell_chars && text.chars().nth(self.limits.cell_chars).is_some() {
                let message = format!("a cell with more than {} characters", self.limits.cell_chars);
                let column = Some((i + 1, String::new()));
                let problem = CellProblem::of_file(ProblemCode::TooLarge, message).in_row(record.line);
                return Err(CellProblem { column, ..problem });
            }
            cells.push(Cell { text: clean(text), kind: CellKind::Text });
        }
        Ok(GridLine { number: record.line, cells })
    }

    fn broken(&self, broken: &Broken) -> CellProblem {
        let (code, row, message) = match broken {
            Broken::Io(error) => (ProblemCode::BadFile, 0, format!("cannot be read: {error}")),
            Broken::Nul(line, at) => (
                ProblemCode::BadFile,
                *line,
                format!("a byte 0 at byte {at} of the file: this is no text, or not UTF-8; save as \"CSV UTF-8\""),
            ),
            Broken::OpenQuote(line) => {
                (ProblemCode::BadFile, *line, "a quotation mark is opened in this line and never closed".to_owned())
            }
            Broken::TooLong(line) => (ProblemCode::TooLarge, *line, "a line of more than 4 MiB".to_owned()),
            Broken::TooManyCells(line) => {
                (ProblemCode::TooLarge, *line, format!("more than {} columns", self.limits.columns))
            }
        };
        CellProblem::of_file(code, message).in_row(row)
    }
}

/// Text as it is compared: trimmed, in normal form NFC.
fn clean(text: &str) -> String {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
    match text.is_ascii() || is_nfc(text) {
        true => text.to_owned(),
        false => text.nfc().collect(),
    }
}

fn named<'s>(workbook: &workbook::Workbook, sheet: Option<&'s str>) -> Result<Cow<'s, str>, CellProblem> {
    match sheet {
        Some(sheet) => Ok(Cow::Borrowed(sheet)),
        None => workbook::sheets(workbook)
            .into_iter()
            .next()
            .map(Cow::Owned)
            .ok_or_else(|| CellProblem::of_file(ProblemCode::NothingFound, "the workbook has no worksheet")),
    }
}

/// Delimiter and beginning of a CSV file by its first bytes.
fn delimited_format(head: &[u8]) -> Format {
    let at = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = &head[at..];
    // Spreadsheets write the delimiter into a line of its own.
    let stated = text.get(..5).filter(|line| line[..4].eq_ignore_ascii_case(b"sep=")).map(|line| line[4]);
    if let Some(delimiter @ (b',' | b';' | b'\t')) = stated {
        let end = [&b"\r\n"[..], b"\n", b"\r"].into_iter().find(|end| text[5..].starts_with(end));
        if let Some(end) = end {
            return Format::Delimited { delimiter, at: (at + 5 + end.len()) as u64, line: 2 };
        }
    }
    Format::Delimited { delimiter: delimited::delimiter(text), at: at as u64, line: 1 }
}

/// Refuses formats that are known not to be text.
fn refuse_others(head: &[u8]) -> Result<(), CellProblem> {
    let message = match head {
        [] => "the file is empty",
        _ if head.starts_with(b"\xd0\xcf\x11\xe0") => "old .xls, or a file protected by a password: save as .xlsx",
        _ if head.starts_with(b"%PDF") => "this is a PDF file: send the workbook or the CSV file",
        _ if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") => {
            "the file is UTF-16: save as \"CSV UTF-8\""
        }
        _ if head.starts_with(b"{\\rtf") => "this is an RTF file: send the workbook or the CSV file",
        _ => return Ok(()),
    };
    Err(CellProblem::of_file(ProblemCode::BadFile, message))
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unreadable(error: std::io::Error) -> CellProblem {
    CellProblem::of_file(ProblemCode::BadFile, format!("cannot be read: {error}"))
}

fn busy() -> CellProblem {
    CellProblem::of_file(ProblemCode::BadFile, "the workbook is being read already")
}
