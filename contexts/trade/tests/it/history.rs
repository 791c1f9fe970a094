//! What loads replaced: guarded, reported, compared and taken back to the cent.

use std::path::PathBuf;

use testkit::shared_data;
use trade::ingest::guard::{Amount, Replace};
use trade::ingest::history::Dropped;
use trade::ingest::load::{LoadOptions, LoadReport};

use crate::store_world::{ARGENTINA, CHINA, HEADER, ORE, SOY, SUGAR, USA, World, file, row};

async fn load_as(world: &World, replace: Replace, content: &str) -> LoadReport {
    let path = world.file("PART.csv", content);
    world.try_load(LoadOptions { replace, allow_shrink: true, ..world.options(&path) }).await.unwrap()
}

async fn drop_batch(world: &World, batch: &str) -> Result<(), String> {
    world.clock.advance(chrono::TimeDelta::minutes(1));
    let dropped = world.loader.drop_loaded(&Dropped::Batch(batch.to_owned())).await;
    dropped.map(|_| ()).map_err(|error| error.to_string())
}

/// Facts, coverage and reports, whatever version they have.
async fn content(world: &World) -> String {
    let mut out = String::new();
    for sql in [
        "SELECT md5(string_agg(e::text, ';' ORDER BY e::text)), count(*) FROM stg.exportacao e",
        "SELECT ano, ingest_source, ingest_batch, linhas, valor_usd, peso_kg, through_month FROM stg.live_year ORDER BY 1",
        "SELECT DISTINCT ncm, m::date, ingest_batch FROM stg.slice_coverage, \
         generate_series(mes_inicial, mes_final, interval '1 month') m ORDER BY 1, 2, 3",
        "SELECT ano, pais, setor, total_usd, total_kg, linhas FROM rpt.resumo_anual_vivo ORDER BY 1, 2, 3",
        "SELECT pais, total_usd, total_kg, participacao_pct, anos FROM rpt.mv_resumo_pais ORDER BY 1",
        "SELECT total_usd, total_kg, paises_count, anos FROM rpt.mv_resumo_geral",
    ] {
        out += &world.text(sql).await;
    }
    out
}

/// A load that is taken back leaves everything as it was.
async fn comes_back(world: &World, replace: Replace, text: &str) {
    let before = content(world).await;
    let report = load_as(world, replace, text).await;
    assert_ne!(content(world).await, before);
    world.agrees().await;
    drop_batch(world, &report.batch).await.unwrap();
    assert_eq!(content(world).await, before, "{replace:?}");
    world.agrees().await;
    let again = drop_batch(world, &report.batch).await.unwrap_err();
    assert!(again.contains("is dropped"), "{again}");
}

#[tokio::test]
async fn whatever_a_load_replaced_comes_back() {
    let world = World::new().await;
    // The first load of a store is taken back to nothing, a sample to nothing too.
    let first = world.load(&file(&[(2023, 1, SOY, CHINA, 10), (2024, 1, SOY, CHINA, 20)])).await;
    assert_eq!(first.replaced.iter().map(|year| year.before.rows).sum::<u64>(), 0);
    drop_batch(&world, &first.batch).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM stg.exportacao").await, 0);
    assert_eq!(world.text("SELECT count(*) FROM stg.live_year").await, "0\n");
    let base = [
        (2023, 1, SOY, CHINA, 10),
        (2023, 2, SUGAR, USA, 11),
        (2024, 1, SOY, CHINA, 20),
        (2024, 2, SUGAR, USA, 21),
        (2024, 2, SOY, ARGENTINA, 5),
    ];
    world.load(&file(&base)).await;
    comes_back(
        &world,
        Replace::Year,
        &file(&[(2023, 2, SOY, USA, 90), (2024, 2, SOY, USA, 91), (2024, 1, ORE, CHINA, 1)]),
    )
    .await;
    comes_back(&world, Replace::Slice, &file(&[(2023, 1, SOY, CHINA, 8), (2024, 2, SOY, CHINA, 80)])).await;
    comes_back(&world, Replace::Countries, &file(&[(2023, 2, ORE, USA, 12), (2024, 2, SUGAR, USA, 80)])).await;
    // A slice before the first year of the store makes a year and takes it away again.
    comes_back(&world, Replace::Slice, &file(&[(2022, 5, SOY, CHINA, 8)])).await;
    // A slice, then a whole year over it: the slice's coverage comes back with it.
    world.slice(&file(&[(2022, 1, SOY, CHINA, 8), (2023, 12, SOY, CHINA, 9)])).await;
    comes_back(&world, Replace::Year, &file(&[(2022, 3, SOY, CHINA, 7), (2022, 1, SUGAR, USA, 7)])).await;
}

