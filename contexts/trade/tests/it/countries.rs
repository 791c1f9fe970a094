//! What is known of the countries, filled from a source or from the embedded table.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use insta::assert_snapshot;
use trade::countries::{CountryError, CountryFacts, CountrySource, Origin, PopulateReport, populate};
use trade::domain::country::embedded;

use crate::store_world::World;

const ALL: &str = "SELECT code, iso3, name_pt, name_en, flag_emoji, currency, languages, latitude, longitude, \
                   distance_brazil_km FROM cfg.countries_metadata ORDER BY code";

/// Says what it was given, or that it is away.
#[derive(Debug)]
struct Told(Option<Vec<CountryFacts>>);

impl CountrySource for Told {
    fn countries(&self) -> BoxFuture<'_, Result<Vec<CountryFacts>, CountryError>> {
        async { self.0.clone().ok_or_else(|| "no answer within 10 s".into()) }.boxed()
    }
}

fn split(codes: &str) -> Vec<String> {
    codes.split('|').map(str::to_owned).collect()
}

fn world_facts() -> Vec<CountryFacts> {
    let countries = embedded().iter().filter(|row| row.canonical == row.co_pais && row.rankable());
    let facts = countries.map(|row| CountryFacts {
        iso2: row.iso2.unwrap().to_owned(),
        iso3: row.iso3.unwrap().to_owned(),
        name_en: Some(if row.co_pais == 160 { "People's Republic of China" } else { row.name_en }.to_owned()),
        currencies: split(row.currency),
        languages: if row.co_pais == 586 { ["spa", "grn"].map(str::to_owned).to_vec() } else { split(row.languages) },
    });
    facts.collect()
}

async fn fill(world: &World, source: Option<&Told>) -> PopulateReport {
    world.clock.advance(chrono::TimeDelta::minutes(1));
    populate(&world.loader.store, source.map(|told| told as &dyn CountrySource), &world.clock).await.unwrap()
}

#[tokio::test]
async fn the_embedded_table_fills_it_and_the_second_time_changes_nothing() {
    let world = World::new().await;
    let first = fill(&world, None).await;
    assert!(first.rows >= 200 && first.changed == first.rows as u64, "{first:?}");
    assert_eq!((first.from, first.notices.len()), (Origin::Embedded, 1));
    let rows = world.text(ALL).await;
    let stamps = world.text("SELECT DISTINCT updated_at FROM cfg.countries_metadata").await;
    assert_eq!(rows.lines().count(), first.rows);
    let again = fill(&world, None).await;
    assert_eq!((again.rows, again.changed), (first.rows, 0));
    assert_eq!(world.text(ALL).await, rows);
    assert_eq!(world.text("SELECT DISTINCT updated_at FROM cfg.countries_metadata").await, stamps);
    assert_snapshot!(
        world.text("SELECT code, name_pt, flag_emoji, currency, languages, latitude, longitude, round(distance_brazil_km::numeric, 1) \
                    FROM cfg.countries_metadata WHERE code IN ('PY', 'US', 'CN', 'PA') ORDER BY code").await,
        @r"
    CN|China|🇨🇳|CNY|zh|39.9042|116.4074|17599.2
    PA|Panamá|🇵🇦|PAB,USD|es|8.9824|-79.5199|5085.5
    PY|Paraguai|🇵🇾|PYG|es,gn|-25.2822|-57.6351|1130.1
    US|Estados Unidos|🇺🇸|USD|en|38.8951|-77.0364|7630.7
    "
    );
}

