//! What is asked in a look-up, and what may be answered.

use chrono::{DateTime, Utc};

use crate::domain::account::Account;
use crate::domain::end_to_end_id::EndToEndId;
use crate::domain::ispb::Ispb;
use crate::domain::key::Key;
use crate::domain::owner::{Owner, PersonType};
use crate::domain::tax_id::TaxId;

/// What a look-up is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To show a person whose key it is.
    Display,
    /// To pay.
    Payment,
}

impl Purpose {
    /// The scope that a token needs for it; neither stands for the other.
    #[must_use]
    pub const fn scope(self) -> &'static str {
        match self {
            Purpose::Display => "dict.lookup.display",
            Purpose::Payment => "dict.lookup.payment",
        }
    }
}

/// A look-up. Personal data, so it has no `Debug`.
#[derive(Clone)]
pub struct Lookup {
    /// Which key.
    pub key: Key,
    /// What for.
    pub purpose: Purpose,
    /// Who is going to pay; needed to pay, and wherever the directory is asked.
    pub payer: Option<TaxId>,
    /// Which payment it will be; needed likewise.
    pub end_to_end_id: Option<EndToEndId>,
}

/// What is answered: what an end user may see (Manual Operacional do DICT, 8.1), and to who pays what the payment order
/// needs. Personal data, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// The key.
    pub key: Key,
    /// What person it leads to.
    pub owner_type: PersonType,
    /// A CPF masked, a CNPJ in full.
    pub owner_tax_id_masked: String,
    /// Civil, social or corporate name.
    pub owner_name: String,
    /// Legal persons only.
    pub owner_trade_name: Option<String>,
    /// The institution that has it.
    pub participant: Ispb,
    /// For a payment alone.
    pub payment: Option<PaymentDetails>,
    /// Whether the asking institution's own base answered.
    pub own_base: bool,
}

/// What no end user may see.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentDetails {
    /// Where to pay to.
    pub account: Account,
    /// To whom.
    pub owner: Owner,
    /// When the key was registered.
    pub key_created_at: DateTime<Utc>,
    /// Since when its owner has it.
    pub key_owned_since: DateTime<Utc>,
}

/// What is known of a key, whoever said it.
pub(super) struct Known {
    pub account: Account,
    pub owner: Owner,
    pub created_at: DateTime<Utc>,
    pub key_owned_since: DateTime<Utc>,
}

impl Known {
    /// What of it may be answered.
    pub fn answer(self, key: Key, purpose: Purpose, own_base: bool) -> Found {
        let Self { account, owner, created_at, key_owned_since } = self;
        let (owner_type, owner_tax_id_masked) = (owner.person_type(), owner.tax_id.display());
        let participant = account.participant;
        let (owner_name, owner_trade_name, payment) = match purpose {
            Purpose::Display => (owner.name, owner.trade_name, None),
            Purpose::Payment => {
                let (name, trade_name) = (owner.name.clone(), owner.trade_name.clone());
                let details = PaymentDetails { account, owner, key_created_at: created_at, key_owned_since };
                (name, trade_name, Some(details))
            }
        };
        Found { key, owner_type, owner_tax_id_masked, owner_name, owner_trade_name, participant, payment, own_base }
    }
}
