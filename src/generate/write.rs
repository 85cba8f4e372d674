//! The instance, written down.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::dice::{Dice, List};
use super::legs::{self, Leg};
use super::limits::{self, Bounds};
use super::mentors::{self, Staff};
use super::path::Path;
use super::people::{Home, Person, Wishes};
use super::populate::{self, Pair};
use super::programme::{Aim, Programme, Starts, levels_map};
use super::world::World;
use super::{Profile, Recipe, supply};
use crate::io::plan_file::{MentorRow, PlacementRow};
use crate::io::raw;
use crate::io::raw::{Credential, GroupKind, Map, PerPeriod, Period, Range, Unit};
use crate::words::Calendar;

/// The instance of a recipe, and the plan that it was made around if that is wanted.
pub(super) fn instance(programme: &Programme, recipe: &Recipe, planted: bool) -> (raw::Instance, Vec<PlacementRow>) {
    let world = World::new(programme, recipe, calendar(programme, recipe));
    let (people, paths, loads, mut groups) = populate::people(&world, recipe);
    let legs: Vec<Vec<Leg>> = people.iter().zip(&paths).map(|(person, path)| legs::legs(&world, person, path)).collect();
    populate::apart(&world, recipe.seed, &paths, &mut groups);
    let seats = supply::seats(&world, &loads, if programme.habits.all_pinned { recipe.tight.min(1.0) } else { recipe.tight });
    let mut there = vec![false; world.posts.len()];
    paths.iter().flat_map(legs::behind).filter(|(.., there)| *there).for_each(|(post, ..)| there[post] = true);
    let kept = seats.iter().zip(loads.posts.chunks(world.horizon)).map(|(seats, used)| seats.iter().chain(used).any(|n| *n > 0));
    let kept: Vec<bool> = kept.zip(&there).map(|(seat, there)| seat || *there).collect();
    let staff = if programme.habits.mentors { mentors::staff(&world, &legs, recipe.tight, recipe.seed) } else { Staff::default() };
    let (housing, arrivals) = supply::guests(&world, &people, &legs, recipe.seed);
    let demand = supply::demand(&world, &loads, &seats, recipe.seed);
    let rows = |i: usize| {
        let mut dice = Dice::new(recipe.seed, List::Limits, i);
        let bounds = limits::bounds(&world, &mut dice, &people[i], &paths[i], &legs[i], &kept, recipe.tight > 1.0);
        participant(&world, i, &people[i], &paths[i], bounds)
    };
    let instance = raw::Instance {
        format: "rungs/1".to_owned(),
        name: Some(format!("{}-{}-seed-{}", recipe.profile.word(), recipe.participants, recipe.seed)),
        currency: Some(programme.currency.to_owned()),
        calendar: raw::Calendar { start: programme.start.to_owned(), unit: programme.unit, count: world.horizon as u32 },
        competencies: programme.competencies.iter().map(competency).collect(),
        stages: programme.stages.iter().map(|s| raw::Stage { id: s.id.to_owned(), name: Some(s.name.to_owned()) }).collect(),
        difficulty: programme.dimensions.iter().map(|(id, weight)| ((*id).to_owned(), *weight)).collect(),
        roles: (0..programme.roles.len()).map(|r| role(&world, r)).collect(),
        sites: (0..world.map.sites.len()).map(|s| site(&world, s, &housing, &arrivals)).collect(),
        positions: (0..world.posts.len()).filter(|&p| kept[p]).map(|p| position(&world, p, &seats[p], there[p], &demand[p])).collect(),
        people: staff.people,
        mentors: staff.mentors,
        tracks: vec![track(programme)],
        targets: targets(&world, &people, &paths),
        cohorts: (0..world.cohorts.len()).map(|c| cohort(&world, c)).collect(),
        participants: (0..people.len()).map(rows).collect(),
        groups: groups.into_iter().enumerate().map(group).collect(),
        relocation: Some(relocation(&world, recipe, &legs)),
        baseline: programme.habits.baseline.then(|| baseline(&world, recipe.seed, &legs)),
        rules: programme.rules.clone(),
    };
    let plan = if planted { plan(&world, &legs, &staff.assigned, &instance.mentors) } else { Vec::new() };
    (instance, plan)
}