#[tokio::test]
async fn only_the_newest_load_of_its_years_is_taken_back_and_one_generation_is_kept() {
    let world = World::new().await;
    let load = async |fob| world.load(&file(&[(2024, 1, SOY, CHINA, fob)])).await.batch;
    let (first, second) = (load(10).await, load(11).await);
    let refusal = drop_batch(&world, &first).await.unwrap_err();
    assert!(refusal.contains(&format!("not the newest of 2024: drop {second} first")), "{refusal}");
    drop_batch(&world, &second).await.unwrap();
    // What the first replaced was nothing; what the second replaced is live again and can be taken out.
    let third = load(12).await;
    drop_batch(&world, &third).await.unwrap();
    drop_batch(&world, &first).await.unwrap();
    assert_eq!(world.number("SELECT count(*) FROM stg.exportacao").await, 0);
    let unknown = drop_batch(&world, "nothing").await.unwrap_err();
    assert!(unknown.contains("there is no batch"), "{unknown}");

    let (_, older, newest) = (load(1).await, load(2).await, load(3).await);
    let kept = "SELECT count(*) FROM pg_class WHERE relname LIKE 'kept\\_%' AND relkind = 'r'";
    assert_eq!(world.number(kept).await, 1);
    let batches = world.loader.batches(10).await.unwrap();
    let of = |id: &str| batches.iter().find(|batch| batch.id == id).unwrap();
    assert!(of(&newest).years[0].kept && of(&newest).years[0].kept_bytes > 0 && !of(&older).years[0].kept);
    // After the days of keeping, what was replaced goes with the next load's sweep.
    world.clock.advance(chrono::TimeDelta::days(31));
    world.load(&file(&[(2023, 1, SOY, CHINA, 1)])).await;
    assert_eq!(world.number(kept).await, 0);
    let expired = drop_batch(&world, &newest).await.unwrap_err();
    assert!(expired.contains("no longer kept"), "{expired}");
    world.agrees().await;
}

#[tokio::test]
async fn a_year_is_taken_out_for_good_and_uncovered() {
    let world = World::new().await;
    let batch = world.load(&file(&[(2023, 1, SOY, CHINA, 10), (2024, 2, SUGAR, USA, 20)])).await.batch;
    let drop = async |year| {
        let dropped = world.loader.drop_loaded(&Dropped::Year(year)).await;
        dropped.map(|report| report.emptied).map_err(|error| error.to_string())
    };
    assert_eq!(drop(2024).await.unwrap(), [2024]);
    assert_eq!(world.text("SELECT ano FROM stg.live_year").await, "2023\n");
    let answer = world.get("/v1/exports?drilldowns=year&measures=fob").await;
    assert_eq!(answer["meta"]["through"], "2023-01");
    assert!(drop(2024).await.unwrap_err().contains("2024 holds no data"));
    let refusal = drop_batch(&world, &batch).await.unwrap_err();
    assert!(refusal.contains("2024 of batch") && refusal.contains("was dropped since"), "{refusal}");
    world.agrees().await;
}

#[tokio::test]
async fn a_part_that_loses_more_than_half_is_refused_with_what_would_go() {
    let world = World::new().await;
    let many: String = (1..=40).fold(HEADER.to_owned(), |text, fob| text + &row(2024, 1, SOY, CHINA, fob + 1_000_000));
    world.load(&(many + &row(2024, 1, SUGAR, USA, 900_000_000))).await;
    let part = |replace, rows: &str| {
        let path = world.file("PART.csv", format!("{HEADER}{rows}"));
        LoadOptions { replace, ..world.options(&path) }
    };
    // One row over forty.
    let refusal = world.refused(part(Replace::Slice, &row(2024, 1, SOY, CHINA, 90_000_000))).await;
    assert!(refusal.contains("40 rows, US$ 40,000,820 would be replaced by 1 rows, US$ 90,000,000"), "{refusal}");
    // In sum it grows, and soy alone loses: it is named.
    let rows = row(2024, 1, SOY, CHINA, 5) + &row(2024, 1, SUGAR, USA, 990_000_000).repeat(40);
    let refusal = world.refused(part(Replace::Slice, &rows)).await;
    assert!(refusal.contains("12019000 from 40 rows"), "{refusal}");
    // Countries are judged one by one too.
    let rows = row(2024, 1, ORE, CHINA, 5) + &row(2024, 1, SUGAR, USA, 990_000_000).repeat(40);
    let refusal = world.refused(part(Replace::Countries, &rows)).await;
    assert!(refusal.contains("China from 40 rows"), "{refusal}");
    // A year that keeps its rows and loses its value.
    let rows: String = (1..=41).map(|fob| row(2024, 1, SOY, CHINA, fob)).collect();
    let refusal = world.refused(part(Replace::Year, &rows)).await;
    assert!(refusal.contains("year 2024 would shrink from 41 rows, US$ 940,000,820 to 41 rows, US$ 861"), "{refusal}");
    let allowed = LoadOptions { allow_shrink: true, ..part(Replace::Slice, &row(2024, 1, SOY, CHINA, 9)) };
    let report = world.try_load(allowed).await.unwrap();
    let year = &report.replaced[0];
    assert_eq!(year.before, Amount { rows: 40, fob_cents: 4_000_082_000 });
    assert_eq!(year.after, Amount { rows: 1, fob_cents: 900 });
    // Fewer months than are live.
    world.load(&file(&[(2023, 1, SOY, CHINA, 10), (2023, 3, SOY, CHINA, 10)])).await;
    let shorter = world.file("SHORT.csv", file(&[(2023, 1, SOY, CHINA, 10), (2023, 2, SOY, CHINA, 10)]));
    let refusal = world.refused(world.options(&shorter)).await;
    assert!(refusal.contains("live to month 3 and the file ends with month 2"), "{refusal}");
}

