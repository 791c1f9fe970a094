//! Labelled estimates beside the score: tariff, margin, freight and lead time by country group.
//!
//! None of them is measured and none feeds the score. The embedded table holds generic ranges
//! (`faixa_padrao`): 8–18 % of tariff outside Mercosul, margins of 15–35 %, a factor on the freight rates of
//! [`crate::domain::cargo`]. Brazil's trade agreements ([`crate::domain::tariff`]) come before a generic tariff.
//! An operator who knows better replaces the table, and may add rows for single countries by their ISO
//! alpha-3 code. A table of the older layout, with a fixed part and a rate per kg and 1,000 km, is accepted.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lookup::Destination;
use crate::domain::cargo::{self, BreakEven, Profile, Quote, Rate};
use crate::domain::code::Ncm;
use crate::domain::tariff::{self, Agreement};

static EMBEDDED_CSV: &str = include_str!("../../data/estimates.csv");

/// Basis of a generic range; a figure with this basis yields to a trade agreement.
const GENERIC: &str = "faixa_padrao";
/// Kilograms that the freight estimate stands on when a request names none.
pub const VOLUME_KG_DEFAULT: f64 = 1_000.0;
/// Margins outside this range, in percent, are refused.
pub const MARGIN_PCT: (f64, f64) = (15.0, 35.0);
/// Country groups that every table must have.
pub const GROUPS: [&str; 9] = [
    "mercosul",
    "america_do_sul",
    "america_central_caribe",
    "america_do_norte",
    "europa",
    "africa",
    "oriente_medio",
    "asia",
    "oceania",
];
/// Rows that a table may have: every group and every country.
const ROWS_MAX: usize = 400;
const HEADER: [&str; 13] = [
    "scope",
    "basis",
    "tariff_pct",
    "tariff_low_pct",
    "tariff_high_pct",
    "margin_pct",
    "margin_low_pct",
    "margin_high_pct",
    "freight_factor_pct",
    "freight_spread_pct",
    "lead_fixed_days",
    "lead_days_per_1000km",
    "lead_spread_pct",
];
/// The older layout: freight is `fixed + rate · kg · km / 1000`, whatever the class of cargo.
const HEADER_LINEAR: [&str; 14] = [
    "scope",
    "basis",
    "tariff_pct",
    "tariff_low_pct",
    "tariff_high_pct",
    "margin_pct",
    "margin_low_pct",
    "margin_high_pct",
    "freight_fixed_usd",
    "freight_usd_per_kg_1000km",
    "freight_spread_pct",
    "lead_fixed_days",
    "lead_days_per_1000km",
    "lead_spread_pct",
];

/// An estimate with the range it may well lie in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One row: what is assumed of a country group, or of one country.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    basis: String,
    tariff_pct: Range,
    margin_pct: Range,
    freight: RowFreight,
    freight_spread: f64,
    lead_fixed_days: f64,
    lead_days_per_1000km: f64,
    lead_spread: f64,
}

/// How a row estimates freight.
#[derive(Debug, Clone, Copy, PartialEq)]
enum RowFreight {
    /// The rates by class of cargo, times a factor.
    ByClass(f64),
    /// One rate for every class.
    Linear { fixed_usd: f64, usd_per_kg_1000km: f64 },
}

/// What is shipped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shipment {
    /// The product.
    pub ncm: Ncm,
    /// Kilograms.
    pub volume_kg: f64,
    /// Kind of goods and way of transport.
    pub profile: Profile,
    /// Most of the product comes from the Manaus free zone.
    pub free_zone: bool,
    /// US$ a kg, where known.
    pub usd_per_kg: Option<f64>,
}

/// The estimates of one destination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimates<'a> {
    /// Where they come from: `faixa_padrao`, or what the operator's table says.
    pub basis: &'a str,
    /// Import tariff in percent of the value; `None` where an agreement leaves the product out: unknown.
    pub tariff_pct: Option<Range>,
    /// The trade agreement that the tariff comes from.
    pub agreement: Option<&'static Agreement>,
    /// Exporter's margin in percent.
    pub margin_pct: Range,
    /// Freight and handling in US dollars for the whole volume.
    pub logistics_usd: Range,
    /// How the volume is shipped.
    pub quote: Quote,
    /// The least volume whose freight closes; `None` without a price, or when none does.
    pub break_even: Option<BreakEven>,
    /// Days from door to port of destination.
    pub lead_time_days: Range,
}

