use std::{io::Write, path::PathBuf};

use rust_xlsxwriter::{ExcelDateTime, Format as Look, Formula, Workbook};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

/// A file that is gone with the test.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("file.bin")
    }

    fn put(&self, bytes: &[u8]) -> Result<Book, CellProblem> {
        std::fs::write(self.path(), bytes).expect("written");
        Book::open(&self.path(), FileLimits::default())
    }

    /// A workbook of these parts.
    fn parts(&self, parts: &[(&str, &[u8])]) -> Result<Book, CellProblem> {
        let mut zip = ZipWriter::new(File::create(self.path()).expect("created"));
        for (name, bytes) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).expect("entry");
            zip.write_all(bytes).expect("bytes");
        }
        zip.finish().expect("finished");
        Book::open(&self.path(), FileLimits::default())
    }

    /// A workbook with one hand-written sheet.
    fn sheet(&self, data: &str) -> Result<Book, CellProblem> {
        let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{data}</sheetData></worksheet>");
        self.parts(&[&skeleton()[..], &[("xl/worksheets/sheet1.xml", sheet.as_bytes())]].concat())
    }
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const WORKBOOK: &[u8] = br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

const PACKAGE: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

fn skeleton() -> Vec<(&'static str, &'static [u8])> {
    vec![("_rels/.rels", PACKAGE), ("xl/workbook.xml", WORKBOOK), ("xl/_rels/workbook.xml.rels", RELATIONS)]
}

