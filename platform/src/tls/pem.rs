//! Certificates and keys in PEM.

use std::io::Read;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::TlsError;

/// The largest file of certificates that is read.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// A file of PEM, whole.
///
/// # Errors
/// If it cannot be read, is no file (a pipe would wait for its writer), or has more than a mebibyte.
pub fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let failed = |error: std::io::Error| TlsError::file(path, error);
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(TlsError::file(path, "it is no file"));
    }
    let mut text = Vec::new();
    std::fs::File::open(path).map_err(failed)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut text).map_err(failed)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(TlsError::file(path, format!("it has more than {FILE_BYTES_MAX} bytes")));
    }
    Ok(text)
}

/// The certificates in a text of PEM; there is at least one.
///
/// # Errors
/// What is wrong, and with which of them.
pub fn certificates(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(text) {
        let at = certificates.len() + 1;
        certificates.push(certificate.map_err(|error| format!("certificate {at}: {error}"))?);
    }
    if certificates.is_empty() { Err("it holds no PEM certificate".to_owned()) } else { Ok(certificates) }
}

/// The first private key in a text of PEM.
///
/// # Errors
/// That there is none; nothing of the text.
pub fn private_key(text: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    PrivateKeyDer::from_pem_slice(text).map_err(|_| "it holds no PEM private key without a password".to_owned())
}

/// The certificates in a text of PEM, as roots.
///
/// # Errors
/// What is wrong, and with which of them.
pub fn roots(text: &[u8]) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for (at, certificate) in certificates(text)?.into_iter().enumerate() {
        roots.add(certificate).map_err(|error| format!("certificate {}: {error}", at + 1))?;
    }
    Ok(roots)
}
