//! Sections and footnotes of the body, in the document's own numbering.

use super::{Line, TextSection};
use crate::{domain::text::fold, ingest::markup};

/// Order of the letters in front of paragraphs.
const LETTERS: &str = "abcdđeghiklmnopqrstuvxy";
/// A heading longer than this is a paragraph.
const MAX_TITLE: usize = 120;

/// Paragraphs without footnotes, and the footnotes. A page break leaves them in the middle of the body.
pub fn without_footnotes(lines: &[&Line]) -> (Vec<String>, Vec<(i32, String)>) {
    let mut body = Vec::new();
    let mut notes: Vec<(i32, String)> = Vec::new();
    // Whether the lines go on with a footnote, and whether that is a list, which blank lines do not end.
    let mut open: Option<bool> = None;
    for line in lines {
        if let Some((number, text)) = footnote(&line.raw) {
            open = Some(text.starts_with('-'));
            notes.push((number, text));
            continue;
        }
        match (open, line.plain.as_str()) {
            (Some(false), "") => open = None,
            (Some(true), "") => {}
            (Some(is_list), text) if !is_list || text.starts_with('-') => {
                if let Some((_, note)) = notes.last_mut() {
                    note.push('\n');
                    note.push_str(text);
                }
            }
            (_, text) => {
                open = None;
                if !text.is_empty() {
                    body.push(text.to_owned());
                }
            }
        }
    }
    (body, notes)
}

/// `¹² Text` or `[^12]: Text`.
fn footnote(raw: &str) -> Option<(i32, String)> {
    let raw = raw.trim_start();
    if let Some((number, text)) = raw.strip_prefix("[^").and_then(|rest| rest.split_once("]:")) {
        return Some((number.parse().ok()?, markup::plain(text)));
    }
    let digits: Vec<i32> = raw.chars().map_while(markup::superscript_digit).collect();
    let number = digits.iter().take(4).fold(0, |sum, digit| sum * 10 + digit);
    let text: String = raw.chars().skip(digits.len()).collect();
    (number > 0).then(|| (number, markup::plain(&text)))
}

/// The mark in front of a heading.
enum Mark {
    /// `II.`
    Roman(String),
    /// `3.` or `3.5.`
    Arabic(Vec<u32>),
    /// `c)`
    Letter(char),
}

fn mark(line: &str) -> Option<(Mark, &str)> {
    let (first, rest) = line.split_once(' ')?;
    let rest = rest.trim_start();
    if let Some(letter) = first.strip_suffix(')') {
        let mut chars = letter.chars();
        let letter = chars.next().filter(|c| LETTERS.contains(*c))?;
        return chars.next().is_none().then_some((Mark::Letter(letter), rest));
    }
    let number = first.strip_suffix('.').or_else(|| first.contains('.').then_some(first))?;
    if number.chars().all(|c| "IVX".contains(c)) {
        let is_heading = rest.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
        return is_heading.then(|| (Mark::Roman(number.to_owned()), rest));
    }
    let parts: Option<Vec<u32>> = number.split('.').map(|p| p.parse().ok().filter(|n| (1..100).contains(n))).collect();
    parts.filter(|p| p.len() <= 4).map(|parts| (Mark::Arabic(parts), rest))
}

/// Takes the body apart. `head` is what stands before the first numbered section.
pub fn find(body: &[String]) -> Vec<TextSection> {
    let mut sections = vec![Open::new("head".to_owned(), None)];
    // The latest sections of each depth, so that a number is known to go on with its neighbours.
    let (mut chapter, mut numbered): (Option<String>, Option<String>) = (None, None);
    for line in body {
        let code = match mark(line) {
            Some((Mark::Roman(number), rest)) => {
                numbered = None;
                chapter = Some(number.clone());
                Some((number, None, rest))
            }
            Some((Mark::Arabic(parts), rest)) => {
                let above = parts[..parts.len() - 1].iter().map(u32::to_string);
                let path: Vec<String> = chapter.iter().cloned().chain(above).collect();
                let parent = (!path.is_empty()).then(|| path.join("."));
                let code: Vec<String> = path.into_iter().chain(parts.last().map(u32::to_string)).collect();
                let code = code.join(".");
                let before =
                    latest(&sections, parent.as_deref()).and_then(|c| c.rsplit('.').next()?.parse::<u32>().ok());
                let last = parts.last().copied().unwrap_or(0);
                let goes_on = last > before.unwrap_or(0) && last <= before.unwrap_or(0) + 3;
                let has_parent = parent.as_ref().is_none_or(|p| sections.iter().any(|s| s.code == *p));
                (goes_on && has_parent).then(|| {
                    numbered = Some(code.clone());
                    (code, parent, rest)
                })
            }
            Some((Mark::Letter(letter), rest)) => {
                let parent = numbered.clone().or_else(|| chapter.clone());
                let before = latest(&sections, parent.as_deref()).and_then(|c| c.chars().last());
                let place = |c: char| LETTERS.chars().position(|x| x == c);
                let goes_on = match before.and_then(place) {
                    Some(before) => place(letter).is_some_and(|p| p > before),
                    None => letter == 'a',
                };
                parent.filter(|_| goes_on).map(|parent| (format!("{parent}.{letter}"), Some(parent), rest))
            }
            None => None,
        };
        match code {
            Some((code, parent, rest)) => {
                let mut section = Open::new(code, parent);
                section.begin(rest, line);
                sections.push(section);
            }
            None => sections.iter_mut().last().into_iter().for_each(|s| s.paragraphs.push(line.clone())),
        }
    }
    close(fold_lists(sections))
}

