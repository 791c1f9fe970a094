//! What the headers of an answer say.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{
    AGE, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, DATE, ETAG, EXPIRES, HeaderMap, HeaderName,
    LAST_MODIFIED, RETRY_AFTER,
};

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    httpdate::parse_http_date(text).ok().map(|moment: SystemTime| moment.into())
}

/// `Date`.
pub(super) fn date(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    text(headers, DATE).and_then(moment)
}

/// `Last-Modified`.
pub(super) fn last_modified(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    text(headers, LAST_MODIFIED).and_then(moment)
}

/// `ETag`, as it stands.
pub(super) fn etag(headers: &HeaderMap) -> Option<String> {
    text(headers, ETAG).map(str::to_owned)
}

/// `Content-Length`, of a HEAD too.
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    text(headers, CONTENT_LENGTH)?.parse().ok()
}

/// `Content-Type` in lower case; empty where there is none.
pub(super) fn content_type(headers: &HeaderMap) -> String {
    text(headers, CONTENT_TYPE).unwrap_or("").to_ascii_lowercase()
}

/// What lets a download go on where it stopped: a strong `ETag`, else `Last-Modified` (RFC 9110, section 13.1.5).
pub(super) fn validator(headers: &HeaderMap) -> Option<String> {
    let strong = text(headers, ETAG).filter(|etag| etag.starts_with('"'));
    strong.or_else(|| text(headers, LAST_MODIFIED)).map(str::to_owned)
}

/// `Retry-After`: seconds, or a moment of the source's own clock, else of ours.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER)?;
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let wait = moment(value)? - date(headers).unwrap_or(now);
    Some(wait.to_std().unwrap_or(Duration::ZERO))
}

/// How long the answer is fresh by its own words; see [`super::Received::fresh_seconds`].
pub(super) fn fresh_seconds(headers: &HeaderMap) -> Option<u64> {
    let mut max_age = None;
    for value in headers.get_all(CACHE_CONTROL) {
        let Ok(value) = value.to_str() else { return Some(0) };
        for directive in value.split(',').map(|directive| directive.trim().to_ascii_lowercase()) {
            match directive.split_once('=') {
                None if directive == "no-store" || directive == "no-cache" => return Some(0),
                Some(("max-age", seconds)) => max_age = Some(seconds.trim_matches('"').parse().unwrap_or(0)),
                Some(("no-cache", _)) => return Some(0),
                _ => {}
            }
        }
    }
    let age = text(headers, AGE).and_then(|age| age.parse().ok()).unwrap_or(0);
    let lifetime: u64 = match (max_age, headers.get(EXPIRES)) {
        (Some(seconds), _) => seconds,
        (None, None) => return None,
        (None, Some(_)) => {
            let expires = text(headers, EXPIRES).and_then(moment);
            let (Some(expires), Some(date)) = (expires, date(headers)) else { return Some(0) };
            u64::try_from((expires - date).num_seconds()).unwrap_or(0)
        }
    };
    Some(lifetime.saturating_sub(age))
}

/// `Content-Range: bytes from-to/total`; the total may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub from: u64,
    /// The last byte, included.
    pub to: u64,
    pub total: Option<u64>,
}

/// The range of a 206; `None` where it cannot be understood or contradicts itself.
pub(super) fn content_range(headers: &HeaderMap) -> Option<ContentRange> {
    let (range, total) = text(headers, CONTENT_RANGE)?.strip_prefix("bytes ")?.split_once('/')?;
    let (from, to) = range.split_once('-')?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    let total = if total == "*" { None } else { Some(total.parse().ok()?) };
    (from <= to && total.is_none_or(|total| to < total)).then_some(ContentRange { from, to, total })
}

