//! Countries and sectors that no table knows: stored, in every total, never ranked.

use serde_json::{Value, json};
use testkit::http;

use crate::store_world::{HEADER, SIMPLE, SOY, World, row};

async fn simulated(world: &World, ncm: u32) -> Value {
    let body = json!({"ncm": format!("{ncm:08}"), "max_results": 50});
    let answer = http::post(&world.router().await, "/v1/simulator/destinations", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn destinations(answer: &Value) -> Vec<&str> {
    answer["destinations"].as_array().unwrap().iter().map(|one| one["country_code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_simple_layout_brings_names_that_are_kept_over_loads() {
    let world = World::new().await;
    let year = |year: u16, fob: u32| {
        format!(
            "{SIMPLE}{year},1,Atlântida,Economia Criativa,12019000,{fob}.25,10\n\
             {year},2,China,Agropecuária,12019000,20,20.5\n\
             {year},2,usa,agropecuaria,12019000,5,5\n"
        )
    };
    world.load(&year(2023, 1_000)).await;
    world.load(&year(2024, 2_000)).await;
    assert_eq!(world.text("SELECT co_pais, no_pais FROM cfg.pais_sem_tabela").await, "1000|Atlântida\n");
    assert_eq!(world.text("SELECT id, nome FROM cfg.setor WHERE id > 4").await, "5|Economia Criativa\n");
    let rows = "SELECT ano, mes, pais, setor, valor_usd, peso_kg, co_pais, sg_uf, co_unid, co_urf, qt_estat FROM stg.exportacao \
                WHERE ano = 2024 ORDER BY mes, pais";
    assert_eq!(
        world.text(rows).await,
        "2024|1|Atlântida|Economia Criativa|2000.25|10.000|1000|ND|NULL|NULL|NULL\n\
         2024|2|China|Agropecuária|20.00|20.500|160|ND|NULL|NULL|NULL\n\
         2024|2|Estados Unidos|Agropecuária|5.00|5.000|249|ND|NULL|NULL|NULL\n"
    );
    let ranked = world.get("/metrics/pais").await;
    assert_eq!((&ranked[0]["pais"], &ranked[0]["totalUsd"]), (&json!("Atlântida"), &json!(3000.5)));
    let sector = world.get("/metrics/resumo?setor=economia-criativa").await;
    assert_eq!((&sector["totalUsd"], &sector["anos"]), (&json!(3000.5), &json!([2023, 2024])));
    assert_eq!(destinations(&simulated(&world, SOY).await).len(), 2);
    assert!(!destinations(&simulated(&world, SOY).await).contains(&"1000"));
    world.agrees().await;
}

#[tokio::test]
async fn a_refused_load_leaves_no_names() {
    let world = World::new().await;
    world.load(&format!("{SIMPLE}2023,1,Atlântida,Agropecuária,12019000,10,10\n2023,1,China,Agropecuária,12019000,1,1\n2023,1,China,Agropecuária,12019000,1,1\n")).await;
    let path = world.file("SMALL.csv", format!("{SIMPLE}2023,1,Lemúria,Magia,12019000,10,10\n"));
    assert!(world.refused(world.options(&path)).await.contains("shrink"));
    world.load(&format!("{SIMPLE}2024,1,Eldorado,Agropecuária,12019000,10,10\n")).await;
    assert_eq!(
        world.text("SELECT co_pais, no_pais FROM cfg.pais_sem_tabela ORDER BY 1").await,
        "1000|Atlântida\n1001|Eldorado\n"
    );
    world.agrees().await;
}

#[tokio::test]
async fn a_country_number_that_no_table_has_counts_and_is_called_the_same_everywhere() {
    let world = World::new().await;
    world.load(&format!("{HEADER}{}{}", row(2024, 1, SOY, 777, 300), row(2024, 1, SOY, 160, 100))).await;
    let stored = world.text("SELECT pais, total_usd FROM rpt.mv_resumo_pais ORDER BY total_usd DESC").await;
    assert_eq!(stored, "País 777 (fora da tabela)|300.00\nChina|100.00\n");
    let ranked = world.get("/metrics/pais").await;
    assert_eq!((&ranked[0]["pais"], &ranked[0]["participacaoPct"]), (&json!("País 777 (fora da tabela)"), &json!(75)));
    assert_eq!(
        world.csv("drilldowns=country&measures=fob&sort=fob.desc").await,
        "country,country_name,fob\n777,País 777 (fora da tabela),300\nCN,China,100\n"
    );
    assert_eq!(destinations(&simulated(&world, SOY).await), ["CN"]);
    world.agrees().await;
}

#[tokio::test]
async fn what_is_no_destination_is_in_totals_only() {
    let world = World::new().await;
    // Ships' stores, not declared, Brazil itself, the Soviet Union.
    let codes = [990, 999, 105, 100, 840, 160];
    let rows: String = codes.iter().map(|code| row(2024, 1, SOY, *code, 10)).collect();
    world.load(&format!("{HEADER}{rows}")).await;
    assert_eq!(world.get("/metrics/resumo").await["totalUsd"], json!(60));
    let answer = simulated(&world, SOY).await;
    assert_eq!((destinations(&answer), &answer["total_destinations"]), (vec!["CN"], &json!(1)));
    world.agrees().await;
}

#[tokio::test]
async fn the_codes_of_one_country_are_merged_in_names_and_in_the_cube() {
    let world = World::new().await;
    let rows: String = [249, 396, 873].iter().map(|code| row(2024, 1, SOY, *code, 10)).collect();
    world.load(&format!("{HEADER}{rows}")).await;
    assert_eq!(
        world.text("SELECT DISTINCT co_pais, pais FROM stg.exportacao ORDER BY 1").await,
        "249|Estados Unidos\n396|Estados Unidos\n873|Estados Unidos\n"
    );
    let ranked = world.get("/metrics/pais").await;
    assert_eq!((ranked.as_array().unwrap().len(), &ranked[0]["totalUsd"]), (1, &json!(30)));
    world.agrees().await;
}

#[tokio::test]
async fn unknown_countries_and_sectors_are_said_and_known_aliases_are_used() {
    let world = World::new().await;
    let text = format!(
        "{SIMPLE}2024,1,Estados Unido,Agronegócio,12019000,500000,1250\n2024,2,EUA,,12019000,5,1\n\
         2024,3,República Tcheca,,12019000,5,1\n2024,3,Holanda,Industria Extrativa,12019000,5,1\n"
    );
    let notices = world.load(&text).await.summary.notices;
    assert!(notices[0].contains("country \"Estados Unido\" is in no table: 1 rows, US$ 500,000"), "{notices:?}");
    assert!(notices[0].contains("Did you mean United States (US)?"), "{notices:?}");
    assert!(notices[1].contains("sector \"Agronegócio\" is none of the ministry's"), "{notices:?}");
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert_eq!(
        world.text("SELECT DISTINCT pais FROM stg.exportacao ORDER BY 1").await,
        "Estados Unido\nEstados Unidos\nPaíses Baixos\nTchéquia\n"
    );
    for case in ["70-simple-country-typo.csv", "71-simple-sector-unknown.csv"] {
        let Some(path) = testkit::shared_data().map(|data| data.join("../../cases/trade").join(case)) else { return };
        let options = trade::ingest::load::LoadOptions { allow_shrink: true, ..world.options(&path) };
        let notices = world.try_load(options).await.unwrap().summary.notices.join("\n");
        let said = if case.starts_with("70") { "Did you mean United States" } else { "sector \"Agronegócio\"" };
        assert!(notices.contains(said), "{notices}");
    }
}

#[tokio::test]
async fn a_name_that_is_known_by_now_joins_its_country_at_the_next_load() {
    let world = World::new().await;
    world.load(&format!("{SIMPLE}2023,1,Terra do Nunca,,12019000,7,1\n2023,1,China,,12019000,5,1\n")).await;
    // As an earlier program left it, whose table did not know the name.
    world.sql.execute("UPDATE cfg.pais_sem_tabela SET no_pais = 'RPC'", &[]).await.unwrap();
    world.load(&format!("{SIMPLE}2024,1,China,,12019000,3,1\n")).await;
    assert_eq!(world.text("SELECT pais, sum(valor_usd)::bigint FROM stg.exportacao GROUP BY 1").await, "China|15\n");
    let answer = world.get("/v1/exports?drilldowns=country&measures=fob").await;
    assert_eq!((answer["data"].as_array().unwrap().len(), &answer["data"][0]["fob"]), (1, &serde_json::json!(15)));
    world.agrees().await;
}
