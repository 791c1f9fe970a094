//! What the text reader and the workbook reader share: parsed blocks into batches, counts and verdicts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::csv::ReadOptions;
use super::error::{Fault, Located};
use super::layout::LayoutKind;
use super::marks::FileMarks;
use super::names::{BlockNames, KnownNames, Names};
use super::rejects::{Reject, RejectFile};
use super::summary::{Batch, MonthSums, ReadSummary, Sums};
use crate::domain::code::Month;
use crate::domain::fact::Fact;

/// Rejected rows that a summary shows.
const FIRST_REJECTS: usize = 10;

/// A block of rows, parsed apart from all others. Lines count from 1 within the block.
#[derive(Debug)]
pub(crate) struct ParsedBlock {
    pub facts: Vec<Fact>,
    pub names: BlockNames,
    pub rejects: Vec<Reject>,
    pub months: MonthSums,
    /// Lines of the block, blank ones included.
    pub lines: u64,
    /// What the numbers show of their decimal marks.
    pub marks: FileMarks,
}

impl ParsedBlock {
    pub fn new(names: BlockNames, rows: usize) -> Self {
        Self {
            facts: Vec::with_capacity(rows),
            names,
            rejects: Vec::new(),
            months: MonthSums::default(),
            lines: 0,
            marks: FileMarks::default(),
        }
    }

    #[inline]
    pub fn add(&mut self, fact: Fact) {
        self.months.add(&fact);
        self.facts.push(fact);
    }
}

/// Takes blocks in file order.
pub(crate) struct Collector<'a> {
    names: &'a mut Names,
    options: &'a ReadOptions,
    rejects: RejectFile,
    /// Lines of the blocks taken so far.
    pub lines: u64,
    rows_accepted: u64,
    rows_rejected: u64,
    months: BTreeMap<Month, Sums>,
    first_rejects: Vec<Reject>,
    marks: FileMarks,
    /// Things worth telling.
    pub notices: Vec<String>,
}

impl<'a> Collector<'a> {
    pub fn new(names: &'a mut Names, options: &'a ReadOptions) -> Self {
        Self {
            names,
            options,
            rejects: RejectFile::new(options.rejects_path.as_deref()),
            lines: 0,
            rows_accepted: 0,
            rows_rejected: 0,
            months: BTreeMap::new(),
            first_rejects: Vec::new(),
            marks: FileMarks::default(),
            notices: Vec::new(),
        }
    }

    /// The known names, for threads that parse.
    pub fn known_names(&self) -> KnownNames {
        self.names.known()
    }

    /// Rows taken so far.
    pub fn rows(&self) -> u64 {
        self.rows_accepted + self.rows_rejected
    }

    /// Turns a block into a batch.
    pub fn take(&mut self, mut block: ParsedBlock) -> Result<Batch, Located> {
        let before = self.lines;
        self.lines += block.lines;
        self.marks.join(block.marks, before);
        for reject in &mut block.rejects {
            reject.place.line = reject.place.line.map(|line| line + before);
            self.rejects.add(reject)?;
        }
        self.rows_rejected += block.rejects.len() as u64;
        let room = FIRST_REJECTS.saturating_sub(self.first_rejects.len());
        self.first_rejects.extend(block.rejects.into_iter().take(room));
        let (countries, sectors) = (self.names.new_countries().len(), self.names.new_sectors().len());
        self.names.settle(&block.names, &mut block.facts)?;
        self.rows_accepted += block.facts.len() as u64;
        block.months.merge_into(&mut self.months);
        Ok(Batch {
            facts: block.facts,
            new_countries: self.names.new_countries()[countries..].to_vec(),
            new_sectors: self.names.new_sectors()[sectors..].to_vec(),
        })
    }

    /// The verdict on the whole file.
    pub fn finish(mut self, layout: LayoutKind, sha256: String, file_bytes: u64) -> Result<ReadSummary, Located> {
        let rejects_path = self.rejects.finish()?;
        let rows_read = self.rows();
        if rows_read == 0 {
            return Err(Fault::NoRows.into());
        }
        self.marks.verdict(self.options.rules.decimals)?;
        if over_limit(self.rows_rejected, rows_read, self.options.max_rejects_ppm) {
            return Err(self.too_many_rejects(rows_read, rejects_path));
        }
        Ok(ReadSummary {
            layout,
            sha256,
            file_bytes,
            rows_read,
            rows_accepted: self.rows_accepted,
            rows_rejected: self.rows_rejected,
            months: self.months,
            first_rejects: self.first_rejects,
            rejects_path,
            notices: self.notices,
        })
    }

    fn too_many_rejects(&self, read: u64, path: Option<PathBuf>) -> Located {
        let first = self.first_rejects.first();
        let fault = Fault::TooManyRejects {
            rejected: self.rows_rejected,
            read,
            limit: format!("{} %", f64::from(self.options.max_rejects_ppm) / 10_000.0),
            first: first.map(Reject::text_en).unwrap_or_default(),
            written: path.map(|path| format!("; all are in {}", path.display())).unwrap_or_default(),
        };
        Located::from(fault)
    }
}

/// Whether `rejected` of `read` rows is more than `ppm` parts in a million. Exact.
fn over_limit(rejected: u64, read: u64, ppm: u32) -> bool {
    u128::from(rejected) * 1_000_000 > u128::from(read) * u128::from(ppm)
}
