//! Reading a request: JSON bodies and queries, refused with a [`Problem`] that names the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;

use crate::problem::{Code, FieldError, Problem};

/// A JSON body, and a JSON answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        check_content_type(request.headers())?;
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new(Code::PayloadTooLarge, "the body is larger than this address takes")
            }
            _ => Problem::new(Code::ValidationError, "the body could not be read to its end"),
        })?;
        // The second, slower reading keeps track of the path; only a wrong body pays for it.
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(Self(value)),
            Err(error) if error.classify() == Category::Data => Err(wrong_data::<T>(&body, &error)),
            Err(error) => Err(wrong_syntax(&body, &error)),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response(),
            Err(error) => {
                tracing::error!(
                    error = &error as &(dyn std::error::Error + 'static),
                    "an answer could not be written as JSON"
                );
                Problem::new(Code::Internal, "the answer could not be written").into_response()
            }
        }
    }
}

/// `application/json`, or any type that is JSON underneath (`application/…+json`).
fn check_content_type(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or("unreadable"));
    let essence = given.and_then(|value| value.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    let json = essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"));
    if json {
        return Ok(());
    }
    let found = given.map_or_else(|| "has no Content-Type".to_owned(), |given| format!("is of type `{given}`"));
    let detail = format!("the body {found}; send JSON with the header `Content-Type: application/json`");
    Err(Problem::new(Code::UnsupportedMediaType, detail))
}

fn wrong_syntax(body: &[u8], error: &serde_json::Error) -> Problem {
    let detail = if body.iter().all(u8::is_ascii_whitespace) {
        "the body is empty; send a JSON object".to_owned()
    } else {
        format!("the body is not JSON: {error}")
    };
    Problem {
        errors: vec![FieldError { pointer: String::new(), detail: detail.clone() }],
        ..Problem::new(Code::ValidationError, detail)
    }
}

fn wrong_data<T: DeserializeOwned>(body: &[u8], first: &serde_json::Error) -> Problem {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(_) => String::new(),
        Err(error) => json_pointer(error.path()),
    };
    let message = first.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(text, _)| text);
    // The path of a field that is missing or unknown ends at the object around it.
    let pointer = match named_field(message) {
        Some(field) if !path.ends_with(&format!("/{field}")) => format!("{path}/{}", escaped(field)),
        _ => path,
    };
    Problem::field(pointer, format!("{message} (line {}, column {})", first.line(), first.column()))
}

/// The field that a message about a missing, unknown or repeated one names.
fn named_field(message: &str) -> Option<&str> {
    let rest = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start))?;
    rest.split_once('`').map(|(field, _)| field)
}

/// RFC 6901.
fn json_pointer(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escaped(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The query of the address.
#[derive(Debug, Clone, Copy, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(wrong_query(&rejection.body_text())),
        }
    }
}

/// `text` is `Failed to deserialize query string: <name>: <what is wrong>`, the name absent for a
/// field that is missing or unknown.
fn wrong_query(text: &str) -> Problem {
    let message = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(text);
    if let Some(field) = named_field(message) {
        return Problem::field(field, message);
    }
    match message.split_once(": ") {
        Some((name, wrong)) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
            match named_field(wrong) {
                Some(field) => Problem::field(field, wrong),
                None => Problem::field(name, wrong),
            }
        }
        _ => Problem::new(Code::ValidationError, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Wanted {
        ncm: String,
        #[serde(default)]
        limit: u8,
        #[serde(default)]
        weights: Vec<std::collections::BTreeMap<String, f64>>,
    }

    async fn json(content_type: Option<&str>, body: &'static str) -> Result<Json<Wanted>, Problem> {
        let mut request = Request::builder();
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        Json::from_request(request.body(Body::from(body)).unwrap(), &()).await
    }

    async fn refused(body: &'static str) -> (String, String) {
        let problem = json(Some("application/json; charset=utf-8"), body).await.unwrap_err();
        assert_eq!(problem.code, Code::ValidationError);
        let error = problem.errors.first().unwrap();
        (error.pointer.clone(), problem.detail)
    }

    #[tokio::test]
    async fn a_wrong_body_is_told_where() {
        assert!(json(Some("application/vnd.bgc+json"), r#"{"ncm":"17011400"}"#).await.is_ok());
        let cases = [
            (r#"{"ncm":"1","limit":300}"#, "/limit"),
            (r#"{"ncm":"1","weights":[{},{"a/b":"x"}]}"#, "/weights/1/a~1b"),
            (r#"{"limit":3}"#, "/ncm"),
            (r#"{"ncm":"1","token":3}"#, "/token"),
            (r#"{"ncm":"1","ncm":"2"}"#, "/ncm"),
            ("[]", ""),
        ];
        for (body, pointer) in cases {
            assert_eq!(refused(body).await.0, pointer, "{body}");
        }
        assert_eq!(refused("{\n\"ncm\": }").await.1, "the body is not JSON: expected value at line 2 column 8");
        assert_eq!(refused("  ").await.1, "the body is empty; send a JSON object");
        assert_eq!(
            refused(r#"{"ncm":"1","limit":300}"#).await.1,
            "invalid value: integer `300`, expected u8 (line 1, column 22)"
        );
    }

    #[tokio::test]
    async fn another_type_is_not_read() {
        for given in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")] {
            assert_eq!(json(given, "{}").await.unwrap_err().code, Code::UnsupportedMediaType, "{given:?}");
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Asked {
        ncm: String,
        limit: Option<u16>,
    }

    async fn query(uri: &str) -> Result<Query<Asked>, Problem> {
        let (mut parts, ()) = Request::builder().uri(uri).body(()).unwrap().into_parts();
        Query::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn a_wrong_query_is_told_which_parameter() {
        assert!(query("/x?ncm=1&limit=3").await.is_ok());
        for (uri, name) in [
            ("/x?ncm=1&limit=many", "limit"),
            ("/x?limit=3", "ncm"),
            ("/x?ncm=1&colour=red", "colour"),
            ("/x?ncm=1&ncm=2", "ncm"),
        ] {
            let problem = query(uri).await.unwrap_err();
            assert_eq!((problem.code, problem.errors[0].pointer.as_str()), (Code::ValidationError, name), "{uri}");
            assert!(!problem.detail.contains("Failed to deserialize"), "{}", problem.detail);
        }
    }
}
