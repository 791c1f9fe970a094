//! What the routes of keys take, and the messages it stands for.
//!
//! Nothing is judged here but the form of JSON: fields are checked where the gRPC API has them checked, and what is
//! wrong comes back with the same path. An institution that is left out is the caller's.

use chrono::{DateTime, Utc};
use proto::core;
use serde::Deserialize;
use utoipa::ToSchema;

use super::schema::{AccountTypeName, EntryReasonName, KeyTypeName, OwnerBody};
use crate::directory::wire;
use crate::domain::ispb::Ispb;
use crate::domain::key::Key;

/// Number of an enumeration that was not said.
pub(super) const UNSPECIFIED: i32 = 0;

/// A key that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyInput)]
pub(super) struct KeyInput {
    /// Its kind; left out, it is read off the value, and eleven digits are a CPF.
    #[serde(default, rename = "type")]
    key_type: Option<KeyTypeName>,
    /// Its text.
    #[schema(max_length = 77, examples("+5561988887777"))]
    value: String,
}

impl From<KeyInput> for core::Key {
    fn from(key: KeyInput) -> Self {
        let inferred = || Key::infer(&key.value).map(|key| wire::key_type_to_proto(key.key_type()).into());
        let key_type = key.key_type.map(KeyTypeName::number).or_else(inferred);
        Self { r#type: key_type.unwrap_or(UNSPECIFIED), value: key.value }
    }
}

/// A key that is to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPixKey)]
struct NewKeyInput {
    /// Its kind.
    #[serde(rename = "type")]
    key_type: KeyTypeName,
    /// Its text; left out for `EVP`, which the directory makes.
    #[serde(default)]
    #[schema(max_length = 77, examples("+5561988887777"))]
    value: Option<String>,
}

/// An account of your institution.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixAccountInput)]
pub(super) struct AccountInput {
    /// ISPB of its institution, which must be yours; left out, it is.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Za-z]{8}$", examples("99999008"))]
    participant: Option<String>,
    /// Up to four digits; left out where your institution has no branches.
    #[serde(default)]
    #[schema(max_length = 4, examples("0001"))]
    branch: Option<String>,
    /// Number with its check digit.
    #[schema(max_length = 20, examples("1234567"))]
    number: String,
    /// Its kind.
    #[serde(rename = "type")]
    account_type: AccountTypeName,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime, examples("2019-05-02T03:00:00Z"))]
    opened_at: DateTime<Utc>,
}

impl AccountInput {
    pub(super) fn message(self, own: Ispb) -> core::Account {
        core::Account {
            participant: self.participant.unwrap_or_else(|| own.to_string()),
            branch: self.branch.unwrap_or_default(),
            number: self.number,
            r#type: self.account_type.number(),
            opened_at: Some(wire::moment_to_proto(self.opened_at)),
        }
    }
}

/// What names an account of your institution.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixAccountName)]
struct AccountNameInput {
    /// ISPB of its institution, which must be yours; left out, it is.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Za-z]{8}$", examples("99999008"))]
    participant: Option<String>,
    /// Left out where your institution has no branches.
    #[serde(default)]
    #[schema(examples("0001"))]
    branch: Option<String>,
    /// Number with its check digit.
    #[schema(examples("1234567"))]
    number: String,
    /// Its kind.
    #[serde(rename = "type")]
    account_type: AccountTypeName,
}

/// A key that is to be registered for an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyRegistration, example = json!({
    "key": {"type": "EVP"},
    "account": {"branch": "0001", "number": "1234567", "type": "CACC", "opened_at": "2019-05-02T03:00:00Z"},
    "owner": {"type": "NATURAL_PERSON", "tax_id": "52998224725", "name": "Ana Souza"},
}))]
pub(super) struct CreateInput {
    /// The key.
    key: NewKeyInput,
    /// Where it is to lead.
    account: AccountInput,
    /// Whose it is to be.
    owner: OwnerBody,
    /// `USER_REQUESTED`, which is meant where it is left out, or `RECONCILIATION`.
    #[serde(default)]
    reason: Option<EntryReasonName>,
    /// For phones and e-mails: the possession that was proved with a code.
    #[serde(default)]
    #[schema(max_length = 64)]
    possession_id: Option<String>,
}

