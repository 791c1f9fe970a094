//! The regulator's functional test (Instrução Normativa BCB 508/2024), with the simulator in the bank's place and an hour
//! of virtual time.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use dict::claims::grpc as claims;
use dict::directory::{ClaimFilter, Directory as _, NewClaim};
use dict::domain::claim::{Claim, ClaimStatus, ClaimType, Side};
use dict::domain::entry::Entry;
use dict::domain::key::{Key, KeyType};
use dict::domain::owner::Owner;
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::domain::tax_id::TaxId;
use dict::jobs::due::carry_out_due;
use dict::jobs::poll::poll_and_acknowledge;
use dict::reconciliation::reconcile;
use dict::simulator::Tampering;
use platform::clock::Clock;
use proto::core as message;
use testkit::FakeClock;
use uuid::Uuid;

use crate::entries_world::{ANA, FIRM, OURS, Wish, account, ana, caller, firm, ispb, key, person, phone, request_id};
use crate::lookup_world::{Server, THEIRS};

/// Keys that are there before the hour begins.
const KEYS: u32 = 1000;
/// How often the product polls, as its jobs do.
const POLL: TimeDelta = TimeDelta::seconds(20);
/// When every claim must be acknowledged.
const ACKNOWLEDGED_WITHIN: TimeDelta = TimeDelta::seconds(60);

async fn thousand_phones(server: &Server) {
    for number in 0..KEYS {
        let of = account(OURS, &(1_000_000 + number).to_string());
        let wish = Wish::key(phone(number)).to(of).because(EntryReason::Reconciliation);
        server.world.registered(wish).await;
    }
}

/// One key of each type registered here, and one of each looked up that is elsewhere.
async fn one_key_of_each_type(server: &Server) {
    let email = |local: &str| key(KeyType::Email, &format!("{local}@exemplo.com.br"));
    let ours = [
        Wish::key(key(KeyType::Cpf, ANA)),
        Wish::key(key(KeyType::Cnpj, FIRM)).owned_by(firm()).to(account(OURS, "2")),
        Wish::key(phone(90_000)),
        Wish::key(email("ana")),
        Wish::random(),
    ];
    for wish in ours {
        let registered = server.world.registered(wish).await;
        let shown = server.shown(&registered.entry.key).await;
        assert!(shown.is_ok_and(|shown| shown.own_base), "{}", registered.entry.key.key_type().name());
    }
    let other = person("11144477735", "Bia Lima");
    let theirs = [
        (key(KeyType::Cpf, "11144477735"), other.clone()),
        (key(KeyType::Cnpj, "12ABC34501DE35"), Owner { tax_id: TaxId::parse("12ABC34501DE35").unwrap(), ..firm() }),
        (phone(91_000), other.clone()),
        (email("bia"), other),
    ];
    for (key, owner) in theirs {
        server.theirs(&key, &owner).await;
        let paid = server.to_pay(&key).await;
        assert!(paid.is_ok_and(|paid| paid.payment.is_some() && !paid.own_base), "{}", key.key_type().name());
    }
}

/// The bank inserts, changes and removes keys of ours; a comparison finds and repairs it, and the next agrees.
async fn a_comparison_after_the_bank_tampered(server: &Server) {
    let (simulator, dict) = (server.world.simulator(), server.dict());
    let mut changed: Entry = dict.store.entry(&phone(3)).await.unwrap().unwrap().entry;
    let inserted =
        Entry { key: phone(95_000), request_id: request_id(), account: account(OURS, "95000"), ..changed.clone() };
    changed.owner.name = "Ana Souza Lima".to_owned();
    for tampering in [Tampering::Insert(inserted), Tampering::Overwrite(changed), Tampering::Remove(phone(4))] {
        assert!(simulator.tamper(tampering).is_ok());
    }
    let caller = caller(ispb(OURS));
    let first = reconcile(dict, caller.participant, KeyType::Phone).await.unwrap();
    assert!(!first.agreed && first.repaired);
    assert_eq!((first.inserted, first.removed, first.overwritten), (1, 1, 1));
    assert!(reconcile(dict, caller.participant, KeyType::Phone).await.unwrap().agreed);
    assert!(dict.store.entry(&phone(95_000)).await.unwrap().is_some());
    assert!(dict.store.entry(&phone(4)).await.unwrap().is_none());
    assert_eq!(dict.store.entry(&phone(3)).await.unwrap().unwrap().entry.owner.name, "Ana Souza Lima");
}

fn wish(claim_type: ClaimType, key: Key, participant: &str) -> NewClaim {
    let claimer = match claim_type {
        ClaimType::Portability => ana(),
        ClaimType::Ownership => person("11144477735", "Bia Lima"),
    };
    let number = &key.value()[4..];
    NewClaim { claim_type, claimer, claimer_account: account(participant, number), key }
}

