//! Reporting lines, and mentors outside of them: hired as the paths need them, at about the recipe's tightness.

use super::dice::{Dice, List};
use super::legs::Leg;
use super::names;
use super::world::World;
use crate::io::raw::{Mentor, Nearness, PerPeriod, Period, Person, Range, Reach};

/// Managers and mentors.
#[derive(Debug, Default)]
pub(super) struct Staff {
    pub(super) people: Vec<Person>,
    pub(super) mentors: Vec<Mentor>,
    /// The mentor of every leg, by participant.
    pub(super) assigned: Vec<Vec<usize>>,
}

/// Somebody who supports.
struct Support {
    /// The site that they lead; none if they are outside the line.
    leads: Option<usize>,
    /// The region whose paths they were hired for.
    region: usize,
    site: Option<usize>,
    reach: Reach,
    stages: Option<Vec<usize>>,
    families: Option<Vec<usize>>,
    available: Option<(usize, usize)>,
    capacity: u32,
    free: u32,
    used: Vec<u32>,
}

/// The person who manages a position: the site's manager, for the top stage the region's director.
pub(super) fn manager(world: &World<'_>, post: usize) -> String {
    let post = &world.posts[post];
    let site = &world.map.sites[post.site];
    if is_top(world, post.role) { format!("dir-{}", world.map.regions[site.region]) } else { format!("mgr-{}", site.id) }
}

fn is_top(world: &World<'_>, role: usize) -> bool {
    let last = world.programme.stages.iter().rposition(|s| s.placements.1 > 0);
    world.programme.stages.len() > 1 && Some(world.roles[role].stage) == last
}

/// The staff that the legs of all participants need.
pub(super) fn staff(world: &World<'_>, legs: &[Vec<Leg>], tight: f64, seed: u64) -> Staff {
    let mut hired: Vec<Support> = Vec::new();
    let assigned = assign(world, legs, seed, &mut hired);
    let target = tight.clamp(0.05, 1.0);
    let used: u64 = hired.iter().flat_map(|m| &m.used).map(|n| u64::from(*n)).sum();
    let offered = |m: &Support| (0..world.horizon).filter(|&p| m.is_there(p)).count() as u64 * u64::from(m.capacity);
    let mut room = hired.iter().map(offered).sum::<u64>() as f64;
    let wanted = used as f64 / target;
    // Too few: more of the usual sort, where the busiest regions are. Too many: some have time in fewer periods.
    let busy: Vec<usize> = hired.iter().map(|m| m.region).collect();
    for row in 0.. {
        if busy.is_empty() || room >= wanted {
            break;
        }
        let mut dice = Dice::new(seed, List::Mentors, (1 << 30) + row);
        let region = *dice.pick(&busy);
        let sites: Vec<usize> = (0..world.map.sites.len()).filter(|&s| world.map.sites[s].region == region).collect();
        let site = *dice.pick(&sites);
        let left = ((wanted - room) / world.horizon as f64).ceil() as u32;
        let mut extra = Support { site: Some(site), region, ..outsider(world, legs.len(), &mut dice) };
        extra.capacity = extra.capacity.min(left.max(1));
        room += offered(&extra) as f64;
        hired.push(extra);
    }
    let mut lists: Vec<Option<Vec<u32>>> = vec![None; hired.len()];
    for (m, list) in hired.iter().zip(&mut lists) {
        let idle = offered(m) as f64 - m.used.iter().sum::<u32>() as f64;
        if room - wanted > 0.02 * wanted && idle > 0.0 {
            let spare = ((room - wanted) / idle).min(1.0);
            let capacity = |p: usize| m.used[p] + (f64::from(m.capacity - m.used[p]) * (1.0 - spare)).round() as u32;
            let own: Vec<u32> = (0..world.horizon).map(capacity).collect();
            room -= (0..world.horizon).filter(|&p| m.is_there(p)).map(|p| f64::from(m.capacity - own[p])).sum::<f64>();
            *list = Some(own);
        }
    }
    let mut staff = Staff { people: line(world, seed), mentors: Vec::new(), assigned };
    for (row, (support, list)) in hired.iter().zip(lists).enumerate() {
        staff.add(world, row, support, list, seed);
    }
    staff
}

