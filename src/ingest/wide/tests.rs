//! Wide tables of invented figures: the same shape, other orders, wordings and slips.

use std::path::Path;

use super::*;
use crate::{
    domain::{catalogue::Parts, observation::Status},
    ingest::grid::{Cell, CellKind, GridLine},
};

/// The shipped catalogue without the tables that would teach the headings.
fn catalogue() -> Catalogue {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/thai-nguyen");
    let mut parts: Parts = Parts::clone(&crate::ingest::dataset::read(&root).expect("the shipped data set").catalogue);
    parts.tables.clear();
    Catalogue::new(parts)
}

/// Lines of cells set apart by `|`, numbered from 1.
fn grid(text: &str) -> Grid {
    let cells = |line: &str| line.split('|').map(|c| Cell::text(c.trim())).collect();
    let lines = (1..).zip(text.trim().lines()).map(|(number, line)| GridLine { number, cells: cells(line) });
    Grid { sheet: None, lines: lines.collect(), merged: Vec::new() }
}

fn options(catalogue: &Catalogue) -> WideOptions {
    let day = "2024-09-20".parse().expect("a day");
    WideOptions {
        default_period: Some("2024-01-01/2024-09-03".parse().expect("a period")),
        total_unit: catalogue.unit_on("19", day).map(|u| u.id),
        table_code: Some("II".to_owned()),
        ..WideOptions::on(day)
    }
}

fn read_text(text: &str) -> (Catalogue, WideTable) {
    let catalogue = catalogue();
    let table = read(&grid(text), &catalogue, &options(&catalogue));
    (catalogue, table)
}

/// `quantity@unit=value` of every figure, sorted.
fn figures(catalogue: &Catalogue, table: &WideTable) -> Vec<String> {
    let mut shown: Vec<String> = table
        .figures
        .iter()
        .map(|o| {
            let quantity = crate::domain::indicator::Quantity {
                indicator: o.series.indicator,
                breakdown: o.series.breakdown.clone(),
            };
            let unit = catalogue.unit(o.series.unit).map(|u| u.code.clone()).unwrap_or_default();
            let value = o.value.map_or("none".to_owned(), |v| v.to_string());
            format!("{}@{unit}={value}", catalogue.quantity_ref(&quantity))
        })
        .collect();
    shown.sort();
    shown
}

#[track_caller]
fn clean(text: &str) -> Vec<String> {
    let (catalogue, table) = read_text(text);
    assert_eq!(table.problems, [], "{text}");
    figures(&catalogue, &table)
}

#[track_caller]
fn mistakes(text: &str) -> Vec<(ProblemCode, u64, usize)> {
    let (_, table) = read_text(text);
    table.problems.iter().map(|p| (p.code, p.row, p.column.as_ref().map_or(0, |c| c.0))).collect()
}

const PLAIN: &str = "STT | Tên đơn vị | Số hồ sơ DVC trực tuyến toàn trình được xử lý trực tuyến | Số hồ sơ DVC trực tuyến toàn trình được xử lý trực tiếp | Tổng số hồ sơ DVC trực tuyến toàn trình | Tỷ lệ hồ sơ được xử lý trực tuyến toàn trình (%)
 | A | (1) | (2) | (3) = (1)+(2) | (4) = (1)/(3)*100
1 | Sở Nội vụ | 1.300 | 100 | 1400 | 92,86
2 | Sở Y tế | 0 | 0 | 0 | 0
 | Tổng | 1.300 | 100 | 1.400 | 92,86";

fn plain_figures() -> Vec<String> {
    let of = |unit: &str, values: [&str; 4]| {
        let names = [
            "services.full-online-dossiers[channel=online]",
            "services.full-online-dossiers[channel=direct]",
            "services.full-online-dossiers",
            "services.full-online-rate",
        ];
        names.iter().zip(values).map(|(n, v)| format!("{n}@{unit}={v}")).collect::<Vec<_>>()
    };
    let mut all = of("TN-SNV", ["1300", "100", "1400", "92.86"]);
    all.extend(of("TN-SYT", ["0", "0", "0", "none"]));
    all.extend(of("19", ["1300", "100", "1400", "92.86"]));
    all.sort();
    all
}

