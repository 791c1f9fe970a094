use super::*;
use crate::domain::fixture::{BANK, OTHER_BANK, account, ana, bruno, days, entry, fields, key, noon, refused};

use ClaimReason::{AccountClosure, DefaultOperation, Fraud, Reconciliation, RfbValidation, UserRequested};
use ClaimStatus::{Cancelled, Completed, Confirmed, Open, WaitingResolution};
use ClaimType::{Ownership, Portability};
use Side::{Claimer, Donor};

/// A claim at the other bank of a phone that Ana has at hers: by Bruno, or by herself.
fn opened(claim_type: ClaimType) -> Claim {
    let claimer = if claim_type == Ownership { bruno() } else { ana() };
    let donor = BANK.parse().unwrap();
    open(Uuid::from_u128(1), claim_type, key(KeyType::Phone), donor, claimer, account(OTHER_BANK), noon())
}

fn at(claim_type: ClaimType, status: ClaimStatus) -> Claim {
    Claim { status, ..opened(claim_type) }
}

fn new(
    claim_type: ClaimType,
    key_type: KeyType,
    existing: Option<&Entry>,
    claimer: &Owner,
    at: &str,
) -> Option<RefusalKind> {
    refused(check_new(claim_type, &key(key_type), existing, claimer, &account(at), false))
}

/// Reasons that one side may give for a step from a status, long after every period.
fn reasons(claim_type: ClaimType, status: ClaimStatus, side: Side, of: fn(ClaimReason) -> Step) -> Vec<ClaimReason> {
    let later = noon() + days(31);
    let allowed = |reason: &ClaimReason| step(&at(claim_type, status), of(*reason), side, later).is_ok();
    ClaimReason::ALL.into_iter().filter(allowed).collect()
}

#[test]
fn section_4_1_table_of_keys_and_kinds() {
    for (key_type, ownership, portability) in [
        (KeyType::Cpf, false, true),
        (KeyType::Cnpj, false, true),
        (KeyType::Phone, true, true),
        (KeyType::Email, false, true),
        (KeyType::Evp, false, false),
    ] {
        assert_eq!((Ownership.takes(key_type), Portability.takes(key_type)), (ownership, portability));
        let existing = entry(key(key_type), BANK, ana());
        let ported = new(Portability, key_type, Some(&existing), &ana(), OTHER_BANK);
        assert_eq!(ported.is_none(), portability, "{key_type:?}");
        let claimed = new(Ownership, key_type, Some(&existing), &bruno(), OTHER_BANK);
        assert_eq!(claimed.is_none(), ownership, "{key_type:?}");
        let refusal =
            if key_type == KeyType::Evp { RefusalKind::ClaimInvalid } else { RefusalKind::ClaimTypeInconsistent };
        assert!(claimed.is_none_or(|it| it == refusal));
    }
}

#[test]
fn section_4_1_ownership_is_another_person_and_perhaps_the_same_institution() {
    let existing = entry(key(KeyType::Phone), BANK, ana());
    assert_eq!(new(Ownership, KeyType::Phone, Some(&existing), &bruno(), OTHER_BANK), None);
    assert_eq!(new(Ownership, KeyType::Phone, Some(&existing), &bruno(), BANK), None);
    let own = new(Ownership, KeyType::Phone, Some(&existing), &ana(), OTHER_BANK);
    assert_eq!(own, Some(RefusalKind::ClaimTypeInconsistent));
}

#[test]
fn section_4_1_portability_is_the_same_owner_at_another_institution() {
    let existing = entry(key(KeyType::Phone), BANK, ana());
    assert_eq!(new(Portability, KeyType::Phone, Some(&existing), &ana(), OTHER_BANK), None);
    let foreign = new(Portability, KeyType::Phone, Some(&existing), &bruno(), OTHER_BANK);
    assert_eq!(foreign, Some(RefusalKind::ClaimTypeInconsistent));
}

