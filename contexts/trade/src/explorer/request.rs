//! A question as a client writes it: names of dimensions and measures, and how the parameters are read.

use platform::problem::{Problem, Text};

use super::cuts::{self, MonthCut};
use crate::cube::Snapshot;
use crate::cube::question::Cuts;
use platform::http::language::Language;

/// Most rows an answer may have.
pub const LIMIT_MAX: usize = 50_000;
/// Rows of an answer that asks for no number.
pub const LIMIT_DEFAULT: usize = 1_000;
/// Most rows that can be left out first.
pub const OFFSET_MAX: usize = 10_000_000;
/// Longest value of a parameter, in bytes.
pub const PARAMETER_BYTES_MAX: usize = 4_096;

/// What an answer can have rows for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Calendar year.
    Year,
    /// Month of a year, `2025-02`.
    Month,
    /// Product, 8 digits.
    Ncm,
    /// Subheading, 6 digits.
    Sh6,
    /// Heading, 4 digits.
    Sh4,
    /// Chapter, 2 digits.
    Sh2,
    /// Destination.
    Country,
    /// Producing state.
    Uf,
    /// Sector of the economy.
    Sector,
    /// Way of transport.
    Via,
    /// Region of the producing state.
    Region,
    /// Economic bloc of the destination; a country may be in several.
    Bloc,
    /// Customs unit.
    Urf,
}

impl Dimension {
    /// Every dimension with its name.
    pub const ALL: [(&'static str, Self); 13] = [
        ("year", Self::Year),
        ("month", Self::Month),
        ("ncm", Self::Ncm),
        ("sh6", Self::Sh6),
        ("sh4", Self::Sh4),
        ("sh2", Self::Sh2),
        ("country", Self::Country),
        ("uf", Self::Uf),
        ("sector", Self::Sector),
        ("via", Self::Via),
        ("region", Self::Region),
        ("bloc", Self::Bloc),
        ("urf", Self::Urf),
    ];
}

/// What an answer can say of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// FOB value in US dollars.
    Fob,
    /// Net weight in kilograms.
    Kg,
    /// The row's part of the FOB value of all rows of the answer, 0–1, before any limit.
    Share,
    /// Change of the FOB value against the same covered months one year earlier, as a fraction; null where
    /// those months are not all covered or were zero.
    Growth,
    /// US dollars a kilogram: ΣFOB/Σkg over the cells of the cube that have a weight; null without weight.
    Price,
    /// Herfindahl–Hirschman index of the destinations by FOB value, 0–1.
    Hhi,
    /// Statistical quantity, in a unit of its own; null where the row has several units or none.
    Qt,
}

impl Measure {
    /// Every measure with its name.
    pub const ALL: [(&'static str, Self); 7] = [
        ("fob", Self::Fob),
        ("kg", Self::Kg),
        ("share", Self::Share),
        ("growth", Self::Growth),
        ("price", Self::Price),
        ("hhi", Self::Hhi),
        ("qt", Self::Qt),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, measure)| *measure == self).map_or("", |(name, _)| name)
    }
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortField {
    /// A dimension of the answer.
    Dimension(Dimension),
    /// A measure of the answer.
    Measure(Measure),
}

/// How the answer is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// `{"data": […], "meta": {…}}`.
    #[default]
    Json,
    /// The rows of `data` as RFC 4180, with a header, and what is covered in each.
    Csv,
    /// The same as a workbook, with a sheet that says what they are.
    Xlsx,
}

/// How the numbers of a CSV are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 4180 with decimal points: for programs.
    #[default]
    Plain,
    /// Byte order mark, semicolons and decimal commas: for spreadsheets in Brazil.
    Br,
}

/// A valid question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Dimensions of the rows, in the order of the columns.
    pub drilldowns: Vec<Dimension>,
    /// Measures, in the order of the columns.
    pub measures: Vec<Measure>,
    /// What counts, except time.
    pub cuts: Cuts,
    /// Which months count.
    pub months: MonthCut,
    /// Order asked for, and whether it descends.
    pub sort: Option<(SortField, bool)>,
    /// Most rows to return.
    pub limit: usize,
    /// Rows to leave out first.
    pub offset: usize,
    /// How to write the answer.
    pub format: Format,
    /// How a CSV writes its numbers.
    pub dialect: Dialect,
    /// Language of labels.
    pub language: Language,
}

