//! The simulator's journal: what was answered is there again after the process ended, however it ended.

use std::sync::Arc;

use dict::directory::{ClaimFilter, Directory, EntryUpdate, NewEntry};
use dict::domain::claim::{ClaimStatus, ClaimType};
use dict::domain::key::KeyType;
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::domain::refusal::RefusalKind;
use dict::simulator::{Blocking, JournalError, Simulator, SimulatorOptions};
use testkit::{CountingEntropy, FakeClock, TempDir};

use crate::directory_world::{
    ANA, BIA, claim_of, done, found, ispb, new_entry, person, phone, refused, registered, simulator, uuid,
};

#[tokio::test]
async fn everything_is_there_again() {
    let (directory, clock) = (TempDir::new("journal"), FakeClock::default());
    let path = directory.join("simulator.journal");
    let first = simulator(&clock, Some(path.clone()), false);
    let (ana, bia) = (ispb(ANA), ispb(BIA));
    let random = NewEntry { key_type: KeyType::Evp, key: None, ..new_entry(ANA, &phone(1)) };
    let made = done(first.create_entry(&random).await);
    let kept = registered(&first, ANA, &phone(1), person(1)).await;
    let renamed = EntryUpdate {
        key: phone(1),
        account: kept.account.clone(),
        name: "Ana".to_owned(),
        trade_name: None,
        reason: EntryReason::UserRequested,
    };
    let kept = done(first.update_entry(&renamed).await);
    registered(&first, ANA, &phone(2), person(1)).await;
    done(first.delete_entry(ana, &phone(2), EntryReason::UserRequested).await);
    registered(&first, ANA, &phone(3), person(3)).await;
    first.block(Blocking::Key(phone(3)), true).unwrap();
    first.block(Blocking::TaxId(person(8).tax_id), true).unwrap();
    let ported = registered(&first, ANA, &phone(4), person(1)).await;
    let claim = done(first.create_claim(&claim_of(ClaimType::Portability, &phone(4), BIA, person(1))).await);
    first.advance_clock(3_600).unwrap();
    done(first.acknowledge_claim(ana, claim.id).await);
    let confirmed = done(first.confirm_claim(ana, claim.id, ClaimReason::UserRequested).await);
    let (state, cids) = (first.state(), sorted(&first, ANA).await);
    let events = done(first.list_cid_events(ana, KeyType::Phone, chrono::DateTime::UNIX_EPOCH, 200).await);
    drop(first);

    let second = simulator(&clock, Some(path), false);
    assert_eq!(second.state(), state, "its virtual clock goes on too");
    assert_eq!(sorted(&second, ANA).await, cids);
    assert!(done(second.list_cid_events(ana, KeyType::Phone, chrono::DateTime::UNIX_EPOCH, 200).await) == events);
    assert!(done(second.create_entry(&random).await) == made, "a RequestId is known again");
    assert!(done(found(&second, &phone(1)).await).entry == kept);
    assert_eq!(refused(found(&second, &phone(2)).await), RefusalKind::NotFound);
    assert_eq!(refused(found(&second, &phone(3)).await), RefusalKind::EntryBlocked);
    let blocked = NewEntry { owner: person(8), ..new_entry(ANA, &phone(8)) };
    assert_eq!(refused(second.create_entry(&blocked).await), RefusalKind::TaxIdNumberBlocked);
    let filter = ClaimFilter {
        side: None,
        statuses: vec![ClaimStatus::Confirmed],
        claim_type: None,
        modified_after: None,
        modified_before: None,
        limit: 20,
    };
    assert!(done(second.list_claims(bia, &filter).await).claims == [confirmed]);
    let completed = done(second.complete_claim(bia, claim.id, uuid()).await);
    assert_eq!(completed.key_owned_since, ported.key_owned_since);
}

async fn sorted(directory: &Simulator, participant: &str) -> Vec<dict::domain::cid::Cid> {
    let mut cids = Vec::new();
    for key_type in KeyType::ALL {
        cids.extend(done(directory.list_cids(ispb(participant), key_type).await));
    }
    cids.sort();
    cids
}

#[tokio::test]
async fn a_torn_last_line_is_cut_off_and_a_damaged_one_is_not_passed_over() {
    let (directory, clock) = (TempDir::new("torn"), FakeClock::default());
    let path = directory.join("simulator.journal");
    let first = simulator(&clock, Some(path.clone()), false);
    registered(&first, ANA, &phone(1), person(1)).await;
    drop(first);
    let whole = std::fs::read(&path).unwrap();
    let line = whole.strip_suffix(b"\n").unwrap();
    // At every place where writing may have ended.
    for torn in [1, line.len() / 2, line.len()] {
        std::fs::write(&path, [&whole[..], &line[..torn]].concat()).unwrap();
        let again = simulator(&clock, Some(path.clone()), false);
        assert_eq!(again.state().entries, 1);
        registered(&again, ANA, &phone(2), person(2)).await;
        drop(again);
        let more = std::fs::read(&path).unwrap();
        assert!(more.starts_with(&whole) && more.ends_with(b"\n") && more.len() > whole.len() + 1);
        assert_eq!(simulator(&clock, Some(path.clone()), false).state().entries, 2);
    }
    std::fs::write(&path, [b"{\"at\":1,\"what\":2}\n", &whole[..]].concat()).unwrap();
    let options =
        SimulatorOptions { journal: Some(path.clone()), policies: false, category: dict::domain::bucket::Category::A };
    let open = || Simulator::open(&options, Arc::new(clock.clone()), Arc::new(CountingEntropy::default()));
    assert!(matches!(open(), Err(JournalError::Damaged { line: 1, .. })));
    std::fs::write(&path, b"").unwrap();
    let held = open().unwrap();
    assert!(matches!(open(), Err(JournalError::InUse(_))));
    drop(held);
}
