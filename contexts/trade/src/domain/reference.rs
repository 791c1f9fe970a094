//! The code tables as one value: who is which country, what a product is called, where it belongs.

use std::collections::{BTreeMap, HashMap};

use super::code::{CountryCode, Ncm, SectorId};
use super::sector;
use super::succession::Link;

/// A destination after its several codes were merged into one.
#[derive(Debug, Clone, PartialEq)]
pub struct Country {
    /// The `CO_PAIS` that stands for the country (`249` for the United States).
    pub code: CountryCode,
    /// ISO 3166-1 alpha-2, `None` for pseudo-countries and names that no table knows.
    pub iso2: Option<String>,
    /// ISO 3166-1 alpha-3, likewise.
    pub iso3: Option<String>,
    /// Portuguese name, as in `pais` of the store.
    pub name_pt: String,
    /// English name.
    pub name_en: String,
    /// The flag as an emoji; empty without `iso2`.
    pub flag_emoji: String,
    /// Great-circle distance in km from São Paulo to the capital.
    pub distance_km: Option<f64>,
    /// Country group of the estimate table (`mercosul`, `america_do_sul`, `europa`, …).
    pub group: String,
    /// Whether it may stand in a ranking: not Brazil, not a pseudo-country, not defunct, not unknown.
    pub rankable: bool,
}

impl Country {
    /// What interfaces call the country: the ISO alpha-2 code, else `CO_PAIS` in three digits.
    #[must_use]
    pub fn public_code(&self) -> String {
        self.iso2.clone().unwrap_or_else(|| format!("{:03}", self.code))
    }
}

/// A product of the NCM table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Portuguese description.
    pub name_pt: String,
    /// English description, where the table has one.
    pub name_en: Option<String>,
    /// Place of its sector in [`Reference::sectors`].
    pub sector: SectorId,
}

/// Every code table that the cube, the simulator and the explorer need, of one snapshot.
#[derive(Debug, Clone, Default)]
pub struct Reference {
    /// Merged countries by their own code.
    pub countries: BTreeMap<CountryCode, Country>,
    /// For every `CO_PAIS` that is not its country's own code: the country's code.
    pub merged: HashMap<CountryCode, CountryCode>,
    /// What the operator says of the sector of a product (`cfg.setores`).
    pub sector_overrides: BTreeMap<Ncm, SectorId>,
    /// Products by code.
    pub products: BTreeMap<Ncm, Product>,
    /// Customs unit (`CO_UNID`) of products, where the table gives one.
    pub product_units: BTreeMap<Ncm, u8>,
    /// Sector names by [`SectorId`].
    pub sectors: Vec<String>,
    /// Chapter names (`NCM_SH`), where loaded.
    pub chapters: BTreeMap<u8, String>,
    /// Heading names, where loaded.
    pub headings: BTreeMap<u16, String>,
    /// Subheading names, where loaded.
    pub subheadings: BTreeMap<u32, String>,
    /// Names of the ways of transport.
    pub ways: BTreeMap<u8, String>,
    /// Names of the customs units, where loaded.
    pub urfs: BTreeMap<u32, String>,
    /// Short names of the statistical units, where loaded.
    pub units: BTreeMap<u8, String>,
    /// The operator's links between codes that ended and their replacements (`cfg.ncm_succession`).
    pub succession: Vec<Link>,
}

impl Reference {
    /// The country that a `CO_PAIS` belongs to (itself where nothing is known of it).
    #[must_use]
    pub fn country_of(&self, code: CountryCode) -> CountryCode {
        self.merged.get(&code).copied().unwrap_or(code)
    }

    /// The sector of a product, in the table or not.
    #[must_use]
    pub fn sector_of(&self, ncm: Ncm) -> SectorId {
        match self.products.get(&ncm) {
            Some(product) => product.sector,
            None => sector::sector_of(ncm, None, &self.sector_overrides),
        }
    }
}
