//! GetClaimStatus, ListIncomingClaims and ListOutgoingClaims: what each side sees, filters and pages.

use chrono::TimeDelta;
use dict::claims::answer::{Cancellation, cancel_claim};
use dict::claims::grpc;
use dict::directory::NewClaim;
use dict::domain::claim::Claim;
use dict::domain::key::KeyType;
use dict::domain::reason::ClaimReason;
use dict::failure::Failure;
use proto::core;

use crate::claims_world::{
    Bank, CLAIMER, DONOR, World, account, ana, bia, caller, key, ownership, portability, wrong_field,
};

/// Seven claims, ownership and portability by turns, a minute apart; the first one given up since.
async fn seven() -> (World, Bank, Vec<Claim>) {
    let world = World::new();
    let bank = world.bank(&[DONOR, CLAIMER]).await;
    let mut claims = Vec::new();
    for number in 0..7 {
        let key = key(KeyType::Phone, &format!("+551190000000{number}"));
        let new = dict::directory::NewEntry {
            request_id: world.uuid(),
            key_type: KeyType::Phone,
            key: Some(key.clone()),
            account: account(DONOR, &number.to_string()),
            owner: ana(),
            reason: dict::domain::reason::EntryReason::Reconciliation,
        };
        assert!(dict::entries::create_key(&bank.dict, &caller(DONOR), new, None).await.is_ok());
        let wish = if number % 2 == 0 { NewClaim { key, ..ownership() } } else { portability(key) };
        claims.push(world.start(&bank, &wish).await.unwrap());
        world.clock.advance(TimeDelta::minutes(1));
    }
    let reason = ClaimReason::UserRequested;
    let given_up = Cancellation { claim_id: claims[0].id, reason, side: None, possession_id: "" };
    claims[0] = cancel_claim(&bank.dict, &caller(CLAIMER), &given_up).await.unwrap();
    // By the moment of the last change.
    claims.rotate_left(1);
    (world, bank, claims)
}

fn ids(claims: &[core::Claim]) -> Vec<String> {
    claims.iter().map(|claim| claim.id.clone()).collect()
}

fn ids_of<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Vec<String> {
    claims.into_iter().map(|claim| claim.id.to_string()).collect()
}

