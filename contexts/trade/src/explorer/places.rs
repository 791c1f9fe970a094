//! Cuts by region, bloc and customs unit: by code, by name, and what was meant by a near miss.

use std::collections::BTreeSet;

use platform::problem::Text;

use super::cuts::slug;
use super::request::short;
use crate::cube::Snapshot;
use crate::domain::bloc::{self, BlocId};
use crate::domain::code::{CountryCode, UFS};
use crate::domain::fact::URF_NONE;
use crate::domain::region::{self, REGIONS, REGIONS_EN};

/// The most names that a refusal suggests.
const SUGGESTIONS_MAX: usize = 5;
/// The most letters that a name is compared by: longer ones are no near miss.
const NAME_LETTERS_MAX: usize = 64;

/// The customs unit of rows whose file names none, as a cut writes it.
pub(super) const NO_URF_SLUG: &str = "sem-informacao";

/// The states of some regions.
pub(super) fn states(values: &[&str]) -> Result<BTreeSet<u8>, Text> {
    let mut wanted = BTreeSet::new();
    for value in values {
        let name = slug(value);
        let found =
            (0_u8..).zip(REGIONS.iter().zip(REGIONS_EN)).find(|(_, ((code, _), en))| *code == name || slug(en) == name);
        let (at, _) = found.ok_or_else(|| {
            let all = REGIONS.map(|(code, _)| code);
            refused(value, ("uma região", "as regiões são"), ("region", "allowed are"), &near(&name, &all), &all)
        })?;
        wanted.insert(at);
    }
    Ok((0..UFS.len()).filter_map(|uf| u8::try_from(uf).ok()).filter(|uf| wanted.contains(&region::of(*uf))).collect())
}

/// The blocs with these codes or names.
pub(super) fn blocs(values: &[&str]) -> Result<BTreeSet<BlocId>, Text> {
    let mut wanted = BTreeSet::new();
    for value in values {
        let name = slug(value);
        let called = |bloc: &bloc::Bloc| {
            bloc.is_called(&name) || [bloc.name_pt, bloc.name_en].iter().any(|other| slug(other) == name)
        };
        let found = bloc::all().find(|(_, bloc)| called(bloc)).map(|(id, _)| id);
        let found = found.or_else(|| (name == bloc::NO_BLOC.0).then_some(0)).ok_or_else(|| {
            let all: Vec<&str> = bloc::all().map(|(_, bloc)| bloc.code).chain([bloc::NO_BLOC.0]).collect();
            refused(value, ("um bloco", "os blocos são"), ("bloc", "allowed are"), &near(&name, &all), &all)
        })?;
        wanted.insert(found);
    }
    Ok(wanted)
}

/// The countries of the data and of the tables that are in one of the blocs.
pub(super) fn members(blocs: &BTreeSet<BlocId>, snapshot: &Snapshot) -> BTreeSet<CountryCode> {
    let reference = &snapshot.reference;
    let all: BTreeSet<CountryCode> = reference.countries.keys().chain(&snapshot.domains.countries).copied().collect();
    let iso2 = |code: &CountryCode| reference.countries.get(code).and_then(|country| country.iso2.as_deref());
    all.into_iter().filter(|code| bloc::of(iso2(code)).iter().any(|id| blocs.contains(id))).collect()
}

/// A customs unit by its seven digits or its name.
pub(super) fn urf(value: &str, snapshot: &Snapshot) -> Result<u32, Text> {
    let names = &snapshot.reference.urfs;
    let known = |code: u32| names.contains_key(&code) || snapshot.domains.urfs.binary_search(&code).is_ok();
    let digits = !value.is_empty() && value.len() <= 7 && value.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(code) = value.parse().ok().filter(|code| digits && known(*code)) {
        return Ok(code);
    }
    let name = slug(value);
    if name == NO_URF_SLUG {
        return Ok(URF_NONE);
    }
    // A name may stand for two units; the one that exports is meant.
    let exact: Vec<u32> = names.iter().filter(|(_, other)| slug(other) == name).map(|(code, _)| *code).collect();
    let used = exact.iter().find(|code| snapshot.domains.urfs.binary_search(code).is_ok());
    used.or(exact.first()).copied().ok_or_else(|| {
        let in_data = snapshot.domains.urfs.iter().filter_map(|code| names.get(code)).map(|other| slug(other));
        let slugs: Vec<String> = in_data.collect();
        let all: Vec<&str> = slugs.iter().map(String::as_str).collect();
        let near = near(&name, &all);
        let codes = ("uma unidade da Receita Federal", "escreva os 7 dígitos de CO_URF ou o nome, como em");
        refused(
            value,
            codes,
            ("customs unit", "write the 7 digits of CO_URF or its name, as in"),
            &near,
            &["0817800", "porto-de-santos"],
        )
    })
}

fn refused(value: &str, portuguese: (&str, &str), english: (&str, &str), near: &[&str], all: &[&str]) -> Text {
    let (shown, allowed) = (short(value), all.join(", "));
    let mut text = Text::new(
        format!("{shown:?} não é {}; {} {allowed}.", portuguese.0, portuguese.1),
        format!("{shown:?} is no {}; {} {allowed}.", english.0, english.1),
    );
    if !near.is_empty() {
        text.portuguese.push_str(&format!(" Você quis dizer {}?", near.join(", ")));
        text.english.push_str(&format!(" Did you mean {}?", near.join(", ")));
    }
    text
}

/// The names that hold what was written, or are at most two letters away from it.
fn near<'a>(name: &str, all: &[&'a str]) -> Vec<&'a str> {
    if name.is_empty() || name.len() > NAME_LETTERS_MAX {
        return Vec::new();
    }
    let away =
        |other: &&&str| (name.len() >= 3 && other.contains(name)) || distance(name, other) <= name.len().min(6) / 3;
    let mut found: Vec<&str> = all.iter().filter(away).copied().collect();
    found.sort_by_key(|other| distance(name, other));
    found.dedup();
    found.truncate(SUGGESTIONS_MAX);
    found
}

/// How many letters differ, are missing or are too many.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (at, letter) in a.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], at + 1);
        for (place, other) in b.chars().enumerate() {
            let changed = before + usize::from(letter != other);
            before = row[place + 1];
            row[place + 1] = changed.min(before + 1).min(row[place] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}
