//! The page: the files of `web/dist`, in the binary, compressed when they were built. Without them (a build that had
//! no Node) everything else works, and the page's addresses say what is missing.

use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, Uri, header};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use platform::auth::{Access, Rule, rule};
use platform::http::etag::ETag;
use platform::problem::{Code, Problem};
use platform::random::hex;
use rust_embed::{Embed, EmbeddedFile};

/// What `npm run build` wrote.
#[derive(Embed)]
#[folder = "../web/dist"]
struct Files;

/// Only what the product serves itself, nothing inline, nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Names of these files change with their content.
const HASHED: &str = "assets/";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The catch-all takes every method so that a wrong address is `not_found` for each of them.
const ELSEWHERE: &str = "/{*path}";

/// Anyone may see the page, and it is the same for all; what it shows is guarded where it comes from.
pub const ACCESS: &[Rule] = &[
    rule(Method::GET, "/", Access::Open),
    rule(Method::GET, ELSEWHERE, Access::Open),
    rule(Method::POST, ELSEWHERE, Access::Open),
    rule(Method::PUT, ELSEWHERE, Access::Open),
    rule(Method::PATCH, ELSEWHERE, Access::Open),
    rule(Method::DELETE, ELSEWHERE, Access::Open),
];

/// Addresses that the page itself tells apart; the same list is in `web/src/app/routes.ts`.
const VIEWS: &[&str] = &["simulator", "explorer", "account", "pix-keys"];

/// The page and its files.
pub fn routes() -> Router {
    Router::new()
        .route("/", get(|headers: HeaderMap| async move { view(&headers, true) }))
        .route(ELSEWHERE, any(elsewhere))
}

async fn elsewhere(method: Method, uri: Uri, Path(path): Path<String>, headers: HeaderMap) -> Response<Body> {
    let reads = method == Method::GET || method == Method::HEAD;
    if reads && VIEWS.contains(&path.as_str()) {
        return view(&headers, true);
    }
    // Only whole files under their one name: the compressed twins are reached by Accept-Encoding, and what the build
    // keeps for itself begins with a dot.
    let hidden = path.ends_with(".br") || path.ends_with(".gz") || path.split('/').any(|part| part.starts_with('.'));
    if reads
        && !hidden
        && path != "index.html"
        && let Some(file) = Files::get(&path)
    {
        return answer(&path, &file, &headers);
    }
    // A person who mistyped gets the page, which says so; a program gets a problem.
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if reads && accepts.contains("text/html") && !path.starts_with("v1/") && !path.starts_with(HASHED) {
        return view(&headers, false);
    }
    let path = uri.path();
    Problem::spoken(Code::NotFound, format!("Não há nada em `{path}`."), format!("There is nothing at `{path}`."))
        .into_response()
}

/// The page's document; `known` is whether the address is one of its own.
fn view(headers: &HeaderMap, known: bool) -> Response<Body> {
    let Some(file) = Files::get("index.html") else {
        return Problem::spoken(
            Code::NotFound,
            "Este binário foi construído sem a página; construa web/ (npm ci && npm run build) e depois o bgc de novo. A API está descrita em /docs.",
            "This binary was built without the page; build web/ (npm ci && npm run build), then bgc again. The API is described at /docs.",
        )
        .into_response();
    };
    if known {
        return answer("index.html", &file, headers);
    }
    let mut response = Problem::spoken(Code::NotFound, "Não há essa página.", "There is no such page.").into_response();
    let page = answer("index.html", &file, &HeaderMap::new());
    for (name, value) in page.headers() {
        response.headers_mut().insert(name, value.clone());
    }
    response.headers_mut().remove(header::ETAG);
    *response.body_mut() = page.into_body();
    response
}

/// A file, in the best encoding that both sides have; 304 when the client has it.
fn answer(path: &str, file: &EmbeddedFile, request: &HeaderMap) -> Response<Body> {
    let accepted = accepted_encodings(request);
    let encoded = [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(name, extension)| {
        let twin = if accepted.contains(&name) { Files::get(&format!("{path}.{extension}")) } else { None };
        twin.map(|twin| (name, twin))
    });
    let tag = {
        let encoding = encoded.as_ref().map_or("identity", |(name, _)| name);
        ETag::strong(&[path, encoding, &hex(&file.metadata.sha256_hash())])
    };
    let fresh = tag.matches(request);
    let mut response = Response::new(match (&encoded, fresh) {
        (_, true) => Body::empty(),
        (Some((_, twin)), false) => body(twin),
        (None, false) => body(file),
    });
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag.header_value());
    headers.insert(header::CACHE_CONTROL, if path.starts_with(HASHED) { FOREVER } else { ASK_AGAIN });
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static("camera=(), microphone=(), geolocation=()"));
    if fresh {
        return platform::http::etag::not_modified(&tag, std::mem::take(headers));
    }
    headers.insert(header::CONTENT_TYPE, content_type(path));
    if let Some((name, _)) = encoded {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

fn body(file: &EmbeddedFile) -> Body {
    match &file.data {
        Cow::Borrowed(bytes) => Body::from(*bytes),
        Cow::Owned(bytes) => Body::from(bytes.clone()),
    }
}

/// Encodings of `Accept-Encoding` that are not refused by `q=0`.
fn accepted_encodings(request: &HeaderMap) -> Vec<&str> {
    let lines = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let items = lines.flat_map(|line| line.split(','));
    let items = items.filter_map(|item| {
        let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
        let quality = parameters.trim().strip_prefix("q=").and_then(|quality| quality.trim().parse::<f32>().ok());
        (quality != Some(0.0)).then_some(name.trim())
    });
    items.collect()
}

/// The types of what a build writes; a browser takes nothing on a guess, because of `nosniff`.
fn content_type(path: &str) -> HeaderValue {
    HeaderValue::from_static(match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_taken_unless_refused() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0, br;q=0.5"));
        headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static("zstd"));
        assert_eq!(accepted_encodings(&headers), ["br", "zstd"]);
    }

    #[test]
    fn what_a_build_writes_has_a_type() {
        assert_eq!(content_type("assets/index-abc.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("favicon.svg"), "image/svg+xml");
    }
}
