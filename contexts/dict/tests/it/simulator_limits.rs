//! The directory's policies (DICT API 2.6.1, "Limitação de requisições"; Manual Operacional do DICT, 13.1).

use chrono::TimeDelta;
use dict::directory::{ClaimFilter, Directory, DirectoryError, EntryQuery, FoundEntry, NewEntry};
use dict::domain::bucket::Category;
use dict::domain::cid::VSync;
use dict::domain::claim::Side;
use dict::domain::key::KeyType;
use dict::domain::reason::EntryReason;
use dict::domain::refusal::RefusalKind;
use dict::simulator::{Fault, Simulator};
use proto::connect;
use proto::connect::connect_service_client::ConnectServiceClient;
use testkit::FakeClock;

use crate::directory_world::{
    ANA, BIA, OPTIONS, World, account, done, firm, ispb, key, new_entry, person, phone, query, refusal, refused,
    registered, simulator, uuid,
};

async fn looked_up(directory: &Simulator, number: u64, count: u64) -> Result<FoundEntry, DirectoryError> {
    let mut last = Err(DirectoryError::Unknown);
    for _ in 0..count {
        last = directory.get_entry(&query(BIA, &phone(number))).await;
    }
    last
}

#[tokio::test]
async fn a_person_with_five_tokens_and_one_miss_waits_eight_minutes() {
    let clock = FakeClock::default();
    let directory = simulator(&clock, None, true);
    directory.set_policies(true, Some(Category::A));
    registered(&directory, ANA, &phone(1), person(1)).await;
    done(looked_up(&directory, 1, 95).await);
    // Five are left; a miss costs twenty: fifteen are owed, and two come in a minute.
    assert_eq!(refused(looked_up(&directory, 2, 1).await), RefusalKind::NotFound);
    let said = refusal(looked_up(&directory, 1, 1).await);
    assert_eq!((said.kind, said.retry_after_ms), (RefusalKind::RateLimited, Some(8 * 60_000)));
    // Look-ups of other kinds of keys have a bucket of their own, other payers too.
    let email = key(KeyType::Cpf, "00000000077");
    assert_eq!(refused(directory.get_entry(&query(BIA, &email)).await), RefusalKind::NotFound);
    let other = EntryQuery { payer: firm(9).tax_id, ..query(BIA, &phone(1)) };
    done(directory.get_entry(&other).await);
    clock.advance(TimeDelta::minutes(8) - TimeDelta::milliseconds(1));
    assert_eq!(refused(looked_up(&directory, 1, 1).await), RefusalKind::RateLimited);
    clock.advance(TimeDelta::milliseconds(1));
    done(looked_up(&directory, 1, 1).await);
    assert_eq!(refused(looked_up(&directory, 1, 1).await), RefusalKind::RateLimited);
}

#[tokio::test]
async fn a_payment_pays_its_look_up_back_once() {
    let directory = simulator(&FakeClock::default(), None, true);
    directory.set_policies(true, Some(Category::A));
    registered(&directory, ANA, &phone(1), person(1)).await;
    done(looked_up(&directory, 1, 100).await);
    assert_eq!(refused(looked_up(&directory, 1, 1).await), RefusalKind::RateLimited);
    let EntryQuery { participant, payer, end_to_end_id, .. } = query(BIA, &phone(1));
    for _ in 0..3 {
        done(directory.report_payment_sent(participant, &payer, &end_to_end_id).await);
    }
    done(directory.report_payment_sent(participant, &payer, "E2222222A20250315120000000000002").await);
    done(looked_up(&directory, 1, 1).await);
    assert_eq!(refused(looked_up(&directory, 1, 1).await), RefusalKind::RateLimited);
}

#[tokio::test]
async fn the_smallest_participant_owes_three_for_a_miss() {
    let directory = simulator(&FakeClock::default(), None, true);
    // Category H has fifty tokens; each payer has a bucket of its own.
    for number in 0..17 {
        let miss = EntryQuery { payer: person(number).tax_id, ..query(BIA, &phone(1)) };
        assert_eq!(refused(directory.get_entry(&miss).await), RefusalKind::NotFound);
    }
    let next = EntryQuery { payer: person(99).tax_id, ..query(BIA, &phone(1)) };
    let said = refusal(directory.get_entry(&next).await);
    assert_eq!((said.kind, said.retry_after_ms), (RefusalKind::RateLimited, Some(60_000)));
    // Another participant is not concerned.
    let elsewhere = EntryQuery { payer: person(99).tax_id, ..query(ANA, &phone(1)) };
    assert_eq!(refused(directory.get_entry(&elsewhere).await), RefusalKind::NotFound);
}

