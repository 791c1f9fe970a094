//! A ranking with everything that is said of each destination, before it becomes JSON or a table.

use platform::http::language::Language;

use super::estimates::{EstimateTable, Estimates, Shipment, VOLUME_KG_DEFAULT};
use super::lookup::Destination;
use super::ranking::{FREE_ZONE, NO_DISTANCE, NO_GROWTH, NO_PRICE, NO_SIZE, Ranked, Ranking, RankingIndex, rank};
use super::request::Request;
use crate::domain::cargo::{Profile, SHARE_PCT_MAX};
use crate::domain::code::{Month, Ncm};
use crate::domain::reference::Reference;
use crate::domain::score::{self, Confidence, DemandLevel, WINDOWS};
use crate::succession;

/// The NCM of a request is in neither the code table nor the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("NCM {0} is in neither the code table nor the data")]
pub struct NcmNotFound(pub Ncm);

/// What an answer says of the data it stands on.
#[derive(Debug, Clone, Copy)]
pub struct DataLabel<'a> {
    /// Id of the snapshot.
    pub snapshot: &'a str,
    /// Source of the data (`comexstat`).
    pub source: &'a str,
    /// Whether the data are the sample.
    pub sample: bool,
}

/// One part of a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// What was measured: US dollars, Theil–Sen slope, US dollars per kg, km. `None` when nothing was.
    pub value: Option<f64>,
    /// 0–1; 0.5 when `insufficient`.
    pub normalized: f64,
    /// Share of all weights, 0–1.
    pub weight: f64,
    /// What it adds to the score.
    pub contribution: f64,
    /// The part is missing or degenerate.
    pub insufficient: bool,
}

/// The goods of the volume asked for, beside which freight is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot {
    /// Kilograms.
    pub volume_kg: f64,
    /// Volume times price, US$; `None` without a price.
    pub value_usd: Option<f64>,
    /// The price is the product's, as the destination has none of its own.
    pub product_price: bool,
}

/// Everything said of one destination.
#[derive(Debug, Clone, Copy)]
pub struct Detail<'a> {
    /// Place in the reference set, from 1.
    pub rank: u32,
    /// The country.
    pub destination: &'a Destination,
    /// 0–10, not rounded.
    pub score: f64,
    /// Brazil's exports to it in the last window.
    pub market_size: Part,
    /// Trend of the windows.
    pub growth: Part,
    /// Average price of the last window.
    pub price: Part,
    /// Distance from São Paulo.
    pub distance: Part,
    /// How much it buys against the others.
    pub demand: DemandLevel,
    /// How far the score can be trusted.
    pub confidence: Confidence,
    /// FOB in cents of the five windows, oldest first.
    pub fob_cents: [i64; WINDOWS],
    /// Growth in percent a year; `None` when a covered window is zero or too few have exports.
    pub growth_rate_pct: Option<f64>,
    /// Estimates beside the score.
    pub estimates: Option<Estimates<'a>>,
    /// The goods of the volume asked for.
    pub lot: Lot,
}

impl Detail<'_> {
    /// Freight in percent of the goods' value; `None` without a price or an estimate.
    #[must_use]
    pub fn freight_share_pct(&self) -> Option<f64> {
        let value = self.lot.value_usd.filter(|value| *value > 0.0)?;
        Some(100.0 * self.estimates?.logistics_usd.value / value)
    }

    /// Whether the freight is at most 40 % of the goods' value; `None` when that is unknown.
    #[must_use]
    pub fn freight_closes(&self) -> Option<bool> {
        self.freight_share_pct().map(|share| share <= SHARE_PCT_MAX)
    }
}

/// A simulation's result: the ranking and what is needed to say it.
#[derive(Debug)]
pub struct Simulation<'a> {
    /// Index it comes from.
    pub index: &'a RankingIndex,
    /// The request.
    pub request: &'a Request,
    /// The ranking.
    pub ranking: Ranking,
    /// Estimates in force.
    pub estimates: &'a EstimateTable,
    reference: &'a Reference,
    description_pt: Option<&'a str>,
    description_en: Option<&'a str>,
}

