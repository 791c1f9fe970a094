//! Codes that ended: successors in answers, coverage of their headings, the operator's register.

use std::path::Path;

use platform::postgres::Role;
use serde_json::{Value, json};
use testkit::shared_data;
use trade::cube::live::assemble;
use trade::ingest::guard::Replace;
use trade::ingest::load::LoadOptions;

use crate::store_world::{CHINA, USA, World, file};

async fn simulate(world: &World, ncm: &str) -> Value {
    let router = world.router().await;
    testkit::http::post(&router, "/v1/simulator/destinations", &json!({"ncm": ncm})).await.json()
}

async fn slice(world: &World, path: &Path) {
    world.try_load(LoadOptions { replace: Replace::Slice, ..world.options(path) }).await.unwrap();
}

async fn partial_years(world: &World, cut: &str) -> Value {
    world.get(&format!("/v1/exports?drilldowns=year&cuts={cut}&measures=fob")).await["meta"]["partial_years"].clone()
}

#[tokio::test]
async fn a_dead_code_keeps_no_heading_uncovered_and_a_live_one_does() {
    let Some(data) = shared_data() else { return };
    let world = World::new().await;
    world.loader.load_tables(&data.join("tables"), false).await.unwrap();
    slice(&world, &data.join("EXP_2023_graos.csv.gz")).await;
    slice(&world, &data.join("EXP_2024_graos.csv.gz")).await;
    // The table holds 12010010 and 12010090, which ended in 2012 and are in no file.
    assert_eq!(partial_years(&world, "sh4:1201").await, json!([]));
    assert_eq!(partial_years(&world, "sh4:1001").await, json!([]));
    // 10063029 and 10064000 are in force and outside the files.
    assert_eq!(partial_years(&world, "sh4:1006").await, json!([2023, 2024]));
    assert_eq!(partial_years(&world, "sh2:12").await, json!([2023, 2024]));
    let rows = world.get("/v1/exports?drilldowns=year,sh4&cuts=sh4:1201|1006&measures=fob").await;
    for row in rows["data"].as_array().unwrap() {
        assert_eq!(row["partial"], json!(row["sh4"] == "1006"), "{row}");
    }

    let found = world.get("/v1/ncm?q=12010090").await["data"][0].clone();
    assert_eq!((&found["ended"]["since"], &found["ended"]["basis"]), (&json!("2012-01"), &json!("tabela")));
    assert_eq!(found["successors"], json!(["12019000"]));
    let notice = simulate(&world, "12010090").await["notices"][0].clone();
    assert_eq!(notice["text"], "Código 12010090 encerrado em 01/2012; veja 12019000.");
    assert_eq!(notice["codes"][0]["ncm"], "12019000");
    assert_eq!(simulate(&world, "12019000").await.get("notices"), None);
    let meta = world.get("/v1/exports?cuts=ncm:12010090|12019000&lang=en").await["meta"].clone();
    assert_eq!(meta["notices"].as_array().unwrap().len(), 1);
    assert_eq!(meta["notices"][0]["text"], "Code 12010090 ended in 2012-01; see 12019000.");
}

#[tokio::test]
async fn two_months_prove_what_the_digits_exclude_and_nothing_else() {
    let Some(data) = shared_data() else { return };
    let world = World::new().await;
    world.loader.load_tables(&data.join("tables"), false).await.unwrap();
    world.try_load(world.options(&data.join("EXP_2025.csv.gz"))).await.unwrap();
    let ended = |ncm: &'static str| {
        let world = &world;
        async move { world.get(&format!("/v1/ncm?q={ncm}&all=true")).await["data"][0].clone() }
    };
    let ore = ended("26011200").await;
    assert_eq!((&ore["ended"]["since"], &ore["successors"]), (&json!(null), &json!(["26011210", "26011290"])));
    assert_eq!(ore["ended"]["proved"], "2025-01");
    // In force, without exports in the two months: nothing is known of an end.
    for ncm in ["10011900", "26012000", "10021000"] {
        assert_eq!(ended(ncm).await["ended"], json!(null), "{ncm}");
    }
    // No code with exports in the last covered month has ended by the data.
    let live = world.get("/v1/exports?drilldowns=ncm&cuts=month:2025-02&measures=fob&limit=50000").await;
    let codes: Vec<&str> = live["data"].as_array().unwrap().iter().filter_map(|row| row["ncm"].as_str()).collect();
    let snapshot = assemble(&world.loader.store, &world.loader.cube).await.unwrap();
    let wrong: Vec<String> = snapshot
        .ranking
        .succession
        .iter()
        .filter(|(ncm, ended)| ended.basis.name() == "dados" && codes.contains(&ncm.to_string().as_str()))
        .map(|(ncm, _)| ncm.to_string())
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
    let proved = snapshot.ranking.succession.iter().filter(|(_, ended)| ended.proved.is_some()).count();
    assert!(proved > 1_000, "{proved}");
}

#[tokio::test]
async fn the_operators_register_wins_and_refuses_circles() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, 12_010_090, CHINA, 5), (2024, 1, 84_109_000, USA, 5)])).await;
    let client = world.database.connect(Role::AppRw).await;
    let add = "INSERT INTO cfg.ncm_succession (co_ncm_old, co_ncm_new, since, basis) VALUES ($1, $2, NULL, 'ato')";
    client.execute(add, &[&"84109000", &"84109100"]).await.unwrap();
    client.execute(add, &[&"84109100", &"84109200"]).await.unwrap();
    let circle = client.execute(add, &[&"84109200", &"84109000"]).await.unwrap_err();
    assert!(circle.as_db_error().unwrap().message().contains("closes a circle"));
    assert!(client.execute(add, &[&"841090", &"84109100"]).await.is_err());
    let notice = simulate(&world, "84109000").await["notices"][0].clone();
    assert_eq!((&notice["basis"], &notice["codes"][0]["ncm"]), (&json!("cadastro"), &json!("84109200")));
    assert_eq!(notice["text"], "Código 84109000 encerrado; veja 84109200.");
}

#[tokio::test]
async fn a_change_within_the_windows_is_said_of_the_new_code() {
    let world = World::new().await;
    let months = |year: u16, ncm: u32| (1..=12).map(move |month| (year, month, ncm, CHINA, 1_000_000));
    let rows: Vec<_> = months(2011, 12_010_090).chain(months(2012, 12_019_000)).collect();
    world.load(&file(&rows)).await;
    let notice = simulate(&world, "12019000").await["notices"][0].clone();
    assert_eq!((&notice["code"], &notice["since"]), (&json!("ncm_predecessors"), &json!("2012-01")));
    assert_eq!(notice["codes"][0]["ncm"], "12010090");
}
