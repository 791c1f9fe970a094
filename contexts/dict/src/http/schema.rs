//! Keys, accounts, owners, claims and answers to look-ups as JSON: of this API, and of the command line, which prints
//! the same.
//!
//! Members are named as the fields of `proto/dict/core/v1`, enumerations as in the directory (`"PHONE"`,
//! `"NATURAL_PERSON"`). What carries personal data has no `Debug`.

use chrono::{DateTime, Utc};
use prost_types::Timestamp;
use proto::core;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::directory::wire;

/// A message that lacks what it has by its contract: a defect of whoever wrote it. Holds the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message says nothing that can be understood in `{0}`")]
pub struct Incomplete(pub &'static str);

/// Names of the directory for the numbers of a contract, both ways.
macro_rules! names {
    ($(#[$about:meta])* $name:ident as $schema:ident of $message:path { $($(#[$meaning:meta])* $variant:ident,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[schema(as = $schema)]
        pub enum $name { $($(#[$meaning])* $variant,)+ }

        impl $name {
            /// What a number of the contract stands for; none for the unspecified and the unknown.
            #[must_use]
            pub fn of(number: i32) -> Option<Self> {
                use $message as Theirs;
                match Theirs::try_from(number) {
                    $(Ok(Theirs::$variant) => Some(Self::$variant),)+
                    Ok(Theirs::Unspecified) | Err(_) => None,
                }
            }

            /// The number of the contract.
            #[must_use]
            pub const fn number(self) -> i32 {
                use $message as Theirs;
                match self { $(Self::$variant => Theirs::$variant as i32,)+ }
            }
        }
    };
}

names! {
    /// The kind of a key.
    KeyTypeName as PixKeyType of core::KeyType {
        /// Eleven digits.
        Cpf,
        /// Fourteen characters, of which the last two are digits.
        Cnpj,
        /// A phone as E.164, with the plus sign.
        Phone,
        /// An e-mail address, in lower case.
        Email,
        /// A random key, made by the directory.
        Evp,
    }
}
names! {
    /// The kind of an account: current, payment, salary, savings or another.
    AccountTypeName as PixAccountType of core::AccountType {
        /// Current account.
        Cacc,
        /// Payment account.
        Tran,
        /// Salary account.
        Slry,
        /// Savings account.
        Svgs,
        /// Another kind.
        Othr,
    }
}
names! {
    /// What a person is before the law.
    PersonTypeName as PixPersonType of core::PersonType {
        /// With a CPF.
        NaturalPerson,
        /// With a CNPJ.
        LegalPerson,
    }
}
names! {
    /// `PENDING` until the directory has answered; `BLOCKED` by a court.
    EntryStatusName as PixKeyStatus of core::EntryStatus {
        /// The directory has not answered yet.
        Pending,
        /// It is registered.
        Active,
        /// A court blocked it.
        Blocked,
    }
}
names! {
    /// Why a key is registered, changed or removed.
    EntryReasonName as PixKeyReason of core::EntryReason {
        /// The user asked for it.
        UserRequested,
        /// The account is closed.
        AccountClosure,
        /// The account moved to another branch.
        BranchTransfer,
        /// The base was brought in line with the directory.
        Reconciliation,
        /// Fraud.
        Fraud,
        /// The tax authority's record says otherwise.
        RfbValidation,
    }
}
names! {
    /// Why a claim is confirmed or cancelled.
    ClaimReasonName as PixClaimReason of core::ClaimReason {
        /// The user asked for it.
        UserRequested,
        /// The account is closed.
        AccountClosure,
        /// Nobody answered in time.
        DefaultOperation,
        /// Fraud, or a claim that the owner proved wrong.
        Fraud,
        /// The base was brought in line with the directory.
        Reconciliation,
        /// The tax authority's record says otherwise.
        RfbValidation,
    }
}
names! {
    /// `OWNERSHIP`: the key goes to another person. `PORTABILITY`: it goes to another institution, its owner stays.
    ClaimTypeName as PixClaimType of core::ClaimType {
        /// To another person.
        Ownership,
        /// To another institution.
        Portability,
    }
}
names! {
    /// Where a claim stands.
    ClaimStatusName as PixClaimStatus of core::ClaimStatus {
        /// The institution that holds the key has not seen it yet.
        Open,
        /// It has, and its user may answer.
        WaitingResolution,
        /// The key was given up; nobody has it.
        Confirmed,
        /// It is over and nothing moved; after `CONFIRMED`, the key is free.
        Cancelled,
        /// It is over and the claimer has the key.
        Completed,
    }
}
names! {
    /// A side of a claim.
    ClaimRoleName as PixClaimRole of core::ClaimRole {
        /// Who holds the key.
        Donor,
        /// Who wants it.
        Claimer,
    }
}
names! {
    /// What the user of the institution that holds the key says to a claim.
    ClaimAnswerName as PixClaimAnswer of core::ClaimAnswer {
        /// The key is given up.
        Accept,
        /// The key is kept; its possession was proved.
        Reject,
    }
}

/// A moment of a message; none where it is absent or outside of the calendar.
fn moment(at: Option<&Timestamp>) -> Option<DateTime<Utc>> {
    wire::optional_moment_from_proto(at, "").ok().flatten()
}

/// `None` for the empty text of a message.
fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A key.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKey)]
pub struct KeyBody {
    /// Its kind.
    #[serde(rename = "type")]
    pub key_type: KeyTypeName,
    /// Its text; `null` for a random key that the directory has not made yet.
    #[schema(required = true, max_length = 77, examples("+5561988887777"))]
    pub value: Option<String>,
}

impl TryFrom<core::Key> for KeyBody {
    type Error = Incomplete;

    fn try_from(key: core::Key) -> Result<Self, Incomplete> {
        let key_type = KeyTypeName::of(key.r#type).ok_or(Incomplete("key.type"))?;
        Ok(Self { key_type, value: filled(key.value) })
    }
}

/// A transactional account.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixAccount)]
pub struct AccountBody {
    /// ISPB of its institution: eight characters, never a number.
    #[schema(pattern = "^[0-9A-Z]{8}$", examples("99999008"))]
    pub participant: String,
    /// Up to four digits; `null` where the institution has no branches.
    #[schema(required = true, pattern = "^[0-9]{1,4}$", examples("0001"))]
    pub branch: Option<String>,
    /// Number with its check digit.
    #[schema(max_length = 20, examples("1234567"))]
    pub number: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub account_type: AccountTypeName,
    /// When it was opened.
    #[schema(value_type = Option<String>, format = DateTime, required = true, examples("2019-05-02T03:00:00Z"))]
    pub opened_at: Option<DateTime<Utc>>,
}

impl TryFrom<core::Account> for AccountBody {
    type Error = Incomplete;

    fn try_from(account: core::Account) -> Result<Self, Incomplete> {
        Ok(Self {
            participant: account.participant,
            branch: filled(account.branch),
            number: account.number,
            account_type: AccountTypeName::of(account.r#type).ok_or(Incomplete("account.type"))?,
            opened_at: moment(account.opened_at.as_ref()),
        })
    }
}

/// Who has an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixOwner)]
pub struct OwnerBody {
    /// What they are before the law.
    #[serde(rename = "type")]
    pub person_type: PersonTypeName,
    /// CPF (11 digits) or CNPJ (14 characters).
    #[schema(max_length = 14, examples("52998224725"))]
    pub tax_id: String,
    /// Civil or registered social name; the corporate name in full of a legal person.
    #[schema(max_length = 150, examples("Ana Souza"))]
    pub name: String,
    /// Of legal persons only, where the CNPJ's record has one.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub trade_name: Option<String>,
}

impl TryFrom<core::Owner> for OwnerBody {
    type Error = Incomplete;

    fn try_from(owner: core::Owner) -> Result<Self, Incomplete> {
        Ok(Self {
            person_type: PersonTypeName::of(owner.r#type).ok_or(Incomplete("owner.type"))?,
            tax_id: owner.tax_id,
            name: owner.name,
            trade_name: filled(owner.trade_name),
        })
    }
}

impl From<OwnerBody> for core::Owner {
    fn from(owner: OwnerBody) -> Self {
        Self {
            r#type: owner.person_type.number(),
            tax_id: owner.tax_id,
            name: owner.name,
            trade_name: owner.trade_name.unwrap_or_default(),
        }
    }
}

/// A registered key and where it leads.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyEntry)]
pub struct EntryBody {
    /// The key.
    pub key: KeyBody,
    /// Where it leads.
    pub account: AccountBody,
    /// Whose it is.
    pub owner: OwnerBody,
    /// Whether the directory has it.
    pub status: EntryStatusName,
    /// When this entry came to be; `null` while it is pending.
    #[schema(value_type = Option<String>, format = DateTime, required = true, examples("2026-11-02T14:30:00Z"))]
    pub created_at: Option<DateTime<Utc>>,
    /// Since when its owner has it without interruption: portability keeps it. `null` while it is pending.
    #[schema(value_type = Option<String>, format = DateTime, required = true, examples("2024-02-10T09:00:00Z"))]
    pub key_owned_since: Option<DateTime<Utc>>,
    /// When its claim was opened, while one is open.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    pub open_claim_created_at: Option<DateTime<Utc>>,
    /// Content identifier, for reconciliation; `null` while it is pending.
    #[schema(required = true, pattern = "^[0-9a-f]{64}$")]
    pub cid: Option<String>,
}

impl TryFrom<core::Entry> for EntryBody {
    type Error = Incomplete;

    fn try_from(entry: core::Entry) -> Result<Self, Incomplete> {
        Ok(Self {
            key: entry.key.ok_or(Incomplete("entry.key"))?.try_into()?,
            account: entry.account.ok_or(Incomplete("entry.account"))?.try_into()?,
            owner: entry.owner.ok_or(Incomplete("entry.owner"))?.try_into()?,
            status: EntryStatusName::of(entry.status).ok_or(Incomplete("entry.status"))?,
            created_at: moment(entry.created_at.as_ref()),
            key_owned_since: moment(entry.key_owned_since.as_ref()),
            open_claim_created_at: moment(entry.open_claim_created_at.as_ref()),
            cid: filled(entry.cid),
        })
    }
}

/// Keys of an account.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyPage)]
pub struct EntryPage {
    /// Oldest first.
    #[schema(max_items = 200)]
    pub data: Vec<EntryBody>,
    /// For the next page of the same question; `null` at the end.
    #[schema(required = true)]
    pub next_page_token: Option<String>,
}

impl TryFrom<core::ListKeysResponse> for EntryPage {
    type Error = Incomplete;

    fn try_from(page: core::ListKeysResponse) -> Result<Self, Incomplete> {
        let data = page.entries.into_iter().map(EntryBody::try_from).collect::<Result<_, _>>()?;
        Ok(Self { data, next_page_token: filled(page.next_page_token) })
    }
}

/// Whose a key is, as much as a person who is about to pay may see (Manual Operacional do DICT, 8.1).
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixKeyLookup)]
pub struct LookupBody {
    /// The key.
    pub key: KeyBody,
    /// What its owner is before the law.
    pub owner_type: PersonTypeName,
    /// CPF masked, CNPJ in full.
    #[schema(examples("***.982.247-**"))]
    pub owner_tax_id_masked: String,
    /// Name, or corporate name.
    #[schema(examples("Ana Souza"))]
    pub owner_name: String,
    /// Trade name, where there is one.
    #[schema(required = true)]
    pub owner_trade_name: Option<String>,
    /// ISPB of the institution that holds it.
    #[schema(pattern = "^[0-9A-Z]{8}$", examples("99999008"))]
    pub participant: String,
    /// Whether your institution's own base answered: a payment would be a book transfer.
    pub own_base: bool,
}

impl TryFrom<core::LookupKeyResponse> for LookupBody {
    type Error = Incomplete;

    fn try_from(found: core::LookupKeyResponse) -> Result<Self, Incomplete> {
        Ok(Self {
            key: found.key.ok_or(Incomplete("key"))?.try_into()?,
            owner_type: PersonTypeName::of(found.owner_type).ok_or(Incomplete("owner_type"))?,
            owner_tax_id_masked: found.owner_tax_id_masked,
            owner_name: found.owner_name,
            owner_trade_name: filled(found.owner_trade_name),
            participant: found.participant,
            own_base: found.own_base,
        })
    }
}

/// A claim of ownership or a portability.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixClaim)]
pub struct ClaimBody {
    /// Its id.
    #[schema(format = "uuid")]
    pub id: String,
    /// Which of the two.
    #[serde(rename = "type")]
    pub claim_type: ClaimTypeName,
    /// The key.
    pub key: KeyBody,
    /// Where it stands.
    pub status: ClaimStatusName,
    /// ISPB of the institution that holds the key.
    #[schema(pattern = "^[0-9A-Z]{8}$", examples("99999008"))]
    pub donor_participant: String,
    /// Who wants the key.
    pub claimer: OwnerBody,
    /// The account it is to lead to.
    pub claimer_account: AccountBody,
    /// When it was opened.
    #[schema(value_type = Option<String>, format = DateTime, required = true, examples("2026-11-22T12:00:00Z"))]
    pub opened_at: Option<DateTime<Utc>>,
    /// Until when the user of the institution that holds the key may answer.
    #[schema(value_type = Option<String>, format = DateTime, required = true, examples("2026-11-29T12:00:00Z"))]
    pub resolution_period_end: Option<DateTime<Utc>>,
    /// From when a claim of ownership may be completed; `null` for portability.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    pub completion_period_end: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[schema(value_type = Option<String>, format = DateTime, required = true, examples("2026-11-22T12:00:30Z"))]
    pub last_modified: Option<DateTime<Utc>>,
    /// Why it was confirmed.
    #[schema(required = true)]
    pub confirm_reason: Option<ClaimReasonName>,
    /// Why it was cancelled.
    #[schema(required = true)]
    pub cancel_reason: Option<ClaimReasonName>,
    /// Whose cancellation it was.
    #[schema(required = true)]
    pub cancelled_by: Option<ClaimRoleName>,
    /// What your institution is in it; both when it is on both sides.
    #[schema(max_items = 2)]
    pub roles: Vec<ClaimRoleName>,
}

impl TryFrom<core::Claim> for ClaimBody {
    type Error = Incomplete;

    fn try_from(claim: core::Claim) -> Result<Self, Incomplete> {
        Ok(Self {
            id: claim.id,
            claim_type: ClaimTypeName::of(claim.r#type).ok_or(Incomplete("claim.type"))?,
            key: claim.key.ok_or(Incomplete("claim.key"))?.try_into()?,
            status: ClaimStatusName::of(claim.status).ok_or(Incomplete("claim.status"))?,
            donor_participant: claim.donor_participant,
            claimer: claim.claimer.ok_or(Incomplete("claim.claimer"))?.try_into()?,
            claimer_account: claim.claimer_account.ok_or(Incomplete("claim.claimer_account"))?.try_into()?,
            opened_at: moment(claim.opened_at.as_ref()),
            resolution_period_end: moment(claim.resolution_period_end.as_ref()),
            completion_period_end: moment(claim.completion_period_end.as_ref()),
            last_modified: moment(claim.last_modified.as_ref()),
            confirm_reason: ClaimReasonName::of(claim.confirm_reason),
            cancel_reason: ClaimReasonName::of(claim.cancel_reason),
            cancelled_by: ClaimRoleName::of(claim.cancelled_by),
            roles: claim.roles.into_iter().filter_map(ClaimRoleName::of).collect(),
        })
    }
}

/// Claims and portabilities.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PixClaimPage)]
pub struct ClaimPage {
    /// Least recently changed first.
    #[schema(max_items = 200)]
    pub data: Vec<ClaimBody>,
    /// For the next page of the same question; `null` at the end.
    #[schema(required = true)]
    pub next_page_token: Option<String>,
}

impl TryFrom<core::ListClaimsResponse> for ClaimPage {
    type Error = Incomplete;

    fn try_from(page: core::ListClaimsResponse) -> Result<Self, Incomplete> {
        let data = page.claims.into_iter().map(ClaimBody::try_from).collect::<Result<_, _>>()?;
        Ok(Self { data, next_page_token: filled(page.next_page_token) })
    }
}
