use proptest::prelude::*;

use super::*;

/// The directory's patterns of section 1, as a generator of texts reads them.
const PATTERNS: [(KeyType, &str); 5] = [
    (KeyType::Cpf, "[0-9]{11}"),
    (KeyType::Cnpj, "[a-zA-Z0-9]{14}"),
    (KeyType::Phone, r"\+[1-9][0-9]{1,14}"),
    (
        KeyType::Email,
        "[a-z0-9.!#$'*+/=?^_`{|}~-]{1,15}@[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?){0,2}",
    ),
    (KeyType::Evp, "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
];

fn accepted(key_type: KeyType, texts: &[&str]) {
    for text in texts {
        assert_eq!(Key::parse(key_type, text).unwrap().value(), *text, "{text:?}");
    }
}

fn refused(key_type: KeyType, texts: &[&str]) {
    for text in texts {
        assert_eq!(Key::parse(key_type, text), Err(KeyError::Form), "{text:?}");
    }
}

#[test]
fn section_1_cpf() {
    accepted(KeyType::Cpf, &["52998224725", "11122233300", "12345678901", "00000000000"]);
    let odd = ["", "5299822472", "529982247255", "529.982.247-25", "5299822472a", "52998224725\n", " 52998224725"];
    refused(KeyType::Cpf, &odd);
    // Digits of other scripts, and such as take the place of an ASCII one in bytes.
    refused(KeyType::Cpf, &["٥٢٩٩٨٢٢٤٧٢٥", "5299822472\u{ff15}", "529982247²"]);
}

#[test]
fn section_1_cnpj() {
    accepted(KeyType::Cnpj, &["11222333000181", "12345678901234", "12ABC34501DE35", "ABCDEFGHIJKLMN"]);
    assert_eq!(Key::parse(KeyType::Cnpj, "12abc34501dE35").unwrap().value(), "12ABC34501DE35");
    let odd = ["", "1122233300018", "112223330001811", "11.222.333/0001-81", "1122233300018 ", "1122233300018é"];
    refused(KeyType::Cnpj, &odd);
    // Look-alikes: a Cyrillic A, a full-width 3; the last has fourteen bytes.
    refused(KeyType::Cnpj, &["12\u{410}BC34501DE35", "12ABC\u{ff13}4501DE35", "12\u{410}BC34501DE3"]);
}

#[test]
fn section_1_phone() {
    accepted(
        KeyType::Phone,
        &["+5511987654321", "+5510998765432", "+10", "+123456789012345", "+351912345678", "+4915"],
    );
    refused(KeyType::Phone, &["", "+", "+5", "+0", "+05511987654321", "5511987654321", "+1234567890123456"]);
    refused(KeyType::Phone, &["+55 11987654321", "+55(11)987654321", "++5511987654321", "+5511987654321\n"]);
    refused(KeyType::Phone, &["\u{ff0b}5511987654321", "+٥٥11987654321", "+55119876543ten", "+551198765432\u{ff11}"]);
}

#[test]
fn section_1_email() {
    accepted(KeyType::Email, &["pix@bcb.gov.br", "a@localhost", "a..b@x", ".a.@x", "!#$'*+/=?^_`{|}~-@0", "a@1.2-3.c"]);
    let label = "a".repeat(63);
    accepted(KeyType::Email, &[&format!("a@{label}"), &format!("a@b.{label}")]);
    refused(KeyType::Email, &["", "@", "a", "a@", "@b", "a@b@c", "a@b.", "a@.b", "a@b..c", "a@-b", "a@b-", "a@b.-c"]);
    refused(KeyType::Email, &[&format!("a@{label}a"), "a@b_c", "a@b c", "a b@c", "a@b\n", "\"a\"@b", "a,b@c", "(a)@b"]);
    // Capitals are not folded; `%` went in 1.7.2 of the API, `&` in 2.6.0.
    refused(KeyType::Email, &["Pix@bcb.gov.br", "pix@BCB.gov.br", "a%b@c", "a&b@c"]);
    // Look-alikes: a Cyrillic i and c, a full-width @; accents.
    refused(
        KeyType::Email,
        &["p\u{456}x@bcb.gov.br", "pix@b\u{441}b.gov.br", "pix\u{ff20}bcb.gov.br", "joão@x.br", "a@é.br"],
    );
}

#[test]
fn section_1_email_has_at_most_77_characters() {
    let of = |chars: usize| format!("{}@b.br", "a".repeat(chars - 5));
    assert!(Key::parse(KeyType::Email, &of(77)).is_ok());
    assert_eq!(Key::parse(KeyType::Email, &of(78)), Err(KeyError::TooLong));
    assert_eq!(Key::parse(KeyType::Email, &"é".repeat(77)), Err(KeyError::Form));
}

#[test]
fn section_1_evp() {
    let uuid = "123e4567-e89b-12d3-a456-426655440000";
    accepted(KeyType::Evp, &[uuid, "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]);
    refused(KeyType::Evp, &["", &uuid.to_uppercase(), &uuid.replace('-', ""), &uuid[..35], &format!("{uuid}0")]);
    refused(KeyType::Evp, &["123e4567-e89b-12d3-a456-42665544000g", "123e4567e-89b-12d3-a456-426655440000"]);
    refused(KeyType::Evp, &["{123e4567-e89b-12d3-a456-4266554400}", "123e4567–e89b-12d3-a456-426655440"]);
}

#[test]
fn section_1_check_digits_count_only_for_new_keys() {
    for (key_type, value) in [
        (KeyType::Cpf, "11122233300"),
        (KeyType::Cpf, "12345678901"),
        (KeyType::Cpf, "11111111111"),
        (KeyType::Cnpj, "12345678901234"),
        (KeyType::Cnpj, "11222333000150"),
        (KeyType::Cnpj, "12ABC34501DE3A"),
    ] {
        assert!(Key::parse(key_type, value).is_ok(), "{value}");
        assert_eq!(Key::parse_new(key_type, value), Err(KeyError::CheckDigits), "{value}");
    }
    assert_eq!(Key::parse_new(KeyType::Cnpj, "12abc34501de35").unwrap().value(), "12ABC34501DE35");
    assert!(Key::parse_new(KeyType::Cpf, "52998224725").is_ok());
    assert!(Key::parse_new(KeyType::Phone, "+5511987654321").is_ok());
    assert_eq!(Key::parse_new(KeyType::Cpf, "5299822472"), Err(KeyError::Form));
}

#[test]
fn names_are_the_directory_s() {
    assert_eq!(KeyType::ALL.map(KeyType::name), ["CPF", "CNPJ", "PHONE", "EMAIL", "EVP"]);
    assert!(KeyType::ALL.iter().all(|it| KeyType::parse(it.name()) == Some(*it)));
    assert_eq!(KeyType::parse("cpf"), None);
}

#[test]
fn a_key_is_never_printed() {
    for (key_type, value) in [(KeyType::Cpf, "52998224725"), (KeyType::Email, "pix@bcb.gov.br")] {
        let printed = format!("{:?}", Key::parse(key_type, value).unwrap());
        assert_eq!(printed, format!("{}:***", key_type.name()));
    }
}

proptest! {
    #[test]
    fn what_a_pattern_allows_is_a_key(
        (key_type, text) in proptest::sample::select(&PATTERNS[..]).prop_flat_map(|(it, text)| (Just(it), text)),
    ) {
        let key = Key::parse(key_type, &text).unwrap();
        prop_assert_eq!(key.key_type(), key_type);
        prop_assert!(key.value().eq_ignore_ascii_case(&text));
        // Reading what was read changes nothing, and the kind is read off the form.
        prop_assert_eq!(&Key::parse(key_type, key.value()).unwrap(), &key);
        prop_assert_eq!(Key::infer(&text), Some(key));
    }

    #[test]
    fn one_foreign_character_anywhere_spoils_a_key(
        (key_type, text) in proptest::sample::select(&PATTERNS[..]).prop_flat_map(|(it, text)| (Just(it), text)),
        at in any::<proptest::sample::Index>(),
        foreign in proptest::sample::select(&[' ', '\n', '\0', '%', '&', '"', 'é', '٣', '\u{ff13}', '\u{430}', '\u{200b}'][..]),
    ) {
        let mut spoilt = text;
        spoilt.insert(at.index(spoilt.len() + 1), foreign);
        prop_assert!(Key::parse(key_type, &spoilt).is_err());
        prop_assert_eq!(Key::infer(&spoilt), None);
    }

    #[test]
    fn no_text_makes_it_panic_or_is_of_two_kinds(text in "\\PC{0,90}|[a-f0-9-]{30,40}|[0-9A-Za-z+@.-]{1,20}|.*") {
        let kinds: Vec<_> = KeyType::ALL.into_iter().filter_map(|it| Key::parse(it, &text).ok()).collect();
        prop_assert!(kinds.len() <= 1);
        prop_assert_eq!(Key::infer(&text), kinds.first().cloned());
        for key in kinds {
            prop_assert!(key.value().len() <= KEY_CHARS_MAX && key.value().is_ascii());
        }
    }
}
