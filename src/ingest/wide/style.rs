//! One number style per file: found out from all cells of all of its tables.

use crate::{
    domain::number_style::{Form, NumberStyle, StyleEvidence, first_number, form},
    ingest::grid::{CellKind, Grid},
};

/// How the tables of a file write numbers. Vietnamese, unless something can only be international: numbers of the form
/// 1,234.5, or decimals with a dot beside groups set apart by commas.
///
/// # Errors
/// If there is both.
pub fn style_of<'g>(grids: impl IntoIterator<Item = &'g Grid>) -> Result<NumberStyle, String> {
    let mut evidence = StyleEvidence::default();
    let (mut dots, mut commas) = (false, false);
    let lines = grids.into_iter().flat_map(|grid| &grid.lines);
    let cells = lines.flat_map(|line| &line.cells).filter(|cell| cell.kind == CellKind::Text);
    for cell in cells.filter(|cell| cell.text.starts_with(|c: char| c.is_ascii_digit())) {
        // A cell with several numbers is prose, or a formula of the header.
        let Some((_, token, after)) = first_number(&cell.text) else { continue };
        if after.chars().any(|c| c.is_ascii_digit()) {
            continue;
        }
        evidence.look(token);
        match form(token) {
            Form::DotThree => dots = true,
            Form::CommaThree => commas = true,
            _ => {}
        }
    }
    Ok(match evidence.decide()? {
        Some(NumberStyle::International) if evidence.is_strong() || commas && !dots => NumberStyle::International,
        _ => NumberStyle::Vietnamese,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::grid::{Cell, GridLine};

    fn of(cells: &[&str]) -> Result<NumberStyle, String> {
        let line = GridLine { number: 1, cells: cells.iter().map(|c| Cell::text(*c)).collect() };
        style_of([&Grid { lines: vec![line], ..Grid::default() }])
    }

    #[test]
    fn the_cells_together_tell_the_style() {
        assert_eq!(of(&["46.821", "99,7", "1022"]), Ok(NumberStyle::Vietnamese));
        assert_eq!(of(&["46,821", "99.7", "376"]), Ok(NumberStyle::International));
        assert_eq!(of(&["1,526,740"]), Ok(NumberStyle::International));
        assert_eq!(of(&["46.821", "7.5%"]), Ok(NumberStyle::Vietnamese), "a slip");
        assert_eq!(of(&["376", "21"]), Ok(NumberStyle::Vietnamese));
        assert!(of(&["1,234.5", "12,5"]).is_err());
    }
}