#[test]
fn a_table_as_printed() {
    assert_eq!(clean(PLAIN), plain_figures());
    let (_, table) = read_text(PLAIN);
    let numbers: Vec<&str> = table.rows.iter().map(|r| r.number.as_str()).collect();
    assert_eq!(numbers, ["1", "2", "total"]);
    let nothing = table.figures.iter().find(|o| o.status == Status::CannotExist).expect("0/0");
    assert_eq!((nothing.as_printed.as_str(), nothing.value), ("0", None));
    assert_eq!((nothing.locator.row.as_deref(), nothing.locator.column), (Some("2"), Some(4)));
    assert_eq!(table.figures[0].coverage.map(|c| c.1.to_string()).as_deref(), Some("2024-09-03"));
    assert_eq!(table.expected.len(), 28);
    assert_eq!(table.mapping.len(), 4);
}

#[test]
fn other_orders_wordings_and_gaps() {
    let shuffled = "Tỷ lệ xử lý trực tuyến (%) | Tên cơ quan | Số hồ sơ DVCTT toàn trình nộp trực tiếp | Tổng hồ sơ DVC toàn trình | Ghi chú | Hồ sơ DVC toàn trình xử lý trực tuyến
92,86 | Tổng cộng | 100 | 1.400 | cả tỉnh | 1.300
92,86% | TN-SNV | 100 | 1.400 | | 1.300
0 | Sở Y tế | 0 | 0 | không phát sinh | 0";
    assert_eq!(clean(shuffled), plain_figures());
    let words = "TT | Đơn vị | Trực tuyến: số hồ sơ được xử lý dịch vụ công trực tuyến toàn trình
1 | Sở Nội vụ | 5";
    assert_eq!(clean(words), ["services.full-online-dossiers[channel=online]@TN-SNV=5"]);
    let code = "Unit | dossiers.received[intake=online] | Dossiers pending
Sở Nội vụ | 5 | -";
    assert_eq!(mistakes(code), [(ProblemCode::UnknownColumn, 1, 3)]);
    let no_total = "STT | Địa phương | Số hồ sơ tiếp nhận trực tuyến\n1 | Huyện Định Hoá | 7\n2 | Đồng Hỷ | 8";
    assert_eq!(clean(no_total), ["dossiers.received[intake=online]@167=7", "dossiers.received[intake=online]@169=8"]);
}

#[test]
fn names_are_found_in_other_spellings() {
    let text = "STT | Sở, ngành | Số hồ sơ tiếp nhận trực tuyến
1 | Sở Kế hoạch Đầu tư | 1
2 | SỞ VĂN HOÁ, THỂ THAO VÀ DU LỊCH | 2
3 | **Sở Công thương**¹ | 3
4 | Huyện Định Hóa | 4";
    let units: Vec<String> = clean(text).iter().map(|f| f.split('@').nth(1).unwrap_or_default().to_owned()).collect();
    assert_eq!(units, ["167=4", "TN-SCT=3", "TN-SKHDT=1", "TN-SVHTTDL=2"]);
}

const GROUPED: &str = "TT | Tên đơn vị | Tổng hồ sơ nhận giải quyết | | | | Kết quả giải quyết | | |
 | | Tổng số | Trong đó | | Kỳ trước chuyển sang | Số hồ sơ đã giải quyết | | Số hồ sơ đang giải quyết |
 | | | Trực tiếp, qua BCCI | Trực tuyến | | Tổng số | Quá hạn | Tổng số | Quá hạn
I | Khối sở, ngành | | | | | | | |
1 | Sở Nội vụ | 10 | 5 | 4 | 1 | 8 | 2 | 2 | -
TT | Tên đơn vị | Tổng hồ sơ nhận giải quyết | | | | Kết quả giải quyết | | |
 | | Tổng số | Trong đó | | Kỳ trước chuyển sang | Số hồ sơ đã giải quyết | | Số hồ sơ đang giải quyết |
2 | Sở Y tế | 20 | 11 | 8 | 1 | 18 | 2 | 2 | 0
 | Ghi chú: số liệu của cổng dịch vụ công | | | | | | | |
 | Người lập biểu | | | | | Giám đốc | | |";

