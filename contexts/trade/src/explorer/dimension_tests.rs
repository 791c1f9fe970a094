//! Regions, blocs, customs units and quantities.

use axum::http::StatusCode;
use insta::assert_snapshot;
use serde_json::Value;

use super::http::routes;
use crate::cube::segment_tests::Scratch;
use crate::fixture::{Server, snapshot, without_coverage};

fn ask(query: &str) -> (StatusCode, String) {
    let scratch = Scratch::new();
    let (status, _, body) = Server::new(routes(), snapshot(&scratch)).get(&format!("/v1/exports?{query}"), &[]);
    (status, body)
}

fn csv(query: &str) -> String {
    let (status, body) = ask(&format!("{query}&format=csv"));
    assert_eq!(status, StatusCode::OK, "{body}");
    without_coverage(&body.replace("\r\n", "\n"))
}

fn told(query: &str) -> String {
    let (status, body) = ask(query);
    assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {body}");
    serde_json::from_str::<Value>(&body).unwrap()["errors"][0]["detail"].as_str().unwrap().to_owned()
}

#[test]
fn regions_add_up_their_states() {
    assert_snapshot!(csv("drilldowns=region&measures=fob,kg,share"), @r#"
region,region_name,fob,kg,share
nao-declarada,Não declarada,130000,234000,0.605572
centro-oeste,Centro-Oeste,61998,92000,0.288802
sudeste,Sudeste,16175,20000,0.075347
sul,Sul,6500,13000,0.030279
    "#);
    assert_snapshot!(csv("drilldowns=region,uf&cuts=region:sul|Centro-Oeste&measures=fob"), @r#"
region,region_name,uf,uf_name,fob
centro-oeste,Centro-Oeste,MT,Mato Grosso,61998
sul,Sul,PR,Paraná,6500
    "#);
    // A state and its region are cut apart: only what is in both counts.
    assert_eq!(csv("drilldowns=uf&cuts=region:sul,uf:SP"), "uf,uf_name,fob,kg\n");
    assert_eq!(csv("cuts=region:Southeast"), csv("cuts=uf:SP|RJ|MG|ES"));
}

#[test]
fn blocs_overlap_and_say_so() {
    assert_snapshot!(csv("drilldowns=year,bloc&cuts=year:2024&measures=fob,share,growth,hhi"), @r#"
year,bloc,bloc_name,months_covered,partial,fob,share,growth,hhi
2024,brics,BRICS,12,false,84000,0.876123,0.166667,1
2024,usmca,Acordo Estados Unidos-México-Canadá (USMCA),12,false,8800,0.091784,0.833333,1
2024,mercosul,Mercosul,12,false,3000,0.03129,0,1
2024,sem-bloco,Sem bloco,12,false,77,0.000803,-0.083333,1
    "#);
    assert_snapshot!(csv("drilldowns=year,bloc,country&cuts=bloc:mercosur&measures=fob,growth"), @r#"
year,bloc,bloc_name,country,country_name,months_covered,partial,fob,growth
2023,mercosul,Mercosul,AR,Argentina,12,false,3000,
2024,mercosul,Mercosul,AR,Argentina,12,false,3000,0
2025,mercosul,Mercosul,AR,Argentina,2,true,500,0
    "#);
    let meta = serde_json::from_str::<Value>(&ask("drilldowns=bloc&lang=en").1).unwrap()["meta"].clone();
    assert_snapshot!(format!("{} {}", meta["overlaps"], meta["note"]), @r#"true "A country may be in several blocs: rows overlap, and their sum is not the total. Shares are of the true total.""#);
    let plain = serde_json::from_str::<Value>(&ask("drilldowns=country").1).unwrap()["meta"].clone();
    assert_eq!(plain.get("overlaps"), None);
}

#[test]
fn customs_units_add_up_to_the_total() {
    assert_snapshot!(csv("drilldowns=urf&measures=fob,kg,share,price"), @r#"
urf,urf_name,fob,kg,share,price
0817800,PORTO DE SANTOS,208173,346000,0.969721,0.60115
,Sem informação,6500,13000,0.030279,0.5
    "#);
    assert_eq!(
        csv("drilldowns=year&cuts=urf:porto-de-santos&measures=fob"),
        csv("drilldowns=year&cuts=via:1&measures=fob")
    );
    assert_eq!(csv("drilldowns=year&cuts=urf:0817800|sem-informacao"), csv("drilldowns=year"));
}

#[test]
fn a_quantity_has_one_unit_or_is_unknown() {
    assert_snapshot!(ask("drilldowns=sh2&cuts=year:2024&measures=qt,kg").1, @r#"{"data":[{"sh2":"17","sh2_description":null,"qt":8800,"qt_unit":"KGL","kg":8800},{"sh2":"12","sh2_description":"Sementes e frutos oleaginosos","qt":24,"qt_unit":"TML","kg":30000},{"sh2":"27","sh2_description":null,"qt":null,"qt_unit":null,"kg":108000}],"meta":{"covered":[{"from":"2024-01","to":"2024-12"}],"language":"pt-BR","limit":1000,"offset":0,"partial_years":[],"sample":false,"snapshot":"s1","source":"comexstat","through":"2025-02","total_rows":3}}"#);
    assert_snapshot!(csv("drilldowns=year,ncm&cuts=ncm:12019000&measures=qt,growth&sort=qt.desc"), @r#"
year,ncm,ncm_description,months_covered,partial,qt,qt_unit,growth
2025,12019000,"Soja, mesmo triturada, exceto para semeadura",4,true,44,TML,1.944222
2023,12019000,"Soja, mesmo triturada, exceto para semeadura",12,false,24,TML,
2024,12019000,"Soja, mesmo triturada, exceto para semeadura",12,false,24,TML,0.8
    "#);
    assert_snapshot!(csv("drilldowns=bloc&cuts=ncm:12019000&measures=qt"), @r#"
bloc,bloc_name,qt,qt_unit
brics,BRICS,92,TML
mercosul,Mercosul,0,TML
    "#);
    assert_snapshot!(csv("measures=qt"), @r#"
qt,qt_unit
,
    "#);
}

#[test]
fn a_near_miss_is_answered_with_what_was_meant() {
    let cuts =
        ["urf:santos", "urf:9999998", "urf:porto-de-sants", "bloc:mercosu", "bloc:g20", "region:sudest", "region:SP"];
    let all: Vec<String> = cuts.iter().map(|cut| told(&format!("cuts={cut}"))).collect();
    assert_snapshot!(all.join("\n"), @r#"
"santos" não é uma unidade da Receita Federal; escreva os 7 dígitos de CO_URF ou o nome, como em 0817800, porto-de-santos. Você quis dizer porto-de-santos?
"9999998" não é uma unidade da Receita Federal; escreva os 7 dígitos de CO_URF ou o nome, como em 0817800, porto-de-santos.
"porto-de-sants" não é uma unidade da Receita Federal; escreva os 7 dígitos de CO_URF ou o nome, como em 0817800, porto-de-santos. Você quis dizer porto-de-santos?
"mercosu" não é um bloco; os blocos são mercosul, uniao-europeia, efta, usmca, comunidade-andina, alianca-do-pacifico, asean, brics, conselho-de-cooperacao-do-golfo, sem-bloco. Você quis dizer mercosul?
"g20" não é um bloco; os blocos são mercosul, uniao-europeia, efta, usmca, comunidade-andina, alianca-do-pacifico, asean, brics, conselho-de-cooperacao-do-golfo, sem-bloco.
"sudest" não é uma região; as regiões são norte, nordeste, sudeste, sul, centro-oeste, nao-declarada. Você quis dizer sudeste?
"SP" não é uma região; as regiões são norte, nordeste, sudeste, sul, centro-oeste, nao-declarada.
    "#);
}
