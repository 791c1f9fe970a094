//! How a source's answer becomes ours.

use serde_json::{Map, Number, Value};

use super::parameter::Arguments;
pub use super::template::{OutboundRequest, RequestTemplate};

/// Characters of a source's own words that are passed on.
const WORDS_MAX: usize = 200;

/// The part of a connector file that reads answers. The default passes them on as they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResponseMapping {
    /// What a failure looks like inside an answer of status 200, in order; the first that fits counts.
    pub failures: Vec<Failure>,
    /// What is read.
    pub shape: Shape,
    /// Further members of our answer.
    pub envelope: Vec<(String, Extra)>,
    /// What an answer without records means.
    pub empty: EmptyRule,
}

/// A place in a JSON value: member names and indexes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place(Vec<String>);

/// A failure inside an answer of status 200.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Where to look.
    pub at: Place,
    /// What is there when it is one.
    pub test: Test,
    /// What it means.
    pub meaning: Meaning,
    /// Where the source says why.
    pub words: Option<Place>,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// This value; `429` and `"429"` are the same.
    Equals(Value),
    /// A text that holds this one, in any letter case.
    Contains(String),
    /// Nothing: absent, `null`, or an empty text, list or object.
    Empty,
}

/// What a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// We ask too often.
    TooManyRequests,
    /// It failed or does not want to.
    Refused,
    /// There is no such thing.
    Missing,
}

/// What is read of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Shape {
    /// All of it, as it is.
    #[default]
    AsIs,
    /// One object, whose fields become the members of our answer.
    Record {
        /// Where it may be; the first of these that is an object counts.
        at: Vec<Place>,
        /// Its fields.
        fields: Vec<Field>,
    },
    /// A list of objects, which becomes a list under a name.
    Records {
        /// Where it may be; the first of these that is a list counts.
        at: Vec<Place>,
        /// The name of our list.
        name: String,
        /// The fields of each record; without any, records are passed on as they are.
        fields: Vec<Field>,
    },
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// What we call it.
    pub name: String,
    /// Where it is in the record.
    pub from: Place,
    /// Which part of what is there.
    pub part: Part,
    /// What it is.
    pub kind: FieldKind,
    /// Whether it may be missing.
    pub presence: Presence,
}

/// Which part of what stands at a place is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// The value itself.
    #[default]
    Value,
    /// The names of an object's members, as a list.
    Keys,
    /// The values of an object's members or of a list, as a list.
    Values,
}

/// What a field is, whether the source writes it as a JSON value or as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// A number without decimals, exact.
    Integer,
    /// A number with decimals: exact, or refused.
    Decimal,
    /// True or false.
    Boolean,
    /// A code of so many digits, filled with zeros on the left.
    Digits(usize),
    /// A month, 1 to 12.
    Month,
    /// A day, `YYYY-MM-DD`; of a longer timestamp, its first ten characters.
    Date,
    /// Whatever it is.
    Any,
}

/// Whether a field may be missing. What is missing is `null` with us, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presence {
    /// It has a value.
    Value,
    /// It is there, and may be `null` or empty.
    #[default]
    Key,
    /// It may be absent.
    Optional,
}

/// A further member of our answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Extra {
    /// Always the same.
    Constant(Value),
    /// What the caller said, `null` when nothing.
    Argument(String),
}

/// What an answer without records means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmptyRule {
    /// What it says: it is kept as long as any other.
    #[default]
    Answer,
    /// Perhaps not what it says (sources answer so when they did not understand): kept only for the short time.
    Doubtful,
    /// There is no such thing.
    Missing,
}

/// What a source's answer turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Mapped {
    /// Our answer.
    Found {
        /// It.
        answer: Value,
        /// Whether it is an empty one that may be kept only for the short time of `CacheRule::missing`.
        empty: bool,
    },
    /// There is no such thing.
    Missing,
}

/// Why an answer cannot be used; never cached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// A field is absent or of another type than the file says. The text names the place and not the value.
    #[error("{0}")]
    Unexpected(String),
    /// The source says, inside an answer of status 200, that we ask too often.
    #[error("the source says that it is asked too often")]
    TooManyRequests,
    /// The source says, inside an answer of status 200, that it failed or refused.
    #[error("the source says: {0}")]
    Refused(String),
}

