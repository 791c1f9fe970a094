//! The remote directory: deadlines, attempts on the right codes only, the breaker, and what a lost answer means.

use std::time::{Duration, Instant};

use dict::directory::remote::RemoteOptions;
use dict::directory::{Directory, DirectoryError};
use dict::domain::claim::{ClaimStatus, ClaimType};
use dict::domain::reason::{ClaimReason, EntryReason};
use dict::domain::refusal::RefusalKind;
use dict::simulator::Fault;
use tonic::{Code, Status};

use crate::directory_world::{
    ANA, BIA, OPTIONS, World, claim_of, done, ispb, new_entry, person, phone, query, refused, registered, remote,
};

/// Little time for a call: half of it for each attempt of one that may be repeated.
const SHORT: RemoteOptions = RemoteOptions { timeout: Duration::from_millis(1_600), breaker: None, ..OPTIONS };
const NO_BREAKER: RemoteOptions = RemoteOptions { breaker: None, ..OPTIONS };

#[tokio::test]
async fn a_lost_answer_is_found_out_by_the_same_request_id() {
    let world = World::with(SHORT, false).await;
    let new = new_entry(ANA, &phone(1));
    world.simulator.inject_fault(Some("CreateEntry"), Fault::AnswerLost, 1).unwrap();
    let created = done(world.remote.create_entry(&new).await);
    assert_eq!((world.way.calls("CreateEntry"), world.simulator.state().entries), (2, 1));
    assert!(created.request_id == new.request_id);

    // Lost every time: nobody knows; later the same request finds out.
    let new = new_entry(ANA, &phone(2));
    world.simulator.inject_fault(Some("CreateEntry"), Fault::AnswerLost, 10).unwrap();
    let begun = Instant::now();
    assert_eq!(world.remote.create_entry(&new).await.err(), Some(DirectoryError::Unknown));
    assert!(begun.elapsed() < Duration::from_secs(10), "the call has a deadline");
    world.simulator.inject_fault(Some("CreateEntry"), Fault::AnswerLost, 0).unwrap();
    assert_eq!(world.simulator.state().entries, 2);
    let created = done(world.remote.create_entry(&new).await);
    assert!(created.request_id == new.request_id);
}

