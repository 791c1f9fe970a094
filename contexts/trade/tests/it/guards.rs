//! What a load may not replace, and what of a file is refused.

use trade::ingest::guard::Replace;
use trade::ingest::input::Input;
use trade::ingest::load::LoadOptions;

use crate::store_world::{CHINA, HEADER, SOY, SUGAR, USA, World, file, row};

/// Rows of the smallest sample that every test here makes.
const SAMPLE_ROWS: u64 = 30_000;

fn sample(world: &World, rows: u64) -> LoadOptions {
    LoadOptions {
        input: Input::Sample { rows: Some(rows) },
        source: "sample".to_owned(),
        ..world.options(std::path::Path::new(""))
    }
}

#[tokio::test]
async fn a_year_that_would_shrink_below_half_is_refused_unless_allowed() {
    let world = World::new().await;
    let rows = |count: i64| -> String {
        (1..=count).fold(HEADER.to_owned(), |text, fob| text + &row(2024, 1, SOY, CHINA, fob))
    };
    world.load(&rows(10)).await;
    let small = world.file("SMALL.csv", rows(4));
    let refusal = world.refused(world.options(&small)).await;
    assert!(
        refusal.contains("year 2024 would shrink from 10 rows, US$ 55 to 4 rows, US$ 10")
            && refusal.contains("--allow-shrink"),
        "{refusal}"
    );
    let failed = "SELECT outcome, message LIKE '%shrink%' FROM stg.ingest_batch WHERE outcome = 'failed'";
    assert_eq!(world.text(failed).await, "failed|t\n");
    world.try_load(LoadOptions { allow_shrink: true, ..world.options(&small) }).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM stg.exportacao").await, 4);
    // Exactly half is no shrink.
    let half = world.file("HALF.csv", file(&[(2024, 1, SOY, CHINA, 2), (2024, 1, SOY, CHINA, 3)]));
    world.try_load(world.options(&half)).await.unwrap();
    world.agrees().await;
}

#[tokio::test]
async fn a_year_has_one_source() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    let same_year = world.file("OTHER.csv", file(&[(2024, 1, SOY, CHINA, 11)]));
    let other = |replace| LoadOptions { source: "alfandega".to_owned(), replace, ..world.options(&same_year) };
    for replace in [Replace::Year, Replace::Slice] {
        let refusal = world.refused(other(replace)).await;
        assert!(refusal.contains("year 2024 is live from source \"comexstat\""), "{refusal}");
    }
    // Two years of which one is free: none is loaded.
    let both = world.file("BOTH.csv", file(&[(2023, 1, SOY, CHINA, 11), (2024, 1, SOY, CHINA, 11)]));
    world.refused(LoadOptions { source: "alfandega".to_owned(), ..world.options(&both) }).await;
    let free = world.file("FREE.csv", file(&[(2023, 1, SOY, CHINA, 11)]));
    world.try_load(LoadOptions { source: "alfandega".to_owned(), ..world.options(&free) }).await.unwrap();
    let router = world.router().await;
    assert_eq!(testkit::http::get(&router, "/metrics/resumo").await.header("x-data-source"), "alfandega,comexstat");
    let reserved = LoadOptions { source: "sample".to_owned(), ..world.options(&free) };
    assert!(world.try_load(reserved).await.unwrap_err().to_string().contains("--source sample is what"));
    world.agrees().await;
}

#[tokio::test]
async fn the_first_real_load_removes_the_sample_whole() {
    let world = World::new().await;
    let loaded = world.try_load(sample(&world, SAMPLE_ROWS)).await.unwrap();
    assert!(loaded.changed && loaded.summary.years().len() >= 5, "{:?}", loaded.summary.years());
    let answer = testkit::http::get(&world.router().await, "/metrics/resumo").await;
    assert_eq!((answer.header("x-data-sample"), answer.header("x-data-source")), ("true", "sample"));
    assert!(!world.try_load(sample(&world, SAMPLE_ROWS)).await.unwrap().changed);
    world.agrees_in_the_large().await;

    // A refused real load leaves it there.
    let bad = world.file("BAD.csv", format!("{HEADER}2024;13;12019000;10;160;SP;01;0817800;1;1;1\n"));
    world.refused(world.options(&bad)).await;
    assert!(world.number("SELECT count(DISTINCT ano) FROM stg.exportacao").await >= 5);

    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    assert_eq!(world.text("SELECT ano, ingest_source FROM stg.live_year").await, "2024|comexstat\n");
    assert_eq!(world.text("SELECT total_usd, anos FROM rpt.mv_resumo_geral").await, "10.00|{2024}\n");
    let answer = testkit::http::get(&world.router().await, "/metrics/resumo").await;
    assert_eq!((answer.header("x-data-sample"), answer.header("x-data-source")), ("false", "comexstat"));
    world.agrees_in_the_large().await;
    let refusal = world.refused(sample(&world, SAMPLE_ROWS)).await;
    assert!(refusal.contains("the store holds real data of 2024"), "{refusal}");
}

