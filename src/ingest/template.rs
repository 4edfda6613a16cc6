//! Files to fill in: the long format without figures, with what may be written into it.
//!
//! Owns the layout of the template. What the columns mean belongs to [`super::long`]. A cell that a spreadsheet would
//! take for a formula gets an apostrophe before it.

use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet, XlsxError};

use super::long::columns::Column;
use crate::domain::catalogue::Catalogue;

/// The headings as CSV: UTF-8 with a byte order mark, by which spreadsheets know it.
pub fn csv() -> Vec<u8> {
    let headings: Vec<&str> = Column::ALL.iter().map(|column| column.code()).collect();
    format!("\u{feff}{}\r\n", headings.join(",")).into_bytes()
}

/// The headings as a workbook, with lists of the indicators, the units that stand now and the breakdowns.
///
/// # Errors
/// A list is longer than a worksheet.
pub fn xlsx(catalogue: &Catalogue) -> Result<Vec<u8>, XlsxError> {
    let bold = Format::new().set_bold().set_background_color(Color::RGB(0x00DD_EBF7));
    let mut book = Workbook::new();

    let figures = book.add_worksheet().set_name("figures")?;
    heading(figures, &Column::ALL.iter().map(|column| column.code()).collect::<Vec<_>>(), &bold)?;
    for (column, what) in Column::ALL.iter().zip(0u16..) {
        figures.insert_note(0, what, &Note::new(meaning(*column)))?;
    }
    // Text, so that no spreadsheet turns 8/2024 into a date.
    let text = Format::new().set_num_format("@");
    for column in [Column::Period, Column::Coverage, Column::AsOf, Column::BasePeriod, Column::Unit] {
        figures.set_column_format(column as u16, &text)?;
    }

    let indicators = book.add_worksheet().set_name("indicators")?;
    heading(indicators, &["code", "name_vi", "name_en", "unit_of_measure", "kind"], &bold)?;
    for (indicator, row) in catalogue.indicators.iter().zip(1u32..) {
        let measure = catalogue.unit_of_measure(&indicator.unit_of_measure);
        let measure = measure.map_or(indicator.unit_of_measure.as_str(), |m| m.name.vi.as_str());
        let cells = [&indicator.code, &indicator.name.vi, &indicator.name.en, measure, indicator.kind.code()];
        write(indicators, row, &cells)?;
    }

    let units = book.add_worksheet().set_name("units")?;
    heading(units, &["code", "name_vi", "name_en", "kind"], &bold)?;
    for (unit, row) in catalogue.units.iter().filter(|unit| unit.valid_to.is_none()).zip(1u32..) {
        write(units, row, &[&unit.code, &unit.name.vi, &unit.name.en, unit.kind.code()])?;
    }

    let breakdowns = book.add_worksheet().set_name("breakdowns")?;
    heading(breakdowns, &["breakdown", "dimension_vi", "value_vi", "value_en"], &bold)?;
    let values = catalogue.dimensions.iter().flat_map(|d| d.values.iter().map(move |value| (d, value)));
    for ((dimension, value), row) in values.zip(1u32..) {
        let code = format!("{}={}", dimension.code, value.code);
        write(breakdowns, row, &[&code, &dimension.name.vi, &value.name.vi, &value.name.en])?;
    }
    book.save_to_buffer()
}