fn lines(book: &Book, sheet: Option<&str>) -> Result<Vec<(u64, Vec<String>)>, CellProblem> {
    let mut found = Vec::new();
    book.for_each_line(sheet, &mut |line| {
        found.push((line.number, line.cells.into_iter().map(|cell| cell.text).collect()));
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

#[track_caller]
fn refused(book: Result<Book, CellProblem>, code: ProblemCode, message: &str) {
    let problem = book.and_then(|book| lines(&book, None)).expect_err("refused");
    assert_eq!(problem.code, code, "{problem:?}");
    assert!(problem.message.contains(message), "{problem:?}");
}

#[test]
fn csv_in_any_delimiter() {
    for text in ["a,b\n1,\" x \"\n", "a;b\n1;x\n", "a\tb\r\n1\tx\r\n", "sep=;\r\na;b\r\n1;x", "\u{feff}a,b\n1,x"] {
        let scratch = Scratch::new();
        let book = scratch.put(text.as_bytes()).expect("opens");
        let found = lines(&book, None).expect("reads");
        let first = if text.starts_with("sep") { 2 } else { 1 };
        let cells = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        assert_eq!(found, [(first, cells("a", "b")), (first + 1, cells("1", "x"))], "{text:?}");
        assert!(book.sheets().is_empty());
        assert_eq!(book.merged(None), Ok(vec![]));
        assert_eq!(book.size_hint(), Some(first + 1));
    }
}

#[test]
fn text_is_trimmed_and_composed_and_flexible() {
    let scratch = Scratch::new();
    let book = scratch.put("Ho\u{302}\u{300},\u{a0}x\u{a0}\n\n , \nonly\n".as_bytes()).expect("opens");
    let found = lines(&book, None).expect("reads");
    assert_eq!(found, [(1, vec!["Hồ".to_owned(), "x".to_owned()]), (4, vec!["only".to_owned()])]);
}

#[test]
fn broken_text_is_refused_with_its_place() {
    let scratch = Scratch::new();
    refused(scratch.put(b""), ProblemCode::BadFile, "empty");
    refused(scratch.put(b"a,b\nx,Th\xe1i\n"), ProblemCode::BadFile, "byte 3 of this cell is 0xE1");
    let problem = lines(&scratch.put(b"a,b\nx,Th\xe1i\n").expect("opens"), None).expect_err("latin");
    assert_eq!((problem.row, problem.column.map(|c| c.0)), (2, Some(2)));
    refused(scratch.put(b"a,b\nx\0,y\n"), ProblemCode::BadFile, "byte 0 at byte 5");
    refused(scratch.put(b"a,b\nx,\"y\nz,w\n"), ProblemCode::BadFile, "never closed");
    refused(scratch.put(&b"a,".repeat(1_000_000)), ProblemCode::TooLarge, "256 columns");
    refused(scratch.put(&vec![b'x'; 5_000_000]), ProblemCode::TooLarge, "4 MiB");
    refused(scratch.put(&vec![b'x'; 32_768]), ProblemCode::TooLarge, "32767 characters");
    assert!(scratch.put(&vec![b'x'; 32_767]).and_then(|book| lines(&book, None)).is_ok());
}

#[test]
fn other_formats_are_named() {
    let scratch = Scratch::new();
    refused(scratch.put(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ProblemCode::BadFile, "save as .xlsx");
    refused(scratch.put(b"%PDF-1.7"), ProblemCode::BadFile, "PDF");
    refused(scratch.put(b"\xff\xfea\0"), ProblemCode::BadFile, "UTF-16");
    refused(scratch.put(b"PK\x03\x04broken"), ProblemCode::BadFile, "damaged ZIP");
    refused(scratch.parts(&[("word/document.xml", b"<w/>")]), ProblemCode::BadFile, "Word");
    refused(scratch.parts(&[("content.xml", b"<w/>")]), ProblemCode::BadFile, "OpenDocument");
    refused(scratch.parts(&[("readme.txt", b"x")]), ProblemCode::BadFile, "ZIP archive");
}

fn workbook(path: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Số liệu").expect("name");
    sheet.write(0, 0, " Tiêu đề ").expect("cell");
    sheet.merge_range(1, 0, 1, 2, "Gộp", &Look::new()).expect("merged");
    sheet.write(3, 0, 99.70000000000001).expect("cell");
    sheet.write_with_format(3, 1, 0.9978, &Look::new().set_num_format("0.00%")).expect("cell");
    let date = ExcelDateTime::from_ymd(2024, 9, 3).expect("date");
    sheet.write_with_format(3, 2, &date, &Look::new().set_num_format("dd/mm/yyyy")).expect("cell");
    sheet.write(3, 3, Formula::new("1+1").set_result("2")).expect("cell");
    sheet.write(3, 4, true).expect("cell");
    sheet.write_blank(3, 6, &Look::new().set_bold()).expect("cell");
    book.add_worksheet().set_name("Khác").expect("name").write(0, 0, "x").expect("cell");
    book.add_worksheet().set_name("Ẩn").expect("name").set_hidden(true);
    book.save(path).expect("saved");
}

#[test]
fn worksheets_give_typed_cells() {
    let scratch = Scratch::new();
    workbook(&scratch.path());
    let book = Book::open(&scratch.path(), FileLimits::default()).expect("opens");
    assert_eq!(book.sheets(), ["Số liệu", "Khác"]);
    assert_eq!(book.merged(None), Ok(vec![(2, 0, 2, 2)]));
    assert_eq!(book.size_hint(), Some(4));
    assert_eq!(lines(&book, Some("Khác")).expect("reads"), [(1, vec!["x".to_owned()])]);
    assert!(lines(&book, Some("keine")).expect_err("unknown").message.contains("keine"));
    let grid = book.grid(None, 10).expect("grid");
    assert_eq!(grid.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(grid.lines[0].cells, [Cell::text("Tiêu đề")]);
    assert_eq!((grid.sheet.as_deref(), grid.merged.len()), (Some("Số liệu"), 1));
    let cells: Vec<(&str, CellKind)> = grid.lines[3].cells.iter().map(|c| (c.text.as_str(), c.kind)).collect();
    let expected = [
        ("99.7", CellKind::Number),
        ("99.78", CellKind::Number),
        ("2024-09-03", CellKind::Date),
        ("2", CellKind::Formula),
        ("TRUE", CellKind::Text),
    ];
    assert_eq!(cells, expected);
    assert_eq!(book.grid(None, 3).expect_err("four rows").code, ProblemCode::TooLarge);
    assert!(book.grid(None, 4).is_ok());
}

#[test]
fn a_csv_grid_keeps_empty_lines_and_counts_records() {
    let scratch = Scratch::new();
    let book = scratch.put(b"a,\"x\ny\"\n\nb,c\n").expect("opens");
    let grid = book.grid(None, 10).expect("grid");
    let lines: Vec<(u64, usize)> = grid.lines.iter().map(|line| (line.number, line.cells.len())).collect();
    assert_eq!(lines, [(1, 2), (3, 0), (4, 2)]);
    assert!(book.grid(None, 2).is_err());
}

#[test]
fn a_cell_at_the_far_end_allocates_nothing() {
    let scratch = Scratch::new();
    let far = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    refused(scratch.sheet(far), ProblemCode::TooLarge, "256 columns");
    let deep = far.replace("XFD", "A");
    let book = scratch.sheet(&deep).expect("opens");
    assert_eq!(lines(&book, None).expect("reads").len(), 2);
    assert_eq!(book.grid(None, 5_000).expect_err("deep").code, ProblemCode::TooLarge);
    // A format down to the last column is no cell.
    let book = scratch.sheet(&far.replace("<c r=\"XFD1048576\"><v>1</v></c>", "<c r=\"XFD1048576\" s=\"0\"/>"));
    assert_eq!(lines(&book.expect("opens"), None).expect("reads").len(), 1);
}

#[test]
fn errors_and_disorder_are_told() {
    let scratch = Scratch::new();
    let book = scratch.sheet(r##"<row r="1"><c r="A1" t="e"><v>#DIV/0!</v></c></row>"##).expect("opens");
    let grid = book.grid(None, 9).expect("grid");
    assert_eq!(grid.lines[0].cells[0], Cell { text: "#DIV/0!".to_owned(), kind: CellKind::Error });
    let back = r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#;
    refused(scratch.sheet(back), ProblemCode::BadFile, "not in order");
    refused(scratch.sheet("<row"), ProblemCode::BadFile, "damaged workbook");
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let scratch = Scratch::new();
    let mut zip = ZipWriter::new(File::create(scratch.path()).expect("created"));
    let options = SimpleFileOptions::default().large_file(true).compression_level(Some(1));
    for (name, bytes) in skeleton() {
        zip.start_file(name, options).expect("entry");
        zip.write_all(bytes).expect("bytes");
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).expect("entry");
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..600 {
        zip.write_all(&zeros).expect("bytes");
    }
    zip.finish().expect("finished");
    refused(Book::open(&scratch.path(), FileLimits::default()), ProblemCode::TooLarge, "unpacks to");
    // A directory that declares less than what is there.
    let mut bytes = std::fs::read(scratch.path()).expect("bytes");
    let size = 600u32 * 1024 * 1024;
    let mut lies = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size.to_le_bytes() {
            bytes[at..at + 4].copy_from_slice(&1_000u32.to_le_bytes());
            lies += 1;
        }
    }
    assert!(lies > 0);
    assert!(scratch.put(&bytes).is_err());
}

#[test]
fn inflated_sizes_are_bounded_whatever_is_declared() {
    let limits = FileLimits { unpacked_bytes: 100_000, ..FileLimits::default() };
    let mut total = 0;
    let endless = std::io::repeat(b'<');
    assert!(container::inflate(endless, u64::MAX, true, &mut total, &limits).is_err());
    assert!(total < 200_000);
    let mut total = 0;
    let endless = b"<a>".iter().copied().cycle();
    struct Bytes<I>(I);
    impl<I: Iterator<Item = u8>> Read for Bytes<I> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.iter_mut().zip(&mut self.0).for_each(|(to, from)| *to = from);
            Ok(buffer.len())
        }
    }
    let problem = container::inflate(Bytes(endless), 1_000, true, &mut total, &FileLimits::default());
    assert!(problem.expect_err("a ratio").message.contains("100 times"));
    assert!(total < 11 * 1024 * 1024);
}

#[test]
fn announced_strings_and_many_parts_are_refused() {
    let scratch = Scratch::new();
    let strings: &[u8] = br#"<sst uniqueCount="99999999999999"><si><t>x</t></si></sst>"#;
    let parts = [&skeleton()[..], &[("xl/sharedStrings.xml", strings)]].concat();
    refused(scratch.parts(&parts), ProblemCode::TooLarge, "different texts");
    let names: Vec<String> = (0..1_001).map(|i| format!("xl/media/{i}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    refused(scratch.parts(&[&skeleton()[..], &parts].concat()), ProblemCode::TooLarge, "1004 parts");
}

#[test]
fn breaking_ends_the_reading() {
    let scratch = Scratch::new();
    let text = "a,b\n".repeat(10) + "x,\"never closed";
    let book = scratch.put(text.as_bytes()).expect("opens");
    let mut seen = 0;
    let result = book.for_each_line(None, &mut |_| {
        seen += 1;
        if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((result, seen), (Ok(()), 3));
}