#[tokio::test]
async fn a_first_slice_removes_the_sample_too() {
    let world = World::new().await;
    world.try_load(sample(&world, SAMPLE_ROWS)).await.unwrap();
    world.slice(&file(&[(2023, 5, SOY, CHINA, 10), (2023, 7, SOY, CHINA, 20)])).await;
    assert_eq!(
        world.text("SELECT ano, ingest_source, linhas, through_month FROM stg.live_year").await,
        "2023|comexstat|2|0\n"
    );
    world.agrees_in_the_large().await;
}

#[tokio::test]
async fn another_sample_takes_the_place_of_the_one_before() {
    let world = World::new().await;
    world.try_load(sample(&world, SAMPLE_ROWS)).await.unwrap();
    let larger = world.try_load(sample(&world, SAMPLE_ROWS + 5_000)).await.unwrap();
    assert!(larger.changed);
    let rows = i64::try_from(larger.summary.rows_accepted).unwrap();
    assert_eq!(world.number("SELECT count(*) FROM stg.exportacao").await, rows);
    world.agrees_in_the_large().await;
}

#[tokio::test]
async fn official_totals_must_agree_in_everything() {
    let world = World::new().await;
    let path = world.file("EXP.csv", file(&[(2024, 1, SOY, CHINA, 10), (2024, 2, SUGAR, USA, 20)]));
    let totals = |text: &str| {
        let totals =
            world.file("TOTAIS.csv", format!("ARQUIVO;CO_ANO;QT_ESTAT;KG_LIQUIDO;VL_FOB;NUMERO_LINHAS\n{text}"));
        LoadOptions { totals: Some(totals), ..world.options(&path) }
    };
    for (line, field) in [
        ("EXP_2024.csv;2024;30;60;31;2\n", "VL_FOB"),
        ("EXP_2024.csv;2024;30;61;30;2\n", "KG_LIQUIDO"),
        ("EXP_2024.csv;2024;31;60;30;2\n", "QT_ESTAT"),
        ("EXP_2024.csv;2024;30;60;30;3\n", "NUMERO_LINHAS"),
        ("EXP_2023.csv;2023;30;60;30;2\n", "2024"),
        ("EXP_2024.csv;2024;30;60;;2\n", "VL_FOB"),
        ("", "TOTAIS.csv"),
    ] {
        let refusal = world.refused(totals(line)).await;
        assert!(refusal.contains(field), "{line}: {refusal}");
    }
    let missing = LoadOptions { totals: Some(world.dir.join("NONE.csv")), ..world.options(&path) };
    assert!(world.refused(missing).await.contains("NONE.csv"));
    assert!(world.try_load(totals("EXP_2024.csv;2024;30;60;30;2\n")).await.unwrap().changed);
}

#[tokio::test]
async fn few_rejected_rows_are_written_down_and_many_refuse_the_file() {
    let world = World::new().await;
    let good: String = (1..=2_000).map(|fob| row(2024, 1, SOY, CHINA, fob)).collect();
    let negative = "2024;01;12019000;10;160;SP;01;0817800;1;1;-5\n";
    let month = "2024;13;12019000;10;160;SP;01;0817800;1;1;5\n";
    let report = world.load(&format!("{HEADER}{negative}{good}{month}")).await;
    assert_eq!((report.summary.rows_accepted, report.summary.rows_rejected), (2_000, 2));
    let rejects = std::fs::read_to_string(world.dir.join("rejects.csv")).unwrap();
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines.len(), 3, "{rejects}");
    assert!(lines[1].starts_with("\"2\";") && lines[1].contains("-5"), "{rejects}");
    assert!(lines[2].starts_with("\"2003\";") && lines[2].contains("2024;13"), "{rejects}");
    let batch = "SELECT rows_read, rows_loaded, rows_rejected, outcome FROM stg.ingest_batch";
    assert_eq!(world.text(batch).await, "2002|2000|2|live\n");

    let many = world.file("MANY.csv", format!("{HEADER}{good}{month}{month}{month}"));
    let refusal = world.refused(world.options(&many)).await;
    assert!(refusal.contains("MANY.csv") && refusal.contains('3'), "{refusal}");
    let lenient = LoadOptions { max_rejects: 0.01, ..world.options(&many) };
    assert!(world.try_load(lenient).await.unwrap().changed);
    world.agrees().await;
}
