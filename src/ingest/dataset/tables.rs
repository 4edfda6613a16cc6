//! Printed tables: a TOML file that describes the columns, and a CSV file with the cells as printed.

use serde::Deserialize;
use toml::Spanned;

use super::{sources::Source, *};
use crate::{
    domain::{
        document::{PrintedTable, TableColumn, TableRow},
        id::*,
        indicator::{Quantity, QuantityRef},
        observation::{Accumulation, Locator, Observation, Qualifier, SeriesKey, Status},
        period::{Period, parse_date},
        printed,
        text::Text,
        unit::Unit,
    },
    ingest::sheet::Row,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFile {
    code: String,
    title_vi: String,
    title_en: String,
    #[serde(default)]
    note_vi: String,
    #[serde(default)]
    note_en: String,
    /// `assessments`, or the name of the CSV file with the cells.
    rows: String,
    /// Date printed with the table itself.
    dated_on: Option<Spanned<String>>,
    period: Option<Spanned<String>>,
    coverage: Option<Spanned<String>>,
    /// `report-order`: every unit with a place in the report order should have a row.
    expects: Option<Spanned<String>>,
    column: Vec<ColumnFile>,
    #[serde(default, rename = "override")]
    overrides: Vec<OverrideFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnFile {
    number: i32,
    #[serde(default)]
    group_vi: String,
    #[serde(default)]
    group_en: String,
    label_vi: String,
    label_en: String,
    quantity: Option<Spanned<String>>,
    accumulation: Option<Spanned<String>>,
    period: Option<Spanned<String>>,
    coverage: Option<Spanned<String>>,
    as_of: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideFile {
    row: Spanned<String>,
    column: i32,
    status: Option<Spanned<String>>,
    note_vi: String,
    note_en: String,
}

/// What the cells of one column say beside their number.
struct ColumnRule {
    number: i32,
    quantity: Quantity,
    accumulation: Accumulation,
    period: Period,
    coverage: Option<(chrono::NaiveDate, chrono::NaiveDate)>,
    as_of: Option<chrono::NaiveDate>,
}

pub fn read(folder: &Folder, source: &Source, parts: &mut Parts, observations: &mut Vec<Observation>) {
    let Some(document) = parts.documents.iter().find(|d| d.code == source.document).map(|d| d.id) else { return };
    for (i, file) in folder.list(&source.file("tables"), ".toml").iter().enumerate() {
        let Some((table, lines)) = folder.toml::<TableFile>(file) else { continue };
        let catalogue = Catalogue::new(parts.clone());
        let id = TableId(key(parts.tables.len()));
        let (columns, rules) = columns(folder, source, file, &table, &lines, &catalogue);
        let expected_units = match &table.expects {
            None => Vec::new(),
            Some(rule) if rule.get_ref() == "report-order" => in_report_order(&catalogue, source),
            Some(rule) => {
                folder.problem(file, lines.of(rule), "expects: only `report-order` is known");
                Vec::new()
            }
        };
        let dated_on = table.dated_on.as_ref().and_then(|written| {
            let date = parse_date(written.get_ref());
            if date.is_none() {
                folder.problem(file, lines.of(written), "dated_on is not a date, YYYY-MM-DD");
            }
            date
        });
        let rows = match table.rows.as_str() {
            "assessments" => assessment_rows(&catalogue, source, document),
            name => {
                let cells = source.file(&format!("tables/{name}"));
                let mut reader = CellReader {
                    folder,
                    source,
                    catalogue: &catalogue,
                    document,
                    table: &table,
                    lines: &lines,
                    file,
                    rules: &rules,
                };
                reader.read(&cells, observations)
            }
        };
        parts.tables.push(
            PrintedTable {
                id,
                document,
                code: table.code.clone(),
                position: key(i),
                title: Text::new(&table.title_vi, &table.title_en),
                note: Text::new(&table.note_vi, &table.note_en).into_option(),
                columns,
                rows,
                dated_on,
                expected_units,
            }
            .into(),
        );
    }
}

fn in_report_order(catalogue: &Catalogue, source: &Source) -> Vec<UnitId> {
    let mut units: Vec<&Arc<Unit>> =
        catalogue.units.iter().filter(|u| u.report_order.is_some() && u.stood_on(source.written_on)).collect();
    units.sort_by_key(|u| u.report_order);
    units.into_iter().map(|u| u.id).collect()
}

/// The rows of a table whose lines are the targets that the source assesses.
fn assessment_rows(catalogue: &Catalogue, source: &Source, document: DocumentId) -> Vec<TableRow> {
    let assessments = catalogue.assessments.iter().filter(|a| a.document == document);
    assessments
        .enumerate()
        .map(|(i, a)| {
            let parts: Vec<&str> = catalogue
                .targets
                .iter()
                .filter(|t| t.resolution == a.resolution && t.number == a.number)
                .map(|t| t.name.vi.as_str())
                .collect();
            TableRow {
                number: a.number.to_string(),
                position: key(i),
                label: parts.join("; "),
                unit: catalogue.unit_on(&source.unit, source.written_on).map(|u| u.id),
                cells: vec![a.result.clone(), Text::new(&a.as_printed, a.rating.code())],
            }
        })
        .collect()
}

fn columns(
    folder: &Folder,
    source: &Source,
    file: &str,
    table: &TableFile,
    lines: &crate::ingest::sheet::TomlLines,
    catalogue: &Catalogue,
) -> (Vec<TableColumn>, Vec<ColumnRule>) {
    let mut columns = Vec::new();
    let mut rules = Vec::new();
    for (i, column) in table.column.iter().enumerate() {
        if column.number != key(i) {
            folder.problem(file, 0, format!("column {} should have number {}", column.number, i + 1));
        }
        /// Reads a field, noting a mistake at its line.
        fn field<T>(
            folder: &Folder,
            file: &str,
            lines: &crate::ingest::sheet::TomlLines,
            written: Option<&Spanned<String>>,
            read: impl FnOnce(&str) -> Result<T, String>,
        ) -> Option<T> {
            let written = written.filter(|w| !w.get_ref().is_empty())?;
            read(written.get_ref()).map_err(|message| folder.problem(file, lines.of(written), message)).ok()
        }
        let quantity = field(folder, file, lines, column.quantity.as_ref(), |c| {
            c.parse::<QuantityRef>().and_then(|q| catalogue.quantity(&q))
        });
        let accumulation =
            field(folder, file, lines, column.accumulation.as_ref(), one_of(Accumulation::ALL, Accumulation::code));
        let period = field(folder, file, lines, column.period.as_ref().or(table.period.as_ref()), |c| {
            c.parse::<Period>().map_err(|e| e.to_string())
        });
        let coverage =
            field(folder, file, lines, column.coverage.as_ref().or(table.coverage.as_ref()), figures::interval);
        let as_of = field(folder, file, lines, column.as_of.as_ref(), |c| {
            parse_date(c).ok_or_else(|| format!("`{c}` is not a date"))
        });
        columns.push(TableColumn {
            number: column.number,
            group: Text::new(&column.group_vi, &column.group_en).into_option(),
            label: Text::new(&column.label_vi, &column.label_en),
            quantity: quantity.clone(),
            accumulation,
        });
        if let Some((quantity, accumulation)) = quantity.zip(accumulation) {
            let period = period.unwrap_or(source.period);
            rules.push(ColumnRule { number: column.number, quantity, accumulation, period, coverage, as_of });
        }
    }
    (columns, rules)
}

struct CellReader<'a> {
    folder: &'a Folder,
    source: &'a Source,
    catalogue: &'a Catalogue,
    document: DocumentId,
    table: &'a TableFile,
    lines: &'a crate::ingest::sheet::TomlLines,
    file: &'a str,
    rules: &'a [ColumnRule],
}

impl CellReader<'_> {
    fn read(&mut self, cells: &str, observations: &mut Vec<Observation>) -> Vec<TableRow> {
        let headings: Vec<String> = (1..=self.table.column.len()).map(|n| format!("c{n}")).collect();
        let mut header = vec!["row", "label", "unit"];
        header.extend(headings.iter().map(String::as_str));
        let lines = self.folder.rows(cells, &header);
        refuse_duplicates(lines.iter().map(|r| (r, r.cell("row").to_owned())), "row");
        for extra in &self.table.overrides {
            let known = lines.iter().any(|r| r.cell("row") == extra.row.get_ref())
                && self.rules.iter().any(|r| r.number == extra.column);
            if !known {
                self.folder.problem(self.file, self.lines.of(&extra.row), "override of a cell that is not there");
            }
        }
        let mut rows = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            let unit = line.need("unit", |code| {
                self.catalogue
                    .unit_on(code, self.source.written_on)
                    .ok_or_else(|| format!("no unit `{code}` on {}", self.source.written_on))
            });
            let Some(unit) = unit else { continue };
            self.check_label(line, unit);
            for rule in self.rules {
                if let Some(observation) = self.cell(line, unit, rule, observations.len()) {
                    observations.push(observation);
                }
            }
            rows.push(TableRow {
                number: line.required("row"),
                position: key(i),
                label: line.required("label"),
                unit: Some(unit.id),
                cells: headings.iter().map(|h| Text::new(line.cell(h), line.cell(h))).collect(),
            });
        }
        rows
    }

    /// The printed name must be a name or alias of the unit that the line says it is.
    fn check_label(&self, line: &Row<'_>, unit: &Unit) {
        let named = self.catalogue.units_named(line.cell("label"), self.source.written_on);
        if line.cell("row") != "total" && !named.iter().any(|u| u.id == unit.id) {
            line.fail("label", format!("is no name or alias of {}", unit.key()));
        }
    }

    fn cell(&self, line: &Row<'_>, unit: &Unit, rule: &ColumnRule, count: usize) -> Option<Observation> {
        let heading = format!("c{}", rule.number);
        let as_printed = line.optional(&heading)?.to_owned();
        let special =
            self.table.overrides.iter().find(|o| o.row.get_ref() == line.cell("row") && o.column == rule.number);
        let status = special.and_then(|o| o.status.as_ref()).and_then(|written| {
            let status = one_of(Status::ALL, Status::code)(written.get_ref());
            status.map_err(|message| self.folder.problem(self.file, self.lines.of(written), message)).ok()
        });
        let status = status.unwrap_or(Status::Normal);
        let value = match status {
            Status::CannotExist | Status::Missing | Status::Suppressed => None,
            _ => match printed::read(&as_printed) {
                Ok(printed)
                    if printed.qualifier == Qualifier::Exact && printed.field.is_none() && !printed.dot_as_decimal =>
                {
                    Some(printed.value)
                }
                Ok(_) => {
                    line.fail(&heading, "a cell holds a plain number");
                    return None;
                }
                Err(error) => {
                    line.fail(&heading, error.to_string());
                    return None;
                }
            },
        };
        Some(Observation {
            id: 0,
            uid: String::new(),
            series_id: 0,
            series: SeriesKey {
                indicator: rule.quantity.indicator,
                unit: unit.id,
                accumulation: rule.accumulation,
                breakdown: rule.quantity.breakdown.clone(),
            },
            period: rule.period,
            value,
            status,
            qualifier: Qualifier::Exact,
            coverage: rule.coverage,
            as_of: rule.as_of,
            as_printed,
            base_period: None,
            field_size: None,
            document: self.document,
            locator: Locator {
                table: Some(self.table.code.clone()),
                row: Some(line.cell("row").to_owned()),
                column: Some(rule.number),
                ..Locator::default()
            },
            position: key(count),
            preferred: true,
            note: special.and_then(|o| Text::new(&o.note_vi, &o.note_en).into_option()),
            release: self.source.release,
        })
    }
}
