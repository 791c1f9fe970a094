//! `GET /v1/ncm?q=` and `GET /v1/countries`.

pub mod schema;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use platform::http::language::Language;
use platform::openapi::{conditional, refusal, spoken};
use platform::problem::{Code, FieldError, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::description;
use super::search::{Found, QUERY_CHARS_MAX, SEARCH_LIMIT_MAX};
use crate::TradeState;
use crate::answer::{Pairs, data_headers, documented, etag, pairs, push_usd, respond};
use crate::cube::Snapshot;
use crate::simulator::json::push_text;
use crate::simulator::number::{pick, push_integer};
use crate::succession;

/// Products of an answer when the request names no number.
const LIMIT_DEFAULT: usize = 20;

/// The routes of the catalogue.
pub fn routes() -> OpenApiRouter<TradeState> {
    OpenApiRouter::default()
        .routes(documented(conditional(spoken(routes!(products)))))
        .routes(documented(conditional(routes!(countries))))
}

/// What a product search asks for.
struct Question {
    text: String,
    limit: usize,
    all: bool,
}

impl Question {
    fn parse(pairs: Vec<(String, String)>, language: Language) -> Result<Self, Problem> {
        let mut question = Self { text: String::new(), limit: LIMIT_DEFAULT, all: false };
        let mut errors = Vec::new();
        let mut wrong = |name: &str, portuguese: String, english: String| {
            let detail = match language {
                Language::PtBr => portuguese,
                Language::En => english,
            };
            errors.push(FieldError { pointer: name.to_owned(), detail });
        };
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in pairs.into_iter().take(20) {
            if seen.contains(&name) {
                wrong(&name, format!("{name} aparece duas vezes."), format!("{name} is given twice."));
                continue;
            }
            seen.push(name.clone());
            match name.as_str() {
                "q" if value.chars().count() > QUERY_CHARS_MAX => wrong(
                    "q",
                    format!("q aceita até {QUERY_CHARS_MAX} caracteres."),
                    format!("q takes up to {QUERY_CHARS_MAX} characters."),
                ),
                "q" => question.text = value,
                "limit" => match value.parse() {
                    Ok(limit) if (1..=SEARCH_LIMIT_MAX).contains(&limit) => question.limit = limit,
                    _ => wrong(
                        "limit",
                        format!("limit precisa ser um inteiro de 1 a {SEARCH_LIMIT_MAX}."),
                        format!("limit must be an integer from 1 to {SEARCH_LIMIT_MAX}."),
                    ),
                },
                "all" if value == "true" || value == "false" => question.all = value == "true",
                "all" => wrong("all", "all precisa ser true ou false.".into(), "all must be true or false.".into()),
                _ => {
                    let shown: String = name.chars().filter(|letter| !letter.is_control()).take(60).collect();
                    wrong(
                        &shown,
                        format!("O parâmetro \"{shown}\" não existe; os parâmetros são q, limit e all."),
                        format!("There is no parameter \"{shown}\"; the parameters are q, limit and all."),
                    );
                }
            }
        }
        refuse(errors).map(|()| question)
    }

    fn canonical(&self, language: Language) -> String {
        format!("/v1/ncm {} {} {} {}", language.tag(), self.limit, self.all, self.text)
    }
}

fn refuse(errors: Vec<FieldError>) -> Result<(), Problem> {
    if errors.is_empty() {
        return Ok(());
    }
    let detail = errors.iter().map(|error| error.detail.as_str()).collect::<Vec<_>>().join(" ");
    Err(Problem { errors, ..Problem::new(Code::ValidationError, detail) })
}

/// Find a product
///
/// Searches the Mercosur nomenclature (NCM) by everyday words ("frango", "cachaça", "coffee"), by words of its headings
/// and descriptions in any number and gender, or by the beginning of a code. The headings of an everyday word come
/// first, then texts by how prominent the words are; among equals what was exported most in the last twelve covered
/// months. Where nothing is found, one typing error is forgiven and `did_you_mean` says what was looked for.
#[utoipa::path(
    get, path = "/v1/ncm", tag = "catalogue", operation_id = "search_products", params(schema::ProductQuery),
    responses((status = 200, description = "The products found.", body = schema::ProductList,
        content_type = "application/json", example = json!({
            "data": [{"ncm": "17011400", "description": "Outros açúcares de cana", "sector": "Indústria de Transformação",
                "exports_usd_12m": 15_263_841_022_u64, "ended": null, "successors": []}],
            "meta": {"query": "acucar", "total": 1, "limit": 20, "snapshot": "f5-2024-12", "sample": false}
        })))
)]
async fn products(State(state): State<TradeState>, headers: HeaderMap, query: Pairs) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let question = Question::parse(pairs(query)?, language)?;
    let snapshot = state.snapshot.load();
    let search = snapshot.catalogue.search();
    if search.is_empty() {
        return Err(Problem::new(
            Code::DataUnavailable,
            pick(
                language,
                "Nenhuma tabela de NCM e nenhuma exportação foram carregadas ainda; use `bgc ingest load-tables` ou `bgc up --sample`.",
                "No NCM table and no exports have been loaded yet; use `bgc ingest load-tables` or `bgc up --sample`.",
            ),
        ));
    }
    let tag = etag(&snapshot.id, &question.canonical(language));
    let provenance = data_headers(&snapshot, snapshot.coverage.through());
    if tag.matches(&headers) {
        return Ok(respond("application/json", &tag, provenance, None));
    }
    let found = search.find(&question.text, question.limit, question.all);
    let body = products_json(&snapshot, &found, &question, language);
    let mut response = respond("application/json", &tag, provenance, Some(body));
    response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    Ok(response)
}