fn latest<'a>(sections: &'a [Open], parent: Option<&str>) -> Option<&'a str> {
    sections.iter().rev().find(|s| s.code != "head" && s.parent.as_deref() == parent).map(|s| s.code.as_str())
}

/// A section while it is read.
struct Open {
    code: String,
    parent: Option<String>,
    title: String,
    /// The first line with its number, for a list that turns out to be no sections.
    first: String,
    /// True if the first line is a sentence and not a heading.
    is_sentence: bool,
    paragraphs: Vec<String>,
}

impl Open {
    fn new(code: String, parent: Option<String>) -> Self {
        Self { code, parent, title: String::new(), first: String::new(), is_sentence: false, paragraphs: Vec::new() }
    }

    fn begin(&mut self, text: &str, line: &str) {
        self.first = line.to_owned();
        self.is_sentence = text.ends_with(['.', ';']) || text.chars().count() > 2 * MAX_TITLE;
        let is_heading = !self.is_sentence && text.chars().count() <= MAX_TITLE;
        let end = [": ", ". ", "; "].iter().filter_map(|sign| text.find(sign)).min();
        self.title = match end {
            _ if is_heading => text.trim_end_matches(':').to_owned(),
            Some(end) if text[..end].chars().count() <= MAX_TITLE => text[..end].to_owned(),
            _ => text.chars().take(MAX_TITLE).collect(),
        };
        if !is_heading {
            self.paragraphs.push(text.to_owned());
        }
    }
}

/// Numbered sentences of one paragraph each, with nothing below any of them, are a list and no sections.
fn fold_lists(sections: Vec<Open>) -> Vec<Open> {
    // The sentence that closes a report belongs to no item.
    let is_closing = |p: &&String| fold(p).starts_with("tren day la ");
    let is_item = |s: &Open| {
        let own = s.paragraphs.iter().filter(|p| !is_closing(p)).count();
        s.is_sentence && own == 1 && !sections.iter().any(|o| o.parent.as_ref() == Some(&s.code))
    };
    let is_chapter = |code: &str| code.chars().all(|c| "IVX".contains(c));
    let lists: Vec<String> = sections
        .iter()
        .filter(|s| is_chapter(&s.code))
        .filter(|s| {
            let items = || sections.iter().filter(|o| o.parent.as_ref() == Some(&s.code));
            items().count() > 1 && items().all(is_item)
        })
        .map(|s| s.code.clone())
        .collect();
    let mut kept: Vec<Open> = Vec::new();
    for section in sections {
        match section.parent.as_ref().filter(|p| lists.contains(p)) {
            Some(parent) => {
                let above = kept.iter_mut().find(|s| s.code == *parent);
                if let Some(above) = above {
                    above.paragraphs.push(section.first.clone());
                    above.paragraphs.extend(section.paragraphs.into_iter().skip(1));
                }
            }
            None => kept.push(section),
        }
    }
    kept
}

fn close(sections: Vec<Open>) -> Vec<TextSection> {
    let numbered = (1..).zip(sections);
    let closed = numbered.map(|(position, s)| TextSection {
        position,
        code: s.code,
        parent: s.parent,
        title: s.title,
        body: s.paragraphs.join("\n"),
    });
    closed.collect()
}
