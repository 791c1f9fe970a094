//! The table of a claim's steps, what interprets it, and what prints it.

use chrono::{DateTime, Utc};

use super::{COMPLETION_PERIOD, Claim, ClaimStatus, ClaimType, Side};
use crate::domain::key::KeyType;
use crate::domain::reason::ClaimReason;
use crate::domain::refusal::{Refusal, RefusalKind};

use Action::{Acknowledge, Cancel, Complete, Confirm};
use ClaimReason::{AccountClosure, DefaultOperation, Fraud, Reconciliation, RfbValidation, UserRequested};
use ClaimStatus::{Cancelled, Completed, Confirmed, Open, WaitingResolution};
use ClaimType::{Ownership, Portability};
use Side::{Claimer, Donor};

/// A step of a claim, with its reason where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The donor has seen it (acknowledgeClaim).
    Acknowledge,
    /// The donor gives the key up (confirmClaim).
    Confirm(ClaimReason),
    /// The claimer takes the key (completeClaim).
    Complete,
    /// Either side ends it (cancelClaim).
    Cancel(ClaimReason),
}

/// A step without its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// acknowledgeClaim.
    Acknowledge,
    /// confirmClaim.
    Confirm,
    /// completeClaim.
    Complete,
    /// cancelClaim.
    Cancel,
}

/// From when a step may be taken. The end of a period is when it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// At any time.
    Always,
    /// From ResolutionPeriodEnd.
    ResolutionPeriodEnded,
    /// From CompletionPeriodEnd.
    CompletionPeriodEnded,
    /// From thirty days after the opening.
    PossessionPeriodEnded,
}

/// What a step does besides changing the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing.
    Nothing,
    /// The donor's entry goes; nobody has the key.
    EntryRemoved,
    /// The same, and CompletionPeriodEnd is brought forward to now.
    EntryRemovedCompletionNow,
    /// The same, and CompletionPeriodEnd is seven days after ResolutionPeriodEnd.
    EntryRemovedCompletionLater,
    /// The claimer's entry comes.
    EntryCreated,
}

/// A row of the table: who may do what, when and why, and what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// In which kind of claim.
    pub claim_type: ClaimType,
    /// What.
    pub action: Action,
    /// Who.
    pub side: Side,
    /// Where the claim may stand.
    pub from: &'static [ClaimStatus],
    /// Which reasons may be given; none for a step that has no reason.
    pub reasons: &'static [ClaimReason],
    /// From when.
    pub condition: Condition,
    /// Where the claim stands then.
    pub to: ClaimStatus,
    /// What else happens.
    pub effect: Effect,
}

#[expect(clippy::too_many_arguments, reason = "the columns of the table below, in its order")]
const fn row(
    claim_type: ClaimType,
    action: Action,
    side: Side,
    from: &'static [ClaimStatus],
    reasons: &'static [ClaimReason],
    condition: Condition,
    to: ClaimStatus,
    effect: Effect,
) -> Transition {
    Transition { claim_type, action, side, from, reasons, condition, to, effect }
}

const UNANSWERED: &[ClaimStatus] = &[Open, WaitingResolution];
const UNDER_WAY: &[ClaimStatus] = &[Open, WaitingResolution, Confirmed];
const ANY_TIME: Condition = Condition::Always;
const RESOLVED: Condition = Condition::ResolutionPeriodEnded;