#[test]
fn groups_of_columns() {
    let (catalogue, table) = read_text(GROUPED);
    assert_eq!(table.problems, []);
    assert_eq!(table.rows.len(), 2);
    let found = figures(&catalogue, &table);
    assert_eq!(found.len(), 15, "a dash is no figure: {found:?}");
    for expected in [
        "dossiers.received@TN-SNV=10",
        "dossiers.received[intake=carried-over]@TN-SNV=1",
        "dossiers.resolved[timeliness=overdue]@TN-SNV=2",
        "dossiers.pending[timeliness=overdue]@TN-SYT=0",
    ] {
        assert!(found.iter().any(|f| f == expected), "{expected} in {found:?}");
    }
    let pending = table.figures.iter().find(|o| o.locator.column == Some(7)).expect("pending");
    assert_eq!((pending.period.to_string().as_str(), pending.coverage), ("2024-09-03", None));
    assert_eq!(pending.as_of.map(|d| d.to_string()).as_deref(), Some("2024-09-03"));
}

#[test]
fn merged_headings_of_a_worksheet() {
    let mut grid = grid(
        "Biểu tổng hợp từ ngày 01/01/2024 đến ngày 30/6/2024
Đơn vị | Đã xử lý | | Đang xử lý |
 | Tổng số | Trễ hạn | Tổng số | Trễ hạn
164 | 9 | 1 | 3 | 2",
    );
    grid.sheet = Some("Sheet1".to_owned());
    grid.merged = vec![(1, 0, 1, 4), (2, 0, 3, 0), (2, 1, 2, 2), (2, 3, 2, 4)];
    grid.lines[3].cells[1].kind = CellKind::Number;
    let catalogue = catalogue();
    let table = read(&grid, &catalogue, &options(&catalogue));
    assert_eq!(table.problems, []);
    assert_eq!(
        figures(&catalogue, &table),
        [
            "dossiers.pending@164=3",
            "dossiers.pending[timeliness=overdue]@164=2",
            "dossiers.resolved@164=9",
            "dossiers.resolved[timeliness=overdue]@164=1"
        ]
    );
    assert_eq!(table.figures[0].period.to_string(), "2024-S1");
    assert!(table.figures[0].coverage.is_some(), "the days are named");
    assert_eq!(table.title.as_deref(), Some("Biểu tổng hợp từ ngày 01/01/2024 đến ngày 30/6/2024"));
}

#[test]
fn what_is_not_known_is_told() {
    let text = "STT | Tên đơn vị | Quá hạn | Số hồ sơ tiếp nhận trực tuyến | Số trạm vũ trụ
1 | Sở Nội vụ | 1 | =C3*2 | 4
2 | Sở Nội vu tỉnh | 1 | 5 | 4
3 | Sở Y tế | 1 | 1,250 | 4
4 | Sở Y tế | 1 | 7 | 4
5 | Sở Tư pháp | 1 | - | 4
6 | Sở Tài chính | 1 | chưa có | 4
7 | Sở Xây dựng | 1 | 8 | 4";
    let (catalogue, table) = read_text(text);
    let found: Vec<_> = table.problems.iter().map(|p| (p.code, p.row)).collect();
    assert_eq!(
        found,
        [
            (ProblemCode::AmbiguousColumn, 1),
            (ProblemCode::UnknownColumn, 1),
            (ProblemCode::Formula, 2),
            (ProblemCode::UnknownUnit, 3),
            (ProblemCode::AmbiguousNumber, 4),
            (ProblemCode::Duplicate, 5),
            (ProblemCode::NotANumber, 7),
        ]
    );
    assert_eq!(table.problems[3].suggestion.as_deref(), Some("Sở Nội vụ"));
    assert_eq!(table.problems[4].suggestion.as_deref(), Some("1.250"));
    assert_eq!(table.problems[4].column.as_ref().map(|c| c.0), Some(4));
    assert_eq!(figures(&catalogue, &table), ["dossiers.received[intake=online]@TN-SXD=8"]);
}

