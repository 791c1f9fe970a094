//! Who may do what in the store: least privilege, proven.

use chrono::{TimeDelta, TimeZone, Utc};
use platform::postgres::Role;
use testkit::http;
use tokio_postgres::error::SqlState;
use trade::TradeState;
use trade::simulator::keep::keep;

use crate::store_world::{CHINA, SOY, World, file, until};

const FACT: &str = "INSERT INTO stg.exportacao (ano, mes, pais, setor, ncm, valor_usd, peso_kg, co_pais, sg_uf, co_via, ingest_at, ingest_batch, ingest_source) \
                    VALUES (2024, 1, 'China', 'Agropecuária', '12019000', 1, 1, 160, 'SP', 1, now(), 'x', 'x')";

/// Statements that change what is live, by the hand of one who must not.
const FORBIDDEN: [&str; 26] = [
    FACT,
    "DELETE FROM stg.exportacao",
    "UPDATE stg.exportacao SET valor_usd = 0",
    "TRUNCATE stg.exportacao",
    "DROP TABLE stg.exportacao",
    "ALTER TABLE stg.exportacao ADD COLUMN x integer",
    "CREATE TABLE stg.other (x integer)",
    "CREATE SCHEMA other",
    "UPDATE stg.snapshot SET version = 0",
    "UPDATE stg.live_year SET linhas = 0",
    "DELETE FROM stg.live_year",
    "DELETE FROM stg.slice_coverage",
    "DELETE FROM stg.ingest_batch",
    "DELETE FROM rpt.resumo_anual",
    "INSERT INTO rpt.resumo_anual VALUES (2024, 1, 'a', 'b', 1, 1, 1)",
    "REFRESH MATERIALIZED VIEW rpt.mv_resumo_geral",
    "UPDATE rpt.simulator_recommendations SET ncm = ''",
    "DELETE FROM rpt.simulator_recommendations",
    "SELECT stg.summarise('stg.exportacao'::regclass, 2024, 1)",
    "INSERT INTO simulator.free_use VALUES ('user:a', '2025-01-01', 0)",
    "UPDATE simulator.free_use SET used = 0",
    "DELETE FROM simulator.free_use",
    "DELETE FROM simulator.repeatable_request",
    "SELECT secret FROM simulator.address_secret",
    "INSERT INTO simulator.saved_product VALUES ('user:a', '12019000', now())",
    "CREATE OR REPLACE FUNCTION rpt.refresh() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
];

async fn denied(world: &World, role: Role, statements: &[&str]) {
    let client = world.database.connect(role).await;
    for statement in statements {
        let error = client.batch_execute(statement).await.unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{role:?}: {statement}: {error:?}");
    }
}

#[tokio::test]
async fn app_rw_changes_facts_through_the_functions_only() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    let before = world.fingerprint().await;
    denied(&world, Role::AppRw, &FORBIDDEN).await;
    // The partition that it filled itself is closed to it once it is live.
    let partition = world.text("SELECT stg.live_partition(2024)").await;
    let insert = FACT.replace("stg.exportacao", partition.trim());
    denied(&world, Role::AppRw, &[&insert, &format!("DROP TABLE {}", partition.trim())]).await;
    assert_eq!(world.fingerprint().await, before);
}

#[tokio::test]
async fn readonly_audit_reads_everything_and_writes_nothing() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    let client = world.database.connect(Role::ReadonlyAudit).await;
    let relations = "SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace \
                     WHERE nspname IN ('stg', 'rpt', 'cfg', 'simulator') AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition AND relname <> 'address_secret' ORDER BY 1";
    let relations = world.text(relations).await;
    assert!(relations.lines().count() > 20, "{relations}");
    for relation in relations.lines() {
        client.query(&format!("SELECT * FROM {relation} LIMIT 1"), &[]).await.unwrap();
    }
    denied(&world, Role::ReadonlyAudit, &FORBIDDEN).await;
    let calls = [
        "SELECT stg.remove_year(2024)",
        "SELECT stg.sweep()",
        "SELECT rpt.refresh()",
        "SELECT rpt.forget_simulations(now())",
        "SELECT simulator.address_secret('\\x', now())",
        "SELECT simulator.refund_use('user:a', '2025-01-01', NULL)",
        "SELECT simulator.erase_subject('user:a')",
        "DELETE FROM simulator.saved_product",
        "SELECT * FROM simulator.address_secret",
        "SELECT stg.announce(1, now())",
        "SELECT stg.open_staging(2024, 99)",
        "INSERT INTO stg.ingest_batch (ingest_batch) VALUES ('x')",
        "INSERT INTO cfg.uf VALUES ('XX', 'x', 'x')",
        "DELETE FROM stg.official_file",
        "UPDATE cfg.countries_metadata SET iso3 = 'XXX'",
        "SELECT nextval('stg.snapshot_version_seq')",
    ];
    denied(&world, Role::ReadonlyAudit, &calls).await;
}

