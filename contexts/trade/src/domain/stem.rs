//! Words as a search compares them: folded, without plural and gender, Portuguese and English alike.

use super::text::fold;

/// Words that carry no meaning in a question about a product.
const STOP_WORDS: [&str; 40] = [
    "a", "o", "as", "os", "um", "uma", "de", "da", "do", "das", "dos", "e", "em", "no", "na", "nos", "nas", "com",
    "para", "por", "ao", "aos", "ou", "que", "sem", "the", "of", "and", "or", "for", "with", "in", "to", "an", "on",
    "d", "l", "se", "by", "from",
];

/// Portuguese plurals that change more than their last letter, by their ends.
const PLURALS: [(&str, &str); 10] = [
    ("oes", "ao"),
    ("aes", "ao"),
    ("ais", "al"),
    ("eis", "el"),
    ("ois", "ol"),
    ("uis", "ul"),
    ("ns", "m"),
    ("res", "r"),
    ("zes", "z"),
    ("ies", "ie"),
];

/// Whether a folded word says nothing about a product.
#[must_use]
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// The stem of a folded word: `limoes` and `limao`, `congelada` and `congelados`, `berries` and `berry` share one.
#[must_use]
pub fn stem(word: &str) -> String {
    if word.len() < 4 || !word.is_ascii() || word.bytes().any(|byte| byte.is_ascii_digit()) {
        return word.to_owned();
    }
    let plural = PLURALS.iter().find(|(end, _)| word.len() > end.len() && word.ends_with(end));
    let mut stem = match plural {
        Some((end, singular)) => format!("{}{singular}", &word[..word.len() - end.len()]),
        None if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") => {
            word[..word.len() - 1].to_owned()
        }
        None => word.to_owned(),
    };
    if stem.ends_with('y') {
        stem.pop();
        stem.push_str("ie");
    }
    // The vowel of gender; of a word like `ao` it belongs to the stem.
    if stem.len() > 4 && stem.ends_with(['a', 'o', 'e']) && !stem.ends_with("ao") {
        stem.pop();
    }
    stem
}

/// The folded words of a text in order, without stop words.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty() && !is_stop_word(word)).map(str::to_owned).collect()
}

/// Their stems.
#[must_use]
pub fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plural_and_gender_do_not_matter() {
        for (one, many) in [
            ("limão", "limões"),
            ("pão", "pães"),
            ("cereal", "cereais"),
            ("açúcar", "açúcares"),
            ("congelada", "congelados"),
            ("frango", "frangos"),
            ("berry", "berries"),
            ("noz", "nozes"),
            ("papel", "papéis"),
            ("orange", "oranges"),
            ("amendoim", "amendoins"),
            ("fosfórico", "fosfórica"),
        ] {
            assert_eq!(stems(one), stems(many), "{one}");
        }
        assert_ne!(stems("mel"), stems("melão"));
        assert_eq!(stems("suco de laranja"), ["suco", "laranj"]);
    }
}
