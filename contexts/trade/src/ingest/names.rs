//! Countries and sectors by name, for the simple layout.
//!
//! Blocks of a file are parsed in parallel and must not fight over a table, and the code that a new
//! name gets must not depend on which thread was first. So a block keeps names in a table of its own
//! ([`BlockNames`]); when it is delivered, in file order, its names are given codes ([`Names::settle`]).

use std::collections::HashMap;
use std::sync::Arc;

use encoding_rs::WINDOWS_1252;

use super::error::Fault;
use super::row::Reason;
use crate::domain::code::{COUNTRY_CODE_UNLISTED, CountryCode, SectorId};
use crate::domain::country_name;
use crate::domain::fact::{Fact, SECTOR_DERIVED};

/// Most unknown country names that one [`Names`] takes.
pub const MAX_NEW_COUNTRIES: usize = 2_000;
/// Most sectors, known and new: a [`SectorId`] is one byte.
pub const MAX_SECTORS: usize = 250;
/// Longest name in characters, as the store's columns have it.
pub const MAX_NAME_CHARACTERS: usize = 100;
/// Most spellings of one kind in one block.
const MAX_SPELLINGS: usize = 20_000;

/// A country that the store knows, with everything a file may call it.
#[derive(Debug, Clone, Default)]
pub struct KnownCountry {
    /// Its code, 1000 and up for names that earlier files brought.
    pub code: CountryCode,
    /// ISO 3166-1 alpha-2.
    pub iso2: Option<String>,
    /// ISO 3166-1 alpha-3; the placeholder `ZZZ` is ignored.
    pub iso3: Option<String>,
    /// Portuguese and English names and their variants.
    pub names: Vec<String>,
}

#[derive(Debug, Default)]
struct Known {
    countries: HashMap<String, CountryCode>,
    sectors: HashMap<String, SectorId>,
}

/// What names mean, and what the files read so far added. A file that is refused may have added names:
/// keep a copy from before it where another file follows.
#[derive(Debug, Clone)]
pub struct Names {
    known: Arc<Known>,
    added_countries: HashMap<String, CountryCode>,
    added_sectors: HashMap<String, SectorId>,
    new_countries: Vec<(CountryCode, String)>,
    new_sectors: Vec<(SectorId, String)>,
    next_country: CountryCode,
    next_sector: usize,
}

impl Names {
    /// Of the countries and the sector list (by [`SectorId`]) that the store knows. Where two
    /// countries share a name or code the first given wins: give canonical ones first.
    #[must_use]
    pub fn new(countries: &[KnownCountry], sectors: &[String]) -> Self {
        let mut known = Known::default();
        for country in countries {
            for name in &country.names {
                known.countries.entry(fold(name)).or_insert(country.code);
            }
        }
        // Codes after all names, so that no code hides a name.
        let iso = |country: &KnownCountry| {
            let iso2 = country.iso2.clone().filter(|iso| iso.len() == 2);
            let iso3 = country.iso3.clone().filter(|iso| iso.len() == 3 && iso != "ZZZ");
            [iso2, iso3]
        };
        for country in countries {
            for code in iso(country).into_iter().flatten() {
                known.countries.entry(fold(&code)).or_insert(country.code);
            }
        }
        for (id, name) in sectors.iter().enumerate() {
            if let Ok(id) = SectorId::try_from(id) {
                known.sectors.entry(fold(name)).or_insert(id);
            }
        }
        let highest = countries.iter().map(|country| country.code).max().unwrap_or(0);
        Self {
            known: Arc::new(known),
            added_countries: HashMap::new(),
            added_sectors: HashMap::new(),
            new_countries: Vec::new(),
            new_sectors: Vec::new(),
            next_country: COUNTRY_CODE_UNLISTED.max(highest.saturating_add(1)),
            next_sector: sectors.len(),
        }
    }

    /// Country names that no table knew, with the codes they were given, in order of appearance.
    #[must_use]
    pub fn new_countries(&self) -> &[(CountryCode, String)] {
        &self.new_countries
    }

    /// Sector names likewise.
    #[must_use]
    pub fn new_sectors(&self) -> &[(SectorId, String)] {
        &self.new_sectors
    }

    /// The known names, for threads that parse.
    pub(crate) fn known(&self) -> KnownNames {
        KnownNames(Arc::clone(&self.known))
    }

    /// Turns the block's own numbers in `facts` into codes. Blocks must come in file order.
    pub(crate) fn settle(&mut self, block: &BlockNames, facts: &mut [Fact]) -> Result<(), Fault> {
        if block.countries.found.is_empty() {
            return Ok(());
        }
        let mut countries = Vec::with_capacity(block.countries.found.len());
        for found in &block.countries.found {
            countries.push(self.settle_country(found)?);
        }
        let mut sectors = Vec::with_capacity(block.sectors.found.len());
        for found in &block.sectors.found {
            sectors.push(self.settle_sector(found)?);
        }
        for fact in facts {
            fact.country = countries[usize::from(fact.country)];
            if fact.sector != SECTOR_DERIVED {
                fact.sector = sectors[usize::from(fact.sector)];
            }
        }
        Ok(())
    }

    fn settle_country(&mut self, found: &Found<CountryCode>) -> Result<CountryCode, Fault> {
        let Found::Unknown { folded, name } = found else {
            return Ok(found.known_or_default());
        };
        if let Some(code) = self.added_countries.get(folded) {
            return Ok(*code);
        }
        let next = self.next_country.checked_add(1);
        let (Some(next), true) = (next, self.new_countries.len() < MAX_NEW_COUNTRIES) else {
            return Err(Fault::TooManyNames { kind: "country", limit: MAX_NEW_COUNTRIES });
        };
        let code = std::mem::replace(&mut self.next_country, next);
        self.added_countries.insert(folded.clone(), code);
        self.new_countries.push((code, name.clone()));
        Ok(code)
    }

