use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use super::*;
use crate::http::{Answer, get, json_request, request, send, send_over_network};

const EXPORTS: &str = "/balanca/bd/comexstat-bd/ncm";

fn with(mut request: Request<Body>, headers: &[(&'static str, &str)]) -> Request<Body> {
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    request
}

async fn ask(router: &Router, method: Method, uri: &str, body: &Value) -> Answer {
    send(router, with(json_request(method, uri, body), &[("user-agent", "Mozilla/5.0 (teste)")])).await
}

async fn general(router: &Router, body: &Value) -> Answer {
    ask(router, Method::POST, "/general?language=pt", body).await
}

fn question(from: &str, to: &str, filters: &Value, details: &Value, metrics: &Value) -> Value {
    json!({"flow": "export", "monthDetail": false, "period": {"from": from, "to": to},
        "filters": filters, "details": details, "metrics": metrics})
}

#[tokio::test]
async fn files_have_ranges_and_validators() {
    let ministry = FakeMinistry::synthetic();
    let router = ministry.router();
    let uri = format!("{EXPORTS}/EXP_2024.csv");
    let whole = get(&router, &uri).await;
    assert_eq!(whole.body, ministry.file(2024));
    assert!(whole.text().starts_with("\"CO_ANO\";\"CO_MES\";\"CO_NCM\";"));
    assert!(whole.text().contains("\n\"2024\";\"01\";\"17011400\";\"21\";\"160\";\"SP\";\"01\";\"0817800\";"));
    let head = send(&router, request(Method::HEAD, &uri)).await;
    assert!(head.body.is_empty());
    for name in ["content-length", "etag", "last-modified", "accept-ranges"] {
        assert_eq!(head.header(name), whole.header(name));
        assert!(!head.header(name).is_empty(), "{name}");
    }
    let length = whole.body.len();
    let etag = whole.header("etag");
    let part = async |headers: &[(&'static str, &str)]| send(&router, with(request(Method::GET, &uri), headers)).await;
    let rest = part(&[("range", "bytes=100-"), ("if-range", etag)]).await;
    assert_eq!((rest.status.as_u16(), &rest.body[..]), (206, &whole.body[100..]));
    assert_eq!(rest.header("content-range"), format!("bytes 100-{}/{length}", length - 1));
    assert_eq!(part(&[("range", "bytes=0-9")]).await.body, whole.body[..10]);
    assert_eq!(part(&[("range", "bytes=-5")]).await.body, whole.body[length - 5..]);
    assert_eq!(part(&[("range", "bytes=100-"), ("if-range", whole.header("last-modified"))]).await.status, 206);
    assert_eq!(part(&[("range", "bytes=100-"), ("if-range", "\"other\"")]).await.status, 200);
    let beyond = part(&[("range", &format!("bytes={length}-"))]).await;
    assert_eq!((beyond.status.as_u16(), beyond.header("content-range")), (416, format!("bytes */{length}").as_str()));
    assert_eq!(part(&[("if-none-match", etag)]).await.status, 304);
    ministry.revise(2024, synthetic_year(2024, 12, 1, 1));
    let revised = part(&[("range", "bytes=100-"), ("if-range", etag)]).await;
    assert_eq!((revised.status.as_u16(), revised.body), (200, ministry.file(2024).to_vec()));
    assert_eq!(get(&router, &format!("{EXPORTS}/EXP_1999.csv")).await.status, 404);
    let countries = get(&router, "/balanca/bd/tabelas/PAIS.csv").await;
    assert!(countries.body.windows(10).any(|bytes| bytes == b"\"Nam\xedbia\";"), "latin-1");
}

#[tokio::test]
async fn totals_follow_the_files_unless_told_otherwise() {
    let file = "\"CO_ANO\"\n\"2024\";\"01\";\"1\";\"1\";\"1\";\"A\";\"1\";\"1\";1;2;3\n2024;2;1;1;1;A;1;1;4;5;6\nbad\n";
    let ministry = FakeMinistry::new().with_year(2024, file);
    let router = ministry.router();
    let totals = async || get(&router, &format!("{EXPORTS}/EXP_TOTAIS_CONFERENCIA.csv")).await.text();
    let header = "\"ARQUIVO\";\"CO_ANO\";\"QT_ESTAT\";\"KG_LIQUIDO\";\"VL_FOB\";\"NUMERO_LINHAS\"\n";
    assert_eq!(totals().await, format!("{header}\"EXP_2024.csv\";2024;5;7;9;2\n"));
    ministry.revise_before_totals(2024, "h\n");
    assert_eq!(totals().await, format!("{header}\"EXP_2024.csv\";2024;5;7;9;2\n"));
    ministry.revise(2024, "h\n");
    assert_eq!(totals().await, format!("{header}\"EXP_2024.csv\";2024;0;0;0;0\n"));
    ministry.publish_totals(2024, Some(Sums { rows: 9, ..Sums::default() }));
    assert_eq!(totals().await, format!("{header}\"EXP_2024.csv\";2024;0;0;0;9\n"));
    ministry.publish_totals(2024, None);
    assert_eq!(totals().await, header);
}

#[tokio::test]
async fn the_api_agrees_with_the_files() {
    let ministry = FakeMinistry::synthetic();
    let router = ministry.router();
    let sugar = json!([{"filter": "ncm", "values": ["17011400"]}]);
    let metrics = json!(["metricFOB", "metricKG"]);
    let answer = general(&router, &question("2024-01", "2024-12", &sugar, &json!(["country"]), &metrics)).await.json();
    assert_eq!((&answer["success"], &answer["message"]), (&json!(true), &Value::Null));
    let list = answer["data"]["list"].as_array().unwrap();
    assert!(list.len() > 10, "{list:?}");
    let mut expected: BTreeMap<String, u64> = BTreeMap::new();
    for line in
        String::from_utf8(ministry.file(2024).to_vec()).unwrap().lines().filter(|line| line.contains("17011400"))
    {
        let cells: Vec<&str> = line.split(';').collect();
        *expected.entry(cells[4].trim_matches('"').to_owned()).or_default() += cells[10].parse::<u64>().unwrap();
    }
    let namibia = list.iter().find(|row| row["country"] == "Namíbia").unwrap();
    assert_eq!(namibia["metricFOB"], json!(expected["507"].to_string()), "numbers are strings");
    assert_eq!(list.len(), expected.len());
    let mut by_month = question("2024-03", "2024-04", &sugar, &json!(["ncm", "state"]), &json!(["metricStatistic"]));
    by_month["monthDetail"] = json!(true);
    let answer = general(&router, &by_month).await.json();
    let row = answer["data"]["list"][0].as_object().unwrap();
    let members: Vec<&str> = row.keys().map(String::as_str).collect();
    assert_eq!(members, ["coNcm", "metricStatistic", "monthNumber", "ncm", "state", "year"]);
    assert_eq!(
        (&row["coNcm"], &row["ncm"], &row["state"]),
        (&json!("17011400"), &json!("Outros açúcares de cana"), &json!("São Paulo"))
    );
    assert_eq!(answer["data"]["list"].as_array().unwrap().len(), 2);
    let in_english = ask(
        &router,
        Method::POST,
        "/general?language=en",
        &question(
            "2024-01",
            "2024-12",
            &json!([{"filter": "state", "values": [41]}]),
            &json!(["country", "chapter"]),
            &metrics,
        ),
    )
    .await
    .json();
    let row = &in_english["data"]["list"][0];
    assert_eq!(
        (&row["country"], &row["chapterCode"], &row["chapter"]),
        (&json!("China"), &json!("17"), &json!("Sugars and confectionery"))
    );
}

#[tokio::test]
async fn the_traps_are_there() {
    let ministry = FakeMinistry::synthetic();
    let router = ministry.router();
    let (country, fob) = (json!(["country"]), json!(["metricFOB"]));
    for (filters, to) in [
        (json!([{"filter": "country", "values": [23]}]), "2024-12"),
        (json!([{"filter": "country", "values": ["23"]}]), "2024-12"),
        (json!([{"filter": "subHeading", "values": ["90111"]}]), "2024-12"),
        (json!([{"filter": "ncm", "values": [9_011_110]}]), "2024-12"),
        (json!([]), "2025-01"),
    ] {
        let answer = general(&router, &question("2024-01", to, &filters, &country, &fob)).await;
        let (status, answer) = (answer.status.as_u16(), answer.json());
        assert_eq!(
            (status, &answer["success"], &answer["data"]),
            (200, &json!(true), &json!({"list": []})),
            "{filters}"
        );
    }
    let padded = json!([{"filter": "country", "values": ["023"]}]);
    let found = general(&router, &question("2024-01", "2024-12", &padded, &country, &fob)).await.json();
    assert_eq!(found["data"]["list"][0]["country"], "Alemanha");
    for (filters, details, metrics, message) in [
        (json!([]), &country, json!(["metricStatistic"]), "Métrica inválida (ncm é obrigatório para metricStatistic)"),
        (json!([]), &country, json!(["fob"]), "Métrica inválida (fob)"),
        (json!([{"filter": "position", "values": ["1701"]}]), &country, fob.clone(), "Filtro inválido"),
    ] {
        let answer = general(&router, &question("2024-01", "2024-12", &filters, details, &metrics)).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["message"]), (400, &json!(message)));
    }
    let robot = send(&router, json_request(Method::POST, "/general", &json!({}))).await;
    assert_eq!(robot.status, 403);
    assert!(robot.header("content-type").starts_with("text/html") && robot.text().contains("Just a moment"));
}

#[tokio::test]
async fn the_pace_is_kept_in_both_shapes() {
    let ministry = FakeMinistry::synthetic();
    let router = ministry.router();
    let refusal = Refusal { in_body: false, retry_after_s: Some(10) };
    ministry.set_pace(Some(Pace { every: Duration::from_hours(1), refusal }));
    let ask = async || ask(&router, Method::GET, "/general/dates/updated", &Value::Null).await;
    assert_eq!(ask().await.status, 200);
    let refused = ask().await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "10"));
    assert_eq!(refused.json()["message"], TOO_MANY_REQUESTS);
    ministry.set_pace(None);
    ministry.faults().fail_next("/general", 1, Refusal { in_body: true, retry_after_s: None }.fault());
    let refused = ask().await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (200, ""));
    assert_eq!(refused.json()["error"], json!({"code": 429, "message": TOO_MANY_REQUESTS}));
    assert_eq!(ask().await.json()["data"]["monthNumber"], "12");
}

