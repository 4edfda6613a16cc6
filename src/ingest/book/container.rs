//! The ZIP container of a workbook: how large it really is, before anything parses it.
//!
//! Owns the bounds on entries. What a directory declares may lie, so every entry is really inflated, into nothing.

use std::{
    fs::File,
    io::{BufReader, Read},
};

use zip::ZipArchive;

use super::{FileLimits, markup::Markup};
use crate::ingest::problem::{CellProblem, ProblemCode};

/// Most entries of a container.
const ENTRIES: usize = 1_000;
/// Below this nothing is called a bomb: empty rows compress well.
const FREE_BYTES: u64 = 10 * 1024 * 1024;
/// Most bytes of the parts that are kept in memory as a whole: shared texts, styles, the list of sheets.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;

/// What the look at a container found.
pub struct Contents {
    /// True if any sheet has a formula.
    pub has_formulas: bool,
}

/// Checks a container.
///
/// # Errors
/// It is no workbook, or larger than allowed.
pub fn check(file: File, limits: &FileLimits) -> Result<Contents, CellProblem> {
    let length = file.metadata().map_or(0, |meta| meta.len());
    if length > limits.bytes {
        return Err(too_large(format!("the file has {length} bytes; at most {} are read", limits.bytes)));
    }
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| bad(format!("damaged ZIP container: {e}")))?;
    if archive.len() > ENTRIES {
        return Err(too_large(format!("{} parts in the container; at most {ENTRIES} are read", archive.len())));
    }
    if archive.has_duplicate_names() {
        return Err(bad("two parts of the container have one name"));
    }
    is_workbook(&archive)?;
    let mut declared = 0u64;
    for i in 0..archive.len() {
        let entry = archive.by_index_data(i).map_err(|e| bad(format!("damaged ZIP container: {e}")))?;
        if entry.encrypted() {
            return Err(bad("the file is protected by a password"));
        }
        declared = declared.saturating_add(entry.size());
        bomb(entry.size(), entry.compressed_size(), declared, limits)?;
    }
    let mut inflated = 0u64;
    let mut has_formulas = false;
    for i in 0..archive.len() {
        let entry = archive.by_index(i).map_err(|e| bad(format!("damaged ZIP container: {e}")))?;
        let compressed = entry.compressed_size();
        let is_sheet = entry.name().is_ok_and(|name| name.to_lowercase().contains("worksheets/"));
        has_formulas |= inflate(entry, compressed, is_sheet, &mut inflated, limits)?;
    }
    Ok(Contents { has_formulas })
}

/// Inflates one entry into nothing; true if it is XML with a formula.
pub(super) fn inflate(
    mut entry: impl Read,
    compressed: u64,
    is_sheet: bool,
    total: &mut u64,
    limits: &FileLimits,
) -> Result<bool, CellProblem> {
    let mut buffer = vec![0; 64 * 1024];
    let mut own = 0u64;
    let mut markup: Option<Markup> = None;
    loop {
        let count = entry.read(&mut buffer).map_err(|e| bad(format!("damaged ZIP container: {e}")))?;
        if count == 0 {
            return Ok(markup.is_some_and(|markup| markup.has_formulas));
        }
        let bytes = &buffer[..count];
        if own == 0 {
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
            if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
                return Err(bad("a part of the workbook is not UTF-8"));
            }
            markup = text.starts_with(b"<").then(Markup::default);
        }
        own += count as u64;
        *total += count as u64;
        bomb(own, compressed, *total, limits)?;
        if own > KEPT_BYTES && !(is_sheet && markup.is_some()) {
            return Err(too_large(format!("a part of the workbook is larger than {KEPT_BYTES} bytes")));
        }
        if let Some(markup) = &mut markup {
            markup.look(bytes).map_err(too_large)?;
        }
    }
}

fn bomb(size: u64, compressed: u64, total: u64, limits: &FileLimits) -> Result<(), CellProblem> {
    if total > limits.unpacked_bytes {
        return Err(too_large(format!("the file unpacks to more than {} bytes", limits.unpacked_bytes)));
    }
    if size > FREE_BYTES && size / limits.ratio > compressed {
        return Err(too_large(format!("a part of the file unpacks to more than {} times its size", limits.ratio)));
    }
    Ok(())
}

/// Tells workbooks from the other formats that are ZIP containers.
fn is_workbook<R: Read + std::io::Seek>(archive: &ZipArchive<R>) -> Result<(), CellProblem> {
    let has = |wanted: &str| archive.file_names_raw().any(|name| name.eq_ignore_ascii_case(wanted.as_bytes()));
    if has("xl/workbook.xml") {
        return Ok(());
    }
    let message = match () {
        () if has("word/document.xml") => "this is a Word document (.docx), not a workbook",
        () if has("ppt/presentation.xml") => "this is a presentation (.pptx), not a workbook",
        () if has("xl/workbook.bin") => "binary workbooks (.xlsb) are not read: save as .xlsx",
        () if has("content.xml") => "OpenDocument files (.ods) are not read: save as .xlsx",
        () => "this is a ZIP archive without a workbook: send the .xlsx or .csv file itself",
    };
    Err(bad(message))
}

fn bad(message: impl Into<String>) -> CellProblem {
    CellProblem::of_file(ProblemCode::BadFile, message)
}

fn too_large(message: impl Into<String>) -> CellProblem {
    CellProblem::of_file(ProblemCode::TooLarge, message)
}
