//! The programme on the map: roles and positions with everything resolved, and what moves cost.

use std::collections::BTreeMap;

use super::Recipe;
use super::dice::{Dice, List};
use super::geography::Map;
use super::programme::{Aim, Job, Programme, Starts};
use crate::io::raw::{Clause, Each, Limits};
use crate::words::Calendar;

/// A role, resolved.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) stage: usize,
    pub(super) family: usize,
    pub(super) difficulty: f64,
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) needs: Vec<(usize, u32)>,
    pub(super) gives: Vec<(usize, u32)>,
    pub(super) after: Vec<Vec<usize>>,
    pub(super) not_right_after: Vec<usize>,
    pub(super) capstone: bool,
}

/// A role at a site.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) role: usize,
    pub(super) site: usize,
    pub(super) difficulty: f64,
    pub(super) add: f64,
    pub(super) support: f64,
    /// How many people it takes, compared with others.
    pub(super) size: usize,
    pub(super) open: Option<(usize, usize)>,
}

/// A clause of a curriculum, with what it counts by position.
#[derive(Debug)]
pub(super) struct Count {
    /// What each position counts towards; none where it does not.
    pub(super) key: Vec<Option<usize>>,
    pub(super) placements: Limits,
    pub(super) periods: Limits,
}

/// Everything that does not depend on participants.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) programme: &'a Programme,
    pub(super) calendar: Calendar,
    pub(super) horizon: usize,
    pub(super) map: Map,
    pub(super) families: Vec<&'a str>,
    pub(super) roles: Vec<Role>,
    pub(super) posts: Vec<Post>,
    /// Positions by zone and stage.
    pub(super) pools: Vec<Vec<Vec<usize>>>,
    pub(super) clauses: Vec<Count>,
    /// By target and role: whether it helps to become ready.
    pub(super) aims: Vec<Vec<bool>>,
    /// First periods of cohorts.
    pub(super) cohorts: Vec<i64>,
    /// Pairs of sites with their own cost.
    pub(super) pairs: BTreeMap<(usize, usize), f64>,
    cost: Vec<f64>,
}

impl<'a> World<'a> {
    /// The world of a recipe.
    pub(super) fn new(programme: &'a Programme, recipe: &Recipe, calendar: Calendar) -> Self {
        let horizon = calendar.count;
        let kinds = programme.pattern.len();
        let working = programme.stages.iter().filter(|s| s.placements.1 > 0).count();
        let jobs = programme.roles.iter().filter(|j| !programme.habits.past.contains(&j.raw.id.as_str())).count();
        let sites = recipe.sites.unwrap_or_else(|| usual_sites(recipe.participants)).max(kinds);
        let positions = recipe.positions.unwrap_or(sites * 10 / 3).max(jobs);
        let zones = (sites / (3 * kinds).max(10)).min(positions / (2 * jobs)).clamp(1, programme.zones.len());
        let map = Map::new(programme, sites, zones, horizon, recipe.seed);
        let mut families: Vec<&str> = programme.roles.iter().filter_map(|j| j.raw.family.as_deref()).collect();
        families.sort_unstable();
        families.dedup();
        let roles: Vec<Role> = programme.roles.iter().map(|job| resolve(job, programme, &families)).collect();
        let mut world = Self {
            programme,
            calendar,
            horizon,
            families,
            roles,
            posts: Vec::new(),
            pools: vec![vec![Vec::new(); programme.stages.len()]; map.zones.len()],
            clauses: Vec::new(),
            aims: programme.targets.iter().map(|aim| programme.roles.iter().map(|job| helps(job, aim)).collect()).collect(),
            cohorts: cohort_starts(programme, horizon),
            pairs: BTreeMap::new(),
            cost: Vec::new(),
            map,
        };
        for zone in 0..world.map.zones.len() {
            let here = world.map.sites.iter().filter(|s| s.zone == zone).count();
            let share = (positions * here).div_ceil(world.map.sites.len());
            world.add_posts(zone, share.max(jobs), working, recipe.seed);
        }
        for (i, post) in world.posts.iter().enumerate() {
            world.pools[world.map.sites[post.site].zone][world.roles[post.role].stage].push(i);
        }
        world.clauses = programme.track.curriculum.iter().map(|clause| world.count(clause)).collect();
        world.price(recipe.seed);
        world
    }

    /// Cost of a move between two sites; nothing within a commute.
    pub(super) fn cost(&self, from: usize, to: usize) -> f64 {
        self.cost[from * self.map.sites.len() + to]
    }

    /// Whether going from one site to another is no move.
    pub(super) fn commutes(&self, from: usize, to: usize) -> bool {
        from == to || self.map.km(from, to) <= self.programme.relocation.2
    }

