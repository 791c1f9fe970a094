//! `/v1/account`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use platform::auth::Caller;
use platform::http::language::Language;
use platform::http::{Accepted, Created, Json, Query};
use platform::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{SignUp, change_password, request_upgrade, sign_up};
use crate::IdentityState;
use crate::access_log::Activity;
use crate::answer::done;
use crate::domain::password;
use crate::domain::text::{self, MESSAGE_CHARS_MAX, NAME_CHARS_MAX, is_uuid};
use crate::error::IdentityError;
use crate::session::http::{SessionBody, entered};
use crate::store::Account;
use crate::text::Fields;
use platform::openapi::refusal;

/// Lines of activity when the request names no number, and at most.
const ACTIVITY_DEFAULT: u16 = 50;
const ACTIVITY_MAX: u16 = 200;

/// The routes of accounts.
pub(crate) fn routes() -> OpenApiRouter<IdentityState> {
    OpenApiRouter::default()
        .routes(routes!(get_account, post_account))
        .routes(routes!(put_password))
        .routes(routes!(post_upgrade_request))
        .routes(routes!(get_activity))
}

/// A user as they see themselves.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = User)]
pub(crate) struct UserBody {
    /// Id.
    #[schema(format = "uuid")]
    id: String,
    /// Signs in with it.
    #[schema(format = Email)]
    email: String,
    /// Their name.
    name: String,
    /// Their company, or themselves.
    tenant: TenantBody,
    /// `free` or `premium`.
    #[schema(pattern = "^(free|premium)$")]
    tier: &'static str,
    /// Since when they wait for an upgrade.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    upgrade_requested_at: Option<DateTime<Utc>>,
    /// Since when they are here.
    #[schema(value_type = String, format = DateTime)]
    created_at: DateTime<Utc>,
}

/// A company, or a person on their own.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Tenant)]
pub(crate) struct TenantBody {
    /// Id.
    #[schema(format = "uuid")]
    id: String,
    /// Name.
    name: String,
}

impl From<Account> for UserBody {
    fn from(account: Account) -> Self {
        Self {
            id: account.id,
            email: account.email,
            name: account.name,
            tenant: TenantBody { id: account.tenant_id, name: account.tenant_name },
            tier: account.tier.name(),
            upgrade_requested_at: account.upgrade_requested_at,
            created_at: account.created_at,
        }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignUpBody {
    /// Your name.
    #[schema(min_length = 1, max_length = 120, example = "Ana Souza")]
    name: String,
    /// Signs in with it; lower case from then on.
    #[schema(format = Email, max_length = 254, example = "ana@example.com")]
    email: String,
    /// Not the e-mail, and not one of the commonest.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    password: String,
    /// Your company, if there is one.
    #[schema(max_length = 120, example = "Souza Exportadora")]
    #[serde(default)]
    company: Option<String>,
}

/// Sign up
///
/// Makes a free account with a tenant of its own, and signs in to it.
#[utoipa::path(
    post, path = "/v1/account", tag = "account", operation_id = "sign_up", request_body = SignUpBody,
    responses(
        (status = 201, description = "The account is there and signed in; the cookie `bgc_session` is set.", body = SessionBody),
        refusal::AccountExists, refusal::RateLimitExceeded
    )
)]
async fn post_account(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Json(body): Json<SignUpBody>,
) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let mut fields = Fields::new(language);
    let name = fields.text("/name", text::name(&body.name), NAME_CHARS_MAX);
    let email = fields.email("/email", &body.email);
    fields
        .password("/password", password::check_new(&body.password, email.as_ref().map_or("", |email| email.as_str())));
    let company = body.company.as_deref().unwrap_or_default();
    let company = fields.text("/company", text::one_line(company, NAME_CHARS_MAX), NAME_CHARS_MAX);
    fields.refuse()?;
    let (Some(name), Some(email), Some(company)) = (name, email, company) else { return Ok(done(())) };
    let wanted = SignUp { email: &email, name, company };
    let signed_in = sign_up(&state, wanted, body.password, caller.address).await;
    let signed_in = signed_in.map_err(|error| error.problem(language))?;
    Ok(entered(&state, &caller, signed_in, |answer| Created(answer).into_response()))
}

