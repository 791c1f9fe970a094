//! A file becomes facts, reports and a cube that say the same.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use insta::assert_snapshot;
use testkit::http;
use trade::domain::code::Month;
use trade::ingest::load::LoadOptions;

use crate::store_world::{ARGENTINA, CHINA, HEADER, ORE, SOY, SUGAR, USA, World, file};

const SMALL: &str = "CO_ANO;CO_MES;CO_NCM;CO_UNID;CO_PAIS;SG_UF_NCM;CO_VIA;CO_URF;QT_ESTAT;KG_LIQUIDO;VL_FOB\n\
    2024;01;12019000;10;160;MT;01;0817800;5000;5000;2500\n\
    2024;01;12019000;10;160;MT;01;0817800;5000;5000;2500\n\
    2024;2;17011400;21;396;SP;4;817600;7;7000;4321\n\
    2024;03;01012100;11;063;RS;07;0610600;3;0;150\n\
    2024;03;26011100;21;249;MG;01;0230151;0;0;0\n";

fn gzip(content: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn every_row_of_a_file_is_stored_with_every_column() {
    let world = World::new().await;
    let report = world.load(SMALL).await;
    assert!(report.changed);
    let columns = "ano, mes, pais, setor, ncm, valor_usd, peso_kg, co_pais, sg_uf, co_via, co_unid, co_urf, qt_estat, \
                   ingest_at AT TIME ZONE 'UTC', ingest_source";
    let rows = world.text(&format!("SELECT {columns} FROM stg.exportacao ORDER BY mes, ncm, valor_usd")).await;
    // Nothing is deduplicated: the first two rows are the same. The raw code of the country stays.
    assert_snapshot!(rows, @r"
    2024|1|China|Agropecuária|12019000|2500.00|5000.000|160|MT|1|10|817800|5000|2025-03-15 12:01:00|comexstat
    2024|1|China|Agropecuária|12019000|2500.00|5000.000|160|MT|1|10|817800|5000|2025-03-15 12:01:00|comexstat
    2024|2|Estados Unidos|Indústria de Transformação|17011400|4321.00|7000.000|396|SP|4|21|817600|7|2025-03-15 12:01:00|comexstat
    2024|3|Argentina|Agropecuária|01012100|150.00|0.000|63|RS|7|11|610600|3|2025-03-15 12:01:00|comexstat
    2024|3|Estados Unidos|Indústria Extrativa|26011100|0.00|0.000|249|MG|1|21|230151|0|2025-03-15 12:01:00|comexstat
    ");
    let batches = world.number("SELECT count(DISTINCT ingest_batch) FROM stg.exportacao").await;
    let named = format!("SELECT count(*) FROM stg.exportacao WHERE ingest_batch = '{}'", report.batch);
    assert_eq!((batches, world.number(&named).await), (1, 5));
    let batch = "SELECT ingest_source, origin, file_name, length(sha256), replace_mode, rows_read, rows_loaded, rows_rejected, \
                 valor_usd, peso_kg, outcome, message FROM stg.ingest_batch";
    assert_snapshot!(world.text(batch).await, @r"
    comexstat|csv|EXP.csv|64|year|5|5|0|9471.00|17000.000|live|
    ");
    world.no_leftovers().await;
}

#[tokio::test]
async fn reports_and_what_is_live_are_exact() {
    let world = World::new().await;
    world.load(SMALL).await;
    let summary = "SELECT ano, pais, setor, total_usd, total_kg, linhas FROM rpt.resumo_anual ORDER BY pais, setor";
    assert_snapshot!(world.text(summary).await, @r"
    2024|Argentina|Agropecuária|150.00|0.000|1
    2024|China|Agropecuária|5000.00|10000.000|2
    2024|Estados Unidos|Indústria Extrativa|0.00|0.000|1
    2024|Estados Unidos|Indústria de Transformação|4321.00|7000.000|1
    ");
    let countries =
        "SELECT pais, total_usd, total_kg, participacao_pct, anos FROM rpt.mv_resumo_pais ORDER BY 2 DESC, 1";
    assert_snapshot!(world.text(countries).await, @r"
    China|5000.00|10000.000|52.79|{2024}
    Estados Unidos|4321.00|7000.000|45.62|{2024}
    Argentina|150.00|0.000|1.58|{2024}
    ");
    let sectors = "SELECT setor, total_usd, total_kg, anos FROM rpt.mv_resumo_setor ORDER BY setor";
    assert_snapshot!(world.text(sectors).await, @r"
    Agropecuária|5150.00|10000.000|{2024}
    Indústria Extrativa|0.00|0.000|{2024}
    Indústria de Transformação|4321.00|7000.000|{2024}
    ");
    let all = "SELECT total_usd, total_kg, paises_count, setores_count, anos, updated_at AT TIME ZONE 'UTC' FROM rpt.mv_resumo_geral";
    assert_snapshot!(world.text(all).await, @r"
    9471.00|17000.000|3|3|{2024}|2025-03-15 12:01:00
    ");
    let live = "SELECT ano, ingest_source, linhas, valor_usd, peso_kg, through_month, version = (SELECT version FROM stg.snapshot), \
                ingest_batch = (SELECT ingest_batch FROM stg.ingest_batch) FROM stg.live_year";
    assert_snapshot!(world.text(live).await, @r"
    2024|comexstat|5|9471.00|17000.000|3|t|t
    ");
}

#[tokio::test]
async fn the_cube_and_the_reports_say_the_same_to_the_cent() {
    let world = World::new().await;
    world
        .load("ano,mes,pais,setor,ncm,valor_usd,peso_kg\n2024,1,China,Agropecuária,12019000,0.01,0.001\n2024,2,Argentina,Agropecuária,12019000,1234567890.99,5.5\n")
        .await;
    let answer = http::get(&world.router().await, "/metrics/resumo").await;
    let (sql, kg) = ("SELECT total_usd FROM rpt.mv_resumo_geral", "SELECT total_kg FROM rpt.mv_resumo_geral");
    assert_eq!((world.text(sql).await.trim(), world.text(kg).await.trim()), ("1234567891.00", "5.501"));
    assert!(answer.text().starts_with(r#"{"totalUsd":1234567891,"totalKg":5.501,"#), "{}", answer.text());
    assert_eq!(answer.json()["updatedAt"], "2025-03-15T12:01:00Z");
    assert_eq!(answer.header("x-data-through"), "2024-02");
    world.agrees().await;
    let year = world.get("/metrics/resumo?ano=2024&setor=Agropecu%C3%A1ria").await;
    assert_eq!((&year["paisesCount"], &year["setoresCount"]), (&2.into(), &1.into()));
}

#[tokio::test]
async fn the_same_content_again_changes_nothing_however_it_is_packed() {
    let world = World::new().await;
    let first = world.load(SMALL).await;
    let before = world.fingerprint().await;
    let again = world.load(SMALL).await;
    assert_eq!((again.changed, again.snapshot), (false, first.snapshot));
    let packed = world.file("EXP_2024.csv.gz", gzip(SMALL));
    let again = world.try_load(world.options(&packed)).await.unwrap();
    assert_eq!((again.changed, again.snapshot), (false, first.snapshot));
    assert_eq!(world.fingerprint().await, before);
    world.no_leftovers().await;
    let outcomes = "SELECT outcome, rows_read, rows_loaded FROM stg.ingest_batch ORDER BY ingest_at";
    assert_eq!(world.text(outcomes).await, "live|5|5\nunchanged|5|0\nunchanged|5|0\n");
}

#[tokio::test]
async fn the_same_rows_in_other_quotes_load_again_and_say_the_same() {
    let world = World::new().await;
    world.load(SMALL).await;
    let before = world.csv("drilldowns=month,ncm,country,uf,via,sector&measures=fob,kg").await;
    let quoted: String = SMALL.lines().map(|line| format!("\"{}\"\r\n", line.replace(';', "\";\""))).collect();
    assert!(world.load(&quoted).await.changed);
    assert_eq!(world.csv("drilldowns=month,ncm,country,uf,via,sector&measures=fob,kg").await, before);
    assert_eq!(world.number("SELECT count(*) FROM stg.exportacao").await, 5);
    world.agrees().await;
}

#[tokio::test]
async fn another_year_joins_and_a_revised_year_replaces() {
    let world = World::new().await;
    world.load(&file(&[(2023, 12, SOY, CHINA, 100), (2023, 1, SUGAR, USA, 50)])).await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 200), (2024, 2, SOY, ARGENTINA, 30)])).await;
    assert_eq!(
        world.csv("drilldowns=year&measures=fob,kg").await,
        "year,months_covered,partial,fob,kg\n2023,12,false,150,300\n2024,2,true,230,460\n"
    );
    let revised = world.load(&file(&[(2023, 12, SOY, CHINA, 101), (2023, 1, ORE, USA, 50)])).await;
    assert_eq!(
        world.csv("drilldowns=year,ncm,country&measures=fob").await,
        "year,ncm,ncm_description,country,country_name,months_covered,partial,fob\n\
         2023,12019000,,CN,China,12,false,101\n2023,26011100,,US,Estados Unidos,12,false,50\n\
         2024,12019000,,CN,China,2,true,200\n2024,12019000,,AR,Argentina,2,true,30\n"
    );
    let only = format!("SELECT count(*) FROM stg.exportacao WHERE ano = 2023 AND ingest_batch <> '{}'", revised.batch);
    assert_eq!(world.number(&only).await, 0);
    assert_eq!(world.get("/metrics/resumo").await["anos"], serde_json::json!([2023, 2024]));
    world.agrees().await;
    // The year before the revision is content that is no longer live: it loads.
    assert!(world.load(&file(&[(2023, 12, SOY, CHINA, 100), (2023, 1, SUGAR, USA, 50)])).await.changed);
}

#[tokio::test]
async fn a_file_of_two_years_replaces_both_at_once() {
    let world = World::new().await;
    let both = file(&[(2023, 12, SOY, CHINA, 100), (2024, 1, SOY, CHINA, 200)]);
    world.load(&both).await;
    assert!(!world.load(&both).await.changed);
    world.load(&file(&[(2024, 1, SOY, CHINA, 7)])).await;
    // Half of it is live: that is not this file.
    assert!(world.load(&both).await.changed);
    assert_eq!(world.number("SELECT sum(valor_usd)::bigint FROM stg.exportacao").await, 300);
    assert_eq!(world.number("SELECT count(DISTINCT version) FROM stg.live_year").await, 1);
    world.agrees().await;
}

#[tokio::test]
async fn the_last_covered_month_can_be_later_than_the_last_row() {
    let world = World::new().await;
    let path = world.file("EXP.csv", file(&[(2024, 1, SOY, CHINA, 200)]));
    let through = |year, month| LoadOptions { through: Month::new(year, month), ..world.options(&path) };
    assert!(world.try_load(through(2024, 3)).await.unwrap().changed);
    assert_eq!(world.get("/metrics/resumo").await["data"]["through"], "2024-03");
    assert_eq!(
        world.csv("drilldowns=month&measures=fob").await,
        "month,partial,fob\n2024-01,false,200\n2024-02,false,0\n2024-03,false,0\n"
    );
    assert!(!world.try_load(through(2024, 3)).await.unwrap().changed);
    // The same rows with other coverage are another content.
    assert!(world.try_load(through(2024, 4)).await.unwrap().changed);
    for (year, month) in [(2025, 4), (2023, 4)] {
        let refusal = world.refused(through(year, month)).await;
        assert!(refusal.contains("does not fit: the file's last month is 2024-01"), "{refusal}");
    }
    let slice = LoadOptions { replace: trade::ingest::guard::Replace::Slice, ..through(2024, 3) };
    assert!(world.refused(slice).await.contains("--through is for whole years"));
    let early = world.file("LATE.csv", file(&[(2024, 5, SOY, CHINA, 200)]));
    let refusal = world.refused(LoadOptions { through: Month::new(2024, 4), ..world.options(&early) }).await;
    assert!(refusal.contains("2024-05"), "{refusal}");
}

#[tokio::test]
async fn a_file_without_rows_is_refused() {
    let world = World::new().await;
    let empty = world.file("EXP.csv", HEADER);
    let refusal = world.refused(world.options(&empty)).await;
    assert!(refusal.contains("EXP.csv"), "{refusal}");
}

#[tokio::test]
async fn before_the_first_load_answers_say_that_nothing_is_loaded() {
    let world = World::new().await;
    let router = world.router().await;
    for uri in ["/metrics/resumo", "/metrics/pais", "/v1/exports?drilldowns=year"] {
        let answer = http::get(&router, uri).await;
        assert!(answer.status.is_client_error() || answer.status.is_server_error(), "{uri}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    // The reports are there and empty: a refresh by hand is no error.
    world.loader.store.refresh_reports().await.unwrap();
    assert_eq!(
        world.text("SELECT total_usd, total_kg, paises_count, anos FROM rpt.mv_resumo_geral").await,
        "0|0|0|{}\n"
    );
}