#[tokio::test]
async fn pages_follow_each_other_and_end() {
    let (_world, bank, claims) = seven().await;
    for size in [1, 2, 3, 7, 200, 0] {
        let (mut seen, mut page_token) = (Vec::new(), String::new());
        loop {
            let asked = core::ListClaimsRequest { page_size: size, page_token, ..Default::default() };
            let page = grpc::list_incoming_claims(&bank.dict, &caller(DONOR), asked).await.unwrap();
            assert!(size == 0 || page.claims.len() <= usize::try_from(size).unwrap());
            seen.extend(ids(&page.claims));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(seen, ids_of(&claims), "pages of {size}");
    }
    // The donor opened none, the claimer received none.
    let none = core::ListClaimsRequest::default();
    assert!(grpc::list_outgoing_claims(&bank.dict, &caller(DONOR), none.clone()).await.unwrap().claims.is_empty());
    assert!(grpc::list_incoming_claims(&bank.dict, &caller(CLAIMER), none.clone()).await.unwrap().claims.is_empty());
    let sent = grpc::list_outgoing_claims(&bank.dict, &caller(CLAIMER), none).await.unwrap();
    assert_eq!(ids(&sent.claims), ids_of(&claims));
}

#[tokio::test]
async fn filters_narrow() {
    let (_world, bank, claims) = seven().await;
    let asked = async |asked: core::ListClaimsRequest| {
        ids(&grpc::list_incoming_claims(&bank.dict, &caller(DONOR), asked).await.unwrap().claims)
    };
    let cancelled =
        core::ListClaimsRequest { statuses: vec![core::ClaimStatus::Cancelled.into()], ..Default::default() };
    assert_eq!(asked(cancelled).await, ids_of(&claims[6..]));
    let ported = core::ListClaimsRequest { r#type: core::ClaimType::Portability.into(), ..Default::default() };
    assert_eq!(asked(ported).await, ids_of([&claims[0], &claims[2], &claims[4]]));
    // Both ends belong to it.
    let moment = |claim: &Claim| Some(dict::directory::wire::moment_to_proto(claim.last_modified));
    let between = core::ListClaimsRequest {
        modified_after: moment(&claims[1]),
        modified_before: moment(&claims[3]),
        ..Default::default()
    };
    assert_eq!(asked(between).await, ids_of(&claims[1..=3]));
}

#[tokio::test]
async fn a_page_token_is_good_for_its_question_and_its_caller() {
    let (_world, bank, _) = seven().await;
    let first = core::ListClaimsRequest { page_size: 2, ..Default::default() };
    let page = grpc::list_incoming_claims(&bank.dict, &caller(DONOR), first).await.unwrap();
    let asked = core::ListClaimsRequest { page_size: 2, page_token: page.next_page_token, ..Default::default() };
    let other = grpc::list_incoming_claims(&bank.dict, &caller(CLAIMER), asked.clone()).await;
    assert_eq!(wrong_field(other), "page_token");
    let other = grpc::list_outgoing_claims(&bank.dict, &caller(DONOR), asked.clone()).await;
    assert_eq!(wrong_field(other), "page_token");
    let narrowed = core::ListClaimsRequest { r#type: core::ClaimType::Ownership.into(), ..asked.clone() };
    assert_eq!(wrong_field(grpc::list_incoming_claims(&bank.dict, &caller(DONOR), narrowed).await), "page_token");
    let forged = core::ListClaimsRequest { page_token: "00".repeat(40), ..asked.clone() };
    assert_eq!(wrong_field(grpc::list_incoming_claims(&bank.dict, &caller(DONOR), forged).await), "page_token");
    let negative = core::ListClaimsRequest { page_size: -1, ..Default::default() };
    assert_eq!(wrong_field(grpc::list_incoming_claims(&bank.dict, &caller(DONOR), negative).await), "page_size");
    let unknown = core::ListClaimsRequest { statuses: vec![0], ..Default::default() };
    assert_eq!(wrong_field(grpc::list_incoming_claims(&bank.dict, &caller(DONOR), unknown).await), "statuses[0]");
    assert!(grpc::list_incoming_claims(&bank.dict, &caller(DONOR), asked).await.is_ok());
}

#[tokio::test]
async fn either_side_sees_the_claim_and_nobody_else_does() {
    let (world, bank, claims) = seven().await;
    let asked = |claim_id: String| core::GetClaimStatusRequest { claim_id };
    let id = claims[1].id.to_string();
    for (who, role) in [(DONOR, core::ClaimRole::Donor), (CLAIMER, core::ClaimRole::Claimer)] {
        let seen = grpc::get_claim_status(&bank.dict, &caller(who), asked(id.clone())).await.unwrap().claim.unwrap();
        assert_eq!(seen.roles, [i32::from(role)]);
        // The donor sees who wants it and where; of the donor only the institution is seen.
        assert_eq!(seen.claimer.unwrap().tax_id, bia().tax_id.as_str());
        assert_eq!(
            (seen.claimer_account.unwrap().participant.as_str(), seen.donor_participant.as_str()),
            (CLAIMER, DONOR)
        );
    }
    for (who, id) in [("33333333", id), (DONOR, world.uuid().to_string())] {
        let seen = grpc::get_claim_status(&bank.dict, &caller(who), asked(id)).await;
        assert!(matches!(seen, Err(Failure::NotFound("claim"))));
    }
    let seen = grpc::get_claim_status(&bank.dict, &caller(DONOR), asked("no id".into())).await;
    assert_eq!(wrong_field(seen), "claim_id");
}

#[tokio::test]
async fn what_is_missing_in_a_message_is_said_field_by_field() {
    let world = World::new();
    let bank = world.bank(&[CLAIMER]).await;
    let started = grpc::start_claim(&bank.dict, &caller(CLAIMER), core::StartClaimRequest::default()).await;
    let Err(Failure::Invalid(violations)) = started else { panic!("an empty message was taken") };
    let fields: Vec<&str> = violations.iter().map(|violation| violation.property.as_str()).collect();
    assert_eq!(fields, ["request_id", "key", "claimer", "claimer_account"]);
    let answered = grpc::respond_to_claim(&bank.dict, &caller(CLAIMER), core::RespondToClaimRequest::default()).await;
    let Err(Failure::Invalid(violations)) = answered else { panic!("an empty message was taken") };
    assert_eq!(violations.len(), 2);
}

#[tokio::test]
async fn nothing_of_a_person_stands_in_the_rows() {
    let (_world, bank, _) = seven().await;
    let rows = bank.strings("SELECT c::text FROM dict.claims c UNION ALL SELECT r::text FROM dict.requests r").await;
    let rows = rows.concat();
    for secret in ["5511900000001", "52998224725", "11144477735", "Ana", "Bia"] {
        assert!(!rows.contains(secret), "{secret}");
    }
}
