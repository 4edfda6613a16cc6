//! Where things stand in a wide table: the header block, the columns of numbers, names and values, the first row.
//! Owns positions and headings as printed; what they mean is decided elsewhere.

use super::names::{UnitNames, is_total};
use crate::{
    domain::column::heading_key,
    ingest::{cells::is_blank, grid::Grid, markup},
};

/// Most lines that a header has.
const MAX_HEADER: usize = 4;

const NUMBER_HEADINGS: &[&str] = &["tt", "stt", "so tt", "so thu tu", "no", "thu tu"];
const CODE_HEADINGS: &[&str] = &["ma don vi", "ma dv", "ma", "ma dinh danh", "code", "unit code"];
const UNIT_HEADINGS: &[&str] = &[
    "ten don vi",
    "don vi",
    "dia phuong",
    "so nganh",
    "so ban nganh",
    "so nganh dia phuong",
    "so ban nganh dia phuong",
    "don vi dia phuong",
    "ten don vi dia phuong",
    "co quan",
    "co quan don vi",
    "ten co quan",
    "ten co quan don vi",
    "huyen thanh pho",
    "huyen thi xa thanh pho",
    "xa phuong",
    "xa phuong thi tran",
    "don vi hanh chinh",
    "ten xa phuong",
    "unit",
    "department",
    "locality",
    "name of unit",
];

/// The cells of a grid without mark-up.
pub struct Plain(Vec<Vec<String>>);

impl Plain {
    /// Takes the mark-up out of every cell.
    pub fn of(grid: &Grid) -> Self {
        Self(grid.lines.iter().map(|l| l.cells.iter().map(|c| markup::plain(&c.text)).collect()).collect())
    }

    /// Number of lines.
    pub fn lines(&self) -> usize {
        self.0.len()
    }

    /// Number of columns of the longest line.
    pub fn width(&self) -> usize {
        self.0.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// A cell, empty if it is not there.
    pub fn at(&self, line: usize, column: usize) -> &str {
        self.0.get(line).and_then(|l| l.get(column)).map_or("", String::as_str)
    }

    /// Columns of a line that hold something.
    pub fn filled(&self, line: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.width()).filter(move |c| !self.at(line, *c).is_empty())
    }
}

/// A column of values, with its headings as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Column from 0.
    pub at: usize,
    /// Headings that span it, outermost first.
    pub groups: Vec<String>,
    /// Its own heading; empty if it has none.
    pub label: String,
}

/// Where things stand.
#[derive(Debug)]
pub struct Layout {
    /// Lines of the header, from 0.
    pub header: Vec<usize>,
    /// Column of the row numbers.
    pub number: Option<usize>,
    /// Column of the unit names.
    pub unit: usize,
    /// Column of the unit codes.
    pub code: Option<usize>,
    /// Line of the first row.
    pub first_row: usize,
    /// Columns of values in order.
    pub columns: Vec<Heading>,
}

