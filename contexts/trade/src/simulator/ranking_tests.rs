//! The index against an independent, naive reading of the contract.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::fixture::{Row, covered, month, reference, segments};
use super::lookup::CountrySet;
use super::ranking::{RankingIndex, rank};
use crate::domain::code::{CountryCode, Month, Ncm};
use crate::domain::coverage::Coverage;
use crate::domain::reference::Reference;
use crate::domain::score::Weights;

const NCM: u32 = 17_011_400;

/// What the naive reading says of one destination.
#[derive(Debug, Clone)]
struct Naive {
    code: CountryCode,
    public_code: String,
    last_cents: i64,
    parts: [f64; 4],
    missing: usize,
    score: f64,
}

#[expect(
    clippy::too_many_lines,
    reason = "one reading of the contract from top to bottom, kept apart from the code it checks"
)]
fn naive_rank(rows: &[Row], reference: &Reference, coverage: &Coverage, weights: [f64; 4]) -> Vec<Naive> {
    let Some(last) = coverage.through_of(Ncm(NCM)) else { return Vec::new() };
    let age = |month: Month| i32::from(last.0) - i32::from(month.0);
    let known = |month: Month| (0..60).contains(&age(month)) && coverage.covers(Ncm(NCM), month);
    let used: Vec<&Row> = rows.iter().filter(|row| row.ncm == NCM && known(row.month)).collect();
    let rankable = |code: CountryCode| reference.countries.get(&code).is_some_and(|country| country.rankable);
    let codes: BTreeSet<CountryCode> =
        used.iter().filter(|row| row.fob_cents > 0 && rankable(row.country)).map(|row| row.country).collect();
    let whole: Vec<usize> =
        (0..5).filter(|w| (0..12).all(|m| known(last.minus((4 - w) * 12 + m)))).map(usize::from).collect();
    let value = |code: CountryCode, window: usize| -> i64 {
        let within = |row: &&&Row| row.country == code && 4 - age(row.month) / 12 == window as i32;
        used.iter().filter(within).map(|row| row.fob_cents).sum()
    };
    let ln = |cents: i64| (1.0 + cents as f64 / 100.0).ln();
    let slope = |code| {
        if whole.iter().filter(|w| value(code, **w) > 0).count() < 3 {
            return None;
        }
        let mut slopes = Vec::new();
        for (at, a) in whole.iter().enumerate() {
            for b in &whole[at + 1..] {
                slopes.push((ln(value(code, *b)) - ln(value(code, *a))) / (b - a) as f64);
            }
        }
        slopes.sort_by(f64::total_cmp);
        let n = slopes.len();
        Some(f64::midpoint(slopes[(n - 1) / 2], slopes[n / 2]))
    };
    let price = |code| {
        let rows: Vec<_> =
            used.iter().filter(|row| row.country == code && age(row.month) < 12 && row.weight_g > 0).collect();
        let (fob, kg): (i64, i64) =
            (rows.iter().map(|row| row.fob_cents).sum(), rows.iter().map(|row| row.weight_g).sum());
        let months: BTreeSet<_> = rows.iter().map(|row| row.month).collect();
        (fob >= 1_000_000 && months.len() >= 2).then(|| (fob as f64 / 100.0) / (kg as f64 / 1000.0))
    };
    let sizes: Vec<f64> = codes.iter().map(|code| ln(value(*code, 4))).collect();
    let slopes: Vec<Option<f64>> = codes.iter().map(|code| slope(*code)).collect();
    let prices: Vec<Option<f64>> = codes.iter().map(|code| price(*code)).collect();
    let logs: Vec<f64> = codes.iter().map(|code| reference.countries[code].distance_km.unwrap().ln()).collect();
    let spread = |values: &[f64], value: f64, share: f64| {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let position = share * (sorted.len() - 1) as f64;
            let (low, high) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
            low + (high - low) * position.fract()
        };
        let (low, high) = (at(share), at(1.0 - share));
        (high > low).then(|| (value.min(high).max(low) - low) / (high - low))
    };
    let percentile = |values: &[Option<f64>], value: Option<f64>| {
        let there: Vec<f64> = values.iter().flatten().copied().collect();
        let below = there.iter().filter(|other| **other < value.unwrap_or(0.0)).count() as f64;
        let equal = there.iter().filter(|other| Some(**other) == value).count() as f64;
        value.filter(|_| there.len() > 1).map(|_| (below + 0.5 * equal) / there.len() as f64)
    };
    let mut ranked: Vec<Naive> = codes
        .iter()
        .enumerate()
        .map(|(at, code)| {
            let parts = [
                spread(&sizes, sizes[at], 0.05),
                percentile(&slopes, slopes[at]),
                percentile(&prices, prices[at]),
                spread(&logs, logs[at], 0.0).map(|near| 1.0 - near),
            ];
            let values = parts.map(|part| part.unwrap_or(0.5));
            let sum: f64 = weights.iter().sum();
            let score = 10.0 * values.iter().zip(weights).map(|(part, weight)| part * weight).sum::<f64>() / sum;
            Naive {
                code: *code,
                public_code: reference.countries[code].public_code(),
                last_cents: value(*code, 4),
                parts: values,
                missing: parts.iter().filter(|part| part.is_none()).count(),
                score,
            }
        })
        .collect();
    ranked.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then(b.last_cents.cmp(&a.last_cents)).then(a.public_code.cmp(&b.public_code))
    });
    ranked
}

