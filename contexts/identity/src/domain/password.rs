//! Which passwords are taken: length over recipes (NIST SP 800-63B, section 5.1.1.2).

/// The shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// The longest, in characters: long enough for any sentence, short enough to hash.
pub const PASSWORD_CHARS_MAX: usize = 128;

/// The commonest passwords of ten characters and more, and what people here would think of first. Lower case.
const COMMONEST: &str = include_str!("commonest_passwords.txt");

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    /// More than [`PASSWORD_CHARS_MAX`] characters.
    #[error("a password has at most {PASSWORD_CHARS_MAX} characters")]
    TooLong,
    /// It is the account's own address, or the part before the `@`.
    #[error("the password is the e-mail address")]
    IsEmail,
    /// Everybody's first guess, or one character over and over.
    #[error("the password is among the commonest ones")]
    Common,
}

/// Checks a new password for the account with `email`.
///
/// # Errors
/// If it is not taken.
pub fn check_new(password: &str, email: &str) -> Result<(), PasswordError> {
    let length = password.chars().take(PASSWORD_CHARS_MAX + 1).count();
    if length < PASSWORD_CHARS_MIN {
        return Err(PasswordError::TooShort);
    }
    if length > PASSWORD_CHARS_MAX {
        return Err(PasswordError::TooLong);
    }
    let lower = password.trim().to_lowercase();
    let local = email.split('@').next().unwrap_or_default();
    if lower == email.to_lowercase() || lower == local.to_lowercase() {
        return Err(PasswordError::IsEmail);
    }
    let mut letters = lower.chars();
    let first = letters.next();
    let repeated = letters.all(|letter| Some(letter) == first);
    if repeated || COMMONEST.lines().any(|common| common == lower) {
        return Err(PasswordError::Common);
    }
    Ok(())
}

/// Whether a password that somebody signs in with is worth hashing: what could never have been set is not.
#[must_use]
pub fn may_exist(password: &str) -> bool {
    !password.is_empty() && password.chars().take(PASSWORD_CHARS_MAX + 1).count() <= PASSWORD_CHARS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(check_new("ação-cão1", "a@b.c"), Err(PasswordError::TooShort));
        assert_eq!(check_new("ação-cão12", "a@b.c"), Ok(()));
        assert_eq!(check_new(&"aé".repeat(64), "a@b.c"), Ok(()));
        assert_eq!(check_new(&"aé".repeat(65), "a@b.c"), Err(PasswordError::TooLong));
    }

    #[test]
    fn what_anybody_would_guess_is_refused() {
        for common in ["1234567890", "Password123", "QWERTYUIOP", "aaaaaaaaaaaa", "brasil2025"] {
            assert_eq!(check_new(common, "a@b.c"), Err(PasswordError::Common), "{common}");
        }
        assert_eq!(check_new("Ana@Example.com", "ana@example.com"), Err(PasswordError::IsEmail));
        assert_eq!(check_new("ana.de.souza", "ana.de.souza@example.com"), Err(PasswordError::IsEmail));
    }

    #[test]
    fn the_list_is_as_it_is_compared() {
        for line in COMMONEST.lines() {
            assert!(line.chars().count() >= PASSWORD_CHARS_MIN, "{line} is refused by its length already");
            assert_eq!(line, line.trim().to_lowercase());
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_rules_fail(password in "\\PC{0,140}", email in "\\PC{0,20}") {
            let taken = check_new(&password, &email).is_ok();
            prop_assert!(!taken || may_exist(&password));
        }
    }
}
