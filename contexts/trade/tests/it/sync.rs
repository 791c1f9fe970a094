//! The official files into the store: only what changed, and nothing by halves.

use trade::domain::code::Month;
use trade::ingest::sync::OfficialFile::{Table, Totals, Year};
use trade::ingest::sync::{Directory, Outcome, SyncOptions, TableName};
use trade::sample::{SampleOptions, write_csv};

use crate::store_world::{ARGENTINA, CHINA, ORE, SOY, SUGAR, USA, World, file};
use crate::sync_world::{Ministry, Rows, lines, totals};

fn y2023() -> Rows {
    vec![(2023, 1, SOY, CHINA, 100), (2023, 12, SUGAR, USA, 50)]
}

fn y2024() -> Rows {
    vec![(2024, 1, SOY, CHINA, 200), (2024, 2, ORE, ARGENTINA, 30), (2024, 2, ORE, ARGENTINA, 30)]
}

const BY_YEAR: &str = "SELECT ano, count(*), sum(valor_usd) FROM stg.exportacao GROUP BY 1 ORDER BY 1";

async fn two_years() -> (World, Ministry) {
    let (world, ministry) = (World::new().await, Ministry::default());
    ministry.publish_years(&[y2023(), y2024()]);
    ministry.publish_tables("China");
    (world, ministry)
}

#[tokio::test]
async fn the_first_sync_loads_everything_and_the_second_only_asks() {
    let (world, ministry) = two_years().await;
    let first = world.sync(&ministry).await;
    assert_eq!(
        lines(&first),
        ["PAIS.csv new loaded", "UF.csv new loaded", "EXP_2024.csv new loaded", "EXP_2023.csv new loaded"]
    );
    assert_eq!(world.text(BY_YEAR).await, "2023|2|150.00\n2024|3|260.00\n");
    assert_eq!((first.through.as_deref(), first.refused().count()), (Some("2024-02"), 0));
    assert_eq!(
        world.text("SELECT name, bytes > 0, length(sha256) FROM stg.official_file ORDER BY 1").await,
        "EXP_2023.csv|t|64\nEXP_2024.csv|t|64\nPAIS.csv|t|64\nUF.csv|t|64\n"
    );
    assert!(!world.dir.join("downloads").exists(), "nothing is left behind");
    world.agrees().await;
    let before = world.fingerprint().await;
    ministry.asked();
    let second = world.sync(&ministry).await;
    let (probed, fetched) = ministry.asked();
    assert_eq!(fetched, [Totals], "only the totals are fetched");
    assert_eq!(probed.iter().filter(|id| id.year().is_some()).count(), 2, "one question a year");
    assert_eq!(
        lines(&second),
        [
            "PAIS.csv unchanged kept",
            "UF.csv unchanged kept",
            "EXP_2024.csv unchanged kept",
            "EXP_2023.csv unchanged kept"
        ]
    );
    assert_eq!((world.fingerprint().await, second.snapshot), (before, first.snapshot));
    world.no_leftovers().await;
}

#[tokio::test]
async fn a_revised_year_replaces_the_old_one_and_only_it() {
    let (world, ministry) = two_years().await;
    world.sync(&ministry).await;
    let old = world.text("SELECT version FROM stg.live_year WHERE ano = 2023").await;
    let revised: Rows = vec![(2024, 1, SOY, CHINA, 201), (2024, 3, SOY, USA, 7)];
    ministry.publish(Year(2024), file(&revised));
    ministry.publish(Totals, totals(&[y2023(), revised]));
    ministry.asked();
    let report = world.sync(&ministry).await;
    assert_eq!(lines(&report)[2..], ["EXP_2024.csv changed loaded", "EXP_2023.csv unchanged kept"]);
    assert!(report.files[8].reason.contains("2 rows, 3 are live"), "{:?}", report.files[8]);
    assert_eq!(ministry.asked().1, [Totals, Year(2024)]);
    assert_eq!(world.text(BY_YEAR).await, "2023|2|150.00\n2024|2|208.00\n");
    assert_eq!(world.text("SELECT version FROM stg.live_year WHERE ano = 2023").await, old);
    assert_eq!(report.through.as_deref(), Some("2024-03"));
    world.agrees().await;
}

