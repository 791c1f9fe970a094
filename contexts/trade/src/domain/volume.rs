//! A volume as people write it: `25 t`, `1.000,5 kg`, `2 contêineres 20'`, `1 FEU`.

use super::cargo::{Nature, container_kg};

/// Longest text that is read, in characters.
const TEXT_MAX: usize = 60;
/// Most containers of a volume.
const CONTAINERS_MAX: f64 = 1e6;
const UNITS: [(&str, f64); 34] = [
    ("", 1.0),
    ("kg", 1.0),
    ("kgs", 1.0),
    ("kg.", 1.0),
    ("quilo", 1.0),
    ("quilos", 1.0),
    ("kilo", 1.0),
    ("kilos", 1.0),
    ("quilograma", 1.0),
    ("quilogramas", 1.0),
    ("kilogram", 1.0),
    ("kilograms", 1.0),
    ("kilogramme", 1.0),
    ("kilogrammes", 1.0),
    ("t", 1e3),
    ("t.", 1e3),
    ("tm", 1e3),
    ("mt", 1e3),
    ("ton", 1e3),
    ("tons", 1e3),
    ("tonelada", 1e3),
    ("toneladas", 1e3),
    ("tonne", 1e3),
    ("tonnes", 1e3),
    ("tonelada metrica", 1e3),
    ("toneladas metricas", 1e3),
    ("metric ton", 1e3),
    ("metric tons", 1e3),
    ("lb", 0.453_592_37),
    ("lbs", 0.453_592_37),
    ("libra", 0.453_592_37),
    ("libras", 0.453_592_37),
    ("pound", 0.453_592_37),
    ("pounds", 0.453_592_37),
];

/// A volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Volume {
    /// Kilograms.
    Kg(f64),
    /// Containers.
    Containers {
        /// How many.
        count: f64,
        /// 20 or 40.
        feet: u8,
    },
}

impl Volume {
    /// Kilograms; containers are taken as full of goods of a kind.
    #[must_use]
    pub fn kg(self, nature: Nature) -> f64 {
        match self {
            Self::Kg(kg) => kg,
            Self::Containers { count, feet } => count * container_kg(nature, feet),
        }
    }
}

/// Why a text is no volume.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VolumeError {
    /// `1.000`: one or a thousand. Both readings, as numbers without a mark of thousands.
    #[error("\"{text}\" is ambiguous: {small} or {large}? Write {small} or {large}")]
    Ambiguous {
        /// The number as written.
        text: String,
        /// Read with a decimal mark.
        small: String,
        /// Read with a mark of thousands.
        large: String,
    },
    /// No number where one is expected, or marks that make no sense.
    #[error("a number with a unit is expected, such as 25000, \"25 t\" or \"2 containers 20'\"")]
    Number,
    /// A unit that is not known.
    #[error("unit \"{0}\" is not known: kg, t, lb, container 20' or 40', TEU or FEU")]
    Unit(String),
    /// Containers of another length, or of none.
    #[error("containers are of 20' or 40': write \"1 container 20'\"")]
    Feet,
}

/// Reads a volume.
///
/// # Errors
/// [`VolumeError`] for a text that is no volume, or that could be two.
pub fn parse(text: &str) -> Result<Volume, VolumeError> {
    if text.chars().count() > TEXT_MAX {
        return Err(VolumeError::Number);
    }
    let text: String = text.chars().flat_map(char::to_lowercase).map(plain).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_container(&text) {
        return containers(&text);
    }
    let end = text.rfind(|letter: char| letter.is_ascii_digit()).map_or(0, |at| at + 1);
    let rest = text[end..].trim_start_matches(['.', ',']);
    let (mut unit, digits) = (rest.trim(), &text[..end]);
    let mut scale = 1.0;
    if let Some(left) = unit.strip_prefix("mil ").or_else(|| (unit == "mil").then_some("")) {
        (unit, scale) = (left, 1e3);
    }
    let value = number(digits)?;
    let known = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(|| VolumeError::Unit(unit.to_owned()))?;
    Ok(Volume::Kg(value * scale * known.1))
}

/// Lower-case letters without accents, one kind of quote and of space.
fn plain(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'é' | 'ê' => 'e',
        'í' => 'i',
        'ó' | 'ô' | 'õ' => 'o',
        'ú' => 'u',
        'ç' => 'c',
        '′' | '’' | '‘' | '´' | '`' => '\'',
        '×' => 'x',
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        other => other,
    }
}

