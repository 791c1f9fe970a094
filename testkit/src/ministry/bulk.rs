//! The host of the bulk files: a plain web server, with ranges and validators.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta};

use super::{FakeMinistry, Served};

pub(super) fn routes(ministry: &FakeMinistry) -> Router {
    Router::new()
        .route("/balanca/bd/comexstat-bd/ncm/{file}", get(exports))
        .route("/balanca/bd/tabelas/{file}", get(table))
        .with_state(ministry.clone())
}

async fn exports(State(ministry): State<FakeMinistry>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let state = ministry.lock();
    let served = match file.strip_prefix("EXP_").and_then(|rest| rest.strip_suffix(".csv")) {
        Some("TOTAIS_CONFERENCIA") => state.totals.as_ref(),
        Some(year) => year.parse().ok().and_then(|year: u16| state.years.get(&year)),
        None => None,
    };
    answer(served, &headers)
}

async fn table(State(ministry): State<FakeMinistry>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let state = ministry.lock();
    answer(file.strip_suffix(".csv").and_then(|name| state.tables.get(name)), &headers)
}

fn answer(served: Option<&Served>, headers: &HeaderMap) -> Response {
    let Some(Served { bytes, revision }) = served else {
        return (StatusCode::NOT_FOUND, Html("<html><body><h1>404 Not Found</h1></body></html>")).into_response();
    };
    let etag = format!("\"{:x}-{revision:x}\"", bytes.len());
    // Each revision is a day younger than the one before it; the first is of 1 January 2026.
    let days = i64::try_from(*revision).unwrap_or_default();
    let published = DateTime::from_timestamp(1_767_225_600, 0).unwrap_or_default() + TimeDelta::days(days);
    let published = published.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let sent = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let common = [
        (header::ETAG, etag.clone()),
        (header::LAST_MODIFIED, published.clone()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_TYPE, "text/csv".to_owned()),
    ];
    let unchanged = match sent(header::IF_NONE_MATCH) {
        Some(known) => known == etag,
        None => sent(header::IF_MODIFIED_SINCE) == Some(published.as_str()),
    };
    if unchanged {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let still_valid = sent(header::IF_RANGE).is_none_or(|validator| validator == etag || validator == published);
    let range = sent(header::RANGE).filter(|_| still_valid).map_or(Range::Whole, |text| range(text, bytes.len()));
    match range {
        Range::Whole => (common, with_length(bytes)).into_response(),
        Range::Part(start, end) => {
            let place = format!("bytes {start}-{}/{}", end - 1, bytes.len());
            let part = with_length(&bytes.slice(start..end));
            (StatusCode::PARTIAL_CONTENT, common, [(header::CONTENT_RANGE, place)], part).into_response()
        }
        Range::Impossible => {
            let place = [(header::CONTENT_RANGE, format!("bytes */{}", bytes.len()))];
            (StatusCode::RANGE_NOT_SATISFIABLE, place).into_response()
        }
    }
}

/// A body whose length is said to `HEAD` too.
fn with_length(bytes: &Bytes) -> impl IntoResponse + use<> {
    ([(header::CONTENT_LENGTH, bytes.len().to_string())], Bytes::clone(bytes).into_response().into_body())
}

enum Range {
    Whole,
    /// From, and up to but without.
    Part(usize, usize),
    Impossible,
}

/// What `Range` asks for. What cannot be understood, and several ranges at once, are answered with the whole.
fn range(text: &str, length: usize) -> Range {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|text| text.split_once('-')) else {
        return Range::Whole;
    };
    let (start, end) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(start), Ok(last)) if start <= last => (start, last.saturating_add(1).min(length)),
        (Ok(start), Err(_)) if last.is_empty() => (start, length),
        (Err(_), Ok(count)) if first.is_empty() => (length.saturating_sub(count), length),
        _ => return Range::Whole,
    };
    if start < end { Range::Part(start, end) } else { Range::Impossible }
}
