//! What a caller of an endpoint says: declared, checked, and brought to one form.

use serde_json::{Map, Value};

use super::connector::Endpoint;

/// Wrong arguments that one answer lists; more help nobody.
const WRONG_MAX: usize = 50;

/// A declared parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name in the caller's JSON: `[a-z][a-z0-9_]{0,39}`.
    pub name: String,
    /// What it means, for a person.
    pub title: String,
    /// What a value of it looks like.
    pub kind: ParameterKind,
    /// A set of at most so many values instead of one. A single value is a set of one; order and repetition carry no
    /// meaning and are lost.
    pub most: Option<usize>,
    /// Whether a caller may leave it out. `null` is the same as leaving it out.
    pub optional: bool,
    /// What it is when left out, canonical; saying it is the same as not saying anything.
    pub default: Option<Value>,
}

/// What one value of a parameter looks like, and which form is canonical.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterKind {
    /// A number without decimals, as JSON number or text; canonical as JSON number.
    Integer {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// A code of ASCII digits, as text or as a JSON number that lost its zeros; canonical as text with all of them.
    Digits {
        /// Its digits.
        length: usize,
        /// A shorter one is filled with zeros on the left, but not one that is shorter than this.
        length_min: usize,
        /// Whether dots between digits are left out (`1701.14.00`).
        dotted: bool,
        /// Between which numbers it lies, where not every code is one.
        range: Option<(u64, u64)>,
    },
    /// Words; canonical without spaces at the ends and in the letter case asked for.
    Text {
        /// Which characters may stand in it.
        characters: Vec<CharacterClass>,
        /// The fewest characters, at least 1.
        length_min: usize,
        /// The most characters.
        length_max: usize,
        /// The letter case that it is brought to.
        letters: LetterCase,
    },
    /// One of a closed list; canonical as the list spells it, whatever the letter case asked.
    Choice(Vec<String>),
}

/// A set of characters that a text may hold. Control characters are in none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharacterClass {
    /// Letters of any language.
    Letters,
    /// a to z and A to Z.
    AsciiLetters,
    /// 0 to 9.
    Digits,
    /// A space.
    Space,
    /// `-`
    Hyphen,
    /// `_`
    Underscore,
    /// `.`
    Dot,
    /// `,`, `'`, `(`, `)`, `&`, `/`: what names of goods and places hold besides.
    Punctuation,
}

/// The letter case of a canonical text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LetterCase {
    /// As it was said.
    #[default]
    AsSaid,
    /// Lower.
    Lower,
    /// Upper.
    Upper,
}

/// What a caller said, checked against an endpoint's parameters: canonical, so that two ways of asking for the same
/// thing are one key (`"mes": 1`, `"mes": "1"` and `"mes": "01"`). In order of declaration.
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

impl WrongArgument {
    fn new(pointer: String, portuguese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { pointer, portuguese: portuguese.into(), english: english.into() }
    }
}

impl Endpoint {
    /// The arguments in their one form.
    ///
    /// # Errors
    /// Every wrong argument (the first fifty): unknown, missing, of another type, out of range. Values are not repeated.
    pub fn check(&self, arguments: &Map<String, Value>) -> Result<Arguments, Vec<WrongArgument>> {
        let mut wrong = Vec::new();
        let mut checked = Map::new();
        for parameter in &self.parameters {
            match parameter.check(arguments.get(&parameter.name)) {
                Ok(Some(value)) => drop(checked.insert(parameter.name.clone(), value)),
                Ok(None) => {}
                Err(found) => wrong.extend(found),
            }
        }
        let known = |name: &str| self.parameters.iter().any(|parameter| parameter.name == name);
        for name in arguments.keys().filter(|name| !known(name)).take(WRONG_MAX) {
            wrong.push(self.unknown(name));
        }
        wrong.truncate(WRONG_MAX);
        if wrong.is_empty() { Ok(Arguments(checked)) } else { Err(wrong) }
    }

