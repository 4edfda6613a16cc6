//! Imports over HTTP: texts, tables, templates, jobs, and files that mean no good.

use std::{fmt::Write as _, io::Write as _};

use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};
use solieu::domain::account::Role;

use crate::support::{Person, TestApp, fine, long_file, number, value, with};

const REPORT: &str = "3872-BC/BCSD";

/// What a small report of the province needs beside its figures.
fn report(code: &str) -> Value {
    json!({ "code": code, "title": "Thử", "period": "2024", "unit": "19", "issuedOn": "2025-01-10" })
}

fn inline(code: &str, text: &str) -> Value {
    json!({ "report": report(code), "source": { "text": text } })
}

fn upload(code: &str, id: &str) -> Value {
    json!({ "report": report(code), "source": { "upload": id } })
}

/// Every figure of the appendices II and III of a document, as somebody sees it.
async fn appendix_figures(app: &TestApp, document: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let data = app
            .data(&format!(
                r#"{{ observations(first: 200, sort: PLACE_ASC {after}, filter: {{ documents: ["{document}"] }}) {{
                     pageInfo {{ hasNextPage endCursor }}
                     nodes {{ indicator {{ code }} unit {{ code }} breakdown {{ key }} accumulation period {{ code }}
                       coverage {{ start end }} asOf value status qualifier asPrinted locator {{ table row column }} }} }} }}"#
            ))
            .await;
        let page = &data["observations"];
        let of_table = |node: &&Value| matches!(node["locator"]["table"].as_str(), Some("II" | "III"));
        found.extend(page["nodes"].as_array().expect("nodes").iter().filter(of_table).map(Value::to_string));
        if page["pageInfo"]["hasNextPage"] != true {
            found.sort();
            return found;
        }
        after = format!("after: {}", page["pageInfo"]["endCursor"]);
    }
}

/// The appendices II and III of the shipped report, written as such reports write them; with an invented body.
async fn shipped_appendices(app: &TestApp) -> String {
    let data = app
        .data(&format!(
            r#"{{ document(code: "{REPORT}") {{ appendices {{ code columns {{ number group label }}
                 rows(first: 100) {{ number label cells {{ text }} }} }} }} }}"#
        ))
        .await;
    let mut text = "Số 3872-BC/BCSD\n\nNơi ấy, ngày 20 tháng 9 năm 2024\n\nBÁO CÁO\n\nViệc thử, 9 tháng đầu năm 2024\n\n\
        Kính gửi: - Ai đó.\n\nI. VIỆC CHUNG\n\n1. Việc một\n\nĐã làm.\n\na) Nửa đầu\n\nTừ ngày 01/01/2024 đến ngày 03/9/2024 \
        (chi tiết tại Phụ lục II, Phụ lục III kèm theo).\n\nII. VIỆC SAU\n\nSẽ làm.\n\nNơi nhận:\n- Như trên.\n"
        .to_owned();
    for table in data["document"]["appendices"].as_array().expect("tables") {
        let code = table["code"].as_str().expect("a code");
        if code == "I" {
            continue;
        }
        let columns = table["columns"].as_array().expect("columns");
        let (mut above, mut below) = ("STT\tTên đơn vị".to_owned(), "\t".to_owned());
        for (i, column) in columns.iter().enumerate() {
            let label = column["label"].as_str().expect("a label");
            match column["group"].as_str() {
                Some(_) if i > 0 && columns[i - 1]["group"] == column["group"] => above.push('\t'),
                Some(group) => write!(above, "\t{group}").expect("text"),
                None => write!(above, "\t{label}").expect("text"),
            }
            write!(below, "\t{}", if column["group"].is_null() { "" } else { label }).expect("text");
        }
        write!(text, "\nPHỤ LỤC {code}\n\nTỔNG HỢP\n\n(Kèm theo Báo cáo số 3872-BC/BCSD ngày 10/9/2024)\n\n{above}\n")
            .expect("text");
        if !below.trim().is_empty() {
            writeln!(text, "{below}").expect("text");
        }
        for row in table["rows"].as_array().expect("rows") {
            let number = row["number"].as_str().filter(|n| *n != "total").unwrap_or_default();
            write!(text, "{number}\t{}", row["label"].as_str().expect("a label")).expect("text");
            for cell in row["cells"].as_array().expect("cells") {
                write!(text, "\t{}", cell["text"].as_str().expect("text")).expect("text");
            }
            text.push('\n');
        }
    }
    text
}

