//! The document for people: one page for the operations, one for the errors. Made on the server, without a script.

use anyhow::{Context, Result};
use platform::openapi::{SECURITY_SCHEMES, explain};
use platform::problem::Code;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::html::{escaped, inline, page, paragraphs, table};
use super::schema::Schemas;

/// The methods of a path, in the order they are shown.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// `/docs`.
pub fn operations(typed: &OpenApi) -> Result<String> {
    let document = serde_json::to_value(typed).context("write the document as JSON")?;
    let schemas = Schemas::new(typed, &document);
    let shown = Shown { document: &document, schemas };
    let info = &document["info"];
    let title = escaped(text(info, "title"));
    let mut body = format!(
        "<header>\n<h1>{title}</h1>\n<p class=\"quiet\">API {} · <a href=\"/openapi.json\">openapi.json</a> · <a href=\"/docs/errors\">errors</a> · <a href=\"/\">the product</a></p>\n{}</header>\n",
        escaped(text(info, "version")),
        paragraphs(text(info, "description"))
    );
    body.push_str(&shown.contents());
    body.push_str("<main>\n");
    body.push_str(&shown.credentials());
    for tag in list(&document["tags"]) {
        body.push_str(&shown.tag(tag));
    }
    body.push_str("<section id=\"schemas\">\n<h2>Schemas</h2>\n");
    for name in shown.schemas.names() {
        body.push_str(&shown.schemas.described(name));
    }
    body.push_str("</section>\n</main>\n");
    Ok(page(&format!("{title}: API"), &body))
}

/// `/docs/errors`: each code is an anchor, and `type` of a problem leads to it.
pub fn errors() -> String {
    let rows = Code::ALL.map(|code| {
        let explanation = explain(code);
        vec![
            format!("<a id=\"{0}\" href=\"#{0}\"><code>{0}</code></a>", code.name()),
            code.status().as_u16().to_string(),
            inline(explanation.when),
            inline(explanation.remedy),
        ]
    });
    let body = format!(
        "<header>\n<h1>Errors</h1>\n<p class=\"quiet\"><a href=\"/docs\">the API</a></p>\n{}</header>\n<main>\n{}</main>\n",
        paragraphs(
            "Every error is `application/problem+json` (RFC 9457). `error` is the code: match on it. `title` is the same \
             for every occurrence of a code; `detail`, and `message` which repeats it, is about this one and may change \
             its wording. `errors` lists every wrong field, by JSON pointer into the body or by the name of the parameter."
        ),
        table(&["code", "status", "when", "what to do"], &rows)
    );
    page("Brasil Global Connect: errors", &body)
}

struct Shown<'a> {
    document: &'a Value,
    schemas: Schemas<'a>,
}

/// An operation with its method and its path.
struct Operation<'a> {
    method: &'static str,
    path: &'a str,
    of: &'a Value,
}

