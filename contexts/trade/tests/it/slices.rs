//! `--replace slice`: every NCM of the file for every month from the file's first to its last, and nothing else.

use insta::assert_snapshot;
use serde_json::json;

use crate::store_world::{ARGENTINA, CHINA, HEADER, ORE, SOY, SUGAR, USA, World, file};

const COVERAGE: &str = "SELECT ncm, mes_inicial, mes_final FROM stg.slice_coverage ORDER BY 1, 2, 3";
const BY_MONTH: &str = "drilldowns=month,ncm,country&measures=fob&sort=month.asc";

async fn facts(world: &World) -> String {
    world.text("SELECT ano, mes, ncm, co_pais, valor_usd::bigint FROM stg.exportacao ORDER BY 1, 2, 3, 4, 5").await
}

#[tokio::test]
async fn other_products_and_other_months_are_untouched() {
    let world = World::new().await;
    world
        .load(&file(&[
            (2024, 1, SOY, CHINA, 1),
            (2024, 2, SOY, CHINA, 2),
            (2024, 3, SOY, CHINA, 3),
            (2024, 4, SOY, CHINA, 4),
            (2024, 2, SUGAR, USA, 50),
            (2024, 3, ORE, CHINA, 60),
        ]))
        .await;
    // Soy of February and March becomes one row of March: there is none in February any more.
    world.slice(&file(&[(2024, 2, ORE, CHINA, 5), (2024, 3, SOY, ARGENTINA, 30)])).await;
    assert_eq!(
        facts(&world).await,
        "2024|1|12019000|160|1\n2024|2|17011400|249|50\n2024|2|26011100|160|5\n2024|3|12019000|63|30\n2024|4|12019000|160|4\n"
    );
    assert_eq!(world.text(COVERAGE).await, "12019000|2024-02-01|2024-03-01\n26011100|2024-02-01|2024-03-01\n");
    // The months of the year stay as they were.
    assert_eq!(world.text("SELECT through_month, ingest_batch FROM stg.live_year").await, "4|NULL\n");
    assert_eq!(world.text("SELECT total_usd FROM rpt.mv_resumo_geral").await, "90.00\n");
    world.agrees().await;
}

#[tokio::test]
async fn a_slice_covers_its_own_products_and_completes_no_year() {
    let world = World::new().await;
    let whole: Vec<_> = (1..=12).map(|month| (2023, month, SOY, CHINA, 100)).collect();
    world.slice(&file(&whole)).await;
    let meta = |query: &'static str| {
        let world = &world;
        async move { world.get(&format!("/v1/exports?{query}")).await["meta"].clone() }
    };
    // Of soy, 2023 is complete; of all products it is not.
    assert_eq!(meta("drilldowns=year&cuts=ncm:12019000").await["partial_years"], json!([]));
    assert_eq!(meta("drilldowns=year").await["partial_years"], json!([2023]));
    assert_snapshot!(world.csv("drilldowns=year&measures=fob").await, @r"
    year,months_covered,partial,fob
    2023,0,true,1200
    ");
    assert_snapshot!(world.csv("drilldowns=year&cuts=ncm:12019000&measures=fob").await, @r"
    year,months_covered,partial,fob
    2023,12,false,1200
    ");
    assert_eq!(world.get("/metrics/resumo").await["data"]["partialYears"], json!([2023]));
    assert_eq!(world.get("/metrics/resumo").await["data"]["through"], json!(null));
    world.load(&file(&[(2024, 1, SOY, CHINA, 7), (2024, 2, SUGAR, USA, 8)])).await;
    assert_eq!(meta("drilldowns=year").await["partial_years"], json!([2023, 2024]));
    world.agrees().await;
}

#[tokio::test]
async fn a_slice_may_span_years_and_be_the_first_load() {
    let world = World::new().await;
    world.slice(&file(&[(2022, 11, SOY, CHINA, 1), (2024, 2, SOY, CHINA, 2)])).await;
    assert_eq!(world.text(COVERAGE).await, "12019000|2022-11-01|2024-02-01\n");
    // 2023 is covered too, and Brazil sold nothing of it.
    assert_eq!(
        world.text("SELECT ano, linhas, through_month FROM stg.live_year ORDER BY 1").await,
        "2022|1|0\n2023|0|0\n2024|1|0\n"
    );
    assert_snapshot!(world.csv("drilldowns=year&cuts=ncm:12019000&measures=fob").await, @r"
    year,months_covered,partial,fob
    2022,2,true,1
    2023,12,false,0
    2024,2,true,2
    ");
    assert_eq!(world.get("/metrics/resumo").await["anos"], json!([2022, 2024]));
    world.agrees().await;
    // Over years that are there: only its months of each.
    world.load(&file(&[(2022, 10, SOY, CHINA, 10), (2022, 12, SOY, CHINA, 11), (2022, 12, ORE, CHINA, 12)])).await;
    world.slice(&file(&[(2022, 11, SOY, USA, 3), (2023, 1, SOY, USA, 4)])).await;
    assert_eq!(
        facts(&world).await,
        "2022|10|12019000|160|10\n2022|11|12019000|249|3\n2022|12|26011100|160|12\n2023|1|12019000|249|4\n2024|2|12019000|160|2\n"
    );
    world.agrees().await;
}

#[tokio::test]
async fn the_same_slice_again_changes_nothing_unless_another_changed_it() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SUGAR, USA, 9), (2024, 3, SUGAR, USA, 9)])).await;
    let soy = file(&[(2024, 1, SOY, CHINA, 1), (2024, 2, SOY, CHINA, 2)]);
    assert!(world.slice(&soy).await.changed);
    let before = world.fingerprint().await;
    assert!(!world.slice(&soy).await.changed);
    assert_eq!(world.fingerprint().await, before);
    world.no_leftovers().await;
    // A slice of another product leaves it as it is.
    world.slice(&file(&[(2024, 1, ORE, CHINA, 7)])).await;
    assert!(!world.slice(&soy).await.changed);
    // One of the same product does not.
    world.slice(&file(&[(2024, 2, SOY, CHINA, 20)])).await;
    let again = world.slice(&soy).await;
    assert!(again.changed);
    assert_eq!(world.number("SELECT sum(valor_usd)::bigint FROM stg.exportacao WHERE ncm = '12019000'").await, 3);
    // One that adds a row to its months, in a product that the file has, makes it another content too.
    world.slice(&file(&[(2024, 1, SOY, USA, 5)])).await;
    assert!(world.slice(&soy).await.changed);
    // And so does a year, although it holds the same rows.
    world
        .load(&file(&[
            (2024, 1, SOY, CHINA, 1),
            (2024, 2, SOY, CHINA, 2),
            (2024, 1, SUGAR, USA, 9),
            (2024, 3, SUGAR, USA, 9),
        ]))
        .await;
    assert!(world.slice(&soy).await.changed);
    world.agrees().await;
}

