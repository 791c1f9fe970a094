//! What a ministry does to those who fetch its files: each trap, by the command line.

use std::time::Duration;

use serde_json::Value;
use testkit::Fault;
use testkit::ministry::{FakeMinistry, Pace, Refusal, Sums, synthetic_year};
use testkit::tls::{Shows, TestAuthority, TlsListener};

use crate::harness::{Background, signal, wait_for};
use crate::outside::{RUNTIME, World, edit, shipped, told};
use crate::sync_ministry::outcomes;

const SYNC: &[&str] = &["ingest", "sync", "--years", "2023..2024"];
const SYNC_JSON: &[&str] = &["ingest", "sync", "--years", "2023..2024", "--json"];
/// Requests for the content of 2024, of any year, and of the totals.
const OF_2024: &str = "GET /balanca/bd/comexstat-bd/ncm/EXP_2024";
const OF_YEARS: &str = "GET /balanca/bd/comexstat-bd/ncm/EXP_20";
const OF_TOTALS: &str = "GET /balanca/bd/comexstat-bd/ncm/EXP_TOTAIS";

/// A ministry of which nothing is loaded yet.
fn fresh(label: &str) -> World {
    World::new(label, FakeMinistry::synthetic())
}

/// A ministry whose years 2023 and 2024 are live.
fn synced(label: &str) -> World {
    let world = fresh(label);
    world.done(SYNC);
    world.outside.ministry.log().clear();
    world
}

/// US dollars that are live of a year.
fn live(world: &World, year: u16) -> u128 {
    world.number(&format!("SELECT coalesce(sum(valor_usd), 0) FROM stg.exportacao WHERE ano = {year}")) as u128
}

/// US dollars that the ministry says it has published of it.
fn published(world: &World, year: u16) -> u128 {
    world.outside.ministry.sums(year).unwrap().fob_usd
}

