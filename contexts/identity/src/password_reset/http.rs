//! `/v1/password-reset`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use platform::auth::Caller;
use platform::http::language::Language;
use platform::http::{Accepted, Json};
use platform::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{confirm, request};
use crate::IdentityState;
use crate::answer::done;
use crate::text::Fields;

/// The routes of password resets.
pub(crate) fn routes() -> OpenApiRouter<IdentityState> {
    OpenApiRouter::default().routes(routes!(post_password_reset)).routes(routes!(post_password_reset_confirm))
}

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordResetBody {
    /// The account's e-mail.
    #[schema(format = Email, max_length = 254, example = "ana@example.com")]
    email: String,
}

/// It was taken; nothing more is said.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasswordResetTaken)]
pub(crate) struct TakenBody {}

/// Ask for a new password
///
/// Sends a mail with a link that works once, for an hour. The answer is the same whether there is such an account.
#[utoipa::path(
    post, path = "/v1/password-reset", tag = "account", operation_id = "request_password_reset", request_body = PasswordResetBody,
    responses((status = 202, description = "If there is such an account, a mail is on its way.", body = TakenBody))
)]
async fn post_password_reset(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Json(body): Json<PasswordResetBody>,
) -> Result<Response, Problem> {
    let language = Language::of(&headers);
    let mut fields = Fields::new(language);
    let Some(email) = fields.email("/email", &body.email) else { return fields.refuse().map(done) };
    request(&state, email, caller.address, language).await.map_err(|error| error.problem(language))?;
    Ok(Accepted(Json(TakenBody {})).into_response())
}

/// A new password by the link of a mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmBody {
    /// What the link carries after `#reset=`.
    #[schema(max_length = 128)]
    token: String,
    /// The password from now on: not the e-mail, and not one of the commonest.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    new_password: String,
}

/// Set a new password by mail
///
/// Every session of the account ends and its API keys are deleted, in case somebody else made them; sign in with the new
/// password.
#[utoipa::path(
    post, path = "/v1/password-reset/confirm", tag = "account", operation_id = "confirm_password_reset", request_body = ConfirmBody,
    responses((status = 204, description = "The new password counts; sessions and API keys have ended."))
)]
async fn post_password_reset_confirm(
    State(state): State<IdentityState>,
    headers: HeaderMap,
    caller: Caller,
    Json(body): Json<ConfirmBody>,
) -> Result<Response, Problem> {
    let confirmed = confirm(&state, &body.token, body.new_password, caller.address).await;
    confirmed.map(done).map_err(|error| error.problem(Language::of(&headers)))
}
