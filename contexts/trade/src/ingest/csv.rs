//! Text files: one thread decompresses, one hashes, the others parse, the caller gets facts in file order.
//!
//! Memory is bounded whatever the file holds: a few blocks of [`super::source::BLOCK_BYTES`] are on their way at any time.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use platform::random::hex;
use sha2::{Digest, Sha256};

use super::collect::{Collector, ParsedBlock};
use super::error::{Fault, Located, Place, ReadError, SinkError};
use super::layout::{Layout, LayoutKind, Role};
use super::names::{KnownNames, Names};
use super::rejects::Reject;
use super::row::{Line, LineParser, Rules};
use super::source::{Blocks, MAX_LINE_BYTES, SourceFile, refuse_binary};
use super::summary::{Batch, Progress, ReadSummary};

/// Bytes that the shortest plausible row takes, to size buffers.
const ROW_BYTES: usize = 48;

/// How to read a file.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Rejected rows that a file may have, in parts of a million of its rows. Product default: 1,000 (0.1 %).
    pub max_rejects_ppm: u32,
    /// Where rejected rows are written; nowhere when `None`.
    pub rejects_path: Option<PathBuf>,
    /// Threads that parse; at least one.
    pub workers: usize,
    /// What rows are judged by.
    pub rules: Rules,
}

impl ReadOptions {
    /// The product's defaults, for rows judged by `rules`.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let cores = thread::available_parallelism().map_or(2, NonZero::get);
        Self { max_rejects_ppm: 1_000, rejects_path: None, workers: cores.min(8), rules }
    }
}

/// Takes the facts of a file, batch by batch.
pub type Sink<'a> = dyn FnMut(Batch) -> Result<(), SinkError> + 'a;

/// Reads an export file (plain or gzip, either layout) and gives its facts to `sink` in file order.
/// New names get codes in the order of their first row; `names` keeps them for the next file.
///
/// # Errors
/// The file is refused as a whole: what `sink` was given before must not count.
pub fn read_csv(
    path: &Path,
    options: &ReadOptions,
    names: &mut Names,
    sink: &mut Sink<'_>,
    progress: &dyn Fn(Progress),
) -> Result<ReadSummary, ReadError> {
    let source = SourceFile::open(path).map_err(|fault| Located::from(fault).of_file(path))?;
    let read = read(&source, Collector::new(names, options), options, sink, progress);
    // A file that was overwritten looks damaged in many ways: the cause is told, not the symptom.
    let read = match (read, source.verify_unchanged()) {
        (Err(located), Err(_)) if matches!(located.fault, Fault::Sink(_)) => Err(located),
        (_, Err(changed)) => Err(changed.into()),
        (Err(located), Ok(())) => Err(corrupt_behind(&source).map_or(located, Located::from)),
        (read, Ok(())) => read,
    };
    read.map_err(|located| located.of_file(path))
}

/// The layout of a text file, told by its header.
///
/// # Errors
/// When the file cannot be read or its header is unknown.
pub fn layout_of(path: &Path) -> Result<LayoutKind, Fault> {
    let mut blocks = Blocks::new(&SourceFile::open(path)?)?;
    let first = blocks.next_block().ok_or(Fault::Empty)??;
    header(&first, blocks.line_end).map(|(layout, _)| layout.kind)
}

/// Damage inside compressed data shows as nonsense rows long before the stream's own check fails.
fn corrupt_behind(source: &SourceFile) -> Option<Fault> {
    let mut blocks = Blocks::rewound(source).ok()?;
    while let Some(block) = blocks.next_block() {
        match block {
            Ok(_) => {}
            Err(fault @ Fault::GzipCorrupt(_)) => return Some(fault),
            Err(_) => return None,
        }
    }
    None
}

