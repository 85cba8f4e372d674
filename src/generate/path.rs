//! A full path for every participant, that keeps every rule of a single path: what the seats, beds, mentors and money of the
//! instance are made for.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::people::Person;
use super::world::{Count, World};

/// A placement, on the timeline from the cohort's start, which may lie before the horizon.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stay {
    pub(super) post: usize,
    /// First tick.
    pub(super) first: usize,
    /// Ticks.
    pub(super) len: usize,
}

/// A path.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    pub(super) stays: Vec<Stay>,
    pub(super) timeline: Timeline,
}

/// The periods in which somebody can work, from the cohort's start.
#[derive(Debug, Clone, Default)]
pub(super) struct Timeline {
    pub(super) periods: Vec<i64>,
    /// The track runs on past the horizon.
    pub(super) cut: bool,
    /// The track's end.
    pub(super) end: i64,
}

impl Timeline {
    /// The timeline of a person.
    pub(super) fn of(world: &World<'_>, person: &Person) -> Self {
        let start = world.cohorts[person.cohort];
        let end = start + (world.programme.track.length + person.extension) as i64;
        let horizon = world.horizon as i64;
        let away = |p: &i64| person.leave.iter().any(|l| l.from <= *p && *p < l.until);
        Self { periods: (start..end.min(horizon)).filter(|p| !away(p)).collect(), cut: end > horizon, end }
    }
}

impl Path {
    /// Ticks of a placement within the horizon.
    pub(super) fn worked(&self, stay: &Stay) -> impl Iterator<Item = usize> + '_ {
        self.timeline.periods[stay.first..stay.first + stay.len].iter().filter_map(|p| usize::try_from(*p).ok())
    }

    /// The first period, and the one after the last, of a placement.
    pub(super) fn span(&self, stay: &Stay) -> (i64, i64) {
        let periods = &self.timeline.periods;
        (periods[stay.first], periods[stay.first + stay.len - 1] + 1)
    }

    /// The site in every period of the horizon.
    pub(super) fn sites(&self, world: &World<'_>) -> Vec<Option<usize>> {
        let mut sites = vec![None; world.horizon];
        for stay in &self.stays {
            self.worked(stay).for_each(|p| sites[p] = Some(world.posts[stay.post].site));
        }
        sites
    }
}

/// How many are where.
#[derive(Debug)]
pub(super) struct Loads {
    horizon: usize,
    /// By position and period.
    pub(super) posts: Vec<u32>,
    /// By zone, stage and period.
    pools: Vec<u32>,
    /// By zone and stage: the sizes of its positions.
    sizes: Vec<usize>,
    stages: usize,
}

impl Loads {
    /// Nobody anywhere.
    pub(super) fn new(world: &World<'_>) -> Self {
        let stages = world.programme.stages.len();
        let sizes: Vec<usize> = world.pools.iter().flatten().map(|pool| pool.iter().map(|&p| world.posts[p].size).sum()).collect();
        Self { horizon: world.horizon, posts: vec![0; world.posts.len() * world.horizon], pools: vec![0; sizes.len() * world.horizon], sizes, stages }
    }

    /// Adds a path; a leave that holds the seat fills it too.
    pub(super) fn add(&mut self, world: &World<'_>, person: &Person, path: &Path) {
        for stay in &path.stays {
            let pool = self.pool(world, stay.post);
            let (from, until) = path.span(stay);
            let held = |p: &i64| person.leave.iter().any(|l| l.holds_seat && l.from <= *p && *p < l.until);
            let held = (from.max(0)..until).filter(held).filter_map(|p| usize::try_from(p).ok());
            for period in path.worked(stay).chain(held) {
                self.posts[stay.post * self.horizon + period] += 1;
                self.pools[pool * self.horizon + period] += 1;
            }
        }
    }

    /// How full a position is, compared with others of its zone and stage: 1 is the same.
    fn fullness(&self, world: &World<'_>, post: usize, periods: &[i64]) -> f64 {
        let pool = self.pool(world, post);
        let sum = |list: &[u32], row: usize| -> f64 {
            periods.iter().filter_map(|p| usize::try_from(*p).ok()).map(|p| f64::from(list[row * self.horizon + p])).sum()
        };
        let all = sum(&self.pools, pool) / self.sizes[pool] as f64;
        if all > 0.0 { sum(&self.posts, post) / world.posts[post].size as f64 / all } else { 1.0 }
    }

    fn pool(&self, world: &World<'_>, post: usize) -> usize {
        let post = &world.posts[post];
        world.map.sites[post.site].zone * self.stages + world.roles[post.role].stage
    }
}

/// A way through the stages: stage and length of each placement.
type Shape = Vec<(usize, usize)>;

/// All shapes of a given length, made when first asked for.
#[derive(Debug, Default)]
pub(super) struct Shapes(BTreeMap<usize, Vec<Shape>>);

/// Where the partner is, and how near the two must be.
pub(super) type Partner<'a> = (&'a [Option<usize>], &'a dyn Fn(usize, usize) -> bool);

