//! The errors of a route for its documentation, until the platform offers them.

use std::collections::BTreeMap;

use platform::problem::Code;
use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

macro_rules! refusals {
    ($($name:ident)*) => {
        $(
            pub(crate) struct $name;

            impl IntoResponses for $name {
                fn responses() -> BTreeMap<String, RefOr<Response>> {
                    let code = Code::$name;
                    let content = Content::new(Some(Ref::from_schema_name("Problem")));
                    let response = ResponseBuilder::new()
                        .description(code.title())
                        .content("application/problem+json", content)
                        .build();
                    [(code.status().as_str().to_owned(), response.into())].into()
                }
            }
        )*
    };
}

refusals! { AccountExists InvalidCredentials NotFound RateLimitExceeded }