#[test]
fn section_4_1_refusals_of_new_claims() {
    let existing = entry(key(KeyType::Phone), BANK, ana());
    for claim_type in ClaimType::ALL {
        let none = new(claim_type, KeyType::Phone, None, &ana(), OTHER_BANK);
        assert_eq!(none, Some(RefusalKind::ClaimKeyNotFound));
        let same = new(claim_type, KeyType::Phone, Some(&existing), &ana(), BANK);
        assert_eq!(same, Some(RefusalKind::ClaimResultingEntryAlreadyExists));
        // Also where a confirmed claim took the entry away.
        for existing in [Some(&existing), None] {
            let again = check_new(claim_type, &key(KeyType::Phone), existing, &bruno(), &account(OTHER_BANK), true);
            assert_eq!(refused(again), Some(RefusalKind::ClaimAlreadyExistsForKey));
        }
        let blocked = Entry { blocked: true, ..existing.clone() };
        let stopped = new(claim_type, KeyType::Phone, Some(&blocked), &bruno(), OTHER_BANK);
        assert_eq!(stopped, Some(RefusalKind::EntryBlocked));
    }
    let odd = Account { number: String::new(), ..account(OTHER_BANK) };
    let nameless = Owner { name: String::new(), ..bruno() };
    let result = check_new(Ownership, &key(KeyType::Phone), Some(&existing), &nameless, &odd, false);
    assert_eq!(fields(result), ["claimer_account.number", "claimer.name"]);
}

#[test]
fn section_4_2_acknowledge_by_the_donor_from_open() {
    for claim_type in ClaimType::ALL {
        let claim = step(&opened(claim_type), Step::Acknowledge, Donor, noon() + days(1)).ok().unwrap();
        assert!(claim.status == WaitingResolution && claim.last_modified == noon() + days(1));
        let again = step(&claim, Step::Acknowledge, Donor, noon() + days(2)).ok().unwrap();
        assert!(again == claim, "a repetition changes nothing");
        let by_claimer = step(&claim, Step::Acknowledge, Claimer, noon());
        assert_eq!(refused(by_claimer), Some(RefusalKind::ClaimOperationInvalid));
        for status in [Confirmed, Cancelled, Completed] {
            let late = step(&at(claim_type, status), Step::Acknowledge, Donor, noon());
            assert_eq!(refused(late), Some(RefusalKind::ClaimOperationInvalid));
        }
    }
}

#[test]
fn section_4_2_confirm_by_the_donor_only_from_waiting_resolution() {
    for claim_type in ClaimType::ALL {
        for status in ClaimStatus::ALL {
            let confirm = |side| step(&at(claim_type, status), Step::Confirm(UserRequested), side, noon());
            assert_eq!(confirm(Donor).is_ok(), status == WaitingResolution, "{status:?}");
            assert_eq!(refused(confirm(Claimer)), Some(RefusalKind::ClaimOperationInvalid));
        }
    }
}

#[test]
fn section_4_2_confirm_reasons() {
    assert_eq!(reasons(Ownership, WaitingResolution, Donor, Step::Confirm), [UserRequested, DefaultOperation]);
    assert_eq!(reasons(Portability, WaitingResolution, Donor, Step::Confirm), [UserRequested, AccountClosure]);
    for (claim_type, reason) in [(Ownership, AccountClosure), (Portability, DefaultOperation), (Ownership, Fraud)] {
        let wrong = step(&at(claim_type, WaitingResolution), Step::Confirm(reason), Donor, noon() + days(31));
        assert_eq!(refused(wrong), Some(RefusalKind::InvalidReason));
    }
}

#[test]
fn section_4_2_confirm_by_the_user_brings_completion_forward() {
    let now = noon() + days(2);
    let claim = step(&at(Ownership, WaitingResolution), Step::Confirm(UserRequested), Donor, now).ok().unwrap();
    assert_eq!((claim.status, claim.confirm_reason), (Confirmed, Some(UserRequested)));
    assert_eq!(claim.completion_period_end, Some(now));
    assert!(step(&claim, Step::Complete, Claimer, now).is_ok());
    let again = step(&claim, Step::Confirm(UserRequested), Donor, now + days(1)).ok().unwrap();
    assert!(again == claim);
    let otherwise = step(&claim, Step::Confirm(DefaultOperation), Donor, now + days(9));
    assert_eq!(refused(otherwise), Some(RefusalKind::ClaimOperationInvalid));
}

