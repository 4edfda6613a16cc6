//! CSV and TSV as records, from a stream of any length in constant memory.
//!
//! Owns what the `csv` crate cannot say and an importer must: the line on which a record really begins, a quote that
//! is never closed, the place of the first wrong byte, and a bound on the length of a record. What it reads is
//! compared with what that crate reads, in a property below.

use std::io::{BufRead, ErrorKind};

/// A record longer than this is no record.
const RECORD_BYTES: usize = 4 * 1024 * 1024;

/// The cells of one record; the buffers are used again for the next.
#[derive(Debug, Default)]
pub struct Record {
    /// Line on which it begins, from 1.
    pub line: u64,
    /// First line behind it.
    pub next_line: u64,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    /// Its cells as they stand.
    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.ends.iter().scan(0, |start, &end| Some(&self.bytes[std::mem::replace(start, end)..end]))
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
}

/// Why a stream is no CSV file.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken {
    /// The file cannot be read.
    Io(String),
    /// A byte 0 in this line, at this byte of the file.
    Nul(u64, u64),
    /// A quote opened in this line is never closed, or not within the length of a record.
    OpenQuote(u64),
    /// The record that begins in this line is too long.
    TooLong(u64),
    /// The record that begins in this line has too many cells.
    TooManyCells(u64),
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before the first byte of a record.
    Record,
    /// Before the first byte of a cell.
    Cell,
    /// Within a cell without quotes.
    Plain,
    /// Within quotes.
    Quoted,
    /// Behind a quote within quotes: it ends them, or is doubled.
    Quote,
}

/// Reads records one by one.
pub struct Records<R> {
    input: R,
    delimiter: u8,
    columns: usize,
    line: u64,
    at: u64,
    after_return: bool,
}

impl<R: BufRead> Records<R> {
    /// Reads from `input`, which begins at byte `at` and in line `line` of its file.
    pub fn new(input: R, delimiter: u8, columns: usize, line: u64, at: u64) -> Self {
        Self { input, delimiter, columns, line, at, after_return: false }
    }

    /// Reads the next record; false at the end. Empty lines are no records.
    ///
    /// # Errors
    /// The first thing that makes the file no CSV file.
    pub fn read(&mut self, record: &mut Record) -> Result<bool, Broken> {
        record.bytes.clear();
        record.ends.clear();
        record.line = self.line;
        let (mut state, mut quote_line, mut length) = (State::Record, 0, 0usize);
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Broken::Io(error.to_string())),
            };
            if buffer.is_empty() {
                return match state {
                    State::Record => Ok(false),
                    State::Quoted => Err(Broken::OpenQuote(quote_line)),
                    _ => {
                        record.ends.push(record.bytes.len());
                        record.next_line = self.line + 1;
                        Ok(true)
                    }
                };
            }
            let mut used = 0;
            let mut complete = false;
            for &byte in buffer {
                used += 1;
                // A line ends with \n, \r\n or \r alone.
                if std::mem::take(&mut self.after_return) && byte == b'\n' {
                    if state == State::Quoted {
                        record.bytes.push(byte);
                    }
                    continue;
                }
                let ends_line = byte == b'\n' || byte == b'\r';
                self.after_return = byte == b'\r';
                self.line += u64::from(ends_line);
                match (state, byte) {
                    (_, 0) => return Err(Broken::Nul(self.line, self.at + used as u64 - 1)),
                    (State::Record, b'\n' | b'\r') => {
                        record.line = self.line;
                        continue;
                    }
                    (State::Quoted, b'"') => state = State::Quote,
                    (State::Quoted, _) => record.bytes.push(byte),
                    (State::Record | State::Cell, b'"') => {
                        state = State::Quoted;
                        quote_line = self.line;
                    }
                    (_, b'\n' | b'\r') => {
                        complete = true;
                        break;
                    }
                    (_, byte) if byte == self.delimiter => {
                        record.ends.push(record.bytes.len());
                        state = State::Cell;
                        if record.ends.len() >= self.columns {
                            return Err(Broken::TooManyCells(record.line));
                        }
                    }
                    (State::Quote, b'"') => {
                        record.bytes.push(byte);
                        state = State::Quoted;
                    }
                    (_, byte) => {
                        record.bytes.push(byte);
                        state = State::Plain;
                    }
                }
            }
            self.at += used as u64;
            self.input.consume(used);
            length += used;
            if complete {
                record.ends.push(record.bytes.len());
                record.next_line = self.line;
                return Ok(true);
            }
            if state != State::Record && length > RECORD_BYTES {
                let quoted = matches!(state, State::Quoted | State::Quote);
                return Err(if quoted { Broken::OpenQuote(quote_line) } else { Broken::TooLong(record.line) });
            }
            if state == State::Record {
                length = 0;
            }
        }
    }
}

