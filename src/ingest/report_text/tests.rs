//! Reports of invented text; and the real ones, where the workspace has them.

use std::path::Path;

use super::*;
use crate::{
    domain::{catalogue::Catalogue, catalogue::Parts, observation::Observation},
    ingest::{
        dataset,
        wide::{self, WideOptions},
    },
};

const REPORT: &str = "*
Số: ~~12~~-BC/X

Nơi ấy, ngày 02 tháng 10 năm 2025

**BÁO CÁO**

Kết quả chuyển đổi số, định hướng đến năm 2030

Kính gửi: - Thường trực.

Báo cáo kết quả trong 9 tháng đầu năm 2025 như sau:

I. TÌNH HÌNH

1. Chỉ đạo

Đã làm nhiều việc¹.

1.1. Việc thứ nhất: xong.

a) Một nửa

¹ Gồm: 3 việc.

Còn tiếp.

b) Nửa kia, từ ngày 01/01/2025 đến ngày 15/9/2025 (chi tiết tại Phụ lục II kèm theo).

2. Kết quả

Có kết quả.

II. NHIỆM VỤ

1. Làm tiếp việc một.

2. Làm tiếp việc hai.

Trên đây là báo cáo.

Nơi nhận:
- Như trên.

PHỤ LỤC I
TỔNG HỢP QUÝ II NĂM 2025
(Kèm theo Báo cáo số 12-BC/X ngày 02/10/2025)

| STT | Tên đơn vị | Số hồ sơ tiếp nhận trực tuyến |
|---|---|---|
| 1 | Sở Y tế | 5 |

PHỤ LỤC II
TỔNG HỢP

STT\tTên đơn vị\tSố hồ sơ tiếp nhận trực tuyến
1\tSở Y tế\t7

STT\tTên đơn vị\tSố hồ sơ tiếp nhận trực tuyến
2\tSở Tư pháp\t**8**

STT\tTên đơn vị\tTỷ lệ xử lý trực tuyến
1\tSở Y tế\t99,5
";

#[test]
fn the_parts_of_a_report() {
    let report = read(REPORT);
    assert_eq!(report.code.as_deref(), Some("12-BC/X"));
    assert_eq!(report.place.as_deref(), Some("Nơi ấy"));
    assert_eq!(report.issued_on.map(|d| d.to_string()).as_deref(), Some("2025-10-02"));
    assert_eq!(report.title.as_deref(), Some("Kết quả chuyển đổi số, định hướng đến năm 2030"));
    assert_eq!(report.period.map(|p| p.to_string()).as_deref(), Some("2025-01-01/P9M"));
    let codes: Vec<&str> = report.sections.iter().map(|s| s.code.as_str()).collect();
    assert_eq!(codes, ["head", "I", "I.1", "I.1.1", "I.1.1.a", "I.1.1.b", "I.2", "II"]);
    assert_eq!(report.footnotes, [(1, "Gồm: 3 việc.".to_owned())]);
    let half = &report.sections[4];
    assert_eq!(
        (half.title.as_str(), half.body.as_str(), half.parent.as_deref()),
        ("Một nửa", "Còn tiếp.", Some("I.1.1"))
    );
    assert!(report.sections[7].body.contains("việc hai"), "numbered sentences are a list");
}

#[test]
fn the_tables_of_a_report() {
    let report = read(REPORT);
    let shown: Vec<_> = report
        .tables
        .iter()
        .map(|t| (t.code.as_deref(), t.grid.lines.len(), t.period.map(|(p, days)| (p.to_string(), days))))
        .collect();
    assert_eq!(
        shown,
        [
            (Some("I"), 2, Some(("2025-Q2".to_owned(), false))),
            (Some("II"), 4, Some(("2025-01-01/2025-09-15".to_owned(), true))),
            (Some("III"), 2, Some(("2025-01-01/P9M".to_owned(), false))),
        ]
    );
    assert_eq!(report.tables[0].title.as_deref(), Some("TỔNG HỢP QUÝ II NĂM 2025"));
    assert!(report.tables[0].note_line.is_some() && report.tables[2].title.is_none());
    let first = &report.tables[0];
    assert_eq!(
        first.grid.lines[1].number,
        REPORT.lines().position(|l| l.contains("| 5 |")).expect("a line") as u64 + 1
    );
    assert_eq!(report.tables[1].grid.lines[3].cells[2].text, "**8**", "cells stay raw");
}

#[test]
fn columns_set_apart_by_blanks() {
    let report = read("PHỤ LỤC 4\nSTT   Tên đơn vị   Số hồ sơ\n1   Sở Y tế   5\n2   Sở Tư pháp    6\n");
    assert_eq!(report.tables[0].code.as_deref(), Some("4"));
    assert_eq!(report.tables[0].grid.lines[2].cells[1].text, "Sở Tư pháp");
    assert!(read("một  hai\nba\n").tables.is_empty());
}

