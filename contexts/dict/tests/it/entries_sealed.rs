//! Encryption at rest and the rotation of its keys.

use std::sync::Arc;

use dict::Dict;
use dict::domain::key::KeyType;
use dict::domain::reason::EntryReason;
use dict::entries::{self, KeyChange};
use dict::failure::Failure;
use dict::simulator::Fault;
use dict::vault::{KEY_RIPENS, Vault, VaultError, add_data_key};
use platform::clock::Clock as _;
use testkit::CountingEntropy;

use crate::entries_world::*;

/// All that may name a person here.
const PERSONAL: [&str; 10] = [
    ANA,
    FIRM,
    "+5511900000001",
    "5511900000001",
    "ana@example.com",
    "Ana Souza",
    "Ana Lima",
    "Padaria Central",
    "4455667788",
    "4455667789",
];

/// Everything that is in any column of any table, as text and as bytes read as text.
async fn everything(world: &World) -> String {
    let tables = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'dict'";
    let mut all = String::new();
    for row in world.sql.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        // Rows as JSON show bytes in hexadecimal; the same bytes again, as characters.
        let rows = format!("SELECT to_jsonb(t)::text FROM {table} AS t");
        for row in world.sql.query(&rows, &[]).await.unwrap() {
            let text: String = row.get(0);
            for hex in text.split("\\\\x").skip(1) {
                let digits: Vec<u8> = hex.bytes().take_while(u8::is_ascii_hexdigit).collect();
                let bytes = digits
                    .chunks_exact(2)
                    .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
                all.push_str(&String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()));
                all.push('\n');
            }
            all.push_str(&text);
            all.push('\n');
        }
    }
    all
}

#[tokio::test]
async fn no_column_of_any_table_has_personal_data_in_the_clear() {
    let world = World::with_directory().await;
    let mine = account(OURS, "4455667788");
    world.registered(Wish::key(key(KeyType::Cpf, ANA)).to(mine.clone())).await;
    world.registered(Wish::key(phone(1)).to(mine.clone())).await;
    world.registered(Wish::random().to(mine.clone())).await;
    let cnpj = key(KeyType::Cnpj, FIRM);
    world.registered(Wish::key(cnpj.clone()).owned_by(firm()).to(account(OURS, "4455667789"))).await;
    let renamed = KeyChange {
        account: None,
        name: Some("Ana Lima".to_owned()),
        trade_name: None,
        reason: EntryReason::UserRequested,
    };
    let ours = caller(ispb(OURS));
    entries::update_key(&world.dict, &ours, &phone(1), &renamed).await.unwrap();
    entries::delete_key(&world.dict, &ours, &cnpj, EntryReason::AccountClosure, None).await.unwrap();
    world.simulator().inject_fault(Some("CreateEntry"), Fault::RequestLost, 1).unwrap();
    pending(world.create(Wish::key(key(KeyType::Email, "ana@example.com")).to(mine)).await);
    let all = everything(&world).await;
    // The probe itself finds what is there: a participant is no person.
    assert!(all.contains(OURS) && all.contains("entries.deleted"));
    for personal in PERSONAL {
        assert!(!all.contains(personal), "{personal} is in the clear");
    }
}

/// A server that has read the newest key.
async fn server(world: &World) -> Dict {
    let pool = world.dict.store.pool.clone();
    let entropy = CountingEntropy::default();
    let vault = Vault::load(&pool, &MASTER, &entropy, world.clock.now()).await.unwrap();
    let mut dict = world.dict.clone();
    dict.store.vault = Arc::new(vault);
    dict
}

#[tokio::test]
async fn data_keys_rotate_and_rows_follow_while_everything_runs() {
    let world = World::with_directory().await;
    let ours = caller(ispb(OURS));
    let (vault, pool) = (world.dict.store.vault.clone(), world.dict.store.pool.clone());
    let first = vault.current_data_key();
    let old_wish = Wish::key(phone(1));
    let old = world.registered(old_wish.clone()).await;
    world.simulator().inject_fault(Some("CreateEntry"), Fault::RequestLost, 1).unwrap();
    let waiting = Wish::key(phone(2));
    pending(world.create(waiting.clone()).await);
    let second = add_data_key(&pool, &MASTER, &*world.dict.entropy, world.clock.now()).await.unwrap();
    assert_eq!(second, first + 1);
    // It seals only when every server had the time to read it.
    vault.refresh(&pool, &MASTER, world.clock.now()).await.unwrap();
    assert_eq!(vault.current_data_key(), first);
    world.clock.advance(KEY_RIPENS);
    vault.refresh(&pool, &MASTER, world.clock.now()).await.unwrap();
    assert_eq!(vault.current_data_key(), second);
    // Older rows still open, new ones are under the new key.
    assert!(entries::get_key(&world.dict, &ours, &phone(1)).await.unwrap() == old);
    world.registered(Wish::key(phone(3))).await;
    let under = "SELECT (SELECT count(*) FROM dict.entries WHERE data_key_id = $1)
        + (SELECT count(*) FROM dict.requests WHERE data_key_id = $1)";
    assert_eq!(world.count(under, &[&first]).await, 4);
    assert_eq!(world.count(under, &[&second]).await, 2);
    // Row by row, and again: nothing is left to do.
    assert_eq!(world.dict.store.reseal(&*world.dict.entropy, 1).await.unwrap(), 4);
    assert_eq!(world.dict.store.reseal(&*world.dict.entropy, 100).await.unwrap(), 0);
    assert_eq!(world.count(under, &[&first]).await, 0);
    let fresh = server(&world).await;
    for dict in [&world.dict, &fresh] {
        assert!(entries::get_key(dict, &ours, &phone(1)).await.unwrap() == old);
        let repeated = entries::create_key(dict, &ours, old_wish.0.clone(), Some(request_id())).await;
        assert!(done(repeated) == old, "the answer changed");
    }
    world.clock.advance(chrono::TimeDelta::seconds(31));
    assert_eq!(entries::resolve_pending(&fresh, 10).await.unwrap().registered, 1);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_sealed_value_opens_in_its_own_row_only() {
    let world = World::alone().await;
    world.registered(Wish::key(phone(1))).await;
    world.registered(Wish::key(phone(2))).await;
    let swap = "UPDATE dict.entries e SET sealed = o.sealed FROM dict.entries o WHERE o.key_hash <> e.key_hash";
    world.sql.execute(swap, &[]).await.unwrap();
    let read = entries::get_key(&world.dict, &caller(ispb(OURS)), &phone(1)).await;
    assert!(matches!(read, Err(Failure::Vault(VaultError::DoesNotOpen(_)))));
    assert!(world.dict.store.reseal(&*world.dict.entropy, 10).await.is_ok(), "nothing is under an older key");
}
