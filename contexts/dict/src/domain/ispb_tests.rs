use proptest::prelude::*;

use super::*;

#[test]
fn letters_count_and_zeros_stay() {
    for (text, read) in [("00000000", "00000000"), ("12345678", "12345678"), ("99999a03", "99999A03")] {
        assert_eq!(text.parse::<Ispb>().unwrap().to_string(), read);
    }
    for text in ["", "1234567", "123456789", "1234 678", "1234567é", "123456", "1234567\n"] {
        assert_eq!(text.parse::<Ispb>(), Err(NotAnIspb), "{text:?}");
    }
}

proptest! {
    #[test]
    fn reading_what_is_written_changes_nothing(text in "\\PC{0,10}|[0-9a-zA-Z]{8}") {
        if let Ok(ispb) = text.parse::<Ispb>() {
            prop_assert_eq!(ispb.as_str(), text.to_ascii_uppercase());
            prop_assert_eq!(ispb.to_string().parse::<Ispb>().unwrap(), ispb);
        }
    }
}
