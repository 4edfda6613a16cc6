use std::{io::Write, ops::ControlFlow};

use super::*;
use crate::{
    domain::{
        catalogue::Parts,
        id::IndicatorId,
        indicator::{Dimension, DimensionValue, Direction, Indicator, UnitOfMeasure},
        unit::{Unit, UnitKind},
    },
    ingest::book::{Book, FileLimits},
};

fn day(text: &str) -> NaiveDate {
    crate::domain::period::parse_date(text).expect(text)
}

fn catalogue() -> Catalogue {
    let measure = |code: &str, multiplier| {
        UnitOfMeasure { code: code.to_owned(), multiplier, name: Text::default(), symbol: Text::default() }.into()
    };
    let kinds = [
        ("stock.people", "Dân số", MeasureKind::Stock, "PERSON"),
        ("flow.dossiers", "Hồ sơ tiếp nhận", MeasureKind::Flow, "DOSSIER"),
        ("ratio.online", "Tỷ lệ trực tuyến", MeasureKind::Ratio, "PERCENT"),
        ("rank.index", "Xếp hạng", MeasureKind::Rank, "RANK"),
        ("change.revenue", "Tăng trưởng", MeasureKind::Change, "PERCENT"),
        ("flow.revenue", "Doanh thu", MeasureKind::Flow, "BILLION_VND"),
    ];
    let indicators = kinds.iter().zip(1..).map(|((code, name, kind, unit_of_measure), id)| {
        Indicator {
            id: IndicatorId(id),
            code: (*code).to_owned(),
            name: Text::new(*name, ""),
            definition: Text::default(),
            topic: String::new(),
            unit_of_measure: (*unit_of_measure).to_owned(),
            kind: *kind,
            direction: Direction::Neutral,
            decimals: 0,
            additive_over: vec![],
            numerator: None,
            denominator: None,
            growth_of: None,
            owner: None,
            aliases: vec!["bí danh".to_owned()].into_iter().filter(|_| id == 2).collect(),
        }
        .into()
    });
    let units = [
        ("01", "Sông Cầu", UnitKind::District, None),
        ("02", "Sông Cầu", UnitKind::Commune, None),
        ("03", "Phú Bình", UnitKind::District, Some("2025-06-30")),
        ("04", "Võ Nhai", UnitKind::District, None),
    ];
    let units = units.iter().zip(1..).map(|((code, name, kind, valid_to), id)| {
        Unit {
            id: UnitId(id),
            code: (*code).to_owned(),
            valid_from: None,
            valid_to: valid_to.map(day),
            name: Text::new(*name, ""),
            kind: *kind,
            parent: None,
            report_order: None,
            source: String::new(),
            confidence: String::new(),
            aliases: vec![format!("Huyện {name}")].into_iter().filter(|_| *kind == UnitKind::District).collect(),
            identifiers: vec![],
        }
        .into()
    });
    let value = |code: &str| DimensionValue { code: code.to_owned(), position: 1, name: Text::default() };
    let dimension = |code: &str, values: [&str; 2]| Dimension {
        code: code.to_owned(),
        position: 1,
        name: Text::default(),
        values: values.map(value).to_vec(),
    };
    Catalogue::new(Parts {
        units_of_measure: vec![measure("PERSON", 0), measure("PERCENT", 0), measure("BILLION_VND", 9)],
        indicators: indicators.collect(),
        units: units.collect(),
        dimensions: vec![dimension("level", ["district", "commune"]), dimension("channel", ["online", "direct"])],
        ..Parts::default()
    })
}

fn options() -> LongOptions {
    LongOptions { reference_day: day("2024-09-20"), number_style: None, default_unit: None, default_period: None }
}

/// What came of a file.
#[derive(Debug, Default)]
struct Read {
    figures: Vec<Observation>,
    problems: Problems100,
    summary: LongSummary,
}

fn book(bytes: &[u8]) -> (tempfile::NamedTempFile, Book) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    let book = Book::open(file.path(), FileLimits::default()).expect("opens");
    (file, book)
}

