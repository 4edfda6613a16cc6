//! Tables in a text: lines of cells set apart by tabs, pipes or wide blanks, and the headings that name them.

use std::collections::HashSet;

use super::{Line, TextTable};
use crate::{
    domain::{column::heading_key, text::fold},
    ingest::{
        grid::{Cell, Grid, GridLine},
        markup,
    },
};

/// The heading of an appendix, waiting for its table.
#[derive(Default)]
struct Caption {
    code: Option<String>,
    title: Vec<String>,
    note: Option<String>,
}

/// Finds the tables, and the numbers of the lines that are theirs.
pub fn find(lines: &[Line]) -> (Vec<TextTable>, HashSet<u64>) {
    let mut tables: Vec<TextTable> = Vec::new();
    let mut taken = HashSet::new();
    let mut caption: Option<Caption> = None;
    // True while only blank lines stand behind the last table.
    let mut touches = false;
    let spaced = spaced_blocks(lines);
    for line in lines {
        let cells = cells(line, spaced.contains(&line.number));
        if let Some(cells) = cells {
            taken.insert(line.number);
            let Some(cells) = cells else { continue };
            let row = GridLine { number: line.number, cells };
            let goes_on = touches && tables.last().is_some_and(|t| continues(t, &row));
            touches = true;
            match tables.last_mut().filter(|_| goes_on && caption.is_none()) {
                Some(table) => table.grid.lines.push(row),
                None => {
                    let caption = caption.take().unwrap_or_default();
                    let code = caption.code.or_else(|| tables.last().and_then(|t| following(t.code.as_deref()?)));
                    tables.push(TextTable {
                        code,
                        title: Some(caption.title.join(" ")).filter(|t| !t.is_empty()),
                        note_line: caption.note,
                        line: line.number,
                        period: None,
                        grid: Grid { lines: vec![row], ..Grid::default() },
                    });
                }
            }
            continue;
        }
        if line.plain.is_empty() {
            continue;
        }
        touches = false;
        match (appendix_code(&line.plain), &mut caption) {
            (Some(code), _) => {
                caption = Some(Caption { code: Some(code).filter(|c| !c.is_empty()), ..Caption::default() })
            }
            (None, Some(caption)) if line.plain.starts_with('(') && fold(&line.plain).contains("kem theo") => {
                caption.note = Some(line.plain.clone());
            }
            (None, Some(caption)) if caption.title.len() < 6 => caption.title.push(line.plain.clone()),
            _ => {}
        }
    }
    (tables, taken)
}

/// `PHỤ LỤC II`, `Phụ lục số 2`, `Biểu 03`: the code, empty if there is none; `None` if the line is no such heading.
pub fn appendix_code(line: &str) -> Option<String> {
    let folded = fold(line);
    let rest = ["phu luc so", "phu luc", "bieu so", "bieu mau so", "bieu"]
        .iter()
        .find_map(|word| folded.strip_prefix(word))?;
    let code = rest.trim();
    let is_code =
        code.chars().all(|c| "ivx".contains(c)) || (code.len() < 4 && code.bytes().all(|b| b.is_ascii_digit()));
    (is_code && (rest.is_empty() || rest.starts_with(' '))).then(|| code.to_uppercase())
}

/// The code after another.
fn following(code: &str) -> Option<String> {
    const ROMAN: &[&str] =
        &["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI"];
    match ROMAN.iter().position(|r| *r == code) {
        Some(at) => ROMAN.get(at + 1).map(|r| (*r).to_owned()),
        None => code.parse::<u32>().ok().map(|n| (n + 1).to_string()),
    }
}

/// A row right behind a table goes on with it, unless it is another header. The same header again is a page break.
fn continues(table: &TextTable, row: &GridLine) -> bool {
    let words = |row: &GridLine| row.cells.iter().map(|c| heading_key(&markup::plain(&c.text))).collect::<Vec<_>>();
    let next = words(row);
    let is_header = next.iter().any(|w| matches!(w.as_str(), "tt" | "stt" | "so tt" | "so thu tu"));
    !is_header || table.grid.lines.first().is_some_and(|first| words(first) == next)
}

/// The cells of a line: `None` if it is no line of a table, `Some(None)` if it only rules one off.
fn cells(line: &Line, is_spaced: bool) -> Option<Option<Vec<Cell>>> {
    let raw = line.raw.trim_end_matches(['\r', ' ']);
    if raw.trim_start().starts_with('|') && raw.matches('|').count() > 2 {
        let inner = raw.trim().trim_start_matches('|');
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        if inner.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ')) && inner.contains("--") {
            return Some(None);
        }
        return Some(Some(inner.split('|').map(|c| Cell::text(c.trim())).collect()));
    }
    if raw.trim_start_matches(' ').contains('\t') && !raw.trim().is_empty() && raw.matches('\t').count() > 1 {
        return Some(Some(raw.split('\t').map(|c| Cell::text(c.trim())).collect()));
    }
    is_spaced.then(|| Some(spaced_cells(raw).map(Cell::text).collect()))
}

fn spaced_cells(raw: &str) -> impl Iterator<Item = &str> {
    raw.trim().split("  ").map(str::trim).filter(|c| !c.is_empty())
}

/// Lines that stand in a block of at least three with the same number of cells, set apart by wide blanks.
fn spaced_blocks(lines: &[Line]) -> HashSet<u64> {
    let count = |line: &Line| match line.raw.contains(['\t', '|']) {
        true => 0,
        false => spaced_cells(&line.raw).count(),
    };
    let mut found = HashSet::new();
    let mut at = 0;
    while at < lines.len() {
        let width = count(&lines[at]);
        let length = lines[at..].iter().take_while(|l| count(l) == width).count();
        if width > 2 && length > 2 {
            found.extend(lines[at..at + length].iter().map(|l| l.number));
        }
        at += length.max(1);
    }
    found
}
