//! What a sync must withstand: damage, half-published data, a source or a process that goes away.

use std::sync::Arc;

use trade::ingest::sync::OfficialFile::{Table, Totals, Year};
use trade::ingest::sync::{SyncError, SyncOptions, SyncReport, TableName, sync};

use crate::store_world::{CHINA, ORE, SOY, USA, World, file, until};
use crate::sync_world::{Ministry, Rows, lines, totals};

fn year(year: u16, value: i64) -> Rows {
    vec![(year, 1, SOY, CHINA, value), (year, 2, SOY, USA, value + 1)]
}

const BY_YEAR: &str = "SELECT ano, count(*), sum(valor_usd) FROM stg.exportacao GROUP BY 1 ORDER BY 1";

/// A store that holds 2022 to 2024 as the ministry has them.
async fn synced() -> (World, Ministry) {
    let (world, ministry) = (World::new().await, Ministry::default());
    ministry.publish_years(&[year(2022, 10), year(2023, 20), year(2024, 30)]);
    let report = world.sync(&ministry).await;
    assert_eq!(report.refused().count(), 0, "{report:?}");
    ministry.asked();
    (world, ministry)
}

fn refused(report: &SyncReport) -> Vec<(&str, &str)> {
    report.refused().map(|file| (file.file.as_str(), file.error.as_deref().unwrap())).collect()
}

#[tokio::test]
async fn without_totals_nothing_is_loaded() {
    let (world, ministry) = (World::new().await, Ministry::default());
    let before = world.fingerprint().await;
    ministry.publish(Year(2024), file(&year(2024, 1)));
    ministry.publish_tables("China");
    let error = world.try_sync(&ministry, &world.sync_options()).await.unwrap_err();
    assert!(matches!(error, SyncError::TotalsMissing { .. }), "{error}");
    ministry.fail(Totals, true);
    let error = world.try_sync(&ministry, &world.sync_options()).await.unwrap_err();
    assert!(error.to_string().contains("cannot be had from https://ministry.example"), "{error}");
    ministry.fail(Totals, false);
    for nonsense in ["", "<html>busy</html>", "ARQUIVO;CO_ANO\nEXP_2024.csv;2024\n"] {
        ministry.publish(Totals, nonsense);
        ministry.asked();
        let error = world.try_sync(&ministry, &world.sync_options()).await.unwrap_err();
        assert!(matches!(error, SyncError::Totals { .. }), "{error}");
        assert_eq!(ministry.asked(), (vec![], vec![Totals, Totals]), "it was fetched once more, and nothing else");
    }
    assert_eq!(world.fingerprint().await, before);
    assert_eq!(world.number("SELECT count(*) FROM cfg.pais").await, 0);
}

#[tokio::test]
async fn a_damaged_download_is_refused_and_another_one_is_taken() {
    let (world, ministry) = synced().await;
    let revised = [year(2022, 11), year(2023, 21), year(2024, 31)];
    ministry.publish_years(&revised);
    let whole = file(&revised[2]);
    let damaged: [&[u8]; 4] = [
        b"<html>try again</html>",
        &whole.as_bytes()[..whole.len() - 9],
        &whole.as_bytes()[..whole.len() - 48],
        &[0x1f, 0x8b, 8, 0, 0, 0],
    ];
    for (round, content) in damaged.into_iter().enumerate() {
        let rows = year(2024, 31 + i64::try_from(round).unwrap());
        // The damage is of the first text, the content of this round.
        ministry.publish_years(&[revised[0].clone(), revised[1].clone(), rows.clone()]);
        ministry.damage_once(Year(2024), content);
        let report = world.sync(&ministry).await;
        assert_eq!(refused(&report), [], "round {round}");
        assert_eq!(lines(&report)[0], "EXP_2024.csv changed loaded");
        let (_, fetched) = ministry.asked();
        assert_eq!(fetched.iter().filter(|id| **id == Year(2024)).count(), 2, "{fetched:?}");
        assert_eq!(fetched.iter().filter(|id| **id == Totals).count(), 2, "{fetched:?}");
        let sum: i64 = rows.iter().map(|row| row.4).sum();
        assert_eq!(world.number("SELECT sum(valor_usd)::bigint FROM stg.exportacao WHERE ano = 2024").await, sum);
        assert_eq!(lines(&world.sync(&ministry).await)[0], "EXP_2024.csv unchanged kept");
        ministry.asked();
    }
    world.agrees().await;
    world.no_leftovers().await;
}

