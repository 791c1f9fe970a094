//! The errors of a route, for `responses(…, refusal::NcmNotFound)`.
//!
//! Only those that a handler itself decides on: [`super::complete`] adds what stands around every route
//! (`unauthenticated`, `forbidden`, `cross_site_request`, `payload_too_large`, `unsupported_media_type`, `overloaded`,
//! `data_unavailable`, `timeout`, `internal_error`; `validation_error` where there is a parameter or a body).

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{Content, Object, Ref, RefOr, Response, ResponseBuilder};

use super::explain::{example, explain};
use super::headers::{header, integer, text};
use crate::http::language::Language;
use crate::problem::{Code, Problem};

/// What the component of an answer with one of several codes joins their names by.
const OR: &str = "_or_";

macro_rules! refusals {
    ($($name:ident => $code:expr;)*) => {
        $(
            #[doc = concat!("`", stringify!($code), "`: see its row in [`Code`].")]
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    [($code.status().as_str().to_owned(), reference(&[$code]).into())].into()
                }
            }
        )*
    };
}

refusals! {
    ValidationError => Code::ValidationError;
    NcmNotFound => Code::NcmNotFound;
    InvalidCredentials => Code::InvalidCredentials;
    Forbidden => Code::Forbidden;
    AccountExists => Code::AccountExists;
    NotFound => Code::NotFound;
    QueryTooLarge => Code::QueryTooLarge;
    RateLimitExceeded => Code::RateLimitExceeded;
    SourceNotFound => Code::SourceNotFound;
    SourceRefused => Code::SourceRefused;
    SourceInvalid => Code::SourceInvalid;
    SourceUnavailable => Code::SourceUnavailable;
    SourceTimeout => Code::SourceTimeout;
    PixKeyNotFound => Code::PixKeyNotFound;
    PixKeyRefused => Code::PixKeyRefused;
}

/// The component that an answer with one of `codes` (of one status) refers to.
pub(super) fn reference(codes: &[Code]) -> Ref {
    Ref::from_response_name(component_name(codes))
}

pub(super) fn component_name(codes: &[Code]) -> String {
    codes.iter().map(|code| code.name()).collect::<Vec<_>>().join(OR)
}

/// The codes of a reference made by [`reference`]; none for any other.
pub(super) fn codes_of(reference: &str) -> Vec<Code> {
    let name = reference.rsplit('/').next().unwrap_or_default();
    let code = |name: &str| Code::ALL.into_iter().find(|code| code.name() == name);
    name.split(OR).map(code).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// The answer with one of `codes`, which share their status.
pub(super) fn response(codes: &[Code]) -> Response {
    let sentence = |code: &Code| format!("`{}`: {}.", code.name(), explain(*code).when);
    let description = codes.iter().map(sentence).collect::<Vec<_>>().join(" ");
    let occurrence = |code: Code| {
        let detail = example(code);
        match code {
            Code::ValidationError => Problem::field("/max_results", detail).body_in(Language::En),
            Code::PixKeyRefused => {
                let problem = Problem { reason: Some("ENTRY_LIMIT_EXCEEDED"), ..Problem::new(code, detail) };
                problem.body_in(Language::En)
            }
            _ => Problem::new(code, detail).body_in(Language::En),
        }
    };
    let mut content = Content::new(Some(Ref::from_schema_name("Problem")));
    match codes {
        [code] => content.example = Some(occurrence(*code)),
        _ => {
            let examples = codes.iter().map(|code| {
                let value = utoipa::openapi::example::ExampleBuilder::new().value(Some(occurrence(*code))).build();
                (code.name().to_owned(), value.into())
            });
            content.examples = examples.collect();
        }
    }
    let mut response = ResponseBuilder::new().description(description).content("application/problem+json", content);
    for code in codes {
        response = match code {
            Code::Unauthenticated => {
                response.header("WWW-Authenticate", text("How to say who you are.", "Bearer realm=\"bgc\""))
            }
            Code::RateLimitExceeded | Code::Overloaded | Code::SourceUnavailable => {
                let seconds = integer(0).description(Some("Seconds to wait.")).build();
                response.header("Retry-After", header("Seconds after which it is worth asking again.", seconds))
            }
            _ => response,
        };
    }
    response.build()
}

/// The schema of `error` in a problem: every code there is.
pub(crate) fn code_names() -> Object {
    let names = Code::ALL.map(Code::name);
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(names))
        .description(Some("The code: match on it. `/docs/errors` says when each occurs and what to do."))
        .build()
}
