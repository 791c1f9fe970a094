//! Under which keys tries are counted.

use crate::IdentityState;
use crate::domain::lock_out::{
    CURRENT_PASSWORD, RESET_ADDRESS, RESET_EMAIL, SIGN_IN_ADDRESS, SIGN_IN_EMAIL, SIGN_UP_ADDRESS,
};
use crate::error::IdentityError;
use crate::secrets::{Hash, Secrets};
use crate::store::Attempt;

/// A password for an e-mail. Where it was signed in before from this address it is counted for the two together, so
/// that strangers who guess cannot lock its owner out at home; else for the e-mail and for the address.
pub(crate) fn sign_in(secrets: &Secrets, email: Hash, address: Hash, known: bool) -> Vec<Attempt> {
    if known {
        return vec![Attempt { key: sign_in_known(secrets, email, address), schedule: SIGN_IN_EMAIL }];
    }
    vec![
        Attempt { key: sign_in_email(secrets, email), schedule: SIGN_IN_EMAIL },
        Attempt { key: secrets.keyed("sign_in.address", &[&address]), schedule: SIGN_IN_ADDRESS },
    ]
}

pub(crate) fn sign_in_email(secrets: &Secrets, email: Hash) -> Hash {
    secrets.keyed("sign_in.email", &[&email])
}

pub(crate) fn sign_in_known(secrets: &Secrets, email: Hash, address: Hash) -> Hash {
    secrets.keyed("sign_in.known", &[&email, &address])
}

pub(crate) fn current_password(secrets: &Secrets, user_id: &str) -> Vec<Attempt> {
    vec![Attempt { key: secrets.keyed("current_password", &[user_id.as_bytes()]), schedule: CURRENT_PASSWORD }]
}

pub(crate) fn sign_up(secrets: &Secrets, address: Hash) -> Vec<Attempt> {
    vec![Attempt { key: secrets.keyed("sign_up.address", &[&address]), schedule: SIGN_UP_ADDRESS }]
}

pub(crate) fn reset(secrets: &Secrets, email: Hash, address: Hash) -> Vec<Attempt> {
    vec![
        Attempt { key: secrets.keyed("reset.email", &[&email]), schedule: RESET_EMAIL },
        Attempt { key: secrets.keyed("reset.address", &[&address]), schedule: RESET_ADDRESS },
    ]
}

/// The outcome of what the tries were taken for. Where it failed by a fault of ours they are given back: nobody is
/// slowed for what the server could not do.
pub(crate) async fn settle<T>(
    state: &IdentityState,
    tries: &[Attempt],
    outcome: Result<T, IdentityError>,
) -> Result<T, IdentityError> {
    if outcome.as_ref().is_err_and(IdentityError::is_ours)
        && let Err(error) = state.store.give_back(tries).await
    {
        tracing::warn!(%error, "a try could not be given back");
    }
    outcome
}
