//! The words of headings: which tell one from another, and which any heading may bear.

use crate::domain::column::{ColumnName, heading_key};

/// True for a heading about nothing that is counted.
pub fn is_remark(label: &str) -> bool {
    const REMARKS: &[&str] = &[
        "ghi chu",
        "chu thich",
        "nhan xet",
        "nguyen nhan",
        "ly do",
        "danh gia",
        "giai trinh",
        "note",
        "notes",
        "remarks",
    ];
    REMARKS.contains(&heading_key(label).as_str())
}

/// True for a group heading that only says that its columns belong together. With its marks: `Sở` is not `số`, and
/// `Tỉnh` is not the first word of `Tình hình`.
pub fn is_generic(group: &str) -> bool {
    const PHRASES: &[&str] = &[
        "trong đó",
        "chia ra",
        "chia theo",
        "bao gồm",
        "kết quả",
        "giải quyết",
        "xử lý",
        "xử lí",
        "tình hình",
        "thực hiện",
        "hồ sơ",
        "số lượng",
        "tổng số",
        "tổng",
        "chi tiết",
        "gồm",
        "số",
        "các",
        "of which",
    ];
    let words = group.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let mut text = format!(" {} ", words.join(" "));
    for phrase in PHRASES {
        while text.contains(&format!(" {phrase} ")) {
            text = text.replace(&format!(" {phrase} "), " ");
        }
    }
    text.trim().is_empty()
}

/// The words that tell one heading from another, sorted: abbreviations written out, words that any count may bear
/// left out.
pub fn telling_words(headings: &[&str]) -> Vec<String> {
    const ABBREVIATIONS: &[(&str, &str)] = &[
        ("dvctt", "dich vu cong truc tuyen"),
        ("dvc", "dich vu cong"),
        ("tthc", "thu tuc hanh chinh"),
        ("bcci", "buu chinh cong ich"),
        ("hs", "ho so"),
        ("sl", "so luong"),
    ];
    const GENERIC: &[&str] = &["ket qua", "ho so", "so luong", "tong so", "tong", "so", "luong", "duoc", "cac", "cua"];
    let mut text = String::from(" ");
    for word in headings.iter().map(|h| heading_key(h)).collect::<Vec<_>>().join(" ").split_whitespace() {
        text.push_str(ABBREVIATIONS.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long));
        text.push(' ');
    }
    for phrase in GENERIC {
        while text.contains(&format!(" {phrase} ")) {
            text = text.replace(&format!(" {phrase} "), " ");
        }
    }
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.sort();
    words
}

/// What stands in brackets.
pub fn in_brackets(text: &str) -> impl Iterator<Item = &str> {
    text.split('(').skip(1).filter_map(|rest| rest.split_once(')').map(|(inside, _)| inside))
}

/// A known heading with its group.
pub fn show(name: &ColumnName) -> String {
    match name.group.is_empty() {
        true => name.label.clone(),
        false => format!("{} / {}", name.group, name.label),
    }
}
