use proptest::prelude::*;

use super::*;
use crate::domain::fixture::{ana, bakery};

fn wrong(owner: &Owner, at_our_edge: bool) -> Vec<String> {
    owner.check(at_our_edge).err().unwrap_or_default().into_iter().map(|it| it.property).collect()
}

fn person(name: &str) -> Owner {
    Owner { name: name.into(), ..ana() }
}

fn firm(name: &str, trade_name: &str) -> Owner {
    Owner { name: name.into(), trade_name: Some(trade_name.into()), ..bakery() }
}

#[test]
fn section_1_limits_are_five_and_twenty() {
    assert_eq!(ana().person_type().keys_per_account_max(), 5);
    assert_eq!(bakery().person_type().keys_per_account_max(), 20);
    assert_eq!([PersonType::Natural, PersonType::Legal].map(PersonType::name), ["NATURAL_PERSON", "LEGAL_PERSON"]);
}

#[test]
fn section_2_natural_person() {
    for name in ["João Silva", "Ana D'Ávila-Müller", "ÀÖØöøÿ", &"a".repeat(150)] {
        assert!(wrong(&person(name), true).is_empty(), "{name}");
    }
    for name in ["", "João 2", "João×Silva", "a÷b", "Joao.", "Ян", "Łukasz", "João\n", &"a".repeat(151)] {
        assert_eq!(wrong(&person(name), false), ["name"], "{name:?}");
    }
    assert_eq!(wrong(&Owner { trade_name: Some("Ana Doces".into()), ..ana() }, false), ["trade_name"]);
}

#[test]
fn section_2_legal_person() {
    for name in ["Padaria Três Irmãos & Cia. Ltda", "3M", "¡ÿ~ ", "**a**", &"é".repeat(150)] {
        assert!(wrong(&firm(name, "Padaria 3 Irmãos"), true).is_empty(), "{name}");
    }
    assert!(wrong(&Owner { trade_name: None, ..bakery() }, true).is_empty());
    for name in ["", "*", "****", "a\u{a0}b", "a\u{7f}", "a\tb", "Ā", "“a”", &"é".repeat(151)] {
        assert_eq!(wrong(&firm(name, "Padaria"), false), ["name"], "{name:?}");
    }
    assert!(wrong(&firm("A", &"é".repeat(100)), false).is_empty());
    for trade_name in ["", "***", "a\nb", &"é".repeat(101)] {
        assert_eq!(wrong(&firm("A", trade_name), false), ["trade_name"], "{trade_name:?}");
    }
}

#[test]
fn our_edge_asks_for_check_digits_and_for_names_that_say_something() {
    let example = Owner { tax_id: TaxId::parse("11122233300").unwrap(), name: " ".into(), trade_name: None };
    assert!(wrong(&example, false).is_empty());
    assert_eq!(wrong(&example, true), ["tax_id", "name"]);
    assert_eq!(wrong(&firm("A", "  "), true), ["trade_name"]);
}

#[test]
fn manual_2_3_case_accents_and_spaces_do_not_count() {
    for (rfb, given) in [
        ("JOAO DA SILVA", "João da Silva"),
        ("JOSE ANTONIO MUNOZ", "  José  Antônio Muñoz "),
        ("CONCEICAO D'AVILA", "conceição d'ávila"),
        ("CONCEICAO", "Conceic\u{327}a\u{303}o"),
        ("PADARIA TRES IRMAOS LTDA", "Padaria Três\u{a0}Irmãos Ltda"),
        ("AAAAAA C EEEE IIII N OOOOOO UUUU YY", "àáâãäå ç èéêë ìíîï ñ òóôõöø ùúûü ýÿ"),
    ] {
        assert!(same_name(rfb, given), "{rfb} / {given}");
    }
}

#[test]
fn manual_2_3_every_word_counts() {
    for (rfb, given) in [
        ("JOAO DA SILVA", "João Silva"),
        ("JOAO DA SILVA", "Silva da João"),
        ("JOAO DA SILVA", "J. da Silva"),
        ("JOAO DA SILVA", "Joao da Silva Filho"),
        ("PADARIA TRES IRMAOS LTDA", "Padaria 3 Irmaos Ltda"),
        ("MARIA D'AVILA", "Maria D Avila"),
        ("ANA", "ANA MARIA"),
        ("DASILVA", "da Silva"),
        ("", ""),
        (" ", "\u{301}"),
    ] {
        assert!(!same_name(rfb, given), "{rfb} / {given}");
    }
}

proptest! {
    #[test]
    fn what_the_pattern_allows_is_a_name(name in "[A-Za-zÀ-ÖØ-öø-ÿ' -]{1,150}") {
        prop_assert!(wrong(&person(&name), false).is_empty());
    }

    #[test]
    fn a_name_is_the_same_in_capitals_and_both_ways(a in "\\PC{0,20}", b in "\\PC{0,20}") {
        let name = format!("x{a}");
        prop_assert!(same_name(&name, &name));
        prop_assert_eq!(same_name(&a, &b), same_name(&b, &a));
        prop_assert!(wrong(&person(&a), true).len() <= 1);
    }
}
