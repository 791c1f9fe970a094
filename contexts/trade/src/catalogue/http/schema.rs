//! The answers of the catalogue as the OpenAPI document describes them; written by hand elsewhere, and read into these
//! by a test.

use utoipa::{IntoParams, ToSchema};

/// What a product search asks for.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// Part of a description in Portuguese or English, or the beginning of a code, with or without dots. Every word
    /// must begin a word of the description; case and accents do not matter. Left out, every product.
    #[param(max_length = 200, example = "acucar", nullable = false)]
    pub q: Option<String>,
    /// How many products to answer.
    #[param(minimum = 1, maximum = 50, default = 20, nullable = false)]
    pub limit: Option<u32>,
    /// Whether to list what is no merchandise too (chapter 99: ships' stores, special transactions).
    #[param(default = false, nullable = false)]
    pub all: Option<bool>,
}

/// Products, those exported most first.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct ProductList {
    /// The products.
    #[schema(max_items = 50)]
    pub data: Vec<Product>,
    /// What was asked for, and how much there is.
    pub meta: ProductListMeta,
}

/// A product of the Mercosur nomenclature.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Eight digits.
    #[schema(pattern = "^[0-9]{8}$", examples("17011400"))]
    pub ncm: String,
    /// Description in the language of the answer; `null` for a code that only the data know.
    #[schema(required = true, examples("Outros açúcares de cana"))]
    pub description: Option<String>,
    /// Sector of the economy, in Portuguese.
    #[schema(required = true, examples("Indústria de Transformação"))]
    pub sector: Option<String>,
    /// Exports of the last twelve covered months, US$ FOB; `null` for a product that the data do not know.
    #[schema(required = true, minimum = 0)]
    pub exports_usd_12m: Option<f64>,
    /// The end of the code; `null` for a code in force.
    #[schema(required = true)]
    pub ended: Option<EndedNcm>,
    /// Codes in force that replace a code that ended, the larger first.
    #[schema(max_items = 8)]
    pub successors: Vec<String>,
}

/// The end of a code.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct EndedNcm {
    /// First month without the code; `null` when not recorded.
    #[schema(required = true, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2012-01"))]
    pub since: Option<String>,
    /// Month in which exports of a code that excludes it prove the end; `null` without proof.
    #[schema(required = true, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$", examples("2025-01"))]
    pub proved: Option<String>,
    /// Source: `cadastro` (the operator's register), `tabela` (known changes), `dados` (proved by the data).
    #[schema(pattern = "^(cadastro|tabela|dados)$", examples("tabela"))]
    pub basis: String,
}

/// About a list of products.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct ProductListMeta {
    /// `q` as it was sent.
    #[schema(max_length = 200)]
    pub query: String,
    /// Products found, before `limit`.
    pub total: u32,
    /// What the question was taken for, where nothing has its words as they are written: one typing error, or a part of
    /// the words.
    #[schema(nullable = false)]
    pub did_you_mean: Option<String>,
    /// The limit that held.
    #[schema(minimum = 1, maximum = 50)]
    pub limit: u32,
    /// Version of the data.
    pub snapshot: String,
    /// Whether the data is the sample.
    pub sample: bool,
}

/// Every country and other destination, by Portuguese name.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct CountryList {
    /// The countries.
    pub data: Vec<Country>,
    /// About the list.
    pub meta: CountryListMeta,
}

/// A country, or a code that stands for none.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// ISO 3166-1 alpha-2; the ministry's number where there is none.
    #[schema(pattern = "^([A-Z]{2}|[0-9]{3})$", examples("US"))]
    pub code: String,
    /// The ministry's number (`CO_PAIS`).
    #[schema(pattern = "^[0-9]{3}$", examples("249"))]
    pub co_pais: String,
    /// ISO 3166-1 alpha-2.
    #[schema(required = true, pattern = "^[A-Z]{2}$", examples("US"))]
    pub iso2: Option<String>,
    /// ISO 3166-1 alpha-3.
    #[schema(required = true, pattern = "^[A-Z]{3}$", examples("USA"))]
    pub iso3: Option<String>,
    /// Portuguese name.
    #[schema(examples("Estados Unidos"))]
    pub name_pt: String,
    /// English name.
    #[schema(examples("United States"))]
    pub name_en: String,
    /// Flag as an emoji; empty where there is none.
    #[schema(examples("🇺🇸"))]
    pub flag_emoji: String,
    /// Great-circle distance from São Paulo to the capital, km; `null` for what has no seat.
    #[schema(required = true, minimum = 0)]
    pub distance_km: Option<f64>,
    /// Group of the estimate table; `none` where there is nothing to estimate.
    #[schema(examples("america_do_norte"))]
    pub group: String,
    /// Whether it can stand in a ranking: no ships' stores, undeclared destinations or former countries.
    pub rankable: bool,
}

/// About the list of countries.
#[derive(Debug, Clone, ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct CountryListMeta {
    /// How many there are.
    pub total: u32,
    /// Version of the data.
    pub snapshot: String,
    /// Whether the data is the sample.
    pub sample: bool,
}