#[tokio::test]
async fn a_revision_that_keeps_the_totals_is_seen_by_its_validator() {
    let (world, ministry) = two_years().await;
    world.sync(&ministry).await;
    // Rows change places, as it were: the sums stay.
    let moved: Rows = vec![(2023, 1, SOY, CHINA, 50), (2023, 12, SUGAR, USA, 100)];
    ministry.publish(Year(2023), file(&moved));
    let report = world.sync(&ministry).await;
    assert_eq!(lines(&report)[2..], ["EXP_2024.csv unchanged kept", "EXP_2023.csv changed loaded"]);
    assert_eq!(
        world.text("SELECT valor_usd FROM stg.exportacao WHERE ano = 2023 ORDER BY mes").await,
        "50.00\n100.00\n"
    );
    // Published anew with the same content: fetched once, live already, and then believed.
    ministry.publish(Year(2023), file(&moved));
    ministry.asked();
    let report = world.sync(&ministry).await;
    assert_eq!(lines(&report)[3], "EXP_2023.csv changed identical");
    assert_eq!(ministry.asked().1, [Totals, Year(2023)]);
    world.sync(&ministry).await;
    assert_eq!(ministry.asked().1, [Totals]);
}

#[tokio::test]
async fn what_was_loaded_by_hand_is_compared_once_and_what_replaced_a_sync_is_seen() {
    let (world, ministry) = two_years().await;
    world.load(&file(&y2023())).await;
    let report = world.sync(&ministry).await;
    assert_eq!(lines(&report)[2..], ["EXP_2024.csv new loaded", "EXP_2023.csv changed identical"]);
    assert_eq!(lines(&world.sync(&ministry).await)[3], "EXP_2023.csv unchanged kept");
    // The same sums from another file.
    world.load(&file(&[(2023, 1, SOY, CHINA, 149), (2023, 12, SUGAR, USA, 1)])).await;
    assert_eq!(lines(&world.sync(&ministry).await)[3], "EXP_2023.csv changed loaded");
    // A slice mixes a year.
    world.slice(&file(&[(2024, 2, ORE, ARGENTINA, 60)])).await;
    let report = world.sync(&ministry).await;
    assert_eq!(lines(&report)[2], "EXP_2024.csv changed loaded");
    assert_eq!(world.text(BY_YEAR).await, "2023|2|150.00\n2024|3|260.00\n");
    world.agrees().await;
}

#[tokio::test]
async fn code_tables_are_loaded_when_one_of_them_changed() {
    let (world, ministry) = two_years().await;
    world.sync(&ministry).await;
    ministry.publish_tables("República Popular da China");
    ministry.asked();
    let report = world.sync(&ministry).await;
    assert_eq!(lines(&report)[..2], ["PAIS.csv changed loaded", "UF.csv changed loaded"]);
    assert_eq!(ministry.asked().1, [Totals, Table(TableName::Pais), Table(TableName::Uf)]);
    assert_eq!(world.text("SELECT no_pais FROM cfg.pais").await, "República Popular da China\n");
    // Published anew, the same text: no new snapshot for it.
    ministry.publish_tables("República Popular da China");
    let again = world.sync(&ministry).await;
    assert_eq!(lines(&again)[..2], ["PAIS.csv changed identical", "UF.csv changed identical"]);
    assert_eq!(again.snapshot, report.snapshot);
    // Loaded by hand, the tables are no longer known to be the ministry's.
    let dir = world.dir.join("mine");
    std::fs::create_dir_all(&dir).unwrap();
    let table = "CO_PAIS;CO_PAIS_ISON3;CO_PAIS_ISOA3;NO_PAIS;NO_PAIS_ING\n160;156;CHN;Minha China;China\n";
    std::fs::write(dir.join("PAIS.csv"), table).unwrap();
    world.loader.load_tables(&dir, false).await.unwrap();
    assert_eq!(lines(&world.sync(&ministry).await)[0], "PAIS.csv new loaded");
    assert_eq!(world.text("SELECT no_pais FROM cfg.pais").await, "República Popular da China\n");
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_changes_nothing() {
    let (world, ministry) = two_years().await;
    let before = world.fingerprint().await;
    let options = SyncOptions { dry_run: true, ..world.sync_options() };
    let report = world.try_sync(&ministry, &options).await.unwrap();
    assert_eq!(
        lines(&report),
        ["PAIS.csv new planned", "UF.csv new planned", "EXP_2024.csv new planned", "EXP_2023.csv new planned"]
    );
    assert_eq!(ministry.asked().1, [Totals]);
    assert_eq!(world.fingerprint().await, before);
    assert_eq!(world.number("SELECT count(*) FROM stg.official_file").await, 0);
    assert_eq!(world.number("SELECT count(*) FROM stg.ingest_batch").await, 0);
    assert_eq!(std::fs::read_dir(world.dir.join("downloads")).unwrap().count(), 0);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        json["files"][8],
        serde_json::json!({"file": "EXP_2024.csv", "year": 2024, "state": "new", "reason": "not loaded so far",
            "bytes": file(&y2024()).len(), "outcome": "planned", "rows": null, "batch": null, "error": null})
    );
    world.sync(&ministry).await;
    let report = world.try_sync(&ministry, &options).await.unwrap();
    assert!(report.files.iter().all(|file| file.outcome == Outcome::Kept), "{report:?}");
}

