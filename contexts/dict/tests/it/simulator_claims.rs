//! Claims and portability in the simulator, between two institutions under a virtual clock (DICT API 2.6.1, tag Claim;
//! Manual Operacional do DICT, sections 5 and 6).

use chrono::TimeDelta;
use dict::directory::{ClaimFilter, Directory, NewClaim, NewEntry};
use dict::domain::cid::{Cid, VSync};
use dict::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use dict::domain::key::{Key, KeyType};
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::domain::refusal::RefusalKind;
use dict::simulator::{Blocking, Simulator};
use testkit::FakeClock;
use uuid::Uuid;

use crate::directory_world::{
    ANA, BIA, World, account, claim_of, done, firm, found, ispb, key, new_entry, person, phone, refusal, refused,
    registered, simulator, uuid,
};

use ClaimReason::{AccountClosure, DefaultOperation, Fraud, Reconciliation, RfbValidation, UserRequested};
use ClaimType::{Ownership, Portability};

const DAY: i64 = 86_400;

/// A claim of Bia's on a phone of Ana's, acknowledged.
async fn acknowledged(directory: &dyn Directory, claim_type: ClaimType, phone: &Key) -> Claim {
    registered(directory, ANA, phone, person(1)).await;
    let claimer = if claim_type == Portability { person(1) } else { person(2) };
    let opened = done(directory.create_claim(&claim_of(claim_type, phone, BIA, claimer)).await);
    done(directory.acknowledge_claim(ispb(ANA), opened.id).await)
}

async fn cancelled(directory: &Simulator, id: Uuid, side: Side, reason: ClaimReason) -> Result<Claim, RefusalKind> {
    let participant = if side == Side::Donor { ANA } else { BIA };
    let result = directory.cancel_claim(ispb(participant), id, side, reason).await;
    match result {
        Ok(claim) => Ok(claim),
        refused_one => Err(refused(refused_one)),
    }
}