    fn settle_sector(&mut self, found: &Found<SectorId>) -> Result<SectorId, Fault> {
        let Found::Unknown { folded, name } = found else {
            return Ok(found.known_or_default());
        };
        if let Some(id) = self.added_sectors.get(folded) {
            return Ok(*id);
        }
        let id = SectorId::try_from(self.next_sector).ok().filter(|_| self.next_sector < MAX_SECTORS);
        let id = id.ok_or(Fault::TooManyNames { kind: "sector", limit: MAX_SECTORS })?;
        self.next_sector += 1;
        self.added_sectors.insert(folded.clone(), id);
        self.new_sectors.push((id, name.clone()));
        Ok(id)
    }
}

#[derive(Debug)]
enum Found<T> {
    Known(T),
    Unknown { folded: String, name: String },
}

impl<T: Copy + Default> Found<T> {
    fn known_or_default(&self) -> T {
        match self {
            Self::Known(value) => *value,
            Self::Unknown { .. } => T::default(),
        }
    }
}

#[derive(Debug)]
struct Spellings<T> {
    place: HashMap<Box<[u8]>, u16>,
    found: Vec<Found<T>>,
}

impl<T> Default for Spellings<T> {
    fn default() -> Self {
        Self { place: HashMap::new(), found: Vec::new() }
    }
}

impl<T> Spellings<T> {
    fn push(&mut self, spelling: &[u8], found: Found<T>) -> Option<u16> {
        let place = u16::try_from(self.found.len()).ok().filter(|_| self.found.len() < MAX_SPELLINGS)?;
        self.place.insert(spelling.into(), place);
        self.found.push(found);
        Some(place)
    }
}

/// The names that do not change while a file is read.
#[derive(Debug, Clone)]
pub(crate) struct KnownNames(Arc<Known>);

impl KnownNames {
    /// An empty table for one block.
    pub fn block(&self) -> BlockNames {
        BlockNames { known: Arc::clone(&self.0), countries: Spellings::default(), sectors: Spellings::default() }
    }
}

/// The names of one block, numbered by first appearance.
#[derive(Debug)]
pub(crate) struct BlockNames {
    known: Arc<Known>,
    countries: Spellings<CountryCode>,
    sectors: Spellings<SectorId>,
}

impl BlockNames {
    /// The block's number of a country: by name, ISO code or `CO_PAIS`.
    pub fn country(&mut self, field: &[u8]) -> Result<u16, Reason> {
        if let Some(place) = self.countries.place.get(field) {
            return Ok(*place);
        }
        let name = name_of(field).ok_or(Reason::Country)?;
        let found = if name.bytes().all(|byte| byte.is_ascii_digit()) {
            let code = name.parse::<CountryCode>().ok().filter(|code| *code < COUNTRY_CODE_UNLISTED);
            Found::Known(code.ok_or(Reason::Country)?)
        } else {
            let folded = fold(&name);
            match self.known.countries.get(&folded).copied().or_else(|| country_name::find(&name)) {
                Some(code) => Found::Known(code),
                None if name.chars().any(char::is_alphabetic) => Found::Unknown { folded, name },
                None => return Err(Reason::Country),
            }
        };
        self.countries.push(field, found).ok_or(Reason::TooManyNames)
    }

    /// The block's number of a sector; [`SECTOR_DERIVED`] for an empty field.
    pub fn sector(&mut self, field: &[u8]) -> Result<SectorId, Reason> {
        if field.is_empty() {
            return Ok(SECTOR_DERIVED);
        }
        let place = match self.sectors.place.get(field) {
            Some(place) => *place,
            None => {
                let name = name_of(field).ok_or(Reason::Sector)?;
                let folded = fold(&name);
                let found = match self.known.sectors.get(&folded) {
                    Some(id) => Found::Known(*id),
                    None => Found::Unknown { folded, name },
                };
                self.sectors.push(field, found).ok_or(Reason::TooManyNames)?
            }
        };
        SectorId::try_from(place).ok().filter(|place| *place < SECTOR_DERIVED).ok_or(Reason::TooManyNames)
    }
}

/// A field as a name: UTF-8, else Windows-1252 (which holds all of latin-1); `None` when it is
/// empty, too long or holds control characters.
fn name_of(field: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(field) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(field).0.into_owned(),
    };
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !name.is_empty() && name.chars().count() <= MAX_NAME_CHARACTERS && !name.chars().any(char::is_control);
    fits.then_some(name)
}

/// A name without case, accents and superfluous spaces, so that spellings meet.
#[must_use]
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for character in name.chars().flat_map(char::to_lowercase) {
        match character {
            'à'..='å' | 'ā' | 'ă' | 'ą' => folded.push('a'),
            'ç' | 'ć' | 'č' => folded.push('c'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => folded.push('e'),
            'ì'..='ï' | 'ī' | 'ı' => folded.push('i'),
            'ñ' | 'ń' | 'ň' => folded.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => folded.push('o'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'š' | 'ś' | 'ş' => folded.push('s'),
            'ž' | 'ź' | 'ż' => folded.push('z'),
            // Typographic apostrophes: Côte d’Ivoire.
            '\u{2018}' | '\u{2019}' | '\u{b4}' | '`' => folded.push('\''),
            // Combining marks of decomposed text.
            '\u{300}'..='\u{36f}' => {}
            _ if character.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            _ => folded.push(character),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}