fn try_read(text: &str, options: LongOptions) -> Result<Read, CellProblem> {
    let (_file, book) = book(text.as_bytes());
    let mut read = Read::default();
    let mut sink = |figure| {
        read.figures.push(figure);
        ControlFlow::Continue(())
    };
    read.summary = read_file(&book, None, &catalogue(), options, &mut sink, &mut read.problems)?;
    Ok(read)
}

fn read(text: &str) -> Read {
    try_read(text, options()).expect("readable")
}

/// The figure of one row without a mistake.
#[track_caller]
fn one(headings: &str, row: &str) -> Observation {
    let mut read = read(&format!("{headings}\n{row}\n"));
    assert_eq!(read.problems.first, [], "{row}");
    read.figures.pop().expect("a figure")
}

/// The one mistake of one row.
#[track_caller]
fn wrong(headings: &str, row: &str) -> CellProblem {
    let mut read = read(&format!("{headings}\n{row}\n"));
    assert_eq!((read.problems.first.len(), read.figures.len()), (1, 0), "{row}: {:?}", read.problems.first);
    read.problems.first.remove(0)
}

const FOUR: &str = "indicator;unit;period;value";

/// The value of a cell of an indicator, in a file whose style is stated.
fn value_of(indicator: &str, cell: &str, number_style: NumberStyle) -> Result<Observation, CellProblem> {
    let base = if indicator == "change.revenue" { "2023" } else { "" };
    let text = format!("{FOUR};base_period;status\n{indicator};04;2024;{cell};{base};\n");
    let mut read = try_read(&text, LongOptions { number_style: Some(number_style), ..options() })?;
    match read.problems.first.is_empty() {
        true => Ok(read.figures.remove(0)),
        false => Err(read.problems.first.remove(0)),
    }
}

#[test]
fn a_row_becomes_an_observation() {
    let headings = "indicator;unit;breakdown;accumulation;period;coverage;as_of;value;qualifier;status;as_printed;\
                    section;footnote;table;row;column;preferred;base_period;field_size;note_vi;note_en";
    let row = "flow.dossiers;04;level=district ; channel=online;CUMULATIVE;2024-Q3;2024-07-01/2024-09-20;3/9/2024;25;\
               JUST_BELOW;E;gần 25 hồ sơ;II.1;3;II;total;2;no;;7;Ghi chú;Note";
    let row = row.replace("level=district ; channel=online", "\"level=district ; channel=online\"");
    let expected = Observation {
        id: 0,
        uid: String::new(),
        series_id: 0,
        series: SeriesKey {
            indicator: IndicatorId(2),
            unit: UnitId(4),
            accumulation: Accumulation::Cumulative,
            breakdown: "channel=online;level=district".parse().expect("breakdown"),
        },
        period: "2024-Q3".parse().expect("period"),
        value: "25".parse().ok(),
        status: Status::Estimated,
        qualifier: Qualifier::JustBelow,
        coverage: Some((day("2024-07-01"), day("2024-09-20"))),
        as_of: Some(day("2024-09-03")),
        as_printed: "gần 25 hồ sơ".to_owned(),
        base_period: None,
        field_size: Some(7),
        document: DocumentId(0),
        locator: Locator {
            section: Some("II.1".to_owned()),
            footnote: Some(3),
            table: Some("II".to_owned()),
            row: Some("total".to_owned()),
            column: Some(2),
        },
        position: 2,
        preferred: false,
        note: Some(Text::new("Ghi chú", "Note")),
        release: 0,
    };
    assert_eq!(one(headings, &row), expected);
    let short = one(FOUR, "stock.people;04;2024;12");
    assert_eq!((short.preferred, short.note, short.as_printed.as_str()), (true, None, "12"));
}