#[tokio::test]
async fn the_small_routes_answer_as_recorded() {
    let router = FakeMinistry::synthetic().with_year(1995, synthetic_year(1995, 2, 1, 0)).router();
    let get = async |uri: &str| ask(&router, Method::GET, uri, &Value::Null).await.json()["data"].clone();
    assert_eq!(get("/general/dates/years").await, json!({"min": "1995", "max": "2024"}));
    assert_eq!(get("/general/filters").await["0"], "pt");
    assert_eq!(get("/general/details").await["list"].as_array().unwrap().len(), 22);
    assert_eq!(get("/general/metrics").await["list"][2]["depends"], json!({"filter": "ncm"}));
    assert_eq!(get("/general/filters/state").await[0][0], json!({"text": "Exterior", "id": "93"}));
    let germany = json!({"id": "023", "country": "Alemanha", "coPaisIson3": "276", "coPaisIsoa3": "DEU"});
    assert_eq!(get("/tables/countries/023?language=pt").await, germany);
    assert_eq!(get("/tables/countries/23").await, Value::Null);
    assert_eq!(get("/tables/countries?search=germany&language=en").await["list"][0]["id"], "023");
    let coffee = json!({"coNcm": "09011110", "noNCM": "Café não torrado, não descafeinado, em grão", "unit": "TONELADA METRICA LIQUIDA"});
    assert_eq!(get("/tables/ncm?search=09011110").await, json!({"list": [coffee], "count": 1}));
    assert_eq!(get("/tables/uf?page=2&perPage=4").await["list"].as_array().unwrap().len(), 4);
    let old = question("1995-01", "1995-12", &json!([]), &json!(["country"]), &json!(["metricFOB"]));
    let historical = ask(&router, Method::POST, "/historical-data/", &old).await.json();
    assert_eq!(historical["data"][0]["year"], "1995", "a bare list");
    assert_eq!(ask(&router, Method::POST, "/historical-data", &old).await.status, 404);
    assert_eq!(general(&router, &old).await.json()["data"]["list"], json!([]));
    let cities = question("2024-01", "2024-12", &json!([]), &json!(["city", "heading"]), &json!(["metricFOB"]));
    let cities = ask(&router, Method::POST, "/cities", &cities).await.json();
    assert_eq!(cities["data"]["list"][0]["headingCode"].as_str().unwrap().len(), 4);
    assert!(cities["data"]["list"][0]["noMunMinsgUf"].as_str().unwrap().contains(" - "));
}