const PARAMETERS: [&str; 9] =
    ["drilldowns", "cuts", "measures", "sort", "limit", "offset", "format", "dialect", "lang"];

impl Request {
    /// Reads the parameters of a query. `accepted` is the language where `lang` does not name one.
    ///
    /// # Errors
    /// `validation_error` with one entry for each wrong parameter.
    pub fn parse(pairs: &[(String, String)], accepted: Language, snapshot: &Snapshot) -> Result<Self, Problem> {
        let mut errors = Errors::default();
        errors.check_names(pairs);
        let text =
            |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default();
        let drilldowns = errors.list("drilldowns", text("drilldowns"), &Dimension::ALL);
        let mut measures = errors.list("measures", text("measures"), &Measure::ALL);
        if measures.is_empty() {
            measures = vec![Measure::Fob, Measure::Kg];
        }
        let (cuts, months) = match cuts::parse(text("cuts"), snapshot) {
            Ok(cuts) => cuts,
            Err(details) => {
                details.into_iter().for_each(|detail| errors.add_text("cuts", detail));
                (Cuts::default(), MonthCut::default())
            }
        };
        errors.check_together(&drilldowns, &measures);
        let sort = errors.sort(text("sort"), &drilldowns, &measures);
        let limit = errors.number("limit", text("limit"), 1..=LIMIT_MAX, LIMIT_DEFAULT);
        let offset = errors.number("offset", text("offset"), 0..=OFFSET_MAX, 0);
        let formats = [("json", Format::Json), ("csv", Format::Csv), ("xlsx", Format::Xlsx)];
        let format = errors.choice("format", text("format"), &formats).unwrap_or_default();
        let dialect = errors.dialect(text("dialect"), format);
        let languages = [("pt-BR", Language::PtBr), ("pt", Language::PtBr), ("en", Language::En)];
        let language = errors.choice("lang", text("lang"), &languages).unwrap_or(accepted);
        errors.into_result(Self { drilldowns, measures, cuts, months, sort, limit, offset, format, dialect, language })
    }

    /// The question in one form, however it was written: the same text for the same answer.
    #[must_use]
    pub fn canonical(&self) -> String {
        format!("exports {self:?}")
    }
}

/// Wrong parameters, collected so that a client hears of all of them at once.
#[derive(Default)]
struct Errors(Vec<(String, Text)>);

impl Errors {
    fn add(&mut self, parameter: &str, portuguese: impl Into<String>, english: impl Into<String>) {
        self.add_text(parameter, Text::new(portuguese, english));
    }

    fn add_text(&mut self, parameter: &str, text: Text) {
        // A client that sends nonsense does not need more than a page of complaints.
        if self.0.len() < 20 {
            self.0.push((parameter.to_owned(), text));
        }
    }