impl ResponseMapping {
    /// Our form of a source's JSON.
    ///
    /// # Errors
    /// When the answer is not what the file says.
    pub fn apply(&self, answer: &Value, arguments: &Arguments) -> Result<Mapped, MappingError> {
        if let Some(failure) = self.failures.iter().find(|failure| failure.test.fits(failure.at.find(answer))) {
            return failure.outcome(answer);
        }
        let mut out = Map::new();
        for (name, extra) in &self.envelope {
            let value = match extra {
                Extra::Constant(value) => value.clone(),
                Extra::Argument(argument) => arguments.0.get(argument).cloned().unwrap_or_default(),
            };
            out.insert(name.clone(), value);
        }
        match &self.shape {
            Shape::AsIs if out.is_empty() => return Ok(Mapped::Found { answer: answer.clone(), empty: false }),
            Shape::AsIs => drop(out.insert("data".to_owned(), answer.clone())),
            Shape::Record { at, fields } => {
                let found = at.iter().find_map(|place| Some((place, place.find(answer).filter(|it| it.is_object())?)));
                let (place, record) = found.ok_or_else(|| unexpected(&join(at), "is absent or no object"))?;
                out.extend(read_record(record, fields, &place.to_string())?);
            }
            Shape::Records { at, name, fields } => {
                let records = read_list(answer, at, fields)?;
                if records.is_empty() && self.empty == EmptyRule::Missing {
                    return Ok(Mapped::Missing);
                }
                let empty = records.is_empty() && self.empty == EmptyRule::Doubtful;
                out.insert(name.clone(), Value::Array(records));
                return Ok(Mapped::Found { answer: Value::Object(out), empty });
            }
        }
        Ok(Mapped::Found { answer: Value::Object(out), empty: false })
    }
}

impl Failure {
    fn outcome(&self, answer: &Value) -> Result<Mapped, MappingError> {
        match self.meaning {
            Meaning::Missing => Ok(Mapped::Missing),
            Meaning::TooManyRequests => Err(MappingError::TooManyRequests),
            Meaning::Refused => {
                let words = self.words.as_ref().and_then(|place| place.find(answer)?.as_str());
                let words: String =
                    words.unwrap_or_default().chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect();
                Err(MappingError::Refused(if words.trim().is_empty() { "no reason given".to_owned() } else { words }))
            }
        }
    }
}

impl Test {
    fn fits(&self, found: Option<&Value>) -> bool {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        match self {
            Self::Equals(value) => found.is_some_and(|found| found == value || text(found) == text(value)),
            Self::Contains(part) => {
                found.and_then(Value::as_str).is_some_and(|found| found.to_lowercase().contains(&part.to_lowercase()))
            }
            Self::Empty => found.is_none_or(is_empty),
        }
    }
}

impl Place {
    /// Reads `data.list`, `data.0`; `$` is the whole value.
    ///
    /// # Errors
    /// What is wrong with it, for whoever wrote the file.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "$" {
            return Ok(Self::default());
        }
        let parts: Vec<String> = text.split('.').map(ToOwned::to_owned).collect();
        if parts.len() > 16 || parts.iter().any(|part| part.is_empty() || part.chars().any(char::is_control)) {
            return Err("a place is names and indexes with dots between them (data.list, data.0), or $ for all".into());
        }
        Ok(Self(parts))
    }

    fn find<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |value, part| match value {
            Value::Object(members) => members.get(part),
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.0.is_empty() { "$" } else { "" })?;
        formatter.write_str(&self.0.join("."))
    }
}

fn unexpected(place: &str, what: &str) -> MappingError {
    MappingError::Unexpected(format!("{place} {what}"))
}