#[tokio::test]
async fn a_year_that_differs_from_the_totals_is_refused_by_name_and_the_others_go_on() {
    let (world, ministry) = synced().await;
    let revised = [year(2022, 11), year(2023, 21), year(2024, 31)];
    ministry.publish_years(&revised);
    // The totals are out, the file of 2023 is not, or the other way round.
    ministry.publish(Year(2023), file(&year(2023, 99)));
    let report = world.sync(&ministry).await;
    let told = refused(&report);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, "EXP_2023.csv");
    assert!(told[0].1.contains("2023: VL_FOB published 43, found 199 (156 off)"), "{told:?}");
    assert_eq!(world.text(BY_YEAR).await, "2022|2|23.00\n2023|2|41.00\n2024|2|63.00\n");
    assert_eq!(ministry.asked().1.iter().filter(|id| **id == Year(2023)).count(), 2, "it was fetched once more");
    // The next sync tries again, and the year after it was put right.
    assert_eq!(refused(&world.sync(&ministry).await).len(), 1);
    ministry.publish(Year(2023), file(&revised[1]));
    assert_eq!(refused(&world.sync(&ministry).await), []);
    assert_eq!(world.text(BY_YEAR).await, "2022|2|23.00\n2023|2|43.00\n2024|2|63.00\n");
    world.agrees().await;
    world.no_leftovers().await;
}

#[tokio::test]
async fn a_file_published_between_two_looks_at_the_totals_is_taken_with_the_later_ones() {
    let (world, ministry) = synced().await;
    let revised = [year(2022, 10), year(2023, 20), year(2024, 31)];
    ministry.publish(Year(2024), file(&revised[2]));
    ministry.after_fetch(Year(2024), vec![(Totals, totals(&revised).into_bytes())]);
    let report = world.sync(&ministry).await;
    assert_eq!(refused(&report), []);
    assert_eq!(lines(&report)[0], "EXP_2024.csv changed loaded");
    // Totals that are damaged when they come the second time leave the others as they were.
    let next = [year(2022, 12), year(2023, 20), year(2024, 32)];
    ministry.publish_years(&next);
    ministry.publish(Year(2024), file(&year(2024, 77)));
    ministry.after_fetch(Year(2024), vec![(Totals, b"<html>".to_vec())]);
    let report = world.sync(&ministry).await;
    assert!(refused(&report)[0].1.contains("it was to be fetched once more"), "{report:?}");
    assert_eq!(lines(&report)[2], "EXP_2022.csv changed loaded");
}

#[tokio::test]
async fn data_that_is_out_before_its_totals_waits() {
    let (world, ministry) = synced().await;
    ministry.publish(Year(2025), file(&year(2025, 1)));
    // Whoever takes what the totals name does not meet it; whoever asks for it is told.
    assert_eq!(refused(&world.sync(&ministry).await), []);
    let options = SyncOptions { years: Some(2025..=2025), ..world.sync_options() };
    ministry.asked();
    let report = world.try_sync(&ministry, &options).await.unwrap();
    let reason = "EXP_2025.csv is published and the official totals do not name 2025 yet: sync again when they do";
    assert_eq!(refused(&report), [("EXP_2025.csv", reason)]);
    assert_eq!(ministry.asked().1, [Totals]);
    ministry.publish(Totals, totals(&[year(2022, 10), year(2023, 20), year(2024, 30), year(2025, 1)]));
    assert_eq!(lines(&world.sync(&ministry).await)[0], "EXP_2025.csv new loaded");
}

