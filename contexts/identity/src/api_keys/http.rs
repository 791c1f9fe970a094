//! `/v1/account/api-keys`.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use platform::auth::Caller;
use platform::http::language::Language;
use platform::http::{Created, Json};
use platform::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{CreatedApiKey, create, delete};
use crate::IdentityState;
use crate::answer::done;
use crate::domain::lifetime::API_KEY_DAYS_MAX;
use crate::domain::text::{self, NAME_CHARS_MAX, is_uuid};
use crate::error::IdentityError;
use crate::store::ApiKey;
use crate::text::Fields;
use platform::openapi::refusal;

/// The routes of API keys.
pub(crate) fn routes() -> OpenApiRouter<IdentityState> {
    OpenApiRouter::default().routes(routes!(get_api_keys, post_api_key)).routes(routes!(delete_api_key))
}

/// An API key without its secret.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyBody {
    /// Id.
    #[schema(format = "uuid")]
    id: String,
    /// What you call it.
    name: String,
    /// How it begins.
    #[schema(example = "bgc_1a2b3c4d")]
    prefix: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    last_used_at: Option<DateTime<Utc>>,
    /// When it ends; null for never.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    expires_at: Option<DateTime<Utc>>,
}

impl From<ApiKey> for ApiKeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            expires_at: key.expires_at,
        }
    }
}

/// The API keys of an account.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ApiKeyList)]
pub(crate) struct ApiKeyListBody {
    /// Newest first.
    #[schema(max_items = 20)]
    data: Vec<ApiKeyBody>,
}

/// An API key with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiKey)]
pub(crate) struct NewApiKeyBody {
    /// Id.
    #[schema(format = "uuid")]
    id: String,
    /// What you call it.
    name: String,
    /// How it begins.
    #[schema(example = "bgc_1a2b3c4d")]
    prefix: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: DateTime<Utc>,
    /// When it was last used: not yet, so null.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    last_used_at: Option<DateTime<Utc>>,
    /// When it ends; null for never.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    expires_at: Option<DateTime<Utc>>,
    /// The key itself: send it as `Authorization: Bearer …` or `X-API-Key: …`.
    key: String,
}

impl From<CreatedApiKey> for NewApiKeyBody {
    fn from(created: CreatedApiKey) -> Self {
        Self {
            id: created.key.id,
            name: created.key.name,
            prefix: created.key.prefix,
            created_at: created.key.created_at,
            last_used_at: created.key.last_used_at,
            expires_at: created.key.expires_at,
            key: created.secret.0,
        }
    }
}

/// An API key that is to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApiKeyBody {
    /// What you call it.
    #[schema(min_length = 1, max_length = 120, example = "nightly report")]
    name: String,
    /// Days until it ends; never unless named.
    #[schema(minimum = 1, maximum = 3650)]
    #[serde(default)]
    expires_in_days: Option<u32>,
}

/// My API keys
///
/// The newest first, expired ones for another month; without their secrets, only how each begins.
#[utoipa::path(
    get, path = "/v1/account/api-keys", tag = "account", operation_id = "list_api_keys",
    responses((status = 200, description = "Newest first.", body = ApiKeyListBody))
)]
async fn get_api_keys(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Json<ApiKeyListBody>, Problem> {
    let keys = state.store.list_api_keys(&caller.known()?.subject).await;
    let keys = keys.map_err(|error| IdentityError::from(error).problem(Language::of(&headers)))?;
    Ok(Json(ApiKeyListBody { data: keys.into_iter().map(ApiKeyBody::from).collect() }))
}

/// Make an API key
///
/// The key is shown this once; only its hash is kept.
#[utoipa::path(
    post, path = "/v1/account/api-keys", tag = "account", operation_id = "create_api_key", request_body = CreateApiKeyBody,
    responses((status = 201, description = "The key.", body = NewApiKeyBody))
)]
async fn post_api_key(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Json(body): Json<CreateApiKeyBody>,
) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let mut fields = Fields::new(language);
    let name = fields.text("/name", text::name(&body.name), NAME_CHARS_MAX);
    if body.expires_in_days.is_some_and(|days| !(1..=API_KEY_DAYS_MAX).contains(&days)) {
        let detail = match language {
            Language::PtBr => format!("Use de 1 a {API_KEY_DAYS_MAX} dias."),
            Language::En => format!("Use 1 to {API_KEY_DAYS_MAX} days."),
        };
        fields.wrong("/expires_in_days", detail);
    }
    fields.refuse()?;
    let Some(name) = name else { return Ok(done(())) };
    let created = create(&state, caller.known()?, name, body.expires_in_days, caller.address).await;
    let created = created.map_err(|error| error.problem(language))?;
    Ok(Created(Json(NewApiKeyBody::from(created))).into_response())
}

/// Delete an API key
///
/// It is refused from then on.
#[utoipa::path(
    delete, path = "/v1/account/api-keys/{id}", tag = "account", operation_id = "delete_api_key",
    params(("id" = String, Path, description = "The key's id.", format = "uuid")),
    responses((status = 204, description = "It is gone."), refusal::NotFound)
)]
async fn delete_api_key(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    if !is_uuid(&id) {
        return Err(IdentityError::NotFound.problem(language));
    }
    let deleted = delete(&state, caller.known()?, &id, caller.address).await;
    deleted.map(done).map_err(|error| error.problem(language))
}
