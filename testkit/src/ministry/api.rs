//! The routes of the ComexStat API.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Value, json};

use super::layout::{Table, rows};
use super::query::{self, Service};
use super::{FakeMinistry, State as Ministry, gate};

type Parameters = Query<BTreeMap<String, String>>;

/// Filters, which are details too, with their names in Portuguese.
pub(super) const FILTERS: [(&str, &str); 22] = [
    ("country", "Países"),
    ("economicBlock", "Blocos"),
    ("state", "UF do produto"),
    ("via", "Via"),
    ("urf", "URF"),
    ("ncm", "NCM - Nomenclatura Comum do Mercosul"),
    ("subHeading", "Subposição (SH6)"),
    ("heading", "Posição (SH4)"),
    ("chapter", "Capítulo (SH2)"),
    ("section", "Seção"),
    ("BECLevel3", "CGCE Nível 3"),
    ("BECLevel2", "CGCE Nível 2"),
    ("BECLevel1", "CGCE Nível 1"),
    ("SITCBasicHeading", "CUCI Item"),
    ("SITCSubGroup", "CUCI Subposição"),
    ("SITCGroup", "CUCI Posição"),
    ("SITCDivision", "CUCI Capítulo"),
    ("SITCSection", "CUCI Seção"),
    ("ISICClass", "ISIC Classe"),
    ("ISICGroup", "ISIC Grupo"),
    ("ISICDivision", "ISIC Divisão"),
    ("ISICSection", "ISIC Seção"),
];

type Metric = (&'static str, &'static str, Option<(&'static str, &'static str)>);

/// Metrics, their names, and what each depends on.
pub(super) const METRICS: [Metric; 6] = [
    ("metricFOB", "Valor US$ FOB", None),
    ("metricKG", "Quilograma Liquido", None),
    ("metricStatistic", "Quantidade Estatística", Some(("filter", "ncm"))),
    ("metricFreight", "US$ Frete", Some(("flow", "import"))),
    ("metricInsurance", "US$ Seguro", Some(("flow", "import"))),
    ("metricCIF", "Valor US$ CIF", Some(("flow", "import"))),
];

pub(super) fn routes(ministry: &FakeMinistry) -> Router {
    Router::new()
        .route("/general", post(|state, query, body| asked(Service::General, state, query, body)))
        .route("/cities", post(|state, query, body| asked(Service::Cities, state, query, body)))
        // Only with the slash, as the real one.
        .route("/historical-data/", post(|state, query, body| asked(Service::Historical, state, query, body)))
        .route("/general/dates/updated", get(updated))
        .route("/general/dates/years", get(years))
        .route("/general/filters", get(filters))
        .route("/general/filters/{name}", get(filter))
        .route("/general/details", get(filters))
        .route("/general/metrics", get(metrics))
        .route("/tables/countries", get(countries))
        .route("/tables/countries/{id}", get(country))
        .route("/tables/ncm", get(products))
        .route("/tables/uf", get(states))
        .layer(from_fn_with_state(ministry.clone(), gate::gate))
        .with_state(ministry.clone())
}

/// What every answer is wrapped in.
pub(super) fn envelope(data: &Value, success: bool, message: Option<&str>, language: &str) -> Value {
    json!({"data": data, "success": success, "message": message, "processo_info": null, "language": language})
}

fn good(data: &Value, parameters: &BTreeMap<String, String>) -> Response {
    Json(envelope(data, true, None, language(parameters))).into_response()
}

/// A refusal. The message is the real one's; that the data are `null` then is our guess.
fn bad(status: StatusCode, message: &str, parameters: &BTreeMap<String, String>) -> Response {
    (status, Json(envelope(&Value::Null, false, Some(message), language(parameters)))).into_response()
}

fn language(parameters: &BTreeMap<String, String>) -> &'static str {
    match parameters.get("language").map(String::as_str) {
        Some("en") => "en",
        Some("es") => "es",
        _ => "pt",
    }
}

