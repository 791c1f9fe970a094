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
