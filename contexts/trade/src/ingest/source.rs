//! A file as blocks of whole lines, decompressed, and the proof that it stayed the same meanwhile.

use std::fs::{self, File, Metadata};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::error::Fault;
use super::zip_member;

/// Bytes of a block, which is also the most memory that a line without end can take.
pub const BLOCK_BYTES: usize = 2 << 20;
/// Longest line that a file may have.
pub const MAX_LINE_BYTES: usize = 64 << 10;
const READ_BYTES: usize = 256 << 10;

/// What makes a file the same file with the same content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// An open regular file and what it was when it was opened.
#[derive(Debug)]
pub struct SourceFile {
    path: PathBuf,
    file: File,
    identity: Identity,
}

impl SourceFile {
    /// Opens a regular file.
    ///
    /// # Errors
    /// When there is none, it is something else, or it may not be read.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        // Asked before opening: opening a pipe would wait for its writer.
        let kind = fs::metadata(path).map_err(Fault::Unreadable)?.file_type();
        if kind.is_dir() {
            return Err(Fault::NotAFile("a directory"));
        }
        if kind.is_fifo() || kind.is_socket() {
            return Err(Fault::NotAFile("a pipe"));
        }
        if !kind.is_file() {
            return Err(Fault::NotAFile("a device"));
        }
        let file = File::open(path).map_err(Fault::Unreadable)?;
        let identity = Identity::of(&file.metadata().map_err(Fault::Unreadable)?);
        if identity.bytes == 0 {
            return Err(Fault::Empty);
        }
        Ok(Self { path: path.to_owned(), file, identity })
    }

    /// Size in bytes when it was opened.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.identity.bytes
    }

    /// Another handle on the same open file.
    ///
    /// # Errors
    /// When the system has no more handles.
    pub fn handle(&self) -> Result<File, Fault> {
        self.file.try_clone().map_err(Fault::Unreadable)
    }

    /// Checks that neither the open file nor what its path names has changed.
    ///
    /// # Errors
    /// Says what changed.
    pub fn verify_unchanged(&self) -> Result<(), Fault> {
        let open = Identity::of(&self.file.metadata().map_err(Fault::Unreadable)?);
        let named = fs::metadata(&self.path).map_err(|_| Fault::Changed("it was moved or deleted"))?;
        let named = Identity::of(&named);
        if (named.device, named.inode) != (self.identity.device, self.identity.inode) {
            return Err(Fault::Changed("another file took its place"));
        }
        if open.bytes > self.identity.bytes {
            return Err(Fault::Changed("it grew"));
        }
        if open.bytes < self.identity.bytes {
            return Err(Fault::Changed("it shrank"));
        }
        if open.modified != self.identity.modified || open.changed != self.identity.changed {
            return Err(Fault::Changed("it was written to"));
        }
        Ok(())
    }
}

/// Counts what is read from the file, for progress.
struct Counting {
    file: File,
    read: Arc<AtomicU64>,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Counting {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Zip,
}

/// The decompressed text in blocks that end with a line end (the last one may not).
pub struct Blocks {
    reader: Box<dyn Read + Send>,
    compression: Compression,
    carry: Vec<u8>,
    fault: Option<Fault>,
    ended: bool,
    /// Bytes of the file read so far.
    pub bytes_read: Arc<AtomicU64>,
    /// What ends a line: LF, or CR in a file whose first block has none.
    pub line_end: u8,
}

impl Blocks {
    /// From an open file; gzip (also of several members) and zip (of one file) are told by their first bytes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn new(source: &SourceFile) -> Result<Self, Fault> {
        let bytes_read = Arc::new(AtomicU64::new(0));
        let counting = Counting { file: source.handle()?, read: Arc::clone(&bytes_read) };
        let mut buffered = BufReader::with_capacity(READ_BYTES, counting);
        let start = buffered.fill_buf().map_err(Fault::Unreadable)?;
        let (compression, reader): (_, Box<dyn Read + Send>) = if start.starts_with(&[0x1f, 0x8b]) {
            (Compression::Gzip, Box::new(MultiGzDecoder::new(buffered)))
        } else if start.starts_with(b"PK\x03\x04") {
            refuse_binary_zip(start)?;
            (Compression::Zip, Box::new(zip_member::open(source, buffered.into_inner())?))
        } else {
            (Compression::None, Box::new(buffered))
        };
        let carry = Vec::new();
        Ok(Self { reader, compression, carry, fault: None, ended: false, bytes_read, line_end: b'\n' })
    }