/// Every step that a claim can take (DICT API 2.6.1, acknowledgeClaim, confirmClaim, cancelClaim, completeClaim; Manual
/// Operacional do DICT, sections 5 and 6). What is not here is refused. The API does not list the claimer's reasons for
/// ownership claims: they are those of its version 1.8 and those that later versions brought.
#[rustfmt::skip]
pub const TRANSITIONS: &[Transition] = &[
    row(Ownership, Acknowledge, Donor, &[Open], &[], ANY_TIME, WaitingResolution, Effect::Nothing),
    row(Ownership, Confirm, Donor, &[WaitingResolution], &[UserRequested], ANY_TIME, Confirmed, Effect::EntryRemovedCompletionNow),
    row(Ownership, Confirm, Donor, &[WaitingResolution], &[DefaultOperation], RESOLVED, Confirmed, Effect::EntryRemovedCompletionLater),
    row(Ownership, Complete, Claimer, &[Confirmed], &[], Condition::CompletionPeriodEnded, Completed, Effect::EntryCreated),
    row(Ownership, Cancel, Donor, UNDER_WAY, &[Fraud], ANY_TIME, Cancelled, Effect::Nothing),
    row(Ownership, Cancel, Claimer, UNDER_WAY, &[UserRequested, AccountClosure, Fraud, Reconciliation, RfbValidation], ANY_TIME, Cancelled, Effect::Nothing),
    row(Ownership, Cancel, Claimer, UNDER_WAY, &[DefaultOperation], Condition::PossessionPeriodEnded, Cancelled, Effect::Nothing),
    row(Portability, Acknowledge, Donor, &[Open], &[], ANY_TIME, WaitingResolution, Effect::Nothing),
    row(Portability, Confirm, Donor, &[WaitingResolution], &[UserRequested, AccountClosure], ANY_TIME, Confirmed, Effect::EntryRemoved),
    row(Portability, Complete, Claimer, &[Confirmed], &[], ANY_TIME, Completed, Effect::EntryCreated),
    row(Portability, Cancel, Donor, UNANSWERED, &[UserRequested, Fraud], ANY_TIME, Cancelled, Effect::Nothing),
    row(Portability, Cancel, Donor, UNANSWERED, &[DefaultOperation], RESOLVED, Cancelled, Effect::Nothing),
    row(Portability, Cancel, Claimer, UNANSWERED, &[UserRequested, AccountClosure], ANY_TIME, Cancelled, Effect::Nothing),
    row(Portability, Cancel, Claimer, UNDER_WAY, &[Fraud, RfbValidation], ANY_TIME, Cancelled, Effect::Nothing),
    row(Portability, Cancel, Claimer, &[Open, Confirmed], &[Reconciliation], ANY_TIME, Cancelled, Effect::Nothing),
];

impl Step {
    /// Which action it is.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Step::Acknowledge => Acknowledge,
            Step::Confirm(_) => Confirm,
            Step::Complete => Complete,
            Step::Cancel(_) => Cancel,
        }
    }

    /// Its reason, where it has one.
    #[must_use]
    pub const fn reason(self) -> Option<ClaimReason> {
        match self {
            Step::Acknowledge | Step::Complete => None,
            Step::Confirm(reason) | Step::Cancel(reason) => Some(reason),
        }
    }
}

impl Action {
    /// In words of the directory.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Acknowledge => "acknowledge",
            Confirm => "confirm",
            Complete => "complete",
            Cancel => "cancel",
        }
    }
}

impl Condition {
    /// The end of its period, and what a step before it is refused as.
    fn period(self, claim: &Claim) -> Option<(DateTime<Utc>, RefusalKind)> {
        match self {
            Condition::Always => None,
            Condition::ResolutionPeriodEnded => {
                Some((claim.resolution_period_end, RefusalKind::ClaimResolutionPeriodNotEnded))
            }
            Condition::CompletionPeriodEnded => {
                let end = claim.completion_period_end.unwrap_or(claim.resolution_period_end + COMPLETION_PERIOD);
                Some((end, RefusalKind::ClaimCompletionPeriodNotEnded))
            }
            Condition::PossessionPeriodEnded => {
                Some((claim.possession_period_end(), RefusalKind::ClaimCompletionPeriodNotEnded))
            }
        }
    }

    /// For the document.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Condition::Always => "at any time",
            Condition::ResolutionPeriodEnded => "from ResolutionPeriodEnd",
            Condition::CompletionPeriodEnded => "from CompletionPeriodEnd",
            Condition::PossessionPeriodEnded => "from day 30 after the opening",
        }
    }
}

impl Effect {
    /// For the document.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Effect::Nothing => "",
            Effect::EntryRemoved => "donor's entry removed (CID REMOVED)",
            Effect::EntryRemovedCompletionNow => "donor's entry removed (CID REMOVED); CompletionPeriodEnd is now",
            Effect::EntryRemovedCompletionLater => {
                "donor's entry removed (CID REMOVED); CompletionPeriodEnd is ResolutionPeriodEnd + 7 days"
            }
            Effect::EntryCreated => "claimer's entry created (CID ADDED)",
        }
    }
}

/// The claim after a step of that side. A step that was taken already, with the same reason by the same side, is
/// answered with the claim as it is; where it completes, the caller compares RequestIds.
///
/// # Errors
/// ClaimOperationInvalid where the side never takes such a step or not from here, InvalidReason, or a period that has
/// not ended, with its end. Before day 30 the claimer's DEFAULT_OPERATION is refused as ClaimCompletionPeriodNotEnded.
pub fn step(claim: &Claim, step: Step, side: Side, now: DateTime<Utc>) -> Result<Claim, Refusal> {
    let of_side =
        |row: &&Transition| row.claim_type == claim.claim_type && row.action == step.action() && row.side == side;
    let of_reason = |row: &&Transition| step.reason().is_none_or(|reason| row.reasons.contains(&reason));
    let rows = || TRANSITIONS.iter().filter(of_side);
    if rows().next().is_none() {
        return Err(RefusalKind::ClaimOperationInvalid.into());
    }
    if is_repeated(claim, step, side) {
        return Ok(claim.clone());
    }
    if !rows().any(|row| of_reason(&row)) {
        let reason = "this side may not give it for this step";
        return Err(Refusal::of_field(RefusalKind::InvalidReason, "reason", reason));
    }
    let row = rows()
        .find(|row| of_reason(row) && row.from.contains(&claim.status))
        .ok_or(RefusalKind::ClaimOperationInvalid)?;
    match row.condition.period(claim) {
        Some((end, kind)) if now < end => Err(Refusal::until(kind, end)),
        _ => Ok(row.apply(claim, step.reason(), now)),
    }
}

