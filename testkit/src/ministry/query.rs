//! Questions to the API, answered from the files that the bulk host serves. Mistakes of the caller that the real one
//! does not see are not seen here either: codes without their zeros, a period over two years.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::State;
use super::api::{FILTERS, METRICS, name_column, table};
use super::layout::{Row, Table, rows};

/// How a refusal begins that the real API would not give: the fake lacks the data to answer.
pub(super) const NOT_FAKED: &str = "testkit: o ministério de testes não sabe responder";

/// Which of the three services is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    /// By NCM, from 1997.
    General,
    /// By municipality and SH4, from 1997.
    Cities,
    /// By NBM, 1989 to 1996.
    Historical,
}

impl Service {
    fn knows(self, name: &str) -> bool {
        match self {
            Self::General => FILTERS.iter().any(|(filter, _)| *filter == name),
            Self::Cities => {
                matches!(name, "country" | "economicBlock" | "state" | "city" | "heading" | "chapter" | "section")
            }
            Self::Historical => matches!(name, "country" | "economicBlock" | "state" | "via" | "urf" | "ncm" | "nbm"),
        }
    }

    const fn has(self, year: u16) -> bool {
        matches!(self, Self::Historical) == (1989 <= year && year <= 1996)
    }
}

struct Question<'a> {
    years: [u16; 2],
    months: [u8; 2],
    by_month: bool,
    filters: Vec<(&'a str, BTreeSet<String>)>,
    details: Vec<&'a str>,
    metrics: Vec<&'a str>,
    imports: bool,
}

/// The rows of an answer, the largest first; an error is the message of status 400, or begins with [`NOT_FAKED`].
pub(super) fn answer(state: &State, service: Service, body: &Value, language: &str) -> Result<Vec<Value>, String> {
    let question = read(service, body)?;
    let [year, last_year] = question.years;
    // A period over two years is answered with nothing, and with success.
    let served = state.years.get(&year).filter(|_| year == last_year && service.has(year) && !question.imports);
    let Some(served) = served else { return Ok(Vec::new()) };
    let file = String::from_utf8_lossy(&served.bytes);
    let used = question.filters.iter().map(|(name, _)| *name).chain(question.details.iter().copied());
    let names = Names::new(state, language, used);
    let mut groups: BTreeMap<Vec<String>, [u64; 3]> = BTreeMap::new();
    for row in rows(&file) {
        let month = row.month.parse().unwrap_or(0);
        if month < question.months[0] || month > question.months[1] {
            continue;
        }
        if !question.filters.iter().all(|(name, values)| values.contains(names.code(name, &row))) {
            continue;
        }
        let mut key: Vec<String> = question.details.iter().map(|name| names.code(name, &row).to_owned()).collect();
        key.push(if question.by_month { row.month.to_owned() } else { String::new() });
        let sums = groups.entry(key).or_default();
        for (sum, value) in sums.iter_mut().zip([row.fob_usd, row.weight_kg, row.quantity]) {
            *sum += value;
        }
    }
    let mut groups: Vec<(Vec<String>, [u64; 3])> = groups.into_iter().collect();
    groups.sort_by_key(|(_, sums)| Reverse(sums[0]));
    Ok(groups.iter().map(|(key, sums)| written(&question, service, &names, key, sums)).collect())
}

/// One row of the answer. All numbers are strings.
fn written(question: &Question<'_>, service: Service, names: &Names, key: &[String], sums: &[u64; 3]) -> Value {
    let mut row = Map::new();
    let mut put = |name: &str, value: &str| row.insert(name.to_owned(), Value::String(value.to_owned()));
    put("year", &question.years[0].to_string());
    for (detail, code) in question.details.iter().zip(key) {
        let code_member = match *detail {
            "ncm" if service == Service::Historical => Some("coNbm"),
            "nbm" => Some("coNbm"),
            "ncm" => Some("coNcm"),
            "subHeading" => Some("subHeadingCode"),
            "heading" => Some("headingCode"),
            "chapter" => Some("chapterCode"),
            "section" => Some("coNcmSecrom"),
            // Of these there is only the name, in the language of the question.
            _ => None,
        };
        if let Some(member) = code_member {
            put(member, code);
        }
        put(if *detail == "city" { "noMunMinsgUf" } else { detail }, &names.name(detail, code));
    }
    if let (true, Some(month)) = (question.by_month, key.last()) {
        put("monthNumber", month);
    }
    for metric in &question.metrics {
        let place = ["metricFOB", "metricKG", "metricStatistic"].iter().position(|name| name == metric);
        put(metric, &place.map_or(0, |place| sums[place]).to_string());
    }
    Value::Object(row)
}

