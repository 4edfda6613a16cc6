//! The gate before the parser and the validator.
//!
//! The parser overflows its stack on a few kilobytes of nested brackets, and fragments let a document of
//! one kilobyte expand to billions of fields before any limit of the library is looked at. So a document is
//! first scanned byte by byte (size, tokens, nesting), then parsed once, then measured with a memo per
//! fragment. What passes is handed over parsed.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::{
        parse_query,
        types::{Directive, ExecutableDocument, FragmentDefinition, OperationDefinition, Selection, SelectionSet},
    },
};
use serde::Deserialize;

/// What a document may be. Figures of the anonymous tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdmissionLimits {
    /// Bytes of text.
    pub bytes: usize,
    /// Names, numbers, strings and punctuators.
    pub tokens: usize,
    /// Brackets inside of one another.
    pub nesting: usize,
    /// Operations.
    pub operations: usize,
    /// Fragments.
    pub fragments: usize,
    /// Selections inside of one another, fragments expanded.
    pub depth: usize,
    /// The same for documents that ask for the schema.
    pub introspection_depth: usize,
    /// Selections, fragments expanded.
    pub height: usize,
    /// Aliases, fragments expanded.
    pub aliases: usize,
    /// Fields of an operation itself, fragments expanded.
    pub root_fields: usize,
    /// Directives, fragments expanded.
    pub directives: usize,
}

impl Default for AdmissionLimits {
    fn default() -> Self {
        Self {
            bytes: 32 * 1024,
            tokens: 2_000,
            nesting: 50,
            operations: 5,
            fragments: 50,
            depth: 12,
            introspection_depth: 15,
            height: 1_000,
            aliases: 30,
            root_fields: 20,
            directives: 50,
        }
    }
}

/// Why a document is not admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It breaks a limit.
    Limit {
        /// Name of the limit.
        limit: &'static str,
        /// What it asks; at least this much.
        asked: usize,
        /// What is allowed.
        allowed: usize,
    },
    /// It cannot be read.
    Syntax(String),
}

/// Scans, parses and measures a document.
///
/// # Errors
/// The first limit that it breaks, or where it cannot be read.
pub fn admit(document: &str, limits: &AdmissionLimits) -> Result<ExecutableDocument, Refusal> {
    scan(document, limits)?;
    let parsed = parse_query(document).map_err(|e| Refusal::Syntax(syntax_message(&e)))?;
    measure(&parsed, limits)?;
    Ok(parsed)
}

/// The parser's complaint without the line of the document that it repeats.
fn syntax_message(error: &async_graphql::parser::Error) -> String {
    let place =
        error.positions().next().map(|p| format!(" at line {}, column {}", p.line, p.column)).unwrap_or_default();
    let what = error.to_string();
    let what =
        what.lines().rev().find_map(|line| line.trim().strip_prefix("= ")).unwrap_or("the document cannot be read");
    format!("Syntax error{place}: {}", what.chars().take(200).collect::<String>())
}

fn check(limit: &'static str, asked: usize, allowed: usize) -> Result<(), Refusal> {
    if asked > allowed { Err(Refusal::Limit { limit, asked, allowed }) } else { Ok(()) }
}

/// Counts bytes, tokens and nesting without building anything.
fn scan(document: &str, limits: &AdmissionLimits) -> Result<(), Refusal> {
    let bytes = document.as_bytes();
    check("documentBytes", bytes.len(), limits.bytes)?;
    let (mut i, mut tokens, mut nesting) = (0, 0usize, 0usize);
    while let Some(&byte) = bytes.get(i) {
        let is_name =
            |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'.' || b == b'+' || b >= 0x80;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => i += 1,
            b'#' => i += bytes[i..].iter().position(|b| *b == b'\n' || *b == b'\r').unwrap_or(bytes.len() - i),
            b'"' => {
                i = after_string(bytes, i);
                tokens += 1;
            }
            b'{' | b'[' | b'(' => {
                nesting += 1;
                check("nesting", nesting, limits.nesting)?;
                tokens += 1;
                i += 1;
            }
            b'}' | b']' | b')' => {
                nesting = nesting.saturating_sub(1);
                tokens += 1;
                i += 1;
            }
            b if is_name(b) => {
                i += bytes[i..].iter().position(|b| !is_name(*b)).unwrap_or(bytes.len() - i);
                tokens += 1;
            }
            _ => {
                tokens += 1;
                i += 1;
            }
        }
        check("tokens", tokens, limits.tokens)?;
    }
    Ok(())
}

