//! What the contract of Connect says beyond the domain: fields left open, wrong numbers, and the details of refusals.

use dict::directory::wire;
use dict::directory::{Directory, NewEntry};
use dict::domain::cid::{Cid, VSync};
use dict::domain::claim::{ClaimType, Side};
use dict::domain::key::KeyType;
use proto::connect;
use proto::connect::connect_service_client::ConnectServiceClient;
use proto::core;
use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

use crate::directory_world::{
    ANA, BIA, World, account, claim_of, done, firm, ispb, new_entry, person, phone, query, registered,
};

fn create(new: &NewEntry) -> connect::CreateEntryRequest {
    connect::CreateEntryRequest {
        participant: new.account.participant.to_string(),
        request_id: new.request_id.to_string(),
        key: new.key.as_ref().map(wire::key_to_proto),
        account: Some(wire::account_to_proto(&new.account)),
        owner: Some(wire::owner_to_proto(&new.owner)),
        reason: core::EntryReason::UserRequested.into(),
    }
}

/// Code, reason and wrong fields of a refusal.
fn said<T>(result: Result<Response<T>, Status>) -> (Code, String, Vec<String>) {
    let status = result.err().unwrap();
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!(info.domain, "dict.pi.rsfn.net.br");
    let fields = details.bad_request().map(|bad| &bad.field_violations).into_iter().flatten();
    (status.code(), info.reason.clone(), fields.map(|it| it.field.clone()).collect())
}

