//! What a caller of an endpoint says: declared, checked, and brought to one form.

use serde_json::{Map, Value};

/// A declared parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name in the caller's JSON: `[a-z][a-z0-9_]{0,39}`.
    pub name: String,
    /// What it means, for a person.
    pub title: String,
}

/// What a caller said, checked against an endpoint's parameters: canonical, so that two ways of asking for the same
/// thing are one key (`"mes": 1`, `"mes": "1"` and `"mes": "01"`).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arguments(pub Map<String, Value>);

/// One wrong argument, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongArgument {
    /// JSON pointer into the caller's body (`/ncm`).
    pub pointer: String,
    /// What is wrong and what would be right, in Portuguese.
    pub portuguese: String,
    /// The same in English.
    pub english: String,
}
