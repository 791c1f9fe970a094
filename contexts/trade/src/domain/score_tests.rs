use proptest::prelude::*;

use super::*;

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-9
}

const ALL: u8 = 0b1_1111;

/// US dollars to cents.
fn dollars(values: [i64; WINDOWS]) -> [i64; WINDOWS] {
    values.map(|value| value * 100)
}

#[test]
fn quantiles_interpolate_linearly() {
    let values = [1.0, 2.0, 3.0, 4.0, 11.0];
    assert_eq!(quantile(&values, 0.0), Some(1.0));
    assert_eq!(quantile(&values, 1.0), Some(11.0));
    assert_eq!(quantile(&values, 0.5), Some(3.0));
    // 0.95 × 4 = 3.8: four fifths of the way from 4 to 11.
    assert!(close(quantile(&values, 0.95).unwrap(), 9.6));
    assert_eq!(quantile(&[7.0], 0.95), Some(7.0));
    assert_eq!(quantile(&[], 0.5), None);
}

#[test]
fn sizes_are_winsorised_before_they_are_spread() {
    let scale = SizeScale::of(&[0.0, 10.0, 20.0]).unwrap();
    // Bounds 1 and 19.
    assert!(close(scale.normalize(10.0), 0.5));
    assert!(close(scale.normalize(0.0), 0.0) && close(scale.normalize(1_000.0), 1.0));
    assert!(close(scale.normalize(5.5), 0.25));
    assert_eq!(SizeScale::of(&[4.0, 4.0]), None);
    assert_eq!(SizeScale::of(&[4.0]), None);
    assert_eq!(SizeScale::of(&[]), None);
}

#[test]
fn mid_ranks_share_ties() {
    let values = [1.0, 2.0, 2.0, 3.0];
    assert!(close(mid_rank(&values, &1.0), 0.125));
    assert!(close(mid_rank(&values, &2.0), 0.5));
    assert!(close(mid_rank(&values, &3.0), 0.875));
    assert!(close(mid_rank(&[9], &9), 0.5));
}

#[test]
fn growth_is_the_median_slope() {
    // Doubling each year: every pair says ln 2 (but for the 1 in ln(1 + V)).
    let doubling = dollars([1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000]);
    let slope = growth_slope(&doubling, ALL).unwrap();
    assert!((slope - 2.0_f64.ln()).abs() < 1e-6);
    assert!((growth_rate_pct(slope, &doubling, ALL).unwrap() - 100.0).abs() < 1e-4);
    // One wild year of five does not turn the sign.
    let wild = dollars([1_000_000, 2_000_000, 90_000_000_000, 8_000_000, 16_000_000]);
    assert!(growth_slope(&wild, ALL).unwrap() > 0.0);
}

#[test]
fn growth_by_hand() {
    // Windows 0 and 3 only count their covered neighbours: ln(1+V) = 0 at window 0, ln 101 at 1, 2 and 4.
    let values = dollars([0, 100, 100, 7, 100]);
    let covered = 0b1_0111;
    let log = 101.0_f64.ln();
    // Pairs: 0-1: log, 0-2: log/2, 0-4: log/4, 1-2: 0, 1-4: 0, 2-4: 0. Median of the six: between 0 and log/4.
    assert!(close(growth_slope(&values, covered).unwrap(), log / 8.0));
    assert_eq!(growth_rate_pct(log / 8.0, &values, covered), None, "a covered window is zero");
    assert_eq!(growth_slope(&dollars([0, 0, 5, 5, 0]), ALL), None, "two windows are not enough");
    assert_eq!(growth_slope(&dollars([5, 5, 5, 5, 5]), 0b1_1000), None, "uncovered windows do not count");
    // L = ln 6; the ten slopes: -L, -L/2 twice, -L/3 twice, -L/4, 0 four times. The median lies between -L/3 and -L/4.
    assert!(close(growth_slope(&dollars([5, 5, 5, 0, 0]), ALL).unwrap(), -7.0 * 6.0_f64.ln() / 24.0));
}

#[test]
fn a_price_needs_support() {
    assert_eq!(price_usd_per_kg(1_000_000, 20_000_000, 2), Some(0.5));
    assert_eq!(price_usd_per_kg(999_999, 20_000_000, 2), None);
    assert_eq!(price_usd_per_kg(1_000_000, 20_000_000, 1), None);
    assert_eq!(price_usd_per_kg(1_000_000, 0, 12), None);
}

#[test]
fn the_nearest_is_one_and_the_farthest_zero() {
    let scale = DistanceScale::of(1_000.0_f64.ln(), 16_000.0_f64.ln()).unwrap();
    assert!(close(scale.normalize(1_000.0_f64.ln()), 1.0));
    assert!(close(scale.normalize(4_000.0_f64.ln()), 0.5));
    assert!(close(scale.normalize(16_000.0_f64.ln()), 0.0));
    assert_eq!(DistanceScale::of(7.0, 7.0), None);
}

