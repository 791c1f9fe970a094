//! Under what uses are counted: a user, or an address that cannot be told from its hash.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use platform::random::hex;
use sha2::{Digest, Sha256};

/// Longer names of users are hashed: a token may name its subject in kilobytes, an index cannot.
const SUBJECT_BYTES_MAX: usize = 200;

/// The key of the hash of addresses.
#[derive(Clone)]
pub struct AddressSecret(pub [u8; 32]);

impl std::fmt::Debug for AddressSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AddressSecret(…)")
    }
}

impl AddressSecret {
    /// The subject of an anonymous caller: HMAC-SHA256 of the IPv4 address, or of the first 64 bits of an IPv6
    /// address, which is what one customer gets.
    #[must_use]
    pub fn subject(&self, address: IpAddr) -> String {
        // HMAC takes keys of any length, so this does not fail.
        let Ok(mut hash) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::from("address") };
        match address.to_canonical() {
            IpAddr::V4(address) => hash.update(&address.octets()),
            IpAddr::V6(address) => hash.update(&address.octets()[..8]),
        }
        format!("address:{}", hex(&hash.finalize().into_bytes()))
    }
}

/// The subject of somebody who said who they are: `user:` and the principal's subject.
#[must_use]
pub fn user_subject(subject: &str) -> String {
    if subject.len() <= SUBJECT_BYTES_MAX {
        return format!("user:{subject}");
    }
    format!("user-sha256:{}", hex(&Sha256::digest(subject)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(secret: u8, address: &str) -> String {
        AddressSecret([secret; 32]).subject(address.parse().unwrap())
    }

    #[test]
    fn an_address_is_one_subject_and_its_hash_needs_the_secret() {
        assert_eq!(of(1, "203.0.113.9"), of(1, "::ffff:203.0.113.9"));
        assert_ne!(of(1, "203.0.113.9"), of(1, "203.0.113.10"));
        assert_ne!(of(1, "203.0.113.9"), of(2, "203.0.113.9"));
        assert_eq!(of(1, "2001:db8:1:2::1"), of(1, "2001:db8:1:2:ffff::9"));
        assert_ne!(of(1, "2001:db8:1:2::1"), of(1, "2001:db8:1:3::1"));
        let subject = of(1, "203.0.113.9");
        assert!(subject.len() == 72 && !subject.contains("203"), "{subject}");
        assert!(!format!("{:?}", AddressSecret([7; 32])).contains('7'));
    }

    #[test]
    fn users_and_addresses_never_meet() {
        assert_eq!(user_subject("u1"), "user:u1");
        let long = user_subject(&"u".repeat(8_000));
        assert_eq!(long.len(), 76);
        assert_ne!(long, user_subject(&"u".repeat(8_001)));
    }
}
