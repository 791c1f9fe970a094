//! `load-tables`: what the code tables say now goes into facts, reports and cube.

use std::path::PathBuf;

use platform::postgres::Role;
use serde_json::json;

use crate::store_world::{CHINA, HEADER, SIMPLE, SOY, SUGAR, USA, World, file, row};

const COUNTRIES: &str = "\"CO_PAIS\";\"CO_PAIS_ISON3\";\"CO_PAIS_ISOA3\";\"NO_PAIS\";\"NO_PAIS_ING\";\"NO_PAIS_ESP\"\n";
const PRODUCTS: &str =
    "\"CO_NCM\";\"CO_UNID\";\"CO_SH6\";\"CO_ISIC_CLASSE\";\"NO_NCM_POR\";\"NO_NCM_ESP\";\"NO_NCM_ING\"\n";

/// A directory with tables of two countries and two products.
fn tables(world: &World, china: &str, soy_class: &str) -> PathBuf {
    let dir = world.dir.join("tables");
    std::fs::create_dir_all(&dir).unwrap();
    let countries = format!(
        "{COUNTRIES}\"160\";\"156\";\"CHN\";\"{china}\";\"China\";\"China\"\n\"249\";\"840\";\"USA\";\"Estados Unidos\";\"United States\";\"\"\n"
    );
    let products = format!(
        "{PRODUCTS}\"12019000\";\"10\";\"120190\";\"{soy_class}\";\"Soja em grãos\";\"Soja\";\"Soybeans\"\n\
         \"17011400\";\"10\";\"170114\";\"1072\";\"Açúcar de cana\";\"Azúcar\";\"Cane sugar\"\n"
    );
    std::fs::write(dir.join("PAIS.csv"), countries).unwrap();
    std::fs::write(dir.join("NCM.csv"), products).unwrap();
    dir
}

async fn override_sector(world: &World, kind: &str, code: &str, sector: &str) {
    let client = world.database.connect(Role::AppRw).await;
    let sql = "INSERT INTO cfg.setores (tipo, codigo, setor) VALUES ($1, $2, $3)";
    client.execute(sql, &[&kind, &code, &sector]).await.unwrap();
}

const SECTORS: &str = "SELECT ncm, setor, count(*) FROM stg.exportacao GROUP BY 1, 2 ORDER BY 1, 2";

#[tokio::test]
async fn changed_names_reach_facts_reports_and_cube() {
    let world = World::new().await;
    world.load(&file(&[(2023, 1, SUGAR, USA, 1)])).await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10), (2024, 1, SUGAR, USA, 20)])).await;
    let versions = "SELECT ano, version FROM stg.live_year ORDER BY ano";
    let before = world.text(versions).await;
    let report = world.loader.load_tables(&tables(&world, "República Popular da China", "1010"), false).await.unwrap();
    assert_eq!(report.rows, [("PAIS", 2), ("NCM", 2)]);
    assert_eq!(report.renamed, [(2024, 2)]);
    // Only the year in which something changed has a new version, and a new segment.
    let after = world.text(versions).await;
    assert_eq!(after.lines().next(), before.lines().next());
    assert_ne!(after.lines().nth(1), before.lines().nth(1));
    assert_eq!(
        world.text("SELECT pais FROM rpt.mv_resumo_pais ORDER BY 1").await,
        "Estados Unidos\nRepública Popular da China\n"
    );
    assert_eq!(
        world.text("SELECT setor, total_usd FROM rpt.mv_resumo_setor").await,
        "Indústria de Transformação|31.00\n"
    );
    let exports = world.get("/v1/exports?drilldowns=country,ncm,sector&cuts=ncm:12019000&measures=fob").await;
    assert_eq!(exports["data"][0]["country_name"], json!("República Popular da China"));
    assert_eq!(exports["data"][0]["ncm_description"], json!("Soja em grãos"));
    assert_eq!(exports["data"][0]["sector"], json!("industria-de-transformacao"));
    world.agrees().await;
    // The same tables again change no fact.
    let again = world.loader.load_tables(&world.dir.join("tables"), false).await.unwrap();
    assert_eq!(again.renamed, []);
    // And a file that was live still is: names are not content.
    assert!(!world.load(&file(&[(2024, 1, SOY, CHINA, 10), (2024, 1, SUGAR, USA, 20)])).await.changed);
    world.no_leftovers().await;
}

