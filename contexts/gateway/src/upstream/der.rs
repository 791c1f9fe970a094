//! As much of X.509 as we need: who issued a certificate, and for whom (RFC 5280, section 4.1).

/// Whether a certificate names itself as its issuer, as roots do. `None` where it is no certificate.
pub(super) fn is_self_issued(certificate: &[u8]) -> Option<bool> {
    let (certificate, _) = element(certificate, SEQUENCE)?;
    let (mut fields, _) = element(certificate, SEQUENCE)?;
    if let Some((_, rest)) = element(fields, VERSION) {
        fields = rest;
    }
    let (_serial, rest) = element(fields, INTEGER)?;
    let (_algorithm, rest) = element(rest, SEQUENCE)?;
    let (issuer, rest) = element(rest, SEQUENCE)?;
    let (_validity, rest) = element(rest, SEQUENCE)?;
    let (subject, _) = element(rest, SEQUENCE)?;
    Some(issuer == subject)
}

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT`, absent in version 1.
const VERSION: u8 = 0xa0;

/// The content of the element of type `tag` at the start of `bytes`, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if found != tag {
        return None;
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        // The long form: so many bytes of length follow, at most four of them here.
        let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f).min(5))?;
        let valid = (1..=4).contains(&length.len());
        (valid.then(|| length.iter().fold(0, |sum, &byte| sum << 8 | usize::from(byte)))?, rest)
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_no_certificate() {
        for wrong in [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x02\x30\x00", b"\x30\x80\x00\x00", b"text"]
        {
            assert_eq!(is_self_issued(wrong), None, "{wrong:?}");
        }
    }
}