/// Brings a text into an empty instance, publishes it by three people, and compares the appendices.
async fn text_into_an_empty_instance(text: &str, sections: &[&str]) {
    let (empty, shipped) = (TestApp::start_empty().await, TestApp::start().await);
    let desk = empty.desk().await;
    let before = empty.data("{ observations { totalCount } reports { totalCount } }").await;
    assert_eq!((&before["observations"]["totalCount"], &before["reports"]["totalCount"]), (&json!(0), &json!(0)));

    let input = json!({ "report": {}, "source": { "text": text } });
    let preview = desk.editor.look(input.clone()).await;
    assert_eq!(preview["format"], "TEXT");
    assert_eq!((&preview["reportCode"], &preview["period"]["code"]), (&json!(REPORT), &json!("2024-01-01/P9M")));
    let code = desk.import(input).await;
    desk.publish(&code).await;

    let (found, wanted) = (appendix_figures(&empty, REPORT).await, appendix_figures(&shipped, REPORT).await);
    assert_eq!(wanted.len(), 28 * 4 + 4 + 12 * 11);
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found, wanted);
    }
    assert_eq!(found.len(), wanted.len());
    let data = empty.data(&format!(r#"{{ document(code: "{REPORT}") {{ sections(first: 200) {{ code }} }} }}"#)).await;
    let codes: Vec<&str> =
        data["document"]["sections"].as_array().expect("sections").iter().filter_map(|s| s["code"].as_str()).collect();
    match sections {
        [] => {
            let query = format!(r#"{{ document(code: "{REPORT}") {{ sections(first: 200) {{ code }} }} }}"#);
            assert_eq!(data, shipped.data(&query).await);
        }
        sections => assert_eq!(codes, sections),
    }
}

#[tokio::test]
async fn the_text_of_a_report_becomes_the_shipped_figures() {
    let text = shipped_appendices(&TestApp::start().await).await;
    text_into_an_empty_instance(&text, &["head", "I", "I.1", "I.1.a", "II"]).await;
}

/// Reads the real report where the environment says that it lies; elsewhere there is nothing to read.
#[tokio::test]
async fn the_real_report_becomes_the_shipped_figures() {
    let Some(folder) = std::env::var_os("SOLIEU_SOURCES") else { return };
    let file = std::path::Path::new(&folder).join("report-3872-2024.txt");
    let text = std::fs::read_to_string(file).expect("the report");
    text_into_an_empty_instance(&text, &[]).await;
}

/// Values of a published document by unit, indicator and breakdown.
async fn values(app: &TestApp, document: &str) -> Vec<String> {
    let data = app
        .data(&format!(
            r#"{{ observations(first: 200, filter: {{ documents: ["{document}"] }}) {{
                 nodes {{ unit {{ code }} indicator {{ code }} breakdown {{ key }} value status }} }} }}"#
        ))
        .await;
    let line = |n: &Value| {
        let breakdown = n["breakdown"]["key"].as_str().unwrap_or_default();
        let code = |field: &str| n[field]["code"].as_str().expect("a code").to_owned();
        let value = n["value"].as_str().or(n["status"].as_str()).expect("value or status");
        format!("{} {}[{breakdown}] {value}", code("unit"), code("indicator"))
    };
    let mut found: Vec<String> = data["observations"]["nodes"].as_array().expect("nodes").iter().map(line).collect();
    found.sort();
    found
}

const WIDE: &str = "STT;Tên đơn vị;Tỷ lệ xử lý trực tuyến;Hồ sơ DVC toàn trình xử lý trực tiếp;Tổng hồ sơ DVC toàn trình;Hồ sơ DVC toàn trình xử lý trực tuyến\n\
    1;Sở Y tế;75;250;1.000;750\n2;Sở Tư pháp;99,5;1;200;199\n;Tổng;79,08;251;1.200;949\n";

#[tokio::test]
async fn a_wide_table_as_text_with_columns_in_any_order() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let code = desk.import(inline("1/W", WIDE)).await;
    desk.publish(&code).await;
    let rate = "services.full-online-rate[]";
    let dossiers = "services.full-online-dossiers";
    let mut wanted = Vec::new();
    for (unit, values) in [
        ("TN-SYT", ["75", "250", "1000", "750"]),
        ("TN-STP", ["99.5", "1", "200", "199"]),
        ("19", ["79.08", "251", "1200", "949"]),
    ] {
        let names = [
            rate.to_owned(),
            format!("{dossiers}[channel=direct]"),
            format!("{dossiers}[]"),
            format!("{dossiers}[channel=online]"),
        ];
        wanted.extend(names.iter().zip(values).map(|(name, value)| format!("{unit} {name} {value}")));
    }
    wanted.sort();
    assert_eq!(values(&app, "1/W").await, wanted);
}

