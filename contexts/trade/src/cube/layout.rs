//! Where each group of a question stands: an offset for every value of every dimension.
//!
//! A group's place is the sum of one offset a dimension, so a row costs one look-up for each dimension that
//! matters. A value that is cut away has the offset [`EXCLUDED`], which no sum of others reaches.

use super::question::{Group, Grouping, Key, ProductLevel, Question, Sums, TimeLevel};
use super::snapshot::Snapshot;
use crate::domain::code::UFS;
use crate::domain::region;

/// Offset of a value that does not count. Fifteen of them still fit a `u64`.
pub(super) const EXCLUDED: u64 = 1 << 60;

/// The values of a dimension that is grouped by, and how far apart their groups stand.
struct Axis {
    values: Vec<u32>,
    stride: u64,
}

/// Offsets by value for a byte-wide dimension.
pub(super) type ByteTable = Box<[u64; 256]>;

/// The offsets of a question on a snapshot.
pub(super) struct Layout<'a> {
    question: &'a Question,
    product: Axis,
    time: Axis,
    country: Axis,
    uf: Axis,
    sector: Axis,
    via: Axis,
    urf: Axis,
    /// Number of places.
    pub(super) cells: u64,
    /// Offsets by country code; the last entry is for every code beyond it. `None` where countries do not matter.
    pub(super) by_country: Option<Vec<u64>>,
    /// Likewise by state.
    pub(super) by_uf: Option<ByteTable>,
    /// Likewise by sector.
    pub(super) by_sector: Option<ByteTable>,
    /// Likewise by way of transport.
    pub(super) by_via: Option<ByteTable>,
    /// Whether products matter.
    pub(super) products_matter: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn new(question: &'a Question, snapshot: &Snapshot) -> Self {
        let by = question.by;
        let cuts = &question.cuts;
        let domains = &snapshot.domains;
        let mut cells = 1_u64;
        let mut axis = |grouped: bool, values: Vec<u32>| {
            let values = if grouped { values } else { vec![0] };
            let stride = cells;
            // Saturating: a question with absurdly many places is refused by the plan.
            cells = cells.saturating_mul(values.len().max(1) as u64).min(EXCLUDED);
            Axis { values, stride }
        };
        let via = axis(by.via, kept(domains.vias.iter().copied(), cuts.vias.as_ref()));
        let sector = axis(by.sector, kept(domains.sectors.iter().copied(), cuts.sectors.as_ref()));
        let urf = axis(by.urf, kept(domains.urfs.iter().copied(), cuts.urfs.as_ref()));
        let ufs = kept(0..UFS.len() as u8, cuts.ufs.as_ref());
        // A state tells its region.
        let regions = by.region && !by.uf;
        let uf = axis(by.uf || by.region, if regions { regions_of(&ufs) } else { ufs });
        let country = axis(by.country, kept(domains.countries.iter().copied(), cuts.countries.as_ref()));
        let time = axis(by.time != TimeLevel::None, buckets(question));
        // Products outermost: rows come sorted by NCM, so neighbouring rows meet neighbouring places.
        let product = axis(by.product != ProductLevel::None, codes(question, snapshot));
        Self {
            by_country: (by.country || cuts.countries.is_some())
                .then(|| wide_table(&country, by.country, cuts.countries.as_ref())),
            by_uf: uf_table(&uf, by, cuts.ufs.as_ref()),
            by_sector: byte_table(&sector, by.sector, cuts.sectors.as_ref()),
            by_via: byte_table(&via, by.via, cuts.vias.as_ref()),
            products_matter: by.product != ProductLevel::None || cuts.products.is_some(),
            question,
            product,
            time,
            country,
            uf,
            sector,
            via,
            urf,
            cells,
        }
    }

    /// The offset of a product, or [`EXCLUDED`].
    pub(super) fn product_offset(&self, ncm: u32) -> u64 {
        if !self.question.cuts.takes(ncm) {
            return EXCLUDED;
        }
        match self.question.by.product {
            ProductLevel::None => 0,
            level => self.product.offset_of(level.code_of(ncm)),
        }
    }

    /// Offsets of the months of `year` by month of the year, [`EXCLUDED`] where not asked for.
    pub(super) fn months_of(&self, year: u16) -> ByteTable {
        let mut table = Box::new([EXCLUDED; 256]);
        for (read, counted) in self.question.months.iter().filter(|(read, _)| read.year() == year) {
            let offset = match self.question.by.time {
                TimeLevel::None => 0,
                TimeLevel::Year => self.time.offset_of(u32::from(counted.year())),
                TimeLevel::Month => self.time.offset_of(u32::from(counted.0)),
            };
            table[usize::from(read.month())] = offset;
        }
        table
    }

    /// The offsets of customs units by their place in `urfs`; `None` where they do not matter.
    pub(super) fn urf_offsets(&self, urfs: &[u32]) -> Option<Vec<u64>> {
        let (by, cut) = (self.question.by.urf, self.question.cuts.urfs.as_ref());
        let offset = |urf: &u32| match cut {
            Some(cut) if !cut.contains(urf) => EXCLUDED,
            _ if by => self.urf.offset_of(*urf),
            _ => 0,
        };
        // The last entry is for every place beyond the list.
        (by || cut.is_some()).then(|| urfs.iter().map(offset).chain([EXCLUDED]).collect())
    }

    /// Number of dimensions that a row is looked up in.
    pub(super) fn lookups(&self) -> usize {
        let urf = self.question.by.urf || self.question.cuts.urfs.is_some();
        let bytes = [&self.by_uf, &self.by_sector, &self.by_via].map(Option::is_some);
        [self.by_country.is_some(), urf].into_iter().chain(bytes).filter(|matters| *matters).count()
    }

    /// The group at a place.
    pub(super) fn group_at(&self, place: u64, sums: Sums) -> Group {
        let by = self.question.by;
        let state: u8 = narrow(self.uf.value_at(place));
        let region = if by.uf { region::of(state) } else { state };
        let key = Key {
            time: narrow(self.time.value_at(place)),
            product: self.product.value_at(place),
            country: narrow(self.country.value_at(place)),
            uf: if by.uf { state } else { 0 },
            region: if by.region { region } else { 0 },
            sector: narrow(self.sector.value_at(place)),
            via: narrow(self.via.value_at(place)),
            urf: self.urf.value_at(place),
            bloc: 0,
        };
        Group { key, sums }
    }
}

