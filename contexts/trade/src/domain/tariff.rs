//! Tariffs under Brazil's trade agreements, by country and product (`data/tariff_agreements.csv`).
//!
//! A line gives the tariff that goods of Brazil meet in some countries, for all products or for those whose code
//! begins with one of its prefixes. A line without figures is an exception: the agreement leaves the product out, and
//! its tariff is unknown, not zero. The most specific line holds.

use std::sync::LazyLock;

use super::code::Ncm;

static AGREEMENTS_CSV: &str = include_str!("../../data/tariff_agreements.csv");

/// The tariff that an agreement leaves, in percent, with its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TariffPct {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One line: what an agreement says of products in one country.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// ISO alpha-3 of the country.
    country: [u8; 3],
    /// First digits of the products, such as 1701, and how many digits are missing to eight; `None` for all.
    prefix: Option<(u32, u32)>,
    /// The agreement: `ACE 18`.
    pub name: &'static str,
    /// `None` where the product is excepted: the tariff is unknown.
    pub tariff: Option<TariffPct>,
    /// What is known of it, in Portuguese.
    pub reason_pt: &'static str,
    /// The same in English.
    pub reason_en: &'static str,
}

/// Goods made mostly in the Manaus free zone, which Mercosur leaves out of free trade.
static FREE_ZONE: Agreement = Agreement {
    country: *b"   ",
    prefix: None,
    name: "ACE 18",
    tariff: None,
    reason_pt: "bens de zona franca (Manaus) ficam fora do ACE 18",
    reason_en: "goods of a free zone (Manaus) are outside ACE 18",
};

/// Lines by country, products with a longer prefix first.
static AGREEMENTS: LazyLock<Vec<Agreement>> = LazyLock::new(|| {
    let mut all: Vec<Agreement> = AGREEMENTS_CSV.lines().skip(1).filter_map(read_line).flatten().collect();
    all.sort_by_key(|line| (line.country, line.prefix.map_or(u32::MAX, |(_, missing)| missing)));
    all
});

fn read_line(line: &'static str) -> Option<Vec<Agreement>> {
    let columns: Vec<&'static str> = line.split(';').collect();
    let [countries, name, products, low, value, high, reason_pt, reason_en] = columns.try_into().ok()?;
    let tariff = if value.is_empty() {
        None
    } else {
        Some(TariffPct { value: value.parse().ok()?, low: low.parse().ok()?, high: high.parse().ok()? })
    };
    let prefixes: Vec<Option<(u32, u32)>> = products
        .split('|')
        .map(|prefix| Some((prefix.parse().ok()?, 8_u32.checked_sub(u32::try_from(prefix.len()).ok()?)?)))
        .collect();
    let mut lines = Vec::new();
    for country in countries.split('|') {
        let country = country.as_bytes().try_into().ok()?;
        lines.extend(prefixes.iter().map(|prefix| Agreement {
            country,
            prefix: *prefix,
            name,
            tariff,
            reason_pt,
            reason_en,
        }));
    }
    Some(lines)
}

/// What an agreement says of `ncm` in the country with the ISO alpha-3 code `iso3`; `None` without an agreement.
/// `free_zone` says that the goods are made in a free zone.
#[must_use]
pub fn agreement(iso3: &str, ncm: Ncm, free_zone: bool) -> Option<&'static Agreement> {
    let country: [u8; 3] = iso3.as_bytes().try_into().ok()?;
    let first = AGREEMENTS.partition_point(|line| line.country < country);
    let mut lines = AGREEMENTS[first..].iter().take_while(|line| line.country == country);
    let covers = |line: &&Agreement| line.prefix.is_none_or(|(prefix, missing)| ncm.0 / 10_u32.pow(missing) == prefix);
    let found = lines.find(covers)?;
    let mercosur = found.name == FREE_ZONE.name;
    Some(if free_zone && mercosur && found.tariff.is_some() { &FREE_ZONE } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_country(iso3: &str, ncm: u32) -> &'static Agreement {
        agreement(iso3, Ncm(ncm), false).unwrap()
    }

    #[test]
    fn every_line_is_read_and_its_range_holds() {
        let mut read = 0;
        for line in AGREEMENTS_CSV.lines().skip(1) {
            let lines = read_line(line).unwrap_or_else(|| panic!("{line}"));
            read += lines.len();
            for Agreement { tariff, reason_pt, reason_en, .. } in lines {
                assert!(tariff.is_none_or(|t| 0.0 <= t.low && t.low <= t.value && t.value <= t.high && t.high <= 18.0));
                assert!(!reason_pt.is_empty() && !reason_en.is_empty() && reason_pt != reason_en);
            }
        }
        assert_eq!(read, AGREEMENTS.len());
        assert_eq!(AGREEMENTS_CSV.lines().skip(1).filter(|line| line.contains(";;;;")).count(), 9);
    }

    #[test]
    fn mercosur_is_free_but_for_sugar_vehicles_and_free_zones() {
        for iso3 in ["ARG", "PRY", "URY"] {
            assert_eq!(in_country(iso3, 12_019_000).tariff.map(|tariff| tariff.high), Some(0.0));
            assert_eq!(in_country(iso3, 17_011_400).tariff, None);
            assert_eq!(in_country(iso3, 87_032_310).tariff, None);
            assert_eq!(agreement(iso3, Ncm(85_171_300), true).unwrap().tariff, None);
            assert_eq!(in_country(iso3, 87_120_010).tariff.map(|tariff| tariff.value), Some(0.0), "bicycles");
        }
        assert_eq!(in_country("ARG", 17_019_900).reason_pt, "açúcar fica fora do ACE 18");
        assert_eq!(in_country("ARG", 17_021_100).tariff.map(|tariff| tariff.value), Some(0.0));
        assert_eq!(agreement("CHL", Ncm(85_171_300), true).unwrap().tariff.map(|tariff| tariff.value), Some(0.0));
    }

    #[test]
    fn partners_have_their_agreement_and_others_none() {
        assert_eq!((in_country("CHL", 12_019_000).name, in_country("COL", 1_012_100).name), ("ACE 35", "ACE 72"));
        assert_eq!((in_country("MEX", 87_032_310).name, in_country("MEX", 9_011_110).name), ("ACE 55", "ACE 53"));
        assert_eq!(in_country("DEU", 2_013_000).tariff, None, "beef is under quota");
        assert!(in_country("DEU", 9_011_110).tariff.is_some());
        for iso3 in ["CHN", "USA", "", "XX", "ARGX"] {
            assert_eq!(agreement(iso3, Ncm(12_019_000), false), None);
        }
    }
}