    fn unknown(&self, name: &str) -> WrongArgument {
        let names: Vec<&str> = self.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let pointer = format!("/{}", escape(name));
        if names.is_empty() {
            return WrongArgument::new(
                pointer,
                "não existe: esta consulta não tem parâmetros",
                "there is no such parameter: this endpoint takes none",
            );
        }
        let names = names.join(", ");
        WrongArgument::new(
            pointer,
            format!("não existe; os parâmetros são: {names}"),
            format!("there is no such parameter; they are: {names}"),
        )
    }
}

impl Parameter {
    /// The canonical form of what was said; `None` when it was left out and may be.
    ///
    /// # Errors
    /// What is wrong with it, each value of a set on its own.
    pub fn check(&self, said: Option<&Value>) -> Result<Option<Value>, Vec<WrongArgument>> {
        let pointer = format!("/{}", self.name);
        let Some(said) = said.filter(|said| !said.is_null()) else {
            if self.default.is_none() && !self.optional {
                return Err(vec![WrongArgument::new(pointer, "é obrigatório", "is required")]);
            }
            return Ok(self.default.clone());
        };
        match self.most {
            None => self.one(said, pointer).map(Some).map_err(|wrong| vec![wrong]),
            Some(most) => self.several(said, &pointer, most).map(Some),
        }
    }

    fn one(&self, said: &Value, pointer: String) -> Result<Value, WrongArgument> {
        self.kind.canonical(said).ok_or_else(|| {
            let (portuguese, english) = self.kind.expected();
            WrongArgument::new(pointer, format!("deve ser {portuguese}"), format!("must be {english}"))
        })
    }

    fn several(&self, said: &Value, pointer: &str, most: usize) -> Result<Value, Vec<WrongArgument>> {
        let one = std::slice::from_ref(said);
        let (items, listed) = said.as_array().map_or((one, false), |items| (items.as_slice(), true));
        if items.is_empty() || items.len() > most {
            return Err(vec![WrongArgument::new(
                pointer.to_owned(),
                format!("deve ter de 1 a {most} valores"),
                format!("must have 1 to {most} values"),
            )]);
        }
        let mut values = Vec::with_capacity(items.len());
        let mut wrong = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let pointer = if listed { format!("{pointer}/{at}") } else { pointer.to_owned() };
            match self.one(item, pointer) {
                Ok(value) => values.push(value),
                Err(found) => wrong.push(found),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        values.sort_by(|a, b| (a.as_i64(), a.as_str()).cmp(&(b.as_i64(), b.as_str())));
        values.dedup();
        Ok(Value::Array(values))
    }
}

impl ParameterKind {
    /// The one form of a value; `None` when it is no value of this kind.
    #[must_use]
    pub fn canonical(&self, said: &Value) -> Option<Value> {
        match self {
            Self::Integer { min, max } => {
                let number = integer(said)?;
                (*min..=*max).contains(&number).then(|| number.into())
            }
            Self::Digits { length, length_min, dotted, range } => {
                let text = digits(said, *dotted)?;
                if text.len() < *length_min || text.len() > *length {
                    return None;
                }
                let within = |range: &(u64, u64)| text.parse().is_ok_and(|n: u64| (range.0..=range.1).contains(&n));
                range.as_ref().is_none_or(within).then(|| format!("{text:0>length$}").into())
            }
            Self::Text { characters, length_min, length_max, letters } => {
                let text = letters.apply(plain(said)?.trim_matches(' '));
                let length = text.chars().count();
                let allowed = |c: char| characters.iter().any(|class| class.has(c));
                let sound = (*length_min..=*length_max).contains(&length) && text.chars().all(allowed);
                // A dot segment would climb out of the path that the connector's file gives.
                (sound && text != "." && text != "..").then(|| text.into())
            }
            Self::Choice(values) => {
                let text = plain(said)?;
                let same = |value: &&String| value.to_lowercase() == text.trim().to_lowercase();
                values.iter().find(same).map(|value| value.as_str().into())
            }
        }
    }

