//! NCM codes that ended and the codes that replace them.
//!
//! Three sources, the first wins: the operator's register (`cfg.ncm_succession`), the embedded table of known changes,
//! and the data. The data prove an end in two cases only: a code that excludes it by its digits has exports, or a code
//! of the same heading and description starts in the month after its last one with the same trade.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use super::code::{Month, Ncm};

static KNOWN_CSV: &str = include_str!("../../data/ncm_succession.csv");

/// Most successors of one code.
pub const SUCCESSORS_MAX: usize = 8;
/// Chapters whose codes are not built by the rule of the digits.
const SPECIAL_CHAPTER: u8 = 99;

/// Source of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// `cfg.ncm_succession`.
    Operator,
    /// The embedded table of known changes.
    Table,
    /// Exports in the loaded data.
    Data,
}

impl Basis {
    /// Name in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "cadastro",
            Self::Table => "tabela",
            Self::Data => "dados",
        }
    }
}

/// One code replaced by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The code that ended.
    pub old: Ncm,
    /// Its replacement.
    pub new: Ncm,
    /// First month of the replacement; `None` when not recorded.
    pub since: Option<Month>,
    /// Source.
    pub basis: Basis,
}

/// A code that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// First month without the code; `None` when not recorded.
    pub since: Option<Month>,
    /// Month in which the data prove that the code had ended; `None` without proof.
    pub proved: Option<Month>,
    /// Codes in force that replace it, the larger first; at most [`SUCCESSORS_MAX`].
    pub successors: Vec<Ncm>,
    /// Source of the end.
    pub basis: Basis,
}

/// First and last month with exports of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// First month.
    pub first: Month,
    /// Last month.
    pub last: Month,
}

/// Evidence that the data give.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Months with exports by code, of the loaded data.
    pub uses: HashMap<Ncm, Use>,
    /// Links proved by exports: same heading and description, adjacent months, same trade.
    pub adjacent: Vec<Link>,
}

/// Every code that ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Succession {
    ended: BTreeMap<Ncm, Ended>,
    /// First month of codes that exclude their predecessor.
    began: BTreeMap<Ncm, Month>,
    predecessors: BTreeMap<Ncm, Vec<Link>>,
    uses: HashMap<Ncm, Use>,
}

/// The embedded table.
#[must_use]
pub fn known() -> &'static [Link] {
    static LINKS: LazyLock<Vec<Link>> = LazyLock::new(|| KNOWN_CSV.lines().flat_map(known_line).collect());
    &LINKS
}

fn known_line(line: &str) -> Vec<Link> {
    let mut fields = line.split(';');
    let (Some(old), Some(new), since) = (fields.next().and_then(Ncm::parse), fields.next(), fields.next()) else {
        return Vec::new();
    };
    let since = since
        .and_then(|text| text.split_once('-'))
        .and_then(|(year, month)| Month::new(year.parse().ok()?, month.parse().ok()?));
    new.split('|').filter_map(Ncm::parse).map(|new| Link { old, new, since, basis: Basis::Table }).collect()
}

/// Whether two codes cannot be in force at the same time. A digit 0 after the heading means "not divided here", so it
/// excludes its siblings: 1201.00.90 excludes 1201.90.00, and 2601.12.00 excludes 2601.12.10.
#[must_use]
pub fn excludes(one: Ncm, other: Ncm) -> bool {
    if one == other || one.sh4() != other.sh4() || one.sh2() == SPECIAL_CHAPTER {
        return false;
    }
    let digit = |ncm: Ncm, unit: u32| ncm.0 / unit % 10;
    let differs = [1_000, 100, 10, 1].into_iter().find(|unit| digit(one, *unit) != digit(other, *unit));
    differs.is_some_and(|unit| digit(one, unit) == 0 || digit(other, unit) == 0)
}

impl Succession {
    /// Joins the three sources. `codes` are all known ones, ascending; `similar` compares two descriptions, 0–1.
    #[must_use]
    pub fn new(operator: &[Link], codes: &[Ncm], evidence: Evidence, similar: impl Fn(Ncm, Ncm) -> f64) -> Self {
        let proofs = excluded(codes, &evidence.uses, similar);
        let by_data: Vec<Link> = proofs.iter().flat_map(|(old, proof)| proof.links(*old)).collect();
        let mut links: BTreeMap<Ncm, Vec<Link>> = BTreeMap::new();
        for source in [sorted(operator), known().to_vec(), by_data, sorted(&evidence.adjacent)] {
            join(&mut links, &source);
        }
        let mut succession = Self { uses: evidence.uses, ..Self::default() };
        for (old, direct) in &links {
            let Some(first) = direct.first() else { continue };
            let successors = ends(&links, *old);
            let proved = proofs.get(old).map(|proof| proof.month);
            succession.ended.insert(*old, Ended { since: first.since, proved, successors, basis: first.basis });
            for link in direct {
                succession.predecessors.entry(link.new).or_default().push(*link);
                if let Some(since) = link.since.filter(|_| excludes(link.old, link.new)) {
                    succession.began.insert(link.new, since);
                }
            }
        }
        succession
    }

    /// The end of a code; `None` for a code in force, or of which no end is known.
    #[must_use]
    pub fn of(&self, ncm: Ncm) -> Option<&Ended> {
        self.ended.get(&ncm)
    }

    /// Links to a code from the codes that it replaces.
    #[must_use]
    pub fn predecessors(&self, ncm: Ncm) -> &[Link] {
        self.predecessors.get(&ncm).map_or(&[], Vec::as_slice)
    }