/// The column of a name in the language that is asked for: `NO_PAIS`, `NO_PAIS_ING`; `NO_NCM_POR`, `NO_NCM_ING`.
pub(super) fn name_column(stem: &'static str, language: &str) -> String {
    match (language, stem) {
        ("en", _) => format!("{stem}_ING"),
        ("es", _) => format!("{stem}_ESP"),
        (_, "NO_PAIS" | "NO_BLOCO") => stem.to_owned(),
        _ => format!("{stem}_POR"),
    }
}

/// A code table; empty where the ministry has none of that name.
pub(super) fn table(ministry: &Ministry, name: &str) -> Table {
    ministry.tables.get(name).map(|served| Table::read(&served.bytes)).unwrap_or_default()
}

async fn asked(
    service: Service,
    State(ministry): State<FakeMinistry>,
    Query(parameters): Parameters,
    body: Bytes,
) -> Response {
    let language = language(&parameters);
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return bad(StatusCode::BAD_REQUEST, "JSON inválido", &parameters);
    };
    match query::answer(&ministry.lock(), service, &body, language) {
        Ok(list) if service == Service::Historical => good(&Value::Array(list), &parameters),
        Ok(list) => good(&json!({ "list": list }), &parameters),
        Err(message) if message.starts_with(query::NOT_FAKED) => {
            bad(StatusCode::NOT_IMPLEMENTED, &message, &parameters)
        }
        Err(message) => bad(StatusCode::BAD_REQUEST, &message, &parameters),
    }
}

/// Through which month there are data. They are said to be published on the fourth of the month after, and later with
/// each revision.
async fn updated(State(ministry): State<FakeMinistry>, Query(parameters): Parameters) -> Response {
    let state = ministry.lock();
    let Some((year, served)) = state.years.last_key_value() else {
        return bad(StatusCode::NOT_FOUND, "Sem dados", &parameters);
    };
    let file = String::from_utf8_lossy(&served.bytes);
    let month: u16 = rows(&file).filter_map(|row| row.month.parse().ok()).max().unwrap_or(1);
    let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (*year, month + 1) };
    let day = (4 + state.revision / 2).min(28);
    let updated = format!("{next_year}-{next_month:02}-{day:02}");
    good(&json!({"updated": updated, "year": year.to_string(), "monthNumber": format!("{month:02}")}), &parameters)
}

async fn years(State(ministry): State<FakeMinistry>, Query(parameters): Parameters) -> Response {
    let state = ministry.lock();
    let year = |year: Option<&u16>| year.map(u16::to_string);
    let span = json!({"min": year(state.years.keys().next()), "max": year(state.years.keys().next_back())});
    good(&span, &parameters)
}

async fn filters(Query(parameters): Parameters) -> Response {
    let list = FILTERS.map(|(filter, text)| json!({"filter": filter, "text": text}));
    // The real answer has this stray key too.
    good(&json!({"list": list, "0": "pt"}), &parameters)
}

async fn metrics(Query(parameters): Parameters) -> Response {
    let metric = |(id, text, depends): (&str, &str, Option<(&str, &str)>)| json!({"id": id, "text": text, "depends": depends.map(|(kind, value)| json!({kind: value}))});
    good(&json!({"list": METRICS.map(metric)}), &parameters)
}