/// A workbook with a title, two lines of merged headings, shuffled columns and a line of totals.
fn wide_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    let merge = |sheet: &mut rust_xlsxwriter::Worksheet, place: (u32, u16, u32, u16), text: &str| {
        sheet.merge_range(place.0, place.1, place.2, place.3, text, &plain).expect("merged");
    };
    merge(sheet, (0, 0, 0, 8), "BIỂU TỔNG HỢP NĂM 2024");
    merge(sheet, (2, 0, 3, 0), "STT");
    merge(sheet, (2, 1, 3, 1), "Đơn vị");
    merge(sheet, (2, 2, 2, 5), "Số hồ sơ đã giải quyết");
    merge(sheet, (2, 6, 2, 7), "Số hồ sơ tiếp nhận");
    for (column, label) in (2..).zip(["Quá hạn", "Tổng số", "Đúng hạn", "Trước hạn", "Trực tuyến", "Tổng số"])
    {
        sheet.write_string(3, column, label).expect("written");
    }
    let rows: [(&str, &str, [f64; 6]); 3] = [
        ("1", "Thành phố Thái Nguyên", [3., 100., 57., 40., 60., 110.]),
        ("2", "Huyện Đại Từ", [0., 50., 20., 30., 12., 51.]),
        ("", "Tổng số", [3., 150., 77., 70., 72., 161.]),
    ];
    for (row, (number, name, values)) in (4..).zip(rows) {
        sheet.write_string(row, 0, number).expect("written");
        sheet.write_string(row, 1, name).expect("written");
        for (column, value) in (2..).zip(values) {
            sheet.write_number(row, column, value).expect("written");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn a_workbook_with_merged_headings_and_totals() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let id = desk.editor.upload("bieu.xlsx", wide_workbook()).await;
    let code = desk.import(upload("2/W", &id)).await;
    desk.publish(&code).await;
    let mut wanted = Vec::new();
    for (unit, values) in
        [("164", [3, 100, 57, 40, 60, 110]), ("171", [0, 50, 20, 30, 12, 51]), ("19", [3, 150, 77, 70, 72, 161])]
    {
        let names = [
            "dossiers.resolved[timeliness=overdue]",
            "dossiers.resolved[]",
            "dossiers.resolved[timeliness=on-time]",
            "dossiers.resolved[timeliness=early]",
            "dossiers.received[intake=online]",
            "dossiers.received[]",
        ];
        wanted.extend(names.iter().zip(values).map(|(name, value)| format!("{unit} {name} {value}")));
    }
    wanted.sort();
    assert_eq!(values(&app, "2/W").await, wanted);
}

#[tokio::test]
async fn a_heading_that_was_explained_once_is_known_the_next_time() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let text = "STT;Tên đơn vị;Giấy tờ nhận ở quầy số chín\n1;Sở Y tế;12\n2;Sở Tư pháp;13\n";
    let preview = desk.editor.look(inline("1/H", text)).await;
    let problem = &preview["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["row"], &problem["column"], &problem["heading"]),
        (&json!("UNKNOWN_COLUMN"), &json!(1), &json!(3), &json!("Giấy tờ nhận ở quầy số chín")),
        "{preview:#}"
    );
    let column = json!([{ "label": "Giấy tờ nhận ở quầy số chín", "quantity": "dossiers.received", "accumulation": "IN_PERIOD" }]);
    let explained = with(inline("1/H", text), "columns", column);
    desk.import(explained).await;

    let next = "STT;Tên đơn vị;Giấy tờ nhận ở quầy số chín\n1;Sở Y tế;22\n2;Sở Tư pháp;23\n";
    let code = desk.import(inline("2/H", next)).await;
    desk.publish(&code).await;
    assert_eq!(values(&app, "2/H").await, ["TN-STP dossiers.received[] 23", "TN-SYT dossiers.received[] 22"]);
}

const LONG: &str = "indicator,unit,period,value,status\n\
    dossiers.received,164,2024,1234,\ndossiers.received,165,2024,0,\ndossiers.received,167,2024,,O\n";

