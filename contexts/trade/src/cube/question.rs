//! What can be asked of the cube, and how the answer is keyed.

use platform::problem::Text;

use std::collections::BTreeSet;

use crate::domain::bloc::BlocId;
use crate::domain::code::{CountryCode, Month, Ncm, SectorId, Via};
use crate::domain::fact::UNIT_NONE;

/// How time is grouped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeLevel {
    /// Not at all.
    #[default]
    None,
    /// By calendar year.
    Year,
    /// By month of a year.
    Month,
}

/// How products are grouped, coarse to fine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProductLevel {
    /// Not at all.
    #[default]
    None,
    /// By chapter of the Harmonized System (2 digits).
    Sh2,
    /// By heading (4 digits).
    Sh4,
    /// By subheading (6 digits).
    Sh6,
    /// By NCM (8 digits).
    Ncm,
}

impl ProductLevel {
    /// The code of `ncm` at this level; 0 for [`ProductLevel::None`].
    #[must_use]
    pub const fn code_of(self, ncm: u32) -> u32 {
        match self {
            Self::None => 0,
            _ => ncm / self.width(),
        }
    }

    /// The NCMs that a code of this level stands for, first and last.
    #[must_use]
    pub const fn ncms_of(self, code: u32) -> (Ncm, Ncm) {
        match self {
            Self::None => (Ncm(0), Ncm(99_999_999)),
            _ => (Ncm(code * self.width()), Ncm(code * self.width() + self.width() - 1)),
        }
    }

    /// How many NCMs can share a code.
    const fn width(self) -> u32 {
        match self {
            Self::None => 100_000_000,
            Self::Sh2 => 1_000_000,
            Self::Sh4 => 10_000,
            Self::Sh6 => 100,
            Self::Ncm => 1,
        }
    }
}

/// What an answer has a row for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is one dimension that is there or not")]
pub struct Grouping {
    /// Years or months.
    pub time: TimeLevel,
    /// Products.
    pub product: ProductLevel,
    /// Destinations.
    pub country: bool,
    /// States.
    pub uf: bool,
    /// Sectors.
    pub sector: bool,
    /// Ways of transport.
    pub via: bool,
    /// Regions of the producing states.
    pub region: bool,
    /// Customs units.
    pub urf: bool,
}

/// Which rows count. `None` means all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Cuts {
    /// Spans of NCMs, first and last inclusive, ascending and apart.
    pub products: Option<Vec<(Ncm, Ncm)>>,
    /// Destinations.
    pub countries: Option<BTreeSet<CountryCode>>,
    /// States, as places in [`crate::domain::code::UFS`].
    pub ufs: Option<BTreeSet<u8>>,
    /// Sectors.
    pub sectors: Option<BTreeSet<SectorId>>,
    /// Ways of transport.
    pub vias: Option<BTreeSet<Via>>,
    /// Customs units.
    pub urfs: Option<BTreeSet<u32>>,
    /// Blocs that rows may be about. The cube does not know them: `countries` holds their members.
    pub blocs: Option<BTreeSet<BlocId>>,
}

impl Cuts {
    /// Whether `ncm` counts.
    #[must_use]
    pub fn takes(&self, ncm: u32) -> bool {
        self.products.as_ref().is_none_or(|spans| {
            let after = spans.partition_point(|(first, _)| first.0 <= ncm);
            after.checked_sub(1).is_some_and(|at| ncm <= spans[at].1.0)
        })
    }
}

/// A group-by over the cube.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The rows of the answer.
    pub by: Grouping,
    /// The rows of the cube that count.
    pub cuts: Cuts,
    /// The months to read, each with the month it counts as: itself, or one a year later for the
    /// base of a growth rate. Each month at most once.
    pub months: Vec<(Month, Month)>,
    /// Whether [`Sums::priced_fob_cents`] is needed, which only the cells of the finest grain can tell.
    pub priced: bool,
    /// Whether quantities are added up, instead of values and weights.
    pub quantities: bool,
    /// Whether the groups are added up once more by whoever asks, which takes time for each of them.
    pub folded: bool,
}

/// What a row of the answer is about. Parts that are not grouped by are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The year, or [`Month`]'s number.
    pub time: u16,
    /// The code at the level of the grouping.
    pub product: u32,
    /// Destination.
    pub country: CountryCode,
    /// State.
    pub uf: u8,
    /// Sector.
    pub sector: SectorId,
    /// Way of transport.
    pub via: Via,
    /// Region, as a place in [`crate::domain::region::REGIONS`].
    pub region: u8,
    /// Customs unit.
    pub urf: u32,
    /// Bloc; the cube leaves it 0.
    pub bloc: BlocId,
}

/// The sums of a group.
///
/// They cannot overflow: a segment adds up to at most `i64::MAX / 128` cents and grams (checked when it is
/// written), and there are at most 112 years. The whole real history is about 6e14 cents and 1.6e16 grams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// FOB value in US cents.
    pub fob_cents: i64,
    /// Net weight in grams.
    pub weight_g: i64,
    /// FOB value of the cells that have a weight, in US cents; exact only when the question was `priced`.
    pub priced_fob_cents: i64,
    /// Statistical quantity; only of a question for quantities, 0 otherwise.
    pub quantity: i64,
    /// Its unit; [`UNIT_NONE`] where the rows have different ones or some have none, so that there is no sum.
    pub unit: u8,
    /// Cells of the cube (or of a rollup) that were added up; never 0.
    pub cells: i64,
}

impl Sums {
    /// The sums of both. Quantities of different units have none.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        let unit = if other.cells == 0 || self.unit == other.unit {
            self.unit
        } else if self.cells == 0 {
            other.unit
        } else {
            UNIT_NONE
        };
        Self {
            fob_cents: self.fob_cents + other.fob_cents,
            weight_g: self.weight_g + other.weight_g,
            priced_fob_cents: self.priced_fob_cents + other.priced_fob_cents,
            quantity: self.quantity + other.quantity,
            unit,
            cells: self.cells + other.cells,
        }
    }
}

/// One row of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// What it is about.
    pub key: Key,
    /// Its sums.
    pub sums: Sums,
}

/// Why the cube does not answer.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refusal {
    /// Reading would take too long.
    #[error(
        "the question would read {rows} rows of the cube, an estimated {estimate_ms} ms where {limit_ms} ms is the limit; \
         cut it to fewer years, to products (ncm, sh6, sh4, sh2) or to a country, or ask for fewer dimensions"
    )]
    TooSlow {
        /// Rows to read.
        rows: usize,
        /// Estimated time.
        estimate_ms: u64,
        /// Most that is allowed.
        limit_ms: u64,
    },
    /// The answer would have too many rows before its limit is applied.
    #[error("the answer would have more than {limit} groups; remove a drilldown or add a cut")]
    TooManyGroups {
        /// Most groups that are formed.
        limit: usize,
    },
}

impl Refusal {
    /// The refusal in both languages of the product, with what would make the question small enough.
    #[must_use]
    pub fn text(&self) -> Text {
        let portuguese = match self {
            Self::TooSlow { rows, estimate_ms, limit_ms } => format!(
                "A pergunta leria {rows} linhas do cubo, cerca de {estimate_ms} ms onde o limite é {limit_ms} ms; restrinja-a a menos anos, a produtos (ncm, sh6, sh4, sh2) ou a um país, ou peça menos dimensões."
            ),
            Self::TooManyGroups { limit } => {
                format!("A resposta teria mais de {limit} grupos; tire um drilldown ou acrescente um corte.")
            }
        };
        Text::new(portuguese, self.to_string())
    }
}
