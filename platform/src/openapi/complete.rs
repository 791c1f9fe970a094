//! Making a document of several contexts' routes whole.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Header, OpenApi, RefOr, SecurityRequirement};
use utoipa::{PartialSchema, ToSchema};

use super::headers::{header_parameter, header_reference, parameter, text};
use super::refusal;
use crate::auth::{Access, Rule, session_cookie_name};
use crate::http::PROBES;
use crate::problem::{Code, FieldError, ProblemBody};

/// The security schemes of the document, in the order of the documentation: the session cookie, a token or key as
/// bearer, a key in a header of its own.
pub const SECURITY_SCHEMES: [&str; 3] = ["session", "bearer", "api_key"];

/// Adds to every operation of `document` what stands around its handler: who may ask (from `rules`, which the guard
/// enforces), the errors of the layers, the headers of every answer. An operation without a rule asks for nothing and
/// says so nowhere; a test of the binary finds it.
#[must_use]
pub fn complete(mut document: OpenApi, rules: &[Rule]) -> OpenApi {
    let mut refused: BTreeSet<Vec<usize>> = BTreeSet::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let access = rules.iter().find(|rule| rule.path == path && rule.method == method).map(|rule| rule.access);
            operation.security = access.map(security);
            for codes in refusals(operation, path, &method, access) {
                let status = codes.first().map_or(StatusCode::INTERNAL_SERVER_ERROR, |code| code.status());
                operation.responses.responses.insert(status.as_str().to_owned(), refusal::reference(&codes).into());
                refused.insert(codes.iter().filter_map(|code| Code::ALL.iter().position(|at| at == code)).collect());
            }
            let language = "The language of texts, error messages included: any Portuguese or English; `pt-BR` where it names neither.";
            parameter(operation, header_parameter("Accept-Language", language));
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response {
                    response.headers.insert("X-Request-Id".into(), request_id().into());
                }
            }
        }
    }
    let components = document.components.get_or_insert_with(Components::new);
    for codes in refused {
        let codes: Vec<Code> = codes.into_iter().filter_map(|at| Code::ALL.get(at).copied()).collect();
        let mut response = refusal::response(&codes);
        response.headers.insert("X-Request-Id".into(), request_id().into());
        components.responses.insert(refusal::component_name(&codes), response.into());
    }
    components.schemas.insert(ProblemBody::name().into(), ProblemBody::schema());
    components.schemas.insert(FieldError::name().into(), FieldError::schema());
    let schemes = SECURITY_SCHEMES.into_iter().zip(security_schemes());
    components.security_schemes.extend(schemes.map(|(name, scheme)| (name.to_owned(), scheme.into())));
    share_headers(&mut document);
    document
}

/// The operations of a path with their methods.
pub(super) fn operations(item: &mut PathItem) -> Vec<(Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::PUT, &mut item.put),
        (Method::POST, &mut item.post),
        (Method::DELETE, &mut item.delete),
        (Method::PATCH, &mut item.patch),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?))).collect()
}

/// Every error answer of an operation, as codes of one status: its own and those of the layers around it.
fn refusals(operation: &Operation, path: &str, method: &Method, access: Option<Access>) -> Vec<Vec<Code>> {
    let mut codes = vec![Code::DataUnavailable, Code::Timeout, Code::Internal];
    for response in operation.responses.responses.values() {
        if let RefOr::Ref(reference) = response {
            codes.extend(refusal::codes_of(&reference.ref_location));
        }
    }
    let safe = matches!(*method, Method::GET | Method::HEAD);
    // A header that cannot be understood is left aside; a query, a path and a body are not.
    let read = operation.parameters.iter().flatten().any(|parameter| match parameter {
        RefOr::T(parameter) => parameter.parameter_in != utoipa::openapi::path::ParameterIn::Header,
        RefOr::Ref(_) => true,
    });
    let conditions = [
        (read || operation.request_body.is_some(), Code::ValidationError),
        (operation.request_body.is_some(), Code::RequestTimeout),
        (operation.request_body.is_some(), Code::PayloadTooLarge),
        (operation.request_body.is_some(), Code::UnsupportedMediaType),
        (access.is_some_and(|access| !matches!(access, Access::Open | Access::ThisMachine)), Code::Unauthenticated),
        (matches!(access, Some(Access::Session | Access::Scope(_))), Code::Forbidden),
        (!safe, Code::CrossSiteRequest),
        (!PROBES.contains(&path), Code::Overloaded),
    ];
    codes.extend(conditions.into_iter().filter(|(holds, _)| *holds).map(|(_, code)| code));
    let mut by_status: BTreeMap<StatusCode, Vec<Code>> = BTreeMap::new();
    for code in Code::ALL.into_iter().filter(|code| codes.contains(code)) {
        by_status.entry(code.status()).or_default().push(code);
    }
    by_status.into_values().collect()
}

/// Any credential may be sent to a public route, so it lists them beside none; an open one asks for nothing.
fn security(access: Access) -> Vec<SecurityRequirement> {
    let requirement = |name: &&str| SecurityRequirement::new(*name, [""; 0]);
    let any = || SECURITY_SCHEMES.iter().map(requirement);
    match access {
        Access::Open | Access::ThisMachine => Vec::new(),
        Access::Public => std::iter::once(SecurityRequirement::default()).chain(any()).collect(),
        Access::Principal => any().collect(),
        Access::Session => SECURITY_SCHEMES[..1].iter().map(requirement).collect(),
        Access::Scope(_) => SECURITY_SCHEMES[1..].iter().map(requirement).collect(),
    }
}

fn security_schemes() -> [SecurityScheme; 3] {
    let key = |name: &str, description: &str| ApiKeyValue::with_description(name, description);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT, or an API key that begins with bgc_")
        .description(Some(
            "`Authorization: Bearer` and a token of a trusted issuer, or an API key. It wins over the other two.",
        ))
        .build();
    [
        SecurityScheme::ApiKey(ApiKey::Cookie(key(
            session_cookie_name(false),
            "The session of a person at a browser, set by `POST /v1/session`.",
        ))),
        SecurityScheme::Http(bearer),
        SecurityScheme::ApiKey(ApiKey::Header(key("X-API-Key", "An API key that begins with `bgc_`."))),
    ]
}

fn request_id() -> Header {
    text(
        "The id of this request in our logs: the `X-Request-Id` that was sent, or the id of its trace.",
        "4bf92f3577b34da6a3ce929d0e0e4736",
    )
}

/// A header that several answers have alike becomes one component; one that differs stays where it is.
fn share_headers(document: &mut OpenApi) {
    let mut shared: BTreeMap<String, RefOr<Header>> = BTreeMap::new();
    let OpenApi { paths, components, .. } = document;
    let Some(components) = components else { return };
    let items = paths.paths.values_mut().flat_map(operations);
    let responses = items.flat_map(|(_, operation)| operation.responses.responses.values_mut());
    for response in responses.chain(components.responses.values_mut()) {
        let RefOr::T(response) = response else { continue };
        for (name, header) in &mut response.headers {
            if *shared.entry(name.clone()).or_insert_with(|| header.clone()) == *header {
                *header = RefOr::Ref(header_reference(name));
            }
        }
    }
    components.headers = shared;
}