fn calendar(programme: &Programme, recipe: &Recipe) -> Calendar {
    let unit = match programme.unit {
        Unit::Week => crate::words::Unit::Week,
        Unit::Month => crate::words::Unit::Month,
        Unit::Quarter => crate::words::Unit::Quarter,
        Unit::Half => crate::words::Unit::Half,
        Unit::Year => crate::words::Unit::Year,
    };
    let start = programme.start.parse().unwrap_or(Date::constant(2027, 1, 1));
    Calendar { start, unit, count: recipe.periods.unwrap_or(programme.periods).clamp(1, 1200) }
}

/// Id of participant `row`.
fn person_id(row: usize) -> String {
    format!("p{:04}", row + 1)
}

fn day(world: &World<'_>, period: i64) -> Period {
    world.calendar.begins(period).map_or(Period::Index(period), |day| Period::Text(day.to_string()))
}

fn range((from, until): (usize, usize), horizon: usize) -> Range {
    Range { from: (from > 0).then_some(Period::Index(from as i64)), until: (until < horizon).then_some(Period::Index(until as i64)) }
}

fn per_period(list: &[u32], open: Option<(usize, usize)>) -> PerPeriod {
    supply::flat(list, open).map_or_else(|| PerPeriod::Each(list.to_vec()), PerPeriod::Every)
}

fn competency((id, name, levels): &(&str, &str, u32)) -> raw::Competency {
    raw::Competency { id: (*id).to_owned(), name: Some((*name).to_owned()), levels: Some(*levels) }
}

fn role(world: &World<'_>, r: usize) -> raw::Role {
    let job = &world.programme.roles[r];
    let starts = || (0..world.horizon as i64).filter(|p| world.may_start(r, *p)).map(Period::Index).collect();
    raw::Role { starts: (!matches!(job.starts, Starts::Any)).then(starts), ..job.raw.clone() }
}

fn site(world: &World<'_>, s: usize, housing: &supply::Counts, arrivals: &supply::Counts) -> raw::Site {
    let (map, site) = (&world.map, &world.map.sites[s]);
    raw::Site {
        id: site.id.clone(),
        name: Some(site.name.clone()),
        kind: Some(world.programme.kinds[site.kind].id.to_owned()),
        country: Some(site.country.to_owned()),
        region: Some(map.regions[site.region].to_owned()),
        lat: Some(site.lat),
        lon: Some(site.lon),
        requires: site.requires.iter().map(|c| map.credentials[*c].to_owned()).collect(),
        open: site.open.map(|open| vec![range(open, world.horizon)]),
        housing: housing[s].as_ref().map(|list| per_period(list, None)),
        arrivals: arrivals[s].as_ref().map(|list| per_period(list, None)),
    }
}

fn position(world: &World<'_>, p: usize, seats: &[u32], there: bool, demand: &Option<(Vec<u32>, f64)>) -> raw::Position {
    let post = &world.posts[p];
    // Seats that are there for one span only are a position that is open for that span.
    let (seats, open) = match supply::window(seats).filter(|_| !there) {
        Some((count, span)) if post.open.is_none() => (PerPeriod::Every(count), Some(span).filter(|s| *s != (0, world.horizon))),
        _ => (per_period(seats, post.open), post.open),
    };
    raw::Position {
        id: post.id.clone(),
        role: world.programme.roles[post.role].raw.id.clone(),
        site: world.map.sites[post.site].id.clone(),
        seats: Some(seats),
        demand: demand.as_ref().map(|(list, _)| per_period(list, None)),
        priority: demand.as_ref().map(|(_, priority)| *priority).filter(|priority| *priority != 1.0),
        manager: world.programme.habits.mentors.then(|| mentors::manager(world, p)),
        difficulty_add: (post.add != 0.0).then_some(post.add),
        support: (post.support != 0.0).then_some(post.support),
        open: open.map(|open| vec![range(open, world.horizon)]),
    }
}