fn products_json(snapshot: &Snapshot, found: &Found, question: &Question, language: Language) -> String {
    let search = snapshot.catalogue.search();
    let mut out = String::with_capacity(200 + found.places.len() * 240);
    out.push_str("{\"data\":[");
    for (at, entry) in found.places.iter().filter_map(|place| search.entry(*place)).enumerate() {
        out.push_str(if at == 0 { "{\"ncm\":\"" } else { ",{\"ncm\":\"" });
        out.push_str(&entry.ncm.to_string());
        out.push_str("\",\"description\":");
        push_optional(&mut out, description(&snapshot.reference, entry.ncm, language));
        out.push_str(",\"sector\":");
        push_optional(&mut out, snapshot.reference.sectors.get(usize::from(entry.sector)).map(String::as_str));
        out.push_str(",\"exports_usd_12m\":");
        match entry.last_year_cents {
            Some(cents) => push_usd(&mut out, cents),
            None => out.push_str("null"),
        }
        succession::push_members(&mut out, &snapshot.ranking.succession, entry.ncm);
        out.push('}');
    }
    out.push_str("],\"meta\":{\"query\":");
    push_text(&mut out, &question.text);
    out.push_str(",\"total\":");
    push_integer(&mut out, i64::try_from(found.total).unwrap_or(i64::MAX));
    if let Some(meant) = &found.did_you_mean {
        out.push_str(",\"did_you_mean\":");
        push_text(&mut out, meant);
    }
    out.push_str(",\"limit\":");
    push_integer(&mut out, i64::try_from(question.limit).unwrap_or(i64::MAX));
    out.push_str(",\"snapshot\":");
    push_text(&mut out, &snapshot.id);
    out.push_str(sample_member(snapshot));
    out
}

/// The last member of `meta`: whether this is the sample; and the end.
const fn sample_member(snapshot: &Snapshot) -> &'static str {
    if snapshot.sample { ",\"sample\":true}}" } else { ",\"sample\":false}}" }
}

fn push_optional(out: &mut String, text: Option<&str>) {
    match text {
        Some(text) => push_text(out, text),
        None => out.push_str("null"),
    }
}

/// List the countries
///
/// Every destination code of the export data by Portuguese name: countries and territories, and codes that stand for
/// none (ships' stores, undeclared), which are never ranked. There are no parameters.
#[utoipa::path(
    get, path = "/v1/countries", tag = "catalogue", operation_id = "list_countries",
    responses((status = 200, description = "The countries.", body = schema::CountryList,
        content_type = "application/json", example = json!({
            "data": [{"code": "US", "co_pais": "249", "iso2": "US", "iso3": "USA", "name_pt": "Estados Unidos",
                "name_en": "United States", "flag_emoji": "🇺🇸", "distance_km": 7344.1, "group": "america_do_norte",
                "rankable": true}],
            "meta": {"total": 1, "snapshot": "f5-2024-12", "sample": false}
        })), refusal::ValidationError)
)]
async fn countries(State(state): State<TradeState>, headers: HeaderMap, query: Pairs) -> Result<Response, Problem> {
    let errors = pairs(query)?.into_iter().take(20).map(|(name, _)| {
        let shown: String = name.chars().filter(|letter| !letter.is_control()).take(60).collect();
        let detail = match Language::of(&headers) {
            Language::PtBr => format!("O parâmetro \"{shown}\" não existe: esta lista não tem parâmetros."),
            Language::En => format!("There is no parameter \"{shown}\": this list has none."),
        };
        FieldError { pointer: shown, detail }
    });
    refuse(errors.collect())?;
    let snapshot = state.snapshot.load();
    let tag = etag(&snapshot.id, "/v1/countries");
    let provenance = data_headers(&snapshot, snapshot.coverage.through());
    if tag.matches(&headers) {
        return Ok(respond("application/json", &tag, provenance, None));
    }
    let catalogue = &snapshot.catalogue;
    let mut body = String::with_capacity(catalogue.countries_json.len() + 100);
    body.push_str("{\"data\":");
    body.push_str(&catalogue.countries_json);
    body.push_str(",\"meta\":{\"total\":");
    push_integer(&mut body, i64::try_from(catalogue.countries).unwrap_or(i64::MAX));
    body.push_str(",\"snapshot\":");
    push_text(&mut body, &snapshot.id);
    body.push_str(sample_member(&snapshot));
    Ok(respond("application/json", &tag, provenance, Some(body)))
}
