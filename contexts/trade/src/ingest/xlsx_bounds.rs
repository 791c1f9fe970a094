//! How much a workbook unpacks to, measured before anything of it is kept.
//!
//! A workbook is a zip: a few kilobytes may unpack to gigabytes, and what a zip says of its own sizes
//! need not be true. So every part is unpacked once into nothing, up to its bound.

use std::io::{self, BufReader, Read, Write};

use zip::ZipArchive;

use super::error::Fault;
use super::source::SourceFile;

/// Largest workbook in bytes on disk.
const MAX_FILE_BYTES: u64 = 512 << 20;
/// Most that a sheet may unpack to: it is read as a stream.
const MAX_SHEET_BYTES: u64 = 4 << 30;
/// Most that any other part may unpack to: shared strings and styles are kept in memory.
const MAX_PART_BYTES: u64 = 512 << 20;
/// A part that unpacks to more than this many times its size holds nothing but repetition…
const MAX_RATIO: u64 = 250;
/// …which is only looked at beyond this size.
const RATIO_FROM_BYTES: u64 = 32 << 20;
/// Most parts of a workbook.
const MAX_PARTS: usize = 4_096;
/// Most shared strings that a workbook may announce.
const MAX_SHARED_STRINGS: u64 = 20_000_000;

/// Checks the whole workbook against the bounds.
///
/// # Errors
/// When it is no zip, is damaged, or is beyond a bound.
pub fn check(source: &SourceFile) -> Result<(), Fault> {
    if source.bytes() > MAX_FILE_BYTES {
        return Err(too_large("the file has more than 512 MiB"));
    }
    let mut archive = ZipArchive::new(BufReader::new(source.handle()?)).map_err(|error| damaged(&error))?;
    if archive.len() > MAX_PARTS {
        return Err(too_large("more than 4096 parts"));
    }
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = part.name().map_err(|error| damaged(&error))?.to_ascii_lowercase();
        let bound = if name.contains("/worksheets/") { MAX_SHEET_BYTES } else { MAX_PART_BYTES };
        let by_ratio = part.compressed_size().saturating_mul(MAX_RATIO).max(RATIO_FROM_BYTES);
        let bound = bound.min(by_ratio);
        let mut head = Head::default();
        let count = io::copy(&mut part.take(bound + 1), &mut head).map_err(|error| damaged(&error))?;
        if count > bound {
            return Err(too_large("a part unpacks to more than it may"));
        }
        if name.ends_with("sharedstrings.xml")
            && head.announced_strings().is_some_and(|count| count > MAX_SHARED_STRINGS)
        {
            return Err(too_large("more than 20 million texts"));
        }
    }
    Ok(())
}

fn too_large(what: &str) -> Fault {
    Fault::WorkbookTooLarge(what.to_owned())
}

fn damaged(error: &dyn std::error::Error) -> Fault {
    Fault::Workbook(format!("{error}: the file is truncated or damaged, save or download it again"))
}

/// Keeps the first bytes written to it and forgets the rest.
#[derive(Default)]
struct Head(Vec<u8>);

impl Head {
    /// The `uniqueCount` of a shared-strings part, for which its reader reserves memory at once.
    fn announced_strings(&self) -> Option<u64> {
        let text = String::from_utf8_lossy(&self.0);
        let value = text.split_once("uniqueCount=")?.1;
        let digits: String = value.chars().skip(1).take_while(char::is_ascii_digit).collect();
        Some(digits.parse().unwrap_or(u64::MAX))
    }
}

impl Write for Head {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = 4_096_usize.saturating_sub(self.0.len()).min(bytes.len());
        self.0.extend_from_slice(&bytes[..room]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
