use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::question::{Cuts, Group, Grouping, Key, ProductLevel, Question, Refusal, Sums, TimeLevel};
use super::scan::Prepared;
use super::segment::{CubeRow, Segment, write};
use super::segment_tests::{Scratch, any_row};
use super::snapshot::Snapshot;
use crate::domain::code::{Month, Ncm};
use crate::domain::coverage::Coverage;
use crate::domain::region;

/// A snapshot of rows by year.
pub(crate) fn snapshot_of(scratch: &Scratch, years: &[(u16, Vec<CubeRow>)]) -> Snapshot {
    let segments = years
        .iter()
        .map(|(year, rows)| {
            let directory = scratch.join(&year.to_string());
            write(&directory, *year, rows.clone()).unwrap();
            Arc::new(Segment::open(&directory).unwrap())
        })
        .collect();
    Snapshot::new("t".into(), segments, Arc::default(), Coverage::default(), "test".into(), false, None)
}

fn any_grouping() -> impl Strategy<Value = Grouping> {
    let time = prop::sample::select(vec![TimeLevel::None, TimeLevel::Year, TimeLevel::Month]);
    let product = prop::sample::select(vec![
        ProductLevel::None,
        ProductLevel::None,
        ProductLevel::Sh2,
        ProductLevel::Sh4,
        ProductLevel::Sh6,
        ProductLevel::Ncm,
    ]);
    (time, product, any::<[bool; 6]>()).prop_map(|(time, product, [country, uf, sector, via, region, urf])| Grouping {
        time,
        product,
        country,
        uf,
        sector,
        via,
        region,
        urf,
    })
}

fn any_cuts() -> impl Strategy<Value = Cuts> {
    let products = prop::option::of(prop_oneof![
        Just(vec![(Ncm(12_000_000), Ncm(12_999_999))]),
        Just(vec![(Ncm(12_019_000), Ncm(12_019_000))]),
        Just(vec![
            (Ncm(1_010_000), Ncm(1_999_999)),
            (Ncm(12_010_000), Ncm(12_019_999)),
            (Ncm(99_000_000), Ncm(99_999_999))
        ]),
    ]);
    let set = |values: std::ops::Range<u8>| prop::option::of(prop::collection::btree_set(values, 0..4));
    let countries =
        prop::option::of(prop::collection::btree_set(prop::sample::select(vec![23_u16, 160, 249, 1001, 777]), 0..3));
    let urfs = prop::option::weighted(
        0.2,
        prop::collection::btree_set(prop::sample::select(vec![817_800_u32, 1, u32::MAX]), 0..3),
    );
    (products, countries, set(0..34), set(0..4), set(0..5), urfs).prop_map(
        |(products, countries, ufs, sectors, vias, urfs)| Cuts {
            products,
            countries,
            ufs,
            sectors,
            vias,
            urfs,
            blocs: None,
        },
    )
}

/// The same by the plainest means.
fn fold(question: &Question, years: &[(u16, Vec<CubeRow>)]) -> BTreeMap<Key, Sums> {
    let by = question.by;
    let cuts = &question.cuts;
    let mut groups = BTreeMap::new();
    for (year, row) in years.iter().flat_map(|(year, rows)| rows.iter().map(move |row| (*year, row))) {
        let month = Month::new(year, row.month).unwrap();
        let Some((_, counted)) = question.months.iter().find(|(read, _)| *read == month) else { continue };
        let taken = cuts
            .products
            .as_ref()
            .is_none_or(|spans| spans.iter().any(|(first, last)| (*first..=*last).contains(&row.ncm)))
            && cuts.countries.as_ref().is_none_or(|set| set.contains(&row.country))
            && cuts.ufs.as_ref().is_none_or(|set| set.contains(&row.uf.0))
            && cuts.sectors.as_ref().is_none_or(|set| set.contains(&row.sector))
            && cuts.vias.as_ref().is_none_or(|set| set.contains(&row.via))
            && cuts.urfs.as_ref().is_none_or(|set| set.contains(&row.urf));
        if !taken {
            continue;
        }
        let key = Key {
            time: match by.time {
                TimeLevel::None => 0,
                TimeLevel::Year => counted.year(),
                TimeLevel::Month => counted.0,
            },
            product: by.product.code_of(row.ncm.0),
            country: if by.country { row.country } else { 0 },
            uf: if by.uf { row.uf.0 } else { 0 },
            sector: if by.sector { row.sector } else { 0 },
            via: if by.via { row.via } else { 0 },
            region: if by.region { region::of(row.uf.0) } else { 0 },
            urf: if by.urf { row.urf } else { 0 },
            bloc: 0,
        };
        let priced_fob_cents = if question.priced && row.weight_g > 0 { row.fob_cents } else { 0 };
        let one = if question.quantities {
            Sums { quantity: row.quantity, unit: row.unit, cells: 1, ..Sums::default() }
        } else {
            Sums { fob_cents: row.fob_cents, weight_g: row.weight_g, priced_fob_cents, cells: 1, ..Sums::default() }
        };
        let sums: &mut Sums = groups.entry(key).or_default();
        *sums = sums.with(one);
    }
    groups
}