fn any_row() -> impl Strategy<Value = Row> {
    let countries = vec![23_u16, 63, 160, 249, 573, 586, 628, 756, 399, 741, 990, 105, 1000];
    (
        prop::sample::select(vec![NCM, 12_019_000]),
        prop::sample::select(countries),
        2020_u16..=2025,
        1_u8..=12,
        prop_oneof![Just(0_i64), 0..3_000_000_i64, 0..900_000_000_000_i64],
        prop_oneof![Just(0_i64), 0..900_000_000_i64],
    )
        .prop_map(|(ncm, country, year, number, fob_cents, weight_g)| Row {
            ncm,
            country,
            month: month(year, number),
            fob_cents,
            weight_g,
        })
}

/// Rows of covered months only: a file cannot bring others.
fn kept(rows: Vec<Row>, coverage: &Coverage) -> Vec<Row> {
    rows.into_iter().filter(|row| coverage.covers(Ncm(row.ncm), row.month)).collect()
}

fn any_coverage() -> impl Strategy<Value = Coverage> {
    (2018_u16..=2021, 1_u8..=12, prop::option::of((1_u8..=12, 0_u8..=6)), prop::option::of(2019_u16..=2024)).prop_map(
        |(first, last, slice, missing)| {
            let mut coverage = covered(first, month(2025, last));
            if let Some((start, months)) = slice {
                let first = month(2024, start);
                coverage.slices.insert(Ncm(NCM), vec![(first, Month(first.0 + u16::from(months) * 3))]);
            }
            if let Some(year) = missing {
                coverage.years.remove(&year);
            }
            coverage
        },
    )
}

fn weights_of(weights: [f64; 4]) -> Weights {
    Weights::new(weights[0], weights[1], weights[2], weights[3]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_index_agrees_with_the_naive_reading(
        rows in prop::collection::vec(any_row(), 1..250),
        coverage in any_coverage(),
        custom in prop::option::of(prop::array::uniform4(0.1..5.0_f64)),
    ) {
        let reference = reference();
        let rows = kept(rows, &coverage);
        let index = RankingIndex::build(&segments(&rows), &reference, &coverage);
        let weights = custom.unwrap_or([0.4, 0.3, 0.2, 0.1]);
        let expected = naive_rank(&rows, &reference, &coverage, weights);
        let Some(ranking) = rank(&index, Ncm(NCM), &weights_of(weights), None, 50) else {
            prop_assert!(rows.iter().all(|row| row.ncm != NCM));
            return Ok(());
        };
        prop_assert_eq!(ranking.total_destinations, expected.len());
        let by_code: BTreeMap<CountryCode, &Naive> = expected.iter().map(|naive| (naive.code, naive)).collect();
        let mut previous = f64::INFINITY;
        for (place, ranked) in (1..).zip(&ranking.ranked) {
            let naive = by_code[&index.destination(ranked.row).code];
            let parts = index.parts(&ranking.product, ranked.row as usize);
            for (ours, theirs) in [parts.market_size, parts.growth, parts.price, parts.distance].iter().zip(naive.parts) {
                prop_assert!((ours - theirs).abs() < 1e-9, "{:?} against {:?}", parts, naive);
            }
            let missing = (index.columns.flags[ranked.row as usize] & 15).count_ones() as usize;
            prop_assert_eq!(missing, naive.missing);
            prop_assert!((ranked.score - naive.score).abs() < 1e-9);
            prop_assert!(ranked.score <= previous && (0.0..=10.0).contains(&ranked.score));
            prop_assert_eq!(ranked.rank, place);
            previous = ranked.score;
        }
    }

    #[test]
    fn neither_the_order_of_rows_nor_a_filter_changes_a_score(
        rows in prop::collection::vec(any_row(), 1..250),
        seed in any::<u64>(),
        chosen in prop::collection::btree_set(0_u16..240, 0..120),
        custom in prop::option::of(prop::array::uniform4(0.1..5.0_f64)),
        max_results in 1_usize..=50,
    ) {
        let (reference, coverage) = (reference(), covered(2019, month(2025, 12)));
        let index = RankingIndex::build(&segments(&rows), &reference, &coverage);
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| (row.fob_cents ^ row.weight_g).unsigned_abs().wrapping_mul(seed | 1));
        let again = RankingIndex::build(&segments(&shuffled), &reference, &coverage);
        let weights = custom.map_or(Weights::DEFAULT, weights_of);
        let Some(all) = rank(&index, Ncm(NCM), &weights, None, 1_000) else { return Ok(()) };
        prop_assert_eq!(&Some(all.clone()), &rank(&again, Ncm(NCM), &weights, None, 1_000));

        let mut set = CountrySet::default();
        chosen.iter().for_each(|place| set.insert(*place));
        let kept: Vec<_> =
            all.ranked.iter().filter(|ranked| set.contains(index.columns.place[ranked.row as usize])).copied().collect();
        let filtered = rank(&index, Ncm(NCM), &weights, Some(&set), max_results).unwrap();
        prop_assert_eq!(filtered.total_destinations, kept.len());
        prop_assert_eq!(&filtered.ranked[..], &kept[..kept.len().min(max_results)]);
        let first = rank(&index, Ncm(NCM), &weights, None, max_results).unwrap();
        prop_assert_eq!(&first.ranked[..], &all.ranked[..all.ranked.len().min(max_results)]);
        prop_assert_eq!(first.total_destinations, all.total_destinations);
    }
}

