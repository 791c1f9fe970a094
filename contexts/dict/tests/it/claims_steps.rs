//! Section 4.2 row by row, through the use cases, with a directory and without one: who may confirm and cancel what, from
//! where, why and when.

use chrono::TimeDelta;
use dict::claims::answer::{
    Answer, Cancellation, cancel_claim, cancel_portability, confirm_portability, respond_to_claim,
};
use dict::claims::steps::take_step;
use dict::directory::{Directory, NewClaim};
use dict::domain::claim::{Claim, ClaimStatus, ClaimType, Side, Step};
use dict::domain::reason::ClaimReason;
use dict::domain::refusal::RefusalKind;
use dict::failure::Failure;
use uuid::Uuid;

use crate::claims_world::{
    Bank, CLAIMER, DONOR, World, account, ana, bia, caller, cpf, ispb, key, ownership, phone, portability, refusal,
    wrong_field,
};

use ClaimReason::{AccountClosure, DefaultOperation, Fraud, Reconciliation, RfbValidation, UserRequested};
use ClaimStatus::{Cancelled, Confirmed, Open, WaitingResolution};
use ClaimType::{Ownership, Portability};
use Side::{Claimer, Donor};

/// A server that speaks for both sides, so that nothing happens that a test does not ask for.
struct Table {
    world: World,
    bank: Bank,
}

impl Table {
    async fn with_directory() -> Self {
        let world = World::new();
        let bank = world.bank(&[DONOR, CLAIMER]).await;
        Self { world, bank }
    }

    async fn alone() -> Self {
        let world = World::new();
        let bank = world.alone(&[DONOR, CLAIMER]).await;
        Self { world, bank }
    }

    async fn both() -> [Self; 2] {
        [Self::with_directory().await, Self::alone().await]
    }

    /// A new claim of a kind, on a key of its own, as it stands in `status`.
    async fn claim(&self, claim_type: ClaimType, status: ClaimStatus) -> Claim {
        let number = u32::from_be_bytes(self.world.uuid().as_bytes()[..4].try_into().unwrap()) % 90_000_000;
        let key = key(dict::domain::key::KeyType::Phone, &format!("+55119{number:08}"));
        let donor_account = account(DONOR, &number.to_string());
        let registered = dict::directory::NewEntry {
            request_id: self.world.uuid(),
            key_type: key.key_type(),
            key: Some(key.clone()),
            account: donor_account,
            owner: ana(),
            reason: dict::domain::reason::EntryReason::Reconciliation,
        };
        assert!(dict::entries::create_key(&self.bank.dict, &caller(DONOR), registered, None).await.is_ok());
        let claimer_account = account(CLAIMER, &number.to_string());
        let claimer = if claim_type == Ownership { bia() } else { ana() };
        let wish = NewClaim { claim_type, key, claimer, claimer_account };
        let opened = self.world.start(&self.bank, &wish).await.unwrap();
        let steps: &[(Step, Side)] = match status {
            Open => &[],
            WaitingResolution => &[(Step::Acknowledge, Donor)],
            _ => &[(Step::Acknowledge, Donor), (Step::Confirm(UserRequested), Donor)],
        };
        for &(step, side) in steps {
            self.take(opened.id, step, side).await.unwrap();
        }
        self.bank.claim(DONOR, opened.id).await.unwrap()
    }

    async fn take(&self, id: Uuid, step: Step, side: Side) -> Result<Claim, Failure> {
        let stored = self.bank.dict.store.claim(ispb(DONOR), id).await.unwrap().unwrap();
        take_step(&self.bank.dict, &stored, step, side).await
    }