#[tokio::test]
async fn only_the_years_asked_for_and_those_that_are_missing_are_named() {
    let (world, ministry) = two_years().await;
    let years = |first, last| SyncOptions { years: Some(first..=last), ..world.sync_options() };
    let report = world.try_sync(&ministry, &years(2020, 2023)).await.unwrap();
    assert_eq!(world.text(BY_YEAR).await, "2023|2|150.00\n");
    let missing: Vec<String> =
        (2020..=2022).map(|year| format!("EXP_{year}.csv: there is no EXP_{year}.csv")).collect();
    assert_eq!(report.notices.iter().filter(|notice| notice.contains("EXP_")).cloned().collect::<Vec<_>>(), missing);
    assert_eq!(report.refused().count(), 0);
    // Asked for everything, a year that the totals name and that is not there is passed over.
    ministry.withdraw(Year(2024));
    let report = world.sync(&ministry).await;
    assert_eq!(lines(&report)[2..], ["EXP_2024.csv missing kept", "EXP_2023.csv unchanged kept"]);
    assert!(!report.notices.iter().any(|notice| notice.contains("EXP_")), "{:?}", report.notices);
    // Nothing that could be a year.
    assert!(world.try_sync(&ministry, &years(1900, u16::MAX)).await.unwrap().files.len() < 130);
}

#[tokio::test]
async fn a_year_that_the_totals_no_longer_name_stays() {
    let (world, ministry) = two_years().await;
    world.sync(&ministry).await;
    ministry.publish(Totals, totals(&[y2024()]));
    let report = world.sync(&ministry).await;
    assert_eq!(report.notices, ["2023 is live and the official totals do not name it: it stays as it is"]);
    assert_eq!(world.text(BY_YEAR).await, "2023|2|150.00\n2024|3|260.00\n");
}

#[tokio::test]
async fn coverage_is_compared_with_coverage() {
    let (world, ministry) = two_years().await;
    ministry.announce(Ok(Month::new(2024, 2).unwrap()));
    let report = world.sync(&ministry).await;
    assert_eq!(
        (report.announced.as_deref(), report.notices.iter().any(|text| text.contains("announces"))),
        (Some("2024-02"), false)
    );
    // Years later by the clock, nothing was announced: nothing is late.
    world.clock.advance(chrono::TimeDelta::days(1_000));
    assert_eq!(world.sync(&ministry).await.notices, [""; 0]);
    ministry.announce(Ok(Month::new(2024, 3).unwrap()));
    let notice = "the ministry announces data through 2024-03 and 2024-02 is live: sync again later";
    assert_eq!(world.sync(&ministry).await.notices, [notice]);
    let past = SyncOptions { years: Some(2023..=2023), ..world.sync_options() };
    assert_eq!(world.try_sync(&ministry, &past).await.unwrap().notices, [""; 0]);
    ministry.announce(Err("503".to_owned()));
    let notices = world.sync(&ministry).await.notices;
    assert_eq!(notices, ["which month was published last could not be asked, the files are: 503"]);
}