#[test]
fn headings_are_known_in_any_order_case_and_language() {
    for headings in ["Value;PERIOD; Unit ;Indicator", "Giá trị;Kỳ;Đơn vị;Chỉ tiêu", "GIA TRI;ky;mã đơn vị;Mã chỉ tiêu"]
    {
        assert_eq!(one(headings, "7;2024;04;stock.people").value, "7".parse().ok(), "{headings}");
    }
    let titled = read("Báo cáo số 1\n\nNăm 2024;;\nindicator;unit;period;value\nstock.people;04;2024;7\n");
    assert_eq!((titled.figures.len(), titled.problems.count), (1, 0));
    assert_eq!(titled.figures[0].position, 5);
    let late = "x;y\n".repeat(21) + "indicator;unit;period;value\nstock.people;04;2024;7\n";
    assert_eq!(read(&late).figures, []);
}

#[test]
fn wrong_headings_are_told_before_any_row() {
    let wrong = |headings: &str| {
        let read = read(&format!("{headings}\nstock.people;04;2024;7;1;1\n"));
        assert_eq!(read.figures, []);
        let problem = |p: &CellProblem| (p.code, p.column.clone().map(|c| c.0), p.suggestion.clone());
        read.problems.first.iter().map(problem).collect::<Vec<_>>()
    };
    let suggestion = Some("as_printed".to_owned());
    assert_eq!(wrong("indicator;unit;period;value;as_print"), [(ProblemCode::UnknownColumn, Some(5), suggestion)]);
    assert_eq!(wrong("indicator;unit;period;value;unit"), [(ProblemCode::AmbiguousColumn, Some(5), None)]);
    assert_eq!(wrong("indicator;unit;value"), [(ProblemCode::MissingColumn, None, None)]);
    assert_eq!(wrong("indicator|unit|period|value")[0].0, ProblemCode::UnknownColumn);
    assert_eq!(wrong("indicator;unit;period;value;đơn vị tính"), [(ProblemCode::UnknownColumn, Some(5), None)]);
}

#[test]
fn a_file_without_figures_says_so() {
    for text in ["indicator,unit,period,value\n", "indicator,unit,period,value\n,,,\n\n", "\n\n", " , \n"] {
        let read = read(text);
        assert_eq!((read.problems.count, read.problems.first[0].code), (1, ProblemCode::NothingFound), "{text:?}");
    }
}

#[test]
fn indicators_are_found_by_code_or_name() {
    for name in ["flow.dossiers", "Hồ sơ tiếp nhận", "HO SO TIEP NHAN", "Bí danh"] {
        assert_eq!(one(FOUR, &format!("{name};04;2024;7")).series.indicator, IndicatorId(2), "{name}");
    }
    let problem = wrong(FOUR, "flow.dosiers;04;2024;7");
    assert_eq!((problem.code, problem.suggestion.as_deref()), (ProblemCode::UnknownIndicator, Some("flow.dossiers")));
    assert_eq!(wrong(FOUR, ";04;2024;7").code, ProblemCode::BadCell);
}

#[test]
fn units_are_those_of_the_reference_day() {
    for name in ["04", "04@", "Võ Nhai", "huyện võ nhai", "VO NHAI"] {
        assert_eq!(one(FOUR, &format!("stock.people;{name};2024;7")).series.unit, UnitId(4), "{name}");
    }
    let problem = wrong(FOUR, "stock.people;Sông Cầu;2024;7");
    assert_eq!(problem.code, ProblemCode::AmbiguousUnit);
    assert_eq!(problem.suggestion.as_deref(), Some("01 (Sông Cầu, district), 02 (Sông Cầu, commune)"));
    assert_eq!(one(FOUR, "stock.people;Huyện Sông Cầu;2024;7").series.unit, UnitId(1));
    assert_eq!(wrong(FOUR, "stock.people;Võ Nha;2024;7").suggestion.as_deref(), Some("Võ Nhai"));
    assert_eq!(one(FOUR, "stock.people;Phú Bình;2024;7").series.unit, UnitId(3));
    let later = LongOptions { reference_day: day("2025-07-01"), ..options() };
    for name in ["Phú Bình", "03"] {
        let read = try_read(&format!("{FOUR}\nstock.people;{name};2024;7\n"), later.clone()).expect("readable");
        assert_eq!(read.problems.first[0].code, ProblemCode::UnknownUnit, "{name}");
    }
}

