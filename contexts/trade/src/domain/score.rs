//! The score of a destination: four parts between 0 and 1, weighed, times ten.
//!
//! The formulas are those of the product's contract (section 1, "Simulator"). Sources of the ideas:
//! ln and min–max for size as in the Market Attractiveness Index (ITC 2017, `metodologia_mai.pdf`
//! §3.3), winsorised against its known weakness to outliers; Theil–Sen for growth because a CAGR
//! sees only its two end points; mid-rank percentiles for growth and price because one extreme value
//! moves nobody else (OECD/JRC Handbook on Constructing Composite Indicators, 2008).
//!
//! Everything here is pure and takes the whole reference set: every destination of the product,
//! whatever the request filters, so that a filter changes no score.

/// Consecutive 12-month windows that a score looks at.
pub const WINDOWS: usize = 5;
/// Months of all windows together.
pub const MONTHS: u16 = 60;
/// What a part is worth when nothing can be said of it.
pub const NEUTRAL: f64 = 0.5;
/// FOB value that the rows behind a price must reach: US$ 10,000.
pub const PRICE_FOB_CENTS_MIN: i64 = 1_000_000;
/// Months that the rows behind a price must come from.
pub const PRICE_MONTHS_MIN: u32 = 2;
/// Windows with exports that a growth rate needs.
pub const GROWTH_WINDOWS_MIN: usize = 3;

/// The weights of the four parts. Finite, not negative, at least one above zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Of the market's size.
    pub market_size: f64,
    /// Of its growth.
    pub growth: f64,
    /// Of the price it pays.
    pub price: f64,
    /// Of how near it is.
    pub distance: f64,
}

impl Weights {
    /// The product's own weights.
    pub const DEFAULT: Self = Self { market_size: 0.4, growth: 0.3, price: 0.2, distance: 0.1 };

    /// Weights as given; `None` unless all are finite and not negative and one is above zero.
    /// Extreme ones are scaled, which changes no score, so that sums neither overflow nor vanish.
    #[must_use]
    pub fn new(market_size: f64, growth: f64, price: f64, distance: f64) -> Option<Self> {
        let all = [market_size, growth, price, distance];
        let largest = all.iter().copied().fold(0.0, f64::max);
        if largest <= 0.0 || !all.iter().all(|weight| weight.is_finite() && *weight >= 0.0) {
            return None;
        }
        let scale = if (1e-9..=1e9).contains(&largest) { 1.0 } else { largest };
        Some(Self {
            market_size: market_size / scale,
            growth: growth / scale,
            price: price / scale,
            distance: distance / scale,
        })
    }

    /// Their sum, added in the order in which [`score`] adds.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.market_size + self.growth + self.price + self.distance
    }
}

/// The four parts of one destination, each 0–1, higher is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parts {
    /// Market size.
    pub market_size: f64,
    /// Growth.
    pub growth: f64,
    /// Price.
    pub price: f64,
    /// Nearness.
    pub distance: f64,
}

/// `10 · Σ w·n / Σ w`, never above 10.
#[must_use]
pub fn score(parts: &Parts, weights: &Weights) -> f64 {
    let sum = weights.market_size * parts.market_size
        + weights.growth * parts.growth
        + weights.price * parts.price
        + weights.distance * parts.distance;
    // The quotient is at most 1 whatever was rounded; ten times it is then at most 10.
    10.0 * (sum / weights.sum())
}

/// What one part adds to the score: `10 · w · n / Σ w`.
#[must_use]
pub fn contribution(weight: f64, normalized: f64, weights_sum: f64) -> f64 {
    10.0 * (weight * normalized / weights_sum)
}

/// A FOB value in US dollars. Exact below 2⁵³ cents (US$ 90 trillion).
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "scores are ratios; sums of money stay integers elsewhere")]
pub fn usd(fob_cents: i64) -> f64 {
    fob_cents as f64 / 100.0
}

/// ln(1 + V), V in US dollars.
#[must_use]
pub fn ln_value(fob_cents: i64) -> f64 {
    // Not `ln_1p`: it is three times slower, and near V = 0 a cent matters less than its last digit.
    (1.0 + usd(fob_cents)).ln()
}

/// The quantile `share` (0–1) of ascending values, by linear interpolation between the two nearest
/// (type 7 of Hyndman and Fan 1996). `None` of nothing.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position in a slice of at most a few hundred countries"
)]
pub fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let position = share.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let (low, high) = (ascending[below], ascending[(below + 1).min(last)]);
    Some(low + (high - low) * (position - below as f64))
}

/// The bounds between which sizes are spread: 5th and 95th percentile of ln(1 + V₅).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeScale {
    low: f64,
    high: f64,
}

impl SizeScale {
    /// From the ascending sizes of the reference set; `None` when it is degenerate: nothing in it, or no spread.
    #[must_use]
    pub fn of(ascending: &[f64]) -> Option<Self> {
        let low = quantile(ascending, 0.05)?;
        let high = quantile(ascending, 0.95)?;
        (high > low).then_some(Self { low, high })
    }