    /// Whether a role may begin in a period.
    pub(super) fn may_start(&self, role: usize, period: i64) -> bool {
        match self.programme.roles[role].starts {
            Starts::Any => true,
            Starts::Season { offset, step } => (period - offset).rem_euclid(step) == 0,
            Starts::After(offsets) => self.cohorts.iter().any(|start| offsets.contains(&(period - start))),
        }
    }

    /// Whether a position and its site are open in a period; before the horizon they are as when it opens.
    pub(super) fn is_open(&self, post: &Post, period: i64) -> bool {
        let within = |open: Option<(usize, usize)>| open.is_none_or(|(from, until)| (from as i64..until as i64).contains(&period.max(0)));
        within(post.open) && within(self.map.sites[post.site].open)
    }

    /// The places at which a role can be: sites of a zone, of the right kinds.
    fn add_posts(&mut self, zone: usize, count: usize, stages: usize, seed: u64) {
        let programme = self.programme;
        let sites: Vec<usize> = (0..self.map.sites.len()).filter(|&s| self.map.sites[s].zone == zone).collect();
        let eligible: Vec<Vec<usize>> = programme.roles.iter().map(|job| sites.iter().copied().filter(|&s| self.fits(job, s)).collect()).collect();
        let per_stage = |stage: usize| self.roles.iter().filter(|r| r.stage == stage).count().max(1);
        // How often each role should be found: stages alike, roles within a stage alike.
        let share: Vec<f64> = self.roles.iter().map(|r| 1.0 / (stages.max(1) * per_stage(r.stage)) as f64).collect();
        let mut taken = vec![0usize; programme.roles.len()];
        let mut held = vec![Vec::new(); self.map.sites.len()];
        for row in 0..count {
            let mut dice = Dice::new(seed, List::Posts, (zone << 24) + row);
            let short = |r: usize| if taken[r] == 0 { f64::from(u32::MAX) - r as f64 } else { share[r] * (row + 1) as f64 - taken[r] as f64 };
            let open = (0..taken.len()).filter(|&r| taken[r] < eligible[r].len() && programme.stages[self.roles[r].stage].placements.1 > 0);
            let Some(role) = open.max_by(|&a, &b| short(a).total_cmp(&short(b)).then(b.cmp(&a))) else { break };
            let free = eligible[role].iter().filter(|&&s| !held[s].contains(&role));
            let fewest = free.clone().map(|&s| held[s].len()).min().unwrap_or(0);
            let best: Vec<usize> = free.copied().filter(|&s| held[s].len() == fewest).collect();
            let site = *dice.pick(&best);
            held[site].push(role);
            taken[role] += 1;
            let first = taken[role] == 1;
            let post = self.post(role, site, first, &mut dice);
            self.posts.push(post);
        }
    }

    fn post(&self, role: usize, site: usize, first: bool, dice: &mut Dice) -> Post {
        let (horizon, place, job) = (self.horizon, &self.map.sites[site], &self.programme.roles[role].raw);
        let ladder = self.programme.steps.is_some() && !first && !self.programme.kinds[place.kind].hub;
        let add = if ladder && dice.chance(15) { *dice.pick(&[-0.5, 0.5, 0.5]) } else { 0.0 };
        let support = if self.programme.steps.is_some() && dice.chance(15) { *dice.pick(&[0.5, 0.5, 1.0]) } else { 0.0 };
        let short = !first && horizon >= 8 && dice.chance(6);
        let open = short.then(|| {
            let from = dice.between(0, horizon / 2);
            (from, (from + dice.between(horizon / 3, horizon)).min(horizon))
        });
        Post {
            id: format!("{}@{}", job.id, place.id),
            role,
            site,
            difficulty: self.roles[role].difficulty + add,
            add,
            support,
            size: place.size * dice.between(2, 4),
            open: open.filter(|range| *range != (0, horizon)),
        }
    }

    fn fits(&self, job: &Job, site: usize) -> bool {
        let kind = &self.programme.kinds[self.map.sites[site].kind];
        if job.at.is_empty() { !kind.hub } else { job.at.contains(&kind.id) }
    }

