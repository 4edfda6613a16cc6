//! A look at the XML of a workbook before it is parsed: what the parser would gather in memory at once must be small.
//!
//! Owns the bounds on single pieces (a tag, a text, a cell) and the counts that are known only by reading. Not a
//! parser: what it lets pass may still be malformed.

/// Most bytes of a tag, a comment or a text between two tags.
const PIECE_BYTES: usize = 1024 * 1024;
/// Most bytes of one cell with all its pieces.
const CELL_BYTES: u64 = 4 * 1024 * 1024;
/// Most merged regions of a part.
const MERGED: u64 = 10_000;
/// Most shared strings that a workbook may announce: memory is reserved for them.
const SHARED_STRINGS: u64 = 4_000_000;

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Text,
    Tag,
    /// Within an attribute of a tag, behind this quote.
    Quoted(u8),
    Comment,
    CharacterData,
    Instruction,
}

/// Reads one part of a workbook as it streams by.
#[derive(Debug)]
pub struct Markup {
    state: State,
    piece: usize,
    at: u64,
    /// The first bytes of a tag.
    head: Vec<u8>,
    /// The last two bytes.
    last: [u8; 2],
    cell_at: Option<u64>,
    merged: u64,
    /// True once a formula was seen.
    pub has_formulas: bool,
}

impl Default for Markup {
    fn default() -> Self {
        Self {
            state: State::Text,
            piece: 0,
            at: 0,
            head: Vec::new(),
            last: [0; 2],
            cell_at: None,
            merged: 0,
            has_formulas: false,
        }
    }
}

impl Markup {
    /// Looks at the next bytes.
    ///
    /// # Errors
    /// Something is larger than any honest workbook has it.
    pub fn look(&mut self, bytes: &[u8]) -> Result<(), String> {
        for &byte in bytes {
            self.at += 1;
            self.piece += 1;
            if self.piece > PIECE_BYTES {
                return Err("a single text or tag is longer than 1 MiB".to_owned());
            }
            let before = self.last;
            self.last = [before[1], byte];
            match (self.state, byte) {
                (State::Text, b'<') => {
                    self.state = State::Tag;
                    self.piece = 1;
                    self.head.clear();
                }
                (State::Text, _) => {}
                (State::Tag, b'>') => {
                    self.tag()?;
                    self.turn(State::Text);
                }
                (State::Tag, b'"' | b'\'') => {
                    self.head_push(byte);
                    self.state = State::Quoted(byte);
                }
                (State::Tag, _) => {
                    self.head_push(byte);
                    match self.head.as_slice() {
                        b"!--" => self.turn(State::Comment),
                        b"![CDATA[" => self.turn(State::CharacterData),
                        b"!D" | b"!d" => return Err("a document type declaration has no place here".to_owned()),
                        b"?" => self.turn(State::Instruction),
                        _ => {}
                    }
                }
                (State::Quoted(quote), _) => {
                    self.head_push(byte);
                    if byte == quote {
                        self.state = State::Tag;
                    }
                }
                (State::Comment, b'>') if before == *b"--" => self.turn(State::Text),
                (State::CharacterData, b'>') if before == *b"]]" => self.turn(State::Text),
                (State::Instruction, b'>') if before[1] == b'?' => self.turn(State::Text),
                _ => {}
            }
        }
        if self.cell_at.is_some_and(|at| self.at - at > CELL_BYTES) {
            return Err("a single cell is longer than 4 MiB".to_owned());
        }
        Ok(())
    }

    fn head_push(&mut self, byte: u8) {
        if self.head.len() < 1024 {
            self.head.push(byte);
        }
    }

    fn turn(&mut self, state: State) {
        self.state = state;
        self.piece = 0;
    }

    /// A tag is complete.
    fn tag(&mut self) -> Result<(), String> {
        let closes = self.head.first() == Some(&b'/');
        let name = &self.head[usize::from(closes)..];
        let end = name.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(name.len());
        let local = name[..end].rsplit(|b| *b == b':').next().unwrap_or_default();
        let is_empty = self.last[0] == b'/';
        match local {
            b"c" if closes || is_empty => self.cell_at = None,
            b"c" => self.cell_at = Some(self.at),
            b"f" => self.has_formulas = true,
            b"mergeCell" => {
                self.merged += 1;
                if self.merged > MERGED {
                    return Err(format!("more than {MERGED} merged regions"));
                }
            }
            b"sst" => {
                let head = String::from_utf8_lossy(&self.head);
                let mut announced = head.split("uniqueCount").skip(1).map(|rest| {
                    let digits = rest.trim_start_matches([' ', '=', '"', '\'', '\t', '\n', '\r']);
                    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
                    if end == 0 { 0 } else { digits[..end].parse().unwrap_or(u64::MAX) }
                });
                // What does not fit into the part of a tag that is kept cannot be checked.
                if self.head.len() >= 1024 || announced.any(|count| count > SHARED_STRINGS) {
                    return Err(format!("more than {SHARED_STRINGS} different texts"));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(parts: &[&[u8]]) -> Result<Markup, String> {
        let mut markup = Markup::default();
        for part in parts {
            for chunk in part.chunks(7) {
                markup.look(chunk)?;
            }
        }
        Ok(markup)
    }

    #[test]
    fn an_honest_part_passes() {
        let sheet = b"<?xml version=\"1.0\"?><worksheet><!-- a > b --><sheetData><row><c r=\"A1\" t='x>y'><f>1&lt;2</f><v>1</v></c><c/></row></sheetData></worksheet>";
        assert!(look(&[sheet]).expect("honest").has_formulas);
        assert!(!look(&[b"<a><v>1</v></a>"]).expect("honest").has_formulas);
    }

    #[test]
    fn what_would_be_gathered_at_once_is_bounded() {
        let long = vec![b'x'; PIECE_BYTES + 1];
        let tags = b"<b>".repeat(PIECE_BYTES / 2);
        for parts in [
            vec![&b"<t>"[..], &long],
            vec![&b"<t a=\""[..], &tags],
            vec![&b"<!--"[..], &tags],
            vec![&b"<![CDATA["[..], &tags],
            vec![&b"<?x "[..], &tags],
        ] {
            assert!(look(&parts).is_err(), "{:?}", String::from_utf8_lossy(parts[0]));
        }
        assert!(look(&[b"<t>", &tags]).is_ok(), "many small pieces are no large one");
        let text = [b"<t>".to_vec(), vec![b'x'; 500_000], b"</t>".to_vec()].concat();
        let nine = [b"<x:c>".to_vec(), text.repeat(9), b"</x:c>".to_vec()].concat();
        assert!(look(&[&nine]).expect_err("a large cell").contains("cell"));
        assert!(look(&[&text.repeat(9)]).is_ok());
    }

    #[test]
    fn announced_memory_is_bounded() {
        assert!(look(&[b"<sst count=\"9\" uniqueCount=\"99999999999999999999\">"]).is_err());
        assert!(look(&[b"<x:sst uniqueCount = '99999999999'/>"]).is_err());
        assert!(look(&[b"<sst a='uniqueCount=1' uniqueCount='99999999999'>"]).is_err());
        assert!(look(&[b"<sst count=\"99999999999\" uniqueCount=\"3\">"]).is_ok());
        assert!(look(&[b"<!DOCTYPE x>"]).is_err());
        assert!(look(&[&b"<mergeCell ref=\"A1:B1\"/>".repeat(10_001)]).is_err());
        assert!(look(&[&b"<mergeCell ref=\"A1:B1\"/>".repeat(10_000)]).is_ok());
    }
}
