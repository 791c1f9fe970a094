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

use crate::problem::{Code, Problem, Text};

/// A JSON body, and a JSON answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        check_content_type(request.headers())?;
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::spoken(
                Code::PayloadTooLarge,
                "O corpo é maior do que este endereço aceita.",
                "The body is larger than this address takes.",
            ),
            _ => Problem::spoken(
                Code::ValidationError,
                "O corpo não pôde ser lido até o fim.",
                "The body could not be read to its end.",
            ),
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
                Problem::spoken(
                    Code::Internal,
                    "A resposta não pôde ser escrita; a falha é nossa.",
                    "The answer could not be written; the fault is ours.",
                )
                .into_response()
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
    let (portuguese, english) = match given {
        None => ("não tem Content-Type".to_owned(), "has no Content-Type".to_owned()),
        Some(given) => (format!("é do tipo `{given}`"), format!("is of type `{given}`")),
    };
    Err(Problem::spoken(
        Code::UnsupportedMediaType,
        format!("O corpo {portuguese}; envie JSON com o cabeçalho `Content-Type: application/json`."),
        format!("The body {english}; send JSON with the header `Content-Type: application/json`."),
    ))
}

fn wrong_syntax(body: &[u8], error: &serde_json::Error) -> Problem {
    let text = if body.iter().all(u8::is_ascii_whitespace) {
        Text::new("O corpo está vazio; envie um objeto JSON.", "The body is empty; send a JSON object.")
    } else {
        Text::new(
            format!("O corpo não é JSON: há um erro na linha {}, coluna {}.", error.line(), error.column()),
            format!("The body is not JSON: {error}."),
        )
    };
    Problem::fields(vec![(String::new(), text)])
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
    let (line, column) = (first.line(), first.column());
    let text = Text::new(
        format!("O valor ou o campo não serve (linha {line}, coluna {column})."),
        format!("{message} (line {line}, column {column})"),
    );
    Problem::fields(vec![(pointer, text)])
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
        return wrong_parameter(field, message);
    }
    match message.split_once(": ") {
        Some((name, wrong)) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
            match named_field(wrong) {
                Some(field) => wrong_parameter(field, wrong),
                None => wrong_parameter(name, wrong),
            }
        }
        _ => Problem::spoken(
            Code::ValidationError,
            "Os parâmetros do endereço não podem ser lidos.",
            format!("The query cannot be read: {message}."),
        ),
    }
}

/// The library's words are English only.
fn wrong_parameter(name: &str, message: &str) -> Problem {
    let text = Text::new(format!("O parâmetro {name} não serve."), format!("{name}: {message}."));
    Problem::fields(vec![(name.to_owned(), text)])
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
        let english = problem.body_in(crate::http::language::Language::En);
        (error.pointer.clone(), english["detail"].as_str().unwrap().to_owned())
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
        assert_eq!(refused("{\n\"ncm\": }").await.1, "The body is not JSON: expected value at line 2 column 8.");
        assert_eq!(refused("  ").await.1, "The body is empty; send a JSON object.");
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
}