fn heading(sheet: &mut Worksheet, headings: &[&str], format: &Format) -> Result<(), XlsxError> {
    for (text, column) in headings.iter().zip(0u16..) {
        sheet.write_string_with_format(0, column, *text, format)?;
        sheet.set_column_width(column, (text.len() + 6).clamp(12, 40) as f64)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, cells: &[&str]) -> Result<(), XlsxError> {
    for (text, column) in cells.iter().zip(0u16..) {
        sheet.write_string(row, column, escaped(text))?;
    }
    Ok(())
}

/// A text that no spreadsheet takes for a formula.
fn escaped(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// What to write into a column.
fn meaning(column: Column) -> &'static str {
    match column {
        Column::Indicator => "Bắt buộc. Mã hoặc tên chỉ tiêu (trang indicators).\nRequired. Code or name.",
        Column::Unit => "Bắt buộc. Mã hoặc tên đơn vị (trang units).\nRequired. Code or name.",
        Column::Breakdown => "Phân tổ: chiều=giá trị;… (trang breakdowns); trống là tổng.\nEmpty for the total.",
        Column::Accumulation => {
            "IN_PERIOD, YEAR_TO_DATE, CUMULATIVE, AS_OF; trống: theo loại chỉ tiêu.\nEmpty: by kind."
        }
        Column::Period => "Bắt buộc. 2024, 2024-Q3, 2024-09, 9 tháng năm 2024, 01/01/2024-03/09/2024.\nRequired.",
        Column::Coverage => "Khoảng ngày thực tế đếm: 2024-01-01/2024-09-03.\nDays that the counting covered.",
        Column::AsOf => "Ngày của số tồn: 2024-09-03 hoặc 03/9/2024.\nDate of a stock.",
        Column::Value => "Bắt buộc, theo đơn vị tính của chỉ tiêu; để trống chỉ khi status là M, O, Q.\nRequired.",
        Column::Qualifier => "EXACT, APPROXIMATE, JUST_BELOW, AT_LEAST, AT_MOST, ORDER_OF_MAGNITUDE.",
        Column::Status => {
            "A bình thường, E ước tính, P sơ bộ, M không thể có, O thiếu, Q bảo mật.\nA normal, E estimated, P provisional, M cannot exist, O missing, Q suppressed."
        }
        Column::AsPrinted => "Con số như in trong văn bản: gần 25%.\nThe figure as printed.",
        Column::Section => "Mục của văn bản.\nSection of the document.",
        Column::Footnote => "Số chú thích.\nFootnote number.",
        Column::Table => "Mã phụ lục, bảng.\nCode of the printed table.",
        Column::Row => "Dòng trong bảng.\nRow of the table.",
        Column::Column => "Cột trong bảng.\nColumn of the table.",
        Column::Preferred => "no nếu là lần in thứ hai của cùng con số.\nno for a second printing.",
        Column::BasePeriod => {
            "Chỉ với chỉ tiêu tăng, giảm: kỳ gốc so sánh.\nFor rates of change: the period compared with."
        }
        Column::FieldSize => "Với thứ hạng: số đơn vị được xếp hạng.\nFor a rank: the number ranked.",
        Column::NoteVi => "Ghi chú tiếng Việt.\nNote in Vietnamese.",
        Column::NoteEn => "Ghi chú tiếng Anh.\nNote in English.",
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::{
        domain::{
            catalogue::Parts,
            id::UnitId,
            text::Text,
            unit::{Unit, UnitKind},
        },
        ingest::{
            book::{Book, FileLimits},
            long::{LongOptions, LongReader},
        },
    };

    fn reader(catalogue: &Catalogue) -> LongReader<'_> {
        let reference_day = chrono::NaiveDate::from_ymd_opt(2024, 9, 20).expect("date");
        let options = LongOptions { reference_day, number_style: None, default_unit: None, default_period: None };
        LongReader::new(options, catalogue)
    }

    fn open(bytes: &[u8]) -> (tempfile::TempDir, Book) {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("template");
        std::fs::write(&path, bytes).expect("written");
        let book = Book::open(&path, FileLimits::default()).expect("opens");
        (folder, book)
    }

    #[test]
    fn both_templates_have_the_headings_that_the_reader_knows() {
        let catalogue = Catalogue::default();
        for bytes in [csv(), xlsx(&catalogue).expect("written")] {
            let (_folder, book) = open(&bytes);
            let mut lines = Vec::new();
            let mut keep = |line| {
                lines.push(line);
                ControlFlow::Continue(())
            };
            book.for_each_line(None, &mut keep).expect("reads");
            assert_eq!(lines.len(), 1);
            assert_eq!(lines[0].cells.len(), Column::ALL.len());
            assert_eq!(reader(&catalogue).header(&lines[0]), Ok(()));
        }
        assert!(csv().starts_with("\u{feff}indicator,unit,".as_bytes()));
    }

    #[test]
    fn lists_hold_what_stands_now_and_no_formula() {
        let unit = |code: &str, name: &str, valid_to| Unit {
            id: UnitId(1),
            code: code.to_owned(),
            valid_from: None,
            valid_to,
            name: Text::new(name, ""),
            kind: UnitKind::Commune,
            parent: None,
            report_order: None,
            source: String::new(),
            confidence: String::new(),
            aliases: Vec::new(),
            identifiers: Vec::new(),
        };
        let ended = chrono::NaiveDate::from_ymd_opt(2025, 6, 30);
        let units = vec![unit("A", "=1+1", None).into(), unit("B", "x", ended).into(), unit("C", "-x", None).into()];
        let catalogue = Catalogue::new(Parts { units, ..Parts::default() });
        let (_folder, book) = open(&xlsx(&catalogue).expect("written"));
        assert_eq!(book.sheets(), ["figures", "indicators", "units", "breakdowns"]);
        let grid = book.grid(Some("units"), 10).expect("grid");
        let names: Vec<&str> = grid.lines[1..].iter().map(|line| line.cells[1].text.as_str()).collect();
        assert_eq!(names, ["'=1+1", "'-x"]);
    }
}
