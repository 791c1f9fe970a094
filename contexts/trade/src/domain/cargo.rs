//! Freight by class of cargo: what kind of goods a product is, how it travels, what a shipment costs,
//! and from what volume the freight is a bearable share of the value.
//!
//! The rates are our own generic ranges (`data/freight.csv`), not quotes. Every way to load a shipment costs
//! `fixed + max(1, kg / unit) · (handling + haul · km / 1000)`; a shipment takes the cheapest way. The cost grows
//! with volume and distance, and the cost of a kilogram falls with the volume.

use std::sync::LazyLock;

use super::code::Ncm;

static RATES_CSV: &str = include_str!("../../data/freight.csv");

/// Freight above this share of the goods' value, in percent, does not close.
pub const SHARE_PCT_MAX: f64 = 40.0;
/// Largest volume that a break-even is looked for in, kg: a million tonnes.
pub const BREAK_EVEN_KG_MAX: f64 = 1e9;
/// Price in US$ a kg above which goods are never loose bulk.
const BULK_PRICE_MAX: f64 = 3.0;
/// Price in US$ a kg from which goods fly when no way of transport is known.
const AIR_PRICE_MIN: f64 = 40.0;
/// The ministry's unit `TONELADA METRICA LIQUIDA`.
const UNIT_TONNE: u8 = 21;
/// The ministry's units by mass; goods counted in any other are no loose bulk, volumes of liquids excepted.
const UNITS_OF_MASS: [u8; 5] = [10, 16, 17, UNIT_TONNE, 24];

/// Kind of goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Ores, grains, sugar, fuels: loose in a ship when the volume is large, in containers below.
    Bulk,
    /// Packed goods.
    General,
    /// Meat, fish, fresh fruit, dairy: kept cold.
    Chilled,
}

/// Way of transport of most of the weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Sea, river, lake.
    Sea,
    /// Road, rail.
    Road,
    /// Air, courier, post.
    Air,
}

/// Class of cargo of a shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CargoClass {
    /// Loose in a ship.
    Bulk,
    /// Dry container, whole or shared.
    Container,
    /// Cold container, whole or shared.
    Reefer,
    /// Air freight.
    Air,
    /// Truck, whole or shared.
    Road,
}

impl CargoClass {
    /// Name in answers and in `freight.csv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Container => "container",
            Self::Reefer => "reefer",
            Self::Air => "air",
            Self::Road => "road",
        }
    }
}

const NATURES: [(&str, Nature); 3] =
    [("bulk", Nature::Bulk), ("general", Nature::General), ("chilled", Nature::Chilled)];
const MODES: [(&str, Mode); 3] = [("sea", Mode::Sea), ("road", Mode::Road), ("air", Mode::Air)];
const CLASSES: [CargoClass; 5] =
    [CargoClass::Bulk, CargoClass::Container, CargoClass::Reefer, CargoClass::Air, CargoClass::Road];

/// Kind of goods and way of transport of one product to one destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Kind of goods.
    pub nature: Nature,
    /// Way of transport.
    pub mode: Mode,
}

impl Profile {
    /// Place among all profiles, 0–8: one byte in the index.
    #[must_use]
    pub const fn code(self) -> u8 {
        self.nature as u8 * 3 + self.mode as u8
    }

    /// The profile at a place; what is none is [`Nature::General`] by sea.
    #[must_use]
    pub fn of_code(code: u8) -> Self {
        let (nature, mode) = (NATURES.get(usize::from(code / 3)), MODES[usize::from(code % 3)].1);
        nature.map_or(Self { nature: Nature::General, mode: Mode::Sea }, |(_, nature)| Self { nature: *nature, mode })
    }

    /// Class of a shipment whose freight is no rate by class.
    #[must_use]
    pub const fn class(self) -> CargoClass {
        match (self.mode, self.nature) {
            (Mode::Air, _) => CargoClass::Air,
            (Mode::Road, _) => CargoClass::Road,
            (Mode::Sea, Nature::Chilled) => CargoClass::Reefer,
            (Mode::Sea, _) => CargoClass::Container,
        }
    }
}

/// One way to load a shipment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Class of cargo.
    pub class: CargoClass,
    /// `lcl`, `fcl_20`, `fcl_40`, `parcel`, `panamax`, `capesize`, `ltl`, `truck`, `air`, `table`.
    pub load: &'static str,
    /// Kilograms of one unit: a box, a truck, the least parcel. A shipment pays for at least one.
    pub unit_kg: f64,
    /// US$ a shipment.
    pub fixed_usd: f64,
    /// US$ a unit, whatever the distance.
    pub handling_usd: f64,
    /// US$ a unit for 1,000 km.
    pub haul_usd: f64,
}

