//! The closed table of error codes and the body that carries them (RFC 9457).
//!
//! Which error type goes where: the domain and the store return their own enums; an adapter turns
//! one into a [`Problem`] by choosing a [`Code`]; nothing else decides a status.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::http::language::Language;

/// Every error an interface of this product can answer with. Codes are stable: clients match on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A field of the request is wrong; `errors[]` says which.
    ValidationError,
    /// The NCM is in neither the code table nor the data.
    NcmNotFound,
    /// No credential, or one that names nobody (any more).
    Unauthenticated,
    /// E-mail or password is wrong; which, is not said.
    InvalidCredentials,
    /// The caller is known and may not do this.
    Forbidden,
    /// A page of another site made a browser send this.
    CrossSiteRequest,
    /// There is an account with this e-mail already.
    AccountExists,
    /// No such route or resource.
    NotFound,
    /// The route exists, not for this method.
    MethodNotAllowed,
    /// The body is larger than the route takes.
    PayloadTooLarge,
    /// The body is of a type the route does not read.
    UnsupportedMediaType,
    /// The query would read or return more than the guard allows.
    QueryTooLarge,
    /// Too many requests from this client.
    RateLimitExceeded,
    /// The server has more work than it takes on, or is stopping.
    Overloaded,
    /// Nothing has been loaded yet, or the store cannot be reached.
    DataUnavailable,
    /// The client did not send its request to the end in time.
    RequestTimeout,
    /// The request did not finish within its deadline.
    Timeout,
    /// The outside source answered that there is no such thing.
    SourceNotFound,
    /// The outside source understood the request and refused it.
    SourceRefused,
    /// The outside source answered something else than its connector describes.
    SourceInvalid,
    /// The outside source cannot be reached.
    SourceUnavailable,
    /// The outside source did not answer in time.
    SourceTimeout,
    /// There is no such PIX key, or it is not for the caller to see.
    PixKeyNotFound,
    /// A rule of the directory of PIX keys refuses it; `reason` of the body says which.
    PixKeyRefused,
    /// A defect on our side.
    Internal,
}

impl Code {
    /// The whole table, in the order of the documentation.
    pub const ALL: [Code; 25] = [
        Code::ValidationError,
        Code::NcmNotFound,
        Code::Unauthenticated,
        Code::InvalidCredentials,
        Code::Forbidden,
        Code::CrossSiteRequest,
        Code::AccountExists,
        Code::NotFound,
        Code::MethodNotAllowed,
        Code::PayloadTooLarge,
        Code::UnsupportedMediaType,
        Code::QueryTooLarge,
        Code::RateLimitExceeded,
        Code::Overloaded,
        Code::DataUnavailable,
        Code::RequestTimeout,
        Code::Timeout,
        Code::SourceNotFound,
        Code::SourceRefused,
        Code::SourceInvalid,
        Code::SourceUnavailable,
        Code::SourceTimeout,
        Code::PixKeyNotFound,
        Code::PixKeyRefused,
        Code::Internal,
    ];