#[test]
fn a_group_that_says_something_else_is_no_match() {
    let text = "STT | Tên đơn vị | Số hồ sơ thu phí | \n | | Trước hạn | Kỳ trước chuyển sang\n1 | Sở Nội vụ | 1 | 2";
    assert_eq!(mistakes(text), [(ProblemCode::UnknownColumn, 2, 3), (ProblemCode::UnknownColumn, 2, 4)]);
    let other = "STT | Tên đơn vị | DVC trực tuyến toàn trình | \n | | Tổng số | Tỷ lệ giải quyết đúng hạn\n1 | Sở Nội vụ | 1 | 2";
    assert_eq!(mistakes(other), [(ProblemCode::UnknownColumn, 2, 4)], "on-time share of other dossiers");
    let levels = "STT | Tên đơn vị | Sở | | Năm 2023 | \n | | Trước hạn | Đúng hạn | Giải quyết trước hạn | Giải quyết đúng hạn\n1 | Sở Nội vụ | 1 | 2 | 3 | 4";
    assert_eq!(mistakes(levels).len(), 4);
    let share = "STT | Tên đơn vị | Trước hạn (%)\n1 | Sở Nội vụ | 1";
    assert_eq!(mistakes(share), [(ProblemCode::UnknownColumn, 1, 3)]);
    let twice = "STT | Tên đơn vị | Trước hạn | Giải quyết trước hạn\n1 | Sở Nội vụ | 1 | 2";
    assert_eq!(mistakes(twice), [(ProblemCode::Duplicate, 1, 4)]);
}

#[test]
fn what_was_kept_wins() {
    let catalogue = catalogue();
    let (_, first) = read_text("STT | Tên đơn vị | Số hồ sơ tiếp nhận trực tuyến\n1 | Sở Nội vụ | 5");
    let mut kept = first.mapping[0].clone();
    kept.label = "Cột riêng của tỉnh".to_owned();
    let options = WideOptions { mapping: vec![kept], ..options(&catalogue) };
    let table = read(&grid("STT | Tên đơn vị | Cột riêng của tỉnh\n1 | Sở Nội vụ | 5"), &catalogue, &options);
    assert_eq!(table.problems, []);
    assert_eq!(figures(&catalogue, &table), ["dossiers.received[intake=online]@TN-SNV=5"]);
}

#[test]
fn units_and_periods_must_fit() {
    assert_eq!(mistakes("STT | Nội dung | Kết quả\n1 | Một | 2"), [(ProblemCode::MissingColumn, 0, 0)]);
    // This department came only after the reference day.
    let late =
        "STT | Tên đơn vị | Số hồ sơ tiếp nhận trực tuyến\n1 | Sở Nông nghiệp và Môi trường | 5\n2 | Sở Y tế | 1";
    assert_eq!(mistakes(late), [(ProblemCode::UnknownUnit, 2, 2)]);
    let catalogue = catalogue();
    let day = "2024-09-20".parse().expect("a day");
    let table = read(&grid(PLAIN), &catalogue, &WideOptions::on(day));
    assert_eq!(table.problems[0].code, ProblemCode::BadPeriod);
    let quarter = WideOptions { default_period: "2024-Q3".parse().ok(), ..WideOptions::on(day) };
    let table = read(&grid(PLAIN), &catalogue, &quarter);
    assert_eq!(table.figures[0].series.accumulation.code(), "IN_PERIOD", "not since 1 January");
    assert_eq!(table.figures[0].coverage, None);
    assert_eq!(table.figures.len(), 8, "nobody said whom the totals are about");
    assert!(table.is_clean() && table.problems.len() == 1, "{:?}", table.problems);
}

