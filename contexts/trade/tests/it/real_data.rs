//! The real files, beside the project where they are there: the figures that were promised.

use std::path::{Path, PathBuf};

use serde_json::json;
use testkit::shared_data;
use trade::ingest::guard::Replace;
use trade::ingest::load::{LoadOptions, LoadReport};

use crate::store_world::World;

async fn load(world: &World, file: &Path) -> LoadReport {
    world.try_load(world.options(file)).await.unwrap()
}

async fn slice(world: &World, file: PathBuf) -> LoadReport {
    world.try_load(LoadOptions { replace: Replace::Slice, ..world.options(&file) }).await.unwrap()
}

/// The answers by customs unit and region, and the quantity of soy, against sums over the rows of the store.
async fn customs_add_up(world: &World) {
    let sum = |rows: &str, at: usize| {
        rows.lines().skip(1).map(|line| line.rsplit(',').nth(at).unwrap().parse::<i64>().unwrap()).sum::<i64>()
    };
    let urfs = world.csv("drilldowns=urf&measures=fob").await;
    assert_eq!((urfs.lines().count() - 1, sum(&urfs, 0)), (75, 48_252_908_258));
    let regions = world.csv("drilldowns=region&measures=fob").await;
    assert_eq!((regions.lines().count() - 1, sum(&regions, 0)), (6, 48_252_908_258));
    let by_urf =
        "SELECT lpad(co_urf::text, 7, '0'), sum(valor_usd)::bigint FROM stg.exportacao GROUP BY co_urf ORDER BY co_urf";
    let expected: Vec<String> = world.text(by_urf).await.lines().map(|line| line.replace('|', ",")).collect();
    let found = world.csv("drilldowns=urf&measures=fob&sort=urf").await;
    let found: Vec<String> = found.lines().skip(1).map(|line| line.replacen(",,", ",", 1)).collect();
    assert_eq!(found, expected);
    let soy = "SELECT sum(qt_estat)::bigint, min(co_unid), max(co_unid) FROM stg.exportacao WHERE ncm = '12019000'";
    let soy = world.text(soy).await.trim().split('|').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(soy[1], soy[2]);
    // No table of units is loaded: the unit is shown by its number.
    assert_eq!(world.csv("cuts=ncm:12019000&measures=qt").await, format!("qt,qt_unit\n{},{}\n", soy[0], soy[1]));
    assert_eq!(world.csv("measures=qt").await, "qt,qt_unit\n,\n");
}

#[tokio::test]
async fn january_and_february_2025_to_the_dollar_and_a_later_slice_over_them() {
    let Some(data) = shared_data() else { return };
    let world = World::new().await;
    let national = data.join("EXP_2025.csv.gz");
    let report = load(&world, &national).await;
    assert_eq!((report.summary.rows_accepted, report.summary.rows_rejected), (249_681, 0));
    let months = "SELECT mes, count(*) > 0, sum(valor_usd)::bigint FROM stg.exportacao GROUP BY mes ORDER BY mes";
    assert_eq!(world.text(months).await, "1|t|25324039635\n2|t|22928868623\n");
    assert_eq!(
        world.text("SELECT linhas, valor_usd, peso_kg, through_month FROM stg.live_year").await,
        "249681|48252908258.00|114016770061.000|2\n"
    );
    assert_eq!(
        world.text("SELECT total_usd, total_kg FROM rpt.mv_resumo_geral").await,
        "48252908258.00|114016770061.000\n"
    );
    let summary = world.get("/metrics/resumo?ano=2025").await;
    assert_eq!((&summary["totalUsd"], &summary["totalKg"]), (&json!(48_252_908_258_i64), &json!(114_016_770_061_i64)));
    let countries = world.get("/metrics/pais?limit=3").await;
    assert_eq!((&countries[0]["pais"], &countries[0]["totalUsd"]), (&json!("China"), &json!(10_809_895_730_i64)));
    assert_eq!(
        (&countries[1]["pais"], &countries[1]["totalUsd"]),
        (&json!("Estados Unidos"), &json!(6_438_574_345_i64))
    );
    assert!(!load(&world, &national).await.changed);
    customs_add_up(&world).await;

    // The grain file reaches June 2025.
    world.clock.advance(chrono::TimeDelta::days(120));
    // A file of some products is no year.
    let grains = data.join("EXP_2025_graos.csv.gz");
    let refusal = world.try_load(world.options(&grains)).await.unwrap_err().to_string();
    world.no_leftovers().await;
    assert!(refusal.contains("would shrink") && refusal.contains("--replace slice"), "{refusal}");

    let grain_ncms = "(SELECT ncm FROM stg.slice_coverage)";
    let others = |wanted: &str| {
        format!(
            "SELECT ncm, mes, sum(valor_usd), sum(peso_kg), count(*) FROM stg.exportacao WHERE ncm NOT IN {wanted} GROUP BY ncm, mes ORDER BY ncm, mes"
        )
    };
    let before = world.text("SELECT ncm, mes, sum(valor_usd), sum(peso_kg), count(*) FROM stg.exportacao GROUP BY ncm, mes ORDER BY ncm, mes").await;
    slice(&world, grains.clone()).await;
    let after = world.text(&others(grain_ncms)).await;
    let sliced = world.text("SELECT DISTINCT ncm FROM stg.slice_coverage").await;
    let sliced: std::collections::BTreeSet<&str> = sliced.lines().collect();
    let kept: String =
        before.lines().filter(|line| !sliced.contains(&line[..8])).map(|line| format!("{line}\n")).collect();
    assert_eq!(after, kept);
    assert!(sliced.contains("12019000") && sliced.len() > 20, "{sliced:?}");
    assert!(!slice(&world, grains).await.changed);

    // Soy is known to June, everything else to February: nothing is drawn as a crash.
    assert_eq!(world.csv("drilldowns=month&cuts=ncm:12019000&measures=fob").await.lines().count(), 7);
    let all = world.csv("drilldowns=month&measures=fob").await;
    let partial: Vec<&str> = all.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(partial, ["false", "false", "true", "true", "true", "true"]);
    assert_eq!(world.get("/metrics/resumo").await["data"]["through"], json!("2025-02"));
    let sums = "SELECT (sum(valor_usd) = (SELECT total_usd FROM rpt.mv_resumo_geral))::text FROM stg.exportacao";
    assert_eq!(world.text(sums).await, "true\n");
    world.agrees_in_the_large().await;
}

