//! The regions of Brazil, and the codes of the tables that stand for no state.

use super::code::UFS;

/// The five regions by slug and name, then what is of none of them.
pub const REGIONS: [(&str, &str); 6] = [
    ("norte", "Norte"),
    ("nordeste", "Nordeste"),
    ("sudeste", "Sudeste"),
    ("sul", "Sul"),
    ("centro-oeste", "Centro-Oeste"),
    ("nao-declarada", "Não declarada"),
];

/// [`REGIONS`] in English.
pub const REGIONS_EN: [&str; REGIONS.len()] =
    ["North", "Northeast", "Southeast", "South", "Central-West", "Not declared"];

/// The place of what is of no region.
pub const NONE: u8 = 5;

/// The region of a state, as its place in [`REGIONS`]; codes that stand for no state are of none.
#[must_use]
pub fn of(uf: u8) -> u8 {
    match UFS.get(usize::from(uf)).map_or("", |(letters, _)| *letters) {
        "AC" | "AM" | "AP" | "PA" | "RO" | "RR" | "TO" => 0,
        "AL" | "BA" | "CE" | "MA" | "PB" | "PE" | "PI" | "RN" | "SE" => 1,
        "ES" | "MG" | "RJ" | "SP" => 2,
        "PR" | "RS" | "SC" => 3,
        "DF" | "GO" | "MS" | "MT" => 4,
        _ => NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_is_of_one_region() {
        let count = |region: u8| (0_u8..34).filter(|uf| of(*uf) == region).count();
        assert_eq!([0, 1, 2, 3, 4, NONE].map(count), [7, 9, 4, 3, 4, 7]);
        assert_eq!(of(255), NONE);
    }
}