fn report(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_second_sync_fetches_nothing_and_a_revised_year_replaces_the_old_one_and_only_it() {
    let world = synced("sync-twice");
    let ministry = &world.outside.ministry;
    assert_eq!([live(&world, 2023), live(&world, 2024)], [published(&world, 2023), published(&world, 2024)]);
    let again = report(&world.done(SYNC_JSON));
    assert_eq!(outcomes(&again, "kept").len(), 10, "{again}");
    assert_eq!((ministry.log().count(OF_YEARS), ministry.log().count("GET /balanca/bd/tabelas")), (0, 0));
    assert!(ministry.log().count("HEAD /balanca") >= 10);
    let batches = "SELECT count(*) FROM stg.ingest_batch";
    let (before, old) = (world.number(batches), live(&world, 2023));
    ministry.revise(2024, synthetic_year(2024, 12, 1, 1));
    let revised = report(&world.done(SYNC_JSON));
    assert_eq!(outcomes(&revised, "loaded"), ["EXP_2024.csv"]);
    assert_eq!((ministry.log().count(OF_YEARS), ministry.log().count(OF_2024)), (1, 1));
    assert_eq!([live(&world, 2023), live(&world, 2024)], [old, published(&world, 2024)]);
    assert_eq!(world.number(batches), before + 1.0);
    assert!(!world.data_dir.join("downloads").exists());
}

#[test]
fn a_dry_run_says_what_would_be_done_and_fetches_the_totals_only() {
    let world = synced("sync-dry");
    let ministry = &world.outside.ministry;
    ministry.revise(2024, synthetic_year(2024, 12, 1, 1));
    let text = world.done(&[SYNC, &["--dry-run"]].concat());
    assert!(text.contains("EXP_2024.csv    to load") && text.contains("1 files would be loaded"), "{text}");
    let planned = report(&world.done(&[SYNC_JSON, &["--dry-run"]].concat()));
    assert_eq!((outcomes(&planned, "planned"), &planned["dry_run"]), (vec!["EXP_2024.csv".to_owned()], &true.into()));
    assert_eq!((ministry.log().count(OF_YEARS), ministry.log().count(OF_TOTALS)), (0, 2));
    assert_ne!(live(&world, 2024), published(&world, 2024));
}

#[test]
fn a_damaged_download_is_never_loaded_and_another_one_is_taken() {
    let world = synced("sync-damaged");
    let (ministry, old) = (&world.outside.ministry, live(&world, 2024));
    ministry.revise(2024, synthetic_year(2024, 12, 1, 1));
    for (fault, why) in [
        (Fault::Altered, "VL_FOB"),
        (Fault::Truncated(30_000), "EXP_2024.csv"),
        (Fault::Corrupted, "EXP_2024.csv"),
        (Fault::html(), "HTML"),
        (Fault::status(500, None), "500"),
    ] {
        ministry.faults().fail_always(OF_2024, fault);
        let said = world.refused(SYNC);
        assert!(said.contains("EXP_2024.csv    REFUSED") && said.contains(why), "{why}: {said}");
        assert!(said.ends_with("error: EXP_2024.csv was not loaded: what is live stays\n"), "{said}");
        assert_eq!(live(&world, 2024), old, "{said}");
        ministry.faults().heal();
    }
    ministry.faults().fail_next(OF_2024, 1, Fault::Altered);
    assert_eq!(outcomes(&report(&world.done(SYNC_JSON)), "loaded"), ["EXP_2024.csv"]);
    assert_eq!(live(&world, 2024), published(&world, 2024));
}

#[test]
fn connections_that_break_are_gone_on_with_by_range() {
    let world = fresh("sync-dropped");
    let ministry = &world.outside.ministry;
    ministry.faults().fail_next(OF_2024, 1, Fault::HangUp);
    ministry.faults().fail_next(OF_2024, 1, Fault::DropAfter(20_000));
    world.done(SYNC);
    let asked = ministry.log().of(OF_2024);
    let ranges: Vec<&str> = asked.iter().map(|request| request.header("range")).collect();
    assert_eq!((ranges.len(), ranges[0], ranges[1]), (3, "", ""), "{ranges:?}");
    assert!(ranges[2].starts_with("bytes=") && ranges[2] != "bytes=0-", "{ranges:?}");
    assert!(asked[2].header("if-range").starts_with('"'), "{:?}", asked[2].headers);
    assert_eq!(live(&world, 2024), published(&world, 2024));
}

#[test]
fn a_sync_that_is_killed_leaves_what_is_live_and_the_next_goes_on_where_it_was() {
    let world = synced("sync-killed");
    let (ministry, old) = (&world.outside.ministry, live(&world, 2024));
    // 1.5 MB, of which a part is on the disk when the process ends.
    ministry.revise(2024, synthetic_year(2024, 12, 20, 1));
    ministry.faults().fail_always(OF_2024, Fault::Drip { chunk_bytes: 32_768, every: Duration::from_millis(30) });
    let mut sync = Background::start(world.bgc(SYNC), world.outside.files.join("killed.log"));
    let part = world.data_dir.join("downloads/EXP_2024.csv.part");
    wait_for("a part of the file", || part.metadata().ok().filter(|part| part.len() > 500_000));
    signal(sync.id(), "KILL");
    assert!(!sync.end().success());
    assert_eq!(live(&world, 2024), old);
    ministry.faults().heal();
    ministry.log().clear();
    let again = report(&world.done(SYNC_JSON));
    assert_eq!(outcomes(&again, "loaded"), ["EXP_2024.csv"]);
    let asked = ministry.log().of(OF_2024);
    let first = asked[0].header("range").trim_start_matches("bytes=").trim_end_matches('-');
    assert!(asked.len() == 1 && first.parse::<u64>().unwrap() > 500_000, "{:?}", asked[0].headers);
    assert_eq!(live(&world, 2024), published(&world, 2024));
    assert!(!world.data_dir.join("downloads").exists());
}

#[test]
fn a_year_that_differs_from_the_totals_is_refused_and_named_and_the_others_go_on() {
    let world = fresh("sync-totals");
    let ministry = &world.outside.ministry;
    let right = ministry.sums(2024).unwrap();
    ministry.publish_totals(2024, Some(Sums { fob_usd: right.fob_usd + 1, ..right }));
    let said = world.refused(SYNC);
    let difference = format!("VL_FOB published {}, found {}", right.fob_usd + 1, right.fob_usd);
    assert!(said.contains("EXP_2024.csv    REFUSED") && said.contains(&difference), "{said}");
    assert!(said.contains("EXP_2023.csv    loaded"), "{said}");
    assert_eq!([live(&world, 2023), live(&world, 2024)], [published(&world, 2023), 0]);
    for wrong in [Sums { rows: right.rows + 1, ..right }, Sums { weight_kg: right.weight_kg - 1, ..right }] {
        ministry.publish_totals(2024, Some(wrong));
        assert!(world.refused(SYNC).contains("EXP_2024.csv    REFUSED"));
        assert_eq!(live(&world, 2024), 0);
    }
    ministry.publish_totals(2024, Some(right));
    world.done(SYNC);
    assert_eq!(live(&world, 2024), right.fob_usd);
}

#[test]
fn data_that_is_out_before_its_totals_waits_for_them() {
    let world = synced("sync-early");
    let (ministry, old) = (&world.outside.ministry, live(&world, 2024));
    ministry.revise_before_totals(2024, synthetic_year(2024, 12, 1, 1));
    ministry.revise_before_totals(2025, synthetic_year(2025, 2, 1, 0));
    let said = world.refused(&["ingest", "sync", "--years", "2023..2025"]);
    assert!(said.contains("the official totals do not name 2025 yet: sync again when they do"), "{said}");
    assert!(
        said.ends_with("error: EXP_2025.csv and EXP_2024.csv were not loaded: what is live of them stays\n"),
        "{said}"
    );
    assert_eq!([live(&world, 2024), live(&world, 2025)], [old, 0]);
    for year in [2024, 2025] {
        ministry.revise(year, ministry.file(year));
    }
    let text = world.done(&["ingest", "sync", "--years", "2023..2025"]);
    assert!(text.contains("data through 2025-02"), "{text}");
    assert_eq!([live(&world, 2024), live(&world, 2025)], [published(&world, 2024), published(&world, 2025)]);
}

#[test]
fn without_totals_nothing_is_loaded() {
    let world = fresh("sync-no-totals");
    let faults = world.outside.ministry.faults();
    for (fault, why) in [
        (Fault::status(404, None), "without the official totals nothing is loaded"),
        (Fault::status(500, None), "the source answered 500"),
        (Fault::html(), "a page of HTML"),
        (Fault::Truncated(120), "the official totals of"),
    ] {
        faults.fail_always("GET /balanca/bd/comexstat-bd/ncm/EXP_TOTAIS", fault);
        let said = world.refused(SYNC);
        assert!(said.contains("EXP_TOTAIS_CONFERENCIA.csv") || said.contains("the official totals of"), "{said}");
        assert!(said.contains(why) && said.contains("nothing"), "{why}: {said}");
        faults.heal();
    }
    assert_eq!(world.outside.ministry.log().count(OF_YEARS), 0);
    assert_eq!([live(&world, 2023), live(&world, 2024)], [0, 0]);
}

#[test]
fn a_ministry_that_asks_for_patience_gets_it() {
    let world = fresh("sync-patience");
    let ministry = &world.outside.ministry;
    // The API only says how far the data goes; without it the sync goes on.
    let refusal = Refusal { in_body: true, retry_after_s: None };
    ministry.set_pace(Some(Pace { every: Duration::from_secs(3600), refusal }));
    ministry.faults().fail_always("GET /general/dates/updated", refusal.fault());
    ministry.faults().fail_next(OF_2024, 1, Fault::status(429, Some(1)));
    ministry.faults().fail_next("GET /balanca/bd/comexstat-bd/ncm/EXP_2023", 1, Fault::status(503, Some(1)));
    let output = world.run(SYNC);
    assert!(output.status.success() && told(&output).contains("note: "), "{}", told(&output));
    for prefix in [OF_2024, "GET /balanca/bd/comexstat-bd/ncm/EXP_2023"] {
        let asked = ministry.log().of(prefix);
        assert_eq!(asked.len(), 2, "{prefix}");
        let pause = asked[1].at - asked[0].at;
        assert!(pause >= Duration::from_secs(1), "{prefix}: {pause:?}");
    }
    assert_eq!(live(&world, 2024), published(&world, 2024));
}

#[test]
fn a_host_without_its_intermediate_is_trusted_by_way_of_the_file_that_completes_it() {
    let world = fresh("sync-tls");
    let authority = TestAuthority::new();
    let ministry = &world.outside.ministry;
    let listener = RUNTIME.block_on(TlsListener::serve(ministry.router(), &authority, Shows::NoIntermediate));
    let file = world.outside.connector("comexstat-bulk.yaml");
    let base = format!("base_url: {}\nallow_private_network: true", listener.url(""));
    let text = shipped("comexstat-bulk.yaml", &[("base_url: https://balanca.economia.gov.br", &base)]);
    std::fs::write(&file, text).unwrap();
    let one = ["ingest", "sync", "--years", "2024"];
    let said = world.refused(&one);
    assert!(said.contains("extra_ca_file") && said.contains("nothing was loaded"), "{said}");
    // As the file itself says to do.
    std::fs::copy(authority.root_file(), world.outside.connector("root.pem")).unwrap();
    edit(&file, "# extra_ca_file: issuer.pem", "extra_ca_file: root.pem");
    let said = world.refused(&one);
    // The host names no place where its issuer could be fetched, so that the file is the way.
    assert!(said.contains("no trusted root") && said.contains("extra_ca_file"), "{said}");
    assert_eq!(ministry.log().count("GET /balanca"), 0);
    std::fs::copy(authority.both_file(), world.outside.connector("issuer.pem")).unwrap();
    edit(&file, "extra_ca_file: root.pem", "extra_ca_file: issuer.pem");
    world.done(&one);
    assert_eq!(live(&world, 2024), published(&world, 2024));
}
