//! What a simulation asks for, checked whole: every wrong field is reported, not only the first.

use platform::http::language::Language;
use platform::problem::FieldError;
use serde_json::{Map, Value};

use super::lookup::{CountryLookup, CountrySet, Found};
use crate::domain::cargo::nature_of_heading;
use crate::domain::code::Ncm;
use crate::domain::country_name;
use crate::domain::score::Weights;
use crate::domain::volume::{self, Volume, VolumeError};

/// Destinations of an answer when the request names no number.
pub const MAX_RESULTS_DEFAULT: usize = 10;
/// Most destinations that an answer holds.
pub const MAX_RESULTS: usize = 50;
/// Most countries that a request may list; there are fewer.
pub const COUNTRIES_MAX: usize = 300;
/// Largest volume in kg: a billion tonnes.
pub const VOLUME_KG_MAX: f64 = 1e12;
/// Most wrong fields that are reported at once.
const ERRORS_MAX: usize = 50;
const FIELDS: [&str; 6] = ["ncm", "volume_kg", "volume", "countries", "max_results", "weights"];
const WEIGHTS: [&str; 4] = ["market_size", "growth", "price", "distance"];

/// A valid request.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The product.
    pub ncm: Ncm,
    /// Kilograms to ship; `None` when not given.
    pub volume_kg: Option<f64>,
    /// The volume was given in containers, whose payload is an assumption.
    pub containers: bool,
    /// Destinations to keep; `None` keeps all.
    pub countries: Option<CountrySet>,
    /// Their public codes, ascending, without doubles.
    pub country_codes: Vec<String>,
    /// 1–[`MAX_RESULTS`].
    pub max_results: usize,
    /// The product's own unless the request brings others; a part that it leaves out weighs nothing.
    pub weights: Weights,
}

/// Collects what is wrong.
struct Errors {
    language: Language,
    found: Vec<FieldError>,
}

impl Errors {
    fn add(&mut self, pointer: &str, portuguese: impl Into<String>, english: impl Into<String>) {
        let detail = match self.language {
            Language::PtBr => portuguese.into(),
            Language::En => english.into(),
        };
        if self.found.len() < ERRORS_MAX {
            self.found.push(FieldError { pointer: pointer.to_owned(), detail });
        }
    }
}

impl Request {
    /// Reads a request from its JSON body.
    ///
    /// # Errors
    /// Every wrong field, with a JSON pointer and what would be right, in `language`.
    pub fn parse(body: &Value, lookup: &CountryLookup, language: Language) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors { language, found: Vec::new() };
        let Value::Object(fields) = body else {
            errors.add(
                "",
                "O corpo precisa ser um objeto JSON com o campo \"ncm\".",
                "The body must be a JSON object with the field \"ncm\".",
            );
            return Err(errors.found);
        };
        refuse_unknown(fields, &FIELDS, "", &mut errors);
        let given = |name: &str| fields.get(name).filter(|value| !value.is_null());
        let ncm = read_ncm(given("ncm"), &mut errors);
        let mut volume_kg = given("volume_kg").and_then(|value| read_volume(value, &mut errors));
        let mut containers = false;
        if let Some(value) = given("volume") {
            let volume = read_volume_text(value, given("volume_kg").is_some(), &mut errors);
            containers = matches!(volume, Some(Volume::Containers { .. }));
            volume_kg = volume.zip(ncm).map(|(volume, ncm)| volume.kg(nature_of_heading(ncm)));
        }
        let places = given("countries").map(|value| read_countries(value, lookup, &mut errors)).unwrap_or_default();
        let max_results =
            given("max_results").map_or(Some(MAX_RESULTS_DEFAULT), |value| read_max_results(value, &mut errors));
        let weights = given("weights").map_or(Some(Weights::DEFAULT), |value| read_weights(value, &mut errors));
        match (ncm, max_results, weights) {
            (Some(ncm), Some(max_results), Some(weights)) if errors.found.is_empty() => {
                let (countries, country_codes) = country_set(&places, lookup);
                Ok(Self { ncm, volume_kg, containers, countries, country_codes, max_results, weights })
            }
            _ => Err(errors.found),
        }
    }
}

