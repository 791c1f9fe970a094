use std::collections::HashMap;

use proptest::prelude::*;

use super::{Basis, Evidence, Link, Succession, Use, excludes, known};
use crate::domain::code::{Month, Ncm};

fn month(year: u16, month: u8) -> Month {
    Month::new(year, month).unwrap()
}

fn link(old: u32, new: u32) -> Link {
    Link { old: Ncm(old), new: Ncm(new), since: Some(month(2015, 1)), basis: Basis::Operator }
}

fn uses(list: &[(u32, Month, Month)]) -> Evidence {
    let uses: HashMap<Ncm, Use> =
        list.iter().map(|(ncm, first, last)| (Ncm(*ncm), Use { first: *first, last: *last })).collect();
    Evidence { uses, adjacent: Vec::new() }
}

fn of_data(list: &[(u32, Month, Month)], others: &[u32]) -> Succession {
    let mut codes: Vec<Ncm> =
        list.iter().map(|(ncm, ..)| Ncm(*ncm)).chain(others.iter().map(|ncm| Ncm(*ncm))).collect();
    codes.sort_unstable();
    Succession::new(&[], &codes, uses(list), |_, _| 0.0)
}

#[test]
fn the_embedded_table_knows_the_great_changes() {
    let succession = Succession::new(&[], &[], Evidence::default(), |_, _| 0.0);
    let successors = |old| succession.of(Ncm(old)).map(|ended| ended.successors.clone()).unwrap_or_default();
    assert_eq!(successors(12_010_090), [Ncm(12_019_000)]);
    assert_eq!(succession.of(Ncm(12_010_090)).unwrap().since, Some(month(2012, 1)));
    assert_eq!(successors(26_011_200), [Ncm(26_011_210), Ncm(26_011_290)]);
    assert_eq!(successors(17_011_100)[0], Ncm(17_011_400));
    assert_eq!(successors(10_019_090), [Ncm(10_019_900)]);
    // A chain is followed to its end: 2007, then 2022.
    assert_eq!(successors(85_252_022), [Ncm(85_171_300), Ncm(85_171_439)]);
    assert!(succession.of(Ncm(12_019_000)).is_none());
    assert!(known().len() > 200);
}

#[test]
fn a_digit_zero_excludes_its_siblings() {
    assert!(excludes(Ncm(12_010_090), Ncm(12_019_000)));
    assert!(excludes(Ncm(26_011_200), Ncm(26_011_210)));
    assert!(!excludes(Ncm(17_011_100), Ncm(17_011_400)));
    assert!(!excludes(Ncm(12_011_000), Ncm(12_019_000)));
    assert!(!excludes(Ncm(12_019_000), Ncm(12_010_000 + 1_000_000)));
}

#[test]
fn exports_of_a_code_that_excludes_another_prove_its_end() {
    let live = (26_050_010, month(2025, 1), month(2025, 2));
    let succession = of_data(&[live], &[26_050_000, 26_050_090]);
    let ended = succession.of(Ncm(26_050_000)).unwrap();
    assert_eq!((ended.basis, ended.since, ended.proved), (Basis::Data, None, Some(month(2025, 1))));
    assert_eq!(ended.successors, [Ncm(26_050_010)]);
    // A sibling without exports has not thereby ended.
    assert!(succession.of(Ncm(26_050_090)).is_none());
    assert!(!succession.needs_cover(Ncm(26_050_000), month(2025, 1)));
    assert!(succession.needs_cover(Ncm(26_050_000), month(2024, 12)));
}

#[test]
fn a_change_without_a_gap_is_dated() {
    let succession =
        of_data(&[(26_050_000, month(2010, 1), month(2013, 6)), (26_050_010, month(2013, 7), month(2020, 1))], &[]);
    assert_eq!(succession.of(Ncm(26_050_000)).unwrap().since, Some(month(2013, 7)));
    assert!(!succession.needs_cover(Ncm(26_050_010), month(2011, 1)), "not in force yet");
}

#[test]
fn one_stray_row_or_a_common_year_proves_nothing() {
    let stray = of_data(&[(26_050_010, month(2025, 1), month(2025, 1))], &[26_050_000]);
    assert!(stray.of(Ncm(26_050_000)).is_none());
    let both = [(26_050_000, month(2024, 1), month(2025, 1)), (26_050_010, month(2024, 3), month(2025, 2))];
    assert!(of_data(&both, &[]).of(Ncm(26_050_000)).is_none());
}

#[test]
fn a_code_with_exports_after_its_end_still_needs_cover() {
    let succession = of_data(&[(12_010_090, month(2020, 1), month(2024, 12))], &[]);
    assert!(succession.of(Ncm(12_010_090)).is_some());
    assert!(succession.needs_cover(Ncm(12_010_090), month(2024, 6)));
    assert!(!succession.needs_cover(Ncm(12_010_010), month(2024, 6)));
}

#[test]
fn the_operator_wins() {
    let operator = [Link { since: Some(month(2013, 5)), ..link(12_010_090, 12_011_000) }];
    let succession = Succession::new(&operator, &[], Evidence::default(), |_, _| 0.0);
    let ended = succession.of(Ncm(12_010_090)).unwrap();
    assert_eq!((ended.basis, ended.successors.as_slice()), (Basis::Operator, [Ncm(12_011_000)].as_slice()));
    assert_eq!(ended.since, Some(month(2013, 5)));
    // The operator turns a known change round: the known one gives way.
    let back = Succession::new(&[link(12_019_000, 12_010_090)], &[], Evidence::default(), |_, _| 0.0);
    assert!(back.of(Ncm(12_010_090)).is_none());
    assert_eq!(back.of(Ncm(12_019_000)).unwrap().successors, [Ncm(12_010_090)]);
}

proptest! {
    #[test]
    fn chains_end_outside_the_table_whatever_the_order(pairs in prop::collection::vec((0_u32..12, 0_u32..12), 0..30), seed in 0_usize..30) {
        let links: Vec<Link> = pairs.iter().map(|(old, new)| link(90_000_000 + old, 90_000_000 + new)).collect();
        let mut turned = links.clone();
        turned.rotate_left(seed.min(links.len()));
        turned.reverse();
        let one = Succession::new(&links, &[], Evidence::default(), |_, _| 0.0);
        prop_assert_eq!(&one, &Succession::new(&turned, &[], Evidence::default(), |_, _| 0.0));
        for (old, ended) in one.iter() {
            prop_assert!(!ended.successors.is_empty());
            prop_assert!(ended.successors.iter().all(|new| *new != old && one.of(*new).is_none()));
        }
    }
}
