//! Checks of parameters.

use std::collections::BTreeMap;

use super::fault::Faults;
use super::file::{CharactersFile, DigitsFile, IntegerFile, LettersFile, ParameterFile, TextFile};
use super::located::{At, Ordered};
use crate::domain::parameter::{CharacterClass, LetterCase, Parameter, ParameterKind};
use crate::domain::template::is_name;

/// Choices of one parameter.
const CHOICES_MAX: usize = 300;

/// What the source calls the choices, by parameter.
type Sent = BTreeMap<String, BTreeMap<String, String>>;

pub(super) fn check(file: &Ordered<ParameterFile>, faults: &mut Faults) -> (Vec<Parameter>, Sent) {
    let (mut parameters, mut sent) = (Vec::new(), Sent::new());
    for (name, file) in &file.0 {
        if !is_name(&name.value) {
            faults.add(name, "a parameter's name is a-z, then a-z, 0-9 and _, at most 40 characters");
        }
        parameters.extend(parameter(name, file, faults));
        if let Some(choices) = &file.choice_sent_as {
            let choices = choices.0.iter().map(|(ours, theirs)| (ours.value.clone(), theirs.value.clone()));
            sent.insert(name.value.clone(), choices.collect());
        }
    }
    (parameters, sent)
}

fn parameter(name: &At<String>, file: &ParameterFile, faults: &mut Faults) -> Option<Parameter> {
    let title = faults.title(&file.title, "title");
    let kind = kind(name, file, faults)?;
    let most = file.most.as_ref().map(|at| usize_of(faults.range(Some(at), "most", 1, (1, 500))));
    let mut parameter =
        Parameter { name: name.value.clone(), title, kind, most, optional: file.optional, default: None };
    if let Some(default) = &file.default {
        match parameter.check(Some(&default.value.json())) {
            Ok(Some(value)) => parameter.default = Some(value),
            Ok(None) => faults.add(default, "null is no default: write optional: true"),
            Err(wrong) => wrong.iter().for_each(|wrong| faults.add(default, format!("the default {}", wrong.english))),
        }
        if file.optional {
            faults.add(default, "a parameter with a default is always there: leave optional out");
        }
    }
    Some(parameter)
}

fn kind(name: &At<String>, file: &ParameterFile, faults: &mut Faults) -> Option<ParameterKind> {
    let mut kinds: Vec<Option<ParameterKind>> = Vec::new();
    kinds.extend(file.integer.as_ref().map(|file| Some(integer(file, faults))));
    kinds.extend(file.digits.as_ref().map(|file| digits(file, faults)));
    kinds.extend(file.text.as_ref().map(|file| Some(text(file, faults))));
    kinds.extend(file.choice.as_ref().map(|choices| Some(choice(name, choices.iter(), faults))));
    if let Some(choices) = &file.choice_sent_as {
        kinds.push(Some(choice(name, choices.0.iter().map(|(ours, _)| ours), faults)));
        choices.0.iter().for_each(|(_, theirs)| sound_choice(theirs, faults));
    }
    if kinds.len() != 1 {
        faults.add(name, "say what it looks like by one of integer, digits, text, choice, choice_sent_as");
        return None;
    }
    kinds.pop().flatten()
}

fn integer(file: &IntegerFile, faults: &mut Faults) -> ParameterKind {
    if file.min.value > file.max.value {
        faults.add(&file.max, format!("max must be at least min, which is {}", file.min.value));
    }
    ParameterKind::Integer { min: file.min.value, max: file.max.value }
}

fn digits(file: &DigitsFile, faults: &mut Faults) -> Option<ParameterKind> {
    let length = faults.range(Some(&file.length), "length", 1, (1, 18));
    let length_min = faults.range(file.length_min.as_ref(), "length_min", length, (1, length));
    let range = match (&file.min, &file.max) {
        (None, None) => None,
        (min, max) => {
            let most = 10_u64.pow(u32::try_from(length).unwrap_or(18)) - 1;
            let low = faults.range(min.as_ref(), "min", 0, (0, most));
            Some((low, faults.range(max.as_ref(), "max", most, (low, most))))
        }
    };
    let (length, length_min) = (usize_of(length), usize_of(length_min));
    Some(ParameterKind::Digits { length, length_min, dotted: file.dotted, range })
}

fn text(file: &TextFile, faults: &mut Faults) -> ParameterKind {
    if file.characters.value.is_empty() {
        faults.add(&file.characters, "which characters may stand in it?");
    }
    let length_max = faults.range(Some(&file.length_max), "length_max", 1, (1, 200));
    let length_min = faults.range(file.length_min.as_ref(), "length_min", 1, (1, length_max));
    let class = |file: &CharactersFile| match file {
        CharactersFile::Letters => CharacterClass::Letters,
        CharactersFile::AsciiLetters => CharacterClass::AsciiLetters,
        CharactersFile::Digits => CharacterClass::Digits,
        CharactersFile::Space => CharacterClass::Space,
        CharactersFile::Hyphen => CharacterClass::Hyphen,
        CharactersFile::Underscore => CharacterClass::Underscore,
        CharactersFile::Dot => CharacterClass::Dot,
        CharactersFile::Punctuation => CharacterClass::Punctuation,
    };
    ParameterKind::Text {
        characters: file.characters.value.iter().map(class).collect(),
        length_min: usize_of(length_min),
        length_max: usize_of(length_max),
        letters: match file.letters {
            LettersFile::AsSaid => LetterCase::AsSaid,
            LettersFile::Lower => LetterCase::Lower,
            LettersFile::Upper => LetterCase::Upper,
        },
    }
}

fn choice<'a>(name: &At<String>, choices: impl Iterator<Item = &'a At<String>>, faults: &mut Faults) -> ParameterKind {
    let mut values: Vec<String> = Vec::new();
    for choice in choices {
        sound_choice(choice, faults);
        if values.iter().any(|other| other.to_lowercase() == choice.value.to_lowercase()) {
            faults.add(choice, format!("{} is there twice; letter case does not count", choice.value));
        }
        values.push(choice.value.clone());
    }
    if values.is_empty() || values.len() > CHOICES_MAX {
        faults.add(name, format!("1 to {CHOICES_MAX} choices"));
    }
    ParameterKind::Choice(values)
}

fn sound_choice(choice: &At<String>, faults: &mut Faults) {
    let text = &choice.value;
    let sound = (1..=100).contains(&text.chars().count()) && text.trim() == text && !text.chars().any(char::is_control);
    if !sound || text == "." || text == ".." {
        faults.add(choice, "a choice has 1 to 100 characters, none at its ends is a space, and it is not . or ..");
    }
}

/// A number that a range has bounded already.
fn usize_of(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
