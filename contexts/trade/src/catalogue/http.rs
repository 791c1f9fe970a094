//! `GET /v1/ncm?q=` and `GET /v1/countries`.

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use platform::http::language::Language;
use platform::problem::{Code, FieldError, Problem};

use super::description;
use super::search::{Found, QUERY_CHARS_MAX, SEARCH_LIMIT_MAX};
use crate::TradeState;
use crate::answer::{data_headers, etag, respond};
use crate::cube::Snapshot;
use crate::simulator::json::push_text;
use crate::simulator::number::{pick, push_cents, push_integer};

/// Products of an answer when the request names no number.
const LIMIT_DEFAULT: usize = 20;

/// The routes of the catalogue.
pub fn routes() -> Router<TradeState> {
    Router::new().route("/v1/ncm", get(products)).route("/v1/countries", get(countries))
}

type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

fn pairs(query: Pairs) -> Result<Vec<(String, String)>, Problem> {
    query
        .map(|Query(pairs)| pairs)
        .map_err(|error| Problem::new(Code::ValidationError, format!("the query cannot be read: {error}")))
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
        for (name, value) in pairs.into_iter().take(20) {
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
            Some(cents) => push_cents(&mut out, cents),
            None => out.push_str("null"),
        }
        out.push('}');
    }
    out.push_str("],\"meta\":{\"query\":");
    push_text(&mut out, &question.text);
    out.push_str(",\"total\":");
    push_integer(&mut out, i64::try_from(found.total).unwrap_or(i64::MAX));
    out.push_str(",\"limit\":");
    push_integer(&mut out, i64::try_from(question.limit).unwrap_or(i64::MAX));
    out.push_str(",\"snapshot\":");
    push_text(&mut out, &snapshot.id);
    out.push_str("}}");
    out
}

fn push_optional(out: &mut String, text: Option<&str>) {
    match text {
        Some(text) => push_text(out, text),
        None => out.push_str("null"),
    }
}

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
    body.push_str("}}");
    Ok(respond("application/json", &tag, provenance, Some(body)))
}
