//! Loads and readers at the same time.

use std::sync::Arc;

use arc_swap::ArcSwap;
use platform::postgres::Role;
use testkit::http;
use tokio_util::sync::CancellationToken;
use trade::TradeState;
use trade::cube::live::assemble;
use trade::ingest::load::LoadOptions;

use crate::store_world::{ARGENTINA, CHINA, ORE, SOY, SUGAR, USA, World, file};

#[tokio::test]
async fn two_loads_at_once_serialise() {
    let world = World::new().await;
    let a = world.file("A.csv", file(&[(2023, 1, SOY, CHINA, 1), (2024, 1, SOY, CHINA, 15)]));
    let b = world.file("B.csv", file(&[(2024, 1, SOY, USA, 20), (2025, 1, SOY, USA, 30)]));
    let (a, b) = tokio::join!(world.try_load(world.options(&a)), world.try_load(world.options(&b)));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!(a.changed && b.changed && a.snapshot != b.snapshot);
    // The year that both have is whole from the one that was last.
    let last = if a.snapshot > b.snapshot { &a } else { &b };
    assert_eq!(
        world.text("SELECT DISTINCT ingest_batch FROM stg.exportacao WHERE ano = 2024").await.trim(),
        last.batch
    );
    assert_eq!(world.text("SELECT ano, linhas FROM stg.live_year ORDER BY ano").await, "2023|1\n2024|1\n2025|1\n");
    world.no_leftovers().await;
    world.agrees().await;
}

#[tokio::test]
async fn the_same_file_twice_at_once_is_loaded_once() {
    let world = World::new().await;
    let path = world.file("A.csv", file(&[(2023, 1, SOY, CHINA, 1)]));
    let (a, b) = tokio::join!(world.try_load(world.options(&path)), world.try_load(world.options(&path)));
    assert_eq!(u8::from(a.unwrap().changed) + u8::from(b.unwrap().changed), 1);
    assert_eq!(world.number("SELECT count(*) FROM stg.exportacao").await, 1);
}

#[tokio::test]
async fn servers_are_told_at_the_commit_and_not_before() {
    let world = World::new().await;
    let (client, mut connection) = world.database.config(Role::AppRw).connect(tokio_postgres::NoTls).await.unwrap();
    let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
    let listening = tokio::spawn(async move {
        while let Some(message) = std::future::poll_fn(|context| connection.poll_message(context)).await {
            if let Ok(tokio_postgres::AsyncMessage::Notification(told)) = message {
                sender.send((told.channel().to_owned(), told.payload().to_owned())).unwrap();
            }
        }
    });
    client.batch_execute(&format!("LISTEN {}", trade::cube::live::CHANNEL)).await.unwrap();
    let content = file(&[(2024, 1, SOY, CHINA, 10)]);
    let version = world.load(&content).await.snapshot;
    world.load(&content).await;
    let second = world.load(&file(&[(2024, 1, SOY, CHINA, 11)])).await.snapshot;
    let expected = |version: i64| (trade::cube::live::CHANNEL.to_owned(), version.to_string());
    assert_eq!(told.recv().await, Some(expected(version)));
    // The load that changed nothing told nobody.
    assert_eq!(told.recv().await, Some(expected(second)));
    listening.abort();
}

/// Two contents of one year with other products, countries and totals, and a second year in one of them.
fn contents() -> [String; 2] {
    let one: Vec<_> =
        (1..=12).flat_map(|month| [(2024, month, SOY, CHINA, 100), (2024, month, SUGAR, USA, 10)]).collect();
    let other: Vec<_> =
        (1..=12).flat_map(|month| [(2024, month, SOY, ARGENTINA, 7), (2024, month, ORE, CHINA, 5)]).collect();
    [file(&one), file(&other)]
}

const QUERIES: [&str; 4] = [
    "/metrics/resumo",
    "/metrics/pais",
    "/v1/exports?drilldowns=month,country,ncm&measures=fob,kg&limit=1000",
    "/v1/exports?drilldowns=year,sh2,sector&measures=fob,share",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_stay_whole_while_loads_swap_under_them() {
    let world = World::new().await;
    let files = contents().map(|content| content);
    let mut truths = Vec::new();
    for content in &files {
        world.load(content).await;
        truths.push(answers(&world.router().await).await.0);
    }
    assert!(truths[0].iter().zip(&truths[1]).all(|(one, other)| one != other));
    let first = assemble(&world.loader.store, &world.loader.cube).await.unwrap();
    let shared = Arc::new(ArcSwap::from_pointee(first));
    let router: axum::Router =
        trade::routes(TradeState::new(Arc::clone(&shared), Arc::new(world.clock.clone()))).into();
    let done = CancellationToken::new();

    let asking = async {
        // Which content each snapshot has, as its answers say.
        let mut seen = std::collections::BTreeMap::<String, usize>::new();
        while !done.is_cancelled() {
            for (at, uri) in QUERIES.iter().enumerate() {
                let answer = http::get(&router, uri).await;
                let snapshot = answer.header("x-data-snapshot").to_owned();
                let text = without_names(&answer.text(), &snapshot);
                let content = truths.iter().position(|truth| truth[at] == text);
                let content = content.unwrap_or_else(|| panic!("neither content: {uri}: {text}"));
                let before = seen.entry(snapshot.clone()).or_insert(content);
                assert_eq!(*before, content, "{uri} of {snapshot} holds another content than its other answers");
            }
            tokio::task::yield_now().await;
        }
        seen
    };
    let loading = async {
        let mut order = Vec::new();
        for step in 0..10 {
            let path = world.file("SWAP.csv", &files[step % 2]);
            let report = world.try_load(LoadOptions { allow_shrink: true, ..world.options(&path) }).await.unwrap();
            let snapshot = assemble(&world.loader.store, &world.loader.cube).await.unwrap();
            order.push((snapshot.id.clone(), step % 2));
            assert!(snapshot.id.ends_with(&format!("-{}", report.snapshot)));
            shared.store(Arc::new(snapshot));
            tokio::task::yield_now().await;
        }
        done.cancel();
        order
    };
    let (seen, order) = tokio::join!(asking, loading);
    assert!(seen.len() >= 3, "few snapshots were asked: {seen:?}");
    for (id, content) in order {
        assert!(seen.get(&id).is_none_or(|found| *found == content), "{id}");
    }
    world.agrees().await;
}

/// An answer without what differs from load to load.
fn without_names(text: &str, snapshot: &str) -> String {
    let text = text.replace(snapshot, "SNAPSHOT");
    match text.find("\"updatedAt\":\"") {
        Some(at) => format!("{}{}", &text[..at], &text[at + 34..]),
        None => text,
    }
}

async fn answers(router: &axum::Router) -> (Vec<String>, String) {
    let mut all = Vec::new();
    let mut snapshot = String::new();
    for uri in QUERIES {
        let answer = http::get(router, uri).await;
        answer.header("x-data-snapshot").clone_into(&mut snapshot);
        all.push(without_names(&answer.text(), &snapshot));
    }
    (all, snapshot)
}