    /// The caller's cancellation; where the donor's user must prove to have the key, it is proved.
    async fn cancel(&self, claim: &Claim, side: Side, reason: ClaimReason) -> Result<Claim, Failure> {
        let institution = if side == Donor { DONOR } else { CLAIMER };
        let proved = side == Donor && reason == UserRequested && claim.claim_type == Portability;
        let possession_id = if proved { self.bank.prove(institution, &claim.key, None).await } else { String::new() };
        let asked = Cancellation { claim_id: claim.id, reason, side: Some(side), possession_id: &possession_id };
        match claim.claim_type {
            Ownership => cancel_claim(&self.bank.dict, &caller(institution), &asked).await,
            Portability => cancel_portability(&self.bank.dict, &caller(institution), &asked).await,
        }
    }
}

/// What is expected of one row, with its name for the report.
async fn check_cancel(
    table: &Table,
    (claim_type, status): (ClaimType, ClaimStatus),
    (side, reason): (Side, ClaimReason),
    expected: Result<(), RefusalKind>,
) {
    let claim = table.claim(claim_type, status).await;
    let outcome = table.cancel(&claim, side, reason).await;
    let row = format!(
        "{} {} {} {} (directory: {})",
        claim_type.name(),
        status.name(),
        side.name(),
        reason.name(),
        table.bank.dict.directory.is_some()
    );
    match (outcome, expected) {
        (Ok(after), Ok(())) => {
            let as_asked = (after.status, after.cancel_reason, after.cancelled_by);
            assert_eq!(as_asked, (Cancelled, Some(reason), Some(side)), "{row}");
            assert!(
                table.bank.claim(DONOR, claim.id).await.unwrap() == after,
                "{row}: what was answered is what is kept"
            );
            // The same again is the same.
            let again = table.cancel(&claim, side, reason).await;
            assert!(again.is_ok_and(|again| again == after), "{row}: again");
        }
        (Err(Failure::Refused(refusal)), Err(kind)) => {
            assert_eq!(refusal.kind, kind, "{row}");
            assert_eq!(table.bank.status(DONOR, claim.id).await, Some(status), "{row}");
        }
        (Ok(_), Err(kind)) => panic!("{row}: done, not {kind:?}"),
        (Err(failure), _) => panic!("{row}: {failure}"),
    }
}

#[tokio::test]
async fn cancel_of_a_portability_by_reason_and_side() {
    for table in Table::both().await {
        let no = Err(RefusalKind::InvalidReason);
        let rows = [
            (UserRequested, Ok(()), Ok(())),
            (AccountClosure, no, Ok(())),
            (Fraud, Ok(()), Ok(())),
            (RfbValidation, no, Ok(())),
        ];
        for (reason, donor, claimer) in rows {
            for status in [Open, WaitingResolution] {
                check_cancel(&table, (Portability, status), (Donor, reason), donor).await;
                check_cancel(&table, (Portability, status), (Claimer, reason), claimer).await;
            }
        }
        // RECONCILIATION: the claimer's, not in WAITING_RESOLUTION.
        let late = Err(RefusalKind::ClaimOperationInvalid);
        check_cancel(&table, (Portability, Open), (Claimer, Reconciliation), Ok(())).await;
        check_cancel(&table, (Portability, WaitingResolution), (Claimer, Reconciliation), late).await;
        check_cancel(&table, (Portability, Open), (Donor, Reconciliation), no).await;
        // Once confirmed: the claimer's, for FRAUD, RECONCILIATION and RFB_VALIDATION.
        for reason in [Fraud, Reconciliation, RfbValidation] {
            check_cancel(&table, (Portability, Confirmed), (Claimer, reason), Ok(())).await;
        }
        for reason in [UserRequested, AccountClosure] {
            check_cancel(&table, (Portability, Confirmed), (Claimer, reason), late).await;
        }
        for reason in [UserRequested, Fraud] {
            check_cancel(&table, (Portability, Confirmed), (Donor, reason), late).await;
        }
        // DEFAULT_OPERATION is the donor's, after the resolution period.
        check_cancel(&table, (Portability, WaitingResolution), (Claimer, DefaultOperation), no).await;
    }
}

