//! Who calls, as far as this context needs to know.

use platform::auth::Principal;

use crate::Dict;
use crate::domain::ispb::Ispb;
use crate::domain::refusal::RefusalKind;
use crate::failure::Failure;
use crate::limits::rate::TooOften;

/// The name of the limit on each caller of this server.
const LIMIT: &str = "RATE_LIMIT_RPS";

/// A caller whose token names an institution that this server serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerOf {
    /// The institution it speaks for.
    pub participant: Ispb,
    /// Who it is there; never a person's data.
    pub subject: String,
    /// What its token allows.
    pub scopes: Vec<String>,
}

impl CallerOf {
    /// Whether its token allows `scope`.
    #[must_use]
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|it| it == scope)
    }
}

/// The caller that a principal is, its request counted.
///
/// # Errors
/// `ParticipantInvalid` if its token names no institution, or one that this server does not serve; `Quota` if it asks
/// too often.
pub fn admit(dict: &Dict, principal: &Principal) -> Result<CallerOf, Failure> {
    let participant: Option<Ispb> = principal.ispb.as_deref().and_then(|ispb| ispb.parse().ok());
    let participant = participant.filter(|it| dict.participants.contains(it)).ok_or(RefusalKind::ParticipantInvalid)?;
    if let Some(rate) = &dict.caller_rate {
        let too_often = |TooOften { retry_after_ms }| Failure::Quota { limit: LIMIT.to_owned(), retry_after_ms };
        rate.take((participant, principal.subject.as_str())).map_err(too_often)?;
    }
    Ok(CallerOf { participant, subject: principal.subject.clone(), scopes: principal.scopes.clone() })
}
