use proptest::prelude::*;

use super::*;

#[test]
fn the_official_alphanumeric_cnpj_has_its_check_digits() {
    let tax_id = TaxId::parse_new("12ABC34501DE35").unwrap();
    assert_eq!((tax_id.as_str(), tax_id.is_cpf()), ("12ABC34501DE35", false));
    assert_eq!(TaxId::parse_new("12abc34501de35").unwrap(), tax_id);
}

#[test]
fn check_digits_of_known_numbers() {
    for text in ["52998224725", "11144477735", "00000000191", "11222333000181", "00000000000191", "33000167000101"] {
        assert!(TaxId::parse_new(text).is_ok(), "{text}");
    }
    // What the directory's own document shows as examples.
    for text in ["11122233300", "12345678901", "12345678901234", "11222333000150"] {
        assert!(TaxId::parse(text).is_ok(), "{text}");
        assert_eq!(TaxId::parse_new(text), Err(TaxIdError::CheckDigits), "{text}");
    }
    for digit in '0'..='9' {
        let same = digit.to_string();
        assert_eq!(TaxId::parse_new(&same.repeat(11)), Err(TaxIdError::CheckDigits));
        assert_eq!(TaxId::parse_new(&same.repeat(14)), Err(TaxIdError::CheckDigits));
    }
}

#[test]
fn what_is_no_tax_id_is_refused() {
    let odd = ["", "5299822472", "529982247255", "1122233300018", "112223330001811", "529.982.247-25", "5299822472A"];
    let letters_last = ["12ABC34501DE3A", "12ABC34501DEA5"];
    for text in odd.iter().chain(&letters_last).chain(&["5299822472²", "1222333000181", "12ABC34501DE3५"]) {
        assert_eq!(TaxId::parse(text), Err(TaxIdError::Form), "{text:?}");
    }
}

#[test]
fn a_cpf_is_shown_masked_and_a_cnpj_in_full() {
    assert_eq!(TaxId::parse("52998224725").unwrap().display(), "***.982.247-**");
    assert_eq!(TaxId::parse("12ABC34501DE35").unwrap().display(), "12ABC34501DE35");
    assert_eq!(format!("{:?}", TaxId::parse("52998224725").unwrap()), "***");
}

proptest! {
    #[test]
    fn one_pair_of_digits_in_a_hundred_fits(base in "[0-9]{9}|[0-9A-Z]{12}") {
        let fitting: Vec<_> =
            (0..100).filter(|pair| TaxId::parse_new(&format!("{base}{pair:02}")).is_ok()).collect();
        let repeated = base.bytes().all(|b| b == base.as_bytes()[0]);
        prop_assert!(fitting.len() == 1 || (repeated && fitting.is_empty()), "{fitting:?}");
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,20}|[0-9a-zA-Z]{0,16}") {
        if let Ok(tax_id) = TaxId::parse(&text) {
            prop_assert_eq!(TaxId::parse(tax_id.as_str()).unwrap(), tax_id.clone());
            prop_assert_eq!(tax_id.is_cpf(), text.len() == 11);
            prop_assert!(!tax_id.is_cpf() || !tax_id.display().contains(&text[..3]) || text[3..9].contains(&text[..3]));
        }
        prop_assert!(TaxId::parse_new(&text).is_err() || TaxId::parse(&text).is_ok());
    }
}
