//! Reading what was sent, whatever its form: figures, parts, and every mistake with its place.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use chrono::{DateTime, NaiveDate, Utc};
use sha2::{Digest, Sha256};

use crate::{
    domain::{
        audit::hex,
        catalogue::Catalogue,
        column::ColumnName,
        document::{DocumentType, PrintedTable},
        id::*,
        number_style::NumberStyle,
        observation::{Observation, identity},
        period::Period,
        submission::Header,
        target::Assessment,
        text::Text,
    },
    ingest::{
        book::{Book, FileLimits},
        grid::{Grid, GridLine},
        long::{self, LongOptions, LongReader},
        problem::{CellProblem, ProblemCode, Problems100},
        report_text, target_table,
        wide::{self, WideOptions, WideTable},
    },
    store::submissions::Part,
};

crate::domain::id::closed_list! {
    /// Form of what was sent.
    Format {
        /// A row a figure.
        Long => "LONG",
        /// Units down, indicators across.
        Wide => "WIDE",
        /// The text of a report.
        Text => "TEXT",
        /// Figures pushed by a machine.
        Push => "PUSH",
    }
}

/// What was sent.
#[derive(Debug, Clone)]
pub enum Source {
    /// Text in the request itself: a report, or a table as CSV.
    Text(String),
    /// A file on this machine.
    File(PathBuf),
    /// Lines of the long format, header first.
    Lines(Vec<GridLine>),
}

/// What is said about the report; what is left out is taken from the text, the open submission or the published
/// report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReportOrder {
    /// Official number.
    pub code: Option<String>,
    /// What it reports on.
    pub title: Option<Text>,
    /// Nominal period.
    pub period: Option<Period>,
    /// Code of the unit that it is about.
    pub unit: Option<String>,
    /// Date of the document.
    pub issued_on: Option<NaiveDate>,
    /// When it had become public, for reports of the past.
    pub published_at: Option<DateTime<Utc>>,
    /// When its figures are expected.
    pub due_at: Option<DateTime<Utc>>,
}

/// What to import.
#[derive(Debug, Clone)]
pub struct Order {
    /// About the report.
    pub report: ReportOrder,
    /// What was sent.
    pub source: Source,
    /// Name of the file.
    pub file_name: String,
    /// Its form; found out if nothing is said.
    pub format: Option<Format>,
    /// Worksheet; the first one if nothing is said.
    pub sheet: Option<String>,
    /// Number style; found out if nothing is said.
    pub style: Option<NumberStyle>,
    /// Code of the table, for the wide format: `II`.
    pub table: Option<String>,
    /// Headings that the caller explains; they win over those that are known.
    pub columns: Vec<ColumnName>,
    /// Bounds on files.
    pub limits: FileLimits,
}

/// What was read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What it will publish.
    pub header: Header,
    /// Its form.
    pub format: Format,
    /// Figures, in order.
    pub figures: Vec<Observation>,
    /// Tables, sections, assessments.
    pub parts: Vec<Part>,
    /// Headings that were understood, to be kept for next time.
    pub mapping: Vec<ColumnName>,
    /// Mistakes: with one of them nothing is imported.
    pub problems: Problems100,
    /// Remarks.
    pub warnings: Problems100,
    /// Lines read.
    pub rows: u64,
    /// Hash of all of it.
    pub hash: String,
}

/// A header field that nobody gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingField {
    /// Its path.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
}

/// Why nothing could be read.
#[derive(Debug, Clone)]
pub enum Unreadable {
    /// The file itself.
    File(CellProblem),
    /// The header.
    Header(Vec<MissingField>),
    /// More figures than fit into one request.
    TooMany(usize),
}

/// What is known of the report before the file is read.
pub struct Known<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// The header of the open submission, if there is one.
    pub open: Option<Header>,
    /// Most figures that may be in memory.
    pub most: usize,
}

/// Most rows of a wide table.
const WIDE_ROWS: usize = 20_000;

/// Reads what was sent. Blocks: call it from a thread for such work.
///
/// # Errors
/// If nothing could be read at all; mistakes in cells are part of the reading.
pub fn read(order: &Order, known: &Known<'_>) -> Result<Reading, Unreadable> {
    let reading = read_any(order, known)?;
    match reading.figures.len() > known.most {
        true => Err(Unreadable::TooMany(known.most)),
        false => Ok(reading),
    }
}