fn is_container(text: &str) -> bool {
    let words = ["conte", "contai", "cntr", "teu", "feu", "'", " pes", " ft", "feet", "foot"];
    words.iter().any(|word| text.contains(word)) || text.ends_with("ft") || text.ends_with("pes")
}

/// `2 x 40'`, `contêiner 20`, `3 TEU`: a count, which may be left out, and a length.
fn containers(text: &str) -> Result<Volume, VolumeError> {
    let pieces: Vec<&str> = text
        .split(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | ',')))
        .map(|piece| piece.trim_matches(['.', ',']))
        .filter(|piece| !piece.is_empty())
        .collect();
    let feet_of = |piece: &str| match piece {
        "20" => Some(20),
        "40" => Some(40),
        _ => None,
    };
    let fixed = match (text.contains("teu"), text.contains("feu")) {
        (true, false) => Some(20),
        (false, true) => Some(40),
        _ => None,
    };
    let (count, feet) = match (fixed, pieces.as_slice()) {
        (Some(feet), []) => (1.0, feet),
        (Some(feet), [count]) => (number(count)?, feet),
        (None, [feet]) => (1.0, feet_of(feet).ok_or(VolumeError::Feet)?),
        (None, [first, second]) => match (feet_of(second), feet_of(first)) {
            (Some(feet), _) => (number(first)?, feet),
            (None, Some(feet)) => (number(second)?, feet),
            (None, None) => return Err(VolumeError::Feet),
        },
        _ => return Err(VolumeError::Feet),
    };
    let known = ["container", "containers", "conteiner", "conteineres", "contenedor", "contenedores", "cntr", "cntrs"];
    let others = [
        "teu", "teus", "feu", "feus", "x", "de", "of", "pes", "ft", "feet", "foot", "um", "one", "a", "dry", "hc",
        "reefer",
    ];
    let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    if let Some(word) = words.into_iter().find(|word| !known.contains(word) && !others.contains(word)) {
        return Err(VolumeError::Unit(word.to_owned()));
    }
    if text.contains('-') || !(count > 0.0 && count <= CONTAINERS_MAX) {
        return Err(VolumeError::Number);
    }
    Ok(Volume::Containers { count, feet })
}

/// A number with point, comma or spaces as people write it.
///
/// # Errors
/// [`VolumeError::Ambiguous`] for one to three digits, one mark and three digits (`1.000`), which is one or a
/// thousand; [`VolumeError::Number`] for what is no number.
pub fn number(text: &str) -> Result<f64, VolumeError> {
    let (negative, text) = match text.trim().strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.trim()),
    };
    let text = &without_spaces(text)?;
    let value = unsigned(text)?;
    Ok(if negative { -value } else { value })
}

fn without_spaces(text: &str) -> Result<String, VolumeError> {
    let mut groups = text.split([' ', '\u{a0}', '\u{202f}']);
    let mut joined = groups.next().unwrap_or_default().to_owned();
    for (at, group) in groups.enumerate() {
        let digits = group.bytes().take_while(u8::is_ascii_digit).count();
        let first_fits =
            at > 0 || ((1..=3).contains(&joined.len()) && joined.bytes().all(|byte| byte.is_ascii_digit()));
        if digits != 3 || !first_fits || (at > 0 && joined.contains(['.', ','])) {
            return Err(VolumeError::Number);
        }
        joined.push_str(group);
    }
    Ok(joined)
}

fn unsigned(text: &str) -> Result<f64, VolumeError> {
    let plain_number = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    if !plain_number || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(VolumeError::Number);
    }
    let count = |mark: char| text.matches(mark).count();
    let (points, commas) = (count('.'), count(','));
    let (thousands, decimal) = match (points, commas) {
        (0, 0) => return value_of(text),
        (_, 0) if points > 1 => ('.', None),
        (0, _) if commas > 1 => (',', None),
        (1, 0) | (0, 1) => return one_mark(text),
        _ if text.rfind('.') > text.rfind(',') => (',', Some('.')),
        _ => ('.', Some(',')),
    };
    let (whole, fraction) = match decimal {
        Some(mark) => text.split_once(mark).ok_or(VolumeError::Number)?,
        None => (text, ""),
    };
    let mut groups = whole.split(thousands);
    let first = groups.next().unwrap_or_default();
    let fits = (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|group| group.len() == 3);
    if !fits || fraction.contains(['.', ',']) {
        return Err(VolumeError::Number);
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    value_of(&format!("{whole}.{fraction}"))
}