fn read(
    source: &SourceFile,
    mut collector: Collector<'_>,
    options: &ReadOptions,
    sink: &mut Sink<'_>,
    progress: &dyn Fn(Progress),
) -> Result<ReadSummary, Located> {
    let mut blocks = Blocks::new(source)?;
    let at_line_1 = |fault| Located::at_line(1, fault);
    let first = blocks.next_block().ok_or(Fault::Empty)?.map_err(at_line_1)?;
    refuse_binary(&first)?;
    let line_end = blocks.line_end;
    let (layout, header_end) = header(&first, line_end).map_err(at_line_1)?;
    let (workers, rules) = (options.workers.max(1), options.rules);
    collector.lines = 1;
    let names = collector.known_names();
    let bytes_read = Arc::clone(&blocks.bytes_read);
    let bytes_total = source.bytes();

    let (sha256, whole_lines) = thread::scope(|scope| {
        let depth = workers + 2;
        let (permit_sender, permits) = sync_channel::<()>(depth);
        let (work_sender, work) = sync_channel::<Work>(depth);
        let (hash_sender, hash) = sync_channel::<Arc<Vec<u8>>>(depth);
        let (done_sender, done) = sync_channel::<Done>(depth);
        let queues = Queues { permits: permit_sender, work: work_sender, hash: hash_sender, done: done_sender.clone() };
        let feeder = scope.spawn(move || feed(blocks, first, header_end, &queues));
        let hasher = scope.spawn(move || hash_all(&hash));
        let work = Arc::new(Mutex::new(work));
        for _ in 0..workers {
            let (work, done_sender, names, layout) = (Arc::clone(&work), done_sender.clone(), names.clone(), &layout);
            scope.spawn(move || {
                parse_all(&work, &done_sender, &|block| parse_block(block, line_end, layout, rules, &names));
            });
        }
        // Only the threads hold these ends now: when they are through, the queues close.
        drop((work, done_sender));
        deliver(&done, &permits, &mut collector, sink, &|rows| {
            progress(Progress { bytes_read: bytes_read.load(Ordering::Relaxed).min(bytes_total), bytes_total, rows });
        })?;
        let whole_lines = feeder.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok::<_, Located>((hasher.join().unwrap_or_else(|panic| resume_unwind(panic)), whole_lines))
    })?;

    if !whole_lines {
        collector
            .notices
            .push("the last line has no line end: if the file was cut there, nothing else shows it".to_owned());
    }
    collector.finish(layout.kind, sha256, bytes_total)
}

/// The layout of the file and where its first row begins.
fn header(block: &[u8], line_end: u8) -> Result<(Layout, usize), Fault> {
    let text = block.strip_prefix(b"\xef\xbb\xbf").unwrap_or(block);
    let skipped = block.len() - text.len();
    let end = memchr::memchr(line_end, text).unwrap_or(text.len());
    if end > MAX_LINE_BYTES {
        return Err(Fault::LineTooLong { max_bytes: MAX_LINE_BYTES });
    }
    let line = without_return(&text[..end]);
    if line.contains(&0) {
        return Err(Fault::NulByte);
    }
    Ok((Layout::of_line(line)?, (skipped + end + 1).min(block.len())))
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A block to parse, from `start` on.
struct Work {
    sequence: u64,
    block: Arc<Vec<u8>>,
    start: usize,
}

/// A parsed block, or what is wrong with it; lines count from 1 within the block.
struct Done {
    sequence: u64,
    result: Result<ParsedBlock, Located>,
}

/// Where the feeding thread puts things. A queue that is closed means that nobody wants more.
struct Queues {
    /// One place for each block that may be on its way.
    permits: SyncSender<()>,
    work: SyncSender<Work>,
    hash: SyncSender<Arc<Vec<u8>>>,
    done: SyncSender<Done>,
}

/// Reads all blocks into the queues. Whether the text ended with a line end.
fn feed(mut blocks: Blocks, first: Vec<u8>, first_start: usize, queues: &Queues) -> bool {
    let mut next = Some(Ok(first));
    let mut start = first_start;
    let mut whole_lines = true;
    let mut sequence = 0;
    while let Some(block) = next {
        if queues.permits.send(()).is_err() {
            return whole_lines;
        }
        match block {
            Ok(block) => {
                whole_lines = block.last() == Some(&blocks.line_end);
                let block = Arc::new(block);
                let work = Work { sequence, block: Arc::clone(&block), start };
                if queues.hash.send(block).is_err() || queues.work.send(work).is_err() {
                    return whole_lines;
                }
            }
            Err(fault) => {
                let done = Done { sequence, result: Err(Located::at_line(1, fault)) };
                // Nobody listens any more: the reason is known elsewhere.
                drop(queues.done.send(done));
                return whole_lines;
            }
        }
        start = 0;
        sequence += 1;
        next = blocks.next_block();
    }
    whole_lines
}

fn hash_all(blocks: &Receiver<Arc<Vec<u8>>>) -> String {
    let mut hasher = Sha256::new();
    for block in blocks {
        hasher.update(block.as_slice());
    }
    hex(&hasher.finalize())
}

fn parse_all(
    work: &Mutex<Receiver<Work>>,
    done: &SyncSender<Done>,
    parse: &dyn Fn(&[u8]) -> Result<ParsedBlock, Located>,
) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Work { sequence, block, start }) = next else {
            return;
        };
        let result = parse(&block[start..]);
        drop(block);
        if done.send(Done { sequence, result }).is_err() {
            return;
        }
    }
}

