//! The explorer's question and answer as the OpenAPI document describes them. `super::super::render` writes the answer
//! by hand; a test reads real answers into these.

use serde_json::json;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Required, Schema, Type};
use utoipa::{IntoParams, ToSchema};

use crate::explorer::request::{Dimension, LIMIT_DEFAULT, LIMIT_MAX, Measure, OFFSET_MAX, PARAMETER_BYTES_MAX};
use crate::simulator::http::schema::NcmNotice;

/// The parameters of a table of the exports. Built by hand: lists of names separated by commas are beyond the derive.
#[derive(Debug, Clone, Copy)]
pub struct ExportsQuery;

impl IntoParams for ExportsQuery {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let dimensions = Dimension::ALL.map(|(name, _)| name);
        let measures = Measure::ALL.map(|(name, _)| name);
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let number = |minimum: usize, maximum: usize, default: usize| {
            let integer = ObjectBuilder::new().schema_type(Type::Integer);
            integer.minimum(Some(minimum)).maximum(Some(maximum)).default(Some(default.into()))
        };
        let list = |names: &[&str], example: [&str; 2]| {
            let items = ArrayBuilder::new().items(text().enum_values(Some(names.iter().copied()))).unique_items(true);
            let style = query("", items.build().into()).style(Some(ParameterStyle::Form)).explode(Some(false));
            style.example(Some(json!(example)))
        };
        let fields = [dimensions.as_slice(), measures.as_slice()].concat().join("|");
        let sort = text().pattern(Some(format!("^(({fields})(\\.(asc|desc))?)?$")));
        let cuts = text().max_length(Some(PARAMETER_BYTES_MAX));
        let format = text().enum_values(Some(["json", "csv", "xlsx"])).default(Some("json".into()));
        let dialect = text().enum_values(Some(["plain", "br"]));
        let languages = text().enum_values(Some(["pt-BR", "pt", "en"]));
        vec![
            list(&dimensions, ["year", "country"]).name("drilldowns").description(Some(DRILLDOWNS)).build(),
            query(CUTS, cuts.into()).name("cuts").example(Some(json!("ncm:12019000,year:2023|2024"))).build(),
            list(&measures, ["fob", "kg"]).name("measures").description(Some(MEASURES)).build(),
            query(SORT, sort.into()).name("sort").example(Some(json!("fob.desc"))).build(),
            query("How many rows to answer.", number(1, LIMIT_MAX, LIMIT_DEFAULT).into()).name("limit").build(),
            query("How many rows to leave out first.", number(0, OFFSET_MAX, 0).into()).name("offset").build(),
            query(FORMAT, format.into()).name("format").build(),
            query(DIALECT, dialect.into()).name("dialect").build(),
            query("Language of the labels, before `Accept-Language`.", languages.into()).name("lang").build(),
        ]
    }
}

const DRILLDOWNS: &str =
    "What the rows are, in the order of the columns, separated by commas. Left out: one row, the total.";
const CUTS: &str = "What counts: `DIMENSION:VALUE|VALUE,DIMENSION:VALUE`, each dimension once, up to 500 values. Years \
    `2024`, `2019-2024` or `latest`; months `3`, `1-6`, `2024-03`, `2024-03..2025-02` or `latest`; products by their \
    digits, with or without dots; countries by ISO code or the ministry's number; states by two letters; sectors, \
    regions, blocs and customs units (also by their seven digits) by name or slug; ways of transport by number. A code that neither the tables nor the data know is refused. Left out: \
    everything.";
const MEASURES: &str = "What is said of each row, in the order of the columns, separated by commas: `fob` (US$), `kg`, \
    `share` (of the FOB value of all rows, 0–1), `growth` (against the same months a year earlier, a fraction; needs the \
    drilldown `year` or `month`), `price` (US$ a kilogram), `hhi` (concentration over destinations, 0–1; not with the \
    drilldown `country`), `qt` (statistical quantity, with its unit in `qt_unit`; `null` where a row mixes units). Left out: `fob,kg`.";
const SORT: &str = "A dimension or a measure of the answer, with `.asc` or `.desc`. Left out or empty: time ascending, \
    then the first measure descending.";

const FORMAT: &str = "`json`, or the same rows as a file: `csv`, `xlsx`.";
const DIALECT: &str = "Only with `format=csv`. `plain`: commas and decimal points, for programs. `br`: byte order mark, \
    semicolons and decimal commas, for spreadsheets in Brazil. Left out: `plain`.";

fn query(description: &str, schema: Schema) -> ParameterBuilder {
    ParameterBuilder::new()
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
}

/// A workbook (Office Open XML) of two sheets: the rows, and what they are of.
#[derive(Debug, Clone, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct ExportWorkbook(#[expect(dead_code, reason = "only described")] Vec<u8>);

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
    #[schema(minimum = 1989, nullable = false)]
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
    /// Drilldown `region`: region of the producing state.
    #[schema(pattern = "^[a-z-]+$", examples("centro-oeste"), nullable = false)]
    pub region: Option<String>,
    /// Its name.
    pub region_name: Option<String>,
    /// Drilldown `bloc`: economic bloc of the destination, or `sem-bloco`. A country may be in several: rows overlap.
    #[schema(pattern = "^[a-z-]+$", examples("uniao-europeia"), nullable = false)]
    pub bloc: Option<String>,
    /// Its name.
    pub bloc_name: Option<String>,
    /// Drilldown `urf`: customs unit, seven digits; `null` where the file names none.
    #[schema(pattern = "^[0-9]{7}$", examples("0817800"))]
    pub urf: Option<String>,
    /// Its name.
    pub urf_name: Option<String>,
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
    /// Statistical quantity, in `qt_unit`; `null` where the row has several units, or rows without a quantity.
    #[schema(minimum = 0)]
    pub qt: Option<u64>,
    /// With `qt`: its unit, as the ministry's table of units has it; `null` as `qt`.
    #[schema(examples("TML"))]
    pub qt_unit: Option<String>,
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
    /// Codes of the cut `ncm` that ended, with their replacements. Left out when there is none.
    #[schema(nullable = false, max_items = 20)]
    pub notices: Option<Vec<NcmNotice>>,
    /// Language of the labels.
    #[schema(pattern = "^(pt-BR|en)$", examples("pt-BR"))]
    pub language: String,
    /// With the drilldown `bloc`: that rows overlap, because a country may be in several blocs.
    #[schema(nullable = false)]
    pub overlaps: Option<bool>,
    /// With the drilldown `bloc`: the same in words.
    #[schema(nullable = false)]
    pub note: Option<String>,
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