#[test]
fn section_4_2_confirm_by_default_after_the_resolution_period() {
    let claim = at(Ownership, WaitingResolution);
    let confirm = |now| step(&claim, Step::Confirm(DefaultOperation), Donor, now);
    let early = confirm(noon() + days(7) - TimeDelta::milliseconds(1)).err().unwrap();
    assert_eq!((early.kind, early.period_end), (RefusalKind::ClaimResolutionPeriodNotEnded, Some(noon() + days(7))));
    let late = confirm(noon() + days(9)).ok().unwrap();
    assert_eq!(late.completion_period_end, Some(noon() + days(14)));
    assert!(confirm(noon() + days(7)).is_ok());
}

#[test]
fn section_4_2_complete_ownership_after_the_completion_period() {
    let claim = at(Ownership, Confirmed);
    let complete = |now| step(&claim, Step::Complete, Claimer, now);
    let early = complete(noon() + days(14) - TimeDelta::milliseconds(1)).err().unwrap();
    assert_eq!((early.kind, early.period_end), (RefusalKind::ClaimCompletionPeriodNotEnded, Some(noon() + days(14))));
    let done = complete(noon() + days(14)).ok().unwrap();
    assert_eq!(done.status, Completed);
    assert!(step(&done, Step::Complete, Claimer, noon() + days(20)).ok().unwrap() == done);
    assert_eq!(
        refused(step(&claim, Step::Complete, Donor, noon() + days(20))),
        Some(RefusalKind::ClaimOperationInvalid)
    );
}

#[test]
fn section_4_2_complete_portability_at_once() {
    assert!(step(&at(Portability, Confirmed), Step::Complete, Claimer, noon()).is_ok());
    for status in [Open, WaitingResolution, Cancelled] {
        let early = step(&at(Portability, status), Step::Complete, Claimer, noon());
        assert_eq!(refused(early), Some(RefusalKind::ClaimOperationInvalid));
    }
}

#[test]
fn section_4_2_cancel_records_why_and_by_whom() {
    let claim = step(&opened(Ownership), Step::Cancel(Fraud), Donor, noon()).ok().unwrap();
    assert_eq!((claim.status, claim.cancel_reason, claim.cancelled_by), (Cancelled, Some(Fraud), Some(Donor)));
    assert!(step(&claim, Step::Cancel(Fraud), Donor, noon() + days(1)).ok().unwrap() == claim);
    for (reason, side) in [(Fraud, Claimer), (UserRequested, Claimer)] {
        let again = step(&claim, Step::Cancel(reason), side, noon());
        assert_eq!(refused(again), Some(RefusalKind::ClaimOperationInvalid));
    }
}

/// A row of the table of portability's cancel reasons: from OPEN, WAITING_RESOLUTION and CONFIRMED, by each side.
fn portability_cancel(reason: ClaimReason, donor: [bool; 3], claimer: [bool; 3]) {
    for (side, expected) in [(Donor, donor), (Claimer, claimer)] {
        let allowed = [Open, WaitingResolution, Confirmed]
            .map(|it| reasons(Portability, it, side, Step::Cancel).contains(&reason));
        assert_eq!(allowed, expected, "{reason:?} {side:?}");
    }
}

#[test]
fn section_4_2_cancel_portability_user_requested() {
    portability_cancel(UserRequested, [true, true, false], [true, true, false]);
}

#[test]
fn section_4_2_cancel_portability_account_closure() {
    portability_cancel(AccountClosure, [false; 3], [true, true, false]);
}

#[test]
fn section_4_2_cancel_portability_default_operation() {
    portability_cancel(DefaultOperation, [true, true, false], [false; 3]);
    let cancel = |now| step(&at(Portability, WaitingResolution), Step::Cancel(DefaultOperation), Donor, now);
    let early = cancel(noon() + days(7) - TimeDelta::microseconds(1)).err().unwrap();
    assert_eq!((early.kind, early.period_end), (RefusalKind::ClaimResolutionPeriodNotEnded, Some(noon() + days(7))));
    assert!(cancel(noon() + days(7)).is_ok());
}

#[test]
fn section_4_2_cancel_portability_fraud() {
    portability_cancel(Fraud, [true, true, false], [true, true, true]);
}