/// A number with one mark, once.
fn one_mark(text: &str) -> Result<f64, VolumeError> {
    let (whole, fraction) = text.split_once(['.', ',']).ok_or(VolumeError::Number)?;
    if fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0') {
        let small = format!("{whole}.{fraction}").trim_end_matches('0').trim_end_matches('.').to_owned();
        return Err(VolumeError::Ambiguous { text: text.to_owned(), small, large: format!("{whole}{fraction}") });
    }
    value_of(&format!("{whole}.{fraction}"))
}

fn value_of(text: &str) -> Result<f64, VolumeError> {
    text.parse().ok().filter(|value: &f64| value.is_finite()).ok_or(VolumeError::Number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn volumes_are_read_as_people_write_them() {
        for (text, kg) in [
            ("25000", 25_000.0),
            ("25 t", 25_000.0),
            ("25t", 25_000.0),
            ("1,5 t", 1_500.0),
            ("1.5 ton", 1_500.0),
            ("1.000,5", 1_000.5),
            ("1,000.5 kg", 1_000.5),
            ("1.234.567", 1_234_567.0),
            ("25 000 kg", 25_000.0),
            ("25\u{a0}000,5 KG", 25_000.5),
            ("1234.567", 1_234.567),
            ("0.125 t", 125.0),
            ("3 toneladas", 3_000.0),
            ("1 tonelada métrica", 1_000.0),
            ("25 mil t", 25_000_000.0),
            ("100 lb", 45.359_237),
            ("-3", -3.0),
            ("1.", 1.0),
            ("0", 0.0),
        ] {
            assert_eq!(parse(text), Ok(Volume::Kg(kg)), "{text}");
        }
    }

    #[test]
    fn containers_are_read() {
        for (text, count, feet) in [
            ("2 contêineres 20'", 2.0, 20),
            ("container 20", 1.0, 20),
            ("contêiner de 40 pés", 1.0, 40),
            ("40'", 1.0, 40),
            ("40′", 1.0, 40),
            ("1x40'", 1.0, 40),
            ("20 contêineres de 40'", 20.0, 40),
            ("20' x 3", 3.0, 20),
            ("2 TEU", 2.0, 20),
            ("FEU", 1.0, 40),
            ("3 containers 40ft", 3.0, 40),
        ] {
            assert_eq!(parse(text), Ok(Volume::Containers { count, feet }), "{text}");
        }
        assert_eq!(parse("2 contêineres 20'").unwrap().kg(Nature::Bulk), 50_000.0);
        for text in ["2 contêineres", "container 45'", "-1 container 20", "20'' pizza", "0 TEU"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn one_or_a_thousand_is_refused_with_both_readings() {
        for text in ["1.000", "1,000", "25.000 t", "12,500 kg", "999.999", "1.000 TEU"] {
            assert!(matches!(parse(text), Err(VolumeError::Ambiguous { .. })), "{text}");
        }
        let said = parse("1.000 t").unwrap_err().to_string();
        assert_eq!(said, "\"1.000\" is ambiguous: 1 or 1000? Write 1 or 1000");
        let said = parse("1,250").unwrap_err().to_string();
        assert_eq!(said, "\"1,250\" is ambiguous: 1.25 or 1250? Write 1.25 or 1250");
    }

    #[test]
    fn what_is_no_volume_is_refused() {
        for text in
            ["", "abc", "kg", "1.2.3", "1,2,3.4.5", "12,34.5", "1e9", "--1", "5 sacks", "nan", "inf", "1 2", "1.000.00"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert_eq!(parse("5 sacas"), Err(VolumeError::Unit("sacas".into())));
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer(text in ".{0,80}") {
            if let Ok(Volume::Kg(kg)) = parse(&text) {
                prop_assert!(kg.is_finite());
            }
        }

        #[test]
        fn both_ways_to_write_a_number_are_one(whole in 1_000_u64..1_000_000_000, cents in 0..100_u64) {
            let digits = whole.to_string();
            let grouped: Vec<String> = digits.as_bytes().rchunks(3).rev()
                .map(|group| String::from_utf8_lossy(group).into_owned()).collect();
            let expected = whole as f64 + cents as f64 / 100.0;
            for (thousands, decimal) in [(".", ","), (",", ".")] {
                let text = format!("{}{decimal}{cents:02} kg", grouped.join(thousands));
                let read = parse(&text).unwrap().kg(Nature::General);
                prop_assert!((read - expected).abs() < 1e-6, "{text}");
            }
        }
    }
}