#[test]
fn names_mean_what_the_catalogue_says() {
    let catalogue = catalogue();
    let on = day("2024-09-20");
    let mut lookup = Lookup::new(&catalogue, on);
    for unit in &catalogue.units {
        for name in std::iter::once(&unit.name.vi).chain(&unit.aliases) {
            let named: Vec<UnitId> = catalogue.units_named(name, on).iter().map(|u| u.id).collect();
            match named.as_slice() {
                [only] => assert_eq!(lookup.unit(name), Ok(*only)),
                _ => assert_eq!(lookup.unit(name).expect_err(name).code, ProblemCode::AmbiguousUnit),
            }
        }
    }
}

#[test]
fn defaults_stand_in_for_blank_cells_and_missing_columns() {
    let known = LongOptions { default_unit: Some(UnitId(1)), default_period: "2023".parse().ok(), ..options() };
    for text in ["indicator,value\nstock.people,7\n", "indicator,unit,period,value\nstock.people,,,7\n"] {
        let read = try_read(text, known.clone()).expect("readable");
        assert_eq!((read.figures[0].series.unit, read.figures[0].period.to_string().as_str()), (UnitId(1), "2023"));
    }
    let own = try_read("indicator,unit,period,value\nstock.people,04,2024,7\n", known).expect("readable");
    assert_eq!((own.figures[0].series.unit, own.figures[0].period.to_string().as_str()), (UnitId(4), "2024"));
    assert_eq!(wrong(FOUR, "stock.people;;2024;7").code, ProblemCode::BadCell);
    assert_eq!(wrong(FOUR, "stock.people;04;;7").code, ProblemCode::BadCell);
}

#[test]
fn codes_and_dates_are_checked() {
    let columns = format!("{FOUR};breakdown;accumulation;status;as_of;coverage;footnote;preferred");
    for (cells, code) in [
        ("\"level=x\";;;;;;", ProblemCode::UnknownCode),
        ("\"age=1\";;;;;;", ProblemCode::UnknownCode),
        ("level;;;;;;", ProblemCode::UnknownCode),
        (";SOMETIMES;;;;;", ProblemCode::UnknownCode),
        (";;Z;;;;", ProblemCode::UnknownCode),
        (";;;31/02/2024;;;", ProblemCode::BadPeriod),
        (";;;;2024-09-03/2024-01-01;;", ProblemCode::BadPeriod),
        (";;;;;x;", ProblemCode::BadCell),
        (";;;;;;maybe", ProblemCode::BadCell),
        (";;;;;;;beyond", ProblemCode::BadCell),
    ] {
        assert_eq!(wrong(&columns, &format!("stock.people;04;2024;7;{cells}")).code, code, "{cells}");
    }
    assert_eq!(wrong(FOUR, "stock.people;04;cùng kỳ;7").code, ProblemCode::BadPeriod);
    let all = read(&format!("{FOUR}\nstock.people;y;z;w\n"));
    assert_eq!(all.problems.count, 3, "every mistake of a row is told");
    let problem = &all.problems.first[2];
    assert_eq!((problem.row, problem.column.clone(), problem.raw.as_str()), (2, Some((4, "value".to_owned())), "w"));
}

#[test]
fn the_kind_tells_the_accumulation() {
    for (indicator, period, accumulation) in [
        ("stock.people", "2024", Accumulation::AsOf),
        ("flow.dossiers", "9 tháng năm 2024", Accumulation::YearToDate),
        ("flow.dossiers", "01/01/2024-03/09/2024", Accumulation::YearToDate),
        ("flow.dossiers", "2024", Accumulation::InPeriod),
        ("flow.dossiers", "Quý III/2024", Accumulation::InPeriod),
        ("flow.dossiers", "2021-2025", Accumulation::InPeriod),
        ("ratio.online", "9 tháng năm 2024", Accumulation::InPeriod),
    ] {
        let figure = one(FOUR, &format!("{indicator};04;{period};7"));
        assert_eq!(figure.series.accumulation, accumulation, "{indicator} {period}");
    }
}