#[tokio::test]
async fn a_source_that_fails_for_one_file_costs_that_file_only() {
    let (world, ministry) = synced().await;
    ministry.publish_years(&[year(2022, 11), year(2023, 21), year(2024, 31)]);
    ministry.publish_tables("China");
    ministry.fail(Year(2023), true);
    ministry.fail(Table(TableName::Uf), true);
    let report = world.sync(&ministry).await;
    let reason = "it cannot be fetched: the connection was reset";
    assert_eq!(refused(&report), [("UF.csv", reason), ("EXP_2023.csv", reason)]);
    assert_eq!(world.text(BY_YEAR).await, "2022|2|23.00\n2023|2|41.00\n2024|2|63.00\n");
    assert_eq!(world.number("SELECT count(*) FROM cfg.pais").await, 1);
    ministry.fail(Year(2023), false);
    ministry.fail(Table(TableName::Uf), false);
    let report = world.sync(&ministry).await;
    assert_eq!(
        lines(&report),
        [
            "PAIS.csv unchanged kept",
            "UF.csv new identical",
            "EXP_2024.csv unchanged kept",
            "EXP_2023.csv changed loaded",
            "EXP_2022.csv unchanged kept"
        ]
        .map(|line| if line.starts_with("UF") { "UF.csv new loaded" } else { line })
    );
}

#[tokio::test]
async fn damaged_tables_are_fetched_once_more_and_spoil_no_year() {
    let (world, ministry) = (World::new().await, Ministry::default());
    ministry.publish_years(&[year(2024, 30)]);
    ministry.publish_tables("China");
    ministry.damage_once(Table(TableName::Pais), "<html>busy</html>");
    assert_eq!(refused(&world.sync(&ministry).await), []);
    assert_eq!(world.number("SELECT count(*) FROM cfg.pais").await, 1);
    ministry.publish(Table(TableName::Pais), "<html>busy</html>");
    ministry.publish_years(&[year(2024, 31)]);
    let report = world.sync(&ministry).await;
    assert_eq!(refused(&report).len(), 1, "{report:?}");
    assert!(refused(&report)[0].1.contains("PAIS.csv: line 1: the header has no column CO_PAIS"), "{report:?}");
    assert_eq!(lines(&report)[2], "EXP_2024.csv changed loaded");
    assert_eq!(world.number("SELECT count(*) FROM cfg.pais").await, 1);
}

#[tokio::test]
async fn a_year_that_shrinks_and_one_of_another_source_are_refused_before_they_are_fetched() {
    let (world, ministry) = (World::new().await, Ministry::default());
    let long: Rows = (1..=10).map(|month| (2024, month, SOY, CHINA, 5)).collect();
    ministry.publish_years(&[long]);
    world.sync(&ministry).await;
    let mut options = world.options(&world.file("MINE.csv", file(&year(2023, 1))));
    options.source = "mine".to_owned();
    world.try_load(options).await.unwrap();
    ministry.publish_years(&[year(2023, 20), year(2024, 30)]);
    ministry.asked();
    let report = world.sync(&ministry).await;
    let told = refused(&report);
    assert_eq!(told[0].0, "EXP_2024.csv");
    assert!(told[0].1.contains("year 2024 would shrink from 10 rows, US$ 50 to 2 rows"), "{told:?}");
    assert!(told[1].1.contains("year 2023 is live from source \"mine\""), "{told:?}");
    assert_eq!(ministry.asked().1, [Totals]);
    let allowed = SyncOptions { allow_shrink: true, years: Some(2024..=2024), ..world.sync_options() };
    let report = world.try_sync(&ministry, &allowed).await.unwrap();
    assert_eq!(lines(&report), ["EXP_2024.csv changed loaded"]);
    world.agrees().await;
}

