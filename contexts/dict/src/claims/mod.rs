//! Claims and portability: opened, answered and cancelled by callers; the rest is done by jobs.
//!
//! With a directory it decides: it is asked first, and what it answers is mirrored here ([`mirror`]). A crash in between
//! loses nothing, because the jobs hear of every change again. Without a directory the same state machine
//! ([`crate::domain::claim`]) decides on our own rows, between our own institutions.

pub mod answer;
pub mod code_files;
pub mod grpc;
pub mod mirror;
pub mod possession;
pub mod read;
pub mod start;
pub mod steps;

use uuid::Uuid;

use crate::Dict;
use crate::domain::claim::{Claim, Side};
use crate::domain::ispb::Ispb;
use crate::failure::Failure;

/// The sides that an institution is on.
#[must_use]
pub fn sides_of(claim: &Claim, participant: Ispb) -> Vec<Side> {
    Side::ALL.into_iter().filter(|&side| claim.participant(side) == participant).collect()
}

/// The sides that are ours.
#[must_use]
pub fn own_sides(dict: &Dict, claim: &Claim) -> Vec<Side> {
    Side::ALL.into_iter().filter(|&side| dict.participants.contains(&claim.participant(side))).collect()
}

/// A UUID of version 4.
pub(crate) fn random_uuid(entropy: &dyn platform::random::Entropy) -> Result<Uuid, Failure> {
    Ok(crate::random::uuid(entropy).map_err(crate::vault::VaultError::from)?)
}
