use serde_json::{Value, json};

use super::*;
use crate::domain::connector::{Endpoint, EndpointKind};
use crate::domain::mapping::{Mapped, MappingError, OutboundRequest};

fn endpoint(connector: &str, name: &str) -> Endpoint {
    let catalogue = load(None).unwrap_or_else(|faults| panic!("{faults:#?}"));
    catalogue.connectors[connector].endpoints[name].clone()
}

fn request(endpoint: &Endpoint, asked: Value) -> Result<OutboundRequest, Vec<String>> {
    let Value::Object(asked) = asked else { panic!("arguments are an object") };
    let wrong = |wrong: Vec<crate::domain::parameter::WrongArgument>| wrong.into_iter().map(|w| w.pointer).collect();
    endpoint.check(&asked).map(|arguments| endpoint.request.fill(&arguments)).map_err(wrong)
}

fn answer(endpoint: &Endpoint, said: &Value) -> Result<Mapped, MappingError> {
    endpoint.response.apply(said, &Default::default())
}

fn found(endpoint: &Endpoint, said: &Value) -> Value {
    match answer(endpoint, said) {
        Ok(Mapped::Found { answer, .. }) => answer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_of_the_contract() {
    let exports = endpoint("comexstat", "exportacao");
    let asked = request(&exports, json!({"ano": "2024", "mes": "01", "ncm": "17011400"})).unwrap();
    assert_eq!((asked.path.as_str(), asked.query), ("/general", vec![("language".to_owned(), "pt".to_owned())]));
    let body = json!({
        "flow": "export", "monthDetail": true, "period": {"from": "2024-01", "to": "2024-01"},
        "filters": [{"filter": "ncm", "values": ["17011400"]}],
        "details": ["ncm", "country"], "metrics": ["metricFOB", "metricKG", "metricStatistic"],
    });
    assert_eq!(asked.body, Some(body.clone()));
    assert_eq!(request(&exports, json!({"ano": 2024, "mes": 1, "ncm": ["1701.14.00"]})).unwrap().body, Some(body));
}

#[test]
fn codes_are_padded_and_a_period_stays_in_its_year() {
    let exports = endpoint("comexstat", "exportacao");
    let asked = json!({"ano": 2024, "ncm": 9_011_110, "pais": [23, "160"], "uf": ["sp"], "detalhes": "uf"});
    let body = request(&exports, asked).unwrap().body.unwrap();
    assert_eq!(body["period"], json!({"from": "2024-01", "to": "2024-12"}));
    let filters = json!([
        {"filter": "ncm", "values": ["09011110"]},
        {"filter": "country", "values": ["023", "160"]},
        {"filter": "state", "values": ["41"]},
    ]);
    assert_eq!(body["filters"], filters);
    assert_eq!(body["details"], json!(["ncm", "country", "state"]));
    let wrong = request(&exports, json!({"ano": 1996, "mes": 13, "ncm": "090111", "uf": "XX", "ate": "2025-01"}));
    assert_eq!(wrong, Err(["/ano", "/mes", "/ncm", "/uf", "/ate"].map(ToOwned::to_owned).to_vec()));
}

#[test]
fn exports_are_read_as_they_were_recorded() {
    let exports = endpoint("comexstat", "exportacao");
    let said = json!({"data": {"list": [
        {"coNcm": "09011110", "year": "2025", "monthNumber": "11", "ncm": "Café não torrado", "country": "Alemanha",
         "metricFOB": "300582403", "metricKG": "41067033", "metricStatistic": "41006"},
        {"coNcm": "09011110", "year": "2025", "monthNumber": "01", "ncm": "Café não torrado", "country": "Itália",
         "metricFOB": "1", "metricKG": "", "metricStatistic": ""},
    ]}, "success": true, "message": null, "processo_info": null, "language": "pt"});
    let rows = found(&exports, &said);
    assert_eq!(
        rows["data"][0],
        json!({"ano": 2025, "mes": 11, "ncm": "09011110", "ncm_descricao": "Café não torrado", "pais_codigo": null,
            "pais_nome": "Alemanha", "uf_nome": null, "via_nome": null, "urf_nome": null,
            "valor_usd": 300_582_403, "peso_kg": 41_067_033, "quantidade": 41_006})
    );
    assert_eq!((&rows["data"][1]["peso_kg"], &rows["data"][1]["quantidade"]), (&Value::Null, &Value::Null));
}

#[test]
fn failures_and_silent_empties_of_comexstat() {
    let exports = endpoint("comexstat", "exportacao");
    let empty = json!({"data": {"list": []}, "success": true, "message": null});
    assert_eq!(answer(&exports, &empty), Ok(Mapped::Found { answer: json!({"data": []}), empty: true }));
    let words = "Você excedeu o limite de solicitações. Por favor, tente novamente em 10 segundos.";
    for said in [json!({"data": null, "message": words}), json!({"error": {"code": 429, "message": words}})] {
        assert_eq!(answer(&exports, &said), Err(MappingError::TooManyRequests), "{said}");
    }
    let refused = json!({"data": null, "success": false, "message": "Métrica inválida (fob)"});
    assert_eq!(answer(&exports, &refused), Err(MappingError::Refused("Métrica inválida (fob)".into())));
    let other = answer(&exports, &json!({"unexpected": "s3cret"})).unwrap_err().to_string();
    assert_eq!(other, "data.list is absent or no list");
}

#[test]
fn imports_cities_and_history() {
    let imports = endpoint("comexstat", "importacao");
    let body = request(&imports, json!({"ano": 2024, "mes": 2, "ncm": "17011400"})).unwrap().body.unwrap();
    assert_eq!((&body["flow"], body["metrics"].as_array().unwrap().len()), (&json!("import"), 6));
    let cities = endpoint("comexstat", "municipios");
    let body = request(&cities, json!({"ano": 2018, "mes": 1, "uf": "PE"})).unwrap().body.unwrap();
    assert_eq!(body["filters"], json!([{"filter": "state", "values": ["26"]}]));
    let history = endpoint("comexstat", "historico");
    assert_eq!(request(&history, json!({"ano": 1996})).unwrap().path, "/historical-data/");
    assert!(request(&history, json!({"ano": 1997})).is_err());
    let row = json!({"year": "1996", "monthNumber": "12", "country": "Argentina", "metricFOB": "5", "metricKG": "6"});
    let ours = json!({"ano": 1996, "mes": 12, "pais_nome": "Argentina", "valor_usd": 5, "peso_kg": 6});
    for said in [json!({"data": [row]}), json!([row]), json!({"data": {"list": [row]}})] {
        assert_eq!(found(&history, &said), json!({"data": [ours]}), "{said}");
    }
}

#[test]
fn dates_and_tables_of_comexstat() {
    let updated = json!({"data": {"updated": "2026-09-04", "year": "2026", "monthNumber": "08"}, "success": true});
    let ours = json!({"atualizado_em": "2026-09-04", "ano": 2026, "mes": 8});
    assert_eq!(found(&endpoint("comexstat", "atualizacao"), &updated), ours);
    let years = json!({"data": {"min": "1997", "max": 2026}});
    assert_eq!(found(&endpoint("comexstat", "anos"), &years), json!({"primeiro": 1997, "ultimo": 2026}));
    let country = endpoint("comexstat", "pais");
    assert_eq!(request(&country, json!({"codigo": 23})).unwrap().path, "/tables/countries/023");
    let said = json!({"data": {"id": "023", "country": "Alemanha", "coPaisIson3": "276", "coPaisIsoa3": "DEU"},
        "success": true, "message": "País encontrado"});
    let ours = json!({"codigo": "023", "nome": "Alemanha", "iso3": "DEU", "iso_numerico": "276"});
    assert_eq!(found(&country, &said), ours);
    let none = json!({"data": null, "success": false, "message": "País não encontrado"});
    assert_eq!(answer(&country, &none), Ok(Mapped::Missing));
    let products = json!({"data": {"list": [{"noNCM": "Café", "unit": "TONELADA", "coNcm": "09011110"}], "count": 1}});
    let ours = json!({"data": [{"ncm": "09011110", "descricao": "Café", "unidade": "TONELADA"}]});
    let ncm = endpoint("comexstat", "ncm");
    assert_eq!(found(&ncm, &products), ours);
    let query = request(&ncm, json!({"busca": "Café "})).unwrap().query;
    let pairs: Vec<(&str, &str)> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(pairs, [("search", "café"), ("page", "1"), ("perPage", "100"), ("language", "pt")]);
}

#[test]
fn captured_lists_can_be_read() {
    let Some(directory) = testkit::shared_data() else { return };
    let captured = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(directory.join("api").join(name)).unwrap()).unwrap()
    };
    for (name, file, first) in [
        ("ufs", "general_filter_state.json", json!({"codigo": "12", "nome": "Acre"})),
        ("filtros", "general_filters.json", json!({"filtro": "country", "nome": "Países"})),
        ("detalhes", "general_details.json", json!({"detalhe": "country", "nome": "Países"})),
        (
            "metricas",
            "general_metrics.json",
            json!({"metrica": "metricFOB", "nome": "Valor US$ FOB", "depende_de": null}),
        ),
    ] {
        let ours = found(&endpoint("comexstat", name), &captured(file));
        assert_eq!(ours["data"][0], first, "{name}");
        assert!(ours["data"].as_array().unwrap().len() > 2, "{name}");
    }
    // The numbers that our file gives to the states are the ministry's.
    let exports = endpoint("comexstat", "exportacao");
    let ids: Vec<&String> = exports.request.sent["uf"].values().collect();
    let list = found(&endpoint("comexstat", "ufs"), &captured("general_filter_state.json"));
    let theirs = list["data"].as_array().unwrap();
    assert!(theirs.iter().all(|state| ids.iter().any(|id| state["codigo"] == id.as_str())), "{theirs:?}");
}