#[test]
fn figures_are_read_as_printed() {
    use NumberStyle::{International as En, Vietnamese as Vi};
    for (indicator, cell, style, value, qualifier) in [
        ("ratio.online", "gần 25%", Vi, "25", Qualifier::JustBelow),
        ("ratio.online", "93,78 %", Vi, "93.78", Qualifier::Exact),
        ("ratio.online", "06%", Vi, "6", Qualifier::Exact),
        ("stock.people", "46.821", Vi, "46821", Qualifier::Exact),
        ("stock.people", "46.821", En, "46.821", Qualifier::Exact),
        ("stock.people", "3,709", En, "3709", Qualifier::Exact),
        ("stock.people", "3,709", Vi, "3.709", Qualifier::Exact),
        ("stock.people", "-6", Vi, "-6", Qualifier::Exact),
        ("stock.people", "−1.286,79", Vi, "-1286.79", Qualifier::Exact),
        ("stock.people", "hơn 5,9 triệu", Vi, "5.9e6", Qualifier::AtLeast),
        ("stock.people", "5.9e6", Vi, "5.9e6", Qualifier::Exact),
        ("stock.people", "1.022 thuê bao³", Vi, "1022", Qualifier::Exact),
        ("stock.people", "1022⁴", Vi, "1022", Qualifier::Exact),
        ("stock.people", "114 thuê bao/100 dân", Vi, "114", Qualifier::Exact),
        ("stock.people", "07 doanh nghiệp", Vi, "7", Qualifier::Exact),
        ("stock.people", "hàng trăm tin", Vi, "1e2", Qualifier::OrderOfMagnitude),
        ("flow.revenue", "khoảng 530,3 nghìn tỷ đồng", Vi, "530.3e3", Qualifier::Approximate),
        ("flow.revenue", "530,3", Vi, "530.3", Qualifier::Exact),
        ("stock.people", "5,9\u{a0}triệu", Vi, "5.9e6", Qualifier::Exact),
        ("stock.people", "5,9 million", Vi, "5.9e6", Qualifier::Exact),
        ("flow.revenue", "over 23.2 billion", En, "23.2", Qualifier::AtLeast),
        ("change.revenue", "giảm 06%", Vi, "-6", Qualifier::Exact),
        ("rank.index", "thứ 07/63", Vi, "7", Qualifier::Exact),
    ] {
        let figure = value_of(indicator, cell, style).expect(cell);
        assert_eq!((figure.value, figure.qualifier), (value.parse().ok(), qualifier), "{cell}");
        assert_eq!(figure.as_printed, cell);
    }
    assert_eq!(value_of("rank.index", "07/63", Vi).expect("rank").field_size, Some(63));
}

#[test]
fn what_is_no_figure_is_refused() {
    use NumberStyle::Vietnamese;
    for (indicator, cell, code) in [
        ("stock.people", "25%", ProblemCode::BadCell),
        ("ratio.online", "820/898", ProblemCode::NotANumber),
        ("stock.people", "07/63", ProblemCode::NotANumber),
        ("stock.people", "93.089/99.256 = 93,78%", ProblemCode::NotANumber),
        ("rank.index", "7/63 và 8/63", ProblemCode::NotANumber),
        ("stock.people", "3G", ProblemCode::NotANumber),
        ("stock.people", "5,9 tr", ProblemCode::NotANumber),
        ("stock.people", "5,9 trieu nguoi", ProblemCode::NotANumber),
        ("stock.people", "24/7", ProblemCode::NotANumber),
        ("stock.people", "126/QĐ-UBND ngày 3", ProblemCode::NotANumber),
        ("stock.people", "Chợ 4.0", ProblemCode::NotANumber),
        ("stock.people", "01-02 số", ProblemCode::NotANumber),
        ("stock.people", "1 234", ProblemCode::NotANumber),
        ("stock.people", "Đang triển khai", ProblemCode::NotANumber),
        ("stock.people", "1.23.456", ProblemCode::NotANumber),
        ("stock.people", "99999999999999999999", ProblemCode::NotANumber),
        ("stock.people", "1,234.5", ProblemCode::MixedNumberStyle),
        ("stock.people", "0.123", ProblemCode::MixedNumberStyle),
        ("stock.people", "-", ProblemCode::BadCell),
        ("stock.people", "", ProblemCode::BadCell),
    ] {
        assert_eq!(value_of(indicator, cell, Vietnamese).expect_err(cell).code, code, "{cell}");
    }
    let fraction = value_of("ratio.online", "820/898", Vietnamese).expect_err("fraction");
    assert!(fraction.suggestion.is_some_and(|s| s.contains("numerator")));
    let mixed = value_of("stock.people", "12,5", NumberStyle::International).expect_err("mixed");
    assert_eq!(mixed.code, ProblemCode::MixedNumberStyle);
}

