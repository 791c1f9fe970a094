//! Finding products and countries: `GET /v1/ncm?q=` and `GET /v1/countries`.

mod countries;
pub mod http;
mod index;
mod search;
mod words;

use platform::http::language::Language;

use crate::domain::code::Ncm;
use crate::domain::reference::Reference;
use crate::simulator::ranking::RankingIndex;

pub use search::{Found, SEARCH_LIMIT_MAX, Search};

/// What both endpoints answer from, prepared with each snapshot.
#[derive(Debug)]
pub struct Catalogue {
    search: Search,
    /// The list of countries as a JSON array.
    countries_json: String,
    countries: usize,
}

impl Catalogue {
    /// From the tables of a snapshot and the products of its data.
    #[must_use]
    pub fn new(reference: &Reference, ranking: &RankingIndex) -> Self {
        let (countries_json, countries) = countries::json(reference);
        Self { search: Search::new(reference, ranking), countries_json, countries }
    }

    /// The products.
    #[must_use]
    pub const fn search(&self) -> &Search {
        &self.search
    }
}

/// What a product is called, in the language if the table has it, else in Portuguese.
pub(crate) fn description(reference: &Reference, ncm: Ncm, language: Language) -> Option<&str> {
    let product = reference.products.get(&ncm)?;
    let english = product.name_en.as_deref().filter(|_| language == Language::En);
    Some(english.unwrap_or(&product.name_pt))
}

#[cfg(test)]
mod tests;