#[test]
fn section_4_2_cancel_portability_reconciliation() {
    portability_cancel(Reconciliation, [false; 3], [true, false, true]);
    let waiting = step(&at(Portability, WaitingResolution), Step::Cancel(Reconciliation), Claimer, noon());
    assert_eq!(refused(waiting), Some(RefusalKind::ClaimOperationInvalid));
}

#[test]
fn section_4_2_cancel_portability_rfb_validation() {
    portability_cancel(RfbValidation, [false; 3], [true, true, true]);
}

#[test]
fn section_4_2_cancel_ownership_by_the_donor_for_fraud_only() {
    for status in [Open, WaitingResolution, Confirmed] {
        assert_eq!(reasons(Ownership, status, Donor, Step::Cancel), [Fraud]);
        let other = step(&at(Ownership, status), Step::Cancel(UserRequested), Donor, noon());
        assert_eq!(refused(other), Some(RefusalKind::InvalidReason));
    }
}

#[test]
fn section_4_2_cancel_ownership_by_the_claimer_for_every_reason() {
    for status in [Open, WaitingResolution, Confirmed] {
        assert_eq!(reasons(Ownership, status, Claimer, Step::Cancel), ClaimReason::ALL);
    }
}

#[test]
fn section_4_2_cancel_ownership_by_default_from_day_30() {
    for status in [Open, WaitingResolution, Confirmed] {
        let cancel = |now| step(&at(Ownership, status), Step::Cancel(DefaultOperation), Claimer, now);
        let early = cancel(noon() + days(30) - TimeDelta::microseconds(1)).err().unwrap();
        let expected = (RefusalKind::ClaimCompletionPeriodNotEnded, Some(noon() + days(30)));
        assert_eq!((early.kind, early.period_end), expected);
        assert!(cancel(noon() + days(30)).is_ok());
    }
}

#[test]
fn section_4_3_periods() {
    let (ownership, portability) = (opened(Ownership), opened(Portability));
    assert_eq!(ownership.resolution_period_end, noon() + days(7));
    assert_eq!(portability.resolution_period_end, noon() + days(7));
    assert_eq!(ownership.completion_period_end, Some(noon() + days(14)));
    assert_eq!(portability.completion_period_end, None);
    assert_eq!(ownership.possession_period_end(), noon() + days(30));
}

#[test]
fn section_4_3_the_directory_s_periods_count() {
    let claim = Claim { resolution_period_end: noon() + days(3), ..at(Ownership, WaitingResolution) };
    let confirmed = step(&claim, Step::Confirm(DefaultOperation), Donor, noon() + days(3)).ok().unwrap();
    assert_eq!(confirmed.completion_period_end, Some(noon() + days(10)));
}

fn due_step(claim: &Claim, sides: &[Side], possession: bool, now: DateTime<Utc>) -> Option<(Side, Step)> {
    due(claim, sides, possession, now).map(|it| (it.side, it.step))
}

#[test]
fn section_4_3_user_silent_at_the_end_of_resolution() {
    for (claim_type, expected) in
        [(Portability, Step::Cancel(DefaultOperation)), (Ownership, Step::Confirm(DefaultOperation))]
    {
        let claim = at(claim_type, WaitingResolution);
        let end = claim.resolution_period_end;
        assert_eq!(due_step(&claim, &Side::ALL, true, end - TimeDelta::microseconds(1)), None);
        assert_eq!(due_step(&claim, &[Donor], true, end), Some((Donor, expected)));
        assert_eq!(due_step(&claim, &[Claimer], true, end), None);
    }
}

#[test]
fn section_4_3_donor_user_during_days_1_to_7() {
    let now = noon() + days(3);
    assert!(step(&at(Ownership, WaitingResolution), Step::Confirm(UserRequested), Donor, now).is_ok());
    assert!(step(&at(Ownership, WaitingResolution), Step::Cancel(Fraud), Donor, now).is_ok());
    assert!(step(&at(Portability, WaitingResolution), Step::Confirm(UserRequested), Donor, now).is_ok());
    assert!(step(&at(Portability, WaitingResolution), Step::Cancel(UserRequested), Donor, now).is_ok());
}