#[tokio::test]
async fn the_long_form_as_text_and_as_a_workbook() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let wanted = ["164 dossiers.received[] 1234", "165 dossiers.received[] 0", "167 dossiers.received[] MISSING"];
    let code = desk.import(inline("1/L", LONG)).await;
    desk.publish(&code).await;
    assert_eq!(values(&app, "1/L").await, wanted);

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(LONG.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            match cell.parse::<f64>() {
                Ok(number) if column == 3 => sheet.write_number(row, column, number).expect("written"),
                _ => sheet.write_string(row, column, cell).expect("written"),
            };
        }
    }
    let id = desk.editor.upload("dai.xlsx", book.save_to_buffer().expect("a workbook")).await;
    let code = desk.import(upload("2/L", &id)).await;
    desk.publish(&code).await;
    assert_eq!(values(&app, "2/L").await, wanted);
}

/// A file of the service itself.
async fn download(app: &TestApp, path: &str) -> Vec<u8> {
    let answer = app.client.get(format!("{}{path}", app.address)).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.bytes().await.expect("bytes").to_vec()
}

#[tokio::test]
async fn what_is_written_into_a_template_can_be_imported() {
    use calamine::Reader;
    let app = TestApp::start().await;
    let desk = app.desk().await;

    let csv = String::from_utf8(download(&app, "/templates/long.csv").await).expect("UTF-8");
    let headings: Vec<&str> = csv.trim_start_matches('\u{feff}').trim_end().split(',').collect();
    let place = |name: &str| headings.iter().position(|h| *h == name).expect("a heading");
    let mut cells = vec![""; headings.len()];
    for (name, cell) in [("indicator", "dossiers.received"), ("unit", "164"), ("period", "2024"), ("value", "7")] {
        cells[place(name)] = cell;
    }
    let filled = format!("{csv}{}\r\n", cells.join(","));
    let id = desk.editor.upload("mau.csv", filled.into_bytes()).await;
    assert_eq!(desk.editor.look(upload("1/T", &id)).await["figureCount"], 1);
    desk.import(upload("1/T", &id)).await;

    let bytes = download(&app, "/templates/long.xlsx").await;
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(&bytes)).expect("a workbook");
    let first = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&first).expect("a sheet");
    let written: Vec<String> = range.rows().next().expect("headings").iter().map(ToString::to_string).collect();
    assert_eq!(written, headings);
    let mut filled = Workbook::new();
    let sheet = filled.add_worksheet();
    for (column, (heading, cell)) in (0..).zip(written.iter().zip(&cells)) {
        sheet.write_string(0, column, heading).expect("written");
        sheet.write_string(1, column, *cell).expect("written");
    }
    let id = desk.editor.upload("mau.xlsx", filled.save_to_buffer().expect("a workbook")).await;
    assert_eq!(desk.editor.look(upload("2/T", &id)).await["problemCount"], 0);
    let empty = desk.editor.upload("trong.xlsx", bytes).await;
    assert_eq!(desk.editor.look(upload("3/T", &empty)).await["problems"][0]["code"], "NOTHING_FOUND");
}

#[tokio::test]
async fn a_preview_stores_nothing() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let id = desk.editor.upload("bieu.xlsx", wide_workbook()).await;
    let text = shipped_appendices(&app).await;
    let before = app.counts().await;
    for input in [
        inline("1/P", WIDE),
        inline("1/P", LONG),
        upload("1/P", &id),
        json!({ "report": {}, "source": { "text": text } }),
        inline("1/P", "indicator,unit,period,value\nx,y,z,w\n"),
    ] {
        desk.editor.look(input).await;
    }
    assert_eq!(app.counts().await, before);
}

/// The only mistake of a file.
async fn mistake(editor: &Person, input: Value) -> Value {
    let preview = editor.look(input.clone()).await;
    assert_eq!(preview["problemCount"], 1, "{preview:#}");
    let input = with(input, "previewHash", preview["previewHash"].clone());
    let done =
        editor.call("importReport", input, "submission { code } errorCount errors { code row column message }").await;
    assert!(done["submission"].is_null(), "imported with a mistake: {done}");
    let problem = preview["problems"][0].clone();
    assert_eq!(done["errors"][0]["code"], "BAD_CELL");
    assert_eq!((&done["errors"][0]["row"], &done["errors"][0]["column"]), (&problem["row"], &problem["column"]));
    problem
}