#[test]
fn totals_subtotals_codes_and_slips() {
    let first = "STT | Mã đơn vị | Tên đơn vị | Số hồ sơ tiếp nhận trực tuyến | Tỷ lệ giải quyết đúng hạn
1 | 2 | 3 | 4 | 5
 | | Toàn tỉnh | 12 | 99.7
I | | Khối sở | 5 | 99
1 | TN-SNV | Nội vụ | 5 | 99
II | | Khối huyện | |
1 | 165 | Thành phố của chúng tôi | 7 | -
 | | | 8 |";
    let (catalogue, table) = read_text(first);
    let told: Vec<_> = table.problems.iter().map(|p| (p.code, p.row, p.is_warning)).collect();
    assert_eq!(
        told,
        [
            (ProblemCode::MixedNumberStyle, 3, true),
            (ProblemCode::UnknownUnit, 4, true),
            (ProblemCode::BadCell, 8, false),
        ]
    );
    assert_eq!(
        figures(&catalogue, &table),
        [
            "dossiers.on-time-rate@19=99.7",
            "dossiers.on-time-rate@TN-SNV=99",
            "dossiers.received[intake=online]@165=7",
            "dossiers.received[intake=online]@19=12",
            "dossiers.received[intake=online]@TN-SNV=5",
        ]
    );
    assert_eq!(table.problems[0].suggestion.as_deref(), Some("99,7"));
}

#[test]
fn a_name_that_two_units_have_needs_a_code() {
    let mut parts = Parts::clone(&catalogue());
    for unit in parts.units.iter_mut().filter(|u| ["164", "173"].contains(&u.code.as_str())) {
        Arc::make_mut(unit).aliases.push("Vùng giữa".to_owned());
    }
    let catalogue = Catalogue::new(parts);
    let text = "Địa phương | Số hồ sơ tiếp nhận trực tuyến\nVùng giữa | 5\n173 | 6";
    let table = read(&grid(text), &catalogue, &options(&catalogue));
    assert_eq!(table.problems.iter().map(|p| (p.code, p.row)).collect::<Vec<_>>(), [(ProblemCode::AmbiguousUnit, 2)]);
    assert!(table.problems[0].message.contains("(164)") && table.problems[0].message.contains("(173)"));
    assert_eq!(figures(&catalogue, &table), ["dossiers.received[intake=online]@173=6"]);
    let commune = "Xã, phường | Số hồ sơ tiếp nhận trực tuyến\n05899 | 6";
    assert!(read_text(commune).1.expected.is_empty(), "communes have no place in the report order");
}

#[test]
fn a_dash_under_an_empty_base_is_no_share() {
    let text = PLAIN.replace("| 0 | 0 | 0 | 0", "| 0 | 0 | 0 | -").replace("1400 | 92,86\n2", "1400 | -\n2");
    let (_, table) = read_text(&text);
    let shares: Vec<_> =
        table.figures.iter().filter(|o| o.locator.column == Some(4)).map(|o| (o.status, o.value.is_some())).collect();
    assert_eq!(shares, [(Status::CannotExist, false), (Status::Normal, true)], "a dash beside figures is left out");
}

#[test]
fn columns_without_headings_of_names_and_numbers() {
    let text = "Báo cáo 9 tháng đầu năm 2025\n | | Số hồ sơ tiếp nhận trực tuyến | Hồ sơ tồn kỳ trước\n1 | Sở Nội vụ | 5 | 6\n2 | Sở Y tế | 7 | 8";
    let (catalogue, table) = read_text(text);
    assert_eq!(table.problems, []);
    assert_eq!(figures(&catalogue, &table).len(), 4);
    assert_eq!(table.columns.len(), 2, "the numbers of the rows are no column");
    assert_eq!(table.rows[1].number, "2");
    assert_eq!((table.figures[0].period.to_string().as_str(), table.figures[0].coverage), ("2025-01-01/P9M", None));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_grid_panics(cells in proptest::collection::vec(proptest::collection::vec("Tổng|STT|Tên đơn vị|Sở Y tế|I|[0-9.,%()=/-]{0,6}|Quá hạn|\\PC{0,6}", 0..6), 0..8),
                      merged in proptest::collection::vec((0u64..9, 0usize..7, 0u64..9, 0usize..7), 0..3)) {
        let lines = (1..).zip(cells).map(|(number, cells)| GridLine { number, cells: cells.into_iter().map(Cell::text).collect() });
        let grid = Grid { sheet: None, lines: lines.collect(), merged };
        let catalogue = Catalogue::default();
        let _ = read(&grid, &catalogue, &WideOptions::on("2024-09-20".parse().expect("a day")));
    }
}