#[test]
fn weights_are_checked_and_weighed() {
    for bad in [[0.0; 4], [-1.0, 1.0, 1.0, 1.0], [f64::NAN, 1.0, 1.0, 1.0], [f64::INFINITY, 0.0, 0.0, 0.0]] {
        assert_eq!(Weights::new(bad[0], bad[1], bad[2], bad[3]), None, "{bad:?}");
    }
    let parts = Parts { market_size: 1.0, growth: 0.5, price: 0.25, distance: 0.0 };
    // 10 × (0.4 + 0.15 + 0.05) = 6.
    assert!(close(score(&parts, &Weights::DEFAULT), 6.0));
    assert!(close(contribution(0.3, 0.5, Weights::DEFAULT.sum()), 1.5));
    let huge = Weights::new(f64::MAX, f64::MAX, 0.0, 0.0).unwrap();
    assert!(close(score(&parts, &huge), 7.5));
    let tiny = Weights::new(0.0, 0.0, f64::MIN_POSITIVE, 0.0).unwrap();
    assert!(close(score(&parts, &tiny), 2.5));
}

#[test]
fn levels_and_confidence_have_their_bounds() {
    assert_eq!(DemandLevel::of(2.0 / 3.0), DemandLevel::Medium);
    assert_eq!(DemandLevel::of(0.67), DemandLevel::High);
    assert_eq!(DemandLevel::of(1.0 / 3.0), DemandLevel::Low);
    assert_eq!(Confidence::of(0, 12), Confidence::High);
    assert_eq!(Confidence::of(0, 11), Confidence::Medium);
    assert_eq!(Confidence::of(1, 12), Confidence::Medium);
    assert_eq!(Confidence::of(1, 2), Confidence::Low);
    assert_eq!(Confidence::of(2, 12), Confidence::Low);
    assert_eq!(Confidence::of(4, 1), Confidence::Low);
}

fn part() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0_f64]
}

fn parts() -> impl Strategy<Value = Parts> {
    (part(), part(), part(), part()).prop_map(|(market_size, growth, price, distance)| Parts {
        market_size,
        growth,
        price,
        distance,
    })
}

fn weights() -> impl Strategy<Value = Weights> {
    let weight = || prop_oneof![Just(0.0), 1e-12..1e12_f64, 0.0..1.0_f64];
    (weight(), weight(), weight(), weight()).prop_filter_map("a sum above zero", |(size, growth, price, distance)| {
        Weights::new(size, growth, price, distance)
    })
}

proptest! {
    #[test]
    fn a_score_is_bounded(parts in parts(), weights in weights()) {
        let score = score(&parts, &weights);
        prop_assert!((0.0..=10.0).contains(&score), "{}", score);
    }

    #[test]
    fn a_score_is_the_sum_of_its_contributions(parts in parts(), weights in weights()) {
        let sum = weights.sum();
        let total = contribution(weights.market_size, parts.market_size, sum)
            + contribution(weights.growth, parts.growth, sum)
            + contribution(weights.price, parts.price, sum)
            + contribution(weights.distance, parts.distance, sum);
        prop_assert!(close(total, score(&parts, &weights)));
    }

    #[test]
    fn a_score_is_monotone_in_each_part(parts in parts(), weights in weights(), which in 0..4_usize, more in 0.0..=1.0_f64) {
        let mut better = parts;
        let part = [&mut better.market_size, &mut better.growth, &mut better.price, &mut better.distance];
        for (at, part) in part.into_iter().enumerate() {
            if at == which {
                *part += (1.0 - *part) * more;
            }
        }
        prop_assert!(score(&better, &weights) >= score(&parts, &weights));
    }

    #[test]
    fn scaling_the_weights_changes_nothing(parts in parts(), weights in weights(), scale in 1e-6..1e6_f64) {
        let scaled = Weights::new(
            weights.market_size * scale, weights.growth * scale, weights.price * scale, weights.distance * scale,
        ).unwrap();
        prop_assert!(close(score(&parts, &scaled), score(&parts, &weights)));
    }

    #[test]
    fn growth_is_the_median_of_all_pairs(values in prop::array::uniform5(0..1_000_000_000_i64), covered in 0..32_u8) {
        let used: Vec<usize> = (0..WINDOWS).filter(|window| covered & (1 << window) != 0).collect();
        let mut slopes = Vec::new();
        for a in &used {
            for b in &used {
                if a < b {
                    let rise = (1.0 + values[*b] as f64 / 100.0).ln() - (1.0 + values[*a] as f64 / 100.0).ln();
                    slopes.push(rise / (b - a) as f64);
                }
            }
        }
        slopes.sort_by(f64::total_cmp);
        let middle = slopes.len() / 2;
        let expected = (used.iter().filter(|window| values[**window] > 0).count() >= 3).then(|| {
            if slopes.len() % 2 == 1 { slopes[middle] } else { f64::midpoint(slopes[middle - 1], slopes[middle]) }
        });
        match (growth_slope(&values, covered), expected) {
            (Some(found), Some(expected)) => prop_assert!(close(found, expected)),
            (found, expected) => prop_assert_eq!(found, expected),
        }
    }

    #[test]
    fn mid_rank_counts(values in prop::collection::vec(0..20_i64, 1..40)) {
        let mut ascending = values.clone();
        ascending.sort_unstable();
        for value in &values {
            let below = values.iter().filter(|other| *other < value).count() as f64;
            let equal = values.iter().filter(|other| *other == value).count() as f64;
            prop_assert!(close(mid_rank(&ascending, value), (below + equal / 2.0) / values.len() as f64));
        }
    }
}