/// Why a table was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EstimateError {
    /// The first line is not the header.
    #[error("estimate table: the first line must be {} (or, in the older layout, {})", HEADER.join(";"), HEADER_LINEAR.join(";"))]
    Header,
    /// A line is wrong.
    #[error("estimate table, line {line}: {reason}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A group has no row.
    #[error("estimate table: country group {0} has no row; every group needs one")]
    MissingGroup(&'static str),
    /// Too many rows.
    #[error("estimate table: more than {ROWS_MAX} rows")]
    TooLong,
}

/// Estimates by country group and, where known better, by country.
#[derive(Debug, Clone, PartialEq)]
pub struct EstimateTable {
    groups: Vec<Row>,
    countries: HashMap<String, Row>,
}

impl EstimateTable {
    /// The table that comes with the product.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static TABLE: LazyLock<EstimateTable> = LazyLock::new(|| {
            EstimateTable::parse(EMBEDDED_CSV)
                .unwrap_or_else(|_| EstimateTable { groups: Vec::new(), countries: HashMap::new() })
        });
        &TABLE
    }

    /// Reads a table in the layout of the embedded one.
    ///
    /// # Errors
    /// [`EstimateError`] at the first line that does not hold.
    pub fn parse(text: &str) -> Result<Self, EstimateError> {
        let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
        let header = lines.next().map(|(_, line)| line.trim().split(';').collect::<Vec<_>>());
        let header: &[&str] = match header.as_deref() {
            Some(columns) if columns == HEADER => &HEADER,
            Some(columns) if columns == HEADER_LINEAR => &HEADER_LINEAR,
            _ => return Err(EstimateError::Header),
        };
        let mut groups = vec![None; GROUPS.len()];
        let mut countries = HashMap::new();
        for (line, text) in lines.filter(|(_, text)| !text.trim().is_empty() && !text.starts_with('#')) {
            if line > ROWS_MAX + 1 {
                return Err(EstimateError::TooLong);
            }
            let failed = |reason| EstimateError::Line { line, reason };
            let (scope, row) = parse_row(text, header).map_err(failed)?;
            let doubled = if let Some(group) = GROUPS.iter().position(|group| *group == scope) {
                groups[group].replace(row).is_some()
            } else if scope.len() == 3 && scope.bytes().all(|byte| byte.is_ascii_uppercase()) {
                countries.insert(scope.to_owned(), row).is_some()
            } else {
                let reason =
                    format!("\"{scope}\" is neither a country group ({}) nor an ISO alpha-3 code", GROUPS.join(", "));
                return Err(failed(reason));
            };
            if doubled {
                return Err(failed(format!("\"{scope}\" has a row already")));
            }
        }
        let groups = groups
            .into_iter()
            .zip(GROUPS)
            .map(|(row, group)| row.ok_or(EstimateError::MissingGroup(group)))
            .collect::<Result<_, _>>()?;
        Ok(Self { groups, countries })
    }

    /// The estimates of a destination for a shipment; `None` for a group that no table has.
    #[must_use]
    pub fn estimate(&self, destination: &Destination, shipment: &Shipment) -> Option<Estimates<'_>> {
        let group = || GROUPS.iter().position(|group| *group == destination.group).and_then(|at| self.groups.get(at));
        let by_country = if self.countries.is_empty() { None } else { self.countries.get(&destination.iso3) };
        let row = by_country.or_else(group)?;
        let thousand_km = destination.distance_km / 1_000.0;
        let (quote, break_even) = row.freight.estimate(shipment, thousand_km)?;
        let agreement = (row.basis == GENERIC)
            .then(|| tariff::agreement(&destination.iso3, shipment.ncm, shipment.free_zone))
            .flatten();
        let tariff_pct = match agreement {
            Some(agreement) => {
                agreement.tariff.map(|tariff| Range { value: tariff.value, low: tariff.low, high: tariff.high })
            }
            None => Some(row.tariff_pct),
        };
        let days = row.lead_fixed_days + row.lead_days_per_1000km * thousand_km;
        let spread = |value: f64, share: f64| Range { value, low: value * (1.0 - share), high: value * (1.0 + share) };
        let lead = spread(days, row.lead_spread);
        Some(Estimates {
            basis: &row.basis,
            tariff_pct,
            agreement,
            margin_pct: row.margin_pct,
            logistics_usd: spread(quote.usd, row.freight_spread),
            quote,
            break_even,
            lead_time_days: Range { value: lead.value.round(), low: lead.low.floor(), high: lead.high.ceil() },
        })
    }
}

