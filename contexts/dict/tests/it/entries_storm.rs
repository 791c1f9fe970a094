//! Many at once who make, change and remove keys, whose calls are dropped anywhere, while the directory loses answers and
//! comparisons run: in the end this base has what the directory has, and its books are right.

use std::time::Duration;

use chrono::TimeDelta;
use dict::Dict;
use dict::domain::key::{Key, KeyType};
use dict::domain::reason::EntryReason;
use dict::entries::{self, Creation, KeyChange};
use dict::reconciliation;
use dict::simulator::Fault;
use futures_util::future::join_all;

use crate::entries_world::*;

const WORKERS: u64 = 4;
const STEPS: u64 = 40;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)) % sides
    }
}

/// A few keys that all fight for, and random ones.
fn wish(dice: &mut Dice) -> Wish {
    let participant = if dice.roll(2) == 0 { OURS } else { OURS_TOO };
    let wish = match dice.roll(3) {
        0 => Wish::random(),
        _ => Wish::key(key(KeyType::Email, &format!("k{}@example.com", dice.roll(6)))),
    };
    wish.because(EntryReason::Reconciliation).to(account(participant, &dice.roll(3).to_string()))
}

async fn step(dict: &Dict, dice: &mut Dice, mine: &mut Vec<(Key, &'static str)>) {
    let chosen = usize::try_from(dice.roll(mine.len().max(1) as u64)).unwrap();
    match dice.roll(4) {
        0 | 1 => {
            let wish = wish(dice);
            let owner = if wish.0.account.participant == ispb(OURS) { OURS } else { OURS_TOO };
            let mut created = entries::create_key(dict, &caller(ispb(owner)), wish.0.clone(), None).await;
            if created.is_err() || matches!(created, Ok(Creation::Pending(_))) {
                created = entries::create_key(dict, &caller(ispb(owner)), wish.0, None).await;
            }
            if let Ok(Creation::Registered(stored)) = created {
                mine.push((stored.entry.key, owner));
            }
        }
        2 if chosen < mine.len() => {
            let (key, owner) = &mine[chosen];
            let name = ["Ana Lima", "Ana Dias", "Ana Reis"][usize::try_from(dice.roll(3)).unwrap()].to_owned();
            let account = (dice.roll(2) == 0).then(|| account(owner, &dice.roll(3).to_string()));
            let change = KeyChange { account, name: Some(name), trade_name: None, reason: EntryReason::RfbValidation };
            drop(entries::update_key(dict, &caller(ispb(owner)), key, &change).await);
        }
        _ if chosen < mine.len() => {
            let (key, owner) = mine.swap_remove(chosen);
            drop(entries::delete_key(dict, &caller(ispb(owner)), &key, EntryReason::Fraud, None).await);
        }
        _ => {}
    }
}

async fn work(world: &World, dict: &Dict, worker: u64) {
    let mut dice = Dice(worker);
    let mut mine = Vec::new();
    for _ in 0..STEPS {
        if dice.roll(6) == 0 {
            let faults = [Fault::AnswerLost, Fault::RequestLost, Fault::Unavailable, Fault::Conflict, Fault::Internal];
            let fault = faults[usize::try_from(dice.roll(5)).unwrap()];
            world.simulator().inject_fault(None, fault, 1 + u32::try_from(dice.roll(2)).unwrap()).unwrap();
        }
        // One in four is dropped after a while, wherever it is then.
        let patience = if dice.roll(4) == 0 { Duration::from_millis(dice.roll(8)) } else { Duration::from_secs(60) };
        drop(tokio::time::timeout(patience, step(dict, &mut dice, &mut mine)).await);
    }
}

async fn compare(world: &World) {
    for _ in 0..6 {
        for key_type in [KeyType::Email, KeyType::Evp] {
            for participant in [OURS, OURS_TOO] {
                drop(reconciliation::reconcile(&world.dict, ispb(participant), key_type).await);
            }
        }
        tokio::task::yield_now().await;
    }
}

/// Waits until PostgreSQL has done what dropped calls had asked of it.
async fn calm(world: &World) {
    let busy = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()";
    while world.count(busy, &[]).await > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_any_storm_this_base_has_what_the_directory_has() {
    let world = World::with_directory().await;
    let replicas = [world.dict.clone(), world.replica().await];
    let workers = (0..WORKERS).map(|worker| work(&world, &replicas[usize::try_from(worker % 2).unwrap()], worker));
    tokio::join!(join_all(workers), compare(&world));
    calm(&world).await;
    world.simulator().inject_fault(None, Fault::Unavailable, 0).unwrap();
    world.clock.advance(TimeDelta::seconds(31));
    let resolved = entries::resolve_pending(&world.dict, 1000).await.unwrap();
    assert_eq!(resolved.pending, 0);
    for key_type in [KeyType::Email, KeyType::Evp] {
        for participant in [OURS, OURS_TOO].map(ispb) {
            let done = reconciliation::reconcile(&world.dict, participant, key_type).await.unwrap();
            assert!(done.repaired, "{} of {participant} differ still", key_type.name());
            let again = reconciliation::reconcile(&world.dict, participant, key_type).await.unwrap();
            assert!(again.agreed, "{} of {participant} differ after the repair", key_type.name());
        }
    }
    world.assert_sound().await;
    assert_eq!(world.count("SELECT count(*) FROM dict.requests WHERE status = 'PENDING'", &[]).await, 0);
    assert_eq!(world.count("SELECT count(*) FROM dict.entries WHERE status = 'PENDING'", &[]).await, 0);
    let here = world.count("SELECT count(*) FROM dict.entries", &[]).await;
    assert_eq!(usize::try_from(here).unwrap(), world.simulator().state().entries);
    assert!(world.topics().await.len() > 30, "there was no storm");
}
