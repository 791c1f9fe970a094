//! How arguments become a request. Everything that could be wrong with a template is found when its file is read, so
//! that filling it cannot fail.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::parameter::Arguments;

/// The part of a connector file that makes requests.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RequestTemplate {
    /// Below the base address; empty, or beginning with `/`. It names only parameters that are always there.
    pub path: Text,
    /// Query parameters in order; one whose placeholder stands for nothing is left out, a set is joined by commas.
    pub query: Vec<(String, Text)>,
    /// The JSON body.
    pub body: Option<Node>,
    /// Values made from arguments and from values before them: the first of several texts that is complete.
    pub values: Vec<(String, Vec<Text>)>,
    /// What the source calls the choices of a parameter, where it is not what we call them.
    pub sent: BTreeMap<String, BTreeMap<String, String>>,
}

/// A request to a source, below its connector's `base_url`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutboundRequest {
    /// Path segments after the base address, percent-encoded already, beginning with `/`.
    pub path: String,
    /// Query parameters in order, unencoded.
    pub query: Vec<(String, String)>,
    /// The JSON body of a POST.
    pub body: Option<Value>,
}

/// A text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub Vec<Piece>);

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Literal(String),
    /// The argument or the value of this name.
    Named(String),
}

/// A JSON value with placeholders.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// As it stands.
    Literal(Value),
    /// A text; one that is a single placeholder keeps the type of what it stands for.
    Text(Text),
    /// In a list: every value of a set, one after the other (`{*name}`).
    Each(String),
    /// A list; items that stand for nothing are left out.
    List(Vec<Node>),
    /// An object; members that stand for nothing are left out.
    Object {
        /// The whole object is there only if this argument or value is (`$if`).
        only_if: Option<String>,
        /// Its members.
        members: Vec<(String, Node)>,
    },
}

/// Arguments and values by name.
type Scope = Map<String, Value>;

impl RequestTemplate {
    /// The request of these arguments.
    #[must_use]
    pub fn fill(&self, arguments: &Arguments) -> OutboundRequest {
        let mut scope: Scope =
            arguments.0.iter().map(|(name, value)| (name.clone(), self.as_sent(name, value))).collect();
        for (name, texts) in &self.values {
            if let Some(value) = texts.iter().find_map(|text| text.value(&scope)) {
                scope.insert(name.clone(), value);
            }
        }
        let query = self.query.iter().filter_map(|(name, text)| Some((name.clone(), text.plain(&scope)?))).collect();
        OutboundRequest {
            path: self.path.segments(&scope),
            query,
            body: self.body.as_ref().and_then(|body| body.value(&scope)),
        }
    }

    fn as_sent(&self, name: &str, value: &Value) -> Value {
        let Some(sent) = self.sent.get(name) else { return value.clone() };
        let one =
            |value: &Value| value.as_str().and_then(|text| sent.get(text)).map_or(value.clone(), |s| s.clone().into());
        match value {
            Value::Array(values) => values.iter().map(one).collect(),
            value => one(value),
        }
    }
}

impl Text {
    /// Reads a text with `{name}`; `{{` and `}}` are braces that stand for themselves.
    ///
    /// # Errors
    /// What is wrong with it, for whoever wrote the file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let end = if brace == "{" { rest.find('}') } else { None };
            let Some(end) = end else {
                return Err(format!("a lone {brace}: a placeholder is {{name}}, a brace itself is {brace}{brace}"));
            };
            let name = &rest[..end];
            if !is_name(name) {
                return Err(format!("{{{name}}} is no placeholder: a name is like [a-z][a-z0-9_]*"));
            }
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Named(name.to_owned()));
            rest = &rest[end + 1..];
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Self(pieces))
    }

    /// The names of its placeholders.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Named(name) => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// What it stands for; `None` when a placeholder stands for nothing.
    fn value(&self, scope: &Scope) -> Option<Value> {
        match self.0.as_slice() {
            [Piece::Named(name)] => scope.get(name).cloned(),
            _ => self.plain(scope).map(Value::String),
        }
    }

    fn plain(&self, scope: &Scope) -> Option<String> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => out.push_str(literal),
                Piece::Named(name) => out.push_str(&plain(scope.get(name)?)),
            }
        }
        Some(out)
    }

    /// As a path: what a placeholder stands for is part of one segment, whatever is in it.
    fn segments(&self, scope: &Scope) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(literal) => out.push_str(literal),
                Piece::Named(name) => encode(&scope.get(name).map(plain).unwrap_or_default(), &mut out),
            }
        }
        out
    }
}

impl Node {
    /// Every name it uses.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Literal(_) => Vec::new(),
            Self::Text(text) => text.names().collect(),
            Self::Each(name) => vec![name],
            Self::List(items) => items.iter().flat_map(Self::names).collect(),
            Self::Object { only_if, members } => {
                let inner = members.iter().flat_map(|(_, node)| node.names());
                only_if.as_deref().into_iter().chain(inner).collect()
            }
        }
    }

    fn value(&self, scope: &Scope) -> Option<Value> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Text(text) => text.value(scope),
            Self::Each(name) => scope.get(name).cloned(),
            Self::List(items) => Some(Value::Array(list(items, scope))),
            Self::Object { only_if, members } => {
                if only_if.as_ref().is_some_and(|name| !scope.contains_key(name)) {
                    return None;
                }
                let member = |(name, node): &(String, Node)| Some((name.clone(), node.value(scope)?));
                Some(Value::Object(members.iter().filter_map(member).collect()))
            }
        }
    }
}

fn list(items: &[Node], scope: &Scope) -> Vec<Value> {
    let mut out = Vec::new();
    for item in items {
        match (item, item.value(scope)) {
            (Node::Each(_), Some(Value::Array(values))) => out.extend(values),
            (_, Some(value)) => out.push(value),
            (_, None) => {}
        }
    }
    out
}

/// A value as text; a set is joined by commas.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(","),
        value => value.to_string(),
    }
}

/// Appends `text` percent-encoded: all but the unreserved characters of RFC 3986, section 2.3.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble & 15)]);
            out.extend(['%', digit(byte >> 4), digit(byte)]);
        }
    }
}

/// Whether a parameter or a value may be called this: `[a-z][a-z0-9_]{0,39}`.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