#[tokio::test]
async fn an_ownership_claim_from_its_opening_to_its_completion_by_default() {
    let world = World::new().await;
    let (ana, bia, remote) = (ispb(ANA), ispb(BIA), &world.remote);
    let entry = registered(remote, ANA, &phone(1), person(1)).await;
    let opened = done(remote.create_claim(&claim_of(Ownership, &phone(1), BIA, person(2))).await);
    assert_eq!((opened.status, opened.donor_participant), (ClaimStatus::Open, ana));
    assert_eq!(opened.resolution_period_end, opened.opened_at + TimeDelta::days(7));
    // Look-ups go on, and say that there is a claim.
    let looked_up = done(found(remote, &phone(1)).await).entry;
    assert_eq!(looked_up.open_claim_created_at, Some(opened.opened_at));
    let deleted = remote.delete_entry(ana, &phone(1), EntryReason::UserRequested).await;
    assert_eq!(refused(deleted), RefusalKind::EntryLockedByClaim);
    // Only the donor acknowledges and confirms; what was done already is answered again.
    assert_eq!(refused(remote.acknowledge_claim(bia, opened.id).await), RefusalKind::ClaimOperationInvalid);
    let waiting = done(remote.acknowledge_claim(ana, opened.id).await);
    assert_eq!(waiting.status, ClaimStatus::WaitingResolution);
    assert!(done(remote.acknowledge_claim(ana, opened.id).await) == waiting);
    assert_eq!(refused(remote.confirm_claim(bia, opened.id, UserRequested).await), RefusalKind::ClaimOperationInvalid);
    let early = refusal(remote.confirm_claim(ana, opened.id, DefaultOperation).await);
    assert_eq!(early.kind, RefusalKind::ClaimResolutionPeriodNotEnded);
    assert_eq!(early.period_end, Some(opened.resolution_period_end));

    world.simulator.advance_clock(7 * DAY).unwrap();
    let confirmed = done(remote.confirm_claim(ana, opened.id, DefaultOperation).await);
    assert_eq!(confirmed.status, ClaimStatus::Confirmed);
    assert!(done(remote.confirm_claim(ana, opened.id, DefaultOperation).await) == confirmed);
    // Nobody has the key now, and nobody can register it.
    assert_eq!(refused(found(remote, &phone(1)).await), RefusalKind::NotFound);
    assert_eq!(done(remote.check_keys(ana, &[phone(1)]).await), [false]);
    let grabbed = new_entry("99999A04", &phone(1));
    assert_eq!(refused(remote.create_entry(&grabbed).await), RefusalKind::EntryLockedByClaim);
    let again = remote.create_claim(&claim_of(Ownership, &phone(1), "99999A04", person(3))).await;
    assert_eq!(refused(again), RefusalKind::ClaimAlreadyExistsForKey);
    assert!(done(remote.verify_sync(ana, KeyType::Phone, VSync::default()).await).agreed);
    let early = refusal(remote.complete_claim(bia, opened.id, uuid()).await);
    assert_eq!(early.kind, RefusalKind::ClaimCompletionPeriodNotEnded);
    assert_eq!(early.period_end, Some(opened.opened_at + TimeDelta::days(14)));

    world.simulator.advance_clock(7 * DAY).unwrap();
    assert_eq!(refused(remote.complete_claim(ana, opened.id, uuid()).await), RefusalKind::ClaimOperationInvalid);
    // A RequestId of another entry is none for this one.
    let other = registered(remote, BIA, &phone(2), person(2)).await;
    let reused = remote.complete_claim(bia, opened.id, other.request_id).await;
    assert_eq!(refused(reused), RefusalKind::RequestIdAlreadyUsed);
    let request_id = uuid();
    let completed = done(remote.complete_claim(bia, opened.id, request_id).await);
    assert_eq!(completed.claim.status, ClaimStatus::Completed);
    assert_eq!(completed.key_owned_since, completed.entry_created_at, "it has another owner now");
    assert!(done(remote.complete_claim(bia, opened.id, request_id).await) == completed);
    assert_eq!(refused(remote.complete_claim(bia, opened.id, uuid()).await), RefusalKind::ClaimOperationInvalid);
    let moved = done(found(remote, &phone(1)).await).entry;
    assert!(moved.account.participant == bia && moved.owner == person(2) && moved.request_id == request_id);
    assert!(moved.open_claim_created_at.is_none() && moved.created_at > entry.created_at);
    let vsync = [Cid::of(&moved), Cid::of(&other)].into_iter().collect();
    assert!(done(remote.verify_sync(bia, KeyType::Phone, vsync).await).agreed);
}

#[tokio::test]
async fn the_donors_user_says_yes_and_the_claimer_completes_at_once() {
    let world = World::new().await;
    let claim = acknowledged(&world.remote, Ownership, &phone(1)).await;
    let confirmed = done(world.remote.confirm_claim(ispb(ANA), claim.id, UserRequested).await);
    assert!(confirmed.completion_period_end < claim.completion_period_end);
    done(world.remote.complete_claim(ispb(BIA), claim.id, uuid()).await);
}

