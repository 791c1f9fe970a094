//! The simulator's question and answer as the OpenAPI document describes them. `super::super::json` writes the answer
//! by hand; a test reads real answers into these.

// length: the request and the answer of one operation, described where they are read as one.

use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Type};

use crate::simulator::request::{COUNTRIES_MAX, MAX_RESULTS, MAX_RESULTS_DEFAULT, VOLUME_KG_MAX};

/// A product to find destinations for.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ncm": "17011400", "volume_kg": 25000, "max_results": 5}))]
pub struct SimulationRequest {
    /// Product of the Mercosur nomenclature: eight digits, with or without the dots (`1701.14.00`).
    #[schema(pattern = r"^[0-9]{4}\.?[0-9]{2}\.?[0-9]{2}$", examples("17011400"))]
    pub ncm: String,
    /// Kilograms to ship, for the estimate of logistics. Left out, 1,000 are assumed and the answer says so.
    #[schema(exclusive_minimum = 0, maximum = 1_000_000_000_000_f64, examples(25000))]
    pub volume_kg: Option<f64>,
    /// The volume with its unit, instead of `volume_kg`: `25 t`, `1,5 t`, `100 lb`, `2 contêineres 20'`, `1 FEU`. `1.000` could be one or a thousand and is refused.
    #[schema(max_length = 60, examples("25 t"))]
    pub volume: Option<String>,
    /// Keep these destinations only. Neither score nor rank changes by it. Left out or empty, all are kept.
    #[schema(schema_with = country_codes)]
    pub countries: Option<Vec<String>>,
    /// How many destinations to answer.
    #[schema(schema_with = max_results)]
    pub max_results: Option<u32>,
    /// What the parts of the score weigh; left out, 0.4, 0.3, 0.2 and 0.1.
    pub weights: Option<Weights>,
}

fn nullable(of: Type) -> SchemaType {
    SchemaType::from_iter([of, Type::Null])
}

fn country_codes() -> ArrayBuilder {
    let code = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("ISO 3166-1 code of two or three letters, or the ministry's number (`CO_PAIS`) as text."))
        .examples(["US", "CHN", "249"]);
    ArrayBuilder::new().schema_type(nullable(Type::Array)).items(code).max_items(Some(COUNTRIES_MAX)).description(Some(
        "Keep these destinations only. Neither score nor rank changes by it. Left out or empty, all are kept.",
    ))
}

fn max_results() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(nullable(Type::Integer))
        .minimum(Some(1))
        .maximum(Some(MAX_RESULTS))
        .default(Some(MAX_RESULTS_DEFAULT.into()))
        .description(Some("How many destinations to answer."))
}

/// Weights of the parts of the score: each at least 0, one of them above; one that is left out weighs nothing.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1, example = json!({"market_size": 0.5, "growth": 0.3, "price": 0.2}))]
pub struct Weights {
    /// What Brazil exported there.
    #[schema(minimum = 0)]
    pub market_size: Option<f64>,
    /// How that grew.
    #[schema(minimum = 0)]
    pub growth: Option<f64>,
    /// What a kilogram brought.
    #[schema(minimum = 0)]
    pub price: Option<f64>,
    /// How near it is.
    #[schema(minimum = 0)]
    pub distance: Option<f64>,
}

/// The destinations of a product, best first.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// The product, eight digits.
    #[schema(pattern = "^[0-9]{8}$", examples("17011400"))]
    pub ncm: String,
    /// Its description in the language of the answer; `null` where the code table has none.
    #[schema(required = true, examples("Outros açúcares de cana"))]
    pub ncm_description: Option<String>,
    /// The best, at most `max_results`. None for a known product that was never exported.
    #[schema(max_items = 50)]
    pub destinations: Vec<Destination>,
    /// Destinations after `countries` and before `max_results`.
    pub total_destinations: u32,
    /// What the answer was computed from.
    pub data: SimulationData,
    /// Notices about the code: it ended, or it replaced others within the five windows. Left out when there is none.
    #[schema(nullable = false, max_items = 2)]
    pub notices: Option<Vec<NcmNotice>>,
    /// When it was computed (UTC).
    #[schema(format = DateTime, examples("2026-01-02T12:00:00Z"))]
    pub calculated_at: String,
}

