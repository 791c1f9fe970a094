//! Which table of the segments answers a question with the fewest rows, and whether that is few enough.

use std::ops::Range;
use std::sync::Arc;

use super::layout::Layout;
use super::question::{ProductLevel, Question, Refusal};
use super::segment::Segment;
use super::snapshot::Snapshot;
use crate::domain::code::Ncm;

/// The longest that a question may be estimated to take, in milliseconds on two cores.
pub const ESTIMATE_MS_MAX: u64 = 150;
/// The most groups that are formed for one answer.
pub const GROUPS_MAX: usize = 1_000_000;
/// The most places that are kept as one array; a place takes 32 bytes.
pub(super) const DENSE_CELLS_MAX: u64 = 4_000_000;
/// Fewer rows than this are read on the thread that asks.
pub const PARALLEL_ROWS_MIN: usize = 200_000;

/// A table of the segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A rollup, by its place in [`super::segment::ROLLUPS`].
    Rollup(usize),
    /// Products by month.
    NcmMonth,
    /// The rows in the order of products.
    ByNcm,
    /// The rows in the order of countries.
    ByCountry,
    /// The export rows with customs unit and quantity.
    Customs,
}

/// Rows of one segment to be read.
#[derive(Debug, Clone)]
pub(super) struct Work {
    pub(super) segment: Arc<Segment>,
    pub(super) rows: Range<usize>,
    /// For [`Source::ByCountry`]: whose rows they are.
    pub(super) country: u16,
}

/// How a question will be answered.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) source: Source,
    pub(super) work: Vec<Work>,
    pub(super) rows: usize,
    pub(super) estimate_ms: u64,
    /// Whether the groups are kept in one array, or by hash.
    pub(super) dense: bool,
}

impl Plan {
    /// The cheapest way, or why there is none that is fast enough.
    pub(super) fn new(question: &Question, snapshot: &Snapshot, layout: &Layout<'_>) -> Result<Self, Refusal> {
        let segments: Vec<&Arc<Segment>> = snapshot
            .segments
            .iter()
            .filter(|segment| question.months.iter().any(|(read, _)| read.year() == segment.year()))
            .collect();
        let (source, work, rows) = candidates(question)
            .into_iter()
            .map(|source| {
                let work = work_of(source, question, &segments);
                let rows = work.iter().map(|work| work.rows.len()).sum::<usize>();
                (source, work, rows)
            })
            .min_by_key(|(_, _, rows)| *rows)
            .unwrap_or((Source::ByNcm, Vec::new(), 0));
        // An array costs its places once more when it is read out; hashing costs more for each row.
        let dense = layout.cells <= DENSE_CELLS_MAX && layout.cells <= 16_384_u64.max(rows as u64 * 3);
        let estimate_ms = estimate_ms(source, rows, question, layout, dense);
        if estimate_ms > ESTIMATE_MS_MAX {
            return Err(Refusal::TooSlow { rows, estimate_ms, limit_ms: ESTIMATE_MS_MAX });
        }
        Ok(Self { source, work, rows, estimate_ms, dense })
    }
}

/// Picoseconds for a row and for a place, on one thread. Set above what an idle machine of two cores needs for
/// 28 million rows, because servers are not idle.
const ROW_PS: u64 = 7_000;
const LOOKUP_PS: u64 = 900;
const PRODUCT_LOOKUP_PS: u64 = 1_200;
/// More for a row whose place is anywhere in an array too large for the cache.
const SPREAD_ROW_PS: u64 = 10_000;
const SPREAD_CELLS_MIN: u64 = 131_072;
/// For a row that is met by hash, until its group is read out.
const HASH_ROW_PS: u64 = 400_000;
/// More for a place whose group is added up once more.
const FOLD_PS: u64 = 100_000;
/// For a place that is put together, read out, labelled and sorted.
const CELL_PS: u64 = 150_000;

