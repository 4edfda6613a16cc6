//! Full-text search over the catalogue of one release, with or without diacritics.
//!
//! Every text is indexed twice: folded (`thu tuc`), which finds, and as written (`thủ tục`), which ranks a
//! hit with the right diacritics higher.

use tantivy::{
    Index, IndexReader, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, EmptyQuery, Occur, PhrasePrefixQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value},
    tokenizer::{SimpleTokenizer, TextAnalyzer},
};
use unicode_normalization::UnicodeNormalization;

use crate::domain::{
    catalogue::Catalogue,
    text::{Text, fold},
};

/// Longest query that is read, in words.
const MAX_WORDS: usize = 16;
/// Memory of the index writer, in bytes; the least that tantivy takes.
const WRITER_BYTES: usize = 15_000_000;

/// What kind of thing a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Indicator,
    Unit,
    Document,
    Report,
    System,
    Topic,
    Target,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Indicator, Self::Unit, Self::Document, Self::Report, Self::System, Self::Topic, Self::Target];

    fn code(self) -> &'static str {
        match self {
            Self::Indicator => "indicator",
            Self::Unit => "unit",
            Self::Document => "document",
            Self::Report => "report",
            Self::System => "system",
            Self::Topic => "topic",
            Self::Target => "target",
        }
    }
}

/// A hit, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// Its natural key: the code, `code@first-day` for a unit.
    pub key: String,
    /// Relevance; comparable within one answer only.
    pub score: f32,
}

#[derive(Clone, Copy)]
struct Fields {
    kind: Field,
    key: Field,
    whole: Field,
    name: Field,
    written: Field,
    alias: Field,
    text: Field,
}

/// The index of one release.
pub struct SearchIndex {
    reader: IndexReader,
    fields: Fields,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex").finish_non_exhaustive()
    }
}