/// The delimiter of a file by its beginning: the one that stands most often, and equally often, in the lines.
pub fn delimiter(sample: &[u8]) -> u8 {
    let score = |delimiter: u8| {
        let mut records = Records::new(sample, delimiter, usize::MAX, 1, 0);
        let mut record = Record::default();
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        for _ in 0..100 {
            match records.read(&mut record) {
                Ok(true) => *counts.entry(record.len() - 1).or_default() += 1,
                _ => break,
            }
        }
        counts.into_iter().map(|(delimiters, lines)| delimiters * lines).max().unwrap_or(0)
    };
    // Commas stand in texts and decimals more often than the others: on a tie they lose.
    let candidates = [b',', b';', b'\t'];
    candidates.into_iter().max_by_key(|delimiter| score(*delimiter)).filter(|d| score(*d) > 0).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Lines = Vec<(u64, Vec<String>)>;

    fn read(text: &[u8], columns: usize, buffer: usize) -> Result<Lines, Broken> {
        let input = std::io::BufReader::with_capacity(buffer, text);
        let mut records = Records::new(input, b',', columns, 1, 0);
        let mut record = Record::default();
        let mut found = Vec::new();
        while records.read(&mut record)? {
            let cells = record.cells().map(|cell| String::from_utf8_lossy(cell).into_owned());
            found.push((record.line, cells.collect()));
        }
        Ok(found)
    }

    #[test]
    fn lines_are_numbered_as_people_count_them() {
        for (text, lines) in [
            ("a\n\n\nb\n", vec![1, 4]),
            ("\n\na\nb", vec![3, 4]),
            ("a\r\n\r\nb\r\n", vec![1, 3]),
            ("a\rb\rc", vec![1, 2, 3]),
            ("\"x\n\ny\"\nb", vec![1, 4]),
            ("\"x\r\ny\"\r\nb", vec![1, 3]),
        ] {
            for buffer in [1, 2, 64] {
                let found: Vec<u64> =
                    read(text.as_bytes(), 9, buffer).expect(text).into_iter().map(|(n, _)| n).collect();
                assert_eq!(found, lines, "{text:?}");
            }
        }
    }

    #[test]
    fn what_is_broken_is_told_with_its_line() {
        assert_eq!(read(b"a,b\nc,\"d\ne,f\n", 9, 64), Err(Broken::OpenQuote(2)));
        assert_eq!(read(b"a\nb\0c\n", 9, 64), Err(Broken::Nul(2, 3)));
        assert_eq!(read(b"a\nb,c,d\n", 2, 64), Err(Broken::TooManyCells(2)));
        assert_eq!(read(b"a\nb,c\n", 2, 64).map(|lines| lines.len()), Ok(2));
        let mut long = b"a\n".to_vec();
        long.resize(RECORD_BYTES + 100_000, b'x');
        assert_eq!(read(&long, 9, 8192), Err(Broken::TooLong(2)));
        let many = vec![b'\n'; RECORD_BYTES + 100_000];
        assert_eq!(read(&many, 9, 8192), Ok(vec![]), "empty lines add up to no record");
    }

    #[test]
    fn the_delimiter_is_the_regular_one() {
        assert_eq!(delimiter(b"a,b,c\n1,2,3\n"), b',');
        assert_eq!(delimiter(b"a;b;c\n1,5;2,5;3\n1,5;2,5;3\n"), b';');
        assert_eq!(delimiter(b"a\tb\n1,5\t2\n"), b'\t');
        assert_eq!(delimiter("Bảng 1, năm 2024\n\nx;y\n1;2\n".as_bytes()), b';');
        assert_eq!(delimiter(b"i,b,v\nx,level=a;channel=b,1\ny,level=a;channel=c,2\n"), b',');
        assert_eq!(delimiter(b"a\nb\n"), b',');
        assert_eq!(delimiter(b""), b',');
    }

    proptest! {
        #[test]
        fn it_reads_what_the_csv_crate_reads(text in "[ab,\"\n\r ]{0,40}", buffer in 1usize..16) {
            let mut reference = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> =
                reference.records().map(|r| r.expect("text").iter().map(str::to_owned).collect()).collect();
            match read(text.as_bytes(), usize::MAX, buffer) {
                Ok(found) => prop_assert_eq!(found.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), expected),
                Err(broken) => prop_assert!(matches!(broken, Broken::OpenQuote(_)), "{:?}", broken),
            }
        }
    }
}