fn track(programme: &Programme) -> raw::Track {
    let course = &programme.track;
    let limits = |(min, max): (usize, usize)| Some(raw::Limits { min: (min > 0).then_some(min as u32), max: (max < 1000).then_some(max as u32) });
    let stage = |s: &super::programme::Rung| raw::TrackStage {
        stage: s.id.to_owned(),
        placements: limits(s.placements),
        periods: limits(s.periods).filter(|l| *l != raw::Limits::default()),
    };
    let stages = programme.stages.iter().filter(|s| course.staged && s.placements.1 > 0).map(stage);
    raw::Track {
        id: course.id.to_owned(),
        name: Some(course.name.to_owned()),
        length: course.length as u32,
        entry_level: Some(course.entry),
        stages: stages.collect(),
        curriculum: course.curriculum.clone(),
        capstone: course.capstone.iter().map(|id| (*id).to_owned()).collect(),
        breadth: course.breadth.clone(),
    }
}

/// Targets that want nine in ten of those whom the paths make ready.
fn targets(world: &World<'_>, people: &[Person], paths: &[Path]) -> Vec<raw::Target> {
    let mut ready: Vec<BTreeMap<i64, u32>> = vec![BTreeMap::new(); world.programme.targets.len()];
    for (person, path) in people.iter().zip(paths) {
        if let Some(target) = person.target.filter(|t| !path.timeline.cut && is_ready(world, person, path, &world.programme.targets[*t])) {
            *ready[target].entry(path.timeline.end.max(1) - 1).or_default() += 1;
        }
    }
    let write = |(aim, ready): (&Aim, BTreeMap<i64, u32>)| {
        let all = ready.values().sum::<u32>() * 9 / 10;
        let mut so_far = 0;
        let counts = ready.into_iter().map(|(by, count)| {
            so_far += count;
            raw::NeededBy { by: Period::Index(by), count: so_far * 9 / 10 }
        });
        let counts: Vec<raw::NeededBy> = counts.filter(|n| n.count > 0).collect();
        let needed = if counts.len() > 1 { raw::Needed::List(counts) } else { raw::Needed::ByTheEnd(all) };
        raw::Target {
            id: aim.id.to_owned(),
            name: Some(aim.name.to_owned()),
            requires: levels_map(&aim.requires),
            experience: aim.experience.iter().map(|group| group.iter().map(|id| (*id).to_owned()).collect()).collect(),
            needed: (all > 0).then_some(needed),
        }
    };
    world.programme.targets.iter().zip(ready).map(write).collect()
}

fn is_ready(world: &World<'_>, person: &Person, path: &Path, aim: &Aim) -> bool {
    let done: Vec<usize> = path.stays.iter().map(|s| world.posts[s.post].role).collect();
    let level = |id: &str| {
        let competency = world.programme.competencies.iter().position(|c| c.0 == id);
        let held = person.competencies.iter().chain(done.iter().flat_map(|r| &world.roles[*r].gives));
        held.filter(|(c, _)| Some(*c) == competency).map(|(_, level)| *level).max().unwrap_or(0)
    };
    let held = |id: &&str| done.iter().any(|r| world.programme.roles[*r].raw.id == *id);
    aim.requires.iter().all(|(id, asked)| level(id) >= *asked) && aim.experience.iter().all(|group| group.iter().any(held))
}

