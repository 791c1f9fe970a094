//! Short texts that people type: names, messages, ids.

/// The longest name of a person, company or key, in characters.
pub const NAME_CHARS_MAX: usize = 120;
/// The longest message with an upgrade request, in characters.
pub const MESSAGE_CHARS_MAX: usize = 500;

/// A text without white space around it, or why it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextError {
    /// Nothing is left of it.
    Empty,
    /// It is longer than allowed.
    TooLong,
    /// It holds characters that are no text (line breaks, control characters).
    Control,
}

/// A text on one line of at most `chars_max` characters, trimmed.
///
/// # Errors
/// If it is longer or holds control characters. An empty one is the caller's to judge.
pub fn one_line(text: &str, chars_max: usize) -> Result<&str, TextError> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    if text.chars().take(chars_max + 1).count() > chars_max { Err(TextError::TooLong) } else { Ok(text) }
}

/// The same, where nothing is not enough.
///
/// # Errors
/// If it is empty, longer, or holds control characters.
pub fn name(text: &str) -> Result<&str, TextError> {
    one_line(text, NAME_CHARS_MAX).and_then(|text| if text.is_empty() { Err(TextError::Empty) } else { Ok(text) })
}

/// A text of several lines of at most `chars_max` characters, trimmed.
///
/// # Errors
/// If it is longer, or holds control characters other than line breaks and tabs.
pub fn lines(text: &str, chars_max: usize) -> Result<&str, TextError> {
    let text = text.trim();
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(TextError::Control);
    }
    if text.chars().take(chars_max + 1).count() > chars_max { Err(TextError::TooLong) } else { Ok(text) }
}

/// Whether `text` is a UUID in its usual form, as our ids are: anything else names nothing.
#[must_use]
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(name("  Ana Souza "), Ok("Ana Souza"));
        assert_eq!(name(" "), Err(TextError::Empty));
        assert_eq!(name("a\nb"), Err(TextError::Control));
        assert_eq!(name(&"é".repeat(120)).map(str::len), Ok(240));
        assert_eq!(name(&"é".repeat(121)), Err(TextError::TooLong));
        assert_eq!(one_line("", 5), Ok(""));
        assert_eq!(lines("a\nb\0", 5), Err(TextError::Control));
        assert_eq!(lines("a\nb", 5), Ok("a\nb"));
    }

    #[test]
    fn ids_have_one_form() {
        assert!(is_uuid("0b0e9a5c-6f0e-4a37-9a6e-0c1d2e3f4a5b"));
        for wrong in [
            "",
            "1",
            "0b0e9a5c6f0e4a379a6e0c1d2e3f4a5b",
            "0b0e9a5c-6f0e-4a37-9a6e-0c1d2e3f4a5g",
            "'; DROP TABLE users; --",
        ] {
            assert!(!is_uuid(wrong), "{wrong}");
        }
    }
}