#[tokio::test]
async fn mistakes_are_named_with_their_place_and_a_way_out() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let editor = &desk.editor;
    let before = number(&app.state.database, "SELECT COUNT(*) FROM submission_row").await;
    let long = |rows: &str| inline("1/M", &format!("indicator,unit,period,value\n{rows}"));
    // What is written, code, row, column, heading, what stands there, part of the suggestion.
    let cases = [
        (long("dossiers.received,164,2024,-\n"), "BAD_CELL", json!([2, 4, "value", "-"]), ""),
        (long("dossiers.received,164,2024,\n"), "BAD_CELL", json!([2, 4, "value", ""]), ""),
        (long("dossiers.received,164,2024,\"1,234\"\n"), "AMBIGUOUS_NUMBER", json!([2, 4, "value", "1,234"]), "1.234"),
        (
            long("dossiers.received,164,2024,5\ndossiers.received,Sở Y tết,2024,6\n"),
            "UNKNOWN_UNIT",
            json!([3, 2, "unit", "Sở Y tết"]),
            "Sở Y tế",
        ),
        (
            long("dossiers.recieved,164,2024,5\n"),
            "UNKNOWN_INDICATOR",
            json!([2, 1, "indicator", "dossiers.recieved"]),
            "dossiers.received",
        ),
        (
            long("dossiers.received,164,tháng 13/2024,5\n"),
            "BAD_PERIOD",
            json!([2, 3, "period", "tháng 13/2024"]),
            "2024-09",
        ),
        (long("dossiers.received,164,2024,nhiều\n"), "NOT_A_NUMBER", json!([2, 4, "value", "nhiều"]), "status"),
        (
            inline("1/M", "STT;Tên đơn vị;Tổng số hồ sơ tiếp nhận\n1;Sở Y tế;5\n2;Sở Tư phápp;7\n"),
            "UNKNOWN_UNIT",
            json!([3, 2, "Tên đơn vị", "Sở Tư phápp"]),
            "Sở Tư pháp",
        ),
    ];
    for (input, code, place, suggestion) in cases {
        let problem = mistake(editor, input.clone()).await;
        assert_eq!(problem["code"], code, "{input}: {problem}");
        let found = json!([problem["row"], problem["column"], problem["heading"], problem["raw"]]);
        assert_eq!(found, place, "{input}: {problem}");
        let said = problem["suggestion"].as_str().unwrap_or_default();
        assert!(said.contains(suggestion), "{input}: {problem}");
    }
    let both = long("dossiers.received,164,2024,\"1.234,5\"\ndossiers.received,165,2024,\"1,234.5\"\n");
    let mixed = editor.preview(both).await;
    assert!(mixed["preview"].is_null() && mixed["errors"][0]["code"] == "BAD_CELL", "{mixed}");
    let said = mixed["errors"][0]["message"].as_str().expect("a message");
    assert!(said.contains("1.234,5") && said.contains("1,234.5") && said.contains("one style"), "{said}");
    assert_eq!(number(&app.state.database, "SELECT COUNT(*) FROM submission_row").await, before);
}

#[tokio::test]
async fn a_dash_or_blank_in_a_wide_table_is_no_figure() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let text = "STT;Tên đơn vị;Tổng số hồ sơ tiếp nhận;Số hồ sơ tiếp nhận trực tuyến\n1;Sở Y tế;5;-\n2;Sở Tư pháp;;0\n";
    let preview = desk.editor.look(inline("1/D", text)).await;
    assert_eq!(preview["problems"], json!([]), "{preview:#}");
    let code = desk.import(inline("1/D", text)).await;
    desk.publish(&code).await;
    let found = values(&app, "1/D").await;
    let zeros: Vec<_> = found.iter().filter(|line| line.ends_with(" 0")).collect();
    assert_eq!(zeros, ["TN-STP dossiers.received[intake=online] 0"], "{found:?}");
    assert!(found.contains(&"TN-SYT dossiers.received[] 5".to_owned()), "{found:?}");
}

#[tokio::test]
async fn the_result_of_a_formula_is_not_trusted() {
    let app = TestApp::start().await;
    let editor = app.person("editor", &[Role::Editor], &["19"]).await;
    for is_long in [true, false] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let lines: [&[&str]; 2] = match is_long {
            true => [&["indicator", "unit", "period", "value"], &["dossiers.received", "164", "2024"]],
            false => [
                &["STT", "Tên đơn vị", "Tổng số hồ sơ đã giải quyết", "Tổng số hồ sơ tiếp nhận"],
                &["1", "Sở Y tế", "4"],
            ],
        };
        for (row, line) in (0..).zip(lines) {
            for (column, cell) in (0..).zip(line) {
                sheet.write_string(row, column, *cell).expect("written");
            }
        }
        sheet.write_formula(1, 3, rust_xlsxwriter::Formula::new("=2+3").set_result("5")).expect("written");
        let id = editor.upload("f.xlsx", book.save_to_buffer().expect("a workbook")).await;
        let problem = mistake(&editor, upload("1/F", &id)).await;
        assert_eq!((&problem["code"], &problem["row"], &problem["column"]), (&json!("FORMULA"), &json!(2), &json!(4)));
        let advice = format!("{} {}", problem["message"], problem["suggestion"]);
        assert!(advice.contains("write the number") || advice.contains("paste the value"), "{problem}");
    }
}

