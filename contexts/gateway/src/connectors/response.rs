//! Checks of the part of an endpoint that reads answers.

use std::collections::HashSet;

use super::fault::Faults;
use super::file::{
    EmptyFile, FailureFile, FieldFile, FieldTypeFile, MeaningFile, PartFile, PresenceFile, ResponseFile,
};
use super::located::At;
use crate::domain::mapping::{
    EmptyRule, Extra, Failure, Field, FieldKind, Meaning, Part, Place, Presence, ResponseMapping, Shape, Test,
};
use crate::domain::parameter::Parameter;

/// Fields of one record.
const FIELDS_MAX: usize = 200;

pub(super) fn check(
    file: &ResponseFile,
    parameters: &[Parameter],
    shared: &[Failure],
    faults: &mut Faults,
) -> ResponseMapping {
    let mut failures = self::failures(&file.failures, faults);
    failures.extend_from_slice(shared);
    let shape = shape(file, faults);
    let envelope = envelope(file, &shape, parameters, faults);
    let empty = match file.empty {
        EmptyFile::Answer => EmptyRule::Answer,
        EmptyFile::Doubtful => EmptyRule::Doubtful,
        EmptyFile::Missing => EmptyRule::Missing,
    };
    ResponseMapping { failures, shape, envelope, empty }
}

pub(super) fn failures(files: &[FailureFile], faults: &mut Faults) -> Vec<Failure> {
    files.iter().filter_map(|file| failure(file, faults)).collect()
}

fn failure(file: &FailureFile, faults: &mut Faults) -> Option<Failure> {
    let test = match (&file.equals, &file.contains, &file.empty) {
        (Some(value), None, None) => Test::Equals(value.value.json()),
        (None, Some(text), None) if !text.value.trim().is_empty() => Test::Contains(text.value.clone()),
        (None, None, Some(At { value: true, .. })) => Test::Empty,
        _ => {
            faults.add(&file.at, "say what is there when it is a failure: one of equals, contains: text, empty: true");
            return None;
        }
    };
    let meaning = match file.means {
        MeaningFile::TooManyRequests => Meaning::TooManyRequests,
        MeaningFile::Refused => Meaning::Refused,
        MeaningFile::Missing => Meaning::Missing,
    };
    let words = file.words.as_ref().and_then(|words| place(words, faults));
    Some(Failure { at: place(&file.at, faults)?, test, meaning, words })
}

fn place(at: &At<String>, faults: &mut Faults) -> Option<Place> {
    faults.take(at, Place::parse(&at.value))
}

fn shape(file: &ResponseFile, faults: &mut Faults) -> Shape {
    if let Some((_, field)) = file.fields.0.get(FIELDS_MAX) {
        faults.add(&field.kind, format!("at most {FIELDS_MAX} fields"));
    }
    let fields: Vec<Field> =
        file.fields.0.iter().filter_map(|(name, field)| self::field(name, field, faults)).collect();
    match (file.record.as_slice(), file.list.as_slice()) {
        (record @ [first, ..], []) => {
            if let Some(at) = &file.name {
                faults.add(at, "as goes with list only: the fields of a record are members of our answer");
            }
            if fields.is_empty() {
                faults.add(first, "a record needs fields");
            }
            Shape::Record { at: record.iter().filter_map(|at| place(at, faults)).collect(), fields }
        }
        ([], list @ [_, ..]) => {
            let name = file.name.as_ref().map_or("data", |name| name.value.as_str());
            if let Some(at) = file.name.as_ref().filter(|_| !is_member(name)) {
                faults.add(at, MEMBER);
            }
            let at = list.iter().filter_map(|at| place(at, faults)).collect();
            Shape::Records { at, name: name.to_owned(), fields }
        }
        ([first, ..], _) => {
            faults.add(first, "an answer holds either a record or a list");
            Shape::AsIs
        }
        ([], []) => {
            if let Some((name, _)) = file.fields.0.first() {
                faults.add(name, "fields of what? Name a record or a list");
            }
            Shape::AsIs
        }
    }
}

/// What members of our answers are called.
const MEMBER: &str = "a member's name is a-z, A-Z, 0-9 and _, at most 40 characters";

fn is_member(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn field(name: &At<String>, file: &FieldFile, faults: &mut Faults) -> Option<Field> {
    if !is_member(&name.value) {
        faults.add(name, MEMBER);
    }
    let kind = match (file.kind.value, &file.length) {
        (FieldTypeFile::Digits, Some(length)) => {
            FieldKind::Digits(usize::try_from(faults.range(Some(length), "length", 1, (1, 18))).unwrap_or(18))
        }
        (FieldTypeFile::Digits, None) => {
            faults.add(&file.kind, "digits need a length");
            return None;
        }
        (_, Some(length)) => {
            faults.add(length, "a length goes with the type digits only");
            return None;
        }
        (FieldTypeFile::Text, None) => FieldKind::Text,
        (FieldTypeFile::Integer, None) => FieldKind::Integer,
        (FieldTypeFile::Decimal, None) => FieldKind::Decimal,
        (FieldTypeFile::Boolean, None) => FieldKind::Boolean,
        (FieldTypeFile::Month, None) => FieldKind::Month,
        (FieldTypeFile::Date, None) => FieldKind::Date,
        (FieldTypeFile::Any, None) => FieldKind::Any,
    };
    let part = match file.part {
        PartFile::Value => Part::Value,
        PartFile::Keys => Part::Keys,
        PartFile::Values => Part::Values,
    };
    let presence = match file.presence {
        PresenceFile::Value => Presence::Value,
        PresenceFile::Key => Presence::Key,
        PresenceFile::Optional => Presence::Optional,
    };
    let from = place(file.from.as_ref().unwrap_or(name), faults)?;
    Some(Field { name: name.value.clone(), from, part, kind, presence })
}

fn envelope(file: &ResponseFile, shape: &Shape, parameters: &[Parameter], faults: &mut Faults) -> Vec<(String, Extra)> {
    let mut taken: HashSet<&str> = match shape {
        Shape::AsIs => HashSet::from(["data"]),
        Shape::Record { fields, .. } => fields.iter().map(|field| field.name.as_str()).collect(),
        Shape::Records { name, .. } => HashSet::from([name.as_str()]),
    };
    let mut out = Vec::new();
    for (name, value) in &file.constants.0 {
        if !is_member(&name.value) {
            faults.add(name, MEMBER);
        } else if !taken.insert(&name.value) {
            faults.add(name, format!("our answer has a member {} already", name.value));
        }
        out.push((name.value.clone(), Extra::Constant(value.value.json())));
    }
    for name in &file.arguments {
        if !parameters.iter().any(|parameter| parameter.name == name.value) {
            faults.add(name, format!("there is no parameter {}", name.value));
        } else if !taken.insert(&name.value) {
            faults.add(name, format!("our answer has a member {} already", name.value));
        }
        out.push((name.value.clone(), Extra::Argument(name.value.clone())));
    }
    out
}
