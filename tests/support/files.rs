//! Files to import.

use std::fmt::Write;

use solieu::domain::catalogue::Catalogue;

/// A file of the long form: indicators of the register, the units that report, months from 1900 on. `bad` is the
/// number of a row with a mistake; every row has a note of so many letters.
pub fn long_file(catalogue: &Catalogue, rows: usize, bad: Option<usize>, note: usize) -> Vec<u8> {
    let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 10).expect("a day");
    let reporting = catalogue.units.iter().filter(|u| u.report_order.is_some() && u.stood_on(day));
    let units: Vec<&str> = reporting.map(|u| u.code.as_str()).collect();
    assert_eq!(units.len(), 28);
    let indicators = ["dossiers.received", "dossiers.resolved", "dossiers.pending"];
    let months = (1900..).flat_map(|year| (1..=12).map(move |month| (year, month)));
    let keys = months.flat_map(|time| units.iter().flat_map(move |unit| indicators.map(|i| (i, *unit, time))));
    let note = "x".repeat(note);
    let mut text = "indicator,unit,period,value,note_vi\n".to_owned();
    for (n, (indicator, unit, (year, month))) in keys.take(rows).enumerate() {
        let value = if bad == Some(n + 2) { "many".to_owned() } else { value(n).to_string() };
        writeln!(text, "{indicator},{unit},{year}-{month:02},{value},{note}").expect("text");
    }
    text.into_bytes()
}

/// The figure in a row, from 0: what is received is what is resolved and what is pending.
pub fn value(row: usize) -> usize {
    let half = row / 3 % 7 + 100;
    if row.is_multiple_of(3) { 2 * half } else { half }
}