#[tokio::test]
async fn a_sustained_load_of_writes_is_refused_near_its_36700th_call() {
    let clock = FakeClock::default();
    let directory = simulator(&clock, None, true);
    let ana = ispb(ANA);
    let mut answered: u64 = 0;
    // A thousand a second; twenty tokens come in the same time.
    let refused_one = loop {
        match directory.delete_entry(ana, &phone(1), EntryReason::UserRequested).await {
            Err(DirectoryError::Refused(it)) if it.kind == RefusalKind::NotFound => answered += 1,
            result => break refusal(result),
        }
        clock.advance(TimeDelta::milliseconds(1));
    };
    assert_eq!(refused_one.kind, RefusalKind::RateLimited);
    assert!(refused_one.retry_after_ms.is_some_and(|wait_ms| (1..=50).contains(&wait_ms)));
    // 36,000 and what came meanwhile: 36,000 / (1 − 0.02).
    assert!((36_700..=36_740).contains(&answered), "{answered}");
}

#[tokio::test]
async fn every_operation_is_counted_by_its_own_policy() {
    let directory = simulator(&FakeClock::default(), None, true);
    let (ana, id) = (ispb(ANA), uuid());
    let list = |side| ClaimFilter {
        side,
        statuses: Vec::new(),
        claim_type: None,
        modified_after: None,
        modified_before: None,
        limit: 1,
    };
    let mut counts = Vec::new();
    for operation in 0..7 {
        let mut count = 0;
        loop {
            let result = match operation {
                0 => directory.list_claims(ana, &list(Some(Side::Donor))).await.map(drop),
                1 => directory.list_claims(ana, &list(None)).await.map(drop),
                2 => directory.verify_sync(ana, KeyType::Cpf, VSync::default()).await.map(drop),
                3 => directory.list_cid_events(ana, KeyType::Cpf, chrono::DateTime::UNIX_EPOCH, 1).await.map(drop),
                4 => directory.check_keys(ana, &[phone(1)]).await.map(drop),
                5 => directory.get_claim(ana, id).await.map(drop),
                _ => directory.list_cids(ana, KeyType::Cpf).await.map(drop),
            };
            match result {
                Err(DirectoryError::Refused(it)) if it.kind == RefusalKind::RateLimited => break,
                _ => count += 1,
            }
        }
        counts.push(count);
    }
    // The file is ordered (200) and fetched (50).
    assert_eq!(counts, [200, 50, 50, 100, 70, 18_000, 50]);
}

#[tokio::test]
async fn an_internal_error_costs_nothing_and_a_refused_call_neither() {
    let clock = FakeClock::default();
    let directory = simulator(&clock, None, true);
    directory.inject_fault(Some("CheckKeys"), Fault::Internal, 500).unwrap();
    for _ in 0..500 {
        let lost = directory.check_keys(ispb(ANA), &[phone(1)]).await;
        assert_eq!(lost, Err(DirectoryError::Unknown));
    }
    for _ in 0..70 {
        done(directory.check_keys(ispb(ANA), &[phone(1)]).await);
    }
    for _ in 0..100 {
        assert_eq!(refused(directory.check_keys(ispb(ANA), &[phone(1)]).await), RefusalKind::RateLimited);
    }
    clock.advance(TimeDelta::seconds(1));
    done(directory.check_keys(ispb(ANA), &[phone(1)]).await);
}

#[tokio::test]
async fn policies_are_switched_chosen_and_shown() {
    let world = World::with(OPTIONS, true).await;
    let mut control = world.control();
    let mut connect = ConnectServiceClient::new(world.channel());
    let request = connect::ListPoliciesRequest { participant: ANA.to_owned() };
    let policy = |name: &str, policies: &[connect::Policy]| {
        let found = policies.iter().find(|it| it.name == name).unwrap();
        (
            found.category.clone(),
            found.available_tokens,
            found.capacity,
            found.refill_tokens,
            found.refill_period_seconds,
        )
    };
    for number in 0..3 {
        let new = NewEntry { account: account(ANA, number), ..new_entry(ANA, &phone(number)) };
        done(world.remote.create_entry(&new).await);
    }
    let policies = connect.list_policies(request.clone()).await.unwrap().into_inner().policies;
    assert_eq!(policy("ENTRIES_WRITE", &policies), ("H".to_owned(), 35_997, 36_000, 1_200, 60));
    assert_eq!(policy("ENTRIES_READ_PARTICIPANT_ANTISCAN", &policies), ("H".to_owned(), 50, 50, 2, 60));
    assert_eq!(policy("CIDS_FILES_WRITE", &policies), ("H".to_owned(), 200, 200, 40, 86_400));
    let set = connect::SetPoliciesRequest { enabled: true, category: "B".to_owned() };
    let state = control.set_policies(set).await.unwrap().into_inner();
    assert_eq!((state.policies, state.category.as_str()), (true, "B"));
    let policies = connect.list_policies(request).await.unwrap().into_inner().policies;
    assert_eq!(policy("ENTRIES_READ_PARTICIPANT_ANTISCAN", &policies), ("B".to_owned(), 40_000, 40_000, 20_000, 60));
    let unknown = connect::SetPoliciesRequest { enabled: true, category: "Z".to_owned() };
    assert_eq!(control.set_policies(unknown).await.err().unwrap().code(), tonic::Code::InvalidArgument);
    let off = connect::SetPoliciesRequest { enabled: false, category: String::new() };
    control.set_policies(off).await.unwrap();
    for _ in 0..100 {
        done(world.simulator.check_keys(ispb(ANA), &[phone(1)]).await);
    }
}