    /// The row of this code: name, HTTP status, title; [`Code::grpc`] is its last column.
    const fn row(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Code::ValidationError => {
                ("validation_error", StatusCode::BAD_REQUEST, "A field of the request is not valid")
            }
            Code::NcmNotFound => ("ncm_not_found", StatusCode::NOT_FOUND, "NCM not found"),
            Code::Unauthenticated => ("unauthenticated", StatusCode::UNAUTHORIZED, "Who is asking is not known"),
            Code::InvalidCredentials => {
                ("invalid_credentials", StatusCode::UNAUTHORIZED, "The e-mail or the password is wrong")
            }
            Code::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "This is not allowed"),
            Code::CrossSiteRequest => {
                ("cross_site_request", StatusCode::FORBIDDEN, "The request came from a page of another site")
            }
            Code::AccountExists => ("account_exists", StatusCode::CONFLICT, "There is an account with this e-mail"),
            Code::NotFound => ("not_found", StatusCode::NOT_FOUND, "Nothing is at this address"),
            Code::MethodNotAllowed => {
                ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED, "This address does not take this method")
            }
            Code::PayloadTooLarge => ("payload_too_large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Code::UnsupportedMediaType => (
                "unsupported_media_type",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body is of a type that is not read here",
            ),
            Code::QueryTooLarge => ("query_too_large", StatusCode::UNPROCESSABLE_ENTITY, "The query is too large"),
            Code::RateLimitExceeded => ("rate_limit_exceeded", StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            Code::Overloaded => ("overloaded", StatusCode::SERVICE_UNAVAILABLE, "The server is busy"),
            Code::DataUnavailable => ("data_unavailable", StatusCode::SERVICE_UNAVAILABLE, "The data is not available"),
            Code::RequestTimeout => {
                ("request_timeout", StatusCode::REQUEST_TIMEOUT, "The request did not arrive whole in time")
            }
            Code::Timeout => ("timeout", StatusCode::GATEWAY_TIMEOUT, "The request took too long"),
            Code::SourceNotFound => ("source_not_found", StatusCode::NOT_FOUND, "The source has no such thing"),
            Code::SourceRefused => ("source_refused", StatusCode::BAD_GATEWAY, "The source refused the request"),
            Code::SourceInvalid => {
                ("source_invalid_answer", StatusCode::BAD_GATEWAY, "The answer of the source cannot be used")
            }
            Code::SourceUnavailable => {
                ("source_unavailable", StatusCode::SERVICE_UNAVAILABLE, "The source is not available")
            }
            Code::SourceTimeout => ("source_timeout", StatusCode::GATEWAY_TIMEOUT, "The source took too long"),
            Code::PixKeyNotFound => ("pix_key_not_found", StatusCode::NOT_FOUND, "PIX key not found"),
            Code::PixKeyRefused => {
                ("pix_key_refused", StatusCode::CONFLICT, "A rule of the directory of PIX keys refuses this")
            }
            Code::Internal => ("internal_error", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
        }
    }

    /// The stable name, as in `error` of the body and the last segment of `type`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        self.row().1
    }

    /// The code of gRPC. Of the two that say "later", `UNAVAILABLE` is where trying again helps by itself, and
    /// `RESOURCE_EXHAUSTED` where the caller has to ask for less.
    #[must_use]
    pub const fn grpc(self) -> tonic::Code {
        match self {
            Code::ValidationError | Code::UnsupportedMediaType | Code::QueryTooLarge => tonic::Code::InvalidArgument,
            Code::NcmNotFound | Code::NotFound | Code::SourceNotFound | Code::PixKeyNotFound => tonic::Code::NotFound,
            Code::Unauthenticated | Code::InvalidCredentials => tonic::Code::Unauthenticated,
            Code::Forbidden | Code::CrossSiteRequest => tonic::Code::PermissionDenied,
            Code::AccountExists => tonic::Code::AlreadyExists,
            Code::MethodNotAllowed => tonic::Code::Unimplemented,
            Code::PayloadTooLarge | Code::RateLimitExceeded => tonic::Code::ResourceExhausted,
            Code::Overloaded | Code::DataUnavailable | Code::SourceUnavailable => tonic::Code::Unavailable,
            Code::RequestTimeout | Code::Timeout | Code::SourceTimeout => tonic::Code::DeadlineExceeded,
            Code::SourceRefused | Code::PixKeyRefused => tonic::Code::FailedPrecondition,
            Code::SourceInvalid | Code::Internal => tonic::Code::Internal,
        }
    }

    /// The title in English: the same for every occurrence of the code.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    /// The title in a language.
    #[must_use]
    pub const fn title_in(self, language: Language) -> &'static str {
        match language {
            Language::En => self.title(),
            Language::PtBr => self.title_in_portuguese(),
        }
    }

    const fn title_in_portuguese(self) -> &'static str {
        match self {
            Code::ValidationError => "Um campo do pedido não é válido",
            Code::NcmNotFound => "NCM não encontrado",
            Code::Unauthenticated => "Não se sabe quem está pedindo",
            Code::InvalidCredentials => "O e-mail ou a senha está errado",
            Code::Forbidden => "Isto não é permitido",
            Code::CrossSiteRequest => "O pedido veio de uma página de outro site",
            Code::AccountExists => "Já existe uma conta com este e-mail",
            Code::NotFound => "Não há nada neste endereço",
            Code::MethodNotAllowed => "Este endereço não aceita este método",
            Code::PayloadTooLarge => "O corpo do pedido é grande demais",
            Code::UnsupportedMediaType => "O corpo é de um tipo que não é lido aqui",
            Code::QueryTooLarge => "A consulta é grande demais",
            Code::RateLimitExceeded => "Pedidos demais",
            Code::Overloaded => "O servidor está ocupado",
            Code::DataUnavailable => "Os dados não estão disponíveis",
            Code::Timeout => "O pedido demorou demais",
            Code::SourceNotFound => "A fonte não tem isso",
            Code::SourceRefused => "A fonte recusou o pedido",
            Code::SourceInvalid => "A resposta da fonte não pode ser usada",
            Code::SourceUnavailable => "A fonte não está disponível",
            Code::SourceTimeout => "A fonte demorou demais",
            Code::PixKeyNotFound => "Chave PIX não encontrada",
            Code::PixKeyRefused => "Uma regra do diretório de chaves PIX recusa isto",
            Code::Internal => "Algo deu errado do nosso lado",
            Code::RequestTimeout => "O pedido não chegou inteiro a tempo",
        }
    }
}