/// Finds the parts of a table; `None` if no column holds units.
pub fn find(grid: &Grid, plain: &Plain, units: &UnitNames<'_>) -> Option<Layout> {
    let knows = |line: usize, column: usize| {
        let cell = plain.at(line, column);
        !cell.is_empty() && (is_total(cell) || !units.find(cell).is_empty())
    };
    let counts: Vec<usize> = (0..plain.width()).map(|c| (0..plain.lines()).filter(|l| knows(*l, c)).count()).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    let by_heading = heading_of_units(plain).filter(|(_, c)| counts[*c] > 0 || most == 0);
    let (start, unit) = match by_heading {
        Some((line, column)) => (Some(line), column),
        // Of the columns that hold as many units the leftmost.
        None if most > 0 => (None, counts.iter().position(|n| *n == most)?),
        None => return None,
    };
    // The column of row numbers, as far as the line that names the units shows it.
    let early = start
        .and_then(|l| (0..plain.width()).find(|c| NUMBER_HEADINGS.contains(&heading_key(plain.at(l, *c)).as_str())));
    let aside: Vec<usize> = [Some(unit), early].into_iter().flatten().collect();
    let first_row = (start.map_or(0, |l| l + 1)..plain.lines()).find(|line| {
        let named = knows(*line, unit) || aside.iter().any(|c| is_total(plain.at(*line, *c)));
        let has_more = plain.filled(*line).any(|c| !aside.contains(&c));
        let is_row = start.is_some() && !plain.at(*line, unit).is_empty() && has_figures(plain, *line, &aside);
        ((named && has_more) || is_row) && !is_column_numbers(plain, *line)
    })?;
    let header = header_lines(grid, plain, start, first_row, &aside);
    let headed = |names: &[&str]| {
        (0..plain.width())
            .find(|c| *c != unit && header.iter().any(|l| names.contains(&heading_key(plain.at(*l, *c)).as_str())))
    };
    let number = headed(NUMBER_HEADINGS).or_else(|| unnamed_numbers(plain, &header, first_row, unit));
    let code = headed(CODE_HEADINGS);
    let not_values = [Some(unit), number, code];
    let columns = headings(grid, plain, &header)
        .into_iter()
        .filter(|h| !not_values.contains(&Some(h.at)))
        .filter(|h| !h.label.is_empty() || (first_row..plain.lines()).any(|l| !plain.at(l, h.at).is_empty()))
        .collect();
    Some(Layout { header, number, unit, code, first_row, columns })
}

/// The heading of the column of units: its line and column.
fn heading_of_units(plain: &Plain) -> Option<(usize, usize)> {
    let lines = (0..plain.lines()).filter(|l| plain.filled(*l).nth(1).is_some());
    lines
        .flat_map(|l| (0..plain.width()).map(move |c| (l, c)))
        .find(|(l, c)| UNIT_HEADINGS.contains(&heading_key(plain.at(*l, *c)).as_str()))
}

fn header_lines(grid: &Grid, plain: &Plain, start: Option<usize>, first_row: usize, aside: &[usize]) -> Vec<usize> {
    let unit = aside[0];
    let mut header: Vec<usize> = match start {
        Some(start) => {
            let own = plain.at(start, unit);
            let goes_on = |l: &usize| {
                let cell = plain.at(*l, unit);
                cell.is_empty() || cell == own || is_column_numbers(plain, *l)
            };
            let mut lines: Vec<usize> = (start..first_row).take_while(goes_on).collect();
            // A line above may span the columns while the names of the first columns stand at the bottom.
            for line in (0..start).rev() {
                let right = plain.filled(line).filter(|c| !aside.contains(c)).count();
                let merged = grid.merged.iter().any(|m| m.0 == grid.lines[line].number && !aside.contains(&m.1));
                let is_group = plain.filled(line).all(|c| !aside.contains(&c)) && (right > 1 || (right == 1 && merged));
                if !is_group {
                    break;
                }
                lines.insert(0, line);
            }
            lines
        }
        None => {
            let is_part =
                |l: &usize| plain.filled(*l).nth(1).is_some() && plain.filled(*l).any(|c| !aside.contains(&c));
            let mut lines: Vec<usize> = (0..first_row).rev().take_while(is_part).collect();
            lines.reverse();
            lines
        }
    };
    header.retain(|l| !is_column_numbers(plain, *l) && plain.filled(*l).next().is_some());
    header.truncate(MAX_HEADER);
    header
}

/// A column without heading before the names that counts the rows.
fn unnamed_numbers(plain: &Plain, header: &[usize], first_row: usize, unit: usize) -> Option<usize> {
    (0..unit).find(|c| {
        let cells = || (first_row..plain.lines()).map(|l| plain.at(l, *c)).filter(|cell| !cell.is_empty());
        let bare = header.iter().all(|l| plain.at(*l, *c).is_empty());
        bare && cells().next().is_some() && cells().all(|cell| cell.len() < 4 && cell.parse::<u32>().is_ok())
    })
}

