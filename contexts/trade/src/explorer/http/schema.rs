//! The explorer's question and answer as the OpenAPI document describes them. `super::super::render` writes the answer
//! by hand; a test reads real answers into these.

use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};

use crate::explorer::request::{Dimension, Measure};

/// A table of the exports.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportsQuery {
    /// What the rows are, in the order of the columns, separated by commas. Left out: one row, the total.
    #[param(style = Form, explode = false, schema_with = dimensions, example = json!(["year", "country"]))]
    pub drilldowns: Option<Vec<String>>,
    /// What counts: `DIMENSION:VALUE|VALUE,DIMENSION:VALUE`, each dimension once, up to 500 values. Years `2024`,
    /// `2019-2024` or `latest`; months `3`, `1-6`, `2024-03`, `2024-03..2025-02` or `latest`; products by their digits,
    /// with or without dots; countries by ISO code or the ministry's number; states by two letters; sectors by name or
    /// slug; ways of transport by number. A code that neither the tables nor the data know is refused. Left out:
    /// everything.
    #[param(max_length = 4096, example = "ncm:12019000,year:2023|2024", nullable = false)]
    pub cuts: Option<String>,
    /// What is said of each row, in the order of the columns, separated by commas: `fob` (US$), `kg`, `share` (of the
    /// FOB value of all rows, 0–1), `growth` (against the same months a year earlier, a fraction; needs the drilldown
    /// `year` or `month`), `price` (US$ a kilogram), `hhi` (concentration over destinations, 0–1; not with the drilldown
    /// `country`). Left out: `fob,kg`.
    #[param(style = Form, explode = false, schema_with = measures, example = json!(["fob", "kg"]))]
    pub measures: Option<Vec<String>>,
    /// A dimension or a measure of the answer, with `.asc` or `.desc`. Left out: time ascending, then the first measure
    /// descending.
    #[param(schema_with = sort, example = "fob.desc")]
    pub sort: Option<String>,
    /// How many rows to answer.
    #[param(minimum = 1, maximum = 50000, default = 1000, nullable = false)]
    pub limit: Option<u32>,
    /// How many rows to leave out first.
    #[param(minimum = 0, maximum = 10_000_000, default = 0, nullable = false)]
    pub offset: Option<u32>,
    /// `json`, or the same rows and columns as `csv`.
    #[param(schema_with = formats)]
    pub format: Option<String>,
    /// Language of the labels, before `Accept-Language`.
    #[param(schema_with = languages)]
    pub lang: Option<String>,
}

fn names(names: impl IntoIterator<Item = &'static str>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names))
}

fn dimensions() -> ArrayBuilder {
    ArrayBuilder::new().items(names(Dimension::ALL.map(|(name, _)| name))).unique_items(true)
}

fn measures() -> ArrayBuilder {
    ArrayBuilder::new().items(names(Measure::ALL.map(|(name, _)| name))).unique_items(true)
}

fn sort() -> ObjectBuilder {
    let fields: Vec<&str> =
        Dimension::ALL.iter().map(|(name, _)| *name).chain(Measure::ALL.iter().map(|(name, _)| *name)).collect();
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(format!("^({})(\\.(asc|desc))?$", fields.join("|"))))
}

fn formats() -> ObjectBuilder {
    names(["json", "csv"]).default(Some("json".into()))
}

fn languages() -> ObjectBuilder {
    names(["pt-BR", "pt", "en"])
}

/// A table: rows, and what they are of.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct ExportTable {
    /// The rows, in the order that was asked for.
    #[schema(max_items = 50000)]
    pub data: Vec<ExportRow>,
    /// What they are of.
    pub meta: ExportTableMeta,
}

