//! Shapes that several answers of this context share.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// An answer without a body.
pub(crate) fn done((): ()) -> Response {
    axum::response::NoContent.into_response()
}

/// The same answer with a cookie.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Nothing of an account may stay in a cache.
pub(crate) async fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
