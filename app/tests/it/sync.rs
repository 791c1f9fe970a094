//! The official files and the countries, by the command line.

use std::path::Path;

use serde_json::{Value, json};
use testkit::TempDir;

use crate::files::{HEADER, file, gzip, official};
use crate::harness::{bgc, done, refused, run, stderr};

const TOTALS: &str = "\"ARQUIVO\";\"CO_ANO\";\"QT_ESTAT\";\"KG_LIQUIDO\";\"VL_FOB\";\"NUMERO_LINHAS\"\n";

/// Two years and their totals, summed by hand; the second year compressed.
fn ministry(dir: &Path) -> String {
    let carried = dir.join("carried");
    std::fs::create_dir_all(carried.join("tabelas")).unwrap();
    let first = format!("{HEADER}2024;01;17011400;10;160;SP;01;0817800;64;64;1489\n");
    file(&carried, "EXP_2024.csv", first);
    file(&carried, "EXP_2025.csv.gz", gzip(&official(3, 1)));
    let totals = format!("{TOTALS}\"EXP_2024.csv\";2024;64;64;1489;1\n\"EXP_2025.csv\";2025;192;192;4468;3\n");
    file(&carried, "EXP_TOTAIS_CONFERENCIA.csv", totals);
    file(&carried, "tabelas/PAIS.csv", "CO_PAIS;CO_PAIS_ISOA3;NO_PAIS;NO_PAIS_ING\n160;CHN;China;China\n");
    carried.to_str().unwrap().to_owned()
}

#[test]
fn files_that_were_carried_here_are_synced_once() {
    let dir = TempDir::new("sync");
    let (data, carried) = (dir.join("data"), ministry(dir.path()));
    let sync = ["ingest", "sync", "--from-dir", carried.as_str()];
    let planned = done(&data, &[&sync[..], &["--dry-run"]].concat());
    assert!(planned.contains("EXP_2025.csv    to load  not loaded so far"), "{planned}");
    assert!(planned.ends_with("3 files would be loaded\n"), "{planned}");
    let told = done(&data, &sync);
    assert!(told.starts_with("official files of ") && told.contains("EXP_2024.csv    loaded"), "{told}");
    assert!(told.contains("3 files loaded in ") && told.ends_with("data through 2025-02\n"), "{told}");
    let again: Value = serde_json::from_str(&done(&data, &[&sync[..], &["--json"]].concat())).unwrap();
    let years: Vec<&Value> = again["files"].as_array().unwrap().iter().filter(|file| !file["year"].is_null()).collect();
    let states: Vec<&Value> = years.iter().map(|file| &file["state"]).collect();
    assert_eq!(states, [&json!("unchanged"), &json!("unchanged")]);
    assert_eq!((&again["through"], &again["dry_run"]), (&json!("2025-02"), &json!(false)));
    assert!(!data.join("downloads").exists());
    // One year differs from its totals: it is named, the other is loaded.
    file(Path::new(&carried), "EXP_2025.csv.gz", gzip(&official(3, 2)));
    file(Path::new(&carried), "EXP_2024.csv", format!("{HEADER}2024;02;17011400;10;160;SP;01;0817800;64;64;1489\n"));
    let output = run(&data, &sync);
    assert_eq!(output.status.code(), Some(1));
    let (told, error) = (String::from_utf8(output.stdout.clone()).unwrap(), stderr(&output));
    assert!(told.contains("EXP_2025.csv    REFUSED") && told.contains("VL_FOB published 4468, found 4469"), "{told}");
    assert!(told.contains("EXP_2024.csv    loaded"), "{told}");
    assert_eq!(error, "error: EXP_2025.csv was not loaded: what is live stays\n");
}

#[test]
fn a_sync_that_is_asked_wrongly_says_what_to_do() {
    let dir = TempDir::new("sync-usage");
    for years in ["2024..2023", "1900", "2024..", "x", "1997..2200"] {
        let output = bgc(&dir.join("data")).args(["ingest", "sync", "--years", years]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{years}");
        assert!(stderr(&output).contains("1997..2026"), "{}", stderr(&output));
    }
    let nowhere = dir.join("nowhere");
    let told = refused(&dir.join("data"), &["ingest", "sync", "--from-dir", nowhere.to_str().unwrap()]);
    assert!(told.contains("--from-dir") && told.contains("nowhere"), "{told}");
    std::fs::create_dir_all(&nowhere).unwrap();
    let told = refused(&dir.join("data"), &["ingest", "sync", "--from-dir", nowhere.to_str().unwrap()]);
    assert!(
        told.contains("has no EXP_TOTAIS_CONFERENCIA.csv: without the official totals nothing is loaded"),
        "{told}"
    );
}

#[test]
fn countries_are_filled_without_a_network_and_only_once() {
    let dir = TempDir::new("countries");
    let populate = ["countries", "populate", "--offline"];
    let told = done(dir.path(), &populate);
    assert!(told.contains("nearest to São Paulo: Paraguai (1130 km), Uruguai ("), "{told}");
    let again: Value = serde_json::from_str(&done(dir.path(), &[&populate[..], &["--json"]].concat())).unwrap();
    assert!(again["rows"].as_u64().unwrap() >= 200, "{again}");
    assert_eq!((&again["changed"], &again["from"]), (&json!(0), &json!("embedded")));
    assert_eq!(again["nearest"][2]["code"], "AR");
    assert_eq!(again["farthest"].as_array().unwrap().len(), 3);
}