    fn check_names(&mut self, pairs: &[(String, String)]) {
        for (at, (name, value)) in pairs.iter().enumerate() {
            if !PARAMETERS.contains(&name.as_str()) {
                let (shown, allowed) = (short(name), PARAMETERS.join(", "));
                self.add(
                    &shown,
                    format!("O parâmetro {shown:?} não existe; os parâmetros são {allowed}."),
                    format!("There is no parameter {shown:?}; the parameters are {allowed}."),
                );
            } else if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                self.add(
                    name,
                    format!("{name} aparece duas vezes; informe-o uma vez, com os valores separados por vírgulas."),
                    format!("{name} is given twice; give it once, with its values separated by commas."),
                );
            } else if value.len() > PARAMETER_BYTES_MAX {
                self.add(
                    name,
                    format!("{name} tem mais de {PARAMETER_BYTES_MAX} bytes."),
                    format!("{name} is longer than {PARAMETER_BYTES_MAX} bytes."),
                );
            }
        }
    }

    fn list<T: Copy + PartialEq>(&mut self, parameter: &str, text: &str, all: &[(&str, T)]) -> Vec<T> {
        let mut values = Vec::new();
        for part in
            text.split(',').map(str::trim).filter(|_| !text.trim().is_empty() && text.len() <= PARAMETER_BYTES_MAX)
        {
            match all.iter().find(|(name, _)| *name == part) {
                Some((_, value)) if values.contains(value) => self.add(
                    parameter,
                    format!("{part:?} aparece duas vezes em {parameter}."),
                    format!("{part:?} is twice in {parameter}."),
                ),
                Some((_, value)) => values.push(*value),
                None => self.unknown(parameter, part, all),
            }
        }
        values
    }

    fn choice<T: Copy>(&mut self, parameter: &str, text: &str, all: &[(&str, T)]) -> Option<T> {
        if text.is_empty() {
            return None;
        }
        let found = all.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, value)| *value);
        if found.is_none() {
            self.unknown(parameter, text, all);
        }
        found
    }

    fn dialect(&mut self, text: &str, format: Format) -> Dialect {
        let dialect = self.choice("dialect", text, &[("plain", Dialect::Plain), ("br", Dialect::Br)]);
        if dialect.is_some() && format != Format::Csv {
            self.add(
                "dialect",
                "dialect é só de CSV; escreva também format=csv.",
                "dialect is of CSV only; write format=csv too.",
            );
        }
        dialect.unwrap_or_default()
    }

    fn unknown<T>(&mut self, parameter: &str, value: &str, all: &[(&str, T)]) {
        let (shown, allowed) = (short(value), names(all));
        self.add(
            parameter,
            format!("{parameter} não conhece {shown:?}; os valores são {allowed}."),
            format!("{parameter} does not know {shown:?}; allowed are {allowed}."),
        );
    }

    fn number(
        &mut self,
        parameter: &str,
        text: &str,
        allowed: std::ops::RangeInclusive<usize>,
        default: usize,
    ) -> usize {
        if text.is_empty() {
            return default;
        }
        match text.parse() {
            Ok(value) if allowed.contains(&value) => value,
            _ => {
                let (first, last) = (allowed.start(), allowed.end());
                self.add(
                    parameter,
                    format!("{parameter} precisa ser um número de {first} a {last}."),
                    format!("{parameter} must be a number from {first} to {last}."),
                );
                default
            }
        }
    }

    fn sort(&mut self, text: &str, drilldowns: &[Dimension], measures: &[Measure]) -> Option<(SortField, bool)> {
        if text.is_empty() {
            return None;
        }
        let (name, order) = text.split_once('.').unwrap_or((text, "asc"));
        let mut fields: Vec<(&str, SortField)> = Vec::new();
        fields.extend(
            Dimension::ALL
                .iter()
                .filter(|(_, at)| drilldowns.contains(at))
                .map(|(name, at)| (*name, SortField::Dimension(*at))),
        );
        fields.extend(measures.iter().map(|measure| (measure.name(), SortField::Measure(*measure))));
        let field = self.choice("sort", name, &fields);
        let descending = self.choice("sort", order, &[("asc", false), ("desc", true)]);
        Some((field?, descending?))
    }

    fn check_together(&mut self, drilldowns: &[Dimension], measures: &[Measure]) {
        let time = drilldowns.contains(&Dimension::Year) || drilldowns.contains(&Dimension::Month);
        if measures.contains(&Measure::Growth) && !time {
            self.add(
                "measures",
                "\"growth\" precisa do drilldown year ou month.",
                "\"growth\" needs the drilldown year or month.",
            );
        }
        if measures.contains(&Measure::Hhi) && drilldowns.contains(&Dimension::Country) {
            self.add(
                "measures",
                "\"hhi\" é calculado sobre os destinos de uma linha; tire o drilldown country.",
                "\"hhi\" is over the destinations of a row; leave out the drilldown country.",
            );
        }
    }

    fn into_result(self, request: Request) -> Result<Request, Problem> {
        if self.0.is_empty() { Ok(request) } else { Err(Problem::fields(self.0)) }
    }
}

fn names<T>(all: &[(&str, T)]) -> String {
    all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// The beginning of what a client wrote, for a message.
pub(super) fn short(text: &str) -> String {
    if text.chars().count() > 40 { text.chars().take(40).chain("…".chars()).collect() } else { text.to_owned() }
}
