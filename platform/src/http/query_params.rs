//! The query of a request as the access log shows it.

use crate::telemetry::logs::PARAMETER_LIMIT_BYTES;
use crate::telemetry::text::{push_json_string, truncated};

/// The parameters of `query` named in `allowed`, decoded and cut, as a JSON object. Of a parameter
/// given twice the first counts.
pub(crate) fn logged(query: &str, allowed: &[&str]) -> String {
    let mut out = String::from("{");
    // No route has more parameters than a mask has bits; what comes after them is left out.
    let mut seen = 0_u64;
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded(name);
        let Some(at) = allowed.iter().take(64).position(|&allowed| allowed == name) else { continue };
        if seen & (1 << at) != 0 {
            continue;
        }
        seen |= 1 << at;
        if out.len() > 1 {
            out.push(',');
        }
        push_json_string(&mut out, &name);
        out.push(':');
        push_json_string(&mut out, truncated(&decoded(value), PARAMETER_LIMIT_BYTES));
    }
    out.push('}');
    out
}

/// Undoes `application/x-www-form-urlencoded`; what is not an escape stands for itself.
fn decoded(encoded: &str) -> String {
    // Three bytes of input make at least one of output; the rest would be cut anyway.
    let encoded = &encoded.as_bytes()[..encoded.len().min(3 * PARAMETER_LIMIT_BYTES)];
    let mut out = Vec::with_capacity(encoded.len());
    let mut at = 0;
    while at < encoded.len() {
        let escape = encoded.get(at + 1..at + 3).and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok())?
        });
        match (encoded[at], escape) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
                continue;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_parameters_are_shown_decoded_and_once() {
        let allowed = ["ano", "q"];
        assert_eq!(
            logged("ano=2025&token=secret&q=a%C3%A7%C3%BAcar+%22x&ano=1", &allowed),
            r#"{"ano":"2025","q":"açúcar \"x"}"#
        );
        assert_eq!(logged("", &allowed), "{}");
        assert_eq!(logged("%61no=%zz%", &allowed), r#"{"ano":"%zz%"}"#);
        assert_eq!(logged("q=%ff%00", &allowed), "{\"q\":\"\u{fffd}\\u0000\"}");
        assert!(logged(&format!("q={}", "x".repeat(100_000)), &allowed).len() < 200);
    }
}
