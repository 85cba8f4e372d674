//! Who the participants are: home, papers, wishes, leave.

use super::dice::{Dice, List};
use super::geography;
use super::names;
use super::world::World;

/// Where somebody lives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Home {
    /// Nobody wrote it down.
    Unknown,
    /// At a site.
    Site(usize),
    /// Near a site.
    Near(usize, f64, f64),
}

/// A leave, in periods.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leave {
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) pauses: bool,
    pub(super) holds_seat: bool,
}

/// What somebody wishes: index and score.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    pub(super) roles: Vec<(usize, i32)>,
    pub(super) families: Vec<(usize, i32)>,
    pub(super) sites: Vec<(usize, i32)>,
    pub(super) regions: Vec<(usize, i32)>,
    pub(super) kinds: Vec<(usize, i32)>,
}

/// A participant, before there is a path.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) cohort: usize,
    pub(super) zone: usize,
    pub(super) home: Home,
    /// Credential and the period from which it is held; none if always.
    pub(super) credentials: Vec<(usize, Option<i64>)>,
    /// Difficulty mastered, where it is not the track's entry level.
    pub(super) level: Option<f64>,
    pub(super) competencies: Vec<(usize, u32)>,
    pub(super) leave: Vec<Leave>,
    pub(super) extension: usize,
    pub(super) target: Option<usize>,
    pub(super) wishes: Wishes,
    /// Roles held before the programme.
    pub(super) past: Vec<(usize, usize)>,
}

impl Person {
    /// Participant `row`; the partner of the one before shares cohort, home and papers with them.
    pub(super) fn new(world: &World<'_>, seed: u64, row: usize, partner: Option<&Self>) -> Self {
        let (programme, map) = (world.programme, &world.map);
        let mut dice = Dice::new(seed, List::People, row);
        let homes = map.sites.iter().map(|s| if programme.kinds[s.kind].hub { 0 } else { s.size });
        let near = dice.weighted(homes);
        let cohort =
            dice.weighted(world.cohorts.iter().map(|start| if start + programme.track.length as i64 > world.horizon as i64 { 1 } else { 2 }));
        let home = match dice.below(100) {
            0..3 => Home::Unknown,
            3..11 => {
                let shift = |degrees: f64, d: &mut Dice| ((degrees + (d.below(160) as f64 - 80.0) / 100.0) * 1e4).round() / 1e4;
                Home::Near(near, shift(map.sites[near].lat, &mut dice), shift(map.sites[near].lon, &mut dice))
            }
            _ => Home::Site(near),
        };
        let zone = map.sites[near].zone;
        let name = names::name(&mut dice, map.zones[zone].culture);
        let mut person = Self {
            name,
            cohort,
            zone,
            home,
            credentials: Vec::new(),
            level: None,
            competencies: Vec::new(),
            leave: Vec::new(),
            extension: 0,
            target: (!programme.targets.is_empty()).then(|| dice.below(programme.targets.len())),
            wishes: Wishes::default(),
            past: Vec::new(),
        };
        person.papers(world, near, &mut dice);
        if let Some(other) = partner {
            person = Self { cohort: other.cohort, zone: other.zone, home: other.home, credentials: other.credentials.clone(), ..person };
        }
        let near = person.near().unwrap_or(near);
        if programme.habits.wishes {
            person.wish(world, near, &mut dice);
            person.gifts(world, &mut dice);
        }
        if !programme.habits.past.is_empty() && person.near().is_some() {
            let id = *dice.pick(programme.habits.past);
            let role = programme.roles.iter().position(|j| j.raw.id == id).unwrap_or_default();
            person.past.push((role, dice.between(3, 12)));
        }
        if dice.chance(programme.habits.leave) {
            person.take_leave(world, &mut dice);
        }
        person
    }

    /// The site at or near which they live.
    pub(super) fn near(&self) -> Option<usize> {
        match self.home {
            Home::Unknown => None,
            Home::Site(site) | Home::Near(site, ..) => Some(site),
        }
    }

    /// Kilometres from home to a site.
    pub(super) fn km(&self, world: &World<'_>, site: usize) -> Option<f64> {
        match self.home {
            Home::Unknown => None,
            Home::Site(home) => Some(world.map.km(home, site)),
            Home::Near(_, lat, lon) => Some(geography::km((lat, lon), (world.map.sites[site].lat, world.map.sites[site].lon))),
        }
    }

    /// Cost of moving from home to a site; `None` if that is no move.
    pub(super) fn move_from_home(&self, world: &World<'_>, site: usize) -> Option<f64> {
        let (base, per_km, commute) = world.programme.relocation;
        match self.home {
            Home::Unknown => None,
            Home::Site(home) => (!world.commutes(home, site)).then(|| world.cost(home, site)),
            Home::Near(..) => self.km(world, site).filter(|km| *km > commute).map(|km| base + per_km * km),
        }
    }

    /// What they think of a position.
    pub(super) fn rating(&self, world: &World<'_>, post: usize) -> i32 {
        let post = &world.posts[post];
        let (role, site) = (&world.roles[post.role], &world.map.sites[post.site]);
        let of = |list: &[(usize, i32)], id: usize| list.iter().find(|(i, _)| *i == id).map_or(0, |(_, score)| *score);
        let wishes = &self.wishes;
        of(&wishes.roles, post.role)
            + of(&wishes.families, role.family)
            + of(&wishes.sites, post.site)
            + of(&wishes.regions, site.region)
            + of(&wishes.kinds, site.kind)
    }