/// A value of an axis in its own type; axes are built from values of that type.
fn narrow<T: TryFrom<u32> + Default>(value: u32) -> T {
    T::try_from(value).unwrap_or_default()
}

impl Axis {
    fn offset_of(&self, value: u32) -> u64 {
        self.values.binary_search(&value).map_or(EXCLUDED, |at| at as u64 * self.stride)
    }

    fn value_at(&self, place: u64) -> u32 {
        let at = usize::try_from(place / self.stride).unwrap_or(usize::MAX) % self.values.len().max(1);
        self.values.get(at).copied().unwrap_or_default()
    }
}

fn kept<T: Ord + Copy + Into<u32>>(
    values: impl Iterator<Item = T>,
    cut: Option<&std::collections::BTreeSet<T>>,
) -> Vec<u32> {
    values.filter(|value| cut.is_none_or(|cut| cut.contains(value))).map(Into::into).collect()
}

/// The years or months that the question's months count as.
fn buckets(question: &Question) -> Vec<u32> {
    let mut values: Vec<u32> = question
        .months
        .iter()
        .map(|(_, counted)| u32::from(if question.by.time == TimeLevel::Year { counted.year() } else { counted.0 }))
        .collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// The codes of the grouping's level that occur and are not cut away.
fn codes(question: &Question, snapshot: &Snapshot) -> Vec<u32> {
    let level = question.by.product;
    if level == ProductLevel::None {
        return Vec::new();
    }
    let ncms = &snapshot.domains.ncms;
    let whole = [ProductLevel::None.ncms_of(0)];
    let spans = question.cuts.products.as_deref().unwrap_or(&whole);
    let mut codes: Vec<u32> = spans
        .iter()
        .flat_map(|(first, last)| {
            let start = ncms.partition_point(|ncm| *ncm < first.0);
            let end = ncms.partition_point(|ncm| *ncm <= last.0).max(start);
            ncms[start..end].iter().map(|ncm| level.code_of(*ncm))
        })
        .collect();
    codes.dedup();
    codes
}

fn regions_of(ufs: &[u32]) -> Vec<u32> {
    let mut regions: Vec<u32> = ufs.iter().map(|uf| u32::from(region::of(narrow(*uf)))).collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}

/// By state, or by the region that a state is of.
fn uf_table(axis: &Axis, by: Grouping, cut: Option<&std::collections::BTreeSet<u8>>) -> Option<ByteTable> {
    if by.uf || !by.region {
        return byte_table(axis, by.uf, cut);
    }
    let mut table: ByteTable = Box::new([EXCLUDED; 256]);
    for uf in (0..UFS.len() as u8).filter(|uf| cut.is_none_or(|cut| cut.contains(uf))) {
        table[usize::from(uf)] = axis.offset_of(u32::from(region::of(uf)));
    }
    Some(table)
}

fn byte_table(axis: &Axis, grouped: bool, cut: Option<&std::collections::BTreeSet<u8>>) -> Option<ByteTable> {
    if !grouped && cut.is_none() {
        return None;
    }
    let mut table = Box::new([EXCLUDED; 256]);
    for value in 0..=u8::MAX {
        if cut.is_none_or(|cut| cut.contains(&value)) {
            table[usize::from(value)] = if grouped { axis.offset_of(u32::from(value)) } else { 0 };
        }
    }
    Some(table)
}

fn wide_table(axis: &Axis, grouped: bool, cut: Option<&std::collections::BTreeSet<u16>>) -> Vec<u64> {
    let values: Vec<u32> = match cut {
        Some(cut) => cut.iter().map(|value| u32::from(*value)).collect(),
        None => axis.values.clone(),
    };
    let length = values.last().map_or(1, |last| *last as usize + 2);
    let mut table = vec![EXCLUDED; length];
    for value in values {
        table[value as usize] = if grouped { axis.offset_of(value) } else { 0 };
    }
    table
}