#[tokio::test]
async fn cancel_of_an_ownership_claim_by_reason_and_side() {
    for table in Table::both().await {
        for status in [Open, WaitingResolution, Confirmed] {
            for reason in [UserRequested, AccountClosure, Fraud, Reconciliation, RfbValidation] {
                check_cancel(&table, (Ownership, status), (Claimer, reason), Ok(())).await;
            }
            check_cancel(&table, (Ownership, status), (Donor, Fraud), Ok(())).await;
            let no = Err(RefusalKind::InvalidReason);
            for reason in [UserRequested, AccountClosure, DefaultOperation, Reconciliation, RfbValidation] {
                check_cancel(&table, (Ownership, status), (Donor, reason), no).await;
            }
        }
    }
}

#[tokio::test]
async fn default_operation_waits_for_its_period() {
    for table in Table::both().await {
        let refused_until = |outcome: Result<Claim, Failure>, end| match outcome {
            Err(Failure::Refused(refusal)) => assert_eq!(refusal.period_end, Some(end)),
            _ => panic!("it was not refused"),
        };
        // Portability: the donor cancels from day 7.
        let claim = table.claim(Portability, WaitingResolution).await;
        let end = claim.resolution_period_end;
        refused_until(table.cancel(&claim, Donor, DefaultOperation).await, end);
        table.world.clock.set(end - TimeDelta::microseconds(1));
        refused_until(table.cancel(&claim, Donor, DefaultOperation).await, end);
        table.world.clock.set(end);
        assert_eq!(table.cancel(&claim, Donor, DefaultOperation).await.unwrap().status, Cancelled);
        // Ownership: the claimer cancels from day 30.
        let claim = table.claim(Ownership, WaitingResolution).await;
        let end = claim.possession_period_end();
        table.world.clock.set(end - TimeDelta::microseconds(1));
        refused_until(table.cancel(&claim, Claimer, DefaultOperation).await, end);
        table.world.clock.set(end);
        assert_eq!(table.cancel(&claim, Claimer, DefaultOperation).await.unwrap().status, Cancelled);
    }
}

#[tokio::test]
async fn confirm_by_reason_and_side() {
    for table in Table::both().await {
        let dict = &table.bank.dict;
        // Ownership, USER_REQUESTED: at any time; the completion period ends at once.
        let claim = table.claim(Ownership, WaitingResolution).await;
        table.world.days(1);
        let confirmed = respond_to_claim(dict, &caller(DONOR), claim.id, Answer::Accept, "").await.unwrap();
        assert_eq!((confirmed.status, confirmed.confirm_reason), (Confirmed, Some(UserRequested)));
        assert_eq!(confirmed.completion_period_end, Some(confirmed.last_modified));
        let again = respond_to_claim(dict, &caller(DONOR), claim.id, Answer::Accept, "").await.unwrap();
        assert!(again == confirmed);
        // The claimer confirms nothing.
        let claim = table.claim(Ownership, WaitingResolution).await;
        let asked = respond_to_claim(dict, &caller(CLAIMER), claim.id, Answer::Accept, "").await;
        assert_eq!(refusal(asked), RefusalKind::ClaimOperationInvalid);
        // Ownership, DEFAULT_OPERATION: from the end of the resolution period; seven days more to complete.
        let early = table.take(claim.id, Step::Confirm(DefaultOperation), Donor).await;
        assert_eq!(refusal(early), RefusalKind::ClaimResolutionPeriodNotEnded);
        table.world.days(7);
        let confirmed = table.take(claim.id, Step::Confirm(DefaultOperation), Donor).await.unwrap();
        assert_eq!(confirmed.completion_period_end, Some(claim.resolution_period_end + TimeDelta::days(7)));
        // Portability: USER_REQUESTED and ACCOUNT_CLOSURE, nothing else.
        for reason in [UserRequested, AccountClosure] {
            let claim = table.claim(Portability, WaitingResolution).await;
            let confirmed = confirm_portability(dict, &caller(DONOR), claim.id, reason).await.unwrap();
            assert_eq!((confirmed.status, confirmed.confirm_reason), (Confirmed, Some(reason)));
            assert_eq!(confirmed.completion_period_end, None);
        }
        for reason in [DefaultOperation, Fraud, Reconciliation, RfbValidation] {
            let claim = table.claim(Portability, WaitingResolution).await;
            let asked = confirm_portability(dict, &caller(DONOR), claim.id, reason).await;
            assert_eq!(refusal(asked), RefusalKind::InvalidReason, "{reason:?}");
        }
        let claim = table.claim(Portability, WaitingResolution).await;
        let asked = confirm_portability(dict, &caller(CLAIMER), claim.id, UserRequested).await;
        assert_eq!(refusal(asked), RefusalKind::ClaimOperationInvalid);
    }
}