#[test]
fn bulk_files_have_their_addresses() {
    let path = |name: &str, asked: Value| request(&endpoint("comexstat-bulk", name), asked).map(|asked| asked.path);
    assert_eq!(path("exportacao_ano", json!({"ano": 2024})).unwrap(), "/balanca/bd/comexstat-bd/ncm/EXP_2024.csv");
    let totals = "/balanca/bd/comexstat-bd/ncm/EXP_TOTAIS_CONFERENCIA.csv";
    assert_eq!(path("totais_conferencia", json!({})).unwrap(), totals);
    assert_eq!(path("tabela", json!({"nome": "ncm_sh"})).unwrap(), "/balanca/bd/tabelas/NCM_SH.csv");
    assert!(path("tabela", json!({"nome": "../../etc/passwd"})).is_err());
    assert!(matches!(endpoint("comexstat-bulk", "tabela").kind, EndpointKind::File { bytes_max: 67_108_864 }));
}

#[test]
fn countries_are_read() {
    let countries = endpoint("restcountries", "countries");
    let fields = request(&countries, json!({})).unwrap().query.remove(0);
    assert!(fields.0 == "fields" && fields.1.split(',').count() <= 10, "{fields:?}");
    let germany = json!({"cca2": "DE", "cca3": "DEU", "flag": "🇩🇪",
        "name": {"common": "Germany", "nativeName": {}}, "translations": {"por": {"common": "Alemanha"}},
        "currencies": {"EUR": {"name": "euro", "symbol": "€"}}, "languages": {"deu": "German"},
        "latlng": [51.0, 9.5], "capitalInfo": {"latlng": [52.52, 13.4]}});
    let ours = json!({"iso2": "DE", "iso3": "DEU", "name_en": "Germany", "name_pt": "Alemanha", "flag_emoji": "🇩🇪",
        "currencies": ["EUR"], "languages": ["deu"], "latitude": 51, "longitude": 9.5,
        "capital_latitude": 52.52, "capital_longitude": 13.4});
    assert_eq!(found(&countries, &json!([germany])), json!({"countries": [ours]}));
    let country = endpoint("restcountries", "country");
    assert_eq!(request(&country, json!({"code": "de"})).unwrap().path, "/alpha/DE");
    for said in [json!([germany]), germany.clone()] {
        assert_eq!(found(&country, &said), ours);
    }
    let antarctica = json!({"cca2": "AQ", "cca3": "ATA", "name": {"common": "Antarctica"}, "currencies": {},
        "languages": {}, "latlng": [-90.0, 0.0], "capitalInfo": {}});
    let ours = found(&country, &antarctica);
    assert_eq!((&ours["currencies"], &ours["capital_latitude"]), (&json!([]), &Value::Null));
    assert_eq!(answer(&country, &json!({"status": 404, "message": "Not Found"})), Ok(Mapped::Missing));
}