#[test]
fn the_file_tells_its_style() {
    let of = |values: &[&str]| {
        let rows: String = values.iter().map(|value| format!("stock.people;04;2024;{value}\n")).collect();
        try_read(&format!("{FOUR}\n{rows}"), options())
    };
    let values = |read: Result<Read, CellProblem>| {
        let read = read.expect("readable");
        let codes: Vec<ProblemCode> = read.problems.first.iter().map(|p| p.code).collect();
        let values: Vec<String> = read.figures.iter().filter_map(|f| Some(f.value?.to_string())).collect();
        (values.join(" "), codes, read.summary.warnings.count)
    };
    let owned = |text: &str| text.to_owned();
    let ambiguous = ProblemCode::AmbiguousNumber;
    assert_eq!(values(of(&["3.709", "7"])), (owned("3709 7"), vec![], 0));
    assert_eq!(values(of(&["1,234", "7"])), (owned("7"), vec![ambiguous], 0));
    assert_eq!(values(of(&["1,234", "12,5"])), (owned("1.234 12.5"), vec![], 0));
    assert_eq!(values(of(&["1,234", "46.821", "1,234.5"])), (owned("1234 46.821 1234.5"), vec![], 0));
    assert_eq!(values(of(&["7.5", "46.821", "1,234"])), (owned("7.5"), vec![ambiguous, ambiguous], 0));
    assert_eq!(values(of(&["7.5", "3.709", "12,5"])), (owned("7.5 3709 12.5"), vec![], 1));
    let both = of(&["1,234.5", "12,5"]).expect_err("two styles");
    assert_eq!(both.code, ProblemCode::MixedNumberStyle);
    let warning = &of(&["7.5", "12,5"]).expect("readable").summary.warnings.first[0];
    assert_eq!((warning.row, warning.is_warning, warning.suggestion.as_deref()), (2, true, Some("7,5")));
    let stated = LongOptions { number_style: Some(NumberStyle::International), ..options() };
    let read = try_read(&format!("{FOUR}\nstock.people;04;2024;1,234\n"), stated).expect("readable");
    assert_eq!(read.figures[0].value, "1234".parse().ok());
}

#[test]
fn no_value_has_a_status_and_a_status_no_value() {
    let headings = format!("{FOUR};status");
    for blank in ["", "-", "–", "—", "…", "...", "x"] {
        for status in ["M", "O", "q"] {
            let figure = one(&headings, &format!("stock.people;04;2024;{blank};{status}"));
            assert_eq!(figure.value, None, "{blank} {status}");
        }
        let problem = wrong(&headings, &format!("stock.people;04;2024;{blank};P"));
        assert!(problem.message.contains("is not 0"), "{problem:?}");
    }
    assert_eq!(wrong(&headings, "stock.people;04;2024;0;M").code, ProblemCode::BadCell);
    assert_eq!(one(&headings, "stock.people;04;2024;0;P").status, Status::Provisional);
}

