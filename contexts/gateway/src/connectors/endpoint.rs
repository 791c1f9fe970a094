//! Checks of an endpoint: its parameters, its request, what is kept of its answers.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use platform::random::hex;
use sha2::{Digest, Sha256};

use super::fault::Faults;
use super::file::{CacheFile, EndpointFile, MethodFile};
use super::located::{At, Branch, Ordered, Tree};
use super::{parameter, response};
use crate::domain::connector::{CacheRule, Endpoint, EndpointKind, HttpMethod};
use crate::domain::mapping::{Failure, ResponseMapping};
use crate::domain::parameter::Parameter;
use crate::domain::template::{Node, Piece, RequestTemplate, Text, is_name};

/// Parameters, values and query parameters of one endpoint, each.
const PARTS_MAX: usize = 50;
/// Digits of the hash in [`Endpoint::version`].
const VERSION_DIGITS: usize = 12;

/// The checked endpoint; faults are noted, and `None` is one that cannot even be put together. `shape` is what of the
/// whole connector shapes its answers.
pub(super) fn check(
    name: &At<String>,
    file: &EndpointFile,
    shape: &str,
    shared: &[Failure],
    faults: &mut Faults,
) -> Option<Endpoint> {
    let title = faults.title(&file.title, "title");
    let lengths = [file.parameters.0.len(), file.values.0.len(), file.query.0.len()];
    if lengths.iter().any(|length| *length > PARTS_MAX) {
        faults.add(name, format!("at most {PARTS_MAX} parameters, values and query parameters"));
        return None;
    }
    let (parameters, sent) = parameter::check(&file.parameters, faults);
    let mut names = Names::of(&parameters, file);
    let request = RequestTemplate {
        path: path(&file.path, &parameters, &mut names, faults),
        query: query(&file.query, &mut names, faults),
        body: file.body.as_ref().and_then(|body| node(body, false, &mut names, faults)),
        values: values(&file.values, &mut names, faults),
        sent,
    };
    let response = match &file.response {
        Some(response) => response::check(response, &parameters, shared, faults),
        None => ResponseMapping { failures: shared.to_vec(), ..ResponseMapping::default() },
    };
    names.used.extend(file.response.iter().flat_map(|response| &response.arguments).map(|name| name.value.clone()));
    names.report_unused(file, faults);
    let (kind, cache) = (kind(file, faults), cache(file.cache.as_ref(), faults));
    let method = method(file, faults);
    let version = version(shape, method, &parameters, &request, &response);
    let name = name.value.clone();
    Some(Endpoint { name, title, kind, method, parameters, request, response, cache, version })
}

/// The names that templates may use, and those that they did.
struct Names {
    known: HashSet<String>,
    sets: HashSet<String>,
    used: HashSet<String>,
}

impl Names {
    fn of(parameters: &[Parameter], file: &EndpointFile) -> Self {
        let values = file.values.0.iter().map(|(name, _)| name.value.clone());
        let sets = parameters.iter().filter(|parameter| parameter.most.is_some());
        Self {
            known: parameters.iter().map(|parameter| parameter.name.clone()).chain(values).collect(),
            sets: sets.map(|parameter| parameter.name.clone()).collect(),
            used: HashSet::new(),
        }
    }

    /// Notes that a name is used; false, and a fault, when there is none.
    fn take<T>(&mut self, at: &At<T>, name: &str, faults: &mut Faults) -> bool {
        let known = self.known.contains(name);
        if known {
            self.used.insert(name.to_owned());
        } else {
            faults.add(at, format!("there is no parameter and no value {name}"));
        }
        known
    }

    fn text(&mut self, at: &At<String>, faults: &mut Faults) -> Option<Text> {
        let text = faults.take(at, Text::parse(&at.value))?;
        let names: Vec<&str> = text.names().collect();
        // Every name is looked at, so that all that are wrong are told.
        let known = names.into_iter().filter(|name| !self.take(at, name, faults)).count() == 0;
        known.then_some(text)
    }

