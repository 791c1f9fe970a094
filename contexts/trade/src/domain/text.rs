//! Text as people compare it: without case, accents and punctuation.

/// `text` in lower case, without accents, every run of anything but letters and digits one space:
/// `" São Tomé e Príncipe"` becomes `"sao tome e principe"`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            None if letter.is_alphanumeric() => folded.extend(letter.to_lowercase()),
            // A combining accent belongs to the letter before it.
            None if ('\u{300}'..='\u{36f}').contains(&letter) => {}
            None if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
            None => {}
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The plain letters of an accented Latin letter; `None` for every other character.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ª' | 'Á' | 'À' | 'Â' | 'Ã' | 'Ä' | 'Å' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => "i",
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'º' | 'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => "o",
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => "u",
        'ç' | 'Ç' => "c",
        'ñ' | 'Ñ' => "n",
        'ý' | 'ÿ' | 'Ý' => "y",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ß' => "ss",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        assert_eq!(fold("  São Tomé e Príncipe "), "sao tome e principe");
        assert_eq!(fold("Côte d'Ivoire"), "cote d ivoire");
        assert_eq!(fold("AÇÚCAR, de cana (bruto)"), "acucar de cana bruto");
        assert_eq!(fold("Sa\u{303}o"), "sao");
        assert_eq!(fold("--"), "");
        assert_eq!(fold("日本"), "日本");
    }
}
