//! The long format: a file with one row a figure, under named headings.
//!
//! Owns what each column of it means. Where the lines come from belongs to [`super::book`]; what the figures are for
//! belongs to the caller, who gives each its document, release and identity.

pub mod columns;
mod file;
mod lookup;
mod nearest;
#[cfg(test)]
mod tests;
mod value;

use chrono::{Datelike, NaiveDate};

pub use self::file::{LongSummary, read_file};
use self::{
    columns::Column,
    lookup::{Facts, Lookup},
    value::{Figure, Settled},
};
use super::{
    grid::{Cell, CellKind, GridLine},
    problem::{CellProblem, ProblemCode, Problems100},
};
use crate::domain::{
    catalogue::Catalogue,
    id::{DocumentId, UnitId},
    indicator::MeasureKind,
    number_style::{NumberStyle, StyleEvidence, first_number, has_scale_word, read_in_style, read_token},
    observation::{Accumulation, Locator, Observation, Qualifier, SeriesKey, Status},
    period::Period,
    text::Text,
};

/// A mistake before its place is known.
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    code: ProblemCode,
    message: String,
    suggestion: Option<String>,
}

impl Fault {
    fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), suggestion: None }
    }

    fn suggest(self, suggestion: Option<String>) -> Self {
        Self { suggestion, ..self }
    }
}

/// What the caller knows of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct LongOptions {
    /// Names and codes of units are those that stood on this day.
    pub reference_day: NaiveDate,
    /// The number style, if it is stated.
    pub number_style: Option<NumberStyle>,
    /// The unit of rows that name none; the column may then be missing.
    pub default_unit: Option<UnitId>,
    /// The period of rows that name none; the column may then be missing.
    pub default_period: Option<Period>,
}

/// Reads the lines of one file: the headings first, then row by row.
#[derive(Debug)]
pub struct LongReader<'c> {
    /// Remarks on rows that were read all the same.
    pub warnings: Problems100,
    /// Worksheet that problems name.
    pub sheet: Option<String>,
    options: LongOptions,

    lookup: Lookup<'c>,
    settled: Settled,
    places: columns::Places,
    headings: Vec<String>,
}

/// One row, and what is wrong with it.
struct Row<'r> {
    line: &'r GridLine,
    places: &'r columns::Places,
    headings: &'r [String],
    sheet: Option<&'r String>,
    problems: Vec<CellProblem>,
}

impl Row<'_> {
    fn cell(&self, column: Column) -> Option<&Cell> {
        self.places[column as usize].and_then(|i| self.line.cells.get(i))
    }

    fn text(&self, column: Column) -> &str {
        self.cell(column).map_or("", |cell| cell.text.as_str())
    }

    fn owned(&self, column: Column) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn problem(&self, place: Option<usize>, fault: Fault) -> CellProblem {
        let raw = place.and_then(|i| self.line.cells.get(i)).map_or("", |cell| cell.text.as_str());
        CellProblem {
            code: fault.code,
            sheet: self.sheet.cloned(),
            row: self.line.number,
            column: place.map(|i| (i + 1, self.headings.get(i).cloned().unwrap_or_default())),
            raw: raw.chars().take(120).collect(),
            message: fault.message,
            suggestion: fault.suggestion,
            is_warning: false,
        }
    }

    fn fail(&mut self, column: Column, fault: Fault) {
        let problem = self.problem(self.places[column as usize], fault);
        self.problems.push(problem);
    }

    /// The answer; `None` with a note of what is wrong.
    fn keep<T>(&mut self, column: Column, answer: Result<T, Fault>) -> Option<T> {
        answer.map_err(|fault| self.fail(column, fault)).ok()
    }

    /// A filled cell, converted.
    fn convert<T>(&mut self, column: Column, convert: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        match self.text(column) {
            "" => None,
            text => {
                let answer = convert(text);
                self.keep(column, answer)
            }
        }
    }

    /// A filled cell with a code out of a closed list.
    fn code<T: Copy>(&mut self, column: Column, all: &[T], code: fn(T) -> &'static str) -> Option<T> {
        self.convert(column, |text| {
            all.iter().copied().find(|value| code(*value).eq_ignore_ascii_case(text)).ok_or_else(|| {
                let codes: Vec<&str> = all.iter().map(|value| code(*value)).collect();
                Fault::new(ProblemCode::UnknownCode, format!("not one of {}", codes.join(", ")))
            })
        })
    }

    fn number(&mut self, column: Column) -> Option<i32> {
        self.convert(column, |text| text.parse().map_err(|_| Fault::new(ProblemCode::BadCell, "not a whole number")))
    }
}