/// Goes through the periods; whoever begins a leg takes the mentor of the leg before if that one suits, else one of the
/// region who has time, else a new one.
fn assign(world: &World<'_>, legs: &[Vec<Leg>], seed: u64, hired: &mut Vec<Support>) -> Vec<Vec<usize>> {
    let mut begins: Vec<Vec<(usize, usize)>> = vec![Vec::new(); world.horizon + 1];
    let mut ends = begins.clone();
    for (who, legs) in legs.iter().enumerate() {
        for (nth, leg) in legs.iter().enumerate() {
            begins[leg.from].push((who, nth));
            ends[leg.until].push((who, nth));
        }
    }
    let mut assigned: Vec<Vec<usize>> = legs.iter().map(|l| vec![usize::MAX; l.len()]).collect();
    let mut free: Vec<Vec<usize>> = vec![Vec::new(); world.map.regions.len()];
    let mut leads = vec![false; world.map.sites.len()];
    for period in 0..world.horizon {
        for &(who, nth) in &ends[period] {
            let mentor = assigned[who][nth];
            hired[mentor].free += 1;
            if hired[mentor].free == 1 {
                free[hired[mentor].region].push(mentor);
            }
        }
        for &(who, nth) in &begins[period] {
            let leg = &legs[who][nth];
            let region = world.map.sites[world.posts[leg.post].site].region;
            let mut dice = Dice::new(seed, List::Mentors, (who << 6) + nth);
            let last = nth.checked_sub(1).map(|n| assigned[who][n]).filter(|&m| hired[m].free > 0 && hired[m].suits(world, leg));
            let probed =
                (0..12).map(|_| dice.below(free[region].len())).find(|&at| free[region].get(at).is_some_and(|&m| hired[m].suits(world, leg)));
            let mentor = last.or_else(|| probed.map(|at| free[region][at])).unwrap_or_else(|| {
                let support = hire(world, legs.len(), leg, &mut leads, &mut dice);
                hired.push(support);
                free[region].push(hired.len() - 1);
                hired.len() - 1
            });
            hired[mentor].free -= 1;
            if hired[mentor].free == 0 {
                let list = &mut free[hired[mentor].region];
                if let Some(at) = list.iter().rposition(|&m| m == mentor) {
                    list.swap_remove(at);
                }
            }
            leg.worked.iter().for_each(|&p| hired[mentor].used[p] += 1);
            assigned[who][nth] = mentor;
        }
    }
    assigned
}

/// Somebody new who suits a leg.
fn hire(world: &World<'_>, participants: usize, leg: &Leg, leads: &mut [bool], dice: &mut Dice) -> Support {
    let (map, post) = (&world.map, &world.posts[leg.post]);
    let region = map.sites[post.site].region;
    let near: Vec<usize> = (0..map.sites.len()).filter(|&s| map.sites[s].region == region).collect();
    let site = *dice.pick(&near);
    let mut support = Support { site: Some(site), region, ..outsider(world, participants, dice) };
    if dice.chance(35) && site != post.site && !leads[site] && !is_top(world, post.role) {
        leads[site] = true;
        support.leads = Some(site);
    } else if dice.chance(10) {
        (support.site, support.reach) = (None, Reach::Word(Nearness::Anywhere));
    }
    if !matches!(support.reach, Reach::Word(Nearness::Anywhere)) && !support.reaches(world, post.site) {
        support.reach = Reach::Word(Nearness::Region);
    }
    let stage = world.roles[post.role].stage;
    if dice.chance(25) {
        let all: Vec<usize> = (0..world.programme.stages.len()).filter(|s| world.programme.stages[*s].placements.1 > 0).collect();
        let some: Vec<usize> = all.iter().copied().filter(|s| *s == stage || dice.chance(50)).collect();
        support.stages = (some.len() < all.len()).then_some(some);
    }
    if dice.chance(15) && world.families.len() > 2 {
        let own = world.roles[post.role].family;
        support.families = Some((0..world.families.len()).filter(|f| *f == own || dice.chance(50)).collect());
    }
    if leg.from > 0 && dice.chance(75) {
        support.available = Some((leg.from, world.horizon));
    }
    support
}

/// Somebody of the staff functions.
fn outsider(world: &World<'_>, participants: usize, dice: &mut Dice) -> Support {
    let usual = match participants {
        0..200 => 3,
        200..1000 => 4,
        1000..5000 => 6,
        5000..50_000 => 8,
        _ => 12,
    };
    let capacity = dice.between(usual - 1, usual + 1) as u32;
    let reach = match dice.below(100) {
        0..15 => Reach::Word(Nearness::Site),
        15..60 => Reach::Word(Nearness::Region),
        60..75 => Reach::Word(Nearness::Country),
        75..85 => Reach::Word(Nearness::Anywhere),
        _ => Reach::Km(*dice.pick(&[400.0, 700.0, 1200.0, 2000.0])),
    };
    let used = vec![0; world.horizon];
    Support { leads: None, region: 0, site: None, reach, stages: None, families: None, available: None, capacity, free: capacity, used }
}

