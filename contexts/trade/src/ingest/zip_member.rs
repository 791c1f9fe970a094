//! The one text file of a zip archive, as `EXP_COMPLETA.zip` is published.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::CrcReader;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::error::Fault;
use super::source::SourceFile;

/// Most members that an archive is searched in.
const MEMBERS_MAX: usize = 1_000;
/// Most that the member may unpack to: thrice the whole history of exports.
const MEMBER_BYTES_MAX: u64 = 16 << 30;

/// The decompressed member, checked against its size and CRC-32 at its end.
pub(super) struct Member {
    reader: CrcReader<Box<dyn Read + Send>>,
    left: u64,
    crc32: u32,
}

impl Read for Member {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let damaged = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| damaged("the member is larger than it says"))?;
        if count == 0 && !buffer.is_empty() {
            if self.left > 0 {
                return Err(damaged("the member is smaller than it says"));
            }
            if self.reader.crc().sum() != self.crc32 {
                return Err(damaged("the check sum of the member is wrong"));
            }
        }
        Ok(count)
    }
}

/// The member of the archive, read through `counting`, which reads the same file.
///
/// # Errors
/// Not exactly one text file, a password, a compression other than deflate, a damaged archive.
pub(super) fn open<R: Read + Seek + Send + 'static>(source: &SourceFile, mut counting: R) -> Result<Member, Fault> {
    let damaged = |error: &dyn std::error::Error| Fault::Zip(format!("is damaged ({error}): download it again"));
    let mut archive = ZipArchive::new(BufReader::new(source.handle()?)).map_err(|error| damaged(&error))?;
    if archive.len() > MEMBERS_MAX {
        return Err(Fault::Zip(format!("holds more than {MEMBERS_MAX} files: unzip it and load the CSV inside")));
    }
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|error| damaged(&error))?;
        let name = member.name().map_err(|error| damaged(&error))?.to_string();
        if !member.is_dir() && !name.starts_with("__MACOSX/") {
            names.push((index, name));
        }
    }
    let [(index, name)] = names.as_slice() else {
        let listed: Vec<&str> = names.iter().take(5).map(|(_, name)| name.as_str()).collect();
        let found = if listed.is_empty() { "none".to_owned() } else { listed.join(", ") };
        return Err(Fault::Zip(format!("holds {} files ({found}): unzip it and load them one by one", names.len())));
    };
    if name.to_ascii_lowercase().ends_with(".xlsx") {
        return Err(Fault::Zip(format!("holds the workbook {name}: unzip it and use load-xlsx")));
    }
    let member = archive.by_index_raw(*index).map_err(|error| damaged(&error))?;
    if member.encrypted() {
        return Err(Fault::Zip(format!("holds {name} behind a password: unzip it first")));
    }
    let (size, packed, crc32, start) =
        (member.size(), member.compressed_size(), member.crc32(), member.data_start().unwrap_or_default());
    if size > MEMBER_BYTES_MAX {
        return Err(Fault::Zip(format!("holds {name} of more than 16 GiB: that is no export file")));
    }
    counting.seek(SeekFrom::Start(start)).map_err(Fault::Unreadable)?;
    let packed = BufReader::with_capacity(256 << 10, counting).take(packed);
    let reader: Box<dyn Read + Send> = match member.compression() {
        CompressionMethod::Stored => Box::new(packed),
        CompressionMethod::Deflated => Box::new(DeflateDecoder::new(packed)),
        other => return Err(Fault::Zip(format!("holds {name} compressed as {other}: unzip it first"))),
    };
    Ok(Member { reader: CrcReader::new(reader), left: size, crc32 })
}