/// A notice about a code of the nomenclature.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct NcmNotice {
    /// `ncm_successors`: the code ended, `codes` replace it. `ncm_predecessors`: the code replaced `codes`.
    #[schema(pattern = "^ncm_(successors|predecessors)$", examples("ncm_successors"))]
    pub code: String,
    /// The code that the notice is about.
    #[schema(pattern = "^[0-9]{8}$", examples("12010090"))]
    pub ncm: String,
    /// The notice in the language of the answer.
    #[schema(examples("Código 12010090 encerrado em 01/2012; veja 12019000."))]
    pub text: String,
    /// First month of the change; `null` when not recorded.
    #[schema(required = true, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2012-01"))]
    pub since: Option<String>,
    /// Source: `cadastro` (the operator's register), `tabela` (known changes), `dados` (proved by the data).
    #[schema(pattern = "^(cadastro|tabela|dados)$", examples("tabela"))]
    pub basis: String,
    /// Replacements, or codes replaced, the larger first.
    #[schema(max_items = 8)]
    pub codes: Vec<NamedNcm>,
}

/// A code with its description.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct NamedNcm {
    /// Eight digits.
    #[schema(pattern = "^[0-9]{8}$", examples("12019000"))]
    pub ncm: String,
    /// Description in the language of the answer; `null` where the table has none.
    #[schema(required = true)]
    pub description: Option<String>,
}

/// A country that bought the product from Brazil.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// Place among all destinations of the product, whatever `countries` keeps.
    #[schema(minimum = 1)]
    pub rank: u32,
    /// ISO 3166-1 alpha-2; the ministry's number where there is none.
    #[schema(pattern = "^([A-Z]{2}|[0-9]{3})$", examples("ID"))]
    pub country_code: String,
    /// Name in the language of the answer.
    #[schema(examples("Indonésia"))]
    pub country_name: String,
    /// Flag as an emoji; empty where there is none.
    #[schema(examples("🇮🇩"))]
    pub flag_emoji: String,
    /// 0 to 10: ten times the weighted mean of the four parts.
    #[schema(minimum = 0, maximum = 10)]
    pub score: f64,
    /// The four parts of the score.
    pub score_breakdown: ScoreBreakdown,
    /// Exports of the last window compared with the other destinations.
    pub demand_level: DemandLevel,
    /// How many parts of the score had data; one step lower when fewer than twelve months are covered.
    pub confidence: Confidence,
    /// What **Brazil** exported there in the last window (up to twelve covered months), US$ FOB; not what the country imports.
    #[schema(minimum = 0)]
    pub market_size_usd: f64,
    /// Growth a year over the windows, percent; `null` without enough data.
    #[schema(required = true)]
    pub growth_rate_pct: Option<f64>,
    /// US$ FOB a kilogram in the last window; `null` without enough data.
    #[schema(required = true, minimum = 0)]
    pub avg_price_usd_per_kg: Option<f64>,
    /// Great-circle distance from São Paulo to the capital, km.
    #[schema(minimum = 0)]
    pub distance_km: f64,
    /// Estimated margin, percent; an estimate, no part of the score. `null` where the table has no row.
    #[schema(required = true)]
    pub estimated_margin_pct: Option<f64>,
    /// Estimated cost of logistics for the volume, US$.
    #[schema(required = true, minimum = 0)]
    pub logistics_cost_usd: Option<f64>,
    /// Value of the goods of the volume, US$: volume times the average price of the destination, else of the product; `null` without a price.
    #[schema(required = true, minimum = 0)]
    pub goods_value_usd: Option<f64>,
    /// Whose price the value stands on; `null` without a price.
    #[schema(required = true)]
    pub goods_value_basis: Option<GoodsValueBasis>,
    /// Freight in percent of the value of the goods; `null` without a price.
    #[schema(required = true, minimum = 0)]
    pub logistics_share_pct: Option<f64>,
    /// Whether the freight is at most 40 % of the value; `null` without a price.
    #[schema(required = true)]
    pub freight_closes: Option<bool>,
    /// The least volume, kg, at which the freight is at most 40 % of the value; `null` when there is none up to a million tonnes.
    #[schema(required = true, minimum = 0)]
    pub break_even_volume_kg: Option<f64>,
    /// Class of cargo at this volume, which may be another way than that of the exports so far.
    #[schema(required = true)]
    pub break_even_class: Option<CargoClass>,
    /// Warning to read before the margin: the freight does not close at this volume, or takes more than the margin.
    #[schema(required = true)]
    pub freight_note: Option<String>,
    /// Estimated import tariff, percent; `null` where a trade agreement leaves the product out: unknown.
    #[schema(required = true, minimum = 0)]
    pub tariff_pct: Option<f64>,
    /// Estimated lead time, days.
    #[schema(required = true, minimum = 0)]
    pub lead_time_days: Option<f64>,
    /// The four estimates with basis and range.
    #[schema(required = true)]
    pub estimates: Option<Estimates>,
    /// Exports to it in the five windows of twelve months, oldest first.
    #[schema(min_items = 5, max_items = 5)]
    pub windows: Vec<Window>,
    /// Why it stands here, in a few sentences in the language of the answer.
    pub recommendation_reason: String,
}

