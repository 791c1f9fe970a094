//! As much of X.509 as we need: who issued a certificate, for whom, and where its issuer's own certificate is (RFC 5280,
//! sections 4.1 and 4.2.2.1). What is read here decides nothing about trust: that is the verifier's.

/// So many addresses of an issuer are read; real certificates name one or two.
const ADDRESSES_MAX: usize = 8;
/// A longer address is none.
const ADDRESS_BYTES_MAX: usize = 1024;

/// A certificate, as far as we read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Certificate<'a> {
    /// The name of who issued it.
    pub issuer: &'a [u8],
    /// The name of whom it is for.
    pub subject: &'a [u8],
    /// What follows the subject.
    rest: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// Reads a certificate; `None` where it is none.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (certificate, _) = element(bytes, SEQUENCE)?;
        let (mut fields, _) = element(certificate, SEQUENCE)?;
        if let Some((_, rest)) = element(fields, VERSION) {
            fields = rest;
        }
        let (_serial, rest) = element(fields, INTEGER)?;
        let (_algorithm, rest) = element(rest, SEQUENCE)?;
        let (issuer, rest) = element(rest, SEQUENCE)?;
        let (_validity, rest) = element(rest, SEQUENCE)?;
        let (subject, rest) = element(rest, SEQUENCE)?;
        Some(Self { issuer, subject, rest })
    }

    /// Whether it names itself as its issuer, as roots do.
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// The addresses of its issuer's certificate (id-ad-caIssuers), as it names them, whatever their scheme.
    pub fn issuer_addresses(&self) -> Vec<&'a str> {
        let descriptions = self.extension(AUTHORITY_INFO_ACCESS).and_then(|value| element(value, SEQUENCE));
        let Some((mut descriptions, _)) = descriptions else { return Vec::new() };
        let mut addresses = Vec::new();
        while let Some((description, rest)) = element(descriptions, SEQUENCE) {
            descriptions = rest;
            let Some((method, location)) = element(description, OBJECT_IDENTIFIER) else { continue };
            let address = element(location, URI).and_then(|(text, _)| std::str::from_utf8(text).ok());
            let short = address.filter(|text| text.is_ascii() && text.len() <= ADDRESS_BYTES_MAX);
            addresses.extend(short.filter(|_| method == CA_ISSUERS));
            if addresses.len() == ADDRESSES_MAX {
                break;
            }
        }
        addresses
    }

    /// The value of an extension.
    fn extension(&self, wanted: &[u8]) -> Option<&'a [u8]> {
        let (_key, mut rest) = element(self.rest, SEQUENCE)?;
        for unique_id in [ISSUER_UNIQUE_ID, SUBJECT_UNIQUE_ID] {
            if let Some((_, behind)) = element(rest, unique_id) {
                rest = behind;
            }
        }
        let (extensions, _) = element(rest, EXTENSIONS)?;
        let (mut extensions, _) = element(extensions, SEQUENCE)?;
        loop {
            let (extension, others) = element(extensions, SEQUENCE)?;
            extensions = others;
            let (id, value) = element(extension, OBJECT_IDENTIFIER)?;
            if id == wanted {
                let value = element(value, BOOLEAN).map_or(value, |(_critical, value)| value);
                return Some(element(value, OCTET_STRING)?.0);
            }
        }
    }
}

