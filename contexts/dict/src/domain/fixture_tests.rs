//! People, accounts and keys that tests of the domain share.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::account::{Account, AccountType};
use super::entry::Entry;
use super::ispb::Ispb;
use super::key::{Key, KeyType};
use super::owner::Owner;
use super::refusal::{Refusal, RefusalKind};
use super::tax_id::TaxId;

pub const BANK: &str = "12345678";
pub const OTHER_BANK: &str = "99999A03";

/// Noon in Brasília on a Friday.
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_578_668_400, 0).unwrap()
}

pub fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

pub fn ispb(text: &str) -> Ispb {
    text.parse().unwrap()
}

pub fn key(key_type: KeyType) -> Key {
    let value = match key_type {
        KeyType::Cpf => "52998224725",
        KeyType::Cnpj => "12ABC34501DE35",
        KeyType::Phone => "+5511987654321",
        KeyType::Email => "pix@bcb.gov.br",
        KeyType::Evp => "123e4567-e89b-12d3-a456-426655440000",
    };
    Key::parse(key_type, value).unwrap()
}

pub fn ana() -> Owner {
    Owner { tax_id: TaxId::parse("52998224725").unwrap(), name: "Ana Conceição D'Ávila".into(), trade_name: None }
}

pub fn bruno() -> Owner {
    Owner { tax_id: TaxId::parse("11144477735").unwrap(), name: "Bruno Souza".into(), trade_name: None }
}

pub fn bakery() -> Owner {
    Owner {
        tax_id: TaxId::parse("12ABC34501DE35").unwrap(),
        name: "Padaria Três Irmãos & Cia. Ltda".into(),
        trade_name: Some("Padaria 3 Irmãos".into()),
    }
}

pub fn account(participant: &str) -> Account {
    Account {
        participant: ispb(participant),
        branch: Some("0001".into()),
        number: "0007654321".into(),
        account_type: AccountType::Cacc,
        opened_at: noon() - days(400),
    }
}

pub fn entry(key: Key, participant: &str, owner: Owner) -> Entry {
    Entry {
        key,
        account: account(participant),
        owner,
        created_at: noon() - days(100),
        key_owned_since: noon() - days(200),
        open_claim_created_at: None,
        request_id: Uuid::from_u128(0x0001_0203_0405_4607_8809_0a0b_0c0d_0e0f),
        blocked: false,
    }
}

/// What was refused, by its kind. Results of the domain have no `Debug`, since they carry personal data.
pub fn refused<T>(result: Result<T, Refusal>) -> Option<RefusalKind> {
    result.err().map(|refusal| refusal.kind)
}

/// The fields that a refusal names.
pub fn fields<T>(result: Result<T, Refusal>) -> Vec<String> {
    result.err().map(|it| it.violations.into_iter().map(|it| it.property).collect()).unwrap_or_default()
}