#[tokio::test]
async fn a_year_takes_the_place_of_the_slices_within_it() {
    let world = World::new().await;
    world.slice(&file(&[(2023, 6, SOY, CHINA, 1), (2025, 3, SOY, CHINA, 2)])).await;
    world.slice(&file(&[(2024, 5, ORE, CHINA, 3)])).await;
    world.load(&file(&[(2024, 1, SUGAR, USA, 4), (2024, 12, SUGAR, USA, 5)])).await;
    assert_eq!(world.text(COVERAGE).await, "12019000|2023-06-01|2023-12-01\n12019000|2025-01-01|2025-03-01\n");
    assert_eq!(
        facts(&world).await,
        "2023|6|12019000|160|1\n2024|1|17011400|249|4\n2024|12|17011400|249|5\n2025|3|12019000|160|2\n"
    );
    assert_snapshot!(world.csv(BY_MONTH).await, @r"
    month,ncm,ncm_description,country,country_name,partial,fob
    2023-06,12019000,,CN,China,false,1
    2024-01,17011400,,US,Estados Unidos,false,4
    2024-12,17011400,,US,Estados Unidos,false,5
    2025-03,12019000,,CN,China,false,2
    ");
    world.agrees().await;
}

#[tokio::test]
async fn a_slice_reads_a_cube_that_was_lost_anew() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SUGAR, USA, 9), (2024, 2, SOY, CHINA, 1)])).await;
    world.forget_cube();
    world.slice(&file(&[(2024, 2, SOY, CHINA, 5)])).await;
    assert_eq!(world.number("SELECT sum(valor_usd)::bigint FROM stg.exportacao").await, 14);
    world.agrees().await;
}

#[tokio::test]
async fn many_slices_in_a_row_leave_the_cube_that_postgresql_would_give() {
    let world = World::new().await;
    let all: Vec<_> = (1..=12)
        .flat_map(|month| {
            [(SOY, CHINA), (SOY, USA), (SUGAR, USA), (ORE, ARGENTINA)]
                .map(|(ncm, country)| (2024, month, ncm, country, 100))
        })
        .collect();
    world.load(&file(&all)).await;
    for step in 0..6_u8 {
        let ncm = [SOY, SUGAR, ORE][usize::from(step % 3)];
        let fob = 1_000 + i64::from(step);
        world.slice(&file(&[(2024, 1 + step, ncm, CHINA, fob), (2024, 4 + step, ncm, USA, fob)])).await;
    }
    world.agrees().await;
}

#[tokio::test]
async fn an_empty_slice_is_refused() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SUGAR, USA, 9)])).await;
    let before = world.fingerprint().await;
    assert!(world.try_slice(HEADER).await.is_err());
    assert_eq!(world.fingerprint().await, before);
}
