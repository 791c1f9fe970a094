//! Walks every step from every status at every moment that matters, and compares with the table; prints the table.

use super::*;
use crate::domain::fixture::{BANK, OTHER_BANK, account, bruno, days, key, noon};

fn steps() -> Vec<Step> {
    let confirms = ClaimReason::ALL.map(Step::Confirm);
    let cancels = ClaimReason::ALL.map(Step::Cancel);
    [Step::Acknowledge, Step::Complete].into_iter().chain(confirms).chain(cancels).collect()
}

/// Just before and at the end of each period.
fn moments() -> impl Iterator<Item = DateTime<Utc>> {
    [0, 7, 14, 30].into_iter().flat_map(|day| [noon() + days(day) - TimeDelta::microseconds(1), noon() + days(day)])
}

fn claim_at(claim_type: ClaimType, status: ClaimStatus) -> Claim {
    let donor = BANK.parse().unwrap();
    let claim = open(Uuid::nil(), claim_type, key(KeyType::Phone), donor, bruno(), account(OTHER_BANK), noon());
    Claim { status, ..claim }
}

fn begins(condition: Condition) -> DateTime<Utc> {
    let day = match condition {
        Condition::Always => -1,
        Condition::ResolutionPeriodEnded => 7,
        Condition::CompletionPeriodEnded => 14,
        Condition::PossessionPeriodEnded => 30,
    };
    noon() + days(day)
}

/// The rows that allow a step, whatever the time.
fn rows(claim: &Claim, taken: Step, side: Side) -> Vec<&'static Transition> {
    let fits = |row: &&Transition| {
        row.claim_type == claim.claim_type
            && (row.action, row.side) == (taken.action(), side)
            && row.from.contains(&claim.status)
            && taken.reason().map_or(row.reasons.is_empty(), |reason| row.reasons.contains(&reason))
    };
    TRANSITIONS.iter().filter(fits).collect()
}

#[test]
fn every_step_from_every_status_is_as_the_table_says() {
    let (mut taken_count, mut walked) = (0, 0);
    for (claim_type, status) in ClaimType::ALL.into_iter().flat_map(|it| ClaimStatus::ALL.map(|status| (it, status))) {
        let claim = claim_at(claim_type, status);
        for (side, taken) in Side::ALL.into_iter().flat_map(|side| steps().into_iter().map(move |it| (side, it))) {
            let rows = rows(&claim, taken, side);
            assert!(rows.len() <= 1, "two rows for {claim_type:?} {status:?} {side:?} {taken:?}");
            for now in moments() {
                walked += 1;
                let result = step(&claim, taken, side, now);
                let repeated = matches!(
                    (taken, status, side),
                    (Step::Acknowledge, ClaimStatus::WaitingResolution, Side::Donor)
                        | (Step::Complete, ClaimStatus::Completed, Side::Claimer)
                );
                match rows.first().filter(|row| now >= begins(row.condition)) {
                    Some(row) => {
                        let after = result.ok().unwrap();
                        assert_eq!((after.status, after.last_modified), (row.to, now.max(noon())));
                        taken_count += 1;
                    }
                    None if repeated => assert!(result.ok().unwrap() == claim),
                    None => {
                        let refusal = result.err().unwrap();
                        let period = rows.first().map(|row| begins(row.condition));
                        assert_eq!(refusal.period_end, period, "{claim_type:?} {status:?} {side:?} {taken:?}");
                    }
                }
            }
        }
    }
    assert_eq!(walked, 2 * 5 * 2 * 14 * 8);
    assert!(taken_count > 100);
}

#[test]
fn what_is_over_stays_over_and_every_status_is_reached() {
    for claim_type in ClaimType::ALL {
        let mut reached = vec![ClaimStatus::Open];
        for row in TRANSITIONS.iter().filter(|row| row.claim_type == claim_type) {
            assert!(row.from.iter().all(|status| status.is_open() && reached.contains(status)), "in order of life");
            assert_eq!(row.reasons.is_empty(), matches!(row.action, Action::Acknowledge | Action::Complete));
            reached.push(row.to);
        }
        assert!(ClaimStatus::ALL.iter().all(|status| reached.contains(status)));
    }
}

#[test]
fn an_action_always_leads_to_its_status() {
    for row in TRANSITIONS {
        let (to, effects): (_, &[Effect]) = match row.action {
            Action::Acknowledge => (ClaimStatus::WaitingResolution, &[Effect::Nothing]),
            Action::Confirm => (
                ClaimStatus::Confirmed,
                &[Effect::EntryRemoved, Effect::EntryRemovedCompletionNow, Effect::EntryRemovedCompletionLater],
            ),
            Action::Complete => (ClaimStatus::Completed, &[Effect::EntryCreated]),
            Action::Cancel => (ClaimStatus::Cancelled, &[Effect::Nothing]),
        };
        assert!(row.to == to && effects.contains(&row.effect), "{row:?}");
    }
}

#[test]
fn the_document_is_what_the_table_prints() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/dict-claims.md");
    let printed = table_markdown();
    if std::env::var("INSTA_UPDATE").is_ok_and(|it| it == "always") {
        std::fs::write(path, &printed).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == printed, "docs/dict-claims.md is old: run with INSTA_UPDATE=always and read the diff");
}
