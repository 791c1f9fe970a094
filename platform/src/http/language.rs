//! The language of an answer, by `Accept-Language` (RFC 9110, section 12.5.4).

use axum::http::{HeaderMap, header};

/// The languages this product speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Brazilian Portuguese: what is spoken unless English is preferred.
    #[default]
    PtBr,
    /// English.
    En,
}

impl Language {
    /// As `Content-Language` says it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }

    /// The language the client prefers: the highest `q`, the first of equals. Any Portuguese counts
    /// as `pt-BR` and any English as `en`; `*` and whatever is not understood leave the default.
    #[must_use]
    pub fn of(request: &HeaderMap) -> Self {
        let mut best = (Self::default(), 0);
        let values = request.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        for range in values.flat_map(|value| value.split(',')) {
            let Some((language, quality)) = parse(range) else { continue };
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }
}

/// One range with its quality in thousandths; `None` for a language we do not speak.
fn parse(range: &str) -> Option<(Language, u16)> {
    let mut parts = range.split(';');
    let tag = parts.next()?.trim();
    let primary = tag.split('-').next()?;
    let language = if primary.eq_ignore_ascii_case("pt") || primary == "*" {
        Language::PtBr
    } else if primary.eq_ignore_ascii_case("en") {
        Language::En
    } else {
        return None;
    };
    let quality = match parts.next() {
        None => 1000,
        Some(weight) => thousandths(weight.trim().strip_prefix("q=")?)?,
    };
    Some((language, quality))
}

/// `0`, `1`, `0.5`, `1.000`: at most three decimals, at most one.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if !matches!(whole, "0" | "1") || decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{decimals:0<3}").parse().ok()?;
    let value = if whole == "1" { 1000 + fraction } else { fraction };
    (value <= 1000).then_some(value)
}

/// The text in the language.
#[must_use]
pub const fn pick<'a>(language: Language, portuguese: &'a str, english: &'a str) -> &'a str {
    match language {
        Language::PtBr => portuguese,
        Language::En => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(value: &str) -> Language {
        Language::of(&[(header::ACCEPT_LANGUAGE, HeaderValue::from_str(value).unwrap())].into_iter().collect())
    }

    #[test]
    fn the_preferred_language_of_the_two_is_spoken() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::PtBr);
        let english =
            ["en", "EN-gb", "fr, en;q=0.1", "pt;q=0.2, en;q=0.21", "en, pt", "pt;q=0, en;q=0.001", "en;q=1.000"];
        for value in english {
            assert_eq!(of(value), Language::En, "{value}");
        }
        let portuguese = [
            "",
            "pt",
            "pt-BR,en;q=0.9",
            "fr",
            "*",
            "*, en;q=0.5",
            "en;q=0",
            "en;q=2",
            "en;q=x",
            "en;q=1.001",
            "pt-PT, en",
            "english",
        ];
        for value in portuguese {
            assert_eq!(of(value), Language::PtBr, "{value}");
        }
        assert_eq!((Language::PtBr.tag(), Language::En.tag()), ("pt-BR", "en"));
    }
}
