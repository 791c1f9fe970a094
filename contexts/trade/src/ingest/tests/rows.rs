//! Rows that are accepted or rejected.

use super::super::csv::read_csv;
use super::super::summary::Batch;
use super::{OFFICIAL, ROW, SIMPLE, Scratch, lenient, names, read_text};
use crate::domain::code::{Month, Ncm, SECTORS, UFS, Uf};
use crate::domain::fact::{Fact, QUANTITY_NONE, SECTOR_DERIVED, UNIT_NONE, URF_NONE};

fn official(row: &str) -> Fact {
    let (_, facts) = read_text(format!("{OFFICIAL}{row}\n")).unwrap();
    facts[0]
}

fn simple(row: &str) -> Fact {
    let (_, facts) = read_text(format!("{SIMPLE}{row}\n")).unwrap();
    facts[0]
}

fn rejected(row: &str) -> String {
    let (summary, facts) = read_text(format!("{OFFICIAL}{row}\n")).unwrap();
    assert!(facts.is_empty(), "accepted: {row}");
    let reject = &summary.first_rejects[0];
    assert_eq!(reject.place.line, Some(2));
    format!("{} in {}", reject.reason.code(), reject.place.column.as_deref().unwrap())
}

#[test]
fn official_rows_are_read_exactly_however_they_are_written() {
    let expected = Fact {
        fob_cents: 148_900,
        weight_g: 64_000,
        quantity: 64,
        ncm: Ncm(9_011_110),
        urf: 217_800,
        month: Month::new(2025, 1).unwrap(),
        country: 63,
        uf: Uf::parse(b"SP").unwrap(),
        via: 1,
        unit: 10,
        sector: SECTOR_DERIVED,
    };
    assert_eq!(official("2025;01;09011110;10;063;SP;01;0217800;64;64;1489"), expected);
    assert_eq!(official("2025;1;9011110;10;63;sp;1;217800;64.00;64.0;1489.0"), expected);
    assert_eq!(official("\"2025\";\"01\";\"09011110\";\"10\";\"063\";\"SP\";\"01\";\"0217800\";64;64;1489"), expected);
    assert_eq!(official(" 2025 ; 01 ;0901.11.10;10;063; SP;01;0217800;64;64,0;1489,00"), expected);
}

#[test]
fn every_state_is_known_by_its_letters() {
    for (letters, _) in UFS {
        assert_eq!(official(&ROW.trim_end().replace("SP", letters)).uf, Uf::parse(letters.as_bytes()).unwrap());
    }
}

#[test]
fn odd_but_real_rows_are_accepted() {
    let zero = official("2025;01;09011110;10;063;ND;00;0000000;0;0;0");
    assert_eq!((zero.fob_cents, zero.weight_g, zero.quantity, zero.via), (0, 0, 0, 0));
    // A country and a product that no table knows.
    assert_eq!(official("2025;01;99999999;10;777;SP;01;0217800;1;1;1").country, 777);
}

#[test]
fn bad_values_reject_their_row_and_say_where() {
    let row = |from: &str, to: &str| rejected(&ROW.trim_end().replacen(from, to, 1));
    assert_eq!(row("1489", "-1489"), "negative in 11 (VL_FOB)");
    assert_eq!(row("1489", "abc"), "not_a_number in 11 (VL_FOB)");
    assert_eq!(row("1489", ""), "not_a_number in 11 (VL_FOB)");
    assert_eq!(row("1489", "1489.125"), "too_many_decimals in 11 (VL_FOB)");
    assert_eq!(row("1489", "1.48.900"), "thousands_separator in 11 (VL_FOB)");
    assert_eq!(row("64;64", "64;64.5"), "fraction_of_kg in 10 (KG_LIQUIDO)");
    assert_eq!(row("1489", "99999999999999999999"), "overflow in 11 (VL_FOB)");
    assert_eq!(row("64;64", "64;-1"), "negative in 10 (KG_LIQUIDO)");
    assert_eq!(row("64;64", "1.5;64"), "too_many_decimals in 9 (QT_ESTAT)");
    assert_eq!(row("2025", "1988"), "year in 1 (CO_ANO)");
    assert_eq!(row("2025", "2101"), "month_after_present in 2 (CO_MES)");
    assert_eq!(row("2025;01", "2026;01"), "month_after_present in 2 (CO_MES)");
    assert_eq!(row("2025", "25"), "year in 1 (CO_ANO)");
    assert_eq!(row(";01;", ";13;"), "month in 2 (CO_MES)");
    assert_eq!(row(";01;", ";00;"), "month in 2 (CO_MES)");
    assert_eq!(row("73079100", "7307910X"), "ncm in 3 (CO_NCM)");
    assert_eq!(row("73079100", "730791000"), "ncm in 3 (CO_NCM)");
    assert_eq!(row("73079100", "730791"), "ncm in 3 (CO_NCM)");
    assert_eq!(row("580", "USA"), "country in 5 (CO_PAIS)");
    assert_eq!(row("SP", "XX"), "uf in 6 (SG_UF_NCM)");
    assert_eq!(row("SP", "SPX"), "uf in 6 (SG_UF_NCM)");
}

