//! What the sample promises: the same bytes always, published totals, enough destinations.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::*;
use crate::domain::code::{CountryCode, Uf};

fn facts(rows: Option<u64>) -> (SampleSummary, BTreeMap<u16, Vec<Fact>>) {
    let mut years = BTreeMap::new();
    let summary = for_each_year(&SampleOptions { rows }, |year, facts| drop(years.insert(year, facts))).unwrap();
    (summary, years)
}

/// The default sample, made once for all tests.
static DEFAULT: LazyLock<(SampleSummary, BTreeMap<u16, Vec<Fact>>)> = LazyLock::new(|| facts(None));

fn sum(facts: &[Fact], keep: impl Fn(&Fact) -> bool) -> (i64, i64) {
    facts
        .iter()
        .filter(|fact| keep(fact))
        .fold((0, 0), |(fob, kg), fact| (fob + fact.fob_cents / 100, kg + fact.weight_g / 1000))
}

/// The United States, Germany and others have a second code in the sample.
fn country(code: CountryCode) -> CountryCode {
    match code {
        396 => 249,
        25 => 23,
        151 => 245,
        152 => 628,
        code => code,
    }
}

fn assert_published(years: &BTreeMap<u16, Vec<Fact>>, tail: bool) {
    let known = tables::Tables::read(tail).unwrap().calibration;
    assert_eq!(sum(&years[&2024], |_| true).0, 337_046_161_710);
    for ((year, ncm), (fob, kg)) in &known.product {
        assert_eq!(sum(&years[year], |fact| fact.ncm == *ncm), (*fob as i64, *kg as i64), "{ncm} in {year}");
    }
    for ((year, code), fob) in &known.country {
        assert_eq!(sum(&years[year], |fact| country(fact.country) == *code).0, *fob as i64, "country {code} in {year}");
    }
    for ((year, ncm, code), fob) in &known.cell {
        let got = sum(&years[year], |fact| fact.ncm == *ncm && country(fact.country) == *code).0;
        assert_eq!(got, *fob as i64, "{ncm} to {code} in {year}");
    }
}

#[test]
fn the_bytes_are_pinned() {
    let mut text = Vec::new();
    let summary = write_csv(&mut text, &SampleOptions::default()).unwrap();
    assert_eq!(summary.rows, ROWS_DEFAULT);
    let digest = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // Change this only with a line in the changelog: people compare figures across versions.
    assert_eq!(digest, "31b84d3c6f42c109c03221f8334e2d9ec0808a101b4cb64e41fbf4df29e8ca29");
}

#[test]
fn it_adds_up_to_what_was_published() {
    let (summary, years) = &*DEFAULT;
    assert_eq!(summary.years.iter().map(|year| year.year).collect::<Vec<_>>(), [2020, 2021, 2022, 2023, 2024]);
    assert_published(years, false);
    for year in &summary.years {
        assert_eq!(sum(&years[&year.year], |_| true), (year.fob_usd as i64, year.weight_kg as i64));
    }
}

#[test]
fn states_are_close_to_what_was_published() {
    let (_, years) = &*DEFAULT;
    for (state, fob) in tables::Tables::read(false).unwrap().calibration.state {
        let got = sum(&years[&2024], |fact| fact.uf == state).0 as f64;
        let (off, share) = ((got / fob as f64 - 1.0).abs(), fob as f64 / 337e9);
        assert!(off < if share > 0.01 { 0.12 } else { 0.95 }, "{}: {got} against {fob}", state.letters());
    }
}

#[test]
fn a_large_sample_has_the_same_totals() {
    let (summary, years) = facts(Some(500_000));
    assert_eq!(summary.rows, 500_000);
    assert_published(&years, true);
    let key = |fact: &Fact| (fact.month, fact.ncm, fact.country, fact.uf, fact.via, fact.urf);
    let keys: HashSet<_> = years[&2024].iter().map(key).collect();
    assert_eq!(keys.len(), years[&2024].len(), "rows of one key");
}

#[test]
fn every_named_product_has_destinations() {
    let (_, years) = &*DEFAULT;
    let mut found: BTreeMap<Ncm, BTreeSet<CountryCode>> = BTreeMap::new();
    for fact in years.values().flatten().filter(|fact| fact.fob_cents > 0 && fact.country != 990) {
        found.entry(fact.ncm).or_default().insert(country(fact.country));
    }
    assert!(found.len() >= 60);
    for ncm in [17_011_400, 26_011_200, 12_010_090] {
        assert!(found[&Ncm(ncm)].len() >= 10, "{ncm}");
    }
    let named = products().unwrap();
    assert!(named.iter().all(|product| !product.name_pt.is_empty() && !product.name_en.is_empty()));
    assert_eq!(named.iter().map(|product| product.ncm).collect::<BTreeSet<_>>(), found.keys().copied().collect());
}

#[test]
fn it_has_the_oddities_of_official_files() {
    let (_, years) = &*DEFAULT;
    let all: Vec<&Fact> = years.values().flatten().collect();
    let count = |keep: &dyn Fn(&Fact) -> bool| all.iter().filter(|fact| keep(fact)).count();
    assert!(count(&|fact| fact.weight_g == 0 && fact.fob_cents > 0) > 50);
    assert!(count(&|fact| fact.fob_cents == 0) > 5);
    assert!(count(&|fact| fact.uf == Uf::NOT_DECLARED) > 100);
    assert!(count(&|fact| fact.country == 990) > 10);
    assert!(count(&|fact| fact.country == 396) > 2);
    assert!(all.iter().all(|fact| fact.fob_cents >= 0 && fact.weight_g >= 0 && fact.quantity >= 0));
}

#[test]
fn the_text_is_the_official_layout() {
    let mut text = Vec::new();
    write_csv(&mut text, &SampleOptions::default()).unwrap();
    let text = String::from_utf8(text).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap().replace('"', "");
    assert_eq!(header, "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB");
    let widths = [4, 2, 8, 2, 3, 2, 2, 7];
    let mut fob = BTreeMap::<String, u64>::new();
    for line in lines {
        let fields: Vec<&str> = line.split(';').collect();
        assert_eq!(fields.len(), 11, "{line}");
        for (field, width) in fields.iter().zip(widths) {
            assert!(field.len() == width + 2 && field.starts_with('"') && field.ends_with('"'), "{line}");
        }
        *fob.entry(fields[0].to_owned()).or_default() += fields[10].parse::<u64>().unwrap();
    }
    assert_eq!(fob["\"2024\""], 337_046_161_710);
}

#[test]
fn impossible_sizes_are_refused() {
    let error = |rows| write_csv(&mut Vec::new(), &SampleOptions { rows: Some(rows) }).unwrap_err();
    assert!(matches!(error(1000), SampleError::TooFewRows { year: 2020, rows: 200, .. }));
    assert!(matches!(error(ROWS_MAX + 1), SampleError::TooManyRows { .. }));
}

#[test]
fn a_failing_output_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(matches!(write_csv(&mut Full, &SampleOptions::default()), Err(SampleError::Write(_))));
}
