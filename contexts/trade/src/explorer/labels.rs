//! What codes are called, in the language of the answer.

use std::borrow::Cow;

use super::cuts::slug;
use super::request::Dimension;
use crate::domain::bloc::{self, BlocId};
use crate::domain::code::{CountryCode, Ncm, SECTORS, SectorId, UFS, Via};
use crate::domain::fact::URF_NONE;
use crate::domain::reference::Reference;
use crate::domain::region::{REGIONS, REGIONS_EN};
use platform::http::language::Language;

/// The English names of [`SECTORS`], as the sections of ISIC that they are.
const SECTORS_EN: [&str; SECTORS.len()] =
    ["Agriculture", "Mining and Quarrying", "Manufacturing", "Other Products", "Not classified"];

/// The code tables in one language. English falls back on Portuguese.
pub(super) struct Labels<'a> {
    reference: &'a Reference,
    language: Language,
    slugs: Vec<String>,
}

impl<'a> Labels<'a> {
    pub(super) fn new(reference: &'a Reference, language: Language) -> Self {
        Self { reference, language, slugs: reference.sectors.iter().map(|name| slug(name)).collect() }
    }

    /// ISO alpha-2, else `CO_PAIS` in three digits.
    pub(super) fn country_code(&self, code: CountryCode) -> Cow<'a, str> {
        let iso2 = self.reference.countries.get(&code).and_then(|country| country.iso2.as_deref());
        iso2.map_or_else(|| Cow::Owned(format!("{code:03}")), Cow::Borrowed)
    }

    pub(super) fn country(&self, code: CountryCode) -> Option<&'a str> {
        let country = self.reference.countries.get(&code)?;
        match self.language {
            Language::En if !country.name_en.is_empty() => Some(&country.name_en),
            _ => Some(&country.name_pt),
        }
    }

    /// The two letters.
    pub(super) fn uf_code(uf: u8) -> &'static str {
        UFS.get(usize::from(uf)).map_or("ND", |(letters, _)| letters)
    }

    pub(super) fn product(&self, dimension: Dimension, code: u32) -> Option<&'a str> {
        match dimension {
            Dimension::Sh2 => self.reference.chapters.get(&u8::try_from(code).ok()?).map(String::as_str),
            Dimension::Sh4 => self.reference.headings.get(&u16::try_from(code).ok()?).map(String::as_str),
            Dimension::Sh6 => self.reference.subheadings.get(&code).map(String::as_str),
            _ => {
                let product = self.reference.products.get(&Ncm(code))?;
                let english = product.name_en.as_deref().filter(|_| self.language == Language::En);
                Some(english.unwrap_or(&product.name_pt))
            }
        }
    }

    pub(super) fn sector_slug(&self, sector: SectorId) -> Cow<'a, str> {
        self.slugs
            .get(usize::from(sector))
            .map_or_else(|| Cow::Owned(sector.to_string()), |slug| Cow::Owned(slug.clone()))
    }

    pub(super) fn sector(&self, sector: SectorId) -> Option<&'a str> {
        let english = SECTORS_EN.get(usize::from(sector)).copied().filter(|_| self.language == Language::En);
        english.or_else(|| self.reference.sectors.get(usize::from(sector)).map(String::as_str))
    }

    /// `0817800`; `None` where the file names no unit.
    pub(super) fn urf_code(code: u32) -> Option<String> {
        (code != URF_NONE).then(|| format!("{code:07}"))
    }

    pub(super) fn urf(&self, code: u32) -> Option<&'a str> {
        match (code, self.language) {
            (URF_NONE, Language::En) => Some("No information"),
            (URF_NONE, _) => Some("Sem informação"),
            _ => self.reference.urfs.get(&code).map(String::as_str),
        }
    }

    pub(super) fn region(&self, region: u8) -> Option<&'a str> {
        let english = REGIONS_EN.get(usize::from(region)).copied().filter(|_| self.language == Language::En);
        english.or_else(|| REGIONS.get(usize::from(region)).map(|(_, name)| *name))
    }

    pub(super) fn bloc(&self, id: BlocId) -> &'a str {
        match (bloc::bloc(id), self.language) {
            (Some(bloc), Language::En) => bloc.name_en,
            (Some(bloc), _) => bloc.name_pt,
            (None, Language::En) => bloc::NO_BLOC.2,
            (None, _) => bloc::NO_BLOC.1,
        }
    }

    /// The short name of a statistical unit, as the ministry's table has it; its number where no table is loaded.
    pub(super) fn unit(&self, unit: u8) -> Cow<'a, str> {
        let name = self.reference.units.get(&unit).map(|name| Cow::Borrowed(name.as_str()));
        name.unwrap_or_else(|| Cow::Owned(unit.to_string()))
    }

    pub(super) fn way(&self, via: Via) -> Option<&'a str> {
        self.reference.ways.get(&via).map(String::as_str)
    }
}