async fn filter(
    State(ministry): State<FakeMinistry>,
    Path(name): Path<String>,
    Query(parameters): Parameters,
) -> Response {
    let language = language(&parameters);
    let (table_name, code, text) = match name.as_str() {
        "country" => ("PAIS", "CO_PAIS", name_column("NO_PAIS", language)),
        "economicBlock" => ("PAIS_BLOCO", "CO_BLOCO", name_column("NO_BLOCO", language)),
        "state" => ("UF", "CO_UF", "NO_UF".to_owned()),
        "via" => ("VIA", "CO_VIA", "NO_VIA".to_owned()),
        "urf" => ("URF", "CO_URF", "NO_URF".to_owned()),
        "ncm" => ("NCM", "CO_NCM", name_column("NO_NCM", language)),
        "subHeading" => ("NCM_SH", "CO_SH6", name_column("NO_SH6", language)),
        "heading" => ("NCM_SH", "CO_SH4", name_column("NO_SH4", language)),
        "chapter" => ("NCM_SH", "CO_SH2", name_column("NO_SH2", language)),
        "section" => ("NCM_SH", "CO_NCM_SECROM", name_column("NO_SEC", language)),
        other if FILTERS.iter().any(|(filter, _)| *filter == other) => {
            return bad(StatusCode::NOT_IMPLEMENTED, query::NOT_FAKED, &parameters);
        }
        _ => return bad(StatusCode::BAD_REQUEST, "Filtro inválido", &parameters),
    };
    let table = table(&ministry.lock(), table_name);
    let values: BTreeMap<&str, &str> = table.select([code, &text]).map(|[code, text]| (text, code)).collect();
    let values: Vec<Value> = values.iter().map(|(text, code)| json!({"text": text, "id": code})).collect();
    // Nested twice, as the real one.
    good(&json!([values]), &parameters)
}

async fn countries(State(ministry): State<FakeMinistry>, Query(parameters): Parameters) -> Response {
    let table = table(&ministry.lock(), "PAIS");
    let name = name_column("NO_PAIS", language(&parameters));
    let found = table.select(["CO_PAIS", &name]).map(|[id, country]| json!({"id": id, "country": country}));
    listed(found.collect(), &parameters)
}

async fn country(
    State(ministry): State<FakeMinistry>,
    Path(id): Path<String>,
    Query(parameters): Parameters,
) -> Response {
    let language = language(&parameters);
    let table = table(&ministry.lock(), "PAIS");
    let name = name_column("NO_PAIS", language);
    let mut rows = table.select(["CO_PAIS", &name, "CO_PAIS_ISON3", "CO_PAIS_ISOA3"]);
    match rows.find(|[code, ..]| *code == id) {
        Some([id, country, numeric, letters]) => {
            let data = json!({"id": id, "country": country, "coPaisIson3": numeric, "coPaisIsoa3": letters});
            Json(envelope(&data, true, Some("País encontrado"), language)).into_response()
        }
        None => bad(StatusCode::NOT_FOUND, "País não encontrado", &parameters),
    }
}

async fn products(State(ministry): State<FakeMinistry>, Query(parameters): Parameters) -> Response {
    let state = ministry.lock();
    let (products, units) = (table(&state, "NCM"), table(&state, "NCM_UNIDADE"));
    let name = name_column("NO_NCM", language(&parameters));
    let product = |[code, name, unit]: [&str; 3]| json!({"coNcm": code, "noNCM": name, "unit": units.find("CO_UNID", unit, "NO_UNID")});
    listed(products.select(["CO_NCM", &name, "CO_UNID"]).map(product).collect(), &parameters)
}

async fn states(State(ministry): State<FakeMinistry>, Query(parameters): Parameters) -> Response {
    let table = table(&ministry.lock(), "UF");
    let states = table.select(["CO_UF", "SG_UF", "NO_UF"]);
    listed(states.map(|[id, uf, state]| json!({"id": id, "uf": uf, "state": state})).collect(), &parameters)
}

/// A list as `/tables` gives it: `search` looks into all members, `page` counts from 1.
fn listed(mut list: Vec<Value>, parameters: &BTreeMap<String, String>) -> Response {
    if let Some(wanted) = parameters.get("search").map(|text| text.to_lowercase()) {
        let contains = |value: &Value| value.as_str().is_some_and(|text| text.to_lowercase().contains(&wanted));
        list.retain(|row| row.as_object().is_some_and(|row| row.values().any(contains)));
    }
    let count = list.len();
    let number = |name: &str| parameters.get(name).and_then(|text| text.parse::<usize>().ok());
    if let Some(size) = number("perPage") {
        list = list.into_iter().skip(number("page").unwrap_or(1).saturating_sub(1) * size).take(size).collect();
    }
    good(&json!({"list": list, "count": count}), parameters)
}