/// The parts of a score.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct ScoreBreakdown {
    /// Exports of the last window, US$; logarithm, between the 5th and 95th percentile of the destinations.
    pub market_size: ScorePart,
    /// Theil–Sen slope of the logarithm over the windows (a fraction a year); place among the others.
    pub growth: ScorePart,
    /// US$ a kilogram in the last window; place among the others.
    pub price: ScorePart,
    /// km from São Paulo; logarithm, the nearest is 1.
    pub distance: ScorePart,
}

/// One part of a score.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct ScorePart {
    /// What was measured, in the part's own unit; `null` without enough data.
    #[schema(required = true)]
    pub value: Option<f64>,
    /// From 0 to 1 among the destinations of the product; 0.5 without enough data.
    #[schema(minimum = 0, maximum = 1)]
    pub normalized: f64,
    /// Weight as given, or the product's own.
    #[schema(minimum = 0)]
    pub weight: f64,
    /// Points of the ten.
    #[schema(minimum = 0, maximum = 10)]
    pub contribution: f64,
    /// Whether there was not enough data, so that the part counts 0.5.
    pub insufficient_data: bool,
}

/// How large the market is beside the other destinations.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "lowercase")]
pub enum DemandLevel {
    /// Among the largest.
    Alto,
    /// In between.
    Medio,
    /// Among the smallest.
    Baixo,
}

/// How far a score can be trusted.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Every part had data.
    Alta,
    /// One part had none, or months are missing.
    Media,
    /// More is missing.
    Baixa,
}

/// Whose average price the value of the goods stands on.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "snake_case")]
pub enum GoodsValueBasis {
    /// The destination's.
    PrecoDoDestino,
    /// The product's, over all destinations.
    PrecoDoProduto,
}

/// Class of cargo.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "lowercase")]
pub enum CargoClass {
    /// Loose in a ship.
    Bulk,
    /// Dry container, whole or shared.
    Container,
    /// Cold container, whole or shared.
    Reefer,
    /// Air freight.
    Air,
    /// Truck, whole or shared.
    Road,
}

/// Estimates from a table by country or group of countries.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct Estimates {
    /// Margin, percent.
    pub margin: EstimateRange,
    /// Import tariff, percent.
    pub tariff: TariffEstimate,
    /// Logistics, US$.
    pub logistics: LogisticsEstimate,
    /// Lead time, days.
    pub lead_time: EstimateRange,
}

/// An estimate with its range.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct EstimateRange {
    /// The estimate.
    #[schema(minimum = 0)]
    pub value: f64,
    /// Its lower end.
    #[schema(minimum = 0)]
    pub low: f64,
    /// Its upper end.
    #[schema(minimum = 0)]
    pub high: f64,
    /// Where it comes from; `faixa_padrao` is the table that comes with the product.
    #[schema(examples("faixa_padrao"))]
    pub basis: String,
}

/// The estimate of the tariff.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct TariffEstimate {
    /// The estimate, percent; `null` where an agreement leaves the product out: unknown.
    #[schema(required = true, minimum = 0)]
    pub value: Option<f64>,
    /// Its lower end.
    #[schema(required = true, minimum = 0)]
    pub low: Option<f64>,
    /// Its upper end.
    #[schema(required = true, minimum = 0)]
    pub high: Option<f64>,
    /// The trade agreement, or the table that it comes from.
    #[schema(examples("ACE 35"))]
    pub basis: String,
    /// What the agreement says of the product; `null` without an agreement.
    #[schema(required = true, examples("açúcar fica fora do ACE 18"))]
    pub note: Option<String>,
}

/// The estimate of logistics, which depends on the volume.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct LogisticsEstimate {
    /// The estimate, US$.
    #[schema(minimum = 0)]
    pub value: f64,
    /// Its lower end, US$.
    #[schema(minimum = 0)]
    pub low: f64,
    /// Its upper end, US$.
    #[schema(minimum = 0)]
    pub high: f64,
    /// Where it comes from.
    #[schema(examples("faixa_padrao"))]
    pub basis: String,
    /// Class of cargo of the cheapest shipment.
    pub cargo_class: CargoClass,
    /// How it is loaded: `lcl`, `fcl_20`, `fcl_40`, `parcel`, `panamax`, `capesize`, `ltl`, `truck`, `air`; `table` with an operator's own rate.
    #[schema(examples("fcl_20"))]
    pub load: String,
    /// The volume it is for, kg.
    #[schema(minimum = 0)]
    pub volume_kg: f64,
    /// Whether the request named no volume.
    pub volume_assumed: bool,
    /// Whether the volume was given in containers, whose payload is an assumption.
    pub payload_assumed: bool,
}

