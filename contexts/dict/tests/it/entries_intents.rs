//! Changes and removals that are cut between the directory's answer and ours: what they left is found and done.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use dict::Dict;
use dict::domain::account::Account;
use dict::domain::entry::Entry;
use dict::domain::reason::EntryReason;
use dict::domain::tax_id::TaxId;
use dict::entries::{self, KeyChange};
use dict::failure::Failure;
use dict::jobs::retention::{self, CHANGE_INTENTS_KEPT};
use dict::reconciliation::{self, settle_intents};
use dict::simulator::{Fault, Tampering};
use dict::store::StoredEntry;
use platform::clock::Clock as _;

use crate::entries_gate::Gate;
use crate::entries_world::{ANA, OURS, Wish, World, caller, ispb, person, phone};
use crate::limits::tax_id;

const INTENTS: &str = "SELECT count(*) FROM dict.change_intents";

/// Two ways to change an entry.
#[derive(Debug, Clone, Copy)]
enum Change {
    Removal,
    Renaming,
    /// Which no CID tells.
    OpeningDate,
}

impl Change {
    const ALL: [Self; 3] = [Self::Removal, Self::Renaming, Self::OpeningDate];

    async fn make(self, dict: &Dict, entry: &StoredEntry) -> Result<StoredEntry, Failure> {
        let (ours, key) = (caller(ispb(OURS)), &entry.entry.key);
        match self {
            Self::Removal => {
                let ana: TaxId = tax_id(ANA);
                entries::delete_key(dict, &ours, key, EntryReason::UserRequested, Some(&ana)).await
            }
            Self::Renaming => {
                let change = KeyChange { name: Some("Ana Lima".to_owned()), ..unchanged() };
                entries::update_key(dict, &ours, key, &change).await
            }
            Self::OpeningDate => {
                let account = Account { opened_at: opened_later(entry), ..entry.entry.account.clone() };
                let change = KeyChange { account: Some(account), ..unchanged() };
                entries::update_key(dict, &ours, key, &change).await
            }
        }
    }
}

fn unchanged() -> KeyChange {
    KeyChange { account: None, name: None, trade_name: None, reason: EntryReason::UserRequested }
}

fn opened_later(entry: &StoredEntry) -> DateTime<Utc> {
    entry.entry.account.opened_at + TimeDelta::days(1)
}

/// A change that its server does not live to finish: `asked` of its calls reach the directory, none of its answers is
/// heard.
async fn cut(world: &World, change: Change, entry: &StoredEntry, asked: usize) {
    let gate = Arc::new(Gate::before(world.simulator().clone(), asked, 0));
    let crashing = Dict { directory: Some(gate.clone()), ..world.dict.clone() };
    let stopped = async { if asked == 0 { gate.arrival().await } else { gate.answer().await } };
    tokio::select! {
        _ = change.make(&crashing, entry) => panic!("nobody answered"),
        () = stopped => {}
    }
}

#[tokio::test]
async fn a_change_that_the_directory_made_and_nobody_heard_of_is_made_here_too() {
    for change in Change::ALL {
        let world = World::with_directory().await;
        let entry = world.registered(Wish::key(phone(1))).await;
        cut(&world, change, &entry, 1).await;
        assert_eq!(world.count(INTENTS, &[]).await, 1);
        // It may still be under way.
        assert_eq!(settle_intents(&world.dict, 10).await.unwrap(), 0);
        world.clock.advance(TimeDelta::seconds(61));
        // While nobody answers, it is not forgotten.
        world.simulator().inject_fault(None, Fault::Unavailable, 1).unwrap();
        assert!(matches!(settle_intents(&world.dict, 10).await, Err(Failure::Unavailable { .. })));
        assert_eq!(settle_intents(&world.dict, 10).await.unwrap(), 1, "{change:?}");
        assert_eq!(world.count(INTENTS, &[]).await, 0);
        let here = entries::get_key(&world.dict, &caller(ispb(OURS)), &entry.entry.key).await;
        match change {
            Change::Removal => assert!(matches!(here, Err(Failure::NotFound(_)))),
            Change::Renaming => assert!(here.unwrap().entry.owner.name == "Ana Lima"),
            Change::OpeningDate => assert!(here.unwrap().entry.account.opened_at == opened_later(&entry)),
        }
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn a_change_that_the_directory_never_heard_of_leaves_all_as_it_was() {
    for change in Change::ALL {
        let world = World::with_directory().await;
        let entry = world.registered(Wish::key(phone(1))).await;
        cut(&world, change, &entry, 0).await;
        world.clock.advance(TimeDelta::seconds(61));
        assert_eq!(settle_intents(&world.dict, 10).await.unwrap(), 1);
        let here = entries::get_key(&world.dict, &caller(ispb(OURS)), &entry.entry.key).await.unwrap();
        assert!(here == entry, "{change:?}");
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn a_change_that_others_followed_is_left_to_the_comparison() {
    let world = World::with_directory().await;
    let entry = world.registered(Wish::key(phone(1))).await;
    let compared = "SELECT count(*) FROM dict.cursors WHERE name = 'vsync.PHONE' AND at > $1";
    reconciliation::run_due(&world.dict).await.unwrap();
    let began = world.clock.now() - TimeDelta::hours(1);
    cut(&world, Change::Renaming, &entry, 1).await;
    // Another change, which the directory alone knows of.
    let again = Entry { owner: person(ANA, "Ana Dias"), ..entry.entry.clone() };
    world.simulator().tamper(Tampering::Overwrite(again)).unwrap();
    world.clock.advance(TimeDelta::seconds(61));
    assert_eq!(world.count(compared, &[&began]).await, 2);
    assert_eq!(settle_intents(&world.dict, 10).await.unwrap(), 1);
    assert_eq!(world.count(compared, &[&began]).await, 0, "it is due again");
    reconciliation::run_due(&world.dict).await.unwrap();
    let here = entries::get_key(&world.dict, &caller(ispb(OURS)), &entry.entry.key).await.unwrap();
    assert!(here.entry.owner.name == "Ana Dias");
    world.assert_sound().await;
}

#[tokio::test]
async fn a_change_that_ended_leaves_no_intent_and_one_that_nobody_can_settle_goes_in_the_end() {
    for change in Change::ALL {
        let world = World::with_directory().await;
        let entry = world.registered(Wish::key(phone(1))).await;
        assert!(change.make(&world.dict, &entry).await.is_ok());
        assert_eq!(world.count(INTENTS, &[]).await, 0, "{change:?}");
    }
    let world = World::with_directory().await;
    let entry = world.registered(Wish::key(phone(1))).await;
    cut(&world, Change::Removal, &entry, 1).await;
    world.clock.advance(CHANGE_INTENTS_KEPT - TimeDelta::seconds(1));
    retention::forget(&world.dict).await.unwrap();
    assert_eq!(world.count(INTENTS, &[]).await, 1);
    world.clock.advance(TimeDelta::seconds(2));
    retention::forget(&world.dict).await.unwrap();
    assert_eq!(world.count(INTENTS, &[]).await, 0);
}