impl<'c> LongReader<'c> {
    /// A reader of one file. Without a stated style it reads Vietnamese numbers, and refuses what only a style could
    /// tell, until [`Self::settle`].
    pub fn new(options: LongOptions, catalogue: &'c Catalogue) -> Self {
        Self {
            warnings: Problems100::default(),
            sheet: None,
            lookup: Lookup::new(catalogue, options.reference_day),
            settled: Settled {
                style: options.number_style.unwrap_or(NumberStyle::Vietnamese),
                is_strong: options.number_style.is_some(),
            },

            options,
            places: [None; columns::COUNT],
            headings: Vec::new(),
        }
    }

    /// Settles the number style by what the file tells, unless it is stated. Answers the style, if anything told it.
    ///
    /// # Errors
    /// The file holds numbers of both styles.
    pub fn settle(&mut self, evidence: &StyleEvidence) -> Result<Option<NumberStyle>, String> {
        if self.options.number_style.is_some() {
            return Ok(self.options.number_style);
        }
        let decided = evidence.decide()?;
        if let Some(style) = decided {
            self.settled = Settled { style, is_strong: evidence.is_strong() };
        }
        Ok(decided)
    }

    /// The columns that must be there.
    fn required(&self) -> Vec<Column> {
        let mut required = vec![Column::Indicator, Column::Value];
        if self.options.default_unit.is_none() {
            required.push(Column::Unit);
        }
        if self.options.default_period.is_none() {
            required.push(Column::Period);
        }
        required
    }

    /// True if a line has every heading that is needed.
    pub fn is_header(&self, line: &GridLine) -> bool {
        columns::has(line, &self.required())
    }

    /// Place of the value column, from 0, once the headings were read.
    pub fn value_column(&self) -> Option<usize> {
        self.places[Column::Value as usize]
    }

    /// Reads the headings.
    ///
    /// # Errors
    /// Every heading that is unknown, missing or stands twice.
    pub fn header(&mut self, line: &GridLine) -> Result<(), Vec<CellProblem>> {
        self.headings = line.cells.iter().map(|cell| cell.text.chars().take(80).collect()).collect();
        let places = columns::places(line, &self.required());
        self.places = places.map_err(|faults| {
            let row = self.row(line);
            faults.into_iter().map(|(place, fault)| row.problem(place, fault)).collect::<Vec<_>>()
        })?;
        Ok(())
    }

    fn row<'r>(&'r self, line: &'r GridLine) -> Row<'r> {
        Row { line, places: &self.places, headings: &self.headings, sheet: self.sheet.as_ref(), problems: Vec::new() }
    }