impl Rate {
    /// US$ for `kg` over `thousand_km`.
    #[must_use]
    pub fn cost(&self, kg: f64, thousand_km: f64) -> f64 {
        self.fixed_usd + (kg / self.unit_kg).max(1.0) * self.unit_cost(thousand_km)
    }

    fn unit_cost(&self, thousand_km: f64) -> f64 {
        self.handling_usd + self.haul_usd * thousand_km
    }

    /// The kilograms from which the cost, times `factor`, is at most [`SHARE_PCT_MAX`] of their value.
    fn break_even(&self, usd_per_kg: f64, thousand_km: f64, factor: f64) -> Option<f64> {
        let bearable = usd_per_kg * SHARE_PCT_MAX / 100.0;
        let unit = self.unit_cost(thousand_km) * factor;
        let within_one_unit = (self.fixed_usd * factor + unit) / bearable;
        if within_one_unit <= self.unit_kg {
            return Some(within_one_unit);
        }
        let left = bearable - unit / self.unit_kg;
        (left > 0.0).then(|| self.fixed_usd * factor / left)
    }
}

/// The cheapest way to load a shipment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quote {
    /// Class of cargo.
    pub class: CargoClass,
    /// Way to load.
    pub load: &'static str,
    /// Units begun: boxes, trucks, vessels.
    pub units: f64,
    /// US$ for the whole shipment.
    pub usd: f64,
}

/// The least volume whose freight closes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakEven {
    /// Whole kilograms.
    pub kg: f64,
    /// Class of the shipment at this volume.
    pub class: CargoClass,
}

/// The rates of a profile.
#[must_use]
pub fn rates(profile: Profile) -> &'static [Rate] {
    static RATES: LazyLock<[Vec<Rate>; 9]> = LazyLock::new(|| {
        let all: Vec<(Profile, Rate)> = RATES_CSV.lines().skip(1).filter_map(read_rate).collect();
        std::array::from_fn(|code| {
            let of_code = all.iter().filter(|(profile, _)| usize::from(profile.code()) == code);
            of_code.map(|(_, rate)| *rate).collect()
        })
    });
    &RATES[usize::from(profile.code()).min(8)]
}

fn read_rate(line: &'static str) -> Option<(Profile, Rate)> {
    let columns: Vec<&'static str> = line.split(';').collect();
    let [nature, mode, class, load, unit_kg, fixed, handling, haul] = columns.try_into().ok()?;
    let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0);
    let profile = Profile {
        nature: NATURES.iter().find(|(name, _)| *name == nature)?.1,
        mode: MODES.iter().find(|(name, _)| *name == mode)?.1,
    };
    let rate = Rate {
        class: *CLASSES.iter().find(|known| known.name() == class)?,
        load,
        unit_kg: number(unit_kg)?,
        fixed_usd: number(fixed)?,
        handling_usd: number(handling)?,
        haul_usd: number(haul)?,
    };
    Some((profile, rate))
}

/// The cheapest of `rates` for `kg`, times `factor`; `None` without rates.
#[must_use]
pub fn quote(rates: &[Rate], kg: f64, thousand_km: f64, factor: f64) -> Option<Quote> {
    let costs = rates.iter().map(|rate| (rate, rate.cost(kg, thousand_km)));
    let (rate, usd) = costs.min_by(|left, right| left.1.total_cmp(&right.1))?;
    Some(Quote { class: rate.class, load: rate.load, units: (kg / rate.unit_kg).ceil().max(1.0), usd: usd * factor })
}

/// The least whole kilograms from which the freight closes, at most [`BREAK_EVEN_KG_MAX`].
#[must_use]
pub fn break_even(rates: &[Rate], usd_per_kg: f64, thousand_km: f64, factor: f64) -> Option<BreakEven> {
    if usd_per_kg <= 0.0 {
        return None;
    }
    let volumes = rates.iter().filter_map(|rate| Some((rate, rate.break_even(usd_per_kg, thousand_km, factor)?)));
    let (rate, kg) = volumes.min_by(|left, right| left.1.total_cmp(&right.1))?;
    let closes = |kg: f64| rate.cost(kg, thousand_km) * factor <= usd_per_kg * kg * SHARE_PCT_MAX / 100.0;
    let mut kg = kg.ceil().max(1.0);
    // Rounding errors of the division are less than a kilogram.
    if !closes(kg) {
        kg += 1.0;
    } else if kg > 1.0 && closes(kg - 1.0) {
        kg -= 1.0;
    }
    (kg <= BREAK_EVEN_KG_MAX).then_some(BreakEven { kg, class: rate.class })
}