fn fields(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn wrong_messages_are_refused_by_field() {
    let world = World::new().await;
    let mut connect = ConnectServiceClient::new(world.channel());
    let good = create(&new_entry(ANA, &phone(1)));
    let wrong = |change: &dyn Fn(&mut connect::CreateEntryRequest)| {
        let mut request = good.clone();
        change(&mut request);
        request
    };
    let invalid = |names: &[&str]| (Code::InvalidArgument, "ENTRY_INVALID".to_owned(), fields(names));
    for (request, expected) in [
        (wrong(&|it| it.key = None), invalid(&["key"])),
        (wrong(&|it| it.key.as_mut().unwrap().r#type = 0), invalid(&["key.type"])),
        (wrong(&|it| it.key.as_mut().unwrap().value = "+0".to_owned()), invalid(&["key.value"])),
        (wrong(&|it| it.request_id = "1".to_owned()), invalid(&["request_id"])),
        (wrong(&|it| it.owner.as_mut().unwrap().r#type = 2), invalid(&["owner.type"])),
        (wrong(&|it| it.owner.as_mut().unwrap().tax_id = "1".to_owned()), invalid(&["owner.tax_id"])),
        (
            wrong(&|it| {
                let account = it.account.as_mut().unwrap();
                (account.participant, account.r#type, account.opened_at) = ("1".to_owned(), 77, None);
            }),
            invalid(&["account.participant", "account.type", "account.opened_at"]),
        ),
        // ENTRY_INACTIVITY is gone since 1.7.1: a reason that is not known is none.
        (wrong(&|it| it.reason = 7), (Code::InvalidArgument, "INVALID_REASON".to_owned(), fields(&["reason"]))),
        (wrong(&|it| it.reason = 0), (Code::InvalidArgument, "INVALID_REASON".to_owned(), fields(&["reason"]))),
        (
            wrong(&|it| it.participant = "1".to_owned()),
            (Code::InvalidArgument, "BAD_REQUEST".to_owned(), fields(&["participant"])),
        ),
        (wrong(&|it| it.participant = BIA.to_owned()), (Code::PermissionDenied, "FORBIDDEN".to_owned(), fields(&[]))),
    ] {
        assert_eq!(said(connect.create_entry(request).await), expected);
    }
    assert_eq!(world.simulator.state().entries, 0);
    connect.create_entry(good).await.unwrap();
}

#[tokio::test]
async fn periods_and_waits_are_in_the_details() {
    let world = World::new().await;
    let mut connect = ConnectServiceClient::new(world.channel());
    registered(&world.remote, ANA, &phone(1), person(1)).await;
    let opened = done(world.remote.create_claim(&claim_of(ClaimType::Ownership, &phone(1), BIA, person(2))).await);
    done(world.remote.acknowledge_claim(ispb(ANA), opened.id).await);
    let request = connect::ConfirmClaimRequest {
        participant: ANA.to_owned(),
        claim_id: opened.id.to_string(),
        reason: core::ClaimReason::DefaultOperation.into(),
    };
    let status = connect.confirm_claim(request).await.err().unwrap();
    assert_eq!(status.code(), Code::FailedPrecondition);
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!(info.reason, "CLAIM_RESOLUTION_PERIOD_NOT_ENDED");
    assert_eq!(info.metadata["period_end"], "2025-03-22T12:00:00Z");

    let mut control = world.control();
    let busy = connect::InjectFaultRequest {
        method: "CheckKeys".to_owned(),
        fault: connect::inject_fault_request::Fault::Conflict.into(),
        times: 1,
    };
    control.inject_fault(busy.clone()).await.unwrap();
    let request = connect::CheckKeysRequest { participant: ANA.to_owned(), keys: vec![wire::key_to_proto(&phone(1))] };
    let status = connect.check_keys(request.clone()).await.err().unwrap();
    assert_eq!(status.code(), Code::Aborted);
    assert!(status.get_error_details().retry_info().is_some());
    assert_eq!(connect.check_keys(request).await.unwrap().into_inner().has_entry, [true]);
    let unknown = connect::InjectFaultRequest { method: "Nothing".to_owned(), ..busy };
    assert_eq!(said(control.inject_fault(unknown).await).2, ["method"]);
    let backwards = connect::AdvanceClockRequest { seconds: -1 };
    assert_eq!(said(control.advance_clock(backwards).await).2, ["seconds"]);
    let beyond = connect::AdvanceClockRequest { seconds: i64::MAX };
    assert_eq!(said(control.advance_clock(beyond).await).2, ["seconds"]);
}

#[tokio::test]
async fn what_is_left_open_has_its_default() {
    let world = World::new().await;
    let mut connect = ConnectServiceClient::new(world.channel());
    let mut cids = Vec::new();
    for number in 0..25 {
        let entry = registered(&world.simulator, ANA, &phone(number), firm(1)).await;
        cids.push(Cid::of(&entry));
        let claim = claim_of(ClaimType::Portability, &phone(number), BIA, firm(1));
        // More than one account may have.
        let claim = dict::directory::NewClaim { claimer_account: account(BIA, number), ..claim };
        done(world.simulator.create_claim(&claim).await);
    }
    let list = connect::ListClaimsRequest { participant: BIA.to_owned(), ..Default::default() };
    let page = connect.list_claims(list.clone()).await.unwrap().into_inner();
    assert_eq!((page.claims.len(), page.has_more_elements), (20, true));
    assert_eq!(page.claims[0].roles, [i32::from(core::ClaimRole::Claimer)]);
    // Both, like neither, mean either side.
    let both = connect::ListClaimsRequest { is_donor: true, is_claimer: true, limit: 200, ..list.clone() };
    assert_eq!(connect.list_claims(both).await.unwrap().into_inner().claims.len(), 25);
    let donor = connect::ListClaimsRequest { is_donor: true, ..list.clone() };
    assert_eq!(connect.list_claims(donor).await.unwrap().into_inner().claims.len(), 0);
    let wrong = connect::ListClaimsRequest { limit: -1, ..list };
    assert_eq!(said(connect.list_claims(wrong).await).2, ["limit"]);

    let key_type = core::KeyType::Phone.into();
    let events = connect::ListCidEventsRequest { participant: ANA.to_owned(), key_type, from: None, limit: 10 };
    let page = connect.list_cid_events(events.clone()).await.unwrap().into_inner();
    assert_eq!((page.events.len(), page.has_more_elements), (10, true));
    // The verifiers after the first and the last of these events.
    let vsync = |count: usize| cids[..count].iter().copied().collect::<VSync>().to_string();
    assert_eq!((page.sync_verifier_start, page.sync_verifier_end), (vsync(1), vsync(10)));
    let all = connect::ListCidEventsRequest { limit: 0, ..events.clone() };
    let page = connect.list_cid_events(all).await.unwrap().into_inner();
    assert_eq!((page.events.len(), page.has_more_elements, page.sync_verifier_end), (25, false, vsync(25)));
    let none = connect::ListCidEventsRequest { key_type: core::KeyType::Cpf.into(), ..events };
    let page = connect.list_cid_events(none).await.unwrap().into_inner();
    assert_eq!((page.events.len(), page.sync_verifier_end), (0, VSync::default().to_string()));
    // Many of them come in several messages.
    assert_eq!(done(world.remote.list_cids(ispb(ANA), KeyType::Phone).await).len(), 25);
}

#[tokio::test]
async fn who_is_on_both_sides_says_which_of_them_cancels() {
    let world = World::new().await;
    let mut connect = ConnectServiceClient::new(world.channel());
    registered(&world.remote, ANA, &phone(1), person(1)).await;
    let opened = done(world.remote.create_claim(&claim_of(ClaimType::Ownership, &phone(1), ANA, person(2))).await);
    let request = connect::CancelClaimRequest {
        participant: ANA.to_owned(),
        claim_id: opened.id.to_string(),
        reason: core::ClaimReason::Fraud.into(),
        role: 0,
    };
    assert_eq!(said(connect.cancel_claim(request.clone()).await).2, ["role"]);
    let request = connect::CancelClaimRequest { role: core::ClaimRole::Donor.into(), ..request };
    let claim = connect.cancel_claim(request).await.unwrap().into_inner().claim;
    let claim = wire::claim_from_proto(claim.as_ref(), "claim").unwrap_or_else(|_| panic!("a claim"));
    assert_eq!(claim.cancelled_by, Some(Side::Donor));
}

#[tokio::test]
async fn a_look_up_may_ask_for_statistics() {
    let world = World::new().await;
    let mut connect = ConnectServiceClient::new(world.channel());
    registered(&world.remote, ANA, &phone(1), person(1)).await;
    let asked = query(BIA, &phone(1));
    let request = |include_statistics| connect::GetEntryRequest {
        requesting_participant: BIA.to_owned(),
        key: Some(wire::key_to_proto(&asked.key)),
        payer_tax_id: asked.payer.as_str().to_owned(),
        end_to_end_id: asked.end_to_end_id.clone(),
        include_statistics,
    };
    assert!(connect.get_entry(request(false)).await.unwrap().into_inner().statistics.is_none());
    assert!(connect.get_entry(request(true)).await.unwrap().into_inner().statistics.is_some());
    let no_payer = connect::GetEntryRequest { payer_tax_id: String::new(), ..request(false) };
    assert_eq!(said(connect.get_entry(no_payer).await).2, ["payer_tax_id"]);
}