/// True for a line of column numbers, letters or formulas: `A (1) (2) (3)=(1)+(2)`, `1 2 3 4`.
pub fn is_column_numbers(plain: &Plain, line: usize) -> bool {
    let cells: Vec<String> = plain.filled(line).map(|c| plain.at(line, c).replace(' ', "")).collect();
    let is_letter = |c: &str| c.len() == 1 && c.starts_with(|x: char| x.is_ascii_uppercase());
    let is_formula = |c: &str| {
        c.chars().all(|x| x.is_ascii_digit() || "()[]=+-*/x:%,".contains(x))
            && (c.starts_with(['(', '[']) || c.contains('='))
    };
    let (marks, numbers): (Vec<&String>, Vec<&String>) = cells.iter().partition(|c| is_letter(c) || is_formula(c));
    let counted: Option<Vec<u32>> = numbers.iter().map(|c| c.parse().ok().filter(|n| *n <= 99)).collect();
    let rises =
        counted.is_some_and(|n| n.windows(2).all(|pair| pair[1] == pair[0] + 1) && n.first().is_none_or(|n| *n <= 3));
    cells.len() > 1
        && rises
        && (marks.iter().any(|m| is_formula(m)) || (cells.len() > 2 && numbers.len() >= marks.len()))
}

/// True if a cell outside the columns of names and numbers looks like a figure.
fn has_figures(plain: &Plain, line: usize, aside: &[usize]) -> bool {
    plain.filled(line).filter(|c| !aside.contains(c)).any(|c| is_figure(plain.at(line, c)))
}

/// True for digits and signs without words: something that was meant as a figure.
pub fn is_figure(cell: &str) -> bool {
    cell.chars().any(|c| c.is_ascii_digit())
        && cell
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | ',' | '%' | '-' | '−' | '+'))
        || (!cell.is_empty() && is_blank(cell))
}

/// The headings of every column, groups filled over the columns that they span.
fn headings(grid: &Grid, plain: &Plain, header: &[usize]) -> Vec<Heading> {
    let merged: Vec<_> =
        grid.merged.iter().filter(|m| header.iter().any(|l| (m.0..=m.2).contains(&grid.lines[*l].number))).collect();
    let texts: Vec<Vec<String>> = match merged.is_empty() {
        true => filled_to_the_right(plain, header),
        false => header
            .iter()
            .map(|line| {
                let number = grid.lines[*line].number;
                (0..plain.width())
                    .map(|c| {
                        let inside =
                            |m: &&&(u64, usize, u64, usize)| (m.0..=m.2).contains(&number) && (m.1..=m.3).contains(&c);
                        let corner = merged.iter().find(inside).and_then(|m| {
                            let line = grid.lines.iter().position(|l| l.number == m.0)?;
                            Some(plain.at(line, m.1))
                        });
                        corner.unwrap_or(plain.at(*line, c)).to_owned()
                    })
                    .collect()
            })
            .collect(),
    };
    (0..plain.width())
        .map(|at| {
            let mut path: Vec<String> = texts.iter().map(|line| line[at].clone()).filter(|t| !t.is_empty()).collect();
            path.dedup();
            let label = path.pop().unwrap_or_default();
            Heading { at, groups: path, label }
        })
        .collect()
}

/// A group heading goes on over the empty cells to its right: as far as something stands below, and until the
/// line above begins another group.
fn filled_to_the_right(plain: &Plain, header: &[usize]) -> Vec<Vec<String>> {
    let own = |k: usize, c: usize| header.get(k).map_or("", |line| plain.at(*line, c));
    let below = |k: usize, c: usize| (k + 1..header.len()).any(|j| !own(j, c).is_empty());
    let above = |k: usize, c: usize| (0..k).any(|j| !own(j, c).is_empty());
    (0..header.len())
        .map(|k| {
            let mut group: Option<&str> = None;
            (0..plain.width())
                .map(|c| {
                    if !own(k, c).is_empty() {
                        group = below(k, c).then(|| own(k, c));
                        return own(k, c).to_owned();
                    }
                    if above(k, c) {
                        group = None;
                    }
                    group.filter(|_| below(k, c)).unwrap_or_default().to_owned()
                })
                .collect()
        })
        .collect()
}