/// The break-even of a profile; when its way of transport closes at no volume, of another way.
#[must_use]
pub fn break_even_of(profile: Profile, usd_per_kg: f64, thousand_km: f64, factor: f64) -> Option<BreakEven> {
    let of = |profile| break_even(rates(profile), usd_per_kg, thousand_km, factor);
    of(profile).or_else(|| {
        let by_sea = Profile { mode: Mode::Sea, ..profile };
        if profile.mode == Mode::Sea { None } else { of(by_sea) }
    })
}

/// Payload of a 20′ or 40′ container for goods of a kind, kg. An assumption, as no product's density is known.
#[must_use]
pub fn container_kg(nature: Nature, feet: u8) -> f64 {
    let load = if feet == 20 { "fcl_20" } else { "fcl_40" };
    let boxes = rates(Profile { nature, mode: Mode::Sea }).iter().find(|rate| rate.load == load);
    boxes.map_or(26_000.0, |rate| rate.unit_kg)
}

/// Kind of goods by heading.
#[must_use]
pub fn nature_of_heading(ncm: Ncm) -> Nature {
    let heading = ncm.0 / 10_000;
    match heading {
        201..=208
        | 302..=304
        | 306..=308
        | 401
        | 403
        | 405..=407
        | 504
        | 603
        | 702..=710
        | 803..=811
        | 1601
        | 1602
        | 2105 => Nature::Chilled,
        1001..=1008
        | 1201
        | 1205..=1207
        | 1507..=1515
        | 1701
        | 1703
        | 2009
        | 2207
        | 2301..=2309
        | 2501..=2530
        | 2601..=2716
        | 2814
        | 2815
        | 2818
        | 2836
        | 3101..=3105
        | 4401
        | 4403
        | 4407
        | 4701..=4706
        | 7201..=7229 => Nature::Bulk,
        _ => Nature::General,
    }
}

/// Kind of goods by heading, customs unit and price.
#[must_use]
pub fn nature(ncm: Ncm, unit: Option<u8>, usd_per_kg: Option<f64>) -> Nature {
    let cheap = |bound: f64| usd_per_kg.is_none_or(|price| price <= bound);
    match nature_of_heading(ncm) {
        Nature::Bulk if !cheap(BULK_PRICE_MAX) || unit.is_some_and(|unit| !UNITS_OF_MASS.contains(&unit)) => {
            Nature::General
        }
        Nature::General if unit == Some(UNIT_TONNE) && usd_per_kg.is_some_and(|price| price <= 1.0) => Nature::Bulk,
        nature => nature,
    }
}

/// Way of transport of a code of the ministry's table `VIA`; `None` for pipelines, own means and unknown ones.
#[must_use]
pub const fn mode_of_via(via: u8) -> Option<Mode> {
    match via {
        1..=3 => Some(Mode::Sea),
        4 | 5 | 11 | 12 => Some(Mode::Air),
        6 | 7 | 13 | 15 => Some(Mode::Road),
        _ => None,
    }
}

/// Way of transport by the weights that went by sea, road and air, and by price. `landlocked` countries
/// without any weight are reached by road.
#[must_use]
pub fn mode(weights: [i64; 3], usd_per_kg: Option<f64>, landlocked: bool) -> Mode {
    let [sea, road, air] = weights.map(i128::from);
    let total = sea + road + air;
    let dear = usd_per_kg.is_some_and(|price| price >= AIR_PRICE_MIN);
    if total <= 0 {
        return match (dear, landlocked) {
            (true, _) => Mode::Air,
            (false, true) => Mode::Road,
            (false, false) => Mode::Sea,
        };
    }
    // Dear goods fly as soon as a fifth of the weight does.
    if air * 2 > total || (dear && air * 5 >= total) {
        Mode::Air
    } else if road > sea {
        Mode::Road
    } else {
        Mode::Sea
    }
}

#[cfg(test)]
#[path = "cargo_tests.rs"]
mod tests;