fn read_any(order: &Order, known: &Known<'_>) -> Result<Reading, Unreadable> {
    match &order.source {
        Source::Lines(lines) => read_lines(order, known, lines),
        Source::File(path) => {
            let name = order.file_name.to_lowercase();
            let is_text = order.format == Some(Format::Text)
                || order.format.is_none() && (name.ends_with(".txt") || name.ends_with(".md"));
            match is_text {
                true => read_report(order, known, &text_of(path, order.limits.bytes)?),
                false => read_book(order, known, path),
            }
        }
        Source::Text(text) => {
            let is_report = match order.format {
                Some(format) => format == Format::Text,
                None => !report_text::read(text).sections.iter().all(|s| s.code == "head"),
            };
            if is_report {
                return read_report(order, known, text);
            }
            let broken = |e: std::io::Error| {
                Unreadable::File(CellProblem::of_file(ProblemCode::BadFile, format!("it cannot be kept: {e}")))
            };
            let mut file = tempfile::NamedTempFile::new().map_err(broken)?;
            file.write_all(text.as_bytes()).map_err(broken)?;
            read_book(order, known, file.path())
        }
    }
}

fn text_of(path: &Path, most: u64) -> Result<String, Unreadable> {
    let bad = |message: String| Unreadable::File(CellProblem::of_file(ProblemCode::BadFile, message));
    let size = std::fs::metadata(path).map_err(|e| bad(format!("it cannot be read: {e}")))?.len();
    if size > most {
        let message = format!("{size} bytes, {most} allowed.");
        return Err(Unreadable::File(CellProblem::of_file(ProblemCode::TooLarge, message)));
    }
    let bytes = std::fs::read(path).map_err(|e| bad(format!("it cannot be read: {e}")))?;
    if bytes.contains(&0) {
        return Err(bad("it has NUL bytes: this is no text.".to_owned()));
    }
    String::from_utf8(bytes).map_err(|e| bad(format!("not UTF-8 at byte {}.", e.utf8_error().valid_up_to())))
}

/// The header from what was said, the text, the open submission and the published report, in this order.
pub fn header(
    order: &ReportOrder,
    known: &Known<'_>,
    text: Option<&report_text::ReportText>,
    default_unit: Option<UnitId>,
) -> Result<Header, Vec<MissingField>> {
    let catalogue = known.catalogue;
    let code = order.code.clone().or_else(|| text.and_then(|t| t.code.clone()));
    let code = code.filter(|c| !c.trim().is_empty() && c.chars().count() <= 100);
    let Some(code) = code else {
        let message = "give the official number of the report, at most 100 characters.".to_owned();
        return Err(vec![MissingField { field: "code", message }]);
    };
    let open = known.open.as_ref().filter(|h| h.report == code);
    let report = catalogue.reports.iter().find(|r| r.code == code);
    let document = catalogue.document_by_code(&code);
    if report.is_none() && document.is_some_and(|d| d.kind != DocumentType::Report) {
        let message = format!("`{code}` is a document of another kind, not a report.");
        return Err(vec![MissingField { field: "code", message }]);
    }
    let mut missing = Vec::new();
    let field = |field: &'static str, message: &str| MissingField { field, message: message.to_owned() };
    let issued_on = order
        .issued_on
        .or_else(|| text.and_then(|t| t.issued_on))
        .or_else(|| open.map(|h| h.issued_on))
        .or_else(|| document.and_then(|d| d.issued_on));
    if issued_on.is_none() {
        missing.push(field("issuedOn", "give the date of the document: unit names mean those of that day."));
    }
    let period = order
        .period
        .or_else(|| open.map(|h| h.period))
        .or_else(|| report.map(|r| r.period))
        .or_else(|| text.and_then(|t| t.period));
    if period.is_none() {
        missing.push(field("period", "give the period that the report is about."));
    }
    let title = order
        .title
        .clone()
        .or_else(|| open.map(|h| h.title.clone()))
        .or_else(|| report.map(|r| r.title.clone()))
        .or_else(|| text.and_then(|t| t.title.clone()).map(|title| Text::new(title, "")));
    if title.as_ref().is_none_or(|t| t.vi.trim().is_empty()) {
        missing.push(field("title", "give the title of the report."));
    }
    let unit = match (&order.unit, issued_on) {
        (Some(code), Some(day)) => {
            let found = catalogue.unit_on(code, day).map(|u| u.id);
            if found.is_none() {
                missing.push(field("unit", &format!("no unit `{code}` on {day}.")));
            }
            found
        }
        _ => open.map(|h| h.unit).or_else(|| report.map(|r| r.unit)).or(default_unit),
    };
    if unit.is_none() && missing.is_empty() {
        missing.push(field("unit", "give the code of the unit that the report is about."));
    }
    match (issued_on, period, title, unit) {
        (Some(issued_on), Some(period), Some(title), Some(unit)) if missing.is_empty() => Ok(Header {
            report: code,
            title,
            period,
            unit,
            issued_on,
            published_at: order.published_at.or_else(|| open.and_then(|h| h.published_at)),
            due_at: order.due_at.or_else(|| open.and_then(|h| h.due_at)),
        }),
        _ => Err(missing),
    }
}