#[tokio::test]
async fn a_sync_that_is_broken_off_leaves_whole_years_and_the_next_goes_on() {
    let (world, ministry) = (World::new().await, Ministry::default());
    ministry.publish_years(&[year(2022, 10), year(2023, 20), year(2024, 30)]);
    *ministry.held.lock().unwrap() = Some(Year(2022));
    let (loader, files, options) = (world.loader.clone(), ministry.clone(), world.sync_options());
    let under_way = tokio::spawn(async move { sync(&loader, &files, &options, Arc::new(|_| {})).await });
    ministry.reached.notified().await;
    // 2023 is being loaded while 2022 is fetched.
    until("2023 to be live", async || {
        world.number("SELECT count(*) FROM stg.official_file WHERE name LIKE 'EXP_%'").await == 2
    })
    .await;
    let busy = world.try_sync(&ministry, &world.sync_options()).await.unwrap_err();
    assert_eq!(busy.to_string(), "another sync is running: wait until it has ended");
    under_way.abort();
    assert!(under_way.await.unwrap_err().is_cancelled());
    *ministry.held.lock().unwrap() = None;
    assert_eq!(world.text(BY_YEAR).await, "2023|2|41.00\n2024|2|61.00\n");
    ministry.asked();
    // The lock goes with the connection, which the server may notice a moment later.
    until("the next sync", async || match world.try_sync(&ministry, &world.sync_options()).await {
        Err(SyncError::Busy) => false,
        report => {
            assert_eq!(
                lines(&report.unwrap()),
                ["EXP_2024.csv unchanged kept", "EXP_2023.csv unchanged kept", "EXP_2022.csv new loaded"]
            );
            true
        }
    })
    .await;
    assert_eq!(ministry.asked().1, [Totals, Year(2022)]);
    world.agrees().await;
    world.no_leftovers().await;
}

#[tokio::test]
async fn the_next_year_is_fetched_while_one_is_loaded_and_no_more() {
    let (world, ministry) = (World::new().await, Ministry::default());
    let all: Vec<Rows> = (2020..=2024).map(|of| year(of, i64::from(of))).collect();
    ministry.publish_years(&all);
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (most, options) = (Arc::clone(&seen), world.sync_options());
    let downloads = options.downloads_dir.clone();
    let watch = move |_| {
        let files = std::fs::read_dir(&downloads).unwrap().filter_map(Result::ok);
        let years = files.filter(|file| file.file_name().to_string_lossy().starts_with("EXP_20")).count();
        most.lock().unwrap().push(years);
    };
    let report = sync(&world.loader, &ministry, &options, Arc::new(watch)).await.unwrap();
    assert_eq!(refused(&report), []);
    let most = seen.lock().unwrap().iter().copied().max();
    assert!(most <= Some(2), "{most:?}");
    assert_eq!(ministry.asked().1, [Totals, Year(2024), Year(2023), Year(2022), Year(2021), Year(2020)]);
}

#[tokio::test]
async fn a_file_of_another_year_under_a_wrong_name_is_refused_and_what_is_live_stays() {
    let (world, ministry) = synced().await;
    let before = world.fingerprint().await;
    // The totals have it, and nobody asked for 2023.
    let ore: Rows = vec![(2023, 1, ORE, CHINA, 15), (2023, 2, ORE, USA, 15)];
    ministry.publish_years(&[ore.clone(), year(2024, 31)]);
    ministry.publish(Year(2024), file(&ore));
    let only = SyncOptions { years: Some(2024..=2024), ..world.sync_options() };
    let report = world.try_sync(&ministry, &only).await.unwrap();
    let reason = "it holds 2023 and not 2024 alone, as the official totals have it: the names are mixed up";
    assert_eq!(refused(&report), [("EXP_2024.csv", reason)]);
    assert_eq!(world.fingerprint().await, before, "what is live is untouched");
    world.no_leftovers().await;
    // Nor is a file taken that holds its year and another one.
    let both = [ore.clone(), year(2024, 31)].concat();
    ministry.publish(Year(2024), file(&both));
    let report = world.try_sync(&ministry, &only).await.unwrap();
    assert!(refused(&report)[0].1.starts_with("it holds 2023 and 2024 and not 2024 alone"), "{report:?}");
    assert_eq!(world.fingerprint().await, before);
    ministry.publish(Year(2024), file(&year(2024, 31)));
    assert_eq!(refused(&world.sync(&ministry).await), []);
    assert_eq!(world.text(BY_YEAR).await, "2022|2|21.00\n2023|2|30.00\n2024|2|63.00\n");
}
