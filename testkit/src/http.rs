//! Requests to a router, straight into it or over a real connection.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tower::ServiceExt;

/// The largest answer that a test reads.
const ANSWER_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text, what is not UTF-8 replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("the answer ({}) is no JSON: {error}: {}", self.status, self.text()),
        }
    }

    /// A header's value; empty if it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// A request without a body.
///
/// # Panics
/// If the address is none.
#[must_use]
pub fn request(method: Method, uri: &str) -> Request<Body> {
    built(Request::builder().method(method).uri(uri).body(Body::empty()))
}

/// A request with a JSON body.
///
/// # Panics
/// If the address is none.
#[must_use]
pub fn json_request(method: Method, uri: &str, body: &Value) -> Request<Body> {
    let builder = Request::builder().method(method).uri(uri).header(header::CONTENT_TYPE, "application/json");
    built(builder.body(Body::from(body.to_string())))
}

fn built(request: axum::http::Result<Request<Body>>) -> Request<Body> {
    match request {
        Ok(request) => request,
        Err(error) => panic!("not a request: {error}"),
    }
}

/// Sends a request into a router, without a network.
///
/// # Panics
/// If the answer's body cannot be read.
pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let Ok(response) = router.clone().oneshot(request).await;
    read(response).await
}

/// `GET` from a router.
pub async fn get(router: &Router, uri: &str) -> Answer {
    send(router, request(Method::GET, uri)).await
}

/// `POST` of JSON to a router.
pub async fn post(router: &Router, uri: &str, body: &Value) -> Answer {
    send(router, json_request(Method::POST, uri, body)).await
}

/// Sends a request with an absolute address (`http://127.0.0.1:4567/…`) over a connection of its own.
///
/// # Panics
/// If there is no answer.
pub async fn send_over_network(request: Request<Body>) -> Answer {
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    match client.request(request).await {
        Ok(response) => read(response.map(Body::new)).await,
        Err(error) => panic!("no answer: {error:?}"),
    }
}

async fn read(response: axum::http::Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = match http_body_util::Limited::new(body, ANSWER_LIMIT_BYTES).collect().await {
        Ok(body) => body.to_bytes().to_vec(),
        Err(error) => panic!("the answer's body could not be read: {error}"),
    };
    Answer { status: parts.status, headers: parts.headers, body }
}

/// A router that is served on a free port of the loopback, until this value is dropped.
#[derive(Debug)]
pub struct TestListener {
    base: String,
    task: tokio::task::JoinHandle<()>,
}

impl TestListener {
    /// Serves a router.
    ///
    /// # Panics
    /// If there is no port to be had.
    pub async fn serve(router: Router) -> Self {
        let listener = match tokio::net::TcpListener::bind(("127.0.0.1", 0)).await {
            Ok(listener) => listener,
            Err(error) => panic!("no port: {error}"),
        };
        let base = match listener.local_addr() {
            Ok(address) => format!("http://{address}"),
            Err(error) => panic!("no address: {error}"),
        };
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                panic!("serving ended: {error}");
            }
        });
        Self { base, task }
    }

    /// The absolute address of a path that begins with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Drop for TestListener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::post as on_post;

    fn echo() -> Router {
        Router::new().route("/echo", on_post(|body: axum::Json<Value>| async { body }))
    }

    #[tokio::test]
    async fn both_ways_reach_the_router() {
        let body = serde_json::json!({"ncm": "17011400"});
        assert_eq!(post(&echo(), "/echo", &body).await.json(), body);
        assert_eq!(get(&echo(), "/echo").await.status, StatusCode::METHOD_NOT_ALLOWED);
        let served = TestListener::serve(echo()).await;
        let answer = send_over_network(json_request(Method::POST, &served.url("/echo"), &body)).await;
        assert_eq!((answer.json(), answer.header("content-type")), (body, "application/json"));
    }
}
