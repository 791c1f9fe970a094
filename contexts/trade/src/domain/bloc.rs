//! The economic blocs that destinations belong to. A country may be in several, or in none.

/// A bloc, as its place in [`BLOCS`] plus one; 0 is none.
pub type BlocId = u8;

/// A bloc and who is in it.
#[derive(Debug)]
pub struct Bloc {
    /// Its name in an address.
    pub code: &'static str,
    /// Portuguese name.
    pub name_pt: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Other names that it is asked for by, as slugs.
    aliases: &'static [&'static str],
    /// ISO alpha-2 codes of the members, Brazil left out: it is no destination.
    members: &'static str,
}

/// Members as of 2025.
pub const BLOCS: [Bloc; 9] = [
    Bloc {
        code: "mercosul",
        name_pt: "Mercosul",
        name_en: "Mercosur",
        aliases: &["mercosur", "mercado-comum-do-sul"],
        members: "AR BO PY UY VE",
    },
    Bloc {
        code: "uniao-europeia",
        name_pt: "União Europeia",
        name_en: "European Union",
        aliases: &["ue", "eu", "european-union"],
        members: "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    },
    Bloc {
        code: "efta",
        name_pt: "Associação Europeia de Livre Comércio (EFTA)",
        name_en: "European Free Trade Association (EFTA)",
        aliases: &["aelc"],
        members: "CH IS LI NO",
    },
    Bloc {
        code: "usmca",
        name_pt: "Acordo Estados Unidos-México-Canadá (USMCA)",
        name_en: "United States-Mexico-Canada Agreement (USMCA)",
        aliases: &["nafta", "t-mec"],
        members: "CA MX US",
    },
    Bloc {
        code: "comunidade-andina",
        name_pt: "Comunidade Andina",
        name_en: "Andean Community",
        aliases: &["can", "andean-community"],
        members: "BO CO EC PE",
    },
    Bloc {
        code: "alianca-do-pacifico",
        name_pt: "Aliança do Pacífico",
        name_en: "Pacific Alliance",
        aliases: &["pacific-alliance"],
        members: "CL CO MX PE",
    },
    Bloc {
        code: "asean",
        name_pt: "Associação de Nações do Sudeste Asiático (ASEAN)",
        name_en: "Association of Southeast Asian Nations (ASEAN)",
        aliases: &["sudeste-asiatico"],
        members: "BN ID KH LA MM MY PH SG TH TL VN",
    },
    Bloc { code: "brics", name_pt: "BRICS", name_en: "BRICS", aliases: &[], members: "AE CN EG ET ID IN IR RU ZA" },
    Bloc {
        code: "conselho-de-cooperacao-do-golfo",
        name_pt: "Conselho de Cooperação do Golfo",
        name_en: "Gulf Cooperation Council",
        aliases: &["ccg", "gcc", "gulf-cooperation-council"],
        members: "AE BH KW OM QA SA",
    },
];

/// The code and the names of what is in no bloc.
pub const NO_BLOC: (&str, &str, &str) = ("sem-bloco", "Sem bloco", "No bloc");

/// The bloc.
#[must_use]
pub fn bloc(id: BlocId) -> Option<&'static Bloc> {
    usize::from(id).checked_sub(1).and_then(|at| BLOCS.get(at))
}

/// Every bloc with its number.
pub fn all() -> impl Iterator<Item = (BlocId, &'static Bloc)> {
    (1..).zip(&BLOCS)
}

/// The blocs of a country by its ISO alpha-2 code, or [`NO_BLOC`] alone.
#[must_use]
pub fn of(iso2: Option<&str>) -> Vec<BlocId> {
    let of_country = iso2.into_iter().flat_map(|iso2| all().filter(move |(_, bloc)| bloc.has(iso2)));
    let blocs: Vec<BlocId> = of_country.map(|(id, _)| id).collect();
    if blocs.is_empty() { vec![0] } else { blocs }
}

impl Bloc {
    /// Whether the country with this ISO alpha-2 code is in it.
    #[must_use]
    pub fn has(&self, iso2: &str) -> bool {
        self.members.split(' ').any(|member| member == iso2)
    }

    /// Whether `slug` is its code or another name of it.
    #[must_use]
    pub fn is_called(&self, slug: &str) -> bool {
        self.code == slug || self.aliases.contains(&slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_in_the_blocs_that_name_it() {
        let codes =
            |iso2| of(iso2).into_iter().map(|id| bloc(id).map_or(NO_BLOC.0, |bloc| bloc.code)).collect::<Vec<_>>();
        assert_eq!(codes(Some("BO")), ["mercosul", "comunidade-andina"]);
        assert_eq!(codes(Some("DE")), ["uniao-europeia"]);
        assert_eq!(codes(Some("GB")), ["sem-bloco"]);
        assert_eq!(codes(None), ["sem-bloco"]);
        assert_eq!(BLOCS[1].members.split(' ').count(), 27);
    }
}