const RESULT: &str = "isRepeated submission { code version imports { figureCount } } errors { code message path }";

#[tokio::test]
async fn only_what_was_previewed_is_imported() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let preview = desk.editor.look(inline("1/D", LONG)).await;
    let hash = preview["previewHash"].clone();
    let before = app.counts().await;
    let other = LONG.replace("1234", "1235");
    for input in [
        with(inline("1/D", &other), "previewHash", hash.clone()),
        with(inline("2/D", LONG), "previewHash", hash.clone()),
        with(inline("1/D", LONG), "previewHash", "0".repeat(64)),
        with(inline("1/D", LONG), "previewHash", ""),
    ] {
        let done = desk.editor.call("importReport", input, RESULT).await;
        assert_eq!(done["errors"][0]["code"], "PREVIEW_DIFFERS", "{done}");
        assert!(done["submission"].is_null());
    }
    assert_eq!(app.counts().await, before);
    // What another release may have changed has to be looked at again.
    let code = desk.import(inline("9/D", LONG)).await;
    desk.publish(&code).await;
    let done = desk.editor.call("importReport", with(inline("1/D", LONG), "previewHash", hash), RESULT).await;
    assert_eq!(done["errors"][0]["code"], "PREVIEW_DIFFERS", "{done}");
}

#[tokio::test]
async fn a_repetition_is_one_import_and_a_key_belongs_to_one_content() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let hash = desk.editor.look(inline("1/R", LONG)).await["previewHash"].clone();
    let first = with(with(inline("1/R", LONG), "previewHash", hash), "idempotencyKey", "k1");
    let done = fine(desk.editor.call("importReport", first.clone(), RESULT).await);
    assert_eq!(done["isRepeated"], false);
    let before = app.counts().await;
    for input in [first.clone(), with(first, "idempotencyKey", "k2")] {
        let again = fine(desk.editor.call("importReport", input, RESULT).await);
        assert_eq!(again["isRepeated"], true);
        assert_eq!(again["submission"], done["submission"]);
    }
    let other = inline("1/R", &LONG.replace("1234", "1235"));
    let hash = desk.editor.look(other.clone()).await["previewHash"].clone();
    let reused = with(with(other, "previewHash", hash), "idempotencyKey", "k1");
    let refused = desk.editor.call("importReport", reused, RESULT).await;
    assert_eq!(refused["errors"][0]["code"], "KEY_REUSED", "{refused}");
    assert!(refused["submission"].is_null());
    assert_eq!(app.counts().await, before);
}

#[tokio::test]
async fn the_same_import_twice_at_once_is_one() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    for (code, key) in [("1/S", Some("k")), ("2/S", None)] {
        let hash = desk.editor.look(inline(code, LONG)).await["previewHash"].clone();
        let mut input = with(inline(code, LONG), "previewHash", hash);
        if let Some(key) = key {
            input["idempotencyKey"] = key.into();
        }
        let call = || desk.editor.call("importReport", input.clone(), RESULT);
        let (a, b, c) = tokio::join!(call(), call(), call());
        let mut repeated: Vec<bool> = Vec::new();
        for done in [&a, &b, &c] {
            repeated.push(fine(done.clone())["isRepeated"].as_bool().expect("told"));
            assert_eq!(done["submission"]["code"], a["submission"]["code"]);
        }
        repeated.sort_unstable();
        assert_eq!(repeated, [false, true, true]);
        let sql = format!("SELECT COUNT(*) FROM submission WHERE report_code = '{code}'");
        assert_eq!(number(&app.state.database, &sql).await, 1);
    }
    assert_eq!(number(&app.state.database, "SELECT COUNT(*) FROM submission_import").await, 2);
    assert_eq!(number(&app.state.database, "SELECT COUNT(*) FROM submission_row").await, 6);
}

