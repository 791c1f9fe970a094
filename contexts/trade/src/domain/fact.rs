//! One export row, as exact integers.

use super::code::{CountryCode, Month, Ncm, SectorId, Uf, Via};

/// `unit` of a row whose file gives none.
pub const UNIT_NONE: u8 = 0;
/// `urf` of a row whose file gives none.
pub const URF_NONE: u32 = u32::MAX;
/// `quantity` of a row whose file gives none.
pub const QUANTITY_NONE: i64 = -1;
/// `sector` of an official row: the store derives it from the NCM.
pub const SECTOR_DERIVED: SectorId = SectorId::MAX;

/// One row of an export file after validation. Values are exact and never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// FOB value in US cents (`VL_FOB` × 100).
    pub fob_cents: i64,
    /// Net weight in grams (`KG_LIQUIDO` × 1000).
    pub weight_g: i64,
    /// Statistical quantity in the unit of `unit` (`QT_ESTAT`), or [`QUANTITY_NONE`].
    pub quantity: i64,
    /// Product.
    pub ncm: Ncm,
    /// Customs unit (`CO_URF`), or [`URF_NONE`].
    pub urf: u32,
    /// Month of export.
    pub month: Month,
    /// Country as the file names it, not merged yet.
    pub country: CountryCode,
    /// Producing state.
    pub uf: Uf,
    /// Way of transport.
    pub via: Via,
    /// Statistical unit (`CO_UNID`), or [`UNIT_NONE`].
    pub unit: u8,
    /// Sector that the file names, or [`SECTOR_DERIVED`].
    pub sector: SectorId,
}
