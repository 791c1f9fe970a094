use super::*;
use crate::fault::Fault;
use crate::http::get;

const FIELDS: &str = "cca2,cca3,name,translations,flag,currencies,languages,latlng,capitalInfo";

#[tokio::test]
async fn all_needs_its_fields() {
    let router = FakeRestCountries::new().router();
    let eleven = "/v3.1/all?fields=a,b,c,d,e,f,g,h,i,j,k";
    for uri in ["/v3.1/all", "/v3.1/all?fields=", eleven] {
        let answer = get(&router, uri).await;
        assert_eq!(answer.status, 400, "{uri}");
        assert_eq!(answer.json()["status"], 400);
        assert!(answer.json()["message"].as_str().unwrap().starts_with("'fields' query not specified"));
    }
    let list = get(&router, &format!("/v3.1/all?fields={FIELDS}")).await.json();
    let list = list.as_array().unwrap();
    assert!(list.len() >= 60, "{}", list.len());
    let codes: BTreeSet<&str> = list.iter().map(|country| country["cca2"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), list.len(), "no code twice");
    assert!(list.iter().all(|country| country["latlng"].as_array().unwrap().len() == 2));
    assert!(list.iter().all(|country| country.get("region").is_none()), "only what was asked");
}

#[tokio::test]
async fn one_is_found_by_either_code() {
    let host = FakeRestCountries::new();
    let router = host.router();
    let namibia = get(&router, &format!("/v3.1/alpha/NA?fields={FIELDS}")).await.json();
    assert_eq!(
        namibia,
        json!({"cca2": "NA", "cca3": "NAM", "name": {"common": "Namibia", "official": "Namibia"},
            "translations": {"por": {"official": "Namíbia", "common": "Namíbia"}}, "flag": "🇳🇦",
            "currencies": {"NAD": {"name": "Namibian dollar", "symbol": "$"}, "ZAR": {"name": "South African rand", "symbol": "R"}},
            "languages": {"afr": "Afrikaans", "deu": "German", "eng": "English"},
            "latlng": [-22.0, 17.0], "capitalInfo": {"latlng": [-22.57, 17.08]}})
    );
    let antarctica = get(&router, "/v3.1/alpha/ata").await.json();
    assert_eq!((&antarctica[0]["currencies"], &antarctica[0]["capitalInfo"]), (&json!({}), &json!({})));
    let missing = get(&router, "/v3.1/alpha/xx").await;
    assert_eq!((missing.status.as_u16(), missing.json()), (404, json!({"status": 404, "message": "Not Found"})));
    assert_eq!(get(&router, "/v3.1/alpha/brasil").await.status, 400);
    host.faults().fail_next("/v3.1", 1, Fault::status(503, Some(1)));
    assert_eq!(get(&router, "/v3.1/alpha/br").await.header("retry-after"), "1");
    assert_eq!(get(&router, "/v3.1/alpha/br").await.status, 200);
    assert_eq!(host.log().count("GET /v3.1/alpha/br"), 3);
}