/// Parses whole lines; the last may lack its end.
fn parse_block(
    block: &[u8],
    line_end: u8,
    layout: &Layout,
    rules: Rules,
    names: &KnownNames,
) -> Result<ParsedBlock, Located> {
    let mut parsed = ParsedBlock::new(names.block(), block.len() / ROW_BYTES);
    let mut parser = LineParser::new(layout, rules, names.block());
    let nul_at = memchr::memchr(0, block).unwrap_or(usize::MAX);
    let mut start = 0;
    while start < block.len() {
        let end = memchr::memchr(line_end, &block[start..]).map_or(block.len(), |length| start + length);
        let line = without_return(&block[start..end]);
        parsed.lines += 1;
        let number = parsed.lines;
        if line.len() > MAX_LINE_BYTES {
            return Err(Located::at_line(number, Fault::LineTooLong { max_bytes: MAX_LINE_BYTES }));
        }
        if nul_at < end {
            let column = memchr::memchr_iter(layout.delimiter, &block[start..nul_at]).count();
            return Err(located(number, Fault::NulByte, Some(layout.column_label(column))));
        }
        start = end + 1;
        if line.is_empty() {
            continue;
        }
        let column = |role: Role| Some(layout.column_label(layout.place(role)));
        match parser.parse(line) {
            Ok(Line::Fact(fact)) => parsed.add(fact),
            Ok(Line::Facts(facts)) => facts.into_iter().for_each(|fact| parsed.add(fact)),
            Ok(Line::Reject(reason, role, found)) => {
                let place = Place { sheet: None, line: Some(number), column: column(role) };
                parsed.rejects.push(Reject::new(place, reason, &found, line));
            }
            Err((fault, at)) => {
                return Err(located(number, fault, at.map(|at| layout.column_label(at))));
            }
        }
        if !parser.evidence.is_empty() {
            for (role, evidence) in parser.evidence.shown() {
                let place = || Place { sheet: None, line: Some(number), column: column(role) };
                parsed.marks.note(role, evidence, place, &parser.text(line, role));
            }
        }
    }
    parsed.names = parser.names;
    Ok(parsed)
}

fn located(line: u64, fault: Fault, column: Option<String>) -> Located {
    Located { place: Box::new(Place { sheet: None, line: Some(line), column }), fault }
}

/// Brings parsed blocks back into file order and gives them to the sink.
fn deliver(
    done: &Receiver<Done>,
    permits: &Receiver<()>,
    collector: &mut Collector<'_>,
    sink: &mut Sink<'_>,
    progress: &dyn Fn(u64),
) -> Result<(), Located> {
    let mut waiting: BTreeMap<u64, Result<ParsedBlock, Located>> = BTreeMap::new();
    let mut expected = 0;
    for Done { sequence, result } in done {
        waiting.insert(sequence, result);
        while let Some(result) = waiting.remove(&expected) {
            expected += 1;
            let block = result.map_err(|mut located| {
                located.place.line = located.place.line.map(|line| line + collector.lines);
                located
            })?;
            let batch = collector.take(block)?;
            progress(collector.rows());
            if !batch.facts.is_empty() {
                sink(batch).map_err(Fault::Sink)?;
            }
            // The place of a delivered block is free again.
            if permits.recv().is_err() {
                break;
            }
        }
    }
    Ok(())
}