/// The unit that most of these are right below.
fn common_parent(catalogue: &Catalogue, figures: &[Observation]) -> Option<UnitId> {
    let mut count: BTreeMap<UnitId, usize> = BTreeMap::new();
    for o in figures {
        if let Some(parent) = catalogue.unit(o.series.unit).and_then(|u| u.parent) {
            *count.entry(parent).or_default() += 1;
        }
    }
    count.into_iter().max_by_key(|(id, n)| (*n, std::cmp::Reverse(*id))).map(|(id, _)| id)
}

fn read_lines(order: &Order, known: &Known<'_>, lines: &[GridLine]) -> Result<Reading, Unreadable> {
    let header = header(&order.report, known, None, None).map_err(Unreadable::Header)?;
    let options = LongOptions {
        reference_day: header.issued_on,
        number_style: order.style,
        default_unit: None,
        default_period: None,
    };
    let mut reader = LongReader::new(options, known.catalogue);
    let mut reading = Reading::begin(header, Format::Push);
    let mut lines = lines.iter();
    if let Some(first) = lines.next()
        && let Err(problems) = reader.header(first)
    {
        problems.into_iter().for_each(|p| reading.problems.push(p));
        return Ok(reading.finish(known.catalogue));
    }
    for line in lines {
        reading.rows += 1;
        match reader.line(line) {
            Ok(Some(figure)) => reading.figures.push(figure),
            Ok(None) => {}
            Err(problems) => problems.into_iter().for_each(|p| reading.problems.push(p)),
        }
    }
    reading.warnings = reader.warnings;
    Ok(reading.finish(known.catalogue))
}

fn long_options(order: &Order, header: &Header) -> LongOptions {
    LongOptions { reference_day: header.issued_on, number_style: order.style, default_unit: None, default_period: None }
}

