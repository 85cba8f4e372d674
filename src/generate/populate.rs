//! All participants with a path each, couples near each other, and some who are kept apart.

use super::Recipe;
use super::dice::{Dice, List};
use super::path::{Loads, Path, Shapes};
use super::people::Person;
use super::world::World;
use crate::io::raw::{GroupKind, Neighbourhood, Within};

/// A couple, or two who are kept apart: members, kind, distance.
pub(super) type Pair = (usize, usize, GroupKind, Within);

/// Everybody, with a path each; and the couples among them.
pub(super) fn people(world: &World<'_>, recipe: &Recipe) -> (Vec<Person>, Vec<Path>, Loads, Vec<Pair>) {
    let mut shapes = Shapes::default();
    let mut loads = Loads::new(world);
    let (mut people, mut paths, mut couples): (Vec<Person>, Vec<Path>, Vec<Pair>) = Default::default();
    for row in 0..recipe.participants {
        let mut dice = Dice::new(recipe.seed, List::Paths, row);
        let mut wed = Dice::new(recipe.seed, List::Couples, row / 2);
        let couple = row % 2 == 1 && wed.chance(3) && world.programme.habits.wishes;
        let mut person = Person::new(world, recipe.seed, row, people.last().filter(|_| couple));
        let mut path = None;
        if couple {
            let sites = paths[row - 1].sites(world);
            for within in distances(&mut wed) {
                let near = |a: usize, b: usize| is_within(world, &within, a, b);
                path = shapes.path(world, &person, &loads, Some((&sites, &near)), &mut dice);
                if path.is_some() {
                    couples.push((row - 1, row, GroupKind::Together, within));
                    break;
                }
            }
        }
        // A leave that no path can be planned around is taken at another time, or else not at all.
        for _ in 0..4 {
            if path.is_none() {
                path = shapes.path(world, &person, &loads, None, &mut dice);
            }
            if path.is_some() || person.leave.is_empty() {
                break;
            }
            person.take_leave(world, &mut dice);
        }
        let path = path.unwrap_or_else(|| {
            person.plain(world);
            shapes.path(world, &person, &loads, None, &mut dice).unwrap_or_default()
        });
        loads.add(world, &person, &path);
        people.push(person);
        paths.push(path);
    }
    (people, paths, loads, couples)
}

/// How near a couple wants to be, and what they would put up with.
fn distances(dice: &mut Dice) -> Vec<Within> {
    let first = match dice.below(4) {
        0 | 1 => Within::Word(Neighbourhood::Region),
        2 => Within::Km(*dice.pick(&[150.0, 300.0, 500.0])),
        _ => Within::Word(Neighbourhood::Country),
    };
    vec![first, Within::Word(Neighbourhood::Country), Within::Km(2500.0)]
}

fn is_within(world: &World<'_>, within: &Within, a: usize, b: usize) -> bool {
    let (x, y) = (&world.map.sites[a], &world.map.sites[b]);
    match within {
        Within::Word(Neighbourhood::Site) => a == b,
        Within::Word(Neighbourhood::Region) => x.region == y.region,
        Within::Word(Neighbourhood::Country) => x.country == y.country,
        Within::Km(km) => world.map.km(a, b) <= *km,
    }
}

/// One in a hundred is kept apart from somebody near them in the list, whose path allows it.
pub(super) fn apart(world: &World<'_>, seed: u64, paths: &[Path], groups: &mut Vec<Pair>) {
    if !world.programme.habits.wishes {
        return;
    }
    for row in 3..paths.len() {
        let mut dice = Dice::new(seed, List::Apart, row);
        if row % 2 == 0 || !dice.chance(1) {
            continue;
        }
        let within = if dice.chance(70) { Within::Word(Neighbourhood::Site) } else { Within::Word(Neighbourhood::Region) };
        let both = paths[row].sites(world).into_iter().zip(paths[row - 3].sites(world)).filter_map(|(a, b)| Some((a?, b?)));
        if !both.into_iter().any(|(a, b)| is_within(world, &within, a, b)) {
            groups.push((row - 3, row, GroupKind::Apart, within));
        }
    }
}
