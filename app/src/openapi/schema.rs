//! A schema of the document as people read it, and examples in its order.

use std::collections::HashMap;

use serde_json::Value;
use utoipa::openapi::{OpenApi, RefOr, Schema};

use super::html::{escaped, inline, table};

/// Indentation of examples.
const INDENT: &str = "  ";

/// The schemas of a document.
#[derive(Debug)]
pub struct Schemas<'a> {
    /// The document as JSON.
    document: &'a Value,
    /// The members of each named object in the order of its declaration, which JSON values do not keep.
    order: HashMap<String, Vec<String>>,
}

impl<'a> Schemas<'a> {
    /// Of a document, given in both forms.
    pub fn new(typed: &OpenApi, document: &'a Value) -> Self {
        let named = typed.components.iter().flat_map(|components| &components.schemas);
        let order = named.filter_map(|(name, schema)| match schema {
            RefOr::T(Schema::Object(object)) => Some((name.clone(), object.properties.keys().cloned().collect())),
            _ => None,
        });
        Self { document, order: order.collect() }
    }

    /// The names of the schemas.
    pub fn names(&self) -> Vec<&'a str> {
        let named = self.document["components"]["schemas"].as_object();
        named.into_iter().flat_map(|named| named.keys().map(String::as_str)).collect()
    }

    /// What a value of a schema is, in a few words with links.
    pub fn kind(&self, schema: &Value) -> String {
        if let Some(name) = reference(schema) {
            return format!("<a href=\"#schema-{name}\">{name}</a>");
        }
        for (keyword, word) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
            if let Some(parts) = schema[keyword].as_array() {
                return parts.iter().map(|part| self.kind(part)).collect::<Vec<_>>().join(word);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            let values = values.iter().map(|value| format!("<code>{}</code>", escaped(&plain(value))));
            return values.collect::<Vec<_>>().join(", ");
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let types = types.into_iter().map(|name| match name {
            "array" => format!("list of {}", self.kind(&schema["items"])),
            "object" if schema["additionalProperties"].is_object() => {
                format!("map of {}", self.kind(&schema["additionalProperties"]))
            }
            name => name.to_owned(),
        });
        let kind = types.collect::<Vec<_>>().join(" or ");
        if kind.is_empty() { "any value".to_owned() } else { kind }
    }

    /// What a value must satisfy besides its type.
    pub fn limits(&self, schema: &Value) -> String {
        let words = [
            ("minimum", "at least"),
            ("exclusiveMinimum", "above"),
            ("maximum", "at most"),
            ("minLength", "length at least"),
            ("maxLength", "length at most"),
            ("minItems", "entries at least"),
            ("maxItems", "entries at most"),
            ("minProperties", "members at least"),
            ("format", "format"),
            ("pattern", "pattern"),
            ("default", "default"),
        ];
        let said = words.iter().filter(|(keyword, _)| !schema[keyword].is_null());
        let said = said.map(|(keyword, word)| format!("{word} <code>{}</code>", escaped(&plain(&schema[keyword]))));
        said.collect::<Vec<_>>().join(", ")
    }

    /// A named schema: what it means and its members.
    pub fn described(&self, name: &str) -> String {
        let schema = &self.document["components"]["schemas"][name];
        let mut out = format!("<section id=\"schema-{name}\">\n<h3>{name}</h3>\n");
        out.push_str(&format!("<p>{}</p>\n", inline(schema["description"].as_str().unwrap_or_default())));
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut rows = Vec::new();
        for member in self.order.get(name).into_iter().flatten() {
            let of = &schema["properties"][member];
            let needed =
                if required.contains(&member.as_str()) { "" } else { " <span class=\"quiet\">optional</span>" };
            rows.push(vec![format!("<code>{}</code>{needed}", escaped(member)), self.kind(of), self.explained(of)]);
        }
        if rows.is_empty() {
            out.push_str(&format!("<p>{}</p>\n", self.kind(schema)));
        } else {
            out.push_str(&table(&["member", "type", "meaning"], &rows));
        }
        out + "</section>\n"
    }

    /// A description with the limits.
    pub fn explained(&self, schema: &Value) -> String {
        let text = inline(schema["description"].as_str().unwrap_or_default());
        let limits = self.limits(schema);
        if limits.is_empty() { text } else { format!("{text} <span class=\"quiet\">{limits}</span>") }
    }

    /// An example, indented, its members in the order of the schema.
    pub fn example(&self, example: &Value, schema: &Value) -> String {
        let mut out = String::new();
        self.push(&mut out, example, schema, 0);
        out
    }

    fn push(&self, out: &mut String, value: &Value, schema: &Value, depth: usize) {
        let name = reference(schema).or_else(|| {
            let parts = schema["oneOf"].as_array().into_iter().flatten();
            parts.filter_map(reference).next()
        });
        let schema = name.map_or(schema, |name| &self.document["components"]["schemas"][name]);
        match value {
            Value::Object(members) if !members.is_empty() => {
                let declared = name.and_then(|name| self.order.get(name)).into_iter().flatten();
                let mut names: Vec<&String> = declared.filter(|name| members.contains_key(*name)).collect();
                names.extend(members.keys().filter(|name| !names.contains(name)).collect::<Vec<_>>());
                let entries = names
                    .iter()
                    .map(|name| (Some(name.as_str()), &members[*name], &schema["properties"][name.as_str()]));
                self.push_entries(out, ('{', '}'), entries.collect(), depth);
            }
            Value::Array(items) if !items.is_empty() => {
                let entries = items.iter().map(|item| (None, item, &schema["items"]));
                self.push_entries(out, ('[', ']'), entries.collect(), depth);
            }
            other => out.push_str(&other.to_string()),
        }
    }

    fn push_entries(
        &self,
        out: &mut String,
        brackets: (char, char),
        entries: Vec<(Option<&str>, &Value, &Value)>,
        depth: usize,
    ) {
        out.push(brackets.0);
        for (at, (name, value, schema)) in entries.into_iter().enumerate() {
            out.push_str(if at == 0 { "\n" } else { ",\n" });
            out.push_str(&INDENT.repeat(depth + 1));
            if let Some(name) = name {
                out.push_str(&format!("{}: ", Value::from(name)));
            }
            self.push(out, value, schema, depth + 1);
        }
        out.push('\n');
        out.push_str(&INDENT.repeat(depth));
        out.push(brackets.1);
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

/// A value without the quotes of a text.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
