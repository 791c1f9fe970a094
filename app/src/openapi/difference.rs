//! How two JSON documents differ, by the places where they do.

use std::collections::BTreeSet;

use serde_json::Value;

/// Most places that are listed.
const PLACES_MAX: usize = 50;
/// Longest part of a value that is shown, in characters.
const SHOWN_CHARS: usize = 160;

/// One line for each place: `-` what only `before` has, `+` what only `after` has.
///
/// # Errors
/// If one of them is no JSON.
pub fn lines(before: &str, after: &str) -> Result<String, serde_json::Error> {
    let mut found = Vec::new();
    compare("", &serde_json::from_str(before)?, &serde_json::from_str(after)?, &mut found);
    if found.is_empty() {
        return Ok("  the content is the same; only its layout differs".to_owned());
    }
    let more = found.len().saturating_sub(PLACES_MAX);
    found.truncate(PLACES_MAX);
    if more > 0 {
        found.push(format!("  and {more} more"));
    }
    Ok(found.join("\n"))
}

fn compare(place: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(left), Value::Object(right)) => {
            let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for name in names {
                let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
                either(&place, left.get(name), right.get(name), found);
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            for at in 0..left.len().max(right.len()) {
                either(&format!("{place}/{at}"), left.get(at), right.get(at), found);
            }
        }
        _ if before != after => {
            found.push(format!("- {place}: {}", shown(before)));
            found.push(format!("+ {place}: {}", shown(after)));
        }
        _ => {}
    }
}

fn either(place: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<String>) {
    match (before, after) {
        (Some(before), Some(after)) => compare(place, before, after, found),
        (Some(before), None) => found.push(format!("- {place}: {}", shown(before))),
        (None, Some(after)) => found.push(format!("+ {place}: {}", shown(after))),
        (None, None) => {}
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn differences_are_named_by_their_place() {
        let before = r#"{"a": {"b/c": 1, "d": [1, 2]}, "e": true}"#;
        let after = r#"{"a": {"b/c": 2, "d": [1]}, "f": null}"#;
        assert_eq!(lines(before, after).unwrap(), "- /a/b~1c: 1\n+ /a/b~1c: 2\n- /a/d/1: 2\n- /e: true\n+ /f: null");
        assert!(lines(before, &before.replace(' ', "")).unwrap().contains("only its layout"));
        assert!(lines("{", after).is_err());
    }

    #[test]
    fn long_lists_and_values_are_cut() {
        let many = |value: &str| format!("[{}]", vec![value; 200].join(","));
        let text = lines(&many("1"), &many(&format!("\"{}\"", "é".repeat(500)))).unwrap();
        assert!(text.lines().count() == 51 && text.ends_with("and 350 more"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() < 200));
    }
}
