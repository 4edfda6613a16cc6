//! Tables of targets with invented results; and the real one, where the workspace has it.

use std::path::Path;

use super::*;
use crate::ingest::{
    dataset,
    grid::{Cell, GridLine},
    report_text,
};

fn shipped() -> dataset::Dataset {
    dataset::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/thai-nguyen")).expect("the shipped data set")
}

fn options() -> TargetOptions {
    TargetOptions {
        period: "2024-01-01/P9M".parse().expect("a period"),
        table_code: Some("I".to_owned()),
        resolution: None,
    }
}

fn comparable(catalogue: &Catalogue, o: &Observation) -> String {
    let quantity = Quantity { indicator: o.series.indicator, breakdown: o.series.breakdown.clone() };
    format!(
        "{} {} {} {:?} {:?} {} {:?} {} {:?}",
        o.locator.row.as_deref().unwrap_or_default(),
        catalogue.quantity_ref(&quantity),
        o.period,
        o.series.accumulation,
        o.value.map(|v| v.to_string()),
        o.status.code(),
        o.qualifier,
        o.base_period.map(|p| p.to_string()).unwrap_or_default(),
        o.field_size
    )
}

#[test]
fn results_in_sentences() {
    let text = "TT|Chỉ tiêu|Kết quả|Đánh giá
I|Nhóm||
1|Một|99%|Đạt
2|Hai|Cấp xã: 41%; hồ sơ tại cấp huyện đạt trên 66%; 12 trạm|Chưa đạt
9|Chín|Chưa có số liệu|Chưa đánh giá
15|Mười lăm|Năm 2023 đứng thứ 7/63 cả nước|Vui
77|Không có|1%|Đạt
1|Một|98%|Đạt";
    let cells = |line: &str| line.split('|').map(Cell::text).collect();
    let lines = (1..).zip(text.lines()).map(|(number, line)| GridLine { number, cells: cells(line) });
    let grid = Grid { lines: lines.collect(), ..Grid::default() };
    assert!(is_target_table(&grid));
    let catalogue = shipped().catalogue;
    let table = read(&grid, &catalogue, &options());
    let found: Vec<String> = table.figures.iter().map(|o| comparable(&catalogue, o)).collect();
    assert_eq!(
        found,
        [
            "1 services.multi-access-rate 2024-01-01/P9M AsOf Some(\"99\") A Exact  None",
            "2 work-files.online-rate[level=commune] 2024-01-01/P9M AsOf Some(\"41\") A Exact  None",
            "2 work-files.online-rate[level=district] 2024-01-01/P9M AsOf Some(\"66\") A AtLeast  None",
            "9 economy.sector-digital-share 2024-01-01/P9M AsOf None O Exact  None",
            "15 security.rank 2023 InPeriod Some(\"7\") A Exact  Some(63)",
        ]
    );
    let told: Vec<_> = table.problems.iter().map(|p| (p.code, p.row, p.raw.as_str(), p.is_warning)).collect();
    assert_eq!(
        told,
        [
            (ProblemCode::UnknownIndicator, 4, "12 trạm", true),
            (ProblemCode::UnknownCode, 6, "Vui", false),
            (ProblemCode::UnknownCode, 7, "77", false),
            (ProblemCode::Duplicate, 8, "1", false),
        ]
    );
    let ratings: Vec<_> = table.assessments.iter().map(|a| (a.number, a.rating)).collect();
    assert_eq!(ratings, [(1, Rating::Achieved), (2, Rating::InProgress), (9, Rating::NotAssessed)]);
}

#[test]
fn other_tables_are_none() {
    let line = GridLine { number: 1, cells: ["STT", "Tên đơn vị", "Kết quả"].map(Cell::text).into() };
    let grid = Grid { lines: vec![line], ..Grid::default() };
    assert!(!is_target_table(&grid));
    assert_eq!(read(&grid, &Catalogue::default(), &options()).problems[0].code, ProblemCode::MissingColumn);
}

#[test]
fn the_real_report_gives_the_shipped_results() {
    let Some(text) = report_text::tests::source() else { return };
    let shipped = shipped();
    let report = report_text::read(&text);
    assert!(is_target_table(&report.tables[0].grid) && !is_target_table(&report.tables[1].grid));
    let table = read(&report.tables[0].grid, &shipped.catalogue, &options());
    let document = shipped.catalogue.reports[0].document;
    let of_table = |o: &&Observation| o.document == document && o.locator.table.as_deref() == Some("I");
    let wanted: Vec<String> =
        shipped.observations.iter().filter(of_table).map(|o| comparable(&shipped.catalogue, o)).collect();
    let found: Vec<String> = table.figures.iter().map(|o| comparable(&shipped.catalogue, o)).collect();
    let wrong: Vec<&String> = found.iter().filter(|f| !wanted.contains(f)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{wanted:#?}");
    let left: Vec<&String> = wanted.iter().filter(|f| !found.contains(f)).collect();
    assert_eq!((wanted.len(), left.len()), (20, 1), "{left:#?} {:#?}", table.problems);
    let published = shipped.catalogue.assessments.iter().filter(|a| a.document == document);
    assert_eq!(
        table.assessments.iter().map(|a| (a.number, a.rating, a.as_printed.as_str())).collect::<Vec<_>>(),
        published.map(|a| (a.number, a.rating, a.as_printed.as_str())).collect::<Vec<_>>()
    );
}