/// The total of a 416: `Content-Range: bytes */total`.
pub(super) fn unsatisfied_total(headers: &HeaderMap) -> Option<u64> {
    text(headers, CONTENT_RANGE)?.strip_prefix("bytes */")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Lines<'a> = &'a [(HeaderName, &'a str)];

    fn headers(lines: Lines<'_>) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn freshness_is_the_source_s_word_and_never_our_clock() {
        let cases: [(Lines<'_>, Option<u64>); 13] = [
            (&[], None),
            (&[(CACHE_CONTROL, "public, max-age=60")], Some(60)),
            (&[(CACHE_CONTROL, "Max-Age=\"60\""), (AGE, "20")], Some(40)),
            (&[(CACHE_CONTROL, "max-age=60"), (AGE, "90")], Some(0)),
            (&[(CACHE_CONTROL, "max-age=60, no-store")], Some(0)),
            (&[(CACHE_CONTROL, "no-cache")], Some(0)),
            (&[(CACHE_CONTROL, "no-cache=\"Set-Cookie\"")], Some(0)),
            (&[(CACHE_CONTROL, "max-age=-5")], Some(0)),
            (&[(EXPIRES, "Wed, 01 Jan 2020 00:01:00 GMT"), (DATE, "Wed, 01 Jan 2020 00:00:00 GMT")], Some(60)),
            (&[(EXPIRES, "Wed, 01 Jan 2020 00:00:00 GMT"), (DATE, "Wed, 01 Jan 2020 00:01:00 GMT")], Some(0)),
            (&[(EXPIRES, "Wed, 01 Jan 2020 00:01:00 GMT")], Some(0)),
            (&[(EXPIRES, "0"), (DATE, "Wed, 01 Jan 2020 00:00:00 GMT")], Some(0)),
            (&[(EXPIRES, "0"), (CACHE_CONTROL, "max-age=9")], Some(9)),
        ];
        for (lines, expected) in cases {
            assert_eq!(fresh_seconds(&headers(lines)), expected, "{lines:?}");
        }
    }

    #[test]
    fn retry_after_in_both_forms() {
        let now = "2020-01-01T00:00:00Z".parse().unwrap();
        let wait = |lines: &[(HeaderName, &str)]| retry_after(&headers(lines), now).map(|wait| wait.as_secs());
        assert_eq!(wait(&[(RETRY_AFTER, "10")]), Some(10));
        assert_eq!(wait(&[(RETRY_AFTER, "99999999999999999999")]), Some(u64::from(u32::MAX)));
        let moment = "Wed, 01 Jan 2020 00:00:30 GMT";
        assert_eq!(wait(&[(RETRY_AFTER, moment)]), Some(30));
        // The source's clock goes ahead: its own `Date` says how far.
        assert_eq!(wait(&[(RETRY_AFTER, moment), (DATE, "Wed, 01 Jan 2020 00:00:25 GMT")]), Some(5));
        assert_eq!(wait(&[(RETRY_AFTER, "Tue, 31 Dec 2019 00:00:00 GMT")]), Some(0));
        assert_eq!([wait(&[(RETRY_AFTER, "soon")]), wait(&[(RETRY_AFTER, "")]), wait(&[])], [None; 3]);
    }

    #[test]
    fn ranges_that_make_no_sense_are_none() {
        let range = |text: &str| content_range(&headers(&[(CONTENT_RANGE, text)]));
        assert_eq!(range("bytes 5-9/10"), Some(ContentRange { from: 5, to: 9, total: Some(10) }));
        assert_eq!(range("bytes 5-9/*"), Some(ContentRange { from: 5, to: 9, total: None }));
        for wrong in ["bytes 9-5/10", "bytes 5-10/10", "bytes */10", "items 5-9/10", "bytes 5-9", "bytes -9/10", ""] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
        assert_eq!(unsatisfied_total(&headers(&[(CONTENT_RANGE, "bytes */10")])), Some(10));
    }

    #[test]
    fn weak_etags_do_not_continue_a_download() {
        let modified = "Wed, 01 Jan 2020 00:00:00 GMT";
        assert_eq!(validator(&headers(&[(ETAG, "\"a\""), (LAST_MODIFIED, modified)])).unwrap(), "\"a\"");
        assert_eq!(validator(&headers(&[(ETAG, "W/\"a\""), (LAST_MODIFIED, modified)])).unwrap(), modified);
        assert_eq!(validator(&headers(&[(ETAG, "W/\"a\"")])), None);
    }
}