/// Place after a string or block string that begins at `start`.
fn after_string(bytes: &[u8], start: usize) -> usize {
    let rest = &bytes[start..];
    if rest.starts_with(b"\"\"\"") {
        let mut i = start + 3;
        while i < bytes.len() {
            if bytes[i..].starts_with(b"\\\"\"\"") {
                i += 4;
            } else if bytes[i..].starts_with(b"\"\"\"") {
                return i + 3;
            } else {
                i += 1;
            }
        }
        return i;
    }
    let mut i = start + 1;
    while let Some(&byte) = bytes.get(i) {
        match byte {
            b'\\' => i += 2,
            b'"' => return i + 1,
            b'\n' | b'\r' => return i,
            _ => i += 1,
        }
    }
    i
}

/// Sizes of an expanded selection set. Sums saturate: a bomb counts as very much, not as little.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    height: usize,
    aliases: usize,
    directives: usize,
    root_fields: usize,
    introspects: bool,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            height: self.height.saturating_add(other.height),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            root_fields: self.root_fields.saturating_add(other.root_fields),
            introspects: self.introspects || other.introspects,
        }
    }
}

fn measure(document: &ExecutableDocument, limits: &AdmissionLimits) -> Result<(), Refusal> {
    let operations: Vec<&Positioned<OperationDefinition>> =
        document.operations.iter().map(|(_, operation)| operation).collect();
    check("operations", operations.len(), limits.operations)?;
    check("fragments", document.fragments.len(), limits.fragments)?;
    let mut walk = Walk { fragments: &document.fragments, known: HashMap::new() };
    for operation in operations {
        let mut size = walk.set(&operation.node.selection_set.node)?;
        size.directives = size.directives.saturating_add(operation.node.directives.len());
        let depth = if size.introspects { limits.introspection_depth } else { limits.depth };
        check("depth", size.depth, depth)?;
        check("height", size.height, limits.height)?;
        check("aliases", size.aliases, limits.aliases)?;
        check("rootFields", size.root_fields, limits.root_fields)?;
        check("directives", size.directives, limits.directives)?;
    }
    // A fragment that no operation uses is refused by the validator; a cycle among such must not reach it.
    let names: Vec<Name> = document.fragments.keys().cloned().collect();
    for name in names {
        walk.fragment(&name)?;
    }
    Ok(())
}

struct Walk<'d> {
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
    /// `None` while a fragment is being measured.
    known: HashMap<Name, Option<Size>>,
}

impl Walk<'_> {
    fn set(&mut self, set: &SelectionSet) -> Result<Size, Refusal> {
        let mut sum = Size::default();
        for item in &set.items {
            let size = match &item.node {
                Selection::Field(field) => {
                    let inner = self.set(&field.node.selection_set.node)?;
                    Size {
                        depth: inner.depth.saturating_add(1),
                        height: inner.height.saturating_add(1),
                        aliases: inner.aliases.saturating_add(usize::from(field.node.alias.is_some())),
                        directives: count(inner.directives, &field.node.directives),
                        root_fields: 1,
                        introspects: matches!(field.node.name.node.as_str(), "__schema" | "__type"),
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let inner = self.set(&fragment.node.selection_set.node)?;
                    Size { directives: count(inner.directives, &fragment.node.directives), ..inner }
                }
                Selection::FragmentSpread(spread) => {
                    let inner = self.fragment(&spread.node.fragment_name.node)?;
                    Size { directives: count(inner.directives, &spread.node.directives), ..inner }
                }
            };
            sum = sum.beside(size);
        }
        Ok(sum)
    }

    fn fragment(&mut self, name: &Name) -> Result<Size, Refusal> {
        match self.known.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(Refusal::Syntax(format!("Fragment `{name}` contains itself."))),
            None => {}
        }
        // An unknown fragment is the validator's business.
        let Some(definition) = self.fragments.get(name) else { return Ok(Size::default()) };
        self.known.insert(name.clone(), None);
        let inner = self.set(&definition.node.selection_set.node)?;
        let size = Size { directives: count(inner.directives, &definition.node.directives), ..inner };
        self.known.insert(name.clone(), Some(size));
        Ok(size)
    }
}

