//! Where the sites are, and how far apart.

use super::cities::{self, City, Zone};
use super::dice::{Dice, List};
use super::names::slug;
use super::programme::Programme;

/// Radius of the earth in kilometres.
const EARTH_KM: f64 = 6371.0088;

/// A site.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) id: String,
    pub(super) name: String,
    /// Index into the programme's kinds.
    pub(super) kind: usize,
    /// Index into [`Map::zones`].
    pub(super) zone: usize,
    /// Index into [`Map::regions`].
    pub(super) region: usize,
    pub(super) country: &'static str,
    pub(super) lat: f64,
    pub(super) lon: f64,
    /// How big it is, from 1.
    pub(super) size: usize,
    /// Indices into [`Map::credentials`].
    pub(super) requires: Vec<usize>,
    /// Open in these periods only.
    pub(super) open: Option<(usize, usize)>,
}

/// The company's map.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) zones: Vec<&'static Zone>,
    pub(super) regions: Vec<&'static str>,
    pub(super) credentials: Vec<&'static str>,
    pub(super) sites: Vec<Site>,
    km: Vec<f64>,
}

impl Map {
    /// A map of `count` sites over `zones` zones for a programme.
    pub(super) fn new(programme: &Programme, count: usize, zones: usize, horizon: usize, seed: u64) -> Self {
        let zones: Vec<&'static Zone> =
            programme.zones.iter().filter_map(|id| cities::ZONES.iter().find(|z| z.id == *id)).take(zones.max(1)).collect();
        let mut map = Self { zones, regions: Vec::new(), credentials: Vec::new(), sites: Vec::new(), km: Vec::new() };
        let least = programme.pattern.len();
        let cities: usize = map.zones.iter().map(|z| z.cities.len()).sum();
        let (mut seen, mut spare) = (0, count.saturating_sub(least * map.zones.len()));
        for zone in 0..map.zones.len() {
            // What is left beyond the least goes to the zones as they have cities; the last takes the rest.
            let own = map.zones[zone].cities.len();
            let extra = spare * own / (cities - seen);
            (seen, spare) = (seen + own, spare - extra);
            for row in 0..least + extra {
                map.add_site(programme, zone, row, horizon, seed);
            }
        }
        map.measure();
        map
    }

    /// Kilometres between two sites.
    pub(super) fn km(&self, a: usize, b: usize) -> f64 {
        self.km[a * self.sites.len() + b]
    }

    /// The index of a credential, made known if it is new.
    fn credential(&mut self, id: &'static str) -> usize {
        index_of(&mut self.credentials, id)
    }

    fn add_site(&mut self, programme: &Programme, zone: usize, row: usize, horizon: usize, seed: u64) {
        let own = self.zones[zone];
        let City { name, country, region, lat, lon } = own.cities[row % own.cities.len()];
        let mut dice = Dice::new(seed, List::Sites, (zone << 20) + row);
        let round = row / own.cities.len();
        // A city's second site lies in a suburb: some kilometres off, in another direction for each.
        let (north, east) = [(0, 0), (6, 9), (-7, 5), (4, -11), (-9, -8), (13, 2), (-3, 14), (9, -15)][round % 8];
        let shift = |degrees: f64, hundredths: i32| ((degrees + f64::from(hundredths * (1 + round as i32 / 8)) / 100.0) * 1e4).round() / 1e4;
        let city = if round == 0 { name.to_owned() } else { format!("{name} {}", round + 1) };
        let kind = programme.pattern[row % programme.pattern.len()];
        let hub = programme.kinds[kind].hub;
        let mut requires = Vec::new();
        if programme.work_permits {
            requires.push(self.credential(own.credential));
        }
        if let Some(language) = cities::language(country)
            && dice.chance(25)
            && !hub
        {
            requires.push(self.credential(language));
        }
        if let Some((clearance, percent)) = programme.clearance
            && !hub
            && dice.chance(percent)
        {
            requires.push(self.credential(clearance));
        }
        let closes = dice.chance(6) && !hub && row >= programme.pattern.len();
        let open =
            closes.then(|| if dice.chance(60) { (dice.between(1, horizon.div_ceil(4)), horizon) } else { (0, dice.between(horizon / 2, horizon)) });
        let site = Site {
            id: slug(&city),
            name: format!("{city} {}", programme.kinds[kind].label),
            kind,
            zone,
            region: index_of(&mut self.regions, region),
            country,
            lat: shift(lat, north),
            lon: shift(lon, east),
            size: if hub { 4 } else { dice.between(1, 4) },
            requires,
            open: open.filter(|(from, until)| from < until && (*from, *until) != (0, horizon)),
        };
        self.sites.push(site);
    }

    fn measure(&mut self) {
        let points: Vec<[f64; 3]> = self.sites.iter().map(|s| point(s.lat, s.lon)).collect();
        self.km = points.iter().flat_map(|a| points.iter().map(|b| arc(*a, *b))).collect();
    }
}

fn index_of(list: &mut Vec<&'static str>, id: &'static str) -> usize {
    list.iter().position(|known| *known == id).unwrap_or_else(|| {
        list.push(id);
        list.len() - 1
    })
}

/// Kilometres between two places in degrees.
///
/// Sines are summed from their series: the standard library's differ in the last digit from machine to machine.
pub(super) fn km(a: (f64, f64), b: (f64, f64)) -> f64 {
    arc(point(a.0, a.1), point(b.0, b.1))
}

/// A place on the unit sphere.
fn point(lat: f64, lon: f64) -> [f64; 3] {
    let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos(lat), sin_cos(lon));
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

fn arc(a: [f64; 3], b: [f64; 3]) -> f64 {
    let square: f64 = (0..3).map(|i| (a[i] - b[i]) * (a[i] - b[i])).sum();
    2.0 * EARTH_KM * asin((square.sqrt() / 2.0).min(1.0))
}

fn sin_cos(degrees: f64) -> (f64, f64) {
    let x = degrees / 180.0 * std::f64::consts::PI;
    let (mut term, mut sums) = (1.0, [0.0, 0.0]);
    for n in 0..40_i32 {
        let sign = if n % 4 < 2 { 1.0 } else { -1.0 };
        sums[(n % 2) as usize] += sign * term;
        term = term * x / f64::from(n + 1);
    }
    (sums[1], sums[0])
}

fn asin(x: f64) -> f64 {
    if x > 0.5 {
        return std::f64::consts::FRAC_PI_2 - 2.0 * asin(((1.0 - x) / 2.0).sqrt());
    }
    let (mut power, mut sum) = (x, 0.0);
    for n in 0..40_i32 {
        sum += power / f64::from(2 * n + 1);
        power = power * x * x * f64::from(2 * n + 1) / f64::from(2 * n + 2);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Coordinates;

    #[test]
    fn distances_agree_with_the_model() {
        let places = [(51.5074, -0.1278), (48.8566, 2.3522), (-33.8688, 151.2093), (41.8781, -87.6298), (0.0, 180.0), (51.5084, -0.1278)];
        for a in places {
            for b in places {
                let expected = Coordinates { lat: a.0, lon: a.1 }.km(Coordinates { lat: b.0, lon: b.1 });
                assert!((km(a, b) - expected).abs() < 1e-6, "{a:?} {b:?}: {} {expected}", km(a, b));
            }
        }
    }
}