#[tokio::test]
async fn the_operators_word_on_a_sector_wins_and_load_tables_applies_it() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10), (2024, 1, SUGAR, USA, 20), (2024, 1, 1_012_100, USA, 5)])).await;
    let dir = tables(&world, "China", "0111");
    assert_eq!(world.loader.load_tables(&dir, false).await.unwrap().renamed, []);
    override_sector(&world, "ncm", "12019000", "Indústria Extrativa").await;
    override_sector(&world, "isic", "1072", "Outros Produtos").await;
    // A product that the table does not have.
    override_sector(&world, "ncm", "01012100", "Outros Produtos").await;
    assert_eq!(world.loader.load_tables(&dir, false).await.unwrap().renamed, [(2024, 3)]);
    let expected = "01012100|Outros Produtos|1\n12019000|Indústria Extrativa|1\n17011400|Outros Produtos|1\n";
    assert_eq!(world.text(SECTORS).await, expected);
    world.agrees().await;
    // New loads obey it as well.
    world.load(&file(&[(2024, 1, SOY, CHINA, 11), (2024, 1, SUGAR, USA, 20), (2024, 1, 1_012_100, USA, 5)])).await;
    assert_eq!(world.text(SECTORS).await, expected);
    // Taken back, the published class holds again, and the prefix where there is none.
    world.database.connect(Role::AppRw).await.execute("DELETE FROM cfg.setores", &[]).await.unwrap();
    assert_eq!(world.loader.load_tables(&dir, false).await.unwrap().renamed, [(2024, 3)]);
    assert_eq!(
        world.text(SECTORS).await,
        "01012100|Agropecuária|1\n12019000|Agropecuária|1\n17011400|Indústria de Transformação|1\n"
    );
    world.agrees().await;
}

#[tokio::test]
async fn an_override_that_cannot_be_meant_is_refused_when_it_is_written() {
    let world = World::new().await;
    let client = world.database.connect(Role::AppRw).await;
    for (kind, code, sector) in
        [("ncm", "12019000", "Agropecuaria"), ("ncm", "1201", "Agropecuária"), ("sh4", "1201", "Agropecuária")]
    {
        let sql = "INSERT INTO cfg.setores (tipo, codigo, setor) VALUES ($1, $2, $3)";
        assert!(client.execute(sql, &[&kind, &code, &sector]).await.is_err(), "{kind} {code} {sector}");
    }
}

#[tokio::test]
async fn a_sector_that_a_simple_file_named_is_kept() {
    let world = World::new().await;
    world
        .load(&format!(
            "{SIMPLE}2024,1,China,Economia Criativa,12019000,10,10\n2024,1,China,Outros Produtos,17011400,5,5\n"
        ))
        .await;
    world.load(&format!("{HEADER}{}", row(2023, 1, SOY, CHINA, 7))).await;
    let report = world.loader.load_tables(&tables(&world, "China (RPC)", "1010"), false).await.unwrap();
    assert_eq!(report.renamed, [(2023, 2), (2024, 2)]);
    let sectors = "SELECT ano, ncm, pais, setor FROM stg.exportacao ORDER BY 1, 2";
    assert_eq!(
        world.text(sectors).await,
        "2023|12019000|China (RPC)|Indústria de Transformação\n\
         2024|12019000|China (RPC)|Economia Criativa\n2024|17011400|China (RPC)|Outros Produtos\n"
    );
    world.agrees().await;
}

#[tokio::test]
async fn a_number_that_a_later_table_knows_gets_its_name() {
    let world = World::new().await;
    world.load(&format!("{HEADER}{}", row(2024, 1, SOY, 777, 300))).await;
    let dir = tables(&world, "China", "0111");
    let known = std::fs::read_to_string(dir.join("PAIS.csv")).unwrap()
        + "\"777\";\"\";\"ZZZ\";\"Nova Terra\";\"New Land\";\"\"\n";
    std::fs::write(dir.join("PAIS.csv"), known).unwrap();
    assert_eq!(world.loader.load_tables(&dir, false).await.unwrap().renamed, [(2024, 1)]);
    assert_eq!(world.get("/metrics/pais").await[0]["pais"], "Nova Terra");
    world.agrees().await;
}

#[tokio::test]
async fn tables_that_cannot_be_read_change_nothing() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    let before = world.fingerprint().await;
    let dir = tables(&world, "China X", "1010");
    std::fs::write(dir.join("NCM.csv"), "\"CO_NCM\";\"CO_UNID\"\n").unwrap();
    let error = world.loader.load_tables(&dir, false).await.unwrap_err().to_string();
    assert!(error.contains("NCM.csv") && error.contains("NO_NCM_POR"), "{error}");
    assert!(world.loader.load_tables(&world.dir.join("none"), false).await.is_err());
    assert_eq!(world.fingerprint().await, before);
    assert_eq!(world.number("SELECT count(*) FROM cfg.pais").await, 0);
}