fn cohort(world: &World<'_>, c: usize) -> raw::Cohort {
    raw::Cohort {
        id: cohort_id(world, c),
        name: Some(format!("Class of {}", begins(world, c))),
        track: world.programme.track.id.to_owned(),
        start: day(world, world.cohorts[c]),
    }
}

/// When a cohort starts, in no more words than tell it from the others: `2027`, `March 2027`, `8 March 2027`.
fn begins(world: &World<'_>, c: usize) -> String {
    let said = |format: &str| -> Vec<String> {
        let day = |start: &i64| world.calendar.begins(*start).map_or_else(String::new, |day| day.strftime(format).to_string());
        world.cohorts.iter().map(day).collect()
    };
    let tells_apart = |names: &Vec<String>| names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let mut names = ["%Y", "%B %Y"].map(said).into_iter().find(tells_apart).unwrap_or_else(|| said("%-d %B %Y"));
    names.swap_remove(c)
}

fn cohort_id(world: &World<'_>, c: usize) -> String {
    world.calendar.begins(world.cohorts[c]).map_or_else(|| format!("class-{c}"), |day| format!("class-{}", &day.to_string()))
}

fn participant(world: &World<'_>, row: usize, person: &Person, path: &Path, bounds: Bounds) -> raw::Participant {
    let (map, programme) = (&world.map, world.programme);
    let behind = legs::behind(path);
    let hardest = behind.iter().map(|(p, ..)| world.posts[*p].difficulty).reduce(f64::max);
    let entry = |role: usize, site: usize, periods: usize| raw::Past {
        role: programme.roles[role].raw.id.clone(),
        site: map.sites[site].id.clone(),
        periods: Some(periods as u32),
    };
    let before = person.past.iter().map(|(role, periods)| entry(*role, person.near().unwrap_or(0), *periods));
    let history = behind.iter().filter(|(.., there)| !there).map(|(p, periods, _)| entry(world.posts[*p].role, world.posts[*p].site, *periods));
    let current = behind.iter().find(|(.., there)| *there);
    let credential = |(id, from): &(usize, Option<i64>)| {
        let id = map.credentials[*id].to_owned();
        from.map_or_else(|| Credential::Id(id.clone()), |p| Credential::From(raw::CredentialFrom { id: id.clone(), from: Some(day(world, p)) }))
    };
    let place = |near: usize, lat, lon| raw::Place {
        lat: Some(lat),
        lon: Some(lon),
        country: Some(map.sites[near].country.to_owned()),
        region: Some(map.regions[map.sites[near].region].to_owned()),
    };
    let leave = |l: &super::people::Leave| raw::Leave {
        from: Some(day(world, l.from)),
        until: Some(day(world, l.until)),
        pauses: (!l.pauses).then_some(false),
        holds_seat: l.holds_seat.then_some(true),
    };
    raw::Participant {
        id: person_id(row),
        name: Some(person.name.clone()),
        cohort: cohort_id(world, person.cohort),
        home: match person.home {
            Home::Unknown => None,
            Home::Site(site) => Some(raw::Home::Site(map.sites[site].id.clone())),
            Home::Near(near, lat, lon) => Some(raw::Home::Place(place(near, lat, lon))),
        },
        target: person.target.map(|t| programme.targets[t].id.to_owned()),
        level: person.level.or(hardest),
        competencies: person.competencies.iter().map(|(c, level)| (programme.competencies[*c].0.to_owned(), *level)).collect(),
        credentials: person.credentials.iter().map(credential).collect(),
        history: before.chain(history).collect(),
        current: current.map(|(p, worked, _)| raw::Current { position: world.posts[*p].id.clone(), worked: Some(*worked as u32) }),
        leave: person.leave.iter().map(leave).collect(),
        extension: (person.extension > 0).then_some(person.extension as u32),
        mobility: bounds.mobility,
        ratings: ratings(world, &person.wishes),
        minds: bounds.minds,
        carried: bounds.carried,
        curriculum: bounds.curriculum,
        barred: bounds.barred,
        pinned: bounds.pinned,
    }
}