impl<'a> Shown<'a> {
    fn of_tag(&self, tag: &str) -> Vec<Operation<'a>> {
        let mut found = Vec::new();
        for (path, item) in self.document["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                let of = &item[method];
                if list(&of["tags"]).any(|name| name == tag) {
                    found.push(Operation { method, path, of });
                }
            }
        }
        found
    }

    fn contents(&self) -> String {
        let mut out =
            String::from("<nav aria-label=\"Contents\">\n<ul>\n<li><a href=\"#credentials\">Credentials</a></li>\n");
        for tag in list(&self.document["tags"]) {
            let name = text(tag, "name");
            out.push_str(&format!("<li><a href=\"#{}\">{name}</a>\n<ul>\n", tag_id(name)));
            for operation in self.of_tag(name) {
                let (id, summary) = (text(operation.of, "operationId"), inline(text(operation.of, "summary")));
                out.push_str(&format!("<li><a href=\"#{id}\">{summary}</a></li>\n"));
            }
            out.push_str("</ul></li>\n");
        }
        out + "<li><a href=\"#schemas\">Schemas</a></li>\n</ul>\n</nav>\n"
    }

    fn credentials(&self) -> String {
        let rows = SECURITY_SCHEMES.map(|name| {
            let scheme = &self.document["components"]["securitySchemes"][name];
            vec![format!("<code>{name}</code>"), inline(text(scheme, "description"))]
        });
        let intro = "Most operations are open to anyone. Where one asks who you are, any of these tells it.";
        format!(
            "<section id=\"credentials\">\n<h2>Credentials</h2>\n{}{}</section>\n",
            paragraphs(intro),
            table(&["name", "how"], &rows)
        )
    }

    fn tag(&self, tag: &Value) -> String {
        let name = text(tag, "name");
        let mut out =
            format!("<section id=\"{}\">\n<h2>{name}</h2>\n{}", tag_id(name), paragraphs(text(tag, "description")));
        for operation in self.of_tag(name) {
            out.push_str(&self.operation(&operation));
        }
        out + "</section>\n"
    }

    fn operation(&self, operation: &Operation<'_>) -> String {
        let of = operation.of;
        let mut out = format!(
            "<article id=\"{}\">\n<h3>{}</h3>\n<p class=\"address\"><span class=\"method\">{}</span> <code>{}</code></p>\n{}",
            text(of, "operationId"),
            inline(text(of, "summary")),
            operation.method.to_uppercase(),
            escaped(operation.path),
            paragraphs(text(of, "description"))
        );
        out.push_str(&format!("<p class=\"quiet\">{}</p>\n", access(&of["security"])));
        out.push_str(&self.parameters(&of["parameters"]));
        for (media_type, content) in of["requestBody"]["content"].as_object().into_iter().flatten() {
            let kind = self.schemas.kind(&content["schema"]);
            out.push_str(&format!("<h4>Body</h4>\n<p>{kind} as <code>{}</code></p>\n", escaped(media_type)));
            out.push_str(&self.example(content));
        }
        out.push_str(&self.responses(&of["responses"]));
        out + "</article>\n"
    }

    fn parameters(&self, parameters: &Value) -> String {
        let rows: Vec<Vec<String>> = list(parameters)
            .map(|parameter| {
                let schema = &parameter["schema"];
                let optional =
                    if parameter["required"] == true { "" } else { " <span class=\"quiet\">optional</span>" };
                let meaning = inline(text(parameter, "description"));
                let limits = self.schemas.limits(schema);
                vec![
                    format!("<code>{}</code>{optional}", escaped(text(parameter, "name"))),
                    escaped(text(parameter, "in")),
                    self.schemas.kind(schema),
                    format!("{meaning} <span class=\"quiet\">{limits}</span>"),
                ]
            })
            .collect();
        if rows.is_empty() {
            return String::new();
        }
        format!("<h4>Parameters</h4>\n{}", table(&["name", "in", "type", "meaning"], &rows))
    }

    fn responses(&self, responses: &Value) -> String {
        let mut rows = Vec::new();
        let mut examples = String::new();
        for (status, response) in responses.as_object().into_iter().flatten() {
            let response = self.resolved(response);
            let contents = response["content"].as_object().into_iter().flatten();
            let kinds = contents.map(|(media_type, content)| {
                if status.starts_with('2') {
                    examples.push_str(&self.example(content));
                }
                format!(
                    "{} <span class=\"quiet\">{}</span>",
                    self.schemas.kind(&content["schema"]),
                    escaped(media_type)
                )
            });
            let kinds = kinds.collect::<Vec<_>>().join("<br>");
            let headers = response["headers"].as_object().into_iter().flatten();
            let headers =
                headers.map(|(name, _)| format!("<code>{}</code>", escaped(name))).collect::<Vec<_>>().join(", ");
            rows.push(vec![escaped(status), inline(text(response, "description")), kinds, headers]);
        }
        format!("<h4>Answers</h4>\n{}{examples}", table(&["status", "when", "body", "headers"], &rows))
    }

    /// The component that a reference means; anything else itself.
    fn resolved<'b>(&'b self, value: &'b Value) -> &'b Value {
        let target = value["$ref"].as_str().and_then(|reference| self.document.pointer(reference.strip_prefix('#')?));
        target.unwrap_or(value)
    }

    /// The example of a content, or of the schema it refers to.
    fn example(&self, content: &Value) -> String {
        let schema = &content["schema"];
        let of_schema =
            schema["$ref"].as_str().and_then(|reference| self.document.pointer(reference.strip_prefix('#')?));
        let example = [Some(&content["example"]), of_schema.map(|of| &of["example"])]
            .into_iter()
            .flatten()
            .find(|at| !at.is_null());
        let Some(example) = example else { return String::new() };
        let shown = match example {
            Value::String(text) => text.clone(),
            other => self.schemas.example(other, schema),
        };
        format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escaped(&shown))
    }
}

/// Who may ask, in words.
fn access(security: &Value) -> String {
    let names = |of: &Value| of.as_object().into_iter().flat_map(|of| of.keys().cloned()).collect::<Vec<_>>();
    let all: Vec<Vec<String>> = list(security).map(names).collect();
    if all.iter().any(Vec::is_empty) {
        return "Open to anyone; a credential that is sent is checked.".to_owned();
    }
    let names: Vec<String> =
        all.concat().iter().map(|name| format!("<a href=\"#credentials\"><code>{name}</code></a>")).collect();
    format!("Needs {}.", names.join(" or "))
}

/// The anchor of a tag; an id has no spaces.
fn tag_id(name: &str) -> String {
    format!("tag-{}", name.replace(' ', "-"))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}
