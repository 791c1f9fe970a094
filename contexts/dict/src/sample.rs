//! People who are not there, for load tests and benchmarks: each number gives the same key, account and owner again.

use proto::core as message;

/// 1 January 2020, 00:00 UTC.
const OPENED_AT_SECONDS: i64 = 1_577_836_800;

/// Nine digits and their two check digits (Receita Federal, modulus 11), of the number's last nine digits.
#[must_use]
pub fn cpf(number: u64) -> String {
    let mut digits: Vec<u8> = format!("{:09}", number % 1_000_000_000).bytes().map(|byte| byte - b'0').collect();
    for _ in 0..2 {
        let weights = (2..=digits.len() + 1).rev();
        let sum: usize = digits.iter().zip(weights).map(|(digit, weight)| usize::from(*digit) * weight).sum();
        digits.push(u8::try_from(if sum % 11 < 2 { 0 } else { 11 - sum % 11 }).unwrap_or(0));
    }
    digits.into_iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// The key of that number: its CPF.
#[must_use]
pub fn key(number: u64) -> message::Key {
    message::Key { r#type: message::KeyType::Cpf.into(), value: cpf(number) }
}

/// A wish to register it; the request id is the caller's to choose.
#[must_use]
pub fn create_key(participant: &str, number: u64) -> message::CreateKeyRequest {
    message::CreateKeyRequest {
        key: Some(key(number)),
        account: Some(message::Account {
            participant: participant.to_owned(),
            branch: "1".to_owned(),
            number: format!("{:012}", number % 1_000_000_000_000),
            r#type: message::AccountType::Cacc.into(),
            opened_at: Some(prost_types::Timestamp { seconds: OPENED_AT_SECONDS, nanos: 0 }),
        }),
        owner: Some(message::Owner {
            r#type: message::PersonType::NaturalPerson.into(),
            tax_id: cpf(number),
            name: "Maria de Teste".to_owned(),
            trade_name: String::new(),
        }),
        reason: message::EntryReason::UserRequested.into(),
        ..message::CreateKeyRequest::default()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn check_digits_are_right() {
        assert_eq!(super::cpf(529_982_247), "52998224725");
    }
}