#[tokio::test]
async fn every_function_that_runs_as_its_owner_has_a_fixed_search_path() {
    let world = World::new().await;
    let functions = "SELECT n.nspname || '.' || p.proname, p.prosecdef, coalesce(array_to_string(p.proconfig, ' '), ''), \
                     has_function_privilege('readonly_audit', p.oid, 'EXECUTE'), r.rolname \
                     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner \
                     WHERE n.nspname IN ('stg', 'rpt', 'cfg', 'simulator') ORDER BY 1";
    let rows = world.sql.query(functions, &[]).await.unwrap();
    assert!(rows.len() >= 15, "{}", rows.len());
    for row in rows {
        let (name, definer, config): (String, bool, String) = (row.get(0), row.get(1), row.get(2));
        assert!(config.contains("search_path=pg_catalog, pg_temp"), "{name}: {config:?}");
        // The one that is pure text needs no rights of its owner.
        assert!(definer || name == "stg.partition_name", "{name}");
        assert!(!row.get::<_, bool>(3), "{name} is open to everybody");
        assert_eq!(row.get::<_, &str>(4), "migration_admin", "{name}");
    }
}

#[tokio::test]
async fn every_relation_is_owned_by_migration_admin_and_lies_in_the_schemas_of_this_context() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    let foreign = "SELECT n.nspname, c.relname, r.rolname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                   JOIN pg_roles r ON r.oid = c.relowner \
                   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
                   AND (r.rolname <> 'migration_admin' OR (n.nspname NOT IN ('stg', 'rpt', 'cfg', 'simulator') AND c.relname !~ 'migration')) \
                   ORDER BY 1, 2";
    assert_eq!(world.text(foreign).await, "");
    // No view, function or constraint of one context reaches into another: there is no key to a foreign schema.
    let keys = "SELECT conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid \
                WHERE k.contype = 'f' AND (a.relnamespace::regnamespace::text NOT IN ('stg', 'rpt', 'cfg', 'simulator') \
                OR b.relnamespace::regnamespace::text NOT IN ('stg', 'rpt', 'cfg', 'simulator'))";
    assert_eq!(world.text(keys).await, "");
}

#[tokio::test]
async fn the_reports_can_be_refreshed_by_hand_without_locking_readers_out() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10)])).await;
    let before = world.fingerprint().await;
    for view in ["mv_resumo_pais", "mv_resumo_setor", "mv_resumo_geral"] {
        world.sql.batch_execute(&format!("REFRESH MATERIALIZED VIEW CONCURRENTLY rpt.{view}")).await.unwrap();
        let unique = format!(
            "SELECT count(*) FROM pg_index WHERE indrelid = 'rpt.{view}'::regclass AND indisunique AND indpred IS NULL AND indexprs IS NULL"
        );
        assert_eq!(world.number(&unique).await, 1, "{view}");
    }
    world.loader.store.refresh_reports().await.unwrap();
    assert_eq!(world.fingerprint().await, before);
}

#[tokio::test]
async fn simulations_are_kept_without_anything_personal_and_forgotten_in_time() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 10), (2024, 1, SOY, 249, 20)])).await;
    let snapshot = trade::cube::live::assemble(&world.loader.store, &world.loader.cube).await.unwrap();
    let id = snapshot.id.clone();
    let stop = tokio_util::sync::CancellationToken::new();
    let (log, keeping) =
        keep(world.loader.store.clone(), prometheus_client::metrics::counter::Counter::default(), stop);
    let keeping = tokio::spawn(keeping);
    let shared = std::sync::Arc::new(arc_swap::ArcSwap::from_pointee(snapshot));
    let state =
        TradeState { simulations: Some(log), ..TradeState::new(shared, std::sync::Arc::new(world.clock.clone())) };
    let router: axum::Router = trade::routes(state).into();
    let bodies = [
        serde_json::json!({"ncm": "12019000", "volume_kg": 2_345.6, "countries": ["US"]}),
        serde_json::json!({"ncm": "12019000"}),
        serde_json::json!({"ncm": "1"}),
    ];
    for body in bodies {
        http::post(&router, "/v1/simulator/destinations", &body).await;
    }
    drop(router);
    until("the simulations", async || world.number("SELECT count(*) FROM rpt.simulator_recommendations").await == 2)
        .await;
    keeping.await.unwrap();
    let kept = "SELECT ncm, volume_kg_magnitude, countries, destinations, array_length(scores, 1), total_destinations, snapshot \
                FROM rpt.simulator_recommendations ORDER BY id";
    assert_eq!(
        world.text(kept).await,
        format!("12019000|1000|{{US}}|{{US}}|1|1|{id}\n12019000|NULL|{{}}|{{US,CN}}|2|2|{id}\n")
    );
    let at = Utc.with_ymd_and_hms(2025, 3, 15, 12, 1, 0).unwrap();
    assert_eq!(world.loader.store.forget_simulations(at).await.unwrap(), 0);
    assert_eq!(world.loader.store.forget_simulations(at + TimeDelta::seconds(1)).await.unwrap(), 2);
    assert_eq!(world.number("SELECT count(*) FROM rpt.simulator_recommendations").await, 0);
}