/// The bank opens claims of our keys all hour: each is acknowledged within a minute.
async fn an_hour_of_claims(server: &Server, clock: &FakeClock) {
    let simulator = server.world.simulator();
    let mut waiting: BTreeMap<Uuid, DateTime<Utc>> = BTreeMap::new();
    let mut opened = 0;
    for step in 0..180_u32 {
        for more in 0..2 {
            let claim_type = if more == 0 { ClaimType::Portability } else { ClaimType::Ownership };
            let claim = simulator.create_claim(&wish(claim_type, phone(100 + step * 2 + more), THEIRS)).await;
            let claim = claim.unwrap_or_else(|error| panic!("{error}"));
            waiting.insert(claim.id, clock.now());
            opened += 1;
        }
        clock.advance(POLL);
        poll_and_acknowledge(server.dict()).await.unwrap();
        let mut acknowledged = Vec::new();
        for (&id, &since) in &waiting {
            let claim = simulator.get_claim(ispb(THEIRS), id).await.unwrap_or_else(|error| panic!("{error}"));
            if claim.status == ClaimStatus::WaitingResolution {
                acknowledged.push(id);
            } else {
                assert!(clock.now() - since <= ACKNOWLEDGED_WITHIN, "a claim waits for longer than a minute");
            }
        }
        waiting.retain(|id, _| !acknowledged.contains(id));
    }
    assert!(waiting.is_empty() && opened == 360, "{} of {opened} were not acknowledged", waiting.len());
}

/// Creates, confirms, completes and cancels one claim at least, by the product's own methods.
async fn claims_of_every_end(server: &Server) {
    let (dict, simulator) = (server.dict(), server.world.simulator());
    let caller = caller(ispb(OURS));
    let incoming = |id: Uuid| message::ConfirmPortabilityRequest { claim_id: id.to_string(), reason: 0 };
    let open: Vec<Claim> = simulator
        .list_claims(
            ispb(OURS),
            &ClaimFilter {
                side: Some(Side::Donor),
                statuses: vec![ClaimStatus::WaitingResolution],
                claim_type: Some(ClaimType::Portability),
                modified_after: None,
                modified_before: None,
                limit: 1,
            },
        )
        .await
        .unwrap_or_else(|error| panic!("{error}"))
        .claims;
    let confirmed = claims::confirm_portability(dict, &caller, incoming(open[0].id)).await.unwrap().claim.unwrap();
    assert!(confirmed.status() == message::ClaimStatus::Confirmed);
    assert!(dict.store.entry(&open[0].key).await.unwrap().is_none(), "the donor has it no more");

    for (number, kept) in [(92_000, true), (92_001, false)] {
        server.theirs(&phone(number), &ana()).await;
        let start = message::StartPortabilityRequest {
            request_id: request_id().to_string(),
            key: Some(message::Key { r#type: message::KeyType::Phone.into(), value: phone(number).value().to_owned() }),
            claimer: Some(dict::directory::wire::owner_to_proto(&ana())),
            claimer_account: Some(dict::directory::wire::account_to_proto(&account(OURS, "92"))),
        };
        let claim = claims::start_portability(dict, &caller, start).await.unwrap().claim.unwrap();
        let id: Uuid = claim.id.parse().unwrap();
        if !kept {
            let cancel = message::CancelPortabilityRequest { claim_id: claim.id, ..Default::default() };
            let cancelled = claims::cancel_portability(dict, &caller, cancel).await.unwrap().claim.unwrap();
            assert!(cancelled.status() == message::ClaimStatus::Cancelled);
            continue;
        }
        assert!(simulator.acknowledge_claim(ispb(THEIRS), id).await.is_ok());
        assert!(simulator.confirm_claim(ispb(THEIRS), id, ClaimReason::UserRequested).await.is_ok());
        poll_and_acknowledge(dict).await.unwrap();
        carry_out_due(dict).await.unwrap();
        let done = simulator.get_claim(ispb(OURS), id).await.unwrap_or_else(|error| panic!("{error}"));
        // A phone is completed only when its new holder proved that it is theirs.
        assert!(matches!(done.status, ClaimStatus::Confirmed | ClaimStatus::Completed));
        if done.status == ClaimStatus::Confirmed {
            server.world.prove(ispb(OURS), &phone(number), Some(id)).await;
            carry_out_due(dict).await.unwrap();
        }
        let stored = dict.store.entry(&phone(number)).await.unwrap().unwrap();
        assert_eq!(stored.entry.account.participant, ispb(OURS));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn section_12_the_regulators_functional_hour() {
    let server = Server::with_directory().await;
    let clock = server.world.clock.clone();
    thousand_phones(&server).await;
    one_key_of_each_type(&server).await;
    a_comparison_after_the_bank_tampered(&server).await;
    an_hour_of_claims(&server, &clock).await;
    claims_of_every_end(&server).await;
    assert!(reconcile(server.dict(), ispb(OURS), KeyType::Phone).await.unwrap().agreed, "at the end both are one");
}
