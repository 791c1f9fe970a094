use axum::http::{HeaderValue, StatusCode};
use insta::assert_snapshot;
use serde_json::Value;

use super::http::routes;
use crate::cube::Snapshot;
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

fn meta(query: &str) -> Value {
    serde_json::from_str::<Value>(&ask(query).1).unwrap()["meta"].clone()
}

#[test]
fn a_whole_answer_in_json() {
    let (_, body) =
        ask("drilldowns=year,country&cuts=ncm:1201.90.00,year:2023|2024&measures=fob,kg&sort=fob.desc&limit=3");
    assert_snapshot!(body, @r#"{"data":[{"year":2024,"country":"CN","country_name":"China","months_covered":12,"partial":false,"fob":24000,"kg":24000},{"year":2023,"country":"CN","country_name":"China","months_covered":12,"partial":false,"fob":12000,"kg":24000},{"year":2023,"country":"AR","country_name":"Argentina","months_covered":12,"partial":false,"fob":3000,"kg":6000}],"meta":{"covered":[{"from":"2023-01","to":"2024-12"}],"language":"pt-BR","limit":3,"offset":0,"partial_years":[],"sample":false,"snapshot":"s1","source":"comexstat","through":"2025-04","total_rows":4}}"#);
}

#[test]
fn a_partial_year_is_marked_and_compared_with_the_same_months() {
    // 2025 has January and February for every product; the slice of soy is in the sum, and not in the growth.
    assert_snapshot!(csv("drilldowns=year&measures=fob,growth"), @r#"
    year,months_covered,partial,fob,growth
    2023,12,false,79884,
    2024,12,false,95877,0.200203
    2025,2,true,38912,0.235644
    "#);
}

#[test]
fn a_slice_covers_its_own_product() {
    assert_snapshot!(csv("drilldowns=year&cuts=ncm:12019000&measures=fob,growth"), @r#"
    year,months_covered,partial,fob,growth
    2023,12,false,15000,
    2024,12,false,27000,0.8
    2025,4,true,26498,1.944222
    "#);
    assert_snapshot!(csv("drilldowns=month&cuts=ncm:12019000,year:latest&measures=fob,growth"), @r#"
    month,partial,fob,growth
    2025-01,false,3250,0.444444
    2025-02,false,3250,0.444444
    2025-03,false,9999,3.444
    2025-04,false,9999,3.444
    "#);
    // Chapter 12 has no other known product, chapter 17 has no slice.
    assert_snapshot!(csv("drilldowns=year&cuts=sh2:12|17,year:2025"), @r#"
    year,months_covered,partial,fob,kg
    2025,2,true,28912,46600
    "#);
    assert_snapshot!(csv("drilldowns=year&cuts=sh2:12,year:2025"), @r#"
    year,months_covered,partial,fob,kg
    2025,4,true,26498,45000
    "#);
    assert_snapshot!(csv("drilldowns=year,ncm&cuts=year:2025&measures=fob"), @r#"
    year,ncm,ncm_description,months_covered,partial,fob
    2025,12019000,"Soja, mesmo triturada, exceto para semeadura",4,true,26498
    2025,27090010,,2,true,10000
    2025,17011400,"'=Outros ""açúcares"" de cana",2,true,2414
    "#);
}

#[test]
fn months_known_by_slices_alone_are_partial_across_products() {
    assert_snapshot!(csv("drilldowns=month&cuts=year:2025&measures=fob,growth"), @r#"
    month,partial,fob,growth
    2025-01,false,9457,0.173762
    2025-02,false,9457,0.304414
    2025-03,true,9999,
    2025-04,true,9999,
    "#);
}

#[test]
fn a_covered_month_without_exports_is_zero_and_an_uncovered_one_is_not_there() {
    assert_snapshot!(csv("drilldowns=month&cuts=ncm:17011400,month:2024-01..2024-03|2025-01..2025-06&measures=fob,kg,growth,price"), @r#"
    month,partial,fob,kg,growth,price
    2024-01,false,807,800,0.982801,1
    2024-02,false,0,0,-1,
    2024-03,false,807,800,0.982801,1
    2025-01,false,1207,800,0.495663,1.5
    2025-02,false,1207,800,,1.5
    "#);
}

#[test]
fn a_year_cut_to_some_months_is_whole_when_those_are_covered() {
    assert_snapshot!(csv("drilldowns=year&cuts=month:1-2&measures=fob,growth"), @r#"
    year,months_covered,partial,fob,growth
    2023,2,false,13314,
    2024,2,false,15307,0.149692
    2025,2,false,18914,0.235644
    "#);
    assert_eq!(meta("drilldowns=year&cuts=month:1-2")["partial_years"], serde_json::json!([]));
    assert_eq!(meta("drilldowns=year")["partial_years"], serde_json::json!([2025]));
}

#[test]
fn every_derived_measure() {
    // Ships' stores have no weight: they count in the value and not in the price.
    assert_snapshot!(csv("drilldowns=sh2&cuts=year:2024&measures=fob,kg,share,price,hhi"), @r#"
    sh2,sh2_description,fob,kg,share,price,hhi
    27,,60000,108000,0.625802,0.555556,1
    12,Sementes e frutos oleaginosos,27000,30000,0.281611,0.9,0.802469
    17,,8877,8800,0.092587,1,0.982802
    "#);
    assert_snapshot!(csv("measures=fob,hhi,price&cuts=year:2024,sh2:12"), @r#"
    fob,hhi,price
    27000,0.802469,0.9
    "#);
}

#[test]
fn labels_follow_the_language_and_formulas_are_disarmed() {
    assert_snapshot!(csv("drilldowns=ncm,sector,uf,via&cuts=year:2023,month:1&measures=fob"), @r#"
    ncm,ncm_description,sector,sector_name,uf,uf_name,via,via_name,fob
    27090010,,industria-extrativa,Indústria Extrativa,ND,Não Declarada,1,MARITIMA,5000
    12019000,"Soja, mesmo triturada, exceto para semeadura",agropecuaria,Agropecuária,MT,Mato Grosso,1,MARITIMA,1000
    17011400,"'=Outros ""açúcares"" de cana",industria-de-transformacao,Indústria de Transformação,SP,São Paulo,1,MARITIMA,407
    12019000,"Soja, mesmo triturada, exceto para semeadura",agropecuaria,Agropecuária,PR,Paraná,7,RODOVIARIA,250
    "#);
    assert_snapshot!(csv("drilldowns=ncm,sector,country&cuts=year:2023,month:1&measures=fob&lang=en"), @r#"
    ncm,ncm_description,sector,sector_name,country,country_name,fob
    27090010,,industria-extrativa,Mining and Quarrying,CN,China,5000
    12019000,Soya beans,agropecuaria,Agriculture,CN,China,1000
    17011400,"'=Outros ""açúcares"" de cana",industria-de-transformacao,Manufacturing,US,United States,400
    12019000,Soya beans,agropecuaria,Agriculture,AR,Argentina,250
    17011400,"'=Outros ""açúcares"" de cana",industria-de-transformacao,Manufacturing,990,Ships' and aircraft stores,7
    "#);
}

#[test]
fn rows_are_paged_and_ordered() {
    let all = csv("drilldowns=country,uf&measures=kg");
    let lines: Vec<&str> = all.lines().collect();
    let paged = csv("drilldowns=country,uf&measures=kg&limit=2&offset=1");
    assert_eq!(paged.lines().skip(1).collect::<Vec<_>>(), lines[2..4]);
    assert_eq!(meta("drilldowns=country,uf&limit=2&offset=1")["total_rows"], 5);
    assert_eq!(csv("drilldowns=country,uf&measures=kg&offset=100").lines().count(), 1);
    assert_snapshot!(csv("drilldowns=country&measures=fob&sort=country"), @r#"
    country,country_name,fob
    990,Provisão de Navios e Aeronaves,175
    AR,Argentina,6500
    CN,China,191998
    US,Estados Unidos,16000
    "#);
    assert_snapshot!(csv("drilldowns=country&measures=price&sort=price.desc"), @r#"
    country,country_name,price
    US,Estados Unidos,0.8
    CN,China,0.588951
    AR,Argentina,0.5
    990,Provisão de Navios e Aeronaves,
    "#);
}

#[test]
fn the_table_downloaded_is_the_table_on_screen() {
    for query in [
        "drilldowns=year,country,ncm&measures=fob,kg,share,growth,price",
        "drilldowns=month,sh4,uf&measures=fob,hhi&limit=7",
        "drilldowns=sector,via,sh6,sh2",
        "",
    ] {
        let (_, body) = ask(query);
        let json: Value = serde_json::from_str(&body).unwrap();
        let table = csv(query);
        let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
        let rows = json["data"].as_array().unwrap();
        assert_eq!(table.lines().count(), rows.len() + 1);
        for (line, row) in table.lines().skip(1).zip(rows) {
            let members = row.as_object().unwrap();
            assert_eq!(members.len(), header.len());
            let mut rest = line;
            for name in &header {
                let text = match &members[*name] {
                    Value::Null => String::new(),
                    Value::String(text) if text.starts_with('=') => format!("\"'{}\"", text.replace('"', "\"\"")),
                    Value::String(text) if text.contains(',') => format!("\"{text}\""),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                rest = rest.strip_prefix(&text).unwrap_or_else(|| panic!("{name} of {line} is not {text}"));
                rest = rest.strip_prefix(',').unwrap_or(rest);
            }
            assert_eq!(rest, "");
        }
    }
}

/// What a refused query is told, a line for each parameter.
fn refusal(query: &str) -> String {
    let (status, body) = ask(query);
    assert_eq!(status, StatusCode::BAD_REQUEST, "{query}: {body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["error"], "validation_error");
    let errors = body["errors"].as_array().unwrap().iter();
    errors
        .map(|error| format!("{}: {}", error["pointer"].as_str().unwrap(), error["detail"].as_str().unwrap()))
        .collect::<Vec<_>>()
        .join("\n")
}

fn refusals(queries: &[&str]) -> String {
    let refusal = |query: &&str| format!("{query}\n  {}", refusal(query).replace('\n', "\n  "));
    queries.iter().map(refusal).collect::<Vec<_>>().join("\n")
}

#[test]
fn errors_name_the_parameter_and_say_what_is_allowed() {
    let queries = [
        "drilldowns=anno",
        "drilldowns=year,year",
        "measures=fob,valor",
        "measures=growth&drilldowns=country",
        "measures=hhi&drilldowns=country",
        "sort=kg.desc&measures=fob",
        "sort=fob.down",
        "limit=0",
        "limit=50001",
        "offset=-1",
        "format=xml",
        "format=csv&dialect=pt",
        "dialect=br",
        "format=xlsx&dialect=plain",
        "lang=fr",
        "colour=red",
        "limit=1&limit=2",
        "drilldowns=anno&measures=valor",
    ];
    assert_snapshot!(refusals(&queries), @r#"
    drilldowns=anno
      drilldowns: drilldowns não conhece "anno"; os valores são year, month, ncm, sh6, sh4, sh2, country, uf, sector, via, region, bloc, urf.
    drilldowns=year,year
      drilldowns: "year" aparece duas vezes em drilldowns.
    measures=fob,valor
      measures: measures não conhece "valor"; os valores são fob, kg, share, growth, price, hhi, qt.
    measures=growth&drilldowns=country
      measures: "growth" precisa do drilldown year ou month.
    measures=hhi&drilldowns=country
      measures: "hhi" é calculado sobre os destinos de uma linha; tire o drilldown country.
    sort=kg.desc&measures=fob
      sort: sort não conhece "kg"; os valores são fob.
    sort=fob.down
      sort: sort não conhece "down"; os valores são asc, desc.
    limit=0
      limit: limit precisa ser um número de 1 a 50000.
    limit=50001
      limit: limit precisa ser um número de 1 a 50000.
    offset=-1
      offset: offset precisa ser um número de 0 a 10000000.
    format=xml
      format: format não conhece "xml"; os valores são json, csv, xlsx.
    format=csv&dialect=pt
      dialect: dialect não conhece "pt"; os valores são plain, br.
    dialect=br
      dialect: dialect é só de CSV; escreva também format=csv.
    format=xlsx&dialect=plain
      dialect: dialect é só de CSV; escreva também format=csv.
    lang=fr
      lang: lang não conhece "fr"; os valores são pt-BR, pt, en.
    colour=red
      colour: O parâmetro "colour" não existe; os parâmetros são drilldowns, cuts, measures, sort, limit, offset, format, dialect, lang.
    limit=1&limit=2
      limit: limit aparece duas vezes; informe-o uma vez, com os valores separados por vírgulas.
    drilldowns=anno&measures=valor
      drilldowns: drilldowns não conhece "anno"; os valores são year, month, ncm, sh6, sh4, sh2, country, uf, sector, via, region, bloc, urf.
      measures: measures não conhece "valor"; os valores são fob, kg, share, growth, price, hhi, qt.
    "#);
}

#[test]
fn a_cut_that_cannot_be_is_named() {
    let queries = [
        "cuts=ncm",
        "cuts=product:1",
        "cuts=ncm:1201900",
        "cuts=ncm:12019009",
        "cuts=sh2:99|98",
        "cuts=country:XX",
        "cuts=uf:XX|SP",
        "cuts=sector:servicos",
        "cuts=via:3",
        "cuts=year:1950",
        "cuts=year:2025-2020",
        "cuts=month:13",
        "cuts=month:2025-13",
        "cuts=year:2023,year:2024",
    ];
    assert_snapshot!(refusals(&queries), @r#"
    cuts=ncm
      cuts: "ncm" não é DIMENSÃO:VALOR|VALOR, como em year:2023|2024.
    cuts=product:1
      cuts: "product" não é uma dimensão; as dimensões são year, month, ncm, sh6, sh4, sh2, country, uf, sector, via, region, bloc, urf.
    cuts=ncm:1201900
      cuts: "1201900" não é um código de 8 dígitos.
    cuts=ncm:12019009
      cuts: "12019009" não está na tabela de produtos nem nos dados.
    cuts=sh2:99|98
      cuts: "98" não está na tabela de produtos nem nos dados.
    cuts=country:XX
      cuts: "XX" não é um país; escreva o nome, um código ISO (CN, CHN) ou o CO_PAIS (160).
    cuts=uf:XX|SP
      cuts: "XX" não é um estado; os estados são AC, AL, AM, AP, BA, CE, DF, ES, GO, MA, MG, MS, MT, PA, PB, PE, PI, PR, RJ, RN, RO, RR, RS, SC, SE, SP, TO, CB, ED, EX, MN, ND, RE, ZN.
    cuts=sector:servicos
      cuts: "servicos" não é um setor; os setores são agropecuaria, industria-extrativa, industria-de-transformacao, outros-produtos, nao-classificado.
    cuts=via:3
      cuts: "3" não é uma via de transporte; as vias são 1, 7.
    cuts=year:1950
      cuts: "1950" não é um ano; escreva 2024, 2019-2024 ou latest, a partir de 1989.
    cuts=year:2025-2020
      cuts: "2025-2020" não é um ano; escreva 2024, 2019-2024 ou latest, a partir de 1989.
    cuts=month:13
      cuts: "13" não é um mês; escreva 3, 1-6, 2024-03, 2024-03..2025-02 ou latest.
    cuts=month:2025-13
      cuts: "2025-13" não é um mês; escreva 3, 1-6, 2024-03, 2024-03..2025-02 ou latest.
    cuts=year:2023,year:2024
      cuts: "year" é cortada duas vezes; escreva os valores como year:A|B.
    "#);
    let long = format!("cuts=ncm:{}", "12019000|".repeat(500));
    assert!(refusal(&long).contains("mais de 4096 bytes"));
}

#[test]
fn cuts_may_be_written_in_several_ways() {
    let same = |a: &str, b: &str| {
        assert_eq!(csv(&format!("drilldowns=year&cuts={a}")), csv(&format!("drilldowns=year&cuts={b}")))
    };
    same("country:cn", "country:CHN");
    same("country:160", "country:CN");
    same("country:249", "country:873");
    same("sector:agropecuaria", "sector:Agropecu%C3%A1ria");
    same("year:2023-2024", "year:2023|2024");
    same("uf:sp", "uf:SP");
    same("month:2024-01..2024-12", "year:2024");
    same("ncm:17011400|12019000", "sh2:17|12");
    same("ncm:12019000,sh2:12", "sh4:1201");
}

#[test]
fn answers_are_tagged_and_repeated_as_not_modified() {
    let scratch = Scratch::new();
    let server = Server::new(routes(), snapshot(&scratch));
    let (_, headers, _) = server.get("/v1/exports?drilldowns=year&cuts=uf:SP|MT", &[]);
    let tag = headers["etag"].to_str().unwrap();
    assert_eq!(
        (&headers["x-data-through"], &headers["x-data-source"]),
        (&HeaderValue::from_static("2025-02"), &HeaderValue::from_static("comexstat"))
    );
    let (status, again, body) = server.get("/v1/exports?cuts=uf:mt|SP&drilldowns=year", &[("if-none-match", tag)]);
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(again["etag"], headers["etag"]);
    for other in [
        "drilldowns=year&cuts=uf:SP",
        "drilldowns=year&cuts=uf:SP|MT&format=csv",
        "drilldowns=year&cuts=uf:SP|MT&lang=en",
    ] {
        assert_ne!(server.get(&format!("/v1/exports?{other}"), &[]).1["etag"], tag, "{other}");
    }
}

#[test]
fn an_empty_store_says_so() {
    let (status, _, body) = Server::new(routes(), Snapshot::empty()).get("/v1/exports", &[]);
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(body.contains("data_unavailable"));
}