fn unique(mut rows: Vec<CubeRow>) -> Vec<CubeRow> {
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(super::build::order_by_customs(row)));
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_question_is_answered_as_by_hand(
        first in prop::collection::vec(any_row(), 0..300),
        second in prop::collection::vec(any_row(), 0..300),
        asked in prop::collection::vec((any_grouping(), any_cuts(), any::<bool>(), any::<u32>(), any::<[bool; 2]>()), 12),
    ) {
        let scratch = Scratch::new();
        let years = [(2023, unique(first)), (2024, unique(second))];
        let snapshot = snapshot_of(&scratch, &years);
        for (by, cuts, shifted, months, [priced, quantities]) in asked {
            let all = (0..24_u16).map(|at| Month(Month::new(2023, 1).unwrap().0 + at));
            let counted = |month: Month| if shifted { Month(month.0 + 12) } else { month };
            let months = all.filter(|month| months == 0 || (months >> (month.0 % 24)) & 1 == 1).map(|month| (month, counted(month))).collect();
            let question = Question { by, cuts, months, priced, quantities, folded: false };
            let groups = Prepared::new(&question, &snapshot).unwrap().run().unwrap();
            // How many cells a table adds up is its own affair, and so is the priced value where nobody asked for it.
            let plain = |sums: &Sums| Sums { cells: 0, priced_fob_cents: if priced { sums.priced_fob_cents } else { 0 }, ..*sums };
            let expected: BTreeMap<Key, Sums> = fold(&question, &years).iter().map(|(key, sums)| (*key, plain(sums))).collect();
            let found: BTreeMap<Key, Sums> = groups.iter().map(|Group { key, sums }| (*key, plain(sums))).collect();
            prop_assert_eq!(groups.len(), found.len(), "a key occurs once");
            prop_assert_eq!(found, expected, "{:?}", question);
        }
    }
}

/// Enough rows that the question is split over threads, by array and by hash.
#[test]
fn threads_agree_with_one() {
    let scratch = Scratch::new();
    let rows: Vec<CubeRow> = (0..260_000_u32)
        .map(|at| CubeRow {
            fob_cents: i64::from(at),
            weight_g: i64::from(at % 7),
            ncm: Ncm(1_000_000 + (at % 5_000) * 1_000),
            country: u16::try_from(at % 211).unwrap(),
            month: u8::try_from(at % 12).unwrap() + 1,
            uf: crate::domain::code::Uf(u8::try_from(at % 31).unwrap()),
            via: u8::try_from(at % 3).unwrap(),
            sector: 0,
            ..CubeRow::BLANK
        })
        .collect();
    let years = [(2024, rows)];
    let snapshot = snapshot_of(&scratch, &years);
    let months: Vec<(Month, Month)> =
        (1..=12).map(|month| Month::new(2024, month).unwrap()).map(|month| (month, month)).collect();
    for product in [ProductLevel::None, ProductLevel::Sh4, ProductLevel::Ncm] {
        let by = Grouping { product, country: true, via: true, ..Grouping::default() };
        let question = Question { by, months: months.clone(), ..Question::default() };
        let prepared = Prepared::new(&question, &snapshot).unwrap();
        assert!(prepared.is_large());
        let found: BTreeMap<Key, (i64, i64)> = prepared
            .run()
            .unwrap()
            .iter()
            .map(|group| (group.key, (group.sums.fob_cents, group.sums.weight_g)))
            .collect();
        let expected: BTreeMap<Key, (i64, i64)> =
            fold(&question, &years).into_iter().map(|(key, sums)| (key, (sums.fob_cents, sums.weight_g))).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn refusals_say_what_to_do() {
    let refusal = Refusal::TooSlow { rows: 90_000_000, estimate_ms: 400, limit_ms: 150 };
    insta::assert_snapshot!(refusal, @"the question would read 90000000 rows of the cube, an estimated 400 ms where 150 ms is the limit; cut it to fewer years, to products (ncm, sh6, sh4, sh2) or to a country, or ask for fewer dimensions");
}