#[tokio::test]
async fn the_day_of_publication_lies_in_the_past() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let mut input = inline("1/Z", LONG);
    input["report"]["publishedAt"] = "2999-01-01T00:00:00Z".into();
    let preview = desk.editor.preview(input.clone()).await;
    let hash = preview["preview"]["previewHash"].as_str().unwrap_or_default().to_owned();
    let done = desk.editor.call("importReport", with(input.clone(), "previewHash", hash), RESULT).await;
    assert_eq!((&done["errors"][0]["code"], &done["submission"]), (&json!("BAD_TIME"), &json!(null)), "{done}");
    let id = desk.editor.upload("l.csv", LONG.into()).await;
    input["source"] = json!({ "upload": id });
    let begun = desk.editor.call("startImport", input, "job { id } errors { code path }").await;
    assert_eq!((&begun["errors"][0]["code"], &begun["job"]), (&json!("BAD_TIME"), &json!(null)), "{begun}");
    assert_eq!(number(&app.state.database, "SELECT COUNT(*) FROM submission").await, 0);
}

/// A workbook whose one sheet unpacks to 100 MB.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    for (name, text) in [("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")] {
        zip.start_file(name, options).expect("a part");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.start_file("xl/worksheets/sheet1.xml", options).expect("a part");
    let piece = vec![b' '; 1 << 20];
    for _ in 0..100 {
        zip.write_all(&piece).expect("written");
    }
    zip.finish().expect("a container").into_inner()
}

#[tokio::test]
async fn files_that_mean_no_good_are_refused_in_clear_words() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let editor = &desk.editor;
    let header = "indicator,unit,period,value\n";
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("bomb.xlsx", bomb(), "times"),
        ("large.txt", b"0123456789 abcde\n".repeat(60 * 1024 * 1024 / 17), "allowed"),
        ("latin.csv", [header.as_bytes(), b"dossiers.received,S\xe9,2024,5\n"].concat(), "UTF-8"),
        ("latin.txt", b"B\xe1o c\xe1o".to_vec(), "UTF-8"),
        ("nul.csv", [header.as_bytes(), b"dossiers.received,164\0,2024,5\n"].concat(), "byte 0"),
        ("nul.txt", b"I. M\0t".to_vec(), "NUL"),
        ("broad.csv", ",".repeat(1_000_000).into_bytes(), "columns"),
        ("empty.csv", Vec::new(), "empty"),
        ("empty.xlsx", Vec::new(), "empty"),
        ("wrong.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), "PDF"),
        ("broken.xlsx", wide_workbook()[..2000].to_vec(), ""),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "xls"),
        ("one.csv", vec![b'x'; 5 * 1024 * 1024], "4 MiB"),
    ];
    for (name, bytes, said) in cases {
        let id = editor.upload(name, bytes).await;
        let payload = editor.preview(upload("1/X", &id)).await;
        assert!(payload["preview"].is_null(), "{name}: {payload}");
        let error = &payload["errors"][0];
        assert!(matches!(error["code"].as_str(), Some("BAD_CELL" | "TOO_LARGE")), "{name}: {payload}");
        assert!(error["message"].as_str().is_some_and(|m| m.contains(said) && m.len() > 10), "{name}: {payload}");
        app.data("{ observations(first: 1) { nodes { value } } }").await;
    }
    let other = app.person("other", &[Role::Editor], &["19"]).await;
    let theirs = other.upload("l.csv", LONG.into()).await;
    assert_eq!(other.look(upload("1/X", &theirs)).await["figureCount"], 3);
    for id in [theirs.as_str(), "nothing", ""] {
        let payload = editor.preview(upload("1/X", id)).await;
        assert_eq!(
            (&payload["preview"], &payload["errors"][0]["code"]),
            (&json!(null), &json!("NOT_FOUND")),
            "{payload}"
        );
    }
    assert_eq!(number(&app.state.database, "SELECT COUNT(*) FROM submission_row").await, 0);
}