fn row(country: CountryCode, at: Month, usd: i64, kg: i64) -> Row {
    Row { ncm: NCM, country, month: at, fob_cents: usd * 100, weight_g: kg * 1000 }
}

#[test]
fn a_slice_ends_later_than_the_rest_and_only_for_its_product() {
    let mut coverage = covered(2025, month(2025, 2));
    coverage.slices.insert(Ncm(NCM), vec![(month(2023, 1), month(2024, 12)), (month(2025, 1), month(2025, 6))]);
    let rows = [row(160, month(2025, 6), 5_000_000, 9), Row { ncm: 12_019_000, ..row(160, month(2025, 2), 7, 9) }];
    let index = RankingIndex::build(&segments(&rows), &reference(), &coverage);
    let sliced = index.product(Ncm(NCM)).unwrap();
    assert_eq!(sliced.through, Some(month(2025, 6)));
    assert_eq!(sliced.window_months, [0, 0, 6, 12, 12]);
    assert_eq!(sliced.covered(), 0b1_1000);
    let other = index.product(Ncm(12_019_000)).unwrap();
    assert_eq!((other.through, other.window_months), (Some(month(2025, 2)), [0, 0, 0, 0, 2]));
    assert_eq!(sliced.last_window_cents, 500_000_000);
}

#[test]
fn one_destination_is_degenerate_in_every_part() {
    let rows = [row(160, month(2025, 1), 100_000, 50_000), row(160, month(2025, 2), 100_000, 50_000)];
    let index = RankingIndex::build(&segments(&rows), &reference(), &covered(2025, month(2025, 2)));
    let ranking = rank(&index, Ncm(NCM), &Weights::DEFAULT, None, 10).unwrap();
    assert_eq!(ranking.ranked.len(), 1);
    assert!((ranking.ranked[0].score - 5.0).abs() < 1e-12);
    assert_eq!(index.columns.flags[0] & 15, 15);
}

#[test]
fn what_is_no_destination_is_not_ranked() {
    let codes = [105, 100, 990, 999, 47, 840, 1000, 160];
    let rows: Vec<Row> = codes.iter().map(|code| row(*code, month(2025, 1), 1_000, 10)).collect();
    let index = RankingIndex::build(&segments(&rows), &reference(), &covered(2025, month(2025, 2)));
    let ranking = rank(&index, Ncm(NCM), &Weights::DEFAULT, None, 10).unwrap();
    assert_eq!(super::ranking::codes(&index, &ranking), [160]);
}

#[test]
fn nothing_loaded_is_an_empty_index() {
    let index = RankingIndex::build(&[], &reference(), &Coverage::default());
    assert!(rank(&index, Ncm(NCM), &Weights::DEFAULT, None, 10).is_none());
    assert_eq!(index.rows(), 0);
}

#[test]
fn a_row_of_the_index_is_small() {
    // Place, flags, five windows, price and three parts.
    let bytes = size_of::<u16>() + size_of::<u8>() + size_of::<[i64; 5]>() + 4 * size_of::<f64>();
    assert_eq!(bytes, 75);
}