fn join(places: &[Place]) -> String {
    places.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn read_list(answer: &Value, at: &[Place], fields: &[Field]) -> Result<Vec<Value>, MappingError> {
    let found = at.iter().find_map(|place| Some((place, place.find(answer)?.as_array()?)));
    let Some((place, records)) = found else {
        return Err(unexpected(&join(at), "is absent or no list"));
    };
    if fields.is_empty() {
        return Ok(records.clone());
    }
    let read =
        |(at, record): (usize, &Value)| read_record(record, fields, &format!("{place}[{at}]")).map(Value::Object);
    records.iter().enumerate().map(read).collect()
}

fn read_record(record: &Value, fields: &[Field], place: &str) -> Result<Map<String, Value>, MappingError> {
    if !record.is_object() {
        return Err(unexpected(place, "is no object"));
    }
    fields.iter().map(|field| Ok((field.name.clone(), field.read(record, place)?))).collect()
}

impl Field {
    fn read(&self, record: &Value, place: &str) -> Result<Value, MappingError> {
        let here = || format!("{place}.{}", self.from);
        let found = self.from.find(record);
        match (found, self.presence) {
            (None, Presence::Optional) => return Ok(Value::Null),
            (None, _) => return Err(unexpected(&here(), "is absent")),
            (Some(value), Presence::Value) if is_empty(value) => return Err(unexpected(&here(), "is empty")),
            _ => {}
        }
        let found = found.unwrap_or(&Value::Null);
        let one = |value: &Value| {
            self.kind.read(value).ok_or_else(|| unexpected(&here(), &format!("is not {}", self.kind.expected())))
        };
        match (self.part, found) {
            (_, Value::Null) => Ok(Value::Null),
            (Part::Value, value) => one(value),
            (Part::Keys, Value::Object(members)) => members.keys().map(|key| one(&key.as_str().into())).collect(),
            (Part::Values, Value::Object(members)) => members.values().map(one).collect(),
            (Part::Values, Value::Array(items)) => items.iter().map(one).collect(),
            (Part::Keys, _) => Err(unexpected(&here(), "is no object")),
            (Part::Values, _) => Err(unexpected(&here(), "is no object and no list")),
        }
    }
}

impl FieldKind {
    /// Our form of a value: `Null` of what is empty, `None` of what is something else.
    fn read(self, value: &Value) -> Option<Value> {
        if self == Self::Any {
            return Some(value.clone());
        }
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Null => String::new(),
            Value::Array(_) | Value::Object(_) => return None,
        };
        if text.is_empty() {
            return Some(Value::Null);
        }
        match self {
            Self::Any | Self::Text => Some(text.into()),
            Self::Integer => integer(&text).map(Value::from),
            Self::Decimal => decimal(&text).map(Value::Number),
            Self::Boolean => match text.as_str() {
                "true" | "1" => Some(true.into()),
                "false" | "0" => Some(false.into()),
                _ => None,
            },
            Self::Digits(length) => {
                let sound = text.len() <= length && text.bytes().all(|byte| byte.is_ascii_digit());
                sound.then(|| format!("{text:0>length$}").into())
            }
            Self::Month => integer(&text).filter(|month| (1..=12).contains(month)).map(Value::from),
            Self::Date => {
                let day = text.get(..10)?;
                chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().map(|_| day.into())
            }
        }
    }

    fn expected(self) -> String {
        match self {
            Self::Text | Self::Any => "text".to_owned(),
            Self::Integer => "an integer".to_owned(),
            Self::Decimal => "a number, or has more digits than can be passed on exactly".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Digits(length) => format!("a code of {length} digits"),
            Self::Month => "a month".to_owned(),
            Self::Date => "a day".to_owned(),
        }
    }
}

/// `12`, and `12.00`, which some sources write for it.
fn integer(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let zeros = !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0');
    if zeros && !whole.starts_with('+') { whole.parse().ok() } else { None }
}

/// The JSON number that is written as `text` is, but for zeros that mean nothing. A number that would come out
/// otherwise (beyond some fifteen digits) is refused rather than rounded.
fn decimal(text: &str) -> Option<Number> {
    if let Some(number) = integer(text) {
        return Some(number.into());
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole.strip_prefix('-').unwrap_or(whole)) || !digits(decimals) {
        return None;
    }
    let number = Number::from_f64(text.parse().ok()?)?;
    let plain = |text: &str| {
        let (sign, text) = text.strip_prefix('-').map_or(("", text), |text| ("-", text));
        let text = text.trim_start_matches('0').trim_end_matches('0');
        format!("{sign}{text}")
    };
    (plain(&number.to_string()) == plain(text)).then_some(number)
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