#[test]
fn section_4_3_days_8_to_14_the_donor_may_still_cancel_for_fraud() {
    let now = noon() + days(10);
    let confirmed = step(&at(Ownership, WaitingResolution), Step::Confirm(DefaultOperation), Donor, now).ok().unwrap();
    assert_eq!(due_step(&confirmed, &Side::ALL, true, now), None);
    assert!(step(&confirmed, Step::Cancel(Fraud), Donor, now).is_ok());
}

#[test]
fn section_4_3_after_day_14_the_claimer_completes_with_possession() {
    let claim = at(Ownership, Confirmed);
    let end = noon() + days(14);
    assert_eq!(due_step(&claim, &Side::ALL, true, end - TimeDelta::microseconds(1)), None);
    assert_eq!(due_step(&claim, &Side::ALL, true, end), Some((Claimer, Step::Complete)));
    assert_eq!(due_step(&claim, &Side::ALL, false, end), None);
    assert_eq!(due_step(&claim, &[Donor], true, end), None);
}

#[test]
fn section_4_3_day_30_the_claimer_cancels_without_possession() {
    let day_30 = noon() + days(30);
    for status in [Open, WaitingResolution, Confirmed] {
        let claim = at(Ownership, status);
        assert_eq!(due_step(&claim, &[Claimer], false, day_30 - TimeDelta::microseconds(1)), None);
        assert_eq!(due_step(&claim, &[Claimer], false, day_30), Some((Claimer, Step::Cancel(DefaultOperation))));
    }
    // Proved in time, it is completed even then; a donor of our own does first what it owes.
    assert_eq!(due_step(&at(Ownership, Confirmed), &[Claimer], true, day_30), Some((Claimer, Step::Complete)));
    let waiting = due_step(&at(Ownership, WaitingResolution), &Side::ALL, false, day_30);
    assert_eq!(waiting, Some((Donor, Step::Confirm(DefaultOperation))));
}

#[test]
fn section_4_4_what_jobs_do_without_waiting() {
    for claim_type in ClaimType::ALL {
        assert_eq!(due_step(&opened(claim_type), &Side::ALL, false, noon()), Some((Donor, Step::Acknowledge)));
        assert_eq!(due_step(&opened(claim_type), &[Claimer], true, noon()), None);
        for status in [Cancelled, Completed] {
            assert_eq!(due_step(&at(claim_type, status), &Side::ALL, false, noon() + days(99)), None);
        }
    }
    assert_eq!(due_step(&at(Portability, Confirmed), &[Claimer], false, noon()), Some((Claimer, Step::Complete)));
}

#[test]
fn section_2_ownership_date_survives_portability_and_begins_anew_by_claim() {
    let since = noon() - days(900);
    let now = noon() + days(14);
    let ported = resulting_entry(&at(Portability, Completed), since, Uuid::from_u128(9), now);
    assert_eq!((ported.key_owned_since, ported.created_at), (since, now));
    let claimed = resulting_entry(&at(Ownership, Completed), since, Uuid::from_u128(9), now);
    assert_eq!(claimed.key_owned_since, now);
    assert!(claimed.owner == bruno() && claimed.account == account(OTHER_BANK) && !claimed.blocked);
    assert_eq!(claimed.request_id, Uuid::from_u128(9));
}

#[test]
fn names_are_the_directory_s() {
    let statuses = ["OPEN", "WAITING_RESOLUTION", "CONFIRMED", "CANCELLED", "COMPLETED"];
    assert_eq!(ClaimStatus::ALL.map(ClaimStatus::name), statuses);
    assert_eq!(ClaimStatus::ALL.map(ClaimStatus::is_open), [true, true, true, false, false]);
    assert!(ClaimStatus::ALL.iter().all(|it| ClaimStatus::parse(it.name()) == Some(*it)));
    assert!(ClaimType::ALL.iter().all(|it| ClaimType::parse(it.name()) == Some(*it)));
    assert!(Side::ALL.iter().all(|it| Side::parse(it.name()) == Some(*it)));
    assert_eq!(ClaimStatus::parse("EXPIRED"), None);
    assert_eq!(opened(Ownership).participant(Claimer).as_str(), OTHER_BANK);
}