#[tokio::test]
async fn soy_of_2023_and_2024_from_the_grain_files() {
    let Some(data) = shared_data() else { return };
    let world = World::new().await;
    for file in ["EXP_2023_graos.csv.gz", "EXP_2024_graos.csv.gz"] {
        assert!(slice(&world, data.join(file)).await.changed);
    }
    assert_eq!(
        world.csv("drilldowns=year&cuts=ncm:12019000,year:2023|2024&measures=fob,kg").await,
        "year,months_covered,partial,fob,kg\n2023,12,false,53238560791,101865107424\n2024,12,false,42941894470,98807843757\n"
    );
    let buyers = "drilldowns=year,country&cuts=ncm:12019000,year:YEAR&measures=fob&sort=fob.desc&limit=2";
    let of = async |year: &str| world.csv(&buyers.replace("YEAR", year)).await;
    assert_eq!(
        of("2023").await,
        "year,country,country_name,months_covered,partial,fob\n2023,CN,China,12,false,38917721011\n2023,AR,Argentina,12,false,2027835658\n"
    );
    assert_eq!(
        of("2024").await,
        "year,country,country_name,months_covered,partial,fob\n2024,CN,China,12,false,31489699199\n2024,ES,Espanha,12,false,1802183853\n"
    );
    // Of other products nothing is known: no answer calls these years complete.
    let partial = world.get("/v1/exports?drilldowns=year&measures=fob").await["meta"]["partial_years"].clone();
    assert_eq!(partial, json!([2023, 2024]));
    assert_eq!(world.get("/metrics/resumo").await["data"]["partialYears"], json!([2023, 2024]));
    world.agrees_in_the_large().await;
}

#[tokio::test]
async fn the_published_tables_load_and_change_no_sum() {
    let Some(data) = shared_data() else { return };
    let world = World::new().await;
    load(&world, &data.join("EXP_2021_amostra500.csv")).await;
    let before = world.text("SELECT sum(valor_usd), sum(peso_kg), count(*) FROM stg.exportacao").await;
    let sectors = "SELECT setor, total_usd FROM rpt.mv_resumo_setor ORDER BY setor";
    let sectors_before = world.text(sectors).await;
    let report = world.loader.load_tables(&data.join("tables"), false).await.unwrap();
    assert!(report.rows.contains(&("NCM", 13_742)) && report.rows.contains(&("PAIS", 281)), "{:?}", report.rows);
    assert_eq!(world.text("SELECT sum(valor_usd), sum(peso_kg), count(*) FROM stg.exportacao").await, before);
    // The embedded rules put every product in the sector that the published class puts it in; countries take
    // the published names.
    assert_eq!(world.text(sectors).await, sectors_before);
    let foreign = "SELECT DISTINCT pais FROM stg.exportacao EXCEPT SELECT no_pais FROM cfg.pais";
    assert_eq!(world.text(foreign).await, "");
    let found = world.get("/v1/ncm?q=soja").await;
    assert!(found.to_string().contains("12019000"), "{found}");
    world.agrees_in_the_large().await;
}