/// True if a sheet is in the long format: its header is among the first lines.
fn is_long(book: &Book, sheet: Option<&str>, catalogue: &Catalogue, day: NaiveDate) -> Result<bool, Unreadable> {
    let options = LongOptions { reference_day: day, number_style: None, default_unit: None, default_period: None };
    let reader = LongReader::new(options, catalogue);
    let (mut seen, mut found) = (0, false);
    book.for_each_line(sheet, &mut |line| {
        seen += 1;
        found = reader.is_header(&line);
        if found || seen == 21 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .map_err(Unreadable::File)?;
    Ok(found)
}

/// Opens a file and says whether it is in the long format.
///
/// # Errors
/// If it cannot be read.
pub fn open_book(order: &Order, known: &Known<'_>, path: &Path) -> Result<(Book, bool), Unreadable> {
    let book = Book::open(path, order.limits.clone()).map_err(Unreadable::File)?;
    let any_day = NaiveDate::default();
    let long = match order.format {
        Some(format) => format != Format::Wide,
        None => is_long(&book, order.sheet.as_deref(), known.catalogue, any_day)?,
    };
    Ok((book, long))
}

/// Reads the figures of a long file one by one.
///
/// # Errors
/// If the file cannot be read.
pub fn stream_long(
    order: &Order,
    known: &Known<'_>,
    book: &Book,
    header: &Header,
    sink: &mut dyn FnMut(Observation) -> ControlFlow<()>,
    problems: &mut Problems100,
) -> Result<long::LongSummary, Unreadable> {
    let mut naming = Naming::new(known.catalogue, &header.report);
    let options = long_options(order, header);
    let mut named = |mut o: Observation| {
        o.uid = naming.name(&o, 1);
        sink(o)
    };
    long::read_file(book, order.sheet.as_deref(), known.catalogue, options, &mut named, problems)
        .map_err(Unreadable::File)
}

fn read_book(order: &Order, known: &Known<'_>, path: &Path) -> Result<Reading, Unreadable> {
    let (book, is_long) = open_book(order, known, path)?;
    if is_long {
        let header = header(&order.report, known, None, None).map_err(Unreadable::Header)?;
        let mut reading = Reading::begin(header.clone(), Format::Long);
        let mut problems = Problems100::default();
        let (mut figures, mut too_many) = (Vec::new(), false);
        let mut sink = |o: Observation| {
            too_many = figures.len() >= known.most;
            if too_many {
                return ControlFlow::Break(());
            }
            figures.push(o);
            ControlFlow::Continue(())
        };
        let summary = stream_long(order, known, &book, &header, &mut sink, &mut problems)?;
        if too_many {
            return Err(Unreadable::TooMany(known.most));
        }
        reading.figures = figures;
        reading.rows = summary.rows;
        reading.problems = problems;
        reading.warnings = summary.warnings;
        return Ok(reading.finish(known.catalogue));
    }
    let sheet = order.sheet.as_deref();
    let mut grid = book.grid(sheet, WIDE_ROWS).map_err(Unreadable::File)?;
    grid.merged = book.merged(sheet).map_err(Unreadable::File)?;
    read_wide(order, known, &grid)
}

fn wide_options(order: &Order, header: &Header, is_days: bool, period: Period, table: Option<String>) -> WideOptions {
    let mut options = WideOptions::on(header.issued_on);
    options.default_period = Some(period);
    options.period_is_days = is_days;
    options.total_unit = Some(header.unit);
    options.table_code = table;
    options.mapping = order.columns.clone();
    options.style = order.style;
    options
}

fn read_wide(order: &Order, known: &Known<'_>, grid: &Grid) -> Result<Reading, Unreadable> {
    let catalogue = known.catalogue;
    let guess = order.report.issued_on.or_else(|| {
        let code = order.report.code.as_ref()?;
        catalogue.document_by_code(code).and_then(|d| d.issued_on)
    });
    let first = guess.map(|day| {
        let mut options = WideOptions::on(day);
        options.mapping = order.columns.clone();
        options.style = order.style;
        options.default_period = order.report.period;
        wide::read(grid, catalogue, &options)
    });
    let parent = first.as_ref().and_then(|table| common_parent(catalogue, &table.figures));
    let header = header(&order.report, known, None, parent).map_err(Unreadable::Header)?;
    let is_days = matches!(header.period.shape(), crate::domain::period::Shape::Range);
    let options = wide_options(order, &header, is_days, header.period, order.table.clone());
    let mut reading = Reading::begin(header, Format::Wide);
    reading.rows = grid.lines.len() as u64;
    reading.add_wide(wide::read(grid, catalogue, &options), None);
    Ok(reading.finish(catalogue))
}

fn read_report(order: &Order, known: &Known<'_>, text: &str) -> Result<Reading, Unreadable> {
    let catalogue = known.catalogue;
    let report = report_text::read(text);
    let day = order.report.issued_on.or(report.issued_on);
    let parent = day.and_then(|day| {
        let read = |t: &report_text::TextTable| {
            wide::read(
                &t.grid,
                catalogue,
                &WideOptions { default_period: t.period.map(|p| p.0).or(report.period), ..WideOptions::on(day) },
            )
        };
        let wide = report.tables.iter().filter(|t| !target_table::is_target_table(&t.grid));
        let figures: Vec<Observation> = wide.flat_map(|t| read(t).figures).collect();
        common_parent(catalogue, &figures)
    });
    let header = header(&order.report, known, Some(&report), parent).map_err(Unreadable::Header)?;
    let mut reading = Reading::begin(header.clone(), Format::Text);
    reading.rows = text.lines().count() as u64;
    // A table of counts alone does not tell its style; the other tables of the file do.
    let of_units = report.tables.iter().map(|t| &t.grid).filter(|grid| !target_table::is_target_table(grid));
    let style = order.style.or_else(|| wide::style_of(of_units).ok());
    for table in &report.tables {
        if target_table::is_target_table(&table.grid) {
            let options =
                target_table::TargetOptions { period: header.period, table_code: table.code.clone(), resolution: None };
            reading.add_targets(target_table::read(&table.grid, catalogue, &options), table);
            continue;
        }
        let (period, is_days) = table.period.unwrap_or((header.period, false));
        let options = WideOptions { style, ..wide_options(order, &header, is_days, period, table.code.clone()) };
        let mut read = wide::read(&table.grid, catalogue, &options);
        read.title = table.title.clone().or(read.title);
        reading.add_wide(read, table.note_line.as_deref().and_then(last_date));
    }
    if report.tables.is_empty() {
        let message = "no table was found in the text.";
        reading.warnings.push(CellProblem::of_file(ProblemCode::NothingFound, message.to_owned()));
    }
    let sections = report.sections.into_iter().map(|s| {
        Part::Section(crate::domain::document::Section {
            code: s.code,
            parent: s.parent,
            position: s.position,
            title: Text::new(s.title, ""),
            body: s.body,
        })
    });
    reading.parts.extend(sections);
    Ok(reading.finish(catalogue))
}

/// The last date of a line such as `(Kèm theo Báo cáo số … ngày 10/9/2024 của …)`.
fn last_date(line: &str) -> Option<NaiveDate> {
    let words = line.split(|c: char| !(c.is_ascii_digit() || c == '/'));
    words.filter_map(crate::domain::period_text::read_date).next_back()
}

impl Reading {
    fn begin(header: Header, format: Format) -> Self {
        Self {
            header,
            format,
            figures: Vec::new(),
            parts: Vec::new(),
            mapping: Vec::new(),
            problems: Problems100::default(),
            warnings: Problems100::default(),
            rows: 0,
            hash: String::new(),
        }
    }

    fn note(&mut self, problems: Vec<CellProblem>) {
        for problem in problems {
            match problem.is_warning {
                true => self.warnings.push(problem),
                false => self.problems.push(problem),
            }
        }
    }

    fn add_wide(&mut self, table: WideTable, dated_on: Option<NaiveDate>) {
        let position = self.parts.len() as i32 + 1;
        let code = table.code.unwrap_or_else(|| position.to_string());
        for mut figure in table.figures {
            figure.locator.table = Some(code.clone());
            self.figures.push(figure);
        }
        self.mapping.extend(table.mapping);
        self.note(table.problems);
        self.parts.push(Part::Table(PrintedTable {
            id: TableId(0),
            document: DocumentId(0),
            position,
            title: Text::new(table.title.unwrap_or_else(|| code.clone()), ""),
            code,
            note: None,
            dated_on,
            columns: table.columns,
            rows: table.rows,
            expected_units: table.expected,
        }));
    }

    fn add_targets(&mut self, table: target_table::TargetTable, text: &report_text::TextTable) {
        let position = self.parts.len() as i32 + 1;
        let code = table.code.unwrap_or_else(|| position.to_string());
        for mut figure in table.figures {
            figure.locator.table = Some(code.clone());
            self.figures.push(figure);
        }
        self.note(table.problems);
        let assessments = table.assessments.into_iter().map(|a| {
            Part::Assessment(Assessment {
                document: DocumentId(0),
                resolution: a.resolution,
                number: a.number,
                rating: a.rating,
                as_printed: a.as_printed,
                result: Text::new(a.result, ""),
                table: code.clone(),
            })
        });
        let assessments: Vec<Part> = assessments.collect();
        self.parts.push(Part::Table(PrintedTable {
            id: TableId(0),
            document: DocumentId(0),
            position,
            title: Text::new(text.title.clone().unwrap_or_else(|| code.clone()), ""),
            code,
            note: None,
            dated_on: text.note_line.as_deref().and_then(last_date),
            columns: table.columns,
            rows: table.rows,
            expected_units: Vec::new(),
        }));
        self.parts.extend(assessments);
    }

    /// Numbers and names the figures, finds doubles, and hashes the whole.
    fn finish(mut self, catalogue: &Catalogue) -> Self {
        let mut naming = Naming::new(catalogue, &self.header.report);
        let mut names: HashMap<String, u32> = HashMap::new();
        let mut keys: HashMap<_, Vec<usize>> = HashMap::new();
        let is_long = matches!(self.format, Format::Long | Format::Push);
        for i in 0..self.figures.len() {
            let figure = &mut self.figures[i];
            if !is_long {
                figure.position = i as i32 + 1;
            }
            let nth = names.entry(naming.name(figure, 0)).or_default();
            *nth += 1;
            figure.uid = naming.name(figure, *nth);
            keys.entry((figure.series.clone(), figure.period)).or_default().push(i);
        }
        settle_printings(&mut self.figures, keys.values());
        if self.figures.is_empty() && self.problems.count == 0 {
            self.problems.push(CellProblem::of_file(ProblemCode::NothingFound, "no figure was found.".to_owned()));
        }
        for group in keys.values() {
            let preferred = group.iter().filter(|i| self.figures[**i].preferred).count();
            if preferred != 1 {
                let places: Vec<String> = group.iter().map(|i| self.figures[*i].position.to_string()).collect();
                let message = format!(
                    "{preferred} preferred figures of one indicator, unit, breakdown and period instead of one: rows {}.",
                    places.join(", ")
                );
                let row = group.last().map_or(0, |i| self.figures[*i].position.unsigned_abs().into());
                self.problems.push(CellProblem::of_file(ProblemCode::Duplicate, message).in_row(row));
            }
        }
        let mut hash = Hasher::new(&self.header, self.format);
        self.figures.iter().for_each(|o| hash.figure(o));
        self.parts.iter().for_each(|p| hash.text(&p.write().1));
        self.hash = hash.finish();
        self
    }
}

/// Where a text prints a figure in a table of targets and again in a table of units, the units' table is preferred.
fn settle_printings<'k>(figures: &mut [Observation], keys: impl Iterator<Item = &'k Vec<usize>>) {
    for group in keys.filter(|group| group.len() > 1) {
        let tables: Vec<Option<String>> = group.iter().map(|i| figures[*i].locator.table.clone()).collect();
        let all_differ = tables.iter().enumerate().all(|(i, t)| t.is_some() && !tables[..i].contains(t));
        if all_differ && group.iter().all(|i| figures[*i].preferred) {
            for i in &group[..group.len() - 1] {
                figures[*i].preferred = false;
            }
        }
    }
}

/// Gives figures their identities, looking up each code once.
pub struct Naming<'c> {
    catalogue: &'c Catalogue,
    document: String,
    units: HashMap<UnitId, String>,
}

