//! What the routes of claims take, and the messages it stands for.

use proto::core;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::request::{AccountInput, KeyInput, UNSPECIFIED};
use super::schema::{ClaimAnswerName, ClaimReasonName, ClaimRoleName, ClaimStatusName, ClaimTypeName, OwnerBody};
use crate::domain::ispb::Ispb;
use crate::failure::Failure;

/// Which side of a claim your institution is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PixClaimSide)]
pub(super) enum SideName {
    /// It holds the key that is claimed.
    Incoming,
    /// It opened the claim.
    Outgoing,
}

/// Which claims.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ClaimsQuestion {
    /// `incoming`: your institution holds the key. `outgoing`: it opened the claim.
    #[param(inline)]
    pub(super) side: SideName,
    /// States, with commas between them; all unless named.
    #[serde(default)]
    #[param(
        pattern = "^(OPEN|WAITING_RESOLUTION|CONFIRMED|CANCELLED|COMPLETED)(,(OPEN|WAITING_RESOLUTION|CONFIRMED|CANCELLED|COMPLETED))*$",
        example = "OPEN,WAITING_RESOLUTION"
    )]
    status: Option<String>,
    /// Ownership or portability; both unless named.
    #[serde(default, rename = "type")]
    #[param(inline)]
    claim_type: Option<ClaimTypeName>,
    /// How many, at most 200; 20 unless named.
    #[serde(default)]
    #[param(minimum = 0)]
    page_size: Option<i32>,
    /// `next_page_token` of an earlier answer to the same question.
    #[serde(default)]
    #[param(max_length = 512)]
    page_token: Option<String>,
}

impl TryFrom<ClaimsQuestion> for core::ListClaimsRequest {
    type Error = Failure;

    fn try_from(question: ClaimsQuestion) -> Result<Self, Failure> {
        let status = |name: &str| {
            let parsed = serde_json::from_value::<ClaimStatusName>(name.into());
            parsed.map(ClaimStatusName::number).map_err(|_| Failure::field("status", "it is no state of a claim"))
        };
        let statuses =
            question.status.iter().flat_map(|names| names.split(',')).map(status).collect::<Result<_, _>>()?;
        Ok(Self {
            statuses,
            r#type: question.claim_type.map_or(UNSPECIFIED, ClaimTypeName::number),
            modified_after: None,
            modified_before: None,
            page_size: question.page_size.unwrap_or_default(),
            page_token: question.page_token.unwrap_or_default(),
        })
    }
}

/// A claim that is to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPixClaim, example = json!({
    "type": "PORTABILITY",
    "key": {"type": "CPF", "value": "52998224725"},
    "claimer": {"type": "NATURAL_PERSON", "tax_id": "52998224725", "name": "Ana Souza"},
    "claimer_account": {"branch": "0001", "number": "1234567", "type": "CACC", "opened_at": "2019-05-02T03:00:00Z"},
}))]
pub(super) struct ClaimInput {
    /// `OWNERSHIP`: the key is another person's, and a phone. `PORTABILITY`: it is the same person's, elsewhere.
    #[serde(rename = "type")]
    pub(super) claim_type: ClaimTypeName,
    /// The key.
    key: KeyInput,
    /// Who wants it.
    claimer: OwnerBody,
    /// The account it is to lead to.
    claimer_account: AccountInput,
}

impl ClaimInput {
    /// The message that opens a claim of ownership.
    pub(super) fn ownership(self, own: Ispb, request_id: String) -> core::StartClaimRequest {
        core::StartClaimRequest {
            request_id,
            key: Some(self.key.into()),
            claimer: Some(self.claimer.into()),
            claimer_account: Some(self.claimer_account.message(own)),
        }
    }

    /// The message that opens a portability.
    pub(super) fn portability(self, own: Ispb, request_id: String) -> core::StartPortabilityRequest {
        core::StartPortabilityRequest {
            request_id,
            key: Some(self.key.into()),
            claimer: Some(self.claimer.into()),
            claimer_account: Some(self.claimer_account.message(own)),
        }
    }
}

/// What the user of the institution that holds the key says to a claim of ownership.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixClaimResponse, example = json!({"answer": "ACCEPT"}))]
pub(super) struct RespondInput {
    /// `ACCEPT`: the key is given up. `REJECT`: it is kept, which needs its possession to be proved.
    answer: ClaimAnswerName,
    /// For `REJECT`: the possession that the user proved.
    #[serde(default)]
    #[schema(max_length = 64)]
    possession_id: Option<String>,
}

impl RespondInput {
    pub(super) fn message(self, claim_id: String) -> core::RespondToClaimRequest {
        core::RespondToClaimRequest {
            claim_id,
            answer: self.answer.number(),
            possession_id: self.possession_id.unwrap_or_default(),
        }
    }
}

/// Why a portability is confirmed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixClaimConfirmation, example = json!({}))]
pub(super) struct ConfirmInput {
    /// `USER_REQUESTED`, which is meant where it is left out, or `ACCOUNT_CLOSURE`.
    #[serde(default)]
    reason: Option<ClaimReasonName>,
}

impl ConfirmInput {
    pub(super) fn message(self, claim_id: String) -> core::ConfirmPortabilityRequest {
        core::ConfirmPortabilityRequest { claim_id, reason: self.reason.map_or(UNSPECIFIED, ClaimReasonName::number) }
    }
}

/// Why and by whom a claim is cancelled.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixClaimCancellation, example = json!({"reason": "USER_REQUESTED"}))]
pub(super) struct CancelInput {
    /// Left out, `USER_REQUESTED` is meant. Which reasons a side may give depends on the claim.
    #[serde(default)]
    reason: Option<ClaimReasonName>,
    /// Which side cancels; needed only where your institution is on both.
    #[serde(default)]
    role: Option<ClaimRoleName>,
    /// For `USER_REQUESTED` of the side that holds a phone or e-mail: the possession that its user proved.
    #[serde(default)]
    #[schema(max_length = 64)]
    possession_id: Option<String>,
}

impl CancelInput {
    /// The message that cancels a claim of ownership.
    pub(super) fn ownership(self, claim_id: String) -> core::CancelClaimRequest {
        core::CancelClaimRequest {
            claim_id,
            reason: self.reason.map_or(UNSPECIFIED, ClaimReasonName::number),
            role: self.role.map_or(UNSPECIFIED, ClaimRoleName::number),
        }
    }

    /// The message that cancels a portability.
    pub(super) fn portability(self, claim_id: String) -> core::CancelPortabilityRequest {
        core::CancelPortabilityRequest {
            claim_id,
            reason: self.reason.map_or(UNSPECIFIED, ClaimReasonName::number),
            role: self.role.map_or(UNSPECIFIED, ClaimRoleName::number),
            possession_id: self.possession_id.unwrap_or_default(),
        }
    }
}
