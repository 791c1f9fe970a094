//! Connectors: YAML files, checked as a whole when they are read. Several are shipped; a directory replaces them by id
//! or adds more.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::connector::{Connector, SecretName};
use crate::secrets::environment::variable;

mod address;
mod check;
mod endpoint;
mod fault;
mod file;
mod located;
mod parameter;
mod response;

pub use fault::Fault;
use file::ConnectorFile;
use located::At;

/// Bytes of a file; the largest that is shipped has a tenth.
const FILE_BYTES_MAX: usize = 256 * 1024;
/// Files of a directory.
const FILES_MAX: usize = 200;

/// The connectors that are shipped, by the name of their file.
const SHIPPED: [(&str, &str); 3] = [
    ("connectors/comexstat.yaml", include_str!("../../../../connectors/comexstat.yaml")),
    ("connectors/comexstat-bulk.yaml", include_str!("../../../../connectors/comexstat-bulk.yaml")),
    ("connectors/restcountries.yaml", include_str!("../../../../connectors/restcountries.yaml")),
];

/// Every connector that can be called.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    /// By id.
    pub connectors: BTreeMap<String, Arc<Connector>>,
}

/// The shipped connectors, replaced by id and joined by the `*.yaml` and `*.yml` files of a directory. Files whose
/// name begins with a dot are left out.
///
/// # Errors
/// Every fault of every file. One faulty file refuses all: a source that is silently not there would be worse.
pub fn load(directory: Option<&Path>) -> Result<Catalogue, Vec<Fault>> {
    let (mut catalogue, mut faults) = (Catalogue::default(), Vec::new());
    for (name, text) in SHIPPED {
        match read(text.as_bytes(), name, None) {
            Ok((_, connector)) => catalogue.add(connector),
            Err(found) => faults.extend(found),
        }
    }
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    let mut variables: BTreeMap<String, (SecretName, String)> = BTreeMap::new();
    for path in directory.map(files).unwrap_or_else(|| Ok(Vec::new())).map_err(|fault| vec![fault])? {
        match load_file(&path) {
            Err(found) => faults.extend(found),
            Ok((id, connector)) => {
                let place = format!("{}:{}", path.display(), id.line);
                let mut fault = |reason| {
                    faults.push(Fault { file: path.display().to_string(), line: id.line, column: id.column, reason });
                };
                for secret in connector.auth.secrets() {
                    let name = variable(secret);
                    let known = variables.entry(name.clone()).or_insert_with(|| (secret.clone(), place.clone()));
                    let (first, other) = known;
                    if first != secret {
                        let both = format!("the secrets {secret} here and {first} of {other}");
                        fault(format!("{both} would be one variable, {name}: rename one"));
                    }
                }
                if let Some(other) = places.insert(connector.id.clone(), place) {
                    fault(format!("the id {} is taken already by {other}", connector.id));
                }
                catalogue.add(connector);
            }
        }
    }
    if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
}

/// The shipped file of that id, with its comments: to be changed and put into a directory of one's own.
#[must_use]
pub fn shipped(id: &str) -> Option<&'static str> {
    SHIPPED
        .iter()
        .find(|(name, _)| name.trim_start_matches("connectors/").trim_end_matches(".yaml") == id)
        .map(|it| it.1)
}

/// The JSON Schema of a connector file: published as `connectors/connector.schema.json`, for editors.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(ConnectorFile);
    schema.insert("title".into(), "Connector of the gateway".into());
    schema.to_value()
}

impl Catalogue {
    fn add(&mut self, connector: Connector) {
        self.connectors.insert(connector.id.clone(), Arc::new(connector));
    }
}

fn whole(file: &Path, reason: impl Into<String>) -> Fault {
    Fault { file: file.display().to_string(), line: 0, column: 0, reason: reason.into() }
}

/// The connector files of a directory, by name.
fn files(directory: &Path) -> Result<Vec<PathBuf>, Fault> {
    let cannot = |error: std::io::Error| whole(directory, format!("the directory cannot be read: {error}"));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if yaml && !hidden {
            found.push(path);
        }
        if found.len() > FILES_MAX {
            return Err(whole(directory, format!("more than {FILES_MAX} connector files")));
        }
    }
    found.sort();
    Ok(found)
}

fn load_file(path: &Path) -> Result<(At<String>, Connector), Vec<Fault>> {
    let cannot = |reason: String| vec![whole(path, reason)];
    let cannot_read = |error: std::io::Error| cannot(format!("cannot be read: {error}"));
    // A pipe would wait for its writer: only files are opened.
    if !std::fs::metadata(path).map_err(cannot_read)?.is_file() {
        return Err(cannot("is no file".into()));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(cannot_read)?;
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(cannot_read)?;
    read(&bytes, &path.display().to_string(), path.parent())
}

/// A connector of the bytes of its file.
fn read(bytes: &[u8], name: &str, directory: Option<&Path>) -> Result<(At<String>, Connector), Vec<Fault>> {
    let fault = |line, column, reason| vec![Fault { file: name.to_owned(), line, column, reason }];
    if bytes.len() > FILE_BYTES_MAX {
        return Err(fault(0, 0, format!("has more than {FILE_BYTES_MAX} bytes, which no connector needs")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        fault(line, 1, "is not UTF-8 text".into())
    })?;
    let file: ConnectorFile = serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |location| (location.line(), location.column()));
        fault(line, column, plain(&error.to_string(), line, column))
    })?;
    check::connector(&file, name, directory)
}

/// What the parser says, without the place, which a fault has already, and without names of Rust.
fn plain(said: &str, line: u64, column: u64) -> String {
    let said = said.strip_suffix(&format!(" at line {line}, column {column}")).unwrap_or(said);
    [
        ("invalid u64", "a whole number, not negative, is expected"),
        ("invalid i64", "a whole number is expected"),
        (", set DuplicateKeyPolicy in Options if acceptable", ""),
    ]
    .iter()
    .fold(said.to_owned(), |said, (theirs, ours)| said.replace(theirs, ours))
}

/// What a YAML file may do to us: little. Aliases are useful where endpoints share parameters.
fn options() -> serde_saphyr::Options {
    let budget = serde_saphyr::budget! {
        max_depth: 32,
        max_documents: 1,
        max_events: 50_000,
        max_nodes: 50_000,
        max_aliases: 200,
        max_anchors: 200,
        max_recorded_anchor_events: 50_000,
        max_recorded_anchor_bytes: FILE_BYTES_MAX,
        max_total_scalar_bytes: 4 * FILE_BYTES_MAX,
        max_merge_keys: 0,
    };
    serde_saphyr::options! {
        budget: budget,
        strict_booleans: true,
        with_snippet: false,
    }
}

#[cfg(test)]
mod shipped_tests;
#[cfg(test)]
mod tests;
