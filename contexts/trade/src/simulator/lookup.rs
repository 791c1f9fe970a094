//! The countries of a snapshot as the simulator needs them: who can be ranked, and what people call them.

use std::collections::{BTreeMap, HashMap};

use crate::domain::code::CountryCode;
use crate::domain::country::{BRAZIL, build_countries};
use crate::domain::country_name;
use crate::domain::reference::{Country, Reference};

/// A country that can be ranked.
#[derive(Debug, Clone)]
pub struct Destination {
    /// `CO_PAIS`.
    pub code: CountryCode,
    /// ISO alpha-2, else `CO_PAIS`.
    pub public_code: String,
    /// ISO alpha-3; empty without one.
    pub iso3: String,
    /// Portuguese name.
    pub name_pt: String,
    /// English name.
    pub name_en: String,
    /// Flag as an emoji.
    pub flag_emoji: String,
    /// Group of the estimate table.
    pub group: String,
    /// Great-circle distance in km from São Paulo to the capital.
    pub distance_km: f64,
    /// Its natural logarithm.
    pub(super) ln_km: f64,
    /// Place in the order by public code, which breaks ties.
    pub(super) order: u16,
    /// `"country_code":…,"country_name":…,"flag_emoji":…` as JSON, in Portuguese and in English.
    pub(super) json: [String; 2],
}

/// A set of destinations, as bits by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountrySet(Vec<u64>);

impl CountrySet {
    /// Adds a destination by its place.
    pub(super) fn insert(&mut self, place: u16) {
        let (word, bit) = (usize::from(place / 64), place % 64);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << bit;
    }

    /// Whether the destination at a place is in the set.
    #[must_use]
    pub(super) fn contains(&self, place: u16) -> bool {
        self.0.get(usize::from(place / 64)).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}

/// What a country's code in a request stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A country that can be ranked, by its place among the destinations.
    Destination(u16),
    /// Brazil.
    Brazil,
    /// A code of the table that is no destination: ships' stores, undeclared, no longer a country.
    NoDestination,
}

/// Rankable countries, and every code that stands for a country.
#[derive(Debug, Default)]
pub struct CountryLookup {
    /// Ascending by `CO_PAIS`.
    pub(super) destinations: Vec<Destination>,
    /// Place by `CO_PAIS`; [`NO_PLACE`] for what is not ranked.
    places: Vec<u16>,
    by_text: HashMap<String, Found>,
    /// Names of the snapshot by [`country_name::key`].
    by_name: HashMap<String, Found>,
}

/// Longest name that is looked up, in bytes.
const NAME_BYTES_MAX: usize = 200;
/// Place of a country that is not ranked.
pub(super) const NO_PLACE: u16 = u16::MAX;

impl CountryLookup {
    /// From the countries of a snapshot; before any was loaded, from the embedded table.
    #[must_use]
    pub fn new(reference: &Reference) -> Self {
        if !reference.countries.is_empty() {
            return Self::of(&reference.countries, &reference.merged);
        }
        let (countries, merged) = build_countries(None, &[]);
        Self::of(&countries, &merged)
    }

    fn of(countries: &BTreeMap<CountryCode, Country>, merged: &HashMap<CountryCode, CountryCode>) -> Self {
        let mut lookup = Self::default();
        for country in countries.values() {
            lookup.add(country);
        }
        for (code, canonical) in merged {
            if let Some(found) = lookup.by_text.get(&format!("{canonical:03}")).copied() {
                lookup.by_text.insert(format!("{code:03}"), found);
            }
            lookup.set_place(*code, lookup.place(*canonical));
        }
        let mut by_code: Vec<usize> = (0..lookup.destinations.len()).collect();
        by_code.sort_by(|a, b| lookup.destinations[*a].public_code.cmp(&lookup.destinations[*b].public_code));
        for (order, at) in (0..).zip(by_code) {
            lookup.destinations[at].order = order;
        }
        lookup
    }

    fn add(&mut self, country: &Country) {
        let distance = country.distance_km.filter(|km| country.rankable && *km > 0.0);
        let found = match (u16::try_from(self.destinations.len()), distance) {
            (Ok(place), Some(distance_km)) if country.code != BRAZIL && place != NO_PLACE => {
                self.destinations.push(destination(country, distance_km));
                self.set_place(country.code, place);
                Found::Destination(place)
            }
            _ if country.code == BRAZIL => Found::Brazil,
            _ => Found::NoDestination,
        };
        self.by_text.insert(format!("{:03}", country.code), found);
        for iso in [&country.iso2, &country.iso3].into_iter().flatten() {
            self.by_text.entry(iso.to_ascii_uppercase()).or_insert(found);
        }
        for name in [&country.name_pt, &country.name_en] {
            self.by_name.entry(country_name::key(name)).or_insert(found);
        }
    }

    fn set_place(&mut self, code: CountryCode, place: u16) {
        let at = usize::from(code);
        if self.places.len() <= at {
            self.places.resize(at + 1, NO_PLACE);
        }
        self.places[at] = place;
    }

    /// The place of a `CO_PAIS` among the destinations; [`NO_PLACE`] for what is not ranked.
    #[must_use]
    pub(super) fn place(&self, code: CountryCode) -> u16 {
        self.places.get(usize::from(code)).copied().unwrap_or(NO_PLACE)
    }

    /// What a code or name stands for: ISO alpha-2 or alpha-3 in any case, `CO_PAIS` with or without
    /// leading zeros, or a name in Portuguese or English. `None` when it is unknown.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<Found> {
        let code = code.trim();
        if code.is_empty() || code.len() > NAME_BYTES_MAX {
            return None;
        }
        self.by_text
            .get(&format!("{:0>3}", code.to_ascii_uppercase()))
            .or_else(|| self.by_text.get(&code.to_ascii_uppercase()))
            .or_else(|| self.by_name.get(&country_name::key(code)))
            .or_else(|| self.by_text.get(&format!("{:03}", country_name::find(code)?)))
            .copied()
    }

    /// The destination at a place.
    #[must_use]
    pub fn destination(&self, place: u16) -> Option<&Destination> {
        self.destinations.get(usize::from(place))
    }

    /// How many countries can be ranked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.destinations.len()
    }

    /// Whether none can.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.destinations.is_empty()
    }
}

fn destination(country: &Country, distance_km: f64) -> Destination {
    let json = |name: &str| {
        format!(
            "\"country_code\":{},\"country_name\":{},\"flag_emoji\":{}",
            serde_json::Value::from(country.public_code()),
            serde_json::Value::from(name),
            serde_json::Value::from(country.flag_emoji.as_str()),
        )
    };
    Destination {
        code: country.code,
        public_code: country.public_code(),
        iso3: country.iso3.clone().unwrap_or_default(),
        name_pt: country.name_pt.clone(),
        name_en: country.name_en.clone(),
        flag_emoji: country.flag_emoji.clone(),
        group: country.group.clone(),
        distance_km,
        ln_km: distance_km.ln(),
        order: 0,
        json: [json(&country.name_pt), json(&country.name_en)],
    }
}
