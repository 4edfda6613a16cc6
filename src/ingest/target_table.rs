//! A table of targets with results and ratings, to figures and assessments. Results are sentences: a number that
//! cannot be told for sure is left to a person, with a remark.

mod matching;
mod mentions;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use self::{
    mentions::{Form, Mention},
    words::{rating, split_base, when},
};
use super::{
    dates,
    grid::Grid,
    markup,
    problem::{CellProblem, ProblemCode},
};
use crate::domain::{
    catalogue::Catalogue,
    column::heading_key,
    document::{TableColumn, TableRow},
    id::{DocumentId, UnitId},
    indicator::{MeasureKind, Quantity},
    observation::{Locator, Observation, Qualifier, SeriesKey, Status},
    period::Period,
    target::{Rating, Target},
    text::Text,
};

/// What the caller says of a table of targets that the table does not.
#[derive(Debug, Clone)]
pub struct TargetOptions {
    /// The nominal period of the report.
    pub period: Period,
    /// Code of the table within its document.
    pub table_code: Option<String>,
    /// The resolution whose targets are meant; needed if several have targets.
    pub resolution: Option<DocumentId>,
}

/// What a report says of a numbered target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetAssessment {
    /// The resolution.
    pub resolution: DocumentId,
    /// Number of the target.
    pub number: i32,
    /// Rating as published.
    pub rating: Rating,
    /// The word printed.
    pub as_printed: String,
    /// The result as printed, without mark-up.
    pub result: String,
}

/// What a table of targets says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetTable {
    /// Code of the table within its document.
    pub code: Option<String>,
    /// Columns behind number and target.
    pub columns: Vec<TableColumn>,
    /// Rows, cells as printed.
    pub rows: Vec<TableRow>,
    /// Figures in the results that could be told, without document and release.
    pub figures: Vec<Observation>,
    /// Ratings.
    pub assessments: Vec<TargetAssessment>,
    /// Mistakes and remarks.
    pub problems: Vec<CellProblem>,
}

/// Where the columns stand.
struct Columns {
    header: usize,
    number: usize,
    target: usize,
    result: usize,
    rating: usize,
}

/// True if the headings are those of a table of targets.
pub fn is_target_table(grid: &Grid) -> bool {
    columns(grid).is_some()
}

fn columns(grid: &Grid) -> Option<Columns> {
    grid.lines.iter().take(12).enumerate().find_map(|(header, line)| {
        let names: Vec<String> = line.cells.iter().map(|c| heading_key(&markup::plain(&c.text))).collect();
        let at = |is: &dyn Fn(&str) -> bool| names.iter().position(|n| is(n));
        Some(Columns {
            header,
            number: at(&|n| matches!(n, "tt" | "stt" | "so tt" | "so thu tu"))?,
            target: at(&|n| {
                n == "chi tieu"
                    || n.starts_with("ten chi tieu")
                    || n.starts_with("noi dung chi tieu")
                    || n == "muc tieu"
            })?,
            result: at(&|n| n.starts_with("ket qua"))?,
            rating: at(&|n| n.starts_with("danh gia") || n.starts_with("muc do dat"))?,
        })
    })
}

/// Reads a table of targets.
pub fn read(grid: &Grid, catalogue: &Catalogue, options: &TargetOptions) -> TargetTable {
    let mut table = TargetTable { code: options.table_code.clone(), ..TargetTable::default() };
    let reader = match columns(grid) {
        Some(columns) => Reader { grid, catalogue, options, columns },
        None => {
            table.problems.push(CellProblem {
                code: ProblemCode::MissingColumn,
                sheet: grid.sheet.clone().or_else(|| options.table_code.clone()),
                row: 0,
                column: None,
                raw: String::new(),
                message: "no header with the number, the target, its result and its rating".to_owned(),
                suggestion: None,
                is_warning: false,
            });
            return table;
        }
    };
    for (number, at) in [(1, reader.columns.result), (2, reader.columns.rating)] {
        let label = Text::new(reader.plain(reader.columns.header, at), "");
        table.columns.push(TableColumn { number, group: None, label, quantity: None, accumulation: None });
    }
    for line in reader.columns.header + 1..grid.lines.len() {
        reader.row(line, &mut table);
    }
    if table.rows.is_empty() {
        let problem = reader.problem(
            reader.columns.header,
            reader.columns.number,
            ProblemCode::NothingFound,
            "no row has the number of a target",
        );
        table.problems.push(problem);
    }
    table
}

struct Reader<'a> {
    grid: &'a Grid,
    catalogue: &'a Catalogue,
    options: &'a TargetOptions,
    columns: Columns,
}