fn estimate_ms(source: Source, rows: usize, question: &Question, layout: &Layout<'_>, dense: bool) -> u64 {
    let products = u64::from(layout.products_matter && !matches!(source, Source::Rollup(_)));
    // Rows in the order of products meet the places of products, which stand outermost, one after the other.
    let ordered = matches!(source, Source::ByNcm | Source::NcmMonth | Source::Customs)
        && question.by.product != ProductLevel::None;
    let spread = dense && layout.cells >= SPREAD_CELLS_MIN && !ordered;
    let row = ROW_PS
        + LOOKUP_PS * layout.lookups() as u64
        + PRODUCT_LOOKUP_PS * products
        + if spread { SPREAD_ROW_PS } else { 0 };
    let fold = if question.folded { FOLD_PS } else { 0 };
    let together = if dense { layout.cells * (CELL_PS + fold) } else { rows as u64 * (HASH_ROW_PS + fold) };
    // Two threads read; putting their groups together is one thread's work.
    (rows as u64 * row / 2 + together) / 1_000_000_000
}

/// The tables that know everything the question needs.
fn candidates(question: &Question) -> Vec<Source> {
    let by = question.by;
    let cuts = &question.cuts;
    if by.urf || question.quantities || cuts.urfs.is_some() {
        return vec![Source::Customs];
    }
    let via = by.via || cuts.vias.is_some();
    let country = by.country || cuts.countries.is_some();
    let uf = by.uf || by.region || cuts.ufs.is_some();
    let chapters_only = by.product <= ProductLevel::Sh2
        && cuts.products.as_ref().is_none_or(|spans| spans.iter().all(|(first, last)| is_chapters(*first, *last)));
    let sh2 = by.product != ProductLevel::None || cuts.products.is_some();
    let mut sources = Vec::new();
    if !question.priced && !via && chapters_only {
        let knows = |grain: super::segment::RollupGrain| {
            (grain.sh2 || !sh2) && (grain.country || !country) && (grain.uf || !uf)
        };
        sources.extend(
            (0..super::segment::ROLLUPS.len()).filter(|at| knows(super::segment::ROLLUPS[*at].1)).map(Source::Rollup),
        );
    }
    if !question.priced && !via && !country && !uf {
        sources.push(Source::NcmMonth);
    }
    sources.push(Source::ByNcm);
    if cuts.countries.is_some() {
        sources.push(Source::ByCountry);
    }
    sources
}

/// Whether a span is made of whole chapters.
fn is_chapters(first: Ncm, last: Ncm) -> bool {
    first.0.is_multiple_of(1_000_000) && last.0 % 1_000_000 == 999_999
}

fn work_of(source: Source, question: &Question, segments: &[&Arc<Segment>]) -> Vec<Work> {
    let mut work = Vec::new();
    let whole = [ProductLevel::None.ncms_of(0)];
    let spans = question.cuts.products.as_deref().unwrap_or(&whole);
    for segment in segments {
        let mut add = |rows: Range<usize>, country: u16| {
            if !rows.is_empty() {
                work.push(Work { segment: Arc::clone(segment), rows, country });
            }
        };
        match source {
            Source::Rollup(at) => add(0..segment.rollups()[at].month.len(), 0),
            Source::NcmMonth => {
                let ncms = &segment.ncm_month().ncm;
                for (first, last) in spans {
                    let start = ncms.partition_point(|ncm| *ncm < first.0);
                    add(start..ncms.partition_point(|ncm| *ncm <= last.0).max(start), 0);
                }
            }
            Source::ByNcm => spans.iter().for_each(|(first, last)| add(segment.range_of(*first, *last), 0)),
            Source::Customs => {
                spans.iter().for_each(|(first, last)| add(segment.customs_range_of(*first, *last), 0));
            }
            Source::ByCountry => {
                question
                    .cuts
                    .countries
                    .iter()
                    .flatten()
                    .for_each(|country| add(segment.range_of_country(*country), *country));
            }
        }
    }
    work
}