#[tokio::test]
async fn a_year_can_be_as_large_as_a_test_needs() {
    let rows = |file: &[u8]| layout::sums(file).rows;
    assert_eq!(rows(&synthetic_year(2024, 12, 1, 0)), 900);
    assert_eq!(rows(&synthetic_year(2024, 12, 20, 0)), 18_000);
    assert_eq!(synthetic_year(2024, 3, 1, 0), synthetic_year(2024, 3, 1, 0));
    assert_ne!(synthetic_year(2024, 3, 1, 0), synthetic_year(2024, 3, 1, 1));
    let served = FakeMinistry::synthetic().serve().await;
    let answer = send_over_network(request(Method::GET, &served.url("/balanca/bd/tabelas/UF.csv"))).await;
    assert!(answer.text().contains("\"41\";\"SP\""));
}

#[tokio::test]
async fn real_files_are_served_as_they_are() {
    let Some(ministry) = FakeMinistry::real() else { return };
    let expected =
        Sums { quantity: 82_881_699_102, weight_kg: 114_016_770_061, fob_usd: 48_252_908_258, rows: 249_681 };
    assert_eq!(ministry.sums(2025), Some(expected));
    let router = ministry.router();
    let soy = json!([{"filter": "ncm", "values": ["12019000"]}]);
    let answer =
        general(&router, &question("2025-01", "2025-02", &soy, &json!(["ncm"]), &json!(["metricFOB"]))).await.json();
    assert_eq!(answer["data"]["list"][0]["metricFOB"], "2992918349");
    let updated = ask(&router, Method::GET, "/general/dates/updated", &Value::Null).await.json();
    assert_eq!((&updated["data"]["year"], &updated["data"]["monthNumber"]), (&json!("2025"), &json!("02")));
}