impl Reader<'_> {
    fn raw(&self, line: usize, column: usize) -> &str {
        self.grid.lines[line].cells.get(column).map_or("", |c| &c.text)
    }

    fn plain(&self, line: usize, column: usize) -> String {
        markup::plain(self.raw(line, column))
    }

    fn row(&self, line: usize, table: &mut TargetTable) {
        let printed = self.plain(line, self.columns.number);
        let Ok(number) = printed.trim_end_matches(['.', ')']).parse::<i32>() else { return };
        let of_number =
            |t: &&Arc<Target>| t.number == number && self.options.resolution.is_none_or(|r| t.resolution == r);
        let targets: Vec<&Arc<Target>> = self.catalogue.targets.iter().filter(of_number).collect();
        let Some(first) = targets.first().filter(|t| targets.iter().all(|o| o.resolution == t.resolution)) else {
            let message = if targets.is_empty() {
                "no target has this number"
            } else {
                "several resolutions have a target of this number"
            };
            table.problems.push(self.problem(line, self.columns.number, ProblemCode::UnknownCode, message));
            return;
        };
        if table.assessments.iter().any(|a| a.number == number) {
            table.problems.push(self.problem(
                line,
                self.columns.number,
                ProblemCode::Duplicate,
                "this target has a row already",
            ));
            return;
        }
        let (result, word) = (self.plain(line, self.columns.result), self.plain(line, self.columns.rating));
        let rating = rating(&word);
        match rating {
            Some(rating) => table.assessments.push(TargetAssessment {
                resolution: first.resolution,
                number,
                rating,
                as_printed: word.clone(),
                result: result.clone(),
            }),
            None => {
                let message = "no rating: write Đạt, Không đạt, Đang thực hiện or Chưa đánh giá";
                table.problems.push(self.problem(line, self.columns.rating, ProblemCode::UnknownCode, message));
            }
        }
        self.figures(line, number, &targets, rating, table);
        let cells = [self.columns.result, self.columns.rating].map(|c| Text::new(self.raw(line, c), self.raw(line, c)));
        table.rows.push(TableRow {
            number: number.to_string(),
            position: i32::try_from(table.rows.len() + 1).unwrap_or(i32::MAX),
            label: self.plain(line, self.columns.target),
            unit: Some(first.unit),
            cells: cells.into(),
        });
    }

    fn figures(
        &self,
        line: usize,
        number: i32,
        targets: &[&Arc<Target>],
        rating: Option<Rating>,
        table: &mut TargetTable,
    ) {
        let result = self.plain(line, self.columns.result);
        let mentions = mentions::find(&result);
        let unit = targets[0].unit;
        if let ([], [target], Some(Rating::NotAssessed), false) = (&mentions[..], targets, rating, result.is_empty()) {
            let quantity = Quantity { indicator: target.indicator, breakdown: target.breakdown.clone() };
            let missing = self.figure(number, unit, &quantity, None, &result, table.figures.len());
            table.figures.extend(missing);
        }
        let quantities = matching::quantities(self.catalogue, targets, &mentions);
        for (mention, quantity) in mentions.iter().zip(quantities) {
            let figure =
                quantity.and_then(|q| self.figure(number, unit, &q, Some(mention), &result, table.figures.len()));
            match figure {
                Some(figure) => table.figures.push(figure),
                None => {
                    let mut problem = self.problem(
                        line,
                        self.columns.result,
                        ProblemCode::UnknownIndicator,
                        "not read: it cannot be told what this number counts",
                    );
                    problem.raw = mention.as_printed.chars().take(120).collect();
                    problem.is_warning = true;
                    table.problems.push(problem);
                }
            }
        }
    }

    /// A figure of a result; without a mention one that nobody supplied.
    fn figure(
        &self,
        number: i32,
        unit: UnitId,
        quantity: &Quantity,
        mention: Option<&Mention>,
        result: &str,
        count: usize,
    ) -> Option<Observation> {
        let indicator = self.catalogue.indicator(quantity.indicator)?;
        let sentence = mention.map_or("", |m| &m.segment);
        let (said, base) = split_base(sentence);
        let (accumulation, period) = when(&said, indicator.kind, self.options.period);
        let multiplier = self.catalogue.unit_of_measure(&indicator.unit_of_measure).map_or(0, |m| m.multiplier);
        let value = match mention {
            Some(m) => Some(m.value.scaled_up(-multiplier)?),
            None => None,
        };
        let base_period = base.as_deref().and_then(|b| dates::calendar_period_in(b, true));
        let is_change = indicator.kind == MeasureKind::Change;
        Some(Observation {
            id: 0,
            uid: String::new(),
            series_id: 0,
            series: SeriesKey {
                indicator: quantity.indicator,
                unit,
                accumulation,
                breakdown: quantity.breakdown.clone(),
            },
            period,
            value,
            status: if value.is_some() { Status::Normal } else { Status::Missing },
            qualifier: mention.map_or(Qualifier::Exact, |m| m.qualifier),
            coverage: None,
            as_of: None,
            as_printed: mention.map_or(result, |m| &m.as_printed).to_owned(),
            base_period: if is_change { Some(base_period?) } else { None },
            field_size: mention.filter(|m| m.form == Form::Rank).and_then(|m| m.field),
            document: DocumentId(0),
            locator: Locator {
                table: self.options.table_code.clone(),
                row: Some(number.to_string()),
                column: Some(1),
                ..Locator::default()
            },
            position: i32::try_from(count + 1).unwrap_or(i32::MAX),
            preferred: true,
            note: mention
                .is_none()
                .then(|| Text::new(format!("Không có số liệu: {result}"), "No figure: the result is given in words.")),
            release: 0,
        })
    }

    fn problem(&self, line: usize, column: usize, code: ProblemCode, message: &str) -> CellProblem {
        CellProblem {
            code,
            sheet: self.grid.sheet.clone().or_else(|| self.options.table_code.clone()),
            row: self.grid.lines[line].number,
            column: Some((column + 1, self.plain(self.columns.header, column))),
            raw: self.raw(line, column).chars().take(120).collect(),
            message: message.to_owned(),
            suggestion: None,
            is_warning: false,
        }
    }
}