impl Shapes {
    /// A full path of a person, or none if no try finds one.
    pub(super) fn path(&mut self, world: &World<'_>, person: &Person, loads: &Loads, partner: Option<Partner<'_>>, dice: &mut Dice) -> Option<Path> {
        let timeline = Timeline::of(world, person);
        let away: i64 = person.leave.iter().map(|l| l.until - l.from).sum();
        let length = usize::try_from(timeline.end - world.cohorts[person.cohort] - away).unwrap_or(0);
        let shapes = self.0.entry(length).or_insert_with(|| shapes(world, length));
        let mut nodes = 0;
        for _ in 0..400 {
            if shapes.is_empty() || nodes > 2000 {
                break;
            }
            let shape = dice.pick(shapes);
            let mut search = Search { world, person, loads, partner, dice: &mut *dice, timeline: &timeline, shape, stays: Vec::new(), nodes: 0 };
            if search.fill(0) {
                let stays = search.stays;
                return Some(Path { stays, timeline });
            }
            nodes += search.nodes;
        }
        None
    }
}

/// The search of a path of one shape.
struct Search<'a> {
    world: &'a World<'a>,
    person: &'a Person,
    loads: &'a Loads,
    partner: Option<Partner<'a>>,
    dice: &'a mut Dice,
    timeline: &'a Timeline,
    shape: &'a [(usize, usize)],
    stays: Vec<Stay>,
    nodes: usize,
}

impl Search<'_> {
    /// Fills the shape from a tick on, the most suitable positions first.
    fn fill(&mut self, tick: usize) -> bool {
        if tick == self.timeline.periods.len() {
            return self.timeline.cut || self.minima();
        }
        self.nodes += 1;
        let slot = self.stays.len();
        if self.nodes > 120 || slot == self.shape.len() {
            return false;
        }
        let (stage, len) = self.shape[slot];
        let stay = |post: usize| Stay { post, first: tick, len: len.min(self.timeline.periods.len() - tick) };
        let pool = &self.world.pools[self.person.zone][stage];
        let fitting: Vec<usize> = pool.iter().copied().filter(|&post| self.fits(stay(post), len)).collect();
        let mut ranked: Vec<(f64, usize)> = fitting.into_iter().map(|post| (self.score(stay(post)) + 1.5 * self.dice.share(), post)).collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        // The best position of every role first: which roles follow each other decides whether a path can be finished.
        let mut roles = Vec::new();
        let (firsts, others): (Vec<_>, Vec<_>) = ranked.into_iter().partition(|(_, post)| {
            let role = self.world.posts[*post].role;
            let first = !roles.contains(&role);
            roles.push(role);
            first
        });
        for (_, post) in firsts.into_iter().chain(others).take(8) {
            let stay = Stay { post, first: tick, len: len.min(self.timeline.periods.len() - tick) };
            self.stays.push(stay);
            if self.fill(tick + stay.len) {
                return true;
            }
            self.stays.pop();
        }
        false
    }

    /// Whether a placement may come next.
    fn fits(&self, stay: Stay, full: usize) -> bool {
        let (world, person) = (self.world, self.person);
        let post = &world.posts[stay.post];
        let (role, periods) = (&world.roles[post.role], &self.timeline.periods[stay.first..stay.first + stay.len]);
        let last = self.stays.len() + 1 == self.shape.len();
        let done = || self.stays.iter().map(|s| world.posts[s.post].role).chain(person.past.iter().map(|(r, _)| *r));
        let length = stay.len <= role.max && (stay.len >= role.min || stay.len < full);
        length
            && (self.timeline.cut || !last || role.capstone || world.programme.track.capstone.is_empty())
            && world.may_start(post.role, periods[0])
            && done().all(|r| r != post.role)
            && self.step_fits(post.difficulty, post.support)
            && role.needs.iter().all(|(c, level)| self.held(*c) >= *level)
            && role.after.iter().all(|group| done().any(|r| group.contains(&r)))
            && self.stays.last().is_none_or(|s| !role.not_right_after.contains(&world.posts[s.post].role))
            && person.may_work(world, post.site, periods[0])
            && periods.iter().all(|p| world.is_open(post, *p))
            && self.unbroken(periods)
            && world.clauses.iter().all(|clause| self.below_maximum(clause, stay))
            && self.near_partner(post.site, periods)
    }

    /// The lower the better: what they wish, how far it is, how hard, how full, and what the target and breadth ask.
    fn score(&self, stay: Stay) -> f64 {
        let world = self.world;
        let post = &world.posts[stay.post];
        let before = self.stays.last().map(|s| &world.posts[s.post]);
        let km = match before {
            Some(b) if world.commutes(b.site, post.site) => 0.0,
            Some(b) => 600.0 + world.map.km(b.site, post.site),
            None => self.person.km(world, post.site).map_or(0.0, |km| if km <= world.programme.relocation.2 { 0.0 } else { 600.0 + km }),
        };
        let step = world.programme.steps.map_or(0.0, |(_, _, ideal)| (post.difficulty - self.mastered() - ideal).abs());
        let role = &world.roles[post.role];
        let new_family = self.stays.iter().all(|s| world.roles[world.posts[s.post].role].family != role.family);
        let fullness = self.loads.fullness(world, stay.post, &self.timeline.periods[stay.first..stay.first + stay.len]);
        -f64::from(self.person.rating(world, stay.post)) + km / 300.0 + 0.7 * step + 5.0 * fullness.min(4.0)
            - if new_family { 1.0 } else { 0.0 }
            - if self.person.target.is_some_and(|t| world.aims[t][post.role]) { 2.0 } else { 0.0 }
    }

    fn mastered(&self) -> f64 {
        let entry = self.person.level.unwrap_or_else(|| {
            let past = self.person.past.iter().map(|(r, _)| self.world.roles[*r].difficulty);
            past.reduce(f64::max).unwrap_or(self.world.programme.track.entry)
        });
        self.stays.last().map_or(entry, |s| self.world.posts[s.post].difficulty)
    }

    fn step_fits(&self, difficulty: f64, support: f64) -> bool {
        let step = difficulty - self.mastered();
        self.world.programme.steps.is_none_or(|(least, most, _)| step >= least - 1e-9 && step <= most + support + 1e-9)
    }

    fn held(&self, competency: usize) -> u32 {
        let gives = |r: usize| self.world.roles[r].gives.iter().find(|(c, _)| *c == competency).map_or(0, |(_, level)| *level);
        let done = self.stays.iter().map(|s| gives(self.world.posts[s.post].role));
        let start = self.person.competencies.iter().find(|(c, _)| *c == competency).map_or(0, |(_, level)| *level);
        done.max().unwrap_or(0).max(start)
    }

    /// Whether no leave that ends a placement lies inside.
    fn unbroken(&self, periods: &[i64]) -> bool {
        let (first, last) = (periods[0], periods[periods.len() - 1]);
        self.person.leave.iter().all(|l| l.pauses || !(first < l.from && l.until <= last))
    }

    fn counted(&self, clause: &Count, key: usize, extra: Option<Stay>) -> (usize, usize) {
        let all = self.stays.iter().copied().chain(extra).filter(|s| clause.key[s.post] == Some(key));
        all.fold((0, 0), |(n, periods), s| (n + 1, periods + s.len))
    }

    fn below_maximum(&self, clause: &Count, stay: Stay) -> bool {
        let Some(key) = clause.key[stay.post] else { return true };
        let (placements, periods) = self.counted(clause, key, Some(stay));
        let below = |count: usize, max: Option<u32>| max.is_none_or(|max| count <= max as usize);
        below(placements, clause.placements.max) && below(periods, clause.periods.max)
    }

    fn minima(&self) -> bool {
        self.world.clauses.iter().all(|clause| {
            let (placements, periods) = self.counted(clause, 0, None);
            let enough = |count: usize, min: Option<u32>| min.is_none_or(|min| count >= min as usize);
            enough(placements, clause.placements.min) && enough(periods, clause.periods.min)
        })
    }

    fn near_partner(&self, site: usize, periods: &[i64]) -> bool {
        let Some((sites, near)) = self.partner else { return true };
        periods.iter().filter_map(|p| usize::try_from(*p).ok()).all(|p| sites[p].is_none_or(|other| near(site, other)))
    }
}