impl SearchIndex {
    /// Indexes a catalogue in memory.
    ///
    /// # Errors
    /// As the search library says.
    pub fn build(catalogue: &Catalogue) -> tantivy::Result<Self> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("words")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let words = TextOptions::default().set_indexing_options(indexing);
        let fields = Fields {
            kind: schema.add_text_field("kind", STRING | STORED),
            key: schema.add_text_field("key", STORED),
            whole: schema.add_text_field("whole", STRING),
            name: schema.add_text_field("name", words.clone()),
            written: schema.add_text_field("written", words.clone()),
            alias: schema.add_text_field("alias", words.clone()),
            text: schema.add_text_field("text", words),
        };
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register("words", TextAnalyzer::builder(SimpleTokenizer::default()).build());
        let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        for entry in entries(catalogue) {
            let mut document = TantivyDocument::default();
            document.add_text(fields.kind, entry.kind.code());
            document.add_text(fields.key, &entry.key);
            for whole in entry.aliases.iter().chain([&entry.name.vi, &entry.name.en]) {
                document.add_text(fields.whole, fold(whole));
                document.add_text(fields.whole, fold(&closed(whole)));
            }
            document.add_text(fields.name, format!("{} {}", fold(&entry.name.vi), fold(&entry.name.en)));
            document.add_text(fields.written, as_written(&format!("{} {}", entry.name.vi, entry.name.en)));
            let aliases: Vec<String> = entry.aliases.iter().flat_map(|a| [a.clone(), closed(a)]).collect();
            document.add_text(fields.alias, fold(&aliases.join(" ; ")));
            document.add_text(fields.text, fold(&entry.text));
            writer.add_document(document)?;
        }
        writer.commit()?;
        Ok(Self { reader: index.reader()?, fields })
    }

    /// The best hits for a query. Every word must occur, the last one may be unfinished; if nothing has
    /// them all, hits with some of them are given.
    ///
    /// # Errors
    /// As the search library says.
    pub fn search(&self, query: &str, kinds: Option<&[Kind]>, limit: usize) -> tantivy::Result<Vec<Hit>> {
        let folded = fold(query);
        let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).take(MAX_WORDS).collect();
        if words.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let hits = self.run(&words, query, kinds, limit, Occur::Must)?;
        if hits.is_empty() && words.len() > 1 {
            return self.run(&words, query, kinds, limit, Occur::Should);
        }
        Ok(hits)
    }

    fn run(
        &self,
        words: &[&str],
        query: &str,
        kinds: Option<&[Kind]>,
        limit: usize,
        occur: Occur,
    ) -> tantivy::Result<Vec<Hit>> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (i, word) in words.iter().enumerate() {
            clauses.push((occur, self.word(word, i + 1 == words.len())));
        }
        let mut all: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(BooleanQuery::new(clauses)))];
        for word in as_written(query).split(' ').filter(|w| !w.is_empty()).take(MAX_WORDS) {
            all.push((Occur::Should, self.term(self.fields.written, word, 1.0)));
        }
        // Who types a whole name or code wants the thing that bears it.
        all.push((Occur::Should, self.term(self.fields.whole, &words.join(" "), 20.0)));
        if let Some(kinds) = kinds {
            let any = kinds.iter().map(|kind| (Occur::Should, self.term(self.fields.kind, kind.code(), 0.0)));
            let any: Vec<(Occur, Box<dyn Query>)> = any.collect();
            all.push((
                Occur::Must,
                if any.is_empty() { Box::new(EmptyQuery) } else { Box::new(BooleanQuery::new(any)) },
            ));
        }
        let searcher = self.reader.searcher();
        let found = searcher.search(&BooleanQuery::new(all), &TopDocs::with_limit(limit).order_by_score())?;
        let mut hits = Vec::with_capacity(found.len());
        for (score, address) in found {
            let document: TantivyDocument = searcher.doc(address)?;
            let text = |field| document.get_first(field).and_then(|v| v.as_str()).unwrap_or_default();
            if let Some(kind) = Kind::ALL.into_iter().find(|k| k.code() == text(self.fields.kind)) {
                hits.push(Hit { kind, key: text(self.fields.key).to_owned(), score });
            }
        }
        Ok(hits)
    }

    /// A word in any of the folded fields; a name counts most.
    fn word(&self, word: &str, unfinished: bool) -> Box<dyn Query> {
        let mut any: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (field, boost) in [(self.fields.name, 4.0), (self.fields.alias, 3.0), (self.fields.text, 1.0)] {
            any.push((Occur::Should, self.term(field, word, boost)));
            if unfinished && word.len() > 1 {
                let prefix = PhrasePrefixQuery::new(vec![Term::from_field_text(field, word)]);
                any.push((Occur::Should, Box::new(BoostQuery::new(Box::new(prefix), boost * 0.3))));
            }
        }
        Box::new(BooleanQuery::new(any))
    }

    fn term(&self, field: Field, word: &str, boost: f32) -> Box<dyn Query> {
        let query = TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs);
        Box::new(BoostQuery::new(Box::new(query), boost))
    }
}

/// Abbreviations without their joints: `TT&TT` is also typed `TTTT`.
fn closed(text: &str) -> String {
    text.replace(['&', '-', '.'], "")
}

/// Lower case, composed, diacritics kept.
fn as_written(text: &str) -> String {
    text.nfc().flat_map(char::to_lowercase).map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect()
}

struct Entry {
    kind: Kind,
    key: String,
    name: Text,
    aliases: Vec<String>,
    text: String,
}

fn entries(catalogue: &Catalogue) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |kind, key: &str, name: &Text, mut aliases: Vec<String>, text: String| {
        aliases.push(key.to_owned());
        entries.push(Entry { kind, key: key.to_owned(), name: name.clone(), aliases, text });
    };
    for i in &catalogue.indicators {
        add(Kind::Indicator, &i.code, &i.name, i.aliases.clone(), format!("{} {}", i.definition.vi, i.definition.en));
    }
    for u in &catalogue.units {
        add(Kind::Unit, &u.key(), &u.name, u.aliases.clone(), String::new());
    }
    for d in &catalogue.documents {
        add(Kind::Document, &d.code, &d.title, d.number.clone().into_iter().collect(), String::new());
    }
    for r in &catalogue.reports {
        add(Kind::Report, &r.code, &r.title, Vec::new(), String::new());
    }
    for s in &catalogue.systems {
        add(Kind::System, &s.code, &s.name, s.aliases.clone(), format!("{} {}", s.purpose.vi, s.purpose.en));
    }
    for t in &catalogue.topics {
        add(Kind::Topic, &t.code, &t.name, Vec::new(), String::new());
    }
    for t in &catalogue.targets {
        add(Kind::Target, &t.code, &t.name, Vec::new(), format!("{} {}", t.demand.vi, t.demand.en));
    }
    entries
}