impl<'c> Naming<'c> {
    /// For the figures of a document.
    pub fn new(catalogue: &'c Catalogue, document: &str) -> Self {
        Self { catalogue, document: document.to_owned(), units: HashMap::new() }
    }

    /// The identity of a figure.
    pub fn name(&mut self, o: &Observation, nth: u32) -> String {
        let indicator = self.catalogue.indicator(o.series.indicator).map_or("", |i| &i.code);
        let catalogue = self.catalogue;
        let unit = self
            .units
            .entry(o.series.unit)
            .or_insert_with(|| catalogue.unit(o.series.unit).map(|u| u.key()).unwrap_or_default());
        identity(&self.document, indicator, unit, o, nth)
    }
}

/// Hashes a reading figure by figure.
pub struct Hasher(Sha256);

impl Hasher {
    /// Begins with the header.
    pub fn new(header: &Header, format: Format) -> Self {
        let mut hasher = Self(Sha256::new());
        hasher.text(&format!("{header:?}|{}", format.code()));
        hasher
    }

    /// Adds a text.
    pub fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    /// Adds a figure.
    pub fn figure(&mut self, o: &Observation) {
        // Writing to a digest cannot fail.
        let mut sink = HashSink(&mut self.0);
        let _ = write!(
            sink,
            "{}|{:?}|{}|{}|{:?}|{:?}|{}|{:?}|{:?}|{}|{:?}|",
            o.uid,
            o.value,
            o.status.code(),
            o.qualifier.code(),
            o.coverage,
            o.as_of,
            o.as_printed,
            o.base_period,
            o.field_size,
            o.preferred,
            o.note
        );
    }

    /// The hash.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

struct HashSink<'d>(&'d mut Sha256);

impl Write for HashSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
