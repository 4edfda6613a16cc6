//! Bilingual text and the folding that makes Vietnamese searchable without diacritics.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A language in which labels are kept. Vietnamese is the language of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// A label in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Text {
    /// Vietnamese, never empty where the text is required.
    pub vi: String,
    /// English; empty where nobody has translated it yet.
    pub en: String,
}

impl Text {
    /// Pairs the two wordings.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The wording in `language`, falling back to Vietnamese.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En if !self.en.is_empty() => &self.en,
            _ => &self.vi,
        }
    }

    /// True if neither wording says anything.
    pub fn is_empty(&self) -> bool {
        self.vi.is_empty() && self.en.is_empty()
    }

    /// `None` for an empty text.
    pub fn into_option(self) -> Option<Self> {
        (!self.is_empty()).then_some(self)
    }
}

/// The search form of a text: lower case, tone and vowel marks stripped, `đ` as `d`, every run of
/// other characters one space. `"Thủ tục"`, `"THU TUC"` and `"thu  tuc"` fold to the same string, and
/// so do the two placements of a tone mark (`hoà`, `hòa`).
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'đ' | 'Đ' => folded.push('d'),
            c if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            _ if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            _ => {}
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_strips_marks_and_d_bar() {
        assert_eq!(fold("Thủ tục hành chính"), "thu tuc hanh chinh");
        assert_eq!(fold("  ĐIỆN TỬ  (Đề án 06)"), "dien tu de an 06");
        assert_eq!(fold("Định Hoá"), fold("Định Hóa"));
    }

    #[test]
    fn an_untranslated_text_falls_back_to_vietnamese() {
        assert_eq!(Text::new("Huyện", "").get(Language::En), "Huyện");
        assert_eq!(Text::new("Huyện", "District").get(Language::En), "District");
    }
}