    /// From the beginning once more, for a gzip file that turned out bad; nothing for other files.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rewound(source: &SourceFile) -> Result<Self, Fault> {
        let mut file = source.handle()?;
        file.seek(SeekFrom::Start(0)).map_err(Fault::Unreadable)?;
        let mut blocks = Self::new(source)?;
        blocks.ended = blocks.compression == Compression::None;
        Ok(blocks)
    }

    /// The next block, never empty; `None` at the end. After a fault there is nothing more.
    ///
    /// # Errors
    /// Truncated or corrupt gzip, a line without end, a file that cannot be read.
    pub fn next_block(&mut self) -> Option<Result<Vec<u8>, Fault>> {
        if let Some(fault) = self.fault.take() {
            return Some(Err(fault));
        }
        if self.ended {
            return None;
        }
        let mut block = Vec::with_capacity(BLOCK_BYTES);
        block.append(&mut self.carry);
        let first = block.is_empty();
        let wanted = (BLOCK_BYTES - block.len()) as u64;
        let read = self.reader.by_ref().take(wanted).read_to_end(&mut block);
        if first && memchr::memchr(b'\n', &block).is_none() && memchr::memchr(b'\r', &block).is_some() {
            self.line_end = b'\r';
        }
        match read {
            Ok(count) if (count as u64) < wanted => {
                self.ended = true;
                return (!block.is_empty()).then_some(Ok(block));
            }
            Ok(_) => {}
            Err(error) => {
                // Whole lines before the fault are delivered first: an earlier, more telling fault wins.
                self.ended = true;
                let fault = self.read_fault(error);
                let whole_lines = memchr::memrchr(self.line_end, &block).map_or(0, |at| at + 1);
                block.truncate(whole_lines);
                if block.is_empty() {
                    return Some(Err(fault));
                }
                self.fault = Some(fault);
                return Some(Ok(block));
            }
        }
        let Some(end) = memchr::memrchr(self.line_end, &block) else {
            self.ended = true;
            return Some(Err(Fault::LineTooLong { max_bytes: MAX_LINE_BYTES }));
        };
        self.carry = block.split_off(end + 1);
        Some(Ok(block))
    }

    fn read_fault(&self, error: io::Error) -> Fault {
        match error.kind() {
            _ if self.compression == Compression::None => Fault::Unreadable(error),
            // A zip that was cut has lost its list of files: what opens is whole, or damaged inside.
            io::ErrorKind::UnexpectedEof if self.compression == Compression::Zip => Fault::GzipCorrupt(error),
            io::ErrorKind::UnexpectedEof => Fault::GzipTruncated(error),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Fault::GzipCorrupt(error),
            _ => Fault::Unreadable(error),
        }
    }
}

/// Refuses what is no text, told by the first bytes of the decompressed content.
///
/// # Errors
/// Names what it is and what to do.
pub fn refuse_binary(start: &[u8]) -> Result<(), Fault> {
    let refused = match start {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => ("a zip archive inside an archive, or an empty one", "unzip it once"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => ("an old Excel workbook", "save it as XLSX and use load-xlsx"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ("zstd-compressed", "decompress it, or compress it with gzip"),
        [b'B', b'Z', b'h', ..] => ("bzip2-compressed", "decompress it, or compress it with gzip"),
        [0xfd, b'7', b'z', b'X', b'Z', ..] => ("xz-compressed", "decompress it, or compress it with gzip"),
        [b'7', b'z', 0xbc, 0xaf, ..] => ("a 7z archive", "unpack it and load the CSV inside"),
        [0x1f, 0x8b, ..] => ("compressed twice", "decompress it once"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("UTF-16 text", "save it as UTF-8"),
        [b'%', b'P', b'D', b'F', ..] => ("a PDF", "download the CSV"),
        [b'P', b'A', b'R', b'1', ..] => ("a Parquet file", "export it as CSV"),
        _ if is_html(start) => ("a web page", "the download failed, download it again"),
        _ => return Ok(()),
    };
    Err(Fault::NotText { found: refused.0, advice: refused.1 })
}

/// Refuses a zip that is a workbook, told by the names of its first parts.
fn refuse_binary_zip(start: &[u8]) -> Result<(), Fault> {
    let window = &start[..start.len().min(8_192)];
    let workbook =
        [&b"[Content_Types].xml"[..], b"xl/"].iter().any(|name| memchr::memmem::find(window, name).is_some());
    if workbook {
        return Err(Fault::NotText { found: "an XLSX workbook", advice: "use load-xlsx" });
    }
    Ok(())
}

fn is_html(start: &[u8]) -> bool {
    let text = start[..start.len().min(256)].trim_ascii_start();
    [&b"<!doctype"[..], b"<html", b"<?xml", b"<head"]
        .iter()
        .any(|tag| text.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag)))
}
