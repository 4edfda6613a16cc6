//! Reading a folder of CSV and TOML files cell by cell, collecting every mistake instead of the first.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    rc::Rc,
    str::FromStr,
};

use serde::de::DeserializeOwned;
use unicode_normalization::is_nfc;

use super::problem::Problem;
use crate::domain::text::Text;

/// A file larger than this is no hand-kept data file.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A folder being read, with the mistakes found so far.
pub struct Folder {
    root: PathBuf,
    problems: RefCell<Vec<Problem>>,
    /// Where codes were declared: list and code to a problem that only lacks its message.
    places: RefCell<HashMap<(&'static str, String), Problem>>,
}

impl Folder {
    /// Begins to read a folder.
    pub fn open(root: &Path) -> Self {
        Self { root: root.to_owned(), problems: RefCell::default(), places: RefCell::default() }
    }

    /// Ends; the mistakes in the order in which they were found, so that causes stand before what follows from
    /// them.
    pub fn finish(self) -> Vec<Problem> {
        let mut seen = HashSet::new();
        self.problems.into_inner().into_iter().filter(|problem| seen.insert(problem.clone())).collect()
    }

    /// Notes a mistake.
    pub fn problem(&self, file: &str, line: u64, message: impl Into<String>) {
        self.problems.borrow_mut().push(Problem { file: file.to_owned(), line, column: None, message: message.into() });
    }

    /// Notes a mistake of something that [`Row::remember`] has placed.
    pub fn problem_of(&self, list: &'static str, code: &str, message: impl Into<String>) {
        let place = self.places.borrow().get(&(list, code.to_owned())).cloned();
        match place {
            Some(place) => self.problems.borrow_mut().push(Problem { message: message.into(), ..place }),
            None => self.problem(list, 0, message),
        }
    }

    fn read(&self, file: &str) -> Option<String> {
        let path = self.root.join(file);
        let text = match std::fs::metadata(&path) {
            Ok(meta) if meta.len() > MAX_BYTES => Err(format!("larger than {MAX_BYTES} bytes")),
            _ => std::fs::read(&path).map_err(|e| format!("cannot be read: {e}")).and_then(|bytes| {
                String::from_utf8(bytes).map_err(|e| format!("not UTF-8 at byte {}", e.utf8_error().valid_up_to()))
            }),
        };
        match text {
            Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
            Err(message) => {
                self.problem(file, 0, message);
                None
            }
        }
    }

    /// True if the file is there.
    pub fn has(&self, file: &str) -> bool {
        self.root.join(file).is_file()
    }

    /// Files of a sub-folder with an extension, by name.
    pub fn list(&self, folder: &str, extension: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|e| e.file_name().into_string().ok())
            .filter(|name| name.ends_with(extension) && !name.starts_with('.'))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        names.sort();
        names
    }

    /// Reads a TOML file; unknown keys are mistakes.
    pub fn toml<T: DeserializeOwned>(&self, file: &str) -> Option<(T, TomlLines)> {
        let text = self.read(file)?;
        match toml::from_str(&text) {
            Ok(value) => Some((value, TomlLines { text })),
            Err(error) => {
                let line = error.span().map(|span| line_of(&text, span.start)).unwrap_or(0);
                self.problem(file, line, error.message().to_owned());
                None
            }
        }
    }

    /// Reads the rows of a CSV file that must have exactly these columns. Rows with a wrong number of
    /// cells are mistakes and left out.
    pub fn rows(&self, file: &str, columns: &[&str]) -> Vec<Row<'_>> {
        let Some(text) = self.read(file) else { return Vec::new() };
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
        let mut records = reader.records();
        let header: Vec<String> = match records.next() {
            Some(Ok(record)) => record.iter().map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        if header != columns {
            self.problem(file, 1, format!("the header must be `{}`", columns.join(",")));
            return Vec::new();
        }
        let header = Rc::new(header);
        let file_name: Rc<str> = file.into();
        let mut rows = Vec::new();
        for record in records {
            match record {
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    self.problem(file, line, format!("not CSV: {error}"));
                }
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    if record.len() != header.len() {
                        self.problem(
                            file,
                            line,
                            format!("{} cells, but the header has {}", record.len(), header.len()),
                        );
                        continue;
                    }
                    let cells = record.iter().map(str::to_owned).collect();
                    let row = Row { folder: self, file: file_name.clone(), line, header: header.clone(), cells };
                    row.check_cells();
                    rows.push(row);
                }
            }
        }
        rows
    }
}

/// Line numbers of byte positions in a TOML file.
pub struct TomlLines {
    text: String,
}