fn count(sum: usize, directives: &[Positioned<Directive>]) -> usize {
    sum.saturating_add(directives.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(document: &str) -> &'static str {
        match admit(document, &AdmissionLimits::default()) {
            Err(Refusal::Limit { limit, .. }) => limit,
            Err(Refusal::Syntax(_)) => "syntax",
            Ok(_) => "admitted",
        }
    }

    #[test]
    fn ordinary_documents_pass() {
        assert_eq!(refused("{ serverInfo { name } }"), "admitted");
        assert_eq!(
            refused(
                "query Q($a: [Int!] = [1, 2]) { a(x: \"{[(\", y: \"\"\"[[[ \\\"\"\" \"\"\") { ...F } } fragment F on T { b }"
            ),
            "admitted"
        );
    }

    #[test]
    fn nested_brackets_never_reach_the_parser() {
        for n in [100, 2_000, 10_000] {
            assert_eq!(refused(&format!("{{f(v:{}{})}}", "[".repeat(n), "]".repeat(n))), "nesting");
            assert_eq!(refused(&"{a".repeat(n)), "nesting");
        }
        assert_eq!(refused(&format!("{{f(v:{})}}", "{a:".repeat(2_000))), "nesting");
    }

    #[test]
    fn fragments_do_not_multiply() {
        let mut bomb = String::from("{ ...F0 }");
        for i in 0..40 {
            bomb.push_str(&format!(" fragment F{i} on Query {{ ...F{} ...F{} }}", i + 1, i + 1));
        }
        bomb.push_str(" fragment F40 on Query { a }");
        assert_eq!(refused(&bomb), "height");
        assert_eq!(refused("{ ...A } fragment A on Q { ...B } fragment B on Q { ...A }"), "syntax");
        assert_eq!(refused("{ a } fragment A on Q { ...A }"), "syntax");
    }

    #[test]
    fn each_limit_is_named() {
        assert_eq!(refused(&" ".repeat(40_000)), "documentBytes");
        assert_eq!(refused(&format!("{{ {} }}", "a ".repeat(3_000))), "tokens");
        assert_eq!(refused(&format!("{{ {} }}", (0..21).map(|i| format!("f{i} ")).collect::<String>())), "rootFields");
        assert_eq!(
            refused(&format!("{{ a {{ {} }} }}", (0..31).map(|i| format!("x{i}: a ")).collect::<String>())),
            "aliases"
        );
        assert_eq!(refused(&format!("{}a{}", "{a ".repeat(13), "}".repeat(13))), "depth");
        assert_eq!(refused(&format!("{{ a {} }}", "@skip(if: true) ".repeat(51))), "directives");
    }

    #[test]
    fn a_syntax_error_does_not_repeat_the_document() {
        let Err(Refusal::Syntax(message)) =
            admit(&format!("{{ a(x: {} }}", "y ".repeat(300)), &AdmissionLimits::default())
        else {
            panic!("should not be read")
        };
        assert!(message.len() < 400, "{message}");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[\\PC{}\\[\\]()\"\\\\#.@:!$&|=\n]{0,200}") {
            let _ = admit(&text, &AdmissionLimits::default());
        }
    }
}
