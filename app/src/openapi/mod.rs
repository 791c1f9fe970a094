//! The OpenAPI document of every context's routes, the page that shows it, and the command that prints it.

mod difference;
mod html;
mod page;
mod schema;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};
use axum::routing::get;
use platform::auth::{Access, Rule, rule};
use platform::http::etag::{ETag, not_modified};
use platform::http::operations::{HEALTH_ACCESS, Readiness, health_routes};
use platform::openapi::complete;
use tokio_util::sync::CancellationToken;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Server};

use crate::cli::DocumentRole;
use crate::print;

/// What stands before the operations; its readers have not read anything else yet.
const DESCRIPTION: &str = "Where to sell what Brazil makes: official export data and ranked destinations.\n\n\
    Money is US$ FOB and weight is kilograms, both exact; a month that is not covered is unknown, never zero. Answers say \
    which version of the data they were computed from (`X-Data-Snapshot`) and through which month it knows \
    (`X-Data-Through`). Every error is `application/problem+json`; its `error` is the code to match on. Unknown fields \
    and parameters are refused, not ignored.";
/// The same, for the gateway.
const GATEWAY_DESCRIPTION: &str = "Outside data sources behind one cached, credentialed, observable door. What can be \
    asked is what `GET /v1/connectors` lists; every answer says where it came from (`X-Cache`), how old it is (`Age`) and \
    when its source made it (`X-Source-Time`). Every error is `application/problem+json`; its `error` is the code to match \
    on, and its `detail` names the connector. Callers are programs whose token carries the scope `gateway.call`.";
/// Nothing inline and nothing from elsewhere: the page is text and one stylesheet.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = include_str!("docs.css");

/// Who may use the routes of this module.
pub const ACCESS: &[Rule] = &[
    rule(Method::GET, "/openapi.json", Access::Open),
    rule(Method::GET, "/docs", Access::Open),
    rule(Method::GET, "/docs/errors", Access::Open),
    rule(Method::GET, "/docs/style.css", Access::Open),
];

/// Who may use each documented route of a server: what its guard enforces, and what its document says.
pub fn documented_rules(role: DocumentRole) -> Vec<Rule> {
    match role {
        DocumentRole::Api => [trade::ACCESS, identity::ACCESS, dict::http::ACCESS, HEALTH_ACCESS].concat(),
        DocumentRole::Gateway => [gateway::ACCESS, HEALTH_ACCESS].concat(),
    }
}

/// The whole document of a server. It needs no server, no database and no clock.
pub fn document(role: DocumentRole) -> OpenApi {
    let license = LicenseBuilder::new().name(env!("CARGO_PKG_LICENSE")).identifier(Some(env!("CARGO_PKG_LICENSE")));
    let info = InfoBuilder::new()
        .title(match role {
            DocumentRole::Api => "Brasil Global Connect",
            DocumentRole::Gateway => "Brasil Global Connect: gateway",
        })
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(match role {
            DocumentRole::Api => DESCRIPTION,
            DocumentRole::Gateway => GATEWAY_DESCRIPTION,
        }))
        .license(Some(license.build()));
    let tag = |name: &str, description: &str| TagBuilder::new().name(name).description(Some(description)).build();
    let operations = tag("operations", "What a supervisor asks.");
    let tags = match role {
        DocumentRole::Api => vec![
            tag("simulator", "Where to sell a product, and why."),
            tag("explorer", "Any table of the exports."),
            tag("catalogue", "Products and countries, and what they are called."),
            tag("saved products", "The products a user keeps at hand."),
            tag("reports", "Totals, by the names of the earlier service."),
            tag("account", "Who you are: sign-up, sign-in, keys, what you did."),
            tag("pix keys", "PIX keys, claims and portability, for a token that speaks for an institution (`ispb`)."),
            operations,
        ],
        DocumentRole::Gateway => vec![tag("gateway", "Outside sources behind one door."), operations],
    };
    let mut document = OpenApiBuilder::new().info(info).servers(Some([Server::new("/")])).tags(Some(tags)).build();
    let contexts = match role {
        DocumentRole::Api => vec![trade::openapi(), identity::openapi(), dict::http::openapi()],
        DocumentRole::Gateway => vec![gateway::openapi()],
    };
    let health = health_routes(Readiness::new(CancellationToken::new())).into_openapi();
    for context in contexts.into_iter().chain([health]) {
        document.merge(context);
    }
    complete(document, &documented_rules(role))
}

/// The document as `docs/api/openapi.json` holds it: indented, with a line end.
fn text(document: &OpenApi) -> Result<String> {
    Ok(document.to_pretty_json().context("write the document as JSON")? + "\n")
}

/// `bgc openapi`: prints the document, or compares it with a file.
pub fn run(check: Option<&Path>, role: DocumentRole) -> Result<ExitCode> {
    let ours = text(&document(role))?;
    let Some(file) = check else { return print(ours.trim_end()).map(|()| ExitCode::SUCCESS) };
    let theirs = std::fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    if ours == theirs {
        return print(&format!("{} is the document of this binary", file.display())).map(|()| ExitCode::SUCCESS);
    }
    let lines = difference::lines(&theirs, &ours).with_context(|| format!("in {}", file.display()))?;
    print(&format!("{} is not the document of this binary (- file, + binary):\n{lines}", file.display()))?;
    let flag = if role == DocumentRole::Gateway { " --role gateway" } else { "" };
    print(&format!("write it anew: bgc openapi{flag} > {}", file.display()))?;
    Ok(ExitCode::FAILURE)
}

/// What is sent as it is, with its version.
#[derive(Debug)]
struct Fixed {
    content_type: &'static str,
    text: String,
    tag: ETag,
}

impl Fixed {
    fn new(content_type: &'static str, text: String) -> Arc<Self> {
        let tag = ETag::strong(&[content_type, &text]);
        Arc::new(Self { content_type, text, tag })
    }

    fn answer(&self, request: &HeaderMap) -> Response<Body> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, self.tag.header_value());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        if self.tag.matches(request) {
            return not_modified(&self.tag, headers);
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        let mut response = Response::new(Body::from(self.text.clone()));
        *response.headers_mut() = headers;
        response
    }
}

/// `/openapi.json`, `/docs` and `/docs/errors`, made once.
pub fn routes(role: DocumentRole) -> Result<Router> {
    let document = document(role);
    let files = [
        ("/openapi.json", Fixed::new("application/json", text(&document)?)),
        ("/docs", Fixed::new("text/html; charset=utf-8", page::operations(&document)?)),
        ("/docs/errors", Fixed::new("text/html; charset=utf-8", page::errors())),
        ("/docs/style.css", Fixed::new("text/css; charset=utf-8", STYLE.to_owned())),
    ];
    Ok(files.into_iter().fold(Router::new(), |router, (path, file)| {
        router.route(path, get(move |headers: HeaderMap| std::future::ready(file.answer(&headers))))
    }))
}