/// Whether these bytes are a message of CMS (RFC 5652, section 3), such as the bundle of certificates of a `.p7b` or
/// `.p7c` file: its type comes first, where a certificate has its fields.
pub(super) fn is_cms(bytes: &[u8]) -> bool {
    element(bytes, SEQUENCE).is_some_and(|(content, _)| element(content, OBJECT_IDENTIFIER).is_some())
}

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
/// `[0] EXPLICIT`, absent in version 1.
const VERSION: u8 = 0xa0;
/// `[1] IMPLICIT`.
const ISSUER_UNIQUE_ID: u8 = 0x81;
/// `[2] IMPLICIT`.
const SUBJECT_UNIQUE_ID: u8 = 0x82;
/// `[3] EXPLICIT`.
const EXTENSIONS: u8 = 0xa3;
/// `uniformResourceIdentifier [6]` of a GeneralName.
const URI: u8 = 0x86;
/// 1.3.6.1.5.5.7.1.1
const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
/// 1.3.6.1.5.5.7.48.2
const CA_ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 48, 2];

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
    use proptest::prelude::*;
    use testkit::tls::{Issuance, TestAuthority};

    use super::*;

    fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x84][..], &length, content].concat()
    }

    fn access(method: &[u8], tag: u8, location: &[u8]) -> Vec<u8> {
        tagged(SEQUENCE, &[tagged(OBJECT_IDENTIFIER, method), tagged(tag, location)].concat())
    }

    /// A certificate with these bytes as its access descriptions.
    fn certificate(descriptions: &[u8]) -> Vec<u8> {
        let sequence = |content: &[u8]| tagged(SEQUENCE, content);
        let value = tagged(OCTET_STRING, &sequence(descriptions));
        let other = sequence(&[tagged(OBJECT_IDENTIFIER, b"\x55"), tagged(OCTET_STRING, b"")].concat());
        let access =
            sequence(&[tagged(OBJECT_IDENTIFIER, AUTHORITY_INFO_ACCESS), tagged(BOOLEAN, b"\xff"), value].concat());
        let extensions = tagged(EXTENSIONS, &sequence(&[other, access].concat()));
        let (issuer, subject, empty) = (sequence(b"issuer"), sequence(b"subject"), sequence(b""));
        let head = [tagged(VERSION, b""), tagged(INTEGER, b"\x01"), empty.clone(), issuer, empty.clone(), subject];
        let rest = [empty, tagged(ISSUER_UNIQUE_ID, b"x"), tagged(SUBJECT_UNIQUE_ID, b"y"), extensions];
        sequence(&sequence(&[head.concat(), rest.concat()].concat()))
    }

    #[test]
    fn nonsense_is_no_certificate() {
        for wrong in [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x02\x30\x00", b"\x30\x80\x00\x00", b"text"]
        {
            assert!(Certificate::parse(wrong).is_none() && !is_cms(wrong), "{wrong:?}");
        }
        assert!(is_cms(b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"));
    }

    #[test]
    fn the_issuer_s_addresses_are_read_from_real_certificates() {
        let url = "http://certificates.example/ca.crt";
        let named = TestAuthority::issuing(Issuance { upper_issuer_url: Some(url.to_owned()), ..Issuance::default() });
        let bytes = named.intermediate_der();
        let certificate = Certificate::parse(&bytes).unwrap();
        assert_eq!(certificate.issuer_addresses(), [url]);
        assert!(!certificate.is_self_issued());
        let (root, plain) = (named.root_der(), TestAuthority::new().intermediate_der());
        let root = Certificate::parse(&root).unwrap();
        assert!(root.is_self_issued() && root.issuer_addresses().is_empty());
        assert!(Certificate::parse(&plain).unwrap().issuer_addresses().is_empty());
        for certificate in rustls_native_certs::load_native_certs().certs {
            assert!(Certificate::parse(&certificate).is_some());
        }
    }

    #[test]
    fn only_so_many_addresses_of_issuers_are_read() {
        let ocsp = &[0x2b, 6, 1, 5, 5, 7, 48, 1];
        let mixed = [
            access(ocsp, URI, b"http://ocsp.example"),
            access(CA_ISSUERS, 0xa4, b"a directory name"),
            access(CA_ISSUERS, URI, b"\xff\xfe"),
            access(CA_ISSUERS, URI, &[b'a'; ADDRESS_BYTES_MAX + 1]),
            access(CA_ISSUERS, URI, b"ldap://directory.example/cn=ca"),
            access(CA_ISSUERS, URI, b"http://a.example/ca.crt"),
        ];
        let bytes = certificate(&mixed.concat());
        let read = Certificate::parse(&bytes).unwrap();
        assert_eq!((read.issuer, read.subject), (&b"issuer"[..], &b"subject"[..]));
        assert_eq!(read.issuer_addresses(), ["ldap://directory.example/cn=ca", "http://a.example/ca.crt"]);
        let thousand = certificate(&access(CA_ISSUERS, URI, b"http://a.example/").repeat(1000));
        assert_eq!(Certificate::parse(&thousand).unwrap().issuer_addresses().len(), ADDRESSES_MAX);
    }

    #[test]
    fn large_and_deep_certificates_are_read_in_one_go() {
        let large = certificate(&access(CA_ISSUERS, URI, &vec![b'a'; 10 << 20]));
        assert!(Certificate::parse(&large).unwrap().issuer_addresses().is_empty());
        let deep = (0..2000).fold(Vec::new(), |inner, _| tagged(SEQUENCE, &inner));
        assert!(Certificate::parse(&certificate(&deep)).unwrap().issuer_addresses().is_empty());
        assert!(Certificate::parse(&deep).is_none());
    }

    proptest! {
        #[test]
        fn random_bytes_are_harmless(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            is_cms(&bytes);
            if let Some(certificate) = Certificate::parse(&bytes) {
                certificate.issuer_addresses();
            }
        }

        /// Bytes changed and cut off anywhere in a certificate that is read to its end.
        #[test]
        fn damaged_certificates_are_harmless(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            end in any::<prop::sample::Index>(),
            cut in any::<bool>(),
        ) {
            let mut bytes = certificate(&access(CA_ISSUERS, URI, b"http://a.example/ca.crt").repeat(3));
            for (at, value) in changes {
                *at.get_mut(&mut bytes) = value;
            }
            if cut {
                bytes.truncate(end.index(bytes.len()));
            }
            if let Some(certificate) = Certificate::parse(&bytes) {
                let addresses = certificate.issuer_addresses();
                prop_assert!(addresses.len() <= ADDRESSES_MAX && addresses.iter().all(|text| text.len() <= ADDRESS_BYTES_MAX));
            }
        }
    }
}
