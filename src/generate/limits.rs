//! What limits participants besides: where they may go, what they may not take, what is settled. All of it leaves their path open.

use super::dice::Dice;
use super::legs::Leg;
use super::path::Path;
use super::people::Person;
use super::world::World;
use crate::io::raw::{Barred, Clause, Limits, Minds, Mobility, Of, Period, Pin};

/// What limits one participant.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    pub(super) mobility: Option<Mobility>,
    pub(super) barred: Option<Barred>,
    pub(super) pinned: Vec<Pin>,
    pub(super) minds: Option<Minds>,
    pub(super) carried: Option<f64>,
    pub(super) curriculum: Option<Vec<Clause>>,
}

/// The limits of a participant. Positions that are not kept are not named; where seats are missing, nobody is promised one.
pub(super) fn bounds(world: &World<'_>, dice: &mut Dice, person: &Person, path: &Path, legs: &[Leg], kept: &[bool], scarce: bool) -> Bounds {
    let habits = &world.programme.habits;
    let pin = |leg: &Leg| Pin {
        position: world.posts[leg.post].id.clone(),
        from: Some(Period::Index(leg.from as i64)),
        until: Some(Period::Index(leg.until as i64)),
    };
    if habits.all_pinned {
        return Bounds { pinned: legs.iter().map(pin).collect(), ..Bounds::default() };
    }
    let pinned = if dice.chance(habits.pins) && !scarce && !legs.is_empty() { vec![pin(dice.pick(legs))] } else { Vec::new() };
    Bounds {
        mobility: mobility(world, person, legs, dice),
        barred: barred(world, person, path, kept, dice),
        pinned,
        minds: dice.chance(8).then(|| Minds { moves: Some(*dice.pick(&[0.5, 2.0, 3.0])), waiting: dice.chance(40).then(|| *dice.pick(&[0.5, 2.0])) }),
        carried: (habits.carried && dice.chance(25)).then(|| dice.between(1, 12) as f64),
        curriculum: if dice.chance(2) { own_curriculum(world, path) } else { None },
    }
}

fn mobility(world: &World<'_>, person: &Person, legs: &[Leg], dice: &mut Dice) -> Option<Mobility> {
    let map = &world.map;
    // The places to which a limit applies: not those where somebody merely stays on.
    let sites: Vec<usize> = legs.iter().filter(|l| !l.continues).map(|l| world.posts[l.post].site).collect();
    let moves = legs.iter().filter(|l| l.moved.is_some()).count() as u32;
    let mut mobility = Mobility::default();
    if dice.chance(85) {
        mobility.max_moves = Some(moves.max(world.programme.habits.moves));
    }
    let farthest = sites.iter().filter_map(|&s| person.km(world, s)).fold(0.0, f64::max);
    if dice.chance(40) && person.near().is_some() {
        mobility.max_km = Some(((farthest + 50.0).max(300.0) / 50.0).ceil() * 50.0 + dice.below(4) as f64 * 50.0);
    }
    if dice.chance(5) {
        let mut regions: Vec<usize> = sites.iter().map(|&s| map.sites[s].region).chain([dice.below(map.regions.len())]).collect();
        regions.sort_unstable();
        regions.dedup();
        mobility.regions = Some(regions.into_iter().map(|r| map.regions[r].to_owned()).collect());
    } else if dice.chance(6) {
        let mut countries: Vec<&str> = sites.iter().chain(&person.near()).map(|&s| map.sites[s].country).collect();
        countries.sort_unstable();
        countries.dedup();
        mobility.countries = Some(countries.into_iter().map(str::to_owned).collect());
    } else if dice.chance(2) {
        let zone: Vec<usize> = (0..map.sites.len()).filter(|&s| map.sites[s].zone == person.zone).collect();
        let mut list: Vec<usize> = sites.iter().copied().chain((0..6).map(|_| *dice.pick(&zone))).collect();
        list.sort_unstable();
        list.dedup();
        mobility.sites = Some(list.into_iter().map(|s| map.sites[s].id.clone()).collect());
    }
    if dice.chance(10) {
        let refused = dice.below(map.sites.len());
        if !sites.contains(&refused) && mobility.sites.as_ref().is_none_or(|list| !list.contains(&map.sites[refused].id)) {
            mobility.not_sites.push(map.sites[refused].id.clone());
        }
    }
    if dice.chance(10) {
        mobility.min_stay = Some(min_stay(legs)).filter(|stay| *stay > 1);
    }
    (mobility != Mobility::default()).then_some(mobility)
}

/// The fewest worked periods between two moves; a quarter of the way through where there are none.
fn min_stay(legs: &[Leg]) -> u32 {
    let (mut fewest, mut since) = (None, None);
    for leg in legs {
        if leg.moved.is_some() {
            fewest = match (fewest, since) {
                (Some(f), Some(s)) => Some(usize::min(f, s)),
                (none, s) => none.or(s),
            };
            since = Some(0);
        }
        since = since.map(|s| s + leg.worked.len());
    }
    fewest.unwrap_or(2) as u32
}

fn barred(world: &World<'_>, person: &Person, path: &Path, kept: &[bool], dice: &mut Dice) -> Option<Barred> {
    let held = |f: &dyn Fn(usize) -> bool| path.stays.iter().any(|s| f(s.post));
    let mut barred = Barred::default();
    if dice.chance(4) {
        let role = dice.below(world.roles.len());
        if !held(&|p| world.posts[p].role == role) && person.past.iter().all(|(r, _)| *r != role) {
            barred.roles.push(world.programme.roles[role].raw.id.clone());
        }
    }
    if dice.chance(3) {
        let site = dice.below(world.map.sites.len());
        if !held(&|p| world.posts[p].site == site) {
            barred.sites.push(world.map.sites[site].id.clone());
        }
    }
    if dice.chance(3) {
        let post = dice.below(world.posts.len());
        if !held(&|p| p == post) && kept[post] {
            barred.positions.push(world.posts[post].id.clone());
        }
    }
    (barred != Barred::default()).then_some(barred)
}

/// The track's curriculum, with one family more that must be seen.
fn own_curriculum(world: &World<'_>, path: &Path) -> Option<Vec<Clause>> {
    let family = world.families[world.roles[world.posts[path.stays.first()?.post].role].family].to_owned();
    let clause = Clause {
        of: Some(Of { families: Some(vec![family]), ..Of::default() }),
        placements: Some(Limits { min: Some(1), max: None }),
        ..Clause::default()
    };
    Some(world.programme.track.curriculum.iter().cloned().chain([clause]).collect())
}
