//! Answers that say more than 200: a handler wraps what it made in one of these.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// 201: something new is there.
#[derive(Debug, Clone, Copy)]
pub struct Created<T>(pub T);

/// 202: taken, and done later by somebody or something else.
#[derive(Debug, Clone, Copy)]
pub struct Accepted<T>(pub T);

impl<T: IntoResponse> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, self.0).into_response()
    }
}

impl<T: IntoResponse> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, self.0).into_response()
    }
}