#[tokio::test]
async fn who_answers_an_open_claim_has_acknowledged_it() {
    for table in Table::both().await {
        let claim = table.claim(Portability, Open).await;
        let confirmed = confirm_portability(&table.bank.dict, &caller(DONOR), claim.id, UserRequested).await.unwrap();
        assert_eq!(confirmed.status, Confirmed);
    }
}

#[tokio::test]
async fn acknowledge_is_the_donors_and_idempotent() {
    for table in Table::both().await {
        let claim = table.claim(Ownership, Open).await;
        let asked = table.take(claim.id, Step::Acknowledge, Donor).await.unwrap();
        assert_eq!(asked.status, WaitingResolution);
        assert!(table.take(claim.id, Step::Acknowledge, Donor).await.unwrap() == asked);
        let claim = table.claim(Ownership, Confirmed).await;
        let late = table.take(claim.id, Step::Acknowledge, Donor).await;
        assert_eq!(refusal(late), RefusalKind::ClaimOperationInvalid);
    }
}

#[tokio::test]
async fn the_donors_user_keeps_the_key_by_proving_to_have_it() {
    for table in Table::both().await {
        let dict = &table.bank.dict;
        let claim = table.claim(Ownership, WaitingResolution).await;
        let asked = respond_to_claim(dict, &caller(DONOR), claim.id, Answer::Reject, "").await;
        assert_eq!(wrong_field(asked), "possession_id");
        // Another key's proof is none.
        let proof = table.bank.prove(DONOR, &phone(), None).await;
        let asked = respond_to_claim(dict, &caller(DONOR), claim.id, Answer::Reject, &proof).await;
        assert_eq!(wrong_field(asked), "possession_id");
        let proof = table.bank.prove(DONOR, &claim.key, None).await;
        let rejected = respond_to_claim(dict, &caller(DONOR), claim.id, Answer::Reject, &proof).await.unwrap();
        assert_eq!((rejected.status, rejected.cancel_reason), (Cancelled, Some(Fraud)));
        assert_eq!(rejected.cancelled_by, Some(Donor));
        assert_eq!(table.bank.holder(&claim.key).await.as_deref(), Some(DONOR));
        // A lost answer is asked for again, and the proof need not be given twice.
        let again = respond_to_claim(dict, &caller(DONOR), claim.id, Answer::Reject, &proof).await.unwrap();
        assert!(again == rejected);
        // A portability likewise.
        let claim = table.claim(Portability, WaitingResolution).await;
        let without = Cancellation { claim_id: claim.id, reason: UserRequested, side: None, possession_id: "" };
        assert_eq!(wrong_field(cancel_portability(dict, &caller(DONOR), &without).await), "possession_id");
    }
}