#[test]
fn columns_must_agree_with_what_is_printed() {
    let headings = "indicator;unit;period;value;qualifier;field_size;as_printed;base_period";
    assert_eq!(wrong(headings, "ratio.online;04;2024;gần 25%;AT_LEAST;;;").code, ProblemCode::BadCell);
    assert_eq!(one(headings, "ratio.online;04;2024;gần 25%;JUST_BELOW;;;").qualifier, Qualifier::JustBelow);
    assert_eq!(wrong(headings, "rank.index;04;2024;7/63;;61;;").code, ProblemCode::BadCell);
    assert_eq!(wrong(headings, "ratio.online;04;2024;25;;;gần 26%;").code, ProblemCode::BadCell);
    assert_eq!(one(headings, "ratio.online;04;2024;25;;;gần 25%;").as_printed, "gần 25%");
    one(headings, "flow.revenue;04;2024;530.3e3;;;530,3 nghìn tỷ đồng;");
    assert_eq!(wrong(headings, "stock.people;04;2024;25;;;25 nghìn;").code, ProblemCode::BadCell);
    assert_eq!(wrong(headings, "stock.people;04;2024;25;;;giảm 25;").code, ProblemCode::BadCell);
    one(headings, "ratio.online;04;2024;25;;;(một phần tư);");
    assert_eq!(wrong(headings, "change.revenue;04;2024;25;;;;").code, ProblemCode::BadCell);
    assert_eq!(wrong(headings, "ratio.online;04;2024;25;;;;2023").code, ProblemCode::BadCell);
    let change = one(headings, "change.revenue;04;2024;25;;;;năm 2023");
    assert_eq!(change.base_period, "2023".parse().ok());
}

#[test]
fn typed_cells_of_a_worksheet() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (text, column) in ["indicator", "unit", "period", "value", "as_of"].into_iter().zip(0..) {
        sheet.write(0, column, text).expect("cell");
    }
    let date = ExcelDateTime::from_ymd(2024, 8, 1).expect("date");
    let as_date = Format::new().set_num_format("dd/mm/yyyy");
    for row in 1..=3 {
        sheet.write(row, 0, "ratio.online").expect("cell");
        sheet.write(row, 1, "04").expect("cell");
        sheet.write(row, 2, 2024).expect("cell");
        sheet.write_with_format(row, 4, &date, &as_date).expect("cell");
    }
    sheet.write_with_format(1, 3, 0.99700000000001, &Format::new().set_num_format("0.00%")).expect("cell");
    sheet.write(2, 3, Formula::new("1+1").set_result("2")).expect("cell");
    sheet.write_with_format(3, 3, &date, &as_date).expect("cell");
    sheet.write_with_format(3, 2, &date, &as_date).expect("cell");
    let (_file, book) = book(&workbook.save_to_buffer().expect("saved"));
    let (mut figures, mut problems) = (Vec::new(), Problems100::default());
    let mut sink = |figure| {
        figures.push(figure);
        ControlFlow::Continue(())
    };
    read_file(&book, None, &catalogue(), options(), &mut sink, &mut problems).expect("readable");
    assert_eq!(figures.len(), 1);
    assert_eq!((figures[0].value, figures[0].as_of), ("99.700000000001".parse().ok(), Some(day("2024-08-01"))));
    let codes: Vec<(u64, ProblemCode)> = problems.first.iter().map(|p| (p.row, p.code)).collect();
    assert_eq!(codes, [(3, ProblemCode::Formula), (4, ProblemCode::NotANumber)]);
    assert_eq!(problems.first[0].sheet.as_deref(), Some("Sheet1"));
    // A period typed as a date is told.
    let known = catalogue();
    let mut reader = LongReader::new(options(), &known);
    let cell = |text: &str, kind| Cell { text: text.to_owned(), kind };
    let line = |cells: Vec<Cell>| GridLine { number: 1, cells };
    reader.header(&line(FOUR.split(';').map(Cell::text).collect())).expect("header");
    let row = vec![
        Cell::text("stock.people"),
        Cell::text("04"),
        cell("2024-08-01", CellKind::Date),
        cell("46.821", CellKind::Number),
    ];
    let figure = reader.line(&line(row)).expect("read").expect("a figure");
    assert_eq!(figure.value, "46.821".parse().ok(), "a typed number needs no style");
    assert!(reader.warnings.first[0].suggestion.as_deref().is_some_and(|s| s.starts_with("2024-08,")));
}