#[tokio::test]
async fn countries_replace_their_own_rows_and_cover_nothing() {
    let world = World::new().await;
    world
        .load(&file(&[
            (2024, 1, SOY, CHINA, 1),
            (2024, 1, SOY, USA, 2),
            (2024, 2, SUGAR, USA, 3),
            (2024, 3, SOY, USA, 4),
        ]))
        .await;
    load_as(&world, Replace::Countries, &file(&[(2024, 1, ORE, USA, 20), (2024, 2, SOY, USA, 30)])).await;
    assert_eq!(
        world.text("SELECT mes, ncm, co_pais, valor_usd::bigint FROM stg.exportacao ORDER BY 1, 2, 3").await,
        "1|12019000|160|1\n1|26011100|249|20\n2|12019000|249|30\n3|12019000|249|4\n"
    );
    assert_eq!(world.text("SELECT through_month FROM stg.live_year").await, "3\n");
    // A year that only such files fill is known of no product: nothing is called complete.
    load_as(&world, Replace::Countries, &file(&[(2022, 1, SOY, USA, 7)])).await;
    assert_eq!(world.text("SELECT count(*) FROM stg.slice_coverage").await, "0\n");
    let answer = world.get("/v1/exports?drilldowns=year&cuts=ncm:12019000&measures=fob").await;
    assert_eq!(answer["meta"]["partial_years"], serde_json::json!([2022, 2024]));
    world.agrees().await;
}

#[tokio::test]
async fn extracts_and_doubled_files_are_noticed() {
    let world = World::new().await;
    let rows = file(&[(2024, 1, SOY, CHINA, 1), (2024, 1, SUGAR, USA, 2)]);
    let doubled = format!("{rows}{}", rows.strip_prefix(HEADER).unwrap());
    assert!(world.load(&doubled).await.summary.notices[0].contains("every row stands in the file twice"));
    assert_eq!(world.load(&rows).await.summary.notices, Vec::<String>::new());
    let many: String = (0..100).fold(HEADER.to_owned(), |text, at| text + &row(2022, 1, SOY + at, CHINA, 5));
    world.load(&many).await;
    let notices = world.load(&file(&[(2021, 1, SOY, CHINA, 1)])).await.summary.notices;
    assert!(
        notices[0].contains("2021 has 1 products and 2022 has 100") && notices[0].contains("drop --batch"),
        "{notices:?}"
    );
}

#[tokio::test]
async fn a_slice_of_one_country_over_a_product_is_refused_and_says_what_to_do() {
    let Some(cases) = shared_data().map(|data| data.join("../../cases/trade")).filter(|cases| cases.is_dir()) else {
        return;
    };
    let world = World::new().await;
    world.try_load(world.options(&cases.join("76-slice-base.csv"))).await.unwrap();
    let before = content(&world).await;
    let extract = LoadOptions { replace: Replace::Slice, ..world.options(&cases.join("76-slice-usa-extract.csv")) };
    let refusal = world.refused(extract.clone()).await;
    assert!(refusal.contains("would be replaced by") && refusal.contains("--replace countries"), "{refusal}");
    assert_eq!(content(&world).await, before);
    let report = world.try_load(LoadOptions { allow_shrink: true, ..extract }).await.unwrap();
    drop_batch(&world, &report.batch).await.unwrap();
    assert_eq!(content(&world).await, before);
}

#[tokio::test]
async fn the_monthly_revision_of_grains_is_compared_and_taken_back() {
    let Some(data) = shared_data() else { return };
    let world = World::new().await;
    world.clock.advance(chrono::TimeDelta::days(120));
    let load =
        async |file: PathBuf, replace| world.try_load(LoadOptions { replace, ..world.options(&file) }).await.unwrap();
    load(data.join("EXP_2025.csv.gz"), Replace::Year).await;
    let before = content(&world).await;
    let slice = load(data.join("EXP_2025_graos.csv.gz"), Replace::Slice).await;
    let compared = world.loader.compare(&slice.batch).await.unwrap();
    // The revision of January and February, as the data's own README has it.
    let months: Vec<_> = compared.months.iter().take(2).map(|(_, changes)| *changes).collect();
    let sum = |part: fn(&trade::ingest::history::Changes) -> i64| months.iter().map(part).sum::<i64>();
    assert_eq!((sum(|c| c.same), sum(|c| c.changed), sum(|c| c.removed), sum(|c| c.added)), (2_876, 111, 16, 18));
    assert_eq!(compared.months.len(), 6);
    drop_batch(&world, &slice.batch).await.unwrap();
    assert_eq!(content(&world).await, before);
    assert_eq!(world.text("SELECT linhas, valor_usd FROM stg.live_year").await, "249681|48252908258.00\n");
    world.agrees_in_the_large().await;
}