#[tokio::test]
async fn what_cannot_be_repeated_is_asked_once_when_its_answer_is_lost() {
    let world = World::with(SHORT, false).await;
    registered(&world.simulator, ANA, &phone(1), person(1)).await;
    let new = claim_of(ClaimType::Ownership, &phone(1), BIA, person(2));
    for (fault, made) in [(Fault::RequestLost, 0), (Fault::AnswerLost, 1)] {
        world.simulator.inject_fault(Some("CreateClaim"), fault, 1).unwrap();
        assert_eq!(world.remote.create_claim(&new).await.err(), Some(DirectoryError::Unknown));
        assert_eq!(world.simulator.state().open_claims, made);
    }
    assert_eq!(world.way.calls("CreateClaim"), 2);
    world.simulator.inject_fault(Some("DeleteEntry"), Fault::RequestLost, 1).unwrap();
    let lost = world.remote.delete_entry(ispb(ANA), &phone(1), EntryReason::UserRequested).await;
    assert_eq!((lost, world.way.calls("DeleteEntry")), (Err(DirectoryError::Unknown), 1));
    // A proxy that lost the connection says no more than that.
    world.way.answer(Status::unavailable("connection reset"));
    assert_eq!(world.remote.create_claim(&new).await.err(), Some(DirectoryError::Unknown));
    assert_eq!(world.way.calls("CreateClaim"), 3);
    assert!(world.scraped().contains(r#"core_dict_connect_requests_total{method="CreateClaim",outcome="unknown"} 3"#));
}

#[tokio::test]
async fn the_steps_of_a_claim_are_repeated_until_they_are_answered() {
    let world = World::with(SHORT, false).await;
    registered(&world.simulator, ANA, &phone(1), person(1)).await;
    let new = claim_of(ClaimType::Ownership, &phone(1), BIA, person(2));
    let id = done(world.remote.create_claim(&new).await).id;
    for method in ["AcknowledgeClaim", "ConfirmClaim", "CompleteClaim"] {
        world.simulator.inject_fault(Some(method), Fault::AnswerLost, 1).unwrap();
    }
    done(world.remote.acknowledge_claim(ispb(ANA), id).await);
    done(world.remote.confirm_claim(ispb(ANA), id, ClaimReason::UserRequested).await);
    let completed = done(world.remote.complete_claim(ispb(BIA), id, uuid::Uuid::from_u128(1 << 100)).await);
    assert_eq!(completed.claim.status, ClaimStatus::Completed);
    assert_eq!(world.way.calls("CompleteClaim"), 2);
}

#[tokio::test]
async fn only_the_right_codes_are_asked_again() {
    let world = World::with(NO_BREAKER, false).await;
    let check = async || world.remote.check_keys(ispb(ANA), &[phone(1)]).await;
    let mut before = 0;
    let mut asked = || {
        let calls = world.way.calls("CheckKeys");
        calls - std::mem::replace(&mut before, calls)
    };
    for (fault, outcome) in [
        (Fault::Unavailable, Some(DirectoryError::Unavailable { retry_after_ms: Some(50) })),
        (Fault::Conflict, None),
        (Fault::Internal, Some(DirectoryError::Unknown)),
    ] {
        // Two, and then it works; or all four fail.
        world.simulator.inject_fault(Some("CheckKeys"), fault, 2).unwrap();
        let (result, again) = (check().await, fault != Fault::Internal);
        assert_eq!((result.is_ok(), asked()), if again { (true, 3) } else { (false, 1) }, "{fault:?}");
        world.simulator.inject_fault(Some("CheckKeys"), fault, 4).unwrap();
        match (check().await, outcome) {
            (Err(error), Some(expected)) => assert_eq!(error, expected),
            (result, _) => assert_eq!(refused(result), RefusalKind::ResourceConflict),
        }
        assert_eq!(asked(), if again { 4 } else { 1 }, "{fault:?}");
        world.simulator.inject_fault(Some("CheckKeys"), fault, 0).unwrap();
    }
    for code in [
        Code::InvalidArgument,
        Code::NotFound,
        Code::PermissionDenied,
        Code::Unauthenticated,
        Code::Unimplemented,
        Code::ResourceExhausted,
        Code::Unknown,
        Code::FailedPrecondition,
    ] {
        world.way.answer(Status::new(code, ""));
        assert!(check().await.is_err());
        assert_eq!(asked(), 1, "{code:?}");
    }
    // A refusal is an answer.
    assert_eq!(refused(world.remote.get_entry(&query(BIA, &phone(1))).await), RefusalKind::NotFound);
    assert_eq!(world.way.calls("GetEntry"), 1);
    let scraped = world.scraped();
    assert!(scraped.contains("core_dict_connect_retries_total 10"), "{scraped}");
    assert!(scraped.contains(r#"core_dict_connect_requests_total{method="GetEntry",outcome="refused"} 1"#));
}

#[tokio::test]
async fn after_a_lost_answer_a_busy_directory_says_nothing_of_what_it_did() {
    let world = World::with(SHORT, false).await;
    world.simulator.inject_fault(Some("CreateEntry"), Fault::AnswerLost, 1).unwrap();
    // The first is carried out and lost; all that follow are turned away.
    let (simulator, remote) = (world.simulator.clone(), world.remote.clone());
    let new = new_entry(ANA, &phone(1));
    let call = tokio::spawn(async move { remote.create_entry(&new).await.err() });
    while world.simulator.state().entries == 0 {
        tokio::task::yield_now().await;
    }
    simulator.inject_fault(Some("CreateEntry"), Fault::Conflict, 100).unwrap();
    assert_eq!(call.await.unwrap(), Some(DirectoryError::Unknown));
}

#[tokio::test]
async fn the_breaker_opens_tries_and_closes() {
    let options = RemoteOptions { max_retries: 0, breaker: Some((3, Duration::from_secs(1))), ..OPTIONS };
    let world = World::with(options, false).await;
    let check = async || world.remote.check_keys(ispb(ANA), &[phone(1)]).await;
    // Refusals are successes, however many.
    for _ in 0..10 {
        assert_eq!(refused(world.remote.get_entry(&query(BIA, &phone(1))).await), RefusalKind::NotFound);
    }
    world.simulator.inject_fault(None, Fault::Unavailable, 4).unwrap();
    for _ in 0..3 {
        assert!(check().await.is_err());
    }
    let calls = world.way.calls("CheckKeys");
    let left_alone = check().await;
    assert!(
        matches!(left_alone, Err(DirectoryError::Unavailable { retry_after_ms: Some(wait_ms) }) if wait_ms <= 1_000)
    );
    assert_eq!(world.way.calls("CheckKeys"), calls);
    assert!(world.scraped().contains("core_dict_connect_breaker_state 2"));
    // One tries, and fails; later another tries, and it works.
    let begun = Instant::now();
    while check().await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(world.way.calls("CheckKeys"), calls + 2);
    assert!(world.scraped().contains("core_dict_connect_breaker_state 0"));
    done(check().await);
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_a_broken_contract_is_said() {
    let mut registry = prometheus_client::registry::Registry::default();
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let options = RemoteOptions { max_retries: 1, breaker: None, ..OPTIONS };
    let directory = remote(&format!("http://{nobody}"), options, &mut registry);
    let new = claim_of(ClaimType::Ownership, &phone(1), BIA, person(2));
    let gone = directory.create_claim(&new).await.err();
    assert_eq!(gone, Some(DirectoryError::Unavailable { retry_after_ms: None }));

    let world = World::new().await;
    world.way.answer(Status::unauthenticated("who are you?"));
    let error = world.remote.check_keys(ispb(ANA), &[phone(1)]).await.unwrap_err();
    assert!(matches!(&error, DirectoryError::Broken(what) if what.contains("CheckKeys")), "{error}");
}

#[tokio::test]
async fn every_refusal_arrives_by_its_name() {
    let world = World::with(RemoteOptions { max_retries: 0, breaker: None, ..OPTIONS }, false).await;
    for kind in RefusalKind::ALL {
        world.way.answer(dict::directory::status::from_refusal(&kind.into()));
        let error = world.remote.check_keys(ispb(ANA), &[phone(1)]).await.unwrap_err();
        let expected = match kind {
            RefusalKind::InternalServerError => DirectoryError::Unknown,
            RefusalKind::ServiceUnavailable => DirectoryError::Unavailable { retry_after_ms: None },
            kind => kind.into(),
        };
        assert_eq!(error, expected);
    }
}

/// What the simulator in this process says is what it says over gRPC.
#[tokio::test]
async fn in_process_and_over_the_network_faults_mean_the_same() {
    let world = World::with(RemoteOptions { max_retries: 0, ..SHORT }, false).await;
    for fault in [Fault::Unavailable, Fault::AnswerLost, Fault::RequestLost, Fault::Internal, Fault::Conflict] {
        world.simulator.inject_fault(None, fault, 2).unwrap();
        let here = world.simulator.check_keys(ispb(ANA), &[phone(1)]).await;
        assert_eq!(world.remote.check_keys(ispb(ANA), &[phone(1)]).await, here, "{fault:?}");
    }
}