fn ratings(world: &World<'_>, wishes: &Wishes) -> Option<raw::Ratings> {
    fn scores<'a>(list: &[(usize, i32)], id: impl Fn(usize) -> &'a str) -> Map<f64> {
        list.iter().map(|(i, score)| (id(*i).to_owned(), f64::from(*score))).collect()
    }
    let ratings = raw::Ratings {
        roles: scores(&wishes.roles, |r| world.programme.roles[r].raw.id.as_str()),
        families: scores(&wishes.families, |f| world.families[f]),
        sites: scores(&wishes.sites, |s| world.map.sites[s].id.as_str()),
        regions: scores(&wishes.regions, |r| world.map.regions[r]),
        kinds: scores(&wishes.kinds, |k| world.programme.kinds[k].id),
    };
    (ratings != raw::Ratings::default()).then_some(ratings)
}

fn group((row, (a, b, kind, within)): (usize, Pair)) -> raw::Group {
    let word = if kind == GroupKind::Together { "couple" } else { "apart" };
    raw::Group { id: format!("{word}-{:04}", row + 1), members: vec![person_id(a), person_id(b)], kind, within: Some(within) }
}

fn relocation(world: &World<'_>, recipe: &Recipe, legs: &[Vec<Leg>]) -> raw::Relocation {
    let (base, per_km, commute) = world.programme.relocation;
    let (total, years) = supply::budget(world, legs, recipe.budget);
    let pair = |((from, to), cost): (&(usize, usize), &f64)| raw::Pair {
        from: world.map.sites[*from].id.clone(),
        to: world.map.sites[*to].id.clone(),
        cost: *cost,
    };
    raw::Relocation {
        base: Some(base),
        per_km: Some(per_km),
        commute_km: Some(commute),
        pairs: world.pairs.iter().map(pair).collect(),
        budget: (recipe.profile != Profile::Mentoring)
            .then(|| raw::Budget { total: Some(total), per_year: years.into_iter().map(|(year, n)| (year.to_string(), n)).collect() }),
    }
}

/// The plan that was published: the paths, but for a sixth of the people, of whom one placement is not known yet.
fn baseline(world: &World<'_>, seed: u64, legs: &[Vec<Leg>]) -> Vec<raw::Baseline> {
    let mut rows = Vec::new();
    for (who, legs) in legs.iter().enumerate() {
        let mut dice = Dice::new(seed, List::Baseline, who);
        let unknown = if dice.chance(16) { dice.below(legs.len().max(1)) } else { usize::MAX };
        for (_, leg) in legs.iter().enumerate().filter(|(nth, _)| *nth != unknown) {
            rows.push(raw::Baseline {
                participant: person_id(who),
                position: world.posts[leg.post].id.clone(),
                from: Some(Period::Index(leg.from as i64)),
                until: Some(Period::Index(leg.until as i64)),
            });
        }
    }
    rows
}

fn plan(world: &World<'_>, legs: &[Vec<Leg>], assigned: &[Vec<usize>], mentors: &[raw::Mentor]) -> Vec<PlacementRow> {
    let mut rows = Vec::new();
    for (who, legs) in legs.iter().enumerate() {
        for (nth, leg) in legs.iter().enumerate() {
            let mentor = assigned.get(who).and_then(|list| mentors.get(list[nth]));
            let (from, until) = (|| Some(Period::Index(leg.from as i64)), || Some(Period::Index(leg.until as i64)));
            rows.push(PlacementRow {
                participant: person_id(who),
                position: world.posts[leg.post].id.clone(),
                from: Period::Index(leg.from as i64),
                until: Period::Index(leg.until as i64),
                mentors: mentor.map(|m| MentorRow { mentor: m.id.clone(), from: from(), until: until() }).into_iter().collect(),
                ..PlacementRow::default()
            });
        }
    }
    rows
}