    /// What would be right, in Portuguese and in English; it goes on after "must be".
    #[must_use]
    pub fn expected(&self) -> (String, String) {
        match self {
            Self::Integer { min, max } => {
                (format!("um número inteiro de {min} a {max}"), format!("an integer from {min} to {max}"))
            }
            Self::Digits { length, length_min, dotted, range } => {
                let dots = if *dotted { (", com ou sem pontos", ", with or without dots") } else { ("", "") };
                let count = if length == length_min { length.to_string() } else { format!("{length_min}–{length}") };
                let (from, to) = range.map_or((String::new(), String::new()), |(low, high)| {
                    (
                        format!(", de {low:0>length$} a {high:0>length$}"),
                        format!(", from {low:0>length$} to {high:0>length$}"),
                    )
                });
                (
                    format!("um código de {count} dígitos{}{from}", dots.0),
                    format!("a code of {count} digits{}{to}", dots.1),
                )
            }
            Self::Text { characters, length_min, length_max, .. } => {
                let names = |name: fn(CharacterClass) -> (&'static str, &'static str)| -> (String, String) {
                    let (first, second): (Vec<_>, Vec<_>) = characters.iter().map(|class| name(*class)).unzip();
                    (first.join(", "), second.join(", "))
                };
                let (portuguese, english) = names(CharacterClass::name);
                (
                    format!("um texto de {length_min} a {length_max} caracteres ({portuguese})"),
                    format!("a text of {length_min} to {length_max} characters ({english})"),
                )
            }
            Self::Choice(values) => {
                let values = values.join(", ");
                (format!("um de: {values}"), format!("one of: {values}"))
            }
        }
    }
}

impl CharacterClass {
    fn has(self, c: char) -> bool {
        match self {
            Self::Letters => c.is_alphabetic(),
            Self::AsciiLetters => c.is_ascii_alphabetic(),
            Self::Digits => c.is_ascii_digit(),
            Self::Space => c == ' ',
            Self::Hyphen => c == '-',
            Self::Underscore => c == '_',
            Self::Dot => c == '.',
            Self::Punctuation => ",'()&/".contains(c),
        }
    }

    const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Letters => ("letras", "letters"),
            Self::AsciiLetters => ("letras sem acento", "letters without accents"),
            Self::Digits => ("dígitos", "digits"),
            Self::Space => ("espaços", "spaces"),
            Self::Hyphen => ("hifens", "hyphens"),
            Self::Underscore => ("sublinhados", "underscores"),
            Self::Dot => ("pontos", "dots"),
            Self::Punctuation => ("pontuação , ' ( ) & /", "punctuation , ' ( ) & /"),
        }
    }
}

impl LetterCase {
    fn apply(self, text: &str) -> String {
        match self {
            Self::AsSaid => text.to_owned(),
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
        }
    }
}

/// A JSON number without decimals (`1` and `1.0` are the same number), or its text.
fn integer(said: &Value) -> Option<i64> {
    match said {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The integer that a floating-point number stands for, below 2⁵³, where it stands for one only.
#[expect(clippy::cast_possible_truncation, reason = "whole and below 2⁵³")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}

fn digits(said: &Value, dotted: bool) -> Option<String> {
    let text = match said {
        Value::Number(_) => integer(said).filter(|number| *number >= 0)?.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let text = if dotted && !text.starts_with('.') && !text.ends_with('.') { text.replace('.', "") } else { text };
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// The text of a text or of an integer.
fn plain(said: &Value) -> Option<String> {
    match said {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) => integer(said).map(|number| number.to_string()),
        _ => None,
    }
}

/// A name as part of a JSON pointer (RFC 6901), cut where it is absurdly long.
fn escape(name: &str) -> String {
    name.chars().take(60).collect::<String>().replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
#[path = "parameter_tests.rs"]
mod tests;