#[tokio::test]
async fn a_file_above_the_limit_leaves_nothing_behind() {
    let app = TestApp::start_with(|config| {
        config.import.csv_bytes = 2 * 1024 * 1024;
        config.import.file_bytes = 1024 * 1024;
    })
    .await;
    let desk = app.desk().await;
    let send = |bytes: Vec<u8>| {
        let request = app.client.post(format!("{}/uploads?name=x.csv", app.address)).body(bytes);
        request.bearer_auth(desk.editor.credential.as_deref().expect("a token")).send()
    };
    let refused = send(vec![b'x'; 3 * 1024 * 1024]).await;
    if let Ok(answer) = refused {
        assert_eq!(answer.status(), 413);
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
    }
    for table in ["upload", "upload_chunk"] {
        assert_eq!(number(&app.state.database, &format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(send(LONG.into()).await.expect("an answer").status(), 201);
    let anonymous = app.client.post(format!("{}/uploads?name=x.csv", app.address)).body(LONG).send().await;
    assert_eq!(anonymous.expect("an answer").status(), 401);
}

async fn many_rows(app: &TestApp, rows: usize, bad: Option<usize>) -> Vec<u8> {
    let snapshot = app.state.snapshots.newest(&app.state.database).await.expect("a snapshot");
    long_file(&snapshot.catalogue, rows, bad, 0)
}

const JOB: &str = "id state rowsRead rowsTotal message submission { code state imports { figureCount format } }";

/// Waits until a job has ended.
async fn ended(person: &Person, id: &str) -> Value {
    for _ in 0..1200 {
        let answer = person.ask(&format!("{{ importJob(id: \"{id}\") {{ {JOB} }} }}")).await;
        let job = &answer["data"]["importJob"];
        if job["state"] != "RUNNING" {
            return job.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("job {id} does not end");
}

async fn begin(person: &Person, code: &str, bytes: Vec<u8>) -> String {
    let id = person.upload("many.csv", bytes).await;
    let begun = fine(person.call("startImport", upload(code, &id), "job { id state } errors { code message }").await);
    begun["job"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_job_imports_many_rows() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let file = many_rows(&app, 30_000, None).await;
    let id = begin(&desk.editor, "1/J", file).await;
    let hidden = desk.reviewer.ask(&format!("{{ importJob(id: \"{id}\") {{ state }} }}")).await;
    assert!(hidden["data"]["importJob"].is_null(), "{hidden}");
    let job = ended(&desk.editor, &id).await;
    assert_eq!((&job["state"], &job["rowsRead"]), (&json!("DONE"), &json!(30_000)), "{job}");
    assert_eq!(job["submission"]["imports"], json!([{ "figureCount": 30_000, "format": "LONG" }]));
    let code = job["submission"]["code"].as_str().expect("a code");
    let query = format!(
        "{{ submission(code: \"{code}\") {{ figures(first: 1, skip: 29999) {{ value period {{ code }} }} }} }}"
    );
    let last = desk.editor.ask(&query).await;
    assert_eq!(last["data"]["submission"]["figures"][0]["value"], value(29_999).to_string(), "{last}");
    assert_eq!(number(&app.state.database, "SELECT COUNT(*) FROM submission_row").await, 30_000);
}

#[tokio::test]
async fn a_job_that_is_stopped_keeps_nothing() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let file = many_rows(&app, 150_000, None).await;
    let id = begin(&desk.editor, "1/J", file).await;
    let rows = "SELECT COUNT(*) FROM submission_row";
    while number(&app.state.database, rows).await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let stop = json!({ "id": id });
    let other = app.person("other", &[Role::Editor], &["19"]).await;
    let fields = "job { id } errors { code }";
    assert_eq!(other.call("cancelImport", stop.clone(), fields).await["errors"][0]["code"], "NOT_FOUND");
    fine(desk.editor.call("cancelImport", stop.clone(), fields).await);
    let job = ended(&desk.editor, &id).await;
    assert_eq!((&job["state"], &job["submission"]), (&json!("CANCELLED"), &json!(null)), "{job}");
    for table in ["submission", "submission_import", "submission_row"] {
        assert_eq!(number(&app.state.database, &format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(desk.editor.call("cancelImport", stop, fields).await["errors"][0]["code"], "WRONG_STATE");
}

#[tokio::test]
async fn a_job_with_a_mistake_fails_and_says_where() {
    let app = TestApp::start().await;
    let desk = app.desk().await;
    let file = many_rows(&app, 12_000, Some(11_000)).await;
    let id = begin(&desk.editor, "1/J", file).await;
    let job = ended(&desk.editor, &id).await;
    assert_eq!(job["state"], "FAILED", "{job}");
    let said = job["message"].as_str().expect("a message");
    assert!(said.contains("row 11000, column 4 (value)") && said.contains("`many`"), "{said}");
    for table in ["submission", "submission_import", "submission_row"] {
        assert_eq!(number(&app.state.database, &format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    let missing = desk.editor.upload("x.csv", many_rows(&app, 1, None).await).await;
    let input = json!({ "report": { "code": "2/J" }, "source": { "upload": missing } });
    let begun = desk.editor.call("startImport", input, "job { id } errors { code message path }").await;
    if let Some(id) = begun["job"]["id"].as_str() {
        assert_eq!(ended(&desk.editor, id).await["state"], "FAILED");
    }
}