fn country_set(places: &[u16], lookup: &CountryLookup) -> (Option<CountrySet>, Vec<String>) {
    let mut set = CountrySet::default();
    let mut codes = Vec::with_capacity(places.len());
    for place in places {
        set.insert(*place);
        codes.extend(lookup.destination(*place).map(|destination| destination.public_code.clone()));
    }
    codes.sort_unstable();
    codes.dedup();
    ((!places.is_empty()).then_some(set), codes)
}

fn refuse_unknown(fields: &Map<String, Value>, known: &[&str], parent: &str, errors: &mut Errors) {
    for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
        let shown: String = name.chars().filter(|letter| !letter.is_control()).take(60).collect();
        let pointer = format!("{parent}/{}", shown.replace('~', "~0").replace('/', "~1"));
        errors.add(
            &pointer,
            format!("O campo \"{shown}\" não existe; os campos são {}.", known.join(", ")),
            format!("There is no field \"{shown}\"; the fields are {}.", known.join(", ")),
        );
    }
}

fn read_ncm(value: Option<&Value>, errors: &mut Errors) -> Option<Ncm> {
    let text = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if number.is_u64() => number.to_string(),
        Some(_) => {
            errors.add(
                "/ncm",
                "O NCM precisa ser um texto de 8 dígitos, como \"17011400\".",
                "The NCM must be a text of 8 digits, such as \"17011400\".",
            );
            return None;
        }
        None => {
            errors.add(
                "/ncm",
                "Falta o NCM: informe 8 dígitos, como \"17011400\".",
                "The NCM is missing: give 8 digits, such as \"17011400\".",
            );
            return None;
        }
    };
    let ncm = Ncm::parse(&text);
    if ncm.is_none() {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let (portuguese, english) = if text.chars().any(|letter| !matches!(letter, '0'..='9' | '.' | ' ')) {
            (
                " Use só dígitos; pontos e espaços são aceitos.".to_owned(),
                " Use digits only; dots and spaces are accepted.".to_owned(),
            )
        } else if digits < 8 {
            (
                format!(
                    " O informado tem {digits}; se o código começa com zero, escreva o zero, como em \"09011110\"."
                ),
                format!(" This one has {digits}; if the code starts with a zero, write the zero, as in \"09011110\"."),
            )
        } else {
            (
                format!(" O informado tem {digits}; confira se sobra um dígito."),
                format!(" This one has {digits}; check for a digit too many."),
            )
        };
        errors.add(
            "/ncm",
            format!("O NCM precisa ter 8 dígitos.{portuguese}"),
            format!("The NCM must have 8 digits.{english}"),
        );
    }
    ncm
}

fn read_volume(value: &Value, errors: &mut Errors) -> Option<f64> {
    let volume = value.as_f64().filter(|volume| *volume > 0.0 && *volume <= VOLUME_KG_MAX);
    if volume.is_none() {
        errors.add(
            "/volume_kg",
            "O volume precisa ser um número de quilogramas maior que 0 e no máximo 1000000000000.",
            "The volume must be a number of kilograms above 0 and at most 1000000000000.",
        );
    }
    volume
}

/// Reads a volume with its unit; `doubled` says that `volume_kg` is there as well.
fn read_volume_text(value: &Value, doubled: bool, errors: &mut Errors) -> Option<Volume> {
    if doubled {
        errors.add("/volume", "Informe volume ou volume_kg, não os dois.", "Give volume or volume_kg, not both.");
        return None;
    }
    let volume = match volume::parse(value.as_str().unwrap_or_default()) {
        Ok(volume) => volume,
        Err(error) => {
            errors.add("/volume", wrong_volume(&error), error.to_string());
            return None;
        }
    };
    let fits = match volume {
        Volume::Kg(kg) => kg > 0.0 && kg <= VOLUME_KG_MAX,
        Volume::Containers { .. } => true,
    };
    if !fits {
        errors.add(
            "/volume",
            "O volume precisa ser maior que 0 e no máximo 1000000000000 kg.",
            "The volume must be above 0 and at most 1000000000000 kg.",
        );
    }
    fits.then_some(volume)
}

fn wrong_volume(error: &VolumeError) -> String {
    match error {
        VolumeError::Ambiguous { text, small, large } => {
            let small = small.replace('.', ",");
            format!("\"{text}\" é ambíguo: {small} ou {large}? Escreva {small} ou {large}.")
        }
        VolumeError::Number => {
            "O volume precisa ser um número com unidade, como 25000, \"25 t\" ou \"2 contêineres 20'\".".to_owned()
        }
        VolumeError::Unit(unit) => {
            let shown: String = unit.chars().filter(|letter| !letter.is_control()).take(40).collect();
            format!("Unidade \"{shown}\" desconhecida: use kg, t, lb, contêiner 20' ou 40', TEU ou FEU.")
        }
        VolumeError::Feet => "Contêineres são de 20' ou 40': escreva \"1 contêiner 20'\".".to_owned(),
    }
}

