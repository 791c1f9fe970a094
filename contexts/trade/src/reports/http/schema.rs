//! The reports as the OpenAPI document describes them; written by hand elsewhere, and read into these by a test. Names
//! are those of the earlier service.

use utoipa::{IntoParams, ToSchema};

/// What a summary is of.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SummaryQuery {
    /// One year; left out, all.
    #[param(minimum = 1989, maximum = 2100, example = 2024, nullable = false)]
    pub ano: Option<u16>,
    /// One sector, by its name or its slug (`industria-extrativa`); left out, all.
    #[param(example = "Agropecuária", nullable = false)]
    pub setor: Option<String>,
}

/// What a ranking of countries is of.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CountryTotalsQuery {
    /// One year; left out, all.
    #[param(minimum = 1989, maximum = 2100, example = 2024, nullable = false)]
    pub ano: Option<u16>,
    /// How many countries to answer.
    #[param(minimum = 1, maximum = 1000, default = 1000, nullable = false)]
    pub limit: Option<u32>,
}

/// What everything adds up to.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportSummary {
    /// Exports, US$ FOB, exact; `null` where there is no data.
    #[schema(required = true, minimum = 0, examples(1_500_846_161_710_u64))]
    pub total_usd: Option<f64>,
    /// Net weight, kg, exact to the gram; `null` where there is no data.
    #[schema(required = true, minimum = 0)]
    pub total_kg: Option<f64>,
    /// Destinations that occur, those that are no countries among them.
    pub paises_count: u32,
    /// Sectors that occur.
    pub setores_count: u32,
    /// Years that occur, ascending.
    #[schema(examples(json!([2023, 2024])))]
    pub anos: Vec<u16>,
    /// When data was last loaded (UTC); `null` where that is not known.
    #[schema(required = true, format = DateTime)]
    pub updated_at: Option<String>,
    /// Where the figures come from.
    pub data: Provenance,
}

/// Where the figures of a report come from.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Provenance {
    /// The last month that is known; `null` when none is.
    #[schema(required = true, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2024-12"))]
    pub through: Option<String>,
    /// Name of the source.
    #[schema(examples("comexstat"))]
    pub source: String,
    /// Whether it is sample data, not real.
    pub sample: bool,
    /// Version of the data.
    pub snapshot: String,
    /// Years that are in the figures and not known to their end.
    pub partial_years: Vec<u16>,
}

/// The exports to one destination.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CountryTotal {
    /// Portuguese name; the ministry's number where there is none.
    #[schema(examples("China"))]
    pub pais: String,
    /// Exports, US$ FOB, exact.
    #[schema(minimum = 0)]
    pub total_usd: f64,
    /// Net weight, kg, exact to the gram.
    #[schema(minimum = 0)]
    pub total_kg: f64,
    /// Part of the exports to all destinations, percent with two decimals.
    #[schema(minimum = 0, maximum = 100)]
    pub participacao_pct: f64,
    /// Years with exports to it, ascending.
    pub anos: Vec<u16>,
}