    /// Whether a month without data of the code is unknown. Not so after its end, or before its beginning.
    #[must_use]
    pub fn needs_cover(&self, ncm: Ncm, month: Month) -> bool {
        let used = self.uses.get(&ncm);
        let over = self.of(ncm).and_then(|ended| ended.since.into_iter().chain(ended.proved).min());
        let ended = over.is_some_and(|over| over <= month && used.is_none_or(|used| used.last < month));
        let began = self.began.get(&ncm);
        let unborn = began.is_some_and(|began| *began > month && used.is_none_or(|used| used.first > month));
        !(ended || unborn)
    }

    /// Codes that ended, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (Ncm, &Ended)> {
        self.ended.iter().map(|(ncm, ended)| (*ncm, ended))
    }
}

fn sorted(links: &[Link]) -> Vec<Link> {
    let mut links = links.to_vec();
    links.sort_unstable();
    links
}

/// Adds the links of codes that no earlier source speaks of. A link that would close a circle is left out.
fn join(links: &mut BTreeMap<Ncm, Vec<Link>>, source: &[Link]) {
    let earlier: BTreeSet<Ncm> = links.keys().copied().collect();
    for link in source.iter().filter(|link| !earlier.contains(&link.old)) {
        if !reaches(links, link.new, link.old) {
            let direct = links.entry(link.old).or_default();
            if direct.len() < SUCCESSORS_MAX && direct.iter().all(|other| other.new != link.new) {
                direct.push(*link);
            }
        }
    }
}

fn reaches(links: &BTreeMap<Ncm, Vec<Link>>, from: Ncm, to: Ncm) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(ncm) = open.pop() {
        if ncm == to {
            return true;
        }
        if seen.insert(ncm) {
            open.extend(links.get(&ncm).into_iter().flatten().map(|link| link.new));
        }
    }
    false
}

/// The codes at the end of every chain from `old`, in the order of the links.
fn ends(links: &BTreeMap<Ncm, Vec<Link>>, old: Ncm) -> Vec<Ncm> {
    let mut ends = Vec::new();
    let mut open = vec![old];
    let mut seen = BTreeSet::new();
    while let Some(ncm) = open.pop() {
        if !seen.insert(ncm) {
            continue;
        }
        match links.get(&ncm) {
            Some(direct) if !direct.is_empty() => open.extend(direct.iter().rev().map(|link| link.new)),
            _ => ends.push(ncm),
        }
    }
    ends.truncate(SUCCESSORS_MAX);
    ends
}

/// Proof that a code had ended: exports of codes that exclude it, after its own last ones.
struct Proof {
    month: Month,
    /// The month before which the code was in use to the end; with it the change is dated.
    since: Option<Month>,
    successors: Vec<Ncm>,
}

impl Proof {
    fn links(&self, old: Ncm) -> Vec<Link> {
        let link = |new: &Ncm| Link { old, new: *new, since: self.since, basis: Basis::Data };
        self.successors.iter().map(link).collect()
    }
}

/// Codes excluded by others that have exports.
fn excluded(codes: &[Ncm], uses: &HashMap<Ncm, Use>, similar: impl Fn(Ncm, Ncm) -> f64) -> BTreeMap<Ncm, Proof> {
    let mut proofs = BTreeMap::new();
    for heading in codes.chunk_by(|one, other| one.sh4() == other.sh4()) {
        for code in heading {
            let others: Vec<(Ncm, Use)> = heading
                .iter()
                .filter(|other| excludes(*code, **other))
                .filter_map(|other| Some((*other, *uses.get(other)?)))
                .collect();
            if let Some(proof) = prove(*code, uses.get(code), &others, &similar) {
                proofs.insert(*code, proof);
            }
        }
    }
    proofs
}

fn prove(code: Ncm, used: Option<&Use>, others: &[(Ncm, Use)], similar: impl Fn(Ncm, Ncm) -> f64) -> Option<Proof> {
    let later: Vec<(Ncm, Use)> =
        others.iter().filter(|(_, other)| used.is_none_or(|used| other.last > used.last)).copied().collect();
    // One month of one code may be a row with a wrong code.
    let (_, only) = later.first()?;
    if later.len() == 1 && only.first == only.last {
        return None;
    }
    let clean = |other: &Use| used.is_none_or(|used| other.first > used.last);
    let last = later.iter().map(|(_, other)| other.last).max()?;
    let recent = used.is_some_and(|used| last.0 - used.last.0 < 12);
    if recent && !others.iter().all(|(_, other)| clean(other)) {
        return None;
    }
    let month = later.iter().map(|(_, other)| if clean(other) { other.first } else { other.last }).min()?;
    let since = used.filter(|used| month.0 == used.last.0 + 1).map(|_| month);
    let mut ranked: Vec<(f64, Ncm)> = later.iter().map(|(other, _)| (similar(code, *other), *other)).collect();
    ranked.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    let best = ranked.first().map_or(0.0, |(value, _)| *value);
    let floor = if best >= 0.5 { best * 0.75 } else { 0.0 };
    let successors =
        ranked.into_iter().filter(|(value, _)| *value >= floor).map(|(_, ncm)| ncm).take(SUCCESSORS_MAX).collect();
    Some(Proof { month, since, successors })
}

#[cfg(test)]
#[path = "succession_tests.rs"]
mod tests;
