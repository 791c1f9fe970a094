//! `GET /v1/exports`.

pub mod schema;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use platform::http::etag::ETag;
use platform::http::language::Language;
use platform::openapi::{conditional, refusal, spoken, text, with_headers};
use platform::problem::{Code, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::about::Asked;
use super::request::{Format, Request};
use super::rows::{Answer, Questions};
use super::{csv, hint, render, xlsx};
use crate::TradeState;
use crate::answer::{Pairs, data_headers, documented, etag, pairs, respond, respond_with};
use crate::cube::Snapshot;
use crate::cube::question::Refusal;

/// Permits of the large scans that a workbook takes: one of 50,000 rows needs some 180 MB while it is put together, so that
/// two are written at once.
const WORKBOOK_PERMITS: u32 = 2;

/// The routes of the explorer.
pub fn routes() -> OpenApiRouter<TradeState> {
    let disposition =
        text("Only of files: a name to save it under.", "attachment; filename=\"exportacoes_ncm-12019000_year.csv\"");
    let exports = with_headers(routes!(exports), &[("Content-Disposition", disposition)]);
    OpenApiRouter::default().routes(documented(conditional(spoken(exports))))
}

/// Any table of the exports
///
/// Groups the exports by any dimensions, counts what the cuts keep, and says what was asked of each row; as JSON, CSV or
/// XLSX. A month that is not covered is unknown, never zero. Questions that would read too much, or have more than 1,000,000
/// groups, are refused with `query_too_large` and what would make them smaller.
#[utoipa::path(
    get, path = "/v1/exports", tag = "explorer", operation_id = "query_exports", params(schema::ExportsQuery),
    responses(
        (status = 200, description = "The rows: as JSON; as CSV (RFC 4180, or `dialect=br`) with the same columns and, \
            at the end, what is covered in each row; or as a workbook of the columns of the CSV and a sheet that says what they are.",
            content(
                (schema::ExportTable = "application/json", example = json!({
                    "data": [{"year": 2024, "country": "CN", "country_name": "China", "months_covered": 12,
                        "partial": false, "fob": 31_532_447_011_u64, "kg": 72_514_903_112.5}],
                    "meta": {"snapshot": "f5-2024-12", "through": "2024-12", "source": "comexstat", "sample": false,
                        "total_rows": 1, "limit": 1000, "offset": 0, "covered": [{"from": "2023-01", "to": "2024-12"}],
                        "partial_years": [], "language": "pt-BR"}
                })),
                (String = "text/csv", example = "year,country,country_name,months_covered,partial,fob,kg,through\r\n2024,CN,China,12,false,31532447011,72514903112.5,2024-12\r\n"),
                (schema::ExportWorkbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            )),
        refusal::QueryTooLarge
    )
)]
async fn exports(
    State(state): State<TradeState>,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    query: Pairs,
) -> Result<Response, Problem> {
    let snapshot = state.snapshot.load_full();
    let pairs = pairs(query)?;
    if snapshot.is_empty() {
        return Err(nothing_loaded());
    }
    let accepted = Language::of(&headers);
    let request = Request::parse(&pairs, accepted, &snapshot)?;
    let asked = Asked { pairs, query: raw.unwrap_or_default(), day: day_in_brasilia(state.clock.now()) };
    let tag = tag(&snapshot, &request, &asked);
    {
        let questions = Questions::new(&request, &snapshot);
        if tag.matches(&headers) {
            let provenance = data_headers(&snapshot, questions.scope.through());
            return Ok(respond("application/json", &tag, provenance, None));
        }
        let large = questions
            .is_large()
            .map_err(|refusal| too_large(&refusal, hint::smaller(&asked.pairs, &request, accepted, &snapshot)))?;
        if !large && request.format != Format::Xlsx {
            return finish(&questions, &tag, &asked);
        }
    }
    // Long scans and workbooks leave the threads that serve connections, a few at a time.
    let weight = if request.format == Format::Xlsx { WORKBOOK_PERMITS } else { 1 };
    let permit = Arc::clone(&state.scans).acquire_many_owned(weight).await;
    let permit = permit.map_err(|_| {
        Problem::spoken(
            Code::Overloaded,
            "O servidor está parando; peça de novo.",
            "The server is stopping; ask again.",
        )
    })?;
    let done = tokio::task::spawn_blocking(move || {
        let answer = finish(&Questions::new(&request, &snapshot), &tag, &asked);
        drop(permit);
        answer
    });
    done.await.map_err(|_| failed())?
}

/// The day of a moment in Brasília, which has kept UTC−3 all year since 2019.
fn day_in_brasilia(now: DateTime<Utc>) -> NaiveDate {
    (now - TimeDelta::hours(3)).date_naive()
}

/// A workbook tells the question as it was written and the day; the other forms do not.
fn tag(snapshot: &Snapshot, request: &Request, asked: &Asked) -> ETag {
    match request.format {
        Format::Xlsx => etag(&snapshot.id, &format!("{} {} {}", request.canonical(), asked.query, asked.day)),
        Format::Json | Format::Csv => etag(&snapshot.id, &request.canonical()),
    }
}

fn finish(questions: &Questions<'_>, tag: &ETag, asked: &Asked) -> Result<Response, Problem> {
    let answer = questions.answer().map_err(refused)?;
    let snapshot: &Snapshot = questions.snapshot;
    let (content_type, extension, body) = body(questions, &answer, asked)?;
    let mut response = respond_with(content_type, tag, data_headers(snapshot, questions.scope.through()), Some(body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(questions.request.language.tag()));
    if let Some(extension) = extension {
        let name = asked.file_name(extension);
        // Letters, digits and hyphens: this does not fail.
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
    }
    Ok(response)
}

/// The answer in the form asked for: its type, the extension of a file, and the bytes.
fn body(
    questions: &Questions<'_>,
    answer: &Answer,
    asked: &Asked,
) -> Result<(&'static str, Option<&'static str>, Body), Problem> {
    Ok(match questions.request.format {
        Format::Json => ("application/json", None, render::json(questions, answer).into()),
        Format::Csv => ("text/csv; charset=utf-8", Some("csv"), csv::csv(questions, answer).into()),
        Format::Xlsx => {
            let bytes = xlsx::workbook(questions, answer, asked).map_err(|_| failed())?;
            (XLSX, Some("xlsx"), bytes.into())
        }
    })
}

/// The media type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn failed() -> Problem {
    Problem::spoken(
        Code::Internal,
        "A pergunta não pôde ser respondida; a falha é nossa.",
        "The question could not be answered; the fault is ours.",
    )
}

/// What is answered while the store is empty.
pub(crate) fn nothing_loaded() -> Problem {
    Problem::spoken(
        Code::DataUnavailable,
        "Nenhuma exportação foi carregada ainda; use `bgc ingest load-csv ARQUIVO` ou `bgc up --sample`.",
        "No exports have been loaded yet; run `bgc ingest load-csv FILE` or start with `bgc up --sample`.",
    )
}

/// A refusal with the question that would be accepted instead.
pub(super) fn too_large(refusal: &Refusal, smaller: Option<String>) -> Problem {
    let mut text = refusal.text();
    if let Some(smaller) = smaller {
        text.portuguese.push_str(&format!(" Assim cabe: {smaller}"));
        text.english.push_str(&format!(". This is small enough: {smaller}"));
    }
    Problem::spoken(Code::QueryTooLarge, text.portuguese, text.english)
}

/// A refusal as the client sees it.
#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
pub(crate) fn refused(refusal: Refusal) -> Problem {
    let text = refusal.text();
    Problem::spoken(Code::QueryTooLarge, text.portuguese, text.english)
}
