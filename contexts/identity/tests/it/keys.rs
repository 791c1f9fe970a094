//! Keys of issuers, made anew by each run of the tests: a repository that holds a private key teaches that one may.

use std::sync::LazyLock;

use jsonwebtoken::EncodingKey;
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::rand_core::{OsRng, RngCore};

/// PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410, section 7).
const ED25519_HEAD: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// 2048 bits: the fewest that are taken.
static RSA: LazyLock<EncodingKey> = LazyLock::new(|| {
    let key = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    EncodingKey::from_rsa_der(key.to_pkcs1_der().unwrap().as_bytes())
});

static ED25519: LazyLock<EncodingKey> = LazyLock::new(|| {
    let mut key = [0; 32];
    OsRng.fill_bytes(&mut key);
    EncodingKey::from_ed_der(&[&ED25519_HEAD[..], &key].concat())
});

pub fn rsa() -> EncodingKey {
    RSA.clone()
}

pub fn ed25519() -> EncodingKey {
    ED25519.clone()
}