fn read(service: Service, body: &Value) -> Result<Question<'_>, String> {
    let imports = match body["flow"].as_str() {
        Some("export") => false,
        Some("import") => true,
        _ => return Err("Fluxo inválido".to_owned()),
    };
    let month = |end: &str| -> Option<(u16, u8)> {
        let (year, month) = body["period"][end].as_str()?.split_once('-')?;
        let month = month.parse().ok().filter(|number| month.len() == 2 && (1..=12).contains(number))?;
        Some((year.parse().ok().filter(|_| year.len() == 4)?, month))
    };
    let (Some(from), Some(to)) = (month("from"), month("to")) else { return Err("Período inválido".to_owned()) };
    let mut filters = Vec::new();
    for filter in body["filters"].as_array().into_iter().flatten() {
        let name = filter["filter"].as_str().filter(|name| service.knows(name)).ok_or("Filtro inválido")?;
        let values = filter["values"].as_array().ok_or("Filtro inválido")?;
        // A number is compared as it is printed: 23 is not "023", and nobody says so.
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        filters.push((known(name)?, values.iter().map(text).collect()));
    }
    let mut details = Vec::new();
    for detail in body["details"].as_array().into_iter().flatten() {
        let name = detail.as_str().filter(|name| service.knows(name)).ok_or("Detalhamento inválido")?;
        details.push(known(name)?);
    }
    let mut metrics = Vec::new();
    for metric in body["metrics"].as_array().into_iter().flatten() {
        let name = metric.as_str().unwrap_or_default();
        let depends = METRICS.iter().find(|(id, ..)| *id == name).map(|(_, _, depends)| *depends);
        match depends {
            None => return Err(format!("Métrica inválida ({name})")),
            Some(Some(("flow", _))) if !imports => return Err(format!("Métrica inválida ({name})")),
            Some(Some(("filter", needed))) if !details.contains(&needed) => {
                return Err(format!("Métrica inválida ({needed} é obrigatório para {name})"));
            }
            Some(_) => metrics.push(name),
        }
    }
    if metrics.is_empty() {
        return Err("Métrica inválida".to_owned());
    }
    let by_month = body["monthDetail"].as_bool().unwrap_or(false);
    Ok(Question { years: [from.0, to.0], months: [from.1, to.1], by_month, filters, details, metrics, imports })
}

/// Names that the real API knows and the fake has no data for end the test with a message, not with an empty list.
fn known(name: &str) -> Result<&str, String> {
    let faked = matches!(
        name,
        "country" | "state" | "via" | "urf" | "ncm" | "nbm" | "subHeading" | "heading" | "chapter" | "section" | "city"
    );
    if faked { Ok(name) } else { Err(format!("{NOT_FAKED} ({name})")) }
}

/// Where the name of a code stands: table, column of the code, stem of the name's column.
fn source(detail: &str) -> (&'static str, &'static str, &'static str) {
    match detail {
        "country" => ("PAIS", "CO_PAIS", "NO_PAIS"),
        "state" | "city" => ("UF", "CO_UF", "NO_UF"),
        "via" => ("VIA", "CO_VIA", "NO_VIA"),
        "urf" => ("URF", "CO_URF", "NO_URF"),
        "subHeading" => ("NCM_SH", "CO_SH6", "NO_SH6"),
        "heading" => ("NCM_SH", "CO_SH4", "NO_SH4"),
        "chapter" => ("NCM_SH", "CO_SH2", "NO_SH2"),
        "section" => ("NCM_SH", "CO_NCM_SECROM", "NO_SEC"),
        _ => ("NCM", "CO_NCM", "NO_NCM"),
    }
}

/// The code tables that one question needs.
struct Names {
    tables: BTreeMap<&'static str, Table>,
    language: String,
    /// Code of the ministry by letters.
    states: BTreeMap<String, String>,
    /// Section by SH6.
    sections: BTreeMap<String, String>,
}

impl Names {
    fn new<'a>(state: &State, language: &str, used: impl Iterator<Item = &'a str>) -> Self {
        let needed: BTreeSet<&'static str> = used.map(|detail| source(detail).0).collect();
        let tables: BTreeMap<_, _> = needed.into_iter().map(|name| (name, table(state, name))).collect();
        let pairs = |table: &str, columns| -> BTreeMap<String, String> {
            let found = tables.get(table).into_iter().flat_map(|table| table.select(columns));
            found.map(|[key, value]: [&str; 2]| (key.to_owned(), value.to_owned())).collect()
        };
        let (states, sections) = (pairs("UF", ["SG_UF", "CO_UF"]), pairs("NCM_SH", ["CO_SH6", "CO_NCM_SECROM"]));
        Self { language: language.to_owned(), states, sections, tables }
    }

    /// The code by which a row is filtered and grouped.
    fn code<'a>(&'a self, detail: &str, row: &Row<'a>) -> &'a str {
        let first = |count: usize| row.ncm.get(..count).unwrap_or(row.ncm);
        match detail {
            "country" => row.country,
            // The files know no municipalities: each state has one.
            "state" | "city" => self.states.get(row.state).map_or(row.state, String::as_str),
            "via" => row.via,
            "urf" => row.office,
            "subHeading" => first(6),
            "heading" => first(4),
            "chapter" => first(2),
            "section" => self.sections.get(first(6)).map_or("", String::as_str),
            _ => row.ncm,
        }
    }

    fn name(&self, detail: &str, code: &str) -> String {
        let (table, key, stem) = source(detail);
        let column = match table {
            "UF" | "VIA" | "URF" => stem.to_owned(),
            _ => name_column(stem, &self.language),
        };
        let name = self.tables[table].find(key, code, &column).unwrap_or_default();
        if detail == "city" {
            let letters = self.tables[table].find(key, code, "SG_UF").unwrap_or_default();
            return format!("Município de {name} - {letters}");
        }
        name.to_owned()
    }
}