    /// Where a size stands between the bounds, 0–1; beyond them it counts as the bound.
    #[must_use]
    pub fn normalize(&self, size: f64) -> f64 {
        (size.clamp(self.low, self.high) - self.low) / (self.high - self.low)
    }
}

/// The bounds between which distances are spread: nearest and farthest destination, in ln km.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DistanceScale {
    low: f64,
    high: f64,
}

impl DistanceScale {
    /// From the smallest and the largest ln(km) of the reference set; `None` when they are equal.
    #[must_use]
    pub fn of(low: f64, high: f64) -> Option<Self> {
        (high > low).then_some(Self { low, high })
    }

    /// `1 − (ln d − ln d_min)/(ln d_max − ln d_min)`: the nearest is 1, the farthest 0.
    #[must_use]
    pub fn normalize(&self, ln_km: f64) -> f64 {
        1.0 - ((ln_km - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// Mid-rank percentile of a value among ascending values that contain it: `(below + ½·equal)/n`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of countries")]
pub fn mid_rank<T: PartialOrd>(ascending: &[T], value: &T) -> f64 {
    if ascending.is_empty() {
        return NEUTRAL;
    }
    let below = ascending.partition_point(|other| other < value);
    let not_above = ascending.partition_point(|other| other <= value);
    (below + not_above) as f64 / (2 * ascending.len()) as f64
}

/// Theil–Sen slope of ln(1 + V) per window, over the windows whose bit is set in `covered`
/// (bit 0 is the oldest): the median of the slopes of all pairs. A covered window without exports
/// is a zero. `None` unless at least [`GROWTH_WINDOWS_MIN`] covered windows have exports.
///
/// Source: Sen 1968, "Estimates of the regression coefficient based on Kendall's tau".
#[must_use]
pub fn growth_slope(fob_cents: &[i64; WINDOWS], covered: u8) -> Option<f64> {
    growth_slope_of(fob_cents, &fob_cents.map(ln_value), covered)
}

/// [`growth_slope`] for who has the ln(1 + V) already.
#[must_use]
pub fn growth_slope_of(fob_cents: &[i64; WINDOWS], logs: &[f64; WINDOWS], covered: u8) -> Option<f64> {
    let used = |window: &usize| covered >> *window & 1 == 1;
    let with_exports = (0..WINDOWS).filter(used).filter(|window| fob_cents[*window] > 0).count();
    if with_exports < GROWTH_WINDOWS_MIN {
        return None;
    }
    let mut slopes = [0.0; WINDOWS * (WINDOWS - 1) / 2];
    let mut pairs = 0;
    for later in (1..WINDOWS).filter(used) {
        for earlier in (0..later).filter(used) {
            slopes[pairs] = (logs[later] - logs[earlier]) / GAPS[later - earlier];
            pairs += 1;
        }
    }
    let slopes = &mut slopes[..pairs];
    slopes.sort_unstable_by(f64::total_cmp);
    quantile(slopes, 0.5)
}

/// Numbers of windows between two, as the divisors of a slope.
const GAPS: [f64; WINDOWS] = [0.0, 1.0, 2.0, 3.0, 4.0];

/// Growth in percent a year, `100·(e^slope − 1)`; `None` when a covered window has no exports,
/// because a rate from or to zero means nothing.
#[must_use]
pub fn growth_rate_pct(slope: f64, fob_cents: &[i64; WINDOWS], covered: u8) -> Option<f64> {
    let zero = (0..WINDOWS).any(|window| covered >> window & 1 == 1 && fob_cents[window] <= 0);
    (!zero).then(|| 100.0 * slope.exp_m1())
}

/// Average price in US dollars per kg of the rows that have a weight; `None` below the support that
/// a price needs.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a ratio of two sums")]
pub fn price_usd_per_kg(fob_cents: i64, weight_g: i64, months: u32) -> Option<f64> {
    (fob_cents >= PRICE_FOB_CENTS_MIN && months >= PRICE_MONTHS_MIN && weight_g > 0)
        .then(|| fob_cents as f64 * 10.0 / weight_g as f64)
}

/// How much the destination buys of the product, against the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemandLevel {
    /// Upper third.
    High,
    /// Middle third.
    Medium,
    /// Lower third.
    Low,
}

impl DemandLevel {
    /// From the mid-rank of the last window's value.
    #[must_use]
    pub fn of(mid_rank: f64) -> Self {
        if mid_rank > 2.0 / 3.0 {
            Self::High
        } else if mid_rank > 1.0 / 3.0 {
            Self::Medium
        } else {
            Self::Low
        }
    }

    /// The name in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "alto",
            Self::Medium => "medio",
            Self::Low => "baixo",
        }
    }
}

/// How far the score can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Every part has its data.
    High,
    /// One part is missing.
    Medium,
    /// More are missing.
    Low,
}

impl Confidence {
    /// From the number of missing parts, one step lower when the last window is not covered whole.
    #[must_use]
    pub const fn of(missing_parts: u32, months_covered: u8) -> Self {
        match missing_parts + (months_covered < 12) as u32 {
            0 => Self::High,
            1 => Self::Medium,
            _ => Self::Low,
        }
    }

    /// The name in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "alta",
            Self::Medium => "media",
            Self::Low => "baixa",
        }
    }
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