#[test]
fn problems_are_bounded_and_counted() {
    let read = read(&format!("{FOUR}\n{}", "x;04;2024;7\n".repeat(500)));
    assert_eq!((read.problems.first.len(), read.problems.count, read.summary.rows), (100, 500, 500));
}

#[test]
fn the_sink_can_end_the_reading() {
    let (_file, book) = book(format!("{FOUR}\n{}", "stock.people;04;2024;7\n".repeat(50)).as_bytes());
    let mut problems = Problems100::default();
    let mut sink = |_| ControlFlow::Break(());
    let summary = read_file(&book, None, &catalogue(), options(), &mut sink, &mut problems).expect("readable");
    assert_eq!((summary.figures, summary.rows), (1, 1));
}

/// The files of figures of every data set that is shipped read as the data set reads them.
#[test]
fn shipped_figures_are_read_alike() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut compared = 0;
    for set in std::fs::read_dir(root).expect("data").flatten().filter(|entry| entry.path().is_dir()) {
        let dataset = crate::ingest::dataset::read(&set.path()).expect("a data set");
        for report in &dataset.catalogue.reports {
            let own: Vec<&Observation> =
                dataset.observations.iter().filter(|o| o.document == report.document).collect();
            let known = LongOptions {
                reference_day: dataset.catalogue.written_on(report.document).expect("a date"),
                number_style: Some(NumberStyle::International),
                default_unit: Some(report.unit),
                default_period: Some(report.period),
            };
            for folder in std::fs::read_dir(set.path()).expect("folders").flatten() {
                for file in std::fs::read_dir(folder.path().join("figures")).into_iter().flatten().flatten() {
                    let book = Book::open(&file.path(), FileLimits::default()).expect("opens");
                    let mut problems = Problems100::default();
                    let mut sink = |figure: Observation| {
                        let same = |other: &&&Observation| {
                            (&other.series, other.period, other.value, other.status, other.qualifier)
                                == (&figure.series, figure.period, figure.value, figure.status, figure.qualifier)
                                && other.as_printed == figure.as_printed
                                && other.locator == figure.locator
                        };
                        compared += usize::from(own.iter().find(same).is_some());
                        ControlFlow::Continue(())
                    };
                    read_file(&book, None, &dataset.catalogue, known.clone(), &mut sink, &mut problems)
                        .expect("readable");
                    assert_eq!(problems.first, [], "{}", file.path().display());
                }
            }
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
#[ignore = "measures; run with --release"]
fn rows_a_second() {
    let mut text = String::from("indicator,unit,breakdown,period,value,as_printed,section\n");
    for i in 0..1_000_000u32 {
        let period = 2000 + i % 25;
        text.push_str(&format!("flow.dossiers,04,\"level=district;channel=online\",{period},{i},{i} hồ sơ,II.1\n"));
    }
    let (_file, book) = book(text.as_bytes());
    let catalogue = catalogue();
    let mut problems = Problems100::default();
    let mut count = 0u64;
    let mut sink = |_| {
        count += 1;
        ControlFlow::Continue(())
    };
    let start = std::time::Instant::now();
    read_file(&book, None, &catalogue, options(), &mut sink, &mut problems).expect("readable");
    let whole = start.elapsed();
    let start = std::time::Instant::now();
    book.for_each_line(None, &mut |_| ControlFlow::Continue(())).expect("readable");
    let lines = start.elapsed();
    let rate = |time: std::time::Duration| count as f64 / time.as_secs_f64();
    let told = format!("{count} rows: file {:.0}/s, lines alone {:.0}/s", rate(whole), rate(lines));
    std::io::stderr().write_all(told.as_bytes()).expect("told");
    assert_eq!(problems.count, 0);
}