impl TomlLines {
    /// Line from 1 of something that kept its place.
    pub fn of<T>(&self, spanned: &toml::Spanned<T>) -> u64 {
        line_of(&self.text, spanned.span().start)
    }
}

fn line_of(text: &str, byte: usize) -> u64 {
    text.as_bytes().iter().take(byte).filter(|b| **b == b'\n').count() as u64 + 1
}

/// One line of a CSV file.
pub struct Row<'f> {
    folder: &'f Folder,
    /// File, relative to the folder.
    pub file: Rc<str>,
    /// Line from 1.
    pub line: u64,
    header: Rc<Vec<String>>,
    cells: Vec<String>,
}

impl Row<'_> {
    fn check_cells(&self) {
        for (i, cell) in self.cells.iter().enumerate() {
            let fault = if cell.trim() != cell {
                "blanks around the value"
            } else if cell.chars().any(char::is_control) {
                "a control character"
            } else if !is_nfc(cell) {
                "not in Unicode normal form NFC"
            } else {
                continue;
            };
            self.fail(&self.header[i], fault);
        }
    }

    /// Notes a mistake in a cell.
    pub fn fail(&self, column: &str, message: impl Into<String>) {
        self.folder.problems.borrow_mut().push(self.problem(column, message));
    }

    /// Remembers where a list declares a code, for mistakes that show later.
    pub fn remember(&self, list: &'static str, code: &str, column: &str) {
        self.folder.places.borrow_mut().insert((list, code.to_owned()), self.problem(column, ""));
    }

    fn problem(&self, column: &str, message: impl Into<String>) -> Problem {
        let number = self.header.iter().position(|h| h == column).map_or(0, |i| i + 1);
        Problem {
            file: self.file.to_string(),
            line: self.line,
            column: Some((number, column.to_owned())),
            message: message.into(),
        }
    }

    /// A cell, empty or not.
    pub fn cell(&self, column: &str) -> &str {
        match self.header.iter().position(|h| h == column) {
            Some(i) => &self.cells[i],
            None => "",
        }
    }

    /// A cell, `None` if empty.
    pub fn optional(&self, column: &str) -> Option<&str> {
        Some(self.cell(column)).filter(|cell| !cell.is_empty())
    }

    /// A cell that must not be empty.
    pub fn required(&self, column: &str) -> String {
        if self.cell(column).is_empty() {
            self.fail(column, "must not be empty");
        }
        self.cell(column).to_owned()
    }

    /// A text in both languages; a missing translation is a mistake.
    pub fn text(&self, stem: &str) -> Text {
        Text::new(self.required(&format!("{stem}_vi")), self.required(&format!("{stem}_en")))
    }

    /// A text in both languages or in none.
    pub fn optional_text(&self, stem: &str) -> Option<Text> {
        let (vi, en) = (format!("{stem}_vi"), format!("{stem}_en"));
        match (self.cell(&vi).is_empty(), self.cell(&en).is_empty()) {
            (true, true) => None,
            _ => Some(self.text(stem)),
        }
    }

    /// A parsed cell, `None` if empty or wrong (which is noted).
    pub fn parse<T: FromStr<Err: ToString>>(&self, column: &str) -> Option<T> {
        self.convert(column, |cell| cell.parse().map_err(|e: T::Err| e.to_string()))
    }

    /// A converted cell, `None` if empty or wrong (which is noted).
    pub fn convert<T>(&self, column: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let cell = self.optional(column)?;
        read(cell).map_err(|message| self.fail(column, message)).ok()
    }

    /// A converted cell that must not be empty.
    pub fn need<T>(&self, column: &str, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        self.required(column);
        self.convert(column, read)
    }

    /// A date, `YYYY-MM-DD`.
    pub fn date(&self, column: &str) -> Option<chrono::NaiveDate> {
        self.convert(column, |cell| {
            crate::domain::period::parse_date(cell).ok_or_else(|| format!("`{cell}` is not a date, YYYY-MM-DD"))
        })
    }

    /// A number of a list, from 1.
    pub fn position(&self, column: &str) -> i32 {
        self.required(column);
        self.parse(column).unwrap_or_default()
    }
}

/// Reads a value of a closed list; the error names what is allowed.
pub fn one_of<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> impl FnOnce(&str) -> Result<T, String> {
    move |cell| {
        all.iter().copied().find(|value| code(*value) == cell).ok_or_else(|| {
            let allowed: Vec<&str> = all.iter().map(|value| code(*value)).collect();
            format!("`{cell}` is not one of {}", allowed.join(", "))
        })
    }
}