#[tokio::test]
async fn a_proof_is_kept_where_the_step_is_not_taken() {
    let table = Table::with_directory().await;
    let claim = table.claim(Ownership, WaitingResolution).await;
    let proof = table.bank.prove(DONOR, &claim.key, None).await;
    for fault in [dict::simulator::Fault::Unavailable, dict::simulator::Fault::RequestLost] {
        table.world.simulator.inject_fault(Some("CancelClaim"), fault, 1).unwrap();
        let asked = respond_to_claim(&table.bank.dict, &caller(DONOR), claim.id, Answer::Reject, &proof).await;
        assert!(matches!(asked, Err(Failure::Unavailable { .. })));
    }
    let asked = respond_to_claim(&table.bank.dict, &caller(DONOR), claim.id, Answer::Reject, &proof).await;
    assert_eq!(asked.unwrap().status, Cancelled);
}

#[tokio::test]
async fn the_wrong_method_the_wrong_institution_and_the_wrong_side() {
    for table in Table::both().await {
        let dict = &table.bank.dict;
        let (owned, ported) = (table.claim(Ownership, Open).await, table.claim(Portability, Open).await);
        let asked =
            |claim: &Claim, side| Cancellation { claim_id: claim.id, reason: UserRequested, side, possession_id: "" };
        let mistaken = RefusalKind::ClaimTypeInconsistent;
        assert_eq!(refusal(cancel_claim(dict, &caller(CLAIMER), &asked(&ported, None)).await), mistaken);
        assert_eq!(refusal(cancel_portability(dict, &caller(CLAIMER), &asked(&owned, None)).await), mistaken);
        let confirmed = confirm_portability(dict, &caller(DONOR), owned.id, UserRequested).await;
        assert_eq!(refusal(confirmed), mistaken);
        let answered = respond_to_claim(dict, &caller(DONOR), ported.id, Answer::Accept, "").await;
        assert_eq!(refusal(answered), mistaken);
        // Claims of others, and claims that nobody has.
        for (who, id) in [("33333333", owned.id), (DONOR, table.world.uuid())] {
            let answered = respond_to_claim(dict, &caller(who), id, Answer::Accept, "").await;
            assert!(matches!(answered, Err(Failure::NotFound("claim"))));
        }
        let wrong = cancel_claim(dict, &caller(CLAIMER), &asked(&owned, Some(Donor))).await;
        assert_eq!(wrong_field(wrong), "role");
    }
}

#[tokio::test]
async fn an_institution_on_both_sides_says_which_it_speaks_for() {
    let world = World::new();
    let bank = world.bank(&[DONOR]).await;
    world.register(&bank, DONOR, &phone(), &ana()).await;
    let wish = NewClaim { claimer_account: account(DONOR, "2"), ..ownership() };
    let claim = world.start(&bank, &wish).await.unwrap();
    let asked = |side| Cancellation { claim_id: claim.id, reason: Fraud, side, possession_id: "" };
    assert_eq!(wrong_field(cancel_claim(&bank.dict, &caller(DONOR), &asked(None)).await), "role");
    let cancelled = cancel_claim(&bank.dict, &caller(DONOR), &asked(Some(Claimer))).await.unwrap();
    assert_eq!(cancelled.cancelled_by, Some(Claimer));
}

#[tokio::test]
async fn a_step_that_this_base_is_too_old_for_brings_it_up_to_date() {
    let world = World::new();
    let (donor, claimer) = (world.bank(&[DONOR]).await, world.bank(&[CLAIMER]).await);
    world.register(&donor, DONOR, &cpf(), &ana()).await;
    let claim = world.start(&claimer, &portability(cpf())).await.unwrap();
    donor.jobs().await;
    // The claimer gives it up; the donor has not heard of that.
    world.simulator.cancel_claim(ispb(CLAIMER), claim.id, Claimer, UserRequested).await.unwrap();
    let asked = confirm_portability(&donor.dict, &caller(DONOR), claim.id, UserRequested).await;
    assert_eq!(refusal(asked), RefusalKind::ClaimOperationInvalid);
    assert_eq!(donor.status(DONOR, claim.id).await, Some(Cancelled));
}