    /// Reads a row; `None` if it is empty. The observation has no identity, document or release yet, and the line
    /// number as its position.
    ///
    /// Where `accumulation` is blank, the kind of the indicator tells: a stock is `AS_OF`; a flow is `YEAR_TO_DATE` if
    /// its period begins on 1 January and is shorter than a year, else `IN_PERIOD`; all others are `IN_PERIOD`.
    ///
    /// # Errors
    /// Every mistake of the row.
    pub fn line(&mut self, line: &GridLine) -> Result<Option<Observation>, Vec<CellProblem>> {
        if line.cells.iter().all(Cell::is_empty) {
            return Ok(None);
        }
        let Self { lookup, places, headings, sheet, warnings, options, settled, .. } = self;
        let mut row = Row { line, places, headings, sheet: sheet.as_ref(), problems: Vec::new() };
        check_cells(&mut row);

        let answer = lookup_required(&row, Column::Indicator, |text| lookup.indicator(text));
        let facts = row.keep(Column::Indicator, answer);
        let unit = match (row.text(Column::Unit), options.default_unit) {
            ("", Some(unit)) => Some(unit),
            _ => {
                let answer = lookup_required(&row, Column::Unit, |text| lookup.unit(text));
                row.keep(Column::Unit, answer)
            }
        };
        let period = match (row.text(Column::Period), options.default_period) {
            ("", Some(period)) => Some(period),
            _ => {
                let answer = lookup_required(&row, Column::Period, |text| lookup.period(text));
                row.keep(Column::Period, answer)
            }
        };
        let breakdown = lookup.breakdown(row.text(Column::Breakdown));
        let breakdown = row.keep(Column::Breakdown, breakdown);
        let accumulation = row.code(Column::Accumulation, Accumulation::ALL, Accumulation::code);
        let status = row.code(Column::Status, Status::ALL, Status::code).unwrap_or(Status::Normal);
        let stated = row.code(Column::Qualifier, Qualifier::ALL, Qualifier::code);
        let coverage = row.convert(Column::Coverage, |text| lookup.interval(text));
        let as_of = row.convert(Column::AsOf, |text| lookup.day(text));
        let base_period = row.convert(Column::BasePeriod, |text| lookup.period(text));
        let stated_field = row.number(Column::FieldSize);
        let preferred = row.convert(Column::Preferred, yes_or_no).unwrap_or(true);
        let (footnote, column) = (row.number(Column::Footnote), row.number(Column::Column));

        let figure = facts.and_then(|facts| figure(&mut row, &facts, status, *settled));
        let qualifier = agreed(
            &mut row,
            Column::Qualifier,
            stated,
            figure.flatten().map(|f| f.qualifier).filter(|q| *q != Qualifier::Exact),
        );
        let field_size = agreed(&mut row, Column::FieldSize, stated_field, figure.flatten().and_then(|f| f.field));
        if let Some(facts) = facts {
            let is_change = facts.kind == MeasureKind::Change;
            if is_change != base_period.is_some() && (is_change || !row.text(Column::BasePeriod).is_empty()) {
                let message = "stands with indicators of kind CHANGE, and only there";
                row.fail(Column::BasePeriod, Fault::new(ProblemCode::BadCell, message));
            }
            if let Some(Some(figure)) = figure {
                check_printed(&mut row, &figure, &facts);
            }
        }

        let (Some(facts), Some(unit), Some(period), Some(breakdown), Some(figure), true) =
            (facts, unit, period, breakdown, figure, row.problems.is_empty())
        else {
            return Err(row.problems);
        };
        warn(&row, figure.as_ref(), warnings);
        let accumulation = accumulation.unwrap_or_else(|| usual(facts.kind, period));
        Ok(Some(Observation {
            id: 0,
            uid: String::new(),
            series_id: 0,
            series: SeriesKey { indicator: facts.id, unit, accumulation, breakdown },
            period,
            value: figure.map(|figure| figure.value),
            status,
            qualifier: qualifier.unwrap_or(Qualifier::Exact),
            coverage,
            as_of,
            as_printed: row.owned(Column::AsPrinted).unwrap_or_else(|| row.text(Column::Value).to_owned()),
            base_period,
            field_size,
            document: DocumentId(0),
            locator: Locator {
                section: row.owned(Column::Section),
                footnote,
                table: row.owned(Column::Table),
                row: row.owned(Column::Row),
                column,
            },
            position: i32::try_from(line.number).unwrap_or(i32::MAX),
            preferred,
            note: Text { vi: row.text(Column::NoteVi).to_owned(), en: row.text(Column::NoteEn).to_owned() }
                .into_option(),
            release: 0,
        }))
    }
}

/// The accumulation of figures that do not say it.
fn usual(kind: MeasureKind, period: Period) -> Accumulation {
    let (start, end) = (period.start(), period.end());
    let begins_year = (start.month(), start.day()) == (1, 1);
    let ends_within = start.year() == end.year() && (end.month(), end.day()) != (12, 31);
    match kind {
        MeasureKind::Stock => Accumulation::AsOf,
        MeasureKind::Flow if begins_year && ends_within => Accumulation::YearToDate,
        _ => Accumulation::InPeriod,
    }
}

/// Formulas, errors, and cells under no heading.
fn check_cells(row: &mut Row<'_>) {
    for (i, cell) in row.line.cells.iter().enumerate() {
        let has_heading = row.headings.get(i).is_some_and(|heading| !heading.is_empty());
        let fault = match cell.kind {
            CellKind::Formula => Fault::new(ProblemCode::Formula, "a formula: its result is not trusted")
                .suggest(Some("paste the value instead".to_owned())),
            CellKind::Error => Fault::new(ProblemCode::BadCell, "an error value"),
            _ if !has_heading && !cell.is_empty() => Fault::new(ProblemCode::BadCell, "a cell under no heading"),
            _ => continue,
        };
        let problem = row.problem(Some(i), fault);
        row.problems.push(problem);
    }
}