impl CreateInput {
    pub(super) fn message(self, own: Ispb, request_id: String) -> core::CreateKeyRequest {
        core::CreateKeyRequest {
            request_id,
            key: Some(core::Key { r#type: self.key.key_type.number(), value: self.key.value.unwrap_or_default() }),
            account: Some(self.account.message(own)),
            owner: Some(self.owner.into()),
            reason: self.reason.map_or(UNSPECIFIED, EntryReasonName::number),
            possession_id: self.possession_id.unwrap_or_default(),
        }
    }
}

/// The keys of an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeySearch, example = json!({"account": {"branch": "0001", "number": "1234567", "type": "CACC"}}))]
pub(super) struct SearchInput {
    /// The account.
    account: AccountNameInput,
    /// How many, at most 200; 20 unless named.
    #[serde(default)]
    #[schema(minimum = 0)]
    page_size: Option<i32>,
    /// `next_page_token` of an earlier answer to the same question.
    #[serde(default)]
    #[schema(max_length = 512)]
    page_token: Option<String>,
}

impl SearchInput {
    pub(super) fn message(self, own: Ispb) -> core::ListKeysRequest {
        let AccountNameInput { participant, branch, number, account_type } = self.account;
        core::ListKeysRequest {
            account: Some(core::Account {
                participant: participant.unwrap_or_else(|| own.to_string()),
                branch: branch.unwrap_or_default(),
                number,
                r#type: account_type.number(),
                opened_at: None,
            }),
            page_size: self.page_size.unwrap_or_default(),
            page_token: self.page_token.unwrap_or_default(),
        }
    }
}

/// Which key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyQuestion, example = json!({"key": {"type": "PHONE", "value": "+5561988887777"}}))]
pub(super) struct KeyQuestion {
    /// The key.
    pub(super) key: KeyInput,
}

/// Whose key is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyLookupQuestion, example = json!({
    "key": {"type": "PHONE", "value": "+5561988887777"},
    "payer_tax_id": "52998224725",
    "end_to_end_id": "E9999900820261122120000000000001",
}))]
pub(super) struct LookupInput {
    /// The key.
    key: KeyInput,
    /// CPF or CNPJ of who is about to pay: the directory asks for it; where your own base has the key, nobody does.
    #[serde(default)]
    #[schema(max_length = 14)]
    payer_tax_id: Option<String>,
    /// The EndToEndId that the payment order will carry, as `payer_tax_id`.
    #[serde(default)]
    #[schema(max_length = 32)]
    end_to_end_id: Option<String>,
}

impl From<LookupInput> for core::LookupKeyRequest {
    fn from(question: LookupInput) -> Self {
        Self {
            key: Some(question.key.into()),
            purpose: core::LookupPurpose::Display.into(),
            payer_tax_id: question.payer_tax_id.unwrap_or_default(),
            end_to_end_id: question.end_to_end_id.unwrap_or_default(),
        }
    }
}

/// What is to change of a key: its account, its owner's names, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyChange, example = json!({
    "key": {"type": "PHONE", "value": "+5561988887777"},
    "account": {"branch": "0002", "number": "1234567", "type": "CACC", "opened_at": "2019-05-02T03:00:00Z"},
    "reason": "BRANCH_TRANSFER",
}))]
pub(super) struct UpdateInput {
    /// The key.
    key: KeyInput,
    /// The account it is to lead to, of the same institution; left out where it stays.
    #[serde(default)]
    account: Option<AccountInput>,
    /// A new name; left out where it stays.
    #[serde(default)]
    #[schema(max_length = 150)]
    owner_name: Option<String>,
    /// A new trade name, empty to remove it; left out where it stays.
    #[serde(default)]
    #[schema(max_length = 100)]
    owner_trade_name: Option<String>,
    /// `USER_REQUESTED`, `BRANCH_TRANSFER`, `RECONCILIATION` or `RFB_VALIDATION`, and of random keys only the last.
    reason: EntryReasonName,
}

impl UpdateInput {
    pub(super) fn message(self, own: Ispb) -> core::UpdateKeyRequest {
        core::UpdateKeyRequest {
            key: Some(self.key.into()),
            account: self.account.map(|account| account.message(own)),
            owner_name: self.owner_name.unwrap_or_default(),
            owner_trade_name: self.owner_trade_name,
            reason: self.reason.number(),
        }
    }
}

/// A key that is to be removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyRemoval, example = json!({
    "key": {"type": "PHONE", "value": "+5561988887777"},
    "requester_tax_id": "52998224725",
}))]
pub(super) struct DeleteInput {
    /// The key.
    key: KeyInput,
    /// Left out, `USER_REQUESTED` is meant; `BRANCH_TRANSFER` is none.
    #[serde(default)]
    reason: Option<EntryReasonName>,
    /// On `USER_REQUESTED`: CPF or CNPJ of who asks, which must be the owner's.
    #[serde(default)]
    #[schema(max_length = 14)]
    requester_tax_id: Option<String>,
}

impl From<DeleteInput> for core::DeleteKeyRequest {
    fn from(removal: DeleteInput) -> Self {
        Self {
            key: Some(removal.key.into()),
            reason: removal.reason.map_or(UNSPECIFIED, EntryReasonName::number),
            requester_tax_id: removal.requester_tax_id.unwrap_or_default(),
        }
    }
}

/// A code that was received.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PossessionProof, example = json!({
    "possession_id": "6f1c1d0e-8f0a-4c59-9b7e-0f8f6c2b1a11",
    "key": {"type": "PHONE", "value": "+5561988887777"},
    "code": "402816",
}))]
pub(super) struct PossessionInput {
    /// Id of the answer that told of the code.
    #[schema(max_length = 64)]
    possession_id: String,
    /// The key that the code was sent to.
    key: KeyInput,
    /// Six digits.
    #[schema(pattern = "^[0-9]{6}$")]
    code: String,
    /// The claim that this is to settle, where it is for one.
    #[serde(default)]
    #[schema(format = "uuid")]
    claim_id: Option<String>,
}

impl From<PossessionInput> for core::ConfirmPossessionRequest {
    fn from(proof: PossessionInput) -> Self {
        Self {
            possession_id: proof.possession_id,
            key: Some(proof.key.into()),
            code: proof.code,
            claim_id: proof.claim_id.unwrap_or_default(),
        }
    }
}