fn is_repeated(claim: &Claim, step: Step, side: Side) -> bool {
    match step {
        Step::Acknowledge => claim.status == WaitingResolution,
        Step::Confirm(reason) => claim.status == Confirmed && claim.confirm_reason == Some(reason),
        Step::Complete => claim.status == Completed,
        Step::Cancel(reason) => {
            claim.status == Cancelled && claim.cancel_reason == Some(reason) && claim.cancelled_by == Some(side)
        }
    }
}

impl Transition {
    fn apply(&self, claim: &Claim, reason: Option<ClaimReason>, now: DateTime<Utc>) -> Claim {
        // Lists are ordered by it: it does not run backwards with a clock.
        let now = now.max(claim.last_modified);
        let mut after = Claim { status: self.to, last_modified: now, ..claim.clone() };
        match self.action {
            Confirm => after.confirm_reason = reason,
            Cancel => (after.cancel_reason, after.cancelled_by) = (reason, Some(self.side)),
            Acknowledge | Complete => {}
        }
        match self.effect {
            Effect::EntryRemovedCompletionNow => after.completion_period_end = Some(now),
            Effect::EntryRemovedCompletionLater => {
                after.completion_period_end = Some(claim.resolution_period_end + COMPLETION_PERIOD);
            }
            Effect::Nothing | Effect::EntryRemoved | Effect::EntryCreated => {}
        }
        after
    }
}

/// The tables as Markdown: docs/dict-claims.md.
#[must_use]
pub fn table_markdown() -> String {
    let mut text = String::from(INTRODUCTION);
    for key_type in KeyType::ALL {
        let mark = |claim_type: ClaimType| if claim_type.takes(key_type) { "yes" } else { "no" };
        text.push_str(&table_row(&[key_type.name(), mark(Ownership), mark(Portability)]));
    }
    text.push_str(STEPS);
    for row in TRANSITIONS {
        let names = |names: Vec<&'static str>| names.join(", ");
        text.push_str(&table_row(&[
            row.claim_type.name(),
            row.action.name(),
            row.side.name(),
            &names(row.from.iter().map(|status| status.name()).collect()),
            &names(row.reasons.iter().map(|reason| reason.name()).collect()),
            row.condition.describe(),
            row.to.name(),
            row.effect.describe(),
        ]));
    }
    text.push_str(REMARKS);
    text
}

fn table_row(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| if cell.is_empty() { "-" } else { cell });
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

const INTRODUCTION: &str = "\
# Claims and portability: the state machine

Printed from the table that the program interprets (`TRANSITIONS` in `contexts/dict/src/domain/claim/transition.rs`); a
test compares. Sources: DICT API 2.6.1, tag Claim; Manual Operacional do DICT 8.0, sections 5 and 6.

## Which key can be claimed

OWNERSHIP moves a key to another person, within an institution too; PORTABILITY moves it to another institution, its
owner stays.

| key | OWNERSHIP | PORTABILITY |
|---|---|---|
";

const STEPS: &str = "
## Steps

OPEN, WAITING_RESOLUTION, CONFIRMED, then COMPLETED or CANCELLED. What is not in the table is refused. Nothing happens by
itself: each step is a call of an institution, and jobs take the ones that time demands.

| type | step | side | from | reasons | when | to | effect |
|---|---|---|---|---|---|---|---|
";

const REMARKS: &str = "
A step that was taken already, with the same reason by the same side, is answered with the claim as it is.

## Periods

| period | ends | at its end |
|---|---|---|
| resolution | 7 days after the opening | the donor cancels a portability, confirms an ownership claim (DEFAULT_OPERATION) |
| completion (OWNERSHIP only) | 7 days after that; at once where the donor's user confirmed | the claimer may complete, if its user proved possession |
| possession (OWNERSHIP only) | 30 days after the opening | the claimer cancels (DEFAULT_OPERATION) if its user did not; a key that was given up is free |

Until CONFIRMED the donor's entry stands: look-ups find it, and the donor may change account data. In CONFIRMED nobody
has the key, and nobody can register it.
";
