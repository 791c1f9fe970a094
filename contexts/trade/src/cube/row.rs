//! The row that segments are made of.

use crate::domain::code::{CountryCode, Ncm, SectorId, Uf, Via};
use crate::domain::fact::{QUANTITY_NONE, UNIT_NONE, URF_NONE};

/// An export row of one year, or the sum of those with the same keys. The cube adds customs units and quantities up;
/// the table of customs keeps them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CubeRow {
    /// FOB value in US cents.
    pub fob_cents: i64,
    /// Net weight in grams.
    pub weight_g: i64,
    /// Statistical quantity in the unit of `unit`; 0 where there is none.
    pub quantity: i64,
    /// Product.
    pub ncm: Ncm,
    /// Customs unit (`CO_URF`), or [`URF_NONE`].
    pub urf: u32,
    /// Destination, as the code that stands for the country after merging.
    pub country: CountryCode,
    /// Month, 1–12.
    pub month: u8,
    /// Producing state.
    pub uf: Uf,
    /// Way of transport.
    pub via: Via,
    /// Sector.
    pub sector: SectorId,
    /// Statistical unit (`CO_UNID`), or [`UNIT_NONE`] where the row has no quantity.
    pub unit: u8,
}

impl CubeRow {
    /// A row of nothing: no value, no keys, no customs unit and no quantity.
    pub const BLANK: Self = Self {
        fob_cents: 0,
        weight_g: 0,
        quantity: 0,
        ncm: Ncm(0),
        urf: URF_NONE,
        country: 0,
        month: 1,
        uf: Uf::NOT_DECLARED,
        via: 0,
        sector: 0,
        unit: UNIT_NONE,
    };

    /// The row with a quantity, which counts only together with its unit.
    #[must_use]
    pub const fn with_quantity(self, quantity: i64, unit: u8) -> Self {
        if quantity == QUANTITY_NONE || unit == UNIT_NONE {
            return Self { quantity: 0, unit: UNIT_NONE, ..self };
        }
        Self { quantity, unit, ..self }
    }
}
