//! `GET /v1/simulator/usage`, and what limited answers carry.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use platform::auth::{CREDENTIALS, Caller, Tier};
use platform::http::Json;
use platform::http::language::Language;
use platform::openapi::{header as documented, integer, text, with_headers};
use platform::problem::{Code, Problem};
use serde_json::json;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::{FreeUseError, RepeatKey, Reservation, USES_PER_DAY, Usage};
use crate::TradeState;
use crate::free_use::Held;
use crate::simulator::number::pick;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The routes of free use.
pub fn routes() -> OpenApiRouter<TradeState> {
    let uncached = ("Cache-Control", text("Ask again each time.", "no-store"));
    OpenApiRouter::default().routes(with_headers(routes!(usage), &[uncached]))
}

/// Says of routes that their answers carry [`limit_headers`].
pub(crate) fn limited<S>(routes: UtoipaMethodRouter<S>) -> UtoipaMethodRouter<S> {
    let headers = [
        ("X-RateLimit-Limit", documented("Answers a day; absent for callers without a limit.", integer(1))),
        ("X-RateLimit-Remaining", documented("Answers left today; absent for callers without a limit.", integer(0))),
        (
            "X-RateLimit-Reset",
            documented(
                "When the count starts anew, in seconds since 1970 (UTC); absent for callers without a limit.",
                integer(0),
            ),
        ),
    ];
    with_headers(routes, &headers)
}

/// What a caller may still simulate today.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[cfg_attr(test, derive(serde::Deserialize))]
#[serde(deny_unknown_fields)]
pub struct SimulatorUsage {
    /// What the caller pays for; `free` where nobody said who they are.
    #[schema(pattern = "^(free|premium)$", examples("free"))]
    pub tier: String,
    /// Answers a day; `null` without a limit, as are the three below.
    #[schema(required = true, minimum = 1, examples(5))]
    pub limit: Option<u32>,
    /// Answers that counted today.
    #[schema(required = true, minimum = 0, examples(3))]
    pub used: Option<u32>,
    /// Answers left today.
    #[schema(required = true, minimum = 0, examples(2))]
    pub remaining: Option<u32>,
    /// When the count starts anew (UTC): the next midnight in São Paulo.
    #[schema(required = true, format = DateTime, examples("2026-01-03T03:00:00Z"))]
    pub resets_at: Option<String>,
}

/// How many simulations are left today
///
/// Of the user where the caller said who they are, else of their address. Asking counts nothing.
#[utoipa::path(
    get, path = "/v1/simulator/usage", tag = "simulator", operation_id = "get_simulator_usage",
    responses((status = 200, description = "Where the caller stands.", body = SimulatorUsage,
        example = json!({"tier": "free", "limit": 5, "used": 3, "remaining": 2, "resets_at": "2026-01-03T03:00:00Z"})))
)]
async fn usage(
    State(state): State<TradeState>,
    caller: Option<Caller>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let tier = caller.as_ref().and_then(|caller| caller.principal.as_ref()).map_or(Tier::Free, |known| known.tier);
    let usage = match (&state.free_use, &caller) {
        (None, _) => None,
        (Some(uses), Some(caller)) => {
            uses.usage(caller, state.clock.now()).await.map_err(|error| unavailable(&error.into(), language))?
        }
        (Some(_), None) => return Err(no_caller()),
    };
    let body = json!({
        "tier": tier.name(),
        "limit": usage.map(|_| USES_PER_DAY),
        "used": usage.map(|usage| usage.used),
        "remaining": usage.map(|usage| usage.remaining()),
        "resets_at": usage.map(|usage| usage.resets_at.to_rfc3339_opts(SecondsFormat::Secs, true)),
    });
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::VARY, CREDENTIALS);
    Ok(response)
}

