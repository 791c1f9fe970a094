//! What holds for any fact and any bytes.

use proptest::prelude::*;

use super::super::summary::Sums;
use super::super::totals::{DifferenceKind, Totals};
use super::format::{OFFICIAL_HEADER, Quoting, SIMPLE_HEADER, official_line, simple_line};
use super::{Scratch, gzip, lenient, read_file, read_text, real_data};
use crate::domain::code::{Month, Ncm, SECTORS, UFS, Uf};
use crate::domain::fact::{Fact, QUANTITY_NONE, SECTOR_DERIVED, UNIT_NONE, URF_NONE};

const MAX_VALUE: i64 = 1_000_000_000_000_000_000 - 1;

prop_compose! {
    fn official()(
        fob_cents in 0..=MAX_VALUE, kg in 0..=MAX_VALUE / 1_000, quantity in 0..1_000_000_000_000_000_i64,
        ncm in 0..100_000_000_u32, urf in 0..10_000_000_u32, year in 1989..=2024_u16, month in 1..=12_u8,
        country in 0..1_000_u16, uf in 0..UFS.len(), via in 0..100_u8, unit in 0..100_u8,
    ) -> Fact {
        Fact {
            fob_cents, weight_g: kg * 1_000, quantity, urf, country, via, unit,
            ncm: Ncm(ncm),
            month: Month::new(year, month).unwrap(),
            uf: Uf(u8::try_from(uf).unwrap()),
            sector: SECTOR_DERIVED,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn official_lines_come_back_as_they_were(facts in prop::collection::vec(official(), 1..50), packed in any::<bool>()) {
        for quoting in [Quoting::Codes, Quoting::Nothing] {
            let mut text = OFFICIAL_HEADER.to_owned();
            facts.iter().for_each(|fact| official_line(fact, quoting, &mut text));
            let bytes = if packed { gzip(text.as_bytes()) } else { text.into_bytes() };
            let (summary, read) = read_text(bytes).unwrap();
            prop_assert_eq!(&read, &facts);
            let sum: i128 = facts.iter().map(|fact| i128::from(fact.fob_cents)).sum();
            prop_assert_eq!(summary.total().fob_cents, sum);
        }
    }

    #[test]
    fn simple_lines_come_back_as_they_were(facts in prop::collection::vec((official(), 0..4_usize, 0..5_u8), 1..50)) {
        let countries = [(63, "Argentina"), (160, "CHINA"), (249, "us"), (1001, "Ilha \"A\", do Sul")];
        let mut text = SIMPLE_HEADER.to_owned();
        let mut expected = Vec::new();
        for (fact, country, sector) in facts {
            let (code, name) = countries[country];
            simple_line(&fact, name, SECTORS[usize::from(sector)], &mut text);
            expected.push(Fact {
                country: code, sector, quantity: QUANTITY_NONE, urf: URF_NONE, uf: Uf::NOT_DECLARED, via: 0, unit: UNIT_NONE, ..fact
            });
        }
        prop_assert_eq!(read_text(text).unwrap().1, expected);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), packed in any::<bool>()) {
        let after_header: Vec<u8> = OFFICIAL_HEADER.bytes().chain(bytes.iter().copied()).collect();
        for content in [bytes, after_header] {
            // The outcome does not matter, only that there is one.
            drop(read_text(if packed { gzip(&content) } else { content }));
        }
    }

    #[test]
    fn near_misses_of_a_file_are_read_or_refused(text in "([0-9.,;\"\\-a-zÀ-ú \r]{0,60}\n){0,8}") {
        for header in [OFFICIAL_HEADER, SIMPLE_HEADER] {
            if let Ok((summary, facts)) = read_text(format!("{header}{text}")) {
                prop_assert_eq!(summary.rows_accepted, facts.len() as u64);
                prop_assert_eq!(summary.rows_read, summary.rows_accepted + summary.rows_rejected);
                prop_assert!(facts.iter().all(|fact| fact.fob_cents >= 0 && fact.weight_g >= 0));
            }
        }
    }
}

#[test]
fn totals_agree_to_the_unit_or_say_where_not() {
    let Some(path) = real_data("EXP_2025.csv.gz") else { return };
    let (summary, _) = read_file(&path, &lenient()).unwrap();
    let sums: Sums = summary.years()[&2025].sums;
    let scratch = Scratch::new();
    let file = |fob: i128, year: u16| {
        let header = "ARQUIVO;CO_ANO;QT_ESTAT;KG_LIQUIDO;VL_FOB;NUMERO_LINHAS";
        let row = format!("EXP_{year}.csv;{year};{};114016770061;{fob};249681", sums.quantity);
        Totals::read(&scratch.file("EXP_TOTAIS_CONFERENCIA.csv", format!("{header}\n{row}\n"))).unwrap()
    };
    assert_eq!(file(48_252_908_258, 2025).compare(&summary), Ok(()));
    let differences = file(48_252_908_257, 2025).compare(&summary).unwrap_err();
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].to_string(), "2025: VL_FOB published 48252908257, found 48252908258 (1 off)");
    let differences = file(48_252_908_258, 2024).compare(&summary).unwrap_err();
    assert_eq!(differences[0].kind, DifferenceKind::YearMissing);
    assert!(Totals::read(&scratch.path("absent.csv")).is_err());
}