/// One wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldError {
    /// JSON pointer into the body (`/max_results`), or the name of a query parameter.
    #[schema(examples("/max_results"))]
    pub pointer: String,
    /// What is wrong with it and what would be right.
    #[schema(examples("max_results must be an integer from 1 to 50."))]
    pub detail: String,
}

/// What went wrong (RFC 9457), as every error of this API says it.
#[derive(Debug, Clone, PartialEq, Eq, utoipa::ToSchema)]
#[schema(as = Problem)]
#[serde(deny_unknown_fields)]
pub struct ProblemBody {
    /// Where the code is explained: a reference relative to the address that was asked.
    #[schema(rename = "type", format = "uri-reference", examples("/docs/errors#validation_error"))]
    pub r#type: String,
    /// What the code means; the same for every occurrence.
    #[schema(examples("A field of the request is not valid"))]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, examples(400))]
    pub status: u16,
    /// This occurrence, for a person: what happened, where, what to do. Its wording may change.
    #[schema(examples("max_results must be an integer from 1 to 50."))]
    pub detail: String,
    /// The code: match on it.
    #[schema(schema_with = crate::openapi::refusal::code_names)]
    pub error: String,
    /// The same as `detail`, for clients of the earlier service.
    pub message: String,
    /// Every wrong field, where the code is `validation_error`; every check that fails, of `/ready`.
    #[schema(min_items = 1, nullable = false)]
    pub errors: Option<Vec<FieldError>>,
    /// Which rule refuses it, where the code is `pix_key_refused`: match on it.
    #[schema(nullable = false, examples("ENTRY_LIMIT_EXCEEDED"))]
    pub reason: Option<String>,
}

/// The same in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Brazilian Portuguese.
    pub portuguese: String,
    /// English.
    pub english: String,
}

impl Text {
    /// A text in both languages.
    pub fn new(portuguese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { portuguese: portuguese.into(), english: english.into() }
    }
}

/// What a problem says in English, where that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct English {
    /// [`Problem::detail`].
    pub detail: String,
    /// [`Problem::errors`]; empty where they are the same.
    pub errors: Vec<FieldError>,
}

/// An answer that says what went wrong, as `application/problem+json`.
///
/// The body is `{type, title, status, detail, error, message, errors[], reason}`: RFC 9457 and, for clients
/// of the earlier service, `error` (the code) and `message` (the detail). It is answered in Portuguese, or in English
/// where the middleware sees that the client prefers it; a text that was given in one language only stays as it is.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Which error.
    pub code: Code,
    /// This occurrence, for a person: what happened, where, what to do.
    pub detail: String,
    /// The wrong fields, where the code is [`Code::ValidationError`].
    pub errors: Vec<FieldError>,
    /// Which rule, where the code is [`Code::PixKeyRefused`].
    pub reason: Option<&'static str>,
    /// Headers the answer carries besides the content type (`Allow`, `Retry-After`).
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What it says in English, where that differs.
    pub english: Option<Box<English>>,
}