/// My account
///
/// Of the user that the session or the key belongs to.
#[utoipa::path(
    get, path = "/v1/account", tag = "account", operation_id = "get_account",
    responses((status = 200, description = "The account of whoever asks.", body = UserBody), refusal::NotFound)
)]
async fn get_account(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Json<UserBody>, Problem> {
    let language = Language::of(&headers);
    let user_id = user_id(&caller, language)?;
    let account = state.store.account(&user_id, None).await;
    let account = account.map_err(|error| IdentityError::from(error).problem(language))?;
    let account = account.ok_or_else(|| IdentityError::NotFound.problem(language))?;
    Ok(Json(account.into()))
}

/// The user that a credential names; a token may name one who has no account here.
fn user_id(caller: &Caller, language: Language) -> Result<String, Problem> {
    let principal = caller.known()?;
    if is_uuid(&principal.subject) {
        Ok(principal.subject.clone())
    } else {
        Err(IdentityError::NotFound.problem(language))
    }
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordBody {
    /// The password now.
    #[schema(format = Password, max_length = 128)]
    current_password: String,
    /// The password from now on: not the e-mail, and not one of the commonest.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    new_password: String,
}

/// Change the password
///
/// Every other session of the account ends; its API keys stay.
#[utoipa::path(
    put, path = "/v1/account/password", tag = "account", operation_id = "change_password", request_body = PasswordBody,
    responses(
        (status = 204, description = "The new password counts; other sessions have ended, API keys stay."),
        refusal::InvalidCredentials, refusal::RateLimitExceeded
    )
)]
async fn put_password(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Json(body): Json<PasswordBody>,
) -> Result<Response, Problem> {
    let principal = caller.known()?;
    let changed = change_password(&state, principal, body.current_password, body.new_password, caller.address).await;
    changed.map(done).map_err(|error| error.problem(Language::of(&headers)))
}

/// A request for the premium tier.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpgradeBody {
    /// What the operator should know.
    #[schema(max_length = 500)]
    #[serde(default)]
    message: Option<String>,
}

/// An upgrade that was asked for.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpgradeRequest)]
pub(crate) struct UpgradeRequestBody {
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    upgrade_requested_at: DateTime<Utc>,
}

/// Ask for premium
///
/// Recorded for the operator, who grants it. Asked again it changes nothing.
#[utoipa::path(
    post, path = "/v1/account/upgrade-request", tag = "account", operation_id = "request_upgrade", request_body = UpgradeBody,
    responses((status = 202, description = "It is recorded.", body = UpgradeRequestBody))
)]
async fn post_upgrade_request(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Json(body): Json<UpgradeBody>,
) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let mut fields = Fields::new(language);
    let message = body.message.as_deref().unwrap_or_default();
    let message = fields.text("/message", text::lines(message, MESSAGE_CHARS_MAX), MESSAGE_CHARS_MAX);
    fields.refuse()?;
    let message = message.filter(|message| !message.is_empty());
    let since = request_upgrade(&state, caller.known()?, message, caller.address).await;
    let upgrade_requested_at = since.map_err(|error| error.problem(language))?;
    Ok(Accepted(Json(UpgradeRequestBody { upgrade_requested_at })).into_response())
}

/// How much activity is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivityQuery {
    /// How many lines, 1 to 200; 50 unless named.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// What was done by or to an account, newest first.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ActivityList)]
pub(crate) struct ActivityListBody {
    /// The lines.
    #[schema(max_items = 200)]
    data: Vec<ActivityBody>,
}

/// One thing that was done.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Activity)]
pub(crate) struct ActivityBody {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: DateTime<Utc>,
    /// What, such as `sign_in` or `api_key_create`.
    action: String,
    /// `ok` or `refused`.
    result: String,
    /// `session`, `api_key`, `token`, `operator` or `none`.
    credential: String,
}

impl From<Activity> for ActivityBody {
    fn from(activity: Activity) -> Self {
        Self { at: activity.at, action: activity.action, result: activity.result, credential: activity.credential }
    }
}

/// What happened to my account
///
/// From the access log, the latest first: what was done, when, how it ended, by which kind of credential.
#[utoipa::path(
    get, path = "/v1/account/activity", tag = "account", operation_id = "get_activity", params(ActivityQuery),
    responses((status = 200, description = "Newest first.", body = ActivityListBody), refusal::NotFound)
)]
async fn get_activity(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Query(query): Query<ActivityQuery>,
) -> Result<Json<ActivityListBody>, Problem> {
    let language = Language::of(&headers);
    let limit = query.limit.unwrap_or(ACTIVITY_DEFAULT);
    if !(1..=ACTIVITY_MAX).contains(&limit) {
        let detail = match language {
            Language::PtBr => format!("limit precisa ser um inteiro de 1 a {ACTIVITY_MAX}."),
            Language::En => format!("limit must be an integer from 1 to {ACTIVITY_MAX}."),
        };
        return Err(Problem::field("limit", detail));
    }
    let lines = state.store.activity(&user_id(&caller, language)?, i64::from(limit)).await;
    let lines = lines.map_err(|error| IdentityError::from(error).problem(language))?;
    Ok(Json(ActivityListBody { data: lines.into_iter().map(ActivityBody::from).collect() }))
}