impl Support {
    fn suits(&self, world: &World<'_>, leg: &Leg) -> bool {
        let post = &world.posts[leg.post];
        let role = &world.roles[post.role];
        let in_line = self.leads.is_some_and(|site| site == post.site || is_top(world, post.role));
        !in_line
            && self.reaches(world, post.site)
            && self.stages.as_ref().is_none_or(|list| list.contains(&role.stage))
            && self.families.as_ref().is_none_or(|list| list.contains(&role.family))
            && leg.worked.iter().all(|p| self.is_there(*p))
    }

    fn is_there(&self, period: usize) -> bool {
        self.available.is_none_or(|(from, until)| from <= period && period < until)
    }

    fn reaches(&self, world: &World<'_>, site: usize) -> bool {
        let Some(own) = self.site else { return matches!(self.reach, Reach::Word(Nearness::Anywhere)) };
        let (a, b) = (&world.map.sites[own], &world.map.sites[site]);
        match self.reach {
            Reach::Word(Nearness::Site) => own == site,
            Reach::Word(Nearness::Region) => a.region == b.region,
            Reach::Word(Nearness::Country) => a.country == b.country,
            Reach::Word(Nearness::Anywhere) => true,
            Reach::Km(km) => world.map.km(own, site) <= km,
        }
    }
}

impl Staff {
    fn add(&mut self, world: &World<'_>, row: usize, support: &Support, list: Option<Vec<u32>>, seed: u64) {
        let mut dice = Dice::new(seed, List::Org, (1 << 30) + row);
        let programme = world.programme;
        let id = match (support.leads, support.site) {
            (Some(site), _) => format!("mgr-{}", world.map.sites[site].id),
            (None, Some(_)) => format!("staff-{:04}", row + 1),
            (None, None) => format!("coach-{:04}", row + 1),
        };
        if support.leads.is_none() {
            let cultures = world.map.zones[support.site.map_or(0, |s| world.map.sites[s].zone)].culture;
            let reports_to = support.site.map(|_| (*dice.pick(&["cfo", "cpo", "cto"])).to_owned());
            self.people.push(Person { id: id.clone(), name: Some(names::name(&mut dice, cultures)), reports_to });
        }
        let range = |(from, until): (usize, usize)| Range {
            from: (from > 0).then_some(Period::Index(from as i64)),
            until: (until < world.horizon).then_some(Period::Index(until as i64)),
        };
        let stages = |list: &Vec<usize>| list.iter().map(|s| programme.stages[*s].id.to_owned()).collect();
        let families = |list: &Vec<usize>| list.iter().map(|f| world.families[*f].to_owned()).collect();
        self.mentors.push(Mentor {
            id,
            name: None,
            site: support.site.map(|s| world.map.sites[s].id.clone()),
            capacity: Some(list.map_or(PerPeriod::Every(support.capacity), PerPeriod::Each)),
            reach: Some(support.reach.clone()),
            stages: support.stages.as_ref().map(stages),
            families: support.families.as_ref().map(families),
            available: support.available.map(|span| vec![range(span)]),
        });
    }
}

/// The line: chief, functions, zones, regions, sites.
fn line(world: &World<'_>, seed: u64) -> Vec<Person> {
    let map = &world.map;
    let mut people = Vec::new();
    let mut add = |id: String, zone: usize, boss: Option<String>| {
        let mut dice = Dice::new(seed, List::Org, people.len());
        let name = names::name(&mut dice, map.zones[zone].culture);
        people.push(Person { id, name: Some(name), reports_to: boss });
    };
    add("ceo".to_owned(), 0, None);
    for id in ["coo", "cfo", "cpo", "cto"] {
        add(id.to_owned(), 0, Some("ceo".to_owned()));
    }
    for (z, zone) in map.zones.iter().enumerate() {
        add(format!("vp-{}", zone.id), z, Some("coo".to_owned()));
    }
    for (r, region) in map.regions.iter().enumerate() {
        let zone = map.sites.iter().find(|s| s.region == r).map_or(0, |s| s.zone);
        add(format!("dir-{region}"), zone, Some(format!("vp-{}", map.zones[zone].id)));
    }
    for site in &map.sites {
        add(format!("mgr-{}", site.id), site.zone, Some(format!("dir-{}", map.regions[site.region])));
    }
    people
}
