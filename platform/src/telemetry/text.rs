//! The pieces a log line is written with.

use std::fmt::{self, Write};

use chrono::{DateTime, Datelike, Timelike, Utc};

/// Appends `value` as a JSON string, quotes included. Control characters, DEL and the C1 range are
/// escaped, so that nothing a client sends can move a terminal's cursor or split a line.
pub(crate) fn push_json_string(out: &mut String, value: &str) {
    out.push('"');
    push_escaped(out, value);
    out.push('"');
}

/// Appends `value` as [`push_json_string`] does, without the quotes.
pub(crate) fn push_escaped(out: &mut String, value: &str) {
    let mut clean_from = 0;
    for (at, character) in value.char_indices() {
        let plain = !matches!(character, '"' | '\\' | '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}');
        if plain {
            continue;
        }
        out.push_str(&value[clean_from..at]);
        clean_from = at + character.len_utf8();
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => write_infallibly(out, format_args!("\\u{:04x}", u32::from(other))),
        }
    }
    out.push_str(&value[clean_from..]);
}

/// Appends what `arguments` say. Writing into a `String` fails only where a `Display` does so itself;
/// the line then says what it has.
pub(crate) fn write_infallibly(out: &mut String, arguments: fmt::Arguments<'_>) {
    if out.write_fmt(arguments).is_err() {
        out.push_str("<unprintable>");
    }
}

/// Appends the moment as RFC 3339 in UTC with microseconds: `2025-02-28T12:00:00.000000Z`.
/// By hand, because it stands on every line and a general formatter costs ten times as much.
pub(crate) fn push_timestamp(out: &mut String, moment: DateTime<Utc>) {
    push_digits(out, moment.year().unsigned_abs(), 4);
    out.push('-');
    push_digits(out, moment.month(), 2);
    out.push('-');
    push_digits(out, moment.day(), 2);
    out.push('T');
    push_digits(out, moment.hour(), 2);
    out.push(':');
    push_digits(out, moment.minute(), 2);
    out.push(':');
    push_digits(out, moment.second(), 2);
    out.push('.');
    push_digits(out, moment.nanosecond() / 1_000 % 1_000_000, 6);
    out.push('Z');
}

/// Appends the last `width` (at most 6) decimal digits of `value`, with leading zeros.
fn push_digits(out: &mut String, value: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = value / 10_u32.pow(place) % 10;
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

/// The longest prefix of `value` of at most `limit_bytes` that does not cut a character.
pub(crate) fn truncated(value: &str, limit_bytes: usize) -> &str {
    &value[..value.floor_char_boundary(limit_bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_everything_a_terminal_or_a_parser_would_act_on() {
        let mut out = String::new();
        push_json_string(&mut out, "a\"b\\c\n\u{1b}[2J\u{7f}\u{9b}ção\u{2028}");
        assert_eq!(out, "\"a\\\"b\\\\c\\n\\u001b[2J\\u007f\\u009bção\\u2028\"");
        let back: String = serde_json::from_str(&out).unwrap();
        assert_eq!(back, "a\"b\\c\n\u{1b}[2J\u{7f}\u{9b}ção\u{2028}");
    }

    #[test]
    fn the_timestamp_is_what_chrono_writes() {
        let moment = DateTime::from_timestamp(1_740_744_000, 7_089_999).unwrap();
        let mut out = String::new();
        push_timestamp(&mut out, moment);
        assert_eq!(out, moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true));
    }

    #[test]
    fn truncation_keeps_characters_whole() {
        assert_eq!(truncated("ação", 2), "a");
        assert_eq!(truncated("ação", 99), "ação");
    }
}
