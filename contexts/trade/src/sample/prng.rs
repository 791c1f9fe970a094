//! The sample's only source of variety: `SplitMix64`, seeded by what is being drawn, so that a figure
//! depends on its own year, product and country and on nothing that was drawn before it.

/// A generator of 64-bit numbers (Steele, Lea and Flood 2014). Integers only: the same on every machine.
pub(super) struct Prng(u64);

impl Prng {
    /// The generator for one thing: a purpose and the codes that name it.
    pub(super) fn of(purpose: u64, year: u16, ncm: u32, country: u16) -> Self {
        let mut prng = Self(0xB6C0_5A3D_1E00_0000 ^ purpose);
        for part in [u64::from(year), u64::from(ncm), u64::from(country)] {
            prng.0 = prng.next() ^ part;
        }
        prng
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high − 1`; `low` where the range is empty.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        let width = u128::from(high.saturating_sub(low));
        low + ((u128::from(self.next()) * width) >> 64) as u64
    }
}

/// Splits a whole into parts by weight, part after part, without losing or inventing a unit:
/// each part is the difference of two rounded running totals.
pub(super) struct Split {
    whole: u64,
    weights: u64,
    seen: u64,
    given: u64,
    phase: u64,
}

impl Split {
    /// A split of `whole` over parts whose weights sum to `weights`; all zero where that sum is zero.
    pub(super) const fn new(whole: u64, weights: u64) -> Self {
        Self::with_phase(whole, weights, 0)
    }

    /// The same, with the roundings moved by `phase` (less than `weights`): small wholes then fall on other parts.
    pub(super) const fn with_phase(whole: u64, weights: u64, phase: u64) -> Self {
        Self { whole, weights, seen: 0, given: 0, phase }
    }

    /// The part of the next weight.
    pub(super) fn next(&mut self, weight: u64) -> u64 {
        self.seen += weight;
        if self.weights == 0 {
            return 0;
        }
        let due = match self.whole.checked_mul(self.seen).and_then(|product| product.checked_add(self.phase)) {
            Some(sum) => sum / self.weights,
            None => {
                let sum = u128::from(self.whole) * u128::from(self.seen) + u128::from(self.phase);
                (sum / u128::from(self.weights)) as u64
            }
        };
        let part = due - self.given;
        self.given = due;
        part
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_sequence_is_pinned() {
        let mut prng = Prng(0);
        assert_eq!([prng.next(), prng.next()], [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4]);
    }

    proptest! {
        #[test]
        fn a_split_gives_the_whole(whole in 0_u64..1 << 40, phase: u64, weights in prop::collection::vec(1_u64..1 << 30, 1..40)) {
            let all = weights.iter().sum();
            let mut split = Split::with_phase(whole, all, phase % all);
            prop_assert_eq!(weights.iter().map(|weight| split.next(*weight)).sum::<u64>(), whole);
        }

        #[test]
        fn between_stays_between(seed: u64, low in 0_u64..1000, width in 1_u64..1000) {
            let value = Prng(seed).between(low, low + width);
            prop_assert!((low..low + width).contains(&value));
        }
    }
}
