//! All that an answer needs, frozen: the segments of every live year, the code tables, what is covered.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::segment::Segment;
use crate::catalogue::Catalogue;
use crate::domain::code::{CountryCode, Ncm, SectorId, Via};
use crate::domain::coverage::Coverage;
use crate::domain::reference::Reference;
use crate::simulator::ranking::RankingIndex;

/// One state of the data. Servers hold it behind an `ArcSwap`: a query keeps the one it began with.
#[derive(Debug)]
pub struct Snapshot {
    /// Name of this state; changes with every load.
    pub id: String,
    /// One segment a year, by year.
    pub segments: Vec<Arc<Segment>>,
    /// The code tables.
    pub reference: Arc<Reference>,
    /// Which months are known.
    pub coverage: Coverage,
    /// Where the data comes from (`comexstat`, `sample`, …; several joined by a comma).
    pub source: String,
    /// Whether it is the generated sample.
    pub sample: bool,
    /// When the last load was committed.
    pub updated_at: Option<DateTime<Utc>>,
    /// Every code that occurs in a segment.
    pub domains: Domains,
    /// The simulator's index.
    pub ranking: RankingIndex,
    /// Products and countries to be found.
    pub catalogue: Catalogue,
}

/// The values that occur in any segment, each ascending.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Domains {
    /// Products, as numbers of eight digits.
    pub ncms: Vec<u32>,
    /// Destinations.
    pub countries: Vec<CountryCode>,
    /// Sectors.
    pub sectors: Vec<SectorId>,
    /// Ways of transport.
    pub vias: Vec<Via>,
    /// Customs units.
    pub urfs: Vec<u32>,
}

impl Snapshot {
    /// The version of the store that it shows.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.id.rsplit('-').next().and_then(|version| version.parse().ok()).unwrap_or_default()
    }

    /// Assembles a snapshot. Segments are put in order of their years.
    #[must_use]
    pub fn new(
        id: String,
        mut segments: Vec<Arc<Segment>>,
        reference: Arc<Reference>,
        coverage: Coverage,
        source: String,
        sample: bool,
        updated_at: Option<DateTime<Utc>>,
    ) -> Self {
        segments.sort_by_key(|segment| segment.year());
        let domains = Domains {
            ncms: union(segments.iter().map(|segment| segment.index_codes())),
            countries: union(segments.iter().map(|segment| segment.countries())),
            sectors: union(segments.iter().map(|segment| segment.sectors())),
            vias: union(segments.iter().map(|segment| segment.vias())),
            urfs: union(segments.iter().map(|segment| segment.customs().urfs())),
        };
        let mut ranking = RankingIndex::build(&segments, &reference, &coverage);
        ranking.succession = crate::succession::derive(&segments, &reference, &coverage);
        let catalogue = Catalogue::new(&reference, &ranking);
        Self { id, segments, reference, coverage, source, sample, updated_at, domains, ranking, catalogue }
    }

    /// The snapshot of a store in which nothing has been loaded.
    #[must_use]
    pub fn empty() -> Self {
        Self::new("empty".into(), Vec::new(), Arc::default(), Coverage::default(), String::new(), false, None)
    }

    /// Whether a product is in the code table or in the data.
    #[must_use]
    pub fn knows(&self, ncm: Ncm) -> bool {
        self.reference.products.contains_key(&ncm) || self.ranking.product(ncm).is_some()
    }

    /// Whether there is nothing to answer from.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }
}

fn union<'a, T: Ord + Copy + 'a>(lists: impl Iterator<Item = &'a [T]>) -> Vec<T> {
    let mut all: Vec<T> = lists.flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