    fn report_unused(&self, file: &EndpointFile, faults: &mut Faults) {
        let parameters = file.parameters.0.iter().map(|(name, _)| ("parameter", name));
        let values = file.values.0.iter().map(|(name, _)| ("value", name));
        for (what, name) in parameters.chain(values).filter(|(_, name)| !self.used.contains(&name.value)) {
            faults.add(name, format!("the {what} {} is not used", name.value));
        }
    }
}

fn path(at: &At<String>, parameters: &[Parameter], names: &mut Names, faults: &mut Faults) -> Text {
    let Some(text) = names.text(at, faults) else { return Text::default() };
    for name in text.names() {
        let parameter = parameters.iter().find(|parameter| parameter.name == name);
        let sure =
            |parameter: &Parameter| parameter.most.is_none() && (parameter.default.is_some() || !parameter.optional);
        if !parameter.is_some_and(sure) {
            faults.add(at, format!("{name} cannot stand in a path: only a single parameter that is always there can"));
        }
    }
    let literal = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/".contains(c);
    let sample: String = text.0.iter().map(|piece| if let Piece::Literal(text) = piece { text } else { "x" }).collect();
    let dots = sample.split('/').any(|segment| segment == "." || segment == "..");
    if !(sample.is_empty() || sample.starts_with('/')) || !sample.chars().all(literal) || dots || sample.len() > 500 {
        faults.add(at, "a path begins with /, and has no . and .. segments, no query and nothing percent-encoded");
    } else if sample.contains("//") {
        faults.add(at, "a path has no empty segments");
    }
    text
}

/// The name of a query parameter.
pub(super) fn query_name(at: &At<String>, faults: &mut Faults) -> String {
    if at.value.is_empty() || at.value.len() > 100 || at.value.chars().any(|c| c.is_control() || c == ' ') {
        faults.add(at, "the name of a query parameter has 1 to 100 characters and no spaces");
    }
    at.value.clone()
}

fn query(file: &Ordered<At<String>>, names: &mut Names, faults: &mut Faults) -> Vec<(String, Text)> {
    let mut out = Vec::new();
    for (name, at) in &file.0 {
        let name = query_name(name, faults);
        out.extend(names.text(at, faults).map(|text| (name, text)));
    }
    out
}

fn node(tree: &Tree, in_list: bool, names: &mut Names, faults: &mut Faults) -> Option<Node> {
    match &tree.value {
        Branch::Scalar(value) => Some(Node::Literal(value.clone())),
        Branch::Text(text) => match text.strip_prefix("{*").and_then(|rest| rest.strip_suffix('}')) {
            Some(name) if in_list && is_name(name) => {
                if names.take(tree, name, faults) && !names.sets.contains(name) {
                    faults.add(tree, format!("{name} is no set: write {{{name}}}"));
                }
                Some(Node::Each(name.to_owned()))
            }
            Some(_) => {
                faults.add(tree, "{*name} stands for the values of a set, as an item of a list");
                None
            }
            None => names.text(&tree.with(text.clone()), faults).map(Node::Text),
        },
        Branch::List(items) => {
            Some(Node::List(items.iter().filter_map(|item| node(item, true, names, faults)).collect()))
        }
        Branch::Map(members) => Some(object(members, names, faults)),
    }
}

fn object(file: &[(At<String>, Tree)], names: &mut Names, faults: &mut Faults) -> Node {
    let (mut only_if, mut members) = (None, Vec::new());
    for (name, tree) in file {
        match (name.value.as_str(), &tree.value) {
            ("$if", Branch::Text(text)) => {
                names.take(tree, text, faults);
                only_if = Some(text.clone());
            }
            ("$if", _) => faults.add(tree, "$if takes the name of a parameter or value"),
            _ => members.extend(node(tree, false, names, faults).map(|node| (name.value.clone(), node))),
        }
    }
    Node::Object { only_if, members }
}