    /// Whether all credentials of a site are held from a period on.
    pub(super) fn may_work(&self, world: &World<'_>, site: usize, period: i64) -> bool {
        let held = |c: &usize| self.credentials.iter().any(|(id, from)| id == c && from.is_none_or(|f| f <= period));
        world.map.sites[site].requires.iter().all(held)
    }

    /// A leave within the track, instead of any other; half of those who take one have a track that ends so much later.
    pub(super) fn take_leave(&mut self, world: &World<'_>, dice: &mut Dice) {
        (self.leave, self.extension) = (Vec::new(), 0);
        let (start, length) = (world.cohorts[self.cohort], world.programme.track.length);
        let first = if start < 0 { 0 } else { start + 1 };
        let last = (start + length as i64).min(world.horizon as i64) - 1;
        if last - first < 2 {
            return;
        }
        let from = first + dice.below((last - first) as usize) as i64;
        let periods = dice.between(1, (length / 12).max(1));
        let pauses = dice.chance(75);
        self.leave.push(Leave { from, until: (from + periods as i64).min(last), pauses, holds_seat: pauses && dice.chance(40) });
        if dice.chance(50) {
            self.extension = periods;
        }
    }

    /// Plain: no leave, no head start, and every paper that their zone asks for.
    pub(super) fn plain(&mut self, world: &World<'_>) {
        (self.leave, self.extension, self.level, self.competencies) = (Vec::new(), 0, None, Vec::new());
        for site in world.map.sites.iter().filter(|s| s.zone == self.zone) {
            for c in &site.requires {
                self.credentials.retain(|(id, from)| id != c || from.is_none());
                if !self.credentials.iter().any(|(id, _)| id == c) {
                    self.credentials.push((*c, None));
                }
            }
        }
    }

    fn papers(&mut self, world: &World<'_>, near: usize, dice: &mut Dice) {
        let map = &world.map;
        for (credential, id) in map.credentials.iter().enumerate() {
            let own = map.zones.iter().position(|z| z.credential == *id);
            let at_home = map.sites[near].requires.contains(&credential);
            let chance = match own {
                Some(zone) if zone == self.zone => 100,
                Some(_) => 18,
                None if at_home => 100,
                None if world.programme.clearance.is_some_and(|(c, _)| c == *id) => 80,
                None => 25,
            };
            if dice.chance(chance) {
                self.credentials.push((credential, None));
            } else if dice.chance(8) {
                self.credentials.push((credential, Some(dice.between(1, world.horizon) as i64)));
            }
        }
    }

    fn wish(&mut self, world: &World<'_>, near: usize, dice: &mut Dice) {
        let own: Vec<usize> = (0..world.map.sites.len()).filter(|&s| world.map.sites[s].zone == self.zone).collect();
        let add = |list: &mut Vec<(usize, i32)>, id: usize, score: i32| {
            if !list.iter().any(|(known, _)| *known == id) {
                list.push((id, score));
            }
        };
        let wishes = &mut self.wishes;
        let families: Vec<usize> = world.roles.iter().filter(|r| world.programme.stages[r.stage].placements.1 > 0).map(|r| r.family).collect();
        add(&mut wishes.families, *dice.pick(&families), 2);
        if dice.chance(50) {
            add(&mut wishes.families, *dice.pick(&families), 1);
        }
        if dice.chance(15) {
            add(&mut wishes.families, *dice.pick(&families), -1);
        }
        if dice.chance(45) {
            add(&mut wishes.sites, near, *dice.pick(&[1, 1, 2]));
        }
        if dice.chance(70) {
            add(&mut wishes.sites, *dice.pick(&own), *dice.pick(&[1, 2, 2]));
        }
        if dice.chance(40) {
            add(&mut wishes.sites, *dice.pick(&own), *dice.pick(&[-1, -2]));
        }
        if dice.chance(15) {
            add(&mut wishes.regions, world.map.sites[*dice.pick(&own)].region, *dice.pick(&[-1, 1, 2]));
        }
        if dice.chance(12) {
            add(&mut wishes.kinds, dice.below(world.programme.kinds.len()), *dice.pick(&[-1, 1]));
        }
        if dice.chance(20) {
            let roles: Vec<usize> = (0..world.roles.len()).filter(|&r| world.programme.stages[world.roles[r].stage].placements.1 > 0).collect();
            add(&mut wishes.roles, *dice.pick(&roles), *dice.pick(&[-2, 1, 2]));
        }
    }

    /// A head start: competencies, a higher level.
    fn gifts(&mut self, world: &World<'_>, dice: &mut Dice) {
        let programme = world.programme;
        if dice.chance(18) && !programme.competencies.is_empty() {
            self.competencies.push((dice.below(programme.competencies.len()), 1));
        }
        let level = programme.track.entry + 0.5;
        let first = programme.stages.iter().position(|s| s.placements.1 > 0).unwrap_or(0);
        let easiest = world.roles.iter().filter(|r| r.stage == first).map(|r| r.difficulty).fold(f64::INFINITY, f64::min);
        let room = programme.steps.is_some_and(|(least, ..)| easiest - level >= least);
        if dice.chance(10) && room && programme.habits.past.is_empty() && world.cohorts[self.cohort] >= 0 {
            self.level = Some(level);
        }
    }
}