    /// A clause, resolved.
    pub(super) fn count(&self, clause: &Clause) -> Count {
        let programme = self.programme;
        let holds = |list: Option<&Vec<String>>, id: &str| list.is_none_or(|l| l.iter().any(|x| x == id));
        let key = |post: &Post| {
            let (job, site, role) = (&programme.roles[post.role].raw, &self.map.sites[post.site], &self.roles[post.role]);
            if let Some(of) = &clause.of {
                let all = holds(of.roles.as_ref(), &job.id)
                    && holds(of.families.as_ref(), job.family.as_deref().unwrap_or_default())
                    && holds(of.stages.as_ref(), &job.stage)
                    && holds(of.sites.as_ref(), &site.id)
                    && holds(of.kinds.as_ref(), programme.kinds[site.kind].id)
                    && holds(of.regions.as_ref(), self.map.regions[site.region]);
                return all.then_some(0);
            }
            Some(match clause.each {
                Some(Each::Site) | None => post.site,
                Some(Each::Family) => role.family,
                Some(Each::Kind) => site.kind,
                Some(Each::Region) => site.region,
            })
        };
        let limits = |limits: &Option<Limits>| limits.clone().unwrap_or_default();
        Count { key: self.posts.iter().map(key).collect(), placements: limits(&clause.placements), periods: limits(&clause.periods) }
    }

    /// Some pairs of near sites get a cost of their own; then the cost of every move is known.
    fn price(&mut self, seed: u64) {
        let count = self.map.sites.len();
        let (base, per_km, commute) = self.programme.relocation;
        for from in (0..count).step_by(10) {
            let to = (from + 1 + Dice::new(seed, List::Supply, from).below(3)) % count;
            let km = self.map.km(from, to);
            if km > commute && km < 1500.0 {
                self.pairs.insert((from.min(to), from.max(to)), ((base + per_km * km) * 0.6 / 10.0).round() * 10.0);
            }
        }
        let cost = |from: usize, to: usize| {
            let own = self.pairs.get(&(from.min(to), from.max(to)));
            if self.commutes(from, to) { 0.0 } else { own.copied().unwrap_or(base + per_km * self.map.km(from, to)) }
        };
        self.cost = (0..count * count).map(|i| cost(i / count, i % count)).collect();
    }
}

/// Sites that an organisation with so many participants has.
fn usual_sites(people: usize) -> usize {
    const POINTS: &[(usize, usize)] = &[(0, 3), (50, 8), (100, 12), (200, 25), (500, 40), (1000, 65), (2000, 100), (20_000, 100), (100_000, 150)];
    let Some(at) = POINTS.iter().position(|(n, _)| *n > people) else { return 150 };
    let ((n0, s0), (n1, s1)) = (POINTS[at - 1], POINTS[at]);
    s0 + (people - n0) * (s1 - s0) / (n1 - n0)
}

/// First periods of cohorts: from the first on, as long as their track, or a good part of it, lies within the horizon.
fn cohort_starts(programme: &Programme, horizon: usize) -> Vec<i64> {
    let (length, horizon, intake) = (programme.track.length as i64, horizon as i64, &programme.intake);
    let fits = |start: &i64| *start == intake.first || start + length <= horizon || (intake.late && 2 * start <= horizon);
    let after_all = |start: &i64| *start < horizon;
    let starts: Vec<i64> = (0..64).map(|k| intake.first + k * intake.gap).take_while(fits).filter(after_all).filter(|s| s + length > 0).collect();
    if starts.is_empty() { vec![0] } else { starts }
}

/// Whether a role is experience that a target asks for, or gives a competency at the level that it asks.
fn helps(job: &Job, aim: &Aim) -> bool {
    aim.experience.iter().flatten().any(|id| *id == job.raw.id) || aim.requires.iter().any(|(id, level)| job.raw.develops.get(*id) >= Some(level))
}

fn resolve(job: &Job, programme: &Programme, families: &[&str]) -> Role {
    let raw = &job.raw;
    let role = |id: &String| programme.roles.iter().position(|j| j.raw.id == *id).unwrap_or_default();
    let levels = |map: &crate::io::raw::Map<u32>| {
        let index = |id: &str| programme.competencies.iter().position(|c| c.0 == id).unwrap_or_default();
        map.iter().map(|(id, level)| (index(id), *level)).collect()
    };
    let weight = |id: &str| programme.dimensions.iter().find(|d| d.0 == id).map_or(0.0, |d| d.1);
    let demands = || raw.demands.iter().flatten().map(|(id, score)| weight(id) * score).sum();
    let limits = raw.duration.clone().unwrap_or_default();
    Role {
        stage: programme.stages.iter().position(|s| s.id == raw.stage).unwrap_or_default(),
        family: families.iter().position(|f| Some(*f) == raw.family.as_deref()).unwrap_or_default(),
        difficulty: raw.difficulty.unwrap_or_else(demands),
        min: limits.min.unwrap_or(1) as usize,
        max: limits.max.map_or(usize::MAX, |m| m as usize),
        needs: levels(&raw.requires),
        gives: levels(&raw.develops),
        after: raw.after.iter().map(|group| group.iter().map(role).collect()).collect(),
        not_right_after: raw.not_right_after.iter().map(role).collect(),
        capstone: programme.track.capstone.contains(&raw.id.as_str()),
    }
}