fn read_max_results(value: &Value, errors: &mut Errors) -> Option<usize> {
    let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
    let number = number.filter(|number| (1..=MAX_RESULTS).contains(number));
    if number.is_none() {
        errors.add(
            "/max_results",
            format!("max_results precisa ser um inteiro de 1 a {MAX_RESULTS}."),
            format!("max_results must be an integer from 1 to {MAX_RESULTS}."),
        );
    }
    number
}

fn read_countries(value: &Value, lookup: &CountryLookup, errors: &mut Errors) -> Vec<u16> {
    let Value::Array(codes) = value else {
        errors.add(
            "/countries",
            "countries precisa ser uma lista de códigos, como [\"US\", \"CN\"].",
            "countries must be a list of codes, such as [\"US\", \"CN\"].",
        );
        return Vec::new();
    };
    if codes.len() > COUNTRIES_MAX {
        errors.add(
            "/countries",
            format!("No máximo {COUNTRIES_MAX} países."),
            format!("At most {COUNTRIES_MAX} countries."),
        );
        return Vec::new();
    }
    let mut places = Vec::with_capacity(codes.len());
    for (at, code) in codes.iter().enumerate() {
        let text = match code {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) if number.is_u64() => number.to_string(),
            _ => String::new(),
        };
        let shown: String = text.chars().filter(|letter| !letter.is_control()).take(40).collect();
        match lookup.find(&text) {
            Some(Found::Destination(place)) => places.push(place),
            Some(Found::Brazil) => errors.add(
                &format!("/countries/{at}"),
                format!("\"{shown}\" é o Brasil, a origem das exportações: não pode ser destino."),
                format!("\"{shown}\" is Brazil, where the exports come from: it cannot be a destination."),
            ),
            Some(Found::NoDestination) => errors.add(
                &format!("/countries/{at}"),
                format!("\"{shown}\" é um código conhecido, mas não um destino (bordo, não declarado, país extinto ou lugar sem sede): conta nos totais e nunca é classificado."),
                format!("\"{shown}\" is a known code but no destination (stores, undeclared, a former country or a place without a seat): it counts in totals and is never ranked."),
            ),
            None => {
                let (portuguese, english) = country_name::hint(&text);
                errors.add(
                    &format!("/countries/{at}"),
                    format!("País desconhecido: \"{shown}\". Use o nome, ISO de 2 ou 3 letras (\"US\", \"USA\") ou CO_PAIS (\"249\").{portuguese}"),
                    format!("Unknown country: \"{shown}\". Use the name, ISO with 2 or 3 letters (\"US\", \"USA\") or CO_PAIS (\"249\").{english}"),
                );
            }
        }
    }
    places
}

fn read_weights(value: &Value, errors: &mut Errors) -> Option<Weights> {
    let Value::Object(fields) = value else {
        errors.add(
            "/weights",
            "weights precisa ser um objeto com market_size, growth, price e distance.",
            "weights must be an object with market_size, growth, price and distance.",
        );
        return None;
    };
    refuse_unknown(fields, &WEIGHTS, "/weights", errors);
    let mut weights = [0.0; 4];
    let mut valid = true;
    for (weight, name) in weights.iter_mut().zip(WEIGHTS) {
        match fields.get(name).filter(|value| !value.is_null()).map(Value::as_f64) {
            None => {}
            Some(Some(value)) if value >= 0.0 && value.is_finite() => *weight = value,
            Some(_) => {
                valid = false;
                errors.add(
                    &format!("/weights/{name}"),
                    format!("O peso {name} precisa ser um número maior ou igual a 0."),
                    format!("The weight {name} must be a number of at least 0."),
                );
            }
        }
    }
    let [market_size, growth, price, distance] = weights;
    let weights = Weights::new(market_size, growth, price, distance);
    if weights.is_none() && valid {
        errors.add("/weights", "Ao menos um peso precisa ser maior que 0.", "At least one weight must be above 0.");
    }
    weights.filter(|_| valid)
}
