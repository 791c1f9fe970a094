//! EndToEndId: what names a payment from one end to the other (Manual Operacional do DICT, section 8; pacs.008).

use chrono::NaiveDateTime;

use super::ispb::Ispb;

/// `E`, the ISPB of who pays out, the minute (`yyyyMMddHHmm`, UTC), eleven letters or digits: 32 characters. It leads to a
/// payment, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EndToEndId(String);

/// Why a text is no EndToEndId of an institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndToEndIdError {
    /// It does not have the form.
    #[error("it is E, an ISPB, yyyyMMddHHmm and eleven letters or digits: 32 characters")]
    Form,
    /// It is another institution's.
    #[error("it begins with the ISPB of another institution")]
    Participant,
}

impl EndToEndId {
    /// One of a payment that `participant` is going to send.
    ///
    /// # Errors
    /// If it has another form, or is another institution's.
    pub fn parse(text: &str, participant: Ispb) -> Result<Self, EndToEndIdError> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) || !text.starts_with('E') {
            return Err(EndToEndIdError::Form);
        }
        let minute = &text[9..21];
        if !minute.bytes().all(|byte| byte.is_ascii_digit())
            || NaiveDateTime::parse_from_str(minute, "%Y%m%d%H%M").is_err()
        {
            return Err(EndToEndIdError::Form);
        }
        if &text[1..9] != participant.as_str() {
            return Err(EndToEndIdError::Participant);
        }
        Ok(Self(text.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(), EndToEndIdError> {
        EndToEndId::parse(text, "9999A901".parse().unwrap()).map(drop)
    }

    #[test]
    fn its_form_and_its_institution() {
        assert_eq!(parse("E9999A901202503151159abcDEF12345"), Ok(()));
        for wrong in [
            "",
            "E9999A901202503151159abcDEF1234",
            "E9999A901202503151159abcDEF123456",
            "D9999A901202503151159abcDEF12345",
            "e9999A901202503151159abcDEF12345",
            "E9999A901202513151159abcDEF12345",
            "E9999A901202502301159abcDEF12345",
            "E9999A901202503152460abcDEF12345",
            "E9999A90120250315 159abcDEF12345",
            "E9999A901202503151159abc-EF12345",
            "E9999A901202503151159abcDEF123é",
        ] {
            assert_eq!(parse(wrong), Err(EndToEndIdError::Form), "{wrong}");
        }
        assert_eq!(parse("E12345678202503151159abcDEF12345"), Err(EndToEndIdError::Participant));
    }
}