impl RowFreight {
    fn estimate(self, shipment: &Shipment, thousand_km: f64) -> Option<(Quote, Option<BreakEven>)> {
        let Shipment { volume_kg, profile, usd_per_kg, .. } = *shipment;
        match self {
            Self::ByClass(factor) => {
                let quote = cargo::quote(cargo::rates(profile), volume_kg, thousand_km, factor)?;
                let break_even = usd_per_kg.and_then(|price| cargo::break_even_of(profile, price, thousand_km, factor));
                Some((quote, break_even))
            }
            Self::Linear { fixed_usd, usd_per_kg_1000km } => {
                let rate = Rate {
                    class: profile.class(),
                    load: "table",
                    unit_kg: 1.0,
                    fixed_usd,
                    handling_usd: 0.0,
                    haul_usd: usd_per_kg_1000km,
                };
                let break_even = usd_per_kg.and_then(|price| cargo::break_even(&[rate], price, thousand_km, 1.0));
                let usd = fixed_usd + usd_per_kg_1000km * volume_kg * thousand_km;
                Some((Quote { class: rate.class, load: rate.load, units: 1.0, usd }, break_even))
            }
        }
    }
}

fn parse_row<'a>(line: &'a str, header: &[&str]) -> Result<(&'a str, Row), String> {
    let columns: Vec<&str> = line.trim().split(';').map(str::trim).collect();
    if columns.len() != header.len() {
        return Err(format!("{} columns, {} expected", columns.len(), header.len()));
    }
    let (scope, basis) = (columns[0], columns[1]);
    if basis.is_empty() || basis.len() > 100 || basis.chars().any(char::is_control) {
        return Err("basis must say in 1 to 100 characters where the figures come from".to_owned());
    }
    let number = |at: usize, max: f64| -> Result<f64, String> {
        let value: f64 =
            columns[at].parse().map_err(|_| format!("{} = \"{}\" is not a number", header[at], columns[at]))?;
        if (0.0..=max).contains(&value) {
            return Ok(value);
        }
        Err(format!("{} = {value} must lie between 0 and {max}", header[at]))
    };
    let range = |at: usize, max: f64| -> Result<Range, String> {
        let range = Range { value: number(at, max)?, low: number(at + 1, max)?, high: number(at + 2, max)? };
        if range.low <= range.value && range.value <= range.high {
            return Ok(range);
        }
        Err(format!("{} must lie between its low and its high", header[at]))
    };
    let margin_pct = range(5, MARGIN_PCT.1)?;
    if margin_pct.low < MARGIN_PCT.0 {
        return Err(format!("margins must lie between {} and {} %", MARGIN_PCT.0, MARGIN_PCT.1));
    }
    let freight = if header.len() == HEADER.len() {
        RowFreight::ByClass(number(8, 1_000.0)? / 100.0)
    } else {
        RowFreight::Linear { fixed_usd: number(8, 1e6)?, usd_per_kg_1000km: number(9, 1e3)? }
    };
    let row = Row {
        basis: basis.to_owned(),
        tariff_pct: range(2, 1_000.0)?,
        margin_pct,
        freight,
        freight_spread: number(header.len() - 4, 100.0)? / 100.0,
        lead_fixed_days: number(header.len() - 3, 365.0)?,
        lead_days_per_1000km: number(header.len() - 2, 100.0)?,
        lead_spread: number(header.len() - 1, 100.0)? / 100.0,
    };
    Ok((scope, row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cargo::{Mode, Nature};
    use crate::domain::country::build_countries;
    use crate::domain::reference::Reference;
    use crate::simulator::lookup::CountryLookup;

    fn lookup() -> CountryLookup {
        let (countries, merged) = build_countries(None, &[]);
        CountryLookup::new(&Reference { countries, merged, ..Reference::default() })
    }

    const COFFEE: Ncm = Ncm(9_011_110);

    fn shipment(ncm: Ncm, volume_kg: f64) -> Shipment {
        let profile = Profile { nature: Nature::General, mode: Mode::Sea };
        Shipment { ncm, volume_kg, profile, free_zone: false, usd_per_kg: Some(4.0) }
    }

    #[test]
    fn the_embedded_table_keeps_its_promises() {
        EstimateTable::parse(EMBEDDED_CSV).unwrap();
        for destination in &lookup().destinations {
            let estimates =
                EstimateTable::embedded().estimate(destination, &shipment(COFFEE, VOLUME_KG_DEFAULT)).unwrap();
            let tariff = estimates.tariff_pct.unwrap();
            assert!(0.0 <= tariff.low && tariff.low <= tariff.value && tariff.value <= tariff.high);
            if estimates.agreement.is_none() {
                assert!(tariff.low >= 8.0 && tariff.high <= 18.0, "{}", destination.name_en);
            }
            assert!(estimates.margin_pct.low >= 15.0 && estimates.margin_pct.high <= 35.0);
            assert!((3.0..90.0).contains(&estimates.lead_time_days.value), "{}", destination.name_en);
            assert!(estimates.logistics_usd.low > 0.0 && estimates.logistics_usd.low < estimates.logistics_usd.high);
        }
    }

    #[test]
    fn freight_grows_with_volume_and_distance() {
        let lookup = lookup();
        let usd = |code, kg| {
            let at = lookup.destinations.iter().find(|destination| destination.code == code).unwrap();
            EstimateTable::embedded().estimate(at, &shipment(COFFEE, kg)).unwrap().logistics_usd.value
        };
        assert!(usd(160, 2_000.0) > usd(160, 1_000.0));
        assert!(usd(160, 1_000.0) > usd(190, 1_000.0) * 0.9);
        assert!(usd(249, 1_000.0) > usd(63, 1_000.0));
    }

    #[test]
    fn an_operators_row_for_one_country_wins() {
        let text = format!("{EMBEDDED_CSV}CHL;tabela da empresa;50;50;50;20;18;22;100;10;5;1;10\n");
        let table = EstimateTable::parse(&text).unwrap();
        let lookup = lookup();
        let chile = lookup.destinations.iter().find(|destination| destination.iso3 == "CHL").unwrap();
        let estimates = table.estimate(chile, &shipment(COFFEE, 1_000.0)).unwrap();
        assert_eq!((estimates.basis, estimates.agreement), ("tabela da empresa", None));
        assert_eq!(estimates.tariff_pct.map(|tariff| tariff.value), Some(50.0));
        let estimates = EstimateTable::embedded().estimate(chile, &shipment(COFFEE, 1_000.0)).unwrap();
        assert_eq!(estimates.tariff_pct.map(|tariff| tariff.value), Some(0.0), "ACE 35");
    }

    #[test]
    fn a_table_of_the_older_layout_keeps_its_own_freight() {
        let lines = GROUPS.map(|group| format!("{group};da empresa;9;8;10;20;18;22;100;0.01;10;5;1;10"));
        let text = format!("{}\n{}\n", HEADER_LINEAR.join(";"), lines.join("\n"));
        let table = EstimateTable::parse(&text).unwrap();
        let lookup = lookup();
        let usa = lookup.destinations.iter().find(|destination| destination.code == 249).unwrap();
        let estimates = table.estimate(usa, &shipment(COFFEE, 1_000.0)).unwrap();
        let expected = 100.0 + 0.01 * 1_000.0 * usa.distance_km / 1_000.0;
        assert!((estimates.logistics_usd.value - expected).abs() < 1e-9);
        assert!((estimates.logistics_usd.low - expected * 0.9).abs() < 1e-9);
        let from = estimates.break_even.unwrap().kg;
        let usd = |kg| table.estimate(usa, &shipment(COFFEE, kg)).unwrap().logistics_usd.value;
        assert!(usd(from) <= 0.4 * 4.0 * from && usd(from - 1.0) > 0.4 * 4.0 * (from - 1.0));
    }

    #[test]
    fn a_wrong_table_is_refused_with_the_line() {
        let with =
            |from: &str, to: &str| EstimateTable::parse(&EMBEDDED_CSV.replacen(from, to, 1)).unwrap_err().to_string();
        insta::assert_snapshot!(with("scope;", "group;"), @"estimate table: the first line must be scope;basis;tariff_pct;tariff_low_pct;tariff_high_pct;margin_pct;margin_low_pct;margin_high_pct;freight_factor_pct;freight_spread_pct;lead_fixed_days;lead_days_per_1000km;lead_spread_pct (or, in the older layout, scope;basis;tariff_pct;tariff_low_pct;tariff_high_pct;margin_pct;margin_low_pct;margin_high_pct;freight_fixed_usd;freight_usd_per_kg_1000km;freight_spread_pct;lead_fixed_days;lead_days_per_1000km;lead_spread_pct)");
        insta::assert_snapshot!(with("mercosul;", "mercosur;"), @r#"estimate table, line 2: "mercosur" is neither a country group (mercosul, america_do_sul, america_central_caribe, america_do_norte, europa, africa, oriente_medio, asia, oceania) nor an ISO alpha-3 code"#);
        insta::assert_snapshot!(with(";22;15;30;", ";22;14;30;"), @"estimate table, line 2: margins must lie between 15 and 35 %");
        insta::assert_snapshot!(with(";22;15;30;", ";40;15;30;"), @"estimate table, line 2: margin_pct = 40 must lie between 0 and 35");
        insta::assert_snapshot!(with(";22;15;30;", ";x;15;30;"), @r#"estimate table, line 2: margin_pct = "x" is not a number"#);
        insta::assert_snapshot!(with("oceania;", "asia;"), @r#"estimate table, line 10: "asia" has a row already"#);
    }
}
