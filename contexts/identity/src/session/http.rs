//! `/v1/session`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use platform::auth::{Caller, Credential, session_cookie_name};
use platform::http::Json;
use platform::http::language::Language;
use platform::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{SignedIn, sign_in, sign_out};
use crate::IdentityState;
use crate::account::http::UserBody;
use crate::answer::{done, with_cookie};
use crate::domain::lifetime;
use crate::domain::text::is_uuid;
use crate::error::IdentityError;
use crate::store::Account;
use crate::text::Fields;
use platform::openapi::refusal;

/// The routes of sessions.
pub(crate) fn routes() -> OpenApiRouter<IdentityState> {
    OpenApiRouter::default().routes(routes!(get_session, post_session, delete_session))
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Session)]
pub(crate) struct SessionBody {
    /// The user; null for whoever is not signed in.
    #[schema(required = true)]
    user: Option<UserBody>,
    /// When the session ends if it is not used; null for keys and tokens.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    expires_at: Option<DateTime<Utc>>,
}

impl From<Account> for SessionBody {
    fn from(account: Account) -> Self {
        Self { expires_at: account.session_expires_at, user: Some(account.into()) }
    }
}

/// What somebody signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInBody {
    /// The account's e-mail.
    #[schema(format = Email, example = "ana@example.com", max_length = 254)]
    email: String,
    /// Its password.
    #[schema(format = Password, max_length = 128)]
    password: String,
}

/// Who is signed in
///
/// Answered to anybody, so that a page can ask without knowing.
#[utoipa::path(
    get, path = "/v1/session", tag = "account", operation_id = "get_session",
    responses((status = 200, description = "Who is asking; `user` is null for whoever is not signed in.", body = SessionBody))
)]
async fn get_session(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, Problem> {
    let nobody = SessionBody { user: None, expires_at: None };
    // A token may name one who has no account here.
    let Some(principal) = caller.principal.filter(|principal| is_uuid(&principal.subject)) else {
        return Ok(Json(nobody).into_response());
    };
    let session_id = principal.credential_id.as_deref().filter(|_| principal.credential == Credential::Session);
    let account = state.store.account(&principal.subject, session_id).await;
    let account = account.map_err(|error| IdentityError::from(error).problem(Language::of(&headers)))?;
    Ok(Json(account.map_or(nobody, SessionBody::from)).into_response())
}

/// Sign in
///
/// Sets the session cookie. After five wrong passwords each further try costs a pause that doubles.
#[utoipa::path(
    post, path = "/v1/session", tag = "account", operation_id = "sign_in", request_body = SignInBody,
    responses(
        (status = 200, description = "Signed in; the cookie `bgc_session` is set.", body = SessionBody),
        refusal::InvalidCredentials, refusal::RateLimitExceeded
    )
)]
async fn post_session(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Json(body): Json<SignInBody>,
) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let mut fields = Fields::new(language);
    let Some(email) = fields.email("/email", &body.email) else { return fields.refuse().map(done) };
    let signed_in = sign_in(&state, &email, body.password, caller.address).await;
    let signed_in = signed_in.map_err(|error| error.problem(language))?;
    Ok(entered(&state, &caller, signed_in, Json::into_response))
}

/// Sign out
///
/// Ends the session and clears the cookie; without one it does nothing.
#[utoipa::path(
    delete, path = "/v1/session", tag = "account", operation_id = "sign_out",
    responses((status = 204, description = "Nobody is signed in by this cookie any more."))
)]
async fn delete_session(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, Problem> {
    if let Some(principal) = &caller.principal {
        let ended = sign_out(&state, principal, caller.address).await;
        ended.map_err(|error| error.problem(Language::of(&headers)))?;
    }
    Ok(with_cookie(done(()), &cookie(&state, &caller, "", 0)))
}

/// The answer to one who just signed in or up, with the cookie.
pub(crate) fn entered(
    state: &IdentityState,
    caller: &Caller,
    signed_in: SignedIn,
    answer: impl FnOnce(Json<SessionBody>) -> Response,
) -> Response {
    let cookie = cookie(state, caller, &signed_in.token.0, lifetime::SESSION_ABSOLUTE.num_seconds());
    with_cookie(answer(Json(signed_in.account.into())), &cookie)
}

/// The session's cookie. It lives as long as a session at most can; the server ends an unused one sooner.
fn cookie(state: &IdentityState, caller: &Caller, token: &str, max_age_s: i64) -> String {
    let secure = caller.secure || state.secure_cookies;
    let (name, attribute) = (session_cookie_name(secure), if secure { "; Secure" } else { "" });
    format!("{name}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age_s}{attribute}")
}