fn lookup_required<T>(row: &Row<'_>, column: Column, find: impl FnOnce(&str) -> Result<T, Fault>) -> Result<T, Fault> {
    match row.text(column) {
        "" => Err(Fault::new(ProblemCode::BadCell, format!("`{}` is empty", column.code()))),
        text => find(text),
    }
}

/// The value cell with the status; `None` if it is wrong.
fn figure(row: &mut Row<'_>, facts: &Facts, status: Status, settled: Settled) -> Option<Option<Figure>> {
    let missing = matches!(status, Status::CannotExist | Status::Missing | Status::Suppressed);
    let kind = row.cell(Column::Value).map_or(CellKind::Text, |cell| cell.kind);
    if matches!(kind, CellKind::Formula | CellKind::Error) {
        return None;
    }
    let text = row.text(Column::Value);
    let answer = match (value::is_blank(text), missing) {
        (true, true) => Ok(None),
        (true, false) => Err(Fault::new(
            ProblemCode::BadCell,
            "a dash or blank is not 0: give a status (M cannot exist, O missing, Q suppressed)",
        )),
        (false, true) => Err(Fault::new(ProblemCode::BadCell, "a figure with status M, O or Q has no value")),
        (false, false) => value::read(text, kind, facts, settled).map(Some),
    };
    row.keep(Column::Value, answer)
}

/// What a column states and what is printed with the figure must not differ.
fn agreed<T: PartialEq + Copy>(row: &mut Row<'_>, column: Column, stated: Option<T>, printed: Option<T>) -> Option<T> {
    if stated.is_some() && printed.is_some() && stated != printed {
        let message = format!("`{}` is printed in the value cell", row.text(Column::Value));
        row.fail(column, Fault::new(ProblemCode::BadCell, message));
    }
    stated.or(printed)
}

fn yes_or_no(text: &str) -> Result<bool, Fault> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "có" => Ok(true),
        "no" | "false" | "không" => Ok(false),
        _ => Err(Fault::new(ProblemCode::BadCell, "yes (or empty) or no")),
    }
}

/// What is printed must be the value, in one of the number styles. A text that cannot be read proves nothing.
fn check_printed(row: &mut Row<'_>, figure: &Figure, facts: &Facts) {
    let text = row.text(Column::AsPrinted);
    if text.is_empty() {
        return;
    }
    // The usual case, without the long way: the number alone, or with words that scale nothing.
    if let Some(("", token, _)) = first_number(text)
        && NumberStyle::ALL.iter().any(|style| read_token(token, *style) == Some(figure.value))
        && !has_scale_word(text)
    {
        return;
    }
    let in_ones = figure.value.scaled_up(facts.multiplier).map(|value| value.decimal());
    let mut readings = NumberStyle::ALL.iter().filter_map(|style| read_in_style(text, *style).ok()).peekable();
    let readable = readings.peek().is_some();
    let fits = readings.any(|printed| {
        let printed = printed.value.decimal();
        Some(printed) == in_ones || printed == figure.value.decimal()
    });
    if readable && !fits {
        let message = format!("value `{}` is not what is printed", row.text(Column::Value));
        row.fail(Column::AsPrinted, Fault::new(ProblemCode::BadCell, message));
    }
}

fn warn(row: &Row<'_>, figure: Option<&Figure>, warnings: &mut Problems100) {
    let mut tell = |column: Column, fault| {
        let problem = row.problem(row.places[column as usize], fault);
        warnings.push(CellProblem { is_warning: true, ..problem });
    };
    if figure.is_some_and(|figure| figure.slip) {
        let text = row.text(Column::Value).replace('.', ",");
        let fault = Fault::new(ProblemCode::MixedNumberStyle, "a dot for the decimal comma: read as a decimal");
        tell(Column::Value, fault.suggest(Some(text)));
    }
    let period = row.cell(Column::Period);
    if period.is_some_and(|cell| cell.kind == CellKind::Date && cell.text.ends_with("-01")) {
        let month = row.text(Column::Period).trim_end_matches("-01").to_owned();
        let fault = Fault::new(ProblemCode::BadPeriod, "read as one day; spreadsheets turn 8/2024 into a date");
        tell(Column::Period, fault.suggest(Some(format!("{month}, as text, for the month"))));
    }
}