/// Values in an order in which each comes after those it is made of.
fn values(file: &Ordered<Vec<At<String>>>, names: &mut Names, faults: &mut Faults) -> Vec<(String, Vec<Text>)> {
    let mut open: Vec<(&At<String>, Vec<Text>)> = Vec::new();
    let own: HashSet<&str> = file.0.iter().map(|(name, _)| name.value.as_str()).collect();
    for (name, texts) in &file.0 {
        if !is_name(&name.value) {
            faults.add(name, "a value's name is a-z, then a-z, 0-9 and _, at most 40 characters");
        }
        if texts.is_empty() || texts.len() > 10 {
            faults.add(name, "a value is the first complete one of 1 to 10 texts");
        }
        open.push((name, texts.iter().filter_map(|text| names.text(text, faults)).collect()));
    }
    let mut out: Vec<(String, Vec<Text>)> = Vec::new();
    loop {
        let made = |name: &str| !own.contains(name) || out.iter().any(|(done, _)| done == name);
        let ready = open.iter().position(|(_, texts)| texts.iter().flat_map(Text::names).all(made));
        let Some(ready) = ready else { break };
        let (name, texts) = open.remove(ready);
        out.push((name.value.clone(), texts));
    }
    report_cycles(&open, faults);
    out
}

/// What is left when no value is ready is a cycle, or is made of one.
fn report_cycles(open: &[(&At<String>, Vec<Text>)], faults: &mut Faults) {
    let needs = |name: &str| -> Option<&str> {
        let (_, texts) = open.iter().find(|(open, _)| open.value == name)?;
        texts.iter().flat_map(Text::names).find(|needed| open.iter().any(|(open, _)| open.value == *needed))
    };
    for (at, _) in open {
        let mut chain = vec![at.value.as_str()];
        while let Some(next) = needs(chain[chain.len() - 1]).filter(|next| !chain.contains(next)) {
            chain.push(next);
        }
        let back = needs(chain[chain.len() - 1]).unwrap_or_default();
        faults.add(at, format!("a cycle: {} needs {} → {back}", at.value, chain.join(" → ")));
    }
}

fn kind(file: &EndpointFile, faults: &mut Faults) -> EndpointKind {
    let Some(download) = &file.file else { return EndpointKind::Json };
    if file.response.is_some() || file.cache.is_some() || file.body.is_some() {
        faults.add(&file.title, "a file is downloaded as it is: it has no body, no response and no cache");
    }
    EndpointKind::File { bytes_max: faults.range(Some(&download.bytes_max), "bytes_max", 1, (1, 64 << 30)) }
}

fn method(file: &EndpointFile, faults: &mut Faults) -> HttpMethod {
    match &file.method {
        Some(at) if at.value == MethodFile::Get => {
            if file.body.is_some() {
                faults.add(at, "a GET has no body");
            }
            HttpMethod::Get
        }
        Some(at) if file.file.is_some() => {
            faults.add(at, "a file is downloaded by GET");
            HttpMethod::Get
        }
        Some(_) => HttpMethod::Post,
        None if file.body.is_some() => HttpMethod::Post,
        None => HttpMethod::Get,
    }
}

fn cache(file: Option<&CacheFile>, faults: &mut Faults) -> CacheRule {
    const DAY: u64 = 86_400;
    let default = CacheFile::default();
    let file = file.unwrap_or(&default);
    let mut seconds = |at: &Option<At<u64>>, name: &str, default: u64, most: u64| {
        Duration::from_secs(faults.range(at.as_ref(), name, default, (0, most)))
    };
    CacheRule {
        fresh: seconds(&file.fresh_s, "fresh_s", 3600, 30 * DAY),
        stale_if_error: seconds(&file.stale_if_error_s, "stale_if_error_s", 7 * DAY, 366 * DAY),
        missing: seconds(&file.missing_s, "missing_s", 300, DAY),
        obey_source: file.obey_source,
    }
}

/// A short hash of all that shapes an answer; texts for people are not part of it.
fn version(
    shape: &str,
    method: HttpMethod,
    parameters: &[Parameter],
    request: &RequestTemplate,
    response: &ResponseMapping,
) -> String {
    let parameters: BTreeMap<&str, _> =
        parameters.iter().map(|p| (p.name.as_str(), (&p.kind, p.most, &p.default))).collect();
    let shaping = format!("{shape}\n{method:?}\n{parameters:?}\n{request:?}\n{response:?}");
    hex(&Sha256::digest(shaping)).chars().take(VERSION_DIGITS).collect()
}