#[tokio::test]
async fn distances_agree_with_the_anchors_and_neighbours_are_nearest() {
    let world = World::new().await;
    let report = fill(&world, None).await;
    for (code, anchor) in [("AR", 1_675.0), ("US", 7_632.0), ("NL", 9_805.0), ("CN", 17_599.0)] {
        let sql = "SELECT distance_brazil_km FROM cfg.countries_metadata WHERE code = $1";
        let km: f64 = world.sql.query_one(sql, &[&code]).await.unwrap().get(0);
        assert!((km / anchor - 1.0).abs() < 0.005, "{code}: {km} against {anchor}");
    }
    let codes = |list: &[trade::countries::CountryDistance]| {
        list.iter().map(|country| country.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(codes(&report.nearest), ["PY", "UY", "AR"]);
    assert!(report.farthest[0].distance_km >= report.farthest[2].distance_km);
    assert!(report.farthest.iter().all(|country| country.distance_km > 17_000.0), "{:?}", report.farthest);
}

#[tokio::test]
async fn a_source_says_names_which_outlast_its_outage_until_the_embedded_ones_are_asked_for() {
    let world = World::new().await;
    let first = fill(&world, Some(&Told(None))).await;
    assert_eq!(
        (first.from, first.changed),
        (Origin::Embedded, first.rows as u64),
        "without a row there are the embedded"
    );
    assert_eq!(first.notices, ["the source cannot be asked: no answer within 10 s", "the embedded table serves alone"]);
    let source = Told(Some(world_facts()));
    let told = fill(&world, Some(&source)).await;
    assert_eq!((told.from, told.notices.as_slice()), (Origin::RestCountries, [].as_slice()));
    assert!(told.changed >= 1, "{told:?}");
    let china = "SELECT name_pt, name_en FROM cfg.countries_metadata WHERE code = 'CN'";
    assert_eq!(world.text(china).await, "China|People's Republic of China\n");
    let paraguay = "SELECT languages FROM cfg.countries_metadata WHERE code = 'PY'";
    assert_eq!(world.text(paraguay).await, "es,gn\n", "in the form of the embedded table");
    let rows = world.text(ALL).await;
    assert_eq!(fill(&world, Some(&source)).await.changed, 0);
    assert_eq!(world.text(ALL).await, rows);
    let away = fill(&world, Some(&Told(None))).await;
    assert_eq!((away.rows, away.changed), (told.rows, 0));
    let stays = "the table stays as it was filled before; --offline fills it from the embedded table";
    assert_eq!(away.notices, ["the source cannot be asked: no answer within 10 s", stays]);
    // Nor does an answer that is of no use spoil it.
    let useless = fill(&world, Some(&Told(Some(vec![])))).await;
    assert_eq!((useless.changed, useless.notices[1].as_str()), (0, stays));
    assert_eq!(world.text(ALL).await, rows);
    assert_eq!(fill(&world, Some(&source)).await.changed, 0, "after it as before it");
    let offline = fill(&world, None).await;
    assert!(offline.changed >= 1 && offline.from == Origin::Embedded, "{offline:?}");
    assert_eq!(world.text(china).await, "China|China\n");
}

#[tokio::test]
async fn hostile_facts_leave_the_table_whole() {
    let world = World::new().await;
    fill(&world, None).await;
    let rows = world.text(ALL).await;
    let mut hostile = world_facts();
    for (at, facts) in hostile.iter_mut().enumerate() {
        facts.name_en = Some(["x".repeat(1 << 20), "a\u{0}b".to_owned(), String::new()][at % 3].clone());
        facts.currencies = vec!["$$$".to_owned()];
        facts.languages = vec!["PT".to_owned()];
    }
    for facts in [vec![], vec![CountryFacts::default(); 10_000], hostile] {
        let report = fill(&world, Some(&Told(Some(facts)))).await;
        assert_eq!(report.changed, 0, "{report:?}");
        assert!((1..=2).contains(&report.notices.len()), "{:?}", report.notices);
        assert_eq!(world.text(ALL).await, rows);
    }
    // What an operator wrote there is put right.
    world
        .sql
        .batch_execute("UPDATE cfg.countries_metadata SET distance_brazil_km = 1 WHERE code = 'CN'")
        .await
        .unwrap();
    world.sql.batch_execute("DELETE FROM cfg.countries_metadata WHERE code = 'US'").await.unwrap();
    let extra = "INSERT INTO cfg.countries_metadata SELECT 'QQ', 'QQQ', name_pt, name_en, '', '', '', 0, 0, 0, updated_at \
                 FROM cfg.countries_metadata WHERE code = 'AR'";
    world.sql.batch_execute(extra).await.unwrap();
    assert_eq!(fill(&world, None).await.changed, 3);
    assert_eq!(world.text(ALL).await, rows);
}