/// A row: the members of each drilldown and each measure that was asked for, and no others.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct ExportRow {
    /// Drilldown `year`.
    #[schema(minimum = 1989, maximum = 2100, nullable = false)]
    pub year: Option<u16>,
    /// Drilldown `month`.
    #[schema(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2024-03"), nullable = false)]
    pub month: Option<String>,
    /// Drilldown `ncm`: eight digits.
    #[schema(pattern = "^[0-9]{8}$", nullable = false)]
    pub ncm: Option<String>,
    /// Its description; `null` where the table has none, as for every label.
    pub ncm_description: Option<String>,
    /// Drilldown `sh6`: subheading of the Harmonized System, six digits.
    #[schema(pattern = "^[0-9]{6}$", nullable = false)]
    pub sh6: Option<String>,
    /// Its description.
    pub sh6_description: Option<String>,
    /// Drilldown `sh4`: heading, four digits.
    #[schema(pattern = "^[0-9]{4}$", nullable = false)]
    pub sh4: Option<String>,
    /// Its description.
    pub sh4_description: Option<String>,
    /// Drilldown `sh2`: chapter, two digits.
    #[schema(pattern = "^[0-9]{2}$", nullable = false)]
    pub sh2: Option<String>,
    /// Its description.
    pub sh2_description: Option<String>,
    /// Drilldown `country`: ISO alpha-2, else the ministry's number.
    #[schema(pattern = "^([A-Z]{2}|[0-9]{3})$", nullable = false)]
    pub country: Option<String>,
    /// Its name.
    pub country_name: Option<String>,
    /// Drilldown `uf`: the producing state, or a code that stands for none (`ND` is not declared).
    #[schema(pattern = "^[A-Z]{2}$", nullable = false)]
    pub uf: Option<String>,
    /// Its name.
    pub uf_name: Option<String>,
    /// Drilldown `sector`: its slug.
    #[schema(examples("industria-extrativa"), nullable = false)]
    pub sector: Option<String>,
    /// Its name.
    pub sector_name: Option<String>,
    /// Drilldown `via`: number of the way of transport.
    #[schema(minimum = 0, maximum = 99, nullable = false)]
    pub via: Option<u8>,
    /// Its name.
    pub via_name: Option<String>,
    /// With `year` and without `month`: months of the year that were asked for and are known.
    #[schema(minimum = 0, maximum = 12, nullable = false)]
    pub months_covered: Option<u8>,
    /// With `year` or `month`: whether some month of the row that was asked for is not known.
    #[schema(nullable = false)]
    pub partial: Option<bool>,
    /// Exports, US$ FOB, exact.
    #[schema(minimum = 0, nullable = false)]
    pub fob: Option<f64>,
    /// Net weight, kg, exact to the gram.
    #[schema(minimum = 0, nullable = false)]
    pub kg: Option<f64>,
    /// Part of the FOB value of all rows before `limit`, 0–1; `null` where that is zero.
    #[schema(minimum = 0, maximum = 1)]
    pub share: Option<f64>,
    /// Change of the FOB value against the same months a year earlier, as a fraction; `null` where it is not known.
    #[schema(minimum = -1)]
    pub growth: Option<f64>,
    /// US$ FOB a kilogram, over what has a weight; `null` where nothing has.
    #[schema(minimum = 0)]
    pub price: Option<f64>,
    /// Herfindahl–Hirschman index of the destinations by FOB value, 0–1; `null` without exports.
    #[schema(minimum = 0, maximum = 1)]
    pub hhi: Option<f64>,
}

/// What a table is of.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct ExportTableMeta {
    /// Version of the data.
    pub snapshot: String,
    /// The last month that is known for this question; `null` when none is.
    #[schema(required = true, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2024-12"))]
    pub through: Option<String>,
    /// Name of the source.
    #[schema(examples("comexstat"))]
    pub source: String,
    /// Whether it is sample data, not real.
    pub sample: bool,
    /// Rows before `limit` and `offset`.
    pub total_rows: u64,
    /// The limit that held.
    #[schema(minimum = 1, maximum = 50000)]
    pub limit: u32,
    /// The offset that held.
    #[schema(maximum = 10_000_000)]
    pub offset: u32,
    /// The months that were asked for and are known, as spans.
    pub covered: Vec<CoveredSpan>,
    /// Years of which some month that was asked for is not known.
    pub partial_years: Vec<u16>,
    /// Language of the labels.
    #[schema(pattern = "^(pt-BR|en)$", examples("pt-BR"))]
    pub language: String,
}

/// Months that follow one another.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct CoveredSpan {
    /// First month.
    #[schema(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2024-01"))]
    pub from: String,
    /// Last month.
    #[schema(pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2024-12"))]
    pub to: String,
}