#[tokio::test]
async fn the_first_real_year_removes_the_sample() {
    let (world, ministry) = two_years().await;
    let mut options = world.options(&world.dir.join("unused"));
    options.input = trade::ingest::input::Input::Sample { rows: None };
    options.source = "sample".to_owned();
    world.try_load(options).await.unwrap();
    let report = world.sync(&ministry).await;
    assert_eq!(lines(&report)[2..], ["EXP_2024.csv new loaded", "EXP_2023.csv new loaded"]);
    assert_eq!(world.text("SELECT DISTINCT ingest_source FROM stg.exportacao").await, "comexstat\n");
    world.agrees().await;
}

#[tokio::test]
async fn a_directory_serves_in_place_of_the_ministry() {
    let world = World::new().await;
    let dir = world.dir.join("carried");
    std::fs::create_dir_all(dir.join("tabelas")).unwrap();
    let put = |name: &str, content: &[u8]| std::fs::write(dir.join(name), content).unwrap();
    let gz = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    put("EXP_2023.csv", file(&y2023()).as_bytes());
    put("EXP_2024.csv.gz", &gz(&file(&y2024())));
    put("tabelas/PAIS.csv.gz", &gz("CO_PAIS;CO_PAIS_ISOA3;NO_PAIS;NO_PAIS_ING\n160;CHN;China;China\n"));
    let files = Directory::open(&dir).unwrap();
    let error = world.try_sync(&files, &world.sync_options()).await.unwrap_err().to_string();
    assert!(error.contains("carried has no EXP_TOTAIS_CONFERENCIA.csv"), "{error}");
    put("EXP_TOTAIS_CONFERENCIA.csv", totals(&[y2023(), y2024()]).as_bytes());
    let report = world.sync(&files).await;
    assert_eq!(lines(&report), ["PAIS.csv new loaded", "EXP_2024.csv new loaded", "EXP_2023.csv new loaded"]);
    assert_eq!(world.text(BY_YEAR).await, "2023|2|150.00\n2024|3|260.00\n");
    assert_eq!(
        lines(&world.sync(&files).await),
        ["PAIS.csv unchanged kept", "EXP_2024.csv unchanged kept", "EXP_2023.csv unchanged kept"]
    );
    assert!(dir.join("EXP_2024.csv.gz").exists() && dir.join("EXP_2023.csv").exists(), "what was carried stays");
    assert!(Directory::open(&world.dir.join("nowhere")).is_err());
    assert!(Directory::open(&dir.join("EXP_2023.csv")).is_err());
}

#[tokio::test]
async fn files_as_large_as_a_sample_are_synced_to_the_cent() {
    let (world, ministry) = (World::new().await, Ministry::default());
    let mut text = Vec::new();
    write_csv(&mut text, &SampleOptions { rows: None }).unwrap();
    let text = String::from_utf8(text).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut conference = "CO_ANO;QT_ESTAT;KG_LIQUIDO;VL_FOB;NUMERO_LINHAS\n".to_owned();
    for year in 2020..=2024_u16 {
        let of_year: Vec<&str> = rows.lines().filter(|row| row.starts_with(&format!("\"{year}\""))).collect();
        let sum = |column: usize| -> i64 {
            of_year.iter().map(|row| row.split(';').nth(column).unwrap().parse::<i64>().unwrap()).sum()
        };
        conference += &format!("{year};{};{};{};{}\n", sum(8), sum(9), sum(10), of_year.len());
        ministry.publish(Year(year), format!("{header}\n{}\n", of_year.join("\n")));
    }
    ministry.publish(Totals, conference);
    let report = world.sync(&ministry).await;
    assert_eq!(report.refused().count(), 0, "{report:?}");
    assert_eq!(world.number("SELECT count(*) FROM stg.exportacao").await, rows.lines().count() as i64);
    world.agrees_in_the_large().await;
}
