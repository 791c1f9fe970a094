//! Which sector of the economy a product belongs to.
//!
//! The ministry groups exports by the ISIC Rev. 4 section of the product: divisions 01–03 are
//! "Agropecuária", 05–09 "Indústria Extrativa", 10–33 "Indústria de Transformação", the rest
//! "Outros Produtos". The NCM table gives each code's ISIC class; until that table is loaded, and
//! for codes it lacks, an embedded list of NCM prefixes gives the same answer (every code of the
//! 2026 table falls in the same sector by either way, which a test proves).

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::code::{Ncm, SectorId};

/// "Agropecuária".
pub const FARMING: SectorId = 0;
/// "Indústria Extrativa".
pub const EXTRACTION: SectorId = 1;
/// "Indústria de Transformação".
pub const MANUFACTURING: SectorId = 2;
/// "Outros Produtos".
pub const OTHER: SectorId = 3;
/// "Não classificado": a product that no table and no rule knows.
pub const UNCLASSIFIED: SectorId = 4;

static PREFIXES_CSV: &str = include_str!("../../data/sectors.csv");

/// The embedded rules: sector by NCM prefix, keyed by (digits, value of the digits).
static PREFIXES: LazyLock<HashMap<(u8, u32), SectorId>> = LazyLock::new(|| {
    PREFIXES_CSV
        .lines()
        .skip(1)
        .filter_map(|line| {
            let (prefix, sector) = line.split_once(';')?;
            let digits = u8::try_from(prefix.len()).ok()?;
            let value = if prefix.is_empty() { 0 } else { prefix.parse().ok()? };
            Some(((digits, value), sector.trim().parse().ok()?))
        })
        .collect()
});

/// The sector of an ISIC Rev. 4 class (four digits, `0111`), or of any code that starts with the
/// two digits of its division. `None` when it is no ISIC code (`NA`, empty, letters).
#[must_use]
pub fn sector_of_isic(class: &str) -> Option<SectorId> {
    let class = class.trim();
    if class.is_empty() || class.len() > 4 || !class.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // A table that passed through a spreadsheet loses the leading zero: `111` is class 0111.
    let division = class.parse::<u16>().ok()? / if class.len() < 3 { 1 } else { 100 };
    Some(match division {
        1..=3 => FARMING,
        5..=9 => EXTRACTION,
        10..=33 => MANUFACTURING,
        _ => OTHER,
    })
}

/// The sector of a product by the embedded rules: the longest prefix that matches decides.
#[must_use]
pub fn sector_by_prefix(ncm: Ncm) -> SectorId {
    let mut value = ncm.0;
    for digits in (1..=8_u8).rev() {
        if let Some(sector) = PREFIXES.get(&(digits, value)) {
            return *sector;
        }
        value /= 10;
    }
    PREFIXES.get(&(0, 0)).copied().unwrap_or(UNCLASSIFIED)
}

/// The sector of a product: what `cfg.setores` says of it, else its ISIC class, else the embedded
/// rules. Overrides hold for the exact code only; wider ones are expanded when they are read.
#[must_use]
pub fn sector_of(ncm: Ncm, isic: Option<&str>, overrides: &BTreeMap<Ncm, SectorId>) -> SectorId {
    overrides.get(&ncm).copied().or_else(|| isic.and_then(sector_of_isic)).unwrap_or_else(|| sector_by_prefix(ncm))
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::path::Path;

    use super::*;

    #[test]
    fn divisions_map_to_the_four_sectors() {
        let cases = [
            ("0111", Some(FARMING)),
            ("111", Some(FARMING)),
            ("0322", Some(FARMING)),
            ("0510", Some(EXTRACTION)),
            ("0990", Some(EXTRACTION)),
            ("1010", Some(MANUFACTURING)),
            ("3320", Some(MANUFACTURING)),
            ("3510", Some(OTHER)),
            ("8999", Some(OTHER)),
            ("01", Some(FARMING)),
            ("NA", None),
            ("", None),
            ("12345", None),
        ];
        for (class, sector) in cases {
            assert_eq!(sector_of_isic(class), sector, "{class}");
        }
    }

    #[test]
    fn an_override_wins_over_the_class_and_the_class_over_the_prefix() {
        let soy = Ncm(12_019_000);
        let none = BTreeMap::new();
        assert_eq!(sector_of(soy, None, &none), FARMING);
        assert_eq!(sector_of(soy, Some("1010"), &none), MANUFACTURING);
        assert_eq!(sector_of(soy, Some("NA"), &none), FARMING);
        assert_eq!(sector_of(soy, Some("1010"), &BTreeMap::from([(soy, OTHER)])), OTHER);
    }

    #[test]
    fn well_known_products_are_where_the_ministry_puts_them() {
        assert_eq!(sector_by_prefix(Ncm(9_011_110)), FARMING, "coffee");
        assert_eq!(sector_by_prefix(Ncm(26_011_100)), EXTRACTION, "iron ore");
        assert_eq!(sector_by_prefix(Ncm(27_090_010)), EXTRACTION, "crude oil");
        assert_eq!(sector_by_prefix(Ncm(17_011_400)), MANUFACTURING, "sugar");
        assert_eq!(sector_by_prefix(Ncm(27_160_000)), OTHER, "electricity");
    }

    #[test]
    fn every_rule_is_read() {
        let rules = PREFIXES_CSV.lines().skip(1).filter(|line| !line.is_empty()).count();
        assert_eq!(PREFIXES.len(), rules);
        assert!(PREFIXES.values().all(|sector| *sector <= OTHER));
    }

    /// Against the real table: the embedded rules say of every code what its ISIC class says.
    #[test]
    fn the_rules_reproduce_the_published_table() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/comexstat/tables/NCM.csv.gz");
        let Ok(file) = std::fs::File::open(&path) else {
            println!("skipped: {} is not here", path.display());
            return;
        };
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        let text = encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned();
        let mut codes = 0;
        // Records start with the code in quotes; the ten columns before the descriptions never hold a quote or `;`.
        for line in text.lines().skip(1) {
            let columns: Vec<&str> = line.splitn(11, ';').map(|column| column.trim_matches('"')).collect();
            let (Some(ncm), Some(class)) = (columns[0].parse().ok().map(Ncm), columns.get(9)) else {
                continue;
            };
            codes += 1;
            assert_eq!(sector_of_isic(class), Some(sector_by_prefix(ncm)), "{ncm}");
        }
        assert!(codes > 13_000, "only {codes} codes were read");
    }
}