/// Twelve months of exports to a destination.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// First month.
    #[schema(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2024-01"))]
    pub from: String,
    /// Last month.
    #[schema(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2024-12"))]
    pub through: String,
    /// Months of the twelve that are known.
    #[schema(minimum = 0, maximum = 12)]
    pub months_covered: u8,
    /// Whether all twelve are.
    pub covered: bool,
    /// Exports in the months that are known, US$ FOB; `null` when none is: unknown, not zero.
    #[schema(required = true, minimum = 0)]
    pub fob_usd: Option<f64>,
}

/// What a simulation was computed from.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct SimulationData {
    /// The last month that is known of this product; `null` when none is.
    #[schema(required = true, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2024-12"))]
    pub through: Option<String>,
    /// Name of the source.
    #[schema(examples("comexstat"))]
    pub source: String,
    /// Version of the data; also in `X-Data-Snapshot`.
    pub snapshot: String,
    /// Whether it is sample data, not real.
    pub sample: bool,
    /// Months of the last window that are known.
    #[schema(minimum = 0, maximum = 12)]
    pub months_covered: u8,
    /// Destinations that the parts of the score were compared among.
    pub reference_destinations: u32,
    /// What market size means: exports of Brazil.
    #[schema(pattern = "^exportacoes_do_brasil$", examples("exportacoes_do_brasil"))]
    pub market_size_basis: String,
}

const _: () = assert!(VOLUME_KG_MAX == 1_000_000_000_000_f64, "the schema names this bound");

/// An answer, shortened to its first destination.
pub fn example() -> Value {
    let part = |value: f64, normalized: f64, weight: f64, contribution: f64| json!({"value": value, "normalized": normalized, "weight": weight, "contribution": contribution, "insufficient_data": false});
    let range =
        |value: f64, low: f64, high: f64| json!({"value": value, "low": low, "high": high, "basis": "faixa_padrao"});
    let window = |year: u16, fob_usd: u64| json!({"from": format!("{year}-01"), "through": format!("{year}-12"), "months_covered": 12, "covered": true, "fob_usd": fob_usd});
    json!({
        "ncm": "17011400",
        "ncm_description": "Outros açúcares de cana",
        "destinations": [{
            "rank": 1,
            "country_code": "ID",
            "country_name": "Indonésia",
            "flag_emoji": "🇮🇩",
            "score": 7.31,
            "score_breakdown": {
                "market_size": part(1_012_345_678.0, 1.0, 0.4, 4.0),
                "growth": part(0.11, 0.7, 0.3, 2.1),
                "price": part(0.47, 0.55, 0.2, 1.1),
                "distance": part(15_400.0, 0.11, 0.1, 0.11),
            },
            "demand_level": "alto",
            "confidence": "alta",
            "market_size_usd": 1_012_345_678,
            "growth_rate_pct": 11.63,
            "avg_price_usd_per_kg": 0.47,
            "distance_km": 15_400,
            "estimated_margin_pct": 22,
            "logistics_cost_usd": 1_797,
            "goods_value_usd": 11_750,
            "goods_value_basis": "preco_do_destino",
            "logistics_share_pct": 15.29,
            "freight_closes": true,
            "break_even_volume_kg": 9_558,
            "break_even_class": "container",
            "freight_note": null,
            "tariff_pct": 12,
            "lead_time_days": 40,
            "estimates": {
                "margin": range(22.0, 15.0, 30.0),
                "tariff": {"value": 12, "low": 9, "high": 16, "basis": "faixa_padrao", "note": null},
                "logistics": {"value": 1_797, "low": 1_168.05, "high": 2_425.95, "basis": "faixa_padrao", "cargo_class": "container", "load": "fcl_20", "volume_kg": 25_000, "volume_assumed": false, "payload_assumed": false},
                "lead_time": range(40.0, 26.0, 54.0),
            },
            "windows": [
                window(2020, 610_000_000), window(2021, 655_000_000), window(2022, 720_000_000),
                window(2023, 905_000_000), window(2024, 1_012_345_678),
            ],
            "recommendation_reason": "1º de 87 destinos; parte mais forte: tamanho do mercado (4,0 de 7,3 pontos).",
        }],
        "total_destinations": 87,
        "data": {
            "through": "2024-12", "source": "comexstat", "snapshot": "f5-2024-12", "sample": false,
            "months_covered": 12, "reference_destinations": 87, "market_size_basis": "exportacoes_do_brasil",
        },
        "calculated_at": "2025-01-15T12:00:00Z",
    })
}