/// Answers a valid request. Pure: the same index, tables and request always give the same answer.
///
/// # Errors
/// [`NcmNotFound`] when the product is in neither the table nor the data. A known product without
/// exports is an answer without destinations.
pub fn simulate<'a>(
    index: &'a RankingIndex,
    reference: &'a Reference,
    estimates: &'a EstimateTable,
    request: &'a Request,
) -> Result<Simulation<'a>, NcmNotFound> {
    let product = reference.products.get(&request.ncm);
    let ranking = match rank(index, request.ncm, &request.weights, request.countries.as_ref(), request.max_results) {
        Some(ranking) => ranking,
        None if product.is_some() => Ranking::empty(index, request.ncm),
        None => return Err(NcmNotFound(request.ncm)),
    };
    Ok(Simulation {
        index,
        request,
        ranking,
        estimates,
        reference,
        description_pt: product.map(|product| product.name_pt.as_str()),
        description_en: product.and_then(|product| product.name_en.as_deref()),
    })
}

impl<'a> Simulation<'a> {
    /// What the product is called; `None` when the table does not know it.
    #[must_use]
    pub fn description(&self, language: Language) -> Option<&'a str> {
        match language {
            Language::PtBr => self.description_pt,
            Language::En => self.description_en.or(self.description_pt),
        }
    }

    /// Notices about the code: it ended, or it replaced others within the windows.
    #[must_use]
    pub fn notices(&self, language: Language) -> Vec<serde_json::Value> {
        let (succession, ncm) = (&self.index.succession, self.request.ncm);
        let ended = succession::ended_notice(succession, self.reference, ncm, language);
        let began = self
            .window(0)
            .and_then(|(first, _)| succession::began_notice(succession, self.reference, (ncm, first), language));
        ended.into_iter().chain(began).collect()
    }

    /// Kilograms that the freight estimate stands on.
    #[must_use]
    pub fn volume_kg(&self) -> f64 {
        self.request.volume_kg.unwrap_or(VOLUME_KG_DEFAULT)
    }

    /// First and last month of a window, oldest window first.
    #[must_use]
    pub fn window(&self, window: usize) -> Option<(Month, Month)> {
        let back = u16::try_from(WINDOWS.checked_sub(window + 1)?).ok()? * 12;
        self.ranking.product.through.map(|last| (last.minus(back + 11), last.minus(back)))
    }

    /// The destinations of the answer, best first.
    pub fn details(&self) -> impl Iterator<Item = Detail<'_>> {
        let weights_sum = self.request.weights.sum();
        self.ranking.ranked.iter().map(move |ranked| self.detail(ranked, weights_sum))
    }

    fn detail(&self, ranked: &Ranked, weights_sum: f64) -> Detail<'_> {
        let columns = &self.index.columns;
        let row = ranked.row as usize;
        let (flags, fob_cents, product) = (columns.flags[row], columns.fob_cents[row], &self.ranking.product);
        let parts = self.index.parts(product, row);
        let destination = self.index.destination(ranked.row);
        let weights = &self.request.weights;
        let slope = score::growth_slope(&fob_cents, product.covered());
        let price = Some(columns.price[row]).filter(|price| !price.is_nan());
        let part = |value, normalized, weight: f64, flag| Part {
            value,
            normalized,
            weight: weight / weights_sum,
            contribution: score::contribution(weight, normalized, weights_sum),
            insufficient: flags & flag != 0,
        };
        let usd_per_kg = price.or(product.usd_per_kg);
        let shipment = Shipment {
            ncm: product.ncm,
            volume_kg: self.volume_kg(),
            profile: Profile::of_code(columns.cargo[row]),
            free_zone: flags & FREE_ZONE != 0,
            usd_per_kg,
        };
        let missing = (flags & (NO_SIZE | NO_GROWTH | NO_PRICE | NO_DISTANCE)).count_ones();
        Detail {
            rank: ranked.rank,
            destination,
            score: ranked.score,
            market_size: part(
                Some(score::usd(fob_cents[WINDOWS - 1])),
                parts.market_size,
                weights.market_size,
                NO_SIZE,
            ),
            growth: part(slope, parts.growth, weights.growth, NO_GROWTH),
            price: part(price, parts.price, weights.price, NO_PRICE),
            distance: part(Some(destination.distance_km), parts.distance, weights.distance, NO_DISTANCE),
            demand: self.index.demand(ranked.row),
            confidence: Confidence::of(missing, product.months_covered()),
            fob_cents,
            growth_rate_pct: slope.and_then(|slope| score::growth_rate_pct(slope, &fob_cents, product.covered())),
            estimates: self.estimates.estimate(destination, &shipment),
            lot: Lot {
                volume_kg: shipment.volume_kg,
                value_usd: usd_per_kg.map(|price| price * shipment.volume_kg),
                product_price: price.is_none() && usd_per_kg.is_some(),
            },
        }
    }
}
