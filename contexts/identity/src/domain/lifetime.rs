//! How long what is issued is good for.

use chrono::TimeDelta;

/// A session that nobody uses ends after this.
pub const SESSION_IDLE: TimeDelta = TimeDelta::days(14);
/// A session ends after this, however much it is used.
pub const SESSION_ABSOLUTE: TimeDelta = TimeDelta::days(90);
/// The use of a session is written down at most this often: most requests only read.
pub const SESSION_TOUCH: TimeDelta = TimeDelta::hours(1);
/// Sessions of one user at once; a further sign-in ends the one used longest ago.
pub const SESSIONS_MAX: i64 = 50;
/// A password reset can be confirmed this long.
pub const RESET: TimeDelta = TimeDelta::hours(1);
/// The use of an API key is written down at most this often.
pub const API_KEY_TOUCH: TimeDelta = TimeDelta::minutes(1);
/// API keys of one user at once.
pub const API_KEYS_MAX: i64 = 20;
/// The farthest that an API key's end may be away, in days.
pub const API_KEY_DAYS_MAX: u32 = 3650;
/// An expired API key stays listed this long.
pub const API_KEY_EXPIRED: TimeDelta = TimeDelta::days(30);
/// An address from which somebody signed in counts as known this long.
pub const KNOWN_ADDRESS: TimeDelta = TimeDelta::days(90);
/// The longest that a token can be issued for.
pub const TOKEN_MAX: TimeDelta = TimeDelta::days(366);

/// Reads `45s`, `30m`, `1h` or `7d`.
///
/// # Errors
/// If it is no such time, nothing, or longer than [`TOKEN_MAX`]; the text says what is expected.
pub fn parse_ttl(text: &str) -> Result<TimeDelta, String> {
    let wrong = || "a time such as 30m, 1h or 7d is expected, 366d at most".to_owned();
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let count: i64 = text.strip_suffix(unit).and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
    let ttl = match unit {
        's' => TimeDelta::try_seconds(count),
        'm' => TimeDelta::try_minutes(count),
        'h' => TimeDelta::try_hours(count),
        'd' => TimeDelta::try_days(count),
        _ => None,
    };
    ttl.filter(|ttl| *ttl > TimeDelta::zero() && *ttl <= TOKEN_MAX).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_unit() {
        assert_eq!(parse_ttl("45s"), Ok(TimeDelta::seconds(45)));
        assert_eq!(parse_ttl("30m"), Ok(TimeDelta::minutes(30)));
        assert_eq!(parse_ttl("1h"), Ok(TimeDelta::hours(1)));
        assert_eq!(parse_ttl("366d"), Ok(TOKEN_MAX));
        for wrong in
            ["", "h", "1", "0h", "-1h", "367d", "1w", "1.5h", "99999999999999999999d", "9223372036854775807d", "1é"]
        {
            assert!(parse_ttl(wrong).is_err(), "{wrong}");
        }
    }
}