#[tokio::test]
async fn portability_moves_a_key_and_its_owner_keeps_it() {
    let world = World::new().await;
    let (ana, bia, remote) = (ispb(ANA), ispb(BIA), &world.remote);
    let cnpj = key(KeyType::Cnpj, "00000000000001");
    let entry = registered(remote, ANA, &cnpj, firm(1)).await;
    world.simulator.advance_clock(DAY).unwrap();
    let opened = done(remote.create_claim(&claim_of(Portability, &cnpj, BIA, firm(1))).await);
    assert_eq!(opened.completion_period_end, None);
    assert_eq!(refused(remote.confirm_claim(ana, opened.id, UserRequested).await), RefusalKind::ClaimOperationInvalid);
    done(remote.acknowledge_claim(ana, opened.id).await);
    assert_eq!(refused(remote.complete_claim(bia, opened.id, uuid()).await), RefusalKind::ClaimOperationInvalid);
    assert_eq!(refused(remote.confirm_claim(ana, opened.id, DefaultOperation).await), RefusalKind::InvalidReason);
    done(remote.confirm_claim(ana, opened.id, AccountClosure).await);
    let completed = done(remote.complete_claim(bia, opened.id, uuid()).await);
    assert_eq!(completed.key_owned_since, entry.key_owned_since);
    assert_eq!(completed.entry_created_at, entry.created_at + TimeDelta::days(1));
    let moved = done(found(remote, &cnpj).await).entry;
    assert_eq!((moved.account.participant, moved.key_owned_since), (bia, entry.key_owned_since));
    // The claimer's account has its key, the donor's has room again.
    let events = done(remote.list_cid_events(ana, KeyType::Cnpj, entry.created_at, 100).await).0;
    assert_eq!(events.iter().map(|it| it.added).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn which_claim_a_key_takes() {
    let world = World::new().await;
    let remote = &world.remote;
    let email = key(KeyType::Email, "pix@bcb.gov.br");
    registered(remote, ANA, &phone(1), person(1)).await;
    registered(remote, ANA, &email, person(1)).await;
    let random = NewEntry { key_type: KeyType::Evp, key: None, ..new_entry(ANA, &phone(1)) };
    let random = done(remote.create_entry(&random).await).key;
    for (claim_type, key, participant, claimer, kind) in [
        (Ownership, phone(9), BIA, person(2), RefusalKind::ClaimKeyNotFound),
        (Ownership, phone(1), BIA, person(1), RefusalKind::ClaimTypeInconsistent),
        (Portability, phone(1), BIA, person(2), RefusalKind::ClaimTypeInconsistent),
        (Ownership, email.clone(), BIA, person(2), RefusalKind::ClaimTypeInconsistent),
        (Portability, random, BIA, person(1), RefusalKind::ClaimInvalid),
        (Portability, phone(1), ANA, person(1), RefusalKind::ClaimResultingEntryAlreadyExists),
    ] {
        let new = claim_of(claim_type, &key, participant, claimer);
        assert_eq!(refused(remote.create_claim(&new).await), kind);
    }
    let mut wrong = claim_of(Ownership, &phone(1), BIA, person(2));
    wrong.claimer_account.number = "1-2".to_owned();
    let said = refusal(remote.create_claim(&wrong).await);
    assert_eq!(
        (said.kind, said.violations[0].property.as_str()),
        (RefusalKind::ClaimInvalid, "claimer_account.number")
    );
    done(remote.create_claim(&claim_of(Portability, &email, BIA, person(1))).await);
    let second = remote.create_claim(&claim_of(Portability, &email, BIA, person(1))).await;
    assert_eq!(refused(second), RefusalKind::ClaimAlreadyExistsForKey);
    // Within one institution, to another person.
    let within = done(remote.create_claim(&claim_of(Ownership, &phone(1), ANA, person(2))).await);
    assert_eq!(within.participant(Side::Donor), within.participant(Side::Claimer));
}

#[tokio::test]
async fn who_may_cancel_a_portability_why_and_when() {
    let directory = simulator(&FakeClock::default(), None, false);
    let mut number = 0;
    // Reason, by the donor, by the claimer; while it waits, and after the donor confirmed.
    for (reason, waiting, confirmed) in [
        (UserRequested, [true, true], [false, false]),
        (AccountClosure, [false, true], [false, false]),
        (Fraud, [true, true], [false, true]),
        (Reconciliation, [false, false], [false, true]),
        (RfbValidation, [false, true], [false, true]),
    ] {
        for (is_confirmed, allowed) in [(false, waiting), (true, confirmed)] {
            for (side, allowed) in [Side::Donor, Side::Claimer].into_iter().zip(allowed) {
                number += 1;
                let claim = acknowledged(&directory, Portability, &phone(number)).await;
                if is_confirmed {
                    done(directory.confirm_claim(ispb(ANA), claim.id, UserRequested).await);
                }
                let result = cancelled(&directory, claim.id, side, reason).await;
                assert_eq!(result.is_ok(), allowed, "{reason:?} by {side:?}, confirmed: {is_confirmed}");
                if let Ok(claim) = result {
                    assert_eq!((claim.cancel_reason, claim.cancelled_by), (Some(reason), Some(side)));
                    // The key stays where it is, or is free.
                    assert_eq!(found(&directory, &phone(number)).await.is_ok(), !is_confirmed);
                    let again = cancelled(&directory, claim.id, side, reason).await;
                    assert!(again.is_ok_and(|it| it == claim));
                }
            }
        }
    }
    // While it is open the claimer may bring its base in line.
    registered(&directory, ANA, &phone(99), person(1)).await;
    let open = done(directory.create_claim(&claim_of(Portability, &phone(99), BIA, person(1))).await);
    assert!(cancelled(&directory, open.id, Side::Claimer, Reconciliation).await.is_ok());
    // The donor's default is for the eighth day.
    let claim = acknowledged(&directory, Portability, &phone(98)).await;
    let early = cancelled(&directory, claim.id, Side::Donor, DefaultOperation).await;
    assert_eq!(early.err(), Some(RefusalKind::ClaimResolutionPeriodNotEnded));
    directory.advance_clock(7 * DAY).unwrap();
    assert!(cancelled(&directory, claim.id, Side::Donor, DefaultOperation).await.is_ok());
}

#[tokio::test]
async fn who_may_cancel_an_ownership_claim_why_and_when() {
    let directory = simulator(&FakeClock::default(), None, false);
    let claim = acknowledged(&directory, Ownership, &phone(1)).await;
    let wrong = cancelled(&directory, claim.id, Side::Donor, UserRequested).await;
    assert_eq!(wrong.err(), Some(RefusalKind::InvalidReason));
    directory.advance_clock(7 * DAY).unwrap();
    done(directory.confirm_claim(ispb(ANA), claim.id, DefaultOperation).await);
    let early = cancelled(&directory, claim.id, Side::Claimer, DefaultOperation).await;
    assert_eq!(early.err(), Some(RefusalKind::ClaimCompletionPeriodNotEnded));
    directory.advance_clock(23 * DAY).unwrap();
    assert!(cancelled(&directory, claim.id, Side::Claimer, DefaultOperation).await.is_ok());
    // The key is gone, and free.
    done(directory.create_entry(&new_entry("99999A04", &phone(1))).await);

    // The donor's user proves possession on day 10: the donor alone can still stop it, for fraud.
    let claim = acknowledged(&directory, Ownership, &phone(2)).await;
    directory.advance_clock(10 * DAY).unwrap();
    done(directory.confirm_claim(ispb(ANA), claim.id, DefaultOperation).await);
    assert!(cancelled(&directory, claim.id, Side::Donor, Fraud).await.is_ok());
    let completed = directory.complete_claim(ispb(BIA), claim.id, uuid()).await;
    assert_eq!(refused(completed), RefusalKind::ClaimOperationInvalid);
}

#[tokio::test]
async fn others_have_no_part_in_a_claim() {
    let directory = simulator(&FakeClock::default(), None, false);
    let claim = acknowledged(&directory, Ownership, &phone(1)).await;
    let other = ispb("99999A04");
    assert_eq!(refused(directory.get_claim(other, claim.id).await), RefusalKind::NotFound);
    assert_eq!(refused(directory.get_claim(other, uuid()).await), RefusalKind::NotFound);
    assert_eq!(refused(directory.confirm_claim(other, claim.id, UserRequested).await), RefusalKind::Forbidden);
    let as_donor = directory.cancel_claim(ispb(BIA), claim.id, Side::Donor, Fraud).await;
    assert_eq!(refused(as_donor), RefusalKind::Forbidden);
    for side in [ANA, BIA] {
        assert!(done(directory.get_claim(ispb(side), claim.id).await) == claim);
    }
}

#[tokio::test]
async fn blocked_keys_full_accounts_and_blocked_persons_are_not_claimed() {
    let directory = simulator(&FakeClock::default(), None, false);
    registered(&directory, ANA, &phone(1), person(1)).await;
    let new = claim_of(Ownership, &phone(1), BIA, person(2));
    directory.block(Blocking::Key(phone(1)), true).unwrap();
    assert_eq!(refused(directory.create_claim(&new).await), RefusalKind::EntryBlocked);
    directory.block(Blocking::Key(phone(1)), false).unwrap();
    directory.block(Blocking::TaxId(person(2).tax_id), true).unwrap();
    assert_eq!(refused(directory.create_claim(&new).await), RefusalKind::TaxIdNumberBlocked);
    directory.block(Blocking::TaxId(person(2).tax_id), false).unwrap();
    for number in 10..15 {
        let full = NewEntry { account: account(BIA, 7), owner: person(2), ..new_entry(BIA, &phone(number)) };
        done(directory.create_entry(&full).await);
    }
    assert_eq!(refused(directory.create_claim(&new).await), RefusalKind::EntryLimitExceeded);
    done(directory.delete_entry(ispb(BIA), &phone(10), EntryReason::UserRequested).await);
    // A court's block in the middle holds the key where it is.
    let claim = acknowledged(&directory, Ownership, &phone(2)).await;
    directory.block(Blocking::Key(phone(2)), true).unwrap();
    assert_eq!(refused(directory.confirm_claim(ispb(ANA), claim.id, UserRequested).await), RefusalKind::EntryBlocked);
}

#[tokio::test]
async fn claims_are_listed_least_recently_modified_first() {
    let world = World::new().await;
    let remote = &world.remote;
    let filter = |side, limit| ClaimFilter {
        side,
        statuses: Vec::new(),
        claim_type: None,
        modified_after: None,
        modified_before: None,
        limit,
    };
    let mut opened = Vec::new();
    for number in 0..6 {
        let claim_type = if number % 2 == 0 { Ownership } else { Portability };
        registered(remote, ANA, &phone(number), person(1)).await;
        let claimer = if claim_type == Portability { person(1) } else { person(2) };
        let new =
            NewClaim { claimer_account: account(BIA, number), ..claim_of(claim_type, &phone(number), BIA, claimer) };
        opened.push(done(remote.create_claim(&new).await));
    }
    let touched = done(remote.acknowledge_claim(ispb(ANA), opened[0].id).await);
    let list = async |participant: &str, filter: &ClaimFilter| {
        let page = done(remote.list_claims(ispb(participant), filter).await);
        (page.claims.iter().map(|it| it.id).collect::<Vec<_>>(), page.more)
    };
    let ids = |numbers: &[usize]| numbers.iter().map(|&number| opened[number].id).collect::<Vec<_>>();
    assert_eq!(list(ANA, &filter(None, 200)).await, (ids(&[1, 2, 3, 4, 5, 0]), false));
    assert_eq!(list(ANA, &filter(Some(Side::Donor), 2)).await, (ids(&[1, 2]), true));
    assert_eq!(list(ANA, &filter(Some(Side::Claimer), 2)).await, (Vec::new(), false));
    assert_eq!(list(BIA, &filter(Some(Side::Claimer), 6)).await, (ids(&[1, 2, 3, 4, 5, 0]), false));
    let waiting = ClaimFilter { statuses: vec![ClaimStatus::WaitingResolution], ..filter(None, 20) };
    assert_eq!(list(BIA, &waiting).await, (ids(&[0]), false));
    let ports = ClaimFilter { claim_type: Some(Portability), ..filter(None, 2) };
    assert_eq!(list(BIA, &ports).await, (ids(&[1, 3]), true));
    // Both edges belong to the window.
    let window = ClaimFilter {
        modified_after: Some(opened[4].last_modified),
        modified_before: Some(touched.last_modified),
        ..filter(None, 20)
    };
    assert_eq!(list(ANA, &window).await, (ids(&[4, 5, 0]), false));
    let backwards = ClaimFilter { modified_before: Some(opened[1].last_modified), ..window };
    assert_eq!(list(ANA, &backwards).await, (Vec::new(), false));
    for limit in [0, 201] {
        let wrong = world.simulator.list_claims(ispb(ANA), &filter(None, limit)).await;
        assert_eq!(refused(wrong), RefusalKind::BadRequest);
    }
    assert_eq!(refused(remote.list_claims(ispb(ANA), &filter(None, 201)).await), RefusalKind::BadRequest);
}
