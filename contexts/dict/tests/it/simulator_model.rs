//! Whatever is asked of the simulator in whatever order, its indexes say the same as its entries, no account has more
//! keys than it may, and its journal brings all of it back.

use std::collections::BTreeMap;

use chrono::DateTime;
use dict::directory::{ClaimFilter, Directory, EntryUpdate, NewClaim, NewEntry};
use dict::domain::cid::{Cid, VSync};
use dict::domain::claim::{ClaimType, Side};
use dict::domain::key::KeyType;
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::simulator::{Blocking, Simulator, Tampering};
use proptest::prelude::*;
use testkit::{FakeClock, TempDir};
use uuid::Uuid;

use crate::directory_world::{ANA, BIA, account, ispb, new_entry, person, phone, simulator};

const WHO: [&str; 2] = [ANA, BIA];
const PHONES: u64 = 8;

/// One operation: which, on which phone, by whom, for whom, and why.
#[derive(Debug, Clone, Copy)]
struct Operation {
    kind: u8,
    phone: u64,
    who: usize,
    owner: u64,
    reason: usize,
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let one = (0..12_u8, 0..PHONES, 0..2_usize, 1..3_u64, 0..6_usize);
    let one = one.prop_map(|(kind, phone, who, owner, reason)| Operation { kind, phone, who, owner, reason });
    prop::collection::vec(one, 1..80)
}

const ALL_CLAIMS: ClaimFilter = ClaimFilter {
    side: None,
    statuses: Vec::new(),
    claim_type: None,
    modified_after: None,
    modified_before: None,
    limit: 200,
};

/// Does it; whether it was accepted.
async fn perform(directory: &Simulator, number: u128, it: Operation) -> bool {
    let (who, key) = (ispb(WHO[it.who]), phone(it.phone));
    // Few of them, so that some are used again.
    let request_id = Uuid::from_u128(1 + number % 50);
    let (entry_reason, claim_reason) = (EntryReason::ALL[it.reason], ClaimReason::ALL[it.reason]);
    let claims = directory.list_claims(who, &ALL_CLAIMS).await.map(|page| page.claims).unwrap_or_default();
    let id = claims.iter().rev().find(|claim| claim.key == key).map_or(Uuid::nil(), |claim| claim.id);
    match it.kind {
        0..=2 => {
            let new = NewEntry { request_id, owner: person(it.owner), ..new_entry(WHO[it.who], &key) };
            directory.create_entry(&new).await.is_ok()
        }
        3 => {
            let name = if it.owner == 1 { "Ana" } else { "Bia" }.to_owned();
            let account = account(WHO[it.who], it.owner);
            let update = EntryUpdate { key, account, name, trade_name: None, reason: entry_reason };
            directory.update_entry(&update).await.is_ok()
        }
        4 => directory.delete_entry(who, &key, entry_reason).await.is_ok(),
        5 | 6 => {
            let claim_type = ClaimType::ALL[usize::from(it.kind - 5)];
            let new = NewClaim { claim_type, key, claimer: person(it.owner), claimer_account: account(WHO[it.who], 1) };
            directory.create_claim(&new).await.is_ok()
        }
        7 => directory.acknowledge_claim(who, id).await.is_ok(),
        8 => directory.confirm_claim(who, id, claim_reason).await.is_ok(),
        9 => directory.complete_claim(who, id, request_id).await.is_ok(),
        10 => directory.cancel_claim(who, id, Side::ALL[it.who], claim_reason).await.is_ok(),
        _ => match it.reason {
            0 => directory.block(Blocking::Key(key), it.owner == 1).is_ok(),
            1 => directory.tamper(Tampering::Remove(key)).is_ok(),
            _ => directory.advance_clock(86_400 * 4).is_ok(),
        },
    }
}

/// All that can be asked, in one form.
async fn said(directory: &Simulator) -> Vec<String> {
    let mut said = vec![format!("{:?}", directory.state())];
    for who in WHO.map(ispb) {
        let mut cids = directory.list_cids(who, KeyType::Phone).await.unwrap();
        cids.sort();
        said.extend(cids.iter().map(ToString::to_string));
        let (events, _) = directory.list_cid_events(who, KeyType::Phone, DateTime::UNIX_EPOCH, 200).await.unwrap();
        said.extend(events.iter().map(|it| format!("{it:?}")));
        let claims = directory.list_claims(who, &ALL_CLAIMS).await.unwrap_or_else(|_| panic!("claims")).claims;
        said.extend(claims.iter().map(|it| format!("{} {:?} {}", it.id, it.status, it.last_modified)));
    }
    said
}

async fn check(directory: &Simulator) {
    let mut keys_of = BTreeMap::new();
    let mut entries = 0;
    for who in WHO.map(ispb) {
        let cids = directory.list_cids(who, KeyType::Phone).await.unwrap();
        let vsync: VSync = cids.iter().copied().collect();
        assert!(directory.verify_sync(who, KeyType::Phone, vsync).await.unwrap().agreed);
        let (events, more) = directory.list_cid_events(who, KeyType::Phone, DateTime::UNIX_EPOCH, 200).await.unwrap();
        let from_events: VSync = events.iter().map(|it| it.cid).collect();
        assert!(!more && from_events == vsync, "what came and went is what is there");
        assert!(events.windows(2).all(|pair| pair[0].occurred_at < pair[1].occurred_at));
        for cid in cids {
            let entry = directory.get_entry_by_cid(who, cid).await.unwrap_or_else(|_| panic!("an entry"));
            assert!(Cid::of(&entry) == cid && entry.account.participant == who);
            entries += 1;
            *keys_of.entry((who, entry.account.number)).or_insert(0) += 1;
        }
    }
    // Five of a person; an entry belongs to one institution.
    assert!(keys_of.values().all(|&keys| keys <= 5));
    assert_eq!(directory.state().entries, entries);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn indexes_and_journal_agree_with_the_entries(operations in operations()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (directory, clock) = (TempDir::new("model"), FakeClock::default());
            let path = directory.join("journal");
            let first = simulator(&clock, Some(path.clone()), false);
            let mut accepted = 0;
            for (number, operation) in operations.into_iter().enumerate() {
                accepted += usize::from(perform(&first, number as u128, operation).await);
            }
            let lines = std::fs::read(&path).unwrap().split(|&byte| byte == b'\n').count() - 1;
            assert!(lines <= accepted, "what was refused is not written");
            check(&first).await;
            let before = said(&first).await;
            drop(first);
            let second = simulator(&clock, Some(path), false);
            check(&second).await;
            assert_eq!(said(&second).await, before);
        });
    }
}
