//! Headers of answers, said once for many routes.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{Header, HeaderBuilder, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder, Schema, Type};
use utoipa_axum::router::UtoipaMethodRouter;

/// A header of an answer.
#[must_use]
pub fn header(description: &str, schema: impl Into<RefOr<Schema>>) -> Header {
    HeaderBuilder::new().description(Some(description)).schema(Some(schema)).build()
}

/// A header that is any text.
#[must_use]
pub fn text(description: &str, example: &str) -> Header {
    let schema = ObjectBuilder::new().schema_type(Type::String).examples([example]).build();
    header(description, schema)
}

/// A whole number of at least `minimum`, for [`header`].
#[must_use]
pub fn integer(minimum: i64) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(minimum))
}

/// Adds headers to the successful answers of routes. A header of several routes becomes one component.
pub fn with_headers<S>(routes: UtoipaMethodRouter<S>, headers: &[(&str, Header)]) -> UtoipaMethodRouter<S> {
    each_operation(routes, |operation| {
        for (status, response) in &mut operation.responses.responses {
            let RefOr::T(response) = response else { continue };
            if status.starts_with('2') || status == "304" {
                let added = headers.iter().map(|(name, header)| ((*name).to_owned(), header.clone().into()));
                response.headers.extend(added);
            }
        }
    })
}

/// For routes that answer `If-None-Match`: the parameter, `ETag`, and 304.
pub fn conditional<S>(routes: UtoipaMethodRouter<S>) -> UtoipaMethodRouter<S> {
    let routes = each_operation(routes, |operation| {
        parameter(
            operation,
            header_parameter(
                "If-None-Match",
                "The `ETag` of the answer that you have: unless it changed, 304 without a body is answered.",
            ),
        );
        let unchanged = ResponseBuilder::new().description("Not changed since the answer whose `ETag` was sent.");
        operation.responses.responses.insert("304".into(), unchanged.build().into());
    });
    versioned(routes)
}

/// For routes whose answers carry `ETag` and are to be asked for again before each use.
pub fn versioned<S>(routes: UtoipaMethodRouter<S>) -> UtoipaMethodRouter<S> {
    let tag = text("The version of this answer, in quotes.", "\"3f2a0c4d5e6f708192a3b4c5d6e7f809\"");
    let cache = text("Keep it, and ask whether it changed before each use.", "no-cache");
    with_headers(routes, &[("ETag", tag), ("Cache-Control", cache)])
}

/// For routes whose answer is in the reader's language.
pub fn spoken<S>(routes: UtoipaMethodRouter<S>) -> UtoipaMethodRouter<S> {
    let languages = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["pt-BR", "en"])).build();
    with_headers(routes, &[("Content-Language", header("The language of the texts in the answer.", languages))])
}

/// A header of a request, any text, which may be left out.
pub(super) fn header_parameter(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

pub(super) fn parameter(operation: &mut Operation, parameter: impl Into<RefOr<Parameter>>) {
    operation.parameters.get_or_insert_default().push(parameter.into());
}

pub(super) fn header_reference(name: &str) -> Ref {
    Ref::new(format!("#/components/headers/{name}"))
}

fn each_operation<S>(
    (schemas, mut paths, router): UtoipaMethodRouter<S>,
    mut change: impl FnMut(&mut Operation),
) -> UtoipaMethodRouter<S> {
    for item in paths.paths.values_mut() {
        super::complete::operations(item).into_iter().for_each(|(_, operation)| change(operation));
    }
    (schemas, paths, router)
}