/// Takes a use for a simulation that is about to be answered; `None` where there is no limit. `canonical` is the same
/// for all ways to write the same body.
///
/// # Errors
/// `rate_limit_exceeded` when none is left, `data_unavailable` when the store cannot say.
pub(crate) async fn hold(
    state: &TradeState,
    caller: Option<&Caller>,
    key: Option<RepeatKey>,
    canonical: &str,
    language: Language,
) -> Result<Option<Held>, Problem> {
    let Some(uses) = &state.free_use else { return Ok(None) };
    let Some(caller) = caller else { return Err(no_caller()) };
    let now = state.clock.now();
    let request = key.map(|key| key.digest(canonical));
    match uses.reserve(caller, request, now).await {
        Ok(Reservation::Unlimited) => Ok(None),
        Ok(Reservation::Granted(held)) => Ok(Some(held)),
        Ok(Reservation::Refused(usage)) => Err(refused(&usage, caller.principal.is_some(), now, language)),
        Err(error) => Err(unavailable(&error, language)),
    }
}

/// The headers of an answer that took a use, or found none.
pub(crate) fn limit_headers(usage: &Usage) -> [(HeaderName, HeaderValue); 3] {
    [
        (LIMIT, HeaderValue::from(USES_PER_DAY)),
        (REMAINING, HeaderValue::from(usage.remaining())),
        (RESET, HeaderValue::from(usage.resets_at.timestamp())),
    ]
}

fn refused(usage: &Usage, known: bool, now: DateTime<Utc>, language: Language) -> Problem {
    let wait = (usage.resets_at - now + TimeDelta::milliseconds(999)).num_seconds().max(1);
    // The reset is a midnight of São Paulo, whose date in UTC is the same: the offset is behind UTC.
    let day = usage.resets_at;
    let detail = match (language, known) {
        (Language::PtBr, true) => format!(
            "As {USES_PER_DAY} simulações gratuitas de hoje já foram usadas. A contagem recomeça à meia-noite de {} (horário de Brasília). O plano premium dá simulações sem limite: peça-o na sua conta.",
            day.format("%d/%m/%Y")
        ),
        (Language::PtBr, false) => format!(
            "As {USES_PER_DAY} simulações gratuitas de hoje deste endereço já foram usadas. A contagem recomeça à meia-noite de {} (horário de Brasília). Com uma conta própria você tem a sua contagem, e o plano premium dá simulações sem limite.",
            day.format("%d/%m/%Y")
        ),
        (Language::En, true) => format!(
            "The {USES_PER_DAY} free simulations of today are used. The count starts anew at midnight of {} (Brasília time). Premium gives simulations without a limit: ask for it in your account.",
            day.format("%Y-%m-%d")
        ),
        (Language::En, false) => format!(
            "The {USES_PER_DAY} free simulations of today of this address are used. The count starts anew at midnight of {} (Brasília time). With an account you have a count of your own, and premium gives simulations without a limit.",
            day.format("%Y-%m-%d")
        ),
    };
    let mut problem = Problem::new(Code::RateLimitExceeded, detail);
    problem.headers.extend(limit_headers(usage));
    problem.headers.push((header::RETRY_AFTER, HeaderValue::from(wait)));
    problem
}

/// Without the counters nobody is answered: free uses that are not counted would be unlimited ones.
fn unavailable(error: &FreeUseError, language: Language) -> Problem {
    tracing::warn!(%error, "free uses could not be counted");
    let mut problem = Problem::new(
        Code::DataUnavailable,
        pick(
            language,
            "As simulações gratuitas não podem ser contadas agora; tente de novo em instantes.",
            "Free simulations cannot be counted now; try again shortly.",
        ),
    );
    problem.headers.push((header::RETRY_AFTER, HeaderValue::from_static("1")));
    problem
}

fn no_caller() -> Problem {
    tracing::error!("a counted route stands behind no guard");
    Problem::spoken(
        Code::Internal,
        "O pedido não pôde ser respondido; a falha é nossa.",
        "The request could not be answered; the fault is ours.",
    )
}