/// All ways through the stages that take exactly so many periods.
fn shapes(world: &World<'_>, length: usize) -> Vec<Shape> {
    let stages = &world.programme.stages;
    let mut lengths: Vec<Vec<usize>> = vec![Vec::new(); stages.len()];
    for (r, role) in world.roles.iter().enumerate() {
        if !world.posts.iter().any(|p| p.role == r) {
            continue;
        }
        for len in role.min..=role.max.min(length) {
            if !lengths[role.stage].contains(&len) {
                lengths[role.stage].push(len);
            }
        }
    }
    let mut found = Vec::new();
    extend(world, &lengths, length, 0, (0, 0), &mut Vec::new(), &mut found);
    found
}

fn extend(world: &World<'_>, lengths: &[Vec<usize>], left: usize, stage: usize, so_far: (usize, usize), shape: &mut Shape, found: &mut Vec<Shape>) {
    const ENOUGH: usize = 4000;
    let Some(rung) = world.programme.stages.get(stage) else {
        if left == 0 {
            found.push(shape.clone());
        }
        return;
    };
    if found.len() >= ENOUGH {
        return;
    }
    let (placements, periods) = so_far;
    if placements >= rung.placements.0 && periods >= if placements > 0 { rung.periods.0 } else { 0 } {
        extend(world, lengths, left, stage + 1, (0, 0), shape, found);
    }
    if placements < rung.placements.1 {
        for &len in lengths[stage].iter().filter(|len| **len <= left && periods + **len <= rung.periods.1) {
            shape.push((stage, len));
            extend(world, lengths, left - len, stage, (placements + 1, periods + len), shape, found);
            shape.pop();
        }
    }
}