#[test]
fn simple_rows_take_countries_by_name_or_code() {
    let fact = simple("2024,12,Estados Unidos,Agropecuária,1201.90.00,1234.56,1007.891");
    assert_eq!((fact.country, fact.sector, fact.fob_cents, fact.weight_g), (249, 0, 123_456, 1_007_891));
    assert_eq!((fact.uf, fact.urf, fact.unit, fact.quantity), (Uf::NOT_DECLARED, URF_NONE, UNIT_NONE, QUANTITY_NONE));
    for name in ["ESTADOS  UNIDOS", " united states ", "us", "USA", "249", "\"Estados Unidos\""] {
        assert_eq!(simple(&format!("2024,12,{name},,12019000,1,1")).country, 249, "{name}");
    }
    for name in ["NA", "namibia", "NAMÍBIA", "nam"] {
        assert_eq!(simple(&format!("2024,12,{name},,12019000,1,1")).country, 507, "{name}");
    }
    assert_eq!(simple("2024,12,63,,12019000,1,1").country, 63);
    assert_eq!(simple("2024,12,terra do nunca,,12019000,1,1").country, 1000);
    assert_eq!(simple("2024,12,CHN,,12019000,\"1,5\",1").fob_cents, 150);
    assert_eq!(simple("2024,12,CHN,,12019000,1,1").sector, SECTOR_DERIVED);
}

#[test]
fn latin_1_names_are_understood_field_by_field() {
    let mut content = SIMPLE.as_bytes().to_vec();
    content.extend(b"2024,12,Nam\xedbia,Ind\xfastria Extrativa,26011100,1,1\n");
    content.extend("2024,12,Namíbia,Indústria Extrativa,26011100,1,1\n".as_bytes());
    let (_, facts) = read_text(content).unwrap();
    assert_eq!(facts.iter().map(|fact| (fact.country, fact.sector)).collect::<Vec<_>>(), [(507, 1), (507, 1)]);
}

#[test]
fn new_names_get_codes_in_file_order_and_arrive_with_their_batch() {
    // Several blocks, so that threads could disagree.
    let mut content = SIMPLE.to_owned();
    for row in 0..150_000 {
        content.push_str(&format!("2024,12,País {},Setor {},12019000,{row},1\n", 'A', row / 60_000));
        if row % 50_000 == 0 {
            content.push_str(&format!("2024,12,\"Ilha \"\"{row}\"\", a\",,12019000,1,1\n"));
        }
    }
    let scratch = Scratch::new();
    let path = scratch.file("simples.csv", content);
    let mut names = names();
    let mut seen = Vec::new();
    let mut sink = |batch: Batch| {
        seen.extend(batch.new_countries);
        assert!(
            batch.facts.iter().all(|fact| fact.country > 1000 && seen.iter().any(|(code, _)| *code == fact.country))
        );
        Ok(())
    };
    read_csv(&path, &lenient(), &mut names, &mut sink, &|_| {}).unwrap();
    assert_eq!(names.new_countries(), seen);
    let expected =
        [(1001, "País A"), (1002, "Ilha \"0\", a"), (1003, "Ilha \"50000\", a"), (1004, "Ilha \"100000\", a")];
    assert_eq!(seen, expected.map(|(code, name)| (code, name.to_owned())));
    let sectors: Vec<_> = names.new_sectors().iter().map(|(id, name)| (usize::from(*id), name.as_str())).collect();
    assert_eq!(sectors, [(SECTORS.len(), "Setor 0"), (SECTORS.len() + 1, "Setor 1"), (SECTORS.len() + 2, "Setor 2")]);
}

#[test]
fn names_that_are_no_names_reject_their_row() {
    for name in ["", "***", "1000", &"x".repeat(101), "a\u{7}b"] {
        let (summary, _) = read_text(format!("{SIMPLE}2024,12,{name},,12019000,1,1\n")).unwrap();
        assert_eq!(summary.first_rejects[0].reason.code(), "country", "{name:?}");
    }
}

#[test]
fn a_column_full_of_unknown_names_is_the_wrong_column() {
    let rows = |count: u32, row: fn(u32) -> String| (0..count).map(row).collect::<String>();
    let countries = rows(3_000, |row| format!("2024,12,Cliente n{row},,12019000,1,1\n"));
    assert_eq!(read_text(format!("{SIMPLE}{countries}")).unwrap_err().code(), "too_many_names");
    let sectors = rows(300, |row| format!("2024,12,China,Setor {row},12019000,1,1\n"));
    assert_eq!(read_text(format!("{SIMPLE}{sectors}")).unwrap_err().code(), "too_many_names");
}