impl Problem {
    /// A problem with nothing but its code and its detail, in the language that the caller chose.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), reason: None, headers: Vec::new(), english: None }
    }

    /// A problem whose detail is known in both languages.
    pub fn spoken(code: Code, portuguese: impl Into<String>, english: impl Into<String>) -> Self {
        let english = English { detail: english.into(), errors: Vec::new() };
        Self { english: Some(Box::new(english)), ..Self::new(code, portuguese) }
    }

    /// A `validation_error` about one field, in the language that the caller chose.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let errors = vec![FieldError { pointer: pointer.into(), detail: detail.clone() }];
        Self { errors, ..Self::new(Code::ValidationError, detail) }
    }

    /// A `validation_error` about fields, each with what is wrong with it in both languages. The detail says all of
    /// them.
    #[must_use]
    pub fn fields(errors: Vec<(String, Text)>) -> Self {
        let mut portuguese = English { detail: String::new(), errors: Vec::with_capacity(errors.len()) };
        let mut english = portuguese.clone();
        for (pointer, text) in errors {
            for (into, detail) in [(&mut portuguese, text.portuguese), (&mut english, text.english)] {
                if !into.detail.is_empty() {
                    into.detail.push(' ');
                }
                into.detail.push_str(&detail);
                into.errors.push(FieldError { pointer: pointer.clone(), detail });
            }
        }
        let problem = Self::new(Code::ValidationError, portuguese.detail);
        Self { errors: portuguese.errors, english: Some(Box::new(english)), ..problem }
    }

    /// The body as JSON in a language.
    #[must_use]
    pub fn body_in(&self, language: Language) -> Value {
        let (detail, errors) = match &self.english {
            // Fields that were added apart are the same in both.
            Some(english) if language == Language::En && english.errors.is_empty() => (&english.detail, &self.errors),
            Some(english) if language == Language::En => (&english.detail, &english.errors),
            _ => (&self.detail, &self.errors),
        };
        let mut body = Map::new();
        body.insert("type".into(), json!(format!("/docs/errors#{}", self.code.name())));
        body.insert("title".into(), json!(self.code.title_in(language)));
        body.insert("status".into(), json!(self.code.status().as_u16()));
        body.insert("detail".into(), json!(detail));
        body.insert("error".into(), json!(self.code.name()));
        body.insert("message".into(), json!(detail));
        if !errors.is_empty() {
            let errors = errors.iter().map(|e| json!({"pointer": e.pointer, "detail": e.detail})).collect();
            body.insert("errors".into(), Value::Array(errors));
        }
        if let Some(reason) = self.reason {
            body.insert("reason".into(), json!(reason));
        }
        Value::Object(body)
    }
}

const PROBLEM_JSON: &str = "application/problem+json";

/// The problem behind an answer, so that the middleware can say it in the client's language.
#[derive(Debug, Clone)]
struct Behind(Arc<Problem>);

/// Says a problem in `language`; every other answer passes.
#[must_use]
pub(crate) fn in_language(mut response: Response, language: Language) -> Response {
    let Some(Behind(problem)) = response.extensions_mut().remove::<Behind>() else { return response };
    // Whoever put another body there (a page for a person) has said it in their own way.
    let replaced = response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind != PROBLEM_JSON);
    if replaced {
        return response;
    }
    if language != Language::default() {
        *response.body_mut() = problem.body_in(language).to_string().into();
        response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    }
    response
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let language = Language::default();
        let mut response = (self.code.status(), self.body_in(language).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
        for (name, value) in std::mem::take(&mut self.headers) {
            headers.append(name, value);
        }
        response.extensions_mut().insert(Behind(Arc::new(self)));
        response
    }
}