/// The text of the shipped report, where the environment says that it lies.
pub fn source() -> Option<String> {
    let folder = std::path::PathBuf::from(std::env::var_os("SOLIEU_SOURCES")?);
    let files = std::fs::read_dir(folder).expect("a folder").flatten().map(|e| e.path());
    let is_report = |p: &std::path::PathBuf| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("report-"));
    let file = files.into_iter().find(is_report).expect("the report");
    Some(std::fs::read_to_string(file).expect("UTF-8"))
}

fn shipped() -> dataset::Dataset {
    dataset::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/thai-nguyen")).expect("the shipped data set")
}

fn comparable(o: &Observation) -> String {
    let s = &o.series;
    format!(
        "{:?} {:?} {} {} {} {:?} {:?} {:?} {} {} {:?} {:?} {:?} {:?}",
        s.indicator,
        s.unit,
        s.breakdown,
        s.accumulation.code(),
        o.period,
        o.coverage,
        o.as_of,
        o.value,
        o.status.code(),
        o.as_printed,
        o.qualifier,
        o.locator,
        o.base_period,
        o.field_size,
    )
}

#[test]
fn the_real_report_gives_the_shipped_tables() {
    let Some(text) = source() else { return };
    let shipped = shipped();
    let mut parts = Parts::clone(&shipped.catalogue);
    parts.tables.clear();
    let catalogue = Catalogue::new(parts);
    let report = read(&text);
    let day = report.issued_on.expect("a day");
    for (code, count) in [("II", 28 * 4 + 4), ("III", 12 * 11)] {
        let table = report.tables.iter().find(|t| t.code.as_deref() == Some(code)).expect(code);
        let options = WideOptions {
            default_period: table.period.map(|(p, _)| p),
            period_is_days: table.period.is_some_and(|(_, days)| days),
            total_unit: catalogue.unit_on("19", day).map(|u| u.id),
            table_code: table.code.clone(),
            ..WideOptions::on(day)
        };
        let read = wide::read(&table.grid, &catalogue, &options);
        assert_eq!(read.problems, [], "{code}");
        let document = catalogue.report_of(shipped.catalogue.reports[0].document).map(|r| r.document);
        let of_table = |o: &&Observation| Some(o.document) == document && o.locator.table.as_deref() == Some(code);
        let wanted: Vec<String> = shipped.observations.iter().filter(of_table).map(comparable).collect();
        let found: Vec<String> = read.figures.iter().map(comparable).collect();
        assert_eq!(wanted.len(), count);
        assert_eq!(found, wanted);
        let printed =
            shipped.catalogue.tables.iter().find(|t| Some(t.document) == document && t.code == code).expect(code);
        assert_eq!(read.expected, printed.expected_units);
        assert_eq!(
            read.rows.iter().map(|r| (&r.number, r.unit, &r.cells)).collect::<Vec<_>>(),
            printed.rows.iter().map(|r| (&r.number, r.unit, &r.cells)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn the_real_report_has_the_shipped_outline() {
    let Some(text) = source() else { return };
    let shipped = shipped();
    let report = read(&text);
    let code = shipped.catalogue.reports[0].code.as_str();
    assert_eq!(report.code.as_deref(), Some(code));
    assert_eq!(report.issued_on.map(|d| d.to_string()).as_deref(), Some("2024-09-20"));
    assert_eq!(report.period.map(|p| p.to_string()).as_deref(), Some("2024-01-01/P9M"));
    let document = shipped.catalogue.document_by_code(code).expect("the document");
    let wanted: Vec<_> = document.sections.iter().map(|s| (s.code.as_str(), s.parent.as_deref(), s.position)).collect();
    let found: Vec<_> = report.sections.iter().map(|s| (s.code.as_str(), s.parent.as_deref(), s.position)).collect();
    assert_eq!(found, wanted);
    assert_eq!(report.footnotes.iter().map(|(n, _)| *n).collect::<Vec<_>>(), (1..=19).collect::<Vec<_>>());
    assert_eq!(report.tables.len(), 3);
}

proptest::proptest! {
    #[test]
    fn no_text_panics(words in proptest::collection::vec("từ|đến|ngày|năm|quý|tháng|[0-9]{1,4}|/|01/01/2024|\\| a |\t|\n|I. A|1. B|a\\) |¹|PHỤ LỤC II|Số 1/X|\\PC{0,5}", 0..30)) {
        let text = words.concat();
        let report = read(&text);
        let codes: std::collections::HashSet<_> = report.sections.iter().map(|s| &s.code).collect();
        proptest::prop_assert!(report.sections.iter().all(|s| s.parent.as_ref().is_none_or(|p| codes.contains(p))));
        let _ = read(&words.join(" "));
    }
}
