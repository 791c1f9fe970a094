//! What every answer of this context has in common: exact numbers, provenance headers, ETag.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use platform::http::etag::ETag;
use platform::openapi::{header, text, versioned, with_headers};
use platform::problem::{Code, Problem};
use utoipa::openapi::{ObjectBuilder, Type};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::cube::Snapshot;
use crate::domain::code::Month;

/// Appends US cents as dollars: `48252908258`, or `48252908258.50` where there are cents.
pub fn push_usd(out: &mut String, cents: i64) {
    push_decimal(out, i128::from(cents), 2);
    if cents % 100 != 0 && cents % 10 == 0 {
        out.push('0');
    }
}

/// Appends grams as kilograms, with up to three decimals and no trailing zeros.
pub fn push_kg(out: &mut String, grams: i64) {
    push_decimal(out, i128::from(grams), 3);
}

/// Appends `value` / 10^`scale` in plain decimal notation without trailing zeros.
pub fn push_decimal(out: &mut String, value: i128, scale: u32) {
    let unit = 10_u128.pow(scale);
    let magnitude = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    // Writing to a String cannot fail.
    write!(out, "{sign}{}", magnitude / unit).ok();
    let mut fraction = magnitude % unit;
    if fraction == 0 {
        return;
    }
    let mut digits = scale as usize;
    while fraction.is_multiple_of(10) {
        fraction /= 10;
        digits -= 1;
    }
    write!(out, ".{fraction:0digits$}").ok();
}

/// `numerator` / `denominator` in units of 10^-`scale`, rounded half away from zero; `None` for a zero denominator.
/// Both must stay below 10^26 for a scale of 6.
#[must_use]
pub fn ratio(numerator: i128, denominator: i128, scale: u32) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let scaled = numerator.checked_mul(10_i128.pow(scale))?.checked_mul(2)?;
    let rounding = if scaled < 0 { -denominator } else { denominator };
    Some((scaled + rounding) / (2 * denominator))
}

/// `X-Data-Through`, `X-Data-Source`, `X-Data-Sample` and `X-Data-Snapshot`.
/// `through` is the last month covered for what was asked; without one its header is left out.
#[must_use]
pub fn data_headers(snapshot: &Snapshot, through: Option<Month>) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = Vec::with_capacity(4);
    let mut add = |name: &'static str, value: &str| {
        // Values that a header cannot carry (a source named outside ASCII) are left out.
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.push((HeaderName::from_static(name), value));
        }
    };
    if let Some(month) = through {
        add("x-data-through", &month.to_string());
    }
    add("x-data-source", &snapshot.source);
    add("x-data-sample", if snapshot.sample { "true" } else { "false" });
    add("x-data-snapshot", &snapshot.id);
    headers
}

/// Says of routes that their answers carry [`data_headers`] and an `ETag`.
pub fn documented<S>(routes: UtoipaMethodRouter<S>) -> UtoipaMethodRouter<S> {
    let month = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[0-9]{4}-(0[1-9]|1[0-2])$"))
        .examples(["2024-12"]);
    let truth = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["true", "false"]));
    let headers = [
        ("X-Data-Through", header("The last month that is known for this question; absent when none is.", month)),
        ("X-Data-Source", text("Name of the source; absent when a header cannot carry it.", "comexstat")),
        ("X-Data-Sample", header("Whether the answer is of sample data.", truth)),
        ("X-Data-Snapshot", text("Version of the data.", "f5-2024-12")),
        ("Vary", text("The headers of the request that the answer depends on.", "accept-language")),
    ];
    versioned(with_headers(routes, &headers))
}

/// The parameters of a query as they come.
pub type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// The names and values of a query, in their order.
///
/// # Errors
/// `validation_error` when they cannot be read.
pub fn pairs(query: Pairs) -> Result<Vec<(String, String)>, Problem> {
    query.map(|Query(pairs)| pairs).map_err(|error| {
        Problem::spoken(
            Code::ValidationError,
            "Os parâmetros do endereço não podem ser lidos; confira os sinais de porcentagem.",
            format!("The query cannot be read: {error}."),
        )
    })
}

/// The entity tag of what `canonical` asks of a snapshot.
#[must_use]
pub fn etag(snapshot_id: &str, canonical: &str) -> ETag {
    ETag::strong(&[snapshot_id, canonical])
}

/// An answer with its type, tag and provenance; 304 without a body when `body` is `None`.
#[must_use]
pub fn respond(
    content_type: &'static str,
    tag: &ETag,
    provenance: Vec<(HeaderName, HeaderValue)>,
    body: Option<String>,
) -> Response {
    respond_with(content_type, tag, provenance, body.map(Body::from))
}

/// As [`respond`], with a body of any kind.
#[must_use]
pub fn respond_with(
    content_type: &'static str,
    tag: &ETag,
    provenance: Vec<(HeaderName, HeaderValue)>,
    body: Option<Body>,
) -> Response {
    let mut response = match body {
        Some(body) => (StatusCode::OK, [(header::CONTENT_TYPE, content_type)], body).into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let headers = response.headers_mut();
    headers.extend(provenance);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    headers.insert(header::ETAG, tag.header_value());
    response
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(push: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        push(&mut out);
        out
    }

    #[test]
    fn money_and_weight_are_exact() {
        assert_eq!(text(|out| push_usd(out, 4_825_290_825_800)), "48252908258");
        assert_eq!(text(|out| push_usd(out, 4_825_290_825_850)), "48252908258.50");
        assert_eq!(text(|out| push_usd(out, 5)), "0.05");
        assert_eq!(text(|out| push_usd(out, -105)), "-1.05");
        assert_eq!(text(|out| push_kg(out, 1_500)), "1.5");
        assert_eq!(text(|out| push_kg(out, 9_007_199_254_740_993)), "9007199254740.993");
        assert_eq!(text(|out| push_kg(out, 0)), "0");
    }

    #[test]
    fn ratios_are_rounded_half_away_from_zero() {
        assert_eq!(ratio(1, 3, 6), Some(333_333));
        assert_eq!(ratio(2, 3, 6), Some(666_667));
        assert_eq!(ratio(-1, 2, 0), Some(-1));
        assert_eq!(ratio(1, 2, 0), Some(1));
        assert_eq!(ratio(1, 0, 6), None);
    }

    proptest! {
        #[test]
        fn printed_dollars_read_back(cents in 0..i64::MAX / 100) {
            let printed = text(|out| push_usd(out, cents));
            let (whole, rest) = printed.split_once('.').unwrap_or((&printed, "00"));
            prop_assert_eq!(whole.parse::<i64>().unwrap() * 100 + rest.parse::<i64>().unwrap(), cents);
        }
    }
}
